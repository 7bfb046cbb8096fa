# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of the status tree that the simulator computes with, and what a recording has in another form.

A part in another form is set aside before the tree is moved, reflected or hit by incidents, and put back unchanged into
each answer. So a device answers with everything that was recorded, and only what has a known form changes.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .tree import MISSING, clone

Tree = dict[str, Any]

_LARGEST = 1e15
_RECEIVER_BLOCKS = ("gps", "gns", "gnm", "grc", "gxl")
_PEER_FLAGS = "configured auth-enabled auth-ok reach-ok broadcast selection event-counter event-code"
_MODULE = "chassis0/slots/*/module"

# Path (`*` for any name or item; an item is also found by its object-id), kind, and the members without which the object
# is left as it is. A table is a list of objects, each with an object-id of its own.
_SHAPES: tuple[tuple[str, str, str], ...] = (
    ("system", "object", ""),
    ("system/uptime", "number", ""),
    ("system/memory", "text", ""),
    ("system/storage", "list", ""),
    ("system/storage/*", "object", "mountpoint size used available"),
    ("system/storage/*/mountpoint", "text", ""),
    ("system/storage/*/size", "size", ""),
    ("system/storage/*/used", "whole", ""),
    ("system/storage/*/available", "whole", ""),
    ("system/sync-status", "object", "clock-status holdover-status"),
    ("system/sync-status/clock-idx", "whole", ""),
    ("system/sync-status/est-time-quality", "text", ""),
    ("system/sync-status/clock-status", "object", ""),
    ("system/sync-status/holdover-status", "object", ""),
    ("system/front-leds", "object", ""),
    ("system/front-leds/*", "object", "current-color current-state current-mode"),
    ("system/firmware", "object", ""),
    ("system/firmware/update", "object", ""),
    ("system/firmware/packages", "table", ""),
    ("notification", "object", ""),
    ("notification/events", "table", ""),
    ("notification/events/*", "object", "type triggered"),
    ("network", "object", ""),
    ("network/ports", "table", ""),
    ("network/ports/*/mac-address", "text", ""),
    ("network/ports/*/statistics", "object", ""),
    ("network/ports/*/statistics/*", "whole", ""),
    ("network/ports/*/bonding-slave", "object", ""),
    ("network/interfaces", "table", ""),
    ("network/interfaces/*/addresses", "list", ""),
    ("network/interfaces/*/addresses/*", "object", ""),
    ("network/interfaces/*/addresses/*/address", "text", ""),
    ("network/interfaces/*/addresses/*/subnet", "text", ""),
    ("network/interfaces/*/cluster", "object", "ipv4"),
    ("network/interfaces/*/cluster/ipv4", "object", ""),
    ("services", "object", ""),
    ("services/*", "object", ""),
    ("services/*/*", "object", ""),
    ("chassis0", "object", ""),
    ("chassis0/slots", "table", ""),
    (_MODULE, "object", ""),
    (f"{_MODULE}/info", "object", ""),
    (f"{_MODULE}/info/sensors", "object", ""),
    (f"{_MODULE}/info/sensors/*", "number", ""),
    (f"{_MODULE}/mrs", "list", ""),
    (f"{_MODULE}/mrs/*", "object", ""),
    (f"{_MODULE}/mrs/*/status", "object", ""),
    (f"{_MODULE}/synthesizer", "object", ""),
    (f"{_MODULE}/outputs", "table", ""),
    (f"{_MODULE}/outputs/*", "object", "signal"),
    (f"{_MODULE}/outputs/*/signal", "text", ""),
    (f"{_MODULE}/inputs", "table", ""),
    (f"{_MODULE}/inputs/*", "object", "type"),
    (f"{_MODULE}/inputs/*/type", "text", ""),
    (f"{_MODULE}/sync-e", "object", ""),
    (f"{_MODULE}/sync-status", "object", "clock-status"),
    (f"{_MODULE}/sync-status/clock-status", "object", ""),
    *(
        row
        for block in _RECEIVER_BLOCKS
        for row in (
            (f"{_MODULE}/{block}", "object", "receiver"),
            (f"{_MODULE}/{block}/receiver", "object", ""),
            (f"{_MODULE}/{block}/antenna", "object", ""),
        )
    ),
    (f"{_MODULE}/dcf77", "object", "correlation field-strength pcps"),
    (f"{_MODULE}/dcf77/correlation", "whole", ""),
    (f"{_MODULE}/dcf77/field-strength", "whole", ""),
    (f"{_MODULE}/dcf77/pcps", "object", ""),
    (f"{_MODULE}/tcr", "object", ""),
    (
        f"{_MODULE}/satellites",
        "object",
        "good-satellites satellites-in-view position-x position-y position-z latitude longitude altitude",
    ),
    (f"{_MODULE}/satellites/good-satellites", "whole", ""),
    (f"{_MODULE}/satellites/satellites-in-view", "whole", ""),
    *(
        (f"{_MODULE}/satellites/{name}", "number", "")
        for name in ("position-x", "position-y", "position-z", "latitude", "longitude", "altitude", "pdop", "tdop")
    ),
    (f"{_MODULE}/satellites/selected-satellites", "list", ""),
    (f"{_MODULE}/satellites/gnss", "object", ""),
    (f"{_MODULE}/satellites/gnss/satellite-list", "list", ""),
    (f"{_MODULE}/fdm", "object", "frequency nominal-frequency time-deviation"),
    (f"{_MODULE}/fdm/frequency", "number", ""),
    (f"{_MODULE}/fdm/nominal-frequency", "number", ""),
    (f"{_MODULE}/fdm/time-deviation", "number", ""),
    (f"{_MODULE}/ports", "table", ""),
    (f"{_MODULE}/ports/*", "object", "direction signal"),
    (f"{_MODULE}/ports/*/offset", "number or null", ""),
    (f"{_MODULE}/ptp", "object", ""),
    (f"{_MODULE}/ptp/instances", "table", ""),
    (f"{_MODULE}/ptp/instances/*", "object", "unicast-clients"),
    (f"{_MODULE}/ptp/instances/*/unicast-clients", "whole", ""),
    (f"{_MODULE}/clocks", "table", ""),
    (f"{_MODULE}/clocks/*", "object", "state"),
    (f"{_MODULE}/relays", "list", ""),
    (f"{_MODULE}/relays/*", "object", ""),
    (f"{_MODULE}/relays/*/source", "text", ""),
    ("ntp", "table", ""),
    (
        "ntp/sys",
        "object",
        "status-sys-leap-indicator status-sys-clock-source status-sys-event-counter status-sys-event-code",
    ),
    ("ntp/sys/status-sys-leap-indicator", "text", ""),
    ("ntp/sys/status-sys-event-counter", "whole", ""),
    ("ntp/sys/status-sys-event-code", "text", ""),
    ("ntp/*", "object", " ".join(["association-id", *(f"status-peer-{name}" for name in _PEER_FLAGS.split())])),
    ("ntp/*/association-id", "whole", ""),
    ("ntp/*/status-peer-event-counter", "whole", ""),
    ("ntp/*/status-peer-event-code", "text", ""),
    *(
        (f"ntp/{entry}/{name}", "number", "")
        for entry in ("sys", "*")
        for name in ("offset", "dispersion", "rootdisp", "clk-jitter", "clk-wander")
    ),
    ("syncmon", "object", ""),
    ("syncmon/nodes", "table", ""),
    ("syncmon/nodes/*/offset", "number or null", ""),
    ("syncmon/nodes/*/offset-limit", "number", ""),
)


class Odd(NamedTuple):
    """A part in another form: the names on the way to it (an item by object-id or index), its own place, and its value."""

    parents: tuple[str | int, ...]
    place: str | int
    value: Any


class _Shape:
    """One node of the forms: kind, members that an object needs, and the forms of its members."""

    def __init__(self) -> None:
        self.kind = "any"
        self.needed: tuple[str, ...] = ()
        self.members: dict[str, _Shape] = {}

    def member(self, name: str) -> _Shape | None:
        return self.members.get(name) or self.members.get("*")


def _build() -> _Shape:
    root = _Shape()
    root.kind = "object"
    for path, kind, needed in _SHAPES:
        shape = root
        for name in path.split("/"):
            shape = shape.members.setdefault(name, _Shape())
        shape.kind, shape.needed = kind, tuple(needed.split())
    return root


_ROOT = _build()


def set_aside(status: Tree) -> tuple[Tree, list[Odd]]:
    """The parts of a status tree that have the known form, and the other ones."""
    odd: list[Odd] = []
    known = _known(status, _ROOT, (), odd)
    return ({}, []) if known is MISSING else (known, odd)


def put_back(status: Tree, odd: list[Odd]) -> None:
    """Writes the other parts into a status tree, in place; a part whose parent is gone stays away."""
    for part in odd:
        parent: Any = status
        for step in part.parents:
            parent = _step(parent, step)
        if isinstance(parent, dict) and isinstance(part.place, str):
            parent[part.place] = clone(part.value)
        elif isinstance(parent, list) and isinstance(part.place, int):
            parent.insert(part.place, clone(part.value))


def _step(parent: Any, step: str | int) -> Any:
    if isinstance(parent, dict):
        return parent.get(str(step))
    if not isinstance(parent, list):
        return None
    if isinstance(step, int):
        return parent[step] if step < len(parent) else None
    return next((item for item in parent if isinstance(item, dict) and item.get("object-id") == step), None)


def _known(value: Any, shape: _Shape, path: tuple[str | int, ...], odd: list[Odd]) -> Any:
    """What of a value has the known form; MISSING if it has another one as a whole. Appends the other parts to `odd`."""
    if not _fits(value, shape.kind):
        return MISSING
    if isinstance(value, dict):
        return _known_members(value, shape, path, odd)
    if isinstance(value, list) and (shape.kind == "table" or "*" in shape.members):
        return _known_items(value, shape, path, odd)
    return value


def _known_members(value: Tree, shape: _Shape, path: tuple[str | int, ...], odd: list[Odd]) -> Any:
    inner: list[Odd] = []
    known: Tree = {}
    for name, item in value.items():
        form = shape.member(name)
        kept = item if form is None else _known(item, form, (*path, name), inner)
        if kept is MISSING:
            inner.append(Odd(path, name, item))
        else:
            known[name] = kept
    if any(name not in known for name in shape.needed):
        return MISSING
    odd.extend(inner)
    return known


def _known_items(items: list[Any], shape: _Shape, path: tuple[str | int, ...], odd: list[Odd]) -> list[Any]:
    known: list[Any] = []
    names: set[str] = set()
    for place, item in enumerate(items):
        name: str | int = len(known)
        if shape.kind == "table":
            name = item.get("object-id", "") if isinstance(item, dict) else ""
        is_named = shape.kind != "table" or (isinstance(name, str) and name != "" and name not in names)
        form = shape.member(name if isinstance(name, str) else "*")
        kept = item if form is None else MISSING
        if form is not None and is_named:
            kept = _known(item, form, (*path, name), odd)
        if kept is MISSING or not is_named:
            odd.append(Odd(path, place, item))
            continue
        known.append(kept)
        names.add(str(name))
    return known


def _fits(value: Any, kind: str) -> bool:
    if kind == "object":
        return isinstance(value, dict)
    if kind in ("table", "list"):
        return isinstance(value, list)
    if kind == "text":
        return isinstance(value, str)
    if kind == "any" or (value is None and kind == "number or null"):
        return True
    if isinstance(value, bool) or not isinstance(value, int if kind in ("whole", "size") else (int, float)):
        return False
    return math.isfinite(value) and abs(value) < _LARGEST and (kind != "size" or value > 0)
