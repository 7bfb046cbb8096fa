# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges of time and of what it comes from: synchronisation, holdover, oscillator, antenna, receivers, reference clocks.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import math
import typing as t

from .context import Finding, HealthContext, above, below, listed, plain, told, worst
from .registry import HOLDOVER_FACTOR_OF_OTHERS, HOLDOVER_FACTORS

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# `connected` is CONFIRMED, `disconnected`, `not-connected` and `short-circuit` are an ASSUMPTION.
_BROKEN_ANTENNA = frozenset({"disconnected", "not-connected", "short-circuit"})
_CLOCKS = ("1", "2")
_EARTH_METRES = 6_371_000.0


def time_synchronized(look: HealthContext) -> Finding:
    sync = look.facts["sync"]
    state, reference = sync["state"], sync["reference"]
    if state is None:
        return Finding("unknown", "the device does not say whether its clock is synchronised")
    subject = told(reference) if reference else None
    if state == "synchronized":
        return Finding("ok", f"the clock is synchronised to {told(reference)}", state, subject=subject)
    since = look.event("refclock-1-not-sync").since
    if state == "holdover":
        return Finding("warning", "the clock is in holdover", state, subject=subject, since=since)
    level = look.unless_excused("critical", since)
    return Finding(level, f"the clock is {told(state)}", told(state), subject=subject, since=since)


def estimated_quality(look: HealthContext) -> Finding:
    sync = look.facts["sync"]
    token, value = sync["estimated_quality_token"], sync["estimated_quality_ns"]
    if value is None:
        shown = f" ({told(token)})" if token else ""
        return Finding("unknown", f"the device gives no estimate of its time quality{shown}")
    limits = ((look.limit("quality_warning"), "warning"), (look.limit("quality_critical"), "critical"))
    return above(value, limits, f"the device estimates its time to be within {plain(value)} ns")


def holdover(look: HealthContext) -> Finding:
    sync = look.facts["sync"]
    if sync["state"] is None:
        return Finding("unknown", "the device does not say whether it is in holdover")
    if sync["state"] != "holdover":
        return Finding("ok", "the device is not in holdover")
    budget = look.limit("holdover_budget")
    if "holdover_budget" not in look.policy.given:
        factor = HOLDOVER_FACTORS.get(sync["oscillator_type"], HOLDOVER_FACTOR_OF_OTHERS)
        budget = plain(budget * factor)
    event = look.event("refclock-1-not-sync")
    elapsed = sync["holdover"]["elapsed_seconds"] or look.age(event.since)
    if elapsed is None or elapsed < 0:
        return Finding(
            "warning", "the device is in holdover, it does not say for how long", None, budget, since=event.since
        )
    level = "critical" if elapsed > budget else "warning"
    oscillator = told(sync["oscillator_type"] or "an oscillator of unknown type")
    message = f"the device has been in holdover on {oscillator} for {plain(elapsed)} s"
    return Finding(level, message, plain(elapsed), budget, since=event.since or look.ago(elapsed))


def oscillator_warmed_up(look: HealthContext) -> Finding:
    sync = look.facts["sync"]
    if sync["oscillator_warmed_up"] is None:
        return Finding("unknown", "the device does not say whether its oscillator is warm")
    if sync["oscillator_warmed_up"]:
        return Finding("ok", "the oscillator is warm")
    return _young(look, "the oscillator is not warm")


def oscillator_adjusted(look: HealthContext) -> Finding:
    event = look.event("oscillator-not-adjusted")
    if not event.known:
        return Finding("unknown", "this firmware does not say whether the oscillator is adjusted")
    if not event.on:
        return Finding("ok", "the oscillator is adjusted")
    return _young(look, "the oscillator is not adjusted to its reference", event.since)


def _young(look: HealthContext, message: str, since: str | None = None) -> Finding:
    """A finding that is no alarm while the last restart is recent; the value is the uptime."""
    uptime, limit = look.facts["system"]["uptime_seconds"], look.limit("warm_up")
    level = "info" if uptime is not None and uptime < limit else "warning"
    return Finding(level, message, None if uptime is None else plain(uptime), limit, since=since)


def external_holdover(look: HealthContext) -> Finding:
    shelves = look.facts["chassis"]["external_holdover"]
    found = []
    for shelf in shelves:
        name = told(shelf["object_id"] or shelf["xhe_id"])
        # `pps_lock`, `ppl_enabled` and `pps_input_signal` tell how the shelf works, not that it fails.
        faults = [
            flag
            for flag, on in {**shelf["flags"], **shelf["power_supply_alarms"]}.items()
            if on and not flag.startswith(("pps_", "ppl_"))
        ]
        faults += [
            f"power supply {supply} {state}"
            for supply, state in shelf["power_supplies"].items()
            if state not in (None, "ok")
        ]
        message = f"the rubidium shelf of {name} reports {listed(faults) or 'no fault'}"
        found.append(Finding("error" if faults else "ok", message, len(faults), subject=name))
    return worst(found, Finding("skipped", "there is no external rubidium shelf"))


def antenna(look: HealthContext) -> Finding:
    found = []
    for name, fault in (("antenna-faulty", "is faulty"), ("antenna-short-circuit", "has a short circuit")):
        event = look.event(name)
        if event.on:
            found.append(Finding("critical", f"an antenna {fault}", name, since=event.since))
    for receiver in look.facts["receiver"]:
        slot = told(receiver["slot"])
        if receiver["antenna_short_circuit"]:
            found.append(
                Finding("critical", f"the antenna of {slot} has a short circuit", "short-circuit", subject=slot)
            )
        elif receiver["antenna_connected"] is False:
            found.append(Finding("critical", f"the antenna of {slot} is not connected", "disconnected", subject=slot))
    state = look.facts["sync"]["antenna_state"]
    if state in _BROKEN_ANTENNA:
        found.append(Finding("critical", f"the antenna is {told(state)}", told(state)))
    if found:
        return worst(found, found[0])
    connected = [r for r in look.facts["receiver"] if r["antenna_connected"]]
    if state == "connected" or (state is None and connected):
        return Finding("ok", "every antenna is connected", "connected")
    shown = f", it says {told(state)}" if state else ""
    return Finding("unknown", f"the device does not say whether its antenna is connected{shown}")


def satellites(look: HealthContext) -> Finding:
    found = []
    limits = ((look.limit("satellites_warning"), "warning"), (look.limit("satellites_critical"), "critical"))
    for receiver in look.facts["receiver"]:
        if receiver["satellites"] is None:
            continue
        slot, good = told(receiver["slot"]), receiver["satellites"]["good"]
        if good is None:
            found.append(
                Finding("unknown", f"the receiver in {slot} does not say how many satellites are good", subject=slot)
            )
            continue
        seen = receiver["satellites"]["in_view"]
        shown = "" if seen is None else f" of {seen} in view"
        finding = below(good, limits, f"the receiver in {slot} has {good} good satellites{shown}", subject=slot)
        if finding.state == "critical":
            finding = finding._replace(state=look.unless_excused("critical"))
        found.append(finding)
    return worst(found, Finding("skipped", "no receiver shows satellites"))


def receiver(look: HealthContext) -> Finding:
    found = []
    seen = set()
    for entry in look.facts["receiver"]:
        slot, state = told(entry["slot"]), entry["state"]
        seen.add(entry["slot"])
        shown = told(state) if state else None
        if entry["synchronized"]:
            found.append(Finding("ok", f"the receiver in {slot} is synchronised", shown, subject=slot))
        elif entry["synchronized"] is None:
            found.append(
                Finding(
                    "unknown", f"the receiver in {slot} does not say whether it is synchronised", shown, subject=slot
                )
            )
        else:
            level = look.unless_excused("error", look.event("refclock-1-not-sync").since)
            found.append(
                Finding(level, f"the receiver in {slot} is {shown or 'not synchronised'}", shown, subject=slot)
            )
    for slot in look.policy.expected.get("receivers", ()):
        if slot not in seen:
            found.append(
                Finding("error", f"there is no receiver in {told(slot)}, where one is expected", subject=told(slot))
            )
    return worst(found, Finding("unknown", "no module shows a receiver"))


def reference_clock_responding(look: HealthContext) -> Finding:
    found = []
    for number in _CLOCKS:
        event = look.event(f"refclock-{number}-not-responding")
        if event.on:
            found.append(
                Finding(
                    "critical", f"reference clock {number} does not respond", subject=f"clk{number}", since=event.since
                )
            )
        elif event.known:
            found.append(Finding("ok", "the reference clocks respond"))
    return worst(found, Finding("unknown", "the device does not say whether its reference clock responds"))


def reference_clock_synchronized(look: HealthContext) -> Finding:
    found = []
    states = {slot["slot"]: (slot["sync"] or {}).get("state") for slot in look.slots}
    for number in _CLOCKS:
        event = look.event(f"refclock-{number}-not-sync")
        # A clock in holdover is not synchronised by its event either, but still has the time.
        if event.on and states.get(f"clk{number}") != "holdover":
            level = look.unless_excused("error", event.since)
            message = f"reference clock {number} is not synchronised"
            found.append(Finding(level, message, "not-synchronized", None, f"clk{number}", event.since))
    for slot in look.slots:
        state = (slot["sync"] or {}).get("state")
        if state is None:
            continue
        name = told(slot["slot"])
        if state == "synchronized":
            found.append(Finding("ok", "every reference clock is synchronised", state))
        elif state == "holdover":
            found.append(Finding("warning", f"the clock in {name} is in holdover", state, subject=name))
        else:
            found.append(
                Finding(
                    look.unless_excused("error"), f"the clock in {name} is {told(state)}", told(state), subject=name
                )
            )
    return worst(found, Finding("unknown", "no module says whether its clock is synchronised"))


def position(look: HealthContext) -> Finding:
    limit = look.limit("position_tolerance")
    here = _positions(look)
    expected = look.policy.expected.get("position")
    if expected is not None:
        if not here:
            return Finding("unknown", "the device shows no position", None, limit)
        base = (float(expected["latitude"]), float(expected["longitude"]))
        return worst(_distances(here, base, limit, "critical", "the expected position"), Finding("ok", ""))
    if len(here) < 2:
        return Finding("skipped", "no position is expected, and there is no second receiver to compare with")
    return worst(
        _distances(here[1:], here[0][1], limit, "warning", f"that of {here[0][0]}"),
        Finding("ok", ""),
    )


def _positions(look: HealthContext) -> list[tuple[str, tuple[float, float]]]:
    """(slot, latitude and longitude) of each receiver that has a position, else of the device."""
    found = []
    for entry in look.facts["receiver"]:
        found += _position_of(f"{entry['slot']}", entry["satellites"] or {})
    return found or _position_of("the device", look.facts["system"]["position"])


def _position_of(name: str, place: Mapping[str, t.Any]) -> list[tuple[str, tuple[float, float]]]:
    latitude, longitude = place.get("latitude_degrees"), place.get("longitude_degrees")
    # A clock without GNSS shows zeros.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return []
    return [(told(name), (latitude, longitude))]


def _distances(
    places: list[tuple[str, tuple[float, float]]],
    base: tuple[float, float],
    limit: float,
    level: str,
    other: str,
) -> list[Finding]:
    found = []
    for name, place in places:
        metres = round(_distance(place, base))
        message = f"the antenna of {name} is {metres} m away from {other}"
        found.append(above(metres, ((limit, level),), message, subject=name))
    return found


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres along the surface of a sphere."""
    (latitude, longitude), (base_latitude, base_longitude) = (
        (math.radians(value) for value in place) for place in (one, other)
    )
    half = (
        math.sin((latitude - base_latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(base_latitude) * math.sin((longitude - base_longitude) / 2) ** 2
    )
    return 2 * _EARTH_METRES * math.asin(math.sqrt(min(1.0, max(0.0, half))))


JUDGES: Mapping[str, Callable[[HealthContext], Finding]] = {
    judge.__name__: judge
    for judge in (
        time_synchronized,
        estimated_quality,
        holdover,
        oscillator_warmed_up,
        oscillator_adjusted,
        external_holdover,
        antenna,
        satellites,
        receiver,
        reference_clock_responding,
        reference_clock_synchronized,
        position,
    )
}
