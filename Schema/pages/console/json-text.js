// JSON read with places and with numbers as they are written: 0.0000 and 18 digits stay what they were.

/** A number that a double cannot hold as written. */
export class Exact {
  constructor(text) {
    this.text = text;
  }

  valueOf() {
    return Number(this.text);
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return Number(this.text);
  }
}

export class JSONProblem extends Error {
  constructor(code, offset, found) {
    super(`${code} at ${offset}`);
    this.code = code;
    this.offset = offset;
    this.found = found;
  }
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const escapes = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/**
 * @param {string} text
 * @param {((path: (string|number)[], start: number, end: number) => void)|null} places Told where each value and member name stands.
 * @throws {JSONProblem}
 */
export function readJSON(text, places = null) {
  let index = 0;
  let depth = 0;

  function fail(code) {
    throw new JSONProblem(code, Math.min(index, text.length), text[index] ?? "");
  }

  function skip() {
    for (;;) {
      const code = text.charCodeAt(index);
      if (code === 32 || code === 10 || code === 13 || code === 9) index++;
      else return;
    }
  }

  function string() {
    if (text[index] !== '"') fail("jsonName");
    index++;
    let result = "";
    for (;;) {
      plain.lastIndex = index;
      const run = plain.exec(text)[0];
      result += run;
      index += run.length;
      const next = text[index];
      if (next === '"') {
        index++;
        return result;
      }
      if (next !== "\\") fail("jsonString");
      const escape = text[index + 1];
      if (escape === "u") {
        const digits = text.slice(index + 2, index + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail("jsonString");
        result += String.fromCharCode(parseInt(digits, 16));
        index += 6;
      } else if (escapes[escape] !== undefined) {
        result += escapes[escape];
        index += 2;
      } else {
        fail("jsonString");
      }
    }
  }

  function value(path) {
    skip();
    const start = index;
    const result = bare(path);
    if (places) places(path, start, index);
    return result;
  }

  function bare(path) {
    const first = text[index];
    if (first === "{" || first === "[") {
      if (++depth > 200) fail("jsonDepth");
      const result = first === "{" ? object(path) : list(path);
      depth--;
      return result;
    }
    if (first === '"') return string();
    for (const [word, meaning] of [["true", true], ["false", false], ["null", null]]) {
      if (text.startsWith(word, index)) {
        index += word.length;
        return meaning;
      }
    }
    number.lastIndex = index;
    const found = number.exec(text);
    if (!found) fail("jsonValue");
    index += found[0].length;
    const double = Number(found[0]);
    return String(double) === found[0] ? double : new Exact(found[0]);
  }

  function object(path) {
    const result = {};
    index++;
    skip();
    if (text[index] === "}") {
      index++;
      return result;
    }
    for (;;) {
      skip();
      const start = index;
      const name = string();
      const inner = places ? [...path, name] : path;
      if (places) places([...inner, "#name"], start, index);
      skip();
      if (text[index] !== ":") fail("jsonColon");
      index++;
      // Not by assignment: `__proto__` is a name like another.
      Object.defineProperty(result, name, { value: value(inner), enumerable: true, configurable: true, writable: true });
      skip();
      if (text[index] === "}") {
        index++;
        return result;
      }
      if (text[index] !== ",") fail("jsonComma");
      index++;
    }
  }

  function list(path) {
    const result = [];
    index++;
    skip();
    if (text[index] === "]") {
      index++;
      return result;
    }
    for (;;) {
      result.push(value(places ? [...path, result.length] : path));
      skip();
      if (text[index] === "]") {
        index++;
        return result;
      }
      if (text[index] !== ",") fail("jsonComma");
      index++;
    }
  }

  const result = value([]);
  skip();
  if (index < text.length) fail("jsonEnd");
  return result;
}

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Exact);
export const isNumber = (value) => typeof value === "number" || value instanceof Exact;

/** A value as text for people: numbers as they came. */
export function textOf(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object" && !(value instanceof Exact)) return writeJSON(value);
  return String(value);
}

/** JSON again, exact numbers as they came. */
export function writeJSON(value, indent = "", step = "") {
  if (value instanceof Exact) return value.text;
  const inner = indent + step;
  const line = step === "" ? "" : `\n${inner}`;
  const end = step === "" ? "" : `\n${indent}`;
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : `[${value.map((item) => line + writeJSON(item, inner, step)).join(",")}${end}]`;
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([name, item]) => `${line}${JSON.stringify(name)}:${step === "" ? "" : " "}${writeJSON(item, inner, step)}`);
    return members.length === 0 ? "{}" : `{${members.join(",")}${end}}`;
  }
  return JSON.stringify(value ?? null);
}
