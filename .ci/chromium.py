"""A headless Chromium driven over its debugging pipe: needs nothing beside Python and the browser."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

KEYS = {
    "Enter": (13, "Enter", "\r"), "Tab": (9, "Tab", ""), "Escape": (27, "Escape", ""), "Backspace": (8, "Backspace", ""),
    "Delete": (46, "Delete", ""), "ArrowUp": (38, "ArrowUp", ""), "ArrowDown": (40, "ArrowDown", ""), "ArrowLeft": (37, "ArrowLeft", ""),
    "ArrowRight": (39, "ArrowRight", ""), "Home": (36, "Home", ""), "End": (35, "End", ""), "PageDown": (34, "PageDown", ""),
    "F1": (112, "F1", ""), " ": (32, "Space", " "),
}
ALT, CONTROL, SHIFT = 1, 2, 8


def found():
    """The browser's path; None where there is none."""
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


class Page:
    """One page in a browser of its own. Ends with `close`."""

    def __init__(self, width=1440, height=900, language="en"):
        self.folder = tempfile.mkdtemp(prefix="hearth-browser-")
        to_browser, own_out = os.pipe()
        own_in, from_browser = os.pipe()

        def hand_over():
            # Whatever number the pipes have got, the browser reads 3 and writes 4.
            copies = os.dup(to_browser), os.dup(from_browser)
            os.dup2(copies[0], 3)
            os.dup2(copies[1], 4)

        self.process = subprocess.Popen(
            [found(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             "--hide-scrollbars", f"--lang={language}", f"--user-data-dir={self.folder}", "about:blank"],
            preexec_fn=hand_over, close_fds=False, env={**os.environ, "LANGUAGE": language},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.out, self.input, self.rest, self.number = own_out, own_in, b"", 0
        self.errors, self.requests, self.session = [], [], None
        target = next(one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        agent = self.call("Browser.getVersion")["userAgent"]
        self.call("Network.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        self.size(width, height)
        self.downloads = os.path.join(self.folder, "downloads")
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads)

    def close(self):
        self.process.terminate()
        self.process.wait()
        os.close(self.out)
        os.close(self.input)
        shutil.rmtree(self.folder, ignore_errors=True)

    # The protocol

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive(30)
            if answer is None:
                raise TimeoutError(f"{method}: the browser does not answer")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self.rest:
            if not select.select([self.input], [], [], max(0, end - time.monotonic()))[0]:
                return None
            read = os.read(self.input, 1 << 20)
            if not read:
                raise EOFError("the browser has ended")
            self.rest += read
        text, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(text)
        self.note(message)
        return message

    def note(self, message):
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details.get("text")))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "assert"):
            self.errors.append(json.dumps(parameters["args"])[:400])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    # What a person does

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def dark(self, is_dark):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])

    def go(self, address):
        self.call("Page.navigate", url=address)

    def run(self, script):
        """The value of an expression, which may be a promise."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails'].get('exception', {}).get('description')}")
        return result["result"].get("value")

    def wait(self, script, seconds=10):
        """Until an expression is true, or an element."""
        end = time.monotonic() + seconds
        while True:
            try:
                if self.run(f"Boolean({script})"):
                    return
            except RuntimeError:
                pass  # The page is about to change.
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s: {script}")
            time.sleep(0.05)

    def type(self, text):
        for letter in text:
            if letter == "\n":
                self.press("Enter")
            else:
                self.call("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter, unmodifiedText=letter)
                self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def press(self, key, modifiers=0, times=1):
        code, name, text = KEYS.get(key, (ord(key.upper()[0]), f"Key{key.upper()}" if key.isalpha() else f"Digit{key}", key))
        for _ in range(times):
            common = {"key": key, "code": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
            plain = text if modifiers in (0, SHIFT) else ""
            commands = ["selectAll"] if (key, modifiers) == ("a", CONTROL) else ["undo"] if (key, modifiers) == ("z", CONTROL) else []
            self.call("Input.dispatchKeyEvent", type="keyDown" if plain else "rawKeyDown", text=plain, commands=commands, **common)
            self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
