// The data of an answer → tables: rows of plain values under named columns.

import { isNumber, isObject, textOf } from "./json-text.js";

/**
 * @typedef {{name: string, isNumeric: boolean}} Column
 * @typedef {{name: string, columns: Column[], rows: Array<Array>, lists: string[]}} Table
 *   `lists`: the lists within rows, by column prefix; each may be spread into rows of its own.
 */

/** Every list of objects that is reached without passing through another, by its path; the path shown leaves out `nodes`. */
export function listsOf(data) {
  const lists = [];
  const search = (value, path) => {
    if (Array.isArray(value)) {
      if (value.length > 0 && value.every((item) => isObject(item) || item === null)) lists.push({ name: shown(path), path, rows: value });
    } else if (isObject(value)) {
      for (const [name, inner] of Object.entries(value)) search(inner, [...path, name]);
    }
  };
  search(data, []);
  return lists;
}

/** The tables of an answer: one for each list, and one of everything outside of lists. @returns {Table[]} */
export function tablesOf(data, spread = null) {
  const tables = listsOf(data).map((list) => tableOf(list.name, list.rows, spread));
  const single = new Map();
  flat(data, [], single, null);
  const rows = [...single].filter(([, value]) => !Array.isArray(value)).map(([name, value]) => [name, value]);
  if (rows.length > 0) {
    tables.push({
      name: "", columns: [{ name: "field", isNumeric: false }, { name: "value", isNumeric: rows.every(([, value]) => value === null || isNumber(value)) }],
      rows, lists: [],
    });
  }
  return tables;
}

/**
 * @param {string} name
 * @param {Array} items Objects.
 * @param {string|null} spread The list within rows that has a row of its own for each item; null: the only one, if there is one only.
 * @returns {Table}
 */
export function tableOf(name, items, spread = null) {
  const flats = items.map((item) => {
    const into = new Map();
    flat(item, [], into, null);
    return into;
  });
  const lists = [...new Set(flats.flatMap((row) => [...row].filter(([, value]) => isRowList(value)).map(([key]) => key)))];
  const chosen = spread === null ? (lists.length === 1 ? lists[0] : "") : spread;
  const names = new Set();
  const rows = [];
  for (const row of flats) {
    const inner = chosen === "" ? undefined : row.get(chosen);
    if (!isRowList(inner)) {
      rows.push(row);
    } else {
      for (const item of inner) {
        const joined = new Map();
        for (const [key, value] of row) {
          if (key !== chosen) joined.set(key, value);
          else flat(item, key === "" ? [] : key.split("."), joined, null);
        }
        rows.push(joined);
      }
    }
  }
  for (const row of rows) for (const key of row.keys()) names.add(key);
  const keys = ordered(rows, names);
  const columns = keys.map((key) => {
    let isNumeric = false;
    for (const row of rows) {
      const value = row.get(key);
      if (value === null || value === undefined) continue;
      if (!isNumber(value)) {
        isNumeric = false;
        break;
      }
      isNumeric = true;
    }
    return { name: key, isNumeric };
  });
  return { name, columns, rows: rows.map((row) => keys.map((key) => cell(row.get(key)))), lists };
}

/** Names in the order of the selection. A to-one object that is null in some rows is no column of its own. */
function ordered(rows, names) {
  const all = [...names];
  const prefixes = new Set();
  for (const name of all) {
    for (let at = name.indexOf("."); at >= 0; at = name.indexOf(".", at + 1)) prefixes.add(name.slice(0, at));
  }
  const kept = all.filter((name) => !prefixes.has(name) || rows.some((row) => !isNothing(row.get(name))));
  // What the first row lacks comes where its neighbours stand.
  const order = new Map();
  for (const row of rows.slice(0, 50)) [...row.keys()].forEach((name, index) => { if (!order.has(name)) order.set(name, index); });
  return kept.map((name, index) => ({ name, at: order.get(name) ?? 1e6, index }))
    .sort((one, other) => one.at - other.at || one.index - other.index).map((entry) => entry.name);
}

/** An object within a row becomes columns of its own: a.b */
function flat(value, path, into) {
  if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) flat(inner, [...path, name], into);
  } else {
    into.set(shown(path), value);
  }
}

/** `visits.nodes.0` → `visits`: what only the shape of a connection needs says nothing to a reader. */
function shown(path) {
  const kept = path.filter((name, index) => index === 0 || !["nodes", "edges", "node"].includes(name));
  return kept.join(".");
}

/** Absent, null, or a list without items. */
function isNothing(value) {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function isRowList(value) {
  return Array.isArray(value) && value.length > 0 && value.some((item) => isObject(item));
}

/** A list within a cell, as text: its items by `; `, the values of an item by ` · `. */
function cell(value) {
  if (!Array.isArray(value)) return value ?? null;
  return value.map((item) => {
    if (!isObject(item)) return Array.isArray(item) ? cell(item) : textOf(item);
    const into = new Map();
    flat(item, [], into);
    return [...into.values()].filter((inner) => inner !== null).map((inner) => textOf(cell(inner))).join(" · ");
  }).join("; ");
}

/** The order of rows by a column: numbers as numbers, texts as the language sorts them, what is absent last. */
export function sortedRows(rows, column, isDescending, language = "zh") {
  const collator = new Intl.Collator(language === "zh" ? "zh-Hans-CN" : "en", { numeric: true });
  const sign = isDescending ? -1 : 1;
  return rows.map((row, index) => ({ row, index })).sort((one, other) => {
    const a = one.row[column];
    const b = other.row[column];
    if (a === null || b === null) return a === b ? one.index - other.index : a === null ? 1 : -1;
    const order = isNumber(a) && isNumber(b) ? Number(a) - Number(b) : collator.compare(textOf(a), textOf(b));
    return order === 0 ? one.index - other.index : sign * order;
  }).map((entry) => entry.row);
}
