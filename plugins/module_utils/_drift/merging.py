# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merges several comparisons or health checks of one device, so that none hides what another one found. Pure functions."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._health.check import CHECK_STATES
from .._health.evaluate import count_states, worst_state

ReportPart = t.Mapping[str, t.Any]

# From the best. A device of which one comparison finds drift has drift, although another one compared nothing.
_DRIFT_STATES = ("clean", "accepted", "not_checked", "drift")
_LISTS = ("differences", "not_compared", "not_applicable")


def merge_drifts(drifts: t.Sequence[ReportPart]) -> ReportPart:
    """The drift of a device from all of its comparisons; a single one as it is."""
    if len(drifts) == 1:
        return drifts[0]
    merged = {**drifts[-1], "state": _worst_state(drift.get("state") for drift in drifts)}
    sections: dict[str, ReportPart] = {}
    for section in _collect_members(drifts, "sections"):
        former = sections.get(str(section.get("name")), section)
        worst = _worst_state((former.get("state"), section.get("state")))
        sections[str(section.get("name"))] = former if former.get("state") == worst else section
    lists = {name: _unique(_collect_members(drifts, name)) for name in _LISTS}
    return {**merged, "sections": list(sections.values()), **lists}


def merge_health(results: t.Sequence[ReportPart]) -> ReportPart:
    """The health of a device from the items of a loop over health checks; a single one as it is."""
    if len(results) == 1:
        return results[0]
    checks = [check for check in _collect_members(results, "checks") if check.get("state") in CHECK_STATES]
    values = [result.get("healthy") for result in results]
    healthy = False if False in values else None if None in values else all(values)
    merged = {**results[-1], "healthy": healthy, "checks": checks}
    return {**merged, "worst": worst_state(checks), "counts": count_states(checks)}


def _collect_members(results: t.Iterable[ReportPart], name: str) -> list[dict[str, t.Any]]:
    """The mappings in these lists of all results."""
    lists = (result.get(name) for result in results)
    return [dict(each) for listed in lists if isinstance(listed, list) for each in listed if isinstance(each, Mapping)]


def _unique(entries: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    unique: list[dict[str, t.Any]] = []
    seen: set[str] = set()
    for entry in entries:
        text = repr(sorted(entry.items()))
        if text not in seen:
            seen.add(text)
            unique.append(entry)
    return unique


def _worst_state(states: t.Iterable[object]) -> str:
    """A state that is unknown counts as not checked."""
    known = [state if state in _DRIFT_STATES else "not_checked" for state in states]
    return str(max(known, key=_DRIFT_STATES.index))
