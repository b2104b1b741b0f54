// The answer, in four views of it: JSON, table, chart, plan.

import { chartChoice, seriesOf, timeColumns } from "./chart-data.js";
import { chartView } from "./chart-view.js";
import { csvOf } from "./csv.js";
import { download, el, later } from "./dom.js";
import { tableOf, tablesOf, listsOf } from "./flatten.js";
import { jsonView } from "./json-view.js";
import { TableView } from "./table-view.js";
import { makeTabs } from "./tabs.js";
import { word } from "./words.js";

export class AnswerPane {
  /**
   * @param {{onPlace: (line: number, column: number) => void, onExplain: () => void, labelOf: (list: string, column: string) => string,
   *   valueLabelsOf: (list: string, column: string) => Map<string, string>|null}} options
   *   `onPlace`: a place of an error is chosen. `labelOf`, `valueLabelsOf`: what a column of the answer at hand, or a value in it, is called.
   */
  constructor(options) {
    this.options = options;
    this.answer = null;
    this.name = "answer";
    this.status = el("p", { class: "status", role: "status" });
    this.errors = el("ul", { class: "errors" });
    this.panels = Object.fromEntries(["json", "table", "chart", "plan"].map((name) => [name, el("div", { class: `view view-${name}` })]));
    this.tabs = makeTabs("answer", Object.entries(this.panels).map(([name, panel]) => ({ name, t: name, panel })), (name) => this.render(name));
    this.table = new TableView();
    this.saveJSON = el("button", { type: "button", t: "downloadJSON", on: { click: () => this.download("json") } });
    this.saveCSV = el("button", { type: "button", t: "downloadCSV", on: { click: () => this.download("csv") } });
    this.root = el("section", { class: "answer", id: "answer", tabindex: "-1", tLabel: "answer" },
      el("div", { class: "bar" }, this.tabs.root, el("span", { class: "grow" }), this.saveJSON, this.saveCSV), this.status, this.errors, ...Object.values(this.panels));
    this.view = "json";
    this.tabs.select("json", false);
    this.tell("nothingYet");
    this.enable();
    new ResizeObserver(later(120, () => { if (this.view === "chart" && this.drawnWidth !== this.chartWidth()) this.render("chart"); })).observe(this.root);
  }

  tell(key, values = {}, isWrong = false) {
    this.status.textContent = word(key, values);
    this.status.classList.toggle("wrong", isWrong);
  }

  /**
   * @param {import("./request.js").Answer} answer
   * @param {string} name What a file of it is called.
   * @param {boolean} prefersPlan
   * @param {string} mainList The response key of the list to show first.
   */
  show(answer, name, prefersPlan = false, mainList = "") {
    this.answer = answer;
    this.name = name;
    this.choice = null;
    this.spread = null;
    this.spreadTable = null;
    const { status, version, asOf, milliseconds, text } = answer;
    this.tell("status", { status, version, asOf, milliseconds, size: sizeText(new Blob([text]).size) }, status >= 400);
    this.tables = answer.value?.data ? tablesOf(answer.value.data) : [];
    this.list = Math.max(0, this.tables.findIndex((table) => mainList !== "" && table.name.split(".")[0] === mainList));
    const shown = this.tables[this.list];
    if (shown && shown.name !== "") this.status.textContent += ` · ${word("rows", { count: shown.rows.length })}`;
    this.showErrors(answer.value);
    this.enable();
    const hasPlan = answer.value?.extensions?.explain !== undefined;
    const hasRows = this.tables.some((table) => table.name !== "");
    // What was chosen last, as far as there is something to show in it; else a table before JSON.
    const fits = { json: true, table: this.tables.length > 0, chart: this.tables.length > 0, plan: hasPlan };
    const view = prefersPlan && hasPlan ? "plan" : this.chosenView && fits[this.chosenView] ? this.chosenView : hasRows ? "table" : "json";
    this.tabs.select(view, false);
    this.render(view, false);
  }

  showErrors(value) {
    const errors = Array.isArray(value?.errors) ? value.errors : [];
    this.errors.replaceChildren(...errors.slice(0, 50).map((error) => {
      const place = error.locations?.[0];
      const about = [error.extensions?.code, error.path?.join("."), error.extensions?.argumentPath].filter((part) => part);
      return el("li", {},
        place ? el("button", { type: "button", class: "link", on: { click: () => this.options.onPlace(place.line, place.column) } }, word("place", place)) : null,
        place ? " " : null, String(error.message ?? ""), about.length > 0 ? el("span", { class: "quiet" }, ` ${about.join(" · ")}`) : null);
    }));
  }

  enable() {
    this.saveJSON.disabled = this.answer === null;
    this.saveCSV.disabled = this.answer === null || (this.tables ?? []).length === 0;
  }

  render(view, isChosen = true) {
    this.view = view;
    if (isChosen && this.answer !== null) this.chosenView = view;
    const panel = this.panels[view];
    if (this.answer === null) return;
    if (view === "json") this.renderJSON(panel);
    else if (view === "table") this.renderTable(panel);
    else if (view === "chart") this.renderChart(panel);
    else this.renderPlan(panel);
  }

  /** In the language chosen. */
  renew() {
    if (this.answer === null) this.tell("nothingYet");
    else this.render(this.view, false);
  }

  renderJSON(panel) {
    const { value, text } = this.answer;
    if (value === null) {
      panel.replaceChildren(el("p", { t: "notJSON" }), el("pre", { tabindex: "0" }, text));
    } else {
      panel.replaceChildren(el("div", { class: "scroll json-scroll", tabindex: "0", role: "region", tLabel: "json" }, jsonView(value)));
    }
  }

  current() {
    if (this.tables.length === 0) return null;
    const table = this.tables[Math.min(this.list, this.tables.length - 1)];
    if (this.spread === null || table.name === "") return table;
    if (this.spreadTable?.spread !== this.spread || this.spreadTable.list !== this.list) {
      const list = listsOf(this.answer.value.data)[this.list];
      this.spreadTable = { spread: this.spread, list: this.list, table: tableOf(list.name, list.rows, this.spread) };
    }
    return this.spreadTable.table;
  }

  /** Which list, and which list within its rows. */
  choices(panel) {
    const table = this.tables[this.list];
    const parts = [];
    if (this.tables.length > 1) {
      parts.push(labelled("which", select(this.tables.map((one, index) => [String(index), one.name === "" ? word("single") : `${one.name} (${one.rows.length})`]), String(this.list), (value) => {
        this.list = Number(value);
        this.spread = null;
        this.choice = null;
        this.render(this.view);
      })));
    }
    if (table.lists.length > 0) {
      parts.push(labelled("spread", select([["", word("none")], ...table.lists.map((name) => [name, name])], this.spread ?? (table.lists.length === 1 ? table.lists[0] : ""), (value) => {
        this.spread = value;
        this.choice = null;
        this.render(this.view);
      })));
    }
    return parts.length > 0 ? el("div", { class: "choices" }, ...parts) : null;
  }

  renderTable(panel) {
    const table = this.current();
    if (table === null) {
      panel.replaceChildren(el("p", { class: "quiet", t: "noTable" }));
      return;
    }
    panel.replaceChildren(...[this.choices(panel), this.table.root].filter((part) => part !== null));
    this.table.show(table, (column) => this.options.labelOf(table.name, column), (column) => this.options.valueLabelsOf(table.name, column));
  }

  chartWidth() {
    return Math.max(260, Math.floor(this.panels.chart.clientWidth) - 4);
  }

  renderChart(panel) {
    const table = this.current();
    if (this.choice === null && table !== null) this.choice = chartChoice(table);
    if (table === null || this.choice === null) {
      panel.replaceChildren(...[table === null ? null : this.choices(panel), el("p", { class: "quiet", t: table === null ? "noTable" : "noChart" })].filter((part) => part !== null));
      return;
    }
    const choice = this.choice;
    const options = table.columns.map((column, index) => [String(index), column.name]);
    const numeric = options.filter(([index]) => table.columns[Number(index)].isNumeric);
    const again = (change) => {
      this.choice = { ...choice, ...change };
      this.render("chart");
    };
    const controls = el("div", { class: "choices" },
      labelled("kind", select([["bars", word("bars")], ["lines", word("lines")], ["time", word("time")]], choice.kind, (kind) => {
        const times = timeColumns(table);
        again({ kind, across: kind === "time" && !times.includes(choice.across) ? times[0] ?? choice.across : choice.across });
      })),
      labelled("across", select(options, String(choice.across), (value) => again({ across: Number(value) }))),
      labelled("values", select(numeric, String(choice.values[0]), (value) => again({ values: [Number(value), ...choice.values.slice(1).filter((other) => other !== Number(value))] }))),
      labelled("moreValues", select([["-1", "–"], ...numeric.filter(([index]) => index !== String(choice.values[0]))], String(choice.values[1] ?? -1), (value) => again({ values: value === "-1" ? [choice.values[0]] : [choice.values[0], Number(value)] }))),
      labelled("by", select([["-1", "–"], ...options.filter(([index]) => Number(index) !== choice.across)], String(choice.by), (value) => again({ by: Number(value) }))));
    this.drawnWidth = this.chartWidth();
    // In the order in which the table shows the rows, and in its words.
    const names = table.columns.map((column) => this.options.valueLabelsOf(table.name, column.name));
    const rows = (this.table.data === table ? this.table.rows : table.rows).map((row) => row.map((value, column) => names[column]?.get(value) || value));
    const series = seriesOf({ ...table, rows }, choice);
    const focused = document.activeElement instanceof HTMLSelectElement && panel.contains(document.activeElement)
      ? [...panel.querySelectorAll("select")].indexOf(document.activeElement) : -1;
    const title = word("chartOf", {
      kind: word(choice.kind), values: choice.values.map((index) => table.columns[index].name).join(", "), across: table.columns[choice.across]?.name ?? "",
    });
    const picture = series.length === 0 ? el("p", { class: "quiet", t: choice.kind === "time" ? "noTimes" : "noChart" }) : chartView(series, { kind: choice.kind, title, width: this.drawnWidth });
    panel.replaceChildren(...[this.choices(panel), controls, picture].filter((part) => part !== null));
    if (focused >= 0) panel.querySelectorAll("select")[focused]?.focus();
  }

  renderPlan(panel) {
    const explain = this.answer.value?.extensions?.explain;
    if (!explain) {
      panel.replaceChildren(el("p", { class: "quiet", t: "planHelp" }), el("button", { type: "button", t: "explain", on: { click: () => this.options.onExplain() } }));
      return;
    }
    const head = el("tr", {}, el("th", { scope: "col", t: "step" }), el("th", { scope: "col", t: "mode" }),
      ...["estimated", "actual", "visited"].map((key) => el("th", { scope: "col", class: "number", t: key })), el("th", { scope: "col", class: "number" }, "µs"));
    const lines = explain.steps.map((step) => {
      const name = el("th", { scope: "row" }, step.name);
      name.style.paddingInlineStart = `${0.6 + step.depth * 1.2}em`;
      return el("tr", {}, name, el("td", {}, step.mode), ...[step.estimatedRows, step.actualRows, step.visitedRows, step.microseconds].map((number) => el("td", { class: "number" }, number === null ? "" : String(number))));
    });
    panel.replaceChildren(el("div", { class: "scroll", tabindex: "0", role: "region", tLabel: "plan" }, el("table", { class: "plan" }, el("thead", {}, head), el("tbody", {}, ...lines))));
  }

  download(kind) {
    if (kind === "json") {
      download(`${this.name}.json`, "application/json", this.answer.text);
    } else {
      const table = this.current();
      const sorted = this.view === "table" && this.table.data === table ? this.table.rows : table.rows;
      download(`${this.name}.csv`, "text/csv;charset=utf-8", csvOf(table, sorted));
    }
  }
}

let labels = 0;

function labelled(key, control) {
  control.id = `choice-${++labels}`;
  return el("span", { class: "choice" }, el("label", { for: control.id, t: key }), control);
}

function select(options, value, onChange) {
  const control = el("select", { on: { change: () => onChange(control.value) } }, ...options.map(([key, text]) => el("option", { value: key }, text)));
  control.value = value;
  return control;
}

function sizeText(bytes) {
  return bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
