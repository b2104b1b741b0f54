// The tabs of the editor: each a document with its variables, date and version. Kept in the browser; what tells of a person only
// until it is closed.

import { el, later } from "./dom.js";
import { keep, keepForNow, kept, keptForNow } from "./keep.js";
import { moved } from "./tabs.js";
import { word } from "./words.js";

/**
 * @typedef {{title: string, document: string, variables: string, asOf: string, version: string, isPersonal: boolean, hasPersonalVariables: boolean}} Sheet
 *   `isPersonal`: the document itself tells of a person.
 */

export class Documents {
  /** @param {{onShow: (sheet: Sheet) => void}} options */
  constructor(options) {
    this.options = options;
    const state = keptForNow("sheets", null) ?? kept("sheets", null);
    this.sheets = Array.isArray(state?.sheets) && state.sheets.length > 0 ? state.sheets.map((sheet) => ({ ...empty(), ...sheet })) : [empty()];
    this.at = Math.min(Math.max(0, state?.at ?? 0), this.sheets.length - 1);
    this.isNew = state === null;
    this.row = el("div", { class: "sheets", role: "tablist", tLabel: "editor" });
    this.add = el("button", { type: "button", class: "add", tLabel: "newTab", on: { click: () => this.open(empty()) } }, "+");
    this.root = el("div", { class: "sheet-bar" }, this.row, this.add);
    this.save = later(300, () => this.keepAll());
    window.addEventListener("pagehide", () => this.keepAll());
    this.render();
  }

  keepAll() {
    keepForNow("sheets", { sheets: this.sheets, at: this.at });
    const lasting = this.sheets.filter((sheet) => !sheet.isPersonal).map((sheet) => (sheet.hasPersonalVariables ? { ...sheet, variables: "" } : sheet));
    keep("sheets", { sheets: lasting, at: Math.min(this.at, lasting.length - 1) });
  }

  get current() {
    return this.sheets[this.at];
  }

  /** Changes the current one, as it is typed. */
  change(members) {
    Object.assign(this.current, members);
    this.save();
    if ("document" in members) {
      const button = this.row.querySelectorAll("[role=tab]")[this.at];
      const title = titleOf(this.current);
      if (button && button.textContent !== title) button.textContent = title;
    }
  }

  /** In a new tab, or in the current one while that is empty. */
  open(sheet) {
    const whole = { ...empty(), ...sheet };
    const same = this.sheets.findIndex((other) => whole.document !== "" && other.document === whole.document && other.variables === whole.variables);
    if (same >= 0) this.at = same;
    else if (this.current.document.trim() === "" && whole.document !== "") this.sheets[this.at] = whole;
    else this.at = this.sheets.push(whole) - 1;
    this.show();
  }

  close(index) {
    this.sheets.splice(index, 1);
    if (this.sheets.length === 0) this.sheets.push(empty());
    this.at = Math.min(this.at > index ? this.at - 1 : this.at, this.sheets.length - 1);
    this.show();
  }

  show() {
    this.render();
    this.save();
    this.options.onShow(this.current);
  }

  render() {
    const hadFocus = this.row.contains(document.activeElement);
    const buttons = this.sheets.map((sheet, index) => el("button", {
      type: "button", role: "tab", "aria-selected": String(index === this.at), "aria-controls": "sheet", tabindex: index === this.at ? "0" : "-1",
      on: {
        click: () => { this.at = index; this.show(); },
        keydown: (event) => {
          if (event.key === "Delete") this.close(index);
          else moved(event, [...this.row.querySelectorAll("[role=tab]")], (button) => { button.click(); this.row.querySelectorAll("[role=tab]")[this.at].focus(); });
        },
      },
    }, titleOf(sheet)));
    this.row.replaceChildren(...buttons.map((button, index) => el("span", { class: "sheet-tab", role: "presentation" }, button, el("button", {
      type: "button", class: "close", tabindex: "-1", tLabel: "closeTab", on: { click: () => this.close(index) },
    }, "×"))));
    if (hadFocus) this.row.querySelectorAll("[role=tab]")[this.at].focus();
  }
}

const empty = () => ({ title: "", document: "", variables: "", asOf: "", version: "", isPersonal: false, hasPersonalVariables: false });

/** What a tab is called: by whoever opened it, else by its operation or first field. */
export function titleOf(sheet) {
  if (sheet.title) return sheet.title.length > 24 ? `${sheet.title.slice(0, 23)}…` : sheet.title;
  const text = sheet.document.replace(/^\s*#.*$/gm, "");
  return text.match(/\b(?:query|mutation|subscription)\s+(\w+)/)?.[1] ?? text.match(/\{\s*(\w+)/)?.[1] ?? word("untitled");
}
