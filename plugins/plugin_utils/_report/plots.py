# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Geometry of the plots of the HTML report: drift by section, and the estimated time quality over the fleet.

The templates draw them as inline SVG. Colors come from classes of the style sheet, shapes repeat what colors say, and each
plot has a text alternative.
"""

from __future__ import annotations

import math
import typing as t

from . import diffs, wording
from .model import ReportNode
from .severity import CLOCK_MARKS, mark_device

PLOT_WIDTH = 560
MAX_BARS = 12

_BAR_LEFT = 150
_BAR_STEP = 26
_BAR_RIGHT_MARGIN = 124

# Above this number of devices the dots of the quality plot have no title, to keep the page small.
_MAX_TITLED_DOTS = 1000
_PLOT_TOP = 26
_PLOT_HEIGHTS = (64, 150)
_EDGE = 14.0
_UNKNOWN_WIDTH = 96


class SectionBar(t.NamedTuple):
    """The bar of a section. security_width: width of the hatched part, 0 if nothing concerns security."""

    section: diffs.SectionDrift
    y: int
    width: float
    security_width: float


class SectionsPlot(t.NamedTuple):
    """rest: sections that do not fit."""

    bars: list[SectionBar]
    rest: list[diffs.SectionDrift]
    height: int
    has_security: bool


class AxisTick(t.NamedTuple):
    """label is None where labels would overlap."""

    x: float
    label_x: float
    label: str | None
    anchor: str


class LimitLine(t.NamedTuple):
    x: float
    label_x: float
    label: str
    anchor: str


class Dot(t.NamedTuple):
    """A device of the quality plot."""

    mark: str
    x: float
    y: float
    size: float
    title: str | None


class QualityPlot(t.NamedTuple):
    """base: y of the axis. unknown_x: where devices of unknown quality stand, None if there are none."""

    base: float
    ticks: list[AxisTick]
    limits: list[LimitLine]
    dots: list[Dot]
    unknown_x: float | None
    summary: str


class TallySegment(t.NamedTuple):
    mark: str
    x: float
    width: float


def plot_tally(report: ReportNode) -> list[TallySegment]:
    """The bar of devices by the worst of what is known about them. The sentences above it say the same, so it is decoration only."""
    found = [mark_device(report, entry) for entry in report["hosts"]]
    segments, x = [], 0.0
    for mark in ("bad", "warn", "good"):
        width = PLOT_WIDTH * found.count(mark) / (len(found) or 1)
        if width:
            segments.append(TallySegment(mark, x, max(0.0, width - 1)))
        x += width
    return segments


def plot_sections(report: ReportNode) -> SectionsPlot | None:
    """Bars by the number of settings that differ in each section. None without drift."""
    sections = diffs.count_by_section(report)
    if not sections:
        return None
    charted, rest = sections[:MAX_BARS], sections[MAX_BARS:]
    scale = (PLOT_WIDTH - _BAR_LEFT - _BAR_RIGHT_MARGIN) / max(section.differences for section in charted)
    bars = [
        SectionBar(
            section,
            number * _BAR_STEP + 4,
            max(2.0, scale * section.differences),
            max(2.0, scale * section.security) if section.security else 0.0,
        )
        for number, section in enumerate(charted)
    ]
    has_security = any(section.security for section in sections)
    return SectionsPlot(bars, rest, len(charted) * _BAR_STEP + 8, has_security)


class _Scale(t.NamedTuple):
    """A logarithmic axis of decades, low and high being exponents."""

    low: int
    high: int
    per_decade: float

    def position(self, nanoseconds: float) -> float:
        return _EDGE + (math.log10(nanoseconds) - self.low) * self.per_decade


class _Column(t.NamedTuple):
    """Devices of one quality in nanoseconds, None where no quality is known."""

    quality: float | None
    entries: list[ReportNode]


def plot_quality(report: ReportNode) -> QualityPlot | None:
    """Dots on a logarithmic axis, one for each device, by its estimated time quality. None without facts."""
    entries = [entry for entry in report["hosts"] if entry["time"]]
    if not entries:
        return None
    columns = _group_by_quality(entries)
    known = [column.quality for column in columns if column.quality is not None]
    has_unknown = len(known) < len(columns)
    limits = _list_limits(report)
    scale = _make_scale([*known, *limits] or [100.0], PLOT_WIDTH - _EDGE - (_UNKNOWN_WIDTH if has_unknown else 0))
    width = _column_width(sorted(map(scale.position, known)), scale)
    size = _dot_size(columns, width)
    stacks = [_Stack(column, width, size) for column in columns]
    base = _PLOT_TOP + max(_PLOT_HEIGHTS[0], 16 + size * max(stack.rows for stack in stacks))
    unknown_x = PLOT_WIDTH - _UNKNOWN_WIDTH / 3
    return QualityPlot(
        base,
        list(_make_ticks(scale)),
        [_make_limit(limit, scale) for limit in limits],
        [
            dot
            for stack in stacks
            for dot in stack.place(
                unknown_x if stack.column.quality is None else scale.position(stack.column.quality),
                base,
                has_titles=len(entries) <= _MAX_TITLED_DOTS,
            )
        ],
        unknown_x if has_unknown else None,
        summarize_quality(entries),
    )


def _group_by_quality(entries: list[ReportNode]) -> list[_Column]:
    columns: dict[float | None, list[ReportNode]] = {}
    for entry in entries:
        columns.setdefault(entry["time"]["quality_ns"], []).append(entry)
    ranks = list(wording.CLOCK_LABELS)
    ordered = sorted(columns.items(), key=lambda pair: math.inf if pair[0] is None else pair[0])
    return [
        _Column(quality, sorted(members, key=lambda e: ranks.index(wording.get_clock_state(e["time"]))))
        for quality, members in ordered
    ]


def _make_scale(values: list[float], right: float) -> _Scale:
    lowest, highest = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    # A value on the edge of the plot would look cut off.
    low, high = lowest - 1, max(highest + 1, lowest + 3)
    return _Scale(low, high, (right - _EDGE) / (high - low))


def _make_ticks(scale: _Scale) -> t.Iterator[AxisTick]:
    # Labels of more than about ten decades would overlap.
    step = max(1, math.ceil((scale.high - scale.low) / 9))
    for decade in range(scale.low, scale.high + 1):
        x = scale.position(10.0**decade)
        # The outer labels stay inside the picture.
        anchor, shift = {scale.low: ("start", -12), scale.high: ("end", 12)}.get(decade, ("middle", 0))
        has_label = (decade - scale.low) % step == 0
        yield AxisTick(x, x + shift, wording.format_duration(10.0**decade) if has_label else None, anchor)


def _make_limit(limit: float, scale: _Scale) -> LimitLine:
    x = scale.position(limit)
    is_left = x < PLOT_WIDTH * 0.75
    return LimitLine(
        x, x + 4 if is_left else x - 4, f"limit {wording.format_duration(limit)}", "start" if is_left else "end"
    )


def _list_limits(report: ReportNode) -> list[float]:
    """Limits that the health checks put on the quality, in nanoseconds."""
    limits = {
        float(check["limit"])
        for entry in report["hosts"]
        for check in (entry["health"] or {"checks": []})["checks"]
        if "quality" in check["name"]
        and check["unit"] == "ns"
        and isinstance(check["limit"], (int, float))
        and 0 < check["limit"] < 1e18
    }
    return sorted(limits)[:2]


def _column_width(positions: list[float], scale: _Scale) -> float:
    gap = min((b - a for a, b in zip(positions, positions[1:])), default=scale.per_decade / 2)
    return max(8.0, min(gap - 4, scale.per_decade / 2, 90.0))


def _dot_size(columns: list[_Column], width: float) -> float:
    """The largest size at which the fullest column fits."""
    most = max(len(column.entries) for column in columns)
    for size in (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0):
        across = max(1, int(width // size))
        if math.ceil(most / across) * size <= _PLOT_HEIGHTS[1] - 16:
            return size
    return 2.0


class _Stack:
    """The dots of a column, as few side by side as make a column that is no tower."""

    def __init__(self, column: _Column, width: float, size: float) -> None:
        self.column = column
        self.size = size
        count = len(column.entries)
        fitting = max(1, int((_PLOT_HEIGHTS[1] - 16) // size))
        roomy = min(int(width // size), math.ceil(math.sqrt(count * 0.7)))
        self.across = max(1, roomy, math.ceil(count / fitting))
        self.rows = math.ceil(count / self.across)

    def place(self, center: float, base: float, has_titles: bool) -> t.Iterator[Dot]:
        for number, entry in enumerate(self.column.entries):
            row, place = divmod(number, self.across)
            in_row = min(self.across, len(self.column.entries) - row * self.across)
            x = center + (place - (in_row - 1) / 2) * self.size - self.size / 2
            y = base - (row + 1) * self.size - 2
            state = wording.get_clock_state(entry["time"])
            title = (
                f"{entry['host']}: {wording.format_quality(entry['time']) or 'unknown'}, {wording.CLOCK_LABELS[state]}"
            )
            inset = self.size * 0.08
            yield Dot(CLOCK_MARKS[state], x + inset, y + inset, self.size * 0.84, title if has_titles else None)


def summarize_quality(entries: t.Sequence[ReportNode]) -> str:
    """What the quality plot shows, in one sentence."""
    values = sorted(e["time"]["quality_ns"] for e in entries if e["time"]["quality_ns"] is not None)
    parts = []
    if values:
        middle = values[(len(values) - 1) // 2]
        worst = [e["host"] for e in entries if e["time"]["quality_ns"] == values[-1]]
        parts.append(f"median < {wording.format_duration(middle)}")
        if values[-1] > values[0]:
            names = ", ".join(worst[:3]) + (f" and {len(worst) - 3} more" if len(worst) > 3 else "")
            parts.append(f"worst < {wording.format_duration(values[-1])} ({names})")
        else:
            parts.append("the same on every device that reports it")
    silent = len(entries) - len(values)
    if silent:
        parts.append(f"not reported by {wording.format_count(silent, 'device')}")
    states = [wording.get_clock_state(e["time"]) for e in entries]
    for state, label in wording.CLOCK_LABELS.items():
        if state == "unknown" and state in states:
            # Not to be taken for devices of unknown quality.
            parts.append(f"{wording.format_count(states.count(state), 'clock')} of unknown state")
        elif state != "sync" and state in states:
            parts.append(f"{states.count(state)} {label}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "."
