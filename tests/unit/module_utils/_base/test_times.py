# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ISO 8601 in UTC, both ways."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._base.times import format_utc, parse_utc, utc_now

UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2026, 2, 11, 22, 5, 7, 123999)


def test_forms() -> None:
    assert format_utc(MOMENT) == "2026-02-11T22:05:07Z"
    assert format_utc(MOMENT, milliseconds=True) == "2026-02-11T22:05:07.123Z"
    assert format_utc(MOMENT.replace(microsecond=0), milliseconds=True) == "2026-02-11T22:05:07.000Z"
    assert format_utc(MOMENT.replace(year=7)) == "0007-02-11T22:05:07Z"
    assert format_utc(0.9) == "1970-01-01T00:00:00Z"
    east = datetime.timezone(datetime.timedelta(hours=2))
    assert format_utc(MOMENT.replace(tzinfo=east)) == "2026-02-11T20:05:07Z"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-11T22:05:07Z", MOMENT.replace(microsecond=0)),
        ("2026-02-11T22:05:07.123Z", MOMENT.replace(microsecond=123000)),
        ("2016-12-31T23:59:60Z", datetime.datetime(2016, 12, 31, 23, 59, 59)),
        ("2016-12-31T23:60:00Z", None),
        ("2016-12-31T23:59:61Z", None),
        ("2026-02-11T22:05:07", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_only_own_forms_are_read(text: str | None, moment: datetime.datetime | None) -> None:
    assert parse_utc(text) == (None if moment is None else moment.replace(tzinfo=UTC))


@given(moment=st.datetimes(min_value=datetime.datetime(1000, 1, 1), timezones=st.just(UTC)))
def test_a_time_is_read_as_it_was_written(moment: datetime.datetime) -> None:
    assert parse_utc(format_utc(moment)) == moment.replace(microsecond=0)
    milliseconds = moment.microsecond // 1000 * 1000
    assert parse_utc(format_utc(moment, milliseconds=True)) == moment.replace(microsecond=milliseconds)


def test_now_is_in_utc() -> None:
    assert utc_now().utcoffset() == datetime.timedelta(0)
    assert abs((utc_now() - datetime.datetime.now(UTC)).total_seconds()) < 5
