// Which control asks for a value of a type, and what its text means. Pure: no page is needed.

import { itemType, namedType } from "./schema.js";

/**
 * @typedef {{control: "text"|"number"|"date"|"datetime"|"checkbox"|"select"|"json", isList: boolean, options: {value: string, label: string}[], step: string}} Control
 */

/** @param {string} type As `[Date!]`. @returns {Control} */
export function controlFor(type, schema, period = null) {
  const isList = itemType(type) !== null;
  const name = namedType(type);
  const definition = schema?.types.get(name);
  const base = { isList, options: [], step: "" };
  if (definition?.kind === "enum") {
    return { ...base, control: "select", options: [...definition.values.values()].map((value) => ({ value: value.name, label: value.label })) };
  }
  if (definition?.kind === "input") return { ...base, control: "json" };
  switch (name) {
    case "Boolean": return { ...base, control: "select", options: [{ value: "true", label: "✓" }, { value: "false", label: "✗" }] };
    case "Int": return { ...base, control: "number", step: "1" };
    case "Float": case "Decimal": case "Ratio": return { ...base, control: "number", step: "any" };
    case "Date": return { ...base, control: "date" };
    case "DateTime": return { ...base, control: "text" };
    default: return { ...base, control: "text", options: period?.[name] ?? [] };
  }
}

/** The values that a control's text gives: of a list one a line or between commas. */
export function valuesOf(text, isList) {
  if (!isList) return text.trim() === "" ? [] : [text.trim()];
  return text.split(/[\n,，、;；]/).map((part) => part.trim()).filter((part) => part !== "");
}

/** The literal of a default as the text of a control: a string without its quotes, a list by commas. */
export function defaultText(literal) {
  if (literal === undefined || literal === null || literal === "null") return "";
  const list = literal.match(/^\[([^]*)\]$/);
  if (list) return list[1].split(",").map((part) => defaultText(part.trim())).join(", ");
  if (literal.startsWith('"')) {
    try {
      return JSON.parse(literal);
    } catch {
      return literal;
    }
  }
  return literal;
}

/** Parameters as JSON variables, as the server would read them from a URL. */
export function variablesOf(variables, parameters) {
  const members = [];
  for (const variable of variables) {
    const given = parameters.filter(([name]) => name === variable.name).map(([, value]) => value);
    if (given.length === 0) continue;
    const name = namedType(variable.type);
    const literals = given.map((value) => (["Int", "Float"].includes(name) && /^-?[0-9]+(\.[0-9]+)?$/.test(value)) || (name === "Boolean" && /^(true|false)$/.test(value)) || /^\{/.test(value) ? value : JSON.stringify(value));
    members.push(`${JSON.stringify(variable.name)}: ${itemType(variable.type) !== null ? `[${literals.join(", ")}]` : literals[0]}`);
  }
  return `{${members.join(", ")}}`;
}
