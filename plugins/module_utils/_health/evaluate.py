# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evaluation of health: one answer of GET /api/status gives the results of named checks."""

from __future__ import annotations

import typing as t

from .._base.sanitize import as_clause
from .check import CHECK_STATES, LEVELS, Check, Finding, severity_rank
from .context import HealthContext, HealthPolicy, health_context
from .registry import CHECKED_EVENTS, FUNCTIONS, HEALTH_CHECKS

if t.TYPE_CHECKING:
    from collections.abc import Mapping

HEALTH_FAIL_ON = (*LEVELS[1:], "never")
"""Values of the option fail_on."""

_ESSENTIAL = frozenset(check.name for check in HEALTH_CHECKS if check.essential)
_MAX_NAMED = 4
MAX_FINDINGS = 64
"""Findings of one check that are listed."""

_COUNTED_STATES = ("ok", *LEVELS, "skipped", "unknown")


def evaluate(
    envelope: Mapping[str, t.Any],
    policy: HealthPolicy,
    now: str | None = None,
    configuration: Mapping[str, t.Any] | None = None,
) -> list[dict[str, t.Any]]:
    """One entry for each check of the policy, in the order of CHECKS.

    An entry has name, state (one of CHECK_STATES), value, limit, unit, subject, since (ISO 8601, UTC), message, remedy
    (None unless there is a finding) and findings, which lists each one. `envelope` is the parsed answer of GET /api/status or GET /api/; any JSON value is
    read without an exception. Ages refer to the device's own time; `now` (in any form of the device's) is used if the
    answer has none. `configuration` is the canonical root of the configuration, if it was read.
    """
    return evaluate_context(health_context(envelope, policy, now, CHECKED_EVENTS, configuration))


def evaluate_context(context: HealthContext) -> list[dict[str, t.Any]]:
    """The entries of `evaluate` in a context."""
    policy = context.policy
    families = {module["slot"]: module["family"] for module in reversed(context.modules)}
    return [
        _result_entry(check, _name_slot(_run_check(check, context), families))
        for check in HEALTH_CHECKS
        if check.name in policy.checks or check.name in policy.skipped
    ]


def _run_check(check: Check, context: HealthContext) -> Finding:
    if check.name in context.policy.skipped:
        return Finding("skipped", "the check is skipped by the task")
    return FUNCTIONS[check.name](context)


def _name_slot(finding: Finding, families: Mapping[str, str | None]) -> Finding:
    """A finding whose subject is a slot with a module names it as all findings about modules do, and so do its parts."""
    parts = tuple(_name_slot(part, families) for part in finding.parts)
    if finding.slot is not None or finding.subject is None or finding.subject not in families:
        return finding._replace(parts=parts)
    return finding._replace(slot=finding.subject, family=families[finding.subject], parts=parts)


def _result_entry(check: Check, finding: Finding) -> dict[str, t.Any]:
    needs_no_action = finding.state in ("ok", "skipped", "unknown")
    return {
        "name": check.name,
        "state": finding.state,
        "value": finding.value,
        "limit": finding.limit,
        "unit": check.unit,
        "subject": finding.subject,
        "since": finding.since,
        "message": _sentence(finding),
        "remedy": None if needs_no_action else f"{check.remedy}.",
        "findings": [_finding_entry(check, part) for part in _parts(finding)[:MAX_FINDINGS]],
    }


def _sentence(finding: Finding) -> str:
    """The message as a sentence. The name of a slot keeps its spelling."""
    text = finding.message
    if finding.slot is not None and text.startswith(finding.slot):
        return f"{text}."
    return f"{text[:1].upper()}{text[1:]}."


def _parts(finding: Finding) -> tuple[Finding, ...]:
    """The findings of a check that its entry does not have in full: several ones, and those about a part of a module."""
    parts = finding.parts or ((finding,) if severity_rank(finding.state) >= severity_rank("info") else ())
    is_plain = len(parts) == 1 and parts[0].slot is None and parts[0].item is None
    return () if is_plain else parts


def _finding_entry(check: Check, part: Finding) -> dict[str, t.Any]:
    return {
        "state": part.state,
        "message": _sentence(part),
        "value": part.value,
        "limit": part.limit,
        "subject": part.subject,
        "slot": part.slot,
        "family": part.family,
        "object": part.item,
        "certainty": part.certainty or check.confidence,
        "since": part.since,
    }


def count_states(checks: list[dict[str, t.Any]]) -> dict[str, int]:
    """The number of checks in each state."""
    return {state: sum(check["state"] == state for check in checks) for state in _COUNTED_STATES}


def worst_state(checks: list[dict[str, t.Any]]) -> str:
    """The worst state of all checks; `ok` if all of them are skipped."""
    worst = max((severity_rank(check["state"]) for check in checks), default=0)
    return "ok" if CHECK_STATES[worst] == "skipped" else CHECK_STATES[worst]


def without_passed(checks: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """The checks that did not pass and were not skipped."""
    return [check for check in checks if check["state"] not in ("ok", "skipped")]


def select_alarms(checks: list[dict[str, t.Any]], fail_on: str) -> list[dict[str, t.Any]]:
    """The checks that make a device unhealthy, worst first: at or above `fail_on`, and essential ones that are unknown.

    A `fail_on` of `never` selects as `warning` does.
    """
    least = severity_rank("warning" if fail_on == "never" else fail_on)
    selected = [
        check
        for check in checks
        if severity_rank(check["state"]) >= least or (check["state"] == "unknown" and check["name"] in _ESSENTIAL)
    ]
    return sorted(selected, key=lambda check: -severity_rank(check["state"]))


def describe_alarms(alarms: list[dict[str, t.Any]]) -> str:
    """The names and states of the worst checks, and the message of the first. alarms: of `select_alarms`, not empty."""
    names = ", ".join(f"{check['name']} ({check['state']})" for check in alarms[:_MAX_NAMED])
    more = f" and {len(alarms) - _MAX_NAMED} more" if len(alarms) > _MAX_NAMED else ""
    return f"{names}{more}; {as_clause(alarms[0]['message'])}"
