# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Totals of a run over all of its devices: operations by handler and state, and HTTP sessions by outcome and round trip."""

from __future__ import annotations

import math
import statistics
import typing as t

from ...module_utils._drift.activity import MAX_HANDLERS, OPERATION_STATES
from ...module_utils._tree import values

_Entry = t.Mapping[str, t.Any]


def summarize_operations(hosts: t.Sequence[_Entry]) -> dict[str, t.Any] | None:
    """The number of operations by state, in all and by handler. None if no entry has a change."""
    changes = [entry["change"] for entry in hosts if entry["change"] is not None]
    if not changes:
        return None
    handlers: dict[str, dict[str, int]] = {}
    for change in changes:
        for counted in change["handlers"]:
            row = handlers.setdefault(counted["handler"], dict.fromkeys(OPERATION_STATES, 0))
            for state in OPERATION_STATES:
                row[state] += counted[state]
    ordered = sorted(handlers.items(), key=lambda pair: (-sum(pair[1].values()), values.natural_key(pair[0])))
    return {
        **{state: sum(row[state] for row in handlers.values()) for state in OPERATION_STATES},
        "handlers": [{"handler": handler, **row} for handler, row in ordered[:MAX_HANDLERS]],
    }


def get_session_state(session: t.Mapping[str, t.Any]) -> str:
    """answered, refused (the device answered with an HTTP error) or failed (there was no complete answer)."""
    if session["status"] is None:
        return "failed"
    return "answered" if session["status"] < 400 and session["error"] is None else "refused"


def summarize_sessions(hosts: t.Sequence[_Entry]) -> dict[str, t.Any] | None:
    """The number of HTTP sessions by outcome, and their round trips. None if no entry has a log."""
    logged = [entry for entry in hosts if entry["http_sessions"] is not None]
    if not logged:
        return None
    sessions = [(entry["host"], session) for entry in logged for session in entry["http_sessions"]]
    states = [get_session_state(session) for dummy, session in sessions]
    timed = [
        (session["round_trip_ms"], host, session) for host, session in sessions if session["round_trip_ms"] is not None
    ]
    return {
        "hosts": len(logged),
        "count": len(sessions),
        **{state: states.count(state) for state in ("answered", "refused", "failed")},
        "retries": sum((session["attempt"] or 1) > 1 for dummy, session in sessions),
        "round_trip_ms": _summarize_round_trips(sorted(round_trip for round_trip, dummy, dummy in timed)),
        "slowest": _describe_slowest(timed),
    }


def _summarize_round_trips(ordered: t.Sequence[float]) -> dict[str, float] | None:
    if not ordered:
        return None
    return {
        "median": round(statistics.median(ordered), 3),
        "p95": ordered[math.ceil(0.95 * len(ordered)) - 1],
        "max": ordered[-1],
    }


def _describe_slowest(timed: t.Sequence[tuple[float, str, t.Mapping[str, t.Any]]]) -> dict[str, t.Any] | None:
    if not timed:
        return None
    dummy, host, session = max(timed, key=lambda item: item[0])
    return {"host": host, **{name: session[name] for name in ("method", "path", "status", "error", "round_trip_ms")}}
