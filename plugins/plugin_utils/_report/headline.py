# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences at the top of a report: what was not checked, what failed, which devices need attention, and what is good."""

from __future__ import annotations

import typing as t

from . import diffs, wording
from .folding import list_uncompared_paths
from .model import UNCHECKED_STATES, ReportNode, is_health_known
from .wording import format_count


class Sentence(t.NamedTuple):
    """level: alarm, warning, none (nothing is known to be wrong, and not everything is known) or good.

    text: in words of the collection.  names: devices, settings or a message from elsewhere, of which it speaks; empty if it
    speaks of all devices.
    """

    level: str
    text: str
    names: t.Sequence[str] = ()


def summarize_report(report: ReportNode) -> list[Sentence]:
    """The sentences, alarms first."""
    if report["error"] is not None:
        text = "The run ended before its first request, and no device was checked."
        return [Sentence("alarm", text, [report["error"]["message"]])]
    if not report["hosts"]:
        return [Sentence("alarm", "No device was checked.")]
    sentences = [
        *_describe_unchecked(report),
        *_describe_failed_changes(report),
        *_describe_sick(report),
        *_describe_clocks(report),
        *_describe_changes(report),
        *_describe_drift(report),
        *_describe_unknown_clocks(report),
        *_describe_unknown_health(report),
        *_describe_limit(report),
        *_describe_good(report),
    ]
    order = ("alarm", "warning", "none", "good")
    return sorted(sentences, key=lambda sentence: order.index(sentence.level))


def _describe_unchecked(report: ReportNode) -> t.Iterator[Sentence]:
    unchecked = wording.list_unchecked(report)
    missing = [entry for entry in unchecked if entry["state"] in UNCHECKED_STATES]
    states = [entry["state"] for entry in missing]
    if missing:
        parts = ", ".join(f"{states.count(s)} {wording.STATE_LABELS[s]}" for s in UNCHECKED_STATES if s in states)
        text = f"{len(missing)} of {len(report['hosts'])} devices could not be checked: {parts}."
        if len(report["hosts"]) == 1:
            text = f"The device could not be checked: {wording.STATE_LABELS[states[0]]}."
        yield Sentence("alarm", text, _names(missing))
    partial = [entry for entry in unchecked if entry["state"] not in UNCHECKED_STATES]
    if partial:
        text = f"{format_count(len(partial), 'device was', 'devices were')} only partly checked."
        yield Sentence("alarm", text, _names(partial))


def _names(entries: t.Iterable[ReportNode]) -> list[str]:
    return [entry["host"] for entry in entries]


def _by_change(report: ReportNode) -> dict[str, list[ReportNode]]:
    groups: dict[str, list[ReportNode]] = {}
    for entry in report["hosts"]:
        if entry["change"] is not None:
            groups.setdefault(entry["change"]["state"], []).append(entry)
    return groups


def _describe_failed_changes(report: ReportNode) -> t.Iterator[Sentence]:
    groups = _by_change(report)
    failed = groups.get("failed", [])
    if failed:
        restored = sum(
            entry["change"]["rollback"] is not None
            and entry["change"]["rollback"]["state"] in ("rolled_back", "not_needed")
            for entry in failed
        )
        started = sum(bool(entry["change"]["operations"]) for entry in failed)
        parts = [f"{restored} rolled back"] if restored else []
        if started > restored:
            parts.append(f"{started - restored} possibly changed in part")
        if len(failed) > started:
            parts.append(f"{len(failed) - started} before the first write")
        yield Sentence(
            "alarm",
            f"The change failed on {format_count(len(failed), 'device')}: {', '.join(parts)}.",
            _names(failed),
        )
    skipped = groups.get("not_changed", [])
    if skipped:
        text = f"{format_count(len(skipped), 'device was', 'devices were')} not changed."
        yield Sentence("alarm", text, _names(skipped))


def _describe_sick(report: ReportNode) -> t.Iterator[Sentence]:
    for worst, level in (("critical", "alarm"), ("error", "alarm"), ("warning", "warning"), ("unknown", "warning")):
        sick = [
            entry
            for entry in report["hosts"]
            if entry["health"] is not None and not entry["health"]["healthy"] and entry["health"]["worst"] == worst
        ]
        if sick:
            yield Sentence(
                level, f"{format_count(len(sick), 'device is', 'devices are')} not healthy ({worst}).", _names(sick)
            )
    other = [
        entry
        for entry in report["hosts"]
        if entry["health"] is not None
        and not entry["health"]["healthy"]
        and entry["health"]["worst"] in ("ok", "info", "skipped")
    ]
    if other:
        yield Sentence("warning", f"{format_count(len(other), 'device is', 'devices are')} not healthy.", _names(other))


def _describe_clocks(report: ReportNode) -> t.Iterator[Sentence]:
    """Clocks that no health check has reported."""
    for state, text in (("lost", "not synchronized"), ("holdover", "in holdover")):
        entries = [
            entry
            for entry in report["hosts"]
            if wording.get_clock_state(entry["time"]) == state and not wording.list_findings(entry)
        ]
        if entries:
            yield Sentence(
                "warning", f"{format_count(len(entries), 'clock is', 'clocks are')} {text}.", _names(entries)
            )


def _describe_unknown_clocks(report: ReportNode) -> t.Iterator[Sentence]:
    """Clocks without a state, where the report is about nothing but facts. Otherwise the tasks may not have asked for it."""
    unknown = [
        entry
        for entry in report["hosts"]
        if entry["state"] == "checked" and wording.get_clock_state(entry["time"]) == "unknown"
    ]
    if report["checks"] == ["facts"] and unknown:
        count = format_count(len(unknown), "device does", "devices do")
        yield Sentence("none", f"{count} not report whether the clock is synchronized.", _names(unknown))


def _list_unknown_health(report: ReportNode) -> list[ReportNode]:
    """The devices on which no health check has a value: none applies, or the device reports nothing that they need."""
    return [e for e in report["hosts"] if e["health"] is not None and not is_health_known(e["health"])]


def _describe_unknown_health(report: ReportNode) -> t.Iterator[Sentence]:
    unknown = _list_unknown_health(report)
    if unknown:
        text = f"No health check has a value on {format_count(len(unknown), 'device')}."
        yield Sentence("none", text, _names(unknown))


def _describe_limit(report: ReportNode) -> t.Iterator[Sentence]:
    if report["limit"] is not None:
        yield Sentence("none", "The run was limited. Hosts outside of the limit were not checked.", [report["limit"]])


def _describe_changes(report: ReportNode) -> t.Iterator[Sentence]:
    groups = _by_change(report)
    planned, changed = groups.get("planned", []), groups.get("changed", [])
    if planned:
        text = f"{format_count(len(planned), 'device')} would be changed; nothing was written."
        yield Sentence("warning", text, _names(planned))
    if changed:
        yield Sentence("good", f"{format_count(len(changed), 'device was', 'devices were')} changed.")
        for saved, verb in ((False, "is not saved"), (None, "may not be saved")):
            unsaved = [entry for entry in changed if entry["change"]["saved"] is saved]
            if unsaved:
                text = f"The change of {format_count(len(unsaved), 'device')} {verb} as startup configuration."
                yield Sentence("warning", text, _names(unsaved))
    if groups.get("unchanged"):
        count = len(groups["unchanged"])
        yield Sentence("good", f"{format_count(count, 'device needs', 'devices need')} no change.")


def _describe_drift(report: ReportNode) -> t.Iterator[Sentence]:
    drifting = [entry for entry in report["hosts"] if entry["state"] == "drift"]
    if drifting:
        differences = [d for entry in drifting for d in diffs.list_drift(report, entry)]
        security = sum(difference["class"] == "security" for difference in differences)
        checked = _count_checked(report)
        devices = f"{len(drifting)} of {checked} checked devices" if checked > 1 else "The checked device"
        verb = "differs" if len(drifting) == 1 else "differ"
        apart = f", {security} of which {'concerns' if security == 1 else 'concern'} security" if security else ""
        omitted = sum(entry["drift"]["differences_omitted"] for entry in drifting if entry["drift"])
        least = "at least " if omitted else ""
        settings = f" in {least}{format_count(len(differences), 'setting')}" if differences else ""
        yield Sentence("warning", f"{devices} {verb}{settings}{apart}.", _names(drifting))


def _count_checked(report: ReportNode) -> int:
    return sum(entry["state"] not in UNCHECKED_STATES for entry in report["hosts"])


def _describe_good(report: ReportNode) -> t.Iterator[Sentence]:
    checked = _count_checked(report)
    if not checked:
        return
    is_complete = checked == len(report["hosts"]) and report["limit"] is None
    apart = "The checked device" if checked == 1 else f"Each of the {checked} checked devices"
    every = "Every device" if is_complete else apart
    if report["summary"]["drift"] is not None and "drift" in report["checks"]:
        yield from _describe_comparison(report, every)
    if report["summary"]["unhealthy"] == 0 and "health" in report["checks"] and not _list_unknown_health(report):
        yield Sentence("good", f"{every} is healthy.")
    if is_complete and report["checks"] == ["facts"]:
        yield Sentence("good", "Every device was read.")


def _describe_comparison(report: ReportNode, every: str) -> t.Iterator[Sentence]:
    """What was not compared, or that no device drifts. Devices are called correct only if all that can be read was compared."""
    paths = list_uncompared_paths(report)
    omitted = sum(entry["drift"]["not_compared_omitted"] for entry in report["hosts"] if entry["drift"])
    if paths or omitted:
        least = "at least " if omitted else ""
        apart = "" if report["summary"]["drift"] else "No difference was found, but "
        text = f"{apart}{least}{format_count(len(paths), 'setting')} could not be compared."
        yield Sentence("none", text, paths)
    elif not report["summary"]["drift"]:
        modes = {entry["drift"]["mode"] for entry in report["hosts"] if entry["drift"]}
        agrees = f"agrees with {diffs.describe_reference('consensus')}"
        accepted = sum(bool(diffs.list_accepted(report, entry)) for entry in report["hosts"])
        apart = f", apart from accepted drift on {format_count(accepted, 'device')}" if accepted else ""
        yield Sentence(
            "good", f"{every} {agrees if modes == {'consensus'} else 'is configured as it should be'}{apart}."
        )
