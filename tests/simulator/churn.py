# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moves by itself in the status tree: only the volatile fields of payloads.md section 3.10."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import Any

Tree = dict[str, Any]

_RATES = {"rx-packets": 6, "rx-bytes": 480, "tx-packets": 2, "tx-bytes": 850}
_ZONELESS = frozenset(
    {
        "last-triggered",
        "last-updated",
        "api-last-update",
        "last-update-started",
        "last-update-ended",
    }
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def iso(moment: datetime) -> str:
    """The zone-less form of the device's times."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def move(status: Tree, elapsed: float, uptime: float, now: datetime, seed: int) -> None:
    """Moves a copy of the status tree, in place, to `now`, `elapsed` seconds after its making."""
    wave = math.sin(elapsed / 97.0 + seed)
    _system(status.get("system", {}), elapsed, uptime, now, wave, seed)
    for port in status.get("network", {}).get("ports", []):
        counters = port.get("statistics")
        if counters and port.get("link"):
            for name, rate in _RATES.items():
                counters[name] += int(rate * elapsed)
    for slot in status.get("chassis0", {}).get("slots", []):
        _module(slot.get("module", {}), elapsed, wave, seed)
    for entry in status.get("ntp", []):
        if "offset" in entry:
            entry["offset"] = round(entry["offset"] + 2e-6 * wave, 6)
        if "clk-jitter" in entry:
            entry["clk-jitter"] = round(entry["clk-jitter"] + 1e-6 * abs(wave), 6)
    if "last-updated" in status.get("syncmon", {}):
        status["syncmon"]["last-updated"] = iso(now - timedelta(seconds=5))


def _system(
    system: Tree, elapsed: float, uptime: float, now: datetime, wave: float, seed: int
) -> None:
    if system.get("last-config-change") == system.get("uptime"):
        system["last-config-change"] = round(uptime, 2)
    system["uptime"] = round(uptime, 2)
    cached = now - timedelta(seconds=6)
    nanoseconds = f"{cached.microsecond:06d}{seed % 1000:03d}"
    system["current-time"] = f"{iso(cached)}.{nanoseconds} UTC"
    system["current-time-iso"] = f"{iso(cached)}.{cached.microsecond // 1000:03d}Z"
    if "api-last-update" in system:
        system["api-last-update"] = iso(now - timedelta(seconds=1))
    load = 0.4 + 0.2 * wave
    system["cpuload"] = (
        f"{load:.2f} {0.45 + wave / 20:.2f} 0.41 2/{97 + seed % 9} {int(elapsed) % 30000 + 1200}"
    )
    total = re.match(r"(\d+) kB total", system.get("memory", ""))
    if total:
        free = int(int(total.group(1)) * (0.66 + 0.03 * wave))
        share = round(100 * free / int(total.group(1)))
        system["memory"] = f"{total.group(1)} kB total memory, {free} kB free ({share} %)"
    for mount in system.get("storage", []):
        if mount["mountpoint"] == "/var":
            grown = min(int(elapsed), max(mount["available"] - 1024, 0))
            mount["used"] += grown
            mount["available"] -= grown
            mount["used-percent"] = round(100 * mount["used"] / mount["size"])


def _module(module: Tree, elapsed: float, wave: float, seed: int) -> None:
    sensors = module.get("info", {}).get("sensors", {})
    for name, celsius in sensors.items():
        # 0.0 means that there is no sensor.
        if celsius:
            sensors[name] = celsius + round(wave)
    satellites = module.get("satellites")
    if satellites and "good-satellites" in satellites:
        step = int(elapsed / 30) + seed
        satellites["satellites-in-view"] += step % 3
        satellites["good-satellites"] += step % 2
        for axis in ("position-x", "position-y", "position-z"):
            satellites[axis] = round(satellites[axis] + wave, 3)
        chosen = satellites.get("selected-satellites", [])
        if chosen:
            turn = step % len(chosen)
            satellites["selected-satellites"] = chosen[turn:] + chosen[:turn]


def shift_zone(value: Any, seconds: int, name: str = "") -> Any:
    """The tree with its zone-less ISO times moved `seconds` east (O9)."""
    if isinstance(value, dict):
        return {key: shift_zone(item, seconds, key) for key, item in value.items()}
    if isinstance(value, list):
        return [shift_zone(item, seconds, name) for item in value]
    if name in _ZONELESS and isinstance(value, str) and _ISO.fullmatch(value):
        return iso(datetime.fromisoformat(value) + timedelta(seconds=seconds))
    return value
