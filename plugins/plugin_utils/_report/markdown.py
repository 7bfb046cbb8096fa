# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown for a comment on a merge request, below 65,000 bytes whatever the fleet is like."""

from __future__ import annotations

import functools
import typing as t

from . import wording
from .model import ReportNode
from .rendering import load_macro, longest_backticks

MAX_COMMENT_BYTES = 65_000

# Bytes reserved for the sentences that name omissions.
_RESERVE = 600
_MAX_LINES_PER_HOST = 120

_macro = functools.partial(load_macro, "comment.md.j2")


class _Comment:
    """Text that grows block by block up to its limit. omissions: what did not fit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self.left = limit
        self.omissions: list[str] = []

    def add(self, block: str) -> bool:
        size = len(block.encode("utf-8"))
        if size > self.left:
            return False
        self.parts.append(block)
        self.left -= size
        return True

    def add_table(self, heading: str, rows: t.Sequence[str], row_name: str, reserve: int) -> None:
        """Add as many rows as fit, keeping the reserve for what follows."""
        if not rows:
            return
        self.left -= reserve
        added = 0
        if self.add(heading):
            added = next((number for number, row in enumerate(rows) if not self.add(row)), len(rows))
        self.left += reserve
        if added < len(rows):
            self.omissions.append(wording.format_count(len(rows) - added, row_name))


def render_markdown(report: ReportNode) -> str:
    """The comment."""
    comment = _Comment(MAX_COMMENT_BYTES - _RESERVE)
    comment.add(_macro("introduction")(report))
    _add_unchecked(comment, report)
    _add_drift(comment, report)
    _add_not_compared(comment, report)
    _add_health(comment, report)
    _add_fleet(comment, report)
    if comment.omissions:
        comment.left += _RESERVE
        comment.add(_macro("omissions")(comment.omissions))
    return "".join(comment.parts)


def _add_unchecked(comment: _Comment, report: ReportNode) -> None:
    rows = list(map(_macro("unchecked_row"), wording.list_unchecked(report)))
    comment.add_table(_macro("unchecked_heading")(), rows, "unchecked device", comment.left // 2)


def _add_drift(comment: _Comment, report: ReportNode) -> None:
    hosts = [entry for entry in report["hosts"] if entry["state"] == "drift"]
    if not hosts:
        return
    reference = wording.describe_reference((hosts[0]["drift"] or {}).get("mode", "golden"))
    # The tables that follow keep a share of the limit.
    reserve = min(comment.left // 4, 12_000)
    comment.left -= reserve
    added = shortened = 0
    if comment.add(_macro("drift_heading")(reference)):
        for entry in hosts:
            block, omitted = _render_host(report, entry)
            if not comment.add(block):
                break
            added += 1
            shortened += omitted > 0
    comment.left += reserve
    if shortened:
        comment.omissions.append(f"lines of {wording.format_count(shortened, 'device')}")
    if added < len(hosts):
        comment.omissions.append(wording.format_count(len(hosts) - added, "device with drift", "devices with drift"))


def _add_not_compared(comment: _Comment, report: ReportNode) -> None:
    rows = list(map(_macro("not_compared_row"), wording.list_not_compared(report)))
    comment.add_table(_macro("not_compared_heading")(), rows, "setting that was not compared", comment.left * 3 // 4)


def _render_host(report: ReportNode, entry: ReportNode) -> tuple[str, int]:
    """The differences of a device, and how many lines of them were left out."""
    drift = wording.list_drift(report, entry)
    lines = [f"@@ {text} @@" if sign == "@" else f"{sign} {text}" for sign, text in wording.list_diff_lines(drift, 200)]
    omitted = max(0, len(lines) - _MAX_LINES_PER_HOST)
    body = "\n".join(lines[:_MAX_LINES_PER_HOST])
    fence = "`" * max(3, longest_backticks(body) + 1)
    return _macro("drift_block")(entry["host"], len(drift), body, fence, omitted), omitted


def _add_health(comment: _Comment, report: ReportNode) -> None:
    render = _macro("health_row")
    rows = [render(entry["host"], check) for entry in report["hosts"] for check in wording.list_findings(entry)]
    comment.add_table(_macro("health_heading")(), rows, "health finding", comment.left // 3)


def _add_fleet(comment: _Comment, report: ReportNode) -> None:
    render = _macro("fleet_row")
    columns = _FACT_COLUMNS if report["checks"] == ["facts"] else _FLEET_COLUMNS
    rows = [
        render(entry, wording.format_state(report, entry), [make_cell(entry) for make_cell in columns.values()])
        for entry in report["hosts"]
    ]
    before = comment.left
    comment.add_table(_macro("fleet_heading")(len(rows), list(columns)), rows, "row of the fleet table", 20)
    if comment.left != before:
        comment.left += _RESERVE
        comment.add("\n</details>\n")
        comment.left -= _RESERVE


def _clock_text(entry: ReportNode) -> str | None:
    return wording.CLOCK_LABELS[wording.get_clock_state(entry["time"])] if entry["time"] else None


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
    "health": lambda entry: (entry["health"] or {}).get("worst"),
}
_FACT_COLUMNS: dict[str, _CellMaker] = {
    **_TIME_COLUMNS,
    "model": lambda entry: (entry["device"] or {}).get("model"),
    "serial number": lambda entry: (entry["device"] or {}).get("serial_number"),
    "uptime": wording.format_uptime,
    "modules": wording.format_modules,
    "PTP": wording.format_ptp,
}
