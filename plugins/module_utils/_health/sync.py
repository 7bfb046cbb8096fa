# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the device's time: synchronization, quality, holdover and oscillator."""

from __future__ import annotations

import typing as t

from .._hardware.families import CONFIRMED, INFERRED
from .check import Check, Finding
from .context import (
    HealthContext,
    device_text,
    finding_above,
    join_names,
    optional_text,
    register,
    round_number,
    worst_finding,
)
from .limits import HOLDOVER_FACTOR_OF_OTHERS, HOLDOVER_FACTORS

if t.TYPE_CHECKING:
    from .context import RegisteredChecks

_SYNC_STATUS = "system.sync-status"

TIME_CHECKS: RegisteredChecks = []


@register(
    TIME_CHECKS,
    Check(
        "time_synchronized",
        "sync",
        ("warning", "critical"),
        "the clock that the device follows is synchronized; holdover is a warning, and so is a recent lack of synchronization",
        f"{_SYNC_STATUS}.clock-status.clock",
        CONFIRMED,
        "Check antenna, receiver and reference; after a restart allow the device some minutes",
        limits=("sync_grace", "warm_up"),
        essential=True,
    ),
)
def check_time_synchronized(context: HealthContext) -> Finding:
    sync = context.facts["sync"]
    state, subject = sync["state"], optional_text(sync["reference"])
    if state is None:
        return Finding("unknown", "the device does not report whether its clock is synchronized")
    if state == "synchronized":
        reference = f" to {subject}" if subject else ""
        return Finding("ok", f"the clock is synchronized{reference}", state, subject=subject)
    since = context.event("refclock-1-not-sync").since
    if state == "holdover":
        return Finding("warning", "the clock is in holdover", state, subject=subject, since=since)
    level = context.level_unless_excused("critical", since)
    text = device_text(state)
    return Finding(level, f"the clock is {text}", text, subject=subject, since=since)


@register(
    TIME_CHECKS,
    Check(
        "estimated_quality",
        "sync",
        ("warning", "critical"),
        "the device's estimate of its own time quality is good enough",
        f"{_SYNC_STATUS}.est-time-quality",
        CONFIRMED,
        "Find out how long the clock has been without a good reference",
        unit="ns",
        limits=("quality_warning", "quality_critical"),
    ),
)
def check_estimated_quality(context: HealthContext) -> Finding:
    sync = context.facts["sync"]
    token, value = optional_text(sync["estimated_quality_token"]), sync["estimated_quality_ns"]
    if value is None:
        reported = f"; its value is {token}" if token else ""
        return Finding("unknown", f"the device reports no usable estimate of its time quality{reported}")
    limits = ((context.limit("quality_warning"), "warning"), (context.limit("quality_critical"), "critical"))
    return finding_above(value, limits, f"the device estimates its time to be within {round_number(value)} ns")


@register(
    TIME_CHECKS,
    Check(
        "holdover",
        "sync",
        ("warning", "critical"),
        "the device is not in holdover, or not for longer than its oscillator can keep the time",
        f"{_SYNC_STATUS}.clock-status.clock, {_SYNC_STATUS}.holdover-status.time-elapsed",
        INFERRED,
        "Restore the reference before the holdover budget is used up, or take the device out of service",
        unit="s",
        limits=("holdover_budget",),
    ),
)
def check_holdover(context: HealthContext) -> Finding:
    sync = context.facts["sync"]
    if sync["state"] is None:
        return Finding("unknown", "the device does not report whether it is in holdover")
    if sync["state"] != "holdover":
        return Finding("ok", "the device is not in holdover")
    budget = context.limit("holdover_budget")
    if "holdover_budget" not in context.policy.given:
        factor = HOLDOVER_FACTORS.get(sync["oscillator_type"], HOLDOVER_FACTOR_OF_OTHERS)
        budget = round_number(budget * factor)
    event = context.event("refclock-1-not-sync")
    elapsed = sync["holdover"]["elapsed_seconds"] or context.age(event.since)
    if elapsed is None or elapsed < 0:
        message = "the device is in holdover and does not report for how long"
        return Finding("warning", message, None, budget, since=event.since)
    level = "critical" if elapsed > budget else "warning"
    oscillator = device_text(sync["oscillator_type"] or "an oscillator of unknown type")
    message = f"the device has been in holdover on {oscillator} for {round_number(elapsed)} s"
    return Finding(level, message, round_number(elapsed), budget, since=event.since or context.ago(elapsed))


@register(
    TIME_CHECKS,
    Check(
        "oscillator_warmed_up",
        "sync",
        ("info", "warning"),
        "the oscillator is warmed up; a cold one is not an alarm shortly after a restart",
        f"{_SYNC_STATUS}.clock-status.oscillator",
        CONFIRMED,
        "If it stays cold long after a restart, have the clock module checked",
        unit="s",
        limits=("warm_up",),
    ),
)
def check_oscillator_warmed_up(context: HealthContext) -> Finding:
    warmed_up = context.facts["sync"]["oscillator_warmed_up"]
    if warmed_up is None:
        token = optional_text(context.facts["sync"]["oscillator_state"])
        reported = f"; its state is {token}" if token else ""
        return Finding("unknown", f"the device does not report whether its oscillator is warmed up{reported}")
    if warmed_up:
        return Finding("ok", "the oscillator is warmed up")
    return _finding_by_uptime(context, "the oscillator is not warmed up")


@register(
    TIME_CHECKS,
    Check(
        "oscillator_adjusted",
        "sync",
        ("info", "warning"),
        "the oscillator is adjusted to the reference; not an alarm shortly after a restart",
        "event oscillator-not-adjusted (LTOS 7.10)",
        CONFIRMED,
        "Wait until the device has followed its reference for a while; then check the reference",
        unit="s",
        limits=("warm_up",),
        events=("oscillator-not-adjusted",),
    ),
)
def check_oscillator_adjusted(context: HealthContext) -> Finding:
    event = context.event("oscillator-not-adjusted")
    if not event.known:
        return Finding("unknown", "this firmware does not report whether the oscillator is adjusted")
    if not event.on:
        return Finding("ok", "the oscillator is adjusted")
    return _finding_by_uptime(context, "the oscillator is not adjusted to its reference", event.since)


def _finding_by_uptime(context: HealthContext, message: str, since: str | None = None) -> Finding:
    """A finding that is not an alarm shortly after a restart; the value is the uptime."""
    uptime, limit = context.facts["system"]["uptime_seconds"], context.limit("warm_up")
    level = "info" if uptime is not None and uptime < limit else "warning"
    return Finding(level, message, None if uptime is None else round_number(uptime), limit, since=since)


@register(
    TIME_CHECKS,
    Check(
        "external_holdover",
        "sync",
        ("error",),
        "an external rubidium shelf, if there is one, reports no fault",
        "chassis-xhe[].xhe-sys-status, chassis-xhe[].xhe-psu-status",
        INFERRED,
        "Check supply, temperature and cell of the shelf",
    ),
)
def check_external_holdover(context: HealthContext) -> Finding:
    findings = []
    for shelf in context.facts["chassis"]["external_holdover"]:
        name = device_text(shelf["object_id"] or shelf["xhe_id"])
        # `pps_lock`, `ppl_enabled` and `pps_input_signal` report the mode of the shelf, not faults.
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
        message = f"the rubidium shelf of {name} reports {join_names(faults) or 'no fault'}"
        findings.append(Finding("error" if faults else "ok", message, len(faults), subject=name))
    return worst_finding(findings, Finding("skipped", "the device has no external rubidium shelf"))
