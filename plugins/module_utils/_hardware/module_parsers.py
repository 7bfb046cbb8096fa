# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The blocks of one plug-in module in typed form.

The JSON of most IMS modules is not public. Members that the vendor's pages describe are therefore read under each
of their likely names (ASSUMPTION), and everything else goes to `details` under the device's own names in snake case.
docs/docsite/rst/modules.rst lists what is confirmed for each family.

The `take_*` functions get the members of the module that are unread so far, and remove those that they read.
"""

from __future__ import annotations

import math
import re
import typing as t
from collections.abc import Mapping

from .._tree import values
from .._tree.secrets import mask_secrets
from . import clock_state

if t.TYPE_CHECKING:
    from collections.abc import Callable

    # (name of the result, the device's likely names, best first, reader)
    ParserSpec = tuple[tuple[str, str, Callable[[object], object]], ...]

UnreadMembers = dict[str, t.Any]
ParsedItem = dict[str, t.Any]

_MAX_DETAILS = 64
_DURATION = re.compile(r"([-+]?[0-9.]{1,30}(?:[eE][-+]?[0-9]{1,3})?) ?(ps|ns|us|µs|ms|s)")
_EXPONENT = {"ps": -12, "ns": -9, "us": -6, "µs": -6, "ms": -3, "s": 0}
_PRIORITY = re.compile(r"[^0-9]{0,32}([0-9]{1,4})")
_TABLE = re.compile(r"(?:[a-z0-9]{1,16}-){0,3}(output|input|port|relay)s?")


def typed_value(value: object) -> t.Any:
    """Any JSON value in the form of facts: names in snake case, trimmed text, None for each spelling of "no value".

    `none` is kept, as it is a real value of some members. The caller ensures that the value is bounded.
    """
    if isinstance(value, Mapping):
        members: ParsedItem = {}
        for name, member in value.items():
            key = values.snake(name)
            members[name if key in members else key] = typed_value(member)
        return members
    if isinstance(value, list):
        return [typed_value(item) for item in value]
    return values.text(value) if isinstance(value, str) else value


def collect_details(members: Mapping[str, t.Any], *known: str) -> ParsedItem:
    """The members that are not `known`, as `typed_value`, without secrets.

    Huge ones are left out (the module's `status` has them).
    """
    chosen = {
        name: value
        for name, value in members.items()
        if name not in known and name != "object-id" and len(name) <= values.MAX_PARSED and values.is_bounded(value)
    }
    return t.cast("ParsedItem", typed_value(mask_secrets(dict(list(chosen.items())[:_MAX_DETAILS]))))


def parse_members(source: Mapping[str, t.Any], spec: ParserSpec) -> ParsedItem:
    """The members that `spec` names, and the others in `details`.

    A value that its reader does not understand is kept in `details` too.
    """
    parsed: ParsedItem = {}
    read: set[str] = set()
    for name, likely, reader in spec:
        keys = [key for key in likely.split() if key in source and key not in read]
        with_value = (key for key in keys if not values.is_absent(source[key]))
        key = next(with_value, keys[0] if keys else None)
        value = None if key is None else source[key]
        parsed[name] = reader(value)
        if key is not None and (parsed[name] is not None or values.is_absent(value)):
            read.add(key)
    parsed["details"] = collect_details(source, *read)
    return parsed


def split_table(value: object) -> tuple[list[tuple[str, Mapping[str, t.Any]]], t.Any]:
    """(object-id, item) of a table, and its other content (None without any)."""
    items = values.table(value)
    left: t.Any = None
    if isinstance(value, Mapping):
        left = {name: member for name, member in value.items() if not isinstance(member, Mapping)}
    elif isinstance(value, list):
        left = [member for member in value if not isinstance(member, Mapping)]
    return items, left or None


def parse_nanoseconds(value: object) -> float | None:
    """Nanoseconds from a number of them, or from text with a unit (`1.5 us`)."""
    return _parse_duration(value, 9, values.number(value))


def parse_seconds(value: object) -> float | None:
    """Seconds from a number of them, or from text with a unit (`15 us`)."""
    return _parse_duration(value, 0, values.number(value))


def parse_seconds_as_ns(value: object) -> float | None:
    """Nanoseconds from a number of seconds, or from text with a unit."""
    number = values.number(value)
    return _parse_duration(value, 9, None if number is None else number * 1e9)


def _parse_duration(value: object, shift: int, duration: float | None) -> float | None:
    match = _DURATION.fullmatch((values.text(value) or "")[: values.MAX_PARSED])
    if duration is None and match is not None:
        amount = values.number(match.group(1))
        duration = None if amount is None else amount * 10.0 ** (_EXPONENT[match.group(2)] + shift)
    if duration is None or not math.isfinite(duration):
        return None
    # Removes the rounding tails of old firmware (9.9999999999999995e-08).
    duration = float(f"{duration:.12g}")
    return int(duration) if shift and duration.is_integer() and abs(duration) < 2**63 else duration


_SOCKET: ParserSpec = (
    ("signal", "signal type format", values.text),
    ("signal_present", "signal-present present", values.boolean),
    ("state", "state status", values.text),
)
_OUTPUT: ParserSpec = (
    *_SOCKET,
    ("level", "level", values.text),
    ("connector", "connector", values.text),
    ("mode", "mode", values.text),
    ("format", "format", values.text),
    ("code", "code", values.text),
    ("quality_level", "quality-level ssm", values.text),
    ("sa_bit_group", "sa-bit-group", values.text),
)
_INPUT: ParserSpec = (
    *_SOCKET,
    ("format", "format", values.text),
    ("code", "code", values.text),
    ("locked", "locked", values.boolean),
    ("quality_level", "quality-level ssm", values.text),
    ("minimum_quality_level", "minimum-quality-level", values.text),
    ("minimum_boc_level", "minimum-boc-level", values.text),
    ("sa_bit_group", "sa-bit-group", values.text),
    ("itu_limits", "itu-limits", values.text),
    ("loss_of_frame", "loss-of-frame", values.boolean),
    ("offset_ns", "offset offset-ns", parse_nanoseconds),
)
_RELAY: ParserSpec = (
    ("state", "state status", lambda value: values.text(value) or values.boolean(value)),
    ("source", "source reference", values.text),
)
_SPECS = {"output": _OUTPUT, "input": _INPUT, "relay": _RELAY}


def take_tables(rest: UnreadMembers) -> dict[str, list[ParsedItem]]:
    """{"outputs": [...], "inputs": [...], "relays": [...]} from tables of such names (ASSUMPTION).

    `signal_present` and similar members are None where the module does not report them. A port of a card whose ports
    can be either is listed by its `direction`; a port without a direction stays unread.
    """
    sockets: dict[str, list[ParsedItem]] = {"outputs": [], "inputs": [], "relays": []}
    for name in list(rest):
        match = _TABLE.fullmatch(name)
        items, left = split_table(rest[name])
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
            entry = {"object_id": object_id or None, **parse_members(members, _SPECS[kind])}
            sockets[f"{kind}s"].append(entry)
        if unclear or left:
            rest[name] = unclear or left
        else:
            del rest[name]
    return sockets


_SOURCE_STATUS: ParserSpec = (
    ("is_master", "is-master", values.boolean),
    ("is_locked", "is-locked", values.boolean),
    ("is_accurate", "is-accurate", values.boolean),
    ("no_connection", "no-connection", values.boolean),
    ("no_signal", "no-signal", values.boolean),
    ("not_supported", "not-supported", values.boolean),
    ("offset_ns", "offset", parse_seconds_as_ns),
)


def take_sources(rest: UnreadMembers) -> list[ParsedItem]:
    """The references of a clock in order of priority.

    Members of `settings` are CONFIRMED, seconds as the unit of bias and precision are INFERRED, members of `status` are an
    ASSUMPTION. A clock without MRS may
    report one placeholder, so an entry does not mean that the clock follows it.
    """
    items, left = split_table(rest.get("mrs"))
    if not items:
        return []
    if left:
        rest["mrs"] = left
    else:
        del rest["mrs"]
    return sorted(
        (_parse_source(object_id, item) for object_id, item in items),
        key=lambda entry: (entry["priority"] is None, entry["priority"] or 0),
    )


def _parse_source(object_id: str, item: Mapping[str, t.Any]) -> ParsedItem:
    info = values.mapping(item.get("info"))
    settings = values.mapping(info.get("settings"))
    identity = values.mapping(settings.get("id"))
    place = _PRIORITY.fullmatch(object_id)
    reported = item.get("status")
    status = parse_members(values.mapping(reported), _SOURCE_STATUS)
    other = {
        **collect_details(settings, "bias", "precision", "id"),
        **collect_details(info, "settings"),
        **collect_details(item, "info", *(["status"] if isinstance(reported, Mapping) else ())),
    }
    return {
        "object_id": object_id or None,
        "priority": int(place.group(1)) if place else None,
        "type": values.text(identity.get("type")),
        "instance": values.integer(identity.get("instance")),
        "bias_ns": parse_seconds_as_ns(settings.get("bias")),
        "precision_ns": parse_seconds_as_ns(settings.get("precision")),
        **{name: value for name, value in status.items() if name != "details"},
        "details": {**other, **status["details"]},
    }


def _parse_hertz(value: object) -> float | None:
    """Mains of 45 to 65 Hz, which the vendor's MIB counts in mHz. 0 means "no signal"."""
    frequency = values.number(value) or None
    return frequency if frequency is None or frequency < 1000 else frequency / 1000


def _parse_analog_overflow(value: object) -> str | None:
    """The analog output that is at its end, or `none`."""
    return "none" if values.boolean(value) is False else values.text(value)


_MAINS: ParserSpec = (
    ("frequency_hertz", "frequency freq", _parse_hertz),
    ("nominal_frequency_hertz", "nominal-frequency nom-freq", _parse_hertz),
    ("reported_frequency_deviation_hertz", "frequency-deviation", values.number),
    ("time_deviation_seconds", "time-deviation", parse_seconds),
    ("frequency_within_limits", "frequency-within-limits", values.boolean),
    ("time_within_limits", "time-within-limits", values.boolean),
    ("overflow", "overflow", values.boolean),
    ("reference_free", "reference-free", values.boolean),
    ("power_line_time_free", "power-line-time-free", values.boolean),
    ("no_time_string", "no-time-string", values.boolean),
    ("no_power_line_time_init", "no-power-line-time-init", values.boolean),
    ("analog_overflow", "analog-overflow", _parse_analog_overflow),
)
_FREQUENCY_NAMES = ("frequency", "freq")


def take_mains(rest: UnreadMembers) -> ParsedItem | None:
    """The measurements of a mains monitor (ASSUMPTION).

    `reported_frequency_deviation_hertz` is the deviation that the device reports, `frequency_deviation_hertz` the one
    computed from the two frequencies.
    """
    for name in ("fdm", "mains"):
        if isinstance(rest.get(name), Mapping) and rest[name]:
            source = rest.pop(name)
            mains = parse_members(source, _MAINS)
            frequency, nominal = mains["frequency_hertz"], mains["nominal_frequency_hertz"]
            known = frequency is not None and nominal is not None
            mains["frequency_deviation_hertz"] = round(frequency - nominal, 6) if known else None
            mains["signal_present"] = _has_mains(source, frequency)
            return mains
    return None


def _has_mains(source: Mapping[str, t.Any], frequency: float | None) -> bool | None:
    """Whether there is a mains signal: a frequency of 0, null or `none` stands for none."""
    if frequency is not None:
        return True
    reported = [source[name] for name in _FREQUENCY_NAMES if name in source]
    silent = any(value is None or value == "none" or values.number(value) == 0 for value in reported)
    return False if silent else None


def take_serial_strings(rest: UnreadMembers) -> list[str]:
    """Names of the time strings that a clock's serial port can send."""
    items, dummy = split_table(rest.pop("supported-string-types", None))
    return [name for name, item in items if name]


def parse_power(status: object) -> ParsedItem:
    """Whether a power supply supplies power, and its capacity."""
    members = values.mapping(status)
    return {
        "available": values.boolean(members.get("power-available")),
        "capacity_watts": values.number(members.get("power-capacity")),
    }


def take_power(rest: UnreadMembers) -> ParsedItem | None:
    if "power-available" not in rest and "power-capacity" not in rest:
        return None
    power = parse_power(rest)
    rest.pop("power-available", None)
    rest.pop("power-capacity", None)
    return power


def parse_fan(status: object) -> ParsedItem:
    """The state of a fan as the device reports it, and whether it turns, None if the device does not say (ASSUMPTION)."""
    state, error = (values.at(status, name) for name in ("fan-state", "fan-error"))
    return {"state": values.text(state), "turning": False if values.boolean(error) else values.boolean(state)}


def parse_module_antenna(blocks: Mapping[str, object]) -> ParsedItem | None:
    """The antenna in the first receiver block that reports one; `told_by` is the name of the block."""
    for kind, block in blocks.items():
        value = values.mapping(block).get("antenna")
        antenna = clock_state.parse_antenna(value)
        if antenna is not None:
            members = collect_details(values.mapping(value), "connected", "short-circuit")
            return {**antenna, "told_by": kind, "details": members}
    return None
