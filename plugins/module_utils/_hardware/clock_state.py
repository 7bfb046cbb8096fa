# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State of synchronization, receivers and antennas of the clocks."""

from __future__ import annotations

import collections
import re
import typing as t
from collections.abc import Mapping

from .._tree import measures, values

if t.TYPE_CHECKING:
    from collections.abc import Iterable

_REFERENCE_SLOT = re.compile(r"([a-z]{1,16}[0-9]{1,6})-.{1,64}")
_CONSTELLATION = re.compile(r"([a-zA-Z]{1,32})[-_ ]?[0-9]{1,6}")

# Other tokens give None.
_WARMED_UP = {"warmed-up": True, "not-warmed-up": False}
# `connected` is CONFIRMED, the others are an ASSUMPTION. Other tokens give None.
_ANTENNA_CONNECTED = {"connected": True, "disconnected": False, "not-connected": False}


def _clock_token(value: object) -> str | None:
    return values.text(values.at(value, "clock"))


def _oscillator_token(value: object) -> str | None:
    return values.text(values.at(value, "oscillator"))


def _is_synchronized(value: object) -> bool | None:
    state = _clock_token(value)
    return None if state is None else state == "synchronized"


def _is_warmed_up(value: object) -> bool | None:
    return _WARMED_UP.get(_oscillator_token(value) or "")


_SATELLITES: values.FieldMap = (
    ("good", "good-satellites", values.index),
    ("in_view", "satellites-in-view", values.index),
    ("mode", "gps-mode", values.text),
    ("latitude_degrees", "latitude", values.number),
    ("longitude_degrees", "longitude", values.number),
    ("altitude_metres", "altitude", values.number),
    ("pdop", "pdop", values.number),
    ("tdop", "tdop", values.number),
)
_PCPS: values.FieldMap = (
    ("free_running", "freer", values.boolean),
    ("daylight_saving", "dl-enb", values.boolean),
    ("synchronized", "syncd", values.boolean),
    ("daylight_saving_change_announced", "dl-ann", values.boolean),
    ("utc", "utc", values.boolean),
    ("leap_second_announced", "ls-ann", values.boolean),
    ("if_time_mode", "iftm", values.boolean),
    ("invalid_time", "invt", values.boolean),
)
_CLOCK: values.FieldMap = (
    ("clock_index", "clock-idx", values.text),
    ("oscillator_type", "osc-type", values.text),
    ("estimated_quality_token", "est-time-quality", values.text),
    ("estimated_quality_seconds", "est-time-quality", measures.quality_seconds),
    ("estimated_quality_ns", "est-time-quality", measures.quality_ns),
    ("state", "clock-status", _clock_token),
    ("synchronized", "clock-status", _is_synchronized),
    ("oscillator_state", "clock-status", _oscillator_token),
    ("oscillator_warmed_up", "clock-status", _is_warmed_up),
)
_DCF77: values.FieldMap = (
    ("type", "type", values.text),
    ("reference_type", "ref-type", values.text),
    ("correlation", "correlation", values.integer),
    ("field_strength", "field-strength", values.integer),
    ("pcps", "pcps", lambda value: values.map_fields(value, _PCPS)),
)


def parse_clock(sync_status: object) -> dict[str, t.Any] | None:
    """The state of one clock from its `sync-status` block; None without one."""
    return values.map_fields(sync_status, _CLOCK) if values.mapping(sync_status) else None


def read_sync(envelope: object, slots: Iterable[Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """Synchronization of the device as a whole, and of each clock by itself in `clocks`.

    The unit of `holdover.time_offset` is unknown.
    """
    source = values.mapping(values.at(values.status_of(envelope), "system", "sync-status"))
    clock = source.get("clock-status")
    holdover = values.mapping(source.get("holdover-status"))
    state = _clock_token(clock)
    reference = values.text(source.get("reference"))
    slot = _REFERENCE_SLOT.fullmatch(reference or "")
    antenna = parse_antenna(values.at(clock, "antenna")) or {}
    quality = source.get("est-time-quality")
    return {
        "state": state,
        "synchronized": _is_synchronized(clock),
        "reference": reference,
        "reference_type": values.text(source.get("ref-type")),
        "reference_slot": slot.group(1) if slot else None,
        "clock_index": values.integer(source.get("clock-idx")),
        "oscillator_type": values.text(source.get("osc-type")),
        "oscillator_warmed_up": _is_warmed_up(clock),
        "oscillator_state": _oscillator_token(clock),
        "antenna_state": antenna.get("state"),
        "antenna_connected": antenna.get("connected"),
        "estimated_quality_token": values.text(quality),
        "estimated_quality_seconds": measures.quality_seconds(quality),
        "estimated_quality_ns": measures.quality_ns(quality),
        "leap_second_announced": values.boolean(source.get("leapsecond-announced")),
        "leap_second_date": values.date_or_text(source.get("leapsecond-date")),
        "holdover": {
            "elapsed_seconds": values.number(holdover.get("time-elapsed")),
            "time_offset": values.number(holdover.get("time-offset")),
            "tfom": values.integer(holdover.get("tfom-out")),
        },
        "clocks": [_clock_of_slot(slot, slot["sync"]) for slot in slots if slot["sync"] is not None],
    }


def _clock_of_slot(slot: Mapping[str, t.Any], clock: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """`selection` is the slot's own token for whether the device follows this clock (`selected`)."""
    members = {name: value for name, value in clock.items() if name != "clock_index"}
    return {**locate_module(slot), **members, "selection": clock["clock_index"]}


def locate_module(slot: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What identifies the module in a slot."""
    return {name: slot[name] for name in ("chassis", "slot", "model", "family")}


def read_receivers(slots: Iterable[Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """One entry for each receiver, in the order of the slots; see `parse_receivers`."""
    return [{**locate_module(slot), **receiver} for slot in slots for receiver in parse_receivers(slot["status"])]


def parse_receivers(status: object) -> list[dict[str, t.Any]]:
    """The receivers of one module.

    A receiver is any object of a module that holds `receiver-status` or `antenna`, and `dcf77`; its name is the `kind`.
    `satellites` is none: it tells what the receivers see.
    A module with satellites but without such an object is a receiver of kind None.
    """
    module = values.mapping(status)
    blocks: list[tuple[str | None, Mapping[str, t.Any]]] = [
        (name, value)
        for name, value in module.items()
        if isinstance(value, Mapping)
        and name != "satellites"
        and (name == "dcf77" or "receiver-status" in value or "antenna" in value)
    ]
    if not blocks and values.mapping(module.get("satellites")):
        blocks = [(None, {})]
    return [_parse_receiver(kind, block, module.get("satellites")) for kind, block in blocks]


def parse_antenna(value: object) -> dict[str, t.Any] | None:
    """connected, short_circuit and state of an antenna, from its object or from a token; None without either."""
    if isinstance(value, Mapping):
        return {
            "connected": values.boolean(value.get("connected")),
            "short_circuit": values.boolean(value.get("short-circuit")),
            "state": values.text(value.get("state")),
        }
    state = values.text(value)
    if state is None:
        return None
    return {"connected": _ANTENNA_CONNECTED.get(state), "short_circuit": None, "state": state}


def _parse_receiver(kind: str | None, block: Mapping[str, t.Any], satellites: object) -> dict[str, t.Any]:
    state = values.text(block.get("receiver-status"))
    dcf77 = values.map_fields(block, _DCF77, "receiver-status", "antenna", "receiver")
    flags = values.mapping(block.get("receiver"))
    antenna = parse_antenna(block.get("antenna")) or {}
    synchronized = values.boolean(flags.get("synchronized"))
    if synchronized is None:
        synchronized = dcf77["pcps"]["synchronized"]
    if synchronized is None and state is not None:
        synchronized = state == "synchronized"
    return {
        "kind": kind,
        "state": state,
        "synchronized": synchronized,
        "antenna_connected": antenna.get("connected"),
        "antenna_short_circuit": antenna.get("short_circuit"),
        "tracking": values.boolean(flags.get("tracking")),
        "warm_boot": values.boolean(flags.get("warm-boot")),
        "cold_boot": values.boolean(flags.get("cold-boot")),
        "satellites": _parse_satellites(satellites) if values.mapping(satellites) else None,
        "dcf77": dcf77 if kind == "dcf77" else None,
        # `ref-type` of a GNSS block names a wrong source on LTOS 7.10 and is left out.
        "other": {} if kind == "dcf77" else dcf77.get("other", {}),
    }


def _parse_satellites(value: object) -> dict[str, t.Any]:
    source = values.mapping(value)
    axes = ("position-x", "position-y", "position-z")
    satellites = values.map_fields(source, _SATELLITES, "selected-satellites", *axes)
    names = source.get("selected-satellites")
    selected = [text for text in map(values.text, names) if text] if isinstance(names, list) else []
    kinds = [_CONSTELLATION.fullmatch(name) for name in selected]
    seen = {match.group(1).lower() for match in kinds if match}
    listed = [
        kind
        for dummy, item in values.table(values.at(source, "gnss", "satellite-list"))
        for kind in [values.text(item.get("gnss-type"))]
        if kind
    ]
    metres = [values.number(source.get(axis)) for axis in axes]
    satellites["ecef_metres"] = None if None in metres else metres
    satellites["selected"] = selected
    satellites["constellations"] = sorted(seen.union(listed))
    satellites["listed_by_constellation"] = dict(sorted(collections.Counter(listed).items()))
    return satellites
