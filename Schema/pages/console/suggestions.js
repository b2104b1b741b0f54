// The list of what could be typed, under the caret.

import { el } from "./dom.js";
import { word } from "./words.js";

let count = 0;

export class Suggestions {
  /** @param {import("./editor.js").Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.id = `suggestions-${++count}`;
    this.list = el("ul", { id: this.id, class: "suggestions", role: "listbox", tLabel: "suggestionList" });
    this.list.hidden = true;
    this.about = el("p", { class: "suggestion-about" });
    this.box = el("div", { class: "suggestion-box" }, this.list, this.about);
    this.box.hidden = true;
    this.live = el("p", { class: "unseen", role: "status" });
    editor.root.append(this.box, this.live);
    const area = editor.area;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", this.id);
    area.setAttribute("aria-haspopup", "listbox");
    // The text area keeps the focus while the list is clicked.
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.box.hidden;
  }

  /** @param {boolean} isAsked By a key, as opposed to by typing: then even a word that is complete is offered. */
  open(isAsked) {
    const found = this.editor.options.suggest(this.editor.text, this.editor.caret);
    const isComplete = found.candidates.length === 1 && found.candidates[0].text === found.word;
    if (found.candidates.length === 0 || (!isAsked && (isComplete || (found.word === "" && !/[$@]$/.test(this.editor.text.slice(0, found.from)))))) {
      this.close();
      return;
    }
    this.found = found;
    this.list.replaceChildren(...found.candidates.map((candidate, index) => el("li", {
      id: `${this.id}-${index}`, role: "option", class: candidate.deprecated ? "old" : "", "aria-selected": "false",
      on: { click: () => this.take(index), mousemove: () => this.select(index, false) },
    }, el("span", { class: "suggestion-name" }, candidate.text), el("span", { class: "suggestion-type" }, candidate.type),
    candidate.label ? el("span", { class: "suggestion-label" }, candidate.label) : null)));
    this.list.hidden = false;
    this.box.hidden = false;
    this.select(0);
    this.place();
    this.live.textContent = word("suggestions", { count: found.candidates.length });
  }

  close() {
    if (!this.isOpen) return;
    this.box.hidden = true;
    this.list.hidden = true;
    this.live.textContent = "";
    this.editor.area.removeAttribute("aria-activedescendant");
  }

  place() {
    const rect = this.editor.rectOf(this.found.from);
    const height = this.editor.lineHeight();
    const width = this.box.offsetWidth;
    const below = window.innerHeight - rect.top - height;
    const isAbove = below < this.box.offsetHeight + 8 && rect.top > below;
    this.box.style.left = `${Math.max(4, Math.min(rect.left, window.innerWidth - width - 8))}px`;
    this.box.style.top = isAbove ? `${rect.top - this.box.offsetHeight - 2}px` : `${rect.top + height + 2}px`;
  }

  select(index, scrolls = true) {
    const options = this.list.children;
    options[this.selected]?.setAttribute("aria-selected", "false");
    this.selected = (index + options.length) % options.length;
    const option = options[this.selected];
    option.setAttribute("aria-selected", "true");
    if (scrolls) option.scrollIntoView({ block: "nearest" });
    this.editor.area.setAttribute("aria-activedescendant", option.id);
    const candidate = this.found.candidates[this.selected];
    this.about.textContent = candidate.description;
    this.about.hidden = candidate.description === "";
  }

  take(index) {
    const { candidates, from, to } = this.found;
    const candidate = candidates[index];
    const isVariable = candidate.text.startsWith("$") && this.editor.text[from - 1] === "$";
    const text = isVariable ? candidate.insert.slice(1) : candidate.insert;
    this.close();
    this.editor.replace(from, to, text, candidate.caret - (isVariable ? 1 : 0));
    // What follows an argument or an opened object is offered at once.
    if (/(: |\{|\[|\{ )$/.test(text.slice(0, candidate.caret)) && candidate.caret > 0) this.open(true);
  }

  /** @returns {boolean} Whether the key was for the list. */
  pressed(event) {
    if (!this.isOpen) {
      if (event.key === " " && event.ctrlKey) {
        event.preventDefault();
        this.open(true);
        return true;
      }
      return false;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const page = 8;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    if (move !== undefined) {
      const last = this.list.children.length - 1;
      this.select(Math.abs(move) === 1 ? this.selected + move : Math.max(0, Math.min(last, this.selected + move)));
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.take(this.selected);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.close();
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
