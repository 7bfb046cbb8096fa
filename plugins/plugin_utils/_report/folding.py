# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folds what is identical on several devices of a report into one group with the devices behind it, the worst group first."""

from __future__ import annotations

import json
import re
import typing as t

from ...module_utils._drift.comparison import SECRET_REASON
from . import diffs, wording
from .model import HOST_STATES, ReportNode
from .severity import CHANGE_MARKS

NumberedEntry = tuple[int, ReportNode]

_NUMBER = re.compile(r"[0-9]+(?:[.,:-][0-9]+)*")
_CHANGE_ORDER = ("failed", "not_changed", "unknown", "planned", "changed", "unchanged")


class FoldedDevices(t.NamedTuple):
    """Something that is identical on devices. item: as it is on the first of them.

    entries: the devices in the order of the report, each with its number in it.
    """

    item: t.Any
    entries: list[NumberedEntry]

    @property
    def hosts(self) -> list[str]:
        return [entry["host"] for dummy, entry in self.entries]

    @property
    def reason(self) -> str:
        """Why the devices were not checked, or not changed; with the address if it is one device."""
        entry = self.entries[0][1]
        format_reason = wording.format_shared_reason if len(self.entries) > 1 else wording.format_unchecked_reason
        return format_reason(entry)


class _Folder:
    """Groups by a key of plain data."""

    def __init__(self) -> None:
        self._groups: dict[str, FoldedDevices] = {}

    def add(self, key: object, item: object, entry: NumberedEntry) -> FoldedDevices:
        text = json.dumps(key, sort_keys=True, default=str)
        group = self._groups.setdefault(text, FoldedDevices(item, []))
        group.entries.append(entry)
        return group

    def sorted(self, key: t.Callable[[FoldedDevices], t.Any]) -> list[FoldedDevices]:
        return sorted(self._groups.values(), key=lambda group: (key(group), -len(group.entries)))


def fold_unchecked(report: ReportNode) -> list[FoldedDevices]:
    """Devices that were not checked, or not completely, by reason. item: the entry of the first device."""
    folder = _Folder()
    for number, entry in enumerate(report["hosts"]):
        if wording.is_unchecked(entry):
            error = entry["error"] or {}
            key = [entry["state"], error.get("code"), wording.format_shared_reason(entry)]
            folder.add(key, entry, (number, entry))
    return folder.sorted(lambda group: HOST_STATES.index(group.item["state"]))


def fold_findings(report: ReportNode) -> list[FoldedDevices]:
    """Health findings; those whose messages differ in numbers only are one.

    item: the check of the first device, since the earliest time of all of them, with a remark if other devices have other numbers.
    """
    folder = _Folder()
    checks: dict[str, list[ReportNode]] = {}
    for number, entry in enumerate(report["hosts"]):
        for check in wording.list_findings(entry):
            key = _finding_key(check)
            folder.add(key, check, (number, entry))
            checks.setdefault(key, []).append(check)
    groups = folder.sorted(lambda group: wording.rank_finding(group.item))
    return [group._replace(item=_join_checks(checks[_finding_key(group.item)])) for group in groups]


def _finding_key(check: ReportNode) -> str:
    names = ("state", "name", "subject", "remedy")
    return json.dumps([_NUMBER.sub("0", check["message"]), *(check[name] for name in names)])


def _join_checks(checks: t.Sequence[ReportNode]) -> dict[str, t.Any]:
    first = checks[0]
    is_same = all(check["message"] == first["message"] for check in checks)
    return {
        **first,
        "message": first["message"] if is_same else f"{first['message']} (Other devices have other numbers.)",
        "since": min((check["since"] for check in checks if check["since"]), default=None),
    }


def fold_drift(report: ReportNode) -> list[FoldedDevices]:
    """Devices in state drift, those with the same differences as one. item: the differences that count as drift."""
    folder = _Folder()
    for number, entry in enumerate(report["hosts"]):
        if entry["state"] == "drift":
            drift = diffs.list_drift(report, entry)
            # Devices of which only the state is known, or the reason differs, say different things.
            folder.add([drift, entry["reason"], entry["drift"]["differences_omitted"]], drift, (number, entry))
    return folder.sorted(lambda group: not any(d["class"] == "security" for d in group.item))


class SettingDrift(t.NamedTuple):
    """A setting that differs on devices. difference: as it is on the first of them.  values: what the devices have, by its JSON."""

    difference: ReportNode
    values: dict[str, t.Any]


def fold_settings(report: ReportNode) -> list[FoldedDevices]:
    """What counts as drift, by setting and desired value, what concerns security first. item: a SettingDrift."""
    folder = _Folder()
    for number, entry in enumerate(report["hosts"]):
        for difference in diffs.list_drift(report, entry):
            key = [difference[name] for name in ("path", "op", "after", "class")]
            item = folder.add(key, SettingDrift(difference, {}), (number, entry)).item
            item.values.setdefault(json.dumps(difference["before"], sort_keys=True), difference["before"])
    return folder.sorted(lambda group: (group.item.difference["class"] != "security", -len(group.entries)))


def fold_accepted(report: ReportNode) -> list[FoldedDevices]:
    """Devices with accepted drift, those with the same differences as one. item: the accepted differences."""
    folder = _Folder()
    for number, entry in enumerate(report["hosts"]):
        accepted = diffs.list_accepted(report, entry)
        if accepted:
            folder.add(accepted, accepted, (number, entry))
    return folder.sorted(lambda dummy: 0)


def fold_changes(report: ReportNode) -> list[FoldedDevices]:
    """Devices with a change, those with the same operations and outcome as one. item: the entry of the first device."""
    folder = _Folder()
    for number, entry in enumerate(report["hosts"]):
        change = entry["change"]
        if change is not None:
            operations = [{**operation, "id": None} for operation in change["operations"]]
            parts = (
                "state",
                "operations_omitted",
                "saved",
                "rollback",
                "also_changed",
                "not_applicable",
                "plan_difference",
            )
            reason = wording.format_shared_reason(entry)
            folder.add([operations, reason, [change[name] for name in parts]], entry, (number, entry))
    return folder.sorted(lambda group: _CHANGE_ORDER.index(group.item["change"]["state"]))


def fold_not_compared(report: ReportNode, member: str = "not_compared") -> list[FoldedDevices]:
    """Settings of the member not_compared or not_applicable by path and reason. item: {path, reason}."""
    folder = _Folder()
    for number, entry in enumerate(report["hosts"]):
        for each in _list_member(entry, member):
            folder.add([each["path"], each["reason"]], each, (number, entry))
    return folder.sorted(lambda group: (group.item["path"], group.item["reason"] or ""))


def list_uncompared_paths(report: ReportNode) -> list[str]:
    """Paths of settings that were not compared on a device, apart from secrets, which no device returns."""
    groups = fold_not_compared(report)
    return list(dict.fromkeys(g.item["path"] for g in groups if g.item["reason"] != SECRET_REASON))


def _list_member(entry: ReportNode, member: str) -> list[ReportNode]:
    """The entries of a member of the drift and of the change of a device, each once."""
    found: list[ReportNode] = []
    for part in (entry["drift"], entry["change"]):
        found += [each for each in (part or {}).get(member, ()) if each not in found]
    return found


def mark_change(group: FoldedDevices) -> str:
    """The mark of a group of fold_changes()."""
    return CHANGE_MARKS[group.item["change"]["state"]]
