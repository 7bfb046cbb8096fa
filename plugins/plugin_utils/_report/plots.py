# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two plots of a report as inline SVG: drift by section, and the estimated time quality over the fleet.

Colours come from classes of the page's style sheet, shapes tell what colours tell, and each plot has a text alternative.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import math
import typing as t

from . import wording as words
from .tags import Markup, tag

Node = words.ReportNode

WIDTH = 560
MAX_BARS = 12

_LABEL = 150
_ROW = 26
_NUMBERS = 124

# From which device on the dots of the quality plot bear no name of their own, to keep the page small.
_MAX_NAMED = 1000
_PLOT_TOP = 26
_PLOT_HEIGHTS = (64, 150)
_NONE_WIDTH = 96


# Signs tell by shape what they tell by colour: a disc is good, a triangle wants a look, a square is bad, a ring is not known.
CLOCK_SIGNS = {"sync": "good", "holdover": "warn", "lost": "bad", "unknown": "none"}
STATE_SIGNS = {
    "clean": "good",
    "drift": "warn",
    "not_checked": "bad",
    "failed": "bad",
    "unreachable": "bad",
}
HEALTH_SIGNS = {
    "ok": "good",
    "info": "good",
    "skipped": "none",
    "unknown": "none",
    "warning": "warn",
    "error": "bad",
    "critical": "bad",
}


def sign(key: str) -> Markup:
    """A sign; the word that it stands for is written beside it."""
    return tag(
        "svg",
        tag("use", href=f"#{key}"),
        class_=f"sign {key}",
        width=11,
        height=11,
        aria_hidden="true",
    )


def symbols() -> Markup:
    """The shapes that signs and plots refer to."""
    shapes = {
        "good": tag("circle", cx=6, cy=6, r=5),
        "warn": tag("path", d="M6 .8 11.6 11H.4z"),
        "bad": tag("path", d="M1 1h10v10H1z"),
        "none": tag("path", d="M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 2.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z"),
    }
    return tag(
        "svg",
        [tag("symbol", shape, id=key, viewBox="0 0 12 12") for key, shape in shapes.items()],
        class_="defs",
        width=0,
        height=0,
        aria_hidden="true",
    )


def _picture(name: str, title: str, description: str, height: float, parts: list[Markup]) -> Markup:
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        parts,
        class_="plot",
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _label(x: float, y: float, words_: str, class_: str, anchor: str = "start") -> Markup:
    return tag("text", words_, x=f"{x:g}", y=f"{y:g}", class_=class_, text_anchor=anchor)


def sections(report: Node) -> Markup | None:
    """Bars: how many settings differ in each section; the part that concerns security is hatched. None without drift."""
    rows = words.count_by_section(report)
    if not rows:
        return None
    shown, rest = rows[:MAX_BARS], rows[MAX_BARS:]
    most = max(row[1] for row in shown)
    room = WIDTH - _LABEL - _NUMBERS
    parts = [
        tag(
            "defs",
            tag(
                "pattern",
                tag("path", d="M-1 1 1-1M0 4 4 0M3 5 5 3", class_="hatch"),
                id="hatch",
                width=4,
                height=4,
                patternUnits="userSpaceOnUse",
            ),
        )
    ]
    for number, (name, count, security, devices) in enumerate(shown):
        y = number * _ROW + 4
        width = max(2.0, room * count / most)
        short = name if len(name) <= 16 else name[:15] + "…"
        parts.append(_label(_LABEL - 8, y + 14, short, "axis", "end"))
        parts.append(tag("rect", x=_LABEL, y=y + 3, width=f"{width:.1f}", height=15, class_="bar"))
        if security:
            part = max(2.0, room * security / most)
            parts.append(tag("rect", x=_LABEL, y=y + 3, width=f"{part:.1f}", height=15, fill="url(#hatch)"))
        parts.append(_label(_LABEL + width + 6, y + 15, str(count), "number"))
        where = words.format_count(devices, "device")
        parts.append(_label(WIDTH, y + 15, where, "axis", "end"))
    height = len(shown) * _ROW + 8
    if rest:
        left = f"{words.format_count(len(rest), 'further section')} with {words.format_count(sum(r[1] for r in rest), 'difference')}"
        parts.append(_label(_LABEL, height + 12, left, "axis"))
        height += 20
    text = "; ".join(
        f"{name}: {words.format_count(count, 'difference')} in {words.format_count(devices, 'device')}"
        for name, count, dummy, devices in shown
    )
    return _picture("sections", "Drift by section", text + ".", height, parts)


class _Dots(t.NamedTuple):
    """Devices of one quality. at: nanoseconds, None where no quality is known."""

    at: float | None
    entries: list[Node]


def quality(report: Node) -> Markup | None:
    """Dots on a logarithmic axis: one device each, by its estimated time quality. None if nobody was read."""
    read = [entry for entry in report["hosts"] if entry["time"]]
    if not read:
        return None
    columns = _columns(read)
    known = [column.at for column in columns if column.at is not None]
    limits = _limits(report)
    low, high = _decades([*known, *limits] or [100.0])
    left, right = 14.0, WIDTH - 14.0 - (_NONE_WIDTH if len(known) < len(columns) else 0)
    scale = (right - left) / (high - low)

    def x_of(nanoseconds: float) -> float:
        return left + (math.log10(nanoseconds) - low) * scale

    spots = sorted(x_of(value) for value in known)
    gap = min((b - a for a, b in zip(spots, spots[1:])), default=scale / 2)
    wide = max(8.0, min(gap - 4, scale / 2, 90.0))
    size = _dot_size(columns, wide)
    base = _PLOT_TOP + max(_PLOT_HEIGHTS[0], 16 + size * max(_rows(column, wide, size) for column in columns))
    parts = [
        tag("line", x1=0, y1=base, x2=WIDTH, y2=base, class_="base"),
        *_axis(low, high, x_of, base),
    ]
    for limit in limits:
        x = f"{x_of(limit):.1f}"
        parts.append(tag("line", x1=x, y1=_PLOT_TOP - 6, x2=x, y2=base, class_="limit"))
        parts.append(
            _label(x_of(limit) + 4, _PLOT_TOP, f"limit {words.format_duration(limit)}", "axis")
            if x_of(limit) < WIDTH * 0.75
            else _label(x_of(limit) - 4, _PLOT_TOP, f"limit {words.format_duration(limit)}", "axis", "end")
        )
    for column in columns:
        centre = WIDTH - _NONE_WIDTH / 3 if column.at is None else x_of(column.at)
        parts += _stack(column, centre, wide, size, base, len(read) <= _MAX_NAMED)
    if len(known) < len(columns):
        parts.append(_label(WIDTH - _NONE_WIDTH / 3, base + 18, "not known", "axis", "middle"))
    return _picture("quality", "Estimated time quality over the fleet", summary(read), base + 40, parts)


def _columns(read: list[Node]) -> list[_Dots]:
    found: dict[float | None, list[Node]] = {}
    for entry in read:
        found.setdefault(entry["time"]["quality_ns"], []).append(entry)
    ranks = list(words.CLOCK_LABELS)
    ordered = sorted(found.items(), key=lambda pair: math.inf if pair[0] is None else pair[0])
    return [
        _Dots(at, sorted(entries, key=lambda e: ranks.index(words.get_clock_state(e["time"]))))
        for at, entries in ordered
    ]


def _decades(values: list[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    # A value on the edge of the plot would look cut off.
    return low - 1, max(high + 1, low + 3)


def _axis(low: int, high: int, x_of: t.Callable[[float], float], base: float) -> t.Iterator[Markup]:
    # Labels of more than about ten decades would overlap.
    step = max(1, math.ceil((high - low) / 9))
    for decade in range(low, high + 1):
        x = x_of(10.0**decade)
        yield tag("line", x1=f"{x:.1f}", y1=_PLOT_TOP + 8, x2=f"{x:.1f}", y2=base, class_="grid")
        if (decade - low) % step == 0:
            # The outer ones stay inside the picture.
            anchor, shift = {low: ("start", -12), high: ("end", 12)}.get(decade, ("middle", 0))
            yield _label(x + shift, base + 18, words.format_duration(10.0**decade), "axis", anchor)
    yield _label(x_of(10.0**low) - 12, base + 36, "← better", "axis")


def _limits(report: Node) -> list[float]:
    """Limits that the health checks put on the quality, in nanoseconds."""
    found = {
        float(check["limit"])
        for entry in report["hosts"]
        for check in (entry["health"] or {"checks": []})["checks"]
        if "quality" in check["name"]
        and check["unit"] == "ns"
        and isinstance(check["limit"], (int, float))
        and 0 < check["limit"] < 1e18
    }
    return sorted(found)[:2]


def _dot_size(columns: list[_Dots], wide: float) -> float:
    """The largest size at which the fullest column fits."""
    most = max(len(column.entries) for column in columns)
    for size in (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0):
        across = max(1, int(wide // size))
        if math.ceil(most / across) * size <= _PLOT_HEIGHTS[1] - 16:
            return size
    return 2.0


def _across(column: _Dots, wide: float, size: float) -> int:
    """How many dots stand side by side: as few as make a column that is no tower."""
    count = len(column.entries)
    fitting = max(1, int((_PLOT_HEIGHTS[1] - 16) // size))
    roomy = min(int(wide // size), math.ceil(math.sqrt(count * 0.7)))
    return max(1, roomy, math.ceil(count / fitting))


def _rows(column: _Dots, wide: float, size: float) -> int:
    return math.ceil(len(column.entries) / _across(column, wide, size))


def _stack(column: _Dots, centre: float, wide: float, size: float, base: float, named: bool) -> t.Iterator[Markup]:
    across = _across(column, wide, size)
    for number, entry in enumerate(column.entries):
        row, place = divmod(number, across)
        in_row = min(across, len(column.entries) - row * across)
        x = centre + (place - (in_row - 1) / 2) * size - size / 2
        y = base - (row + 1) * size - 2
        yield _dot(entry, x, y, size, named)


def _dot(entry: Node, x: float, y: float, size: float, named: bool) -> Markup:
    state = words.get_clock_state(entry["time"])
    key = CLOCK_SIGNS[state]
    name = f"{entry['host']}: {words.format_quality(entry['time']) or 'not known'}, {words.CLOCK_LABELS[state]}"
    return tag(
        "use",
        tag("title", name) if named else None,
        href=f"#{key}",
        class_=key,
        x=f"{x + size * 0.08:.1f}",
        y=f"{y + size * 0.08:.1f}",
        width=f"{size * 0.84:.1f}",
        height=f"{size * 0.84:.1f}",
    )


def tally(counts: t.Sequence[tuple[str, int]]) -> Markup:
    """A bar of parts of a whole, by class. Its numbers stand beside it, so it is decoration only."""
    whole = sum(count for dummy, count in counts) or 1
    parts, x = [], 0.0
    for key, count in counts:
        width = WIDTH * count / whole
        if count:
            parts.append(tag("rect", x=f"{x:.2f}", y=0, width=f"{max(0.0, width - 1):.2f}", height=8, class_=key))
        x += width
    return tag(
        "svg",
        parts,
        class_="tally-bar",
        viewBox=f"0 0 {WIDTH} 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def summary(read: t.Sequence[Node]) -> str:
    """The plot in words."""
    values = sorted(e["time"]["quality_ns"] for e in read if e["time"]["quality_ns"] is not None)
    parts = []
    if values:
        middle = values[(len(values) - 1) // 2]
        worst = [e["host"] for e in read if e["time"]["quality_ns"] == values[-1]]
        parts.append(f"median < {words.format_duration(middle)}")
        if values[-1] > values[0]:
            who = ", ".join(worst[:3]) + (f" and {len(worst) - 3} more" if len(worst) > 3 else "")
            parts.append(f"worst < {words.format_duration(values[-1])} ({who})")
        else:
            parts.append("the same on every device that says it")
    silent = len(read) - len(values)
    if silent:
        parts.append(f"{words.format_count(silent, 'device does', 'devices do')} not say")
    states = [words.get_clock_state(e["time"]) for e in read]
    for key, word in words.CLOCK_LABELS.items():
        if key != "sync" and key in states:
            parts.append(f"{states.count(key)} {word}")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "."
