# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of the metrics of a report that are not just a member of an entry."""

from __future__ import annotations

import calendar
import time
import typing as t

from ...module_utils._tree import values
from . import diffs
from .model import HOST_STATES, ReportNode, is_health_known

Value = t.Union[int, float]
# The values of the labels, and that of the sample; None for one that is not known.
Sample = tuple[tuple[str, ...], t.Optional[Value]]


def identify(labels: t.Sequence[tuple[str, ...]]) -> t.Iterator[tuple[str, ...]]:
    """The labels of items, of which those that are the same as before are numbered, so that no series has two samples."""
    taken = set(labels)
    repeated: set[tuple[str, ...]] = set()
    for label in labels:
        unique, number = label, 1
        while unique in repeated or (number > 1 and unique in taken):
            number += 1
            unique = (f"{label[0]}#{number}", *label[1:])
        repeated.add(unique)
        yield unique


def scale(value: t.Any, factor: float) -> Value | None:
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    return t.cast("Value", value) if factor == 1 else float(f"{value * factor:.12g}")


def collect_report_time(report: ReportNode) -> t.Iterator[Sample]:
    yield (), _epoch(report["generated"])


def collect_checked_times(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"],), _epoch(entry["checked"])


def _epoch(iso: str | None) -> int | None:
    return None if iso is None else calendar.timegm(time.strptime(iso, "%Y-%m-%dT%H:%M:%SZ"))


def collect_report_info(report: ReportNode) -> t.Iterator[Sample]:
    yield (report["collection"],), 1


def collect_limited(report: ReportNode) -> t.Iterator[Sample]:
    yield (), int(report["limit"] is not None)


def collect_exit_code(report: ReportNode) -> t.Iterator[Sample]:
    yield (), report["exit_code"]


def collect_host_counts(report: ReportNode) -> t.Iterator[Sample]:
    for state in HOST_STATES:
        yield (state,), report["summary"][state]


def collect_host_states(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        for state in HOST_STATES:
            yield (entry["host"], state), int(entry["state"] == state)


def collect_reachable(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"],), _is_reachable(entry)


def _is_reachable(entry: ReportNode) -> int | None:
    """0 or 1; None if no result shows that the device answered, as after a failure that can have preceded the first request."""
    if entry["error"] is not None and entry["error"]["kind"] == "unreachable":
        return 0
    is_compared = entry["drift"] is not None and entry["drift"]["state"] != "not_checked"
    has_values = entry["time"] or entry["health"] or entry["measurements"]
    return 1 if is_compared or has_values or _has_answered_change(entry["change"]) else None


def _has_answered_change(change: ReportNode | None) -> bool:
    """Whether a device was read for a plan, or has answered a request that changes it."""
    if change is None:
        return False
    is_planned = change["state"] in ("planned", "unchanged", "changed")
    return is_planned or any(row[state] for row in change["handlers"] for state in ("succeeded", "rolled_back"))


def collect_complete(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"],), int(entry["reason"] is None)


def collect_errors(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        code = (entry["error"] or {}).get("code")
        if code:
            yield (entry["host"], code), 1


def _info(report: ReportNode, part: str, members: t.Sequence[str]) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        labels = [values.at(entry, part, name) or "" for name in members]
        if any(labels):
            yield (entry["host"], *labels), 1


DEVICE_LABELS = ("model", "serial_number", "hostname", "firmware", "api_version")
SYNC_LABELS = ("state", "reference", "reference_slot", "oscillator")


def collect_device_info(report: ReportNode) -> t.Iterator[Sample]:
    return _info(report, "device", DEVICE_LABELS)


def collect_sync_info(report: ReportNode) -> t.Iterator[Sample]:
    return _info(report, "time", SYNC_LABELS)


def collect_groups(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        yield (entry["host"], entry["group"] or ""), 1


def collect_healthy(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if is_health_known(entry["health"]):
            yield (entry["host"],), int(entry["health"]["healthy"])


def collect_check_counts(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        for state, count in (entry["health"] or {"counts": {}})["counts"].items():
            yield (entry["host"], state), count


def collect_findings(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        counts: dict[tuple[str, str], int] = {}
        for check in (entry["health"] or {"checks": ()})["checks"]:
            if check["state"] in ("info", "warning", "error", "critical"):
                key = (check["name"], check["state"])
                counts[key] = counts.get(key, 0) + 1
        for (name, state), count in counts.items():
            yield (entry["host"], name, state), count


def collect_differences(report: ReportNode) -> t.Iterator[Sample]:
    return _count_differences(report, diffs.list_drift)


def collect_accepted(report: ReportNode) -> t.Iterator[Sample]:
    return _count_differences(report, diffs.list_accepted)


def _count_differences(
    report: ReportNode, select: t.Callable[[ReportNode, ReportNode], t.Sequence[ReportNode]]
) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["drift"] is not None and entry["drift"]["state"] != "not_checked":
            classes = [difference["class"] for difference in select(report, entry)]
            for name in ("config", "security"):
                yield (entry["host"], name), classes.count(name)


def collect_omitted(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["drift"] is not None and entry["drift"]["state"] != "not_checked":
            yield (entry["host"],), entry["drift"]["differences_omitted"]


def collect_sections(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["drift"] is not None and entry["drift"]["sections"]:
            states = [section["state"] for section in entry["drift"]["sections"]]
            for state in ("clean", "accepted", "drift", "not_checked"):
                yield (entry["host"], state), states.count(state)


def collect_not_compared(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        drift = entry["drift"]
        if drift is not None and drift["state"] != "not_checked":
            yield (entry["host"],), len(drift["not_compared"]) + drift["not_compared_omitted"]


def collect_saved(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["change"] is not None and entry["change"]["state"] in ("changed", "failed", "unknown"):
            yield (entry["host"],), scale(entry["change"]["saved"], 1)


def collect_operations(report: ReportNode) -> t.Iterator[Sample]:
    for entry in report["hosts"]:
        if entry["change"] is not None and (entry["change"]["state"] != "unknown" or entry["change"]["handlers"]):
            for state in ("waiting", "processing", "succeeded", "failed", "rolled_back", "skipped"):
                yield (entry["host"], state), sum(counted[state] for counted in entry["change"]["handlers"])


def collect_sessions(report: ReportNode) -> t.Iterator[Sample]:
    for outcome in ("answered", "refused", "failed"):
        yield (outcome,), values.at(report["http_sessions"], outcome)


def collect_round_trips(report: ReportNode) -> t.Iterator[Sample]:
    for statistic in ("median", "p95", "max"):
        yield (statistic,), scale(values.at(report["http_sessions"], "round_trip_ms", statistic), 1e-3)
