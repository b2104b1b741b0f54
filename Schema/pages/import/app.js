// A file is tried, its report shown, and applied if nothing stands against it.

import { el } from "../console/dom.js";
import { outcomeOf, rowsOf } from "./table.js";

const [drop, input, news, buttons, apply, save, report] = ["drop", "file", "news", "buttons", "apply", "download", "report"].map((id) => document.getElementById(id));
const types = { csv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };

/** @type {File|null} */
let file = null;
/** The report's bytes, as they are to be kept. */
let told = null;

function say(text, isWrong = false) {
  news.textContent = text;
  news.classList.toggle("wrong", isWrong);
}

async function send(isDryRun) {
  const sent = file;
  const end = sent.name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv";
  apply.disabled = true;
  say(isDryRun ? `正在检查 ${sent.name} …` : `正在导入 ${sent.name} …`);
  const parameters = new URLSearchParams({ name: sent.name.replace(/\.[^.]*$/, `.${end}`), dryRun: String(isDryRun) });
  let answer;
  try {
    answer = await fetch(`/imports?${parameters}`, { method: "POST", headers: { "Content-Type": types[end], Accept: "text/csv, application/json;q=0.5" }, body: sent });
    told = await answer.arrayBuffer();
  } catch (error) {
    return say(`没有送到：${error.message}`, true);
  }
  // Another file was chosen meanwhile.
  if (sent !== file) return;
  const text = new TextDecoder().decode(told);
  if (!answer.ok) {
    hide();
    return say(refusalOf(answer.status, text), true);
  }
  const rows = rowsOf(text);
  const { outcome, isClean, lines } = outcomeOf(rows);
  say(outcome, !isClean);
  show(rows[0], lines);
  apply.disabled = !(isDryRun && isClean);
  document.documentElement.dataset.told = `${isDryRun} ${isClean}`;
}

function refusalOf(status, text) {
  const words = { 401: "请先登录。", 403: "您的密钥不能导入；导入需要 editor 密钥。", 413: "文件太大。请分成几份，或请管理员在服务器上导入。" };
  let message = "";
  try {
    message = JSON.parse(text).errors[0].message;
  } catch {
    // Whatever stands between us and the server has said it in its own way.
  }
  return [words[status] ?? "没有导入。", message].filter((part) => part !== "").join(" ");
}

function hide() {
  buttons.hidden = true;
  report.hidden = true;
}

function show(head, lines) {
  buttons.hidden = false;
  report.hidden = lines.length === 0;
  report.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...lines.map((row) => el("tr", {}, ...row.map((text) => el("td", {}, text)))))));
}

function take(chosen) {
  if (!chosen) return;
  hide();
  if (!/\.(csv|xlsx)$/i.test(chosen.name)) return say("请选择 CSV 或 XLSX 文件。", true);
  file = chosen;
  send(true);
}

input.addEventListener("change", () => {
  take(input.files[0]);
  // The same file, put right, is chosen again.
  input.value = "";
});
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
