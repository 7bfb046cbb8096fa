# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of numeric options: what is inside, and the message for what is not."""

from __future__ import annotations

import math

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.ranges import Bounds, check_range, check_ranges


@pytest.mark.parametrize(("value", "bounds"), [(1, (1, 5)), (5, (1, 5)), (0.5, (0.5, None)), (1e300, (0, None))])
def test_limits_are_inside(value: float, bounds: Bounds) -> None:
    check_range("retries", value, bounds)


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        (0, (1, 65535), "port must be from 1 to 65535, not 0"),
        (65536, (1, 65535), "port must be from 1 to 65535, not 65536"),
        (0.01, (0.1, 600), "port must be from 0.1 to 600, not 0.01"),
        (-1, (0, None), "port must be at least 0, not -1"),
        (math.nan, (0, 1), "port must be from 0 to 1, not nan"),
        (math.nan, (0, None), "port must be at least 0, not nan"),
        (math.inf, (0, 1), "port must be from 0 to 1, not inf"),
    ],
)
def test_a_number_outside_is_refused(value: float, bounds: Bounds, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        check_range("port", value, bounds)
    assert str(caught.value) == message


def test_every_option_with_limits_is_checked() -> None:
    limits: dict[str, Bounds] = {"retries": (0, 10), "port": (1, 65535)}
    check_ranges({"retries": 0, "port": 443, "other": -1}, limits)
    for values in ({"retries": 11, "port": 443}, {"retries": 0, "port": 0}):
        with pytest.raises(ValueError, match="must be from"):
            check_ranges(values, limits)
