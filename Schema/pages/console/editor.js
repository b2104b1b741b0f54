// A text area with colours under it. The text area is the browser's own: selecting, undoing, input methods and screen readers work
// as everywhere; the coloured text lies behind it, letter for letter, and tells where on the screen a letter stands.

import { el, later } from "./dom.js";
import { word, problemText } from "./words.js";
import { placeOf, tokenize } from "./tokens.js";
import { Suggestions } from "./suggestions.js";

const uncoloured = new Set(["name", "field", "punctuator"]);
const pairs = { "{": "}", "(": ")", "[": "]" };

/**
 * @typedef {{start: number, end: number, kind: string}} Spot
 */
export class Editor {
  /**
   * @param {{label: string, help?: string, rows: number, look: (text: string) => {spots: Spot[], problems: import("./analysis.js").Problem[]},
   *   suggest?: (text: string, offset: number) => {candidates: Array, from: number, to: number, word: string},
   *   onChange: (text: string) => void, onKey?: (event: KeyboardEvent) => boolean}} options
   *   `onKey` returns whether it took the key.
   */
  constructor(options) {
    this.options = options;
    this.problems = [];
    this.under = el("pre", { class: "under", "aria-hidden": "true" });
    this.numbers = el("pre", { class: "numbers", "aria-hidden": "true" });
    this.area = el("textarea", {
      tLabel: options.label, rows: options.rows, spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off", wrap: "off",
      on: {
        input: (event) => this.typed(event),
        keydown: (event) => this.pressed(event),
        // What an input method has composed is a word like another.
        compositionend: () => this.suggestions?.open(false),
        scroll: () => this.scrolled(),
        click: () => this.suggestions?.close(),
        blur: () => this.suggestions?.close(),
        mousemove: (event) => this.pointed(event),
      },
    });
    if (options.help) this.area.setAttribute("aria-describedby", `${options.label}-help`);
    this.status = el("p", { class: "editor-status", role: "status" });
    this.list = el("ul", { class: "problems" });
    this.box = el("div", { class: "editor" }, this.numbers, el("div", { class: "layers" }, this.under, this.area));
    this.root = el("div", { class: "editor-frame" }, this.box, this.status, this.list, options.help ? el("p", { class: "unseen", id: `${options.label}-help`, t: options.help }) : null);
    if (options.suggest) this.suggestions = new Suggestions(this);
    this.tell = later(250, () => this.showProblems());
    this.area.addEventListener("keyup", () => this.tell());
    this.area.addEventListener("mouseup", () => this.tell());
    this.paint();
  }

  get text() {
    return this.area.value;
  }

  get caret() {
    return this.area.selectionStart;
  }

  /** Another text, which cannot be undone: of another tab. */
  set text(text) {
    this.area.value = text;
    this.suggestions?.close();
    this.paint();
    this.showProblems();
  }

  /** Replaces a part as if it were typed, so that it can be undone. */
  replace(from, to, text, caret = text.length) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    const isDone = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!isDone) {
      this.area.setRangeText(text, from, to, "end");
      this.changed();
    }
    this.area.setSelectionRange(from + caret, from + caret);
  }

  /** Shows a place and puts the caret there. */
  jump(offset, end = offset) {
    this.area.focus();
    this.area.setSelectionRange(offset, end);
    const lineHeight = this.lineHeight();
    const { line } = placeOf(this.text, offset);
    const top = (line - 1) * lineHeight;
    if (top < this.area.scrollTop || top > this.area.scrollTop + this.area.clientHeight - 2 * lineHeight) {
      this.area.scrollTop = Math.max(0, top - this.area.clientHeight / 3);
    }
    this.showProblems();
  }

  /** Where on the screen a letter stands. */
  rectOf(offset) {
    const walker = document.createTreeWalker(this.under, NodeFilter.SHOW_TEXT);
    let rest = offset;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (rest <= node.length) {
        const range = document.createRange();
        range.setStart(node, rest);
        range.setEnd(node, rest);
        return range.getBoundingClientRect();
      }
      rest -= node.length;
    }
    return this.under.getBoundingClientRect();
  }

  lineHeight() {
    return parseFloat(getComputedStyle(this.area).lineHeight);
  }

  /** Looks at the text again: the schema or the language is another. */
  renew() {
    this.paint();
    this.showProblems();
  }

  typed(event) {
    this.changed();
    if (!this.suggestions || event.isComposing) return;
    const isLetter = event.inputType === "insertText" && /^[\p{L}\p{N}_$@]+$/u.test(event.data ?? "");
    const isDeletion = event.inputType === "deleteContentBackward";
    if (isLetter || (isDeletion && this.suggestions.isOpen)) this.suggestions.open(false);
    else this.suggestions.close();
  }

  changed() {
    this.paint();
    this.tell();
    this.options.onChange(this.text);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (this.suggestions?.pressed(event)) return;
    if (this.options.onKey?.(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { selectionStart: start, selectionEnd: end } = this.area;
    const before = this.text[start - 1] ?? "";
    const behind = this.text[end] ?? "";
    if (event.key === "Enter") {
      event.preventDefault();
      const line = this.text.slice(this.text.lastIndexOf("\n", start - 1) + 1, start);
      const indent = line.match(/^ */)[0];
      if (pairs[before.trim()] || pairs[line.trimEnd().at(-1)]) {
        const rest = this.text.slice(end).match(/^ */)[0].length;
        const closes = pairs[line.trimEnd().at(-1)] === this.text[end + rest];
        const inner = `\n${indent}  `;
        if (closes) this.replace(start, end + rest, `${inner}\n${indent}`, inner.length);
        else this.replace(start, end, inner);
      } else {
        this.replace(start, end, `\n${indent}`);
      }
    } else if (pairs[event.key] && start === end && (behind === "" || /[\s)\]}]/.test(behind))) {
      event.preventDefault();
      this.replace(start, end, event.key + pairs[event.key], 1);
    } else if (start === end && Object.values(pairs).includes(event.key) && isClosedAlready(this.text, end, event.key)) {
      event.preventDefault();
      let next = this.text.indexOf(event.key, end);
      if (before === " " && behind === " ") {
        // The space that was typed takes the place of the one that came with the bracket.
        this.replace(start, start + 1, "");
        next -= 1;
      }
      this.area.setSelectionRange(next + 1, next + 1);
    } else if (event.key === " " && start === end && before === "{" && behind === "}") {
      event.preventDefault();
      this.replace(start, end, "  ", 1);
    } else if (event.key === "Backspace" && start === end && pairs[before] && pairs[before] === behind) {
      event.preventDefault();
      this.replace(start - 1, start + 1, "");
    }
  }

  // MARK: Looks

  paint() {
    const text = this.text;
    const { spots, problems } = this.options.look(text);
    this.problems = problems;
    // Most names have no colour of their own, and need no element.
    const coloured = spots.filter((spot) => !uncoloured.has(spot.kind));
    const cuts = new Set([0, text.length]);
    for (const spot of [...coloured, ...problems]) cuts.add(Math.min(spot.start, text.length)).add(Math.min(spot.end, text.length));
    const places = [...cuts].sort((one, other) => one - other);
    const parts = [];
    let next = 0;
    let nextWrong = 0;
    const wrong = [...problems].sort((one, other) => one.start - other.start);
    for (let index = 0; index + 1 < places.length; index++) {
      const [start, end] = [places[index], places[index + 1]];
      while (next < coloured.length && coloured[next].end <= start) next++;
      const spot = next < coloured.length && coloured[next].start <= start ? coloured[next] : null;
      while (nextWrong < wrong.length && wrong[nextWrong].end <= start) nextWrong++;
      let problem = null;
      for (let at = nextWrong; at < wrong.length && wrong[at].start <= start && problem === null; at++) if (wrong[at].end >= end) problem = wrong[at];
      const piece = text.slice(start, end);
      if (!spot && !problem) {
        parts.push(piece);
      } else {
        const span = document.createElement("span");
        span.className = `${spot ? `k-${spot.kind}` : ""}${problem ? (problem.code === "deprecated" ? " old" : " wrong") : ""}`;
        span.textContent = piece;
        parts.push(span);
      }
    }
    // A line at the end that is empty has no height otherwise.
    this.under.replaceChildren(...parts, "\n");
    const lines = text.split("\n").length;
    if (lines !== this.lineCount) {
      this.lineCount = lines;
      this.numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n") + "\n";
    }
    this.scrolled();
  }

  scrolled() {
    this.under.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
    this.numbers.style.transform = `translateY(${-this.area.scrollTop}px)`;
    if (this.suggestions?.isOpen) this.suggestions.place();
  }

  showProblems() {
    const here = this.problems.find((problem) => problem.start <= this.caret && this.caret <= problem.end);
    const text = here ? problemText(here) : this.problems.length > 0 ? word("problems", { count: this.problems.length }) : "";
    if (this.status.textContent !== text) this.status.textContent = text;
    const found = this.problems.slice(0, 8);
    this.list.replaceChildren(...found.map((problem) => {
      const place = placeOf(this.text, problem.start);
      return el("li", {}, el("button", { type: "button", class: "link", on: { click: () => this.jump(problem.start, problem.end) } },
        `${place.line}:${place.column}`), ` ${problemText(problem)}`);
    }));
    this.area.setAttribute("aria-invalid", String(this.problems.some((problem) => problem.code !== "deprecated")));
  }

  pointed(event) {
    let title = "";
    for (const span of this.under.querySelectorAll(".wrong, .old")) {
      for (const box of span.getClientRects()) {
        if (event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom) {
          const range = document.createRange();
          range.setStart(this.under, 0);
          range.setEndBefore(span);
          const offset = range.toString().length;
          const problem = this.problems.find((candidate) => candidate.start <= offset && offset < candidate.end);
          if (problem) title = problemText(problem);
        }
      }
    }
    if (this.area.title !== title) this.area.title = title;
  }
}

/** Whether the bracket that is typed stands behind the caret, put there with the one that it closes: then another would be too many. */
function isClosedAlready(text, offset, bracket) {
  if (text.slice(offset).trimStart()[0] !== bracket) return false;
  const open = Object.keys(pairs).find((key) => pairs[key] === bracket);
  const count = (mark) => tokenize(text).filter((token) => token.text === mark).length;
  return count(open) === count(bracket);
}
