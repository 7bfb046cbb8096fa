# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of a device, and how its state follows from them."""

from __future__ import annotations

import typing as t

import jsonschema

from ansible_collections.meinberg.lantime.plugins.module_utils._api.envelope import Envelope
from ansible_collections.meinberg.lantime.plugins.module_utils._status.identity import Identity
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import Observation, ObservedIdentity
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.states import (
    DeviceState,
    StateChange,
    apply_observation,
    as_event,
)
from ansible_collections.meinberg.lantime.tests.paths import EVENT_SCHEMA, read_json

SCHEMA = read_json(EVENT_SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

NOW = "2026-02-11T22:05:07.000Z"
ME = ObservedIdentity("0123456789", "ts1", "M600", "7.10.008")
T1, T2, T3 = "2026-02-11T07:48:26Z", "2026-02-11T07:48:48Z", "2026-02-11T09:00:00Z"


def as_valid_events(changes: t.Iterable[StateChange]) -> list[dict[str, t.Any]]:
    """The events as the queue gets them, each one valid."""
    found = [as_event(change, "ts1", NOW) for change in changes]
    for event in found:
        VALIDATOR.validate(event)
    return [event["lantime"] for event in found]


def observe_device(
    device: DeviceState, observation: Observation, **more: t.Any
) -> tuple[DeviceState, list[dict[str, t.Any]]]:
    after, changes = apply_observation("ts1", device, observation, NOW, **more)
    return after, as_valid_events(changes)


def known_device(observation: Observation) -> DeviceState:
    """A device that was seen so for the first time."""
    device, changes = apply_observation("ts1", DeviceState(), observation, NOW)
    assert changes == []
    return device


def envelope(table: t.Any, **more: t.Any) -> Envelope:
    identity: dict[str, t.Any] = {
        "model": "M600",
        "serial_number": "1",
        "firmware": "7.10.008",
        "hostname": "ts1",
        "api_generation": 20,
        **more,
    }
    data = {"object-id": "notification", "events": table}
    return Envelope(data, Identity(**identity), None, {})


def item(name: t.Any, triggered: t.Any = 1, last: t.Any = "2026-02-11T07:48:26") -> t.Any:
    return {"object-id": name, "type": "error", "triggered": triggered, "last-triggered": last}
