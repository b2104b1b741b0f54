// Walks over the tokens of a document, notes what each name is, and reports what is not as expected. Never stops.

import { nearest } from "./suggestion.js";

export class TokenParser {
  /**
   * @param {import("./tokens.js").Token[]} tokens Without comments; the one at the caret, if there is one, has `isCaret`.
   * @param {string} text
   * @param {import("./schema.js").Schema|null} schema
   * @param {(type: string, field: string) => boolean} isPersonal
   */
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
    this.fragments = new Map();
    tokens.forEach((token, index) => {
      if (token.text === "fragment" && tokens[index + 2]?.text === "on" && tokens[index + 3]?.kind === "name") {
        this.fragments.set(tokens[index + 1].text, { on: tokens[index + 3].text });
      }
    });
  }

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
}
