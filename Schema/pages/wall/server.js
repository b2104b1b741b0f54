// What the wall asks of the server.

import { ask, askSaved, textAt } from "../console/request.js";
import { readSchema } from "../console/schema.js";
import { word } from "../console/words.js";
import { prune } from "./prune.js";

export class Server {
  constructor() {
    this.sources = new Map();
    this.moments = new Map();
    /** The saved questions that this role may ask; null where that is not told. */
    this.names = null;
    /** The API's schema, as far as this role is shown it; null where it is shown none. */
    this.schema = null;
    /** The names of what can be explained. */
    this.rules = new Set();
  }

  /** Reads what the model calls things, and what can be explained: once. Whatever is not told is done without. */
  learn() {
    this.learned ??= this.read();
    return this.learned;
  }

  async read() {
    const [text, answer] = await Promise.all([
      textAt("/schema.graphql").catch(() => null),
      ask({ document: "{ explainRules { name } }", variables: "", operationName: "" }).catch(() => null),
    ]);
    if (text !== null) this.schema = readSchema(text);
    this.rules = new Set((answer?.value?.data?.explainRules ?? []).map((rule) => rule.name));
  }

  /** Learns which questions there are for this role: what is not among them need not be refused again and again. */
  async renew() {
    const text = await textAt("/q").catch(() => null);
    if (text === null) return;
    try {
      this.names = new Set(JSON.parse(text).filter((question) => question.problems.length === 0).map((question) => question.name));
    } catch {
      this.names = null;
    }
  }

  /** The document of a saved question; empty where it is not told. */
  async source(name) {
    if (!this.sources.has(name)) this.sources.set(name, (await textAt(`/q/${encodeURIComponent(name)}/source`).catch(() => null)) ?? "");
    return this.sources.get(name);
  }

  /**
   * Asks a saved question. If this role cannot ask all of it, what it has of it is asked for.
   *
   * @param {boolean} mayPrune Whether a part is worth having.
   */
  async ask(name, parameters, at, settings, mayPrune) {
    const isThere = this.names?.has(name) ?? true;
    const answer = isThere ? await askSaved(name, [...parameters, ...settings], at) : { status: 404, value: { errors: [{ message: word("wall.notForRole") }] } };
    const isRefused = answer.value?.errors !== undefined && (answer.value.data === undefined || answer.value.data === null);
    if (!mayPrune || !isRefused || answer.status >= 500) return answer;
    await this.learn();
    if (this.schema === null) return answer;
    const { document, missing } = prune(await this.source(name), this.schema);
    if (missing.length === 0 || document === "") return answer;
    // A number that names something is a text; what counts is a number.
    const isInt = (key) => new RegExp(`\\$${key}\\s*:\\s*Int\\b`).test(document);
    const used = parameters.filter(([key]) => document.includes(`$${key}`));
    const variables = JSON.stringify(Object.fromEntries(used.map(([key, value]) => [key, isInt(key) ? Number(value) : value])));
    const part = await ask({ document, variables, operationName: "", asOf: at.asOf, version: at.version || at.minimum });
    return { ...part, leftOut: missing };
  }

  /** When a version was published; empty where that is not told. */
  async publishedAt(version) {
    if (!this.moments.has(version)) {
      const answer = await ask({ document: "{ meta { publishedAt } }", variables: "", operationName: "", version }).catch(() => null);
      const told = answer?.value?.data?.meta?.publishedAt;
      if (told === undefined) return "";
      this.moments.set(version, String(told));
    }
    return this.moments.get(version);
  }
}
