# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check of answers against the tables of payloads.md section 3: members, types, tokens.

Modules of a chassis are open-ended: only what is recorded of them is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|never"
_POSITION_TIME = r"(\d{4}\.\d\d\.\d\d|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d"
_MAC = r"([0-9a-f]{2}:){5}[0-9a-f]{2}"

# Path (`*` an item or any name, `**` anything below) and what stands there: a type, a pattern of
# a string, or a choice of both.
_RULES: tuple[tuple[str, str], ...] = (
    ("object-id", "'status"),
    ("rest-api/api-version", r"'\d+\.\d+\.\d+"),
    ("system/uptime", "number"),
    ("system/current-time", r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9} UTC"),
    ("system/current-time-iso", r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    ("system/cpuload", r"'\d+\.\d\d \d+\.\d\d \d+\.\d\d \d+/\d+ \d+"),
    ("system/memory", r"'\d+ kB total memory, \d+ kB free \(\d+ %\)"),
    ("system/position", r"'-?\d+\.\d+, -?\d+\.\d+"),
    ("system/last-position-update", f"'{_POSITION_TIME}"),
    ("system/last-config-change", "number"),
    ("system/api-last-update", f"'{_TIME}"),
    ("system/sync-status/clock-idx", "int"),
    ("system/sync-status/leapsecond-announced", "bool"),
    ("system/sync-status/leapsecond-date", "string"),
    ("system/sync-status/est-time-quality", r"'less-than-\d+[a-z]+"),
    ("system/sync-status/reference", r"'clk\d-[a-z0-9]+"),
    ("system/sync-status/ref-type", r"'[a-z0-9-]+"),
    ("system/sync-status/osc-type", r"'(tcxo|rubidium|ocxo-[a-z]+)"),
    ("system/sync-status/clock-status/clock", "'(synchronized|holdover|not-synchronized)"),
    ("system/sync-status/clock-status/oscillator", "'(not-)?warmed-up"),
    ("system/sync-status/clock-status/antenna", "'(connected|disconnected|short-circuit)"),
    ("system/sync-status/holdover-status/*", "int"),
    ("system/front-leds/*/current-color", "'(green|red|blue|none)"),
    ("system/front-leds/*/last-color", "'(green|red|blue|none)"),
    ("system/front-leds/*/current-state", "bool"),
    ("system/front-leds/*/last-state", "bool"),
    ("system/front-leds/*/current-mode", "'permanent"),
    ("system/front-leds/*/last-mode", "'permanent"),
    ("system/storage/*/object-id", "'[a-z0-9_]+"),
    ("system/storage/*/mountpoint", "'/[a-z/]*"),
    ("system/storage/*/size", "int"),
    ("system/storage/*/used", "int"),
    ("system/storage/*/available", "int"),
    ("system/storage/*/used-percent", "int"),
    ("system/firmware/running", r"'fw_\d+\.\d+\.\d+(-[a-z]+)?"),
    ("system/firmware/selected", r"'fw_\d+\.\d+\.\d+(-[a-z]+)?"),
    ("system/firmware/fwimage", r"'firmware-\d+\.\d+\.\d+(-[a-z]+)?-x(86|32)"),
    ("system/firmware/firmware/*/object-id", "string"),
    ("system/firmware/firmware/*/version", r"'\d+\.\d+\.\d+"),
    ("system/firmware/firmware/*/type", "'(Compressed|Standard)"),
    ("system/firmware/update/update-in-progress", "bool"),
    ("system/firmware/update/update-progress", "int"),
    ("system/firmware/update/last-update-successful", "bool"),
    ("system/firmware/update/last-update-started", f"'{_TIME}"),
    ("system/firmware/update/last-update-ended", f"'{_TIME}"),
    ("system/firmware/update/last-update-error", "string"),
    ("system/firmware/packages/*/object-id", "string"),
    ("system/firmware/packages/*/version", "string"),
    ("notification/events/*/object-id", "string"),
    ("notification/events/*/type", "'(info|warning|error|critical|action)"),
    ("notification/events/*/triggered", "int"),
    ("notification/events/*/last-triggered", f"'{_TIME}"),
    ("network/ports/*/object-id", r"'lan\d+"),
    ("network/ports/*/port-available", "bool"),
    ("network/ports/*/duplex", "'(full|half|-)"),
    ("network/ports/*/operstate", "bool"),
    ("network/ports/*/link", "bool"),
    ("network/ports/*/speed", r"'(\d+|-)"),
    ("network/ports/*/mac-address", f"'{_MAC}"),
    ("network/ports/*/slot-id", "int"),
    ("network/ports/*/port-id", "int"),
    ("network/ports/*/slot-name", "string"),
    ("network/ports/*/card-name", "string"),
    ("network/ports/*/statistics/*", "int"),
    ("network/ports/*/bonding-slave/mii-status", "bool"),
    ("network/ports/*/bonding-slave/*", "string"),
    ("network/interfaces/*/object-id", r"'vif\d+"),
    ("network/interfaces/*/ifname", r"'lan\d+:\d+"),
    ("network/interfaces/*/addresses/*/object-id", "'ipv4-(dhcp|static)"),
    ("network/interfaces/*/addresses/*/*", "string"),
    ("network/interfaces/*/cluster/*/enabled", "bool"),
    ("network/interfaces/*/cluster/*/master-priority", "int"),
    ("network/interfaces/*/cluster/*/*", "string"),
    ("services/*/*/running", "bool"),
    ("chassis0/model", "string"),
    ("chassis0/serial-number", "string"),
    ("chassis0/backplane-revision", "string"),
    ("chassis0/firmware-image", "string"),
    ("chassis0/slot-layout", r"'\d+,\d+"),
    ("chassis0/slots/*/object-id", r"'[a-z]+\d*"),
    ("chassis0/slots/*/slot-id", "string"),
    ("chassis0/slots/*/slot-type", "string"),
    ("chassis0/slots/*/slot-position", r"'\d+,\d+,\d+"),
    ("chassis0/slots/*/slot-orientation", "'(vertical|internal)"),
    ("chassis0/slots/*/module/info/model", r"'[a-z0-9-]+"),
    ("chassis0/slots/*/module/info/sensors/*", "number"),
    ("chassis0/slots/*/module/info/*", "string"),
    ("chassis0/slots/*/module/power-available", "bool"),
    ("chassis0/slots/*/module/power-capacity", "number"),
    ("chassis0/slots/*/module/sync-status/clock-idx", "'(not-)?selected"),
    ("chassis0/slots/*/module/supported-string-types/*/value", "int"),
    ("chassis0/slots/*/module/**", "any"),
    ("chassis-xhe/*/**", "any"),
    ("ntp/*/object-id", r"'(sys|ref_\d+)"),
    ("ntp/*/association-id", "int"),
    ("ntp/*/status", "'[0-9a-f]{4}"),
    ("ntp/*/leap", "int or string"),
    ("ntp/*/stratum", "int"),
    ("ntp/*/precision", "int"),
    ("ntp/*/tai", "int"),
    ("ntp/*/reach", "int"),
    ("ntp/*/poll-status", r"'[01]{8} \[[0-7]{3}\]"),
    ("ntp/*/status-sys-event-counter", "int"),
    ("ntp/*/status-peer-event-counter", "int"),
    ("ntp/*/status-peer-configured", "bool"),
    ("ntp/*/status-peer-auth-enabled", "bool"),
    ("ntp/*/status-peer-auth-ok", "bool"),
    ("ntp/*/status-peer-reach-ok", "bool"),
    ("ntp/*/status-peer-broadcast", "bool"),
    ("ntp/*/rootdelay", "number"),
    ("ntp/*/rootdisp", "number"),
    ("ntp/*/clk-jitter", "number"),
    ("ntp/*/clk-wander", "number"),
    ("ntp/*/offset", "number"),
    ("ntp/*/delay", "number"),
    ("ntp/*/dispersion", "number"),
    ("ntp/*/leapsec", r"'\d{12}"),
    ("ntp/*/expire", r"'\d{12}"),
    ("ntp/*/id", "string"),
    ("ntp/*/name", "string"),
    ("ntp/*/refid", "string"),
    ("ntp/*/status-sys-leap-indicator", "string"),
    ("ntp/*/status-sys-clock-source", "string"),
    ("ntp/*/status-sys-event-code", "string"),
    ("ntp/*/status-peer-selection", "string"),
    ("ntp/*/status-peer-event-code", "string"),
    ("syncmon/last-updated", f"'{_TIME}"),
    ("syncmon/nodes/*/**", "any"),
    ("syncteam/operational-mode", "string"),
    ("syncteam/time-quality", "string"),
    ("syncteam/leapsecond-state", "'no-leap-?second"),
    ("syncteam/current-tfom", "int"),
    ("syncteam/team-members", "int"),
    ("syncteam/online-members", "int"),
    ("syncteam/offline-members", "int"),
    ("syncteam/reference/*", "string"),
)

_ENVELOPE = {
    "API Version": r"LANTIME REST API V\d+\.\d+\.\d+",
    "version": r"fw_\d+\.\d+\.\d+(-[a-z]+)?",
    "serial-number": r".+",
    "hostname": r".*",
    "time-stamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "model": r"M\d+S?",
}


def check_envelope(answer: Any) -> list[str]:
    """What is wrong with the envelope of an answer to a GET."""
    if not isinstance(answer, dict):
        return ["the answer is no object"]
    problems = [
        f"{name} is missing" for name in ("system-information", "data", "changes", "links") if name not in answer
    ]
    information = answer.get("system-information", {})
    for name, pattern in _ENVELOPE.items():
        if not re.fullmatch(pattern, str(information.get(name))):
            problems.append(f"system-information.{name}: {information.get(name)!r}")
    pending = answer.get("changes", {}).get("pending-changes")
    if not isinstance(pending, int) or isinstance(pending, bool):
        problems.append(f"changes.pending-changes: {pending!r}")
    if not str(answer.get("links", {}).get("self")).partition("://")[2].startswith("localhost/"):
        problems.append("links.self does not name localhost")
    return problems


def check_status(status: Any) -> list[str]:
    """What is wrong with the data of GET /api/status, as `path: value`."""
    problems = []
    for path, value in _scalars(status, ()):
        row = _row(path)
        if row is None:
            problems.append(f"{'/'.join(path)}: not in the tables")
        elif not _fits(row[1], value):
            problems.append(f"{'/'.join(path)}: {value!r} is not {row[1]}")
    for path, names in _tables(status, ()):
        if len(set(names)) != len(names):
            problems.append(f"{'/'.join(path)}: object-id used twice")
    return problems


def rows() -> list[str]:
    """The rows of the tables, as patterns of paths."""
    return [pattern for pattern, dummy in _RULES]


def rows_shown(status: Any) -> set[str]:
    """The rows of which a status tree has at least one leaf."""
    found = (_row(path) for path, dummy in _scalars(status, ()))
    return {row[0] for row in found if row is not None}


def _scalars(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _scalars(item, (*path, name))
    elif isinstance(value, list):
        for item in value:
            key = item.get("mountpoint", item.get("object-id")) if isinstance(item, dict) else "-"
            yield from _scalars(item, (*path, str(key)))
    else:
        yield path, value


def _tables(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _tables(item, (*path, name))
    elif isinstance(value, list):
        items = [item for item in value if isinstance(item, dict)]
        yield path, [str(item.get("mountpoint", item.get("object-id"))) for item in items]
        for item in items:
            yield from _tables(item, (*path, "*"))


def _row(path: tuple[str, ...]) -> tuple[str, str] | None:
    for pattern, rule in _RULES:
        parts = pattern.split("/")
        if parts[-1] == "**":
            parts = parts[:-1]
            if len(path) <= len(parts):
                continue
        elif len(parts) != len(path):
            continue
        if all(part in ("*", name) for part, name in zip(parts, path)):
            return pattern, rule
    return None


def _fits(rule: str, value: Any) -> bool:
    if rule == "any":
        return True
    if rule.startswith("'"):
        return isinstance(value, str) and re.fullmatch(rule[1:], value) is not None
    kinds: dict[str, Any] = {
        "bool": bool,
        "int": int,
        "number": (int, float),
        "string": str,
        "int or string": (int, str),
    }
    if rule != "bool" and isinstance(value, bool):
        return False
    return isinstance(value, kinds[rule])
