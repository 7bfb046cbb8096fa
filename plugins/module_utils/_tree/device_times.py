# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times in the forms that a device may use."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._base.times import format_utc

_CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,12})?)?"
_ZONE = r"(?: ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?"
_YEAR, _DAY = r"(?P<year>[0-9]{4})", r"(?P<day>[0-9]{1,2})"
_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NAME = rf"(?P<name>{'|'.join(_NAMES)})"
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?"

# The first two are on record. Of the others, a form is read only if it has one meaning: with dots the day is first if the year is
# last; a date with slashes is read only if the year is first.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}(?P<mark>[-./])(?P<month>[0-9]{{2}})(?P=mark)(?P<day>[0-9]{{2}})(?:[T ]{_CLOCK}{_ZONE})?",
        rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
        r"(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?)?",
        rf"{_DAY}\.(?P<month>[0-9]{{1,2}})\.{_YEAR}(?:[T ]{_CLOCK}{_ZONE})?",
        rf"{_WEEKDAY}{_NAME} {{1,2}}{_DAY} {_CLOCK}(?: (?P<zone>UTC|GMT))? {_YEAR}",
        rf"{_WEEKDAY}{_DAY} {_NAME} {_YEAR} {_CLOCK}{_ZONE}",
    )
)
_UNIX_TIME = re.compile(r"([0-9]{10})(?:\.[0-9]{1,12})?")
# Ten digits that may be YYYYMMDDhh as well.
_COMPACT_HOUR = re.compile(r"(?:19[89]|20[0-9])[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])")


def parse_device_time(token: str) -> str | None:
    """A time of the device as `2026-02-11T22:05:07Z`; None for a text in another form, or with more than one meaning.

    A time without zone is UTC (INFERRED). Fractions of a second are cut; the second 60 of a leap second is kept.
    """
    if not token:
        return None
    match = next(filter(None, (form.fullmatch(token) for form in _FORMS)), None)
    if match is None:
        return _parse_unix_time(token)
    parts = match.groupdict()
    seconds = int(parts.get("second") or 0)
    if seconds > 60:
        return None
    month = _NAMES.index(parts["name"]) + 1 if parts.get("name") else int(parts["month"])
    try:
        moment = datetime.datetime(
            int(parts["year"]), month, int(parts["day"]), int(parts["hour"] or 0), int(parts["minute"] or 0)
        )
        moment -= _offset(parts.get("zone"))
    except (ValueError, OverflowError):
        return None
    return f"{format_utc(moment)[:17]}{seconds:02d}Z"


def _offset(zone: t.Any) -> datetime.timedelta:
    if not zone or zone[0] not in "+-":
        return datetime.timedelta(0)
    offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return offset if zone[0] == "+" else -offset


def _parse_unix_time(token: str) -> str | None:
    match = _UNIX_TIME.fullmatch(token)
    if match is None or _COMPACT_HOUR.fullmatch(match.group(1)):
        return None
    return format_utc(int(match.group(1)))
