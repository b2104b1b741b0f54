// A file is tried, its report shown; what it does not say is chosen, and it is applied if nothing stands against it.

import { el } from "../console/dom.js";
import { isClean, isUnclear, noChoices, NOT_READ, parametersOf, sheetsOf, warningsOf } from "./choices.js";
import { outcomeOf, rowsOf } from "./table.js";

const [drop, input, news, buttons, apply, again, save, report, choosing, sheets, kind, row, columns, reasons] =
  ["drop", "file", "news", "buttons", "apply", "again", "download", "report", "choosing", "sheets", "kind", "row", "columns", "reasons"]
    .map((id) => document.getElementById(id));
const types = { csv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };

/** @type {File|null} */
let file = null;
let choices = noChoices();
/** The report's bytes, as they are to be kept. */
let told = null;
/** What the rows of a table can be: asked once. */
let shapes = null;

function say(text, isWrong = false) {
  news.textContent = text;
  news.classList.toggle("wrong", isWrong);
}

/** The answer to a request, once what was begun with it has ended. */
async function ended(answer, sent) {
  while (answer.status === 202) {
    const { state, rows } = await answer.json();
    if (sent === file) say(`${state === "checking" ? "正在核对" : "正在读取"} ${sent.name}：${rows} 行 …`);
    await new Promise((done) => setTimeout(done, 500));
    answer = await fetch(new URL(answer.headers.get("Location") ?? answer.url, location.href), { headers: { Accept: "application/json" } });
  }
  return answer;
}

async function send(isDryRun) {
  const sent = file;
  const end = sent.name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv";
  apply.disabled = again.disabled = true;
  say(isDryRun ? `正在检查 ${sent.name} …` : `正在导入 ${sent.name} …`);
  const parameters = parametersOf(sent.name.replace(/\.[^.]*$/, `.${end}`), isDryRun, choices);
  let answer, data, table;
  try {
    answer = await ended(await fetch(`/imports?${parameters}`, {
      method: "POST", headers: { "Content-Type": types[end], Accept: "application/json", Prefer: "wait=1" }, body: sent,
    }), sent);
    table = answer.ok ? await fetch(answer.headers.get("Location") ?? answer.url, { headers: { Accept: "text/csv" } }) : answer;
    data = answer.ok ? await answer.json() : null;
    told = await table.arrayBuffer();
  } catch (error) {
    return say(`没有送到：${error.message}`, true);
  }
  // Another file was chosen meanwhile.
  if (sent !== file) return;
  const text = new TextDecoder().decode(told);
  again.disabled = false;
  if (!answer.ok) {
    hide();
    return say(refusalOf(answer.status, text), true);
  }
  const rows = rowsOf(text);
  const clean = isClean(data, choices);
  say(outcomeOf(rows).outcome, !clean);
  show(rows[0], outcomeOf(rows).lines);
  await offer(data);
  apply.disabled = !(isDryRun && clean);
  document.documentElement.dataset.told = `${isDryRun} ${clean}`;
}

function refusalOf(status, text) {
  const words = { 401: "请先登录。", 403: "您的密钥不能导入；导入需要 editor 密钥。", 413: "文件太大。请分成几份，或请管理员在服务器上导入。", 503: "别人正在导入，请稍后再试。" };
  let message = "";
  try {
    message = JSON.parse(text).errors[0].message;
  } catch {
    // Whatever stands between us and the server has said it in its own way.
  }
  return [words[status] ?? "没有导入。", message].filter((part) => part !== "").join(" ");
}

function hide() {
  buttons.hidden = report.hidden = choosing.hidden = true;
}

function show(head, lines) {
  buttons.hidden = false;
  report.hidden = lines.length === 0;
  report.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...lines.map((row) => el("tr", {}, ...row.map((text) => el("td", {}, text)))))));
}

// What may be chosen

async function offer(data) {
  shapes ??= await fetch("/imports", { headers: { Accept: "application/json" } }).then((answer) => answer.json(), () => ({ types: [] }));
  choosing.hidden = false;
  const isUnknown = isUnclear(data);
  const warnings = warningsOf(data);
  if (isUnknown || warnings.size > 0) choosing.open = true;
  const names = sheetsOf(data);
  sheets.hidden = names.length < 2;
  sheets.replaceChildren(el("legend", {}, "读哪些工作表 ", english("Sheets that are read")), ...names.map((name) => choice("checkbox", name, {
    checked: choices.sheets.length === 0 ? data.tables.some((table) => table.name.endsWith(`/${name}`)) : choices.sheets.includes(name),
  }, () => {
    choices.sheets = [...sheets.querySelectorAll("input:checked")].map((one) => one.value);
  })));
  kind.replaceChildren(new Option("按文件或工作表的名称 / by its name", ""), ...shapes.types.map(({ name, label }) => new Option(`${label} ${name}`, name)));
  kind.value = choices.type;
  row.value = choices.headingRow;
  offerColumns(data);
  reasons.hidden = warnings.size === 0;
  reasons.replaceChildren(el("legend", {}, "警告：说明理由 ", english("Warnings: give a reason")), ...[...warnings].map(([check, message]) =>
    el("label", {}, `${check}：${message}`, el("input", {
      type: "text", maxlength: 200, props: { value: choices.reasons.get(check) ?? "" },
      on: { input: (event) => choices.reasons.set(check, event.target.value) },
    }))));
}

/** A list of fields for each heading, those first of which nobody knows what they are. */
function offerColumns(data) {
  const found = new Map();
  for (const table of data.tables) for (const { heading, field } of table.columns) if (!found.has(heading)) found.set(heading, { field, type: table.type });
  const lines = [...found].sort(([, a], [, b]) => Boolean(a.field) - Boolean(b.field));
  columns.hidden = lines.length === 0;
  columns.replaceChildren(el("legend", {}, "哪一栏是什么 ", english("What each column is")), ...lines.map(([heading, { field, type }]) => {
    const fields = shapes.types.find(({ name }) => name === type)?.fields ?? [];
    const list = el("select", { on: { change: (event) => {
      if (event.target.value === "auto") choices.columns.delete(heading);
      else choices.columns.set(heading, event.target.value === "none" ? NOT_READ : event.target.value);
    } } }, new Option(field ? `自动：${fields.find(({ name }) => name === field)?.label ?? field}` : "？ 不认识 / unknown", "auto"),
    new Option("不导入 / not read", "none"), ...fields.map(({ name, label }) => new Option(`${label} ${name}`, name)));
    if (choices.columns.has(heading)) list.value = choices.columns.get(heading) || "none";
    return el("label", { class: field || choices.columns.has(heading) ? null : "unknown" }, heading, list);
  }));
}

function choice(type, name, state, changed) {
  return el("label", {}, el("input", { type, value: name, props: state, on: { change: changed } }), name);
}

function english(text) {
  return el("span", { lang: "en" }, text);
}

function take(chosen) {
  if (!chosen) return;
  hide();
  choices = noChoices();
  choosing.open = false;
  if (!/\.(csv|xlsx)$/i.test(chosen.name)) return say("请选择 CSV 或 XLSX 文件。", true);
  file = chosen;
  send(true);
}

input.addEventListener("change", () => {
  take(input.files[0]);
  // The same file, put right, is chosen again.
  input.value = "";
});
kind.addEventListener("change", () => {
  choices.type = kind.value;
  // The fields are others.
  choices.columns.clear();
});
row.addEventListener("input", () => { choices.headingRow = row.value; });
choosing.addEventListener("change", () => { apply.disabled = true; });
choosing.addEventListener("input", () => { apply.disabled = true; });
again.addEventListener("click", () => send(true));
apply.addEventListener("click", () => send(false));
save.addEventListener("click", () => {
  const address = URL.createObjectURL(new Blob([told], { type: "text/csv" }));
  el("a", { href: address, download: `${file.name.replace(/\.[^.]*$/, "")}-报告.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
});
for (const [event, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  drop.addEventListener(event, (given) => {
    given.preventDefault();
    drop.classList.toggle("over", isOver);
    if (event === "drop") take(given.dataTransfer.files[0]);
  });
}
document.documentElement.dataset.ready = "true";
