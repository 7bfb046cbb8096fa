# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every status member of a module that can be in trouble is found by its check and no other, with slot, family and object."""

from __future__ import annotations

import typing as t
from types import MappingProxyType

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import module_info, slots
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import FAMILIES
from ansible_collections.meinberg.lantime.plugins.module_utils._health import leaf_rules
from ansible_collections.meinberg.lantime.plugins.module_utils._health.check import LEVELS
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import BY_NAME
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import (
    GONE,
    Tree,
    change,
    checks_of,
    envelope,
)
from ansible_collections.meinberg.lantime.tools import modules_page

FINDINGS = set(LEVELS)


class Leaf(t.NamedTuple):
    """One member: the profile and slot that has it, its path, a good value, a value of trouble and what is found.

    also: what else must be so for the member to have a meaning.
    """

    slot: str
    path: str
    good: t.Any
    bad: t.Any
    check: str
    severity: str
    item: str | None = None
    profile: str = "m3000-7.10"
    also: t.Mapping[str, t.Any] = MappingProxyType({})


M1000, M2000S = "m1000-7.10", "m2000s-7.10"
ESI_LISTED = {"clk1/mrs/priority1/info": {"settings": {"id": {"type": "fixed-freq-in", "instance": 0}}}}
IRIG_LISTED = {"clk1/mrs/priority1/info": {"settings": {"id": {"type": "irig", "instance": 0}}}}
MASTER = {"clk1/mrs/priority0/status": {"is-master": True, "is-locked": True, "is-accurate": True}}
SYNC_E = {"io1/sync-e": {"enabled": True, "input-quality-level": "prc"}}
NODE = {
    "syncmon/nodes/node1/input": "io10/io2",
    "syncmon/nodes/node1/offset-limit": 1e-6,
    "syncmon/nodes/node1/offset": 0.0,
}


def ptp(path: str, good: t.Any, bad: t.Any, severity: str, **also: t.Any) -> Leaf:
    instance = {f"io1/ptp/instances/ptp1/{name}": value for name, value in also.items()}
    return Leaf("io1", f"ptp/instances/ptp1/{path}", good, bad, "ptp_ports", severity, "ptp1", also=instance)


def source(name: str, good: t.Any, bad: t.Any, severity: str, level: int = 0, **also: t.Any) -> Leaf:
    place = f"mrs/priority{level}/status"
    return Leaf(
        "clk1",
        f"{place}/{name}",
        good,
        bad,
        "reference_sources",
        severity,
        f"priority{level}",
        also={f"clk1/{place}": {name: good, **also}},
    )


LEAVES = (
    source("is-master", False, True, "warning", level=1),
    source("no-connection", False, True, "warning"),
    source("no-signal", False, True, "warning"),
    source("is-locked", True, False, "warning", **{"is-master": True}),
    source("is-accurate", True, False, "warning", **{"is-master": True}),
    source("not-supported", False, True, "error"),
    source("offset", 1e-9, 0.01, "warning"),
    Leaf("clk2", "gnm/receiver/cold-boot", False, True, "receiver_mode", "warning"),
    Leaf("clk2", "gnm/receiver/warm-boot", False, True, "receiver_mode", "warning"),
    Leaf("clk2", "satellites/gps-mode", "normal-operation", "tracking-searching", "receiver_mode", "warning"),
    Leaf("clk2", "synthesizer", {"state": "sync"}, {"state": "drifting"}, "module_outputs", "warning"),
    Leaf(
        "clk2",
        "outputs",
        [{"object-id": "pp1", "signal": "pulse-per-second", "signal-present": True}],
        [{"object-id": "pp1", "signal": "pulse-per-second", "signal-present": False}],
        "module_outputs",
        "error",
        "pp1",
    ),
    Leaf("clk2", "sync-status/est-time-quality", "less-than-100ns", "less-than-1ms", "redundant_clocks", "warning"),
    Leaf("clk2", "sync-status/clock-status/oscillator", "warmed-up", "not-warmed-up", "redundant_clocks", "warning"),
    Leaf("clk2", "dcf77/pcps/freer", False, True, "long_wave", "warning", profile=M2000S),
    Leaf("clk2", "dcf77/pcps/invt", False, True, "long_wave", "critical", profile=M2000S),
    Leaf("clk2", "dcf77/correlation", 60, 59, "long_wave", "warning", profile=M2000S),
    Leaf("clk2", "dcf77/field-strength", 20, 19, "long_wave", "warning", profile=M2000S),
    *(
        Leaf("clk2", f"tcr/{name}", not bad, bad, "time_code", severity, profile=M1000)
        for name, bad, severity in (
            ("data-available", False, "error"),
            ("lock-on", False, "warning"),
            ("telegram-error", True, "warning"),
            ("tcap-exceeded", True, "warning"),
            ("invalid-utc-parameter", True, "error"),
            ("invalid-system-configuration", True, "error"),
            ("pulses-enabled", False, "warning"),
            ("warmed-up", False, "info"),
        )
    ),
    Leaf("esi1", "inputs/in1/signal-present", True, False, "module_inputs", "error", "in1", also=ESI_LISTED),
    Leaf("esi1", "inputs/in1/quality-level", "ql-ssu-a", "ql-ssu-b", "module_inputs", "error", "in1"),
    Leaf("esi1", "inputs/in1/quality-level", "ql-prc", "ql-stu", "module_inputs", "error", "in1"),
    Leaf("esi1", "inputs/in1/itu-limits", "adhered", "violated", "module_inputs", "critical", "in1"),
    Leaf("esi1", "inputs/in1/loss-of-frame", False, True, "module_inputs", "error", "in1"),
    Leaf("mri1", "inputs/in1/signal-present", True, False, "module_inputs", "error", "in1"),
    Leaf(
        "mri1",
        "inputs/in3/signal-present",
        True,
        False,
        "module_inputs",
        "error",
        "in3",
        also={**IRIG_LISTED, "mri1/inputs/in4/type": "none"},
    ),
    Leaf("io9", "inputs/in1/signal-present", True, False, "module_inputs", "error", "in1"),
    Leaf("io9", "inputs/in1/locked", True, False, "module_inputs", "warning", "in1"),
    Leaf("io10", "ports/io2/signal-present", True, False, "module_inputs", "error", "io2"),
    Leaf("io10", "ports/io2/offset", 12.0, 1200.0, "module_inputs", "warning", "io2", also=NODE),
    *(
        Leaf(slot, "outputs/out1/signal-present", True, False, "module_outputs", "error", "out1")
        for slot in ("io3", "io4", "io6", "io7", "io8", "io12", "io13")
    ),
    Leaf("io10", "ports/io1/signal-present", True, False, "module_outputs", "error", "io1"),
    Leaf("io7", "outputs/out1/quality-level", "ql-prc", "ql-dnu", "module_outputs", "warning", "out1"),
    Leaf("io8", "pll-locked", True, False, "module_oscillators", "error"),
    Leaf("io8", "warmed-up", True, False, "module_oscillators", "warning"),
    Leaf("io13", "oscillator-locked", True, False, "module_oscillators", "warning"),
    *(
        Leaf("io5", f"fdm/{name}", good, bad, "mains", severity)
        for name, good, bad, severity in (
            ("frequency-within-limits", True, False, "error"),
            ("time-within-limits", True, False, "warning"),
            ("overflow", False, True, "error"),
            ("frequency", 50.01, 0, "error"),
            ("frequency", "49.99", "none", "error"),
            ("reference-free", False, True, "error"),
            ("power-line-time-free", False, True, "error"),
            ("no-time-string", False, True, "error"),
            ("no-power-line-time-init", False, True, "warning"),
            ("analog-overflow", "none", "a1", "info"),
        )
    ),
    Leaf("io11", "relays/b/state", "no-error", "error", "relays", "warning", "b"),
    Leaf("rsc1", "mode", "automatic", "manual", "clock_switch", "warning"),
    Leaf("rsc1", "selected-clock", "clk1", "clk2", "clock_switch", "info"),
    Leaf("rsc1", "outputs-enabled", True, False, "clock_switch", "error"),
    Leaf("rsc1", "watchdog-ok", True, False, "clock_switch", "error"),
    Leaf("rsc1", "clocks/clk2/state", "synchronized", "not-synchronized", "clock_switch", "warning", "clk2"),
    Leaf("io1", "sync-e/input-quality-level", "prc", "dnu", "sync_e", "warning", also=SYNC_E),
    Leaf("io1", "sync-e/input-quality-level", "ssu-a", "none", "sync_e", "warning", also=SYNC_E),
    ptp("port-state", "master", "faulty", "error"),
    ptp("port-state", "master", "disabled", "warning", enabled=True),
    ptp("port-state", "master", "initializing", "warning"),
    ptp("port-state", "slave", "uncalibrated", "warning"),
    ptp("port-state", "slave", "listening", "error", mode="unicast-slave"),
    ptp("port-state", "master", "passive", "info", mode="multicast-master"),
    ptp("link", True, False, "error"),
    ptp("clock-class", 6, 7, "warning"),
    ptp("clock-class", 6, 13, "error"),
    ptp("clock-class", 6, 52, "error"),
    ptp("clock-class", 6, 187, "critical"),
    ptp("clock-class", 6, 248, "critical"),
    ptp("clock-accuracy", 33, 43, "warning"),
    ptp("offset-from-master", 900, 1_500_000, "warning", **{"port-state": "slave"}),
    ptp("offset-from-master", 900, -15_000_000, "critical", **{"port-state": "slave"}),
    ptp("unicast-clients", 1800, 1900, "warning"),
)


def place(path: str) -> str:
    if path.startswith("syncmon/"):
        return path
    slot, rest = path.split("/", 1)
    return f"chassis0/slots/{slot}/module/{rest}"


def device(leaf: Leaf, value: t.Any) -> Tree:
    tree = envelope(leaf.profile)
    for path, other in leaf.also.items():
        change(tree, place(path), other)
    change(tree, place(f"{leaf.slot}/{leaf.path}"), value)
    return tree


def found(checks: dict[str, Tree]) -> dict[str, str]:
    named = {name: check["state"] for name, check in checks.items() if check["state"] in (*FINDINGS, "unknown")}
    return {name: state for name, state in named.items() if named[name] != HEALTHY.get(name)}


HEALTHY: dict[str, str] = {}
HEALTHY.update(found(checks_of(envelope())))


def leaf_id(leaf: object) -> str:
    return f"{leaf.slot}-{leaf.path}-{leaf.bad}" if isinstance(leaf, Leaf) else ""


@pytest.mark.parametrize("leaf", LEAVES, ids=leaf_id)
def test_a_healthy_value_is_silent_and_trouble_is_found_by_its_check_alone(leaf: Leaf) -> None:
    assert found(checks_of(device(leaf, leaf.good))) == {}
    full = {"assumed_severity": "full"}
    checks = checks_of(device(leaf, leaf.bad), thresholds=full)
    assert found(checks) == {leaf.check: leaf.severity}
    (finding,) = checks[leaf.check]["findings"]
    family = next(
        module["family"] for module in slots.read_slots(device(leaf, leaf.bad)) if module["slot"] == leaf.slot
    )
    assert (finding["slot"], finding["family"], finding["object"]) == (leaf.slot, family, leaf.item)
    assert finding["subject"] == (f"{leaf.slot}/{leaf.item}" if leaf.item else leaf.slot)
    assert leaf.slot in finding["message"]
    assert finding["certainty"] in ("CONFIRMED", "INFERRED", "ASSUMPTION")


@pytest.mark.parametrize("leaf", LEAVES, ids=leaf_id)
def test_what_is_assumed_is_a_warning_at_most(leaf: Leaf) -> None:
    (finding,) = checks_of(device(leaf, leaf.bad))[leaf.check]["findings"]
    capped = {"error": "warning", "critical": "warning"} if finding["certainty"] == "ASSUMPTION" else {}
    assert finding["state"] == capped.get(leaf.severity, leaf.severity)


@pytest.mark.parametrize("leaf", LEAVES, ids=leaf_id)
def test_an_absent_member_is_no_finding_and_an_unreadable_one_is_unknown(leaf: Leaf) -> None:
    tree = device(leaf, leaf.good)
    change(tree, place(f"{leaf.slot}/{leaf.path}"), GONE)
    allowed = {leaf.check: "unknown"} if leaf.path.startswith("dcf77/") or leaf.path.endswith("port-state") else {}
    # A recorded long-wave clock has these members. A PTP port without a state is unknown.
    assert found(checks_of(tree)) == allowed
    if not isinstance(leaf.good, (dict, list)):
        unreadable = found(checks_of(device(leaf, {"a": "form of the future"})))
        assert unreadable.get(leaf.check) in ("unknown", None)


def test_the_walk_has_every_member_that_a_rule_reads() -> None:
    walked = {(leaf.check, leaf.path.split("/")[-1]) for leaf in LEAVES} | {
        ("module_outputs", "state"),
        ("module_outputs", "signal-present"),
    }
    for check, rules in leaf_rules.RULES_BY_CHECK.items():
        for rule in rules:
            assert (check, rule.leaf.split()[0].rsplit(".", 1)[-1]) in walked, rule.leaf


SICK = {
    "clk1/mrs/priority1/status": {"is-master": True},
    "esi1/inputs/in1/quality-level": "ql-dnu",
    "mri1/inputs/in1/signal-present": False,
    "io1/sync-e": {"enabled": True, "input-quality-level": "dnu"},
    "io1/ptp/instances/ptp2/port-state": "faulty",
    "io3/outputs/out2/signal-present": False,
    "io4/outputs/out1/signal-present": False,
    "io5/fdm/frequency-within-limits": False,
    "io6/outputs/out1/signal-present": False,
    "io7/outputs/out3/signal-present": False,
    "io8/pll-locked": False,
    "io9/inputs/in1/signal-present": False,
    "io10/ports/io1/signal-present": False,
    "io11/relays/a/state": "error",
    "io12/outputs/out2/signal-present": False,
    "io13/outputs/out4/signal-present": False,
    "rsc1/mode": "manual",
    "syncmon/nodes/node2/state": "unreachable",
}


@pytest.mark.parametrize("severity", ["warning", "full"])
def test_a_chassis_with_every_module_in_trouble(severity: str) -> None:
    tree = envelope("m3000-7.10")
    for path, value in SICK.items():
        change(tree, place(path), value)
    checks = checks_of(tree, thresholds={"assumed_severity": severity})
    findings = [finding for check in checks.values() for finding in check["findings"]]
    alarms = {finding["slot"] for finding in findings if finding["state"] in ("warning", "error", "critical")}
    assert alarms >= {path.split("/")[0] for path in SICK} - {"syncmon"}
    assert checks["syncmon"]["subject"] == "node2"
    errors = {finding["slot"] for finding in findings if finding["state"] == "error"}
    assert errors == ({"io1"} if severity == "warning" else {*alarms} - {"clk1", "io11", "rsc1", None})


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_healthy_modules_have_no_finding_of_any_severity(name: str) -> None:
    checks = checks_of(envelope(name), thresholds={"assumed_severity": "full"})
    assert [finding for check in checks.values() for finding in check["findings"] if finding["slot"]] == []


def test_a_clock_without_synchronization_is_the_only_alarm_of_what_follows_from_it() -> None:
    tree = envelope("m3000-7.10")
    for path, value in {
        "system/sync-status/clock-status/clock": "holdover",
        "chassis0/slots/clk1/module/sync-status/clock-status/clock": "holdover",
        place("rsc1/clocks/clk1/state"): "holdover",
        place("io11/relays/a/state"): "error",
        place("io3/outputs/out1/signal-present"): False,
        place("io1/ptp/instances/ptp1/clock-class"): 7,
    }.items():
        change(tree, path, value)
    checks = checks_of(tree)
    infos = {name for name, check in checks.items() if check["state"] == "info"} - set(HEALTHY)
    assert infos == {"relays", "clock_switch", "ptp_ports"}
    alarms = {name for name, check in checks.items() if check["state"] in ("warning", "error", "critical")}
    assert alarms - set(HEALTHY) == {"holdover", "time_synchronized", "reference_clock_synchronized"}


def test_a_socket_follows_the_pulse_output_of_the_clock() -> None:
    tree = envelope("m3000-7.10")
    change(tree, place("io3/outputs/out4"), {"signal": "ppo3", "signal-present": False})
    change(tree, place("clk1/outputs/pp3"), {"signal": "pulse-per-min", "signal-present": False})
    findings = checks_of(tree)["module_outputs"]["findings"]
    assert {(each["slot"], each["object"]): each["state"] for each in findings} == {
        ("clk1", "pp3"): "warning",
        ("io3", "out4"): "info",
    }


def test_hostile_names_in_findings_are_made_safe() -> None:
    tree = envelope("m3000-7.10")
    slot = next(item for item in tree["data"]["chassis0"]["slots"] if item["object-id"] == "io3")
    slot["module"]["outputs"][0].update({"object-id": "\x1b[31m{value}", "signal": "{slot}", "signal-present": False})
    (finding,) = checks_of(tree)["module_outputs"]["findings"]
    assert finding["message"].isprintable()
    assert "{value}" in finding["message"]


def test_the_page_names_the_checks_that_evaluate_a_family() -> None:
    rows = {row[0]: row[-1] for row in modules_page.rows(FAMILIES)}
    for check in BY_NAME.values():
        for family in check.families:
            assert f"`{check.name}`" in rows[family]
    assert "`mains`" not in rows["GPS"]
    assert rows["FDM"] == "ASSUMED: `mains`, `module_settings`"


def test_rules_name_members_that_the_entries_have() -> None:
    tree = envelope("m3000-7.10")
    entries = module_info.describe_modules(tree) + module_info.describe_modules(envelope(M2000S))
    entries += module_info.describe_modules(envelope(M1000))
    for rules in leaf_rules.RULES_BY_CHECK.values():
        for rule in rules:
            items = [
                item
                for entry in entries
                if entry["populated"] and (not rule.families or entry["family"] in rule.families)
                for dummy, item in leaf_rules.walk(entry, rule.key)
                if entry["family"] != "RSC"
            ]
            assert all(rule.member in item for item in items), rule.leaf
