// JSON that folds. What is folded has no elements; long lists come a hundred at a time.

import { el } from "./dom.js";
import { Exact, isObject } from "./json-text.js";
import { word } from "./words.js";

const step = 100;

/** @param {number} budget About how many lines are unfolded to begin with. */
export function jsonView(value, budget = 400) {
  const left = { lines: budget };
  return el("div", { class: "json-tree" }, node(null, value, left, true));
}

function node(name, value, left, isLast) {
  left.lines -= 1;
  const head = name === null ? [] : [el("span", { class: "k-argument" }, typeof name === "number" ? `${name}` : JSON.stringify(name)), ": "];
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) return el("div", { class: "json-line" }, ...head, scalar(value), isLast ? "" : ",");
  const entries = isList ? value.map((item, index) => [index, item]) : Object.entries(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return el("div", { class: "json-line" }, ...head, open + close);
  const inner = el("div", { class: "json-inner" });
  const summary = el("summary", {}, ...head, open, el("span", { class: "json-count" }, word(isList ? "items" : "members", { count: entries.length })), el("span", { class: "json-close" }, close));
  const details = el("details", {}, summary, inner, el("div", { class: "json-end" }, close));
  let isFilled = false;
  const fill = () => {
    if (isFilled) return;
    isFilled = true;
    append(inner, entries, 0, left, isList);
  };
  details.open = left.lines > 0;
  if (details.open) fill();
  details.addEventListener("toggle", () => { if (details.open) fill(); });
  return details;
}

function append(inner, entries, from, left, isList) {
  const to = Math.min(entries.length, from + step);
  for (let index = from; index < to; index++) inner.append(node(isList ? index : entries[index][0], entries[index][1], left, index === entries.length - 1));
  if (to < entries.length) {
    const button = el("button", { type: "button", class: "link", on: { click: () => {
      left.lines = step;
      const before = inner.lastElementChild;
      append(inner, entries, to, left, isList);
      before.remove();
    } } }, word("more", { count: Math.min(step, entries.length - to) }));
    inner.append(el("div", { class: "json-line" }, button, ` ${to} / ${entries.length}`));
  }
}

function scalar(value) {
  if (value === null) return el("span", { class: "k-keyword" }, "null");
  if (value instanceof Exact || typeof value === "number") return el("span", { class: "k-number" }, String(value));
  if (typeof value === "boolean") return el("span", { class: "k-keyword" }, String(value));
  return el("span", { class: "k-string" }, JSON.stringify(value));
}
