// GraphQL text → tokens. Tolerant: what is no token is one of kind "invalid", and nothing throws.

/**
 * @typedef {{kind: "name"|"punctuator"|"number"|"string"|"comment"|"invalid", start: number, end: number, text: string}} Token
 */

const pattern = new RegExp(
  [
    '(?<string>"""(?:\\\\"""|[^])*?"""|"(?:\\\\.|[^"\\\\\\n])*")',
    "(?<comment>#[^\\n]*)",
    "(?<name>[_A-Za-z][_0-9A-Za-z]*)",
    "(?<number>-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)",
    "(?<punctuator>\\.\\.\\.|[!$&()\\[\\]{}:=@|])",
    "(?<ignored>[\\s,\\uFEFF]+)",
    // A string without its end reaches to the end of the line, or of the text.
    '(?<invalid>"""[^]*|"[^\\n]*|[^])',
  ].join("|"),
  "gu",
);

/** All tokens of a text but white space and commas; comments are kept. @returns {Token[]} */
export function tokenize(text) {
  const tokens = [];
  for (const match of text.matchAll(pattern)) {
    const groups = match.groups;
    if (groups.ignored !== undefined) continue;
    const kind = groups.name !== undefined ? "name"
      : groups.punctuator !== undefined ? "punctuator"
      : groups.number !== undefined ? "number"
      : groups.string !== undefined ? "string"
      : groups.comment !== undefined ? "comment" : "invalid";
    tokens.push({ kind, start: match.index, end: match.index + match[0].length, text: match[0] });
  }
  return tokens;
}

/** The value of a string token, quotes and escapes resolved; of a block string, without its indentation (GraphQL §2.9.4). */
export function stringValue(token) {
  if (!token.text.startsWith('"""')) {
    try {
      return JSON.parse(token.text);
    } catch {
      return token.text.slice(1, -1);
    }
  }
  const lines = token.text.slice(3, -3).replaceAll('\\"""', '"""').split(/\r\n|\n|\r/);
  const indents = lines.slice(1).filter((line) => /[^ \t]/.test(line)).map((line) => line.match(/^[ \t]*/)[0].length);
  const common = indents.length > 0 ? Math.min(...indents) : 0;
  const result = lines.map((line, index) => (index === 0 ? line : line.slice(common)));
  while (result.length > 0 && !/[^ \t]/.test(result[0])) result.shift();
  while (result.length > 0 && !/[^ \t]/.test(result[result.length - 1])) result.pop();
  return result.join("\n");
}

/** Line and column, both from 1, of an offset into a text. */
export function placeOf(text, offset) {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** The offset of a line and column, both from 1; at most the end of the text. */
export function offsetOf(text, line, column) {
  let start = 0;
  for (let number = 1; number < line; number++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  return Math.min(start + column - 1, text.length);
}
