# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of large fleets: the worst first, identical findings as one entry, and nothing called clean that is not known."""

from __future__ import annotations

import html
import re
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.comparison import DriftPolicy
from ansible_collections.meinberg.lantime.plugins.plugin_utils._consensus.consensus import (
    ConsensusRules,
    compare_results,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import folding, headline, plots, severity, tiles
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.junit import render_junit
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.markdown import render_markdown
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.openmetrics import render_openmetrics
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.sarif import render_sarif
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_html import Page
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_report import one

FACTORY = made.report(made.factory(200))


def text_of(page: str) -> str:
    body = page.partition("<body>")[2]
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]*>", " ", body)))


def sentences(report: dict[str, t.Any]) -> list[tuple[str, str, list[str]]]:
    return [(s.level, s.text, list(s.names[:4])) for s in headline.summarize_report(report)]


def numbers(report: dict[str, t.Any]) -> dict[str, int | None]:
    return {tile.term: tile.number for tile in tiles.build_tiles(report)}


# The worst first


def test_the_headline_names_the_sick_devices_and_the_tile_is_red() -> None:
    assert sentences(FACTORY) == [
        ("alarm", "1 of 200 devices could not be checked: 1 unreachable.", ["ts42"]),
        ("alarm", "4 devices are not healthy (critical).", ["ts7", "ts91", "ts120", "ts188"]),
        ("warning", "194 devices are not healthy (warning).", ["ts2", "ts3", "ts4", "ts5"]),
        (
            "warning",
            "25 of 199 checked devices differ in 29 settings, 4 of which concern security.",
            ["ts9", "ts18", "ts27", "ts36"],
        ),
    ]
    marks = {tile.term: tile.mark for tile in tiles.build_tiles(FACTORY)}
    assert marks["unhealthy"] == "bad"
    only_warnings = made.report([made.record("a", health=made.health(certificate_self_signed=("warning", 1, "x")))])
    assert {tile.term: tile.mark for tile in tiles.build_tiles(only_warnings)}["unhealthy"] == "warn"


def test_devices_come_worst_first() -> None:
    order = [entry["host"] for dummy, entry in severity.sort_worst_first(FACTORY)]
    assert order[:7] == ["ts42", "ts7", "ts91", "ts120", "ts188", "ts50", "ts100"]
    assert order[-1] == "ts1"
    rows = re.findall(r'<th scope="row">(ts[0-9]+)</th>', render_html(FACTORY).partition('id="fleet"')[2])
    assert rows[:200] == order
    eight = made.report(made.eight(), made.EXPECTED)
    ranks = {entry["host"]: severity.classify_device(eight, entry) for entry in eight["hosts"]}
    assert ranks == {
        "ts-north": "unreachable",
        "ts-lab": "failed",
        "ts-spare": "not_checked",
        "ts-east": "critical",
        "ts-south": "lost",
        "ts-west": "security",
        "ts-core": "calm",
        "ts-old": "calm",
    }


def test_each_filter_shows_what_it_says() -> None:
    page = render_html(FACTORY)
    filters = re.findall(r'id="show-([a-z]+)"( checked)?> ([^<]*) <span class="count">([0-9]+)<', page)
    assert filters == [
        ("all", "", "All", "200"),
        ("w", "", "Need attention", "199"),
        ("s", " checked", "More than warnings", "30"),
        ("u", "", "Not checked or failed", "1"),
        ("h", "", "Unhealthy", "198"),
        ("t", "", "Clock not synchronized", "4"),
        ("d", "", "Drift", "25"),
        ("a", "", "Accepted drift", "10"),
    ]
    rows = re.findall(r'<tr class="([a-z ]*)"><th scope="row">', page.partition('id="fleet"')[2])
    for key, _checked, _label, count in filters[1:]:
        assert sum(key in row.split() for row in rows) == int(count), key
        assert f"#show-{key}:checked" in page


# What is identical


def test_identical_findings_are_one_row_with_the_devices_behind_it() -> None:
    groups = folding.fold_findings(FACTORY)
    assert [(g.item["state"], g.item["name"], len(g.entries)) for g in groups] == [
        ("critical", "satellites", 4),
        ("warning", "certificate_self_signed", 198),
    ]
    for page in (render_markdown(FACTORY), text_of(render_html(FACTORY))):
        assert page.count("The certificate is self-signed.") == 1
        assert "198 devices: ts2, ts3, ts4 and 195 more" in page


def test_findings_that_differ_in_anything_stay_apart() -> None:
    def sick(name: str, message: str) -> dict[str, t.Any]:
        return made.record(name, health=made.health(satellites=("error", 0, message)))

    groups = folding.fold_findings(made.report([sick("a", "x"), sick("b", "x"), sick("c", "y")]))
    assert [group.hosts for group in groups] == [["a", "b"], ["c"]]


def test_findings_that_differ_in_numbers_are_one_row() -> None:
    texts = ("55 % of memory is used.", "61.5 % of memory is used.", "The certificate ends on 2026-07-01.")
    records = [made.record(f"ts{n}", health=made.health(satellites=("error", 0, text))) for n, text in enumerate(texts)]
    groups = folding.fold_findings(made.report(records))
    assert [(group.hosts, group.item["message"]) for group in groups] == [
        (["ts0", "ts1"], "55 % of memory is used. (Other devices have other numbers.)"),
        (["ts2"], "The certificate ends on 2026-07-01."),
    ]


def test_the_earliest_time_of_a_finding_counts() -> None:
    records = [made.record(name, health=made.health(satellites=("error", 0, "gone"))) for name in ("a", "b", "c")]
    for each, since in zip(records, ("2026-05-02T00:00:00Z", "2026-05-01T00:00:00Z", None)):
        next(check for check in each["health"]["checks"] if check["name"] == "satellites")["since"] = since
    (group,) = folding.fold_findings(made.report(records))
    assert group.item["since"] == "2026-05-01T00:00:00Z"
    assert "Since 2026-05-01 00:00:00 UTC at the earliest." in render_html(made.report(records))


def test_devices_with_the_same_drift_are_one_entry() -> None:
    groups = folding.fold_drift(FACTORY)
    assert [(len(group.entries), len(group.item)) for group in groups] == [(4, 2), (21, 1)]
    settings = [(group.item.difference["path"], len(group.entries)) for group in folding.fold_settings(FACTORY)]
    assert settings == [("security/https/min-tls", 4), ("ntp/local-clock/stratum", 25)]
    for page in (render_markdown(FACTORY), text_of(render_html(FACTORY))):
        assert "25 devices: ts9, ts18, ts27 and 22 more" in page


def test_a_setting_with_several_values_is_one_row() -> None:
    records = [
        made.record(f"ts{n}", drift=made.drift(made.difference("snmp/location", f"Rack {n}", "Rack 9")))
        for n in range(5)
    ]
    (group,) = folding.fold_settings(made.report(records))
    assert list(group.item.values.values()) == [f"Rack {n}" for n in range(5)]
    assert '"Rack 0", "Rack 1", "Rack 2" and 2 more' in text_of(render_html(made.report(records)))


def test_accepted_drift_is_apart_from_drift() -> None:
    page = render_html(FACTORY)
    drift = page[page.index('id="drift"') : page.index('id="fleet"')]
    accepted = page[page.index('id="accepted"') :]
    assert "CHG-4711" not in drift
    assert accepted.count("CHG-4711") == 1
    assert "10 devices" in accepted
    comment = render_markdown(FACTORY)
    assert comment.index("### Drift") < comment.index("### Accepted drift") < comment.index("CHG-4711")
    only = made.report([made.factory(60)[2]])
    assert any("apart from accepted drift on 1 device." in text for _level, text, _names in sentences(only))


def test_unchecked_devices_with_the_same_reason_are_one_row() -> None:
    records = [made.failed(f"ts{n}", "unreachable", "refused", made.REFUSED) for n in range(9)]
    (group,) = folding.fold_unchecked(made.report(records))
    assert len(group.entries) == 9
    assert "9 devices: ts0, ts1, ts2 and 6 more" in render_markdown(made.report(records))


@pytest.mark.parametrize("address", ["192.0.2.{}", "2001:db8::{}", "ts{}.example.com", "ts{}"])
@pytest.mark.parametrize("path", ["", " /api/config/network", " ntp/local-clock"])
def test_reasons_that_differ_in_the_address_are_one_row(address: str, path: str) -> None:
    def unreachable(number: int) -> dict[str, t.Any]:
        message = f"{address.format(number)}{path}: nothing listens on port 443."
        return {"host": f"ts{number}", "error": {"kind": "unreachable", "code": "refused", "message": message}}

    records = [unreachable(number) for number in range(1, 6)]
    (group,) = folding.fold_unchecked(made.report(records))
    assert group.hosts == ["ts1", "ts2", "ts3", "ts4", "ts5"]
    assert group.reason == f"{path.lstrip()}{': ' if path else ''}nothing listens on port 443."
    (alone,) = folding.fold_unchecked(made.report(records[:1]))
    # The address is shown if it is not the name.
    assert alone.reason.startswith(address.format(1)) is (address != "ts{}" or bool(path))


@pytest.mark.thorough
def test_a_thousand_devices_stay_below_a_megabyte() -> None:
    page = render_html(made.report(made.many(1000)))
    assert len(page.encode()) < 1_000_000
    Page(page)


def test_links_lead_only_to_what_is_on_the_page() -> None:
    flood = [[made.difference(f"ntp/s{n}/x{host}", "<" * 300, 1) for n in range(9)] for host in range(150)]
    records = [made.record(f"ts{host}", drift=made.drift(*each)) for host, each in enumerate(flood)]
    page = Page(render_html(made.report(records)))
    ids = {attributes["id"] for dummy, attributes in page.tags if "id" in attributes}
    links = {str(a["href"])[1:] for a in page.all("a")}
    assert links <= ids
    assert "more groups of devices do not fit on this page" in page.text


# What is not known


def test_what_was_not_asked_for_has_no_number() -> None:
    drift_only = made.report(
        [{"host": f"ts{n}", "drift": made.drift(), "facts": made.facts(f"ts{n}")} for n in range(3)]
    )
    facts_only = made.report([{"host": "ts1", "facts": made.facts("ts1")}])
    health_only = made.report([{"host": "ts1", "health": made.health()}])
    nobody = made.report([made.failed("ts1", "unreachable", "refused", made.REFUSED)], checks=("drift", "health"))
    assert numbers(drift_only)["unhealthy"] is None
    assert (numbers(facts_only)["drift"], numbers(facts_only)["unhealthy"]) == (None, None)
    assert (numbers(health_only)["drift"], numbers(health_only)["unhealthy"]) == (None, 0)
    assert [numbers(nobody)[name] for name in ("clean", "drift", "unhealthy")] == [None, None, None]
    for report in (drift_only, facts_only, health_only, nobody):
        row = render_markdown(report).partition("--:|\n")[2].partition("\n")[0]
        assert "\u2013" in row
        assert "not known" in text_of(render_html(report))
    assert sentences(facts_only) == [("good", "Every device was read.", [])]
    mixed = made.report([made.record("ts1"), {"host": "ts2", "facts": made.facts("ts2")}], checks=("facts",))
    assert numbers(mixed)["read"] == 2
    assert "clean" not in text_of(render_html(facts_only)).partition("Checked:")[0]


def test_clocks_in_holdover_are_named_without_a_health_check() -> None:
    records = [
        {"host": f"ts{n}", "drift": made.drift(), "facts": made.facts(f"ts{n}", clock="holdover")} for n in range(3)
    ]
    assert ("warning", "3 clocks are in holdover.", ["ts0", "ts1", "ts2"]) in sentences(made.report(records))


def test_clocks_without_a_state_are_named_in_a_report_of_facts() -> None:
    records = [{"host": name, "facts": made.facts(name, clock=clock)} for name, clock in (("a", ""), ("b", "holdover"))]
    report = made.report([*records, {"host": "c", "facts": made.facts("c")}])
    assert ("none", "1 device does not report whether the clock is synchronized.", ["a"]) in sentences(report)
    # A comparison may have asked for nothing but the identity.
    compared = made.report([{**records[0], "drift": made.drift()}])
    assert sentences(compared) == [("good", "Every device is configured as it should be.", [])]


@pytest.mark.parametrize("state", ["skipped", "unknown"])
def test_a_device_without_any_value_is_not_called_healthy(state: str) -> None:
    check = {**made.health()["checks"][0], "state": state}
    health = {"healthy": True, "worst": "ok" if state == "skipped" else state, "checks": [check]}
    report = made.report([{"host": "a", "health": health}, {"host": "b", "health": made.health()}])
    assert sentences(report) == [("none", "No health check has a value on 1 device.", ["a"])]
    alone = made.report([{"host": "a", "health": health}])
    assert numbers(alone)["unhealthy"] is None
    assert "ok" not in text_of(render_html(alone)).split()
    assert "| `a` | \U0001f7e9 checked | \u2013 | \u2013 | \u2013 | \u2013 | \u2013 | `unknown` |" in render_markdown(
        alone
    )
    assert "lantime_health_healthy{" not in render_openmetrics(alone)
    assert f'state="{state}"}} 1' in render_openmetrics(alone)


def test_unknown_clocks_are_not_taken_for_an_unknown_quality() -> None:
    records = [
        {"host": "a", "facts": made.facts("a", clock="", quality="unknown")},
        {"host": "b", "facts": made.facts("b", clock="")},
    ]
    text = plots.summarize_quality(made.report(records)["hosts"])
    assert text.endswith("not reported by 1 device; 2 clocks of unknown state.")


def test_a_report_of_one_device_speaks_of_the_device() -> None:
    lost = made.report([made.failed("a", "unreachable", "refused", made.REFUSED)])
    assert sentences(lost) == [("alarm", "The device could not be checked: unreachable.", ["a"])]
    drifting = made.report([made.record("a", drift=made.drift(made.difference("snmp/location", 1, 2)))])
    assert ("warning", "The checked device differs in 1 setting.", ["a"]) in sentences(drifting)
    assert "<summary>1 device</summary>" in render_markdown(drifting)


def test_a_run_with_a_limit_says_nothing_of_every_device() -> None:
    records = [made.record("a"), made.record("b")]
    for count, subject in ((1, "The checked device"), (2, "Each of the 2 checked devices")):
        report = made.report(records[:count], limit="a:b")
        assert sentences(report) == [
            ("none", "The run was limited. Hosts outside of the limit were not checked.", ["a:b"]),
            ("good", f"{subject} is configured as it should be.", []),
            ("good", f"{subject} is healthy.", []),
        ]
        assert report["outcome"] == "clean"
        assert "a:b" in text_of(render_html(report))
        assert "`a:b`" in render_markdown(report)
        assert '<property name="limit" value="a:b" />' in render_junit(report)
        assert "The run was limited to a:b." in render_sarif(report)
        assert "lantime_report_limited{" in render_openmetrics(report)
    assert made.report([], inputs=[report])["limit"] is None


def test_a_comparison_with_peers_calls_nothing_clean_that_it_did_not_compare() -> None:
    def tree(number: int) -> dict[str, t.Any]:
        slots = {"clk1": {"mode": 1}, **({"io3": {"mode": 7}} if number == 4 else {})}
        return {"ntp": {"stratum": 1, "minpoll": 3 + number % 2}, "chassis0": {"slots": slots}}

    models = {4: "M1000"}
    results = {f"ts{n}": {"value": tree(n), "device": {"model": models.get(n, "M600")}} for n in range(5)}
    policy = DriftPolicy((), made.TODAY)
    drifts = compare_results(results, {}, ConsensusRules(policy))
    report = made.report([{"host": host, "drift": drift} for host, drift in drifts.items()])
    assert [sentence[:2] for sentence in sentences(report)] == [
        ("none", "No difference was found, but 2 settings could not be compared."),
    ]
    assert numbers(report)["settings not compared"] == 2
    assert (numbers(report)["no difference"], numbers(report).get("clean")) == (5, None)
    for page in (render_markdown(report), text_of(render_html(report))):
        assert "configured as it should be" not in page
        assert "ntp/minpoll" in page
        assert "chassis0/slots/io3" in page
        assert "no difference" in page
    assert one(report, "ts4")["drift"]["not_compared"]


def test_peers_that_agree_are_said_to_agree() -> None:
    report = made.report([{"host": f"ts{n}", "drift": made.drift(mode="consensus")} for n in range(3)])
    assert sentences(report) == [("good", "Every device agrees with the majority of its peers.", [])]


def test_what_does_not_apply_is_listed_apart() -> None:
    entries = [{"path": "ntp/nts", "reason": "the device does not have this"}]
    rule = {"rule": 2, "conditions": "families FDM", "reason": "no module"}
    drift = {**made.drift(), "not_compared": entries, "not_applicable": [*entries, rule]}
    report = made.report([made.record("ts1", drift=drift)])
    assert ("good", "Every device is configured as it should be.", []) in sentences(report)
    for page in (render_markdown(report), render_html(report)):
        assert "Settings that do not apply" in page
        assert "rule 2 (families FDM)" in page
        assert "not compared" not in page


def test_settings_beyond_the_limit_are_counted() -> None:
    many = [{"path": f"ntp/s{n}", "reason": "no value"} for n in range(250)]
    report = made.report([made.record("ts1", drift={**made.drift(), "not_compared": many})])
    assert one(report, "ts1")["drift"]["not_compared_omitted"] == 50
    assert "at least 200 settings could not be compared" in sentences(report)[0][1]
