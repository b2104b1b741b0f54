// The panels of the wall: what is drawn of each answer.

import { el } from "../console/dom.js";
import { either, language, word } from "../console/words.js";
import { fragmentTo } from "./address.js";
import { bar, planChart, table } from "./charts.js";
import { cases, coverage, incidence, planByVillage, planByYear, totals, villagesOut } from "./figures.js";
import { grouped, percent, shareText } from "./numbers.js";
import { spaced } from "./sheet.js";

/**
 * @typedef {{place: import("./address.js").Place, round: import("./rounds.js").Round, schema: Object|null, width: number}} Context
 *   `width`: of a panel's inside, in pixels.
 */

/** As many pairs of village and year are asked for. */
export const pairLimit = 1000;

export const subjectWord = (subject) => word(`wall.${subject}Long`);
const linkTo = (context, view, key, text) => el("a", { href: fragmentTo(context.place, view, key) }, text);
const number = (content) => ({ content, class: "number" });
const numberHead = (text) => ({ text, class: "number" });
const scroll = (label, content) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
const note = (text, name = "note") => el("p", { class: name }, text);

/** The numbers above all others. `plan`: the answer about the plan, if there is one. */
export function tiles(data, context, plan) {
  const found = totals(data);
  const year = context.round.asOf.slice(0, 4);
  const pair = (one) => [grouped(one.households), word("wall.households"), grouped(one.persons), word("wall.persons")];
  const shown = [
    [word("wall.registered"), pair(found.registered), ""],
    [word("wall.poor"), pair(found.poor), ""],
    [word("wall.exits", { year }), pair(found.exits), word("wall.ofPlan", { households: grouped(found.planned.households), persons: grouped(found.planned.persons) })],
  ];
  if (plan) {
    const { out, all } = villagesOut(plan);
    shown.push([word("wall.villagesOut"), [grouped(out), word("wall.villages")], word("wall.ofVillages", { count: grouped(all) })]);
  }
  shown.push(
    [word("wall.unvisited"), [grouped(found.unvisited), word("wall.households")], word("wall.pairings", { count: grouped(found.pairings) })],
    [word("wall.withoutHelper"), [grouped(found.withoutHelper), word("wall.households")], ""],
    [word("wall.money", { year }), moneyParts(found.money), ""]);
  return el("dl", { class: "tiles" }, ...shown.map(([name, parts, below]) => el("div", { class: "tile" },
    el("dt", {}, name),
    el("dd", {}, ...parts.map((part, index) => el("span", { class: index % 2 === 0 ? "figure" : "unit" }, part)), below ? el("small", {}, below) : null))));
}

/** Tens of thousands where there are some, in Chinese. */
function moneyParts(text) {
  if (text === "") return ["–", word("wall.yuan")];
  const amount = Number(text);
  if (language() === "zh" && amount >= 100_000) return [grouped((amount / 10_000).toFixed(2)), word("wall.tenThousandYuan")];
  return [grouped(text.replace(/\.00$/, "")), word("wall.yuan")];
}

/** The plan by year. */
export function planPanel(data, context, { subject = context.subject, isWhole = context.place.area === "" } = {}) {
  const { source, years } = planByYear(data, { subject, asOf: context.round.asOf, isWhole });
  if (years.length === 0) return [note(word("wall.noData"))];
  const states = { reached: "wall.reached", onTrack: "wall.onTrack", behind: "wall.behind", toCome: "wall.toCome" };
  const title = word("wall.planChart", { subject: subjectWord(subject) });
  return [
    planChart(years, {
      title, width: context.width, until: Number(context.round.asOf.slice(0, 4)),
      words: { planned: word("wall.planned"), done: word("wall.done"), byYear: `${word("wall.byYear")} · ${subjectWord(subject)}`, inTotal: `${word("wall.inTotal")} · ${subjectWord(subject)}` },
    }),
    scroll(title, table(title, [word("wall.year"), ...["planned", "done", "plannedTotal", "doneTotal"].map((name) => numberHead(word(`wall.${name}`))), word("wall.state")],
      years.map((one) => [String(one.year), number(grouped(one.plan)), number(grouped(one.fact)), number(grouped(one.planTotal)), number(grouped(one.factTotal)),
        { content: word(states[one.state], { count: grouped(one.missing) }), class: one.state }]))),
    note([source ? word("wall.planSource", { plan: source }) : word("wall.planAssigned"), word("wall.proRata")].join(language() === "zh" ? "" : " ")),
  ];
}

/** The plan by village and year. */
export function planVillagesPanel(data, context, limit = 60) {
  const subject = context.subject === "persons" ? "persons" : "households";
  const found = planByVillage(data, { subject, asOf: context.round.asOf, limit: pairLimit });
  if (found === null) return [note(word("wall.tooManyVillages"))];
  const { years, rows } = found;
  if (rows.length === 0) return [note(word("wall.noData"))];
  const label = word("wall.planVillages");
  const marks = { behind: "▲", reached: "✓", toCome: "" };
  const body = rows.slice(0, limit).map((row) => [
    linkTo(context, "village", row.code, row.name),
    ...row.cells.map((cell) => ({ content: cell.plan === 0 && cell.fact === 0 ? "" : `${grouped(cell.fact)}/${grouped(cell.plan)} ${cell.plan === 0 ? "" : marks[cell.state]}`, class: `number ${cell.state}` })),
    { content: row.exitYear !== null ? word("wall.outIn", { year: row.exitYear }) : row.plannedYear !== null ? word("wall.plannedFor", { year: row.plannedYear }) : "–", class: row.exitYear !== null ? "reached" : "" },
  ]);
  return [
    scroll(label, table(label, [word("wall.village"), ...years.map((year) => numberHead(String(year))), word("wall.listed")], body)),
    ...more(limit, rows.length),
    note(word("wall.doneOfPlanned", { subject: subjectWord(subject) })),
  ];
}

/** Villages by incidence, with the threshold that the answer was made with. */
export function incidencePanel(data, context, parameters, limit = 60) {
  const found = incidence(data, parameters);
  const { threshold } = found;
  const highest = Math.max(threshold?.value ?? 0, ...found.rows.map((row) => row.rate ?? 0), 1e-6) * 1.02;
  const body = found.rows.slice(0, limit).map((row) => [
    linkTo(context, "village", row.code, row.name),
    { content: bar(row.rate === null ? null : row.rate / highest, { threshold: threshold === null ? null : threshold.value / highest, isWrong: row.meets === false }), class: "bars" },
    number(percent(row.text === "" ? null : row.text)),
    number(grouped(row.persons)),
    { content: word(row.meets === null ? "wall.unknown" : row.meets ? "wall.meets" : "wall.fails"), class: row.meets === false ? "behind" : row.meets ? "reached" : "" },
  ]);
  const label = word("wall.incidence");
  return [
    note(threshold === null ? word("wall.noThreshold") : word(threshold.isInclusive ? "wall.thresholdUpTo" : "wall.thresholdUnder", { value: percent(threshold.text), source: sourceOf(threshold) }), "limit-note"),
    note(word("wall.incidenceSums", { meeting: grouped(found.meeting), failing: grouped(found.failing), unknown: grouped(found.unknown) })),
    body.length === 0 ? note(word("wall.noData"))
      : scroll(label, table(label, [word("wall.village"), word("wall.threshold"), numberHead(word("wall.rate")), numberHead(word("wall.poorPersons")), word("wall.state")], body, { class: "with-bars" })),
    ...more(Math.min(limit, found.rows.length), found.total),
    ...(found.unknownRows.length === 0 ? [] : [el("p", { class: "note" }, `${word("wall.unknown")}: `, ...found.unknownRows.slice(0, 20).flatMap((row, index) => [index === 0 ? "" : either("、", ", "), linkTo(context, "village", row.code, row.name)]))]),
  ];
}

function sourceOf(threshold) {
  if (threshold.from === "ROW") return word("wall.fromRow", { row: threshold.row });
  return word(threshold.from === "MODEL" ? "wall.fromModel" : "wall.fromRequest");
}

/** How far each team's village is visited. */
export function coveragePanel(data, context, limit = 60) {
  const found = coverage(data);
  const label = word("wall.coverage");
  const body = found.rows.slice(0, limit).map((row) => [
    linkTo(context, "village", row.code, row.village || row.name),
    row.leader,
    { content: bar(row.share, { isFull: true }), class: "bars" },
    number(`${grouped(row.visited)}/${grouped(row.poor)}`),
    number(row.poor === 0 ? word("wall.nobodyPoor") : shareText(row.visited, row.poor)),
  ]);
  return [
    note(word("wall.coverageSums", { poor: grouped(found.poor), visited: grouped(found.visited), share: shareText(found.visited, found.poor) })),
    body.length === 0 ? note(word("wall.noData"))
      : scroll(label, table(label, [word("wall.team"), word("wall.leader"), word("wall.share"), numberHead(word("wall.visited")), numberHead("%")], body, { class: "with-bars" })),
    ...more(Math.min(limit, found.rows.length), found.total),
    ...(found.withoutTeam > 0 ? [note(word("wall.withoutTeam", { count: grouped(found.withoutTeam) }), "note behind")] : []),
  ];
}

/** Households that nobody is mainly responsible for. */
export function helpersPanel(data, context) {
  return ["nobody", "leftOffice"].flatMap((part) => {
    const rows = data[part]?.nodes ?? [];
    const total = data[part]?.totalCount ?? null;
    return [
      note(word(`wall.${part}`, { count: grouped(total) }), total > 0 ? "sum behind" : "sum"),
      rows.length === 0 ? null : el("ul", { class: "households" }, ...rows.map((row) => el("li", {},
        linkTo(context, "household", row.number, row.number), row.village ? el("small", {}, ` ${row.village.name ?? row.village.code}`) : null))),
      ...more(rows.length, total ?? rows.length),
    ];
  }).filter(Boolean);
}

/** Cases by state, those that are open first. */
export function casesPanel(data, context) {
  const names = (type) => [...(context.schema?.types.get(type)?.values.values() ?? [])];
  const labels = new Map(["CaseType", "CaseState"].map((type) => [type, new Map(names(type).map((value) => [value.name, value.label]))]));
  const order = { types: names("CaseType").map((value) => value.name), states: names("CaseState").map((value) => value.name) };
  const found = cases(data, order);
  const shown = (type, name) => (name === "" ? "–" : either(labels.get(type).get(name) ?? "", spaced(name)) || spaced(name));
  const highest = Math.max(1, ...found.rows.map((row) => row.count ?? 0));
  const sums = note(`${word("wall.open", { count: grouped(found.open) })} · ${word("wall.closed", { year: context.round.asOf.slice(0, 4), count: grouped(found.closed) })}`, "sum");
  if (found.rows.length === 0) return [sums, note(word("wall.noData"))];
  const label = word("wall.cases");
  return [sums, scroll(label, table(label, [word("wall.type"), word("wall.state"), "", numberHead(word("wall.count"))],
    found.rows.map((row) => [shown("CaseType", row.type), shown("CaseState", row.state), { content: bar((row.count ?? 0) / highest, { isFull: !row.isOpen }), class: "bars" }, number(grouped(row.count))]), { class: "with-bars" }))];
}

function more(shown, total) {
  return total > shown ? [note(word("wall.firstOf", { shown: grouped(shown), count: grouped(total) }))] : [];
}
