"""Scrolls an answer of 10,000 rows in the console, by keys and by hand, and looks whether each place shows its rows.

    console_table.py ADDRESS

The server holds a register of at least 10,000 households and gives pages of as many (--max-page-size 10000). How long things take is told; how
much is loaded and how many elements there are is held to.
"""

import json
import sys
import time

sys.dont_write_bytecode = True
from chromium import CONTROL  # noqa: E402
from walk import Walk, asked, check  # noqa: E402

address = sys.argv[1]
walk = Walk("console")
COUNT = 10_000
DOCUMENT = "{ households(first: %d) { nodes { number status memberCount village { code name } firstRegisteredOn } } }" % COUNT
SCROLL = "document.querySelector('.table-scroll')"


def shown(page):
    """Which rows are elements, each with what stands in its first cell, and those in sight."""
    return page.run(f"""(() => {{
        const [box, head] = [{SCROLL}.getBoundingClientRect(), {SCROLL}.querySelector('thead').getBoundingClientRect()];
        return [...document.querySelectorAll('.view-table tbody tr:not(.space)')].map((row) => {{
            const place = row.getBoundingClientRect();
            return [Number(row.getAttribute('aria-rowindex')), row.cells[0].textContent, place.bottom > head.bottom && place.top < box.bottom];
        }});
    }})()""")


def settles(page, wanted):
    """Until what an expression says is so, in milliseconds of the page's own clock; then a frame."""
    return page.run(f"""(async () => {{
        const start = performance.now();
        while (!({wanted})) {{
            if (performance.now() - start > 20000) throw new Error("not within 20 s");
            await new Promise((done) => requestAnimationFrame(done));
        }}
        return performance.now() - start;
    }})()""")


def holds_at(page, expected, first=None, last=None):
    rows = shown(page)
    check(0 < len(rows) <= 120, f"{len(rows)} rows are elements")
    seen = [index for index, _, is_seen in rows if is_seen]
    check(seen == list(range(seen[0], seen[0] + len(seen))) and len(seen) >= 5, f"the rows in sight are {seen}")
    # The first row of the table is its head.
    check(all(text == expected[index - 2] for index, text, _ in rows), "a row does not stand where it belongs")
    check(first is None or seen[0] == first, f"the first row in sight is {seen[0]}")
    check(last is None or seen[-1] == last, f"the last row in sight is {seen[-1]}")


def main():
    told = asked(address + "/graphql", DOCUMENT)
    expected = [row["number"] for row in json.loads(told)["data"]["households"]["nodes"]]
    check(len(expected) == COUNT, f"the answer has {len(expected)} rows")
    with walk.page(language="en") as page:
        start = time.monotonic()
        page.go(address + "/")
        page.wait("document.documentElement.dataset.ready")
        ready = time.monotonic() - start
        entries = page.run("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).map((one) => one.transferSize)")
        check(sum(entries) < 200_000, f"{sum(entries)} bytes were sent")
        page.press("1", 1)
        page.run(f"(() => {{ const text = document.querySelector('.ask textarea'); text.focus(); text.value = {json.dumps(DOCUMENT)}; text.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()")
        page.press("Enter", CONTROL)
        answered = settles(page, "document.querySelector('.view-table tbody tr:not(.space)')")
        check(page.run("document.querySelector('.view-table table').getAttribute('aria-rowcount')") == str(COUNT + 1), "the table says how many rows it has")
        holds_at(page, expected, first=2)
        page.run(f"{SCROLL}.focus()")
        page.press("End")
        end = settles(page, f"{SCROLL}.scrollTop + {SCROLL}.clientHeight >= {SCROLL}.scrollHeight - 2 && [...document.querySelectorAll('.view-table tbody tr:not(.space)')].at(-1)?.getAttribute('aria-rowindex') === '{COUNT + 1}'")
        time.sleep(0.3)
        holds_at(page, expected, last=COUNT + 1)
        walk.show(page, "10000")
        # As fast as a hand: each frame two windows further, through all of it.
        frames = page.run(f"""(async () => {{
            const [box, times] = [{SCROLL}, []];
            let before = performance.now();
            for (box.scrollTop = 0; box.scrollTop + box.clientHeight < box.scrollHeight - 2;) {{
                box.scrollTop += 2 * box.clientHeight;
                await new Promise((done) => requestAnimationFrame(done));
                times.push(performance.now() - before);
                before = performance.now();
            }}
            return times;
        }})()""")
        for part in (0.25, 0.5, 0.75):
            page.run(f"{SCROLL}.scrollTop = {SCROLL}.scrollHeight * {part}")
            time.sleep(0.3)
            holds_at(page, expected)
        page.press("Home")
        time.sleep(0.5)
        holds_at(page, expected, first=2)
        start = page.run("performance.now()")
        page.run("document.querySelector('.view-table th button').click()")
        page.run("document.querySelector('.view-table th button').click()")
        sorting = page.run(f"performance.now() - {start}")
        holds_at(page, sorted(expected, reverse=True), first=2)
    frames.sort()
    print(f"table: ready after {ready:.2f} s, {sum(entries)} bytes; {COUNT} rows ({len(told) // 1000} kB) shown {answered:.0f} ms after they were asked for, "
          f"their end {end:.0f} ms after End; {len(frames)} frames through all of them, {frames[len(frames) // 2]:.0f} ms by the median, {frames[-1]:.0f} at most; "
          f"sorted twice in {sorting:.0f} ms")


main()
