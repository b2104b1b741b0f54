// The document's side: tokens, schema, analysis, completion, format.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { analyze } from "../../Schema/pages/console/analysis.js";
import { complete } from "../../Schema/pages/console/completion.js";
import { format } from "../../Schema/pages/console/format.js";
import { labelsOf } from "../../Schema/pages/console/labels.js";
import { fieldOf } from "../../Schema/pages/console/schema.js";
import { offsetOf, placeOf, stringValue, tokenize } from "../../Schema/pages/console/tokens.js";
import { schema } from "./library.mjs";

const texts = (text) => tokenize(text).map((token) => `${token.kind}:${token.text}`);

test("every letter of a text lies in a token, in white space or in a comma", () => {
  const text = '{ a(b: "x\\"y", c: -1.5e3 "unended\n """block \\""" end""" # note\n ...F @d $v ? é }';
  let at = 0;
  for (const token of tokenize(text)) {
    assert.match(text.slice(at, token.start), /^[\s,]*$/);
    assert.equal(text.slice(token.start, token.end), token.text);
    at = token.end;
  }
  assert.deepEqual(texts('a:-0.5 "b" """c""" ...'), ["name:a", "punctuator::", "number:-0.5", 'string:"b"', 'string:"""c"""', "punctuator:..."]);
  assert.equal(tokenize('"unended\n}')[0].kind, "invalid");
});

test("a block string loses its indentation, another its escapes", () => {
  assert.equal(stringValue({ text: '"""\n    one\n      two\n  """' }), "one\n  two");
  assert.equal(stringValue({ text: '"a\\n\\u4e00"' }), "a\n一");
});

test("places and offsets are each other's inverse", () => {
  const text = "ab\n\ncde\n";
  for (let offset = 0; offset <= text.length; offset++) {
    const { line, column } = placeOf(text, offset);
    assert.equal(offsetOf(text, line, column), offset);
  }
});

test("a schema is read with its labels, defaults and deprecations", () => {
  assert.deepEqual([fieldOf(schema, "Book", "number").description, fieldOf(schema, "Book", "number").label], ["Its number.", "编号"]);
  assert.equal(schema.types.get("Query").fields.get("books").args.get("first").default, "50");
  assert.equal(fieldOf(schema, "Book", "price").deprecated, "see cost");
  assert.deepEqual(schema.types.get("Thing").members, ["Book", "Author"]);
  assert.equal(schema.types.get("BookOrderBy").isOneOf, true);
  assert.deepEqual(schema.directives.get("asOf").locations, ["QUERY", "MUTATION"]);
});

/** «…» marks what is reported, in the order of the text; the codes follow. */
function check(marked, ...codes) {
  const text = marked.replace(/[«»]/g, "");
  const places = [];
  for (let index = 0, at = 0; index < marked.length; index++) {
    if (marked[index] === "«") places.push(at);
    else if (marked[index] !== "»") at++;
  }
  const problems = analyze(text, schema).problems.sort((one, other) => one.start - other.start || one.end - other.end);
  assert.deepEqual(problems.map((problem) => problem.code), codes, marked);
  assert.deepEqual([...new Set(problems.map((problem) => problem.start))], places, marked);
}

test("what the schema does not know is reported at its place", () => {
  check("{ books { totalCount nodes { number author { name } } } }");
  check("{ «bok» }", "unknownField");
  check('{ book(«numbr»: "1") { id } }'.replace("book(", "«book»("), "missingArgument", "unknownArgument");
  check("{ «books» }", "needsSelection");
  check('{ book(number: "1") { title «{» x } } }', "noSelection");
  check("{ books(where: {«nummer»: {eq: \"1\"}}) { totalCount } }", "unknownInput");
  check("{ books(where: {genre: {eq: «NOVELL»}}) { totalCount } }", "unknownValue");
  check("{ books(where: {genre: {in: [NOVEL «FOO»]}}) { totalCount } }", "unknownValue");
  check("{ books(where: {published: «{»lt: \"2017-01-01\"}}) { totalCount } }", "missingInput");
  check("{ books(first: «\"x\"») { totalCount } }", "wrongValue");
  check("{ books(orderBy: [«{»number: ASC title: ASC}]) { totalCount } }", "oneOf");
  check("query Q(«$a»: Int) { books { totalCount } }", "unusedVariable");
  check("{ books(first: «$a») { totalCount } }", "unknownVariable");
  check("query Q($a: String) { books(first: «$a») { totalCount } }", "variableType");
  check("query Q($a: «Book») { books(first: «$a») { totalCount } }", "noInput", "variableType");
  check("{ books { nodes { ...«F» } } }", "unknownFragment");
  check("query @«asof»(date: \"2017-01-01\") { books { totalCount } }", "unknownDirective");
  check("{ books { nodes { ... on «Author» { name } } } }", "neverSo");
  check("{ books { nodes { «price» } } }", "deprecated");
  check("fragment F on Book { number } { books { nodes { ...F } } }");
  check("query Q($a: Int) { ...F } fragment F on Query { books(first: $a) { totalCount } }");
});

test("a document that is not finished says so once", () => {
  check("{ books { totalCount «}»", "expectedEnd");
  assert.deepEqual(analyze("{ books( }", schema).problems.map((problem) => problem.code).includes("expected"), true);
});

test("no text at all stops the analysis, however broken", () => {
  const pieces = ["{", "}", "(", ")", "[", "]", ":", "$", "@", "...", "!", "=", "query", "fragment", "on", "books", "where", "\"x", '"""', "1", "#\n", "é", "$a", "null"];
  let seed = Number(process.env.SEED ?? 20261121);
  const next = (bound) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % bound;
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: next(14) }, () => pieces[next(pieces.length)]).join(next(2) ? " " : "");
    analyze(text, schema);
    complete(text, next(text.length + 1), schema);
    const formatted = format(text);
    if (formatted !== null) assert.equal(tokenize(formatted).map((token) => token.text.trim()).join(" "), tokenize(text).map((token) => token.text.trim()).join(" "), text);
  }
});

test("values that tell of a person are found, in variables and in literals", () => {
  const isPersonal = (type, field) => type === "AuthorFilter" && field === "secret";
  const found = analyze('query Q($s: String) { books(where: {and: [{author: {secret: {eq: $s}}} {author: {secret: {in: ["x"]}}} {author: {name: {eq: "y"}}}]}) { totalCount } }', schema, { isPersonal }).personal;
  assert.deepEqual(found.map((use) => [use.variable, use.where]), [["s", "AuthorFilter.secret"], [null, "AuthorFilter.secret"]]);
});

/** What is offered at `|`, the first few. */
function offered(marked, count = 4) {
  const offset = marked.indexOf("|");
  return complete(marked.replace("|", ""), offset, schema).candidates.slice(0, count).map((candidate) => candidate.text);
}

test("what is offered fits the place", () => {
  assert.deepEqual(offered("{ bo|"), ["book", "books"]);
  assert.deepEqual(offered("{ books(|) { totalCount } }"), ["where", "orderBy", "first"]);
  assert.deepEqual(offered("{ books(where: {| author: {}}) }"), ["and", "number", "genre", "published"]);
  assert.deepEqual(offered("{ books(where: {genre: {eq: |}}) }"), ["NOVEL", "POETRY", "IN_PRINT"]);
  assert.deepEqual(offered("{ books(where: {genre: {in: [ip|"), ["IN_PRINT"]);
  assert.deepEqual(offered("query Q($n: Int $s: String) { books(first: $|) { totalCount } }"), ["n"]);
  assert.deepEqual(offered("query Q($n: Dat|"), ["Date", "DateFilter"]);
  assert.deepEqual(offered("{ node(id: 1) { ... on Bo|"), ["Book", "BookConnection"]);
  assert.deepEqual(offered("{ books { nodes { 编| } } }"), ["number"]);
  assert.deepEqual(offered("query @as|"), ["asOf"]);
  assert.deepEqual(offered("{ books(orderBy: [{number: ASC |}]) }"), [], "one of these is given");
  assert.deepEqual(offered("# bo|"), []);
  assert.deepEqual(offered('{ book(number: "bo|") }'), []);
  assert.deepEqual(offered("|"), ["query", "mutation", "fragment"]);
});

test("what is taken brings what it needs, and the caret where it goes on", () => {
  const take = (marked) => {
    const offset = marked.indexOf("|");
    const text = marked.replace("|", "");
    const { candidates, from, to } = complete(text, offset, schema);
    const { insert, caret } = candidates[0];
    return `${text.slice(0, from)}${insert.slice(0, caret)}|${insert.slice(caret)}${text.slice(to)}`;
  };
  assert.equal(take("{ book|"), "{ book(number: |) {  }");
  assert.equal(take("{ books { no|"), "{ books { nodes { | }");
  assert.equal(take("{ books(wh|)"), "{ books(where: {|})");
  assert.equal(take("{ books(wh|: {})"), "{ books(where|: {})");
  assert.equal(take("{ books(or|)"), "{ books(orderBy: [{|}])");
});

test("a document is written in one way, and then stays", () => {
  assert.equal(format('query Q($a:Int){books(first:$a where:{number:{eq:"1"}}){nodes{number title} n:totalCount @skip(if:true)}}'),
    'query Q($a: Int) {\n  books(first: $a, where: {number: {eq: "1"}}) {\n    nodes { number title }\n    n: totalCount @skip(if: true)\n  }\n}\n');
  assert.equal(format("{ a "), null);
  const folder = new URL("../../Schema/queries/", import.meta.url);
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".graphql"));
  assert.ok(names.length > 100);
  for (const name of names) {
    const text = readFileSync(new URL(name, folder), "utf8");
    const formatted = format(text);
    assert.equal(format(formatted), formatted, name);
    assert.deepEqual(tokenize(formatted).map((token) => token.text.trimEnd()), tokenize(text).map((token) => token.text.trimEnd()), name);
  }
});

test("columns are called by the labels of their fields", () => {
  const labels = labelsOf("{ all: books { nodes { number who: author { name } ...F } } } fragment F on Book { author { id } kind: genre }", schema);
  assert.deepEqual([...labels.columns], [["all.number", "编号"], ["all.author", "作者"]]);
  assert.deepEqual([...labels.values].map(([path, values]) => [path, values.get("NOVEL")]), [["all.kind", "小说"]]);
});
