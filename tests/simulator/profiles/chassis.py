# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots and the modules of a chassis that are recorded: power, CPU, clocks.

Shapes follow payloads.md section 5; every number and name is invented.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..tokens import ENUMS
from .parts import OLD, Site
from .profile import Identity, Tree


def slot(name: str, kind: str, position: int, module: Tree | None = None) -> Tree:
    entry: Tree = {
        "object-id": name,
        "slot-id": name,
        "slot-type": kind,
        "slot-position": f"0,{position},1",
        "slot-orientation": "internal" if kind == "int" else "vertical",
    }
    if module is not None:
        entry["module"] = module
    return entry


def power(present: bool, capacity: float = 50.0) -> Tree:
    if not present:
        return {"power-available": False, "power-capacity": 0.0}
    info = dict.fromkeys(("serial-number", "software-revision", "firmware-image"), "")
    return {
        "power-available": True,
        "power-capacity": capacity,
        "info": {"model": "psu", **info},
    }


def cpu(card: str, image: str, celsius: float) -> Tree:
    return {
        "info": {
            "model": card,
            "serial-number": "N/A",
            "software-revision": image.replace("fw_", "").partition("-")[0],
            "firmware-image": image,
            "sensors": {"temperature-1": celsius},
        }
    }


def clock(
    identity: Identity,
    generation: str,
    model: str,
    oscillator: str,
    quality: str,
    receiver: Tree,
    celsius: float = 0.0,
) -> Tree:
    """A reference clock; `receiver` holds the block of its family, and satellites."""
    serial = f"0{(identity.seed * 7 + len(model)) % 10**11:011d}"
    module: Tree = {} if generation == OLD else {"dac-cal": None, "dac-val": None}
    module["info"] = {
        "model": model,
        "serial-number": serial.ljust(16) if generation == OLD else serial,
        "software-revision": "v1.31",
        "sensors": {"temperature-1": celsius, "temperature-2": 0.0},
    }
    module["supported-string-types"] = (
        []
        if generation == OLD
        else [
            {"object-id": name, "value": number, "description": name}
            for number, name in enumerate(ENUMS["string-type"])
        ]
    )
    module["sync-status"] = {
        "clock-idx": "selected",
        "osc-type": oscillator,
        "est-time-quality": quality,
        "clock-status": {"clock": "synchronized", "oscillator": "warmed-up"},
    }
    if generation == OLD:
        module["mrs"] = [
            {
                "object-id": "priority0",
                "info": {
                    "settings": {
                        "bias": 0.0,
                        "precision": 0.0,
                        "id": {"type": "gps", "instance": 0},
                    }
                },
            }
        ]
    module.update(receiver)
    return module


def gnss_receiver(block: str, site: Site, systems: Iterable[str], selected: list[str]) -> Tree:
    """The receiver block of a GNSS clock, and its satellites."""
    names = list(systems)
    x, y, z = ecef(site)
    satellites: Tree = {
        "gps-mode": "normal-operation",
        "good-satellites": 8 + len(names),
        "satellites-in-view": 11 + 3 * len(names),
        "position-x": x,
        "position-y": y,
        "position-z": z,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "altitude": site.altitude,
        "pdop": 1.42,
        "tdop": 0.97,
        "selected-satellites": selected,
    }
    # A GPS/GLONASS clock has no list of satellites, and a wrong kind of reference.
    if len(names) > 1 and block != "grc":
        satellites["gnss"] = {
            "satellite-list": [{"object-id": str(number), "gnss-type": name} for number, name in enumerate(names * 4)]
        }
    return {
        block: {
            "ref-type": "10mhz-freqin" if block == "grc" else "gps",
            "receiver-status": "synchronized",
            "antenna": {"connected": True, "short-circuit": False},
            "receiver": {
                "synchronized": True,
                "tracking": False,
                "warm-boot": False,
                "cold-boot": False,
            },
        },
        "satellites": satellites,
    }


def dcf77_receiver() -> Tree:
    flags = dict.fromkeys(("freer", "dl-enb", "syncd", "dl-ann", "utc", "ls-ann", "iftm", "invt"))
    return {
        "dcf77": {
            "ref-type": "dcf77-pzf-receiver",
            "type": "pzf",
            "correlation": 93,
            "field-strength": 71,
            "pcps": {name: name == "syncd" for name in flags},
        }
    }


def tcr_receiver() -> Tree:
    """The eight bits of the manual, and the code."""
    good = ("lock-on", "data-available", "pulses-enabled", "warmed-up")
    bad = ("telegram-error", "invalid-utc-parameter", "invalid-system-configuration", "tcap-exceeded")
    return {
        "tcr": {
            "receiver-status": "synchronized",
            "code": "b122-b123",
            **dict.fromkeys(good, True),
            **dict.fromkeys(bad, False),
        }
    }


def xhe_absent() -> list[Tree]:
    """The external rubidium shelf as 7.06 shows it when there is none."""
    flags = "voltage-overrange low-voltage generic-cell-error low-temperature overheated pps-lock"
    # "hxe-id" is spelled so.
    unread = ("xhe-type", "xhe-features", "software-revision", "hxe-id", "rub-id")
    return [
        {
            "object-id": "clk1",
            "xhe-info": {
                "status": "unknown",
                "osc-type": 0,
                "features": 0,
                "software-revision": "v0.00",
                "xhe-id": "",
                "rub-id": "",
                "comstat": dict.fromkeys(unread, False),
            },
            "xhe-sys-status": {
                "status": dict.fromkeys([*flags.split(), "ppl-enabled", "pps-input-signal"], False),
                "comstat": dict.fromkeys(("status", "temperature"), False),
                "temperature-sensors": dict.fromkeys(("chassis", "xtal", "cell", "lamp"), 0.0),
            },
            "xhe-psu-status": {
                "status": "unknown",
                "comstat": dict.fromkeys(("status", "alarm-status"), False),
                "psu-status": {"psu1": "ok", "psu2": "ok"},
                "alarms": {"alarm-led": False},
            },
        }
    ]


def ecef(site: Site) -> tuple[float, float, float]:
    """WGS 84 earth-centred coordinates in metres."""
    latitude, longitude = math.radians(site.latitude), math.radians(site.longitude)
    radius = 6378137.0 / math.sqrt(1 - 0.00669437999014 * math.sin(latitude) ** 2)
    level = (radius + site.altitude) * math.cos(latitude)
    height = (radius * (1 - 0.00669437999014) + site.altitude) * math.sin(latitude)
    return (
        round(level * math.cos(longitude), 3),
        round(level * math.sin(longitude), 3),
        round(height, 3),
    )
