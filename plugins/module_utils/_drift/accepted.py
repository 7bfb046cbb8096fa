# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences that somebody has accepted until a day, and why."""

from __future__ import annotations

import datetime
import fnmatch
import typing as t

from .._tree.paths import covered, path_of
from .rules import canonicalize_pattern

_ACCEPTANCE_NAMES = {"path", "host", "until", "reason"}


class AcceptanceError(ValueError):
    """An entry of the list of accepted drift is not as it must be. The message is fit for users."""


class Acceptance(t.NamedTuple):
    """path, host: patterns.  until: the last day on which it holds."""

    path: str
    host: str
    until: datetime.date
    reason: str

    def as_dict(self) -> dict[str, str]:
        return {"until": self.until.isoformat(), "reason": self.reason}


def parse_acceptances(entries: t.Any) -> tuple[Acceptance, ...]:
    """The entries of a list of {path, host, until, reason}. Raises AcceptanceError: who accepts drift says how long and why."""
    if not isinstance(entries, (list, tuple)):
        raise AcceptanceError("accepted drift is a list of {path, host, until, reason}")
    return tuple(_parse_acceptance(number, entry) for number, entry in enumerate(entries, 1))


def _parse_acceptance(number: int, entry: t.Any) -> Acceptance:
    if not isinstance(entry, dict):
        raise AcceptanceError(f"accepted drift, entry {number}: it is a mapping of {_format_names()}")
    given = {name: value for name, value in entry.items() if value is not None}
    unknown = sorted(str(name) for name in set(given) - _ACCEPTANCE_NAMES)
    if unknown:
        raise AcceptanceError(f"accepted drift, entry {number}: {unknown[0]} is not one of {_format_names()}")
    for name in ("path", "until", "reason"):
        if not str(given.get(name, "")).strip():
            raise AcceptanceError(f"accepted drift, entry {number}: {name} is missing")
    path = canonicalize_pattern(str(given["path"]))
    if not path:
        raise AcceptanceError(f"accepted drift, entry {number}: path names nothing")
    return Acceptance(path, str(given.get("host", "*")), _parse_day(number, given["until"]), str(given["reason"]))


def _format_names() -> str:
    return ", ".join(sorted(_ACCEPTANCE_NAMES))


def _parse_day(number: int, value: t.Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value).strip())
    except ValueError:
        raise AcceptanceError(f"accepted drift, entry {number}: until is no day such as 2026-12-31") from None


def utc_today() -> datetime.date:
    """The day in UTC, so that a run means the same wherever its controller stands."""
    return datetime.datetime.now(datetime.timezone.utc).date()


def find_acceptances(
    accepted: t.Iterable[Acceptance], path: str, host: str, day: datetime.date
) -> tuple[Acceptance | None, Acceptance | None]:
    """(the acceptance that holds longest, the expired one that ended last) for a difference."""
    fitting = [
        entry for entry in accepted if covered(path_of(path), (entry.path,)) and fnmatch.fnmatchcase(host, entry.host)
    ]
    holding = [entry for entry in fitting if entry.until >= day]
    over = [entry for entry in fitting if entry.until < day]
    return (
        max(holding, key=lambda entry: entry.until, default=None),
        max(over, key=lambda entry: entry.until, default=None),
    )
