// What could stand at the caret: names of the schema, best first.

import { analyze } from "./analysis.js";
import { isComposite, isNonNull, namedType } from "./schema.js";

/**
 * @typedef {{text: string, insert: string, caret: number, kind: string, type: string, label: string, description: string, deprecated: boolean}} Candidate
 *   `insert` replaces the word at hand; afterwards the caret stands at `caret` in it.
 */

/** @returns {{candidates: Candidate[], from: number, to: number, word: string}} from–to: what a candidate replaces. */
export function complete(text, offset, schema, limit = 200) {
  const analysis = analyze(text, schema, { caret: offset });
  const { context, word, from, to } = analysis;
  if (context === null) return { candidates: [], from, to, word };
  const behind = text.slice(to);
  const candidates = rank(all(context, schema, analysis, behind), word).slice(0, limit);
  return { candidates, from, to, word };
}

function all(context, schema, analysis, behind) {
  switch (context.kind) {
    case "definition": return ["query", "mutation", "fragment"].map((text) => candidate(text, "keyword", {}, `${text} `));
    case "field": return fields(context, schema, behind);
    case "argument": return inputs(context.args ?? new Map(), context.used, schema, behind);
    case "input": {
      const type = schema?.types.get(context.type);
      return type?.kind === "input" && !(type.isOneOf && context.used.size > 0) ? inputs(type.fields, context.used, schema, behind) : [];
    }
    case "value": return values(context, schema);
    case "variable": return variables(context);
    case "type": return types(schema, context.isOutput);
    case "fragment": return [
      candidate("on", "keyword", {}, "on "),
      ...[...analysis.fragments].map(([name, fragment]) => candidate(name, "fragment", { type: fragment.on })),
    ];
    case "directive": return [...(schema?.directives.values() ?? [])].filter((directive) => directive.locations.includes(context.location)).map((directive) => {
      const required = [...directive.args.values()];
      return required.length > 0
        ? candidate(directive.name, "directive", directive, `${directive.name}(${required[0].name}: )`, -1) : candidate(directive.name, "directive", directive);
    });
    default: return [];
  }
}

function fields(context, schema, behind) {
  const type = schema?.types.get(context.type);
  if (!type) return [];
  const goesOn = /^\s*[({:]/.test(behind);
  const result = [...type.fields.values()].map((field) => {
    let insert = field.name;
    let caret = 0;
    if (!goesOn) {
      const required = [...field.args.values()].filter((arg) => isNonNull(arg.type) && !arg.hasDefault);
      const inner = schema.types.get(namedType(field.type));
      if (required.length > 0) {
        insert += `(${required.map((arg) => `${arg.name}: `).join(", ")})`;
        caret = field.name.length + 1 + required[0].name.length + 2 - insert.length;
      }
      if (inner && isComposite(inner)) {
        insert += " {  }";
        caret = caret === 0 ? -2 : caret - 5;
      }
    }
    return candidate(field.name, "field", field, insert, caret);
  });
  result.push(candidate("__typename", "field", { type: "String!" }));
  return result;
}

function inputs(definitions, used, schema, behind) {
  const hasColon = /^\s*:/.test(behind);
  return [...definitions.values()].filter((input) => !used.has(input.name)).map((input) => {
    if (hasColon) return candidate(input.name, "argument", input);
    const type = schema?.types.get(namedType(input.type));
    const isList = input.type.startsWith("[");
    if (type?.kind === "input") {
      return isList ? candidate(input.name, "argument", input, `${input.name}: [{}]`, -2) : candidate(input.name, "argument", input, `${input.name}: {}`, -1);
    }
    if (isList) return candidate(input.name, "argument", input, `${input.name}: []`, -1);
    return candidate(input.name, "argument", input, `${input.name}: `);
  });
}

function values(context, schema) {
  const named = context.type === undefined ? "" : namedType(context.type);
  const type = schema?.types.get(named);
  const result = [];
  if (type?.kind === "enum") {
    for (const value of type.values.values()) result.push(candidate(value.name, "value", { ...value, type: named }));
  } else if (named === "Boolean") {
    result.push(candidate("true", "value", { type: named }), candidate("false", "value", { type: named }));
  } else if (type?.kind === "input") {
    result.push(candidate("{", "value", { type: named }, "{}", -1));
  }
  for (const variable of context.variables?.values() ?? []) {
    if (namedType(variable.type) === named) result.push(candidate(`$${variable.name}`, "variable", { type: variable.type }));
  }
  return result;
}

function variables(context) {
  const named = context.type === undefined ? "" : namedType(context.type);
  return [...(context.variables?.values() ?? [])].filter((variable) => named === "" || namedType(variable.type) === named)
    .map((variable) => candidate(variable.name, "variable", { type: variable.type }));
}

function types(schema, isOutput) {
  return [...(schema?.types.values() ?? [])].filter((type) => isComposite(type) === isOutput)
    .map((type) => candidate(type.name, "type", { ...type, type: type.kind }))
    .sort((one, other) => one.text.length - other.text.length);
}

/** @param {number} caret From the end of `insert`: 0 behind it, -1 before its last letter. */
function candidate(text, kind, definition, insert = text, caret = 0) {
  return {
    text, insert, caret: insert.length + caret, kind, type: definition.type ?? "", label: definition.label ?? "",
    description: definition.description ?? "", deprecated: (definition.deprecated ?? null) !== null,
  };
}

/** Those that begin with the word, then those whose parts do, then those that hold it in name or label; the schema's order within. */
export function rank(candidates, word) {
  if (word === "") return candidates;
  const small = word.toLowerCase();
  const ranked = [];
  candidates.forEach((candidate, index) => {
    const name = candidate.text.toLowerCase();
    const place = name === small ? 0
      : name.startsWith(small) ? 1
      : candidate.label.startsWith(word) ? 2
      : initials(candidate.text).startsWith(small) ? 3
      : name.includes(small) || candidate.label.includes(word) ? 4 : -1;
    if (place >= 0) ranked.push({ candidate, place, index });
  });
  ranked.sort((one, other) => one.place - other.place || one.index - other.index);
  return ranked.map((entry) => entry.candidate);
}

/** `orderBy` → `ob`, `IN_PROGRESS` → `ip` */
function initials(name) {
  return (name.includes("_") ? name.split("_").map((part) => part[0] ?? "") : [name[0] ?? "", ...(name.match(/[A-Z]/g) ?? [])]).join("").toLowerCase();
}
