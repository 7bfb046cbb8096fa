# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what the time comes from: antennas, receivers, reference clocks and their position."""

from __future__ import annotations

import math
import typing as t

from .._hardware.families import CONFIRMED, INFERRED
from .check import MODULE, Check, Finding
from .context import (
    HealthContext,
    count_of,
    device_text,
    finding_above,
    finding_below,
    in_unknown_form,
    not_sync_event,
    optional_text,
    register,
    worst_finding,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

    Position = tuple[float, float]

# `connected` is CONFIRMED, `disconnected`, `not-connected` and `short-circuit` are an ASSUMPTION.
_BROKEN_ANTENNA = frozenset({"disconnected", "not-connected", "short-circuit"})
_CLOCK_NUMBERS = ("1", "2")
_GNSS_BLOCKS = frozenset({"gps", "gns", "gnm", "grc", "gxl"})
_EARTH_METRES = 6_371_000.0

REFERENCE_CHECKS: RegisteredChecks = []


@register(
    REFERENCE_CHECKS,
    Check(
        "antenna",
        "reference",
        ("critical",),
        "every antenna is connected and has no short circuit",
        f"system.sync-status.clock-status.antenna, {MODULE}.*.antenna, events antenna-faulty and antenna-short-circuit",
        CONFIRMED,
        "Check antenna, cable, connectors and surge arrester",
        events=("antenna-faulty", "antenna-short-circuit"),
        views=("antenna",),
    ),
)
def check_antenna(context: HealthContext) -> Finding:
    faults = [*_antenna_events(context), *_antenna_faults_of_receivers(context)]
    state = optional_text(context.facts["sync"]["antenna_state"])
    if state in _BROKEN_ANTENNA:
        faults.append(Finding("critical", f"the antenna is {state}", state))
    if faults:
        return worst_finding(faults, faults[0])
    connected = [receiver for receiver in context.facts["receiver"] if receiver["antenna_connected"]]
    if state == "connected" or (state is None and connected):
        return Finding("ok", "every antenna is connected", "connected")
    reported = f"; its state is {state}" if state else ""
    return Finding("unknown", f"the device does not report whether its antenna is connected{reported}")


def _antenna_events(context: HealthContext) -> list[Finding]:
    findings = []
    for name, fault in (("antenna-faulty", "is faulty"), ("antenna-short-circuit", "has a short circuit")):
        event = context.event(name)
        if event.on:
            findings.append(Finding("critical", f"an antenna {fault}", name, since=event.since))
    return findings


def _antenna_faults_of_receivers(context: HealthContext) -> list[Finding]:
    findings = []
    for receiver in context.facts["receiver"]:
        slot = device_text(receiver["slot"])
        if receiver["antenna_short_circuit"]:
            message = f"the antenna of {slot} has a short circuit"
            findings.append(Finding("critical", message, "short-circuit", subject=slot))
        elif receiver["antenna_connected"] is False:
            message = f"the antenna of {slot} is not connected"
            findings.append(Finding("critical", message, "disconnected", subject=slot))
    return findings


@register(
    REFERENCE_CHECKS,
    Check(
        "satellites",
        "reference",
        ("warning", "critical"),
        "every GNSS receiver has enough good satellites",
        f"{MODULE}.satellites.good-satellites",
        CONFIRMED,
        "Look for obstructions of the antenna's view of the sky, and for interference",
        limits=("satellites_warning", "satellites_critical", "warm_up"),
        views=("satellites",),
    ),
)
def check_satellites(context: HealthContext) -> Finding:
    findings = []
    limits = ((context.limit("satellites_warning"), "warning"), (context.limit("satellites_critical"), "critical"))
    for receiver in context.facts["receiver"]:
        if receiver["satellites"] is None and receiver["kind"] not in _GNSS_BLOCKS:
            continue
        slot, satellites = device_text(receiver["slot"]), receiver["satellites"] or {}
        good = satellites.get("good")
        if good is None:
            message = f"the receiver in {slot} does not report its number of good satellites"
            message += in_unknown_form(satellites, "good")
            findings.append(Finding("unknown", message, subject=slot))
            continue
        in_view = satellites["in_view"]
        of_all = "" if in_view is None else f" of {in_view} in view"
        message = f"the receiver in {slot} has {count_of(good, 'good satellite', 'good satellites')}{of_all}"
        finding = finding_below(good, limits, message, subject=slot)
        if finding.state == "critical":
            finding = finding._replace(state=context.level_unless_excused("critical"))
        findings.append(finding)
    return worst_finding(findings, Finding("skipped", "no receiver reports satellites"))


@register(
    REFERENCE_CHECKS,
    Check(
        "receiver",
        "reference",
        ("warning", "error"),
        "every receiver, including the expected ones, is synchronized to its signal",
        f"{MODULE}.*.receiver-status, {MODULE}.*.receiver.synchronized, {MODULE}.dcf77.pcps.syncd",
        INFERRED,
        "Check the antenna and the signal of this receiver",
        limits=("sync_grace", "warm_up"),
        expects=("receivers",),
        views=("receivers",),
    ),
)
def check_receiver(context: HealthContext) -> Finding:
    receivers = context.facts["receiver"]
    findings = [_receiver_finding(context, receiver) for receiver in receivers]
    slots = {receiver["slot"] for receiver in receivers}
    if not context.slots:
        return Finding("unknown", "the device reports no slots")
    for slot in context.policy.expected.get("receivers", ()):
        if slot not in slots:
            subject = device_text(slot)
            findings.append(Finding("error", f"the expected receiver in {subject} is missing", subject=subject))
    return worst_finding(findings, Finding("unknown", "no module reports a receiver"))


def _receiver_finding(context: HealthContext, receiver: Mapping[str, t.Any]) -> Finding:
    slot, state = device_text(receiver["slot"]), optional_text(receiver["state"])
    if receiver["synchronized"]:
        return Finding("ok", f"the receiver in {slot} is synchronized", state, subject=slot)
    if receiver["synchronized"] is None:
        message = f"the receiver in {slot} does not report whether it is synchronized"
        return Finding("unknown", message, state, subject=slot)
    level = context.level_unless_excused("error", context.event(not_sync_event(slot)).since)
    return Finding(level, f"the receiver in {slot} is {state or 'not synchronized'}", state, subject=slot)


@register(
    REFERENCE_CHECKS,
    Check(
        "reference_clock_responding",
        "reference",
        ("critical",),
        "every reference clock answers the processor",
        "events refclock-1-not-responding and refclock-2-not-responding",
        INFERRED,
        "Reseat or replace the clock module",
        events=("refclock-1-not-responding", "refclock-2-not-responding"),
    ),
)
def check_reference_clock_responding(context: HealthContext) -> Finding:
    findings = []
    for number in _CLOCK_NUMBERS:
        event = context.event(f"refclock-{number}-not-responding")
        if event.on:
            message = f"reference clock {number} does not respond"
            findings.append(Finding("critical", message, subject=f"clk{number}", since=event.since))
        elif event.known:
            findings.append(Finding("ok", "the reference clocks respond"))
    return worst_finding(
        findings, Finding("unknown", "the device does not report whether its reference clocks respond")
    )


@register(
    REFERENCE_CHECKS,
    Check(
        "reference_clock_synchronized",
        "reference",
        ("warning", "error"),
        "every reference clock, including a redundant one, is synchronized; holdover is a warning",
        f"{MODULE}.sync-status.clock-status.clock, events refclock-1-not-sync and refclock-2-not-sync",
        INFERRED,
        "Check the references of this clock",
        limits=("sync_grace", "warm_up"),
        events=("refclock-1-not-sync", "refclock-2-not-sync"),
        views=("sync",),
    ),
)
def check_reference_clock_synchronized(context: HealthContext) -> Finding:
    states = {slot["slot"]: slot["sync"]["state"] for slot in context.slots if slot["sync"] is not None}
    findings = []
    for number in _CLOCK_NUMBERS:
        event = context.event(f"refclock-{number}-not-sync")
        # The event of a clock in holdover is triggered as well, but the clock still keeps the time.
        if event.on and states.get(f"clk{number}") != "holdover":
            level = context.level_unless_excused("error", event.since)
            message = f"reference clock {number} is not synchronized"
            findings.append(Finding(level, message, "not-synchronized", None, f"clk{number}", event.since))
    for slot in context.slots:
        name = device_text(slot["slot"])
        if slot["sync"] is not None and slot["sync"]["state"] is None:
            findings.append(Finding("unknown", f"the clock in {name} does not report its state", subject=name))
        elif slot["sync"] is not None:
            findings.append(_clock_finding(context, name, slot["sync"]["state"]))
    return worst_finding(findings, Finding("unknown", "no module reports whether its clock is synchronized"))


def _clock_finding(context: HealthContext, slot: str, state: str) -> Finding:
    if state == "synchronized":
        return Finding("ok", "every reference clock is synchronized", state)
    if state == "holdover":
        return Finding("warning", f"the clock in {slot} is in holdover", state, subject=slot)
    level, text = context.level_unless_excused("error"), device_text(state)
    return Finding(level, f"the clock in {slot} is {text}", text, subject=slot)


@register(
    REFERENCE_CHECKS,
    Check(
        "position",
        "reference",
        ("warning", "critical"),
        "the position is the expected one; receivers of one device that disagree are a warning",
        f"{MODULE}.satellites.latitude and longitude, system.position",
        CONFIRMED,
        "A fixed antenna does not move: suspect spoofing or interference, and compare with other receivers",
        unit="m",
        limits=("position_tolerance",),
        expects=("position",),
        views=("satellites",),
    ),
)
def check_position(context: HealthContext) -> Finding:
    limit = context.limit("position_tolerance")
    positions = _positions(context)
    expected = context.policy.expected.get("position")
    if expected is not None:
        if not positions:
            return Finding("unknown", "the device reports no position", None, limit)
        base = (float(expected["latitude"]), float(expected["longitude"]))
        limits = ((limit, "critical"),)
        findings = [_distance_finding(each, base, limits, "the expected position") for each in positions]
        return worst_finding(findings, findings[0])
    if len(positions) < 2:
        return Finding("skipped", "no position is expected, and there is no second receiver to compare with")
    (first, base), *others = positions
    limits = ((limit, "warning"),)
    findings = [_distance_finding(each, base, limits, f"that of {first}") for each in others]
    return worst_finding(findings, findings[0])


def _positions(context: HealthContext) -> list[tuple[str, Position]]:
    """(slot, latitude and longitude) of each receiver with a position, else of the device."""
    positions = []
    for receiver in context.facts["receiver"]:
        positions += _position_of(f"{receiver['slot']}", receiver["satellites"] or {})
    return positions or _position_of("the device", context.facts["system"]["position"])


def _position_of(name: str, source: Mapping[str, t.Any]) -> list[tuple[str, Position]]:
    latitude, longitude = source.get("latitude_degrees"), source.get("longitude_degrees")
    # A clock without GNSS reports zeros.
    if latitude is None or longitude is None or latitude == longitude == 0:
        return []
    return [(device_text(name), (latitude, longitude))]


def _distance_finding(
    place: tuple[str, Position], base: Position, limits: tuple[tuple[float, str]], other: str
) -> Finding:
    name, position = place
    metres = round(_distance(position, base))
    message = f"the antenna of {name} is {metres} m away from {other}"
    return finding_above(metres, limits, message, subject=name)


def _distance(position: Position, base: Position) -> float:
    """Metres along the surface of a sphere."""
    (latitude, longitude), (base_latitude, base_longitude) = (
        (math.radians(degrees) for degrees in each) for each in (position, base)
    )
    half = (
        math.sin((latitude - base_latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(base_latitude) * math.sin((longitude - base_longitude) / 2) ** 2
    )
    return 2 * _EARTH_METRES * math.asin(math.sqrt(min(1.0, max(0.0, half))))
