# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the status tree that change by themselves: only the volatile fields of payloads.md section 3.10.

A pure function of the time since the device was made and of its seed: the same device shows the
same values at the same moment, two devices of one profile do not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

Tree = dict[str, Any]

# Counts a second on a port with a link.
_RATES = {"rx-packets": 6, "rx-bytes": 480, "tx-packets": 2, "tx-bytes": 850, "multicast": 0.4}
_DROPS_SECONDS = 1800.0
_LOG_BYTES_SECOND = 0.12
_ROTATED_SHARE = 0.15
_PASS_SECONDS = 1200.0
_ZONELESS = frozenset(
    {
        "last-triggered",
        "last-updated",
        "api-last-update",
        "last-update-started",
        "last-update-ended",
    }
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_FORMS = (
    (_ISO, "%Y-%m-%dT%H:%M:%S"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII), "%Y-%m-%d %H:%M:%S"),
    (re.compile(r"\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d", re.ASCII), "%Y.%m.%d %H:%M:%S"),
)
_TAU = 2 * math.pi


def iso(moment: datetime) -> str:
    """The zone-less form of the device's times."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


class _Waves:
    """Slow and quick waves between -1 and 1, each with a phase of its own for every device."""

    def __init__(self, elapsed: float, seed: int) -> None:
        self.elapsed = elapsed
        self.seed = seed

    def __call__(self, period: float, salt: int = 0) -> float:
        phase = (self.seed * 2654435761 + salt * 40503) % 1000003 / 1000003
        return math.sin(_TAU * (self.elapsed / period + phase))

    def noise(self, salt: int = 0) -> float:
        """A sum of waves of many periods."""
        return (self(97.0, salt) + self(661.0, salt + 1) + self(7919.0, salt + 2)) / 3


def move(
    status: Tree,
    elapsed: float,
    uptime: float,
    now: datetime,
    seed: int,
    halted: Mapping[str, float] | None = None,
) -> None:
    """Moves a copy of the status tree, in place, to `now`, `elapsed` seconds after its making.

    `halted` has the ports that carry nothing any more, and since when.
    """
    waves = _Waves(elapsed, seed)
    _system(status.get("system", {}), uptime, now, waves)
    for place, port in enumerate(status.get("network", {}).get("ports", [])):
        if port.get("link") and port.get("statistics"):
            until = min(elapsed, (halted or {}).get(port["object-id"], elapsed))
            _count(port["statistics"], until, place, seed)
    for place, slot in enumerate(status.get("chassis0", {}).get("slots", [])):
        if "module" in slot:
            _module(slot["module"], waves, place)
    for entry in status.get("ntp", []):
        _ntp(entry, waves)
    syncmon = status.get("syncmon", {})
    if "last-updated" in syncmon and (syncmon["last-updated"] != "never" or syncmon.get("nodes")):
        syncmon["last-updated"] = iso(now - timedelta(seconds=5))
    for place, node in enumerate(syncmon.get("nodes", [])):
        if node.get("offset"):
            node["offset"] = round(node["offset"] * (1 + 0.3 * waves.noise(500 + place)), 9)


def _system(system: Tree, uptime: float, now: datetime, waves: _Waves) -> None:
    cached = now - timedelta(seconds=6)
    nanoseconds = f"{cached.microsecond:06d}{waves.seed % 1000:03d}"
    moving = {
        "uptime": round(uptime, 2),
        "current-time": f"{iso(cached)}.{nanoseconds} UTC",
        "current-time-iso": f"{iso(cached)}.{cached.microsecond // 1000:03d}Z",
        "api-last-update": iso(now - timedelta(seconds=1)),
    }
    if "uptime" in system and system.get("last-config-change") == system["uptime"]:
        system["last-config-change"] = moving["uptime"]
    system.update({name: value for name, value in moving.items() if name in system})
    loads = (0.4 + 0.25 * waves(61.0), 0.42 + 0.12 * waves(307.0), 0.41 + 0.06 * waves(907.0))
    averages = " ".join(f"{load:.2f}" for load in loads)
    process = int(waves.elapsed) % 30000 + 1200
    if "cpuload" in system:
        system["cpuload"] = f"{averages} {1 + process % 2}/{97 + waves.seed % 9} {process}"
    total = re.match(r"([1-9]\d{0,14}) kB total", system.get("memory", ""))
    if total:
        free = int(int(total.group(1)) * (0.66 + 0.03 * waves(1201.0)))
        share = round(100 * free / int(total.group(1)))
        system["memory"] = f"{total.group(1)} kB total memory, {free} kB free ({share} %)"
    for mount in system.get("storage", []):
        if mount["mountpoint"] == "/var":
            # The log grows until it is rotated.
            room = max(int(min(mount["size"] * _ROTATED_SHARE, mount["available"] / 2)), 1)
            grown = int(_LOG_BYTES_SECOND * waves.elapsed) % room
            mount["used"] += grown
            mount["available"] -= grown
            mount["used-percent"] = round(100 * mount["used"] / mount["size"])


def _count(counters: Tree, elapsed: float, place: int, seed: int) -> None:
    share = 1 + (seed + 7 * place) % 5 / 10
    for name, rate in _RATES.items():
        if name in counters:
            counters[name] += int(rate * share * elapsed)
    if "rx-dropped" in counters:
        counters["rx-dropped"] += int(elapsed / _DROPS_SECONDS)


def _module(module: Tree, waves: _Waves, place: int) -> None:
    sensors = module.get("info", {}).get("sensors", {})
    for number, (name, celsius) in enumerate(sensors.items()):
        # 0.0 means that there is no sensor.
        if celsius:
            sensors[name] = celsius + round(3 * waves.noise(10 * place + number)) / 2
    if "good-satellites" in module.get("satellites", {}):
        _satellites(module["satellites"], waves, place)
    if "correlation" in module.get("dcf77", {}):
        receiver = module["dcf77"]
        for name, span in (("correlation", 3), ("field-strength", 4)):
            level = receiver[name] + round(span * waves.noise(place + span))
            receiver[name] = min(max(level, 0), 100)
    if "frequency" in module.get("fdm", {}):
        mains = module["fdm"]
        deviation = round(0.02 * waves.noise(place + 40), 3)
        grid = 10 * round(mains["frequency"] / 10)
        mains["frequency"] = round(grid + deviation, 3)
        mains["frequency-deviation"] = round(mains["frequency"] - mains["nominal-frequency"], 3)
        mains["time-deviation"] = round(mains["time-deviation"] + 0.4 * waves(1801.0, place), 3)
    for number, port in enumerate(module.get("ports", [])):
        if port.get("offset") is not None:
            port["offset"] = round(port["offset"] + 2.5 * waves.noise(place + number), 1)
    for number, instance in enumerate(module.get("ptp", {}).get("instances", [])):
        if instance.get("port-state") == "master":
            clients = 12 + 4 * waves.noise(60 + 10 * place + number)
            instance["unicast-clients"] += round(clients)


def _satellites(satellites: Tree, waves: _Waves, place: int) -> None:
    sky = waves.noise(60 + place)
    satellites["satellites-in-view"] += round(1 + 1.8 * sky)
    satellites["good-satellites"] += round(0.5 + sky)
    for number, axis in enumerate(("position-x", "position-y", "position-z")):
        satellites[axis] = round(satellites[axis] + 1.5 * waves.noise(70 + place + number), 3)
    for number, name in enumerate(("pdop", "tdop")):
        if satellites.get(name):
            moved = satellites[name] * (1 + 0.2 * waves.noise(80 + place + number))
            satellites[name] = round(moved, 2)
    chosen = satellites.get("selected-satellites", [])
    if chosen:
        # 11 and 32 have no common divisor, so the numbers of a window differ.
        turn = int(waves.elapsed / _PASS_SECONDS)
        prefix = str(chosen[0]).rstrip("0123456789")
        satellites["selected-satellites"] = [
            f"{prefix}{(waves.seed + 11 * (turn + place)) % 32 + 1}" for place in range(len(chosen))
        ]
    listed = satellites.get("gnss", {}).get("satellite-list", [])
    if len(listed) > 1 and sky < 0:
        satellites["gnss"]["satellite-list"] = listed[:-1]


def _ntp(entry: Tree, waves: _Waves) -> None:
    for salt, (name, span) in enumerate(
        (
            ("offset", 4e-6),
            ("clk-jitter", 3e-6),
            ("clk-wander", 1e-9),
            ("dispersion", 4e-5),
            ("rootdisp", 4e-5),
        )
    ):
        # A reference has no dispersion to its own root.
        if name not in entry or (name == "rootdisp" and not entry[name]):
            continue
        wave = waves.noise(90 + salt)
        moved = entry[name] + span * (wave if name == "offset" else abs(wave))
        entry[name] = round(moved, 6)


def shift_zone(value: Any, seconds: int, name: str = "") -> Any:
    """The tree with its zone-less ISO times moved `seconds` east (O9)."""
    if isinstance(value, dict):
        return {key: shift_zone(item, seconds, key) for key, item in value.items()}
    if isinstance(value, list):
        return [shift_zone(item, seconds, name) for item in value]
    if name in _ZONELESS and isinstance(value, str) and _ISO.fullmatch(value):
        return _shifted(value, timedelta(seconds=seconds))
    return value


def shift_past(status: Tree, span: timedelta) -> None:
    """Moves the dates of what has happened by `span`, in place: events, updates, the last position."""
    for event in status.get("notification", {}).get("events", []):
        _shift_member(event, "last-triggered", span)
    system = status.get("system", {})
    for name in ("last-update-started", "last-update-ended"):
        _shift_member(system.get("firmware", {}).get("update", {}), name, span)
    _shift_member(system, "last-position-update", span)


def _shift_member(parent: Tree, name: str, span: timedelta) -> None:
    if isinstance(parent.get(name), str):
        parent[name] = _shifted(parent[name], span)


def _shifted(text: str, span: timedelta) -> str:
    """A time of the device moved by `span`, in its own form; other texts, and the time 0 of a clock without one, stay."""
    for pattern, form in _FORMS:
        if pattern.fullmatch(text) and not text.startswith("1970"):
            try:
                return (datetime.strptime(text, form) + span).strftime(form)
            except (ValueError, OverflowError):
                return text
    return text
