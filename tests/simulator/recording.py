# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays a recording, or a recorded answer of GET /api/status or GET /api/, whose configuration comes from a near profile."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .profiles import Profile, load_profile
from .recorded import BadRecordingError, Recorded, is_recording, recorded_of, status_answer
from .reflect import SERVICES
from .shapes import set_aside
from .tree import clone

Tree = dict[str, Any]

# Firmware line of a recording (major, minor): the profile whose configuration it gets.
_NEAREST = (((7, 10), "m600-7.10"), ((7, 8), "m400-7.08"), ((0, 0), "m300-7.06"))
_ROOT_IDS = ("status", "main-menu", None)
_DEPTH_MAX = 64
_YEARS = range(1980, 2200)

# Members of the envelope, and where the status tree has the same.
_IDENTITY: dict[str, tuple[str, ...]] = {
    "version": ("system", "firmware", "running"),
    "API Version": ("rest-api", "api-version"),
    "model": ("chassis0", "model"),
    "serial-number": ("chassis0", "serial-number"),
    "time-stamp": ("system", "current-time-iso"),
}
_API_VERSION = re.compile(r"(?:.*\D)?(\d{1,4}(?:\.\d{1,6}){0,4})\s*", re.ASCII | re.DOTALL)
_LINE = re.compile(r"(?:fw_)?(\d{1,4})\.(\d{1,4})\b.*", re.ASCII | re.DOTALL)


def load_recording(file: Path) -> Profile:
    """A profile that answers as the recording does."""
    document = read_file(file)
    try:
        return replay(document, file.name)
    except BadRecordingError as error:
        raise BadRecordingError(f"{file}: {error}") from None


def read_file(file: Path) -> Any:
    """The parsed JSON text of a file; BadRecordingError says why there is none."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise BadRecordingError(f"{file}: {reason}") from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecordingError(f"{file}: not JSON, or truncated ({error})") from error


def replay(recorded: Any, name: str) -> Profile:
    """A profile that answers as a parsed recording does; BadRecordingError names what keeps it from that."""
    if is_recording(recorded):
        return _replay_answer(status_answer(recorded), name, recorded_of(recorded))
    return _replay_answer(recorded, name, None)


def _replay_answer(recorded: Any, name: str, more: Recorded | None) -> Profile:
    """A profile that answers GET /api/status as recorded. more: what else the recording holds."""
    status = _status(recorded)
    information = recorded.get("system-information", {})
    if not isinstance(information, dict):
        raise BadRecordingError("system-information is no object")
    given = {member: _identity(information, status, member) for member in _IDENTITY}
    api = _API_VERSION.fullmatch(given["API Version"])
    if api is None:
        raise BadRecordingError("system-information/API Version holds no version")
    nearest = load_profile(nearest_profile(given["version"]))
    understood, dummy = set_aside(status)
    return Profile(
        f"recording:{name}",
        given["model"],
        given["version"],
        api.group(1),
        _scheme(recorded),
        lambda dummy: clone(status),
        lambda identity: adapt(nearest.config(identity), understood),
        _assumptions(nearest, more),
        serial=given["serial-number"],
        hostname=_text(information.get("hostname")),
        recorded_at=_moment(given["time-stamp"]),
        information=clone(information),
        recorded=more,
    )


def _assumptions(nearest: Profile, more: Recorded | None) -> tuple[tuple[str, str], ...]:
    if more is None:
        adapted = ("<configuration root>", f"the configuration is that of {nearest.name}, adapted")
        return (adapted, *nearest.assumptions)
    return (("<configuration root>", "what the device takes: types are those of the recorded values"),)


def _status(recorded: Any) -> Tree:
    """The status tree of an answer of GET /api/status or GET /api/."""
    if not isinstance(recorded, dict):
        raise BadRecordingError("the file holds no object")
    data = recorded.get("data")
    if not isinstance(data, dict):
        raise BadRecordingError("data is missing" if "data" not in recorded else "data is no object")
    if data.get("object-id") not in _ROOT_IDS:
        raise BadRecordingError(f"data/object-id is {_shown(data['object-id'])}, not 'status' or 'main-menu'")
    is_root = data.get("object-id") == "main-menu" or isinstance(data.get("status"), dict)
    status = data.get("status") if is_root else data
    if not isinstance(status, dict):
        raise BadRecordingError("data/status is no object")
    if _depth(recorded) > _DEPTH_MAX:
        raise BadRecordingError(f"data is nested deeper than {_DEPTH_MAX} levels")
    return status


def _identity(information: Tree, status: Tree, member: str) -> str:
    """A member of the envelope as text, from the envelope or else from the status tree."""
    value: Any = status
    for name in _IDENTITY[member]:
        value = value.get(name) if isinstance(value, dict) else None
    for candidate in (information.get(member), value):
        text = _text(candidate)
        if text:
            return text
    raise BadRecordingError(f"system-information/{member} is missing, and data/{'/'.join(_IDENTITY[member])} too")


def _text(value: Any) -> str:
    is_scalar = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return str(value) if is_scalar else ""


def _shown(value: Any) -> str:
    return repr(value)[:40]


def _scheme(recorded: Tree) -> str:
    """That of the link in the answer; https without one."""
    links = recorded.get("links")
    link = links.get("self") if isinstance(links, dict) else None
    return "http" if isinstance(link, str) and link.startswith("http:") else "https"


def _moment(text: str) -> datetime:
    """The time of the answer in UTC."""
    form = re.sub(r"(?:Z| UTC)$", "", text)
    try:
        moment = datetime.fromisoformat(form)
    except ValueError:
        moment = datetime.min
    if moment.year not in _YEARS:
        raise BadRecordingError(
            f"system-information/time-stamp is {_shown(text)}, not a time such as 2026-02-11T22:05:07"
        )
    return moment.astimezone(timezone.utc) if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _depth(value: Any) -> int:
    """Levels of nesting."""
    level, deepest = [value], 0
    while level:
        deepest += 1
        level = [
            item
            for parent in level
            if isinstance(parent, (dict, list))
            for item in (parent.values() if isinstance(parent, dict) else parent)
        ]
    return deepest


def nearest_profile(version: str) -> str:
    """The profile of the highest firmware line that is not above `fw_7.10.008`."""
    match = _LINE.fullmatch(version)
    line = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
    return next(name for floor, name in _NEAREST if line >= floor)


def adapt(config: Tree, status: Tree) -> Tree:
    """The configuration with the recording's ports, interfaces, services and events; `status` has known forms only."""
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
