// A table as CSV (RFC 4180), as spreadsheets take it without harm.

import { isNumber, textOf } from "./json-text.js";

/** With a byte order mark, so that spreadsheets read UTF-8. @param {import("./flatten.js").Table} table */
export function csvOf(table, rows = table.rows) {
  const lines = [table.columns.map((column) => quoted(guarded(column.name))), ...rows.map((row) => row.map((value) => quoted(isNumber(value) ? textOf(value) : guarded(textOf(value)))))];
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe. */
function guarded(text) {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
