# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, spoken to over its debugging pipe: nothing is installed, no port is opened."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
import typing as t
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
)
DEADLINE = 60.0


class BrowserError(Exception):
    """The browser ended, did not answer, or refused a command."""


def find() -> str:
    """The browser: CHROMIUM of the environment, else the first of NAMES on the path."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for path in map(shutil.which, NAMES) if path), None)
    if not found:
        raise BrowserError(f"no browser: set CHROMIUM, or install one of {', '.join(NAMES)}")
    return found


class Browser:
    """A browser process with a profile of its own. Use it as a context manager."""

    def __init__(self) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="lantime-chromium-", ignore_cleanup_errors=True)
        self._left = b""
        self._number = 0
        self.events: list[dict[str, t.Any]] = []

    def __enter__(self) -> Browser:
        child_in, self._out = os.pipe()
        self._in, child_out = os.pipe()

        def descriptors() -> None:
            first, second = os.dup(child_in), os.dup(child_out)
            high = (os.dup(first), os.dup(second))
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        # Chromium's sandbox refuses to run as root, as containers of CI systems do.
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        self._process = subprocess.Popen(
            [find(), *FLAGS, *root, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(3, 4),
            preexec_fn=descriptors,
        )
        os.close(child_in)
        os.close(child_out)
        return self

    def __exit__(self, *dummy: object) -> None:
        with contextlib.suppress(BrowserError, OSError):
            self.call("Browser.close")
        os.close(self._out)
        os.close(self._in)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._profile.cleanup()

    def call(self, method: str, session: str | None = None, **params: t.Any) -> dict[str, t.Any]:
        """Send a command and wait for its answer; events that come before it are kept."""
        self._number += 1
        message: dict[str, t.Any] = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next(method)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                result: dict[str, t.Any] = answer["result"]
                return result
            self.events.append(answer)

    def wait(self, method: str) -> dict[str, t.Any]:
        """The first event of this name, come already or still to come."""
        while True:
            for event in self.events:
                if event.get("method") == method:
                    return event
            self.events.append(self._next(method))

    def _next(self, what: str) -> dict[str, t.Any]:
        ends = time.monotonic() + DEADLINE
        while b"\0" not in self._left:
            ready = select.select([self._in], [], [], max(0.0, ends - time.monotonic()))[0]
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise BrowserError(f"no answer to {what}")
            self._left += data
        first, dummy, self._left = self._left.partition(b"\0")
        found: dict[str, t.Any] = json.loads(first)
        return found

    def page(self, url: str, width: int = 1320, height: int = 900, dark: bool = False) -> Page:
        """Open a page and wait until it is loaded."""
        return Page(self, url, width, height, dark)


class Page:
    """A loaded page. messages: what the console and the log say.  requests: URLs asked for, data: URLs not counted."""

    def __init__(self, browser: Browser, url: str, width: int, height: int, dark: bool) -> None:
        self._browser = browser
        browser.events.clear()
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        attached = browser.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._target = target
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call("Network.setCacheDisabled", cacheDisabled=True)
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        browser.events.clear()
        self._call("Page.navigate", url=url)
        browser.wait("Page.loadEventFired")
        # Two frames later everything that the page asks for by itself has been asked for.
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def _call(self, method: str, **params: t.Any) -> dict[str, t.Any]:
        return self._browser.call(method, self._session, **params)

    def emulate_media(self, media: str) -> None:
        """Show the page as on a screen or in print."""
        self._call("Emulation.setEmulatedMedia", media=media)

    def close(self) -> None:
        self._browser.call("Target.closeTarget", targetId=self._target)

    def evaluate(self, expression: str) -> t.Any:
        """The value of a JavaScript expression; the debugger may run scripts that the page may not."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def _events(self, method: str) -> list[dict[str, t.Any]]:
        return [e["params"] for e in self._browser.events if e.get("method") == method]

    @property
    def messages(self) -> list[str]:
        return [
            *(entry["entry"]["text"] for entry in self._events("Log.entryAdded")),
            *(str(entry["args"]) for entry in self._events("Runtime.consoleAPICalled")),
            *(str(entry["exceptionDetails"]) for entry in self._events("Runtime.exceptionThrown")),
        ]

    @property
    def requests(self) -> list[str]:
        urls = [event["request"]["url"] for event in self._events("Network.requestWillBeSent")]
        return [url for url in urls if not url.startswith("data:")]

    def click(self, selector: str) -> None:
        """Press the left button in the middle of an element, as a user does."""
        place = self.evaluate(
            f"(e => {{e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect();"
            f"return [r.x + r.width / 2, r.y + r.height / 2]}})(document.querySelector({json.dumps(selector)}))"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def screenshot(self, path: Path, most: int = 6000) -> None:
        """A picture of the whole page, at most so many pixels high."""
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {
            "x": 0,
            "y": 0,
            "width": size["width"],
            "height": min(size["height"], most),
            "scale": 1,
        }
        shot = self._call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def accessible(self) -> list[tuple[str, str]]:
        """(role, name) of everything that the page tells a screen reader."""
        nodes = self._call("Accessibility.getFullAXTree")["nodes"]
        return [
            (str(node["role"]["value"]), str(node.get("name", {}).get("value", "")))
            for node in nodes
            if not node.get("ignored")
        ]

    def pdf(self, path: Path) -> bytes:
        """The page as it is printed."""
        data = base64.b64decode(self._call("Page.printToPDF", preferCSSPageSize=True)["data"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return data
