# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of devices, and how a poll changes it. Pure functions.

The member triggered of an event is a latch, last-triggered the time at which it was raised last. A clearing event resets
the one and leaves the other alone (INFERRED from the recorded M600: refclock-1-not-sync keeps its time although
refclock-1-sync cleared it later). So a time that changed is a raise, even if the latch is as before.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from types import MappingProxyType

from ...module_utils._base.errors import LantimeError
from ...module_utils._hardware import catalogue
from ...module_utils._status.identity import is_other
from .observation import MAX_EVENTS, NotificationEvent, Observation, ObservedIdentity, severity_of, template_safe

INITIAL_TYPES = frozenset({"warning", "error", "critical"})
EVENT_KINDS = ("event_raised", "event_cleared", "event_occurred", "event_repeated")
DEVICE_KINDS = (
    "device_lost",
    "device_back",
    "auth_failed",
    "identity_changed",
    "firmware_changed",
)
DEVICE_STATES = ("unknown", "up", "lost", "auth_failed")


class EventState(t.NamedTuple):
    """What is remembered of one event.

    last_triggered: the latest time of a raise that was reported.  sequence: counts raises whose time is not later than
    that of the raise before (none, the same second, a clock that was set back), so that both together identify one raise.
    """

    triggered: bool
    last_triggered: str | None = None
    sequence: int = 0
    type: str | None = None


class DeviceState(t.NamedTuple):
    """What is remembered of one device.

    state: one of DEVICE_STATES.  since: when it began, ISO 8601 UTC by the controller's clock.  changes: how many changes
    of the device itself were reported.  refusals: when credentials were refused, latest last; emptied when they are accepted.
    """

    state: str = "unknown"
    since: str | None = None
    changes: int = 0
    identity: ObservedIdentity | None = None
    events: t.Mapping[str, EventState] = MappingProxyType({})
    refusals: tuple[str, ...] = ()


class StateChange(t.NamedTuple):
    """One change to be reported; lantime_events.schema.json describes the members."""

    kind: str
    id: str
    device: ObservedIdentity | None
    state: str
    previous: dict[str, t.Any]
    event: str | None = None
    type: str | None = None
    time: str | None = None
    initial: bool = False
    error: dict[str, str] | None = None


def as_event(change: StateChange, host: str, observed: str) -> dict[str, t.Any]:
    """A change in the form of the queue; lantime_events.schema.json describes it.

    host: the device's name in the arguments.  observed: time of the poll by the controller's clock, ISO 8601 UTC.
    """
    return {
        "lantime": {
            "id": change.id,
            "kind": change.kind,
            "host": host,
            "device": None if change.device is None else change.device._asdict(),
            "event": change.event,
            "type": change.type,
            "severity": None if change.event is None else severity_of(change.event),
            "state": change.state,
            "previous": change.previous,
            "time": change.time,
            "observed": observed,
            "initial": change.initial,
            "error": change.error,
        }
    }


# -- the device answers


def apply_observation(
    host: str, device: DeviceState, observation: Observation, now: str, initial: bool = False
) -> tuple[DeviceState, list[StateChange]]:
    """State and changes of a device that answered.

    now: ISO 8601 UTC.  initial: whether warnings, errors and critical events that are raised at the first poll of a
    device are reported.
    """
    update = _DeviceUpdate(host, device, now)
    known = device.identity
    identity = _complete_identity(known, observation.identity)
    if device.state in ("lost", "auth_failed"):
        update.change_state("device_back", "up")
    elif device.state == "unknown":
        update.device = device._replace(state="up", since=now)
    if known is not None and is_other(known.serial_number, identity.serial_number):
        identity = observation.identity
        update.change_identity("identity_changed", identity)
        update.device = update.device._replace(events={})
        known = None
    is_upgraded = known is not None and is_other(known.firmware, identity.firmware)
    if is_upgraded:
        update.change_identity("firmware_changed", identity)
    update.device = update.device._replace(identity=identity, refusals=())
    update.is_first = known is None
    update.update_events(observation, initial)
    if is_upgraded and observation.events:
        update.clear_removed_events(observation)
    return update.device, update.changes


# -- the device does not answer, or refuses the credentials


def mark_lost(host: str, device: DeviceState, error: LantimeError, now: str) -> tuple[DeviceState, list[StateChange]]:
    """State and changes of a device that has given no usable response for long enough to be lost."""
    update = _DeviceUpdate(host, device, now)
    if device.state != "lost":
        update.change_state("device_lost", "lost", error)
    return update.device, update.changes


def mark_auth_failed(
    host: str, device: DeviceState, error: LantimeError, now: str
) -> tuple[DeviceState, list[StateChange]]:
    """State and changes of a device that refused the credentials, or is not asked as others did."""
    update = _DeviceUpdate(host, device, now)
    if device.state != "auth_failed":
        update.change_state("auth_failed", "auth_failed", error)
    return update.device, update.changes


class _DeviceUpdate:
    """Builds the new state of a device, and the changes to be reported, from one poll.

    is_first: whether this is the first observation of the device.
    """

    def __init__(self, host: str, device: DeviceState, now: str) -> None:
        self.host = host
        self.device = device
        self.now = now
        self.is_first = False
        self.changes: list[StateChange] = []

    def change_state(self, kind: str, state: str, error: LantimeError | None = None) -> None:
        device = self.device
        self._add_device_change(
            kind,
            state,
            device.identity,
            _previous_state(device.state, device.since),
            None if error is None else {"code": error.code, "message": template_safe(error, 500)},
        )
        self.device = self.device._replace(state=state, since=self.now)

    def change_identity(self, kind: str, identity: ObservedIdentity) -> None:
        """The device is another one than before, or runs another firmware."""
        device = self.device
        self._add_device_change(kind, "up", identity, _previous_state("up", device.since, device.identity))

    def update_events(self, observation: Observation, initial: bool) -> None:
        events = dict(self.device.events)
        for name, event in observation.events.items():
            before = events.get(name)
            if before is None and len(events) >= MAX_EVENTS:
                continue
            after, kinds = _next_event_state(before, event, self.is_first)
            if after is None:
                continue
            events[name] = after
            if self.is_first and initial and after.triggered and after.type in INITIAL_TYPES:
                kinds = ["event_raised"]
            for kind in kinds:
                time = after.last_triggered
                if kind == "event_cleared":
                    time = _clearing_time(name, after, observation, self.device.events)
                self._add_event_change(kind, name, before, after, time)
        self.device = self.device._replace(events=events)

    def clear_removed_events(self, observation: Observation) -> None:
        """Clear the events that the device's new firmware does not have: nothing else would ever clear them."""
        events = self.device.events
        for name, event in events.items():
            if name not in observation.events and event.triggered:
                self._add_event_change("event_cleared", name, event, event._replace(triggered=False), None)
        self.device = self.device._replace(events={name: events[name] for name in events if name in observation.events})

    def _add_device_change(
        self,
        kind: str,
        state: str,
        identity: ObservedIdentity | None,
        previous: dict[str, t.Any],
        error: dict[str, str] | None = None,
    ) -> None:
        number = self.device.changes + 1
        change = StateChange(
            kind=kind,
            id=_change_id(_device_key(self.host, identity), kind, self.host, self.device.since, number),
            device=identity,
            state=state,
            previous=previous,
            error=error,
        )
        self.changes.append(change)
        self.device = self.device._replace(changes=number)

    def _add_event_change(
        self, kind: str, name: str, before: EventState | None, after: EventState, time: str | None
    ) -> None:
        identity = self.device.identity
        # A clearing ends the latest raise, also one that is reported by the same poll.
        ended = after._replace(triggered=True) if kind == "event_cleared" else before
        state = "unknown" if ended is None else "raised" if ended.triggered else "cleared"
        change = StateChange(
            kind=kind,
            id=_change_id(_device_key(self.host, identity), kind, name, after.last_triggered, after.sequence),
            device=identity,
            event=name,
            type=after.type,
            state="raised" if kind in ("event_raised", "event_repeated") else "cleared",
            previous=_previous_state(state, None if ended is None else ended.last_triggered),
            time=time,
            initial=self.is_first,
        )
        self.changes.append(change)


def _next_event_state(
    before: EventState | None, event: NotificationEvent, is_first: bool
) -> tuple[EventState | None, list[str]]:
    """The new state of an event, and the kinds of change that it went through."""
    if event.triggered is None:
        return before, []
    if before is None and (is_first or not event.triggered):
        return EventState(event.triggered, event.last_triggered, 0, event.type), []
    base = before or EventState(False)
    time = event.last_triggered
    is_new_time = time is not None and time != base.last_triggered
    sequence = base.sequence
    if is_new_time or (event.triggered and not base.triggered):
        is_later = is_new_time and (base.last_triggered is None or str(time) > base.last_triggered)
        sequence += 0 if is_later else 1
    after = EventState(event.triggered, time or base.last_triggered, sequence, event.type or base.type)
    if base.triggered:
        repeated = ["event_repeated"] if is_new_time else []
        return after, repeated if event.triggered else [*repeated, "event_cleared"]
    if event.triggered:
        return after, ["event_raised"]
    return after, ["event_occurred"] if is_new_time else []


def _clearing_time(
    name: str, after: EventState, observation: Observation, remembered: t.Mapping[str, EventState]
) -> str | None:
    """When an event was cleared: the time of the event that clears it, if the same poll reports a new one."""
    event_type = catalogue.events().get(name)
    times = []
    for other in event_type.cleared_by if event_type else ():
        event, before = observation.events.get(other), remembered.get(other)
        if event is None or before is None or event.last_triggered is None:
            continue
        if event.last_triggered != before.last_triggered and event.last_triggered >= (after.last_triggered or ""):
            times.append(event.last_triggered)
    return min(times, default=None)


def _previous_state(state: str, time: str | None, identity: ObservedIdentity | None = None) -> dict[str, t.Any]:
    return {
        "state": state,
        "time": time,
        "device": None if identity is None else identity._asdict(),
    }


def _device_key(host: str, identity: ObservedIdentity | None) -> str:
    return (identity.serial_number if identity else None) or host


def _complete_identity(known: ObservedIdentity | None, reported: ObservedIdentity) -> ObservedIdentity:
    """The identity that is reported; what is not stays as it was."""
    if known is None:
        return reported
    return ObservedIdentity(*(new if new is not None else old for old, new in zip(known, reported)))


def _change_id(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
