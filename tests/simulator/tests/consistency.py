# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Consistency of the parts of a status tree."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

Tree = dict[str, Any]

PAIRS = (
    ("ntp-not-sync", "ntp-sync"),
    ("ntp-offset-limit-exceeded", "ntp-offset-limit-ok"),
    ("refclock-1-not-sync", "refclock-1-sync"),
    ("refclock-1-not-responding", "refclock-1-sync"),
    ("refclock-2-not-sync", "refclock-2-sync"),
    ("refclock-2-not-responding", "refclock-2-sync"),
    ("antenna-faulty", "antenna-reconnect"),
    ("sync-monitor-alert", "sync-monitor-ok"),
    ("network-link-down", "network-link-up"),
    ("low-system-resources", "sufficient-system-resources"),
    ("oscillator-not-adjusted", "oscillator-adjusted"),
    ("ntp-stopped", "normal-operation"),
)
_LEAPS = ("none", "add-sec", "del-sec", "alarm")
_SOURCES = ("unspec", "pps", "lf-radio", "hf-radio", "uhf-radio", "local", "ntp", "other")
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


def events(status: Tree) -> dict[str, Tree]:
    return {item["object-id"]: item for item in status["notification"]["events"]}


def triggered(status: Tree) -> set[str]:
    return {name for name, item in events(status).items() if item["triggered"]}


def slots(status: Tree) -> dict[str, Tree]:
    return {item["object-id"]: item for item in status["chassis0"]["slots"]}


def module(status: Tree, slot: str) -> Any:
    return slots(status)[slot]["module"]


def system_peer(status: Tree) -> Tree:
    found: Tree = next(item for item in status["ntp"] if item["object-id"] == "sys")
    return found


def led(status: Tree, name: str) -> tuple[str, str]:
    """Color that is lit, and the one before."""
    shown = status["system"]["front-leds"][f"led-{name}"]
    return shown["current-color"], shown["last-color"]


def contradictions(status: Tree, broken: Collection[str] = ()) -> list[str]:
    """What does not fit together in a status tree. What the modules in the slots `broken` show of themselves need not fit."""
    return [*_events(status), *_clock(status, broken), *_ntp(status), *_leds(status), *_others(status, broken)]


def _events(status: Tree) -> Iterator[str]:
    now = triggered(status)
    for bad, good in PAIRS:
        if bad in now and good in now:
            yield f"{bad} and {good} are both triggered"
    for name, item in events(status).items():
        if item["triggered"] and item["last-triggered"] == "never":
            yield f"{name} is triggered but never was"
        if item["type"] == "action" and item["triggered"]:
            yield f"the action {name} stays triggered"


def _clock(status: Tree, broken: Collection[str]) -> Iterator[str]:
    sync = status["system"]["sync-status"]
    state, held = sync["clock-status"]["clock"], sync["holdover-status"]
    slot = sync["reference"].partition("-")[0]
    own = module(status, slot)["sync-status"]
    if own["clock-idx"] != "selected" or slot != f"clk{sync['clock-idx'] + 1}":
        yield f"{slot} is the reference but is not selected"
    for name in ("clock", "oscillator"):
        if own["clock-status"][name] != sync["clock-status"][name]:
            yield f"{slot} and the system differ in {name}"
    for name in ("est-time-quality", "osc-type"):
        if own[name] != sync[name]:
            yield f"{slot} and the system differ in {name}"
    if (state == "holdover") != (held["tfom-out"] not in (0, 15)):
        yield f"clock is {state}, but holdover-status is {held}"
    if state == "synchronized" and any(held.values()):
        yield f"synchronized, but holdover-status is {held}"
    if state == "synchronized" and sync["clock-status"]["antenna"] != "connected":
        yield "synchronized without an antenna"
    now = triggered(status)
    for number in (1, 2):
        own = slots(status).get(f"clk{number}", {}).get("module")
        if own is None or "sync-status" not in own:
            continue
        good = own["sync-status"]["clock-status"]["clock"] == "synchronized"
        bad = {f"refclock-{number}-not-sync", f"refclock-{number}-not-responding"} & now
        if good == bool(bad):
            yield f"clk{number} synchronized: {good}, but events {sorted(bad)}"
        levels = [level["status"] for level in own.get("mrs", []) if "status" in level]
        if levels and good != any(level["is-master"] for level in levels):
            yield f"clk{number} synchronized: {good}, but its references say otherwise"
        if any(level["is-master"] and level["no-signal"] for level in levels):
            yield f"clk{number} follows a reference without a signal"
        if levels and f"clk{number}" not in broken and good != (own["synthesizer"]["state"] == "sync"):
            yield f"clk{number} synchronized: {good}, but its frequency is {own['synthesizer']['state']}"
        for name in ("grc", "gns", "gnm", "gps", "gxl"):
            receiver = own.get(name)
            if receiver and receiver["receiver"]["synchronized"] != (receiver["receiver-status"] == "synchronized"):
                yield f"clk{number}: {name} contradicts itself"
            follows_receiver = not levels or levels[0]["is-master"]
            if receiver and good and follows_receiver and own["satellites"]["good-satellites"] < 4:
                yield f"clk{number} is synchronized by too few satellites"
        satellites = own.get("satellites")
        if satellites and satellites["good-satellites"] > satellites["satellites-in-view"]:
            yield f"clk{number} has more good satellites than are in view"


def _ntp(status: Tree) -> Iterator[str]:
    system = system_peer(status)
    word = int(system["status"], 16)
    if _LEAPS[word >> 14] != system["status-sys-leap-indicator"]:
        yield "sys: status word and leap indicator differ"
    if _LEAPS[int(system["leap"])] != system["status-sys-leap-indicator"]:
        yield "sys: leap and leap indicator differ"
    if _SOURCES[word >> 8 & 63] != system["status-sys-clock-source"]:
        yield "sys: status word and clock source differ"
    chosen = []
    for entry in status["ntp"]:
        if entry is system:
            continue
        word = int(entry["status"], 16)
        if _SELECTIONS[word >> 8 & 7] != entry["status-peer-selection"]:
            yield f"{entry['object-id']}: status word and selection differ"
        if bool(word & 0x1000) != entry["status-peer-reach-ok"]:
            yield f"{entry['object-id']}: status word and reach differ"
        if entry["status-peer-selection"] in ("sys-peer", "pps-peer"):
            chosen.append(entry)
        if "poll-status" in entry:
            bits, dummy, octal = entry["poll-status"].partition(" ")
            if not int(bits, 2) == int(octal.strip("[]"), 8) == entry["reach"]:
                yield f"{entry['object-id']}: poll-status and reach differ"
    if len(chosen) > 1:
        yield "two references are chosen"
    if chosen and chosen[0]["refid"] != system["refid"]:
        yield "sys does not go by the reference that is chosen"
    if (system["stratum"] == 16) != (int(system["leap"]) == 3):
        yield "sys: stratum and leap differ"
    good = system["stratum"] == 1
    if good == ("ntp-not-sync" in triggered(status)):
        yield f"stratum {system['stratum']}, but the event says otherwise"


def _leds(status: Tree) -> Iterator[str]:
    clock = status["system"]["sync-status"]["clock-status"]["clock"]
    for name, good in (
        ("ref-time", clock == "synchronized"),
        ("time-service", system_peer(status)["stratum"] == 1),
        ("network", "network-link-down" not in triggered(status)),
    ):
        if (led(status, name)[0] == "green") != good:
            yield f"the LED {name} is {led(status, name)[0]}"


def _others(status: Tree, broken: Collection[str]) -> Iterator[str]:
    sync = status["system"]["sync-status"]
    states = {
        name: slot["module"]["sync-status"]["clock-status"]["clock"]
        for name, slot in slots(status).items()
        if "sync-status" in slot.get("module", {})
    }
    switches = [slot["module"] for slot in slots(status).values() if "watchdog-ok" in slot.get("module", {})]
    for name, slot in slots(status).items():
        own = slot.get("module", {})
        for entry in own.get("clocks", []):
            if states[entry["object-id"]] != entry["state"]:
                yield f"{name} says {entry['state']} of {entry['object-id']}"
        if own.get("selected-clock", sync["reference"][:4]) != sync["reference"][:4]:
            yield f"{name} has another clock selected"
        for relay in own.get("relays", []) if name not in broken else ():
            good = states.get(relay["source"], "synchronized") == "synchronized"
            if relay["source"] == "rsc":
                good = all(switch["watchdog-ok"] for switch in switches)
            if good != (relay["state"] == "no-error"):
                yield f"{name}: relay {relay['object-id']} is {relay['state']}"
        for instance in own.get("ptp", {}).get("instances", []):
            if (instance["clock-class"] == 6) != (sync["clock-status"]["clock"] == "synchronized"):
                yield f"{name}: clock class {instance['clock-class']}"
            if (instance["port-state"] == "master") != instance["link"]:
                yield f"{name}: {instance['object-id']} is {instance['port-state']}"
    running = status["services"]["network"]["ntp"]["running"]
    if running == ("ntp-stopped" in triggered(status)):
        yield f"the NTP service runs: {running}, but the event says otherwise"


def without_memory(status: dict[str, Any]) -> dict[str, Any]:
    """A status tree less what an incident that is over leaves behind."""
    for item in status["notification"]["events"]:
        del item["last-triggered"]
        if item["object-id"].endswith(("-ok", "normal-operation")):
            del item["triggered"]
    for item in status["system"]["front-leds"].values():
        for name in [name for name in item if name.startswith("last-")]:
            del item[name]
    for name in ("uptime", "last-config-change"):
        del status["system"][name]
    return status
