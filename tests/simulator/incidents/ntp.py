# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NTP as a status tree shows it while the device has no reference, a leap second ahead, or no NTP.

Tokens and the bits of the status words are those of ntpq (RFC 9327) with hyphens, as on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .effects import Effects
from .targets import Tree

_LEAPS = {"none": 0, "add-sec": 1, "del-sec": 2, "alarm": 3}
_SOURCES = (
    "unspec",
    "pps",
    "lf-radio",
    "hf-radio",
    "uhf-radio",
    "local",
    "ntp",
    "other",
    "wristwatch",
    "telephone",
)
_SYSTEM_EVENTS = {"clock-sync": 5, "no-system-peer": 8, "leap-armed": 9}
_SELECTIONS = (
    "reject",
    "falsetick",
    "excess",
    "outlier",
    "candidate",
    "backup",
    "sys-peer",
    "pps-peer",
)
_PEER_EVENTS = {"unreachable": 3, "reachable": 4, "sys-peer": 10, "clock-event": 11}
# Reference id and clock source by receiver block; other blocks are those of a GNSS clock.
_REFERENCES = {"dcf77": ("PZF", "lf-radio"), "tcr": ("IRIG", "other")}
_POLL_SECONDS = 16.0
_PHI = 15e-6


def system_word(entry: Tree) -> str:
    """The status word of `sys` from its decoded members."""
    word = _LEAPS.get(entry["status-sys-leap-indicator"], 0) << 14
    source = entry["status-sys-clock-source"]
    word |= (_SOURCES.index(source) if source in _SOURCES else 0) << 8
    word |= (entry["status-sys-event-counter"] & 15) << 4
    return f"{word | _SYSTEM_EVENTS.get(entry['status-sys-event-code'], 0):04x}"


def peer_word(entry: Tree) -> str:
    """The status word of a reference from its decoded members."""
    word = 0
    for bit, name in (
        (0x8000, "configured"),
        (0x4000, "auth-enabled"),
        (0x2000, "auth-ok"),
        (0x1000, "reach-ok"),
        (0x0800, "broadcast"),
    ):
        word |= bit if entry[f"status-peer-{name}"] else 0
    selection = entry["status-peer-selection"]
    word |= (_SELECTIONS.index(selection) if selection in _SELECTIONS else 0) << 8
    word |= (entry["status-peer-event-counter"] & 15) << 4
    return f"{word | _PEER_EVENTS.get(entry['status-peer-event-code'], 0):04x}"


def render_ntp(effects: Effects, tree: Tree, settings: Mapping[str, Any]) -> None:
    """Writes what the effects means for NTP; `settings` is the area `ntp` of the configuration."""
    entries = tree.get("ntp", [])
    system = next((entry for entry in entries if entry.get("object-id") == "sys"), None)
    if system is None:
        return
    references = [entry for entry in entries if entry is not system]
    if "ntp-stopped" in effects.active:
        tree["ntp"] = [system]
        _unsynchronized(system, 16)
        tree.get("services", {}).get("network", {}).get("ntp", {})["running"] = False
    elif effects.ntp_lost is not None:
        _lost(effects, tree, system, references, settings["local-clock"])
    else:
        _kept(effects, system, references)
    for entry in tree["ntp"]:
        if entry["object-id"] == "sys":
            entry["status"] = system_word(entry)
        elif "status-peer-selection" in entry:
            entry["status"] = peer_word(entry)


def _leap(entry: Tree, number: int) -> None:
    """The older firmware has a string, the newer one a number."""
    entry["leap"] = str(number) if isinstance(entry.get("leap"), str) else number


def _unsynchronized(system: Tree, stratum: int) -> None:
    system["stratum"] = stratum
    system["refid"] = "INIT"
    system["status-sys-clock-source"] = "unspec"
    system["status-sys-leap-indicator"] = "alarm"
    system["status-sys-event-code"] = "no-system-peer"
    _leap(system, _LEAPS["alarm"])


def _kept(effects: Effects, system: Tree, references: list[Tree]) -> None:
    """NTP still goes by the clock: in holdover, with an offset, or with a leap second ahead."""
    clock = effects.clock
    error = clock.error if clock is not None else 0.0
    if clock is not None and effects.selected != effects.base_selected:
        refid, source = _REFERENCES.get(clock.block, ("GPS", "uhf-radio"))
        system["refid"], system["status-sys-clock-source"] = refid, source
        for entry in references:
            entry["refid"] = refid
    off = float(effects.members("ntp-offset").get("seconds", 0.0))
    for entry in references:
        entry["offset"] = round(entry.get("offset", 0.0) + off, 6)
        entry["dispersion"] = round(entry.get("dispersion", 0.0) + error, 6)
    system["rootdisp"] = round(system.get("rootdisp", 0.0) + error, 6)
    if off:
        system["clk-jitter"] = round(system.get("clk-jitter", 0.0) + abs(off) / 10, 6)
    leap = effects.members("leap-announcement").get("leap")
    if leap:
        indicator = "add-sec" if leap == "insert" else "del-sec"
        system["status-sys-leap-indicator"] = indicator
        system["status-sys-event-code"] = "leap-armed"
        for entry in (system, *references):
            _leap(entry, _LEAPS[indicator])


def _lost(effects: Effects, tree: Tree, system: Tree, references: list[Tree], local: Mapping[str, Any]) -> None:
    """No clock to go by: the reference falls away, the local clock takes over if it may."""
    assert effects.ntp_lost is not None
    elapsed = max(effects.moment - effects.ntp_lost, 0.0)
    register = (255 << min(int(elapsed / _POLL_SECONDS), 8)) & 255
    for entry in references:
        entry["status-peer-selection"] = "reject"
        entry["status-peer-reach-ok"] = register != 0
        entry["status-peer-event-code"] = "unreachable" if register == 0 else "clock-event"
        entry["status-peer-event-counter"] = 1 + (register == 0)
        entry["dispersion"] = round(entry.get("dispersion", 0.0) + _PHI * elapsed, 6)
        _leap(entry, _LEAPS["alarm"])
        if entry.get("reach"):
            entry["reach"] = register
        if "poll-status" in entry:
            entry["poll-status"] = f"{register:08b} [{register:03o}]"
    rootdisp = round(system.get("rootdisp", 0.0) + _PHI * elapsed, 6)
    if local["disabled"] or not references:
        _unsynchronized(system, 16)
    else:
        system["stratum"] = int(local["stratum"])
        system["refid"] = "LOCL"
        system["status-sys-clock-source"] = "local"
        system["status-sys-event-code"] = "no-system-peer"
        tree["ntp"] = [system, *references, _local(references[0], system)]
    system["rootdisp"] = rootdisp


def _local(like: Tree, system: Tree) -> Tree:
    """The local clock as a reference; it has the members that the other references have."""
    entry = {
        **like,
        "object-id": "ref_2",
        "association-id": int(like["association-id"]) + 1,
        "id": "127.127.1.0",
        "name": "127.127.1.0",
        "status-peer-reach-ok": True,
        "status-peer-selection": "sys-peer",
        "status-peer-event-counter": 1,
        "status-peer-event-code": "sys-peer",
        "stratum": system["stratum"],
        "refid": "LOCL",
        "offset": 0.0,
        "dispersion": 0.01,
    }
    _leap(entry, 0)
    if "poll-status" in entry:
        # Where there is a poll-status, the register is a real one.
        entry["reach"] = 255
        entry["poll-status"] = "11111111 [377]"
    return entry
