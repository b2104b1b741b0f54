// Arguments, directives, types and values of a document, against what the schema expects there.

import { isComposite, isNonNull, itemType, namedType, nullable } from "./schema.js";
import { TokenParser } from "./token-parser.js";

export class ValueParser extends TokenParser {
  /** @param {Map|undefined} definitions undefined: unknown. */
  args(definitions, owner, result, coordinate) {
    const used = new Set();
    if (this.take("(")) {
      while (this.token !== null && !this.take(")")) {
        const before = this.index;
        const name = this.name("argument", { kind: "argument", args: definitions, used });
        if (name !== null) {
          const definition = definitions?.get(name.text);
          if (definitions && !definition && !name.isCaret) this.unknown(name, "unknownArgument", { field: coordinate || owner.text }, definitions.keys());
          name.target = owner.target ? { ...owner.target, argument: name.text } : undefined;
          if (used.has(name.text)) this.report(name, "repeatedArgument", { name: name.text });
          used.add(name.text);
          if (this.take(":")) this.value(definition?.type, { where: `${coordinate}(${name.text}:)`, isPersonal: result !== undefined && this.isPersonal(result, name.text) });
          else if (!name.isCaret) this.expected(":");
        }
        if (this.index === before) {
          this.expected(")");
          if (this.is("{") || this.is("}")) return;
          this.index++;
        }
      }
    }
    for (const definition of definitions?.values() ?? []) {
      if (isNonNull(definition.type) && !definition.hasDefault && !used.has(definition.name)) {
        this.report(owner, "missingArgument", { name: definition.name, type: definition.type, field: coordinate });
      }
    }
  }

  directives(location) {
    while (this.take("@")) {
      const at = this.tokens[this.index - 1];
      at.role = "directive";
      const name = this.name("directive", { kind: "directive", location });
      if (name === null) {
        this.expected("directive");
        return;
      }
      const definition = this.schema?.directives.get(name.text);
      if (this.schema && !definition) this.unknown(name, "unknownDirective", {}, this.schema.directives.keys());
      else if (definition && !definition.locations.includes(location)) this.report(name, "misplacedDirective", { name: name.text });
      this.args(definition?.args, name, undefined, definition ? `@${name.text}` : "");
    }
  }

  // MARK: Values

  /**
   * @param {string|undefined} type As `[Row!]!`; undefined: unknown.
   * @param {{where: string, isPersonal: boolean}} place The input it is given to.
   */
  value(type, place) {
    const token = this.token;
    if (token === null) {
      this.expected("value");
      return;
    }
    const item = type === undefined ? undefined : itemType(type);
    if (this.take("[")) {
      const inner = type === undefined ? undefined : item ?? undefined;
      if (type !== undefined && item === null && this.type(namedType(type))?.kind !== "scalar") this.report(token, "noList", { type });
      while (this.token !== null && !this.take("]")) {
        const before = this.index;
        this.value(inner, place);
        if (this.index === before) return;
      }
    } else if (this.take("$")) {
      token.role = "variable";
      const name = this.name("variable", { kind: "variable", type, variables: this.operation?.variables });
      if (name === null) this.expected("name");
      else {
        this.operation?.uses?.push({ name: name.text, type, start: token.start, end: name.end, isCaret: name.isCaret });
        if (place.isPersonal) this.personal.push({ variable: name.text, start: token.start, end: name.end, where: place.where });
      }
    } else if (item) {
      this.value(item, place);
    } else if (this.is("{")) {
      this.object(type === undefined ? undefined : namedType(type), place);
    } else if (token.kind === "name") {
      this.word(type, place);
    } else if (token.kind === "string" || token.kind === "number") {
      this.index++;
      this.literal(token, type, place);
    } else {
      this.expected("value");
    }
  }

  word(type, place) {
    const token = this.name("enum", { kind: "value", type, variables: this.operation?.variables });
    if (token.isCaret) return;
    if (["true", "false", "null"].includes(token.text)) {
      token.role = "keyword";
      if (token.text === "null") {
        if (type !== undefined && isNonNull(type)) this.report(token, "notNull", { type });
        return;
      }
      this.literal(token, type, place);
      return;
    }
    const definition = type === undefined ? undefined : this.type(namedType(type));
    if (!definition) return;
    if (definition.kind !== "enum") {
      this.report(token, "wrongValue", { value: token.text, type: nullable(type) });
    } else if (!definition.values.has(token.text)) {
      this.unknown(token, "unknownValue", { type: definition.name }, definition.values.keys());
    }
    token.target = { type: definition.name, value: token.text };
  }

  literal(token, type, place) {
    if (place.isPersonal && token.kind !== "name") this.personal.push({ variable: null, start: token.start, end: token.end, where: place.where });
    const definition = type === undefined ? undefined : this.type(namedType(type));
    if (!definition) return;
    const isString = token.kind === "string";
    const fits = definition.kind !== "scalar" ? false
      : definition.name === "Int" ? /^-?[0-9]+$/.test(token.text)
      : definition.name === "Float" ? token.kind === "number"
      : definition.name === "Boolean" ? token.kind === "name"
      : definition.name === "String" ? isString
      : definition.name === "ID" ? isString || /^-?[0-9]+$/.test(token.text)
      : true;
    if (!fits) this.report(token, "wrongValue", { value: token.text.slice(0, 40), type: nullable(type) });
  }

  object(typeName, place) {
    const open = this.token;
    this.index++;
    const type = this.type(typeName);
    const fields = type?.kind === "input" ? type.fields : undefined;
    if (type && type.kind !== "input" && type.kind !== "scalar") this.report(open, "wrongValue", { value: "{…}", type: typeName });
    const used = new Set();
    while (this.token !== null && !this.take("}")) {
      const before = this.index;
      const name = this.name("argument", { kind: "input", type: typeName, used });
      if (name !== null) {
        const definition = fields?.get(name.text);
        if (fields && !definition) this.unknown(name, "unknownInput", { type: typeName }, fields.keys());
        name.target = typeName ? { type: typeName, field: name.text } : undefined;
        if (used.has(name.text)) this.report(name, "repeatedArgument", { name: name.text });
        used.add(name.text);
        const personal = place.isPersonal || (typeName !== undefined && this.isPersonal(typeName, name.text));
        const where = !place.isPersonal && personal ? `${typeName}.${name.text}` : place.where;
        if (this.take(":")) this.value(definition?.type, { where, isPersonal: personal });
        else if (!name.isCaret) this.expected(":");
      }
      if (this.index === before) {
        this.expected("}");
        this.index++;
        return;
      }
    }
    for (const definition of fields?.values() ?? []) {
      if (isNonNull(definition.type) && !definition.hasDefault && !used.has(definition.name)) {
        this.report(open, "missingInput", { name: definition.name, type: typeName });
      }
    }
    if (type?.isOneOf && used.size !== 1) this.report(open, "oneOf", { type: typeName });
  }

  // MARK: Types

  typeReference() {
    let text = "";
    if (this.take("[")) {
      text = `[${this.typeReference()}]`;
      this.expect("]");
    } else {
      text = this.typeName(false);
    }
    return this.take("!") ? `${text}!` : text;
  }

  /** @param {boolean} isOutput Whether a type with fields is meant; else one for values. */
  typeName(isOutput) {
    const token = this.name("type", { kind: "type", isOutput });
    if (token === null) {
      this.expected("Type");
      return "";
    }
    const type = this.type(token.text);
    token.target = { type: token.text };
    if (this.schema && !token.isCaret) {
      if (!type) this.unknown(token, "unknownType", {}, this.schema.types.keys());
      else if (isOutput && !isComposite(type)) this.report(token, "noFields", { type: token.text });
      else if (!isOutput && isComposite(type)) this.report(token, "noInput", { type: token.text });
    }
    return token.text;
  }
}
