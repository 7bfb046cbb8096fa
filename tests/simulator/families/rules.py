# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules between settings of modules, with the numbers of the reference.

refuse: the device refuses a request that breaks it. inert: the setting is stored and does nothing. check: the device
takes it, a check of health finds it. A rule between two settings is refused only by a device with the option
`strict_rules`, once per request. Rules of one value (K4, K6, K7, I1, J3, M3, M8, P4) are in the types of the tables,
those that the status shows (B1, C1, E2, G1, L1, L3, N1, W3, X1) in `show` and `adjust`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, NamedTuple

from .adjust import instances_of, slots_of
from .ptp import PROFILE_FIXES
from .syncmon import NTP_NODES_MAX

Tree = dict[str, Any]

_STEP_DETECTION = ("ptp-ieee1588", "ptp-over-e1")
_LONGEST_PULSE_MS = 990
_DAY = 86400


class Change(NamedTuple):
    """The configuration before and after a request, and the slots that have a clock."""

    before: Tree
    after: Tree
    clocks: frozenset[str]


class Rule(NamedTuple):
    """One rule: its number, kind and sentence, and the test of a request."""

    number: str
    kind: str
    text: str
    test: Callable[[Change], Iterator[str]]


def _modules(after: Tree, member: str) -> Iterator[tuple[str, Tree]]:
    for slot, item in slots_of(after).items():
        if member in item.get("module", {}):
            yield slot, item["module"]


def _duplicates(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "mrs"):
        seen = set()
        for name, level in module["mrs"].items():
            source = (level["settings"]["id"]["type"], level["settings"]["id"]["instance"])
            if source in seen and source[0] != "none":
                yield f"{slot}: {name} has the source of another level"
            seen.add(source)


def _useless_switches(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "mrs"):
        for name, level in module["mrs"].items():
            own = level["settings"]
            if own["auto-bias-master"] and own["auto-bias-slave"]:
                yield f"{slot}: {name} is master and slave of the automatic bias"
            if own["asymmetry-step-detection"] and own["id"]["type"] not in _STEP_DETECTION:
                yield f"{slot}: {name} has step detection, which {own['id']['type']} does not"


def _pulses(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "outputs"):
        for name, output in module["outputs"].items():
            mode = output.get("mode")
            if output.get("signal", "programmable-pulse") != "programmable-pulse":
                continue
            if mode == "pulse-per-second" and output["pulse-length"] > _LONGEST_PULSE_MS:
                yield f"{slot}: {name} is a constant level"
            if mode == "cyclic-pulse" and not _divides_day(output["cycle"]):
                yield f"{slot}: the cycle of {name} does not divide the day"


def _divides_day(cycle: str) -> bool:
    hours, minutes, seconds = (int(part) for part in cycle.split(":"))
    length = hours * 3600 + minutes * 60 + seconds
    return length > 0 and _DAY % length == 0


def _limits(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "fdm"):
        mains = module["fdm"]
        if not mains["minimum-frequency"] < mains["nominal-frequency"] < mains["maximum-frequency"]:
            yield f"{slot}: the nominal frequency is not between the limits"


def _profiles(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "ptp"):
        for name, instance in instances_of(module):
            for member, allowed in PROFILE_FIXES[instance["profile"]].items():
                if instance[member] not in allowed:
                    yield f"{slot}: {member} of {name} does not fit its profile"


def _equal_instances(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "ptp"):
        seen = set()
        for name, instance in instances_of(module):
            key = (instance["domain-number"], instance["network-protocol"], instance.get("vlan", {}).get("id"))
            if key in seen and instance.get("enabled", True):
                yield f"{slot}: {name} has domain, transport and VLAN of another instance"
            if instance.get("enabled", True):
                seen.add(key)


def _reused(change: Change) -> Iterator[str]:
    old = slots_of(change.before)
    for slot, module in _modules(change.after, "ptp"):
        had = dict(instances_of(old.get(slot, {}).get("module", {})))
        highest = max((int(name[len("ptp") :]) for name in had), default=0)
        for name, dummy in instances_of(module):
            if had and name not in had and int(name[len("ptp") :]) <= highest:
                yield f"{slot}: the number of {name} was used already"


def _other_clock(change: Change) -> Iterator[str]:
    for slot, module in _modules(change.after, "selected-clock"):
        if module["selected-clock"] not in change.clocks:
            yield f"{slot}: {module['selected-clock']} is not fitted"


def _ntp_nodes(change: Change) -> Iterator[str]:
    nodes = change.after["syncmon"]["nodes"]
    if sum(node["type"] == "ntp" for node in nodes.values()) > NTP_NODES_MAX:
        yield f"syncmon/nodes: holds at most {NTP_NODES_MAX} nodes of type ntp"


def _unaddressed(change: Change) -> Iterator[str]:
    for name, node in change.after["syncmon"]["nodes"].items():
        if not node["input" if node["type"] == "pps" else "address"]:
            yield f"syncmon/nodes/{name}: it has no {'input' if node['type'] == 'pps' else 'address'}"


def _equal_nodes(change: Change) -> Iterator[str]:
    seen = set()
    for name, node in change.after["syncmon"]["nodes"].items():
        key = (node["type"], node["input" if node["type"] == "pps" else "address"])
        if key[1] and key in seen:
            yield f"syncmon/nodes/{name}: another node has its type and address"
        seen.add(key)


def _measured_ports(change: Change) -> Iterator[str]:
    for name, node in change.after["syncmon"]["nodes"].items():
        slot, dummy, port = node["input"].partition("/")
        ports = slots_of(change.after).get(slot, {}).get("module", {}).get("ports", {})
        if node["type"] == "pps" and ports.get(port, {}).get("direction") == "output":
            yield f"{slot}: {port} is measured by {name}"


RULES: tuple[Rule, ...] = (
    Rule("X2", "refuse", "the selected clock is fitted", _other_clock),
    Rule("S2", "refuse", "at most 100 nodes of type ntp", _ntp_nodes),
    Rule("M1", "inert", "a source stands on one level only", _duplicates),
    Rule("M4", "check", "step detection of PTP only, and one switch of the automatic bias", _useless_switches),
    Rule("K2", "check", "a pulse is shorter than its period, and a cycle divides the day", _pulses),
    Rule("F2", "check", "minimum < nominal < maximum frequency", _limits),
    Rule("P1", "check", "a profile fixes members", _profiles),
    Rule("P3", "check", "enabled instances differ in domain, transport or VLAN", _equal_instances),
    Rule("P8", "check", "the number of an instance is not used again", _reused),
    Rule("S1", "check", "a node has an address or an input", _unaddressed),
    Rule("S7", "check", "nodes differ in type or address", _equal_nodes),
    Rule("W2", "check", "a port that a node measures is an input", _measured_ports),
)


def broken_rule(change: Change, is_strict: bool) -> str:
    """What keeps a request from being accepted; empty if nothing does. What was broken before may stay so."""
    for rule in RULES:
        if rule.kind != "refuse" and not is_strict:
            continue
        known = set(rule.test(change._replace(after=change.before)))
        for text in rule.test(change):
            if text not in known:
                return f"{rule.number}: {text}"
    return ""
