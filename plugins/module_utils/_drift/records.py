# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Combines the results of the tasks of a host into its record, one entry of a fleet report. Pure functions.

A record is {host, group, facts, health, drift, error}. facts, health and drift are present if they are known. error is null or
{kind, code, message} with the kind unreachable, failed or not_checked.
"""

from __future__ import annotations

import typing as t

from .._base.sanitize import printable

_MAX_RECORD_MESSAGE = 2000
_NOT_CHECKED = {"kind": "not_checked", "code": None, "message": "no task read this device"}

TaskResult = t.Mapping[str, t.Any]


# One parameter for each argument of the filter record.
def make_record(
    host: str,
    group: str | None = None,
    facts: TaskResult | None = None,
    health: TaskResult | None = None,
    drift: TaskResult | None = None,
    results: t.Iterable[TaskResult] = (),
) -> dict[str, t.Any]:
    """The record of a host.

    facts, health: results of lantime_facts and lantime_health.  drift: a drift of the filters.  results: results of further
    tasks whose failure is a failure of the host. The first failure counts; an unreachable host precedes all others.
    """
    record: dict[str, t.Any] = {"host": host, "group": group or None}
    if facts and not _has_failed(facts) and facts.get("ansible_facts"):
        record["facts"] = facts["ansible_facts"]
    has_checks = bool(health and isinstance(health.get("checks"), list))
    if health and has_checks:
        record["health"] = {k: v for k, v in health.items() if k in _HEALTH_MEMBERS}
    if drift:
        record["drift"] = drift
    is_compared = bool(drift and drift.get("state") in ("clean", "drift"))
    failures = [r for r in (*results, facts or {}) if _has_failed(r) and not (is_compared and _needs_secrets(r))]
    if health and _has_failed(health) and not has_checks:
        failures.append(health)
    failures.sort(key=lambda result: not result.get("unreachable"))
    record["error"] = _make_error(failures[0]) if failures else None
    if not failures and len(record) == len(("host", "group", "error")):
        record["error"] = dict(_NOT_CHECKED)
    return record


_HEALTH_MEMBERS = (
    "changed",
    "healthy",
    "worst",
    "profile",
    "checks",
    "counts",
    "waited_seconds",
    "device",
)


def _has_failed(result: TaskResult) -> bool:
    return bool(result.get("failed") or result.get("unreachable"))


def _needs_secrets(result: TaskResult) -> bool:
    """Whether a comparison failed only because secrets of items that the device lacks are masked."""
    error = result.get("error")
    return isinstance(error, dict) and error.get("code") == "secret_needed"


def _make_error(result: TaskResult) -> dict[str, t.Any]:
    error = result.get("error")
    return {
        "kind": "unreachable" if result.get("unreachable") else "failed",
        "code": error.get("code") if isinstance(error, dict) else None,
        "message": printable(result.get("msg") or "the task failed without a message", _MAX_RECORD_MESSAGE),
    }
