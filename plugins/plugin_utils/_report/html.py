# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as one HTML page: no script, nothing from other servers, readable on screen, on paper and by screen readers."""

from __future__ import annotations

import base64
import hashlib
import typing as t

from markupsafe import Markup

from . import wording
from .fleet import HEALTH_MARKS, build_fleet_table
from .model import ReportNode
from .plots import PLOT_WIDTH, plot_quality, plot_sections, plot_tally
from .rendering import load_macro, load_style_sheet, load_template

# Limits of the details, so that the page of 200 devices stays below 1 MB however much of them drifts.
DRIFT_BYTES = 400_000
HEALTH_BYTES = 120_000
_LINES_PER_DEVICE = (400, 100, 25, 8)
_MAX_OPEN_DEVICES = 12
_MAX_NOT_COMPARED = 200
_MAX_OPEN_LINES = 60


class DriftDetails(t.NamedTuple):
    """The differences of a device. number: of its host in the report. is_open: whether the page shows the lines at once."""

    number: int
    entry: ReportNode
    difference_count: int
    sections: str
    drift: list[wording.DiffLine]
    accepted: list[wording.DiffLine]
    is_open: bool


class HostFindings(t.NamedTuple):
    """The health findings of a host. number: of the host in the report."""

    number: int
    entry: ReportNode
    findings: list[ReportNode]


class FittingBlocks(t.NamedTuple):
    """Rendered parts of a section, or its rows. total: what its heading counts. omitted: how many devices or findings did not fit."""

    blocks: t.Sequence[t.Any]
    total: int
    omitted: int
    reference: str = ""


def render_html(report: ReportNode) -> str:
    """The page."""
    style = load_style_sheet()
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return load_template("page.html.j2").render(
        report=report,
        style=Markup(style),
        style_digest=digest,
        tally=plot_tally(report["summary"]),
        quality=plot_quality(report),
        sections=plot_sections(report),
        fleet=build_fleet_table(report),
        drift=_render_drift(report),
        not_compared=_limit_not_compared(report),
        health=_render_health(report),
        width=PLOT_WIDTH,
    )


def _render_drift(report: ReportNode) -> FittingBlocks | None:
    entries = [(number, entry) for number, entry in enumerate(report["hosts"]) if _has_differences(entry)]
    if not entries:
        return None
    total = sum(entry["state"] == "drift" for dummy, entry in entries)
    devices = [_make_details(report, number, entry, total <= _MAX_OPEN_DEVICES) for number, entry in entries]
    render = load_macro("details.html.j2", "drift_details")
    for max_lines in _LINES_PER_DEVICE:
        blocks = [render(device, max_lines) for device in devices]
        fitting = _count_fitting(blocks, DRIFT_BYTES)
        if fitting == len(blocks):
            break
    mode = (entries[0][1]["drift"] or {}).get("mode", "golden")
    return FittingBlocks(blocks[:fitting], total, len(blocks) - fitting, wording.describe_reference(mode))


def _limit_not_compared(report: ReportNode) -> FittingBlocks | None:
    entries = wording.list_not_compared(report)
    if not entries:
        return None
    return FittingBlocks(entries[:_MAX_NOT_COMPARED], len(entries), max(0, len(entries) - _MAX_NOT_COMPARED))


def _has_differences(entry: ReportNode) -> bool:
    return entry["state"] == "drift" or bool(entry["drift"] and entry["drift"]["differences"])


def _make_details(report: ReportNode, number: int, entry: ReportNode, may_open: bool) -> DriftDetails:
    drift = wording.list_drift(report, entry)
    lines = wording.list_diff_lines(drift)
    return DriftDetails(
        number,
        entry,
        len(drift),
        ", ".join(dict.fromkeys(difference["section"] for difference in drift)),
        lines,
        wording.list_diff_lines(wording.list_accepted(report, entry)),
        may_open and bool(drift) and len(lines) <= _MAX_OPEN_LINES,
    )


def _render_health(report: ReportNode) -> FittingBlocks | None:
    if "health" not in report["checks"]:
        return None
    hosts = [HostFindings(n, entry, wording.list_findings(entry)) for n, entry in enumerate(report["hosts"])]
    hosts = [host for host in hosts if host.findings]
    render = load_macro("details.html.j2", "health_rows")
    blocks = [render(host, HEALTH_MARKS) for host in hosts]
    fitting = _count_fitting(blocks, HEALTH_BYTES)
    omitted = sum(len(host.findings) for host in hosts[fitting:])
    return FittingBlocks(blocks[:fitting], sum(len(host.findings) for host in hosts), omitted)


def _count_fitting(blocks: t.Sequence[str], limit: int) -> int:
    """How many of the blocks, from the first on, fit into so many bytes."""
    for number, block in enumerate(blocks):
        limit -= len(block.encode("utf-8"))
        if limit < 0:
            return number
    return len(blocks)
