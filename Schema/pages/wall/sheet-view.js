// A sheet of paper on the screen: a household's card, a village's book.

import { el } from "../console/dom.js";
import { word } from "../console/words.js";
import { fragmentTo } from "./address.js";
import { bar, table } from "./charts.js";

/** Columns that are drawn beside their numbers, by their place in a list. */
const drawn = { incomes: "perCapitaNetIncome", years: "incidenceAtYearEnd" };

/**
 * @param {ReturnType<typeof import("./sheet.js").sheetOf>} sheet
 * @param {{place: import("./address.js").Place, key: string, version: string, asOf: string, leftOut: string[]}} context
 */
export function sheetView(sheet, context) {
  return [
    sheet.verdicts.length === 0 ? null : verdicts(sheet.verdicts, context),
    sheet.facts.length === 0 ? null : el("section", { class: "panel facts-panel", "aria-labelledby": "sheet-facts" }, el("h2", { id: "sheet-facts" }, word("wall.facts")),
      el("dl", { class: "pairs" }, ...sheet.facts.map((fact) => el("div", {}, el("dt", {}, fact.label), el("dd", {}, linked(fact, context)))))),
    ...sheet.sections.map((section, index) => sectionView(section, `sheet-${index}`, context)),
    sheet.empty.length === 0 ? null : el("p", { class: "note" }, word("wall.noRecords", { names: sheet.empty.join(", ") })),
    context.leftOut.length === 0 ? null : el("p", { class: "note" }, word("wall.leftOut", { count: context.leftOut.length, names: context.leftOut.join(", ") })),
  ].filter(Boolean);
}

function verdicts(list, context) {
  const states = new Map([[true, ["wall.holds", ""]], [false, ["wall.holdsNot", ""]], [null, ["wall.cannotTell", "unsure"]]]);
  return el("section", { class: "panel verdicts", "aria-labelledby": "sheet-verdicts" }, el("h2", { id: "sheet-verdicts" }, word("wall.verdicts")),
    el("ul", {}, ...list.map((verdict) => {
      const [key, name] = states.get(verdict.holds);
      return el("li", {}, el("span", { class: "name" }, verdict.label), " ", el("strong", { class: name }, word(key)), " ",
        el("a", { class: "why", href: explanation(verdict.rule, context) }, word("wall.why"), el("span", { class: "unseen" }, ` · ${verdict.label}`)));
    })));
}

/** The page that says why, of the same version and day. */
function explanation(rule, { key, version, asOf }) {
  return `/explain/${encodeURIComponent(rule)}?${new URLSearchParams({ key, asOf, version })}`;
}

/** What leads to a sheet of its own is a link. */
function linked(fact, { place }) {
  const last = fact.path.split(".").at(-1);
  if (last === "village" && fact.value?.code) return el("a", { href: fragmentTo(place, "village", fact.value.code) }, fact.text);
  return fact.text;
}

function sectionView(section, id, context) {
  const list = section.path.split(".").at(-1);
  const drawnColumn = section.columns.findIndex((column) => column.name === drawn[list]);
  const numbers = drawnColumn < 0 ? [] : section.rows.map((row) => Number(row.values[drawnColumn] ?? NaN));
  const highest = Math.max(0, ...numbers.filter((value) => !Number.isNaN(value)));
  const heads = section.columns.flatMap((column, index) => [
    column.isNumeric ? { text: column.label, class: "number" } : column.label,
    ...(index === drawnColumn && highest > 0 ? [{ text: "", class: "bars" }] : []),
  ]);
  const isHouseholds = list === "households" && section.columns[0]?.name === "number";
  const rows = section.rows.map((row, at) => row.cells.flatMap((text, index) => {
    const content = isHouseholds && index === 0 ? el("a", { href: fragmentTo(context.place, "household", text) }, text) : text;
    const cell = { content, class: section.columns[index].isNumeric ? "number" : "" };
    return index === drawnColumn && highest > 0 ? [cell, { content: bar(Number.isNaN(numbers[at]) ? null : numbers[at] / highest), class: "bars" }] : [cell];
  }));
  return el("section", { class: "panel", "aria-labelledby": id }, el("h2", { id }, section.title),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": id }, table(section.title, heads, rows)),
    section.total === null ? null : el("p", { class: "note" }, word("wall.moreRows", { count: section.total, shown: section.rows.length })));
}
