# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the health of a device with its health before a change. Pure functions over entries of evaluate()."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .check import CHECK_STATES, severity_rank
from .evaluate import select_alarms

_Entry = t.Mapping[str, t.Any]
# What a finding is about; None for a check as a whole.
_Key = t.Optional[tuple[t.Any, ...]]


def select_worse(checks: list[dict[str, t.Any]], before: object, fail_on: str) -> list[dict[str, t.Any]]:
    """The checks that make a device unhealthy and are worse than before, worst first.

    before: the checks of an earlier result; one that it does not have had passed. A check is worse if its state is, and also
    if a finding of it is about another port, module or reference, or more severe than before.
    """
    former = {
        entry["name"]: _ranks(entry)
        for entry in (before if isinstance(before, list) else [])
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str) and entry.get("state") in CHECK_STATES
    }
    return [check for check in select_alarms(checks, fail_on) if _is_worse(check, former.get(check["name"]), fail_on)]


def _is_worse(check: _Entry, former: dict[_Key, int] | None, fail_on: str) -> bool:
    if former is None or severity_rank(check["state"]) > former[None]:
        return True
    least = severity_rank("warning" if fail_on == "never" else fail_on)
    return any(rank >= least and rank > _former_rank(key, former) for key, rank in _ranks(check).items())


def _former_rank(key: _Key, former: dict[_Key, int]) -> int:
    # A check that named nothing before is compared as a whole.
    return former[None] if key is None or len(former) == 1 else former.get(key, -1)


def _ranks(check: _Entry) -> dict[_Key, int]:
    """The rank of each finding by what it is about, and under None that of the check."""
    ranks: dict[_Key, int] = {None: severity_rank(check["state"])}
    listed = check.get("findings")
    found = [part for part in listed if isinstance(part, Mapping)] if isinstance(listed, list) else []
    for part in found or [check]:
        key = tuple(part.get(name) for name in ("slot", "object", "subject"))
        if any(key) and part.get("state") in CHECK_STATES:
            ranks[key] = max(ranks.get(key, -1), severity_rank(part["state"]))
    return ranks
