// The documentation of the schema: search, types, their fields; every type's name leads to it.

import { el, later } from "./dom.js";
import { namedType } from "./schema.js";
import { word } from "./words.js";

export class DocsView {
  /** @param {{home: HTMLElement}} options `home` is shown where nothing is looked for. */
  constructor({ home }) {
    this.schema = null;
    this.home = home;
    this.trail = [];
    this.search = el("input", { type: "search", tHint: "searchSchema", tLabel: "searchSchema", on: { input: later(120, () => this.find()) } });
    this.backButton = el("button", { type: "button", t: "back", on: { click: () => this.back() } });
    this.content = el("div", { class: "docs-content" });
    this.live = el("p", { class: "unseen", role: "status" });
    this.root = el("div", { class: "docs" }, el("div", { class: "bar" }, this.backButton, this.search), this.content, this.live);
    this.renew();
  }

  setSchema(schema) {
    this.schema = schema;
    this.renew();
  }

  /** @param {string} member A field, argument or value to be shown first. */
  open(type, member = "", focuses = true) {
    if (!this.schema?.types.has(type)) return;
    const last = this.trail[this.trail.length - 1];
    if (last?.type !== type || last?.member !== member) this.trail.push({ type, member });
    this.search.value = "";
    this.renew();
    if (focuses) this.content.querySelector("h3")?.focus();
  }

  back() {
    this.trail.pop();
    this.search.value = "";
    this.renew();
    (this.content.querySelector("h3, button") ?? this.search).focus();
  }

  renew() {
    const here = this.trail[this.trail.length - 1];
    this.backButton.hidden = here === undefined;
    if (this.search.value.trim() !== "") this.find();
    else if (here) this.content.replaceChildren(this.page(this.schema.types.get(here.type), here.member));
    else this.content.replaceChildren(...[this.schema ? this.roots() : el("p", { class: "quiet", t: this.isMissing ? "noSchema" : "loading" }), this.home].filter((part) => part));
    this.content.querySelector(".here")?.scrollIntoView({ block: "center" });
  }

  roots() {
    const names = Object.values(this.schema.roots).filter((name) => this.schema.types.has(name));
    return el("ul", { class: "plain" }, ...names.map((name) => el("li", {}, this.link(name))));
  }

  find() {
    const asked = this.search.value.trim();
    if (asked === "" || !this.schema) {
      this.renew();
      return;
    }
    const found = search(this.schema, asked, 80);
    this.backButton.hidden = this.trail.length === 0;
    this.content.replaceChildren(found.length === 0 ? el("p", { class: "quiet", t: "noneFound" }) : el("ul", { class: "plain found" }, ...found.map((hit) => el("li", {},
      this.link(hit.type, hit.member), hit.label ? el("span", { class: "label" }, ` ${hit.label}`) : null,
      hit.description ? el("p", { class: "quiet clip" }, hit.description) : null))));
    this.live.textContent = found.length === 0 ? word("noneFound") : word("items", { count: found.length });
  }

  link(type, member = "") {
    return el("button", { type: "button", class: "link code", on: { click: () => this.open(type, member) } }, member ? `${type}.${member}` : type);
  }

  /** `[Row!]!`, its name a link. */
  reference(text) {
    const name = namedType(text);
    const [before, behind] = text.split(name);
    return el("span", { class: "code" }, before, this.schema.types.has(name) ? this.link(name) : name, behind);
  }

  page(type, member) {
    const parts = [
      el("h3", { tabindex: "-1" }, el("span", { class: "code" }, type.name), type.label ? ` ${type.label}` : "", el("span", { class: "quiet kind" }, ` ${type.kind}`)),
      type.description ? el("p", {}, type.description) : null,
      type.isOneOf ? el("p", { class: "quiet", t: "oneOfHelp" }) : null,
    ];
    if (type.interfaces.length > 0) parts.push(el("h4", { t: "implements" }), this.list(type.interfaces));
    if (type.members.length > 0) parts.push(el("h4", { t: "possible" }), this.list(type.members));
    if (type.kind === "interface") {
      const possible = [...this.schema.types.values()].filter((other) => other.interfaces.includes(type.name)).map((other) => other.name);
      parts.push(el("h4", { t: "possible" }), this.list(possible));
    }
    if (type.fields.size > 0) parts.push(el("h4", { t: "fields" }), el("dl", { class: "fields" }, ...[...type.fields.values()].flatMap((field) => this.field(field, member))));
    if (type.values.size > 0) {
      parts.push(el("h4", { t: "enumValues" }), el("dl", { class: "fields" }, ...[...type.values.values()].flatMap((value) => [
        el("dt", { class: value.name === member ? "here" : "" }, el("span", { class: "code" }, value.name), value.label ? el("span", { class: "label" }, ` ${value.label}`) : null, this.old(value)),
        el("dd", {}, value.description),
      ])));
    }
    const users = usersOf(this.schema, type.name).slice(0, 60);
    if (users.length > 0) parts.push(el("details", {}, el("summary", { t: "usedBy" }), el("ul", { class: "plain" }, ...users.map((user) => el("li", {}, this.link(user.type, user.field))))));
    return el("article", {}, ...parts);
  }

  list(names) {
    return el("ul", { class: "plain" }, ...names.map((name) => el("li", {}, this.link(name))));
  }

  field(field, member) {
    const args = [...(field.args?.values() ?? [])];
    return [
      el("dt", { class: field.name === member ? "here" : "" }, el("span", { class: "code name" }, field.name), el("span", { class: "code" }, ": "), this.reference(field.type),
        field.hasDefault ? el("span", { class: "code quiet" }, ` = ${field.default}`) : null, field.label ? el("span", { class: "label" }, ` ${field.label}`) : null, this.old(field)),
      el("dd", {}, field.description, args.length > 0 ? el("ul", { class: "args" }, ...args.map((arg) => el("li", {}, el("span", { class: "code" }, `${arg.name}: `), this.reference(arg.type),
        arg.hasDefault ? el("span", { class: "code quiet" }, ` = ${arg.default}`) : null, arg.description ? el("span", { class: "quiet" }, ` ${arg.description}`) : null))) : null),
    ];
  }

  old(definition) {
    return definition.deprecated === null ? null : el("span", { class: "old-note" }, ` ${word("deprecatedWord")}: ${definition.deprecated}`);
  }
}

/** Names first, then labels, then descriptions; whole words before parts. @returns {{type: string, member: string, label: string, description: string}[]} */
export function search(schema, text, limit) {
  const small = text.toLowerCase();
  const hits = [];
  const look = (definition, type, member, weight) => {
    const name = (member || type).toLowerCase();
    const coordinate = `${type}.${member}`.toLowerCase();
    const rank = name === small || definition.label === text ? 0
      : name.startsWith(small) ? 1
      : definition.label.includes(text) && text !== "" && definition.label !== "" ? 2
      : name.includes(small) || (small.includes(".") && coordinate.includes(small)) ? 3
      : definition.description.toLowerCase().includes(small) ? 5 : -1;
    if (rank >= 0) hits.push({ type, member, label: definition.label, description: definition.description, rank: rank + weight, index: hits.length });
  };
  for (const type of schema.types.values()) {
    // Types that a model's own give rise to come after them.
    const weight = type.kind === "input" ? 0.5 : type.kind === "enum" || type.kind === "object" ? 0 : 0.2;
    look(type, type.name, "", weight - 0.1);
    for (const field of type.fields.values()) look(field, type.name, field.name, weight);
    for (const value of type.values.values()) look(value, type.name, value.name, weight);
  }
  return hits.sort((one, other) => one.rank - other.rank || one.index - other.index).slice(0, limit);
}

function usersOf(schema, name) {
  const users = [];
  for (const type of schema.types.values()) {
    for (const field of type.fields.values()) {
      if (namedType(field.type) === name || [...(field.args?.values() ?? [])].some((arg) => namedType(arg.type) === name)) users.push({ type: type.name, field: field.name });
    }
  }
  return users;
}
