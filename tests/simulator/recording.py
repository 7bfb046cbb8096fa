# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays a recorded answer of GET /api/status; the configuration comes from a near profile."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .profiles import Identity, Profile, load_profile
from .reflect import SERVICES
from .tree import clone

Tree = dict[str, Any]

# Firmware line of a recording (major, minor): the profile whose configuration it gets.
_NEAREST = (((7, 10), "m600-7.10"), ((7, 8), "m400-7.08"), ((0, 0), "m300-7.06"))


class BadRecordingError(ValueError):
    """The file is no recorded answer of GET /api/status."""


def load_recording(file: Path) -> Profile:
    """A profile that answers GET /api/status as the recording does."""
    try:
        recorded = json.loads(file.read_text(encoding="utf-8"))
        information = recorded["system-information"]
        status = recorded["data"]
        if status.get("object-id") != "status":
            raise BadRecordingError(f"{file}: data is not the node 'status'")
        version = str(information["version"])
        api = str(information["API Version"]).rpartition("V")[2]
        made = datetime.fromisoformat(information["time-stamp"]).replace(tzinfo=timezone.utc)
        link = str(recorded["links"]["self"])
        scheme = link.partition(":")[0]
        hostname, serial = str(information["hostname"]), str(information["serial-number"])
        model = str(information["model"])
        int(api.split(".")[0])
    except OSError as error:
        raise BadRecordingError(f"{file}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, BadRecordingError):
            raise
        raise BadRecordingError(f"{file}: no recorded answer of GET /api/status ({error!r})") from error
    nearest = load_profile(nearest_profile(version))

    def config(identity: Identity) -> Tree:
        return adapt(nearest.config(identity), status)

    return Profile(
        f"recording:{file.name}",
        model,
        version,
        api,
        scheme,
        lambda dummy: clone(status),
        config,
        (
            ("<configuration root>", f"the configuration is that of {nearest.name}, adapted"),
            *nearest.assumptions,
        ),
        serial=serial,
        hostname=hostname,
        recorded_at=made,
    )


def nearest_profile(version: str) -> str:
    """The profile of the highest firmware line that is not above `fw_7.10.008`."""
    numbers = version.rpartition("fw_")[2].partition("-")[0].split(".")
    line = (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 else (0, 0)
    for floor, name in _NEAREST:
        if line >= floor:
            return name
    return _NEAREST[-1][1]


def adapt(config: Tree, status: Tree) -> Tree:
    """The configuration with the recording's ports, interfaces, services and events."""
    network = status.get("network", {})
    running = status.get("services", {}).get("network", {})
    ports = {
        port["object-id"]: {"mac-address": port.get("mac-address", "")}
        for port in network.get("ports", [])
        if port.get("port-available", True)
    }
    every_port = ports or {"lan0": {}}
    interfaces: Tree = {}
    for number, shown in enumerate(network.get("interfaces", [])):
        port = str(shown.get("ifname", "")).partition(":")[0]
        ports_known = {item["object-id"] for item in network.get("ports", [])}
        if port in ports_known:
            every_port.setdefault(port, {})
        interfaces[shown["object-id"]] = {
            "port": port if port in every_port else next(iter(every_port)),
            "ipv4": _ipv4(shown.get("addresses", [])),
            "cluster": {"ipv4": {"enabled": bool(shown.get("cluster", {}).get("ipv4", {}).get("enabled", False))}},
            # The status tree does not say on which interface a service runs.
            "services": {name: bool(running.get(name, {}).get("running", False)) and number == 0 for name in SERVICES},
        }
    config["network"]["ports"] = every_port
    config["network"]["interfaces"] = interfaces
    config["network"].pop("nameserver1", None)
    config["network"].pop("ipv4-gateway", None)
    config["ntp"]["broadcast"] = {name: {} for name in interfaces}
    config["notification"]["events"] = {
        event["object-id"]: {} for event in status.get("notification", {}).get("events", [])
    }
    avahi = status.get("services", {}).get("global", {}).get("avahi", {})
    config["security"]["allow-network-discovery"] = bool(avahi.get("running", False))
    return config


def _ipv4(addresses: list[Tree]) -> Tree:
    for address in addresses:
        if address.get("addresstype") != "ipv4":
            continue
        if address.get("iftype") == "dhcp":
            return {
                "dhcp": True,
                "dhcp-address": address.get("address", ""),
                "dhcp-netmask": address.get("subnet", ""),
            }
        return {"address": address.get("address", ""), "netmask": address.get("subnet", "")}
    return {}
