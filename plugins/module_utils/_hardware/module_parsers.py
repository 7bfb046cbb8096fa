# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of one plug-in module in typed form.

The JSON of most IMS modules is not public. What the vendor's pages say that a module has is therefore
looked for under each of its likely names (ASSUMPTION), and everything else stands in `details` under the
device's own names in snake case. docs/modules.md says per family what is confirmed.

The `take_*` functions get a dict of the module's members that nobody has read so far, and remove what they read.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import math
import re
import typing as t
from collections.abc import Mapping

from .._tree import values

if t.TYPE_CHECKING:
    from collections.abc import Callable

    # (name of the result, the device's likely names, best first, reader)
    Spec = tuple[tuple[str, str, Callable[[object], object]], ...]

Rest = dict[str, t.Any]
Item = dict[str, t.Any]

_MAX_MEMBERS = 64
_DURATION = re.compile(r"([-+]?[0-9.]{1,30}(?:[eE][-+]?[0-9]{1,3})?) ?(ps|ns|us|µs|ms|s)")
_EXPONENT = {"ps": -12, "ns": -9, "us": -6, "µs": -6, "ms": -3, "s": 0}
_PRIORITY = re.compile(r"[^0-9]{0,32}([0-9]{1,4})")
_TABLE = re.compile(r"(?:[a-z0-9]{1,16}-){0,3}(output|input|port|relay)s?")


def typed_value(value: object) -> t.Any:
    """Any JSON value in the form of facts: names in snake case, trimmed text, None for each way of saying nothing.

    `none` is kept, as it is a real value of some members. The caller makes sure that the value is bounded.
    """
    if isinstance(value, Mapping):
        found: Item = {}
        for name, member in value.items():
            key = values.snake(name)
            found[name if key in found else key] = typed_value(member)
        return found
    if isinstance(value, list):
        return [typed_value(item) for item in value]
    return values.text(value) if isinstance(value, str) else value


def details(members: Mapping[str, t.Any], *known: str) -> Item:
    """`plain` of the members that are not `known`; huge ones are left out (they stand in the module's `status`)."""
    chosen = {
        name: value
        for name, value in members.items()
        if name not in known and name != "object-id" and len(name) <= values.MAX_PARSED and values.bounded(value)
    }
    return t.cast("Item", typed_value(dict(list(chosen.items())[:_MAX_MEMBERS])))


def typed(source: Mapping[str, t.Any], spec: Spec) -> Item:
    """The members that `spec` names, and the others in `details`.

    A value that its reader does not understand says something all the same, so it stands in `details` too.
    """
    found: Item = {}
    read: set[str] = set()
    for name, likely, reader in spec:
        there = [key for key in likely.split() if key in source and key not in read]
        telling = (key for key in there if not values.absent(source[key]))
        key = next(telling, there[0] if there else None)
        value = None if key is None else source[key]
        found[name] = reader(value)
        if key is not None and (found[name] is not None or values.absent(value)):
            read.add(key)
    found["details"] = details(source, *read)
    return found


def split(value: object) -> tuple[list[tuple[str, Mapping[str, t.Any]]], t.Any]:
    """(object-id, item) of a table, and what in it is no item (None if nothing)."""
    items = values.table(value)
    left: t.Any = None
    if isinstance(value, Mapping):
        left = {name: member for name, member in value.items() if not isinstance(member, Mapping)}
    elif isinstance(value, list):
        left = [member for member in value if not isinstance(member, Mapping)]
    return items, left or None


def nanoseconds(value: object) -> float | None:
    """Nanoseconds from a number of them, or from text with a unit (`1.5 us`)."""
    return _duration(value, 9, values.number(value))


def seconds(value: object) -> float | None:
    """Seconds from a number of them, or from text with a unit (`15 us`)."""
    return _duration(value, 0, values.number(value))


def seconds_as_ns(value: object) -> float | None:
    """Nanoseconds from a number of seconds, or from text with a unit."""
    found = values.number(value)
    return _duration(value, 9, None if found is None else found * 1e9)


def _duration(value: object, shift: int, found: float | None) -> float | None:
    match = _DURATION.fullmatch((values.text(value) or "")[: values.MAX_PARSED])
    if found is None and match is not None:
        amount = values.number(match.group(1))
        found = None if amount is None else amount * 10.0 ** (_EXPONENT[match.group(2)] + shift)
    if found is None or not math.isfinite(found):
        return None
    # Rounding tails of old firmware (9.9999999999999995e-08) end here.
    found = float(f"{found:.12g}")
    return int(found) if shift and found.is_integer() and abs(found) < 2**63 else found


_SOCKET: Spec = (
    ("signal", "signal type format", values.text),
    ("signal_present", "signal-present present", values.boolean),
    ("state", "state status", values.text),
)
_OUTPUT: Spec = (
    *_SOCKET,
    ("level", "level", values.text),
    ("connector", "connector", values.text),
)
_INPUT: Spec = (
    *_SOCKET,
    ("quality_level", "quality-level ssm", values.text),
    ("offset_ns", "offset offset-ns", nanoseconds),
)
_RELAY: Spec = (
    ("state", "state status", lambda value: values.text(value) or values.boolean(value)),
    ("source", "source reference", values.text),
)
_SPECS = {"output": _OUTPUT, "input": _INPUT, "relay": _RELAY}


def take_tables(rest: Rest) -> dict[str, list[Item]]:
    """{"outputs": [...], "inputs": [...], "relays": [...]} from tables of such names (ASSUMPTION).

    `signal_present` and the like are None where the module does not say. A port of a card whose ports are
    either stands where its `direction` says; one without direction stays.
    """
    found: dict[str, list[Item]] = {"outputs": [], "inputs": [], "relays": []}
    for name in list(rest):
        match = _TABLE.fullmatch(name)
        items, left = split(rest[name])
        if match is None or not items:
            continue
        unclear = []
        for object_id, item in items:
            kind = match.group(1)
            if kind == "port":
                kind = values.text(item.get("direction")) or ""
            if kind not in _SPECS:
                unclear.append(item)
                continue
            members = {key: item[key] for key in item if key != "direction"}
            entry = {"object_id": object_id or None, **typed(members, _SPECS[kind])}
            found[f"{kind}s"].append(entry)
        if unclear or left:
            rest[name] = unclear or left
        else:
            del rest[name]
    return found


def take_sources(rest: Rest) -> list[Item]:
    """The references of a clock in order of priority.

    Members of `settings` are CONFIRMED, that bias and precision are seconds there is INFERRED. A clock
    without MRS may show one placeholder, so an entry does not say that the clock follows it.
    """
    items, left = split(rest.get("mrs"))
    if not items:
        return []
    if left:
        rest["mrs"] = left
    else:
        del rest["mrs"]
    return sorted(
        (_source(object_id, item) for object_id, item in items),
        key=lambda entry: (entry["priority"] is None, entry["priority"] or 0),
    )


def _source(object_id: str, item: Mapping[str, t.Any]) -> Item:
    info = values.mapping(item.get("info"))
    settings = values.mapping(info.get("settings"))
    identity = values.mapping(settings.get("id"))
    place = _PRIORITY.fullmatch(object_id)
    other = {
        **details(settings, "bias", "precision", "id"),
        **details(info, "settings"),
        **details(item, "info"),
    }
    return {
        "object_id": object_id or None,
        "priority": int(place.group(1)) if place else None,
        "type": values.text(identity.get("type")),
        "instance": values.integer(identity.get("instance")),
        "bias_ns": seconds_as_ns(settings.get("bias")),
        "precision_ns": seconds_as_ns(settings.get("precision")),
        "details": other,
    }


def _hertz(value: object) -> float | None:
    """Mains of 45 to 65 Hz, which the vendor's MIB counts in mHz. 0 means that there is no signal."""
    found = values.number(value) or None
    return found if found is None or found < 1000 else found / 1000


_MAINS: Spec = (
    ("frequency_hertz", "frequency freq", _hertz),
    ("nominal_frequency_hertz", "nominal-frequency nom-freq", _hertz),
    ("time_deviation_seconds", "time-deviation", seconds),
    ("frequency_within_limits", "frequency-within-limits", values.boolean),
    ("time_within_limits", "time-within-limits", values.boolean),
    ("overflow", "overflow", values.boolean),
)


def take_mains(rest: Rest) -> Item | None:
    """What a monitor of the mains measures (ASSUMPTION)."""
    for name in ("fdm", "mains"):
        if isinstance(rest.get(name), Mapping) and rest[name]:
            found = typed(rest.pop(name), _MAINS)
            frequency, nominal = found["frequency_hertz"], found["nominal_frequency_hertz"]
            known = frequency is not None and nominal is not None
            found["frequency_deviation_hertz"] = round(frequency - nominal, 6) if known else None
            return found
    return None


def take_serial_strings(rest: Rest) -> list[str]:
    """Names of the time strings that a clock's serial port can send."""
    items, dummy = split(rest.pop("supported-string-types", None))
    return [name for name, item in items if name]


def take_power(rest: Rest) -> Item | None:
    if "power-available" not in rest and "power-capacity" not in rest:
        return None
    return {
        "available": values.boolean(rest.pop("power-available", None)),
        "capacity_watts": values.number(rest.pop("power-capacity", None)),
    }


def parse_antenna(blocks: Mapping[str, object]) -> Item | None:
    """The antenna that one of the receiver blocks tells of, by name of the block."""
    for kind, block in blocks.items():
        told = values.mapping(block).get("antenna")
        if isinstance(told, Mapping):
            connected = values.boolean(told.get("connected"))
            short = values.boolean(told.get("short-circuit"))
            more = details(told, "connected", "short-circuit")
            state = values.text(told.get("state"))
        elif values.text(told) is not None:
            state = values.text(told)
            connected, short, more = (True if state == "connected" else None), None, {}
        else:
            continue
        return {
            "connected": connected,
            "short_circuit": short,
            "state": state,
            "told_by": kind,
            "details": more,
        }
    return None
