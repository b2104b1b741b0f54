"""Walks through the console with the keyboard alone, as an analyst would, and looks at what is shown.

    console_walk.py ADDRESS

Pictures are kept in the folder that HEARTH_PICTURES names, if it names one.
"""

import json
import sys
import time

sys.dont_write_bytecode = True
from chromium import ALT, CONTROL, SHIFT  # noqa: E402
from walk import Walk, check, downloaded, equal  # noqa: E402
import walk as walking  # noqa: E402

address = sys.argv[1]
walk = Walk("console")
# What an element is called.
NAME = "here.textContent || here.getAttribute('aria-label') || here.id"
EDITOR = "document.querySelector('.ask textarea')"


def tab_to(page, text, modifiers=0):
    """Presses Tab until the focus stands on what is called so."""
    walking.tab_to(page, f"({NAME}) === {json.dumps(text)}", modifiers, times=60)


def cells(page, row):
    return page.run(f"[...document.querySelectorAll('.view-table tbody tr:not(.space)')[{row}].cells].map((cell) => cell.textContent)")


def loads(page):
    start = time.monotonic()
    page.go(address + "/")
    page.wait("document.documentElement.dataset.ready")
    seconds = time.monotonic() - start
    sizes = page.run("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).map((entry) => [entry.name, entry.transferSize])")
    total = sum(size for _, size in sizes)
    check(total < 200_000, f"{total} bytes were sent: {sorted(sizes, key=lambda one: -one[1])[:5]}")
    check(all(url.startswith((address, "data:")) for url in page.requests), f"something else is asked: {page.requests}")
    print(f"console: ready after {seconds:.2f} s, {total} bytes in {len(sizes)} answers")
    walk.show(page, "start")


def writes_and_runs(page):
    page.press("1", ALT)
    page.press("a", CONTROL)
    page.press("Delete")
    page.type("{ vil")
    page.wait("!document.querySelector('.suggestion-box').hidden")
    page.press("ArrowDown")
    page.press("Enter")
    equal(page.run(f"{EDITOR}.value"), "{ villages {  } }", "a field that has fields is taken with its braces")
    page.type("no")
    page.press("Enter")
    page.type("na")
    page.wait("!document.querySelector('.suggestion-box').hidden")
    walk.show(page, "completion")
    page.press("Enter")
    page.type(" poorPersons incidenc ")
    page.wait("document.querySelector('.problems').textContent.includes('Did you mean incidence?')")
    page.press("Backspace")
    page.type("e")
    page.press("Escape")
    page.wait("!document.querySelector('.problems li')")
    page.press("f", ALT | SHIFT)
    equal(page.run(f"{EDITOR}.value"), "{\n  villages {\n    nodes { name poorPersons incidence }\n  }\n}\n", "the document is formatted")
    page.press("z", CONTROL)
    check("\n" not in page.run(f"{EDITOR}.value"), "formatting is undone by one step")
    page.press("Enter", CONTROL)
    page.wait("document.querySelector('.view-table tbody tr')")
    equal(page.run("document.querySelectorAll('.view-table tbody tr').length"), 21, "rows in the table")
    tab_to(page, "poorPersons")
    page.press("Enter")
    page.press("Enter")
    page.wait("document.querySelector('[aria-sort=descending]')")
    values = [int(cells(page, row)[1]) for row in range(21)]
    equal(values, sorted(values, reverse=True), "sorted by a column")
    walk.show(page, "table")
    tab_to(page, "Download CSV", SHIFT)
    page.press("Enter")
    with open(downloaded(page, "answer.csv"), encoding="utf-8-sig", newline="") as file:
        lines = file.read().split("\r\n")
    equal(lines[0], "name,poorPersons,incidence", "the head of the CSV")
    equal(lines[1], ",".join(cells(page, 0)), "the CSV is sorted as the table is")
    tab_to(page, "Table", SHIFT)
    page.press("ArrowRight")
    page.wait("document.querySelector('.view-chart svg rect')")
    equal(page.run("document.querySelectorAll('.view-chart svg rect').length"), 21, "bars in the chart")
    check(page.run("document.querySelector('.view-chart svg').getAttribute('aria-label')"), "the chart has a name")
    walk.show(page, "chart")
    page.press("ArrowRight")
    tab_to(page, "Run and show the plan")
    page.press("Enter")
    page.wait("document.querySelector('.view-plan tbody tr')")
    walk.show(page, "plan")


def reads_documentation(page):
    page.press("1", ALT)
    page.press("Home", CONTROL)
    page.press("ArrowRight", times=4)
    page.press("F1")
    page.wait("document.querySelector('.docs h3')")
    check(page.run("document.querySelector('.docs .here .name').textContent") == "villages", "the field at the caret is shown")
    walk.show(page, "schema")


def asks_a_saved_question(page):
    page.press("3", ALT)
    page.press("Home")
    tab_to(page, "Find by title or name")
    page.type("villages-under")
    page.wait("document.querySelectorAll('.questions button').length === 1")
    page.press("Tab")
    page.press("Enter")
    page.wait("document.activeElement.matches('.question h3')")
    page.press("Tab")
    page.type("much")
    page.press("Enter")
    page.wait("document.querySelector('.parameter [aria-invalid=true]')")
    check("much" in page.run("document.querySelector('.parameter .wrong-text').textContent"), "what is refused is told at its field")
    equal(page.run("document.activeElement.id"), "parameter-max", "the field that is refused has the focus")
    page.press("a", CONTROL)
    page.type("0.1")
    page.press("Tab")
    page.type("2")
    page.press("Enter")
    page.wait("document.querySelector('.status').textContent.includes('rows: 2')")
    check("q=villages-under-incidence&max=0.1&first=2" in page.run("location.hash"), "the address names the question")
    page.press("Tab", SHIFT)
    page.run("document.querySelector('#controls button:last-child').click()")
    equal(page.run("document.getElementById('parameter-max').value"), "0.1", "what the form holds stays when the language changes")
    page.run("document.querySelector('#controls button:last-child').click()")
    walk.show(page, "question")
    first = cells(page, 0)[0]
    tab_to(page, "Next page")
    page.press("Enter")
    page.wait(f"document.querySelector('.view-table tbody td').textContent !== '{first}'")
    check("after=" in page.run("location.hash"), "the next page has its address")


def stops_and_remembers(page):
    page.call("Network.emulateNetworkConditions", offline=False, latency=5000, downloadThroughput=-1, uploadThroughput=-1)
    page.press("1", ALT)
    page.press("Enter", CONTROL)
    page.wait("document.querySelector('#answer').getAttribute('aria-busy') === 'true'")
    page.press("Escape")
    page.wait("document.querySelector('.status').textContent === 'Stopped.'")
    page.call("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    page.press("3", ALT)
    page.press("End")
    page.wait("document.querySelector('.history button')")
    tab_to(page, page.run("document.querySelector('.history button').textContent"))
    page.press("Enter")
    check("villages" in page.run(f"{EDITOR}.value"), "the history gives its document back")
    tab_to(page, "Clear the history")
    page.press("Enter")
    check(not page.run("document.querySelector('.history button') !== null"), "the history is cleared")


def warns_of_personal_data(page):
    page.press("1", ALT)
    page.press("a", CONTROL)
    page.press("Delete")
    page.type("query Q($n: String) { persons(where: {idNumber: {eq: $n}}) { totalCount } }")
    equal(page.run(f"{EDITOR}.value"), "query Q($n: String) { persons(where: {idNumber: {eq: $n}}) { totalCount } }", "brackets typed out are not doubled")
    page.press("1", ALT)
    tab_to(page, "Variables (JSON)")
    page.press("Tab")
    page.type('{"n": "1"')
    tab_to(page, "Copy link", SHIFT)
    page.press("Enter")
    page.wait("document.querySelector('dialog[open]')")
    check("PersonFilter.idNumber" in page.run("document.querySelector('dialog[open]').textContent"), "the place of the personal value is named")
    walk.show(page, "share")
    page.press("Tab")
    equal(page.run(f"((here) => {NAME})(document.activeElement)"), "Copy without these variables", "the harmless way stands beside")
    page.press("Enter")
    page.wait("location.hash.startsWith('#document=') || document.querySelector('.status').textContent.includes('copied')")
    page.run("window.dispatchEvent(new Event('pagehide'))")
    check("idNumber" in page.run("localStorage.getItem('hearth.console.sheets')"), "the document is kept")
    check('"1' not in page.run("JSON.parse(localStorage.getItem('hearth.console.sheets')).sheets.map((one) => one.variables).join()"), "personal variables are not kept")


def holds_many_rows(page):
    seconds = page.run("""(async () => {
      const { TableView } = await import("/assets/console/table-view.js");
      const { tablesOf } = await import("/assets/console/flatten.js");
      const view = new TableView();
      const dialog = document.createElement("dialog");
      dialog.append(view.root);
      document.body.append(dialog);
      dialog.showModal();
      view.root.style.height = "400px";
      const nodes = Array.from({ length: 10000 }, (_, index) => ({ number: `n${index}`, value: index % 97, text: `row ${index}` }));
      const start = performance.now();
      view.show(tablesOf({ nodes })[0]);
      view.sortBy(1);
      const seconds = (performance.now() - start) / 1000;
      const elements = view.body.rows.length;
      view.root.scrollTop = 1e9;
      await new Promise((resolve) => setTimeout(resolve, 200));
      const last = view.body.querySelector("tr:last-child");
      const result = [seconds, elements, last.getAttribute("aria-rowindex"), view.body.rows.length];
      dialog.remove();
      return result;
    })()""")
    check(seconds[1] < 120 and seconds[3] < 120, f"only rows in sight are elements: {seconds}")
    equal(seconds[2], "10001", "the last row is reached")
    print(f"console: a table of 10,000 rows shown and sorted in {seconds[0]:.3f} s")


def speaks_both_languages(page):
    tab_to(page, "中文")
    page.press("Enter")
    page.wait("document.documentElement.lang === 'zh-Hans'")
    check("运行" in page.run("document.querySelector('.ask .primary').textContent"), "the buttons speak Chinese")
    page.go(address + "/")
    page.wait("document.documentElement.dataset.ready && document.documentElement.lang === 'zh-Hans'")
    page.press("1", ALT)
    page.press("a", CONTROL)
    page.press("Delete")
    page.type("{ villages { nodes { name incidence")
    # While completions are offered, Tab takes one.
    page.press("Escape")
    # Variables of another document are refused with their place, and taken away.
    tab_to(page, "变量（JSON）")
    page.press("Tab")
    page.press("a", CONTROL)
    page.press("Delete")
    page.press("Escape")
    page.press("Enter", CONTROL)
    page.wait("document.querySelector('.view-table tbody tr')")
    check(page.run("document.querySelector('.rows .label').textContent"), "columns have their labels")
    walk.show(page, "chinese")
    page.dark(True)
    walk.show(page, "dark")
    page.size(420, 860)
    page.wait("document.querySelector('#side').hidden || window.innerWidth === 420")
    check(page.run("document.documentElement.scrollWidth <= 420"), "a narrow window needs no scrolling to the side")
    walk.show(page, "narrow")


def main():
    # A refusal is told by its status, which browsers note.
    with walk.page(expected="status of 422", language="en") as page:
        walk.steps(page, (
            loads, writes_and_runs, reads_documentation, asks_a_saved_question, stops_and_remembers, warns_of_personal_data, holds_many_rows,
            speaks_both_languages))
    print("console: walked through, without an error")


main()
