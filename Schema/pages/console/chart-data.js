// Which columns of a table make a chart, and the points they give. Pure.

import { isNumber, textOf } from "./json-text.js";
import { dayNumber } from "./scales.js";

/**
 * @typedef {{kind: "bars"|"lines"|"time", across: number, values: number[], by: number}} ChartChoice Columns by their position; `by`: -1 for none.
 * @typedef {{name: string, points: {label: string, x: number, y: number}[]}} Series
 */

/** As many groups as there are colours. */
const groupLimit = 8;

/** What a table is most likely drawn as; null if no column holds numbers. @returns {ChartChoice|null} */
export function chartChoice(table) {
  const numeric = table.columns.map((column, index) => index).filter((index) => table.columns[index].isNumeric && !isKey(table, index));
  const other = table.columns.map((column, index) => index).filter((index) => !numeric.includes(index));
  if (numeric.length === 0) return null;
  // One moment makes no line.
  const times = timeColumns(table).filter((index) => distinct(table, index) > 1);
  const across = times.find((index) => !numeric.includes(index)) ?? other.find((index) => /(^|\.)(name|title|label)$/i.test(table.columns[index].name)) ?? other[0] ?? times[0] ?? -1;
  const values = numeric.filter((index) => index !== across);
  if (values.length === 0) return null;
  const isTime = times.includes(across);
  const others = isRepeated(table, across) ? other.filter((index) => index !== across) : [];
  const by = others.find((index) => distinct(table, index) <= groupLimit) ?? (isTime ? others[0] ?? -1 : -1);
  // Two groupings, of which only the first has few values: that one gives the colours.
  if (by < 0 && !isTime && others.length > 0 && distinct(table, across) <= groupLimit) {
    return { kind: "bars", across: others[0], values: values.slice(0, 1), by: across };
  }
  return { kind: isTime ? "time" : "bars", across, values: by >= 0 ? values.slice(0, 1) : alike(table, values).slice(0, 3), by };
}

/** The first column and those whose greatest value is of its size: what differs much does not go on one axis. */
function alike(table, columns) {
  const greatest = columns.map((column) => Math.max(0, ...table.rows.slice(0, 2000).map((row) => Math.abs(Number(row[column] ?? 0)))));
  return columns.filter((column, index) => index === 0 || (greatest[index] <= greatest[0] * 20 && greatest[index] * 20 >= greatest[0]));
}

/** Columns whose values are dates or periods; years as numbers too. */
export function timeColumns(table) {
  return table.columns.map((column, index) => index).filter((index) => {
    const sample = table.rows.slice(0, 50).map((row) => row[index]).filter((value) => value !== null);
    return sample.length > 0 && sample.every((value) => (isNumber(value) ? isYear(value) : dayNumber(textOf(value)) !== null));
  });
}

/** @returns {Series[]} One a column of values, or one for each value of the column `by`. */
export function seriesOf(table, choice) {
  const names = new Map();
  const position = new Map();
  const series = new Map();
  for (const row of table.rows) {
    const label = choice.across < 0 ? "" : textOf(row[choice.across]) || "–";
    const x = choice.kind === "time" ? dayNumber(label) : placeOf(position, label, choice);
    if (x === null) continue;
    for (const column of choice.values) {
      const value = row[column];
      if (value === null || !isNumber(value)) continue;
      const key = choice.by >= 0 ? textOf(row[choice.by]) || "–" : String(column);
      if (!series.has(key)) {
        series.set(key, []);
        names.set(key, choice.by >= 0 ? key : table.columns[column].name);
      }
      series.get(key).push({ label, x, y: Number(value) });
    }
  }
  return [...series].map(([key, points]) => ({
    name: names.get(key), points: choice.kind === "time" ? points.sort((one, other) => one.x - other.x) : points,
  }));
}

/** Bars and lines stand in the order of rows; with groups, those of one label stand together. */
function placeOf(position, label, choice) {
  const key = choice.by >= 0 ? label : `${position.size}`;
  if (!position.has(key)) position.set(key, position.size);
  return position.get(key);
}

function isYear(value) {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1900 && number <= 2100;
}

/** Whole numbers that all differ and are named as such are a key, not a quantity. */
function isKey(table, index) {
  return /(^|\.)(number|code|id|year)$/i.test(table.columns[index].name);
}

function isRepeated(table, index) {
  return index >= 0 && distinct(table, index) < table.rows.length;
}

function distinct(table, index) {
  return new Set(table.rows.map((row) => textOf(row[index]))).size;
}
