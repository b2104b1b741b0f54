// The report as the server tells it: CSV (RFC 4180) → rows. Pure.

/** @param {string} text @returns {string[][]} The first row is the head. */
export function rowsOf(text) {
  const rows = [];
  let row = [];
  let cell = "";
  let isQuoted = false;
  const body = text.replace(/^\uFEFF/, "");
  for (let place = 0; place < body.length; place++) {
    const letter = body[place];
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (body[place + 1] === '"') {
        cell += '"';
        place++;
      } else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === ",") {
      row.push(cell);
      cell = "";
    } else if (letter === "\n") {
      rows.push([...row, cell]);
      [row, cell] = [[], ""];
    } else if (letter !== "\r") cell += letter;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/**
 * What a report comes to: its last line says it, and whether anything stands against the file.
 *
 * @param {string[][]} rows
 * @returns {{outcome: string, isClean: boolean, lines: string[][]}} `lines`: without the head and the outcome.
 */
export function outcomeOf(rows) {
  const degree = rows[0]?.indexOf("程度") ?? -1;
  const problem = rows[0]?.indexOf("问题") ?? -1;
  const isOutcome = (row) => row[degree] === "结果";
  const lines = rows.slice(1);
  return {
    outcome: lines.find(isOutcome)?.[problem] ?? "",
    isClean: degree >= 0 && lines.some(isOutcome) && !lines.some((row) => row[degree].startsWith("错误") || row[degree].startsWith("警告")),
    lines: lines.filter((row) => !isOutcome(row)),
  };
}
