# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in threads: all of it, no more at once than allowed, and not beyond the deadline."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._client.parallel import (
    Limits,
    run_parallel,
    spread_order,
)


def test_without_numbers_nothing_is_waited_for() -> None:
    began = time.monotonic()
    assert run_parallel(0, lambda number: number, Limits(4, 20.0)) == {}
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("count", [1, 5, 40])
@pytest.mark.parametrize("workers", [1, 4, 100])
def test_each_number_is_worked_on_once(count: int, workers: int) -> None:
    asked: list[int] = []

    def work(number: int) -> int:
        asked.append(number)
        return number * 2

    results = run_parallel(count, work, Limits(workers, 20.0))
    assert results == {number: number * 2 for number in range(count)}
    assert sorted(asked) == [*range(count)]


def test_no_more_is_done_at_once_than_there_are_workers() -> None:
    both = threading.Barrier(2, timeout=20)
    under_way: list[int] = []
    most: list[int] = []

    def work(number: int) -> int:
        under_way.append(number)
        both.wait()
        most.append(len(under_way))
        both.wait()
        under_way.remove(number)
        return number

    assert len(run_parallel(6, work, Limits(2, 20.0))) == 6
    assert max(most) == 2


def test_what_is_not_done_by_the_deadline_has_no_result() -> None:
    release = threading.Event()

    def work(number: int) -> int:
        if number == 2:
            release.wait(20)
        return number

    try:
        results = run_parallel(4, work, Limits(4, 0.3))
        assert set(results) == {0, 1, 3}
    finally:
        release.set()
    assert set(results) == {0, 1, 3}


def test_a_last_result_ends_everything() -> None:
    asked: list[int] = []
    first = next(iter(spread_order(50)))

    def work(number: int) -> int:
        asked.append(number)
        return number

    run_parallel(50, work, Limits(1, 20.0), lambda result: result == first)
    assert asked == [first]


def test_an_exception_in_a_thread_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _arguments: None)
    began = time.monotonic()
    assert run_parallel(3, lambda number: 1 // (number - 1), Limits(3, 20.0)) == {0: -1, 2: 1}
    assert time.monotonic() - began < 10
