# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a device an incident can hit: clocks, modules, ports, nodes."""

from __future__ import annotations

from typing import Any, NamedTuple

from .modules import has_fault

Tree = dict[str, Any]

GNSS = frozenset({"gps", "gns", "gnm", "grc", "gxl"})


class Target(NamedTuple):
    """Something of the device that an incident can hit."""

    name: str
    value: Tree


def clocks(status: Tree) -> list[Target]:
    """The fitted clocks of a status tree, by slot."""
    return [
        Target(str(slot["object-id"]), slot["module"])
        for slot in status.get("chassis0", {}).get("slots", [])
        if slot.get("slot-type") == "clk" and "module" in slot
    ]


def block_of(module: Tree) -> str:
    """The name of a clock's receiver block; empty when it has none."""
    known = (*sorted(GNSS), "dcf77", "tcr")
    return next((name for name in known if name in module), "")


def power_supplies(status: Tree) -> list[Target]:
    return [
        Target(str(slot["object-id"]), slot["module"])
        for slot in status.get("chassis0", {}).get("slots", [])
        if slot.get("slot-type") == "pwr" and slot.get("module", {}).get("power-available")
    ]


def fans(status: Tree) -> list[Target]:
    return [
        Target(str(slot["object-id"]), slot["module"])
        for slot in status.get("chassis0", {}).get("slots", [])
        if "fan-state" in slot.get("module", {})
    ]


def plug_ins(status: Tree) -> list[Target]:
    return [
        Target(str(slot["object-id"]), slot["module"])
        for slot in status.get("chassis0", {}).get("slots", [])
        if slot.get("slot-type") not in ("pwr", "clk", "cpu", "int") and "module" in slot
    ]


def faulty_modules(status: Tree) -> list[Target]:
    """The clocks and plug-in modules for whose family a fault is known."""
    return [target for target in (*clocks(status), *plug_ins(status)) if has_fault(target.value)]


def clocks_with_spare(status: Tree) -> list[Target]:
    """The GNSS clocks that have a second reference with a signal."""
    return [
        clock
        for clock in clocks(status)
        if block_of(clock.value) in GNSS
        and sum(level.get("status", {}).get("is-locked") is True for level in clock.value.get("mrs", [])) > 1
    ]


def linked_ports(status: Tree) -> list[Target]:
    return [
        Target(str(port["object-id"]), port) for port in status.get("network", {}).get("ports", []) if port.get("link")
    ]


def nodes(status: Tree) -> list[Target]:
    return [Target(str(node["object-id"]), node) for node in status.get("syncmon", {}).get("nodes", [])]


def ptp_cards(status: Tree) -> list[Target]:
    return [
        Target(str(slot["object-id"]), slot["module"])
        for slot in status.get("chassis0", {}).get("slots", [])
        if slot.get("module", {}).get("ptp", {}).get("instances")
    ]


def empty_slots(status: Tree) -> list[Target]:
    """The bays for plug-in modules that have none."""
    return [
        Target(str(slot["object-id"]), slot)
        for slot in status.get("chassis0", {}).get("slots", [])
        if slot.get("slot-type") == "io" and "module" not in slot
    ]
