# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML page of reports: structure, self-containment, contrast, size."""

from __future__ import annotations

import base64
import hashlib
import re
import typing as t
from html.parser import HTMLParser

import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.rendering import load_style_sheet
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """Tags in order, text by element, and whether every element is closed by its own end tag."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title", "desc"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


EIGHT = render_html(made.report(made.eight(), made.EXPECTED, golden_file="golden.yml"))
MANY = render_html(made.report(made.many(200)))


@pytest.mark.parametrize(
    "text", [EIGHT, MANY, render_html(made.report([])), render_html(made.report([made.record("a")]))]
)
def test_the_page_is_well_formed_and_alone(text: str) -> None:
    page = Page(text)
    names = {name for name, dummy in page.tags}
    assert names.isdisjoint({"script", "iframe", "object", "embed", "form", "img", "base", "video"})
    for dummy, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "xlink:href"):
            target = attributes.get(name)
            assert target is None or target.startswith(("#", "data:image/svg+xml,"))
    ids = [attributes["id"] for dummy, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    linked = {str(a["href"])[1:] for a in page.all("a") + page.all("use")}
    assert linked - {"fleet"} <= set(ids)
    assert "@import" not in text
    # What a page says itself has no character that stands for an invisible one.
    assert "\ufffd" not in text
    assert "url(" not in text.replace("url(#hatch)", "")


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    page = Page(EIGHT)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv")) or ""
    style = re.search(r"<style>(.*?)</style>", EIGHT, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_it_can_be_read_without_eyes() -> None:
    page = Page(EIGHT)
    assert page.all("html")[0]["lang"] == "en"
    for landmark in ("header", "main", "footer"):
        assert len(page.all(landmark)) == 1
    headings = [name for name, dummy in page.tags if re.fullmatch("h[1-6]", name)]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert set(headings) == {"h1", "h2"}
    assert len(page.all("caption")) == len(page.all("table")) == 3
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in page.all("th"))
    plots = [svg for svg in page.all("svg") if svg.get("role") == "img"]
    assert len(plots) == 2
    for svg in plots:
        labels = (svg["aria-labelledby"] or "").split()
        assert all(f'id="{label}"' in EIGHT for label in labels)
    assert all(svg.get("aria-hidden") == "true" for svg in page.all("svg") if svg.get("role") != "img")
    assert "ntp: 2 differences in 1 device" in EIGHT


def test_it_says_loudly_what_could_not_be_checked() -> None:
    alarm = EIGHT.index("3 of 8 devices could not be checked: 1 unreachable, 1 failed, 1 not checked.")
    assert EIGHT.rindex('class="alarm"', 0, alarm) < alarm
    assert alarm < EIGHT.index("2 of 5 checked devices differ in 6 settings, 2 of which concern security.")
    names = re.findall('<p class="names">(.*?)</p>', EIGHT)
    assert names == ["ts-lab, ts-north, ts-spare", "ts-south", "ts-east"]
    assert "1 device is not healthy (critical)." in EIGHT[alarm : EIGHT.index("2 of 5 checked devices")]
    assert 'class="alarm"' not in render_html(made.report([made.record("a")]))
    assert "No device was checked." in render_html(made.report([]))


@pytest.mark.parametrize(
    "words",
    [
        ("ts-east", "holdover", "< 5 µs", "gns, no antenna", "0/5", "1 accepted"),
        ("ts-core", "synchronized", "< 100 ns", "11/16", "7.10.012", "M3000 002621214284"),
        ("ts-south", "drift", "not synchronized", "< 10 ms", "warning"),
        ("ts-lab", "failed"),
    ],
)
def test_the_fleet_table_shows_state_in_words(words: tuple[str, ...]) -> None:
    row = re.search(
        rf'<tr[^>]*><th scope="row">{words[0]}</th>(?:<td[^>]*>(?:(?!</tr>).)*)</tr>',
        EIGHT[EIGHT.index('id="fleet"') :],
    )
    assert row is not None
    text = Page(row.group()).text
    for word in words:
        assert word in text


def test_drift_stands_as_before_and_after() -> None:
    section = EIGHT[EIGHT.index('id="drift"') :]
    assert "<del>stratum: 3</del><ins>stratum: 12</ins>" in section
    assert "<del>nameserver2: &#34;198.51.100.9&#34;</del>" in section
    assert "<del>read-community: ********</del><ins>read-community: ********</ins>" in section
    assert "accepted until 2026-12-31: moves with the new log host, CHG-4711" in section
    assert section.count("<details") == 3


@pytest.mark.thorough
def test_200_devices_stay_below_a_megabyte_whatever_drifts() -> None:
    assert len(MANY.encode()) < 400_000

    def sick(number: int) -> dict[str, t.Any]:
        flood = [
            made.difference(f"ntp/servers/s{n}/address", f"{'<' * 400}{number}", ["&" * 40] * 9) for n in range(120)
        ]
        ill = made.health(satellites=("critical", 0, "<" * 700 + "x" * number))
        return made.record(f"ts-{'<' * 150}{number}", drift=made.drift(*flood), health=ill)

    worst = render_html(made.report([sick(number) for number in range(200)]))
    assert len(worst.encode()) < 1_000_000
    assert re.search(r"\d+ more groups of devices do not fit on this page", worst)
    assert re.search(r"\d+ more findings do not fit on this page", worst)
    Page(worst)


def test_columns_and_sections_that_nobody_fills_are_left_out() -> None:
    text = render_html(made.report([{"host": "a", "drift": made.drift()}]))
    for heading in ("Quality", "Stratum", "Satellites", "LTOS", "Health", "Estimated time quality"):
        assert f">{heading}<" not in text
    assert ">State<" in text


# (what stands, on what, least contrast): 4.5 for text, 3 for signs and bars (WCAG 2.2, 1.4.3 and 1.4.11).
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(
        (ink, ground, 4.5)
        for ink in ("ink", "soft", "link", "good", "warn", "bad", "none")
        for ground in ("paper", "panel", "stripe")
    ),
    ("on-alarm", "alarm", 4.5),
    ("add", "add-ground", 4.5),
    ("del", "del-ground", 4.5),
    ("bar", "paper", 3.0),
    ("bar", "hatch", 3.0),
)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{([^}]*)\}", load_style_sheet())
    light, dark, paper = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block)) for block in blocks)
    return {"light": light, "dark": dark, "print": {**light, **paper}}


@pytest.mark.parametrize("palette", ["light", "dark", "print"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_contrast_is_aa(palette: str, ink: str, ground: str, least: float) -> None:
    colours = {
        name: value if len(value) == 7 else "#" + "".join(2 * c for c in value[1:])
        for name, value in palettes()[palette].items()
    }
    assert contrast(colours[ink], colours[ground]) >= least


def test_every_color_is_used_and_defined() -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", load_style_sheet()))
    assert used == set(palettes()["light"]) == set(palettes()["dark"])
    checked: set[t.Any] = {name for pair in PAIRS for name in pair[:2]}
    assert used - checked == {"rule"}
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
