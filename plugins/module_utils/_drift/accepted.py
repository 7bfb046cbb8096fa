# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted drift: which differences are accepted, until which day, and why."""

from __future__ import annotations

import datetime
import fnmatch
import typing as t

from .._base.times import utc_now
from .._tree.paths import is_covered, path_of
from .rules import canonicalize_pattern

_ACCEPTANCE_NAMES = {"path", "host", "until", "reason"}


class AcceptanceError(ValueError):
    """An invalid entry of accepted drift. The message is written for users."""


class Acceptance(t.NamedTuple):
    """An acceptance. path, host: patterns.  until: its last day."""

    path: str
    host: str
    until: datetime.date
    reason: str

    def as_dict(self) -> dict[str, str]:
        return {"until": self.until.isoformat(), "reason": self.reason}


def parse_acceptances(entries: t.Any) -> tuple[Acceptance, ...]:
    """The acceptances in a list of {path, host, until, reason}. Raises AcceptanceError."""
    if not isinstance(entries, (list, tuple)):
        raise AcceptanceError("accepted drift must be a list of {path, host, until, reason}")
    return tuple(_parse_acceptance(number, entry) for number, entry in enumerate(entries, 1))


def _parse_acceptance(number: int, entry: t.Any) -> Acceptance:
    if not isinstance(entry, dict):
        raise AcceptanceError(f"accepted drift, entry {number}: it must be a mapping of {_format_names()}")
    given = {name: value for name, value in entry.items() if value is not None}
    unknown = sorted(str(name) for name in set(given) - _ACCEPTANCE_NAMES)
    if unknown:
        raise AcceptanceError(f"accepted drift, entry {number}: {unknown[0]} is not one of {_format_names()}")
    for name in ("path", "until", "reason"):
        if not str(given.get(name, "")).strip():
            raise AcceptanceError(f"accepted drift, entry {number}: {name} is missing")
    path = canonicalize_pattern(str(given["path"]))
    if not path:
        raise AcceptanceError(f"accepted drift, entry {number}: path is empty")
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
        raise AcceptanceError(f"accepted drift, entry {number}: until must be a day such as 2026-12-31") from None


def utc_today() -> datetime.date:
    """The present day in UTC, so that the time zone of the controller has no effect."""
    return utc_now().date()


def find_acceptances(
    accepted: t.Iterable[Acceptance], path: str, host: str, day: datetime.date
) -> tuple[Acceptance | None, Acceptance | None]:
    """The valid acceptance of a difference that ends last, and the expired one that ended last."""
    matching = [
        entry
        for entry in accepted
        if is_covered(path_of(path), (entry.path,)) and fnmatch.fnmatchcase(host, entry.host)
    ]
    valid = [entry for entry in matching if entry.until >= day]
    expired = [entry for entry in matching if entry.until < day]
    return (
        max(valid, key=lambda entry: entry.until, default=None),
        max(expired, key=lambda entry: entry.until, default=None),
    )
