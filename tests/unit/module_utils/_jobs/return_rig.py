# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of modules with the values of their return values, and what precedes them."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import Bench, Prepare, Tree
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import (
    CONTACT,
    ignore_stratum,
)


class Matching:
    """Equal to every text that matches a regular expression as a whole."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Matching({self.pattern!r})"


class Positive:
    """Equal to every number above zero."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, float)) and not isinstance(other, bool) and other > 0

    __hash__ = None  # type: ignore[assignment]


class Containing:
    """A list with an entry that has these members."""

    def __init__(self, entry: Tree) -> None:
        self.entry = entry

    def find(self, entries: t.Any) -> Tree:
        return next(entry for entry in entries if entry["id"] == self.entry["id"])


class Sample(t.NamedTuple):
    """A run and members of its result with their values. Members of dictionaries that are not named are not compared."""

    module: t.Any
    options: Tree
    expected: Tree
    prepare: Prepare | None = None
    device: str = "m600"


TIME = Matching(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{3})?Z")
M600: Tree = {
    "model": "M600",
    "serial_number": "000108385461",
    "hostname": "m600",
    "firmware": "7.10.012",
    "api_version": "20.07.002",
    "api_generation": 20,
}


def request(method: str, path: t.Any, status: int | None = 200, **more: t.Any) -> Tree:
    """An entry of http_sessions."""
    times = {"request_time": TIME, "response_time": TIME, "round_trip_ms": Positive()}
    sizes = {"request_bytes": 0, "response_bytes": Positive()}
    return {"method": method, "path": path, "status": status, "error": None, "attempt": 1, **times, **sizes, **more}


def operation(number: int, path: str, before: t.Any, after: t.Any, state: str, action: str = "set") -> Tree:
    head = {"id": number, "handler": path.split("/")[0], "action": action, "path": path}
    return {**head, "before": before, "after": after, "state": state}


def command(name: str, handler: str, before: int, after: int, state: str = "succeeded") -> Tree:
    counts = {"before": {"pending_changes": before}, "after": {"pending_changes": after}}
    return {"id": 1, "handler": handler, "action": "command", "path": name, **counts, "state": state}


def contact(state: str, number: int = 1) -> Tree:
    return operation(number, "snmp", {"contact": "operations"}, {"contact": "noc"}, state)


def confirm(state: str) -> Tree:
    """The member of a task that watched a window of 0.1 s."""
    watched = {"watched_seconds": Positive(), "checks": Positive()}
    return {"state": state, "window": 0.1, "until": None, **watched, "startup": "untouched"}


def stratum(state: str, number: int = 2) -> Tree:
    return operation(number, "ntp/local-clock", {"stratum": 12}, {"stratum": 5}, state)


def refuse_write(bench: Bench) -> None:
    bench.device.add_fault("status", status=400, method="PUT", body={"error": "no"})


def refuse_rollback(bench: Bench) -> None:
    ignore_stratum(bench)
    bench.device.add_fault("status", status=400, method="PUT", path="/api/config/snmp", nth=2)


def change_location(bench: Bench) -> None:
    """Another client changes the location as soon as the task writes."""
    send = Device.apply

    def apply(self: Device, change: t.Any, menu: Tree) -> None:
        send(self, change, menu)
        bench.device.change("snmp/location", "elsewhere")

    bench.monkeypatch.setattr(Device, "apply", apply)


def refuse_menu(bench: Bench) -> None:
    bench.device.set_dialect(menu_put_refused=True)


def change_contact(bench: Bench) -> None:
    bench.device.change(CONTACT, "unsaved")


REFUSED: Tree = {
    "code": "rejected",
    "path": "/api/config/snmp/contact",
    "http_status": 400,
    "device_message": "no",
    "hint": "compare the value with what the device's web interface accepts",
}
UNKNOWN_PATH: Tree = {
    "code": "unknown_name",
    "path": "snmp/nothing",
    "http_status": 404,
    "device_message": None,
    "hint": "correct the name",
}
BUSY: Tree = {
    "code": "busy",
    "path": Matching("/api/.*"),
    "http_status": 503,
    "device_message": "later",
    "hint": Matching(".+"),
}


def be_busy(bench: Bench) -> None:
    bench.device.add_fault("status", status=503, body={"error": "later"}, headers={"Retry-After": "60"})


def busy(module: t.Any, options: Tree) -> Sample:
    log = [request("GET", Matching("/api/.*"), 503)]
    expected: Tree = {"changed": False, "error": BUSY, "http_sessions": log}
    return Sample(module, {**options, "http_log": True}, expected, be_busy)
