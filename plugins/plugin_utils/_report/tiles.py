# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers at the top of the HTML and Markdown reports. What no device was asked for has no number."""

from __future__ import annotations

import typing as t

from .folding import list_uncompared_paths
from .model import ReportNode


class Tile(t.NamedTuple):
    """number: None if it is not known.  mark: the shape before the term, None without one.  href: where the details are."""

    term: str
    number: int | None
    mark: str | None
    href: str


def build_tiles(report: ReportNode) -> list[Tile]:
    """The tiles of a report, those of a rollout with what was changed."""
    summary = report["summary"]
    return [
        Tile("devices", summary["hosts"], None, "#fleet"),
        *(_build_change_tiles(report) if report["operations"] is not None else _build_check_tiles(report)),
        Tile("unreachable", summary["unreachable"], "bad", "#unchecked"),
        Tile("not checked", summary["not_checked"], "bad", "#unchecked"),
        *_build_not_compared_tile(report),
        Tile("unhealthy", summary["unhealthy"], "bad" if _has_sick(report) else "warn", "#health"),
    ]


def _build_check_tiles(report: ReportNode) -> t.Iterator[Tile]:
    summary = report["summary"]
    if "drift" in report["checks"]:
        # Nothing is called clean that was not compared.
        term = "no difference" if list_uncompared_paths(report) else "clean"
        yield Tile(term, summary["clean"], "good", "#fleet")
    else:
        term = "read" if report["checks"] == ["facts"] else "checked"
        # Of some of the devices there can be a comparison that was not asked of all.
        yield Tile(term, summary["checked"] + (summary["clean"] or 0), "good", "#fleet")
    yield Tile("drift", summary["drift"], "warn", "#drift")
    yield Tile("failed", summary["failed"], "bad", "#unchecked")


def _build_not_compared_tile(report: ReportNode) -> t.Iterator[Tile]:
    """The number of settings that were not compared, if there are any apart from secrets."""
    paths = list_uncompared_paths(report)
    if paths:
        yield Tile("settings not compared", len(paths), "none", "#not-compared")


def _build_change_tiles(report: ReportNode) -> t.Iterator[Tile]:
    states = [entry["change"]["state"] for entry in report["hosts"] if entry["change"] is not None]
    if "planned" in states:
        yield Tile("would change", states.count("planned"), "warn", "#changes")
    else:
        yield Tile("changed", states.count("changed"), "good", "#changes")
    yield Tile("unchanged", states.count("unchanged"), "good", "#fleet")
    yield Tile("not changed", states.count("not_changed"), "bad", "#changes")
    failed = sum(
        entry["state"] == "failed" and (entry["change"] is None or entry["change"]["state"] != "not_changed")
        for entry in report["hosts"]
    )
    yield Tile("failed", failed, "bad", "#changes" if "failed" in states else "#unchecked")


def _has_sick(report: ReportNode) -> bool:
    healths = [entry["health"] for entry in report["hosts"] if entry["health"] is not None]
    return any(health["worst"] in ("critical", "error") for health in healths)
