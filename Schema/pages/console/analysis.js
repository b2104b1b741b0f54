// A GraphQL document against a schema, while it is typed: what each name is, what is wrong, and what could stand at the caret.
//
// The parser never stops: where something else is expected it reports that place once and goes on behind it. Without a schema
// only the syntax is looked at.

import { tokenize } from "./tokens.js";
import { fieldOf, isComposite, isNonNull, itemType, namedType, nullable, possibleTypes } from "./schema.js";
import { nearest } from "./suggestion.js";

/**
 * @typedef {{start: number, end: number, code: string, values: Object<string, string>}} Problem
 * @typedef {{name: string, type: string, default: string|null, start: number, end: number}} Variable
 * @typedef {{kind: string, name: string, variables: Map<string, Variable>, start: number, end: number}} Operation
 * @typedef {{kind: "field"|"argument"|"input"|"value"|"type"|"directive"|"fragment"|"variable"|"definition",
 *   type?: string, used?: Set<string>, args?: Map, location?: string}} Context
 * @typedef {{tokens: Array, problems: Problem[], operations: Operation[], fragments: Map<string, {on: string}>,
 *   personal: {variable: string|null, start: number, end: number, where: string}[], context: Context|null, word: string, from: number, to: number}} Analysis
 */

const wordBefore = /[_\p{L}\p{N}]*$/u;
const wordAfter = /^[_\p{L}\p{N}]*/u;

/**
 * @param {string} text
 * @param {import("./schema.js").Schema|null} schema
 * @param {{caret?: number, isPersonal?: (type: string, field: string) => boolean}} options `caret`: tell what could stand there.
 * @returns {Analysis}
 */
export function analyze(text, schema, { caret = -1, isPersonal = () => false } = {}) {
  let tokens = tokenize(text);
  const all = tokens;
  let word = "";
  let from = caret;
  let to = caret;
  if (caret >= 0) {
    word = text.slice(0, caret).match(wordBefore)[0];
    from = caret - word.length;
    to = caret + text.slice(caret).match(wordAfter)[0].length;
    const isInside = tokens.some((token) => (token.kind === "comment" || token.kind === "string") && token.start < caret && caret <= token.end
      && !(token.kind === "string" && caret === token.end));
    if (isInside) return { tokens: all, problems: [], operations: [], fragments: new Map(), personal: [], context: null, word, from, to };
    const marker = { kind: "name", start: from, end: to, text: text.slice(from, to), isCaret: true };
    tokens = [...tokens.filter((token) => token.end <= from), marker, ...tokens.filter((token) => token.start >= to)];
  }
  const parser = new Parser(tokens.filter((token) => token.kind !== "comment"), text, schema, isPersonal);
  parser.document();
  return {
    tokens: all, problems: parser.problems, operations: parser.operations, fragments: parser.fragments, personal: parser.personal,
    context: parser.context, word, from, to,
  };
}

class Parser {
  constructor(tokens, text, schema, isPersonal) {
    this.tokens = tokens;
    this.text = text;
    this.schema = schema;
    this.isPersonal = isPersonal;
    this.index = 0;
    this.problems = [];
    this.operations = [];
    this.personal = [];
    this.context = null;
    this.operation = null;
    this.uses = [];
    this.fragments = new Map();
    tokens.forEach((token, index) => {
      if (token.text === "fragment" && tokens[index + 2]?.text === "on" && tokens[index + 3]?.kind === "name") {
        this.fragments.set(tokens[index + 1].text, { on: tokens[index + 3].text });
      }
    });
  }

  // MARK: Tokens

  get token() {
    return this.tokens[this.index] ?? null;
  }

  is(text) {
    return this.token?.text === text && !this.token.isCaret;
  }

  take(text) {
    if (!this.is(text)) return false;
    this.index++;
    return true;
  }

  expect(text) {
    if (this.take(text)) return true;
    this.expected(text);
    return false;
  }

  expected(what) {
    const token = this.token;
    const end = this.text.length;
    const place = token ?? { start: Math.max(0, end - 1), end, text: "" };
    if (this.problems.some((problem) => problem.code === "expected" && problem.start === place.start)) return;
    this.report(place, token === null ? "expectedEnd" : "expected", { what, found: place.text.slice(0, 40) });
  }

  report(token, code, values = {}) {
    if (!token.isCaret) this.problems.push({ start: token.start, end: token.end, code, values });
  }

  /** The name at hand; what stands at the caret is one, whatever it is. Tells `context` where that is the caret. */
  name(role, context) {
    const token = this.token;
    if (token === null || token.kind !== "name") return null;
    this.index++;
    token.role = role;
    if (token.isCaret) this.context = context;
    return token;
  }

  type(name) {
    return this.schema?.types.get(name);
  }

  unknown(token, code, values, names) {
    this.report(token, code, { name: token.text, ...values, hint: nearest(token.text, names) });
  }

  // MARK: Definitions

  document() {
    while (this.token !== null) {
      const before = this.index;
      this.definition();
      if (this.index === before) {
        this.expected("query");
        this.index++;
      }
    }
    for (const operation of this.operations) this.checkVariables(operation);
  }

  definition() {
    if (this.is("{")) {
      this.operationBody("query", null, this.token.start);
      return;
    }
    const word = this.name("keyword", { kind: "definition" });
    if (word === null || word.isCaret) return;
    if (word.text === "fragment") {
      this.fragment();
    } else if (["query", "mutation", "subscription"].includes(word.text)) {
      const name = this.token?.kind === "name" && !this.token.isCaret ? this.name("definition", null) : null;
      this.operationBody(word.text, name, word.start);
    } else {
      this.unknown(word, "unknownDefinition", {}, ["query", "mutation", "fragment"]);
    }
  }

  operationBody(kind, name, start) {
    const root = this.schema ? this.schema.roots[kind] : undefined;
    this.operation = { kind, name: name?.text ?? "", variables: new Map(), start, end: start, uses: [], spreads: new Set() };
    this.operations.push(this.operation);
    this.variables();
    this.directives(kind.toUpperCase());
    if (this.is("{")) this.selections(this.type(root) ? root : undefined);
    else this.expected("{");
    this.operation.end = this.tokens[this.index - 1]?.end ?? start;
    this.operation = null;
  }

  fragment() {
    const name = this.name("fragment", null);
    if (!name || !this.expect("on")) return;
    this.tokens[this.index - 1].role = "keyword";
    const on = this.typeName(true);
    this.directives("FRAGMENT_DEFINITION");
    const uses = [];
    const spreads = new Set();
    const fragment = this.fragments.get(name.text);
    if (fragment) Object.assign(fragment, { uses, spreads });
    this.operation = { uses, spreads, variables: null };
    if (this.is("{")) this.selections(this.type(on) ? on : undefined);
    else this.expected("{");
    this.operation = null;
  }

  variables() {
    if (!this.take("(")) return;
    while (this.token !== null && !this.take(")")) {
      const before = this.index;
      const description = this.token.kind === "string" ? this.tokens[this.index++] : null;
      const dollar = this.token;
      if (this.take("$")) {
        if (dollar) dollar.role = "variable";
        const name = this.name("variable", null);
        this.expect(":");
        const type = this.typeReference();
        let literal = null;
        if (this.take("=")) {
          const start = this.token?.start ?? 0;
          this.value(type, { where: "", isPersonal: false });
          literal = this.text.slice(start, this.tokens[this.index - 1]?.end ?? start);
        }
        this.directives("VARIABLE_DEFINITION");
        if (name) {
          if (this.operation.variables.has(name.text)) this.report(name, "repeatedVariable", { name: name.text });
          this.operation.variables.set(name.text, {
            name: name.text, type, default: literal, start: dollar.start, end: name.end, description: description?.text ?? "",
          });
        }
      }
      if (this.index === before) {
        this.expected("$");
        if (this.is("{")) return;
        this.index++;
      }
    }
  }

  typeReference() {
    let text = "";
    if (this.take("[")) {
      text = `[${this.typeReference()}]`;
      this.expect("]");
    } else {
      text = this.typeName(false);
    }
    return this.take("!") ? `${text}!` : text;
  }

  /** @param {boolean} isOutput Whether a type with fields is meant; else one for values. */
  typeName(isOutput) {
    const token = this.name("type", { kind: "type", isOutput });
    if (token === null) {
      this.expected("Type");
      return "";
    }
    const type = this.type(token.text);
    token.target = { type: token.text };
    if (this.schema && !token.isCaret) {
      if (!type) this.unknown(token, "unknownType", {}, this.schema.types.keys());
      else if (isOutput && !isComposite(type)) this.report(token, "noFields", { type: token.text });
      else if (!isOutput && isComposite(type)) this.report(token, "noInput", { type: token.text });
    }
    return token.text;
  }

  // MARK: Selections

  /** @param {string|undefined} typeName undefined: unknown, and nothing is said about names. */
  selections(typeName) {
    this.index++;
    if (this.is("}")) this.report(this.token, "emptySelection");
    for (;;) {
      if (this.token === null) {
        this.expected("}");
        return;
      }
      if (this.take("}")) return;
      const before = this.index;
      if (this.is("...")) this.spread(typeName);
      else this.field(typeName);
      if (this.index === before) {
        this.expected("}");
        this.index++;
      }
    }
  }

  spread(typeName) {
    this.index++;
    const word = this.token;
    if (this.take("on")) {
      word.role = "keyword";
      this.inlineFragment(this.typeName(true), typeName);
    } else if (this.is("{") || this.is("@")) {
      this.inlineFragment(typeName, typeName);
    } else {
      const name = this.name("fragment", { kind: "fragment", type: typeName });
      if (name === null) {
        this.expected("on");
        return;
      }
      this.operation?.spreads.add(name.text);
      if (!this.fragments.has(name.text)) this.unknown(name, "unknownFragment", {}, this.fragments.keys());
      else this.checkOverlap(name, this.fragments.get(name.text).on, typeName);
      this.directives("FRAGMENT_SPREAD");
    }
  }

  inlineFragment(on, typeName) {
    const token = this.tokens[this.index - 1];
    this.checkOverlap(token, on, typeName);
    this.directives("INLINE_FRAGMENT");
    if (this.is("{")) this.selections(this.type(on) ? on : undefined);
    else this.expected("{");
  }

  checkOverlap(token, on, typeName) {
    if (!this.type(on) || !this.type(typeName) || on === typeName || !isComposite(this.type(on))) return;
    const other = new Set(possibleTypes(this.schema, typeName));
    if (!possibleTypes(this.schema, on).some((name) => other.has(name))) this.report(token, "neverSo", { type: on, parent: typeName });
  }

  field(typeName) {
    const context = { kind: "field", type: typeName };
    let name = this.name("field", context);
    if (name === null) return;
    if (this.is(":")) {
      name.role = "alias";
      this.index++;
      name = this.name("field", context);
      if (name === null) {
        this.expected("field");
        return;
      }
    }
    const type = this.type(typeName);
    const definition = type ? fieldOf(this.schema, typeName, name.text) : undefined;
    name.target = { type: typeName, field: name.text };
    if (type && !definition && !name.isCaret) this.unknown(name, "unknownField", { type: typeName }, type.fields.keys());
    if (definition?.deprecated !== null && definition) this.report(name, "deprecated", { name: name.text, reason: definition.deprecated });
    const result = definition ? namedType(definition.type) : undefined;
    this.args(definition?.args, name, result, definition ? `${typeName}.${name.text}` : "");
    this.directives("FIELD");
    const resultType = this.type(result);
    if (this.is("{")) {
      if (resultType && !isComposite(resultType)) this.report(this.token, "noSelection", { name: name.text, type: definition.type });
      this.selections(resultType && isComposite(resultType) ? result : undefined);
    } else if (resultType && isComposite(resultType)) {
      this.report(name, "needsSelection", { name: name.text, type: definition.type });
    }
  }

  // MARK: Arguments

  /** @param {Map|undefined} definitions undefined: unknown. */
  args(definitions, owner, result, coordinate) {
    const used = new Set();
    if (this.take("(")) {
      while (this.token !== null && !this.take(")")) {
        const before = this.index;
        const name = this.name("argument", { kind: "argument", args: definitions, used });
        if (name !== null) {
          const definition = definitions?.get(name.text);
          if (definitions && !definition && !name.isCaret) this.unknown(name, "unknownArgument", { field: coordinate || owner.text }, definitions.keys());
          name.target = owner.target ? { ...owner.target, argument: name.text } : undefined;
          if (used.has(name.text)) this.report(name, "repeatedArgument", { name: name.text });
          used.add(name.text);
          if (this.take(":")) this.value(definition?.type, { where: `${coordinate}(${name.text}:)`, isPersonal: result !== undefined && this.isPersonal(result, name.text) });
          else if (!name.isCaret) this.expected(":");
        }
        if (this.index === before) {
          this.expected(")");
          if (this.is("{") || this.is("}")) return;
          this.index++;
        }
      }
    }
    for (const definition of definitions?.values() ?? []) {
      if (isNonNull(definition.type) && !definition.hasDefault && !used.has(definition.name)) {
        this.report(owner, "missingArgument", { name: definition.name, type: definition.type, field: coordinate });
      }
    }
  }

  directives(location) {
    while (this.take("@")) {
      const at = this.tokens[this.index - 1];
      at.role = "directive";
      const name = this.name("directive", { kind: "directive", location });
      if (name === null) {
        this.expected("directive");
        return;
      }
      const definition = this.schema?.directives.get(name.text);
      if (this.schema && !definition) this.unknown(name, "unknownDirective", {}, this.schema.directives.keys());
      else if (definition && !definition.locations.includes(location)) this.report(name, "misplacedDirective", { name: name.text });
      this.args(definition?.args, name, undefined, definition ? `@${name.text}` : "");
    }
  }

  // MARK: Values

  /**
   * @param {string|undefined} type As `[Row!]!`; undefined: unknown.
   * @param {{where: string, isPersonal: boolean}} place The input it is given to.
   */
  value(type, place) {
    const token = this.token;
    if (token === null) {
      this.expected("value");
      return;
    }
    const item = type === undefined ? undefined : itemType(type);
    if (this.take("[")) {
      const inner = type === undefined ? undefined : item ?? undefined;
      if (type !== undefined && item === null && this.type(namedType(type))?.kind !== "scalar") this.report(token, "noList", { type });
      while (this.token !== null && !this.take("]")) {
        const before = this.index;
        this.value(inner, place);
        if (this.index === before) return;
      }
    } else if (this.take("$")) {
      token.role = "variable";
      const name = this.name("variable", { kind: "variable", type, variables: this.operation?.variables });
      if (name === null) this.expected("name");
      else {
        this.operation?.uses?.push({ name: name.text, type, start: token.start, end: name.end, isCaret: name.isCaret });
        if (place.isPersonal) this.personal.push({ variable: name.text, start: token.start, end: name.end, where: place.where });
      }
    } else if (item) {
      this.value(item, place);
    } else if (this.is("{")) {
      this.object(type === undefined ? undefined : namedType(type), place);
    } else if (token.kind === "name") {
      this.word(type, place);
    } else if (token.kind === "string" || token.kind === "number") {
      this.index++;
      this.literal(token, type, place);
    } else {
      this.expected("value");
    }
  }

  word(type, place) {
    const token = this.name("enum", { kind: "value", type, variables: this.operation?.variables });
    if (token.isCaret) return;
    if (["true", "false", "null"].includes(token.text)) {
      token.role = "keyword";
      if (token.text === "null") {
        if (type !== undefined && isNonNull(type)) this.report(token, "notNull", { type });
        return;
      }
      this.literal(token, type, place);
      return;
    }
    const definition = type === undefined ? undefined : this.type(namedType(type));
    if (!definition) return;
    if (definition.kind !== "enum") {
      this.report(token, "wrongValue", { value: token.text, type: nullable(type) });
    } else if (!definition.values.has(token.text)) {
      this.unknown(token, "unknownValue", { type: definition.name }, definition.values.keys());
    }
    token.target = { type: definition.name, value: token.text };
  }

  literal(token, type, place) {
    if (place.isPersonal && token.kind !== "name") this.personal.push({ variable: null, start: token.start, end: token.end, where: place.where });
    const definition = type === undefined ? undefined : this.type(namedType(type));
    if (!definition) return;
    const isString = token.kind === "string";
    const fits = definition.kind !== "scalar" ? false
      : definition.name === "Int" ? /^-?[0-9]+$/.test(token.text)
      : definition.name === "Float" ? token.kind === "number"
      : definition.name === "Boolean" ? token.kind === "name"
      : definition.name === "String" ? isString
      : definition.name === "ID" ? isString || /^-?[0-9]+$/.test(token.text)
      : true;
    if (!fits) this.report(token, "wrongValue", { value: token.text.slice(0, 40), type: nullable(type) });
  }

  object(typeName, place) {
    const open = this.token;
    this.index++;
    const type = this.type(typeName);
    const fields = type?.kind === "input" ? type.fields : undefined;
    if (type && type.kind !== "input" && type.kind !== "scalar") this.report(open, "wrongValue", { value: "{…}", type: typeName });
    const used = new Set();
    while (this.token !== null && !this.take("}")) {
      const before = this.index;
      const name = this.name("argument", { kind: "input", type: typeName, used });
      if (name !== null) {
        const definition = fields?.get(name.text);
        if (fields && !definition) this.unknown(name, "unknownInput", { type: typeName }, fields.keys());
        name.target = typeName ? { type: typeName, field: name.text } : undefined;
        if (used.has(name.text)) this.report(name, "repeatedArgument", { name: name.text });
        used.add(name.text);
        const personal = place.isPersonal || (typeName !== undefined && this.isPersonal(typeName, name.text));
        const where = !place.isPersonal && personal ? `${typeName}.${name.text}` : place.where;
        if (this.take(":")) this.value(definition?.type, { where, isPersonal: personal });
        else if (!name.isCaret) this.expected(":");
      }
      if (this.index === before) {
        this.expected("}");
        this.index++;
        return;
      }
    }
    for (const definition of fields?.values() ?? []) {
      if (isNonNull(definition.type) && !definition.hasDefault && !used.has(definition.name)) {
        this.report(open, "missingInput", { name: definition.name, type: typeName });
      }
    }
    if (type?.isOneOf && used.size !== 1) this.report(open, "oneOf", { type: typeName });
  }

  // MARK: Variables

  checkVariables(operation) {
    const uses = [...operation.uses];
    const seen = new Set();
    const follow = (spreads) => {
      for (const name of spreads) {
        const fragment = this.fragments.get(name);
        if (!fragment?.uses || seen.has(name)) continue;
        seen.add(name);
        uses.push(...fragment.uses);
        follow(fragment.spreads);
      }
    };
    follow(operation.spreads);
    for (const use of uses) {
      const variable = operation.variables.get(use.name);
      if (!variable) {
        if (!use.isCaret) this.unknown({ ...use, text: use.name }, "unknownVariable", {}, operation.variables.keys());
      } else if (use.type !== undefined && variable.type !== "" && this.type(namedType(variable.type)) && !fits(variable.type, use.type, variable.default)) {
        this.report(use, "variableType", { name: use.name, type: variable.type, expected: use.type });
      }
    }
    for (const variable of operation.variables.values()) {
      if (!uses.some((use) => use.name === variable.name)) this.report(variable, "unusedVariable", { name: variable.name });
    }
  }
}

/** Whether a variable of one type may stand where another is asked for (GraphQL §5.8.5, defaults aside). */
function fits(type, expected, literal) {
  if (isNonNull(expected)) {
    const given = literal !== null && literal !== "null" ? `${nullable(type)}!` : type;
    // Where the place has a default a nullable variable will do; the server knows, and says so if it does not.
    return nullable(given) === given ? fits(given, nullable(expected), null) : fits(nullable(given), nullable(expected), null);
  }
  const inner = itemType(expected);
  const own = itemType(type);
  if (inner !== null && own !== null) return (!isNonNull(inner) || isNonNull(own)) && fits(own, inner, null);
  // A single variable for a list is refused by the specification.
  return inner === null && own === null && namedType(type) === namedType(expected);
}
