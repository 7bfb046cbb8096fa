# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report in a real browser: it shows what it should, asks for nothing, and complains about nothing.

Screenshots go to LANTIME_SCREENSHOTS, or to tests/output/browser.
"""

from __future__ import annotations

import os
import threading
import typing as t
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.plan_html import render_plans_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.plans import Review
from ansible_collections.meinberg.lantime.tests.browser.chromium import Browser, Page
from ansible_collections.meinberg.lantime.tests.paths import OUTPUT
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import plan_records as made_plans
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

SHOTS = Path(os.environ.get("LANTIME_SCREENSHOTS") or OUTPUT / "browser")
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script><style>*{display:none}</style>'

PAGES = {
    "eight": made.report(made.eight(), made.EXPECTED, golden_file="golden/time-servers.yml"),
    "fleet": made.report(made.many(200), golden_file="golden/time-servers.yml"),
    "thousand": made.report(made.many(1000), golden_file="golden/time-servers.yml"),
    "factory": made.report(made.factory(200), golden_file="golden/time-servers.yml"),
    "rollout": made.report(made.rollout(200), checks=("health", "change", "facts")),
    "clean": made.report([made.record(f"ts{n}") for n in range(1, 6)]),
    "hostile": made.report(
        [
            made.record(
                HOSTILE,
                group=HOSTILE,
                facts=made.facts(HOSTILE, model=HOSTILE, firmware=HOSTILE, clock=HOSTILE),
                health=made.health(satellites=("critical", HOSTILE, HOSTILE)),
                drift=made.drift(made.difference(f"ntp/{HOSTILE}", HOSTILE, [HOSTILE])),
            ),
            made.failed("lost", "failed", HOSTILE, HOSTILE),
        ],
        title=HOSTILE,
    ),
    "nothing": made.report([]),
}
VIEWS = {
    "light": (1320, False),
    "dark": (1320, True),
    "narrow": (390, False),
}


def reviews(directory: Path) -> dict[str, Review]:
    """Pages for the review of plans: of a few devices, of many, and of what a hostile file can hold."""
    change = made_plans.operation(f"snmp/{HOSTILE}", {HOSTILE: HOSTILE}, {HOSTILE: HOSTILE}, "timing")
    hostile = made_plans.plan(HOSTILE, change, golden_files=(HOSTILE,), secrets=(HOSTILE,))
    few = directory / "few"
    few.mkdir()
    (few / "ts7.plan.json").write_text("{", encoding="utf-8")
    expected = ["ts1", "ts2", "ts3", "ts4", "ts5", "ts6", "ts7"]
    return {
        "plans": made_plans.review(few, made_plans.fleet(), expected=expected),
        "many-plans": made_plans.review(directory / "many", made_plans.many(200)),
        "hostile-plans": made_plans.review(directory / "hostile", {"ts1": hostile}, title=HOSTILE),
    }


class _Server(ThreadingHTTPServer):
    """Serves a directory on loopback and keeps the paths that were asked for."""

    def __init__(self, directory: Path) -> None:
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(directory)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(SimpleHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        super().do_GET()

    def log_message(self, *dummy: object) -> None:
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[_Server]:
    place = tmp_path_factory.mktemp("pages")
    for name, report in PAGES.items():
        (place / f"{name}.html").write_text(render_html(report), encoding="utf-8")
    for name, review in reviews(tmp_path_factory.mktemp("plans")).items():
        (place / f"{name}.html").write_text(render_plans_html(review), encoding="utf-8")
    with _Server(place) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> t.Iterator[Browser]:
    with Browser() as found:
        yield found


def visible(page: Page, selector: str) -> bool:
    """Whether an element is there, has an extent, and nothing else covers its middle once it is scrolled to."""
    return bool(
        page.evaluate(
            f"""(() => {{
              const e = document.querySelector({selector!r});
              if (!e || !e.checkVisibility()) return false;
              e.scrollIntoView({{block: 'center'}});
              const r = e.getBoundingClientRect();
              const top = document.elementFromPoint(r.x + Math.min(r.width, innerWidth) / 2, r.y + r.height / 2);
              return r.width > 0 && r.height > 0 && (e.contains(top) || top.contains(e));
            }})()"""
        )
    )


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_each_page_in_each_view(browser: Browser, server: _Server, name: str, view: str) -> None:
    server.paths.clear()
    width, dark = VIEWS[view]
    page = browser.page(f"{server.url}/{name}.html", width=width, dark=dark)
    page.screenshot(SHOTS / f"{name}-{view}.png")
    assert page.messages == []
    assert page.requests == [f"{server.url}/{name}.html"]
    assert server.paths == [f"/{name}.html"]
    assert page.evaluate("document.title") == PAGES[name]["title"]
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visible(page, "h1")
    assert visible(page, ".verdict")
    wanted = "rgb(18, 22, 26)" if dark else "rgb(251, 250, 246)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == wanted
    if name != "nothing":
        assert visible(page, ".fleet tbody th")
        assert visible(page, "svg.plot")
        rows = page.evaluate("document.querySelectorAll('.fleet tbody th[scope=row]').length")
        assert rows == len(PAGES[name]["hosts"])
    page.close()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["plans", "many-plans", "hostile-plans"])
def test_each_page_of_plans_in_each_view(browser: Browser, server: _Server, name: str, view: str) -> None:
    server.paths.clear()
    width, dark = VIEWS[view]
    page = browser.page(f"{server.url}/{name}.html", width=width, dark=dark)
    page.screenshot(SHOTS / f"{name}-{view}.png")
    assert page.messages == []
    assert server.paths == [f"/{name}.html"]
    assert page.evaluate("document.querySelectorAll('script, img, [onerror]').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for selector in (
        "h1",
        ".verdict",
        "#changes" if name == "many-plans" else "#timing",
        "#plans",
        "details summary b",
    ):
        assert visible(page, selector), selector
    if name == "plans":
        assert visible(page, ".alarm")
        assert visible(page, "details[open] ins")
    page.close()


def test_the_alarm_comes_first_and_is_large(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/eight.html")
    assert visible(page, ".alarm")
    top, size = page.evaluate(
        "(e => [e.getBoundingClientRect().bottom, parseFloat(getComputedStyle(e.firstElementChild).fontSize)])"
        "(document.querySelector('.alarm'))"
    )
    assert top < 300
    assert size >= 20
    page.close()


SHOWN = "[...document.querySelectorAll('.fleet tbody th[scope=row]')].filter(e => e.checkVisibility()).map(e => e.innerText)"


def test_the_fleet_can_be_narrowed_without_a_script(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/fleet.html")
    attention = page.evaluate(SHOWN)
    assert 20 < len(attention) < 100
    states = {entry["host"]: entry["state"] for entry in PAGES["fleet"]["hosts"]}
    for key, state in (("d", "drift"), ("all", None)):
        page.click(f"label:has(#show-{key})")
        shown = page.evaluate(SHOWN)
        assert sorted(shown) == sorted(host for host in states if state in (None, states[host]))
    assert shown[: len(attention)] == attention
    page.close()


def test_a_warning_of_all_devices_hides_no_other(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/factory.html")
    shown = page.evaluate(SHOWN)
    assert shown[:5] == ["ts42", "ts7", "ts91", "ts120", "ts188"]
    assert len(shown) == 30
    top = page.evaluate("document.querySelector('#health').getBoundingClientRect().top")
    assert top < page.evaluate("document.querySelector('#fleet').getBoundingClientRect().top")
    rows = page.evaluate("document.querySelectorAll('tr[id^=h]').length")
    assert rows == 2
    page.close()


def test_details_open_by_a_click_and_by_a_link(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/fleet.html")
    details = "section details:has(> .body)"
    assert not page.evaluate(f"document.querySelector('{details}').open")
    page.click(f"{details} summary b")
    assert page.evaluate(f"document.querySelector('{details}').open")
    assert visible(page, "details ins")
    last = page.evaluate("[...document.querySelectorAll('.fleet a[href^=\\'#d\\']')].at(-1).getAttribute('href')")
    assert not visible(page, last)
    page.click(f".fleet a[href='{last}']")
    assert visible(page, last)
    page.close()


def test_on_a_phone_no_difference_is_cut(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/eight.html", width=390)
    assert page.evaluate("document.querySelectorAll('.diff').length") > 2
    assert page.evaluate("[...document.querySelectorAll('.diff')].every(e => e.scrollWidth <= e.clientWidth)")
    long = page.evaluate("[...document.querySelectorAll('ins')].find(e => e.innerText.includes('iburst')).offsetHeight")
    assert long > page.evaluate("document.querySelector('del').offsetHeight")
    page.close()


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (700, "print")])
def test_the_plots_can_be_read_on_small_pages(browser: Browser, server: _Server, width: int, media: str) -> None:
    page = browser.page(f"{server.url}/eight.html", width=width)
    page.emulate_media(media)
    heights = page.evaluate("[...document.querySelectorAll('.plot text')].map(e => e.getBoundingClientRect().height)")
    assert heights
    assert min(heights) > 10
    page.close()


def test_on_paper_everything_is_open(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/fleet.html")
    data = page.pdf(SHOTS / "fleet.pdf")
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") >= 10
    page.close()


def test_what_a_device_sends_is_text_only(browser: Browser, server: _Server) -> None:
    page = browser.page(f"{server.url}/hostile.html")
    assert page.evaluate("document.querySelectorAll('img, script, [onerror]').length") == 0
    assert page.evaluate("document.querySelectorAll('style').length") == 1
    assert "<script>alert(2)</script>" in page.evaluate("document.body.innerText")
    page.close()


@pytest.mark.parametrize("name", ["eight", "clean"])
def test_the_page_makes_sense_to_a_screen_reader(browser: Browser, server: _Server, name: str) -> None:
    page = browser.page(f"{server.url}/{name}.html")
    nodes = page.accessible()
    roles = [role for role, dummy in nodes]
    for role in ("banner", "main", "contentinfo", "table", "columnheader", "rowheader"):
        assert role in roles
    assert ("heading", PAGES[name]["title"]) in nodes
    pictures = [text for role, text in nodes if role in ("image", "img", "graphics-document")]
    assert any(text.startswith("Estimated time quality") for text in pictures)
    assert all(text for role, text in nodes if role in ("link", "checkbox", "table", "image"))
    page.close()
