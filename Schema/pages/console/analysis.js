// A GraphQL document against a schema, while it is typed: what each name is, what is wrong, and what could stand at the caret.
//
// The parser never stops: where something else is expected it reports that place once and goes on behind it. Without a schema
// only the syntax is looked at.

import { tokenize } from "./tokens.js";
import { fieldOf, isComposite, isNonNull, itemType, namedType, nullable, possibleTypes } from "./schema.js";
import { ValueParser } from "./value-parser.js";

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

class Parser extends ValueParser {
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
