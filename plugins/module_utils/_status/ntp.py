# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on NTP: the server itself, its peers, the leap-second file."""

from __future__ import annotations

import typing as t

from .._base.times import parse_utc
from .._tree import values

SYSTEM_PEER_SELECTIONS = frozenset({"sys-peer", "pps-peer"})
"""Values of `selection` of the peer that NTP follows."""

UNSYNCHRONIZED_LEAP = 3
"""The leap indicator of an unsynchronized server (RFC 5905)."""

# The decimal form of the reach register appeared with LTOS 7.10; before, it reads 0 on reachable peers.
_REACH_SINCE = "7.10"

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


def _parse_leap(value: object) -> int | None:
    """The leap indicator 0..3 from a number, from ntpq's two bits or from ntpq's words."""
    number = values.integer(value)
    if number is not None and 0 <= number <= 3:
        return number
    token = (values.text(value) or "").lower().replace("_", "-")
    return _LEAP_TOKENS.get(token[5:] if token.startswith("leap-") else token)


_NTP: values.FieldMap = (
    ("association_id", "association-id", values.integer),
    ("id", "id", values.text),
    ("name", "name", values.text),
    ("status_word", "status", values.text),
    ("leap", "leap", _parse_leap),
    ("stratum", "stratum", values.integer),
    ("precision_log2_seconds", "precision", values.integer),
    ("root_delay_seconds", "rootdelay", values.number),
    ("root_dispersion_seconds", "rootdisp", values.number),
    ("refid", "refid", values.text),
)
_NTP_SYSTEM: values.FieldMap = (
    *_NTP,
    # `none` is a real value of the leap indicator.
    ("leap_indicator", "status-sys-leap-indicator", values.text),
    ("clock_source", "status-sys-clock-source", values.text),
    ("event_counter", "status-sys-event-counter", values.integer),
    ("event_code", "status-sys-event-code", values.text),
    ("jitter_seconds", "clk-jitter", values.number),
    ("wander", "clk-wander", values.number),
    ("tai_offset_seconds", "tai", values.integer),
    ("leap_second_date", "leapsec", values.date_or_text),
    ("leap_file_expires", "expire", values.date_or_text),
)
_NTP_PEER: values.FieldMap = (
    *_NTP,
    ("selection", "status-peer-selection", values.text),
    ("configured", "status-peer-configured", values.boolean),
    ("reachable", "status-peer-reach-ok", values.boolean),
    ("authentication_enabled", "status-peer-auth-enabled", values.boolean),
    ("authentication_ok", "status-peer-auth-ok", values.boolean),
    ("broadcast", "status-peer-broadcast", values.boolean),
    ("event_counter", "status-peer-event-counter", values.integer),
    ("event_code", "status-peer-event-code", values.text),
    ("offset_seconds", "offset", values.number),
    ("delay_seconds", "delay", values.number),
    ("dispersion_seconds", "dispersion", values.number),
    ("reach", "reach", values.index),
    ("poll_status", "poll-status", values.text),
)


def read_ntp(envelope: object) -> dict[str, t.Any]:
    """{"system": {...}, "peers": [...]}; `leap` is 0..3 (RFC 5905), seconds are INFERRED as the unit.

    `leap_file_days_left` counts whole days until the leap-second file expires by the device's own clock, negative after
    that. `refclock` is true for the driver of a local clock (address 127.127.x.y), `system_peer` is the object-id of the
    peer that NTP follows. `reach` is None on firmware that always reports 0.
    """
    items = values.table(values.status_of(envelope).get("ntp"))
    source = next((item for name, item in items if name == "sys"), {})
    reach_is_real = _reach_is_real(envelope)
    peers = []
    for name, item in items:
        if name == "sys":
            continue
        peer = values.map_fields(item, _NTP_PEER)
        if reach_is_real is False or (reach_is_real is None and peer["reach"] == 0 and peer["reachable"]):
            peer["reach"] = None
        peers.append(
            {
                "object_id": name or None,
                "refclock": (peer["id"] or "").startswith("127.127."),
                **peer,
            }
        )
    server = values.map_fields(source, _NTP_SYSTEM)
    left = _days_between(read_device_time(envelope), server["leap_file_expires"])
    server["leap_file_days_left"] = left
    server["leap_file_expired"] = None if left is None else left < 0
    followed = (peer for peer in peers if peer["selection"] in SYSTEM_PEER_SELECTIONS)
    server["system_peer"] = next((peer["object_id"] for peer in followed), None)
    return {"system": server, "peers": peers}


def read_device_time(envelope: object) -> str | None:
    """The device's own time, from the envelope or else from the status."""
    source = values.status_of(envelope)
    times = (
        values.at(envelope, "system-information", "time-stamp"),
        values.at(source, "system", "current-time-iso"),
        values.at(source, "system", "current-time"),
    )
    return next((time for time in map(values.iso_utc, times) if time), None)


def _days_between(first: str | None, second: str | None) -> int | None:
    """Whole days from one time of `iso_utc` to another, rounded down; None if either is missing."""
    start, end = parse_utc(first), parse_utc(second)
    if start is None or end is None:
        return None
    # Without the seconds: not all forms of the device have them.
    return (end.replace(second=0) - start.replace(second=0)).days


def _reach_is_real(envelope: object) -> bool | None:
    """Whether `reach` has its value on this firmware; None if the version is unknown."""
    versions = (
        values.at(envelope, "system-information", "version"),
        values.at(values.status_of(envelope), "system", "firmware", "running"),
    )
    compared = (values.compare_versions(version, _REACH_SINCE) for version in versions)
    order = next((each for each in compared if each is not None), None)
    return None if order is None else order >= 0
