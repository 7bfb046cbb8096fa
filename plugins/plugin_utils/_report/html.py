# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML page: no script, nothing from other servers, readable on screen, on paper and by screen readers."""

from __future__ import annotations

import typing as t

from . import diffs, folding, headline
from .fleet import build_fleet_table
from .model import ReportNode
from .plots import PLOT_WIDTH, plot_quality, plot_sections, plot_tally
from .rendering import describe_style, load_macro, load_template
from .sections import Block, PageSection, build_section, make_blocks, open_few
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
_PAGE_BYTES = 960_000
_BYTES_PER_ROW = 680
_MAX_NOT_COMPARED = 200


def render_html(report: ReportNode) -> str:
    """The page."""
    limits = _share_bytes(len(report["hosts"]))
    sections = {name: render(report, limits[name]) for name, render in _SECTIONS.items()}
    links = {name[0]: section.links for name, section in sections.items() if section and name != "settings"}
    return load_template("page.html.j2").render(
        report=report,
        **describe_style(),
        sentences=headline.summarize_report(report),
        tiles=build_tiles(report),
        tally=plot_tally(report),
        quality=plot_quality(report),
        drift_by_section=plot_sections(report),
        fleet=build_fleet_table(report, links),
        **sections,
        reference=_describe_reference(report),
        not_compared=_list_not_compared(report, "not_compared"),
        not_applicable=_list_not_compared(report, "not_applicable"),
        width=PLOT_WIDTH,
    )


def _describe_reference(report: ReportNode) -> str:
    modes = [entry["drift"]["mode"] for entry in report["hosts"] if entry["drift"]]
    return diffs.describe_reference(modes[0] if modes else "golden")


def _render_unchecked(report: ReportNode, limit: int) -> PageSection | None:
    macro = load_macro("details.html.j2", "unchecked_row")
    blocks = make_blocks("u", folding.fold_unchecked(report))
    return build_section(blocks, lambda block, dummy: macro(block), limit)


def _render_changes(report: ReportNode, limit: int) -> PageSection | None:
    macro = load_macro("details.html.j2", "change_details")
    groups = [group for group in folding.fold_changes(report) if group.item["change"]["state"] != "unchanged"]
    blocks = open_few(make_blocks("c", groups, lambda group: diffs.list_change_lines(group.item["change"])))

    def render(block: Block, max_lines: int) -> str:
        return macro(block, folding.mark_change(block.group), block.lines(), max_lines)

    return build_section(blocks, render, limit)


def _render_drift(report: ReportNode, limit: int) -> PageSection | None:
    blocks = make_blocks("d", folding.fold_drift(report), lambda group: diffs.list_diff_lines(group.item))
    return _render_differences(open_few(blocks), limit)


def _render_accepted(report: ReportNode, limit: int) -> PageSection | None:
    blocks = make_blocks("a", folding.fold_accepted(report), lambda group: diffs.list_diff_lines(group.item))
    return _render_differences(blocks, limit)


def _render_differences(blocks: t.Sequence[Block], limit: int) -> PageSection | None:
    macro = load_macro("details.html.j2", "drift_details")

    def render(block: Block, max_lines: int) -> str:
        return macro(block, diffs.describe_differences(block.group.item), block.lines(), max_lines)

    return build_section(blocks, render, limit)


def _render_settings(report: ReportNode, limit: int) -> PageSection | None:
    """The settings that differ, unless each of them differs on one device only."""
    groups = folding.fold_settings(report)
    if all(len(group.entries) == 1 for group in groups) or len(folding.fold_drift(report)) == 1:
        return None
    macro = load_macro("details.html.j2", "setting_row")

    def render(block: Block, dummy: int) -> str:
        item = block.group.item
        return macro(block, item.difference, *diffs.format_setting_values(item.difference, item.values.values()))

    section = build_section(make_blocks("s", groups), render, limit)
    return None if section is None else section._replace(total=len(groups))


def _list_not_compared(report: ReportNode, member: str) -> PageSection | None:
    groups = folding.fold_not_compared(report, member)
    if not groups:
        return None
    return PageSection(groups[:_MAX_NOT_COMPARED], len(groups), max(0, len(groups) - _MAX_NOT_COMPARED), {})


def _render_health(report: ReportNode, limit: int) -> PageSection | None:
    if "health" not in report["checks"]:
        return None
    macro = load_macro("details.html.j2", "health_row")
    blocks = make_blocks("h", folding.fold_findings(report))
    section = build_section(blocks, lambda block, dummy: macro(block, HEALTH_MARKS[block.group.item["state"]]), limit)
    return None if section is None else section._replace(total=len(blocks))


_SECTIONS = {
    "unchecked": _render_unchecked,
    "changes": _render_changes,
    "settings": _render_settings,
    "drift": _render_drift,
    "accepted": _render_accepted,
    "health": _render_health,
}


def _share_bytes(hosts: int) -> dict[str, int]:
    """The limit of each section: less for a large fleet, whose table takes more of the page."""
    left = _PAGE_BYTES - _BYTES_PER_ROW * hosts
    share = max(0.1, min(1.0, left / sum(_MAX_BYTES.values())))
    return {name: int(limit * share) for name, limit in _MAX_BYTES.items()}
