// The saved questions: a list that is searched, and for one of them a form made from its variables' types.

import { analyze } from "./analysis.js";
import { el, later } from "./dom.js";
import { controlFor, defaultText, valuesOf, variablesOf } from "./forms.js";
import { ask, askSaved, textAt } from "./request.js";
import { either, word } from "./words.js";

export class QuestionsView {
  /**
   * @param {{examples: HTMLElement, moment: () => {asOf: string, version: string}, isPersonal: Function,
   *   onRun: (name: string, document: string, run: (signal: AbortSignal) => Promise) => Promise<Object|null>,
   *   onOpen: (title: string, document: string, variables: string) => void, onChoose: (name: string, parameters: [string, string][]) => void}} options
   */
  constructor(options) {
    this.options = options;
    this.questions = null;
    this.schema = null;
    this.chosen = null;
    this.search = el("input", { type: "search", tHint: "searchQuestions", tLabel: "searchQuestions", on: { input: later(80, () => this.renderList()) } });
    this.list = el("ul", { class: "plain questions" });
    this.listing = el("div", {}, options.examples, el("h3", { t: "questions" }), el("div", { class: "bar" }, this.search), this.list);
    this.form = el("div", { class: "question" });
    this.form.hidden = true;
    this.root = el("div", {}, this.listing, this.form);
  }

  async load() {
    const text = await textAt("/q");
    this.questions = text === null ? [] : JSON.parse(text);
    this.renderList();
  }

  setSchema(schema) {
    this.schema = schema;
    if (this.chosen) this.renderForm();
  }

  renew() {
    this.renderList();
    if (this.chosen) this.renderForm();
  }

  renderList() {
    const asked = this.search.value.trim().toLowerCase();
    const found = (this.questions ?? []).filter((question) => asked === "" || [question.name, question.titleZh, question.titleEn, question.description, ...question.rules].some((text) => text?.toLowerCase().includes(asked)));
    this.list.replaceChildren(...found.map((question) => el("li", {},
      el("button", { type: "button", class: "question-button", on: { click: () => this.choose(question.name) } },
        el("span", { class: "title" }, either(question.titleZh, question.titleEn) || question.name), el("span", { class: "code quiet" }, question.name),
        question.problems.length > 0 ? el("span", { class: "wrong-text" }, word("broken")) : null))),
    ...(found.length === 0 && this.questions ? [el("li", { class: "quiet", t: "noneFound" })] : []));
  }

  /** @param {[string, string][]} parameters What the form holds to begin with. */
  async choose(name, parameters = []) {
    const question = this.questions?.find((candidate) => candidate.name === name);
    if (!question) return;
    this.chosen = question;
    this.given = parameters;
    this.source = null;
    this.personal = null;
    this.cursor = null;
    this.renderedName = null;
    this.loading = textAt(`/q/${encodeURIComponent(name)}/source`).catch(() => null);
    this.renderForm();
    this.form.querySelector("h3").focus();
    const source = await this.loading;
    if (this.chosen !== question) return;
    this.source = source;
    this.markPersonal();
  }

  leave() {
    const name = this.chosen?.name;
    this.chosen = null;
    this.form.hidden = true;
    this.listing.hidden = false;
    const index = [...this.list.querySelectorAll("button")].find((button) => button.querySelector(".code").textContent === name);
    (index ?? this.search).focus();
  }

  /**
   * Parameters that ask by what tells of a person go into the body of a request, never into a URL. Without the question's document or
   * the schema that cannot be told (`personal` is null), and all go into the body.
   */
  markPersonal() {
    if (!this.source || !this.chosen || !this.schema) return;
    const analysis = analyze(this.source, this.schema, { isPersonal: this.options.isPersonal });
    this.personal = new Set(analysis.personal.map((use) => use.variable).filter((name) => name !== null));
    this.note.hidden = this.personal.size === 0;
  }

  renderForm() {
    const question = this.chosen;
    const held = this.renderedName === question.name ? this.parameters() : this.given;
    this.controls = new Map();
    this.renderedName = question.name;
    this.fields = question.variables.map((variable) => this.field(variable, held));
    this.note = el("p", { class: "quiet", t: "viaBody" });
    this.note.hidden = true;
    this.next = el("button", { type: "button", t: "nextPage", on: { click: () => this.turnPage() } });
    this.next.hidden = this.cursor === null;
    const form = el("form", { novalidate: true, on: { submit: (event) => { event.preventDefault(); this.run(); } } }, ...this.fields, this.note,
      el("div", { class: "bar" }, el("button", { type: "submit", class: "primary", t: "ask" }), this.next, el("button", { type: "button", t: "openInEditor", on: { click: () => this.openInEditor() } })));
    this.form.replaceChildren(el("button", { type: "button", t: "back", on: { click: () => this.leave() } }),
      el("h3", { tabindex: "-1" }, either(question.titleZh, question.titleEn) || question.name), el("p", { class: "code quiet" }, question.name),
      question.description ? el("p", { class: "quiet" }, question.description) : "",
      ...question.problems.map((problem) => el("p", { class: "wrong-text" }, problem)), form);
    this.form.hidden = false;
    this.listing.hidden = true;
    this.markPersonal();
  }

  field(variable, held) {
    const shape = controlFor(variable.type, this.schema);
    const id = `parameter-${variable.name}`;
    const texts = held.filter(([name]) => name === variable.name).map(([, value]) => value);
    const preset = defaultText(variable.default);
    let control;
    if (shape.control === "select" && shape.isList) {
      control = el("select", { id, multiple: true, size: String(Math.min(6, shape.options.length)) }, ...shape.options.map((option) => this.option(option, texts.includes(option.value))));
    } else if (shape.control === "select") {
      control = el("select", { id }, variable.isRequired ? null : el("option", { value: "" }, preset ? `${word("default")}: ${preset}` : word("choose")), ...shape.options.map((option) => this.option(option, texts[0] === option.value)));
    } else if (shape.isList || shape.control === "json") {
      control = el("textarea", { id, rows: "2", spellcheck: "false", tHint: shape.isList ? "listHint" : undefined }, texts.join("\n"));
    } else {
      const type = shape.control === "date" ? "date" : "text";
      control = el("input", {
        id, type, value: texts[0] ?? "", inputmode: shape.control === "number" ? "decimal" : null, autocomplete: "off", spellcheck: "false",
        placeholder: preset ? `${word("default")}: ${preset}` : null,
      });
    }
    const problem = el("p", { id: `${id}-problem`, class: "wrong-text", role: "alert" });
    const help = el("p", { id: `${id}-help`, class: "quiet" }, [variable.description, preset && shape.control === "date" ? `${word("default")}: ${preset}` : ""].filter((part) => part).join(" "));
    control.setAttribute("aria-describedby", `${id}-help ${id}-problem`);
    if (variable.isRequired) control.setAttribute("aria-required", "true");
    this.controls.set(variable.name, { control, shape, problem });
    return el("div", { class: "parameter" }, el("label", { for: id }, variable.name, variable.isRequired ? el("span", { class: "required" }, ` ${word("required")}`) : null,
      el("span", { class: "code quiet" }, ` ${variable.type}`)), control, help, problem);
  }

  option(option, isSelected) {
    const element = el("option", { value: option.value }, option.label && option.label.length > 1 ? `${option.label} ${option.value}` : option.value);
    element.selected = isSelected;
    return element;
  }

  /** What the form holds, as the parameters of a URL. @returns {[string, string][]} */
  parameters() {
    const pairs = [];
    for (const [name, { control, shape }] of this.controls) {
      const values = control.multiple ? [...control.selectedOptions].map((option) => option.value) : valuesOf(control.value, shape.isList);
      for (const value of values) pairs.push([name, value]);
    }
    return pairs;
  }

  async run() {
    const question = this.chosen;
    const parameters = this.parameters();
    await this.loading;
    if (this.chosen !== question) return;
    const isPersonal = parameters.some(([name]) => this.personal === null || this.personal.has(name));
    for (const { problem, control } of this.controls.values()) {
      problem.textContent = "";
      control.removeAttribute("aria-invalid");
    }
    this.options.onChoose(question.name, isPersonal ? [] : parameters);
    const moment = this.options.moment();
    const answer = await this.options.onRun(question.name, this.source ?? "", (signal) => (isPersonal
      ? ask({ document: this.source ?? "", variables: variablesOf(question.variables, parameters), operationName: "", explains: false, ...moment }, signal)
      : askSaved(question.name, parameters, moment, signal)));
    if (!answer || this.chosen !== question) return;
    this.showRefusals(answer);
    this.offerNextPage(answer);
  }

  /** An error that names a parameter stands at its field. */
  showRefusals(answer) {
    let first = null;
    for (const error of answer.value?.errors ?? []) {
      const name = error.extensions?.argumentPath?.match(/^\$(\w+)/)?.[1];
      const field = this.controls.get(name);
      if (!field) continue;
      field.problem.textContent = String(error.message);
      field.control.setAttribute("aria-invalid", "true");
      first ??= field.control;
    }
    first?.focus();
  }

  /** Where the answer has a page behind it, and the question a parameter for its cursor. */
  offerNextPage(answer) {
    const page = Object.values(answer.value?.data ?? {}).map((one) => one?.pageInfo).find((info) => info?.hasNextPage && info.endCursor);
    this.cursor = page && this.controls.has("after") ? page.endCursor : null;
    this.next.hidden = this.cursor === null;
  }

  turnPage() {
    this.controls.get("after").control.value = this.cursor;
    this.run();
  }

  openInEditor() {
    if (this.source === null) return;
    this.options.onOpen(either(this.chosen.titleZh, this.chosen.titleEn) || this.chosen.name, this.source, variablesOf(this.chosen.variables, this.parameters()));
  }
}
