# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on NTP: the server itself, its peers, the leap-second file.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils import _values

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


def _leap(value: object) -> int | None:
    """The leap indicator 0..3 from a number, from ntpq's two bits or from ntpq's words."""
    found = _values.integer(value)
    if found is not None and 0 <= found <= 3:
        return found
    token = (_values.text(value) or "").lower().replace("_", "-")
    return _LEAP_TOKENS.get(token[5:] if token.startswith("leap-") else token)


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


def ntp(envelope: object) -> dict[str, t.Any]:
    """{"system": {...}, "peers": [...]}; `leap` is 0..3 (RFC 5905), seconds are INFERRED as the unit.

    `leap_file_days_left` counts whole days up to the end of the leap-second file by the device's own clock, negative after it.
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
    left = _days_between(device_time(envelope), found["leap_file_expires"])
    found["leap_file_days_left"] = left
    found["leap_file_expired"] = None if left is None else left < 0
    followed = (peer for peer in peers if peer["selection"] in ("sys-peer", "pps-peer"))
    found["system_peer"] = next((peer["object_id"] for peer in followed), None)
    return {"system": found, "peers": peers}


def device_time(envelope: object) -> str | None:
    """The device's own time, from the envelope or else from the status."""
    source = _values.status_of(envelope)
    times = (
        _values.at(envelope, "system-information", "time-stamp"),
        _values.at(source, "system", "current-time-iso"),
        _values.at(source, "system", "current-time"),
    )
    return next((found for found in map(_values.iso_utc, times) if found), None)


def _days_between(first: str | None, second: str | None) -> int | None:
    """Whole days from one time of `iso_utc` to another, rounded down; None if either is none."""
    try:
        # Without the seconds, which may be the 60 of a leap second.
        minutes = [
            datetime.datetime.strptime(moment[:16], "%Y-%m-%dT%H:%M")
            for moment in (first or "", second or "")
        ]
    except ValueError:
        return None
    return (minutes[1] - minutes[0]).days


def _reach_is_real(envelope: object) -> bool | None:
    """None if the firmware is not known."""
    versions = (
        _values.at(envelope, "system-information", "version"),
        _values.at(_values.status_of(envelope), "system", "firmware", "running"),
    )
    compared = (_values.compare_versions(version, _REACH_SINCE) for version in versions)
    order = next((found for found in compared if found is not None), None)
    return None if order is None else order >= 0
