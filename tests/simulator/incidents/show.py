# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a scene into a copy of the status tree: clocks, modules, ports, nodes, LEDs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ..profiles.chassis import ecef
from ..profiles.parts import Site
from .drift import accuracy, quality
from .kinds import GNSS, Tree, fans
from .ntp import show_ntp
from .scene import HOLDOVER, NOT_SYNCHRONIZED, SYNCHRONIZED, Clock, Scene

_KINDS_OF_REFERENCE = {"dcf77": ("pzf", "dcf77-pzf-receiver"), "tcr": ("tcr", "irig")}
_HEATING_SECONDS = 600.0
_FAN_CELSIUS = 9.0
_METRES_A_DEGREE = 111320.0
_INTERNAL_OSCILLATOR = 160
# Error in seconds up to which a PTP clock in holdover is within its specification.
_WITHIN_SPECIFICATION = 1e-6


class Context(NamedTuple):
    """What the device knows besides its scene: the running configuration, and the time."""

    config: Mapping[str, Any]
    now: datetime


def show(scene: Scene, tree: Tree, context: Context) -> None:
    """Writes the whole scene but the events and the LEDs, which have a memory, in place."""
    slots = {str(slot["object-id"]): slot for slot in tree.get("chassis0", {}).get("slots", [])}
    for clock in scene.clocks:
        if clock.slot in slots:
            _clock(scene, clock, slots[clock.slot]["module"])
    _system(scene, tree, context)
    _dependent_modules(scene, slots)
    _power_and_heat(scene, tree, slots)
    _ports(scene, tree)
    _nodes(scene, tree)
    _resources(scene, tree.get("system", {}), context.now)
    show_ntp(scene, tree, context.config["ntp"])
    for name in scene.targets("module-loss"):
        slots.get(name, {}).pop("module", None)


def _heated(scene: Scene, kind: str) -> float:
    """Share of the final temperature that is reached."""
    since = scene.since(kind)
    return 0.0 if since is None else min((scene.moment - since) / _HEATING_SECONDS, 1.0)


def _clock(scene: Scene, clock: Clock, module: Tree) -> None:
    sync = module.get("sync-status", {})
    if clock.number - 1 != scene.base_selected and scene.selected == clock.number - 1:
        sync["clock-idx"] = "selected"
    elif scene.selected != scene.base_selected:
        sync["clock-idx"] = "not-selected"
    if clock.hit:
        sync["est-time-quality"] = quality(clock.error, clock.best)[0]
        sync["clock-status"]["clock"] = clock.state
    if clock.cold is not None:
        sync["clock-status"]["oscillator"] = "not-warmed-up"
    _receiver(scene, clock, module)
    metres = float(scene.members("gnss-spoofing").get("metres", 0.0))
    if metres and clock.slot in scene.targets("gnss-spoofing") and "satellites" in module:
        _move_position(module["satellites"], metres)


def _receiver(scene: Scene, clock: Clock, module: Tree) -> None:
    receiver = module.get(clock.block, {})
    share = _sky(scene, clock)
    satellites = module.get("satellites")
    if satellites is not None and share < 1.0:
        _dim(satellites, share)
    if clock.antenna and "antenna" in receiver:
        receiver["antenna"]["connected"] = clock.antenna != "disconnected"
        receiver["antenna"]["short-circuit"] = clock.antenna == "short-circuit"
    if not clock.hit:
        return
    if "receiver-status" in receiver:
        receiver["receiver-status"] = NOT_SYNCHRONIZED
    if clock.block in GNSS:
        cold = clock.cold is not None
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


def _sky(scene: Scene, clock: Clock) -> float:
    """Share of the satellites that are left."""
    if clock.antenna or clock.silent is not None:
        return 0.0
    if clock.cold is not None:
        # They come back while the oscillator warms up.
        seconds = float(scene.members("cold-start")["seconds"])
        return min((scene.moment - clock.cold) / seconds, 0.99)
    if clock.lost is not None:
        return 0.0
    if clock.jammed is not None:
        # With less than half of them it is no longer synchronised.
        seconds = max(float(clock.jammed.members["seconds"]), 1.0)
        return 1.0 - 0.5 * min((scene.moment - clock.jammed.start) / seconds, 1.0)
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


def _system(scene: Scene, tree: Tree, context: Context) -> None:
    system = tree.get("system", {})
    sync = system.get("sync-status", {})
    clock = scene.clock
    if clock is None or not sync:
        return
    if scene.selected != scene.base_selected:
        name, kind = _KINDS_OF_REFERENCE.get(clock.block, (clock.block, "gps"))
        sync.update(
            {
                "reference": f"{clock.slot}-{name}",
                "ref-type": kind,
                "clock-idx": scene.selected,
                "osc-type": clock.oscillator,
                "est-time-quality": clock.best,
            }
        )
        if clock.block == "tcr":
            sync["clock-status"]["antenna"] = "connected"
    if clock.hit:
        sync["clock-status"]["clock"] = clock.state
        sync["est-time-quality"], code = quality(clock.error, clock.best)
        if clock.state == HOLDOVER and clock.lost is not None:
            sync["holdover-status"].update(
                {
                    "time-offset": round(clock.error * 1e9),
                    "time-elapsed": int(scene.moment - clock.lost),
                    "tfom-out": code,
                }
            )
        else:
            sync["holdover-status"]["tfom-out"] = 15
    if clock.cold is not None:
        sync["clock-status"]["oscillator"] = "not-warmed-up"
    if clock.antenna:
        sync["clock-status"]["antenna"] = clock.antenna
    leap = scene.members("leap-announcement")
    if leap:
        sync["leapsecond-announced"] = True
        sync["leapsecond-date"] = leap["date"]
        for other in tree.get("chassis0", {}).get("slots", []):
            pcps = other.get("module", {}).get("dcf77", {}).get("pcps")
            if pcps is not None:
                pcps["ls-ann"] = True
    _position(scene, tree, system, context.now)


def _position(scene: Scene, tree: Tree, system: Tree, now: datetime) -> None:
    clock = scene.clock
    if clock is None or clock.slot not in scene.targets("gnss-spoofing"):
        return
    for slot in tree["chassis0"]["slots"]:
        if slot["object-id"] == clock.slot:
            satellites = slot["module"]["satellites"]
            system["position"] = f"{satellites['latitude']:.6f}, {satellites['longitude']:.6f}"
    form = "%Y.%m.%d" if "." in str(system.get("last-position-update")) else "%Y-%m-%d"
    system["last-position-update"] = now.strftime(f"{form} %H:%M:%S")


def _dependent_modules(scene: Scene, slots: Mapping[str, Tree]) -> None:
    """Modules that show the state of the clocks: switch, relays, PTP instances."""
    states = {clock.slot: clock.state for clock in scene.clocks}
    clock = scene.clock
    for slot in slots.values():
        module = slot.get("module", {})
        if "selected-clock" in module and clock is not None:
            module["selected-clock"] = clock.slot
            for entry in module.get("clocks", []):
                entry["state"] = states.get(entry["object-id"], entry["state"])
        for relay in module.get("relays", []):
            if states.get(relay.get("source", ""), SYNCHRONIZED) != SYNCHRONIZED:
                relay["state"] = "error"
        for instance in module.get("ptp", {}).get("instances", []):
            _instance(scene, str(slot["object-id"]), instance)


def _instance(scene: Scene, slot: str, instance: Tree) -> None:
    clock = scene.clock
    if clock is not None and clock.hit:
        within = clock.error <= _WITHIN_SPECIFICATION
        lost = clock.state == NOT_SYNCHRONIZED
        instance["clock-class"] = 248 if lost else 7 if within else 52
        instance["clock-accuracy"] = accuracy(clock.error)
        instance["time-source"] = _INTERNAL_OSCILLATOR
    if slot in scene.targets("ptp-fault"):
        hit = scene.targets("ptp-fault", "instance")
        if not hit or instance["object-id"] in hit:
            instance.update({"port-state": "faulty", "link": False, "unicast-clients": 0})


def _power_and_heat(scene: Scene, tree: Tree, slots: Mapping[str, Tree]) -> None:
    for name in scene.targets("psu-loss"):
        slots[name]["module"]["power-available"] = False
    still = scene.targets("fan-failure")
    for fan in fans(tree):
        if fan.name in still:
            fan.value.update({"fan-state": "off", "fan-error": "yes"})
    celsius = _FAN_CELSIUS * _heated(scene, "fan-failure") * bool(still)
    celsius += float(scene.members("overheating").get("celsius", 0.0)) * _heated(scene, "overheating")
    if celsius:
        for slot in slots.values():
            sensors = slot.get("module", {}).get("info", {}).get("sensors", {})
            for name, value in sensors.items():
                if value:
                    sensors[name] = round(value + celsius, 1)


def _ports(scene: Scene, tree: Tree) -> None:
    down = scene.targets("link-down", "port")
    for port in tree.get("network", {}).get("ports", []):
        if port["object-id"] in down:
            port.update({"link": False, "operstate": False, "duplex": "-", "speed": "-"})
            if "bonding-slave" in port:
                port["bonding-slave"]["mii-status"] = False


def _nodes(scene: Scene, tree: Tree) -> None:
    hit = scene.targets("syncmon-alert", "node")
    for node in tree.get("syncmon", {}).get("nodes", []):
        if node["object-id"] not in hit:
            continue
        if scene.members("syncmon-alert")["fault"] == "unreachable":
            node.update({"state": "unreachable", "stratum": 16, "offset": None})
        else:
            node.update({"state": "offset-exceeded", "offset": 3 * node.get("offset-limit", 0.001)})


def _resources(scene: Scene, system: Tree, now: datetime) -> None:
    if "low-resources" in scene.active:
        percent = min(max(scene.members("low-resources")["percent"], 0.0), 100.0)
        for mount in system.get("storage", []):
            if mount["mountpoint"] == "/mnt/flash":
                mount["used"] = int(mount["size"] * percent / 100)
                mount["available"] = mount["size"] - mount["used"]
                mount["used-percent"] = int(percent)
        total = str(system.get("memory", "")).partition(" ")[0]
        if total.isdigit():
            free = int(int(total) * (100 - percent) / 100)
            share = round(100 - percent)
            system["memory"] = f"{total} kB total memory, {free} kB free ({share} %)"
    since = scene.since("update-failed")
    if since is not None and "update" in system.get("firmware", {}):
        started = (now - timedelta(seconds=scene.moment - since)).strftime("%Y-%m-%dT%H:%M:%S")
        system["firmware"]["update"].update(
            {
                "last-update-successful": False,
                "last-update-started": started,
                "last-update-ended": started,
                "last-update-error": "the update file is damaged",
            }
        )
