"""Walks through the wall with the keyboard alone, changes the data under it, takes an answer away from it, and prints it.

    console_wall.py ADDRESS

The server takes changes, and holds the sample that is taken where none is named. Pictures and papers are kept in the folder that
HEARTH_PICTURES names, if it names one.
"""

import base64
import re
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
from chromium import SHIFT  # noqa: E402
from walk import Walk, ask, check, equal, tab_to, text, texts  # noqa: E402

address = sys.argv[1]
walk = Walk("wall")
DAY = "2017-06-30"
VILLAGE, HOUSEHOLD = "420115010218", "4201150102180034"


def panel(name):
    return f"[data-question='{name}']"


def change(document):
    told = ask(address + "/graphql", document)
    check("errors" not in told and told["data"]["applyChanges"]["applied"], f"the data was not changed: {told}")


def rename(name):
    change('mutation { applyChanges(changes: {villages: {upsert: [{code: "%s", name: "%s"}]}}) { applied } }' % (VILLAGE, name))


def opens(page):
    start = time.monotonic()
    page.go(f"{address}/wall#asOf={DAY}")
    page.wait("document.documentElement.dataset.ready")
    seconds = time.monotonic() - start
    entries = page.run("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).map((one) => [one.name, one.transferSize])")
    page_bytes = sum(size for name, size in entries if "/q/" not in name and "/graphql" not in name)
    check(page_bytes < 200_000, f"{page_bytes} bytes were sent")
    check(all(url.startswith((address, "data:")) for url in page.requests), f"something else is asked: {page.requests}")
    print(f"wall: ready after {seconds:.2f} s, {page_bytes} bytes without the answers")
    equal([text(page, "#version"), text(page, "#as-of")], ["1", DAY], "the version and the day")
    check(re.match(r"20\d\d-\d\d-\d\d \d\d:\d\d$", text(page, "#published")), "the day of the version is told")
    walk.show(page, "wide")


def shows_figures(page):
    figures = texts(page, ".tile .figure")
    equal(figures[:4], ["1,097", "2,469", "768", "1,728"], "who is registered, and who is poor")
    rows = page.run(f"[...document.querySelectorAll(\"{panel('plan-and-fact')} tbody tr\")].map((row) => [...row.cells].map((cell) => cell.textContent).join(' '))")
    equal(rows, ["2016 741 741 741 741 ✓ reached", "2017 1,234 0 1,975 741 ▲ behind by 612", "2018 494 0 2,469 741 · to come"], "the plan in numbers")
    check("below 2%" in text(page, panel("incidence-by-village") + " .limit-note"), "the threshold is the parameter's")
    rates = [float(rate[:-1]) for rate in texts(page, panel("incidence-by-village") + " td:nth-child(3)")]
    check(len(rates) == 21 and rates == sorted(rates, reverse=True), f"villages by incidence: {rates}")
    equal(page.run(f"document.querySelectorAll(\"{panel('incidence-by-village')} .limit:not(.under)\").length"), 21, "the threshold's line")
    check("568 of 768" in text(page, panel("coverage-by-team")), "the visits of the quarter")
    # What a chart shows stands in a table too, and whoever sees none is told what it is.
    check(page.run("[...document.querySelectorAll('.plan-chart')].every((one) => one.getAttribute('role') === 'img' && one.getAttribute('aria-label'))"), "charts are named")
    check(page.run("[...document.querySelectorAll('main .panel')].every((one) => document.getElementById(one.getAttribute('aria-labelledby')))"), "panels are named")


def opens_a_book_and_a_card(page):
    tab_to(page, f"here.getAttribute('href')?.includes('village={VILLAGE}')")
    page.press("Enter")
    page.wait("document.documentElement.dataset.shown?.startsWith('village')")
    check("One village, one book" in text(page, ".sheet-heading") and VILLAGE in text(page, ".sheet-heading"), "the village's book")
    equal(text(page, "#version"), "1", "the book is of the version that the wall shows")
    links = page.run("[...document.querySelectorAll('.verdicts a')].map((one) => one.getAttribute('href'))")
    check(any(link.startswith(f"/explain/Village.meetsExit?key={VILLAGE}") and f"asOf={DAY}" in link for link in links), f"why it may not leave the list: {links}")
    walk.show(page, "book")
    tab_to(page, f"here.getAttribute('href')?.includes('household={HOUSEHOLD}')")
    page.press("Enter")
    page.wait("document.documentElement.dataset.shown?.startsWith('household')")
    check("One household, one card" in text(page, ".sheet-heading"), "the household's card")
    titles = texts(page, ".panel h2")
    check(all(title in titles for title in ("members", "causes", "pairings", "incomes", "visits")), f"the card's lists: {titles}")
    link = page.run("[...document.querySelectorAll('.verdicts a')].map((one) => one.getAttribute('href')).find((one) => one.startsWith('/explain/Household.meetsExit'))")
    with urllib.request.urlopen(urllib.request.Request(address + link, headers={"Accept": "text/html"})) as answer:
        check(HOUSEHOLD in answer.read().decode(), "the explanation is there")
    walk.show(page, "card")
    paper(page, "card-a4", 210, 297, pages=1)
    tab_to(page, "here.closest('.back')", SHIFT)
    page.press("Enter")
    page.wait("document.documentElement.dataset.shown?.startsWith('wall')")


def follows_new_versions(page):
    """By the server's events, long before the interval is over; and all of it, or nothing."""
    if not page.run("document.querySelector('link[type=\"text/event-stream\"]')"):
        tab_to(page, "here.id === 'interval'")
        page.run("document.activeElement.value = '5'; document.activeElement.dispatchEvent(new Event('change'))")
    rename("样本改名村")
    page.wait("document.querySelector('#version').textContent === '2'")
    named = page.run(f"['plan-and-fact.villages', 'incidence-by-village', 'coverage-by-team'].map((name) => document.querySelector(`[data-question='${{name}}'] [href*='{VILLAGE}']`).textContent)")
    equal(named, ["样本改名村"] * 3, "every panel shows the new version")
    check("version 2" in text(page, "#news"), "it is said")
    page.call("Network.setBlockedURLs", urls=["*coverage-by-team*"])
    rename("样本又改名村")
    page.wait(f"document.querySelector(\"{panel('coverage-by-team')} .trouble\")")
    check("version 2" in text(page, panel("coverage-by-team") + " .trouble"), "the panel says how old it is")
    equal(text(page, "#version"), "2 (3)", "the version shown, and the one that is there")
    named = page.run(f"['incidence-by-village', 'coverage-by-team'].map((name) => document.querySelector(`[data-question='${{name}}'] [href*='{VILLAGE}']`).textContent)")
    equal(named, ["样本改名村"] * 2, "the figures stay, all of one version")
    check("568 of 768" in text(page, panel("coverage-by-team")), "the figures that could not be had again stay")
    walk.show(page, "old")
    page.call("Network.setBlockedURLs", urls=[])
    tab_to(page, "here.id === 'now'")
    page.press("Enter")
    page.wait("document.querySelector('#version').textContent === '3' && !document.querySelector('.trouble')")


def is_set(page):
    tab_to(page, "here.id === 'open-settings'")
    page.press("Enter")
    page.wait("document.querySelector('dialog[open]')")
    tab_to(page, "here.id === 'set-area'")
    page.type("420115010000")
    tab_to(page, "here.id === 'set-profile'")
    page.press("d")
    page.wait("document.querySelector('#set-profile').value !== ''")
    page.run("document.querySelector('#set-profile').value = 'D1'")
    tab_to(page, "here.type === 'submit'")
    page.press("Enter")
    page.wait("location.hash.includes('profile=D1')")
    page.wait(f"document.querySelector(\"{panel('incidence-by-village')} .limit-note\")?.textContent.includes('not over 0%')")
    tab_to(page, "here.id === 'subject'")
    page.press("ArrowDown")
    page.wait("document.querySelector('.plan-chart').getAttribute('aria-label').startsWith('households')")
    page.run(f"location.hash = '#asOf={DAY}'")
    page.wait("document.querySelector('.limit-note')?.textContent.includes('below 2%')")


def prints(page):
    paper(page, "a4", 297, 210, pages=1)
    paper(page, "a3", 420, 297, pages=1)


def paper(page, name, width, height, pages):
    """Prints on a sheet of so many millimetres."""
    data = base64.b64decode(page.call("Page.printToPDF", paperWidth=width / 25.4, paperHeight=height / 25.4, printBackground=False)["data"])
    found = len(re.findall(rb"/Type\s*/Page\b", data))
    equal(found, pages, f"sheets of {name}")
    path = walk.kept(f"{name}.pdf")
    if path:
        with open(path, "wb") as file:
            file.write(data)


def speaks_chinese_and_fits(page):
    tab_to(page, "here.id === 'language'")
    page.press("Enter")
    page.wait("document.documentElement.lang === 'zh-Hans'")
    check("出列标准：低于 2%" in text(page, ".limit-note"), "the wall speaks Chinese")
    check(page.run("document.activeElement.id === 'language'"), "the focus stays")
    walk.show(page, "chinese")
    page.dark(True)
    walk.show(page, "dark")
    page.dark(False)
    for width in (1000, 420):
        page.size(width, 860)
        time.sleep(0.5)
        check(page.run(f"document.documentElement.scrollWidth <= {width}"), f"a window of {width} needs no scrolling to the side")
        walk.show(page, f"narrow-{width}")
    page.run(f"location.hash = '#asOf={DAY}&household={HOUSEHOLD}'")
    page.wait("document.documentElement.dataset.shown?.startsWith('household')")
    check("家庭成员" in texts(page, ".panel h2"), "the card speaks Chinese")
    check(page.run("document.documentElement.scrollWidth <= 420"), "a card needs no scrolling to the side")
    walk.show(page, "card-narrow")


def main():
    # What was taken away on purpose is noted by the browser.
    with walk.page(expected="coverage-by-team", width=1920, height=1080, language="en") as page:
        walk.steps(page, (opens, shows_figures, opens_a_book_and_a_card, follows_new_versions, is_set, prints, speaks_chinese_and_fits))
    print("wall: walked through, without an error")


main()
