# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes effects into a copy of the status tree: clocks, modules, ports, nodes, LEDs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ..profiles.chassis import ecef
from ..profiles.parts import Site
from .dependents import render_dependents
from .drift import accuracy, quality
from .effects import HOLDOVER, NOT_SYNCHRONIZED, SYNCHRONIZED, Clock, Effects
from .exchange import render_exchanges
from .modules import render_faults
from .ntp import render_ntp
from .references import followed_type, render_references
from .targets import GNSS, Tree, fans

_KINDS_OF_REFERENCE = {"grc": ("gps", "gps"), "dcf77": ("pzf", "dcf77-pzf-receiver"), "tcr": ("tcr", "irig")}
# Words of a receiver for its mode besides `normal-operation`: those of the vendor's MIB, which are ASSUMED here.
_MODES = {"disconnected": "antenna-faulty", "short-circuit": "antenna-short-circuit"}
_HEATING_SECONDS = 600.0
_FAN_CELSIUS = 9.0
_METRES_A_DEGREE = 111320.0
_INTERNAL_OSCILLATOR = 160
# Error in seconds up to which a PTP clock in holdover is within its specification.
_WITHIN_SPECIFICATION = 1e-6


class Context(NamedTuple):
    """What the device knows besides the effects: the running configuration, and the time."""

    config: Mapping[str, Any]
    now: datetime


def render(effects: Effects, tree: Tree, context: Context) -> None:
    """Writes all effects except the events and the LEDs, which have a memory, in place."""
    slots = {str(slot["object-id"]): slot for slot in tree.get("chassis0", {}).get("slots", [])}
    for clock in effects.clocks:
        if clock.slot in slots:
            _clock(effects, clock, slots[clock.slot]["module"])
    _system(effects, tree, context)
    _dependent_modules(effects, slots)
    _power_and_heat(effects, tree, slots)
    _ports(effects, tree)
    if context.config["syncmon"]["enabled"]:
        _nodes(effects, tree)
    _resources(effects, tree.get("system", {}), context.now)
    render_ntp(effects, tree, context.config["ntp"])
    render_faults(slots[name]["module"] for name in effects.targets("module-fault") if "module" in slots.get(name, {}))
    for name in effects.targets("module-loss"):
        slots.get(name, {}).pop("module", None)
    render_exchanges(effects, slots)
    render_dependents(effects, tree, context.config)


def _heated(effects: Effects, kind: str) -> float:
    """Share of the final temperature that is reached."""
    since = effects.since(kind)
    return 0.0 if since is None else min((effects.moment - since) / _HEATING_SECONDS, 1.0)


def _clock(effects: Effects, clock: Clock, module: Tree) -> None:
    sync = module.get("sync-status", {})
    if clock.number - 1 != effects.base_selected and effects.selected == clock.number - 1:
        sync["clock-idx"] = "selected"
    elif effects.selected != effects.base_selected:
        sync["clock-idx"] = "not-selected"
    if clock.hit and sync:
        sync["est-time-quality"] = quality(clock.error, clock.best)[0]
        sync["clock-status"]["clock"] = clock.state
    if clock.cold is not None and sync:
        sync["clock-status"]["oscillator"] = "not-warmed-up"
    _receiver(effects, clock, module)
    if clock.is_without_receiver:
        render_references(module, clock)
    metres = float(effects.members("gnss-spoofing").get("metres", 0.0))
    if metres and clock.slot in effects.targets("gnss-spoofing") and "satellites" in module:
        _move_position(module["satellites"], metres)


def _receiver(effects: Effects, clock: Clock, module: Tree) -> None:
    receiver = module.get(clock.block, {})
    share = _sky(effects, clock)
    satellites = module.get("satellites")
    if satellites is not None and share < 1.0:
        _dim(satellites, share)
    if clock.antenna and "antenna" in receiver:
        receiver["antenna"]["connected"] = clock.antenna != "disconnected"
        receiver["antenna"]["short-circuit"] = clock.antenna == "short-circuit"
    if not clock.is_without_receiver:
        return
    if "receiver-status" in receiver:
        receiver["receiver-status"] = NOT_SYNCHRONIZED
    if clock.block in GNSS:
        cold = clock.cold is not None
        if "gps-mode" in module.get("satellites", {}):
            module["satellites"]["gps-mode"] = _MODES.get(clock.antenna, "cold-boot" if cold else "tracking-searching")
        receiver["receiver"].update(
            {
                "synchronized": False,
                "tracking": not cold and clock.silent is None,
                "cold-boot": cold,
            }
        )
    elif clock.block == "dcf77":
        weak = 0 if clock.antenna else 0.15
        receiver["correlation"] = int(receiver["correlation"] * weak)
        receiver["field-strength"] = int(receiver["field-strength"] * weak)
        receiver["pcps"].update({"syncd": False, "freer": True})
    elif clock.block == "tcr":
        receiver.update({"lock-on": False, "data-available": False})


def _sky(effects: Effects, clock: Clock) -> float:
    """Share of the satellites that are left."""
    if clock.antenna or clock.silent is not None:
        return 0.0
    if clock.cold is not None:
        # They come back while the oscillator warms up.
        seconds = float(effects.members("cold-start")["seconds"])
        return min((effects.moment - clock.cold) / seconds, 0.99)
    if clock.lost is not None or clock.switched:
        return 0.0
    if clock.jammed is not None:
        # With less than half of them it is no longer synchronized.
        seconds = max(float(clock.jammed.members["seconds"]), 1.0)
        return 1.0 - 0.5 * min((effects.moment - clock.jammed.start) / seconds, 1.0)
    return 1.0


def _dim(satellites: Tree, share: float) -> None:
    """Fewer good satellites; those in view are counted by the almanac and stay."""
    satellites["good-satellites"] = int(satellites.get("good-satellites", 0) * share)
    good = satellites["good-satellites"]
    satellites["selected-satellites"] = satellites.get("selected-satellites", [])[:good]
    listed = satellites.get("gnss", {}).get("satellite-list")
    if listed is not None:
        satellites["gnss"]["satellite-list"] = listed[: int(len(listed) * share)]
    for name in ("pdop", "tdop"):
        if name in satellites:
            satellites[name] = round(satellites[name] / share, 2) if good >= 4 else 0.0


def _move_position(satellites: Tree, metres: float) -> None:
    latitude = satellites["latitude"] + metres / _METRES_A_DEGREE
    satellites["latitude"] = round(min(latitude, 90.0), 6)
    site = Site(satellites["latitude"], satellites["longitude"], satellites["altitude"])
    x, y, z = ecef(site)
    satellites.update({"position-x": x, "position-y": y, "position-z": z})


def _system(effects: Effects, tree: Tree, context: Context) -> None:
    system = tree.get("system", {})
    sync = system.get("sync-status", {})
    clock = effects.clock
    if clock is None or not sync:
        return
    if effects.selected != effects.base_selected:
        name, kind = _KINDS_OF_REFERENCE.get(clock.block, (clock.block, "gps"))
        sync.update(
            {
                "reference": f"{clock.slot}-{name}",
                "ref-type": kind,
                "clock-idx": effects.selected,
                "osc-type": clock.oscillator,
                "est-time-quality": clock.best,
            }
        )
        if clock.block == "tcr":
            sync["clock-status"]["antenna"] = "connected"
    if clock.switched and not clock.hit:
        sync["ref-type"] = followed_type(tree, clock.slot)
    if clock.hit:
        sync["clock-status"]["clock"] = clock.state
        sync["est-time-quality"], code = quality(clock.error, clock.best)
        if clock.state == HOLDOVER and clock.lost is not None:
            sync["holdover-status"].update(
                {
                    "time-offset": round(clock.error * 1e9),
                    "time-elapsed": int(effects.moment - clock.lost),
                    "tfom-out": code,
                }
            )
        else:
            sync["holdover-status"]["tfom-out"] = 15
    if clock.cold is not None:
        sync["clock-status"]["oscillator"] = "not-warmed-up"
    if clock.antenna:
        sync["clock-status"]["antenna"] = clock.antenna
    if "leap-announcement" in effects.active:
        _announce_leap(tree, sync, str(effects.members("leap-announcement")["date"]))
    _position(effects, tree, system, context.now)


def _announce_leap(tree: Tree, sync: Tree, date: str) -> None:
    sync["leapsecond-announced"] = True
    sync["leapsecond-date"] = date
    for slot in tree.get("chassis0", {}).get("slots", []):
        pcps = slot.get("module", {}).get("dcf77", {}).get("pcps")
        if pcps is not None:
            pcps["ls-ann"] = True


def _position(effects: Effects, tree: Tree, system: Tree, now: datetime) -> None:
    clock = effects.clock
    if clock is None or clock.slot not in effects.targets("gnss-spoofing"):
        return
    for slot in tree["chassis0"]["slots"]:
        if slot["object-id"] == clock.slot:
            satellites = slot["module"]["satellites"]
            system["position"] = f"{satellites['latitude']:.6f}, {satellites['longitude']:.6f}"
    form = "%Y.%m.%d" if "." in str(system.get("last-position-update")) else "%Y-%m-%d"
    system["last-position-update"] = now.strftime(f"{form} %H:%M:%S")


def _dependent_modules(effects: Effects, slots: Mapping[str, Tree]) -> None:
    """Modules that show the state of the clocks: switch, relays, PTP instances."""
    states = {clock.slot: clock.state for clock in effects.clocks}
    clock = effects.clock
    for slot in slots.values():
        module = slot.get("module", {})
        if "selected-clock" in module and clock is not None:
            if module.get("mode") != "manual":
                module["selected-clock"] = clock.slot
            for entry in module.get("clocks", []):
                entry["state"] = states.get(entry["object-id"], entry["state"])
        for relay in module.get("relays", []):
            if states.get(relay.get("source", ""), SYNCHRONIZED) != SYNCHRONIZED:
                relay["state"] = "error"
        for instance in module.get("ptp", {}).get("instances", []):
            _instance(effects, str(slot["object-id"]), instance)


def _instance(effects: Effects, slot: str, instance: Tree) -> None:
    clock = effects.clock
    if clock is not None and clock.hit:
        within = clock.error <= _WITHIN_SPECIFICATION
        lost = clock.state == NOT_SYNCHRONIZED
        instance["clock-class"] = 248 if lost else 7 if within else 52
        instance["clock-accuracy"] = accuracy(clock.error)
        instance["time-source"] = _INTERNAL_OSCILLATOR
    if slot in effects.targets("ptp-fault"):
        hit = effects.targets("ptp-fault", "instance")
        if not hit or instance["object-id"] in hit:
            instance.update({"port-state": "faulty", "link": False, "unicast-clients": 0})


def _power_and_heat(effects: Effects, tree: Tree, slots: Mapping[str, Tree]) -> None:
    for name in effects.targets("psu-loss"):
        slots[name]["module"]["power-available"] = False
    still = effects.targets("fan-failure")
    for fan in fans(tree):
        if fan.name in still:
            fan.value.update({"fan-state": "off", "fan-error": "yes"})
    celsius = _FAN_CELSIUS * _heated(effects, "fan-failure") * bool(still)
    celsius += float(effects.members("overheating").get("celsius", 0.0)) * _heated(effects, "overheating")
    if celsius:
        for slot in slots.values():
            sensors = slot.get("module", {}).get("info", {}).get("sensors", {})
            for name, value in sensors.items():
                if value:
                    sensors[name] = round(value + celsius, 1)


def _ports(effects: Effects, tree: Tree) -> None:
    down = effects.targets("link-down", "port")
    for port in tree.get("network", {}).get("ports", []):
        if port["object-id"] in down:
            port.update({"link": False, "operstate": False, "duplex": "-", "speed": "-"})
            if "bonding-slave" in port:
                port["bonding-slave"]["mii-status"] = False


def _nodes(effects: Effects, tree: Tree) -> None:
    hit = effects.targets("syncmon-alert", "node")
    for node in tree.get("syncmon", {}).get("nodes", []):
        if node["object-id"] not in hit:
            continue
        if effects.members("syncmon-alert")["fault"] == "unreachable":
            node.update({"state": "unreachable", "stratum": 16, "offset": None})
        else:
            node.update({"state": "offset-exceeded", "offset": 3 * node.get("offset-limit", 0.001)})


def _resources(effects: Effects, system: Tree, now: datetime) -> None:
    if "low-resources" in effects.active:
        percent = min(max(effects.members("low-resources")["percent"], 0.0), 100.0)
        for mount in system.get("storage", []):
            if mount["mountpoint"] == "/mnt/flash":
                mount["used"] = int(mount["size"] * percent / 100)
                mount["available"] = mount["size"] - mount["used"]
                mount["used-percent"] = int(percent)
        total = system.get("memory", "").partition(" ")[0]
        if total.isascii() and total.isdigit() and len(total) < 16:
            free = int(int(total) * (100 - percent) / 100)
            share = round(100 - percent)
            system["memory"] = f"{total} kB total memory, {free} kB free ({share} %)"
    if "update-failed" in effects.active and "update" in system.get("firmware", {}):
        system["firmware"]["update"].update(_failed_update(effects, now))


def _failed_update(effects: Effects, now: datetime) -> Tree:
    """The state of a failed update. A refused image never starts, so it has no dates, as on record."""
    text, started = "the image is for another architecture", "never"
    if effects.members("update-failed")["cause"] == "damaged":
        text = "the update file is damaged"
        seconds = effects.moment - (effects.since("update-failed") or 0.0)
        started = (now - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "last-update-successful": False,
        "last-update-started": started,
        "last-update-ended": started,
        "last-update-error": text,
    }
