// Elements from data. Text goes in as text: nothing here, or anywhere in the console, reads HTML out of a string.

import { word } from "./words.js";

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Object} options `class`, `t` (a word's key, renewed when the language changes), `tLabel` (the same as accessible name; of
 *   buttons also as tooltip), `tHint` (as placeholder), `on` (listeners by event), `props` (properties); everything else is an attribute.
 * @param {...(Node|string|null|undefined|false)} children
 */
export function el(name, options = {}, ...children) {
  return filled(document.createElement(name), options, children);
}

/** The same in SVG. */
export function svg(name, options = {}, ...children) {
  return filled(document.createElementNS(svgNamespace, name), options, children);
}

function filled(element, { t, tLabel, tHint, on = {}, props = {}, ...attributes }, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  Object.assign(element, props);
  if (t) element.dataset.t = t;
  if (tLabel) element.dataset.tLabel = tLabel;
  if (tHint) element.dataset.tHint = tHint;
  translate(element);
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

function translate(element) {
  const { t, tLabel, tHint } = element.dataset;
  if (t) element.textContent = word(t);
  if (tLabel) {
    element.setAttribute("aria-label", word(tLabel));
    if (element.localName === "button") element.title = word(tLabel);
  }
  if (tHint) element.setAttribute("placeholder", word(tHint));
}

/** Renews what `el` wrote by a word's key. */
export function translateAll(root = document) {
  for (const element of root.querySelectorAll("[data-t], [data-t-label], [data-t-hint]")) translate(element);
}

/** Hands a text to the browser as a file. */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Calls `action` when nothing has happened for a while. */
export function later(milliseconds, action) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), milliseconds);
  };
}
