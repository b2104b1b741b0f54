"""Walks through the wall as people of real roles see it: signed in with a key, each with what the role may see and no more.

    console_roles.py COMMAND        the command is the product's, as ./hearth

A server of its own holds the sample and asks for keys. Pictures are kept in the folder that HEARTH_PICTURES names, if it names one.
"""

import os
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
import lane  # noqa: E402
import walk as walking  # noqa: E402
from walk import Walk, check  # noqa: E402

command = sys.argv[1] if len(sys.argv) > 1 else "./hearth"
walk = Walk("roles")
DAY = "2017-06-30"
VILLAGE = "420115010218"


def ask(server, key, document):
    return walking.ask(f"http://127.0.0.1:{server.port}/graphql?asOf={DAY}", document, key)


def sign_in(page, address, key):
    """With the keyboard, on the page to which whoever has not signed in is led."""
    page.go(address + "/wall")
    page.wait("document.activeElement?.name === 'key' || document.querySelector('[name=key]')")
    page.run("document.querySelector('[name=key]').focus()")
    page.type(key)
    page.press("Enter")
    page.wait("!document.querySelector('[name=key]')")
    # That nobody was signed in is noted by the browser.
    page.errors.clear()


def panels(page):
    """Of each panel whether it shows figures, whether it says that it is for others, and whether something has gone wrong."""
    found = page.run("""[...document.querySelectorAll('main [data-question]')].map((one) => [one.dataset.question, {
        figures: [...one.children].some((part) => !part.matches('h2, .not-for-role, .trouble') && part.textContent !== ''),
        forOthers: one.querySelector('.not-for-role') !== null, trouble: one.querySelector('.trouble') !== null }])""")
    return dict(found)


def card(page, address, number):
    """What the card of a household shows."""
    page.go("about:blank")
    page.wait("location.href === 'about:blank'")
    page.go(f"{address}/wall#asOf={DAY}&household={number}")
    page.wait("document.documentElement.dataset.ready && document.documentElement.dataset.shown?.startsWith('household')")
    return page.run("document.querySelector('main').innerText")


def rows(server, key, document):
    answer = ask(server, key, document)
    check("errors" not in answer, f"{document}: {answer}")
    return answer["data"]["households"]


def looks(page, server, address, role, key, all_numbers):
    page.go(f"{address}/wall#asOf={DAY}")
    page.wait("document.documentElement.dataset.ready")
    seen = rows(server, key, "{ households(first: 1000) { totalCount nodes { number } } }")
    total, numbers = seen["totalCount"], [one["number"] for one in seen["nodes"]]
    check(total == SEEN[role], f"{role} sees {total} households")
    found = panels(page)
    check(set(found) == PANELS, f"{role}: the panels are {sorted(found)}")
    for name, panel in found.items():
        check(not panel["trouble"], f"{role}: {name} shows trouble")
        check(panel["forOthers"] == (name in FOR_OTHERS[role]), f"{role}: {name} {'is' if panel['forOthers'] else 'is not'} for others")
        check(panel["figures"] != panel["forOthers"], f"{role}: {name} shows nothing")
    check(page.run("document.getElementById('news').textContent") == "", f"{role}: {page.run('document.getElementById(`news`).textContent')}")
    figures = page.run("[...document.querySelectorAll('.tile .figure')].map((one) => one.textContent)")
    check(figures[0] == f"{total:,}", f"{role}: the wall counts {figures[0]} households of {total}")
    check(page.run("document.querySelector('main .whose') !== null") == bool(FOR_OTHERS[role]), f"{role}: whose figures these are")
    walk.show(page, role.lower())
    own = card(page, address, numbers[0])
    check("members" in own and numbers[0] in own, f"{role}: the card of {numbers[0]} says {own[:200]!r}")
    check(NUMBER.search(own) is None, f"{role}: the card shows whole identity numbers")
    walk.show(page, role.lower() + "-card")
    other = next((one for one in all_numbers if one not in set(numbers)), None)
    if other is not None:
        text = card(page, address, other)
        check("or it is not for you" in text and "members" not in text, f"{role}: the card of a household of others says {text[:200]!r}")
        check(VERDICTS.search(text) is None, f"{role}: something is told of a household of others")
        walk.show(page, role.lower() + "-card-of-others")
    return f"{role} {total}"


PANELS = {"dashboard", "plan-and-fact", "plan-and-fact.villages", "incidence-by-village", "cases-by-state", "coverage-by-team", "households-without-helper"}
CLAIMS = {
    "DISTRICT_OFFICE": ["area=420115000000"], "TOWN_OFFICER": ["area=420115010000"], "VILLAGE_CADRE": [f"village={VILLAGE}"],
    "HELPER": ["cadre=4201050000001"],
}
# The plan is the district's.
FOR_OTHERS = {role: set() if role == "DISTRICT_OFFICE" else {"plan-and-fact", "plan-and-fact.villages"} for role in CLAIMS}
SEEN = {"DISTRICT_OFFICE": 1097, "TOWN_OFFICER": 1097, "VILLAGE_CADRE": 52, "HELPER": 4}
# Those of the sample are of an area that there is not.
NUMBER = re.compile(r"\b99\d{15}[\dX]\b")
VERDICTS = re.compile(r"Verdicts")


def main():
    folder = tempfile.mkdtemp(prefix="hearth-roles-")
    data = os.path.join(folder, "data")

    def add(name, role, claims):
        told = lane.run(command, "keys", "add", name, "--role", role, "--data", data, *(word for claim in claims for word in ("--claim", claim)))
        return told.strip()

    keys = {role: add(role.lower(), role, claims) for role, claims in CLAIMS.items()}
    editor = add("all", "editor", [])
    server = lane.Server(command, data)
    address = f"http://127.0.0.1:{server.port}"
    said = []
    try:
        everything = rows(server, editor, "{ households(first: 1000) { totalCount nodes { number } } }")
        for role, key in keys.items():
            with walk.page(width=1920, height=1080, language="en") as page:
                sign_in(page, address, key)
                said.append(looks(page, server, address, role, key, [one["number"] for one in everything["nodes"]]))
        server.stop()
    finally:
        server.process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"roles: the wall and a household's card, as each sees them (households): {', '.join(said)}")


main()
