// The console: puts the panes together and carries what happens in one to the others.

import { analyze } from "./analysis.js";
import { AnswerPane } from "./answer.js";
import { complete } from "./completion.js";
import { DocsView } from "./docs-view.js";
import { Documents } from "./documents.js";
import { el, later, translateAll } from "./dom.js";
import { Editor } from "./editor.js";
import { format } from "./format.js";
import { HistoryView } from "./history.js";
import { keep, kept } from "./keep.js";
import { labelsOf } from "./labels.js";
import { QuestionsView } from "./questions-view.js";
import { ask, textAt, stateReason } from "./request.js";
import { readSchema } from "./schema.js";
import { fragmentOf, fragmentOfSaved, questionOf, savedOf } from "./share.js";
import { shareDialog } from "./share-dialog.js";
import { makeTabs } from "./tabs.js";
import { offsetOf } from "./tokens.js";
import { checkVariables, completeVariables, jsonSpots } from "./variables.js";
import { language, setLanguage, word } from "./words.js";

setLanguage(kept("language", navigator.language.startsWith("zh") ? "zh" : "en"));

const personalFields = new Set([...document.querySelectorAll("#personal li")].map((item) => `${item.dataset.type}.${item.dataset.field}`));

/** Whether an input tells of a person: a field of a row's filter, of its key or of what is written to it. */
function isPersonal(type, field) {
  return personalFields.has(`${type.replace(/(?:Filter|Row|Key|Diff)$/, "")}.${field}`);
}

let schema = null;
let analysis = analyze("", null);
let shownDocument = "";
let labels = labelsOf("", null);
let stop = null;

// MARK: The editor

const editor = new Editor({
  label: "editor", help: "editorHelp", rows: 18,
  look: (text) => {
    analysis = analyze(text, schema, { isPersonal });
    const spots = analysis.tokens.filter((token) => token.kind !== "punctuator" || token.role).map((token) => ({ start: token.start, end: token.end, kind: token.role ?? token.kind }));
    return { spots, problems: analysis.problems };
  },
  suggest: (text, offset) => complete(text, offset, schema),
  onChange: (text) => {
    documents.change({ document: text, ...privacy() });
    renewVariables();
  },
  onKey: (event) => {
    if (event.key === "F1") {
      event.preventDefault();
      showTypeAtCaret();
      return true;
    }
    return false;
  },
});

const variables = new Editor({
  label: "variables", rows: 4,
  look: (text) => ({ spots: jsonSpots(text), problems: checkVariables(text, analysis.operations.length > 0 ? operation() : null, schema).problems }),
  suggest: (text, offset) => completeVariables(text, offset, operation(), schema),
  onChange: (text) => documents.change({ variables: text, ...privacy() }),
});
const renewVariables = later(200, () => variables.renew());

/** What of the sheet tells of a person, and is not kept when the browser is closed. */
function privacy() {
  if (schema === null) {
    // What cannot be told is taken to be so.
    return { isPersonal: analysis.tokens.some((token) => token.kind === "string"), hasPersonalVariables: variables.text.trim() !== "" };
  }
  return { isPersonal: analysis.personal.some((use) => use.variable === null), hasPersonalVariables: analysis.personal.some((use) => use.variable !== null) };
}

/** The operation that the caret stands in; else the first. */
function operation() {
  const { operations } = analysis;
  return operations.find((one) => one.start <= editor.caret && editor.caret <= one.end) ?? operations[0] ?? null;
}

function showTypeAtCaret() {
  const token = analysis.tokens.find((one) => one.start <= editor.caret && editor.caret <= one.end && one.target);
  if (!token?.target.type) return;
  selectPanel("schema");
  docs.open(token.target.type, token.target.field ?? token.target.value ?? "");
}

function formatDocument() {
  const text = format(editor.text);
  if (text === null) answer.tell("formatFailed", {}, true);
  else if (text !== editor.text) editor.replace(0, editor.text.length, text, Math.min(editor.caret, text.length));
}

// MARK: The moment

const asOf = el("input", { type: "date", id: "as-of", on: { change: () => documents.change({ asOf: asOf.value }) } });
const version = el("input", { id: "version-asked", size: "10", tHint: "versionHint", autocomplete: "off", spellcheck: "false", on: { input: () => documents.change({ version: version.value }) } });
/** For roles that are told some data for a reason only. */
const reason = el("input", { id: "reason", size: "18", maxlength: "300", tHint: "reasonHint", autocomplete: "off", on: { input: () => stateReason(reason.value) } });
const moment = () => ({ asOf: asOf.value, version: version.value });

// MARK: Running

const answer = new AnswerPane({
  onPlace: (line, column) => {
    // The place is one of the document that was asked, which may be a saved one.
    if (shownDocument !== "" && shownDocument !== editor.text) open({ document: shownDocument });
    editor.jump(offsetOf(editor.text, line, column));
  },
  onExplain: () => run(true),
  labelOf: (list, column) => (language() === "zh" ? labels.columns.get(list === "" ? column : `${list}.${column}`) ?? "" : ""),
  valueLabelsOf: (list, column) => (language() === "zh" ? labels.values.get(list === "" ? column : `${list}.${column}`) ?? null : null),
});

/** Sends one question at a time. @returns {Promise<Object|null>} null where there was no answer. */
async function send(name, text, action, prefersPlan = false) {
  stop?.abort();
  const own = new AbortController();
  stop = own;
  showRunning(true);
  answer.tell("running");
  try {
    const found = await action(own.signal);
    if (stop !== own) return null;
    shownDocument = text;
    labels = labelsOf(text, schema);
    answer.show(found, name, prefersPlan, text.match(/^#\s*table:\s*(\w+)/m)?.[1]);
    return found;
  } catch (error) {
    if (stop === own) answer.tell(own.signal.aborted ? "stopped" : "noAnswer", { reason: error.message }, !own.signal.aborted);
    return null;
  } finally {
    if (stop === own) {
      stop = null;
      showRunning(false);
    }
  }
}

async function run(explains = false) {
  if (editor.text.trim() === "") return;
  const chosen = operation();
  const question = { document: editor.text, variables: variables.text, ...moment() };
  const { problems } = checkVariables(variables.text, null, schema);
  if (problems.length > 0) {
    variables.renew();
    variables.jump(problems[0].start);
    return;
  }
  const { isPersonal: isInDocument, hasPersonalVariables } = privacy();
  if (!isInDocument) history.add({ ...question, isPersonal: hasPersonalVariables });
  const operationName = analysis.operations.length > 1 ? chosen?.name ?? "" : "";
  await send(chosen?.name || "answer", editor.text, (signal) => ask({ ...question, operationName, explains }, signal), explains);
}

const runButton = el("button", { type: "button", class: "primary", t: "run", title: "Ctrl+Enter", on: { click: () => run() } });
const stopButton = el("button", { type: "button", t: "stop", title: "Esc", on: { click: () => stop?.abort() } });
stopButton.hidden = true;

function showRunning(isRunning) {
  const hadFocus = document.activeElement === runButton || document.activeElement === stopButton;
  runButton.hidden = isRunning;
  stopButton.hidden = !isRunning;
  if (hadFocus) (isRunning ? stopButton : runButton).focus();
  answer.root.setAttribute("aria-busy", String(isRunning));
}

// MARK: The panel at the side

const examples = document.getElementById("examples");
const loaded = document.getElementById("loaded");
for (const button of examples.querySelectorAll("button")) {
  const text = button.parentElement.querySelector("pre").textContent;
  button.addEventListener("click", () => {
    open({ document: text });
    run();
  });
}

const docs = new DocsView({ home: loaded });
for (const row of loaded.querySelectorAll("tr[data-type]")) {
  const name = row.dataset.type;
  row.querySelector("th").replaceChildren(el("button", { type: "button", class: "link code", on: { click: () => docs.open(name) } }, name));
}

const history = new HistoryView({ onOpen: (entry) => open({ document: entry.document, variables: entry.variables, asOf: entry.asOf, version: entry.version }) });

const questions = new QuestionsView({
  examples, isPersonal, moment,
  onRun: (name, text, action) => send(name, text, action),
  onOpen: (title, text, values) => open({ title, document: text, variables: values === "{}" ? "" : values }),
  onChoose: (name, parameters) => window.history.replaceState(null, "", fragmentOfSaved(name, parameters)),
});

const panels = { questions: el("div", {}, questions.root), schema: el("div", {}, docs.root), history: el("div", {}, history.root) };
const panelTabs = makeTabs("panel", Object.entries(panels).map(([name, panel]) => ({ name, t: name, panel })));
const side = el("aside", { id: "side", tLabel: "panel" }, panelTabs.root, ...Object.values(panels));
const sideButton = el("button", { type: "button", t: "panel", "aria-controls": "side", on: { click: () => showSide(side.hidden) } });

function showSide(isShown) {
  side.hidden = !isShown;
  sideButton.setAttribute("aria-expanded", String(isShown));
  document.getElementById("console").classList.toggle("with-side", isShown);
  keep("side", isShown);
}

function selectPanel(name) {
  showSide(true);
  panelTabs.select(name);
}

// MARK: Sharing

async function share() {
  const question = { document: editor.text, variables: variables.text, ...moment() };
  const uses = analysis.personal.filter((use) => use.variable === null || variables.text.includes(`"${use.variable}"`));
  let shared = question;
  const { isPersonal: isInDocument, hasPersonalVariables } = privacy();
  const isUnknown = schema === null && (isInDocument || hasPersonalVariables);
  if (uses.length > 0 || isUnknown) {
    const where = isUnknown ? word("notTold") : [...new Set(uses.map((use) => use.where))].join(", ");
    const choice = await shareDialog(where, isUnknown ? !isInDocument : uses.every((use) => use.variable !== null));
    if (choice === "cancel") return;
    if (choice === "without") shared = { ...question, variables: "" };
  }
  const fragment = fragmentOf(shared);
  const address = `${location.origin}${location.pathname}${fragment}`;
  try {
    await navigator.clipboard.writeText(address);
    answer.tell("shared");
  } catch {
    window.history.replaceState(null, "", fragment);
    answer.tell("shareByHand");
  }
}

// MARK: Documents

const documents = new Documents({ onShow: show });

function show(sheet) {
  editor.text = sheet.document;
  variables.text = sheet.variables;
  asOf.value = sheet.asOf;
  version.value = sheet.version;
  if (schema) documents.change(privacy());
}

function open(sheet) {
  documents.open(sheet);
}

// MARK: The page

const shortcuts = el("dialog", { class: "shortcuts", "aria-labelledby": "shortcuts-heading" }, el("h2", { id: "shortcuts-heading", t: "shortcuts" }),
  el("dl", {}, ...[["Ctrl+Enter", "keyRun"], ["Esc", "keyStop"], ["Ctrl+Space", "keySuggest"], ["F1", "keyType"], ["Shift+Alt+F", "keyFormat"], ["Tab", "keyLeave"], ["Alt+1", "keyEditor"], ["Alt+2", "keyAnswer"], ["Alt+3", "panel"]]
    .map(([key, about]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", { t: about })))), el("p", { class: "quiet", t: "editorHelp" }),
  el("form", { method: "dialog", on: { submit: (event) => { event.preventDefault(); shortcuts.close(); } } }, el("button", { type: "submit", t: "close" })));

const languageButton = el("button", { type: "button", t: "language", tLabel: "languageLabel", on: { click: () => {
  setLanguage(language() === "zh" ? "en" : "zh");
  keep("language", language());
  speak();
} } });

/** Says everything again in the language chosen. */
function speak() {
  document.documentElement.lang = language() === "zh" ? "zh-Hans" : "en";
  document.documentElement.dataset.language = language();
  translateAll();
  for (const view of [docs, questions, history, answer]) view.renew();
  documents.render();
  editor.showProblems();
  variables.showProblems();
}

function build() {
  const main = document.getElementById("console");
  const ask = el("section", { class: "ask", tLabel: "editor" },
    documents.root,
    el("div", { class: "bar" }, runButton, stopButton, el("button", { type: "button", t: "format", title: "Shift+Alt+F", on: { click: formatDocument } }), el("button", { type: "button", t: "share", on: { click: share } }),
      el("span", { class: "grow" }),
      el("span", { class: "moment" }, el("span", { class: "choice" }, el("label", { for: "as-of", t: "asOf" }), asOf), el("span", { class: "choice" }, el("label", { for: "version-asked", t: "version" }), version), el("span", { class: "choice" }, el("label", { for: "reason", t: "reason" }), reason))),
    el("div", { id: "sheet", role: "tabpanel", tLabel: "editor", class: "sheet" }, editor.root, el("details", { class: "variables", open: true }, el("summary", { t: "variables" }), variables.root)));
  document.getElementById("controls").replaceChildren(sideButton, el("button", { type: "button", t: "shortcuts", on: { click: () => shortcuts.showModal() } }), languageButton);
  main.replaceChildren(side, ask, answer.root);
  document.body.append(shortcuts);
  panelTabs.select("questions", false);
  showSide(window.innerWidth >= 1000 && kept("side", true));
  const published = document.getElementById("published");
  const instant = new Date(published.dateTime);
  if (!Number.isNaN(instant.getTime())) published.textContent = instant.toLocaleString("sv").slice(0, 16);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (questions.form.contains(document.activeElement)) questions.run();
    else run();
  } else if (event.key === "Escape" && stop) {
    stop.abort();
  } else if (event.altKey && event.shiftKey && event.code === "KeyF") {
    event.preventDefault();
    formatDocument();
  } else if (event.altKey && ["1", "2", "3"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "1") editor.area.focus();
    else if (event.key === "2") answer.root.focus();
    else {
      showSide(true);
      side.querySelector("[role=tab][aria-selected=true]").focus();
    }
  }
});

/** What the address asks for: a document, or a saved question with its parameters. */
function followFragment() {
  const question = questionOf(location.hash);
  const saved = savedOf(location.hash);
  if (question) open(question);
  if (saved && questions.questions) {
    selectPanel("questions");
    questions.choose(saved.name, saved.parameters);
  }
}

async function load() {
  const [text] = await Promise.all([textAt("/schema.graphql").catch(() => null), questions.load().catch(() => null)]);
  if (text !== null) {
    schema = readSchema(text);
  } else {
    docs.isMissing = true;
  }
  docs.setSchema(schema);
  questions.setSchema(schema);
  editor.renew();
  variables.renew();
  documents.change(privacy());
  followFragment();
  document.documentElement.dataset.ready = "true";
}

build();
speak();
show(documents.current);
if (documents.isNew && examples.querySelector("pre")) open({ document: examples.querySelector("pre").textContent });
window.addEventListener("hashchange", followFragment);
load();
