// Questions to the server, by its own routes.

import { JSONProblem, readJSON } from "./json-text.js";

/**
 * @typedef {{status: number, version: string, asOf: string, text: string, value: Object|null, milliseconds: number}} Answer
 *   `value` is null where the text is no JSON.
 */

/**
 * @param {{document: string, variables: string, operationName: string, asOf: string, version: string, explains: boolean}} question
 *   `variables` is JSON as it was typed: numbers are sent with the digits that they have. `version` is a number or a moment.
 * @returns {Promise<Answer>} Throws where there is no answer, also when `signal` stops it.
 */
export function ask(question, signal) {
  const members = [`"query":${JSON.stringify(question.document)}`];
  if (question.variables.trim() !== "") members.push(`"variables":${question.variables}`);
  if (question.operationName !== "") members.push(`"operationName":${JSON.stringify(question.operationName)}`);
  return fetched(`/graphql${momentOf(question, question.explains ? [["explain", "1"]] : [])}`, {
    method: "POST", signal, body: `{${members.join(",")}}`,
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
  });
}

/**
 * What the browser has kept of an answer is told to the server, which says whether it is still so.
 *
 * @param {[string, string][]} parameters
 * @param {{asOf: string, version: string, minimum: string}} question `minimum`: no answer from data older than this version.
 */
export function askSaved(name, parameters, question, signal) {
  const headers = { Accept: "application/json" };
  if (question.minimum) headers["Min-Data-Version"] = question.minimum;
  const cache = (question.version ?? "") === "" ? "no-cache" : "default";
  return fetched(`/q/${encodeURIComponent(name)}${momentOf(question, parameters)}`, { signal, headers, cache });
}

/** The date and the version as parameters of a URL, and others. */
export function momentOf({ asOf = "", version = "" }, others = []) {
  const pairs = [...others];
  if (asOf !== "") pairs.push(["asOf", asOf]);
  if (version.trim() !== "") pairs.push([/^\d+$/.test(version.trim()) ? "version" : "knownAt", version.trim()]);
  return pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&")}`;
}

/** A text of the server; null where it has none there. */
export async function textAt(target) {
  const response = await fetch(target);
  return response.ok ? response.text() : null;
}

/** Why it is asked: sent with every question until it is another, and kept nowhere. */
let reason = "";
export function stateReason(text) {
  reason = text.trim();
}

async function fetched(target, options) {
  if (reason !== "") options.headers["Audit-Reason"] = encodeURIComponent(reason);
  const start = performance.now();
  const response = await fetch(target, options);
  const text = await response.text();
  const milliseconds = Math.round(performance.now() - start);
  let value = null;
  try {
    value = readJSON(text);
  } catch (error) {
    if (!(error instanceof JSONProblem)) throw error;
  }
  return {
    status: response.status, version: response.headers.get("Data-Version") ?? "–", asOf: response.headers.get("Data-As-Of") ?? "–",
    text, value, milliseconds,
  };
}
