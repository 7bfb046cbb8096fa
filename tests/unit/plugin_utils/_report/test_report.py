# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records to a report: states, exit codes, what is left out, slices united, the schema."""

from __future__ import annotations

import copy
import json
import typing as t

import jsonschema
import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS
from ansible_collections.meinberg.lantime.plugins.module_utils._drift import bounded, entries
from ansible_collections.meinberg.lantime.plugins.module_utils._status.facts import gather_facts
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import model as _report
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import wording
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.html import render_html
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.markdown import render_markdown
from ansible_collections.meinberg.lantime.tests.paths import REPORT_SCHEMA, read_json
from ansible_collections.meinberg.lantime.tests.unit.module_utils._hardware import ims
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

SCHEMA = read_json(REPORT_SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def states(report: dict[str, t.Any]) -> dict[str, str]:
    return {entry["host"]: entry["state"] for entry in report["hosts"]}


def one(report: dict[str, t.Any], host: str) -> dict[str, t.Any]:
    return next(entry for entry in report["hosts"] if entry["host"] == host)


def test_eight_devices_of_every_fate() -> None:
    report = made.report(made.eight(), made.EXPECTED)
    assert states(report) == {
        "ts-core": "clean",
        "ts-east": "clean",
        "ts-lab": "failed",
        "ts-north": "unreachable",
        "ts-old": "clean",
        "ts-south": "drift",
        "ts-spare": "not_checked",
        "ts-west": "drift",
    }
    assert report["summary"] == {
        "hosts": 8,
        "clean": 3,
        "checked": 0,
        "drift": 2,
        "not_checked": 1,
        "failed": 1,
        "unreachable": 1,
        "unhealthy": 2,
        "incomplete": 1,
    }
    assert report["exit_code"] == 4
    assert report["checks"] == ["drift", "health"]
    core = one(report, "ts-core")
    assert core["device"]["serial_number"] == "002621214284"
    assert core["time"]["quality_ns"] == 100
    assert (core["time"]["stratum"], core["time"]["synchronized"]) == (1, True)
    assert core["receivers"][0]["satellites_good"] == 11
    assert one(report, "ts-lab")["error"]["remedy"] == KINDS["auth_failed"].remedy


@pytest.mark.parametrize(
    "counts", [{"ok": 40, "skipped": 9, "warning": 1}, {"ok": 0}, {"ok": -1, "error": "many"}, None]
)
def test_checks_that_a_result_leaves_out_are_counted(counts: t.Any) -> None:
    health = made.health(certificate_self_signed=("warning", True, "It is self-signed."))
    health["checks"] = [check for check in health["checks"] if check["state"] == "warning"]
    report = made.report([{**made.record("ts1"), "health": {**health, "counts": counts}}], [])
    counted = one(report, "ts1")["health"]["counts"]
    expected = {"ok": 40, "skipped": 9} if counts and counts["ok"] == 40 else {}
    assert counted == {**dict.fromkeys(entries.HEALTH_STATES, 0), "warning": 1, **expected}
    VALIDATOR.validate(report)


@pytest.mark.parametrize("records", [made.eight(), made.many(60), [], [made.record("ts1")]])
def test_every_report_fits_the_schema(records: list[t.Any]) -> None:
    report = made.report(records, made.EXPECTED, golden_file="golden.yml")
    VALIDATOR.validate(json.loads(_report.serialize_report(report)))


def test_the_schema_refuses_what_is_no_report() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = made.report(made.eight())
    for path, value in (
        (("version",), 3),
        (("exit_code",), 1),
        (("hosts", 0, "state"), "fine"),
        (("hosts", 0, "surprise"), 1),
        (("summary", "clean"), -1),
    ):
        broken: t.Any = copy.deepcopy(report)
        node = broken
        for name in path[:-1]:
            node = node[name]
        node[path[-1]] = value
        assert not VALIDATOR.is_valid(broken), path


def test_what_was_not_checked_is_never_clean() -> None:
    cases: dict[str, t.Any] = {
        "silent": {"host": "silent"},
        "no-drift": {"host": "no-drift", "health": made.health()},
        "no-health": {"host": "no-health", "drift": made.drift()},
        "empty": {"host": "empty", "facts": {}, "health": {}, "drift": {}},
        "blind": made.record("blind", drift=made.drift(blind={"ntp": "forbidden"})),
        "vague": made.record("vague", drift={"mode": "golden"}),
        "odd": made.record("odd", drift={"state": "splendid"}),
        "said": made.record("said", error={"kind": "not_checked", "message": "skipped"}),
        "odd-error": made.record("odd-error", error={"kind": "whatever"}),
    }
    report = made.report([*cases.values(), made.record("good")], ["good", "absent"])
    found = states(report)
    assert found.pop("good") == "clean"
    assert set(found) == {*cases, "absent"}
    assert set(found.values()) == {"not_checked", "failed"}
    assert all(entry["reason"] for entry in report["hosts"] if entry["host"] != "good")
    assert report["exit_code"] == 2


def test_a_report_of_nothing_is_no_success() -> None:
    assert made.report([])["exit_code"] == 2


@pytest.mark.parametrize(
    ("records", "fail_on", "code", "outcome"),
    [
        ([made.record("a")], ("drift", "unhealthy"), 0, "clean"),
        ([made.record("a", drift=made.drift(made.difference("a/b", 1, 2)))], ("drift",), 2, "drift"),
        ([made.record("a", drift=made.drift(made.difference("a/b", 1, 2)))], (), 0, "drift"),
        ([made.record("a", health=made.health(satellites=("error", 0, "")))], ("drift",), 0, "clean"),
        ([made.record("a", health=made.health(satellites=("error", 0, "")))], ("unhealthy",), 2, "failed"),
        ([made.failed("a", "failed", None, "x")], (), 2, "failed"),
        ([made.failed("a", "failed", None, "x"), made.failed("b", "unreachable", None, "x")], (), 4, "unreachable"),
        ([made.record("a", drift=made.drift(made.difference("ntp/b", 1, 2), blind={"snmp": "x"}))], (), 2, "failed"),
        ([], (), 2, "failed"),
    ],
)
def test_exit_codes_and_outcomes(records: list[t.Any], fail_on: tuple[str, ...], code: int, outcome: str) -> None:
    report = made.report(records, fail_on=fail_on)
    assert (report["exit_code"], report["outcome"]) == (code, outcome)


def test_facts_alone_are_a_report_too() -> None:
    records = [
        {"host": "a", "facts": made.facts("a")},
        {"host": "b", "facts": {"ansible_lantime": {}}},
    ]
    report = made.report(records)
    assert report["checks"] == ["facts"]
    assert states(report) == {"a": "checked", "b": "not_checked"}
    assert {name: report["summary"][name] for name in ("clean", "drift", "unhealthy", "checked")} == {
        "clean": None,
        "drift": None,
        "unhealthy": None,
        "checked": 1,
    }


@pytest.mark.parametrize(
    ("until", "state"),
    [
        ("2026-06-01", "clean"),
        ("2026-12-31", "clean"),
        ("2026-05-31", "drift"),
        ("for ever", "drift"),
        (None, "clean"),
    ],
)
def test_accepted_drift_counts_from_the_day_after(until: str | None, state: str) -> None:
    difference = made.difference("ntp/a", 1, 2, accepted={"until": until, "reason": "later"})
    report = made.report([made.record("a", drift=made.drift(difference))])
    assert states(report) == {"a": state}


def test_secrets_are_masked_by_name_and_by_mask() -> None:
    differences = [
        made.difference("snmp/read-community", "public-canary", "other-canary"),
        made.difference("users/u1", None, {"name": "u", "password": "deep-canary"}, op="add"),
        made.difference("keys/k1/key_value", ["list-canary"], ""),
    ]
    text = _report.serialize_report(made.report([made.record("a", drift=made.drift(*differences))]))
    assert "canary" not in text
    assert text.count("********") == 4


@pytest.mark.thorough
def test_everything_is_bounded() -> None:
    flood = made.drift(*(made.difference(f"ntp/s{n}", "x" * 9000, [1] * 9000) for n in range(3000)))
    found = one(made.report([made.record("a" * 9000, drift=flood)]), "a" * 199 + "…")
    assert len(found["drift"]["differences"]) == entries.MAX_DIFFERENCES
    assert found["drift"]["differences_omitted"] == 1000
    assert len(json.dumps(found["drift"]["differences"][0])) < 3 * bounded.MAX_VALUE
    deep: t.Any = 1
    for dummy in range(500):
        deep = [deep]
    assert len(json.dumps(bounded.normalize_value(deep))) < 100
    assert bounded.normalize_value(float("nan")) == "nan"
    assert bounded.normalize_value("\ud800") == "?"


def test_hosts_come_in_natural_order_by_group() -> None:
    names = ["ts10", "ts9", "ts1"]
    records = [{"host": n, "group": g, "facts": made.facts(n)} for n, g in [*((n, "b") for n in names), ("z", "a")]]
    assert list(states(made.report(records))) == ["z", "ts1", "ts9", "ts10"]


def test_the_worse_of_two_records_counts() -> None:
    clean, drifted = (
        made.record("a"),
        made.record("a", drift=made.drift(made.difference("ntp/a", 1, 2))),
    )
    for records in ([clean, drifted], [drifted, clean]):
        assert states(made.report(records)) == {"a": "drift"}
    assert _report.find_repeated_hosts([clean, drifted, made.record("b")]) == ["a"]


# Slices


def test_slices_unite_to_the_report_of_the_whole() -> None:
    whole = made.report(made.eight(), made.EXPECTED)
    records = made.eight()
    slices = [made.report(records[half::2], made.EXPECTED) for half in (0, 1)]
    united = made.report([], made.EXPECTED, slices)
    assert [part["hosts"] for part in united.pop("merged_from")] == [8, 8]
    assert whole.pop("merged_from") == []
    assert united == whole
    again = made.report([], [], [made.report([], made.EXPECTED, slices)])
    assert again["hosts"] == whole["hosts"]
    VALIDATOR.validate(again)


def test_the_later_result_counts_and_no_result_never_does() -> None:
    early = made.report([made.record("a"), made.record("b")], generated="2026-06-01T10:00:00Z")
    late = made.report([made.failed("a", "unreachable", "refused", "x")], ["a", "b"], generated="2026-06-01T11:00:00Z")
    for inputs in ([early, late], [late, early]):
        united = made.report([], ["a", "b", "c"], inputs)
        assert states(united) == {"a": "unreachable", "b": "clean", "c": "not_checked"}
        assert one(united, "b")["checked"] == "2026-06-01T10:00:00Z"


def test_states_are_checked_by_the_checks_of_all_slices() -> None:
    with_drift = made.report([{"host": "a", "drift": made.drift()}])
    facts_only = made.report([{"host": "b", "facts": made.facts("b")}])
    assert states(facts_only) == {"b": "checked"}
    united = made.report([], [], [with_drift, facts_only])
    assert united["checks"] == ["drift"]
    assert states(united) == {"a": "clean", "b": "not_checked"}


EDGES = {
    "": [],
    "a": {},
    "b": [[], {}],
    "c": [[[1]], 1.5e-9],
    "d": {'"°\x1b': {"e": None}},
    "f": [{"g": [True]}, "\ud800"],
}


@pytest.mark.parametrize(
    "report",
    [
        made.report(made.many(40)),
        made.report(made.eight(), ["another"]),
        made.report([]),
        {},
        {"format": ""},
        EDGES,
        {"hosts": [EDGES, EDGES]},
    ],
)
def test_the_json_is_indented_as_the_standard_library_does_it(report: dict[str, t.Any]) -> None:
    assert _report.serialize_report(report) == json.dumps(report, indent=1) + "\n"


def test_numbers_that_json_does_not_have_are_refused() -> None:
    for value in (float("nan"), [float("inf")], {"a": [{"b": float("-inf")}]}):
        with pytest.raises(ValueError, match="not JSON compliant"):
            _report.serialize_report({"a": value})


def test_a_report_comes_back_from_its_json() -> None:
    report = made.report(made.many(40), golden_file="golden.yml")
    assert _report.parse_report(_report.serialize_report(report)) == report
    assert made.report([], [], [report])["hosts"] == report["hosts"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[" * 200_000, "not JSON"),
        ("[]", "format"),
        ('{"format": "other"}', "format"),
        ('{"format": "meinberg.lantime.report", "version": 3}', "version is 3"),
        ('{"format": "meinberg.lantime.report", "version": 1, "hosts": {}}', "list of hosts"),
    ],
)
def test_what_is_no_report_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        _report.parse_report(text)


def test_a_report_of_facts_shows_identity_uptime_modules_and_ptp() -> None:
    answer = copy.deepcopy(ims.ENVELOPE)
    answer["data"]["system"]["uptime"] = 12 * 86400 + 3 * 3600 + 59
    answer["system-information"] = {"serial-number": "002621214284", "model": "M3000"}
    gathered = gather_facts(answer, frozenset({"min", "system", "sync", "modules", "ptp"}))
    reached, other = ({"host": name, "facts": facts} for name, facts in (("ts1", gathered), ("ts2", made.facts("ts2"))))
    report = made.report([reached, other], checks=("facts",))
    VALIDATOR.validate(report)
    entry = one(report, "ts1")
    assert entry["device"]["uptime_seconds"] == 1047659
    assert [port["port_state"] for port in entry["ptp"]] == [
        port["port_state"] for port in gathered["ansible_lantime"]["ptp"]
    ]
    assert {"slot": "clk2", "family": "TCR", "model": "tcr180", "serial_number": "0123", "state": "holdover"} in entry[
        "modules"
    ]
    assert (one(report, "ts2")["modules"], one(report, "ts2")["ptp"]) == (None, None)
    heading, ports = wording.format_modules(entry), wording.format_ptp(entry)
    assert heading is not None
    assert "2 PSU" in heading
    markdown, html = render_markdown(report), render_html(report)
    for text in ("M3000", "002621214284", "12 d 3 h", "2 PSU", str(ports)):
        assert text in markdown
        assert text in html
    row = next(line for line in markdown.splitlines() if line.startswith("| device | state |"))
    assert row.endswith("| model | serial number | uptime | modules | PTP |")
    assert made.report([reached], inputs=[report])["hosts"][0]["modules"] == entry["modules"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 min"), (3599, "59 min"), (3600, "1 h 0 min"), (86400, "1 d 0 h"), (-5, None), ("x", None)],
)
def test_uptime(seconds: t.Any, text: str | None) -> None:
    entry = entries.normalize_entry({"host": "ts1", "device": {"model": "M600", "uptime_seconds": seconds}})
    assert wording.format_uptime(entry) == text


@pytest.mark.parametrize(
    "parts", [None, "text", {"slot": "io1"}, [7, None, {"slot": {}, "port_state": "\x1b[2J"}], [{}] * 5000]
)
def test_modules_and_ports_of_any_form(parts: t.Any) -> None:
    report = made.report([{**made.record("ts1"), "facts": {"ansible_lantime": {"modules": parts, "ptp": parts}}}])
    VALIDATOR.validate(report)
    assert "\x1b" not in render_markdown(report) + render_html(report)


def test_a_path_of_control_characters_only_is_named_the_same_when_a_report_is_read_again() -> None:
    blank = [{"path": "\n", "reason": ""}]
    drift = {**made.drift(), "not_compared": blank}
    first = made.report([made.record("a", drift=drift)])
    again = made.report([], inputs=[_report.parse_report(json.dumps(first))])
    assert one(first, "a")["drift"]["not_compared"] == [{"path": "?", "reason": None}]
    assert again["hosts"] == first["hosts"]
