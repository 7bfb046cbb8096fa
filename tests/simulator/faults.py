# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of one device: data that says which requests go wrong, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .wire import FORMS

# kind: its own members with their defaults.
KINDS: dict[str, dict[str, Any]] = {
    "status": {"status": 500, "headers": {}, "body": ""},
    "delay": {"seconds": 1.0},
    "close-before-answer": {},
    "close-after-effect": {},
    "close-after-answer": {},
    "error-after-effect": {"status": 500},
    "login-page": {},
    "truncated": {"keep": 0.5},
    "drip": {"bytes": 1, "interval": 0.1},
    "slow-answers": {"seconds": 1.0},
    "endless": {"limit": 209715200},
    "gzip": {},
    "interim": {"statuses": "100 102 103"},
    "redirect": {"location": "https://192.0.2.1/api/status", "status": 302},
    "reflect": {"status": 400, "what": "both", "form": "json"},
    "garbage": {"body": '{"data": {,,'},
    "hostile-id": {"object-id": "../users"},
    "added-members": {"members": {}},
    "missing-member": {"name": ""},
    "api-off": {},
    "swap": {"device": ""},
    "no-answer": {},
    "encoded": {"encoding": "utf-16", "content-type": "application/json"},
    "wire": {"form": "not-http", "interval": 0.0},
    "keep-alive": {"requests": 1, "seconds": 0.0},
}
_MATCH: dict[str, Any] = {"method": "", "path": "", "nth": None, "times": None}

# The request is not looked at: the device's state stays as it is.
BEFORE = frozenset(
    {"status", "close-before-answer", "login-page", "redirect", "reflect", "garbage", "endless", "api-off", "no-answer"}
)


class Fault:
    """One fault with its matching and its count of matching requests.

    `method` and `path` (a prefix) narrow it; without `nth` and `times` every matching request is
    hit, with `nth` the nth one, with `times` so many from there on.
    """

    def __init__(self, number: int, kind: str, **members: Any) -> None:
        own = KINDS.get(kind)
        if own is None:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(sorted(KINDS))}")
        known = {**_MATCH, **own}
        unknown = set(members) - set(known)
        if unknown:
            raise ValueError(f"fault {kind}: unknown member {sorted(unknown)[0]!r}")
        self.number = number
        self.kind = kind
        self.members: dict[str, Any] = {**known, **members}
        self.seen = 0
        for name, example in known.items():
            value = self.members[name]
            good = value is None if example is None else False
            if isinstance(example, (int, float)) or name in ("nth", "times"):
                good = good or (isinstance(value, (int, float)) and not isinstance(value, bool))
            elif isinstance(example, dict):
                good = isinstance(value, dict)
            elif isinstance(example, str):
                good = isinstance(value, str) or name == "body"
            if not good:
                raise ValueError(f"fault {kind}: {name} cannot be {value!r}")
        if kind == "wire" and self.members["form"] not in FORMS:
            raise ValueError(f"fault wire: form cannot be {self.members['form']!r}; known: {', '.join(FORMS)}")

    def hits(self, method: str, path: str) -> bool:
        """Counts a request if it matches, and says whether it goes wrong."""
        wanted = self.members
        if wanted["method"] and wanted["method"].upper() != method:
            return False
        if not path.startswith(wanted["path"]):
            return False
        self.seen += 1
        nth, times = wanted["nth"], wanted["times"]
        first = nth or 1
        if times is None:
            return self.seen == first if nth else True
        return bool(first <= self.seen < first + times)

    def __getitem__(self, name: str) -> Any:
        return self.members[name]

    def described(self) -> dict[str, Any]:
        return {"number": self.number, "kind": self.kind, "seen": self.seen, **self.members}


class Faults:
    """The faults of one device; the first that hits a request wins, delays add up.

    A swap acts on connections: those that are opened after the request that it hits reach another device.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._swap: Fault | None = None
        self._next = 1

    def add(self, kind: str, **members: Any) -> int:
        fault = Fault(self._next, kind, **members)
        self._faults.append(fault)
        self._next += 1
        return fault.number

    def add_described(self, described: Mapping[str, Any]) -> int:
        """From the data that the control API takes: an object with `kind` and members."""
        members = {str(key): value for key, value in described.items() if key != "kind"}
        return self.add(str(described.get("kind", "")), **members)

    def clear(self, number: int | None = None) -> None:
        self._faults = [fault for fault in self._faults if number is not None and fault.number != number]
        if self._swap not in self._faults:
            self._swap = None

    @property
    def swapped_for(self) -> str:
        """The name of the device that new connections reach; empty for the device itself."""
        return str(self._swap["device"]) if self._swap is not None else ""

    def match(self, method: str, path: str) -> tuple[float, Fault | None]:
        """Seconds to wait and the fault to play for this request."""
        wait = 0.0
        chosen: Fault | None = None
        for fault in self._faults:
            if not fault.hits(method, path):
                continue
            if fault.kind == "delay":
                wait += float(fault["seconds"])
            elif fault.kind == "swap":
                self._swap = fault
            elif chosen is None:
                chosen = fault
        return wait, chosen

    def described(self) -> list[dict[str, Any]]:
        return [fault.described() for fault in self._faults]


def with_members(value: Any, members: Mapping[str, Any]) -> None:
    """Adds members to every object of an answer's data, in place."""
    for inner in list(value.values()) if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            with_members(inner, members)
    if isinstance(value, dict):
        value.update(members)


def without_member(value: Any, name: str) -> None:
    """Takes a member out of every object of an answer's data, in place."""
    if isinstance(value, dict):
        value.pop(name, None)
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            without_member(inner, name)


def with_hostile_id(value: Any, object_id: str) -> bool:
    """Adds an item with a hostile object-id to the first table of an answer's data, in place."""
    if isinstance(value, dict):
        return any(with_hostile_id(item, object_id) for item in value.values())
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict) and "object-id" in item:
                value.append({**item, "object-id": object_id})
                return True
    return False
