# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown for a comment on a merge request: always below 65,000 bytes, whatever the fleet is like.

What comes from a device stands in code spans and code blocks, in which no renderer looks for links, mentions or HTML.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import typing as t

from . import wording as words
from .model import REPORT_FORMAT, UNCHECKED_STATES

Node = words.ReportNode

MAX_COMMENT_BYTES = 65_000

# Room for the sentences that say what was left out.
_RESERVE = 600
_LINES_PER_HOST = 120
_MARKS = {"alarm": "🟥", "warning": "🟧", "good": "🟩"}
_STATE_MARKS = {
    "clean": "🟩",
    "drift": "🟧",
    "not_checked": "🟥",
    "failed": "🟥",
    "unreachable": "🟥",
}
_TICKS = re.compile("`+")


class _Page:
    """Text that grows block by block as long as there is room."""

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self.left = limit

    def add(self, block: str) -> bool:
        size = len(block.encode("utf-8"))
        if size > self.left:
            return False
        self.parts.append(block)
        self.left -= size
        return True


def render_markdown(report: Node) -> str:
    """The comment. Its first line begins with the name of the format, so that a bot finds its own comment again."""
    page = _Page(MAX_COMMENT_BYTES - _RESERVE)
    left_out: list[str] = []
    page.add(f"<!-- {REPORT_FORMAT} {report['generated']} -->\n")
    page.add(f"## {_code(report['title'])}\n\n")
    page.add("\n\n".join(f"{_MARKS[level]} **{text}**" for level, text in words.summarize_report(report)))
    page.add("\n\n" + _summary(report))
    page.add(f"\nGenerated {words.format_time(report['generated'])}{_source(report)}.\n")
    _unchecked(page, report, left_out)
    _drift(page, report, left_out)
    _health(page, report, left_out)
    _fleet(page, report, left_out)
    if left_out:
        page.left += _RESERVE
        page.add(
            f"\n> **Left out, as a comment has its limit:** {'; '.join(left_out)}. "
            "The JSON and HTML reports hold everything.\n"
        )
    return "".join(page.parts)


def _code(text: object, limit: int = 200) -> str:
    """A code span that fits into a cell of a table. No escape works for a bar there in every renderer, so it is exchanged."""
    raw = words.format_value(str(text), limit)
    raw = raw[1:-1] if raw.endswith('"') else raw[1:]
    raw = raw.replace("|", "¦").replace('\\"', '"').replace("\\\\", "\\").strip() or "?"
    ticks = "`" * (max((len(run) for run in _TICKS.findall(raw)), default=0) + 1)
    pad = " " if raw.startswith("`") or raw.endswith(("`", "\\")) else ""
    return f"{ticks}{pad}{raw}{pad}{ticks}"


def _cell(value: object) -> str:
    return "\u2013" if value is None else _code(value)


def _state(report: Node, entry: Node) -> str:
    return f"{_STATE_MARKS[entry['state']]} {words.format_state(report, entry)}"


def _source(report: Node) -> str:
    return f" against {_code(report['golden_file'])}" if report["golden_file"] else ""


def _summary(report: Node) -> str:
    summary = report["summary"]
    names = ["hosts", "clean", "drift", "failed", "unreachable", "not_checked", "unhealthy"]
    heads = [{"hosts": "devices", "not_checked": "not checked"}.get(name, name) for name in names]
    row = " | ".join(str(summary[name]) for name in names)
    return f"| {' | '.join(heads)} |\n|{'--:|' * len(names)}\n| {row} |\n"


def _table(
    page: _Page,
    head: str,
    rows: t.Sequence[str],
    left_out: list[str],
    one: str,
    reserve: int = 0,
) -> None:
    """A table with as many rows as there is room for, keeping a share for what follows."""
    page.left -= reserve
    shown = len(rows)
    if rows and page.add(head):
        shown = next((n for n, row in enumerate(rows) if not page.add(row)), len(rows))
    elif rows:
        shown = 0
    page.left += reserve
    if shown < len(rows):
        left_out.append(words.format_count(len(rows) - shown, one))


def _unchecked(page: _Page, report: Node, left_out: list[str]) -> None:
    rows = []
    for entry in words.list_unchecked(report):
        code = (entry["error"] or {}).get("code")
        state = _state(report, entry) if entry["state"] in UNCHECKED_STATES else "🟥 in part"
        rows.append(
            f"| {_code(entry['host'])} | {state} | {_cell(code)} | {_code(words.format_unchecked_reason(entry), 300)} |\n"
        )
    head = "\n### Could not be checked\n\n| device | state | code | reason |\n|---|---|---|---|\n"
    _table(page, head, rows, left_out, "unchecked device", reserve=page.left // 2)


def _drift(page: _Page, report: Node, left_out: list[str]) -> None:
    hosts = [entry for entry in report["hosts"] if entry["state"] == "drift"]
    if not hosts:
        return
    mode = (hosts[0]["drift"] or {}).get("mode", "golden")
    legend = f"`-` as the device has it, `+` as {words.describe_reference(mode)} has it."
    # The tables that follow keep a share of the room.
    reserve = min(page.left // 4, 12_000)
    page.left -= reserve
    shown = cut = 0
    if page.add(f"\n### Drift\n\n{legend}\n"):
        for entry in hosts:
            block, lines_cut = _host(report, entry)
            if not page.add(block):
                break
            shown += 1
            cut += lines_cut > 0
    page.left += reserve
    if cut:
        left_out.append(f"lines of {words.format_count(cut, 'device')}")
    if shown < len(hosts):
        left_out.append(words.format_count(len(hosts) - shown, "device with drift", "devices with drift"))


def _host(report: Node, entry: Node) -> tuple[str, int]:
    """The block of a device, and how many lines of it were cut."""
    differences = words.list_drift(report, entry)
    lines = [f"@@ {text} @@" if sign == "@" else f"{sign} {text}" for sign, text in words.format_diff(differences, 200)]
    cut = max(0, len(lines) - _LINES_PER_HOST)
    more = f"\n… and {words.format_count(cut, 'more line')}\n" if cut else ""
    body = "\n".join(lines[:_LINES_PER_HOST])
    fence = "`" * max(3, max((len(run) for run in _TICKS.findall(body)), default=0) + 1)
    count = words.format_count(len(differences), "difference")
    return (
        f"\n#### {_code(entry['host'])} \u2013 {count}\n\n{fence}diff\n{body}\n{fence}\n{more}",
        cut,
    )


def _health(page: _Page, report: Node, left_out: list[str]) -> None:
    rows = [
        f"| {_code(entry['host'])} | {check['state']} | {_code(check['name'])} | {_code(check['message'])} |\n"
        for entry in report["hosts"]
        for check in words.list_findings(entry)
    ]
    head = "\n### Health\n\n| device | state | check | what was found |\n|---|---|---|---|\n"
    _table(page, head, rows, left_out, "health finding", reserve=page.left // 3)


def _fleet(page: _Page, report: Node, left_out: list[str]) -> None:
    rows = []
    for entry in report["hosts"]:
        time = entry["time"]
        cells = (
            words.CLOCK_LABELS[words.get_clock_state(time)] if time else None,
            words.format_quality(time),
            (time or {}).get("stratum"),
            words.format_satellites(entry),
            (entry["device"] or {}).get("firmware"),
            (entry["health"] or {}).get("worst"),
        )
        rows.append(f"| {_code(entry['host'])} | {_state(report, entry)} | {' | '.join(map(_cell, cells))} |\n")
    head = (
        f"\n<details><summary>All {len(rows)} devices</summary>\n\n"
        "| device | state | clock | quality | stratum | satellites | LTOS | health |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    before = page.left
    _table(page, head, rows, left_out, "row of the fleet table", reserve=20)
    if page.left != before:
        page.left += _RESERVE
        page.add("\n</details>\n")
        page.left -= _RESERVE
