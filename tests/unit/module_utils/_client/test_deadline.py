# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limit of a task, without waiting."""

from __future__ import annotations

import math
import time

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.deadline import Deadline, rollback_reserve


class Clock:
    """The monotonic clock; a pause advances it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "monotonic", made.monotonic)
    monkeypatch.setattr(time, "sleep", made.sleep)
    return made


@pytest.mark.parametrize(
    ("task_timeout", "reserve"), [(0.0, 60.0), (900.0, 60.0), (120.0, 60.0), (119.0, 59.5), (10.0, 5.0), (0.5, 0.25)]
)
def test_the_reserve_of_a_rollback(task_timeout: float, reserve: float) -> None:
    assert rollback_reserve(task_timeout) == reserve


# Seconds that are left to read, to write, and to roll back.
@pytest.mark.parametrize(
    ("task_timeout", "keyword", "limits"),
    [
        (0.0, math.inf, (math.inf, math.inf, math.inf)),
        (900.0, math.inf, (900, 840, 900)),
        (100.0, math.inf, (100, 50, 100)),
        (900.0, 30.0, (30, 30, 90)),
        (0.0, 30.0, (30, 30, 90)),
        (900.0, 870.0, (870, 840, 900)),
        (40.0, 30.0, (30, 20, 40)),
        (10.0, 30.0, (10, 5, 10)),
    ],
)
@pytest.mark.usefixtures("clock")
def test_the_limits_of_a_task(task_timeout: float, keyword: float, limits: tuple[float, float, float]) -> None:
    deadline = Deadline(task_timeout, 1000.0 + keyword)
    assert deadline.left() == limits[0]
    with deadline.writing():
        assert deadline.left() == limits[1]
        with deadline.finishing():
            assert deadline.left() == limits[2]
        assert deadline.left() == limits[1]
    assert deadline.left() == limits[0]


def test_the_former_limit_applies_again_after_an_error() -> None:
    deadline = Deadline(900.0)
    with pytest.raises(ZeroDivisionError), deadline.writing(), deadline.finishing():
        raise ZeroDivisionError
    assert deadline.left() > 890


def test_a_write_is_started_while_the_reserve_is_left(clock: Clock) -> None:
    deadline = Deadline(900.0)
    clock.now += 839.9
    with deadline.writing():
        assert not deadline.is_over


@pytest.mark.parametrize("seconds", [840.0, 900.0])
def test_no_write_is_started_in_the_reserve(clock: Clock, seconds: float) -> None:
    deadline = Deadline(900.0)
    clock.now += seconds
    with pytest.raises(LantimeError) as caught, deadline.writing():
        pytest.fail("a write is started")
    assert caught.value.code == "timeout_task"
    what = (
        "no write was started, as the 60 s for its rollback are not left (task_timeout is 900 s, of which 60 s are kept"
    )
    assert what in caught.value.what


def test_a_rollback_begins_although_the_time_of_writes_is_over(clock: Clock) -> None:
    deadline = Deadline(900.0)
    clock.now += 950.0
    with deadline.finishing():
        assert deadline.is_over


@pytest.mark.parametrize(
    ("task_timeout", "keyword", "reason"),
    [
        (900.0, math.inf, "task_timeout is 900 s"),
        (0.5, math.inf, "task_timeout is 0.5 s"),
        (900.0, 30.0, "keyword timeout"),
    ],
)
def test_the_error_says_which_limit_ended_the_task(
    clock: Clock, task_timeout: float, keyword: float, reason: str
) -> None:
    deadline = Deadline(task_timeout, 1000.0 + keyword)
    deadline.check()
    clock.now += 900.0
    with pytest.raises(LantimeError) as caught:
        deadline.check()
    assert (caught.value.code, caught.value.what) == ("timeout_task", f"the time of the task is over ({reason})")


def test_a_pause_ends_with_the_task(clock: Clock) -> None:
    deadline = Deadline(10.0)
    for seconds in (4.0, 100.0, 5.0):
        deadline.pause(seconds)
    assert clock.pauses == [4.0, 6.0, 0.0]


def test_no_pause_is_shortened_without_a_limit(clock: Clock) -> None:
    Deadline().pause(100000.0)
    assert clock.pauses == [100000.0]
