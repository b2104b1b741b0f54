// Numbers as people read them, from the digits that came. Pure.

import { isNumber } from "../console/json-text.js";

/** What a value counts; null where there is none, or where it is not told. */
export function numberOf(value) {
  return isNumber(value) ? Number(value) : null;
}

/** Digits in threes; – where there is no number. */
export function grouped(value) {
  if (value === null || value === undefined) return "–";
  const [whole, fraction] = String(value).split(".");
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (fraction ? `.${fraction}` : "");
}

/** `0.0870` → `8.70%`: the point is moved, no digit comes or goes. – where there is no number. */
export function percent(value) {
  if (value === null || value === undefined) return "–";
  const match = String(value).match(/^(-?)(\d+)(?:\.(\d*))?$/);
  if (!match) return String(value);
  const [, sign, whole, fraction = ""] = match;
  const digits = fraction.padEnd(2, "0");
  const before = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const after = digits.slice(2);
  return `${sign}${before}${after === "" ? "" : `.${after}`}%`;
}

/** A part of a whole in hundredths, with one digit; – of nothing. */
export function shareText(part, whole) {
  if (part === null || whole === null || whole === 0) return "–";
  const tenths = Math.floor((part * 1000) / whole);
  return `${Math.floor(tenths / 10)}.${tenths % 10}%`;
}

/** The part of its year that has passed at the end of a day: 1 on its last. */
export function passedOfYear(day) {
  const year = Number(day.slice(0, 4));
  const start = Date.UTC(year, 0, 1);
  const number = (Date.parse(`${day}T00:00:00Z`) - start) / 86_400_000 + 1;
  return number / ((Date.UTC(year + 1, 0, 1) - start) / 86_400_000);
}
