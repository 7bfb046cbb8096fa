# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pauses between two polls of a device."""

from __future__ import annotations

import typing as t

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._client.login_limiter import LOCKOUT_WINDOW_SECONDS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.options import read_options
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.watch import seconds_to_next


def options(**args: t.Any) -> t.Any:
    return read_options({"hosts": ["ts1"], "username": "u", "password": "p", **args}, {})


def test_pauses_double_once_a_device_is_lost() -> None:
    found = options(interval=30, backoff_max=600, jitter=0)
    pauses = [seconds_to_next(found, failures, False, 0.3) for failures in range(9)]
    assert pauses == [30, 30, 60, 120, 240, 480, 600, 600, 600]
    assert seconds_to_next(found, 10**6, False, 0.0) == 600
    assert seconds_to_next(options(interval=900, backoff_max=60), 5, False, 0.0) == 900


@given(
    st.floats(0.01, 86400),
    st.floats(0, 1),
    st.floats(0.01, 86400),
    st.integers(0, 10**6),
    st.booleans(),
    st.floats(-1, 1),
)
def test_pauses_keep_within_their_bounds(
    interval: float, jitter: float, longest: float, failures: int, refused: bool, jitter_value: float
) -> None:
    found = options(interval=interval, jitter=jitter, backoff_max=longest)
    pause = seconds_to_next(found, failures, refused, jitter_value)
    bound = (1 + jitter) * max(interval, longest, LOCKOUT_WINDOW_SECONDS if refused else 0)
    assert 0 <= pause <= bound * 1.000001  # rounding
    if refused:
        assert pause >= LOCKOUT_WINDOW_SECONDS
    else:
        assert pause >= (1 - jitter) * interval * 0.999
