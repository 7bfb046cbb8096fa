# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit, Markdown and SARIF of reports: what they say, and that they are well formed."""

from __future__ import annotations

import json
import typing as t
import xml.etree.ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import sarif as _report_sarif
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.comment import MAX_COMMENT_BYTES
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.junit import render_junit
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.markdown import render_markdown
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.sarif import render_sarif
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

EIGHT = made.report(made.eight(), made.EXPECTED, golden_file="golden/time servers.yml")

# JUnit


def cases(root: ET.Element, host: str) -> dict[str, ET.Element]:
    suite = next(s for s in root if s.get("name") == host)
    return {str(case.get("name")): case for case in suite.iter("testcase")}


def verdict(case: ET.Element) -> str:
    found = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
    assert len(found) <= 1
    return found[0] if found else "passed"


@pytest.mark.parametrize("report", [EIGHT, made.report(made.many(200)), made.report([])])
def test_junit_has_the_common_shape_and_its_counts_are_right(report: dict[str, t.Any]) -> None:
    root = ET.fromstring(render_junit(report).encode("utf-8"))
    assert root.tag == "testsuites"
    assert len(root) == max(1, len(report["hosts"]))
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in root:
        assert suite.tag == "testsuite"
        assert suite.get("timestamp") == "2026-06-01T12:00:00"
        kinds = [verdict(case) for case in suite.iter("testcase")]
        counted = {
            "tests": len(kinds),
            "failures": kinds.count("failure"),
            "errors": kinds.count("error"),
            "skipped": kinds.count("skipped"),
        }
        assert kinds
        assert {name: int(suite.get(name, "-1")) for name in counted} == counted
        tags = [child.tag for child in suite]
        assert tags == sorted(tags, key=("properties", "testcase").index)
        for case in suite.iter("testcase"):
            assert case.get("classname", "").startswith("meinberg.lantime.")
            assert float(case.get("time", "-1")) == 0
        for name in totals:
            totals[name] += counted[name]
    del totals["skipped"]
    assert {name: int(root.get(name, "-1")) for name in totals} == totals


def test_junit_shows_a_host_that_was_not_checked_as_an_error() -> None:
    root = ET.fromstring(render_junit(EIGHT).encode("utf-8"))
    for entry in EIGHT["hosts"]:
        found = {name: verdict(case) for name, case in cases(root, entry["host"]).items()}
        blind = entry["state"] in ("unreachable", "failed", "not_checked")
        assert (found["checked"] == "error") is blind
        assert ("failure" in found.values()) is (
            entry["state"] == "drift" or not (entry["health"] or {"healthy": True})["healthy"]
        )
    south = cases(root, "ts-south")
    assert verdict(south["drift: notification"]) == "error"
    assert verdict(south["drift: security"]) == "failure"
    assert verdict(south["drift: ntp"]) == "passed"
    failure = south["drift: security"].find("failure")
    assert failure is not None
    assert (failure.text or "").splitlines() == [
        "@ security/https",
        '- min-tls: "1.0"',
        '+ min-tls: "1.2"',
        "  concerns security",
    ]
    east = cases(root, "ts-east")
    assert verdict(east["drift: notification"]) == "passed"
    assert "CHG-4711" in (east["drift: notification"].findtext("system-out") or "")
    assert verdict(east["health: external_holdover"]) == "skipped"
    assert verdict(east["health: estimated_quality"]) == "failure"


def test_junit_never_passes_a_host_that_is_said_to_drift() -> None:
    report = made.report([made.record("a", drift={"mode": "golden", "state": "drift"})])
    assert ' failures="1"' in render_junit(report)


# Markdown


def rendered(text: str) -> list[t.Any]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def test_markdown_says_first_what_could_not_be_checked() -> None:
    text = render_markdown(EIGHT)
    assert text.startswith("<!-- meinberg.lantime.report 2026-06-01T12:00:00Z -->\n")
    assert "🟥 **3 of 8 devices could not be checked" in text
    assert text.index("Could not be checked") < text.index("### Drift") < text.index("### Health")
    assert "| 8 | 3 | 2 | 1 | 1 | 1 | 2 |" in text
    for line in ("@@ ntp/local-clock @@", "- stratum: 3", "+ stratum: 12"):
        assert f"\n{line}\n" in text
    assert "| `ts-south` | 🟥 partial | \u2013 | `not checked: notification" in text
    assert "Left out" not in text


@pytest.mark.parametrize("count", [1, 50, 500])
def test_markdown_stays_below_its_limit_and_counts_what_it_leaves_out(count: int) -> None:
    def flood(host: int) -> list[dict[str, t.Any]]:
        return [made.difference(f"ntp/s{n}/x", f"{host}{'é' * 300}", "ü" * 300) for n in range(130)]

    records = [
        made.record(f"ts{n}", drift=made.drift(*flood(n)))
        if n % 2
        else made.failed(f"ts{n}", "failed", None, "m" * 900)
        for n in range(count)
    ]
    records.append(made.record("sick", health=made.health(satellites=("critical", 0, "gone " * 150))))
    text = render_markdown(made.report(records, title="T" * 200))
    assert len(text.encode("utf-8")) < MAX_COMMENT_BYTES
    assert text.count("```diff") == text.count("\n```\n")
    assert text.count("<details>") == text.count("</details>")
    if count >= 50:
        assert "Left out because of the size limit of comments" in text
        assert "devices with drift" in text


def test_markdown_of_a_clean_fleet_is_short() -> None:
    text = render_markdown(made.report([made.record("ts1"), made.record("ts2")]))
    assert "🟩 **Every device is configured as it should be.**" in text
    assert "### Drift" not in text
    assert "Could not" not in text


# SARIF


def test_sarif_has_the_shape_of_2_1_0() -> None:
    log = json.loads(render_sarif(EIGHT))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 4)
    assert len(invocation["toolExecutionNotifications"]) == 4
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert artifact == {"uri": "golden/time%20servers.yml", "uriBaseId": "%SRCROOT%"}
        assert location["physicalLocation"]["region"]["startLine"] == 1
        assert location["logicalLocations"][0]["fullyQualifiedName"]
        assert len(result["partialFingerprints"][_report_sarif.FINGERPRINT_KEY]) == 64
    by_rule = [result["ruleId"] for result in run["results"]]
    assert {rule: by_rule.count(rule) for rule in set(by_rule)} == {
        "config-drift": 5,
        "security-drift": 2,
        "unhealthy": 4,
        "not-checked": 4,
    }
    suppressed = [result for result in run["results"] if "suppressions" in result]
    assert [s["suppressions"][0]["kind"] for s in suppressed] == ["external"]


def test_sarif_without_a_golden_file_has_logical_locations_only() -> None:
    log = json.loads(render_sarif(made.report(made.eight())))
    assert all("physicalLocation" not in r["locations"][0] for r in log["runs"][0]["results"])


def fingerprints(report: dict[str, t.Any]) -> list[str]:
    results = json.loads(render_sarif(report))["runs"][0]["results"]
    return [result["partialFingerprints"][_report_sarif.FINGERPRINT_KEY] for result in results]


def test_fingerprints_follow_the_device_and_the_path_and_nothing_else() -> None:
    def prints(name: str, serial: str, path: str, before: t.Any) -> list[str]:
        record = made.record(
            name, facts=made.facts(name, serial=serial), drift=made.drift(made.difference(path, before, 5))
        )
        return fingerprints(made.report([record], generated="2026-06-01T12:00:00Z"))

    first = prints("ts1", "0001", "ntp/a", 1)
    assert prints("renamed", "0001", "ntp/a", 2) == first
    assert prints("ts1", "0002", "ntp/a", 1) != first
    assert prints("ts1", "0001", "ntp/b", 1) != first
    everything = fingerprints(EIGHT)
    assert len(set(everything)) == len(everything)


def test_sarif_of_a_clean_fleet_is_a_success_without_results() -> None:
    (run,) = json.loads(render_sarif(made.report([made.record("ts1")])))["runs"]
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_what_was_not_compared_is_listed_once_with_its_devices() -> None:
    records = [made.record(f"ts{number}", drift=made.drift()) for number in range(5)]
    for each in records:
        each["drift"]["not_compared"] = [{"path": "ntp/nts", "reason": "the device does not have this"}]
    report = made.report(records)
    for text in (render_markdown(report), render_html(report)):
        head, dummy, table = text.partition("Settings that were not compared")
        assert "No difference was found, but 1 setting could not be compared." in head
        assert "ntp/nts" in head
        assert "configured as it should be" not in head
        assert table.count("ntp/nts") == 1
        assert "5 devices: ts0, ts1, ts2 and 2 more" in table
    none = made.report([made.record("ts1", drift=made.drift())])
    for text in (render_markdown(none), render_html(none)):
        assert "not compared" not in text
        assert "configured as it should be." in text


@pytest.mark.parametrize("count", [0, 1, 40])
def test_passed_checks_that_the_result_leaves_out_are_one_case(count: int) -> None:
    health = made.health(certificate_self_signed=("error", True, "The certificate is self-signed."))
    health["checks"] = [check for check in health["checks"] if check["state"] == "error"]
    report = made.report([{**made.record("ts1"), "health": {**health, "counts": {"ok": count, "error": 1}}}])
    root = ET.fromstring(render_junit(report).encode("utf-8"))
    found = cases(root, "ts1")
    assert verdict(found["health: certificate_self_signed"]) == "failure"
    assert ("health: passed checks" in found) is (count > 0)
    if count:
        assert verdict(found["health: passed checks"]) == "passed"
        assert str(found["health: passed checks"].findtext("system-out")).startswith(f"{count} check")
