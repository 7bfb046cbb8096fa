# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the configuration of modules shows in their status, and what it does there. All of it is ASSUMED."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, NamedTuple

from ..schema import Menu, Table
from ..tree import clone, leaves
from .adjust import instances_of
from .catalogue import FAMILY_OF_MODEL
from .ptp import NTP_MODES, SLAVE_MODES
from .references import show_references

Tree = dict[str, Any]

_VIDEO = {
    "bi-level": ("pal", "ntsc"),
    "tri-level": (
        "720p50",
        "720p5994",
        "720p60",
        "1080i50",
        "1080i5994",
        "1080i60",
        "1080p24",
        "1080p25",
        "1080p30",
        "1080p50",
    ),
}
_OTHER_MODE = {"e1": ("t1-bits", "1544khz"), "t1": ("e1-bits", "2048khz")}


class Chassis(NamedTuple):
    """All modules: status and settings by slot, and the whole configuration."""

    modules: Mapping[str, Tree]
    settings: Mapping[str, Tree]
    config: Tree


def show_modules(slots: list[Tree], config: Tree, root: Menu) -> None:
    """Writes the settings of all modules into the slots of a status tree, in place."""
    table = root.children["chassis0"].children["slots"]  # type: ignore[union-attr]
    assert isinstance(table, Table)
    modules = {slot["object-id"]: slot["module"] for slot in slots if "module" in slot}
    items = config["chassis0"]["slots"]
    settings = {slot: item["module"] for slot, item in items.items() if "module" in item and slot in modules}
    chassis = Chassis(modules, settings, config)
    # Inputs come before the clocks that use them, and clocks before the sockets that carry their signals.
    for slot in sorted(settings, key=lambda name: (name.startswith("io"), name.startswith("clk"))):
        menu = table.fixed[slot].children["module"]
        assert isinstance(menu, Menu)
        family = FAMILY_OF_MODEL.get(modules[slot].get("info", {}).get("model", ""), "")
        if family in ("HPS", "PSX"):
            _sync_instances(modules[slot], settings[slot])
        _copy_settings(menu, settings[slot], modules[slot])
        _ACTIONS.get(family, _clock)(slot, chassis)
    for slot in settings:
        if "mrs" in settings[slot]:
            show_references(slot, chassis.modules, chassis.settings, config)


def _copy_settings(menu: Menu, settings: Tree, module: Tree) -> None:
    for path, leaf, value in leaves(menu, settings):
        if leaf.shows:
            names = [path[place] if name == "*" else name for place, name in enumerate(leaf.shows.split("/"))]
            _write(module, names, value)


def _write(parent: Any, names: list[str], value: Any) -> None:
    """Sets a member that the status has; a status without it is left as it is."""
    for name in names[:-1]:
        if isinstance(parent, list):
            parent = next((item for item in parent if isinstance(item, dict) and item.get("object-id") == name), None)
        else:
            parent = parent.get(name) if isinstance(parent, dict) else None
    if isinstance(parent, dict) and names[-1] in parent:
        parent[names[-1]] = clone(value)


def _clock(slot: str, chassis: Chassis) -> None:
    module, settings = chassis.modules[slot], chassis.settings[slot]
    for output in module.get("outputs", []):
        if "signal-present" in output:
            output["signal-present"] = output["signal"] != "idle"
    if "synthesizer" in module:
        module["synthesizer"]["state"] = "sync" if settings["synthesizer"]["frequency"] else "off"
    satellites = module.get("satellites", {}).get("gnss", {})
    systems = settings.get("gnss", {}).get("systems", [])
    listed = {entry.get("gnss-type") for entry in satellites.get("satellite-list", []) if isinstance(entry, dict)}
    if listed and systems and listed != set(systems):
        satellites["satellite-list"] = [
            {"object-id": str(number), "gnss-type": name} for number, name in enumerate(systems * 4)
        ]


def _inputs(slot: str, chassis: Chassis) -> None:
    """ESI and VSI: an input that is off has no signal; a quality level is that of framed bits."""
    for item in chassis.modules[slot].get("inputs", []):
        is_on = item["type"] != "off"
        item["signal-present"] = is_on
        if "locked" in item:
            item["locked"] = is_on
        if "quality-level" in item:
            item["quality-level"] = {"e1-bits": "ql-prc", "t1-bits": "ql-prs"}.get(item["type"], "none")


def _ports(slot: str, chassis: Chassis) -> None:
    for port in chassis.modules[slot].get("ports", []):
        port["signal-present"] = port["signal"] != "none"
        measures = port["direction"] == "input" and port["signal"] == "pps"
        if not measures:
            port["offset"] = None
        elif port["offset"] is None:
            port["offset"] = 9.0


def _backplane(slot: str, chassis: Chassis) -> None:
    """A socket that carries a pulse output of the clock is silent while that output is idle."""
    pulses: Tree = next(
        (own["outputs"] for name, own in sorted(chassis.settings.items()) if name.startswith("clk")), {}
    )
    for output in chassis.modules[slot].get("outputs", []):
        pulse = pulses.get(output["signal"].replace("ppo", "pp"), {})
        output["signal-present"] = output["signal"] != "off" and pulse.get("mode") != "idle"


def _sockets(slot: str, chassis: Chassis) -> None:
    """A socket that is off, or whose signal does not fit the other settings, carries nothing."""
    module, settings = chassis.modules[slot], chassis.settings[slot]
    silent = ("off", *_OTHER_MODE.get(module.get("mode", ""), ()))
    for output in module.get("outputs", []):
        own = settings["outputs"].get(output["object-id"], {})
        fits = own.get("format") in _VIDEO.get(output["signal"], (own.get("format"),))
        output["signal-present"] = output["signal"] not in silent and fits


def _mains(slot: str, chassis: Chassis) -> None:
    mains, limits = chassis.modules[slot]["fdm"], chassis.settings[slot]["fdm"]
    mains["frequency-deviation"] = round(mains["frequency"] - mains["nominal-frequency"], 3)
    is_off = not limits["monitoring-enabled"]
    within = limits["minimum-frequency"] <= mains["frequency"] <= limits["maximum-frequency"]
    mains["frequency-within-limits"] = is_off or within
    low, high = -limits["maximum-negative-time-deviation"], limits["maximum-positive-time-deviation"]
    mains["time-within-limits"] = is_off or low <= mains["time-deviation"] <= high


def _switch(slot: str, chassis: Chassis) -> None:
    """In automatic mode the card chooses; the setting counts in manual mode only."""
    module, settings = chassis.modules[slot], chassis.settings[slot]
    if settings["mode"] == "manual":
        module["selected-clock"] = settings["selected-clock"]


def _sync_instances(module: Tree, settings: Tree) -> None:
    """The status has the instances of the configuration, new ones as the first of the card."""
    wanted = dict(instances_of(settings))
    shown = {item["object-id"]: item for item in module["ptp"]["instances"]}
    first = module["ptp"]["instances"][0]
    module["ptp"]["instances"] = [
        shown.get(name) or {**clone(first), "object-id": name, "unicast-clients": 0} for name in wanted
    ]


def _ptp(slot: str, chassis: Chassis) -> None:
    module, settings = chassis.modules[slot], chassis.settings[slot]
    wanted = dict(instances_of(settings))
    serves_ntp = settings["ptp"]["operation-mode"] == "ntp"
    for item in module["ptp"]["instances"]:
        own = wanted[item["object-id"]]
        if serves_ntp or own["mode"] in NTP_MODES or not own.get("enabled", True):
            item.update({"port-state": "disabled", "unicast-clients": 0})
        elif own["mode"] in SLAVE_MODES:
            # There is a grandmaster in every domain.
            grandmaster = "0200000000000001"
            item.update({"port-state": "slave", "grandmaster-identity": grandmaster, "unicast-clients": 0})
            item.update({"offset-from-master": 14, "path-delay": 850})
        else:
            item["port-state"] = "master"
    if "input-quality-level" in module.get("sync-e", {}):
        module["sync-e"]["input-quality-level"] = "prc" if settings["sync-e"]["enabled"] else "none"


def _nothing(slot: str, chassis: Chassis) -> None:
    """The settings show, and do nothing else."""


_ACTIONS: dict[str, Callable[[str, Chassis], None]] = {
    "ESI": _inputs,
    "VSI": _inputs,
    "PIO": _ports,
    "MRI": _nothing,
    "REL": _nothing,
    "BPE": _backplane,
    "CPE": _sockets,
    "LIU": _sockets,
    "LSG": _sockets,
    "SCG": _sockets,
    "VSG": _sockets,
    "FDM": _mains,
    "RSC": _switch,
    "HPS": _ptp,
    "PSX": _ptp,
}
