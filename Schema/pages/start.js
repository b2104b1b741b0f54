// Runs a document, shows the answer as JSON and, where it holds exactly one list, as a table.
"use strict";

const form = document.getElementById("form");
const text = document.getElementById("document");
const day = document.getElementById("as-of");
const status = document.getElementById("status");
const table = document.getElementById("table");
const json = document.getElementById("text");
const details = document.getElementById("json");
let runNumber = 0;

for (const button of document.querySelectorAll("button.example")) {
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    text.value = button.parentElement.querySelector("pre").textContent;
    for (const other of document.querySelectorAll("button.example")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    run();
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});

async function run() {
  const number = ++runNumber;
  tell("…", false);
  const start = performance.now();
  try {
    const target = day.value ? `/graphql?asOf=${encodeURIComponent(day.value)}` : "/graphql";
    const response = await fetch(target, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept": "application/graphql-response+json" },
      body: JSON.stringify({ query: text.value }),
    });
    const body = await response.text();
    if (number !== runNumber) return;
    show(response, body, Math.round(performance.now() - start));
  } catch (error) {
    if (number !== runNumber) return;
    tell(`服务器没有应答 the server did not answer: ${error.message}`, true);
  }
}

function show(response, body, milliseconds) {
  let answer = null;
  try {
    answer = JSON.parse(body);
  } catch {
    // Shown as it came.
  }
  const errors = answer?.errors ?? [];
  const place = `v${response.headers.get("Data-Version") ?? "–"} · ${response.headers.get("Data-As-Of") ?? "–"}`;
  tell(errors.length > 0 ? errors[0].message : `${response.status} · ${place} · ${milliseconds} ms`, errors.length > 0);
  json.textContent = answer === null ? body : JSON.stringify(answer, null, 2);
  const list = onlyList(answer?.data);
  table.replaceChildren();
  table.hidden = list === null;
  details.open = list === null;
  if (list !== null) table.append(tableOf(list));
}

function tell(message, isWrong) {
  status.textContent = message;
  status.classList.toggle("wrong", isWrong);
}

// The one list of objects that can be reached without passing through another; null if there is none, or a second.
function onlyList(value) {
  const lists = [];
  const search = (value) => {
    if (Array.isArray(value)) {
      if (value.every((item) => item !== null && typeof item === "object" && !Array.isArray(item))) lists.push(value);
    } else if (value !== null && typeof value === "object") {
      Object.values(value).forEach(search);
    }
  };
  search(value);
  return lists.length === 1 && lists[0].length > 0 ? lists[0] : null;
}

// An object within a row becomes columns of its own: a.b
function flat(row, prefix = "", into = new Map()) {
  for (const [name, value] of Object.entries(row)) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      flat(value, `${prefix}${name}.`, into);
    } else {
      into.set(prefix + name, value);
    }
  }
  return into;
}

function tableOf(list) {
  const rows = list.map((row) => flat(row));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))]
    // A to-one object that is missing in some rows is a column there and several elsewhere.
    .filter((name, _, all) => !all.some((other) => other.startsWith(`${name}.`)));
  const result = document.createElement("table");
  const head = result.createTHead().insertRow();
  for (const name of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = result.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const name of columns) {
      const value = row.get(name);
      const cell = line.insertCell();
      if (value === null || value === undefined) {
        cell.textContent = "–";
        cell.className = "null";
      } else {
        cell.textContent = typeof value === "object" ? JSON.stringify(value) : String(value);
        if (typeof value === "number") cell.className = "number";
      }
    }
  }
  return result;
}
