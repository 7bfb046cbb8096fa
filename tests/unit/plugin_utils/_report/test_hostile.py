# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of devices that send anything: every format stays well formed, bounded and inert."""

from __future__ import annotations

import json
import re
import typing as t
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ansible_collections.meinberg.lantime.plugins.module_utils._drift import activity
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import model as _report
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.comment import MAX_COMMENT_BYTES
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.junit import render_junit
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.markdown import render_markdown
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.openmetrics import render_openmetrics
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.sarif import render_sarif
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_html import Page
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_openmetrics import parse, select
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_report import SCHEMA
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_schemas import (
    SARIF_VALIDATOR,
    list_violations,
)

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# Pieces that mean something to one of the formats, and everything else that a string can hold.
PIECES = (
    "<script>alert(1)</script>",
    "</style>",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "&#0;",
    '" onload="x',
    "'",
    "{{ 7*7 }}",
    "{0}",
    "|",
    "\\",
    "\\|",
    "`",
    "```",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\x1b[31m",
    "\x7f",
    "\u2028",
    "\u202e",
    "\ufffe",
    "\ud800",
    "@everyone",
    "`@everyone`",
    "`` <b>`",
    "[a](javascript:1)",
    "![x](http://192.0.2.1/x.png)",
    "http://192.0.2.1/",
    "# h",
    "<img src=x onerror=1>",
    "\n\n---\n\n",
    "~~~",
    "$1",
    "../..",
    "a/b",
    "é",
    "\U0001f600",
)
TEXT = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12), st.characters()), max_size=6).map("".join)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True, allow_infinity=True), TEXT)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)


def whole(**members: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
    """An object with all its members."""
    return st.fixed_dictionaries(members)


def odd(**members: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
    """An object whose members may be missing or something else, or that is no object."""
    wrong = {name: st.one_of(member, SCALAR) for name, member in members.items()}
    return st.one_of(st.fixed_dictionaries({}, optional=wrong), st.fixed_dictionaries(wrong), SCALAR)


def change_result(shape: t.Callable[..., st.SearchStrategy[t.Any]]) -> st.SearchStrategy[t.Any]:
    """The result of a module that changes a device."""
    operation = shape(
        id=st.integers(),
        handler=TEXT,
        action=st.sampled_from(["set", "create", "delete"]),
        path=TEXT,
        before=VALUE,
        after=VALUE,
        state=st.sampled_from(["waiting", "succeeded", "failed", "rolled_back"]),
        impact=st.one_of(st.none(), TEXT),
    )
    return shape(
        changed=st.booleans(),
        failed=st.booleans(),
        skipped=st.booleans(),
        operations=st.lists(operation, max_size=3),
        saved=st.one_of(st.none(), st.booleans()),
        rollback=st.one_of(st.none(), shape(state=TEXT, remaining=st.lists(VALUE, max_size=2))),
        backup_path=TEXT,
        also_changed=st.lists(TEXT, max_size=2),
        not_applicable=st.lists(shape(path=TEXT, reason=TEXT), max_size=2),
        plan_difference=st.lists(
            shape(
                kind=st.sampled_from([*activity.PLAN_DIFFERENCE_KINDS, "other"]),
                path=TEXT,
                reviewed=st.one_of(VALUE, shape(action=TEXT, before=VALUE, after=VALUE)),
                current=st.one_of(VALUE, shape(action=TEXT, before=VALUE, after=VALUE)),
            ),
            max_size=2,
        ),
    )


def session(shape: t.Callable[..., st.SearchStrategy[t.Any]]) -> st.SearchStrategy[t.Any]:
    """An HTTP session of a result."""
    return shape(
        method=TEXT,
        path=TEXT,
        status=st.one_of(st.none(), st.integers()),
        error=st.one_of(st.none(), TEXT),
        attempt=st.integers(),
        round_trip_ms=st.one_of(st.integers(), st.floats(0, 1e6), VALUE),
    )


def record(shape: t.Callable[..., st.SearchStrategy[t.Any]]) -> st.SearchStrategy[t.Any]:
    """A record in which every text is hostile; shape says how well its objects keep to the form."""
    difference = shape(
        section=TEXT,
        path=TEXT,
        op=st.sampled_from(["add", "remove", "replace"]),
        before=VALUE,
        after=VALUE,
        **{
            "class": st.sampled_from(["config", "security"]),
            "severity": st.sampled_from(["error", "note"]),
        },
        accepted=st.one_of(st.none(), st.none(), shape(until=st.one_of(TEXT, st.just("2027-01-01")), reason=TEXT)),
        peers=st.one_of(st.none(), shape(agree=st.integers(), of=st.integers())),
    )
    section = shape(name=TEXT, state=st.sampled_from(["clean", "accepted", "not_checked"]), reason=TEXT)
    check = shape(
        name=st.one_of(TEXT, st.just("quality")),
        state=st.sampled_from(["ok", "warning", "critical", "unknown"]),
        value=VALUE,
        limit=st.one_of(VALUE, st.floats(1e-9, 1e17)),
        unit=st.sampled_from(["ns", "s", None]),
        subject=TEXT,
        since=TEXT,
        message=TEXT,
        remedy=TEXT,
    )
    sync = shape(
        state=st.one_of(TEXT, st.just("holdover")),
        synchronized=st.booleans(),
        reference_slot=TEXT,
        estimated_quality_token=TEXT,
        estimated_quality_ns=st.one_of(st.none(), st.floats(1e-9, 1e17)),
    )
    receiver = shape(kind=TEXT, slot=TEXT, state=TEXT, antenna_connected=st.booleans(), satellites=VALUE)
    facts = shape(
        ansible_net_model=TEXT,
        ansible_net_serialnum=TEXT,
        ansible_net_version=TEXT,
        ansible_lantime=shape(
            min=shape(hostname=TEXT),
            sync=sync,
            receiver=st.lists(receiver, max_size=2),
            ntp=shape(system=shape(stratum=VALUE, leap=VALUE)),
        ),
    )
    return shape(
        host=TEXT,
        group=TEXT,
        facts=facts,
        drift=shape(
            mode=st.sampled_from(["golden", "consensus"]),
            state=st.sampled_from(["clean", "drift", "not_checked"]),
            sections=st.lists(section, max_size=2),
            differences=st.lists(difference, max_size=3),
            not_compared=st.lists(shape(path=TEXT, reason=TEXT), max_size=2),
            not_applicable=st.lists(shape(path=TEXT, rule=st.one_of(st.none(), VALUE), reason=TEXT), max_size=2),
        ),
        change=st.one_of(st.none(), st.none(), change_result(shape)),
        http_sessions=st.one_of(st.none(), st.lists(session(shape), max_size=3)),
        health=shape(healthy=st.booleans(), worst=TEXT, checks=st.lists(check, max_size=3)),
        error=st.one_of(
            st.none(),
            st.none(),
            st.none(),
            shape(kind=st.sampled_from(["unreachable", "failed", "not_checked"]), code=TEXT, message=TEXT),
        ),
    )


FLEET = st.lists(st.one_of(record(whole), record(whole), record(odd)), min_size=1, max_size=3)
SLOW = settings(
    max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


Found = dict[str, t.Any]


def json_fits_the_schema_and_comes_back(found: Found) -> None:
    text = _report.serialize_report(found)
    assert text.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    VALIDATOR.validate(json.loads(text))
    assert _report.parse_report(text) == found
    assert made.report([], [], [found])["hosts"] == found["hosts"]
    summary = found["summary"]
    assert summary["hosts"] == len(found["hosts"]) == sum(summary[s] or 0 for s in _report.HOST_STATES)
    assert found["exit_code"] in (2, 4)


def junit_is_xml_that_counts_right(found: Found) -> None:
    root = ET.fromstring(render_junit(found).encode("utf-8"))
    assert [suite.get("name") for suite in root] == [entry["host"] for entry in found["hosts"]]
    assert list(list_violations(root)) == []
    for suite, entry in zip(root, found["hosts"]):
        bad = len(suite.findall("*/failure")) + len(suite.findall("*/error"))
        names = [case.get("name") for case in suite.iter("testcase")]
        assert int(suite.get("tests", "0")) == len(names) == len(set(names))
        assert (bad > 0) >= (entry["state"] not in ("clean", "checked"))


def html_holds_nothing_but_its_own_elements(found: Found) -> None:
    text = render_html(found)
    page = Page(text)
    assert {name for name, dummy in page.tags} <= ELEMENTS
    for dummy, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert (attributes.get("href") or "#").startswith(("#", "data:image/svg+xml,"))
    assert all(character.isprintable() or character == "\n" for character in text)


def markdown_keeps_its_form_and_is_inert(found: Found) -> None:
    text = render_markdown(found)
    assert len(text.encode("utf-8")) < MAX_COMMENT_BYTES
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    markup = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(MARKUP, block) for block in markup)
    spans = [span for token in tokens for span in token.children or ()]
    assert {span.type for span in spans} <= SPANS
    assert not re.search(r"[@<>\[\]]|://", "".join(s.content for s in spans if s.type == "text"))
    lines = text.split("\n")
    heads = [token for token in tokens if token.type == "heading_open"]
    drifted = sum(entry["state"] == "drift" for entry in found["hosts"])
    sections = [line for line in lines if line in SECTIONS]
    assert len(set(sections)) == len(sections)
    assert ("### Drift" in sections) is (drifted > 0)
    entries = [line for line in lines if line.startswith("#### ")]
    assert len(entries) >= (drifted > 0)
    assert len(heads) == 1 + len(sections) + len(entries)
    bars = 0
    for token in tokens:
        line = lines[token.map[0]] if token.map else ""
        if token.type == "table_open":
            bars = line.count("|")
        elif token.type == "tr_open":
            assert line.count("|") == bars


def sarif_is_ascii_json_without_links_of_a_device(found: Found) -> None:
    text = render_sarif(found)
    assert text.isascii()
    SARIF_VALIDATOR.validate(json.loads(text))
    (run,) = json.loads(text)["runs"]
    for result in run["results"]:
        message = result["message"]["text"]
        assert not re.search(r"(?<!\\)(?:\\\\)*\[", message)
        assert not re.search(r"(?<!\{)\{[0-9]+\}(?!\})", message)
        for location in result["locations"]:
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9/%._~-]*", uri)


def metrics_are_read_by_both_parsers(found: Found) -> None:
    samples = parse(render_openmetrics(found))
    states = select(samples, "host_state")
    assert (len(states), sum(states)) == (6 * len(found["hosts"]), len(found["hosts"]))
    assert select(samples, "report_exit_code") == [found["exit_code"]]


ELEMENTS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "style",
    "body",
    "a",
    "svg",
    "symbol",
    "circle",
    "path",
    "div",
    "header",
    "p",
    "h1",
    "h2",
    "dl",
    "dt",
    "dd",
    "code",
    "time",
    "ul",
    "li",
    "span",
    "main",
    "section",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "figcaption",
    "desc",
    "defs",
    "pattern",
    "rect",
    "text",
    "line",
    "use",
    "label",
    "fieldset",
    "legend",
    "input",
    "details",
    "summary",
    "b",
    "pre",
    "ins",
    "del",
    "footer",
}
SECTIONS = {
    f"### {name}"
    for name in (
        "Could not be checked",
        "Changes",
        "Drift",
        "Drift on several devices",
        "Accepted drift",
        "Settings that were not compared",
        "Settings that do not apply",
        "Health",
        "Operations",
    )
}
SPANS = {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
MARKUP = r"<!-- meinberg\.lantime\.report \S+ -->\s*|<details><summary>All \d+ devices</summary>\s*|</details>\s*"
FORMATS: tuple[t.Callable[[Found], None], ...] = (
    json_fits_the_schema_and_comes_back,
    junit_is_xml_that_counts_right,
    html_holds_nothing_but_its_own_elements,
    markdown_keeps_its_form_and_is_inert,
    sarif_is_ascii_json_without_links_of_a_device,
    metrics_are_read_by_both_parsers,
)


def report(records: list[t.Any], title: str) -> Found:
    return made.report(records, ["expected"], title=title, golden_file=title)


@pytest.mark.parametrize("check", FORMATS)
@SLOW
@given(FLEET, TEXT)
def test_hostile_devices(check: t.Callable[[Found], None], records: list[t.Any], title: str) -> None:
    check(report(records, title))


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_everywhere(piece: str) -> None:
    named = {
        "name": piece,
        "state": "critical",
        "subject": piece,
        "message": piece,
        "remedy": piece,
        "unit": piece,
    }
    drift = made.drift(
        made.difference(f"{piece}/{piece}", piece, {piece: [piece]}),
        made.difference(piece, 1, 2, accepted={"until": "2027-01-01", "reason": piece}),
        blind={"snmp": piece},
    )
    facts = made.facts(piece, model=piece, serial=piece, firmware=piece, clock=piece, quality=piece)
    record = made.record(
        f"a{piece}",
        group=piece,
        facts=facts,
        drift=drift,
        health={"healthy": False, "checks": [named]},
    )
    found = report([record, made.failed(f"b{piece}", "failed", piece, piece)], piece)
    assert sorted(e["state"] for e in found["hosts"]) == ["drift", "failed", "not_checked"]
    for check in FORMATS:
        check(found)


def test_secrets_of_a_device_are_in_no_format() -> None:
    canary = "canary-4711"
    differences = [
        made.difference("snmp/read-community", canary, "x", class_="security"),
        made.difference("users/u", None, {"password": canary, "token": [canary]}, op="add"),
    ]
    found = report([made.record("a", drift=made.drift(*differences))], "t")
    assert canary not in render_openmetrics(found)
    for render in (_report.serialize_report, render_junit, render_markdown, render_sarif, render_html):
        text = render(found)
        assert canary not in text
        assert "********" in text
