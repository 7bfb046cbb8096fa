# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a fleet as one HTML page, in the style of the report."""

from __future__ import annotations

import typing as t

from . import diffs, plan_texts, plans, sections, wording
from .model import ReportNode
from .rendering import describe_style, load_macro, load_template

# Limits of the sections, so that the page stays below 1 MB whatever the plans are like.
_CHANGES_BYTES = {True: 180_000, False: 240_000}
_TABLE_BYTES = 400_000
_MAX_LISTED = 200


def render_plans_html(review: ReportNode) -> str:
    """The page."""
    unusable = [entry for entry in review["hosts"] if entry["state"] in ("broken", "missing")]
    return load_template("plans.html.j2").render(
        report=review,
        **describe_style(),
        sentences=plan_texts.summarize_review(review),
        tiles=plan_texts.build_review_tiles(review),
        origin=plan_texts.format_origin(review),
        timing=_render_changes(review, True),
        changes=_render_changes(review, False),
        unusable=_shorten(unusable),
        lists=_list_settings(review),
        rows=_render_rows(review),
    )


def _render_changes(review: ReportNode, is_timing: bool) -> sections.PageSection | None:
    macro = load_macro("details.html.j2", "plan_details")
    groups = [group for group in plans.fold_plans(review) if group.item.is_timing == is_timing]
    kind = "t" if is_timing else "c"
    blocks = sections.make_blocks(kind, groups, lambda group: diffs.list_planned_lines(group.item.operations))

    def render(block: sections.Block, max_lines: int) -> str:
        text = wording.format_count(len(block.group.item.operations), "operation")
        return macro(block, text, block.lines(), max_lines)

    section = sections.build_section(sections.open_few(blocks), render, _CHANGES_BYTES[is_timing])
    hosts = {number for group in groups for number, dummy in group.entries}
    return None if section is None else section._replace(total=len(hosts))


def _shorten(items: t.Sequence[t.Any]) -> sections.PageSection | None:
    """The first items of a table."""
    left_out = max(0, len(items) - _MAX_LISTED)
    return sections.PageSection(items[:_MAX_LISTED], len(items), left_out, {}) if items else None


def _list_settings(review: ReportNode) -> list[tuple[str, str, sections.PageSection]]:
    """Anchor, title and rows of the tables of settings, those that have rows. A row is a path, a reason or None, and hosts."""
    tables = [
        ("secrets", "Secrets that would be written", _without_reason(review, "secrets")),
        ("secrets-kept", "Secrets that are kept", _without_reason(review, "secrets_kept")),
        (
            "not-applicable",
            "Settings that do not apply",
            [(path, reason, hosts) for (path, reason), hosts in plans.fold_member(review, "not_applicable")],
        ),
    ]
    return [(anchor, title, section) for anchor, title, rows in tables if (section := _shorten(rows))]


def _without_reason(review: ReportNode, member: str) -> list[tuple[str, None, list[str]]]:
    return [(path, None, hosts) for path, hosts in plans.fold_member(review, member)]


def _render_rows(review: ReportNode) -> sections.PageSection:
    macro = load_macro("details.html.j2", "plan_row")
    texts = (
        macro(
            entry,
            plan_texts.STATE_LABELS[entry["state"]],
            plan_texts.STATE_MARKS[entry["state"]],
            plan_texts.count_operations(entry),
            plan_texts.format_save(entry),
            plan_texts.format_age(entry),
        )
        for entry in review["hosts"]
    )
    rows = list(sections.take_fitting(texts, _TABLE_BYTES))
    return sections.PageSection(rows, len(review["hosts"]), len(review["hosts"]) - len(rows), {})
