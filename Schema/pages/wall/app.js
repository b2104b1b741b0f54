// The wall: asks, keeps what was answered whole, and shows it.

import { el, later, translateAll } from "../console/dom.js";
import { keep, kept } from "../console/keep.js";
import { language, setLanguage, word } from "../console/words.js";
import { fragmentOf, fragmentTo, placeOf } from "./address.js";
import { subjects } from "./figures.js";
import { Pulse } from "./pulse.js";
import { askRound, isSame, settle } from "./rounds.js";
import { Server } from "./server.js";
import { views } from "./views.js";
import "./words.js";

setLanguage(kept("language", navigator.language.startsWith("zh") ? "zh" : "en"));

const main = document.getElementById("wall");
const news = document.getElementById("news");
const server = new Server();

let place = placeOf(location.hash);
/** @type {import("./rounds.js").Round|null} */
let shown = null;
let troubles = new Map();
let isOld = false;
/** The newest version that was told of. */
let latest = "";
let checkedAt = null;
let needsSignIn = false;

const keyOf = () => fragmentOf({ ...place, subject: "" });
const subject = () => (subjects.includes(place.subject) ? place.subject : "persons");

// MARK: Asking

/** What the documents in force are read for: their parameters are answered with. */
function parameterSettings() {
  const settings = [];
  if (place.profile !== "") settings.push(["param.profile", place.profile]);
  if (place.area !== "") settings.push(["param.area", place.area]);
  return settings;
}

async function beat() {
  const key = keyOf();
  const view = views[place.view];
  const settings = parameterSettings();
  main.setAttribute("aria-busy", "true");
  await server.renew();
  const ask = (question, parameters, at) => server.ask(question.name, parameters, at, settings, view.isSheet);
  const [round] = await Promise.all([askRound(key, view.questions(place), { asOf: place.asOf }, ask), server.learn()]);
  // Something else is looked at by now.
  if (key !== keyOf()) return true;
  checkedAt = new Date();
  main.removeAttribute("aria-busy");
  if (view.isSheet) await Promise.all(view.questions(place).map((question) => server.source(question.name)));
  if (round.version !== "" && round.publishedAt === "") round.publishedAt = await server.publishedAt(round.version);
  if (key !== keyOf()) return true;
  const before = shown;
  const settled = settle(shown, round);
  [shown, troubles, isOld] = [settled.shown, settled.troubles, settled.isOld];
  if (round.version !== "") latest = round.version;
  needsSignIn = [...round.results.values()].some((result) => result.status === 401);
  // What says the same is left as it is on the screen.
  const wasWell = !main.querySelector(".trouble");
  if (isSame(before, shown) && troubles.size === 0 && wasWell) drawFacts();
  else draw();
  tell(round, before);
  return round.isWhole;
}

/** Says what has happened, for those who do not see it too. */
function tell(round, before) {
  const names = views[place.view].questions(place).filter((question) => troubles.has(question.name)).map((question) => word(question.title)).join(", ");
  news.classList.toggle("trouble", troubles.size > 0 || needsSignIn);
  if (needsSignIn) news.replaceChildren(word("wall.signInNeeded"), " ", el("a", { href: "/sign-in" }, word("wall.signIn")));
  else if (isOld && round.version === "") news.textContent = word("wall.unreachable", { shown: shown.version });
  else if (isOld) news.textContent = word("wall.problem", { version: round.version, names, shown: shown.version });
  else if (troubles.size > 0) news.textContent = word(round.version === "" ? "wall.unreachableFirst" : "wall.problemFirst", { names });
  else if (before !== null && before.key === round.key && before.version !== round.version) news.textContent = word("wall.updated", { version: round.version });
  else news.textContent = "";
}

const pulse = new Pulse({ beat, isHidden: () => document.hidden });

// MARK: Showing

/** On paper charts are drawn for this width, and made to fit. */
const printedWidth = 520;
let isPrinting = false;
for (const [event, starts] of [["beforeprint", true], ["afterprint", false]]) {
  window.addEventListener(event, () => {
    isPrinting = starts;
    draw();
  });
}

function context() {
  // What a panel has of the window: three columns, two, or one.
  const inside = main.clientWidth;
  const columns = inside >= 1400 ? 3 : inside >= 900 ? 2 : 1;
  const width = isPrinting ? printedWidth : Math.max(260, Math.floor((place.view === "wall" ? (inside - 14 * (columns - 1)) / columns : Math.min(inside, 1280)) - 34));
  return { place, round: shown, troubles, schema: server.schema, rules: server.rules, documents: server.sources, subject: subject(), width };
}

/** Everything at once; what had the focus has it again. */
function draw() {
  drawFacts();
  if (shown === null) {
    main.replaceChildren(el("p", { class: "note" }, word("wall.loading")));
    return;
  }
  const view = views[place.view];
  const seen = context();
  const focused = main.contains(document.activeElement) ? document.activeElement : null;
  const target = focused?.getAttribute("href") ?? null;
  const scrolled = new Map([...main.querySelectorAll("[data-question] .scroll")].map((one, index) => [index, one.scrollTop]));
  const nodes = view.draw(seen);
  const back = place.view === "wall" ? [] : [el("p", { class: "back" }, el("a", { href: fragmentTo(place, "wall") }, `← ${word("wall.back")}`))];
  const heading = place.view === "wall" ? [] : [el("h2", { class: "sheet-heading" }, view.heading(seen), " ", el("span", { class: "code" }, place.key))];
  main.replaceChildren(...back, ...heading, ...nodes, el("p", { class: "print-only" }, `Hearth · ${word("wall.printed", { version: shown.version, asOf: shown.asOf })}`));
  [...main.querySelectorAll("[data-question] .scroll")].forEach((one, index) => { one.scrollTop = scrolled.get(index) ?? 0; });
  if (target !== null) [...main.querySelectorAll("a[href]")].find((one) => one.getAttribute("href") === target)?.focus();
  main.classList.toggle("is-sheet", view.isSheet);
  main.classList.toggle("old", isOld);
  document.title = `Hearth · ${view.heading(seen)}`;
  document.getElementById("title").textContent = word("wall.title");
  document.documentElement.dataset.shown = `${place.view} ${shown.version}`;
}

function drawFacts() {
  const moment = (text) => {
    const instant = new Date(text);
    return text === "" || Number.isNaN(instant.getTime()) ? "–" : instant.toLocaleString("sv").slice(0, 16);
  };
  const fact = (name, id, text) => el("div", {}, el("dt", {}, word(`wall.${name}`)), el("dd", { id }, text));
  document.getElementById("facts").replaceChildren(
    fact("version", "version", shown === null || shown.version === "" ? "–" : isOld && latest !== shown.version ? `${shown.version} (${latest})` : shown.version),
    fact("published", "published", shown === null ? "–" : moment(shown.publishedAt)),
    fact("asOf", "as-of", shown === null || shown.asOf === "" ? "–" : shown.asOf),
    fact("checked", "checked", checkedAt === null ? "–" : `${checkedAt.toLocaleTimeString("sv")}${pulse.isLive ? ` · ${word("wall.live")}` : ""}`));
}

// MARK: Controls

const intervals = [0, 5, 15, 60, 300, 900];

function intervalWord(seconds) {
  if (seconds === 0) return word("wall.off");
  return seconds < 60 ? word("wall.seconds", { count: seconds }) : word("wall.minutes", { count: seconds / 60 });
}

function choice(id, label, options, value, onChange) {
  return el("span", { class: "choice" }, el("label", { for: id }, word(label)),
    el("select", { id, on: { change: (event) => onChange(event.target.value) } }, ...options.map(([key, text]) => el("option", { value: key, selected: key === value }, text))));
}

function drawControls() {
  const focused = document.activeElement?.id ?? "";
  document.getElementById("controls").replaceChildren(
    choice("subject", "wall.subject", subjects.map((name) => [name, word(`wall.${name}Long`)]), subject(), (value) => go({ ...place, subject: value })),
    choice("interval", "wall.every", intervals.map((seconds) => [String(seconds), intervalWord(seconds)]), String(pulse.seconds), (value) => {
      keep("wall.interval", Number(value));
      pulse.setInterval(Number(value));
    }),
    el("button", { type: "button", id: "now", on: { click: () => pulse.beat() } }, word("wall.now")),
    el("button", { type: "button", id: "open-settings", on: { click: () => openSettings() } }, word("wall.settings")),
    el("button", { type: "button", id: "print", on: { click: () => window.print() } }, word("wall.print")),
    el("button", { type: "button", id: "language", "aria-label": word("languageLabel"), on: { click: () => {
      setLanguage(language() === "zh" ? "en" : "zh");
      keep("language", language());
      speak();
    } } }, word("language")));
  if (focused !== "") document.getElementById(focused)?.focus();
}

function go(next) {
  location.hash = fragmentOf(next);
}

const settings = el("dialog", { class: "settings", "aria-labelledby": "settings-heading" });
document.body.append(settings);

function openSettings() {
  const field = (id, label, input) => el("p", {}, el("label", { for: id }, word(label)), input);
  const asOf = el("input", { type: "date", id: "set-as-of", value: place.asOf });
  const area = el("input", { id: "set-area", value: place.area, placeholder: word("wall.areaHint"), autocomplete: "off", spellcheck: "false", inputmode: "numeric" });
  const profiles = [...(server.schema?.types.get("PolicyProfile")?.values.values() ?? [])];
  const profile = el("select", { id: "set-profile" }, el("option", { value: "" }, word("wall.standard")),
    ...profiles.map((value) => el("option", { value: value.name, selected: value.name === place.profile }, value.label && language() === "zh" ? `${value.name} ${value.label}` : value.name)));
  settings.replaceChildren(el("form", { method: "dialog", on: { submit: (event) => {
    event.preventDefault();
    settings.close();
    go({ ...place, asOf: asOf.value, area: area.value.trim(), profile: profile.value });
  } } }, el("h2", { id: "settings-heading" }, word("wall.settings")),
    field("set-as-of", "wall.asOf", asOf), field("set-area", "wall.area", area), field("set-profile", "wall.profile", profile),
    el("p", { class: "buttons" }, el("button", { type: "submit", class: "primary" }, word("wall.apply")), " ", el("button", { type: "button", on: { click: () => settings.close() } }, word("cancel")))));
  settings.showModal();
}

/** Says everything again in the language chosen. */
function speak() {
  document.documentElement.lang = language() === "zh" ? "zh-Hans" : "en";
  document.documentElement.dataset.language = language();
  translateAll();
  drawControls();
  draw();
}

window.addEventListener("hashchange", () => {
  const before = keyOf();
  const view = place.view;
  place = placeOf(location.hash);
  if (keyOf() !== before) {
    // What is shown is of something else.
    [shown, troubles, isOld] = [null, new Map(), false];
    news.textContent = "";
    pulse.beat();
    if (place.view !== view) {
      window.scrollTo(0, 0);
      main.focus();
    }
  }
  drawControls();
  draw();
});

document.addEventListener("visibilitychange", () => pulse.seen());

let drawnWidth = 0;
new ResizeObserver(later(200, () => {
  if (Math.abs(main.clientWidth - drawnWidth) < 8 || shown === null) return;
  drawnWidth = main.clientWidth;
  draw();
})).observe(main);

// Who is told of new versions need not ask for them; where nobody tells, the clock does.
const events = document.querySelector("link[type='text/event-stream']");
if (events !== null && "EventSource" in window) pulse.listen(new EventSource(events.getAttribute("href")), drawFacts);

speak();
pulse.beat().then(() => {
  document.documentElement.dataset.ready = "true";
  pulse.setInterval(kept("wall.interval", 60));
  drawControls();
});
