# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State of synchronization and receivers of the clocks."""

from __future__ import annotations

import collections
import re
import typing as t
from collections.abc import Mapping

from .._tree import values
from . import slots

_REFERENCE_SLOT = re.compile(r"([a-z]{1,16}[0-9]{1,6})-.{1,64}")
_CONSTELLATION = re.compile(r"([a-zA-Z]{1,32})[-_ ]?[0-9]{1,6}")

_WARMED_UP = {"warmed-up": True, "not-warmed-up": False}
# `connected` is CONFIRMED, the others are an ASSUMPTION; any further token stays open.
_ANTENNA = {"connected": True, "disconnected": False, "not-connected": False}

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
    ("selection", "clock-idx", values.text),
    ("oscillator_type", "osc-type", values.text),
    ("estimated_quality_token", "est-time-quality", values.text),
    ("estimated_quality_seconds", "est-time-quality", values.quality_seconds),
    ("estimated_quality_ns", "est-time-quality", values.quality_ns),
)
_DCF77: values.FieldMap = (
    ("type", "type", values.text),
    ("reference_type", "ref-type", values.text),
    ("correlation", "correlation", values.integer),
    ("field_strength", "field-strength", values.integer),
    ("pcps", "pcps", lambda value: values.map_fields(value, _PCPS)),
)


def sync(envelope: object) -> dict[str, t.Any]:
    """Synchronisation of the device as a whole, and in `clocks` of each clock by itself.

    The unit of `holdover.time_offset` is not known.
    """
    source = values.mapping(values.at(values.status_of(envelope), "system", "sync-status"))
    clock = values.mapping(source.get("clock-status"))
    holdover = values.mapping(source.get("holdover-status"))
    state = values.text(clock.get("clock"))
    reference = values.text(source.get("reference"))
    slot = _REFERENCE_SLOT.fullmatch(reference or "")
    oscillator = values.text(clock.get("oscillator"))
    antenna = values.text(clock.get("antenna"))
    quality = source.get("est-time-quality")
    return {
        "state": state,
        "synchronized": state == "synchronized",
        "reference": reference,
        "reference_type": values.text(source.get("ref-type")),
        "reference_slot": slot.group(1) if slot else None,
        "clock_index": values.integer(source.get("clock-idx")),
        "oscillator_type": values.text(source.get("osc-type")),
        "oscillator_warmed_up": _WARMED_UP.get(oscillator or ""),
        "oscillator_state": oscillator,
        "antenna_state": antenna,
        "antenna_connected": _ANTENNA.get(antenna or ""),
        "estimated_quality_token": values.text(quality),
        "estimated_quality_seconds": values.quality_seconds(quality),
        "estimated_quality_ns": values.quality_ns(quality),
        "leap_second_announced": values.boolean(source.get("leapsecond-announced")),
        "leap_second_date": values.date_or_text(source.get("leapsecond-date")),
        "holdover": {
            "elapsed_seconds": values.number(holdover.get("time-elapsed")),
            "time_offset": values.number(holdover.get("time-offset")),
            "tfom": values.integer(holdover.get("tfom-out")),
        },
        "clocks": [_clock(slot) for slot in slots.modules(envelope) if _sync_status(slot)],
    }


def _sync_status(slot: Mapping[str, t.Any]) -> Mapping[str, t.Any]:
    return values.mapping(values.at(slot["status"], "sync-status"))


def _clock(slot: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """`selection` is the slot's own word for whether the device follows this clock (`selected`)."""
    source = _sync_status(slot)
    state = values.text(values.at(source, "clock-status", "clock"))
    oscillator = values.text(values.at(source, "clock-status", "oscillator"))
    return {
        **{name: slot[name] for name in ("chassis", "slot", "model", "family")},
        "state": state,
        "synchronized": None if state is None else state == "synchronized",
        "oscillator_state": oscillator,
        "oscillator_warmed_up": _WARMED_UP.get(oscillator or ""),
        **values.map_fields(source, _CLOCK, "clock-status"),
    }


def receivers(envelope: object) -> list[dict[str, t.Any]]:
    """One entry for each receiver, in the order of the slots; see `receivers_of`."""
    found = []
    for slot in slots.modules(envelope):
        for receiver in receivers_of(slot["status"]):
            entry = {name: slot[name] for name in ("chassis", "slot", "model", "family")}
            found.append({**entry, **receiver})
    return found


def receivers_of(status: object) -> list[dict[str, t.Any]]:
    """The receivers of one module.

    A receiver is any object of a module that holds `receiver-status` or `antenna`, and `dcf77`; its name is
    the `kind`. A module with satellites but without such an object is one of kind None.
    """
    module = values.mapping(status)
    blocks: list[tuple[str | None, Mapping[str, t.Any]]] = [
        (name, value)
        for name, value in module.items()
        if isinstance(value, Mapping) and (name == "dcf77" or "receiver-status" in value or "antenna" in value)
    ]
    if not blocks and values.mapping(module.get("satellites")):
        blocks = [(None, {})]
    return [_receiver(kind, block, module.get("satellites")) for kind, block in blocks]


def _receiver(kind: str | None, block: Mapping[str, t.Any], satellites: object) -> dict[str, t.Any]:
    state = values.text(block.get("receiver-status"))
    dcf77 = values.map_fields(block, _DCF77, "receiver-status", "antenna", "receiver")
    flags = values.mapping(block.get("receiver"))
    antenna = values.mapping(block.get("antenna"))
    synchronized = values.boolean(flags.get("synchronized"))
    if synchronized is None:
        synchronized = dcf77["pcps"]["synchronized"]
    if synchronized is None and state is not None:
        synchronized = state == "synchronized"
    return {
        "kind": kind,
        "state": state,
        "synchronized": synchronized,
        "antenna_connected": values.boolean(antenna.get("connected")),
        "antenna_short_circuit": values.boolean(antenna.get("short-circuit")),
        "tracking": values.boolean(flags.get("tracking")),
        "warm_boot": values.boolean(flags.get("warm-boot")),
        "cold_boot": values.boolean(flags.get("cold-boot")),
        "satellites": _satellites(satellites) if values.mapping(satellites) else None,
        "dcf77": dcf77 if kind == "dcf77" else None,
        # `ref-type` of a GNSS block names a wrong source on LTOS 7.10 and is not shown.
        "other": {} if kind == "dcf77" else dcf77.get("other", {}),
    }


def _satellites(value: object) -> dict[str, t.Any]:
    source = values.mapping(value)
    axes = ("position-x", "position-y", "position-z")
    found = values.map_fields(source, _SATELLITES, "selected-satellites", *axes)
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
    found["ecef_metres"] = None if None in metres else metres
    found["selected"] = selected
    found["constellations"] = sorted(seen.union(listed))
    found["listed_by_constellation"] = dict(sorted(collections.Counter(listed).items()))
    return found
