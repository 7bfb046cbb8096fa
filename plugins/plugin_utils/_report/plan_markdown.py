# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a fleet as Markdown for a comment on a merge request, below 65,000 bytes whatever the plans are like."""

from __future__ import annotations

import functools

from . import diffs, plan_texts, plans, wording
from .comment import Comment, DiffBlock
from .model import ReportNode
from .rendering import load_macro

_macro = functools.partial(load_macro, "plans.md.j2")


def render_plans_markdown(review: ReportNode) -> str:
    """The comment."""
    comment = Comment()
    sentences, tiles = plan_texts.summarize_review(review), plan_texts.build_review_tiles(review)
    comment.add(_macro("introduction")(review, sentences, tiles, plan_texts.format_origin(review)))
    _add_unusable(comment, review)
    _add_changes(comment, review)
    _add_settings(comment, review)
    _add_table(comment, review)
    return comment.finish(_macro("omissions"))


def _add_unusable(comment: Comment, review: ReportNode) -> None:
    render = _macro("unusable_row")
    rows = [render(entry) for entry in review["hosts"] if entry["state"] == "broken"]
    names = ("plan that cannot be used", "plans that cannot be used")
    comment.add_table(_macro("unusable_heading")(), rows, names, comment.left // 2)


def _add_changes(comment: Comment, review: ReportNode) -> None:
    groups = plans.fold_plans(review)
    for is_timing, name in ((True, "changes that affect timing"), (False, "changes")):
        blocks = [
            DiffBlock(
                group.hosts,
                wording.format_count(len(group.item.operations), "operation"),
                diffs.list_planned_lines(group.item.operations, 200),
            )
            for group in groups
            if group.item.is_timing == is_timing
        ]
        comment.add_diffs(_macro("changes_heading")(is_timing), blocks, name)


def _add_settings(comment: Comment, review: ReportNode) -> None:
    render = _macro("setting_row")
    for title, member, names in (
        ("Secrets that would be written", "secrets", ("secret", "secrets")),
        ("Secrets that are kept", "secrets_kept", ("secret that is kept", "secrets that are kept")),
    ):
        rows = [render(path, hosts) for path, hosts in plans.fold_member(review, member)]
        comment.add_table(_macro("settings_heading")(title), rows, names, comment.left * 2 // 3)
    render = _macro("not_applicable_row")
    rows = [render(path, reason, hosts) for (path, reason), hosts in plans.fold_member(review, "not_applicable")]
    names = ("setting that does not apply", "settings that do not apply")
    comment.add_table(_macro("not_applicable_heading")(), rows, names, comment.left * 2 // 3)


def _add_table(comment: Comment, review: ReportNode) -> None:
    render = _macro("plan_row")
    rows = [
        render(
            entry,
            plan_texts.STATE_LABELS[entry["state"]],
            plan_texts.count_operations(entry),
            plan_texts.format_save(entry),
            plan_texts.format_age(entry),
        )
        for entry in review["hosts"]
    ]
    names = ("row of the table of plans", "rows of the table of plans")
    comment.add_last_table(_macro("table_heading")(len(rows)), rows, names)
