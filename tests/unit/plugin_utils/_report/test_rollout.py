# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of a rollout: what was changed on each device, what failed, and the totals of the run, in every format."""

from __future__ import annotations

import html
import json
import re
import typing as t
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._drift import activity, records
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import fleet, headline, severity
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.junit import render_junit
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.markdown import render_markdown
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.sarif import render_sarif
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_report import VALIDATOR, one, states

CHECKS = ("health", "change", "facts")
ROLLOUT = made.report(made.rollout(), checks=CHECKS)


def changes(report: dict[str, t.Any]) -> dict[str, str]:
    return {e["host"]: e["change"]["state"] for e in report["hosts"] if e["change"] is not None}


def test_each_device_has_the_outcome_of_its_change() -> None:
    VALIDATOR.validate(json.loads(json.dumps(ROLLOUT)))
    assert changes(ROLLOUT) == {
        "ts1": "changed",
        "ts2": "unchanged",
        "ts3": "failed",
        "ts4": "failed",
        "ts6": "changed",
        "ts7": "not_changed",
        "ts8": "not_changed",
    }
    assert states(ROLLOUT) == {
        **dict.fromkeys(("ts1", "ts2", "ts6"), "checked"),
        **dict.fromkeys(("ts3", "ts4", "ts7", "ts8"), "failed"),
        "ts5": "unreachable",
    }
    assert (ROLLOUT["summary"]["drift"], ROLLOUT["summary"]["clean"]) == (None, None)
    assert (ROLLOUT["outcome"], ROLLOUT["exit_code"]) == ("unreachable", 4)
    change = one(ROLLOUT, "ts3")["change"]
    assert change["rollback"] == {"state": "rolled_back", "remaining": 0}
    assert [operation["state"] for operation in change["operations"]] == ["rolled_back", "failed"]
    assert one(ROLLOUT, "ts4")["change"]["rollback"] == {"state": "rollback_failed", "remaining": 1}


def test_the_headline_names_what_failed_and_what_was_not_changed() -> None:
    sentences = [(s.level, s.text, list(s.names)) for s in headline.summarize_report(ROLLOUT)]
    assert sentences == [
        ("alarm", "1 of 8 devices could not be checked: 1 unreachable.", ["ts5"]),
        ("alarm", "The change failed on 2 devices: 1 rolled back, 1 possibly changed in part.", ["ts3", "ts4"]),
        ("alarm", "2 devices were not changed.", ["ts7", "ts8"]),
        ("good", "2 devices were changed.", []),
        ("good", "1 device needs no change.", []),
        ("good", "Each of the 3 checked devices is healthy.", []),
    ]


def test_totals_of_the_run() -> None:
    operations = ROLLOUT["operations"]
    assert {state: operations[state] for state in activity.OPERATION_STATES} == {
        "waiting": 0,
        "processing": 0,
        "succeeded": 5,
        "failed": 2,
        "rolled_back": 1,
        "skipped": 0,
    }
    by_handler = {
        row["handler"]: (row["succeeded"], row["failed"], row["rolled_back"]) for row in operations["handlers"]
    }
    assert by_handler == {"ntp": (3, 0, 1), "snmp": (2, 2, 0)}
    sessions = ROLLOUT["http_sessions"]
    assert (sessions["hosts"], sessions["count"]) == (4, 8)
    assert (sessions["answered"], sessions["refused"], sessions["failed"], sessions["retries"]) == (7, 1, 0, 0)
    assert sessions["round_trip_ms"] == {"median": 65.5, "p95": 1900.0, "max": 1900.0}
    assert (sessions["slowest"]["host"], sessions["slowest"]["path"]) == ("ts3", "/api/write")


@pytest.mark.parametrize("render", [render_markdown, render_html])
def test_pages_show_each_change_once_with_its_devices(render: t.Callable[[dict[str, t.Any]], str]) -> None:
    text = render(made.report(made.rollout(20), checks=CHECKS))
    assert "Could not be checked" in text
    head, dummy, body = text.partition("### Changes" if render is render_markdown else 'id="changes"')
    assert "The change failed on 2 devices" in head
    before_fleet, dummy, fleet = body.partition(
        "<details><summary>All 20" if render is render_markdown else 'id="fleet"'
    )
    totals = fleet.partition('id="operations"')[2]
    body = html.unescape(re.sub("<[^>]*>", "", before_fleet + totals))
    assert "14 devices" in body
    for words in ("changed, 2 operations, saved", "rolled back, not saved", "the rollback failed", made.NOT_FIT):
        assert body.count(words) == 1, words
    for words in ("stratum: 3", "stratum: 12", 'location: "Rack 9"', "handler snmp, failed", "1.9 s"):
        assert words in body, words


def test_junit_has_a_case_for_the_change_and_for_each_handler() -> None:
    root = ET.fromstring(render_junit(ROLLOUT).encode("utf-8"))
    outcomes = {
        str(suite.get("name")): {
            str(case.get("name")): next((child.tag for child in case if child.tag != "system-out"), "passed")
            for case in suite.iter("testcase")
            if str(case.get("name")).startswith(("change", "checked"))
        }
        for suite in root
    }
    assert outcomes["ts1"] == dict.fromkeys(("checked", "change", "change: ntp", "change: snmp"), "passed")
    assert outcomes["ts2"] == {"checked": "passed", "change": "passed"}
    assert outcomes["ts3"] == {
        "checked": "passed",
        **dict.fromkeys(("change", "change: ntp", "change: snmp"), "failure"),
    }
    assert outcomes["ts5"] == {"checked": "error"}
    assert outcomes["ts8"] == {"checked": "passed", "change": "failure"}
    assert made.NOT_FIT in render_junit(ROLLOUT)


def test_sarif_has_operations_as_information_and_failed_changes_as_errors() -> None:
    (run,) = json.loads(render_sarif(ROLLOUT))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    found = [(r["ruleId"], r["kind"], r["level"]) for r in run["results"]]
    assert found.count(("failed-change", "fail", "error")) == 4
    assert found.count(("config-change", "informational", "none")) == 8
    assert found.count(("not-checked", "fail", "error")) == 1


def test_check_mode_shows_what_would_change() -> None:
    waiting = [made.operation("ntp/local-clock", {"stratum": 3}, {"stratum": 12}, state="waiting")]
    change = {"changed": True, "operations": waiting, "saved": None}
    report = made.report([made.record("a", drift=None, change=change)], checks=CHECKS)
    assert changes(report) == {"a": "planned"}
    assert report["exit_code"] == 0
    assert report["operations"]["waiting"] == 1
    for text in (render_markdown(report), render_html(report)):
        assert "1 device would be changed; nothing was written." in text
        assert "would change, 1 operation" in text
    assert "| `a` | \U0001f7e7 would change |" in render_markdown(report)
    assert fleet.build_fleet_table(report, {}).rows[0].cells[0][0] == ("would change", "warn", None, True)
    assert severity.needs_attention(report, report["hosts"][0])


@pytest.mark.parametrize("saved", [False, None])
def test_a_change_that_is_not_saved_is_a_warning(saved: bool | None) -> None:
    rollout = made.rollout()[:1]
    rollout[0]["change"]["saved"] = saved
    (warning,) = [s for s in headline.summarize_report(made.report(rollout, checks=CHECKS)) if s.level == "warning"]
    assert warning.text.startswith("The change of 1 device ")
    assert "saved as startup configuration" in warning.text


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ({"changed": True, "operations": []}, "changed"),
        ({"changed": False}, "unchanged"),
        ({"changed": "yes"}, "unknown"),
        ({"skipped": True, "changed": False}, "not_changed"),
        ({"failed": True}, "failed"),
        ({"unreachable": True, "operations": [{"path": "ntp"}]}, "failed"),
        ({"unreachable": True}, None),
        ({}, None),
        ("text", None),
    ],
)
def test_the_state_of_a_change(result: t.Any, state: str | None) -> None:
    change = activity.normalize_change(activity.extract_change(result))
    assert (None if change is None else change["state"]) == state


def test_secrets_in_operations_are_masked() -> None:
    operation = made.operation("snmp/users/u1", {"auth-password": "canary"}, {"auth-password": "canary2", "name": "u"})
    text = json.dumps(made.report([made.record("a", change={"changed": True, "operations": [operation]})]))
    assert "canary" not in text
    assert text.count("********") == 2


def test_operations_beyond_the_limit_are_counted() -> None:
    operations = [made.operation(f"ntp/s{n}", {"a": 1}, {"a": 2}) for n in range(activity.MAX_OPERATIONS + 7)]
    report = made.report([made.record("a", change={"changed": True, "operations": operations})])
    for each in (report, made.report([], inputs=[report])):
        change = each["hosts"][0]["change"]
        assert (len(change["operations"]), change["operations_omitted"]) == (activity.MAX_OPERATIONS, 7)
        assert each["operations"]["succeeded"] == activity.MAX_OPERATIONS + 7


# -- a device that no longer fits its reviewed plan

STRATUM = {"action": "set", "before": {"stratum": 12}, "after": {}}
PLAN_DIFFERENCE: list[dict[str, t.Any]] = [
    {"kind": "device", "path": "firmware", "reviewed": "7.10.012", "current": "7.12.001"},
    {
        "kind": "operation",
        "path": "ntp/local-clock",
        "reviewed": STRATUM,
        "current": {**STRATUM, "before": {"stratum": 9}},
    },
    {
        "kind": "operation",
        "path": "ntp/servers/9",
        "reviewed": {"action": "create", "before": None, "after": {"address": "192.0.2.9"}},
        "current": None,
    },
    {"kind": "operation", "path": "snmp", "reviewed": STRATUM, "current": {**STRATUM, "action": "delete", "after": {}}},
    {
        "kind": "operation",
        "path": "io1",
        "reviewed": {"action": "set", "before": {}, "after": {}, "impact": None},
        "current": {"action": "set", "before": {}, "after": {}, "impact": "timing"},
    },
    {"kind": "operation", "path": "large", "reviewed": '{"action": "set", …', "current": None},
    {"kind": "order", "path": "", "reviewed": ["a", "b"], "current": ["b", "a"]},
    {"kind": "secret", "path": "snmp/read-community", "reviewed": "snmp/read-community", "current": None},
    {"kind": "save", "path": "pending_changes", "reviewed": 0, "current": None},
]
REVIEW_LINES = """\
@ device: firmware (- reviewed, + now)
- "7.10.012"
+ "7.12.001"
@ ntp/local-clock (- reviewed, + now)
- before, stratum: 12
+ before, stratum: 9
@ ntp/servers/9 (- reviewed, + now)
- create
- after, address: "192.0.2.9"
+ not changed
@ snmp (- reviewed, + now)
- set
- before, stratum: 12
+ delete
+ before, stratum: 12
@ io1 (- reviewed, + now)
- impact: null
+ impact: "timing"
@ large (- reviewed, + now)
- "{\\"action\\": \\"set\\", …"
+ not changed
@ order of the operations (- reviewed, + now)
- ["a", "b"]
+ ["b", "a"]
@ secret snmp/read-community (- reviewed, + now)
- written
+ not written
@ save: pending_changes (- reviewed, + now)
- 0
+ unknown
"""


def refused(**more: t.Any) -> dict[str, t.Any]:
    """The report of a rollout of plans that one device no longer fits."""
    result = {
        "failed": True,
        "changed": False,
        "msg": "192.0.2.1: the plan plans/ts1.plan.json does not fit any more; see plan_difference.",
        "error": {"code": "plan_changed"},
        "plan_difference": PLAN_DIFFERENCE,
        **more,
    }
    return made.report(
        [records.record_from_results("ts1", [{"checks": [], "healthy": True}, result])], checks=CHECKS[:2]
    )


def test_what_differs_from_the_reviewed_plan_is_in_every_format() -> None:
    report = refused()
    VALIDATOR.validate(json.loads(json.dumps(report)))
    entry = one(report, "ts1")
    assert (entry["change"]["state"], entry["error"]["code"]) == ("not_changed", "plan_changed")
    assert entry["change"]["plan_difference"] == PLAN_DIFFERENCE
    lines = REVIEW_LINES.splitlines()
    markdown = render_markdown(report)
    for line in lines:
        assert (f"@{line} @@" if line.startswith("@ ") else line) in markdown.splitlines()
    page = html.unescape(re.sub("<[^>]*>", "", render_html(report)))
    assert all(line[2:] in page for line in lines)
    root = ET.fromstring(render_junit(report).encode("utf-8"))
    (failure,) = [case.find("failure") for case in root.iter("testcase") if case.get("name") == "change"]
    assert failure is not None
    assert REVIEW_LINES.strip() in (failure.text or "")
    results = json.loads(render_sarif(report))["runs"][0]["results"]
    texts = [result["message"]["text"] for result in results if result["ruleId"] == "plan-difference"]
    assert len(texts) == len(PLAN_DIFFERENCE)
    assert texts[1] == "ts1: ntp/local-clock (- reviewed, + now): - before, stratum: 12; + before, stratum: 9"
    fingerprints = [json.dumps(result["partialFingerprints"]) for result in results]
    assert len(set(fingerprints)) == len(fingerprints)


def test_a_device_that_was_recovered_before_its_plan_was_refused_is_not_unchanged() -> None:
    assert changes(refused(changed=True)) == {"ts1": "failed"}


def test_devices_with_other_differences_are_not_one_entry() -> None:
    one_host, other_host = (
        made.report(
            [
                records.record_from_results(
                    host, [{"failed": True, "msg": "m", "changed": False, "plan_difference": [difference]}]
                )
                for host, difference in (("ts1", PLAN_DIFFERENCE[1]), ("ts2", second))
            ],
            checks=("change",),
        )
        for second in (PLAN_DIFFERENCE[1], PLAN_DIFFERENCE[2])
    )
    assert "#### `2 devices: ts1, ts2`" in render_markdown(one_host)
    assert "#### `2 devices: ts1, ts2`" not in render_markdown(other_host)


def test_secrets_and_forged_lines_in_a_difference_are_harmless() -> None:
    side = {"action": "set", "before": {"read-community": "canary", "a\n+ forged": 1}, "after": {}}
    report = refused(plan_difference=[{"kind": "operation", "path": "snmp", "reviewed": side, "current": None}] * 60)
    VALIDATOR.validate(json.loads(json.dumps(report)))
    assert len(one(report, "ts1")["change"]["plan_difference"]) == activity.MAX_PLAN_DIFFERENCES
    for text in (render_markdown(report), render_html(report), render_junit(report), render_sarif(report)):
        assert "canary" not in text
        assert "\n+ forged" not in text
