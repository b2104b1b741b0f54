"""What every walk in the browser does alike: holds what is shown to something, keeps pictures, and says where it failed."""

import contextlib
import json
import os
import sys
import time
import urllib.error
import urllib.request

from chromium import Page


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def equal(found, expected, what):
    check(found == expected, f"{what}: expected {expected!r}, found {found!r}")


class Walk:
    """One of the walks: its name begins what it says and the names of its pictures, which are kept in the folder that HEARTH_PICTURES names."""

    def __init__(self, name):
        self.name = name
        self.pictures = os.environ.get("HEARTH_PICTURES")

    def kept(self, name):
        """Where a picture or a paper goes; None where none is kept."""
        if not self.pictures:
            return None
        os.makedirs(self.pictures, exist_ok=True)
        return os.path.join(self.pictures, f"{self.name}-{name}")

    def show(self, page, name):
        path = self.kept(f"{name}.png")
        if path:
            time.sleep(0.2)
            page.picture(path)

    @contextlib.contextmanager
    def page(self, expected=None, **window):
        """A browser until the walk ends. Its page may note no error but those that hold `expected`."""
        page = Page(**window)
        try:
            yield page
            unexpected = [error for error in page.errors if expected is None or expected not in str(error)]
            check(not unexpected, f"errors of the page: {unexpected}")
        except Exception:
            print(f"{self.name}: errors of the page: {page.errors}", file=sys.stderr)
            with contextlib.suppress(Exception):
                self.show(page, "failed")
                print(page.run("(document.querySelector('.ask textarea')?.value ?? '') + '\\n' + document.body.innerText.slice(0, 2000)"), file=sys.stderr)
            raise
        finally:
            page.close()

    def steps(self, page, steps):
        """One after the other; the one that failed is named."""
        for step in steps:
            try:
                step(page)
            except Exception:
                print(f"{self.name}: {step.__name__} failed", file=sys.stderr)
                raise


def text(page, selector):
    return page.run(f"document.querySelector({json.dumps(selector)})?.textContent ?? ''")


def texts(page, selector):
    return page.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent)")


def tab_to(page, wanted, modifiers=0, times=150):
    """Presses Tab until the focus stands on what an expression over `here` says."""
    for _ in range(times):
        if page.run(f"((here) => Boolean({wanted}))(document.activeElement)"):
            return
        page.press("Tab", modifiers)
    raise AssertionError(f"Tab does not come to {wanted}")


def downloaded(page, ending, seconds=5):
    """The path of a file that the page has given out, once it is whole."""
    end = time.monotonic() + seconds
    while True:
        names = os.listdir(page.downloads) if os.path.isdir(page.downloads) else []
        found = next((name for name in names if name.endswith(ending)), None)
        if found:
            return os.path.join(page.downloads, found)
        check(time.monotonic() < end, f"nothing that ends in {ending} is given out: {names}")
        time.sleep(0.05)


def asked(address, document, key=None):
    """The bytes that answer a document; also those of a refusal."""
    fields = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(address, data=json.dumps({"query": document}).encode(), headers=fields)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return error.read()


def ask(address, document, key=None):
    return json.loads(asked(address, document, key))
