# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables and groups of a device, from its facts. Pure functions."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._status.facts import gather_facts

_FACT_SUBSETS = frozenset({"min", "sync", "ntp", "receiver", "notification", "chassis", "modules", "ptp"})
_MAX_ITEMS = 64  # of one list or mapping of a device
_MAX_GROUP_SUFFIX = 64
_LEAP_GROUPS = {0: "none", 1: "pending", 2: "pending", 3: "alarm"}

IDENTITY_VARIABLES = (
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
    "module_families",
)
"""Variables that change only if the device is serviced; their names get the prefix lantime_."""

STATE_VARIABLES = (
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
    "ptp_ports",
    "power_supplies",
    "active_events",
    "pending_changes",
)
"""Variables that change during operation; their names get the prefix lantime_."""

GROUP_CATEGORIES = (
    "model",
    "ltos",
    "api",
    "receiver",
    "module",
    "oscillator",
    "sync",
    "stratum",
    "antenna",
    "ptp",
    "leap",
    "event",
)
"""Categories of groups by what a device reports."""


def describe_device(envelope: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Identity and state from a parsed response to GET /api/status: all IDENTITY_VARIABLES and all STATE_VARIABLES."""
    device_facts = gather_facts(envelope, _FACT_SUBSETS)["ansible_lantime"]
    return _identity_variables(device_facts), _state_variables(device_facts)


def _identity_variables(device_facts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    minimum, sync, chassis = device_facts["min"], device_facts["sync"], device_facts["chassis"]
    numbers = minimum["firmware"]["numbers"]
    return {
        "model": minimum["model"],
        "serial_number": minimum["serial_number"],
        "hostname": minimum["hostname"],
        "firmware": minimum["firmware"]["version"],
        "ltos": f"{numbers[0]}.{numbers[1]:02d}" if len(numbers) > 1 else None,
        "api_version": minimum["api_version"],
        "api_generation": minimum["api_generation"],
        "oscillator": sync["oscillator_type"],
        "receivers": [
            {name: each[name] for name in ("chassis", "slot", "family", "model", "kind")}
            for each in device_facts["receiver"][:_MAX_ITEMS]
        ],
        "modules": {
            slot: each["model"] for slot, each in list(chassis["slots"].items())[:_MAX_ITEMS] if each["populated"]
        },
        "module_families": sorted({each["family"] for each in device_facts["modules"] if each["family"]}),
    }


def _state_variables(device_facts: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    minimum, sync, chassis = device_facts["min"], device_facts["sync"], device_facts["chassis"]
    system = device_facts["ntp"]["system"]
    return {
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
        "receiver_states": [_receiver_state(each) for each in device_facts["receiver"][:_MAX_ITEMS]],
        "ptp_ports": [
            {name: each[name] for name in ("slot", "object_id", "port_state")}
            for each in device_facts["ptp"][:_MAX_ITEMS]
        ],
        "power_supplies": {
            slot: each["available"]
            for slot, each in list(chassis["power_supplies"].items())[:_MAX_ITEMS]
            if each["fitted"]
        },
        "active_events": device_facts["notification"]["active"][:_MAX_ITEMS],
        "pending_changes": minimum["pending_changes"],
    }


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
    """Groups of a device in the order of GROUP_CATEGORIES; those by state only if the state is known."""
    groups: list[str] = []
    for category, tokens in _group_tokens(identity or {}, state or {}).items():
        if category in categories:
            suffixes = (group_suffix(token) for token in tokens if token is not None)
            groups += [f"{prefix}{category}_{suffix}" for suffix in suffixes if suffix]
    return list(dict.fromkeys(groups))


def _group_tokens(identity: t.Mapping[str, t.Any], state: t.Mapping[str, t.Any]) -> dict[str, list[t.Any]]:
    generation = identity.get("api_generation")
    leap = _LEAP_GROUPS.get(t.cast("int", state.get("leap_indicator")))
    if leap in (None, "none") and state.get("leap_second_announced"):
        leap = "pending"
    return {
        "model": [identity.get("model")],
        "ltos": [identity.get("ltos")],
        "api": [None if generation is None else f"v{generation}"],
        "receiver": [
            each.get("family") or each.get("model") or each.get("kind") for each in identity.get("receivers") or []
        ],
        "module": list(identity.get("module_families") or []),
        "oscillator": [identity.get("oscillator")],
        "sync": [state.get("sync_state")],
        "stratum": [state.get("stratum")],
        "antenna": [state.get("antenna_state")],
        # A port without a state is still a PTP port.
        "ptp": [each.get("port_state") or "unknown" for each in state.get("ptp_ports") or []],
        "leap": [leap],
        "event": list(state.get("active_events") or []),
    }


def group_suffix(token: object) -> str:
    """A value of the device in the name of a group: lower case letters, digits and single underscores."""
    return re.sub(r"[^a-z0-9]+", "_", str(token)[: _MAX_GROUP_SUFFIX * 2].lower()).strip("_")[:_MAX_GROUP_SUFFIX]
