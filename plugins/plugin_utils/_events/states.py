# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State changes of devices: (what is remembered, what is seen) -> (what to remember, what to tell). Pure functions.

C(triggered) of an event is a latch, C(last-triggered) the time at which it was raised last. A clearing event takes back
the one and leaves the other alone (INFERRED from the recorded M600: C(refclock-1-not-sync) keeps its time although
C(refclock-1-sync) cleared it later). So a time that moved is a raise, even if the latch stands as before.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import hashlib
import json
import typing as t
from types import MappingProxyType

from ...module_utils._base.errors import LantimeError
from ...module_utils._hardware import catalogue
from .observation import MAX_EVENTS, Identity, Observation, SeenEvent, harmless, severity_of

ALARMING = frozenset({"warning", "error", "critical"})
EVENT_KINDS = ("event_raised", "event_cleared", "event_occurred", "event_repeated")
DEVICE_KINDS = (
    "device_lost",
    "device_back",
    "auth_failed",
    "identity_changed",
    "firmware_changed",
)
DEVICE_STATES = ("unknown", "up", "lost", "auth_failed")


class Latch(t.NamedTuple):
    """What is remembered of one event.

    last: the latest time of a raise that was seen.  turn: counts raises whose time is not later than that of the raise
    before (none, the same second, a clock that was set back), so that (last, turn) names one raise.
    """

    raised: bool
    last: str | None = None
    turn: int = 0
    type: str | None = None


class DeviceState(t.NamedTuple):
    """What is remembered of one device.

    state: one of STATES.  since: when it came about, ISO 8601 UTC by the controller's clock.  changes: how many changes of
    the device itself were told.  refused: when credentials were refused, latest last; emptied when they are accepted.
    """

    state: str = "unknown"
    since: str | None = None
    changes: int = 0
    identity: Identity | None = None
    latches: t.Mapping[str, Latch] = MappingProxyType({})
    refused: tuple[str, ...] = ()


class StateChange(t.NamedTuple):
    """One change to be told; as_event() has the members' meaning."""

    kind: str
    id: str
    device: Identity | None
    state: str
    previous: dict[str, t.Any]
    event: str | None = None
    type: str | None = None
    time: str | None = None
    initial: bool = False
    error: dict[str, str] | None = None


def as_event(change: StateChange, host: str, observed: str) -> dict[str, t.Any]:
    """A change as the queue gets it; C(lantime_events.schema.json) describes it.

    host: the device's name in the arguments.  observed: when the controller saw it, ISO 8601 UTC.
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


def seen(
    host: str, device: DeviceState, sight: Observation, now: str, initial: bool = False
) -> tuple[DeviceState, list[StateChange]]:
    """The device answered.

    now: ISO 8601 UTC.  initial: whether warnings, errors and critical events that stand raised at the first sight of a
    device are told.
    """
    changes: list[StateChange] = []
    known = device.identity
    identity = _completed(known, sight.identity)
    if device.state in ("lost", "auth_failed"):
        device, change = _turned(host, device, "device_back", "up", now, known)
        changes.append(change)
    elif device.state == "unknown":
        device = device._replace(state="up", since=now)
    if known is not None and _differ(known.serial_number, identity.serial_number):
        identity = sight.identity
        device, change = _told(host, device, "identity_changed", identity, known)
        changes.append(change)
        device = device._replace(latches={})
        known = None
    upgraded = known is not None and _differ(known.firmware, identity.firmware)
    if known is not None and upgraded:
        device, change = _told(host, device, "firmware_changed", identity, known)
        changes.append(change)
    device = device._replace(identity=identity, refused=())
    device, found = _events(host, device, sight, known is None, initial)
    changes += found
    if upgraded and sight.events:
        device, found = _without_gone(host, device, sight)
        changes += found
    return device, changes


def _events(
    host: str, device: DeviceState, sight: Observation, first: bool, initial: bool
) -> tuple[DeviceState, list[StateChange]]:
    changes: list[StateChange] = []
    latches = dict(device.latches)
    for name, event in sight.events.items():
        before = latches.get(name)
        if before is None and len(latches) >= MAX_EVENTS:
            continue
        latch, kinds = _step(before, event, first)
        if latch is None:
            continue
        latches[name] = latch
        if first and initial and latch.raised and latch.type in ALARMING:
            kinds = ["event_raised"]
        for kind in kinds:
            time = latch.last
            if kind == "event_cleared":
                time = _clearing_time(name, latch, sight, device.latches)
            changes.append(_event(host, device.identity, kind, name, before, latch, time, first))
    return device._replace(latches=latches), changes


def _without_gone(host: str, device: DeviceState, sight: Observation) -> tuple[DeviceState, list[StateChange]]:
    """The events that another firmware does not have: nothing will ever clear them."""
    changes = []
    for name, latch in device.latches.items():
        if name not in sight.events and latch.raised:
            after = latch._replace(raised=False)
            changes.append(_event(host, device.identity, "event_cleared", name, latch, after, None, False))
    kept = {name: latch for name, latch in device.latches.items() if name in sight.events}
    return device._replace(latches=kept), changes


def _step(latch: Latch | None, event: SeenEvent, first: bool) -> tuple[Latch | None, list[str]]:
    """What is remembered of an event from here on, and the kinds of change that it went through."""
    if event.raised is None:
        return latch, []
    if latch is None and (first or not event.raised):
        return Latch(event.raised, event.last, 0, event.type), []
    base = latch or Latch(False)
    moved = event.last is not None and event.last != base.last
    turn = base.turn
    if moved or (event.raised and not base.raised):
        later = moved and (base.last is None or str(event.last) > base.last)
        turn += 0 if later else 1
    after = Latch(event.raised, event.last or base.last, turn, event.type or base.type)
    if base.raised:
        repeated = ["event_repeated"] if moved else []
        return after, repeated if event.raised else [*repeated, "event_cleared"]
    if event.raised:
        return after, ["event_raised"]
    return after, ["event_occurred"] if moved else []


def _event(
    host: str,
    identity: Identity | None,
    kind: str,
    name: str,
    before: Latch | None,
    after: Latch,
    time: str | None,
    initial: bool,
) -> StateChange:
    # A clearing ends the latest raise, also one that came in the same poll.
    ended = after._replace(raised=True) if kind == "event_cleared" else before
    state = "unknown" if ended is None else "raised" if ended.raised else "cleared"
    return StateChange(
        kind=kind,
        id=_id(_key(host, identity), kind, name, after.last, after.turn),
        device=identity,
        event=name,
        type=after.type,
        state="raised" if kind in ("event_raised", "event_repeated") else "cleared",
        previous=_previous(state, None if ended is None else ended.last),
        time=time,
        initial=initial,
    )


def _clearing_time(name: str, after: Latch, sight: Observation, remembered: t.Mapping[str, Latch]) -> str | None:
    """When an event was cleared: the time of the event that clears it, if the same answer shows that one anew."""
    known = catalogue.events().get(name)
    times = []
    for other in known.cleared_by if known else ():
        event, latch = sight.events.get(other), remembered.get(other)
        if (
            event is not None
            and latch is not None
            and event.last is not None
            and event.last != latch.last
            and event.last >= (after.last or "")
        ):
            times.append(event.last)
    return min(times, default=None)


# -- the device does not answer, or not to us


def lost(host: str, device: DeviceState, error: LantimeError, now: str) -> tuple[DeviceState, list[StateChange]]:
    """The device gave no usable answer for long enough to call it lost."""
    return _gone(host, device, "device_lost", "lost", error, now)


def refused(host: str, device: DeviceState, error: LantimeError, now: str) -> tuple[DeviceState, list[StateChange]]:
    """The device refused the credentials for good: nothing more is asked of it."""
    return _gone(host, device, "auth_failed", "auth_failed", error, now)


def _gone(
    host: str, device: DeviceState, kind: str, state: str, error: LantimeError, now: str
) -> tuple[DeviceState, list[StateChange]]:
    if device.state == state:
        return device, []
    told = {"code": error.code, "message": harmless(error, 500)}
    device, change = _turned(host, device, kind, state, now, device.identity, told)
    return device, [change]


def _turned(
    host: str,
    device: DeviceState,
    kind: str,
    state: str,
    now: str,
    identity: Identity | None,
    error: dict[str, str] | None = None,
) -> tuple[DeviceState, StateChange]:
    """A device that enters another state."""
    number = device.changes + 1
    change = StateChange(
        kind=kind,
        id=_id(_key(host, identity), kind, host, device.since, number),
        device=identity,
        state=state,
        previous=_previous(device.state, device.since),
        error=error,
    )
    return device._replace(state=state, since=now, changes=number), change


def _told(
    host: str, device: DeviceState, kind: str, identity: Identity, known: Identity
) -> tuple[DeviceState, StateChange]:
    """A device that is another one than before, or runs another firmware."""
    number = device.changes + 1
    change = StateChange(
        kind=kind,
        id=_id(_key(host, identity), kind, host, device.since, number),
        device=identity,
        state="up",
        previous=_previous("up", device.since, known),
    )
    return device._replace(changes=number), change


def _previous(state: str, time: str | None, identity: Identity | None = None) -> dict[str, t.Any]:
    return {
        "state": state,
        "time": time,
        "device": None if identity is None else identity._asdict(),
    }


def _key(host: str, identity: Identity | None) -> str:
    return (identity.serial_number if identity else None) or host


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _completed(known: Identity | None, answer: Identity) -> Identity:
    """What an answer does not tell stays as it was."""
    if known is None:
        return answer
    return Identity(*(b if b is not None else a for a, b in zip(known, answer)))


def _id(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
