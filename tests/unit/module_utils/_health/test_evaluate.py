# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every health check has the state that the table of cases expects; healthy devices have no alarm."""

from __future__ import annotations

import json
import typing as t
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import catalogue
from ansible_collections.meinberg.lantime.plugins.module_utils._health import evaluate
from ansible_collections.meinberg.lantime.plugins.module_utils._health import policy as _health_policy
from ansible_collections.meinberg.lantime.plugins.module_utils._health.check import CHECK_STATES, GROUPS, LEVELS
from ansible_collections.meinberg.lantime.plugins.module_utils._health.limits import (
    CHECK_LIMITS,
    LIMITS_BY_NAME,
    PROFILES,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import BY_NAME, FUNCTIONS, HEALTH_CHECKS
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.simulator.movement import shift_zone
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import Case
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_cases import FIRING, SILENT, UNKNOWN
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import (
    Tree,
    before,
    change,
    checks_of,
    configuration,
    envelope,
    trigger,
)

ALARMS = LEVELS[1:]
# What the invented devices have like the recorded ones: a certificate of their own making.
SELF_SIGNED = {"certificate_self_signed": "warning"}

# What is not there, or not expected, is skipped.
NEVER_UNKNOWN = {"external_holdover", "modules", "module_settings"}


def made(case: Case) -> Tree:
    tree = envelope(case.profile)
    for path, value in case.changes.items():
        change(tree, path, value)
    for name, (state, when) in case.events.items():
        trigger(tree, name, state, when)
    return tree


def alarms(checks: dict[str, Tree]) -> dict[str, str]:
    return {name: check["state"] for name, check in checks.items() if check["state"] in ALARMS}


def case_name(value: object) -> str:
    return f"{value.check}-{value.state}" if isinstance(value, Case) else ""


@pytest.mark.parametrize("case", [*FIRING, *SILENT, *UNKNOWN], ids=case_name)
def test_case(case: Case) -> None:
    settings_read = None if case.settings is None else configuration(case.profile, case.settings)
    check = checks_of(made(case), configuration=settings_read, **case.policy)[case.check]
    assert check["state"] == case.state, check
    for member, value in case.result.items():
        assert check[member] == value, check
    assert check["message"].endswith(".")
    assert "None" not in check["message"]
    if case.state in LEVELS:
        assert check["remedy"] == f"{BY_NAME[case.check].remedy}."
    else:
        assert check["remedy"] is None


@pytest.mark.parametrize("check", HEALTH_CHECKS, ids=lambda check: check.name)
def test_each_check_has_cases_for_each_severity_and_for_silence(check: t.Any) -> None:
    fired = {case.state for case in FIRING if case.check == check.name}
    assert fired == set(check.levels)
    assert "ok" in {case.state for case in SILENT if case.check == check.name}
    silence = {case.check for case in UNKNOWN} | NEVER_UNKNOWN
    assert check.name in silence


@pytest.mark.parametrize("case", SILENT, ids=case_name)
def test_silent_cases_are_no_alarm(case: Case) -> None:
    assert case.state in ("ok", "skipped")


def test_the_table_is_whole() -> None:
    assert len(HEALTH_CHECKS) == len(BY_NAME) >= 25
    assert set(FUNCTIONS) == set(BY_NAME)
    assert {check.group for check in HEALTH_CHECKS} == set(GROUPS)
    assert {limit for check in HEALTH_CHECKS for limit in check.limits} == set(LIMITS_BY_NAME)
    assert {e for check in HEALTH_CHECKS for e in check.expects} == set(_health_policy.EXPECTED)
    assert {e for check in HEALTH_CHECKS for e in check.events} <= set(catalogue.events())
    assert not set(BY_NAME) & set(GROUPS)
    for check in HEALTH_CHECKS:
        assert set(check.levels) <= set(LEVELS)
        assert check.confidence in ("CONFIRMED", "INFERRED", "ASSUMPTION")
        assert not check.remedy.endswith(".")
    for limit in CHECK_LIMITS:
        assert len(limit.defaults) == len(PROFILES)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_healthy_device_makes_no_alarm(name: str) -> None:
    checks = checks_of(envelope(name))
    assert alarms(checks) == SELF_SIGNED
    assert [check["name"] for check in checks.values()] == [check.name for check in HEALTH_CHECKS]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_healthy_device_is_good_enough_for_every_use(name: str, profile: str) -> None:
    assert alarms(checks_of(envelope(name), profile=profile)) == SELF_SIGNED


def test_a_long_wave_clock_is_not_good_enough_for_telecoms() -> None:
    tree = envelope("m300-7.06")
    change(tree, "system/sync-status/est-time-quality", "less-than-10us")
    result = alarms(checks_of(tree, profile="telecom"))
    assert result == {**SELF_SIGNED, "estimated_quality": "critical"}


def test_all_false_alarms_of_recorded_devices_at_once() -> None:
    """The traps of real answers, each of which a naive check reports as a fault."""
    tree = envelope()
    for event in tree["data"]["notification"]["events"]:
        if not event["triggered"]:
            event["last-triggered"] = before(seconds=1)
    trigger(tree, "network-link-down", 1)
    trigger(tree, "network-link-up", 0)
    for path, value in {
        "chassis0/slots/pwr2/module": {"power-available": False, "power-capacity": 0.0},
        "chassis0/slots/clk1/module/dac-cal": None,
        "chassis0/slots/clk1/module/grc/ref-type": "10mhz-freqin",
        "chassis0/slots/clk1/module/info/sensors/temperature-1": 0.0,
        "network/ports/lan1/link": False,
        "network/ports/lan1/operstate": False,
        "system/front-leds/led-network/current-color": "red",
        "system/storage/dev_sda5/used-percent": 88,
        "ntp/ref_1/reach": 0,
        "chassis-xhe": envelope("m300-7.06")["data"]["chassis-xhe"],
    }.items():
        change(tree, path, value)
    assert alarms(checks_of(tree)) == SELF_SIGNED
    assert alarms(checks_of(tree, expected={"ports": ["lan0"]})) == SELF_SIGNED


@pytest.mark.parametrize("seconds", [3600, 20_700, -34_200])
@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_device_whose_zoneless_times_are_local_makes_no_alarm(name: str, seconds: int) -> None:
    tree = envelope(name)
    tree["data"] = shift_zone(tree["data"], seconds)
    stamp = datetime.fromisoformat(tree["system-information"]["time-stamp"])
    change(tree, "/system-information/time-stamp", (stamp + timedelta(seconds=seconds)).isoformat())
    assert alarms(checks_of(tree)) == SELF_SIGNED


@pytest.mark.parametrize("value", [1e300, -1e300, 2**63, 10**19, float("nan"), -1])
def test_numbers_beyond_reason_stay_finite(value: float) -> None:
    tree = envelope("m4000-7.10")
    change(tree, "system/sync-status/clock-status/clock", "holdover")
    for path in (
        "system/sync-status/holdover-status/time-elapsed",
        "system/uptime",
        "ntp/ref_1/offset",
        "ntp/sys/stratum",
        "syncmon/nodes/node1/offset",
        "chassis0/slots/clk1/module/satellites/latitude",
        "chassis0/slots/clk1/module/satellites/good-satellites",
        "chassis0/slots/cpu/module/info/sensors/temperature-1",
        "system/storage/var/used-percent",
    ):
        change(tree, path, value)
    change(tree, "/system-information/time-stamp", "0001-01-01T00:00:00")
    checks = checks_of(tree)
    json.dumps(checks, allow_nan=False)
    numbers = [check["value"] for check in checks.values() if isinstance(check["value"], (int, float))]
    assert all(abs(number) < 2**64 for number in numbers)


def test_an_oscillator_is_no_alarm_after_a_restart() -> None:
    tree = envelope()
    change(tree, "system/uptime", 1799.0)
    change(tree, "system/sync-status/clock-status/oscillator", "not-warmed-up")
    trigger(tree, "oscillator-not-adjusted", 1)
    for grace in (True, False):
        assert alarms(checks_of(tree, grace=grace)) == SELF_SIGNED


def test_nothing_said_is_nothing_good() -> None:
    empty: list[t.Any] = [{}, {"data": None}, {"data": {"status": {}}}, {"data": []}]
    for tree in empty:
        checks = evaluate.evaluate(tree, _health_policy.make_policy())
        assert {check["state"] for check in checks} == {"unknown", "skipped"}
        assert evaluate.worst_state(checks) == "unknown"
        assert [check["name"] for check in evaluate.select_alarms(checks, "critical")] == ["time_synchronized"]


def test_ages_are_by_the_devices_own_clock() -> None:
    tree = envelope()
    wrong = checks_of(tree, "2031-01-01T00:00:00Z")
    assert wrong == checks_of(tree)
    change(tree, "/system-information/time-stamp", "2035-01-01T00:00:00")
    assert checks_of(tree)["leap_file_expiry"]["state"] == "warning"
    del tree["system-information"]["time-stamp"], tree["data"]["system"]["current-time-iso"]
    del tree["data"]["system"]["current-time"]
    assert checks_of(tree)["leap_file_expiry"]["state"] == "unknown"
    assert checks_of(tree, "2026-05-04T03:02:01Z")["leap_file_expiry"]["state"] == "ok"


def test_several_faults_of_one_check_are_all_named() -> None:
    tree = envelope("m4000-7.10")
    for slot in ("pwr1", "pwr2"):
        change(tree, f"chassis0/slots/{slot}/module/power-available", False)
    check = checks_of(tree)["power_supplies"]
    assert check["subject"] == "pwr1"
    assert "pwr2" in check["message"]


def test_include_skip_counts_and_worst() -> None:
    tree = envelope()
    trigger(tree, "https-certificate-expired", 1)
    names = ["sync", "certificate_expired", "certificate_self_signed"]
    checks = checks_of(tree, include=names, skip=["certificate_expired", "holdover"])
    sync = [check.name for check in HEALTH_CHECKS if check.group == "sync"]
    assert list(checks) == [*sync, "certificate_expired", "certificate_self_signed"]
    assert checks["certificate_expired"]["state"] == checks["holdover"]["state"] == "skipped"
    listed = list(checks.values())
    counts = {"ok": 4, "info": 0, "warning": 1, "error": 0, "critical": 0, "skipped": 3}
    assert evaluate.count_states(listed) == {**counts, "unknown": 0}
    assert evaluate.worst_state(listed) == "warning"
    assert evaluate.worst_state([]) == evaluate.worst_state([checks["holdover"]]) == "ok"
    assert evaluate.select_alarms(listed, "error") == []
    assert len(evaluate.select_alarms(listed, "warning")) == len(evaluate.select_alarms(listed, "never")) == 1
    change(tree, "system/uptime", 60.0)
    whole = list(checks_of(tree).values())
    assert "info" in {check["state"] for check in whole}
    assert evaluate.select_alarms(whole, "never") == evaluate.select_alarms(whole, "warning")
    result = [check["name"] for check in evaluate.select_alarms(whole, "warning")]
    assert result == ["certificate_expired", "certificate_self_signed"]
    assert evaluate.worst_state(whole) == "critical"


def test_skip_shows_a_check_that_include_does_not_name() -> None:
    checks = checks_of(envelope(), include=["ntp_stratum"], skip=["holdover"])
    assert {name: check["state"] for name, check in checks.items()} == {
        "holdover": "skipped",
        "ntp_stratum": "ok",
    }


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"profile": "telekom"}, 'unknown profile "telekom" (did you mean telecom?)'),
        ({"thresholds": {"satelites_warning": 5}}, "did you mean satellites_warning"),
        ({"thresholds": {"storage_warning": "much"}}, "threshold storage_warning is not a number"),
        ({"thresholds": {"storage_warning": -1}}, "threshold storage_warning must be at least 0, not -1"),
        ({"thresholds": {"storage_warning": True}}, "threshold storage_warning is not a number"),
        ({"thresholds": {"assumed_severity": "none"}}, "threshold assumed_severity is not one of warning, full"),
        ({"thresholds": {"firmware_minimum": "new"}}, "firmware_minimum is not a version"),
        ({"include": []}, "include and skip leave no check to do"),
        ({"include": ["power_supplies"], "skip": ["hardware"]}, "include and skip leave no check to do"),
        ({"include": ["antena"]}, 'unknown check in include "antena" (did you mean antenna'),
        ({"skip": ["certificates_expired"]}, "did you mean certificate_expired"),
        ({"skip": ["zzzzz"]}, "(known names: time_synchronized, "),
        ({"expected": {"port": ["lan0"]}}, "did you mean ports"),
        ({"expected": {"position": {"latitude": 48}}}, "latitude and longitude"),
        ({"expected": {"ptp": [{"grandmaster": "me"}]}}, "16 hexadecimal digits"),
        ({"expected": {"position": {"latitude": 91, "longitude": 0}}}, "latitude and longitude"),
    ],
)
def test_wrong_policies_are_refused(policy: dict[str, t.Any], said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        _health_policy.make_policy(**policy)
    assert said in str(caught.value)


def test_every_threshold_can_be_set_and_decides() -> None:
    for limit in CHECK_LIMITS:
        value = limit.choices[-1] if limit.choices else "7.99.1" if isinstance(limit.defaults[0], str) else 12345
        policy = _health_policy.make_policy(thresholds={limit.name: f"{value}"})
        assert policy.limits[limit.name] == value
        others = {name: v for name, v in policy.limits.items() if name != limit.name}
        assert others.items() <= _health_policy.make_policy().limits.items()


class ReadLimits(dict[str, t.Any]):
    """Thresholds that note which of them are read."""

    def __init__(self, limits: t.Mapping[str, t.Any]) -> None:
        super().__init__(limits)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> t.Any:
        self.names.add(name)
        return super().__getitem__(name)


def test_each_check_names_the_thresholds_that_it_reads() -> None:
    """The page of the checks lists them with unit and default."""
    used: dict[str, set[str]] = {check.name: set() for check in HEALTH_CHECKS}
    for case in (*FIRING, *SILENT, *UNKNOWN):
        policy = _health_policy.make_policy(**{**case.policy, "include": [case.check]})
        limits = ReadLimits(policy.limits)
        settings_read = None if case.settings is None else configuration(case.profile, case.settings)
        evaluate.evaluate(made(case), policy._replace(limits=limits), None, settings_read)
        used[case.check] |= limits.names
    assert used == {check.name: set(check.limits) for check in HEALTH_CHECKS}


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_the_settings_of_a_healthy_device_make_no_finding(name: str) -> None:
    full = {"assumed_severity": "full"}
    checks = checks_of(envelope(name), configuration=configuration(name, {}), thresholds=full)
    assert alarms(checks) == SELF_SIGNED
    assert [finding for check in checks.values() for finding in check["findings"] if finding["slot"]] == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "N/A", "-1", "1e999", "{{ 1 }}", "\x1b[31m", "never", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(node: t.Any, path: tuple[t.Any, ...] = ()) -> list[tuple[t.Any, ...]]:
    """The place of every member and item below a node."""
    result = []
    items: t.Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        result.append((*path, key))
        result += places(value, (*path, key))
    return result


HOSTILE = envelope("m4000-7.10")
HOSTILE["data"]["chassis-xhe"] = envelope("m300-7.06")["data"]["chassis-xhe"]
OF_MODULES = {name: configuration("m3000-7.10", {})[name] for name in ("chassis0", "syncmon")}


PLACES, PLACES_OF_MODULES = places(HOSTILE), places(OF_MODULES)


def mutated(data: st.DataObject, whole: Tree, known: list[tuple[t.Any, ...]]) -> Tree:
    """A tree with any JSON in any of its places."""
    tree: Tree = json.loads(json.dumps(whole))
    for place in data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=8)):
        node: t.Any = tree
        try:
            for name in place[:-1]:
                node = node[name]
            node[place[-1]] = data.draw(JSON)
        except (KeyError, IndexError, TypeError):
            continue
    return tree


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_any_settings_are_evaluated_without_an_exception(data: st.DataObject) -> None:
    policy = _health_policy.make_policy()
    checks = evaluate.evaluate(envelope("m3000-7.10"), policy, None, mutated(data, OF_MODULES, PLACES_OF_MODULES))
    assert all(len(check["message"]) < 2000 and check["message"].isprintable() for check in checks)
    json.dumps(checks, allow_nan=False).encode("utf-8")


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_any_json_anywhere_is_evaluated_without_an_exception(data: st.DataObject) -> None:
    tree = mutated(data, HOSTILE, PLACES)
    expected = {
        "ports": ["lan0"],
        "power_supplies": 2,
        "fans": 2,
        "receivers": ["clk1"],
        "modules": ["cpu"],
        "position": {"latitude": 50.1, "longitude": 8.6},
        "leap_second": False,
        "tai_offset": 37,
        "ptp": [{"grandmaster": "0011:22ff:fe33:4455", "domain": 0}],
    }
    checks = evaluate.evaluate(tree, _health_policy.make_policy(expected=expected))
    assert len(checks) == len(HEALTH_CHECKS)
    for check in checks:
        assert check["state"] in CHECK_STATES
        assert len(check["message"]) < 2000
        assert check["message"].isprintable()
    json.dumps(checks, allow_nan=False).encode("utf-8")


@pytest.mark.parametrize(
    ("message", "clause"),
    [
        ("NTP announces a leap second.", "NTP announces a leap second"),
        ("The clock is in holdover.", "the clock is in holdover"),
        ("PTP in io1 is faulty.", "PTP in io1 is faulty"),
        ("", ""),
    ],
)
def test_an_abbreviation_keeps_its_capitals_in_the_message_of_a_failure(message: str, clause: str) -> None:
    alarms = [{"name": "ntp_service", "state": "error", "message": message}]
    assert evaluate.describe_alarms(alarms) == f"ntp_service (error); {clause}"
