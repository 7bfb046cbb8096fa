# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Points in time: the clock of the controller, and ISO 8601 in UTC."""

from __future__ import annotations

import datetime
import re

_LEAP_SECOND = re.compile(r":60(?=[.Z])")


def utc_now() -> datetime.datetime:
    """The time of the controller."""
    return datetime.datetime.now(datetime.timezone.utc)


def format_utc(moment: datetime.datetime | float, milliseconds: bool = False) -> str:
    """`2026-02-11T22:05:07Z` or `2026-02-11T22:05:07.123Z`; fractions are cut.

    moment: a number means seconds of the Unix epoch. A time without zone means UTC.
    """
    if isinstance(moment, (int, float)):
        moment = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc)
    elif moment.tzinfo is not None:
        moment = moment.astimezone(datetime.timezone.utc)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds" if milliseconds else "seconds") + "Z"


def parse_utc(text: str | None) -> datetime.datetime | None:
    """A time from a text of format_utc(), None for any other text. A leap second is read as the second before it."""
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in (text or "") else "%Y-%m-%dT%H:%M:%SZ"
    try:
        moment = datetime.datetime.strptime(_LEAP_SECOND.sub(":59", text or ""), form)
    except ValueError:
        return None
    return moment.replace(tzinfo=datetime.timezone.utc)
