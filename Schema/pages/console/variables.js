// The variables pane against the document: what is wrong with the JSON, and where.

import { JSONProblem, isNumber, isObject, readJSON } from "./json-text.js";
import { isNonNull, itemType, namedType, nullable } from "./schema.js";
import { rank } from "./completion.js";
import { nearest } from "./suggestion.js";

/**
 * @param {string} text
 * @param {import("./analysis.js").Operation|null} operation
 * @returns {{value: Object|null, problems: import("./analysis.js").Problem[]}} null where it is no object.
 */
export function checkVariables(text, operation, schema) {
  const problems = [];
  const places = new Map();
  let value = {};
  if (text.trim() !== "") {
    try {
      value = readJSON(text, (path, start, end) => places.set(JSON.stringify(path), { start, end }));
    } catch (error) {
      if (!(error instanceof JSONProblem)) throw error;
      const start = Math.max(0, Math.min(error.offset, text.length - 1));
      return { value: null, problems: [{ start, end: start + 1, code: error.code, values: {} }] };
    }
    if (!isObject(value)) return { value: null, problems: [{ start: 0, end: text.length, code: "notObject", values: {} }] };
  }
  if (!operation) return { value, problems };
  const placeOf = (path) => places.get(JSON.stringify(path)) ?? { start: 0, end: Math.min(1, text.length) };
  const report = (path, code, values) => problems.push({ ...placeOf(path), code, values });
  for (const name of Object.keys(value)) {
    const variable = operation.variables.get(name);
    if (!variable) report([name, "#name"], "extraVariable", { name, hint: nearest(name, operation.variables.keys()) });
    else check(value[name], variable.type, [name], schema, report);
  }
  for (const variable of operation.variables.values()) {
    if (isNonNull(variable.type) && variable.default === null && !(variable.name in value)) report([], "missingVariable", { name: variable.name, type: variable.type });
  }
  return { value, problems };
}

function check(value, type, path, schema, report) {
  if (value === null) {
    if (isNonNull(type)) report(path, "notNull", { type });
    return;
  }
  const item = itemType(type);
  if (item !== null) {
    if (Array.isArray(value)) value.forEach((inner, index) => check(inner, item, [...path, index], schema, report));
    else check(value, item, path, schema, report);
    return;
  }
  const definition = schema?.types.get(namedType(type));
  if (!definition) return;
  const wrong = () => report(path, "wrongValue", { value: JSON.stringify(value).slice(0, 40), type: nullable(type) });
  if (definition.kind === "enum") {
    if (typeof value !== "string") wrong();
    else if (!definition.values.has(value)) report(path, "unknownValue", { type: definition.name, name: value, hint: nearest(value, definition.values.keys()) });
  } else if (definition.kind === "input") {
    if (!isObject(value)) {
      wrong();
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      const field = definition.fields.get(name);
      if (!field) report([...path, name, "#name"], "unknownInput", { type: definition.name, name, hint: nearest(name, definition.fields.keys()) });
      else check(inner, field.type, [...path, name], schema, report);
    }
    for (const field of definition.fields.values()) {
      if (isNonNull(field.type) && !field.hasDefault && !(field.name in value)) report(path, "missingInput", { type: definition.name, name: field.name });
    }
  } else {
    const fits = definition.name === "Int" ? isNumber(value) && Number.isInteger(Number(value))
      : definition.name === "Float" ? isNumber(value)
      : definition.name === "Boolean" ? typeof value === "boolean"
      : definition.name === "String" ? typeof value === "string"
      : definition.name === "ID" ? typeof value === "string" || isNumber(value)
      : !isObject(value) && !Array.isArray(value);
    if (!fits) wrong();
  }
}

/**
 * What could stand at the caret: names of variables, and the values of those that are enums or truth values.
 *
 * @param {import("./analysis.js").Operation|null} operation
 */
export function completeVariables(text, offset, operation, schema) {
  const before = text.slice(0, offset);
  const word = before.match(/"?\w*$/)[0];
  const from = offset - word.length;
  const to = offset + text.slice(offset).match(/^\w*"?/)[0].length;
  const outside = before.slice(0, from).replace(/"(?:\\.|[^"\\])*"/g, (string) => "s".repeat(string.length));
  const depth = (outside.match(/[{[]/g)?.length ?? 0) - (outside.match(/[}\]]/g)?.length ?? 0);
  const name = before.slice(0, from).match(/"(\w+)"\s*:\s*(?:\[[^\]]*)?$/)?.[1];
  const type = name === undefined ? undefined : operation?.variables.get(name)?.type;
  const goesOn = /^\s*:/.test(text.slice(to));
  let candidates = [];
  if (type !== undefined) {
    const named = schema?.types.get(namedType(type));
    if (named?.kind === "enum") candidates = [...named.values.values()].map((value) => entry(value.name, `"${value.name}"`, { ...value, type: named.name }));
    else if (named?.name === "Boolean") candidates = ["true", "false"].map((value) => entry(value, value, { type: "Boolean" }));
  } else if (depth === 1 && /[{,]\s*$/.test(outside)) {
    const used = new Set([...text.matchAll(/"(\w+)"\s*:/g)].map((match) => match[1]));
    candidates = [...(operation?.variables.values() ?? [])].filter((variable) => !used.has(variable.name))
      .map((variable) => entry(variable.name, goesOn ? `"${variable.name}"` : `"${variable.name}": `, variable));
  }
  const bare = word.replace(/^"/, "");
  return { candidates: rank(candidates, bare), from, to, word: bare };
}

function entry(text, insert, { type, label = "", description = "", deprecated = null }) {
  return { text, insert, caret: insert.length, kind: "value", type, label, description, deprecated: deprecated !== null };
}

/** JSON text → places to colour. */
export function jsonSpots(text) {
  const spots = [];
  for (const match of text.matchAll(/("(?:\\.|[^"\\\n])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g)) {
    const kind = match[1] === undefined ? (/[a-z]/.test(match[0][0]) ? "keyword" : "number") : match[2] === undefined ? "string" : "argument";
    const end = match.index + (match[1] ?? match[0]).length;
    spots.push({ start: match.index, end, kind });
  }
  return spots;
}
