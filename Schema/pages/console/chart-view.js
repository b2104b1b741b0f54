// Charts in SVG: horizontal bars, lines, and lines over time. The same numbers stand beside them as a table.

import { el, svg } from "./dom.js";
import { dateText, extent, linear, niceScale, tickText, timeTicks } from "./scales.js";
import { word } from "./words.js";

const barLimit = 60;
const colours = 8;

/**
 * @param {import("./chart-data.js").Series[]} series
 * @param {{kind: "bars"|"lines"|"time", title: string, width: number}} options
 * @returns {HTMLElement}
 */
export function chartView(series, { kind, title, width }) {
  const shown = kind === "bars" ? series.map((one) => ({ ...one, points: one.points.filter((point) => point.x < barLimit) })) : series;
  const total = extent(series.flatMap((one) => one.points.map((point) => point.x)), 0, 0)[1] + 1;
  const note = kind === "bars" && total > barLimit ? word("firstBars", { shown: barLimit, count: total }) : "";
  const picture = kind === "bars" ? bars(shown, width) : lines(shown, kind, width);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", title);
  return el("figure", { class: "chart" },
    series.length > 1 ? legend(series) : null,
    picture,
    el("figcaption", {}, title, note ? ` · ${note}` : ""),
    el("details", {}, el("summary", { t: "asTable" }), dataTable(series)));
}

function legend(series) {
  return el("ul", { class: "legend" }, ...series.slice(0, 24).map((one, index) => el("li", {}, el("span", { class: `swatch series-${index % colours}`, "aria-hidden": "true" }), one.name)));
}

/** Labels at the left, where long names have room. */
function bars(series, width) {
  const labels = [];
  for (const one of series) for (const point of one.points) labels[point.x] ??= point.label;
  const values = series.flatMap((one) => one.points.map((point) => point.y));
  const scale = niceScale(...extent(values, 0, 0), width < 500 ? 3 : 6);
  const [, longest] = extent(labels.map(letters), 0, 0);
  const left = Math.min(width * 0.4, Math.max(40, longest * 7 + 14));
  const right = 56;
  const thick = series.length > 1 ? Math.max(8, Math.min(16, 40 / series.length)) : 18;
  const band = thick * series.length + 8;
  const top = 6;
  const height = top + band * labels.length + 24;
  const place = linear(scale.low, scale.high, left, width - right);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  for (const tick of scale.ticks) {
    const x = place(tick);
    picture.append(svg("line", { class: tick === 0 ? "axis" : "grid", x1: x, x2: x, y1: top, y2: height - 22 }),
      svg("text", { class: "tick", x, y: height - 6, "text-anchor": "middle" }, tickText(tick, scale.step)));
  }
  labels.forEach((label, index) => {
    const middle = top + index * band + (band - 8) / 2 + 4;
    picture.append(svg("text", { class: "name", x: left - 8, y: middle, "text-anchor": "end", "dominant-baseline": "central" }, cut(label, left / 7 - 2), svg("title", {}, label)));
  });
  series.forEach((one, index) => {
    for (const point of one.points) {
      const [from, to] = [place(0), place(point.y)].sort((a, b) => a - b);
      const y = top + point.x * band + 4 + index * thick;
      picture.append(svg("rect", { class: `series-${index % colours}`, x: from, y, width: Math.max(1, to - from), height: thick - 2, rx: 2 },
        svg("title", {}, `${point.label}${series.length > 1 ? ` · ${one.name}` : ""}: ${point.y}`)));
      if (thick >= 12) picture.append(svg("text", { class: "value", x: to + 4, y: y + thick / 2 - 1, "dominant-baseline": "central" }, numberText(point.y)));
    }
  });
  return picture;
}

function lines(series, kind, width) {
  const points = series.flatMap((one) => one.points);
  const height = Math.max(240, Math.min(420, width * 0.5));
  const [lowest, highest] = extent(points.map((point) => point.y));
  // An axis that begins at zero, unless the values lie far from it.
  const scale = niceScale(lowest >= 0 && lowest < highest * 0.7 ? 0 : lowest, highest, 5);
  const left = Math.max(...scale.ticks.map((tick) => tickText(tick, scale.step).length)) * 7 + 16;
  const [right, top, bottom] = [24, 10, 34];
  const [low, high] = extent(points.map((point) => point.x));
  const placeX = linear(low, high === low ? low + 1 : high, left, width - right);
  const placeY = linear(scale.low, scale.high, height - bottom, top);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  for (const tick of scale.ticks) {
    const y = placeY(tick);
    picture.append(svg("line", { class: tick === 0 ? "axis" : "grid", x1: left, x2: width - right, y1: y, y2: y }),
      svg("text", { class: "tick", x: left - 6, y, "text-anchor": "end", "dominant-baseline": "central" }, tickText(tick, scale.step)));
  }
  for (const { at, label } of kind === "time" ? timeTicks(low, high, Math.max(2, Math.floor((width - left) / 90))).map((tick) => ({ at: tick.day, label: tick.label })) : steps(points, width - left)) {
    const x = placeX(at);
    picture.append(svg("line", { class: "grid", x1: x, x2: x, y1: height - bottom, y2: height - bottom + 5 }),
      svg("text", { class: "tick", x, y: height - bottom + 18, "text-anchor": "middle" }, label));
  }
  series.forEach((one, index) => {
    const path = one.points.map((point, at) => `${at === 0 ? "M" : "L"}${placeX(point.x).toFixed(1)} ${placeY(point.y).toFixed(1)}`).join("");
    picture.append(svg("path", { class: `line series-${index % colours}`, d: path }));
    if (one.points.length > 200) return;
    for (const point of one.points) {
      picture.append(svg("circle", { class: `dot series-${index % colours}`, cx: placeX(point.x), cy: placeY(point.y), r: 3.5 },
        svg("title", {}, `${kind === "time" ? (point.label.length > 10 ? dateText(point.x) : point.label) : point.label}${series.length > 1 ? ` · ${one.name}` : ""}: ${point.y}`)));
    }
  });
  return picture;
}

/** As many labels as have room, at even distances. */
function steps(points, width) {
  const labels = new Map();
  for (const point of points) if (!labels.has(point.x)) labels.set(point.x, point.label);
  const [, longest] = extent([...labels.values()].map(letters), 1, 1);
  const every = Math.max(1, Math.ceil((labels.size * Math.min(16, longest + 2) * 7) / width));
  return [...labels].filter(([x]) => x % every === 0).map(([at, label]) => ({ at, label: cut(label, 14) }));
}

function dataTable(series) {
  const labels = new Map();
  series.forEach((one, index) => one.points.slice(0, 500).forEach((point) => {
    const key = `${point.x}`;
    if (!labels.has(key)) labels.set(key, { label: point.label, values: [] });
    labels.get(key).values[index] = point.y;
  }));
  return el("div", { class: "scroll", tabindex: "0", role: "region", tLabel: "asTable" }, el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }), ...series.map((one) => el("th", { scope: "col", class: "number" }, one.name)))),
    el("tbody", {}, ...[...labels.values()].map((row) => el("tr", {}, el("th", { scope: "row" }, row.label),
      ...series.map((one, index) => el("td", { class: "number" }, row.values[index] === undefined ? "–" : numberText(row.values[index]))))))));
}

function numberText(value) {
  return Math.abs(value) >= 1000 ? value.toLocaleString("en", { maximumFractionDigits: 2 }) : String(value);
}

/** The width of a text in small letters. */
function letters(text) {
  let width = 0;
  for (const letter of text) width += widthOf(letter);
  return width;
}

/** A Chinese letter is as wide as two, a large one stands between. */
function widthOf(letter) {
  return letter > "\u2e7f" ? 2 : /[A-Z_]/.test(letter) ? 1.3 : 1;
}

function cut(text, limit) {
  if (letters(text) <= limit) return text;
  let width = 0;
  let result = "";
  for (const letter of text) {
    width += widthOf(letter);
    if (width > limit - 1) break;
    result += letter;
  }
  return `${result}…`;
}
