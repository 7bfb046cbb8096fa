# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which drift makes a host fail, and how it is described in one sentence. Pure functions."""

from __future__ import annotations

import typing as t

from .._base.sanitize import printable

DRIFT_FAIL_ON = ("drift", "security", "never")

_MAX_PATHS = 5
_MAX_REASON = 2000

DriftDifference = t.Mapping[str, t.Any]


def failing_differences(drift: t.Mapping[str, t.Any], fail_on: str) -> list[DriftDifference]:
    """The differences of a drift that make the host fail: those that are not accepted, for security only of that class."""
    if fail_on == "never":
        return []
    return [
        each
        for each in drift.get("differences") or ()
        if not each.get("accepted") and (fail_on == "drift" or each.get("class") == "security")
    ]


def describe_failing(differences: t.Sequence[DriftDifference]) -> str:
    paths = ", ".join(printable(each.get("path"), 100) for each in differences[:_MAX_PATHS])
    more = len(differences) - _MAX_PATHS
    number = "1 setting differs" if len(differences) == 1 else f"{len(differences)} settings differ"
    return f"{number}: {paths}{f' and {more} more' if more > 0 else ''}"


def incomplete_reason(drift: t.Mapping[str, t.Any]) -> str | None:
    """Why a drift is not complete; None if all of its sections were compared."""
    unchecked = [section for section in drift.get("sections") or () if section.get("state") == "not_checked"]
    if not unchecked and drift.get("state") in ("clean", "drift"):
        return None
    reasons = [section.get("reason") for section in unchecked if section.get("reason")]
    if not reasons:
        return "the configuration was not compared"
    names = ", ".join(printable(section.get("name"), 100) for section in unchecked[:_MAX_PATHS])
    return f"{names}: {printable(reasons[0], _MAX_REASON)}"
