# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rest of the device shows of a module in trouble: references, sockets, relays, nodes. All of it is ASSUMED."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..families.references import show_lost_signals, show_references
from ..profiles.modules import FAMILY
from .effects import Effects
from .modules import CUT_PORT
from .targets import Tree

_CAUSES = ("module-fault", "module-loss", "module-exchange", "module-move", "ptp-fault")


def render_dependents(effects: Effects, tree: Tree, config: Mapping[str, Any]) -> None:
    """Writes what follows from modules that are in trouble or gone, in place."""
    if not any(kind in effects.active for kind in _CAUSES):
        return
    slots = tree.get("chassis0", {}).get("slots", [])
    modules: dict[str, Tree] = {slot["object-id"]: slot["module"] for slot in slots if "module" in slot}
    _references(effects, modules, config)
    _sockets(effects, modules)
    _relays(modules)
    for node in tree.get("syncmon", {}).get("nodes", []):
        if node.get("type") == "pps" and not _measures(node["address"], modules):
            node.update({"state": "unreachable", "offset": None})


def pulseless_nodes(effects: Effects, config: Mapping[str, Any]) -> set[str]:
    """The nodes of SyncMon whose pulse comes to a port that is cut off, or whose module is gone."""
    gone = {*effects.targets("module-loss"), *effects.targets("module-move")}
    cut = {f"{slot}/{CUT_PORT}" for slot in effects.targets("module-fault")}
    return {
        name
        for name, node in config["syncmon"]["nodes"].items()
        if node["type"] == "pps" and (node["input"] in cut or node["input"].partition("/")[0] in gone)
    }


def _references(effects: Effects, modules: Mapping[str, Tree], config: Mapping[str, Any]) -> None:
    """Which references of the clocks have a signal, and which one is followed."""
    items = config.get("chassis0", {}).get("slots", {})
    settings = {slot: item["module"] for slot, item in items.items() if "module" in item and slot in modules}
    for clock in effects.clocks:
        if "mrs" not in settings.get(clock.slot, {}):
            continue
        if clock.is_without_receiver:
            show_lost_signals(clock.slot, modules, config)
        else:
            show_references(clock.slot, modules, settings, config)


def _sockets(effects: Effects, modules: Mapping[str, Tree]) -> None:
    """Sockets of the backplane: silent with the switch card, and with the pulse of the clock that they carry."""
    clock = effects.clock
    followed = modules.get(clock.slot, {}) if clock is not None else {}
    silent = {
        output["object-id"].replace("pp", "ppo")
        for output in followed.get("outputs", [])
        if not output.get("signal-present", True)
    }
    is_off = any(module.get("outputs-enabled") is False for module in _family("RSC", modules))
    for module in _family("BPE", modules):
        for output in module["outputs"]:
            if is_off or output["signal"] in silent:
                output["signal-present"] = False


def _relays(modules: Mapping[str, Tree]) -> None:
    has_stopped = any(module.get("watchdog-ok") is False for module in _family("RSC", modules))
    for module in _family("REL", modules):
        for relay in module["relays"]:
            if relay["source"] == "rsc" and has_stopped:
                relay["state"] = "error"


def _family(name: str, modules: Mapping[str, Tree]) -> Iterator[Tree]:
    return (module for module in modules.values() if FAMILY.get(str(module.get("info", {}).get("model"))) == name)


def _measures(place: str, modules: Mapping[str, Tree]) -> bool:
    """Whether the port `slot/port` has a signal that is measured."""
    slot, dummy, name = place.partition("/")
    ports = {port["object-id"]: port for port in modules.get(slot, {}).get("ports", [])}
    return bool(ports.get(name, {}).get("signal-present"))
