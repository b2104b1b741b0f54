// The answer's side: exact JSON, tables, CSV, charts, links, forms, variables; and the words of the console.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { chartChoice, seriesOf, timeColumns } from "../../Schema/pages/console/chart-data.js";
import { csvOf } from "../../Schema/pages/console/csv.js";
import { sortedRows, tableOf, tablesOf } from "../../Schema/pages/console/flatten.js";
import { controlFor, defaultText, valuesOf, variablesOf } from "../../Schema/pages/console/forms.js";
import { Exact, JSONProblem, readJSON, textOf, writeJSON } from "../../Schema/pages/console/json-text.js";
import { dateText, dayNumber, extent, linear, niceScale, tickText, timeTicks } from "../../Schema/pages/console/scales.js";
import { fragmentOf, fragmentOfSaved, questionOf, savedOf } from "../../Schema/pages/console/share.js";
import { analyze } from "../../Schema/pages/console/analysis.js";
import { checkVariables, completeVariables } from "../../Schema/pages/console/variables.js";
import { allWords } from "../../Schema/pages/console/words.js";
import { schema } from "./library.mjs";

test("JSON is read as the browser reads it, and numbers keep their digits", () => {
  for (const text of ['{"a":[1,2.5,"x\\u4e00\\n",null,true,{}],"__proto__":{"b":[]}}', "[]", '"é"', " -3 "]) {
    assert.deepEqual(JSON.parse(JSON.stringify(readJSON(text))), JSON.parse(text));
  }
  const text = '{"a":0.0000,"b":123456789012345678,"c":1.50,"d":7}';
  assert.equal(writeJSON(readJSON(text)), text);
  assert.equal(textOf(readJSON("0.0000")), "0.0000");
  assert.equal(typeof readJSON("7"), "number");
  for (const text of ["", "{", "{a:1}", '{"a" 1}', "[1 2]", '"x', "01", "[1]]", '"\t"', "nul"]) {
    assert.throws(() => readJSON(text), JSONProblem, text);
    assert.throws(() => JSON.parse(text), text);
  }
  assert.throws(() => readJSON('{\n "a": x}'), (error) => error.offset === 8 && error.code === "jsonValue");
});

const answer = readJSON(`{"books":{"totalCount":2,"nodes":[
  {"title":"b","author":{"name":"x"},"tags":["p","q"],"copies":{"nodes":[{"shelf":1,"on":"2017-01-01"},{"shelf":2,"on":null}]}},
  {"title":"a","author":null,"tags":[],"copies":{"nodes":[]}}]},"shops":[{"city":"k"}]}`);

test("lists become tables: to-one objects flat, one inner list spread", () => {
  const [books, shops, single] = tablesOf(answer);
  assert.deepEqual(books.columns.map((column) => column.name), ["title", "author.name", "tags", "copies.shelf", "copies.on"]);
  assert.deepEqual(books.rows, [["b", "x", "p; q", 1, "2017-01-01"], ["b", "x", "p; q", 2, null], ["a", null, "", null, null]]);
  assert.deepEqual(books.columns.map((column) => column.isNumeric), [false, false, false, true, false]);
  assert.deepEqual([shops.name, shops.rows], ["shops", [["k"]]]);
  assert.deepEqual(single.rows, [["books.totalCount", 2]]);
});

test("a list that is not spread stays in its cell", () => {
  const table = tableOf("books", answer.books.nodes, "");
  assert.deepEqual(table.rows[0], ["b", "x", "p; q", "1 · 2017-01-01; 2"]);
  assert.deepEqual(table.lists, ["copies"]);
});

test("rows are sorted as numbers or as texts, what is absent last both ways, equals as they were", () => {
  const rows = [[new Exact("10.0"), "b"], [9, "a"], [null, "c"], [9, "d"]];
  assert.deepEqual(sortedRows(rows, 0, false).map((row) => row[1]), ["a", "d", "b", "c"]);
  assert.deepEqual(sortedRows(rows, 0, true).map((row) => row[1]), ["b", "a", "d", "c"]);
});

test("ten thousand rows are flattened and sorted well within a second", () => {
  const nodes = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, value: (index * 7919) % 10_007, inner: { name: `x${index % 50}` } }));
  const [table] = tablesOf({ all: { nodes } });
  const sorted = sortedRows(table.rows, 1, false);
  assert.equal(sorted.length, 10_000);
  for (let index = 1; index < sorted.length; index++) assert.ok(sorted[index - 1][1] <= sorted[index][1]);
});

test("CSV is quoted, begins with its mark, and holds no formula", () => {
  const table = tableOf("t", [{ a: '=1+"x"', b: -5, c: "x,\ny" }, { a: "-", b: new Exact("1.50"), c: null }]);
  assert.equal(csvOf(table), '\uFEFFa,b,c\r\n"\'=1+""x""",-5,"x,\ny"\r\n\'-,1.50,\r\n');
});

test("a scale is round and covers its values", () => {
  for (const [low, high] of [[0, 195], [-3, 7], [0.0015, 0.0635], [0, 0], [5, 5], [-10, -2], [0, 1e9]]) {
    const scale = niceScale(low, high);
    assert.ok(scale.low <= low && scale.high >= high, `${low}–${high}`);
    assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 9, `${low}–${high}: ${scale.ticks}`);
    assert.ok(scale.ticks.every((tick) => Math.abs(tick / scale.step - Math.round(tick / scale.step)) < 1e-6));
  }
  assert.deepEqual(niceScale(0, 195).ticks, [0, 50, 100, 150, 200]);
  assert.deepEqual(extent(Array.from({ length: 300_000 }, (_, index) => index - 5)), [-5, 299_994], "of more values than a call takes");
  assert.equal(tickText(0.02, 0.02), "0.02");
  assert.equal(tickText(12500, 2500), "12,500");
  assert.equal(linear(0, 10, 100, 200)(5), 150);
});

test("dates and periods lie where they begin", () => {
  for (const [text, date] of [["2017", "2017-01-01"], ["2017-05", "2017-05-01"], ["2017-Q3", "2017-07-01"], ["2017-H2", "2017-07-01"], ["2017-05-20", "2017-05-20"],
    ["2017-05-20T10:00:00Z", "2017-05-20"], ["2015-W01", "2014-12-29"], ["2016-W53", "2017-01-02"], ["2017-W20", "2017-05-15"]]) {
    assert.equal(dateText(dayNumber(text)), date, text);
  }
  for (const text of ["", "x", "20170520", "2017-13", "420115"]) assert.equal(dayNumber(text), null, text);
  assert.deepEqual(timeTicks(dayNumber("2014"), dayNumber("2020"), 6).map((tick) => tick.label), ["2014", "2015", "2016", "2017", "2018", "2019", "2020"]);
  assert.ok(timeTicks(dayNumber("2017-01"), dayNumber("2017-06"), 6).every((tick) => /^2017-0\d$/.test(tick.label)));
});

test("a chart is chosen by what the columns hold", () => {
  const years = tableOf("t", [{ on: "2016", n: 3 }, { on: "2017", n: 5 }]);
  assert.deepEqual(chartChoice(years), { kind: "time", across: 0, values: [1], by: -1 });
  const oneYear = tableOf("t", [{ year: 2014, name: "x", n: 3 }, { year: 2014, name: "y", n: 5 }]);
  assert.deepEqual(chartChoice(oneYear), { kind: "bars", across: 1, values: [2], by: -1 });
  const names = tableOf("t", [{ code: 7, name: "x", share: 0.1, count: 500 }, { code: 8, name: "y", share: 0.2, count: 900 }]);
  assert.deepEqual(chartChoice(names), { kind: "bars", across: 1, values: [2], by: -1 }, "a share and a count are not on one axis, and a code is no quantity");
  assert.equal(chartChoice(tableOf("t", [{ name: "x" }])), null);
  const grouped = tableOf("t", [{ name: "x", kind: "A", n: 1 }, { name: "x", kind: "B", n: 2 }, { name: "y", kind: "A", n: 3 }]);
  const choice = chartChoice(grouped);
  assert.equal(choice.by, 1);
  assert.deepEqual(seriesOf(grouped, choice).map((one) => [one.name, one.points.map((point) => [point.x, point.y])]), [["A", [[0, 1], [1, 3]]], ["B", [[0, 2]]]]);
  const crossed = tableOf("t", Array.from({ length: 20 }, (_, index) => ({ kind: index % 2 ? "A" : "B", cause: `c${index >> 1}`, n: index })));
  assert.deepEqual(chartChoice(crossed), { kind: "bars", across: 1, values: [2], by: 0 });
  assert.deepEqual(timeColumns(years), [0]);
});

test("a question goes into a link and comes out the same", () => {
  const question = { document: "{ a(b: \"x&y=#é%\")\n}", variables: '{"c": "户"}', asOf: "2017-01-01", version: "" };
  assert.deepEqual(questionOf(fragmentOf(question)), question);
  assert.equal(questionOf("#q=x"), null);
  assert.deepEqual(savedOf(fragmentOfSaved("a-b", [["x", "1"], ["x", "2&3"]])), { name: "a-b", parameters: [["x", "1"], ["x", "2&3"]] });
  assert.equal(savedOf(fragmentOf(question)), null);
  assert.equal(questionOf("#document=%E0%A4%A").document, "%E0%A4%A", "what is no encoding is taken as it is");
});

test("a control fits its type, and its text becomes the variable", () => {
  assert.deepEqual(controlFor("[Genre!]!", schema), { isList: true, options: [{ value: "NOVEL", label: "小说" }, { value: "POETRY", label: "" }, { value: "IN_PRINT", label: "" }], step: "", control: "select" });
  assert.equal(controlFor("Date!", schema).control, "date");
  assert.equal(controlFor("Int", schema).control, "number");
  assert.equal(controlFor("BookFilter", schema).control, "json");
  assert.equal(controlFor("Unheard", null).control, "text");
  assert.deepEqual(valuesOf(" a，b\nc ", true), ["a", "b", "c"]);
  assert.deepEqual(valuesOf(" a, b ", false), ["a, b"]);
  assert.equal(defaultText('["a", "b"]'), "a, b");
  const variables = [{ name: "n", type: "Int" }, { name: "s", type: "[String!]" }, { name: "d", type: "Decimal" }, { name: "b", type: "Boolean" }];
  assert.equal(variablesOf(variables, [["n", "3"], ["s", "x"], ["s", '"y'], ["d", "0.10"], ["b", "true"]]), '{"n": 3, "s": ["x", "\\"y"], "d": "0.10", "b": true}');
  assert.equal(variablesOf(variables, [["n", "x"]]), '{"n": "x"}');
});

test("variables are held against the document, each problem at its place", () => {
  const [operation] = analyze("query Q($g: Genre! $f: BookFilter $n: [Int!]) { books { totalCount } }", schema).operations;
  const check = (text) => checkVariables(text, operation, schema).problems.map((problem) => [problem.code, text.slice(problem.start, problem.end)]);
  assert.deepEqual(check('{"g": "NOVEL", "f": {"number": {"in": ["1"]}}, "n": 1}'), []);
  assert.deepEqual(check('{"g": "NOVELL"}'), [["unknownValue", '"NOVELL"']]);
  assert.deepEqual(check('{"g": "NOVEL", "x": 1}'), [["extraVariable", '"x"']]);
  assert.deepEqual(check('{"g": "NOVEL", "f": {"numbr": 1}}'), [["unknownInput", '"numbr"']]);
  assert.deepEqual(check('{"g": "NOVEL", "n": [1, "x"]}'), [["wrongValue", '"x"']]);
  assert.deepEqual(check('{"g": null}'), [["notNull", "null"]]);
  assert.deepEqual(check("{}").map(([code]) => code), ["missingVariable"]);
  assert.deepEqual(check('{"g": }'), [["jsonValue", "}"]]);
});

test("variables are offered by name, and their values where these are known", () => {
  const [operation] = analyze("query Q($g: [Genre!] $f: BookFilter $b: Boolean) { books { totalCount } }", schema).operations;
  const offered = (marked) => {
    const offset = marked.indexOf("|");
    const text = marked.replace("|", "");
    const { candidates, from, to } = completeVariables(text, offset, operation, schema);
    return candidates.map((candidate) => text.slice(0, from) + candidate.insert + text.slice(to));
  };
  assert.deepEqual(offered("{|}"), ['{"g": }', '{"f": }', '{"b": }']);
  assert.deepEqual(offered('{"g": [], "f|": {}}'), [], "what is given already is not offered");
  assert.deepEqual(offered('{"g": ["P|"]}'), ['{"g": ["POETRY"]}', '{"g": ["IN_PRINT"]}']);
  assert.deepEqual(offered('{"b": t|}'), ['{"b": true}']);
  assert.deepEqual(offered('{"f": {|}}'), []);
});

test("every word is there in both languages, with the same holes", () => {
  for (const [key, entry] of Object.entries(allWords)) {
    assert.equal(entry.length, 2, key);
    const holes = entry.map((text) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort().join());
    assert.ok(entry[0] && entry[1], key);
    assert.equal(holes[0], holes[1], key);
  }
});

test("every word that is asked for is there", () => {
  const folder = new URL("../../Schema/pages/console/", import.meta.url);
  const asked = new Set();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".js") && file !== "words.js")) {
    const text = readFileSync(new URL(name, folder), "utf8");
    for (const match of text.matchAll(/\b(?:t|tLabel|tHint|label|help): "(\w+)"|\b(?:word|labelled|tell|makeTabs)\("(\w+)"/g)) asked.add(match[1] ?? match[2]);
    for (const match of text.matchAll(/\b(?:report|unknown)\([^"();]*, "(\w+)"|\bcode: "(\w+)"|\bfail\("(\w+)"/g)) asked.add(`problem.${match[1] ?? match[2] ?? match[3]}`);
  }
  assert.ok(asked.size > 80, `${asked.size}`);
  for (const key of asked) assert.ok(allWords[key], key);
});
