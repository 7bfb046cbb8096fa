# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of hosts, the verdict on a record, trees in the spelling of a device, and the entry points of the filters."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.meinberg.lantime.plugins.filter import consensus, drift
from ansible_collections.meinberg.lantime.plugins.filter import record as record_filter
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.records import make_record
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.aliases import use_device_names
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.verdict import determine_verdict, run

Tree = dict[str, t.Any]

READ = {"ansible_facts": {"ansible_net_model": "M600"}, "changed": False}
GONE = {"unreachable": True, "msg": "ts1: refused", "error": {"code": "refused"}}
DENIED = {"failed": True, "msg": "ts1: denied", "error": {"code": "auth_failed"}}
HEALTHY: Tree = {"healthy": True, "checks": [], "counts": {}, "worst": "ok"}
SICK: Tree = {
    "failed": True,
    "healthy": False,
    "msg": "sick",
    "error": {"code": "unhealthy"},
    "checks": [{"name": "psu", "state": "error"}, {"name": "fan", "state": "ok"}],
}


def test_a_record_has_what_was_found() -> None:
    made = make_record("ts1", "north", facts=READ, health=HEALTHY, drift={"state": "clean"})
    assert made == {
        "host": "ts1",
        "group": "north",
        "facts": READ["ansible_facts"],
        "health": HEALTHY,
        "drift": {"state": "clean"},
        "error": None,
    }


@pytest.mark.parametrize(
    ("found", "kind", "code"),
    [
        ({"facts": GONE}, "unreachable", "refused"),
        ({"facts": DENIED}, "failed", "auth_failed"),
        ({"health": GONE}, "unreachable", "refused"),
        ({"results": [DENIED, GONE]}, "unreachable", "refused"),
        ({"facts": READ, "results": [DENIED]}, "failed", "auth_failed"),
        ({"facts": {"failed": True}}, "failed", None),
        ({"facts": {"skipped": True}}, "not_checked", None),
        ({}, "not_checked", None),
    ],
)
def test_the_failure_that_counts(found: Tree, kind: str, code: str | None) -> None:
    error = make_record("ts1", **found)["error"]
    assert (error["kind"], error["code"]) == (kind, code)
    assert error["message"]


def test_a_device_that_is_not_healthy_is_no_failed_check() -> None:
    made = make_record("ts1", health=SICK)
    assert made["error"] is None
    assert made["health"]["healthy"] is False
    assert "msg" not in made["health"]


def drifted(*differences: Tree, state: str = "drift") -> Tree:
    return {"state": state, "differences": list(differences), "sections": []}


CONFIG = {"path": "ntp/trust-time", "class": "config", "accepted": None}
SECURITY = {"path": "security/ssh", "class": "security", "accepted": None}
ACCEPTED = {**CONFIG, "accepted": {"until": "2026-12-31", "reason": "trial"}}


def incomplete(*differences: Tree) -> Tree:
    """A drift of which a section was not compared."""
    absent = {"name": "ntp", "state": "not_checked", "reason": "absent"}
    return {"state": "drift" if differences else "not_checked", "differences": list(differences), "sections": [absent]}


@pytest.mark.parametrize(
    ("made", "fail_on", "verdict", "says"),
    [
        ({"drift": drifted(state="clean")}, "drift", "clean", "no finding"),
        ({"drift": drifted(CONFIG)}, "drift", "drift", "1 setting differs: ntp/trust-time"),
        ({"drift": drifted(*[CONFIG] * 7)}, "drift", "drift", "and 2 more"),
        ({"drift": drifted(CONFIG)}, "security", "clean", "no finding"),
        ({"drift": drifted(CONFIG, SECURITY)}, "security", "drift", "1 setting differs: security/ssh"),
        ({"drift": drifted(SECURITY)}, "never", "clean", "no finding"),
        ({"drift": drifted(ACCEPTED, state="clean")}, "drift", "clean", "no finding"),
        ({"drift": drifted(state="not_checked")}, "never", "not_checked", "not compared"),
        ({"drift": incomplete(CONFIG)}, "drift", "drift", "1 setting differs"),
        ({"drift": incomplete(CONFIG)}, "never", "not_checked", "ntp: absent"),
        ({"drift": incomplete(ACCEPTED)}, "drift", "not_checked", "ntp: absent"),
        ({"drift": incomplete()}, "security", "not_checked", "ntp: absent"),
        ({"change": {"operations": []}}, "drift", "clean", "no finding"),
        ({"drift": {}}, "never", "not_checked", "the record has no result"),
        ({"drift": {"state": "new word"}}, "drift", "not_checked", "not compared"),
        ({"health": HEALTHY}, "drift", "clean", "no finding"),
        ({"health": {**SICK}}, "never", "unhealthy", "psu (error)"),
        ({"facts": READ["ansible_facts"]}, "drift", "clean", "no finding"),
        ({}, "never", "not_checked", "the record has no result"),
        ({"error": {"kind": "unreachable", "message": "gone"}}, "never", "unreachable", "gone"),
        ({"error": {"kind": "odd", "message": "hm"}, "health": HEALTHY}, "never", "failed", "hm"),
    ],
)
def test_how_a_host_ends(made: Tree, fail_on: str, verdict: str, says: str) -> None:
    found, why = determine_verdict({"host": "ts1", "error": None, **made}, fail_on)
    assert found == verdict
    assert says in why
    params = {"record": {"error": None, **made}, "fail_on": fail_on, "ignore_health": False}
    result = run(JobContext(params, False, False, lambda _text: None))
    assert result["changed"] is False
    assert bool(result.get("unreachable")) is (verdict == "unreachable")
    assert bool(result.get("failed")) is (verdict not in ("clean", "unreachable"))


def health_of(*states: str) -> Tree:
    names = ("certificate_self_signed", "storage", "antenna", "time_synchronized", "ntp_service", "memory", "fans")
    checks = [
        {"name": name, "state": state, "message": f"The check {number} is {state}."}
        for number, (name, state) in enumerate(zip(names, states))
    ]
    return {"healthy": False, "checks": checks}


@pytest.mark.parametrize(
    ("health", "says"),
    [
        (health_of("warning", "warning", "critical"), "antenna (critical); the check 2 is critical"),
        (health_of("warning", "unknown", "ok", "unknown"), "time_synchronized (unknown); the check 3 is unknown"),
        (health_of("info", "warning"), "storage (warning); the check 1 is warning"),
        (
            health_of("error", "error", "critical", "error", "error", "error"),
            "antenna (critical), certificate_self_signed (error), storage (error), time_synchronized (error) and 2 more; the check 2 is critical",
        ),
        ({"healthy": False, "checks": [{"name": {}, "state": "error"}]}, "{} (error); "),
        ({"healthy": False, "checks": [{"state": []}, {"name": "new", "state": "dire"}]}, None),
        ({"healthy": False}, None),
    ],
)
def test_the_verdict_names_the_cause_first(health: Tree, says: str | None) -> None:
    verdict, why = determine_verdict({"error": None, "health": health}, "drift")
    assert (verdict, why) == ("unhealthy", "the device is not healthy" + (f": {says}" if says else ""))


# -- spelling


def test_names_of_another_release_become_the_devices_own() -> None:
    old = canonical({"events": [{"object-id": "leap-second-announced", "email": False}]}).value
    wanted = {"events": [{"object-id": "leapsecond-announced", "email": True}]}
    spelled = use_device_names(canonical(wanted), old)
    assert spelled.value == {"events": {"leap-second-announced": {"email": True}}}
    assert spelled.tables == {("events",)}


def test_names_that_the_device_has_or_nobody_knows_stay() -> None:
    current = {"events": {"leapsecond-announced": {}, "x": {}}, "other": 1}
    wanted = canonical({"events": {"leapsecond-announced": {"a": 1}, "y": {}}, "more": {"z": 1}})
    assert use_device_names(wanted, current) is wanted
    assert use_device_names(wanted, None) is wanted


def test_tables_below_a_renamed_item_are_known_by_their_place() -> None:
    current: dict[str, t.Any] = {"events": {"faillock:-user-banned": {"to": {"1": {}}}}}
    wanted = canonical({"events": {"faillock-user-banned": {"to": [{"object-id": "1", "x": 1}]}}})
    spelled = use_device_names(wanted, current)
    assert ("events", "faillock:-user-banned", "to") in spelled.tables


# -- the filters


def test_filters_say_what_is_wrong_in_their_own_name() -> None:
    with pytest.raises(AnsibleFilterError, match=r"meinberg\.lantime\.drift: .*until is missing"):
        drift.drift({}, accepted=[{"path": "ntp", "reason": "x"}])
    with pytest.raises(AnsibleFilterError, match=r"meinberg\.lantime\.drift: the input"):
        drift.drift([])
    with pytest.raises(AnsibleFilterError, match=r"meinberg\.lantime\.consensus: threshold"):
        consensus.consensus({"a": {}}, threshold=0.2)
    with pytest.raises(AnsibleFilterError, match=r"meinberg\.lantime\.consensus: the input"):
        consensus.consensus([])
    with pytest.raises(AnsibleFilterError, match=r"meinberg\.lantime\.record: .*mappings"):
        record_filter.record("ts1", facts=["x"])
    with pytest.raises(AnsibleFilterError, match="list"):
        drift.drift({}, ignore="ntp")


def test_what_a_device_sends_is_never_a_template() -> None:
    operation = {
        "action": "set",
        "path": "snmp",
        "before": {"contact": "{{ 1 + 1 }}"},
        "after": {"contact": "x"},
    }
    found = drift.drift({"operations": [operation], "sections": ["snmp"]})
    value = found["differences"][0]["before"]
    assert value == "{{ 1 + 1 }}"
    assert value.__class__ is not str or _untrusted(value)


def _untrusted(value: str) -> bool:
    """Since core 2.19 plain strings are no templates unless they are marked as such."""
    from ansible.template import is_trusted_as_template

    return not is_trusted_as_template(value)


def test_consensus_compares_within_groups_only() -> None:
    def read(stratum: int) -> Tree:
        return {
            "value": {"ntp": {"local-clock": {"stratum": stratum}}},
            "device": {"model": "M600"},
        }

    results = {**{f"a{i}": read(10) for i in range(3)}, **{f"b{i}": read(12) for i in range(3)}}
    results["gone"] = {"unreachable": True}
    groups = {host: host[0] for host in results}
    drifts = consensus.consensus(results, groups=groups, today="2026-07-01")
    assert list(drifts) == list(results)
    assert {host: d["state"] for host, d in drifts.items()} == {
        **dict.fromkeys(list(results)[:6], "clean"),
        "gone": "not_checked",
    }
    results["a1"] = read(12)

    def deviating(**more: t.Any) -> list[str]:
        found = consensus.consensus(results, **more)
        return [host for host, drift in found.items() if drift["state"] == "drift"]

    assert deviating(groups=groups) == ["a1"]
    assert deviating() == ["a0", "a2"]
