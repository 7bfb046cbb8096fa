# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences and operations of a report, as lines in the style of a unified diff."""

from __future__ import annotations

import itertools
import typing as t

from ...module_utils._base.sanitize import printable
from ...module_utils._tree.secrets import MASK
from . import wording
from .model import ReportNode, is_effective_drift

_MAX_VALUES = 3
_REVIEW_SUBJECTS = {
    "device": "device:",
    "operation": "",
    "order": "order of the operations",
    "secret": "secret",
    "save": "save:",
}
_OPERATION_LABELS = {"processing": "unknown", "rolled_back": "rolled back"}


class DiffLine(t.NamedTuple):
    """A line of a difference. sign: "-" for the device's value, "+" for the desired one, "@" for the menu, " " for a remark."""

    sign: str
    text: str


class SectionDrift(t.NamedTuple):
    """How many settings of a section differ, how many of these concern security, and in how many devices."""

    name: str
    differences: int
    security: int
    devices: int


def list_drift(report: ReportNode, entry: ReportNode) -> list[ReportNode]:
    """The differences of a host that count as drift."""
    return [d for d in _list_differences(entry) if is_effective_drift(d, report["generated"])]


def list_accepted(report: ReportNode, entry: ReportNode) -> list[ReportNode]:
    """The differences of a host that are accepted at the time of the report."""
    return [d for d in _list_differences(entry) if not is_effective_drift(d, report["generated"])]


def _list_differences(entry: ReportNode) -> list[ReportNode]:
    return entry["drift"]["differences"] if entry["drift"] else []


def describe_reference(mode: str) -> str:
    """What devices are compared with."""
    return "the majority of its peers" if mode == "consensus" else "the golden configuration"


def list_diff_lines(differences: t.Sequence[ReportNode], limit: int = 300) -> list[DiffLine]:
    """Differences in the style of a unified diff, with a heading for each menu."""
    lines: list[DiffLine] = []
    menu: str | None = None
    for difference in sorted(differences, key=lambda d: tuple(d["path"].split("/"))):
        parent, dummy, name = difference["path"].rpartition("/")
        if parent != menu:
            menu = parent
            lines.append(DiffLine("@", parent or "/"))
        lines += _diff_lines_of(difference, name, limit)
    return lines


def _diff_lines_of(difference: ReportNode, name: str, limit: int) -> t.Iterator[DiffLine]:
    if difference["op"] != "add":
        yield DiffLine("-", _format_setting(name, difference["before"], limit))
    if difference["op"] != "remove":
        yield DiffLine("+", _format_setting(name, difference["after"], limit))
    remark = format_remark(difference)
    if remark:
        yield DiffLine(" ", remark)


def _format_setting(name: str, value: object, limit: int) -> str:
    """A setting as one line, whatever its name is."""
    return f"{printable(name)}: {_format_masked(value, limit)}"


def _format_masked(value: object, limit: int) -> str:
    return MASK if value == MASK else wording.format_value(value, limit)


def describe_differences(differences: t.Sequence[ReportNode]) -> str:
    """The number of differences and their sections, such as 3 differences in ntp, snmp."""
    if not differences:
        return "differs"
    sections = ", ".join(dict.fromkeys(difference["section"] for difference in differences))
    return f"{wording.format_count(len(differences), 'difference')} in {sections}"


def format_setting_values(difference: ReportNode, values: t.Collection[t.Any], limit: int = 100) -> tuple[str, str]:
    """What devices have in a setting, and what is desired."""
    shown = [_format_masked(value, limit) for value in itertools.islice(values, _MAX_VALUES)]
    more = f" and {len(values) - _MAX_VALUES} more" if len(values) > _MAX_VALUES else ""
    current = "nothing" if difference["op"] == "add" else ", ".join(shown) + more
    desired = "nothing" if difference["op"] == "remove" else _format_masked(difference["after"], limit)
    return current, desired


def format_remark(difference: ReportNode) -> str:
    """Remarks on a difference: secrets, security, peers, acceptance."""
    parts = []
    if MASK in (difference["before"], difference["after"]):
        parts.append("secret, not shown")
    if difference["class"] == "security":
        parts.append("concerns security")
    peers = difference["peers"]
    if peers and peers["of"]:
        parts.append(f"{peers['agree']} of {peers['of']} peers agree")
    for name, label in (("accepted", "accepted"), ("expired", "was accepted")):
        acceptance = difference[name]
        if acceptance:
            until = f" until {acceptance['until']}" if acceptance["until"] else ""
            reason = f": {acceptance['reason']}" if acceptance["reason"] else ""
            parts.append(f"{label}{until}{reason}")
    return "; ".join(parts)


def list_operation_lines(change: ReportNode, limit: int = 300) -> list[DiffLine]:
    """The operations of a change in the style of a unified diff, each below its path, handler and state."""
    lines: list[DiffLine] = []
    for operation in change["operations"]:
        state = _OPERATION_LABELS.get(operation["state"], operation["state"])
        parts = [f"handler {operation['handler']}", state]
        if operation["impact"]:
            parts.append(f"impact on {operation['impact']}")
        lines.append(DiffLine("@", f"{operation['path'] or '/'} ({', '.join(parts)})"))
        lines += _list_value_lines(operation, limit)
    if change["operations_omitted"]:
        lines.append(DiffLine(" ", f"and {wording.format_count(change['operations_omitted'], 'more operation')}"))
    return lines


def list_change_lines(change: ReportNode, limit: int = 300) -> list[DiffLine]:
    """The operations of a change, then its differences from the reviewed plan."""
    return [*list_operation_lines(change, limit), *list_review_lines(change["plan_difference"], limit)]


def list_review_lines(differences: t.Iterable[ReportNode], limit: int = 300) -> list[DiffLine]:
    """Differences from a reviewed plan in the style of a unified diff: what was reviewed, and what is planned now."""
    lines: list[DiffLine] = []
    for difference in differences:
        subject = " ".join(filter(None, (_REVIEW_SUBJECTS[difference["kind"]], difference["path"])))
        lines.append(DiffLine("@", f"{subject} (- reviewed, + now)"))
        reviewed, current = difference["reviewed"], difference["current"]
        has_same_action = (
            isinstance(reviewed, dict) and isinstance(current, dict) and _action(reviewed) == _action(current)
        )
        for sign, side in (("-", reviewed), ("+", current)):
            texts = _list_side(difference["kind"], side, has_same_action, limit)
            lines += [DiffLine(sign, text) for text in texts]
    return lines


def _list_side(kind: str, side: t.Any, has_same_action: bool, limit: int) -> t.Iterator[str]:
    """One side of a difference; of operations with the same action, only values differ."""
    if kind == "secret":
        yield "not written" if side is None else "written"
    elif kind == "operation" and side is None:
        yield "not changed"
    elif kind == "operation" and isinstance(side, dict):
        if not has_same_action:
            yield _action(side)
        for when in ("before", "after"):
            values = side.get(when)
            for name, value in values.items() if isinstance(values, dict) else ():
                yield f"{when}, {_format_setting(name, value, limit)}"
        if "impact" in side:
            yield f"impact: {_format_masked(side['impact'], limit)}"
    else:
        yield "unknown" if side is None else _format_masked(side, limit)


def _action(side: t.Mapping[str, t.Any]) -> str:
    return wording.format_value(side.get("action"), 20).strip('"')


def list_planned_lines(operations: t.Iterable[ReportNode], limit: int = 300) -> list[DiffLine]:
    """Operations of a plan in the style of a unified diff, each below its path, action and impact."""
    lines: list[DiffLine] = []
    for operation in operations:
        parts = [operation["action"], *([f"impact on {operation['impact']}"] if operation["impact"] else [])]
        lines.append(DiffLine("@", f"{operation['path'] or '/'} ({', '.join(parts)})"))
        lines += _list_value_lines(operation, limit)
        if operation["is_secret"]:
            lines.append(DiffLine(" ", "secret, not shown"))
    return lines


def _list_value_lines(operation: ReportNode, limit: int) -> t.Iterator[DiffLine]:
    before, after = operation["before"], operation["after"]
    if not isinstance(before, dict) or not isinstance(after, dict):
        for sign, value in (("-", before), ("+", after)):
            if value is not None:
                yield DiffLine(sign, _format_masked(value, limit))
        return
    for name in dict.fromkeys([*before, *after]):
        for sign, values in (("-", before), ("+", after)):
            if name in values:
                yield DiffLine(sign, _format_setting(name, values[name], limit))


def count_by_section(report: ReportNode) -> list[SectionDrift]:
    """What counts as drift in each section, the section with the most differences first."""
    counts: dict[str, list[int]] = {}
    for entry in report["hosts"]:
        seen = set()
        for difference in list_drift(report, entry):
            row = counts.setdefault(difference["section"], [0, 0, 0])
            row[0] += 1
            row[1] += difference["class"] == "security"
            row[2] += difference["section"] not in seen
            seen.add(difference["section"])
    sections = [SectionDrift(name, *row) for name, row in counts.items()]
    return sorted(sections, key=lambda section: (-section.differences, section.name))
