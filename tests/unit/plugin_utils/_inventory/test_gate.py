# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate that keeps a wrong password from being tried all over a fleet."""

from __future__ import annotations

import random
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.gate import LoginGate, Visit


class Fleet:
    """Devices that accept the password or not, asked through a gate by threads; counts what they see."""

    def __init__(self, accepting: list[bool], limit: int) -> None:
        self.accepting = accepting
        self.gate = LoginGate(limit, 30.0, time.monotonic() + 30.0)
        self.tries = 0
        self.refusals = 0
        self.turned_away = 0
        self._next = iter(range(len(accepting)))
        self._lock = threading.Lock()

    def _work(self) -> None:
        while True:
            with self._lock:
                number = next(self._next, None)
            if number is None:
                return
            visit = Visit(self.gate)
            try:
                visit.enter()
            except LantimeError:
                with self._lock:
                    self.turned_away += visit.turned_away
                continue
            with self._lock:
                self.tries += 1
                self.refusals += not self.accepting[number]
            if random.random() < 0.3:
                threading.Event().wait(0.0005)
            visit.leave(self.accepting[number])

    def ask(self, threads: int) -> None:
        workers = [threading.Thread(target=self._work) for dummy in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
            assert not worker.is_alive()


@pytest.mark.parametrize("threads", [1, 4, 60])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_exactly_the_limit_is_tried_if_all_refuse(limit: int, threads: int) -> None:
    fleet = Fleet([False] * 100, limit)
    fleet.ask(threads)
    assert fleet.refusals == fleet.tries == limit
    assert fleet.turned_away == 100 - limit


@given(
    st.lists(st.booleans(), min_size=1, max_size=60),
    st.integers(1, 5),
)
@settings(max_examples=200, deadline=None)
def test_one_after_the_other_it_counts_refusals_in_a_row(accepting: list[bool], limit: int) -> None:
    fleet = Fleet(accepting, limit)
    fleet.ask(1)
    expected = row = 0
    for accepted in accepting:
        if row == limit:
            break
        expected += 1
        row = 0 if accepted else row + 1
    assert fleet.tries == expected
    assert fleet.turned_away == len(accepting) - expected


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 5))
@settings(max_examples=50, deadline=None)
def test_everybody_gets_an_answer_in_parallel(accepting: list[bool], limit: int) -> None:
    fleet = Fleet(accepting, limit)
    fleet.ask(16)
    assert fleet.tries + fleet.turned_away == len(accepting)
    if sum(not each for each in accepting) < limit:
        assert fleet.tries == len(accepting)


def test_a_fleet_that_accepts_is_asked_at_full_width() -> None:
    gate = LoginGate(3, 30.0, time.monotonic() + 30.0)
    under_way = [Visit(gate) for dummy in range(3)]
    for visit in under_way:
        visit.enter()
    for dummy in range(40):
        under_way.pop(0).leave(True)
        for each in (Visit(gate), Visit(gate)):
            each.enter()
            under_way.append(each)
    assert len(under_way) == 43


def test_without_a_limit_nobody_waits() -> None:
    fleet = Fleet([False] * 50, 0)
    fleet.ask(20)
    assert fleet.tries == 50


def test_waiting_is_over_at_the_end() -> None:
    gate = LoginGate(1, 30.0, time.monotonic() + 0.05)
    Visit(gate).enter()
    waiting = Visit(gate)
    with pytest.raises(LantimeError) as caught:
        waiting.enter()
    assert caught.value.code == "timeout_total"
    assert not waiting.turned_away


def test_a_request_without_a_verdict_holds_up_nobody_for_ever() -> None:
    gate = LoginGate(1, 0.05, time.monotonic() + 30.0)
    Visit(gate).enter()
    started = time.monotonic()
    Visit(gate).enter()
    assert 0.04 <= time.monotonic() - started < 5
