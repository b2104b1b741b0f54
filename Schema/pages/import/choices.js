// What a file does not say itself and its clerk does: which sheets are read, what their rows are, which field each column fills, and why
// a warning may stand. Pure.

/** Stands for a column that is not read. */
export const NOT_READ = "";

/**
 * @typedef {Object} Choices
 * @property {string[]} sheets Those that are read; none: all.
 * @property {string} type Empty: what the names say.
 * @property {string} headingRow A number as text; empty: found out.
 * @property {Map<string, string>} columns By heading; what is not in it is found out.
 * @property {Map<string, string>} reasons By check; empty texts count for nothing.
 */

/** @returns {Choices} */
export function noChoices() {
  return { sheets: [], type: "", headingRow: "", columns: new Map(), reasons: new Map() };
}

/** @param {string} name @param {boolean} isDryRun @param {Choices} choices @returns {URLSearchParams} */
export function parametersOf(name, isDryRun, choices) {
  const parameters = new URLSearchParams({ name, dryRun: String(isDryRun) });
  for (const sheet of choices.sheets) parameters.append("sheet", sheet);
  if (choices.type) parameters.append("type", choices.type);
  if (choices.headingRow) parameters.append("headingRow", choices.headingRow);
  for (const [heading, field] of choices.columns) parameters.append("column", `${heading}=${field}`);
  for (const [check, reason] of choices.reasons) if (reason.trim()) parameters.append("override", `${check}=${reason.trim()}`);
  return parameters;
}

/** Whether nothing stands against a file: warnings may stand with a reason. */
export function isClean(report, choices) {
  return report.problems.length === report.problemCount && report.problems.every(({ severity, check }) =>
    severity === "REPORT" || severity === "SOFT" && check && choices.reasons.get(check)?.trim());
}

/** The checks that may be overridden, each with what it says, once. */
export function warningsOf(report) {
  const found = new Map();
  for (const { severity, check, message } of report.problems) if (severity === "SOFT" && check && !found.has(check)) found.set(check, message);
  return found;
}

/** The sheets that a workbook has, by what a report says of it; none of a CSV file. */
export function sheetsOf(report) {
  const parts = [...report.tables, ...report.passedOver.filter((part) => part.rows === "" && !part.heading && part.reason.endsWith("Sheet"))];
  const names = parts.map((part) => part.name ?? part.file).filter((name) => name.includes("/"));
  return [...new Set(names.map((name) => name.slice(name.indexOf("/") + 1)))];
}

/** Whether something in the tables was not recognised. */
export function isUnclear(report) {
  const unread = new Set(report.passedOver.filter((part) => part.heading).map((part) => part.heading));
  return report.tables.some((table) => !table.type || table.columns.some((column) => !column.field && !unread.has(column.heading)));
}
