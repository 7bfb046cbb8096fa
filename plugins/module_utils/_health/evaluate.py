# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health: one answer of GET /api/status -> named checks, without a device and without a clock of one's own.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from . import ntp, platform, sync, system
from .context import CHECK_STATES, Finding, HealthContext, health_context, rank
from .policy import HealthPolicy
from .registry import BY_NAME, CHECKS, LEVELS, Check

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FAIL_ON = (*LEVELS[1:], "never")
"""Values of the option fail_on."""

JUDGES: dict[str, Callable[[HealthContext], Finding]] = {
    **sync.JUDGES,
    **ntp.JUDGES,
    **platform.JUDGES,
    **system.JUDGES,
}

_ALL_STATES = ("ok", *LEVELS, "skipped", "unknown")


def evaluate(envelope: Mapping[str, t.Any], policy: HealthPolicy, now: str | None = None) -> list[dict[str, t.Any]]:
    """One entry for each check of the policy, in the order of the table.

    An entry holds name, state (one of STATES), value, limit, unit, subject, since (ISO 8601, UTC), message and remedy (None unless
    there is a finding). `envelope` is the parsed answer of GET /api/status or GET /api/; any JSON value is read without an exception.
    Ages are by the device's own time; `now` (a time in any form of the device's) counts only where the answer tells none.
    """
    look = health_context(envelope, policy, now)
    return [
        _entry(check, _judged(check, look, policy))
        for check in CHECKS
        if check.name in policy.checks or check.name in policy.skipped
    ]


def _judged(check: Check, look: HealthContext, policy: HealthPolicy) -> Finding:
    if check.name in policy.skipped:
        return Finding("skipped", "the check is skipped by the task")
    return JUDGES[check.name](look)


def _entry(check: Check, finding: Finding) -> dict[str, t.Any]:
    text = finding.message
    calm = finding.state in ("ok", "skipped", "unknown")
    return {
        "name": check.name,
        "state": finding.state,
        "value": finding.value,
        "limit": finding.limit,
        "unit": check.unit,
        "subject": finding.subject,
        "since": finding.since,
        "message": f"{text[:1].upper()}{text[1:]}.",
        "remedy": None if calm else f"{check.remedy}.",
    }


def counts(checks: list[dict[str, t.Any]]) -> dict[str, int]:
    """How many checks have each state."""
    return {state: sum(check["state"] == state for check in checks) for state in _ALL_STATES}


def worst_state(checks: list[dict[str, t.Any]]) -> str:
    """The worst state of all, `ok` if there are no others but skipped ones."""
    worst = max((rank(check["state"]) for check in checks), default=0)
    return "ok" if CHECK_STATES[worst] == "skipped" else CHECK_STATES[worst]


def alarms(checks: list[dict[str, t.Any]], fail_on: str) -> list[dict[str, t.Any]]:
    """The checks that make a device unhealthy, worst first: at or above `fail_on` (`never` stands for warning), and essential
    ones of which the device does not say anything.
    """
    least = rank("warning" if fail_on == "never" else fail_on)
    found = [
        check
        for check in checks
        if rank(check["state"]) >= least or (check["state"] == "unknown" and BY_NAME[check["name"]].essential)
    ]
    return sorted(found, key=lambda check: -rank(check["state"]))
