// An answer about one row as a sheet of paper: facts, verdicts, and a table for each list, named as the model names them. Pure.
// A field that is not there, or of which nothing is told, leaves no gap.

import { tableOf } from "../console/flatten.js";
import { isNumber, isObject, textOf } from "../console/json-text.js";
import { fieldOf } from "../console/schema.js";
import { either, word } from "../console/words.js";
import { grouped, percent } from "./numbers.js";

/**
 * @typedef {{path: string, label: string, text: string, value: *}} Fact
 * @typedef {{name: string, label: string, rule: string, holds: boolean|null}} Verdict
 * @typedef {{path: string, title: string, columns: {name: string, label: string, isNumeric: boolean}[], rows: {cells: string[], values: Array}[], total: number|null}} Section
 */

const under = (path, name) => (path === "" ? name : `${path}.${name}`);

/** `perCapitaNetIncome` → `per capita net income`, `LACK_OF_LAND` → `lack of land` */
export function spaced(name) {
  if (/^[A-Z0-9_]+$/.test(name)) return name.toLowerCase().replaceAll("_", " ");
  return name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2").toLowerCase();
}

/**
 * @param {Object} row What was asked for.
 * @param {string} path Its place in the answer.
 * @param {ReturnType<typeof import("../console/labels.js").labelsOf> & {schema?: Object|null}} labels Of the document that asked.
 * @param {Set<string>} rules The names of what can be explained.
 * @returns {{facts: Fact[], verdicts: Verdict[], sections: Section[], empty: string[]}} `empty`: the titles of lists without rows.
 */
export function sheetOf(row, path, labels, rules = new Set()) {
  const sheet = { facts: [], verdicts: [], sections: [], empty: [] };
  add(sheet, row, path, labels, rules);
  return sheet;
}

function add(sheet, row, path, labels, rules) {
  const type = labels.types.get(path) ?? "";
  for (const [name, value] of Object.entries(row)) {
    const own = under(path, name);
    const label = labelOf(own, labels);
    const rule = `${type}.${name}`;
    if (rules.has(rule) && (value === null || typeof value === "boolean")) {
      sheet.verdicts.push({ name, label, rule, holds: value });
    } else if (isRows(value?.nodes)) {
      addSection(sheet, own, label, value.nodes, typeof value.totalCount === "number" ? value.totalCount : null, labels);
    } else if (isRows(value?.groups)) {
      addSection(sheet, `${own}.groups`, label, value.groups, null, labels);
    } else if (isRows(value) && value.some(isObject)) {
      addSection(sheet, own, label, value, null, labels);
    } else if (isObject(value)) {
      addOne(sheet, value, own, label, labels, rules);
    } else if (value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      sheet.facts.push({ path: own, label, text: shown(value, own, labels), value });
    }
  }
}

/** What a row leads to: its own values make one fact, its lists are sections. */
function addOne(sheet, value, path, label, labels, rules) {
  const plain = Object.entries(value).filter(([, inner]) => !isObject(inner) && !Array.isArray(inner) && inner !== null)
    .sort(([one], [other]) => Number(other === "name") - Number(one === "name"));
  if (plain.length > 0) {
    const texts = plain.map(([name, inner]) => shown(inner, `${path}.${name}`, labels));
    sheet.facts.push({ path, label, text: texts.join(" · "), value });
  }
  for (const [name, inner] of Object.entries(value)) {
    if (!isObject(inner)) continue;
    const own = `${path}.${name}`;
    if (isRows(inner.nodes)) addSection(sheet, own, `${label} · ${labelOf(own, labels)}`, inner.nodes, typeof inner.totalCount === "number" ? inner.totalCount : null, labels);
    else if (isRows(inner.groups)) addSection(sheet, `${own}.groups`, labelOf(own, labels), inner.groups, null, labels);
    else addOne(sheet, inner, own, labelOf(own, labels), labels, rules);
  }
}

function addSection(sheet, path, title, items, total, labels) {
  const rows = items.filter(isObject);
  if (rows.length === 0) {
    sheet.empty.push(title);
    return;
  }
  // A list within rows has rows of its own only if there is never more than one.
  const isSingle = rows.every((row) => Object.values(row).every((value) => !isRows(value?.nodes) || value.nodes.length <= 1));
  const table = tableOf(path, rows, isSingle ? null : "");
  const isTold = (index) => index >= 0 && table.rows.some((row) => row[index] !== null && row[index] !== "");
  const at = (name) => table.columns.findIndex((column) => column.name === name);
  // Who has a name is not listed by number too.
  const isSpare = (name) => /\.(number|code)$/.test(name) && isTold(at(name.replace(/\w+$/, "name")));
  const kept = table.columns.map((column, index) => index).filter((index) => isTold(index) && !isSpare(table.columns[index].name));
  const columns = kept.map((index) => {
    const name = table.columns[index].name;
    return { name, label: columnLabel(path, name, labels), isNumeric: table.columns[index].isNumeric && !isName(name) };
  });
  sheet.sections.push({
    path, title, columns, total: total !== null && total > rows.length ? total : null,
    rows: table.rows.map((row) => ({ cells: kept.map((index) => shown(row[index], `${path}.${table.columns[index].name}`, labels)), values: kept.map((index) => row[index]) })),
  });
}

/** What a place of an answer is called: as the model calls it, else by its name. */
export function labelOf(path, labels) {
  const names = path.split(".");
  const last = names.at(-1);
  const before = names.at(-2);
  const groups = names.indexOf("groups");
  const listed = (labels.types.get(path) ?? "").replace(/Connection$/, "");
  const label = labels.columns.get(path) ?? labels.schema?.types.get(listed)?.label ?? "";
  if (groups < 0 || groups === names.length - 1) return either(label, spaced(last)) || spaced(last);
  if (last === "count" && before === "aggregate") return word("wall.countOf");
  // What groups are made by, and sums are made of, the rows call so too.
  const type = (labels.types.get(names.slice(0, groups).join(".")) ?? "").replace(/Connection$/, "");
  const own = labels.columns.get(path) ?? (labels.schema ? fieldOf(labels.schema, type, last)?.label : "") ?? "";
  const name = either(own, spaced(last)) || spaced(last);
  if (before === "sum") return word("wall.sumOf", { name });
  return before === "countDistinct" ? word("wall.distinctOf", { name }) : name;
}

/** What a column is called. What a row leads to is called by what leads there. */
function columnLabel(path, column, labels) {
  const own = under(path, column);
  const parent = own.slice(0, own.lastIndexOf("."));
  if (!column.includes(".") || own.includes(".groups.") || !labels.columns.has(parent)) return labelOf(own, labels);
  if (own.endsWith(".name")) return labelOf(parent, labels);
  const isList = (labels.types.get(parent) ?? "").endsWith("Connection");
  return isList ? labelOf(own, labels) : either(labelOf(parent, labels) + labelOf(own, labels), `${labelOf(parent, labels)} ${labelOf(own, labels)}`);
}

/** A value as people read it. */
export function shown(value, path, labels) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return word(value ? "wall.yes" : "wall.no");
  if (Array.isArray(value)) return value.map((item) => shown(item, path, labels)).join(either("、", ", "));
  if (isNumber(value)) {
    if (labels.types.get(path) === "Ratio") return percent(textOf(value));
    return isName(path.split(".").at(-1)) ? textOf(value) : grouped(textOf(value).replace(/\.00$/, ""));
  }
  const values = labels.values.get(path);
  const text = textOf(value);
  if (values === undefined) return text;
  // Several stand in one cell, put together by the table.
  return text.split("; ").map((one) => (values.has(one) ? either(values.get(one), spaced(one)) || spaced(one) : one)).join(either("、", ", "));
}

function isRows(value) {
  return Array.isArray(value) && (value.length === 0 || value.some(isObject));
}

/** Whether a number names something and counts nothing. */
function isName(name) {
  return /(^|\.)(year|number|code|populationYear|plannedExitYear|exitYear)$/i.test(name);
}
