# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML page: no script, nothing from other servers, readable on screen, on paper and by screen readers."""

from __future__ import annotations

import base64
import hashlib
import typing as t

from markupsafe import Markup

from . import diffs, folding, headline
from .fleet import build_fleet_table
from .folding import FoldedDevices
from .model import ReportNode
from .plots import PLOT_WIDTH, plot_quality, plot_sections, plot_tally
from .rendering import load_macro, load_style_sheet, load_template
from .severity import HEALTH_MARKS
from .tiles import build_tiles

# Limits of the details, so that the page of 200 devices stays below 1 MB however much of them drifts.
_MAX_BYTES = {
    "unchecked": 60_000,
    "changes": 200_000,
    "settings": 60_000,
    "drift": 260_000,
    "accepted": 60_000,
    "health": 120_000,
}
_LINES_PER_DEVICE = (400, 100, 25, 8)
_MAX_OPEN_DEVICES = 12
_MAX_NOT_COMPARED = 200
_MAX_OPEN_LINES = 60


class PageSection(t.NamedTuple):
    """A section of details, rendered. total: what its heading counts.  omitted: how many groups of devices did not fit.

    links: the anchor of each device in it, by its number in the report.
    """

    blocks: t.Sequence[t.Any]
    total: int
    omitted: int
    links: t.Mapping[int, str]


def render_html(report: ReportNode) -> str:
    """The page."""
    style = load_style_sheet()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    unchecked, changes = _render_unchecked(report), _render_changes(report)
    drift, accepted, health = _render_drift(report), _render_accepted(report), _render_health(report)
    sections = {"u": unchecked, "c": changes, "d": drift, "a": accepted, "h": health}
    return load_template("page.html.j2").render(
        report=report,
        style=Markup(style),
        style_digest=digest,
        sentences=headline.summarize_report(report),
        tiles=build_tiles(report),
        tally=plot_tally(report),
        quality=plot_quality(report),
        sections=plot_sections(report),
        fleet=build_fleet_table(report, {key: section.links for key, section in sections.items() if section}),
        unchecked=unchecked,
        changes=changes,
        settings=_render_settings(report),
        drift=drift,
        accepted=accepted,
        reference=_describe_reference(report),
        not_compared=_list_not_compared(report, "not_compared"),
        not_applicable=_list_not_compared(report, "not_applicable"),
        health=health,
        width=PLOT_WIDTH,
    )


def _describe_reference(report: ReportNode) -> str:
    modes = [entry["drift"]["mode"] for entry in report["hosts"] if entry["drift"]]
    return diffs.describe_reference(modes[0] if modes else "golden")


class _Block(t.NamedTuple):
    """A group of devices to render. anchor: of its details.  is_open: whether the page shows its lines at once."""

    anchor: str
    group: FoldedDevices
    is_open: bool = False


_RenderBlock = t.Callable[[_Block, int], str]


def _make_blocks(kind: str, groups: t.Sequence[FoldedDevices]) -> list[_Block]:
    return [_Block(f"{kind}{number}", group) for number, group in enumerate(groups)]


def _build_section(blocks: t.Sequence[_Block], render: _RenderBlock, limit: int) -> PageSection | None:
    """The section of the blocks that fit into so many bytes, with as many lines as fit for all of them."""
    if not blocks:
        return None
    rendered: list[str] = []
    for max_lines in _LINES_PER_DEVICE:
        rendered = [render(block, max_lines) for block in blocks]
        fitting = _count_fitting(rendered, limit)
        if fitting == len(rendered):
            break
    links: dict[int, str] = {}
    for block in blocks[:fitting]:
        for number, dummy in block.group.entries:
            links.setdefault(number, f"#{block.anchor}")
    total = sum(len(block.group.entries) for block in blocks)
    return PageSection(rendered[:fitting], total, len(blocks) - fitting, links)


def _open_few(blocks: t.Sequence[_Block], line_counts: t.Sequence[int]) -> list[_Block]:
    """The blocks, open if there are few of them and they are short."""
    if len(blocks) > _MAX_OPEN_DEVICES:
        return list(blocks)
    return [block._replace(is_open=0 < count <= _MAX_OPEN_LINES) for block, count in zip(blocks, line_counts)]


def _render_unchecked(report: ReportNode) -> PageSection | None:
    macro = load_macro("details.html.j2", "unchecked_row")
    blocks = _make_blocks("u", folding.fold_unchecked(report))
    return _build_section(blocks, lambda block, dummy: macro(block), _MAX_BYTES["unchecked"])


def _render_changes(report: ReportNode) -> PageSection | None:
    macro = load_macro("details.html.j2", "change_details")
    groups = [group for group in folding.fold_changes(report) if group.item["change"]["state"] != "unchanged"]
    lines = [diffs.list_operation_lines(group.item["change"]) for group in groups]
    blocks = _open_few(_make_blocks("c", groups), [len(each) + bool(g.reason) for each, g in zip(lines, groups)])
    lines_of = {block.anchor: each for block, each in zip(blocks, lines)}

    def render(block: _Block, max_lines: int) -> str:
        return macro(block, folding.mark_change(block.group), lines_of[block.anchor], max_lines)

    return _build_section(blocks, render, _MAX_BYTES["changes"])


def _render_drift(report: ReportNode) -> PageSection | None:
    return _render_differences("d", folding.fold_drift(report), _MAX_BYTES["drift"])


def _render_settings(report: ReportNode) -> PageSection | None:
    """The settings that differ, unless each of them differs on one device only."""
    groups = folding.fold_settings(report)
    if all(len(group.entries) == 1 for group in groups) or len(folding.fold_drift(report)) == 1:
        return None
    macro = load_macro("details.html.j2", "setting_row")

    def render(block: _Block, dummy: int) -> str:
        item = block.group.item
        return macro(block, item.difference, *diffs.format_setting_values(item.difference, item.values))

    section = _build_section(_make_blocks("s", groups), render, _MAX_BYTES["settings"])
    return None if section is None else section._replace(total=len(groups))


def _render_accepted(report: ReportNode) -> PageSection | None:
    return _render_differences("a", folding.fold_accepted(report), _MAX_BYTES["accepted"])


def _render_differences(kind: str, groups: t.Sequence[FoldedDevices], limit: int) -> PageSection | None:
    macro = load_macro("details.html.j2", "drift_details")
    lines = [diffs.list_diff_lines(group.item) for group in groups]
    blocks = _make_blocks(kind, groups)
    if kind == "d":
        blocks = _open_few(blocks, [len(each) for each in lines])
    lines_of = {block.anchor: each for block, each in zip(blocks, lines)}

    def render(block: _Block, max_lines: int) -> str:
        return macro(block, diffs.describe_differences(block.group.item), lines_of[block.anchor], max_lines)

    return _build_section(blocks, render, limit)


def _list_not_compared(report: ReportNode, member: str) -> PageSection | None:
    groups = folding.fold_not_compared(report, member)
    if not groups:
        return None
    return PageSection(groups[:_MAX_NOT_COMPARED], len(groups), max(0, len(groups) - _MAX_NOT_COMPARED), {})


def _render_health(report: ReportNode) -> PageSection | None:
    if "health" not in report["checks"]:
        return None
    macro = load_macro("details.html.j2", "health_row")
    blocks = _make_blocks("h", folding.fold_findings(report))
    section = _build_section(
        blocks, lambda block, dummy: macro(block, HEALTH_MARKS[block.group.item["state"]]), _MAX_BYTES["health"]
    )
    return None if section is None else section._replace(total=len(blocks))


def _count_fitting(blocks: t.Sequence[str], limit: int) -> int:
    """How many of the blocks, from the first on, fit into so many bytes."""
    for number, block in enumerate(blocks):
        limit -= len(block.encode("utf-8"))
        if limit < 0:
            return number
    return len(blocks)
