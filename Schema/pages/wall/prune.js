// A document without what a schema does not have: a role sees fewer fields than another, and asks for the rest. Pure.

import { fieldOf, namedType } from "../console/schema.js";
import { tokenize } from "../console/tokens.js";

/**
 * @param {string} document One operation; fragments with a name are left as they are.
 * @param {import("../console/schema.js").Schema} schema
 * @returns {{document: string, missing: string[]}} `missing`: the fields that were left out, as Type.field; a document of which nothing is left is empty.
 */
export function prune(document, schema) {
  const tokens = tokenize(document).filter((token) => token.kind !== "comment");
  const cuts = [];
  const missing = [];
  const open = operationStart(tokens);
  if (open < 0) return { document, missing };
  const reader = { tokens, index: open, schema, cuts, missing };
  const isLeft = selections(reader, schema.roots.query);
  if (!isLeft) return { document: "", missing };
  const text = without(document, cuts);
  return { document: withoutUnused(text), missing };
}

/** Where the selections of the operation begin. */
function operationStart(tokens) {
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    if (tokens[index].text === "(") depth++;
    else if (tokens[index].text === ")") depth--;
    else if (tokens[index].text === "{" && depth === 0) return index;
  }
  return -1;
}

/** Reads `{ … }`, and notes what to cut. @returns {boolean} Whether anything is left in it. */
function selections(reader, type) {
  const { tokens, schema, cuts, missing } = reader;
  let isLeft = false;
  reader.index++;
  while (reader.index < tokens.length && tokens[reader.index].text !== "}") {
    const start = tokens[reader.index];
    if (start.text === "...") {
      isLeft = spread(reader, type) || isLeft;
      continue;
    }
    if (start.kind !== "name") {
      reader.index++;
      continue;
    }
    let name = start.text;
    reader.index++;
    if (tokens[reader.index]?.text === ":") {
      name = tokens[reader.index + 1]?.text ?? "";
      reader.index += 2;
    }
    const field = fieldOf(schema, type, name);
    const usesUnknown = tokens[reader.index]?.text === "(" && !args(reader, field);
    directives(reader);
    let isWhole = true;
    const before = cuts.length;
    if (tokens[reader.index]?.text === "{") {
      if (field && !usesUnknown) isWhole = selections(reader, namedType(field.type));
      else skip(reader, "{", "}");
    }
    if (!field || usesUnknown || !isWhole) {
      if (!field || usesUnknown) missing.push(`${type}.${name}`);
      cuts.length = before;
      cuts.push([start.start, tokens[reader.index - 1].end]);
    } else {
      isLeft = true;
    }
  }
  reader.index++;
  return isLeft;
}

function spread(reader, type) {
  const { tokens } = reader;
  const start = tokens[reader.index];
  reader.index++;
  let inner = type;
  if (tokens[reader.index]?.text === "on") {
    inner = tokens[reader.index + 1]?.text ?? type;
    reader.index += 2;
  } else if (tokens[reader.index]?.kind === "name") {
    reader.index++;
    directives(reader);
    return true;
  }
  directives(reader);
  const before = reader.cuts.length;
  const isKnown = reader.schema.types.has(inner);
  const isLeft = isKnown ? selections(reader, inner) : (skip(reader, "{", "}"), false);
  if (!isLeft) {
    reader.cuts.length = before;
    reader.cuts.push([start.start, tokens[reader.index - 1].end]);
  }
  return isLeft;
}

/** Reads `( … )`. @returns {boolean} Whether the schema knows every name in it: a condition that is left out would ask for something else. */
function args(reader, field) {
  const { tokens } = reader;
  let isKnown = true;
  reader.index++;
  while (reader.index < tokens.length && tokens[reader.index].text !== ")") {
    const name = tokens[reader.index].text;
    reader.index += 2;
    const arg = field?.args.get(name);
    if (!arg) isKnown = false;
    isKnown = value(reader, arg ? namedType(arg.type) : null) && isKnown;
  }
  reader.index++;
  return isKnown;
}

function value(reader, typeName) {
  const { tokens, schema } = reader;
  const token = tokens[reader.index];
  if (token === undefined) return true;
  let isKnown = true;
  reader.index++;
  if (token.text === "$") {
    reader.index++;
  } else if (token.text === "[") {
    while (reader.index < tokens.length && tokens[reader.index].text !== "]") isKnown = value(reader, typeName) && isKnown;
    reader.index++;
  } else if (token.text === "{") {
    const type = typeName === null ? undefined : schema.types.get(typeName);
    while (reader.index < tokens.length && tokens[reader.index].text !== "}") {
      const field = type?.fields.get(tokens[reader.index].text);
      if (type !== undefined && field === undefined) isKnown = false;
      reader.index += 2;
      isKnown = value(reader, field ? namedType(field.type) : null) && isKnown;
    }
    reader.index++;
  }
  return isKnown;
}

function directives(reader) {
  while (reader.tokens[reader.index]?.text === "@") {
    reader.index += 2;
    if (reader.tokens[reader.index]?.text === "(") skip(reader, "(", ")");
  }
}

function skip(reader, open, close) {
  let depth = 0;
  do {
    if (reader.tokens[reader.index].text === open) depth++;
    if (reader.tokens[reader.index].text === close) depth--;
    reader.index++;
  } while (depth > 0 && reader.index < reader.tokens.length);
}

function without(text, cuts) {
  return [...cuts].sort((one, other) => other[0] - one[0]).reduce((left, [start, end]) => left.slice(0, start) + left.slice(end), text);
}

/** Variables that nothing uses any more are not defined any more. */
function withoutUnused(text) {
  const tokens = tokenize(text).filter((token) => token.kind !== "comment");
  const open = operationStart(tokens);
  const head = tokens.slice(0, open);
  const used = new Set(tokens.slice(open).flatMap((token, index, rest) => (token.text === "$" ? [rest[index + 1]?.text] : [])));
  const definitions = [];
  head.forEach((token, index) => {
    if (token.text !== "$") return;
    // A description stands before the variable that it tells of.
    const first = head[index - 1]?.kind === "string" ? index - 1 : index;
    definitions.push({ first, name: head[index + 1]?.text });
  });
  const last = head.findLastIndex((token) => token.text === ")");
  const cuts = [];
  definitions.forEach((definition, index) => {
    if (used.has(definition.name)) return;
    const next = definitions[index + 1]?.first ?? last;
    cuts.push([head[definition.first].start, head[next - 1].end]);
  });
  if (definitions.length > 0 && cuts.length === definitions.length) {
    const start = head.findIndex((token) => token.text === "(");
    return without(text, [[head[start].start, head[last].end]]);
  }
  return without(text, cuts);
}
