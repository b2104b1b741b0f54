// What each view of the wall asks, and how its answers are put together.

import { el } from "../console/dom.js";
import { isObject } from "../console/json-text.js";
import { labelsOf } from "../console/labels.js";
import { word } from "../console/words.js";
import { casesPanel, coveragePanel, helpersPanel, incidencePanel, pairLimit, planPanel, planVillagesPanel, tiles } from "./panels.js";
import { sheetOf } from "./sheet.js";
import { sheetView } from "./sheet-view.js";

/**
 * @typedef {{questions: (place: import("./address.js").Place) => import("./rounds.js").Question[], isSheet: boolean,
 *   draw: (context: Object) => Node[], heading: (context: Object) => string}} View
 *   `isSheet`: what a role may not see of it is left out, and the rest asked for.
 */

const inArea = (place) => (place.area === "" ? [] : [["area", place.area]]);
const yearOf = (asOf) => [["year", asOf.slice(0, 4)]];

/** What is for others is nothing that has gone wrong. */
const isForOthers = (result) => result.state === "refused" && (result.status === 404 || result.code === "FORBIDDEN");

/** A panel with its heading; what could not be had is said in it, above the figures that there were. */
function panel(context, name, heading, draw, classes = "") {
  const id = `panel-${name}`;
  const result = context.round.results.get(name.replace(/\..*/, ""));
  const trouble = context.troubles.get(name.replace(/\..*/, ""));
  const isAnswered = result?.state === "answered";
  const parts = [el("h2", { id }, heading)];
  if (trouble !== undefined) {
    const text = isAnswered ? word("wall.old", { version: context.round.version, reason: trouble.reason }) : word("wall.failed", { reason: trouble.reason });
    parts.push(el("p", { class: "trouble" }, text));
  } else if (result?.state === "refused") {
    parts.push(isForOthers(result) ? el("p", { class: "note not-for-role" }, word("wall.notForRole")) : el("p", { class: "trouble" }, word("wall.refused", { reason: result.reason })));
  }
  if (isAnswered) parts.push(...draw(result.data, result));
  return el("section", { class: `panel ${classes}${trouble !== undefined && isAnswered ? " old" : ""}`, "aria-labelledby": id, "data-question": name }, ...parts);
}

const wall = {
  isSheet: false,
  questions: (place) => [
    { name: "plan-and-fact", title: "wall.plan", parameters: () => [["first", String(pairLimit)], ...inArea(place)] },
    { name: "dashboard", title: "wall.totals", parameters: (asOf) => [...yearOf(asOf), ...inArea(place)] },
    { name: "incidence-by-village", title: "wall.incidence", parameters: () => [["first", "60"], ...inArea(place)] },
    { name: "coverage-by-team", title: "wall.coverage", parameters: () => [["first", "60"], ...inArea(place)] },
    { name: "households-without-helper", title: "wall.helpers", parameters: () => [["first", "12"], ...inArea(place)] },
    { name: "cases-by-state", title: "wall.cases", parameters: (asOf) => [...yearOf(asOf), ...inArea(place)] },
  ],
  heading: () => word("wall.title"),
  draw: (context) => {
    const plan = context.round.results.get("plan-and-fact");
    const planData = plan?.state === "answered" ? plan.data : null;
    // Whoever is not shown all panels is not shown all rows either: their figures are no village's.
    const isPart = [...context.round.results.values()].some(isForOthers);
    return [
      ...(isPart ? [el("p", { class: "note whose" }, word("wall.whose"))] : []),
      panel(context, "dashboard", word("wall.totals"), (data) => [tiles(data, context, planData)], "totals"),
      el("div", { class: "columns" },
        el("div", { class: "column" },
          panel(context, "plan-and-fact", word("wall.plan"), (data) => planPanel(data, context)),
          panel(context, "plan-and-fact.villages", word("wall.planVillages"), (data) => planVillagesPanel(data, context))),
        el("div", { class: "column" },
          panel(context, "incidence-by-village", word("wall.incidence"), (data, result) => incidencePanel(data, context, result.parameters)),
          panel(context, "cases-by-state", word("wall.cases"), (data) => casesPanel(data, context))),
        el("div", { class: "column" },
          panel(context, "coverage-by-team", word("wall.coverage"), (data) => coveragePanel(data, context)),
          panel(context, "households-without-helper", word("wall.helpers"), (data) => helpersPanel(data, context)))),
    ];
  },
};

const labelsFor = (context, name) => ({ ...labelsOf(context.documents.get(name) ?? "", context.schema), schema: context.schema });

/** The first thing that an answer tells of, which has a sheet. */
function sheetPanels(context, name, root) {
  const result = context.round.results.get(name);
  if (result?.state !== "answered") return [panel(context, name, context.place.key, () => [])];
  const row = result.data[root];
  if (!isObject(row)) return [el("p", { class: "trouble" }, word("wall.notFound", { key: context.place.key }))];
  const labels = labelsFor(context, name);
  const sheet = sheetOf(row, root, labels, context.rules);
  for (const [other, value] of Object.entries(result.data)) {
    if (other === root || !isObject(value)) continue;
    const more = sheetOf({ [other]: value }, "", labels);
    sheet.sections.push(...more.sections);
    sheet.empty.push(...more.empty);
  }
  const trouble = context.troubles.get(name);
  return [
    ...(trouble === undefined ? [] : [el("p", { class: "trouble" }, word("wall.old", { version: context.round.version, reason: trouble.reason }))]),
    ...sheetView(sheet, { place: context.place, key: context.place.key, version: context.round.version, asOf: context.round.asOf, leftOut: result.leftOut }),
  ];
}

function nameIn(context, name, root) {
  const result = context.round.results.get(name);
  const row = result?.state === "answered" ? result.data[root] : null;
  return row?.name ?? row?.head?.name ?? "";
}

const village = {
  isSheet: true,
  questions: (place) => [
    { name: "village-book", title: "wall.book", parameters: () => [["village", place.key]] },
    { name: "plan-and-fact", title: "wall.plan", parameters: () => [["area", place.key]] },
    { name: "village-households", title: "wall.membersOf", parameters: () => [["village", place.key], ["first", "1000"]] },
  ],
  heading: (context) => `${word("wall.book")} ${nameIn(context, "village-book", "village")}`,
  draw: (context) => [
    ...sheetPanels(context, "village-book", "village"),
    panel(context, "plan-and-fact", word("wall.plan"), (data) => planPanel(data, context, { subject: context.subject === "villages" ? "persons" : context.subject, isWhole: false })),
    ...listPanels(context, "village-households", "households"),
  ],
};

/** A list alone, under the sheet. */
function listPanels(context, name, root) {
  const result = context.round.results.get(name);
  if (result?.state !== "answered" || !isObject(result.data[root])) return [panel(context, name, word("wall.membersOf"), () => [])];
  const labels = labelsFor(context, name);
  const { pageInfo, ...connection } = result.data[root];
  const sheet = sheetOf({ [root]: connection }, "", labels);
  return sheetView({ ...sheet, sections: sheet.sections.map((section) => ({ ...section, title: word("wall.membersOf") })) }, {
    place: context.place, key: context.place.key, version: context.round.version, asOf: context.round.asOf, leftOut: result.leftOut,
  });
}

const household = {
  isSheet: true,
  questions: (place) => [{ name: "household-card", title: "wall.card", parameters: () => [["household", place.key]] }],
  heading: (context) => `${word("wall.card")} ${nameIn(context, "household-card", "household")}`,
  draw: (context) => [el("p", { class: "note" }, word("wall.secret")), ...sheetPanels(context, "household-card", "household")],
};

/** @type {Record<string, View>} */
export const views = { wall, village, household };
