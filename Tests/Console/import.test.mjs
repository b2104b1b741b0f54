import assert from "node:assert/strict";
import test from "node:test";

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
