// A table of any number of rows: only those in sight, and some around them, are elements.

import { el, later } from "./dom.js";
import { sortedRows } from "./flatten.js";
import { isNumber, textOf } from "./json-text.js";
import { language, word } from "./words.js";

const rowHeight = 30;
const around = 20;

export class TableView {
  constructor() {
    this.head = el("thead");
    this.body = el("tbody");
    this.columns = el("colgroup");
    this.table = el("table", { class: "rows" }, this.columns, this.head, this.body);
    this.root = el("div", { class: "scroll table-scroll", tabindex: "0", role: "region", on: { scroll: () => this.fill() } }, this.table);
    new ResizeObserver(later(50, () => this.fill())).observe(this.root);
  }

  /**
   * @param {import("./flatten.js").Table} table
   * @param {(column: string) => string} labelOf What a column is called beside its name; "" if nothing.
   * @param {(column: string) => Map<string, string>|null} valueLabelsOf What its values are called.
   */
  show(table, labelOf = () => "", valueLabelsOf = () => null) {
    this.data = table;
    this.valueLabels = table.columns.map((column) => valueLabelsOf(column.name));
    this.labelOf = labelOf;
    this.sort = null;
    this.rows = table.rows;
    this.root.scrollTop = 0;
    this.root.scrollLeft = 0;
    this.root.setAttribute("aria-label", word("tableHelp", { rows: table.rows.length, columns: table.columns.length }));
    this.table.setAttribute("aria-rowcount", String(table.rows.length + 1));
    this.buildHead();
    this.fill(true);
  }

  buildHead() {
    const widths = this.data.columns.map((column, index) => {
      let longest = widthOf(column.name) + 3;
      const label = this.labelOf(column.name);
      longest = Math.max(longest, widthOf(label) + 3);
      for (const row of this.data.rows.slice(0, 300)) longest = Math.max(longest, widthOf(textOf(row[index]) + this.valueLabel(index, row[index])));
      return Math.min(48, Math.max(6, longest + 2));
    });
    this.columns.replaceChildren(...widths.map((width) => {
      const column = el("col");
      column.style.width = `${width}ch`;
      return column;
    }));
    this.table.style.width = `${widths.reduce((sum, width) => sum + width, 0)}ch`;
    this.head.replaceChildren(el("tr", { "aria-rowindex": "1" }, ...this.data.columns.map((column, index) => {
      const label = this.labelOf(column.name);
      const order = this.sort?.column === index ? (this.sort.isDescending ? "descending" : "ascending") : "none";
      return el("th", { scope: "col", "aria-sort": order, class: column.isNumeric ? "number" : "" },
        el("button", { type: "button", title: word("sortBy", { name: column.name }), on: { click: () => this.sortBy(index) } },
          el("span", {}, column.name), order === "none" ? null : el("span", { class: "arrow", "aria-hidden": "true" }, order === "ascending" ? "▲" : "▼"),
          label ? el("span", { class: "label" }, label) : null));
    })));
  }

  /** Up, then down, then as it came. */
  sortBy(column) {
    const isSame = this.sort?.column === column;
    this.sort = !isSame ? { column, isDescending: false } : this.sort.isDescending ? null : { column, isDescending: true };
    this.rows = this.sort ? sortedRows(this.data.rows, column, this.sort.isDescending, language()) : this.data.rows;
    const focused = document.activeElement?.closest("th") !== null && this.head.contains(document.activeElement);
    this.buildHead();
    if (focused) this.head.querySelectorAll("button")[column].focus();
    this.fill(true);
  }

  fill(isNew = false) {
    if (!this.data || this.root.offsetParent === null) return;
    const first = Math.max(0, Math.floor(this.root.scrollTop / rowHeight) - around);
    const last = Math.min(this.rows.length, Math.ceil((this.root.scrollTop + this.root.clientHeight) / rowHeight) + around);
    if (!isNew && this.first === first && this.last === last) return;
    this.first = first;
    this.last = last;
    const lines = [];
    if (first > 0) lines.push(this.space(first));
    for (let index = first; index < last; index++) lines.push(this.line(index));
    if (last < this.rows.length) lines.push(this.space(this.rows.length - last));
    this.body.replaceChildren(...lines);
  }

  line(index) {
    return el("tr", { "aria-rowindex": String(index + 2) }, ...this.rows[index].map((value, column) => {
      const text = textOf(value);
      const className = value === null ? "null" : isNumber(value) && this.data.columns[column].isNumeric ? "number" : "";
      const label = this.valueLabel(column, value);
      return el("td", { class: className, title: text.length + label.length > 20 ? text + label : null }, value === null ? "–" : text, label ? el("span", { class: "label" }, label) : null);
    }));
  }

  valueLabel(column, value) {
    const label = this.valueLabels[column]?.get(value);
    return label ? ` ${label}` : "";
  }

  space(count) {
    const row = el("tr", { "aria-hidden": "true", class: "space" }, el("td", { colspan: String(this.data.columns.length) }));
    row.style.height = `${count * rowHeight}px`;
    return row;
  }
}

/** In letters of `ch`: a Chinese one is two wide. */
function widthOf(text) {
  let width = 0;
  for (const letter of text) width += letter > "\u2e7f" ? 2 : 1;
  return width;
}
