# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown for a comment on a merge request, below 65,000 bytes whatever the fleet is like."""

from __future__ import annotations

import functools
import typing as t

from . import diffs, folding, headline, wording
from .comment import Comment, DiffBlock
from .model import ReportNode
from .rendering import load_macro
from .severity import mark_state, sort_worst_first
from .tiles import build_tiles

_macro = functools.partial(load_macro, "comment.md.j2")


def render_markdown(report: ReportNode) -> str:
    """The comment."""
    comment = Comment()
    comment.add(_macro("introduction")(report, headline.summarize_report(report), build_tiles(report)))
    _add_unchecked(comment, report)
    _add_changes(comment, report)
    _add_drift(comment, report)
    _add_not_compared(comment, report)
    _add_health(comment, report)
    _add_totals(comment, report)
    _add_fleet(comment, report)
    return comment.finish(_macro("omissions"))


def _add_unchecked(comment: Comment, report: ReportNode) -> None:
    rows = list(map(_macro("unchecked_row"), folding.fold_unchecked(report)))
    comment.add_table(
        _macro("unchecked_heading")(),
        rows,
        ("group of unchecked devices", "groups of unchecked devices"),
        comment.left // 2,
    )


def _add_changes(comment: Comment, report: ReportNode) -> None:
    blocks = [
        DiffBlock(
            group.hosts,
            ": ".join(filter(None, [wording.describe_change(group.item), group.reason])),
            diffs.list_change_lines(group.item["change"], 200),
        )
        for group in folding.fold_changes(report)
        if group.item["change"]["state"] != "unchanged"
    ]
    comment.add_diffs(_macro("changes_heading")(), blocks, "change")


def _add_drift(comment: Comment, report: ReportNode) -> None:
    modes = [entry["drift"]["mode"] for entry in report["hosts"] if entry["drift"]]
    reference = diffs.describe_reference(modes[0] if modes else "golden")
    _add_settings(comment, report)
    for heading, groups, name in (
        ("drift_heading", folding.fold_drift(report), "drift"),
        ("accepted_heading", folding.fold_accepted(report), "accepted drift"),
    ):
        blocks = [
            DiffBlock(group.hosts, diffs.describe_differences(group.item), diffs.list_diff_lines(group.item, 200))
            for group in groups
        ]
        comment.add_diffs(_macro(heading)(reference), blocks, name)


def _add_settings(comment: Comment, report: ReportNode) -> None:
    """The settings that differ on several devices."""
    render = _macro("setting_row")
    rows = [
        render(group, *diffs.format_setting_values(group.item.difference, group.item.values.values()))
        for group in folding.fold_settings(report)
        if len(group.entries) > 1
    ]
    if len(folding.fold_drift(report)) > 1:
        names = ("setting that differs on several devices", "settings that differ on several devices")
        comment.add_table(_macro("settings_heading")(), rows, names, comment.left * 2 // 3)


def _add_not_compared(comment: Comment, report: ReportNode) -> None:
    for heading, member, names in (
        ("Settings that were not compared", "not_compared", ("setting not compared", "settings not compared")),
        ("Settings that do not apply", "not_applicable", ("setting not applicable", "settings not applicable")),
    ):
        rows = list(map(_macro("not_compared_row"), folding.fold_not_compared(report, member)))
        comment.add_table(_macro("not_compared_heading")(heading), rows, names, comment.left * 3 // 4)


def _add_health(comment: Comment, report: ReportNode) -> None:
    rows = list(map(_macro("health_row"), folding.fold_findings(report)))
    comment.add_table(_macro("health_heading")(), rows, ("health finding", "health findings"), comment.left // 3)


def _add_totals(comment: Comment, report: ReportNode) -> None:
    operations, sessions = report["operations"], report["http_sessions"]
    if operations is not None and operations["handlers"]:
        rows = list(map(_macro("operations_row"), operations["handlers"]))
        comment.add_table(_macro("operations_heading")(), rows, ("handler", "handlers"), comment.left // 2)
    if sessions is not None:
        comment.add(_macro("sessions")(sessions))


def _add_fleet(comment: Comment, report: ReportNode) -> None:
    render = _macro("fleet_row")
    columns = _FACT_COLUMNS if report["checks"] == ["facts"] else _FLEET_COLUMNS
    if report["operations"] is not None:
        columns = {"change": _change_text, **columns}
    rows = [
        render(
            entry,
            mark_state(entry),
            wording.format_state(report, entry),
            [make_cell(entry) for make_cell in columns.values()],
        )
        for dummy, entry in sort_worst_first(report)
    ]
    names = ("row of the fleet table", "rows of the fleet table")
    comment.add_last_table(_macro("fleet_heading")(len(rows), list(columns)), rows, names)


def _clock_text(entry: ReportNode) -> str | None:
    return wording.CLOCK_LABELS[wording.get_clock_state(entry["time"])] if entry["time"] else None


def _change_text(entry: ReportNode) -> str | None:
    return wording.describe_change(entry) if entry["change"] is not None else None


_CellMaker = t.Callable[[ReportNode], t.Any]

# Columns of the fleet table after device and state, by heading.
_TIME_COLUMNS: dict[str, _CellMaker] = {
    "clock": _clock_text,
    "quality": lambda entry: wording.format_quality(entry["time"]),
    "stratum": lambda entry: (entry["time"] or {}).get("stratum"),
    "satellites": wording.format_satellites,
    "LTOS": lambda entry: (entry["device"] or {}).get("firmware"),
}
_FLEET_COLUMNS: dict[str, _CellMaker] = {
    **_TIME_COLUMNS,
    "health": lambda entry: wording.describe_health(entry["health"]) if entry["health"] else None,
}
_FACT_COLUMNS: dict[str, _CellMaker] = {
    **_TIME_COLUMNS,
    "model": lambda entry: (entry["device"] or {}).get("model"),
    "serial number": lambda entry: (entry["device"] or {}).get("serial_number"),
    "uptime": wording.format_uptime,
    "modules": wording.format_modules,
    "PTP": wording.format_ptp,
}
