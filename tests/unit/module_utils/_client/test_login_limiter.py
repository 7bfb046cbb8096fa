# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limiter that keeps a wrong password from being tried on a whole fleet, or again and again on one device."""

from __future__ import annotations

import asyncio
import datetime
import random
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.login_limiter import (
    LOCKOUT_WINDOW_SECONDS,
    LimiterByCredentials,
    LoginAttempt,
    LoginLimiter,
    lockout_wait,
    with_refusal,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings


class Fleet:
    """Devices that accept the password or not, asked through a limiter by threads; counts logins."""

    def __init__(self, accepting: list[bool], limit: int) -> None:
        self.accepting = accepting
        self.limiter = LoginLimiter(limit, patience=30.0, end=time.monotonic() + 30.0)
        self.tries = 0
        self.refusals = 0
        self.rejected = 0
        self._next = iter(range(len(accepting)))
        self._lock = threading.Lock()

    def _work(self) -> None:
        while True:
            with self._lock:
                number = next(self._next, None)
            if number is None:
                return
            login = LoginAttempt(self.limiter)
            try:
                login.start()
            except LantimeError:
                with self._lock:
                    self.rejected += login.is_rejected
                continue
            with self._lock:
                self.tries += 1
                self.refusals += not self.accepting[number]
            if random.random() < 0.3:
                threading.Event().wait(0.0005)
            login.finish(self.accepting[number])

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
    assert fleet.rejected == 100 - limit


@given(
    st.lists(st.booleans(), min_size=1, max_size=60),
    st.integers(1, 5),
)
@settings(max_examples=200, deadline=None)
def test_one_after_the_other_it_counts_refusals_before_the_first_success(accepting: list[bool], limit: int) -> None:
    fleet = Fleet(accepting, limit)
    fleet.ask(1)
    # Once a device has accepted the credentials, the limit does not apply.
    expected = limit if not any(accepting[:limit]) else len(accepting)
    expected = min(expected, len(accepting))
    assert fleet.tries == expected
    assert fleet.rejected == len(accepting) - expected


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 5))
@settings(max_examples=50, deadline=None)
def test_every_login_gets_a_result_in_parallel(accepting: list[bool], limit: int) -> None:
    fleet = Fleet(accepting, limit)
    fleet.ask(16)
    assert fleet.tries + fleet.rejected == len(accepting)
    if sum(not each for each in accepting) < limit:
        assert fleet.tries == len(accepting)


def test_a_fleet_that_accepts_is_asked_at_full_width() -> None:
    limiter = LoginLimiter(3, patience=30.0, end=time.monotonic() + 30.0)
    under_way = [LoginAttempt(limiter) for dummy in range(3)]
    for login in under_way:
        login.start()
    under_way[0].finish(True)
    for dummy in range(40):
        assert LoginAttempt(limiter).try_start(lambda: None) is None


def test_accepted_credentials_run_free_although_others_are_slow_or_refuse() -> None:
    limiter = LoginLimiter(3, patience=30.0, end=time.monotonic() + 30.0)
    slow, accepted = LoginAttempt(limiter), LoginAttempt(limiter)
    slow.start()
    accepted.start()
    accepted.finish(True)
    for dummy in range(20):
        refused, more = LoginAttempt(limiter), LoginAttempt(limiter)
        assert refused.try_start(lambda: None) is None
        refused.finish(False)
        assert more.try_start(lambda: None) is None
    assert not limiter.is_exhausted


@pytest.mark.parametrize(("refused", "is_proven", "admitted"), [(0, False, 3), (2, False, 1), (2, True, 10)])
def test_earlier_results_of_the_run_count(refused: int, is_proven: bool, admitted: int) -> None:
    limiter = LoginLimiter(3, refused=refused, is_proven=is_proven)
    attempts = [LoginAttempt(limiter) for dummy in range(10)]
    assert [each.try_start(lambda: None) is None for each in attempts].count(True) == admitted
    assert LoginLimiter(3, refused=3).is_exhausted
    assert not LoginLimiter(3, refused=3, is_proven=True).is_exhausted


def test_without_a_limit_no_login_waits() -> None:
    fleet = Fleet([False] * 50, 0)
    fleet.ask(20)
    assert fleet.tries == 50


def test_waiting_ends_at_the_deadline() -> None:
    limiter = LoginLimiter(1, patience=30.0, end=time.monotonic() + 0.05)
    LoginAttempt(limiter).start()
    waiting = LoginAttempt(limiter)
    with pytest.raises(LantimeError) as caught:
        waiting.start()
    assert caught.value.code == "timeout_total"
    assert not waiting.is_rejected


def test_a_login_without_a_result_does_not_hold_up_others_for_ever() -> None:
    limiter = LoginLimiter(1, patience=0.05, end=time.monotonic() + 30.0)
    LoginAttempt(limiter).start()
    started = time.monotonic()
    LoginAttempt(limiter).start()
    assert 0.04 <= time.monotonic() - started < 5


def test_a_restart_spares_an_account_that_was_refused_twice() -> None:
    now = datetime.datetime(2026, 2, 11, 12, 0, 0, tzinfo=datetime.timezone.utc)
    at = "2026-02-11T11:{:02d}:00.000Z".format
    assert lockout_wait((), 1, now) == 0
    assert lockout_wait((at(59),), 1, now) == 0
    assert lockout_wait((at(55), at(59)), 1, now) == LOCKOUT_WINDOW_SECONDS - 300
    assert lockout_wait((at(40), at(59)), 1, now) == 0
    assert lockout_wait((at(50), at(55), at(59)), 3, now) == LOCKOUT_WINDOW_SECONDS - 600
    assert lockout_wait(("no time", at(59)), 1, now) == 0
    future = "2027-01-01T00:00:00.000Z"
    assert lockout_wait((future, future), 1, now) == LOCKOUT_WINDOW_SECONDS


def test_the_list_of_refusals_is_bounded() -> None:
    times: tuple[str, ...] = ()
    for number in range(50):
        times = with_refusal(times, str(number))
    assert times == tuple(str(number) for number in range(40, 50))


def log_in_from_a_loop(results: list[str]) -> tuple[list[str], int]:
    """Devices that are all asked at once: what each one answered, and the most logins at the same time."""
    limiter = LoginLimiter(3)
    most = under_way = 0

    async def device(result: str) -> str:
        nonlocal most, under_way
        login = LoginAttempt(limiter)
        changed = asyncio.Event()
        try:
            while login.try_start(changed.set) is not None:
                await changed.wait()
                changed.clear()
        except LantimeError:
            assert login.is_rejected
            return "rejected"
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        login.finish({"accepted": True, "refused": False}.get(result))
        return result

    async def all_devices() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(*map(device, results)), 10)

    return asyncio.run(all_devices()), most


def test_wrong_credentials_are_tried_on_three_devices_only() -> None:
    results, most = log_in_from_a_loop(["refused"] * 200)
    assert (results.count("refused"), results.count("rejected"), most) == (3, 197, 3)


def test_dead_devices_do_not_exhaust_the_limit() -> None:
    results, dummy = log_in_from_a_loop(["dead"] * 50 + ["refused"] * 2 + ["dead"] * 50 + ["accepted"] * 100)
    assert results.count("rejected") == 0


def test_once_accepted_all_devices_are_asked_at_the_same_time() -> None:
    results, most = log_in_from_a_loop(["accepted"] + ["refused"] * 50)
    assert results.count("refused") == 50
    assert most > 40


def test_each_pair_of_user_and_password_has_a_limiter() -> None:
    limiters = LimiterByCredentials()
    one = limiters.limiter_for(Settings("a", username="u", password="p"))
    assert limiters.limiter_for(Settings("b", username="u", password="p")) is one
    assert limiters.limiter_for(Settings("b", username="u", password="q")) is not one
    for number in range(3):
        login = LoginAttempt(one)
        login.start()
        login.finish(False)
        assert one.is_exhausted is (number == 2)


def test_a_login_takes_several_connections_and_is_counted_once() -> None:
    limiter = LoginLimiter(2)
    login = LoginAttempt(limiter)
    for dummy in range(3):
        login.start()
    login.finish(False)
    login.finish(False)
    assert not limiter.is_exhausted


def test_the_window_is_the_default_of_pam_faillock() -> None:
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    assert lockout_wait(("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), 1, now) == 900.0
