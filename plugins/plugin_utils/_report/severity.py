# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much attention a device of a report needs: its rank, the worst first, and the mark that shows it."""

from __future__ import annotations

import typing as t

from ...module_utils._tree import values
from . import diffs, wording
from .model import UNCHECKED_STATES, ReportNode

# The shape of a mark says what its color says: a disc is good, a triangle needs attention, a square is bad, a ring is unknown.
CLOCK_MARKS = {"sync": "good", "holdover": "warn", "lost": "bad", "unknown": "none"}
STATE_MARKS = {
    "clean": "good",
    "checked": "good",
    "drift": "warn",
    "not_checked": "bad",
    "failed": "bad",
    "unreachable": "bad",
}
HEALTH_MARKS = {
    "ok": "good",
    "info": "good",
    "skipped": "none",
    "unknown": "none",
    "warning": "warn",
    "error": "bad",
    "critical": "bad",
}
CHANGE_MARKS = {
    "planned": "warn",
    "unchanged": "good",
    "changed": "good",
    "failed": "bad",
    "not_changed": "bad",
    "unknown": "none",
}


def mark_state(entry: ReportNode) -> str:
    """The mark of the state of a host, which is that of its change if it was checked for one."""
    if entry["state"] == "checked" and entry["change"] is not None:
        return CHANGE_MARKS[entry["change"]["state"]]
    return STATE_MARKS[entry["state"]]


# From worst to best, each with its mark.
_RANKS = {
    "unreachable": "bad",
    "failed": "bad",
    "not_checked": "bad",
    "critical": "bad",
    "error": "bad",
    "lost": "bad",
    "security": "warn",
    "incomplete": "warn",
    "drift": "warn",
    "holdover": "warn",
    "finding": "warn",
    "planned": "warn",
    "calm": "good",
}
_ORDER = {name: number for number, name in enumerate(_RANKS)}


def classify_device(report: ReportNode, entry: ReportNode) -> str:
    """The worst of what the report knows about a device, a key of the ranks."""
    if entry["state"] in UNCHECKED_STATES:
        return str(entry["state"])
    return min(_list_ranks(report, entry), key=_ORDER.__getitem__, default="calm")


def _list_ranks(report: ReportNode, entry: ReportNode) -> t.Iterator[str]:
    health = entry["health"]
    if health is not None:
        if health["worst"] in ("critical", "error"):
            yield str(health["worst"])
        elif not health["healthy"] or wording.list_findings(entry):
            yield "finding"
    clock = wording.get_clock_state(entry["time"])
    if clock in ("lost", "holdover"):
        yield clock
    if entry["reason"] is not None:
        yield "incomplete"
    if entry["state"] == "drift":
        is_security = any(d["class"] == "security" for d in diffs.list_drift(report, entry))
        yield "security" if is_security else "drift"
    if entry["change"] is not None and entry["change"]["state"] == "planned":
        yield "planned"


def needs_attention(report: ReportNode, entry: ReportNode) -> bool:
    """Whether anything about a device is not as it should be, as far as the report knows."""
    return classify_device(report, entry) != "calm"


def needs_action(report: ReportNode, entry: ReportNode) -> bool:
    """Whether more is wrong about a device than warnings of its health checks."""
    return classify_device(report, entry) not in ("finding", "planned", "calm")


def mark_device(report: ReportNode, entry: ReportNode) -> str:
    """The mark of the worst of what the report knows about a device."""
    return _RANKS[classify_device(report, entry)]


def sort_worst_first(report: ReportNode) -> list[tuple[int, ReportNode]]:
    """The hosts of a report with their numbers in it, the worst first."""
    return sorted(
        enumerate(report["hosts"]),
        key=lambda pair: (_ORDER[classify_device(report, pair[1])], values.natural_key(pair[1]["host"])),
    )
