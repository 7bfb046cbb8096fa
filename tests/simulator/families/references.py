# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The references of a clock: which has a signal, and which one the clock follows. All of it is ASSUMED."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = dict[str, Any]

_RECEIVERS = ("gps", "glonass-gps", "dcf77-pzf-receiver", "osc")
# Sockets of the MRI of a clock that a reference needs.
_SOCKETS = {"pps-in": ("in1",), "10mhz-freqin": ("in2",), "10mhz-pps-in": ("in1", "in2")}
# Types of an input of the ESI or VSI that a reference needs.
_TYPES = {
    "pps-in": ("pps",),
    "fixed-freq-in": ("e1-bits", "t1-bits", "2048khz", "1544khz"),
    "var-freq-via-gpio": ("frequency",),
    "video-in": ("black-burst", "word-clock"),
    "ltc": ("ltc",),
}
_QUALITY = ("ql-prc", "ql-ssu-a", "ql-ssu-b", "ql-eec1-sec", "ql-stu", "ql-dnu")


def show_references(
    slot: str, modules: Mapping[str, Tree], settings: Mapping[str, Tree], config: Mapping[str, Any]
) -> None:
    """Writes the list of references of a clock into its status: each level in use, with its state."""
    listed = []
    taken: set[tuple[str, int]] = set()
    is_master_known = False
    for name, level in settings[slot]["mrs"].items():
        own = level["settings"]
        source = (own["id"]["type"], own["id"]["instance"])
        if source[0] == "none":
            continue
        # A lower level with the same source is not used.
        has_signal = source not in taken and _has_signal(source[0], slot, modules, config)
        taken.add(source)
        is_master = has_signal and not is_master_known
        is_master_known = is_master_known or is_master
        listed.append(_level(name, own, has_signal, is_master))
    modules[slot]["mrs"] = listed


def show_lost_signals(slot: str, modules: Mapping[str, Tree], config: Mapping[str, Any]) -> None:
    """Writes which references of a clock, other than its receiver, have lost their signal."""
    for level in modules[slot]["mrs"]:
        source = level["info"]["settings"]["id"]["type"]
        if source not in _RECEIVERS and not _has_signal(source, slot, modules, config):
            lost = {"no-connection": True, "no-signal": True, "is-locked": False, "is-accurate": False}
            level["status"].update(lost)


def _level(name: str, own: Tree, has_signal: bool, is_master: bool) -> Tree:
    return {
        "object-id": name,
        "info": {"settings": {"bias": own["bias"], "precision": own["precision"], "id": dict(own["id"])}},
        "status": {
            "is-master": is_master,
            "no-connection": not has_signal,
            "no-signal": not has_signal,
            "is-locked": has_signal,
            "is-accurate": has_signal,
            "not-supported": False,
            "offset": 1.2e-08 if has_signal and not is_master else 0.0,
            "ssm": "stu-ukn",
            "soc": 0,
            "auto-bias": 0.0,
            "step-compensation": 0.0,
            "span": 1.5e-08,
        },
    }


def _has_signal(source: str, slot: str, modules: Mapping[str, Tree], config: Mapping[str, Any]) -> bool:
    if source in _RECEIVERS or (source == "irig" and "tcr" in modules[slot]):
        return True
    if source == "ntp":
        return bool(config["ntp"]["external-servers"])
    if source in ("ptp-ieee1588", "ptp-over-e1"):
        instances = [item for own in modules.values() for item in own.get("ptp", {}).get("instances", [])]
        return any(item["port-state"] == "slave" and item["link"] for item in instances)
    if source == "sync-e":
        levels = [own["sync-e"]["input-quality-level"] for own in modules.values() if "sync-e" in own]
        return any(level not in ("none", "dnu") for level in levels)
    return _has_input(source, slot[len("clk") :], modules)


def _has_input(source: str, number: str, modules: Mapping[str, Tree]) -> bool:
    """An input of the MRI or ESI of this clock, or of a VSI."""
    sockets = {item["object-id"]: item for item in modules.get(f"mri{number}", {}).get("inputs", [])}
    needed = _SOCKETS.get(source, ())
    if needed and all(sockets.get(name, {}).get("signal-present") for name in needed):
        return True
    if source == "irig":
        return any(sockets.get(name, {}).get("signal-present") for name in ("in3", "in4"))
    cards = [modules.get(f"esi{number}", {}), *(own for own in modules.values() if "vsi" in own["info"]["model"])]
    return any(
        item["type"] in _TYPES.get(source, ()) and item["signal-present"] and _is_good_enough(item)
        for card in cards
        for item in card.get("inputs", [])
    )


def _is_good_enough(item: Tree) -> bool:
    """The quality level of framed E1 bits is not below the minimum."""
    if item["type"] != "e1-bits":
        return True
    return _QUALITY.index(item["quality-level"]) <= _QUALITY.index(item["minimum-quality-level"])
