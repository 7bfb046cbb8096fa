# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exporter with strict types, as https://github.com/raphaelthomas/meinberg-ltos-exporter: Basic, one GET of /api/status.

A member of another type makes the whole scrape fail.
"""

from __future__ import annotations

import json
import re
import typing as t
import urllib.error
from datetime import datetime, timezone

from ansible_collections.meinberg.lantime.tests.integration.foreign_clients import Json, basic, fetch
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle


class TypeMismatchError(TypeError):
    """A member is not of the type that the exporter's model has."""


def number(value: t.Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeMismatchError(f"{value!r} is no number")
    return float(value)


def string(value: t.Any) -> str:
    if not isinstance(value, str):
        raise TypeMismatchError(f"{value!r} is no string")
    return value


def boolean(value: t.Any) -> bool:
    if not isinstance(value, bool):
        raise TypeMismatchError(f"{value!r} is no boolean")
    return value


def serial_number(value: t.Any) -> str:
    """Trimmed; the words for nothing are nothing."""
    text = string(value).strip()
    return "" if text.lower() in ("", "unknown", "n/a", "na", "none") else text


def leap_indicator(value: t.Any) -> int:
    """A number, or a string with one; 0 to 3."""
    found = int(value) if isinstance(value, str) else int(number(value))
    if not 0 <= found <= 3:
        raise TypeMismatchError(f"{value!r} is no leap indicator")
    return found


def quality_seconds(value: t.Any) -> float:
    """`less-than-100ns` in the notation of Go's durations; 0 for another text."""
    found = re.fullmatch(r"(?:less-than-)?(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)", string(value).lower())
    if not found:
        return 0.0
    units = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
    return float(found.group(1)) * units[found.group(2)]


def unix(value: t.Any, form: str = "%Y-%m-%dT%H:%M:%S") -> float:
    """Seconds since 1970 of a time without a zone, taken as UTC; 0 for never."""
    if string(value) == "never":
        return 0.0
    return datetime.strptime(value, form).replace(tzinfo=timezone.utc).timestamp()


class Exposition:
    """Samples in the text form of Prometheus, read back by name and labels."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, name: str, value: float, **labels: str) -> None:
        pairs = ",".join(f"{key}={json.dumps(text)}" for key, text in sorted(labels.items()))
        self.lines.append(f"meinberg_ltos_{name}{{{pairs}}} {float(value)!r}")

    def __getitem__(self, name: str) -> dict[str, float]:
        """The values of a name, by the labels but `host`."""
        found = {}
        for line in self.lines:
            match = re.fullmatch(r"meinberg_ltos_(\w+)\{(.*)\} (\S+)", line)
            assert match, line
            if match.group(1) == name:
                labels = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match.group(2))
                key = ",".join(text for label, text in labels if label != "host")
                found[key] = float(match.group(3))
        return found

    def only(self, name: str) -> float:
        (value,) = self[name].values()
        return value


def scrape(device: DeviceHandle) -> Exposition:
    """What the exporter with strict types prints of one device."""
    shown = Exposition()
    try:
        answer = fetch(device, "/api/status", headers=basic(device))
        samples(answer, shown)
    except (urllib.error.URLError, TypeMismatchError, KeyError, ValueError):
        shown.lines.clear()
        shown.add("up", 0, host="unknown")
    else:
        shown.add("up", 1, host=answer["system-information"]["hostname"])
    return shown


def samples(answer: Json, shown: Exposition) -> None:
    information, data = answer["system-information"], answer["data"]
    host = string(information["hostname"])
    shown.add(
        "build_info",
        1,
        host=host,
        api_version=string(data["rest-api"]["api-version"]),
        firmware_version=string(information["version"]),
    )
    shown.add(
        "system_info",
        1,
        host=host,
        model=string(information["model"]),
        serial_number=serial_number(information["serial-number"]),
    )
    system = data["system"]
    shown.add("system_uptime_seconds", number(system["uptime"]), host=host)
    for period, load in zip(("1", "5", "15"), string(system["cpuload"]).split()):
        shown.add("system_cpu_load_avg", float(load), host=host, period=period)
    for name, word in (("memory_bytes", "total"), ("memory_free_bytes", "free")):
        found = re.search(rf"(\d+)\s+kB\s+{word}", string(system["memory"]))
        if not found:
            raise TypeMismatchError(system["memory"])
        shown.add(f"system_{name}", int(found.group(1)) * 1024, host=host)
    for mount in system["storage"]:
        for name, member in (("total", "size"), ("used", "used")):
            size = number(mount[member]) * 1024
            shown.add(f"storage_{name}_bytes", size, host=host, mount=string(mount["mountpoint"]))
    for event in data["notification"]["events"]:
        shown.add(
            "notification_last_triggered_seconds",
            unix(event["last-triggered"]),
            host=host,
            event=string(event["object-id"]),
        )
    ports(data, shown, host)
    associations(data, shown, host)
    clocks(data, shown, host)


def ports(data: Json, shown: Exposition, host: str) -> None:
    for port in data["network"]["ports"]:
        name = string(port["object-id"])
        shown.add("network_port_up", boolean(port["link"]), host=host, port=name)
        if not port["link"]:
            continue
        text = {key: string(port[key]) for key in ("speed", "duplex", "mac-address", "card-name")}
        shown.add("network_port_info", 1, host=host, port=name, speed=text["speed"])
        for counter in ("rx-bytes", "tx-bytes", "rx-packets", "tx-packets", "rx-errors"):
            if "statistics" in port:
                count = number(port["statistics"][counter])
                metric = f"network_port_{counter.replace('-', '_')}_total"
                shown.add(metric, count, host=host, port=name)


def associations(data: Json, shown: Exposition, host: str) -> None:
    for entry in data["ntp"]:
        leap = leap_indicator(entry["leap"])
        if number(entry["association-id"]) == 0:
            labels = {"host": host, "refid": string(entry["refid"])}
            shown.add("ntp_sys_stratum", number(entry["stratum"]), **labels)
            shown.add("ntp_sys_precision_seconds", 2 ** number(entry["precision"]), **labels)
            shown.add("ntp_sys_root_delay_seconds", number(entry["rootdelay"]), **labels)
            shown.add("ntp_sys_root_dispersion_seconds", number(entry["rootdisp"]), **labels)
            shown.add("ntp_sys_clock_jitter_seconds", number(entry["clk-jitter"]), **labels)
            shown.add("ntp_sys_leap_indicator", leap, **labels)
            leapsec = unix(entry["leapsec"], "%Y%m%d%H%M")
            shown.add("ntp_sys_leap_second_timestamp_seconds", leapsec, **labels)
        else:
            labels = {"host": host, "peer_name": string(entry["object-id"])}
            for member in ("offset", "delay", "dispersion"):
                if member in entry:
                    shown.add(f"ntp_peer_{member}_seconds", number(entry[member]), **labels)
            shown.add("ntp_peer_synchronized", leap != 3, **labels)


def clocks(data: Json, shown: Exposition, host: str) -> None:
    for slot in data["chassis0"]["slots"]:
        if string(slot["slot-type"]) != "clk" or "module" not in slot:
            continue
        module, labels = slot["module"], {"host": host, "clock_id": string(slot["slot-id"])}
        sync = module["sync-status"]
        state = sync["clock-status"]
        shown.add("clock_synchronized", string(state["clock"]) == "synchronized", **labels)
        warm = string(state["oscillator"]) == "warmed-up"
        shown.add("clock_oscillator_warmed_up", warm, **labels)
        seconds = quality_seconds(sync["est-time-quality"])
        shown.add("clock_estimated_time_quality_seconds", seconds, **labels)
        shown.add(
            "clock_info",
            1,
            model=string(module["info"]["model"]),
            serial_number=serial_number(module["info"]["serial-number"]),
            oscillator_type=string(sync["osc-type"]),
            **labels,
        )
        if "satellites" in module:
            sky = module["satellites"]
            for member, unit in (
                ("satellites-in-view", ""),
                ("good-satellites", ""),
                ("latitude", "_degrees"),
                ("longitude", "_degrees"),
                ("altitude", "_meters"),
            ):
                name = f"clock_receiver_gnss_{member.replace('-', '_')}{unit}"
                shown.add(name, number(sky[member]), **labels)
        for block, part in (("grc", "antenna"), ("grc", "receiver")):
            for member, value in module.get(block, {}).get(part, {}).items():
                name = f"clock_receiver_gnss_{part}_{member.replace('-', '_')}"
                shown.add(name, boolean(value), **labels)
        if "dcf77" in module:
            for member in ("field-strength", "correlation"):
                name = f"clock_receiver_dcf77_{member.replace('-', '_')}"
                shown.add(name, number(module["dcf77"][member]), **labels)
