// What was asked, newest first; in this browser only.

import { el } from "./dom.js";
import { keep, kept } from "./keep.js";
import { word } from "./words.js";

const limit = 60;

export class HistoryView {
  /** @param {{onOpen: (entry: Object) => void}} options */
  constructor(options) {
    this.options = options;
    this.entries = kept("history", []);
    this.list = el("ol", { class: "plain history" });
    this.root = el("div", {}, el("p", { class: "quiet", t: "historyHelp" }), this.list, el("button", { type: "button", t: "clearHistory", on: { click: () => this.clear() } }));
    this.renew();
  }

  /** @param {{document: string, variables: string, asOf: string, version: string, isPersonal: boolean}} question */
  add(question) {
    const { isPersonal, ...entry } = question;
    const whole = { ...entry, variables: isPersonal ? "" : entry.variables, isCut: isPersonal, at: new Date().toISOString() };
    const isSame = (other) => ["document", "variables", "asOf", "version"].every((name) => other[name] === whole[name]);
    this.entries = [whole, ...this.entries.filter((other) => !isSame(other))].slice(0, limit);
    keep("history", this.entries);
    this.renew();
  }

  clear() {
    this.entries = [];
    keep("history", []);
    this.renew();
  }

  renew() {
    this.list.replaceChildren(...this.entries.map((entry) => el("li", {}, el("button", { type: "button", class: "question-button", on: { click: () => this.options.onOpen(entry) } },
      el("span", { class: "code clip" }, summary(entry.document)),
      el("span", { class: "quiet" }, [entry.at.slice(0, 16).replace("T", " "), entry.asOf, entry.version, entry.isCut ? word("personalLeftOut") : ""].filter((part) => part).join(" · "))))));
    if (this.entries.length === 0) this.list.append(el("li", { class: "quiet", t: "historyEmpty" }));
  }
}

/** A document on one line, without its comments. */
export function summary(document) {
  return document.replace(/^\s*#.*$/gm, "").replace(/\s+/g, " ").trim().slice(0, 160);
}
