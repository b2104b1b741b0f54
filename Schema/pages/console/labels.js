// What the columns of an answer, and the enum values in them, are called: the labels of what a document asks for, by the place in the answer.

import { tokenize } from "./tokens.js";
import { fieldOf, namedType } from "./schema.js";

/**
 * @returns {{columns: Map<string, string>, values: Map<string, Map<string, string>>, types: Map<string, string>}} By response path, lists
 *   and `nodes` left out as in tables: `rows.owner.name`. `values`: of columns that hold an enum, its values' labels. `types`: of what is asked
 *   for under its own name, the type's name.
 */
export function labelsOf(document, schema) {
  const columns = new Map();
  const values = new Map();
  const types = new Map();
  if (!schema) return { columns, values, types };
  const tokens = tokenize(document).filter((token) => token.kind !== "comment");
  const fragments = new Map();
  tokens.forEach((token, index) => {
    if (token.text === "fragment" && tokens[index + 2]?.text === "on") {
      const open = tokens.findIndex((other, at) => at > index && other.text === "{");
      if (open > 0) fragments.set(tokens[index + 1].text, { open, on: tokens[index + 3].text });
    }
  });
  let index = 0;
  let depth = 0;

  function skip(open, close) {
    let level = 0;
    do {
      if (tokens[index].text === open) level++;
      if (tokens[index].text === close) level--;
      index++;
    } while (level > 0 && index < tokens.length);
  }

  function directives() {
    while (tokens[index]?.text === "@") {
      index += 2;
      if (tokens[index]?.text === "(") skip("(", ")");
    }
  }

  function selections(parent, path) {
    if (++depth > 40) return;
    index++;
    while (index < tokens.length && tokens[index].text !== "}") {
      const token = tokens[index];
      if (token.text === "...") {
        index++;
        if (tokens[index]?.text === "on") {
          const on = tokens[index + 1]?.text;
          index += 2;
          directives();
          if (tokens[index]?.text === "{") selections(on, path);
        } else if (tokens[index]?.kind === "name") {
          const fragment = fragments.get(tokens[index].text);
          index++;
          directives();
          if (fragment) {
            const back = index;
            index = fragment.open;
            selections(fragment.on, path);
            index = back;
          }
        } else {
          directives();
          if (tokens[index]?.text === "{") selections(parent, path);
        }
      } else if (token.kind === "name") {
        let name = token.text;
        const key = name;
        index++;
        if (tokens[index]?.text === ":") {
          name = tokens[index + 1]?.text ?? "";
          index += 2;
        }
        if (tokens[index]?.text === "(") skip("(", ")");
        directives();
        const definition = fieldOf(schema, parent, name);
        const isShape = path.length > 0 && ["nodes", "edges", "node"].includes(key);
        const inner = isShape ? path : [...path, key];
        if (definition?.label && key === name) columns.set(inner.join("."), definition.label);
        if (definition && key === name && !isShape) types.set(inner.join("."), namedType(definition.type));
        const type = definition && schema.types.get(namedType(definition.type));
        if (type?.kind === "enum") values.set(inner.join("."), new Map([...type.values.values()].map((value) => [value.name, value.label])));
        if (tokens[index]?.text === "{") selections(definition ? namedType(definition.type) : undefined, inner);
      } else {
        index++;
      }
    }
    index++;
    depth--;
  }

  while (index < tokens.length) {
    const word = tokens[index].text;
    if (word === "fragment") {
      while (index < tokens.length && tokens[index].text !== "{") index++;
      if (index < tokens.length) skip("{", "}");
    } else if (word === "(") {
      skip("(", ")");
    } else if (word === "{") {
      const kind = tokens.slice(0, index).findLast((token) => ["query", "mutation", "subscription"].includes(token.text))?.text ?? "query";
      selections(schema.roots[kind], []);
    } else {
      index++;
    }
  }
  return { columns, values, types };
}
