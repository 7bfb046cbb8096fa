# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_verdict: the record of a host -> how the host ends. No device is asked."""

from __future__ import annotations

import typing as t

from .._base.sanitize import printable
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "record": {"type": "dict", "required": True},
        "fail_on": {
            "type": "str",
            "default": "drift",
            "choices": ["drift", "security", "never"],
        },
    },
    connection=False,
)

_MOST_PATHS = 5


def run(context: JobContext) -> dict[str, t.Any]:
    """The result of the module: C(unreachable), C(failed) or neither, C(verdict) and C(msg)."""
    verdict, why = verdict_of(context.params["record"], context.params["fail_on"])
    result: dict[str, t.Any] = {"changed": False, "verdict": verdict, "msg": why}
    if verdict == "unreachable":
        result["unreachable"] = True
    elif verdict != "clean":
        result["failed"] = True
    return result


def verdict_of(record: t.Mapping[str, t.Any], fail_on: str) -> tuple[str, str]:
    """(C(clean), C(drift), C(unhealthy), C(failed), C(not_checked) or C(unreachable), one sentence)."""
    error = record.get("error")
    if isinstance(error, dict):
        kind = str(error.get("kind"))
        known = kind if kind in ("unreachable", "not_checked") else "failed"
        return known, printable(error.get("message") or "it could not be checked", 2000)
    known_parts = [name for name in ("drift", "health", "facts") if record.get(name)]
    if not known_parts:
        return "not_checked", "nothing is known of this device"
    drift = record.get("drift") or {}
    if drift and drift.get("state") not in ("clean", "drift"):
        return "not_checked", _why_not_checked(drift)
    found = [
        d
        for d in drift.get("differences") or ()
        if not d.get("accepted") and (fail_on == "drift" or d.get("class") == "security")
    ]
    if found and fail_on != "never":
        return "drift", _drift(found)
    health = record.get("health") or {}
    if health and not health.get("healthy"):
        return "unhealthy", _unhealthy(health)
    return "clean", "nothing is wrong"


def _why_not_checked(drift: t.Mapping[str, t.Any]) -> str:
    reasons = [s.get("reason") for s in drift.get("sections") or () if s.get("reason")]
    return printable(reasons[0] if reasons else "the configuration was not compared", 2000)


def _drift(found: list[dict[str, t.Any]]) -> str:
    paths = ", ".join(printable(d.get("path"), 100) for d in found[:_MOST_PATHS])
    more = len(found) - _MOST_PATHS
    number = "1 setting differs" if len(found) == 1 else f"{len(found)} settings differ"
    return f"{number}: {paths}{f' and {more} more' if more > 0 else ''}"


def _unhealthy(health: t.Mapping[str, t.Any]) -> str:
    bad = [
        f"{c.get('name')} ({c.get('state')})"
        for c in health.get("checks") or ()
        if c.get("state") in ("warning", "error", "critical", "unknown")
    ]
    return printable("the device is not healthy: " + ", ".join(bad), 2000)
