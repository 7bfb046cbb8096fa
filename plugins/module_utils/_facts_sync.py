# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on time: the system, its synchronisation, the receivers of its clocks, NTP.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from ansible_collections.meinberg.lantime.plugins.module_utils import _slots, _values

# The decimal form of the reach register appeared with LTOS 7.10; before, it reads 0 on reachable peers.
_REACH_SINCE = "7.10"
_REFERENCE_SLOT = re.compile(r"([a-z]{1,16}[0-9]{1,6})-.{1,64}")
_CONSTELLATION = re.compile(r"([a-zA-Z]{1,32})[-_ ]?[0-9]{1,6}")

_WARMED_UP = {"warmed-up": True, "not-warmed-up": False}
# `connected` is CONFIRMED, the others are an ASSUMPTION; any further token stays open.
_ANTENNA = {"connected": True, "disconnected": False, "not-connected": False}

# What ntpq writes for the two leap bits (RFC 5905), with and without its prefix "leap_".
_LEAP_TOKENS = {
    "none": 0,
    "no-warning": 0,
    "add-sec": 1,
    "del-sec": 2,
    "alarm": 3,
    "10": 2,
    "11": 3,
}


def _leap(value: object) -> int | None:
    """The leap indicator 0..3 from a number, from ntpq's two bits or from ntpq's words."""
    found = _values.integer(value)
    if found is not None and 0 <= found <= 3:
        return found
    token = (_values.text(value) or "").lower().replace("_", "-")
    return _LEAP_TOKENS.get(token[5:] if token.startswith("leap-") else token)


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
_DCF77: _values.Spec = (
    ("type", "type", _values.text),
    ("reference_type", "ref-type", _values.text),
    ("correlation", "correlation", _values.integer),
    ("field_strength", "field-strength", _values.integer),
    ("pcps", "pcps", lambda value: _values.record(value, _PCPS)),
)
_NTP: _values.Spec = (
    ("association_id", "association-id", _values.integer),
    ("id", "id", _values.text),
    ("name", "name", _values.text),
    ("status_word", "status", _values.text),
    ("leap", "leap", _leap),
    ("stratum", "stratum", _values.integer),
    ("precision_log2_seconds", "precision", _values.integer),
    ("root_delay_seconds", "rootdelay", _values.number),
    ("root_dispersion_seconds", "rootdisp", _values.number),
    ("refid", "refid", _values.text),
)
_NTP_SYSTEM: _values.Spec = (
    *_NTP,
    # `none` is a real value of the leap indicator.
    ("leap_indicator", "status-sys-leap-indicator", _values.text),
    ("clock_source", "status-sys-clock-source", _values.text),
    ("event_counter", "status-sys-event-counter", _values.integer),
    ("event_code", "status-sys-event-code", _values.text),
    ("jitter_seconds", "clk-jitter", _values.number),
    ("wander", "clk-wander", _values.number),
    ("tai_offset_seconds", "tai", _values.integer),
    ("leap_second_date", "leapsec", _values.date_or_text),
    ("leap_file_expires", "expire", _values.date_or_text),
)
_NTP_PEER: _values.Spec = (
    *_NTP,
    ("selection", "status-peer-selection", _values.text),
    ("configured", "status-peer-configured", _values.boolean),
    ("reachable", "status-peer-reach-ok", _values.boolean),
    ("authentication_enabled", "status-peer-auth-enabled", _values.boolean),
    ("authentication_ok", "status-peer-auth-ok", _values.boolean),
    ("broadcast", "status-peer-broadcast", _values.boolean),
    ("event_counter", "status-peer-event-counter", _values.integer),
    ("event_code", "status-peer-event-code", _values.text),
    ("offset_seconds", "offset", _values.number),
    ("delay_seconds", "delay", _values.number),
    ("dispersion_seconds", "dispersion", _values.number),
    ("reach", "reach", _values.index),
    ("poll_status", "poll-status", _values.text),
)


def system(envelope: object) -> dict[str, t.Any]:
    """uptime_seconds, cpu_load, memory, position, times and front LEDs.

    `last-config-change` is left out: it is no marker of changes (payloads of LTOS 7.06 and 7.10).
    """
    source = _values.mapping(_values.status_of(envelope).get("system"))
    load = _values.cpu_load(source.get("cpuload")) or (None, None, None)
    total, free = _values.memory_bytes(source.get("memory")) or (None, None)
    latitude, longitude = _values.position(source.get("position")) or (None, None)
    return {
        "uptime_seconds": _values.number(source.get("uptime")),
        "cpu_load": dict(zip(("one_minute", "five_minutes", "fifteen_minutes"), load)),
        "memory": {"total_bytes": total, "free_bytes": free},
        "position": {"latitude_degrees": latitude, "longitude_degrees": longitude},
        "last_position_update": _since_1980(source.get("last-position-update")),
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
    """Synchronisation of the device as a whole. The unit of `holdover.time_offset` is not known."""
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
    for dummy, item in _values.table(_values.at(source, "gnss", "satellite-list")):
        kind = _values.text(item.get("gnss-type"))
        if kind:
            seen.add(kind)
    metres = [_values.number(source.get(axis)) for axis in axes]
    found["ecef_metres"] = None if None in metres else metres
    found["selected"] = selected
    found["constellations"] = sorted(seen)
    return found


def ntp(envelope: object) -> dict[str, t.Any]:
    """{"system": {...}, "peers": [...]}; `leap` is 0..3 (RFC 5905), seconds are INFERRED as the unit.

    `refclock` says that a peer is a driver of a local clock (address 127.127.x.y), `system_peer` is the
    object-id of the peer that NTP follows. `reach` is None on firmware that always reports 0.
    """
    items = _values.table(_values.status_of(envelope).get("ntp"))
    source = next((item for name, item in items if name == "sys"), {})
    reach_is_real = _reach_is_real(envelope)
    peers = []
    for name, item in items:
        if name == "sys":
            continue
        peer = _values.record(item, _NTP_PEER)
        if reach_is_real is False or (
            reach_is_real is None and peer["reach"] == 0 and peer["reachable"]
        ):
            peer["reach"] = None
        peers.append(
            {
                "object_id": name or None,
                "refclock": (peer["id"] or "").startswith("127.127."),
                **peer,
            }
        )
    found = _values.record(source, _NTP_SYSTEM)
    followed = (peer for peer in peers if peer["selection"] in ("sys-peer", "pps-peer"))
    found["system_peer"] = next((peer["object_id"] for peer in followed), None)
    return {"system": found, "peers": peers}


def _reach_is_real(envelope: object) -> bool | None:
    """None if the firmware is not known."""
    versions = (
        _values.at(envelope, "system-information", "version"),
        _values.at(_values.status_of(envelope), "system", "firmware", "running"),
    )
    compared = (_values.compare_versions(version, _REACH_SINCE) for version in versions)
    order = next((found for found in compared if found is not None), None)
    return None if order is None else order >= 0
