// A document in one way of writing it: two spaces, a selection a line, arguments on their line while they fit. Comments stay.

import { tokenize } from "./tokens.js";

const closing = { "{": "}", "(": ")", "[": "]" };
const width = 110;

/** @returns {string|null} null if the brackets do not match: then nothing is touched. */
export function format(text) {
  const tokens = tokenize(text);
  if (tokens.some((token) => token.kind === "invalid")) return null;
  const reader = { tokens, index: 0 };
  const nodes = group(reader, null);
  if (nodes === null || reader.index < tokens.length) return null;
  return `${definitions(nodes).join("\n\n")}\n`;
}

/** A tree of brackets: tokens, and `{open, nodes}`. null where one is not closed, or closed by another. */
function group(reader, close) {
  const nodes = [];
  while (reader.index < reader.tokens.length) {
    const token = reader.tokens[reader.index];
    if (token.text === close) {
      reader.index++;
      return nodes;
    }
    if (token.kind === "punctuator" && ["}", ")", "]"].includes(token.text)) return null;
    reader.index++;
    if (token.kind === "punctuator" && closing[token.text]) {
      const inner = group(reader, closing[token.text]);
      if (inner === null) return null;
      nodes.push({ open: token.text, nodes: inner });
    } else {
      nodes.push(token);
    }
  }
  return close === null ? nodes : null;
}

/** A definition ends with its selection set, a comment stands before what it speaks of. */
function definitions(nodes) {
  const result = [];
  let current = [];
  let comments = [];
  const finish = () => {
    if (current.length > 0 || comments.length > 0) result.push([...comments, ...(current.length > 0 ? [line(current, 0)] : [])].join("\n"));
    current = [];
    comments = [];
  };
  for (const node of nodes) {
    if (node.kind === "comment" && current.length === 0) comments.push(node.text.trimEnd());
    else {
      current.push(node);
      if (node.open === "{") finish();
    }
  }
  finish();
  return result;
}

/** Nodes of one field, operation or argument, one after the other. */
function line(nodes, depth) {
  let text = "";
  nodes.forEach((node, index) => {
    const part = node.open === "{" ? selections(node.nodes, depth)
      : node.open !== undefined ? values(node, depth, lastLine(text).length + depth * 2)
      : node.text;
    text += gap(nodes[index - 1], node) + part;
    if (node.kind === "comment") text += `\n${"  ".repeat(depth)}`;
  });
  return text;
}

function gap(before, node) {
  if (before === undefined || before.kind === "comment") return "";
  if (node.open === "(") return "";
  if (node.open !== undefined) return before.text === ":" || before.text === "=" || node.open === "{" ? " " : before.text === "@" ? "" : " ";
  if (["$", "@"].includes(before.text) || (before.text === "..." && node.text !== "on")) return "";
  if ([":", "!"].includes(node.text)) return "";
  return " ";
}

function selections(nodes, depth) {
  const items = fields(nodes);
  const isShort = items.every((item) => item.every((node) => node.open === undefined && node.kind !== "comment"));
  const flat = `{ ${items.map((item) => line(item, depth)).join(" ")} }`;
  if (isShort && items.length > 0 && flat.length + depth * 2 < 80 && depth > 0) return flat;
  const indent = "  ".repeat(depth + 1);
  return `{\n${items.map((item) => indent + line(item, depth + 1).trimEnd()).join("\n")}\n${"  ".repeat(depth)}}`;
}

/** Takes selections apart: a field begins with a name that no colon, `@` or `on` precedes, or with `...`. */
function fields(nodes) {
  const items = [];
  nodes.forEach((node, index) => {
    const before = nodes[index - 1];
    const isPart = node.open !== undefined || [":", "@"].includes(node.text) || (before && ([":", "@"].includes(before.text)
      || (before.text === "..." && node.kind === "name") || (before.text === "on" && nodes[index - 2]?.text === "...")));
    if (isPart && items.length > 0 && items[items.length - 1].at(-1).kind !== "comment") items[items.length - 1].push(node);
    else items.push([node]);
  });
  return items;
}

/** Arguments, lists and objects: on the line, or one a line where they would not fit. */
function values(node, depth, column) {
  const items = members(node);
  const open = node.open === "{" ? "{" : node.open;
  const flat = open + items.map((item) => member(item, depth, true)).join(", ") + closing[node.open];
  // Variables with descriptions stand below each other, however short.
  const isDescribed = node.open === "(" && node.nodes.some((inner, index) => inner.kind === "string" && node.nodes[index + 1]?.text === "$");
  if (!isDescribed && !flat.includes("\n") && column + flat.length <= width) return flat;
  const indent = "  ".repeat(depth + 1);
  return `${open}\n${items.map((item) => indent + member(item, depth + 1, false).trimEnd()).join("\n")}\n${"  ".repeat(depth)}${closing[node.open]}`;
}

function member(nodes, depth, isFlat) {
  let text = "";
  nodes.forEach((node, index) => {
    const column = isFlat ? -width : lastLine(text).length + depth * 2;
    text += gap(nodes[index - 1], node) + (node.open !== undefined ? values(node, depth, column) : node.text);
    if (node.kind === "comment") text += "\n";
  });
  return text;
}

/** `name: value` pairs, variable definitions, or the items of a list. */
function members(node) {
  const items = [];
  const nodes = node.nodes;
  nodes.forEach((current, index) => {
    const before = nodes[index - 1];
    const continues = before !== undefined && before.kind !== "comment" && (
      [":", "=", "!", "@"].includes(current.text) || [":", "=", "$", "@"].includes(before.text)
      || (current.open === "(" && before.kind === "name"));
    if (continues) items[items.length - 1].push(current);
    else items.push([current]);
  });
  return items;
}

function lastLine(text) {
  return text.slice(text.lastIndexOf("\n") + 1);
}
