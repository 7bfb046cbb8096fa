# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory says of a device: identity, state, groups. Pure functions over facts.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

from ...module_utils._status.facts import facts

_SUBSETS = frozenset({"min", "sync", "ntp", "receiver", "notification", "chassis"})
_MOST = 64  # items of one list or mapping of a device
_LONGEST_NAME = 64
_LEAP = {0: "none", 1: "pending", 2: "pending", 3: "alarm"}

IDENTITY = (
    "model",
    "serial_number",
    "hostname",
    "firmware",
    "ltos",
    "api_version",
    "api_generation",
    "oscillator",
    "receivers",
    "modules",
)
"""What stays as it is until somebody works on the device; each is a variable with C(lantime_) in front."""

STATE = (
    "synchronized",
    "sync_state",
    "reference",
    "reference_type",
    "estimated_quality_ns",
    "oscillator_warmed_up",
    "antenna_state",
    "antenna_connected",
    "leap_second_announced",
    "leap_second_date",
    "stratum",
    "refid",
    "leap_indicator",
    "system_peer",
    "receiver_states",
    "power_supplies",
    "active_events",
    "pending_changes",
)
"""What changes by itself; each is a variable with C(lantime_) in front."""

CATEGORIES = (
    "model",
    "ltos",
    "api",
    "receiver",
    "oscillator",
    "sync",
    "stratum",
    "antenna",
    "leap",
    "event",
)
"""Kinds of groups by what a device says of itself."""

OUTCOMES = ("unreachable", "auth_failed", "untrusted", "not_lantime")
"""Groups of devices that could not be read; they are always there, be they empty."""


def describe(envelope: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """(identity, state) from a parsed answer of GET /api/status, with all names of IDENTITY and STATE."""
    found = facts(envelope, _SUBSETS)["ansible_lantime"]
    minimum, sync, chassis = found["min"], found["sync"], found["chassis"]
    system = found["ntp"]["system"]
    receivers = found["receiver"][:_MOST]
    numbers = minimum["firmware"]["numbers"]
    identity = {
        "model": minimum["model"],
        "serial_number": minimum["serial_number"],
        "hostname": minimum["hostname"],
        "firmware": minimum["firmware"]["version"],
        "ltos": f"{numbers[0]}.{numbers[1]:02d}" if len(numbers) > 1 else None,
        "api_version": minimum["api_version"],
        "api_generation": minimum["api_generation"],
        "oscillator": sync["oscillator_type"],
        "receivers": [
            {name: each[name] for name in ("chassis", "slot", "family", "model", "kind")} for each in receivers
        ],
        "modules": {slot: each["model"] for slot, each in list(chassis["slots"].items())[:_MOST] if each["populated"]},
    }
    state = {
        "synchronized": sync["synchronized"],
        "sync_state": sync["state"],
        "reference": sync["reference"],
        "reference_type": sync["reference_type"],
        "estimated_quality_ns": sync["estimated_quality_ns"],
        "oscillator_warmed_up": sync["oscillator_warmed_up"],
        "antenna_state": sync["antenna_state"],
        "antenna_connected": sync["antenna_connected"],
        "leap_second_announced": sync["leap_second_announced"],
        "leap_second_date": sync["leap_second_date"],
        "stratum": system["stratum"],
        "refid": system["refid"],
        "leap_indicator": system["leap"],
        "system_peer": system["system_peer"],
        "receiver_states": [_receiver_state(each) for each in receivers],
        "power_supplies": {
            slot: each["available"] for slot, each in list(chassis["power_supplies"].items())[:_MOST] if each["fitted"]
        },
        "active_events": found["notification"]["active"][:_MOST],
        "pending_changes": minimum["pending_changes"],
    }
    return identity, state


def _receiver_state(receiver: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    satellites = receiver["satellites"] or {}
    return {
        **{name: receiver[name] for name in ("slot", "state", "synchronized", "antenna_connected")},
        "satellites_good": satellites.get("good"),
        "satellites_in_view": satellites.get("in_view"),
    }


def group_names(
    identity: t.Mapping[str, t.Any] | None,
    state: t.Mapping[str, t.Any] | None,
    prefix: str,
    categories: t.Collection[str],
) -> list[str]:
    """Groups of a device in the order of CATEGORIES; those by state only if the state is known."""
    found: list[str] = []
    for category, tokens in _tokens(identity or {}, state or {}).items():
        if category in categories:
            names = (slug(token) for token in tokens if token is not None)
            found += [f"{prefix}{category}_{name}" for name in names if name]
    return list(dict.fromkeys(found))


def _tokens(identity: t.Mapping[str, t.Any], state: t.Mapping[str, t.Any]) -> dict[str, list[t.Any]]:
    generation = identity.get("api_generation")
    leap = _LEAP.get(t.cast("int", state.get("leap_indicator")))
    if leap in (None, "none") and state.get("leap_second_announced"):
        leap = "pending"
    return {
        "model": [identity.get("model")],
        "ltos": [identity.get("ltos")],
        "api": [None if generation is None else f"v{generation}"],
        "receiver": [
            each.get("family") or each.get("model") or each.get("kind") for each in identity.get("receivers") or []
        ],
        "oscillator": [identity.get("oscillator")],
        "sync": [state.get("sync_state")],
        "stratum": [state.get("stratum")],
        "antenna": [state.get("antenna_state")],
        "leap": [leap],
        "event": list(state.get("active_events") or []),
    }


def slug(token: object) -> str:
    """A token of the device as a part of a group's name: lower case, letters, digits and single underscores."""
    return re.sub(r"[^a-z0-9]+", "_", str(token)[: _LONGEST_NAME * 2].lower()).strip("_")[:_LONGEST_NAME]
