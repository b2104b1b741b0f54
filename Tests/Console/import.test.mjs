import assert from "node:assert/strict";
import test from "node:test";

import { isClean, isUnclear, noChoices, NOT_READ, parametersOf, sheetsOf, warningsOf } from "../../Schema/pages/import/choices.js";
import { outcomeOf, rowsOf } from "../../Schema/pages/import/table.js";

test("a report is read as it was written, quotes, commas and line ends in it too", () => {
  assert.deepEqual(rowsOf('\uFEFFa,b\r\n"x, ""y""",\r\n,"two\nlines"\r\n'), [["a", "b"], ['x, "y"', ""], ["", "two\nlines"]]);
  assert.deepEqual(rowsOf(""), []);
  assert.deepEqual(rowsOf("a"), [["a"]]);
});

test("a report without an outcome, with an error or with a warning is not clean", () => {
  const head = ["问题", "程度"];
  assert.deepEqual(outcomeOf([head, ["读了 2 行", "提示"], ["试导入没有问题", "结果"]]), { outcome: "试导入没有问题", isClean: true, lines: [["读了 2 行", "提示"]] });
  for (const degree of ["错误", "警告：说明理由后可以导入"]) assert.equal(outcomeOf([head, ["x", degree], ["y", "结果"]]).isClean, false);
  assert.equal(outcomeOf([head, ["x", "提示"]]).isClean, false);
  assert.equal(outcomeOf([]).isClean, false);
});

const report = (more) => ({ problems: [], problemCount: 0, tables: [], passedOver: [], ...more });

test("what is chosen is said in parameters, and what is not is not", () => {
  const choices = noChoices();
  assert.equal(parametersOf("a.csv", true, choices).toString(), "name=a.csv&dryRun=true");
  Object.assign(choices, { sheets: ["甲", "乙"], type: "Unit", headingRow: "3" });
  choices.columns.set("a=b", "code").set("c", NOT_READ);
  choices.reasons.set("k1", " why ").set("k2", " ");
  assert.deepEqual([...parametersOf("a.xlsx", false, choices)], [
    ["name", "a.xlsx"], ["dryRun", "false"], ["sheet", "甲"], ["sheet", "乙"], ["type", "Unit"], ["headingRow", "3"], ["column", "a=b=code"], ["column", "c="],
    ["override", "k1=why"],
  ]);
});

test("a warning stands with a reason, an error never, and what is not listed stands against the file", () => {
  const choices = noChoices();
  const warned = report({ problems: [{ severity: "SOFT", check: "k", message: "m" }, { severity: "REPORT" }], problemCount: 2 });
  assert.equal(isClean(warned, choices), false);
  assert.deepEqual([...warningsOf(warned)], [["k", "m"]]);
  choices.reasons.set("k", "why");
  assert.equal(isClean(warned, choices), true);
  assert.equal(isClean({ ...warned, problemCount: 3 }, choices), false);
  assert.equal(isClean(report({ problems: [{ severity: "HARD", check: "k" }], problemCount: 1 }), choices), false);
  assert.equal(isClean(report({}), choices), true);
});

test("sheets are those that were read and those that were not, and a heading that nobody knows is unclear", () => {
  const found = report({
    tables: [{ name: "a.xlsx/甲", type: "Unit", columns: [{ heading: "x", field: "code" }] }],
    passedOver: [{ file: "a.xlsx/乙", rows: "", reason: "hiddenSheet" }, { file: "a.xlsx/甲", rows: "3", reason: "sum" }],
  });
  assert.deepEqual(sheetsOf(found), ["甲", "乙"]);
  assert.equal(isUnclear(found), false);
  found.tables[0].columns.push({ heading: "y" });
  assert.equal(isUnclear(found), true);
  found.passedOver.push({ file: "a.xlsx/甲", rows: "", heading: "y", reason: "otherColumn" });
  assert.equal(isUnclear(found), false);
  assert.equal(isUnclear(report({ tables: [{ name: "a.csv", columns: [] }] })), true);
  assert.deepEqual(sheetsOf(report({ tables: [{ name: "a.csv", columns: [] }] })), []);
});
