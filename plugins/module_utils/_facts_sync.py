# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on time: the system, its synchronisation, the receivers of its clocks.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import collections
import re
import typing as t
from collections.abc import Mapping

from ansible_collections.meinberg.lantime.plugins.module_utils import _slots, _values

_REFERENCE_SLOT = re.compile(r"([a-z]{1,16}[0-9]{1,6})-.{1,64}")
_CONSTELLATION = re.compile(r"([a-zA-Z]{1,32})[-_ ]?[0-9]{1,6}")

_WARMED_UP = {"warmed-up": True, "not-warmed-up": False}
# `connected` is CONFIRMED, the others are an ASSUMPTION; any further token stays open.
_ANTENNA = {"connected": True, "disconnected": False, "not-connected": False}

_SATELLITES: _values.Spec = (
    ("good", "good-satellites", _values.index),
    ("in_view", "satellites-in-view", _values.index),
    ("mode", "gps-mode", _values.text),
    ("latitude_degrees", "latitude", _values.number),
    ("longitude_degrees", "longitude", _values.number),
    ("altitude_metres", "altitude", _values.number),
    ("pdop", "pdop", _values.number),
    ("tdop", "tdop", _values.number),
)
_PCPS: _values.Spec = (
    ("free_running", "freer", _values.boolean),
    ("daylight_saving", "dl-enb", _values.boolean),
    ("synchronized", "syncd", _values.boolean),
    ("daylight_saving_change_announced", "dl-ann", _values.boolean),
    ("utc", "utc", _values.boolean),
    ("leap_second_announced", "ls-ann", _values.boolean),
    ("if_time_mode", "iftm", _values.boolean),
    ("invalid_time", "invt", _values.boolean),
)
_CLOCK: _values.Spec = (
    ("selection", "clock-idx", _values.text),
    ("oscillator_type", "osc-type", _values.text),
    ("estimated_quality_token", "est-time-quality", _values.text),
    ("estimated_quality_seconds", "est-time-quality", _values.quality_seconds),
    ("estimated_quality_ns", "est-time-quality", _values.quality_ns),
)
_DCF77: _values.Spec = (
    ("type", "type", _values.text),
    ("reference_type", "ref-type", _values.text),
    ("correlation", "correlation", _values.integer),
    ("field_strength", "field-strength", _values.integer),
    ("pcps", "pcps", lambda value: _values.record(value, _PCPS)),
)


def system(envelope: object) -> dict[str, t.Any]:
    """uptime_seconds, cpu_load, memory, position, times and front LEDs.

    `last-config-change` is left out: it is no marker of changes (payloads of LTOS 7.06 and 7.10).
    A device without a position reports 0, 0 and no date of it (INFERRED); both are None then.
    """
    source = _values.mapping(_values.status_of(envelope).get("system"))
    load = _values.cpu_load(source.get("cpuload")) or (None, None, None)
    total, free = _values.memory_bytes(source.get("memory")) or (None, None)
    position_date = _since_1980(source.get("last-position-update"))
    latitude, longitude = _values.position(source.get("position")) or (None, None)
    if (latitude, longitude) == (0, 0) and position_date is None:
        latitude = longitude = None
    return {
        "uptime_seconds": _values.number(source.get("uptime")),
        "cpu_load": dict(zip(("one_minute", "five_minutes", "fifteen_minutes"), load)),
        "memory": {"total_bytes": total, "free_bytes": free},
        "position": {"latitude_degrees": latitude, "longitude_degrees": longitude},
        "last_position_update": position_date,
        "current_time": _values.iso_utc(source.get("current-time-iso"))
        or _values.iso_utc(source.get("current-time")),
        "status_updated": _values.iso_utc(source.get("api-last-update")),
        "front_leds": {
            _values.snake(name[4:] if name.startswith("led-") else name): _led(led)
            for name, led in _values.mapping(source.get("front-leds")).items()
        },
    }


def _since_1980(value: object) -> str | None:
    """A time; one before the GPS epoch means that there was none (epoch 0 without GNSS)."""
    found = _values.iso_utc(value)
    return found if found is not None and found >= "1980-01-06" else None


def _led(value: object) -> dict[str, t.Any]:
    led = _values.mapping(value)
    found: dict[str, t.Any] = {}
    for prefix, key in (("", "current"), ("last_", "last")):
        lit = _values.boolean(led.get(f"{key}-state"))
        # An LED that is off reads `none` on LTOS 7.10 and `blue` on 7.06.
        color = None if lit is False else _values.text_or_none(led.get(f"{key}-color"))
        found[f"{prefix}color"] = color
        found[f"{prefix}lit"] = lit
        found[f"{prefix}mode"] = _values.text(led.get(f"{key}-mode"))
    return found


def sync(envelope: object) -> dict[str, t.Any]:
    """Synchronisation of the device as a whole, and in `clocks` of each clock by itself.

    The unit of `holdover.time_offset` is not known.
    """
    source = _values.mapping(_values.at(_values.status_of(envelope), "system", "sync-status"))
    clock = _values.mapping(source.get("clock-status"))
    holdover = _values.mapping(source.get("holdover-status"))
    state = _values.text(clock.get("clock"))
    reference = _values.text(source.get("reference"))
    slot = _REFERENCE_SLOT.fullmatch(reference or "")
    oscillator = _values.text(clock.get("oscillator"))
    antenna = _values.text(clock.get("antenna"))
    quality = source.get("est-time-quality")
    return {
        "state": state,
        "synchronized": state == "synchronized",
        "reference": reference,
        "reference_type": _values.text(source.get("ref-type")),
        "reference_slot": slot.group(1) if slot else None,
        "clock_index": _values.integer(source.get("clock-idx")),
        "oscillator_type": _values.text(source.get("osc-type")),
        "oscillator_warmed_up": _WARMED_UP.get(oscillator or ""),
        "oscillator_state": oscillator,
        "antenna_state": antenna,
        "antenna_connected": _ANTENNA.get(antenna or ""),
        "estimated_quality_token": _values.text(quality),
        "estimated_quality_seconds": _values.quality_seconds(quality),
        "estimated_quality_ns": _values.quality_ns(quality),
        "leap_second_announced": _values.boolean(source.get("leapsecond-announced")),
        "leap_second_date": _values.date_or_text(source.get("leapsecond-date")),
        "holdover": {
            "elapsed_seconds": _values.number(holdover.get("time-elapsed")),
            "time_offset": _values.number(holdover.get("time-offset")),
            "tfom": _values.integer(holdover.get("tfom-out")),
        },
        "clocks": [_clock(slot) for slot in _slots.modules(envelope) if _sync_status(slot)],
    }


def _sync_status(slot: Mapping[str, t.Any]) -> Mapping[str, t.Any]:
    return _values.mapping(_values.at(slot["status"], "sync-status"))


def _clock(slot: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """`selection` is the slot's own word for whether the device follows this clock (`selected`)."""
    source = _sync_status(slot)
    state = _values.text(_values.at(source, "clock-status", "clock"))
    oscillator = _values.text(_values.at(source, "clock-status", "oscillator"))
    return {
        **{name: slot[name] for name in ("chassis", "slot", "model", "family")},
        "state": state,
        "synchronized": None if state is None else state == "synchronized",
        "oscillator_state": oscillator,
        "oscillator_warmed_up": _WARMED_UP.get(oscillator or ""),
        **_values.record(source, _CLOCK, "clock-status"),
    }


def receivers(envelope: object) -> list[dict[str, t.Any]]:
    """One entry for each receiver, in the order of the slots; see `receivers_of`."""
    found = []
    for slot in _slots.modules(envelope):
        for receiver in receivers_of(slot["status"]):
            entry = {name: slot[name] for name in ("chassis", "slot", "model", "family")}
            found.append({**entry, **receiver})
    return found


def receivers_of(status: object) -> list[dict[str, t.Any]]:
    """The receivers of one module.

    A receiver is any object of a module that holds `receiver-status` or `antenna`, and `dcf77`; its name is
    the `kind`. A module with satellites but without such an object is one of kind None.
    """
    module = _values.mapping(status)
    blocks: list[tuple[str | None, Mapping[str, t.Any]]] = [
        (name, value)
        for name, value in module.items()
        if isinstance(value, Mapping)
        and (name == "dcf77" or "receiver-status" in value or "antenna" in value)
    ]
    if not blocks and _values.mapping(module.get("satellites")):
        blocks = [(None, {})]
    return [_receiver(kind, block, module.get("satellites")) for kind, block in blocks]


def _receiver(kind: str | None, block: Mapping[str, t.Any], satellites: object) -> dict[str, t.Any]:
    state = _values.text(block.get("receiver-status"))
    dcf77 = _values.record(block, _DCF77, "receiver-status", "antenna", "receiver")
    flags = _values.mapping(block.get("receiver"))
    antenna = _values.mapping(block.get("antenna"))
    synchronized = _values.boolean(flags.get("synchronized"))
    if synchronized is None:
        synchronized = dcf77["pcps"]["synchronized"]
    if synchronized is None and state is not None:
        synchronized = state == "synchronized"
    return {
        "kind": kind,
        "state": state,
        "synchronized": synchronized,
        "antenna_connected": _values.boolean(antenna.get("connected")),
        "antenna_short_circuit": _values.boolean(antenna.get("short-circuit")),
        "tracking": _values.boolean(flags.get("tracking")),
        "warm_boot": _values.boolean(flags.get("warm-boot")),
        "cold_boot": _values.boolean(flags.get("cold-boot")),
        "satellites": _satellites(satellites) if _values.mapping(satellites) else None,
        "dcf77": dcf77 if kind == "dcf77" else None,
        # `ref-type` of a GNSS block names a wrong source on LTOS 7.10 and is not shown.
        "other": {} if kind == "dcf77" else dcf77.get("other", {}),
    }


def _satellites(value: object) -> dict[str, t.Any]:
    source = _values.mapping(value)
    axes = ("position-x", "position-y", "position-z")
    found = _values.record(source, _SATELLITES, "selected-satellites", *axes)
    names = source.get("selected-satellites")
    selected = (
        [text for text in map(_values.text, names) if text] if isinstance(names, list) else []
    )
    kinds = [_CONSTELLATION.fullmatch(name) for name in selected]
    seen = {match.group(1).lower() for match in kinds if match}
    listed = [
        kind
        for dummy, item in _values.table(_values.at(source, "gnss", "satellite-list"))
        for kind in [_values.text(item.get("gnss-type"))]
        if kind
    ]
    metres = [_values.number(source.get(axis)) for axis in axes]
    found["ecef_metres"] = None if None in metres else metres
    found["selected"] = selected
    found["constellations"] = sorted(seen.union(listed))
    found["listed_by_constellation"] = dict(sorted(collections.Counter(listed).items()))
    return found
