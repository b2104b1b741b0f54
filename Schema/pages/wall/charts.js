// Charts of the wall. Told apart without colours: what is planned is hollow, what is done is full. Bars stand in tables, whose numbers are read out.

import { el, svg } from "../console/dom.js";
import { extent, linear, niceScale, tickText } from "../console/scales.js";
import { grouped } from "./numbers.js";

/**
 * A bar in a cell: as long as its part of the greatest value, with a line where the threshold is.
 *
 * @param {number|null} part Of 1.
 * @param {{threshold?: number|null, isFull?: boolean, isWrong?: boolean}} options `isFull`: the rest of 1 is drawn hollow. `isWrong`: on the wrong side.
 */
export function bar(part, { threshold = null, isFull = false, isWrong = false } = {}) {
  const picture = svg("svg", { class: "bar", viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true" });
  if (isFull && part !== null) picture.append(svg("rect", { class: "hollow", x: 1, y: 4, width: 998, height: 12 }));
  if (part !== null) picture.append(svg("rect", { class: isWrong ? "full wrong" : "full", x: 0, y: 4, width: Math.max(part > 0 ? 3 : 0, Math.min(1, part) * 1000), height: 12 }));
  if (threshold !== null) {
    const x = Math.max(1, Math.min(1, threshold) * 1000);
    // Seen on the bar as beside it.
    for (const name of ["limit under", "limit"]) picture.append(svg("line", { class: name, x1: x, x2: x, y1: 0, y2: 20 }));
  }
  return picture;
}

/**
 * @param {string} label What the table is called.
 * @param {(string|{text: string, class?: string})[]} heads
 * @param {Array<Array<Node|string|{content: Node|string, class?: string}>>} rows The first cell names its row.
 */
export function table(label, heads, rows, { foot = null, class: name = "" } = {}) {
  const cell = (one, index) => {
    const { content, class: own } = one !== null && typeof one === "object" && !(one instanceof Node) ? one : { content: one };
    return el(index === 0 ? "th" : "td", { class: own, scope: index === 0 ? "row" : null }, content);
  };
  return el("table", { class: name, "aria-label": label },
    el("thead", {}, el("tr", {}, ...heads.map((head) => (typeof head === "string" ? el("th", { scope: "col" }, head) : el("th", { scope: "col", class: head.class }, head.text))))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell)))),
    foot ? el("tfoot", {}, el("tr", {}, ...foot.map(cell))) : null);
}

/**
 * Bars by year at the left, what they come to over the years at the right.
 *
 * @param {import("./figures.js").planByYear.years} years
 * @param {{title: string, width: number, words: {planned: string, done: string, byYear: string, inTotal: string}, until: number}} options `until`: the last year of which something is known.
 */
export function planChart(years, { title, width, words, until }) {
  // Below each other where their years would have no room beside each other.
  const isNarrow = width < 460 || width / years.length < 120;
  const height = 250;
  const part = isNarrow ? width : width / 2 - 8;
  const picture = svg("svg", {
    class: "plan-chart", role: "img", "aria-label": title, viewBox: `0 0 ${width} ${isNarrow ? 2 * height : height}`, width, height: isNarrow ? 2 * height : height,
  });
  picture.append(yearBars(years, part, height, words),
    svg("g", { transform: isNarrow ? `translate(0 ${height})` : `translate(${width - part} 0)` }, totalLines(years, part, height, words, until)));
  return el("figure", { class: "chart" },
    el("ul", { class: "legend", "aria-hidden": "true" },
      el("li", {}, svg("svg", { class: "key", viewBox: "0 0 20 14" }, svg("rect", { class: "hollow", x: 1, y: 1, width: 18, height: 12 })), words.planned),
      el("li", {}, svg("svg", { class: "key", viewBox: "0 0 20 14" }, svg("rect", { class: "full", x: 1, y: 1, width: 18, height: 12 })), words.done)),
    picture);
}

const [top, bottom, right] = [40, 26, 8];
const letter = 7;
/** Whether numbers have room on a band: where they have not, the table says them. */
const fits = (values, room) => Math.max(0, ...values.map((value) => grouped(value).length)) * letter <= room;

/** The scale at the left of a part, and what it is. */
function frame(highest, width, height, heading) {
  const scale = niceScale(0, Math.max(1, highest), 4);
  const left = Math.max(...scale.ticks.map((tick) => tickText(tick, scale.step).length)) * letter + 12;
  const place = linear(scale.low, scale.high, height - bottom, top);
  const group = svg("g", {}, svg("text", { class: "heading", x: left, y: 14 }, heading));
  for (const tick of scale.ticks.filter(Number.isInteger)) {
    const y = place(tick);
    group.append(svg("line", { class: tick === 0 ? "axis" : "grid", x1: left, x2: width - right, y1: y, y2: y }),
      svg("text", { class: "tick", x: left - 6, y, "text-anchor": "end", "dominant-baseline": "central" }, tickText(tick, scale.step)));
  }
  return { group, left, place };
}

function yearBars(years, width, height, words) {
  const [, highest] = extent(years.flatMap((one) => [one.plan, one.fact]), 0, 0);
  const { group, left, place } = frame(highest, width, height, words.byYear);
  const band = (width - right - left) / Math.max(1, years.length);
  const thick = Math.min(38, (band - 10) / 2);
  const hasValues = fits(years.flatMap((one) => [one.plan, one.fact]), thick + 6);
  years.forEach((one, index) => {
    const middle = left + band * (index + 0.5);
    for (const [value, name, x] of [[one.plan, "hollow", middle - thick - 1], [one.fact, "full", middle + 1]]) {
      const y = place(value);
      group.append(svg("rect", { class: name, x, y, width: thick, height: Math.max(0, place(0) - y) }));
      if (hasValues) group.append(svg("text", { class: "value", x: x + thick / 2, y: y - 5, "text-anchor": "middle" }, grouped(value)));
    }
    group.append(svg("text", { class: "tick", x: middle, y: height - 8, "text-anchor": "middle" }, String(one.year)));
  });
  return group;
}

function totalLines(years, width, height, words, until) {
  const [, highest] = extent(years.flatMap((one) => [one.planTotal, one.factTotal]), 0, 0);
  const { group, left, place } = frame(highest, width, height, words.inTotal);
  const band = (width - right - left) / Math.max(1, years.length);
  const at = (index) => left + band * (index + 0.5);
  const line = (key, name, shown) => {
    const points = shown.map((one, index) => `${index === 0 ? "M" : "L"}${at(index).toFixed(1)} ${place(one[key]).toFixed(1)}`).join("");
    group.append(svg("path", { class: `line ${name}`, d: points }));
    shown.forEach((one, index) => group.append(svg("circle", { class: name, cx: at(index), cy: place(one[key]), r: 4.5 })));
  };
  const known = years.filter((one) => one.year <= until);
  line("planTotal", "hollow", years);
  line("factTotal", "full", known);
  const hasValues = fits(years.map((one) => one.planTotal), band - 4);
  years.forEach((one, index) => {
    const isKnown = one.year <= until;
    const isSame = isKnown && Math.abs(place(one.planTotal) - place(one.factTotal)) < 14;
    group.append(svg("text", { class: "tick", x: at(index), y: height - 8, "text-anchor": "middle" }, String(one.year)));
    if (hasValues) group.append(svg("text", { class: "value", x: at(index), y: place(one.planTotal) - 9, "text-anchor": "middle" }, grouped(one.planTotal)));
    if (!isKnown || isSame || !hasValues) return;
    // Below its point, or beside it where the axis is below.
    const isLow = place(one.factTotal) + 17 > height - bottom;
    group.append(svg("text", { class: "value strong", x: at(index) + (isLow ? 10 : 0), y: place(one.factTotal) + (isLow ? -6 : 17), "text-anchor": isLow ? "start" : "middle" }, grouped(one.factTotal)));
  });
  return group;
}
