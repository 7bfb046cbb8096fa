# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option plans of meinberg.lantime.lantime_report: a page for the review of the plans in a directory."""

from __future__ import annotations

import os
import typing as t

from ...module_utils._base.errors import LantimeError
from ...module_utils._jobs.context import JobContext
from . import files, plan_texts, plans
from .plan_html import render_plans_html
from .plan_markdown import render_plans_markdown

# As REPORT_FORMATS.
REVIEW_FORMATS: dict[str, tuple[str, files.ReportRenderer]] = {
    "json": (".json", plans.serialize_review),
    "markdown": (".md", render_plans_markdown),
    "html": (".html", render_plans_html),
}

# Options for reports of results, which have no meaning for plans.
_RESULTS = ("hosts", "results", "results_from", "drifts", "groups", "invalid", "inputs")
_MAX_WARNINGS = 10


def review_plans(context: JobContext, generated: str) -> dict[str, t.Any]:
    """Write the page. The result of the module."""
    params = context.params
    given = [name for name in _RESULTS if params[name]]
    if given:
        raise LantimeError("option", f"plans and {given[0]} are for different pages", hint="use two tasks")
    formats = [name for name in params["formats"] if name in REVIEW_FORMATS]
    if not formats:
        raise LantimeError("option", f"with plans, formats must have at least one of {', '.join(REVIEW_FORMATS)}")
    heading = plans.ReviewHeading(params["title"], generated, params["expected"], _list_pages(params))
    review = plans.build_review(heading, params["plans"])
    for sentence in plan_texts.summarize_review(review)[:_MAX_WARNINGS]:
        if sentence.level == "alarm":
            context.warn(f"{sentence.text} {', '.join(sentence.names[:10])}".strip())
    planned = files.plan_files(review, params["dest"], params["basename"], formats, REVIEW_FORMATS)
    files.write_report_files(planned, context.check_mode)
    result: dict[str, t.Any] = {
        "changed": False,
        "written": [name for name, file in planned.items() if file.is_different_beyond_time],
        "reports": {name: str(file.path) for name, file in planned.items()},
        "plans": plans.count_plans(review),
        "exit_code": 0 if plans.is_complete(review) else 2,
        "states": {entry["host"]: entry["state"] for entry in review["hosts"]},
    }
    if context.diff:
        result["diff"] = files.format_file_diff(planned.values())
    return result


def _list_pages(params: t.Mapping[str, t.Any]) -> list[str]:
    """The names of the files of the page if they are in the directory of the plans."""
    if os.path.realpath(params["dest"]) != os.path.realpath(params["plans"]):
        return []
    return [params["basename"] + suffix for suffix, dummy in REVIEW_FORMATS.values()]
