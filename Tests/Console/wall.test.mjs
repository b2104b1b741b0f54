// The wall's modules: rounds that name one version, when to ask, figures, sheets, documents without what a role may not see; and its words.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { readJSON } from "../../Schema/pages/console/json-text.js";
import { labelsOf } from "../../Schema/pages/console/labels.js";
import { readSchema } from "../../Schema/pages/console/schema.js";
import { allWords, setLanguage } from "../../Schema/pages/console/words.js";
import { fragmentOf, fragmentTo, placeOf } from "../../Schema/pages/wall/address.js";
import { cases, coverage, incidence, planByVillage, planByYear, thresholdOf, totals, villagesOut } from "../../Schema/pages/wall/figures.js";
import { grouped, numberOf, passedOfYear, percent, shareText } from "../../Schema/pages/wall/numbers.js";
import { prune } from "../../Schema/pages/wall/prune.js";
import { Pulse } from "../../Schema/pages/wall/pulse.js";
import { askRound, isSame, resultOf, settle } from "../../Schema/pages/wall/rounds.js";
import { sheetOf, spaced } from "../../Schema/pages/wall/sheet.js";
import { Server } from "../../Schema/pages/wall/server.js";
import { wallWords } from "../../Schema/pages/wall/words.js";
import { schema } from "./library.mjs";

// MARK: Rounds

const questions = ["a", "b", "c"].map((name) => ({ name, parameters: (asOf) => [["day", asOf]] }));

/** A server whose version is told by `versionAt` for each request that names none; `answers` may say otherwise by name. */
function serverOf({ versionAt = () => 7, answers = {} } = {}) {
  const asked = [];
  const ask = async (question, parameters, at) => {
    asked.push({ name: question.name, parameters, ...at });
    const special = answers[question.name]?.(at, asked.length);
    if (special instanceof Error) throw special;
    const version = at.version || String(versionAt(asked.length));
    return special ?? { status: 200, version, asOf: at.asOf || "2017-06-30", value: { data: { [question.name]: version }, extensions: { data: { publishedAt: "then" } } } };
  };
  return { ask, asked };
}

const error = (status, code) => () => ({ status, version: "–", asOf: "–", value: { errors: [{ message: "m", extensions: { code } }] } });

test("the others are asked of the day and at least the version that the first one named", async () => {
  const { ask, asked } = serverOf();
  const round = await askRound("k", questions, { asOf: "" }, ask);
  assert.deepEqual(asked, [
    { name: "a", parameters: [["day", ""]], asOf: "", version: "", minimum: "" },
    { name: "b", parameters: [["day", "2017-06-30"]], asOf: "2017-06-30", version: "", minimum: "7" },
    { name: "c", parameters: [["day", "2017-06-30"]], asOf: "2017-06-30", version: "", minimum: "7" },
  ]);
  assert.deepEqual([round.version, round.asOf, round.publishedAt, round.isWhole], ["7", "2017-06-30", "then", true]);
});

test("whenever a newer version comes between, all answers of a round name one version", async () => {
  // The version changes before any of the requests.
  for (let change = 1; change <= 8; change++) {
    const { ask } = serverOf({ versionAt: (count) => (count < change ? 7 : 8) });
    const round = await askRound("k", questions, { asOf: "" }, ask);
    const versions = new Set([...round.results.values()].map((result) => Object.values(result.data)[0]));
    assert.deepEqual([...versions], [round.version], `change before request ${change}`);
    assert.ok(round.isWhole);
  }
});

test("a version that is gone meanwhile is not mixed with the next: the round begins again", async () => {
  let isGone = true;
  const { ask, asked } = serverOf({
    versionAt: (count) => (count === 1 ? 7 : 8),
    answers: { b: (at) => (at.version === "7" && isGone ? ((isGone = false), error(410, "VERSION_GONE")()) : undefined) },
  });
  const round = await askRound("k", questions, { asOf: "" }, ask);
  assert.equal(round.version, "8");
  assert.ok(round.isWhole && asked.length > 4);
  const never = serverOf({ versionAt: (count) => count, answers: { b: (at) => (at.version ? error(410, "VERSION_GONE")() : undefined) } });
  const ended = await askRound("k", questions, { asOf: "" }, never.ask);
  assert.equal(ended.isWhole, false);
});

test("two rounds say the same if version, day, and every answer's text are the same", async () => {
  const answer = (text) => () => ({ status: 200, version: "7", asOf: "d", value: { data: {} }, text });
  const round = (text, key = "k") => askRound(key, questions, { asOf: "" }, serverOf({ answers: { a: answer("a"), b: answer(text), c: answer("c") } }).ask);
  const one = await round("x");
  assert.ok(isSame(one, await round("x")));
  assert.ok(!isSame(one, await round("y")) && !isSame(one, await round("x", "other")) && !isSame(null, one));
  assert.ok(!isSame(one, { ...one, version: "8" }) && !isSame(one, { ...one, asOf: "e" }));
});

test("a refusal is an answer, a failure is none", async () => {
  for (const [status, code, state] of [
    [403, "FORBIDDEN", "refused"], [400, "BAD_USER_INPUT", "refused"], [422, "GRAPHQL_VALIDATION_FAILED", "refused"], [404, "", "refused"],
    [401, "UNAUTHENTICATED", "failed"], [503, "OVERLOADED", "failed"], [429, "RATE_LIMITED", "failed"], [200, "QUERY_TIMEOUT", "failed"], [500, "", "failed"], [412, "VERSION_NOT_REACHED", "failed"], [410, "VERSION_GONE", "failed"],
  ]) assert.equal(resultOf(error(status, code)()).state, state, `${status} ${code}`);
  // An answer with errors beside its data is not whole.
  assert.equal(resultOf({ status: 294, value: { data: { a: null }, errors: [{ message: "m", extensions: { code: "BAD_USER_INPUT" } }] } }).state, "refused");
  assert.equal(resultOf({ status: 200, value: null }).state, "failed");
  // The first that is answered leads.
  const { ask } = serverOf({ answers: { a: error(403, "FORBIDDEN") } });
  const round = await askRound("k", questions, { asOf: "" }, ask);
  assert.deepEqual([round.version, round.isWhole, round.results.get("a").state], ["7", true, "refused"]);
  const none = await askRound("k", questions, { asOf: "" }, serverOf({ answers: { a: error(403, "F"), b: error(403, "F"), c: error(403, "F") } }).ask);
  assert.deepEqual([none.version, none.isWhole], ["", true]);
  const down = serverOf({ answers: { a: () => new Error("no network") } });
  const lost = await askRound("k", questions, { asOf: "" }, down.ask);
  assert.deepEqual([lost.isWhole, lost.results.get("a").reason, down.asked.length], [false, "no network", 1]);
});

test("a round is shown whole or not at all, and what was shown stays and is called old", async () => {
  const good = await askRound("k", questions, { asOf: "" }, serverOf().ask);
  const partial = await askRound("k", questions, { asOf: "" }, serverOf({ versionAt: () => 8, answers: { c: error(503, "OVERLOADED") } }).ask);
  assert.equal(partial.isWhole, false);
  let settled = settle(good, partial);
  assert.deepEqual([settled.shown, settled.isOld, [...settled.troubles.keys()]], [good, true, ["c"]]);
  // At first there is nothing to keep; and what is of another place is not kept.
  assert.equal(settle(null, partial).shown, partial);
  assert.equal(settle({ ...good, key: "other" }, partial).shown, partial);
  const nothing = { key: "k", version: "", asOf: "", publishedAt: "", results: new Map([["a", { state: "failed", code: "", reason: "r" }]]), isWhole: false };
  assert.equal(settle(nothing, partial).shown, partial);
  assert.equal(settle(partial, nothing).shown, partial);
  settled = settle(partial, good);
  assert.deepEqual([settled.shown, settled.isOld, settled.troubles.size], [good, false, 0]);
});

// MARK: The pulse

/** A clock that stands until it is told to go on. */
function clockOf() {
  const timers = new Map();
  let [now, last] = [0, 0];
  return {
    setTimeout: (action, milliseconds) => { timers.set(++last, { action, at: now + milliseconds }); return last; },
    clearTimeout: (id) => timers.delete(id),
    get waiting() { return [...timers.values()].map((timer) => timer.at - now); },
    async go(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = [...timers].filter(([, timer]) => timer.at <= end).sort((one, other) => one[1].at - other[1].at)[0];
        if (!next) break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].action();
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      }
      now = end;
    },
  };
}

test("it asks at every interval, sooner after a failure, and not while nobody looks", async () => {
  const clock = clockOf();
  let [count, isWell, isHidden] = [0, true, false];
  const pulse = new Pulse({ beat: async () => { count++; return isWell; }, clock, isHidden: () => isHidden });
  pulse.setInterval(60);
  await clock.go(180_000);
  assert.equal(count, 3);
  isWell = false;
  await clock.go(60_000);
  assert.deepEqual([count, clock.waiting], [4, [5_000]]);
  await clock.go(5_000);
  assert.deepEqual([count, clock.waiting], [5, [10_000]]);
  await clock.go(10_000 + 20_000 + 40_000);
  assert.deepEqual(clock.waiting, [60_000]);
  isWell = true;
  await clock.go(60_000);
  const asked = count;
  isHidden = true;
  pulse.seen();
  await clock.go(600_000);
  assert.equal(count, asked);
  isHidden = false;
  pulse.seen();
  await clock.go(0);
  assert.equal(count, asked + 1);
  pulse.setInterval(0);
  await clock.go(600_000);
  assert.equal(count, asked + 1);
});

test("two rounds are never under way at once, and what is asked for meanwhile is asked behind", async () => {
  const clock = clockOf();
  let [count, running, most] = [0, 0, 0];
  const ends = [];
  const pulse = new Pulse({ beat: () => new Promise((resolve) => { count++; most = Math.max(most, ++running); ends.push(() => { running--; resolve(true); }); }), clock });
  const first = pulse.beat();
  pulse.beat();
  pulse.beat();
  assert.equal(count, 1);
  ends[0]();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(count, 2);
  ends[1]();
  await first;
  assert.deepEqual([count, most], [2, 1]);
});

test("word of a new version is a beat, and whether word comes is known", async () => {
  const source = new EventTarget();
  let [count, changes] = [0, 0];
  const pulse = new Pulse({ beat: async () => { count++; return true; }, clock: clockOf() });
  pulse.listen(source, () => changes++);
  source.dispatchEvent(new Event("open"));
  assert.equal(pulse.isLive, true);
  // Who asks by hand is not told either.
  source.dispatchEvent(new Event("version"));
  assert.equal(pulse.running, null);
  pulse.setInterval(60);
  source.dispatchEvent(new Event("version"));
  await pulse.running;
  source.dispatchEvent(new Event("error"));
  assert.deepEqual([count, pulse.isLive, changes], [1, false, 2]);
});

// MARK: Figures

test("numbers keep their digits", () => {
  assert.deepEqual(["0.0870", "0.02", "0.0000", "0.5", "1", "12.3456", "-0.01"].map(percent), ["8.70%", "2%", "0.00%", "50%", "100%", "1234.56%", "-1%"]);
  assert.equal(percent(null), "–");
  assert.deepEqual([grouped(1234567), grouped("1234.50"), grouped(null), grouped(0)], ["1,234,567", "1,234.50", "–", "0"]);
  assert.deepEqual([shareText(2, 3), shareText(3, 3), shareText(999, 1000), shareText(0, 0), shareText(null, 2)], ["66.6%", "100.0%", "99.9%", "–", "–"]);
  assert.deepEqual([numberOf(readJSON("1.50")), numberOf(null), numberOf("3")], [1.5, null, null]);
  assert.deepEqual([passedOfYear("2016-12-31"), passedOfYear("2017-12-31"), passedOfYear("2017-01-01")], [1, 1, 1 / 365]);
});

const group = (field, year, count, persons, code) => ({ key: { [field]: { value: year }, ...(code ? { village: { code } } : {}) }, aggregate: { count, sum: { memberCount: persons } } });
const plan = {
  targets: { nodes: [[2016, 741], [2017, 1234], [2018, 494]].map(([year, count]) => ({ year, subject: "PERSON", count, plan: { name: "P" } })) },
  planned: {
    groups: [group("plannedExitYear", 2016, 329, 740), group("plannedExitYear", 2017, 549, 1234), group("plannedExitYear", null, 3, 9)],
    byVillage: [group("plannedExitYear", 2016, 10, 20, "1"), group("plannedExitYear", 2017, 4, 9, "2"), group("plannedExitYear", 2018, 5, 5, "2")],
  },
  left: { groups: [group("exitYear", 2016, 329, 741)], byVillage: [group("exitYear", 2016, 10, 20, "1")] },
  villagesPlanned: { groups: [{ key: { plannedExitYear: { value: 2016 } }, aggregate: { count: 6 } }] },
  villagesLeft: { groups: [{ key: { exitYear: { value: 2016 } }, aggregate: { count: 6 } }] },
  poorVillages: { totalCount: 21 },
  villages: { totalCount: 24, nodes: [
    { code: "1", name: "one", isPoorVillage: true, exitStatus: "EXITED", exitYear: 2016, plannedExitYear: 2016, exitDate: "2016-12-31" },
    { code: "2", name: "two", isPoorVillage: false }, { code: "3", name: "three", isPoorVillage: true, plannedExitYear: 2018 }, { code: "4", name: "four", isPoorVillage: false },
  ] },
};

test("the plan is behind by what is due and not done; the running year by the days that have passed", () => {
  const { source, years } = planByYear(plan, { subject: "persons", asOf: "2017-12-31", isWhole: true });
  assert.equal(source, "P");
  assert.deepEqual(years.map((one) => [one.year, one.plan, one.fact, one.planTotal, one.factTotal, one.state, one.missing]), [
    [2016, 741, 741, 741, 741, "reached", 0], [2017, 1234, 0, 1975, 741, "behind", 1234], [2018, 494, 0, 2469, 741, "toCome", 0],
  ]);
  // Half of 365 days is not whole: 1234 × 181/365 = 611.9…
  assert.equal(planByYear(plan, { subject: "persons", asOf: "2017-06-30", isWhole: true }).years[1].missing, 612);
  assert.equal(planByYear(plan, { subject: "persons", asOf: "2015-06-30", isWhole: true }).years.every((one) => one.state === "toCome"), true);
  // Ahead of what is due so far, and not done yet.
  const ahead = { ...plan, left: { groups: [group("exitYear", 2016, 1, 741), group("exitYear", 2017, 1, 700)] } };
  assert.deepEqual(planByYear(ahead, { subject: "persons", asOf: "2017-06-30", isWhole: true }).years[1].state, "onTrack");
});

test("of an area, and where no one plan says so, the planned years are counted", () => {
  const of = (data, isWhole = true, subject = "persons") => planByYear(data, { subject, asOf: "2017-12-31", isWhole });
  assert.deepEqual([of(plan, false).source, of(plan, false).years[0].plan], ["", 740]);
  const two = { ...plan, targets: { nodes: [...plan.targets.nodes, { year: 2016, subject: "PERSON", count: 1, plan: { name: "Q" } }] } };
  assert.deepEqual([of(two).source, of(two).years[0].plan], ["", 740]);
  assert.deepEqual(of(plan, true, "villages").years.map((one) => [one.year, one.plan, one.fact]), [[2016, 6, 6]]);
  assert.deepEqual(of({}).years, []);
});

test("villages that are behind come first, with a cell for every year", () => {
  const { years, rows } = planByVillage(plan, { subject: "households", asOf: "2017-12-31" });
  assert.deepEqual(years, [2016, 2017, 2018]);
  assert.deepEqual(rows.map((row) => [row.code, row.missing, row.exitYear, row.cells.map((cell) => `${cell.fact}/${cell.plan} ${cell.state}`).join(", ")]), [
    ["2", 4, null, "0/0 reached, 0/4 behind, 0/5 toCome"], ["1", 0, 2016, "10/10 reached, 0/0 reached, 0/0 toCome"], ["3", 0, null, "0/0 reached, 0/0 reached, 0/0 toCome"],
  ]);
  // A village whose exit was announced later than the day is not out on it.
  assert.equal(planByVillage(plan, { subject: "persons", asOf: "2016-06-30" }).rows.find((row) => row.code === "1").exitYear, null);
  // Of a list that was cut off, nothing is said.
  assert.equal(planByVillage(plan, { subject: "persons", asOf: "2017-12-31", limit: 3 }), null);
  assert.deepEqual(villagesOut(plan), { out: 6, all: 21 });
});

test("the threshold is what the answer was made with, and nothing else", () => {
  const parameters = [{ name: "village.exit.incidenceMax", value: "0.03", from: "ROW", row: "r" }, { name: "village.exit.incidenceInclusive", value: "true", from: "MODEL" }];
  assert.deepEqual(thresholdOf(parameters), { value: 0.03, text: "0.03", isInclusive: true, from: "ROW", row: "r" });
  assert.equal(thresholdOf([]), null);
  assert.equal(thresholdOf([{ name: "village.exit.incidenceMax", value: null }]), null);
  const data = readJSON(`{"villages":{"totalCount":9,"nodes":[{"code":"1","name":"a","incidence":0.0100,"meetsIncidence":true},{"code":"2","name":"b","incidence":0.0870,"meetsIncidence":false}]},
    "meeting":{"totalCount":4},"unknown":{"totalCount":1,"nodes":[{"code":"3","name":null}]}}`);
  const found = incidence(data, parameters);
  assert.deepEqual(found.rows.map((row) => [row.code, row.text, row.meets]), [["2", "0.0870", false], ["1", "0.0100", true]]);
  assert.deepEqual([found.meeting, found.failing, found.unknown, found.unknownRows], [4, 5, 1, [{ code: "3", name: "3" }]]);
  assert.equal(incidence({}, []).rows.length, 0);
});

test("teams stay in the order of their answer, and the sums are of all villages", () => {
  const team = (number, poor, visited) => ({ number, name: `team ${number}`, village: { code: number, name: number, poor: { totalCount: poor }, visited: { totalCount: visited } } });
  const found = coverage({ workTeams: { totalCount: 9, nodes: [team("3", 4, 1), team("2", 4, 4), team("1", 0, 0)] }, poor: { totalCount: 80 }, visited: { totalCount: 50 }, withoutTeam: { totalCount: 2 } });
  assert.deepEqual(found.rows.map((row) => [row.number, row.share]), [["3", 0.25], ["2", 1], ["1", null]]);
  assert.deepEqual([found.poor, found.visited, found.withoutTeam, found.total], [80, 50, 2, 9]);
  // Hidden numbers are no zeros.
  const hidden = coverage({ workTeams: { nodes: [{ number: "1", village: null }] } });
  assert.deepEqual([hidden.rows[0].share, hidden.poor], [null, null]);
});

test("cases stand in the order of their procedure, the open ones first", () => {
  const one = (type, state, count) => ({ key: { type, state }, aggregate: { count } });
  const found = cases({ open: { totalCount: 3, groups: [one("EXIT", "B", 1), one("EXIT", "A", 2)] }, closed: { totalCount: 4, groups: [one("ENTRY", "Z", 4)] } }, { types: ["ENTRY", "EXIT"], states: ["A", "B"] });
  assert.deepEqual(found.rows.map((row) => `${row.isOpen} ${row.type} ${row.state} ${row.count}`), ["true EXIT A 2", "true EXIT B 1", "false ENTRY Z 4"]);
  assert.deepEqual([found.open, found.closed], [3, 4]);
});

test("a number that is not told is none, and not 0", () => {
  const found = totals({ registered: { aggregate: { count: null, sum: null } } });
  assert.deepEqual([found.registered, found.unvisited, found.money], [{ households: null, persons: null }, null, ""]);
  assert.equal(totals({ money: { aggregate: { sum: { amount: readJSON("12.50") } } } }).money, "12.50");
});

// MARK: Documents and sheets

test("fields, arguments and variables that a schema does not have are left out, and nothing else", () => {
  const text = `query Card("A number." $number: String! $other: Date $genre: Genre = NOVEL) {
    book(number: $number) { number title secret author { name wages } hidden { x(at: $other) } }
    books(where: {number: {eq: $number} genre: {eq: $genre}}) { nodes { number } }
    gone(a: 1) { b }
  }`;
  const { document, missing } = prune(text, schema);
  assert.deepEqual(missing, ["Book.secret", "Author.wages", "Book.hidden", "Query.gone"]);
  assert.equal(document.replace(/\s+/g, " "), `query Card("A number." $number: String! $genre: Genre = NOVEL) { book(number: $number) { number title author { name } } books(where: {number: {eq: $number} genre: {eq: $genre}}) { nodes { number } } }`);
  const whole = "query A($n: String!) { book(number: $n) { ... on Book { title } ...F } }";
  assert.deepEqual(prune(whole, schema), { document: whole, missing: [] });
});

test("a list whose condition is not known is left out, for without it the list would be another", () => {
  const { document, missing } = prune("query Q($g: Genre $d: Date) { books(where: {secret: {eq: 1}}) { totalCount } other: books(where: {published: {lt: $d}}) { totalCount } }", schema);
  assert.deepEqual(missing, ["Query.books"]);
  assert.equal(document.replace(/\(\s+/, "("), "query Q($d: Date) {  other: books(where: {published: {lt: $d}}) { totalCount } }");
  assert.deepEqual(prune("{ nothing { a } }", schema), { document: "", missing: ["Query.nothing"] });
  assert.equal(prune("query Q($a: Int) { book(number: \"1\") { author { wages } title } }", schema).document, "query Q { book(number: \"1\") {  title } }");
});

const cardSchema = readSchema(`
type Query { card(number: String!): Card stocks: StockConnection! }
type Card { "「号」" number: String! "「作者」" author: Author "「已付」" paid: Boolean "「合格」" good: Boolean "「单」" orders: OrderConnection! "「份额」" share: Ratio "「年」" year: Int stocks: StockConnection! }
type Author { "「名」" name: String "「号码」" number: String }
type OrderConnection { totalCount: Int! nodes: [Order!]! }
type Order { "「日」" on: Date "「状」" state: State "「额」" amount: Decimal "「经手」" by: Author "「件」" parts: PartConnection! }
type PartConnection { nodes: [Part!]! }
type Part { "「名」" name: String }
enum State { "「新」" NEW_ONE OLD_ONE }
"「库」" type Stock { "「类」" kind: State "「数」" held: Int }
type StockConnection { groups(by: [Int]): [StockGroup!]! }
type StockGroup { key: StockKey aggregate: StockAggregate }
type StockKey { kind: State }
type StockAggregate { count: Int sum: StockSum }
type StockSum { held: Decimal }
scalar Date scalar Decimal scalar Ratio
`);
const cardDocument = "query C($n: String!) { card(number: $n) { number author { name number } paid good share year orders { totalCount nodes { on state amount by { name number } parts { nodes { name } } } } stocks { groups(by: [1]) { key { kind } aggregate { count sum { held } } } } } }";

test("a sheet has facts, verdicts with their rules, and a table for each list, called as the model calls them", () => {
  const row = readJSON(`{"number":"n1","author":{"name":"x","number":"7"},"paid":true,"good":null,"share":0.0870,"year":2017,
    "orders":{"totalCount":5,"nodes":[{"on":"2017-01-01","state":"NEW_ONE","amount":1200.00,"by":{"name":"y","number":"8"},"parts":{"nodes":[{"name":"p"}]}},{"on":null,"state":null,"amount":null,"by":null,"parts":{"nodes":[]}}]},
    "stocks":{"groups":[{"key":{"kind":"OLD_ONE"},"aggregate":{"count":3,"sum":{"held":12}}}]}}`);
  const labels = { ...labelsOf(cardDocument, cardSchema), schema: cardSchema };
  setLanguage("zh");
  const sheet = sheetOf(row, "card", labels, new Set(["Card.good"]));
  assert.deepEqual(sheet.facts.map((fact) => `${fact.label}: ${fact.text}`), ["号: n1", "作者: x · 7", "已付: 是", "份额: 8.70%", "年: 2017"]);
  assert.deepEqual(sheet.verdicts, [{ name: "good", label: "合格", rule: "Card.good", holds: null }]);
  const [orders, stocks] = sheet.sections;
  assert.deepEqual([orders.title, orders.total, orders.columns.map((column) => column.label)], ["单", 5, ["日", "状", "额", "经手", "件"]]);
  assert.deepEqual(orders.rows.map((one) => one.cells), [["2017-01-01", "新", "1,200", "y", "p"], ["–", "–", "–", "–", "–"]]);
  assert.deepEqual([stocks.title, stocks.columns.map((column) => column.label), stocks.rows[0].cells], ["库", ["类", "数量", "数合计"], ["old one", "3", "12"]]);
  // Two of them stay in the row that they belong to.
  const two = sheetOf(readJSON(`{"orders":{"nodes":[{"on":"2017-01-01","parts":{"nodes":[{"name":"p"},{"name":"q"}]}}]}}`), "card", labels);
  assert.deepEqual(two.sections[0].rows.map((one) => one.cells), [["2017-01-01", "p; q"]]);
  setLanguage("en");
  const english = sheetOf(row, "card", labels, new Set(["Card.good"]));
  assert.deepEqual(english.sections[0].columns.map((column) => column.label), ["on", "state", "amount", "by", "parts"]);
  assert.equal(english.sections[0].rows[0].cells[1], "new one");
  setLanguage("zh");
});

test("what a role does not get leaves no gap, and an empty list is named", () => {
  const labels = labelsOf(cardDocument, cardSchema);
  const sheet = sheetOf(readJSON(`{"number":"n1","author":null,"orders":{"totalCount":0,"nodes":[]}}`), "card", labels, new Set());
  assert.deepEqual([sheet.facts.length, sheet.sections.length, sheet.empty], [1, 0, ["单"]]);
  // Without a schema, by the names alone.
  assert.equal(sheetOf(readJSON(`{"planYear":2017}`), "card", labelsOf(cardDocument, null)).facts[0].label, "plan year");
  assert.deepEqual([spaced("perCapitaNetIncome"), spaced("LACK_OF_LAND"), spaced("ncmsURL")], ["per capita net income", "lack of land", "ncms url"]);
});

test("a question that a role does not have is not asked in vain: of a sheet its part is asked, of a panel nothing", async () => {
  const asked = [];
  const texts = {
    "/q": '[{"name":"card","problems":["Order is not there"]},{"name":"other","problems":[]}]',
    "/q/card/source": "query C($n: String! $first: Int = 2) { book(number: $n) { title wages } books(first: $first) { totalCount } }",
    "/schema.graphql": "type Query { book(number: String!): Book books(first: Int): Books } type Books { totalCount: Int } type Book { title: String }",
  };
  const before = globalThis.fetch;
  globalThis.fetch = async (target, options) => {
    asked.push([target, options?.body]);
    const body = texts[target] ?? (target.startsWith("/graphql") ? '{"data":{"book":{"title":"t"},"explainRules":[{"name":"Book.isOld"}]}}' : target.startsWith("/q/other") ? '{"data":{}}' : "");
    return { ok: body !== "", status: body === "" ? 404 : 200, headers: new Map(), text: async () => body };
  };
  try {
    const server = new Server();
    await server.renew();
    const part = await server.ask("card", [["n", "7"], ["first", "5"], ["gone", "x"]], { asOf: "2017-06-30", version: "", minimum: "3" }, [], true);
    assert.deepEqual([part.leftOut, part.value.data.book.title, resultOf(part).state], [["Book.wages"], "t", "answered"]);
    const [target, body] = asked.at(-1);
    assert.equal(target, "/graphql?asOf=2017-06-30&version=3");
    assert.deepEqual(JSON.parse(body), { query: "query C($n: String! $first: Int = 2) { book(number: $n) { title  } books(first: $first) { totalCount } }", variables: { n: "7", first: 5 } });
    assert.ok(server.rules.has("Book.isOld"));
    const none = await server.ask("card", [["n", "7"]], { asOf: "", version: "", minimum: "" }, [], false);
    assert.deepEqual([resultOf(none).state, asked.some(([name]) => name.startsWith("/q/card?"))], ["refused", false]);
    assert.equal((await server.ask("other", [], { asOf: "", version: "", minimum: "" }, [["param.profile", "D1"]], false)).status, 200);
    assert.equal(asked.at(-1)[0], "/q/other?param.profile=D1");
  } finally {
    globalThis.fetch = before;
  }
});

// MARK: The address, and words

test("an address says what is looked at, and what cannot be read is left out", () => {
  const place = placeOf("#village=42%2601&asOf=2017-06-30&area=9&profile=D1&subject=villages&other=1");
  assert.deepEqual(place, { view: "village", key: "42&01", asOf: "2017-06-30", area: "9", profile: "D1", subject: "villages" });
  assert.deepEqual(placeOf(fragmentOf(place)), place);
  assert.deepEqual(placeOf(fragmentTo(place, "wall")), { ...place, view: "wall", key: "" });
  assert.deepEqual(placeOf("#asOf=yesterday&household=").view, "wall");
  assert.equal(placeOf("#asOf=yesterday").asOf, "");
});

test("every word is there in both languages with the same holes, and every word that is asked for is there", () => {
  const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();
  for (const [key, entry] of Object.entries(wallWords)) {
    assert.ok(entry.length === 2 && entry.every((text) => text !== ""), key);
    assert.equal(holes(entry[0]), holes(entry[1]), key);
    assert.match(entry[0] + entry[1], /./, key);
  }
  const folder = new URL("../../Schema/pages/wall/", import.meta.url);
  const asked = new Set();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".js") && file !== "words.js")) {
    const text = readFileSync(new URL(name, folder), "utf8");
    for (const match of text.matchAll(/"(wall\.\w+)"|\bword\("(\w+)"/g)) if (!/^wall\.(interval)$/.test(match[1] ?? "")) asked.add(match[1] ?? match[2]);
  }
  assert.ok(asked.size > 60, `${asked.size}`);
  for (const key of asked) assert.ok(allWords[key], key);
  const used = [...asked].join() + readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8")).join();
  for (const key of Object.keys(wallWords)) {
    const isMade = ["planned", "done", "plannedTotal", "doneTotal", "nobody", "leftOffice", "version", "published", "asOf", "checked", "personsLong", "householdsLong", "villagesLong"].some((name) => key === `wall.${name}`);
    assert.ok(isMade || used.includes(`"${key}"`), `${key} is never said`);
  }
});
