// SDL → what the editor and the documentation need to know of a schema.

import { tokenize, stringValue } from "./tokens.js";

/**
 * @typedef {{name: string, type: string, description: string, label: string, hasDefault: boolean, default: string, deprecated: string|null}} Input
 * @typedef {{name: string, type: string, args: Map<string, Input>, description: string, label: string, deprecated: string|null}} Field
 * @typedef {{kind: "scalar"|"object"|"interface"|"union"|"enum"|"input", name: string, description: string, label: string,
 *   fields: Map<string, Field|Input>, values: Map<string, {name: string, description: string, label: string, deprecated: string|null}>,
 *   interfaces: string[], members: string[], isOneOf: boolean}} Type
 * @typedef {{types: Map<string, Type>, directives: Map<string, {name: string, args: Map<string, Input>, locations: string[], description: string}>,
 *   roots: {query: string, mutation: string, subscription: string}}} Schema
 */

const kinds = { scalar: "scalar", type: "object", interface: "interface", union: "union", enum: "enum", input: "input" };

/** Reads SDL that a server printed. Anything unexpected ends the reading there; what was read is kept. @returns {Schema} */
export function readSchema(text) {
  const reader = new Reader(tokenize(text).filter((token) => token.kind !== "comment"));
  const schema = { types: new Map(), directives: new Map(), roots: { query: "Query", mutation: "Mutation", subscription: "Subscription" } };
  for (const name of ["Int", "Float", "String", "Boolean", "ID"]) schema.types.set(name, emptyType("scalar", name, ""));
  for (const [name, location] of [["skip", 0], ["include", 0]]) {
    const args = new Map([["if", { name: "if", type: "Boolean!", description: "", label: "", hasDefault: false, default: "", deprecated: null }]]);
    schema.directives.set(name, { name, args, locations: ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"], description: "" });
  }
  while (reader.token !== null && reader.definition(schema));
  for (const root of Object.values(schema.roots)) {
    const type = schema.types.get(root);
    if (type && root === schema.roots.query) {
      type.hidden = new Map([
        ["__schema", field("__schema", "__Schema!")],
        ["__type", { ...field("__type", "__Type"), args: new Map([["name", { name: "name", type: "String!", description: "", label: "", hasDefault: false, default: "", deprecated: null }]]) }],
      ]);
    }
  }
  return schema;
}

/** `[Row!]!` → `Row` */
export function namedType(reference) {
  return reference.replace(/[[\]!]/g, "");
}

export const isNonNull = (reference) => reference.endsWith("!");
export const nullable = (reference) => reference.replace(/!$/, "");
/** The type of a list's items; null if it is no list. */
export function itemType(reference) {
  const inner = nullable(reference);
  return inner.startsWith("[") ? inner.slice(1, -1) : null;
}

/** A field of a type that has fields, `__typename` and introspection among them. @returns {Field|undefined} */
export function fieldOf(schema, typeName, name) {
  const type = schema.types.get(typeName);
  if (!type) return undefined;
  if (name === "__typename" && type.kind !== "input") return field("__typename", "String!");
  return type.fields.get(name) ?? type.hidden?.get(name);
}

export const isComposite = (type) => type.kind === "object" || type.kind === "interface" || type.kind === "union";

/** The object types that a value of a composite type may have. */
export function possibleTypes(schema, name) {
  const type = schema.types.get(name);
  if (!type) return [];
  if (type.kind === "union") return type.members;
  if (type.kind === "interface") return [...schema.types.values()].filter((other) => other.kind === "object" && other.interfaces.includes(name)).map((other) => other.name);
  return [name];
}

function field(name, type) {
  return { name, type, args: new Map(), description: "", label: "", deprecated: null };
}

function emptyType(kind, name, description) {
  return { kind, name, ...described(description), fields: new Map(), values: new Map(), interfaces: [], members: [], isOneOf: false };
}

/** Sets the label that ends a description, in 「」, apart from it. */
function described(text) {
  const match = text.match(/\s*「([^「」]*)」\s*$/);
  return match ? { description: text.slice(0, match.index), label: match[1] } : { description: text, label: "" };
}

class Reader {
  constructor(tokens) {
    this.tokens = tokens;
    this.index = 0;
  }

  get token() {
    return this.tokens[this.index] ?? null;
  }

  take(text) {
    if (this.token?.text !== text) return false;
    this.index++;
    return true;
  }

  name() {
    return this.token?.kind === "name" ? this.tokens[this.index++].text : "";
  }

  description() {
    return this.token?.kind === "string" ? stringValue(this.tokens[this.index++]) : "";
  }

  definition(schema) {
    const description = this.description();
    this.take("extend");
    const word = this.name();
    if (word === "schema") return this.roots(schema);
    if (word === "directive") return this.directive(schema, description);
    const kind = kinds[word];
    if (kind === undefined) return false;
    const type = emptyType(kind, this.name(), description);
    if (this.take("implements")) {
      this.take("&");
      do type.interfaces.push(this.name()); while (this.take("&"));
    }
    type.isOneOf = this.directives().some((use) => use.name === "oneOf");
    if (kind === "union" && this.take("=")) {
      this.take("|");
      do type.members.push(this.name()); while (this.take("|"));
    } else if (this.take("{")) {
      while (this.token !== null && !this.take("}")) {
        const before = this.index;
        if (kind === "enum") this.enumValue(type.values);
        else if (kind === "input") this.input(type.fields);
        else this.field(type.fields);
        if (this.index === before) return false;
      }
    }
    schema.types.set(type.name, type);
    return true;
  }

  roots(schema) {
    this.directives();
    if (!this.take("{")) return true;
    while (this.token !== null && !this.take("}")) {
      const operation = this.name();
      if (operation === "" || !this.take(":")) return false;
      schema.roots[operation] = this.name();
    }
    return true;
  }

  directive(schema, description) {
    this.take("@");
    const name = this.name();
    const args = this.args();
    this.take("repeatable");
    this.take("on");
    this.take("|");
    const locations = [];
    do locations.push(this.name()); while (this.take("|"));
    schema.directives.set(name, { name, args, locations, description });
    return true;
  }

  args() {
    const args = new Map();
    if (!this.take("(")) return args;
    while (this.token !== null && !this.take(")")) {
      const before = this.index;
      this.input(args);
      if (this.index === before) break;
    }
    return args;
  }

  input(into) {
    const description = this.description();
    const name = this.name();
    if (name === "" || !this.take(":")) return;
    const type = this.type();
    const hasDefault = this.take("=");
    const literal = hasDefault ? this.literal() : "";
    into.set(name, { name, type, ...described(description), hasDefault, default: literal, deprecated: deprecation(this.directives()) });
  }

  field(into) {
    const description = this.description();
    const name = this.name();
    const args = this.args();
    if (name === "" || !this.take(":")) return;
    const type = this.type();
    into.set(name, { name, type, args, ...described(description), deprecated: deprecation(this.directives()) });
  }

  enumValue(into) {
    const description = this.description();
    const name = this.name();
    if (name === "") return;
    into.set(name, { name, ...described(description), deprecated: deprecation(this.directives()) });
  }

  type() {
    let text = "";
    if (this.take("[")) {
      text = `[${this.type()}]`;
      this.take("]");
    } else {
      text = this.name();
    }
    return this.take("!") ? `${text}!` : text;
  }

  literal() {
    const token = this.token;
    if (token === null) return "";
    this.index++;
    const close = { "[": "]", "{": "}" }[token.text];
    if (close === undefined) return token.text;
    const parts = [];
    while (this.token !== null && !this.take(close)) {
      let part = this.literal();
      if (this.take(":")) part += `: ${this.literal()}`;
      parts.push(part);
    }
    return token.text + parts.join(", ") + close;
  }

  directives() {
    const uses = [];
    while (this.take("@")) {
      const use = { name: this.name(), reason: "" };
      if (this.take("(")) {
        while (this.token !== null && !this.take(")")) {
          if (this.token.kind === "string") use.reason = stringValue(this.token);
          this.index++;
        }
      }
      uses.push(use);
    }
    return uses;
  }
}

function deprecation(uses) {
  return uses.find((use) => use.name === "deprecated")?.reason ?? null;
}
