# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs work for many devices in threads, until all is done or the time is over."""

from __future__ import annotations

import gc
import math
import queue
import threading
import typing as t

WorkResult = t.TypeVar("WorkResult")

_GOLDEN_SECTION = 0.381966


class Limits(t.NamedTuple):
    """workers: most devices at once.  deadline: seconds for all."""

    workers: int
    deadline: float


def run_parallel(
    count: int,
    work: t.Callable[[int], WorkResult],
    limits: Limits,
    is_last: t.Callable[[WorkResult], bool] = lambda _result: False,
) -> dict[int, WorkResult]:
    """The result of work for each number below count, as far as it was done in time.

    work: must not raise.  is_last: whether a result ends everything.
    """
    if not count:
        return {}
    pool = _Pool(count, work, is_last)
    # The responses make garbage collections frequent; if each scanned all of Ansible, it would cost a tenth of the time.
    gc.freeze()
    try:
        pool.start(min(limits.workers, count))
        pool.done.wait(limits.deadline)
    finally:
        gc.unfreeze()
    return pool.finish()


def spread_order(count: int) -> t.Iterator[int]:
    """The numbers below count, neighbors far apart, since devices of one kind are often listed one after the other.

    The first logins decide about all others, so they should not all be to slow devices.
    """
    step = max(1, round(count * _GOLDEN_SECTION))
    while math.gcd(step, count) != 1:
        step += 1
    return (number * step % count for number in range(count))


class _Pool(t.Generic[WorkResult]):
    """The work and its results; shared by the threads."""

    def __init__(
        self, count: int, work: t.Callable[[int], WorkResult], is_last: t.Callable[[WorkResult], bool]
    ) -> None:
        self._work = work
        self._is_last = is_last
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in spread_order(count):
            self._waiting.put(number)
        self._results: dict[int, WorkResult] = {}
        self._lock = threading.Lock()
        self._running = 0
        self.done = threading.Event()

    def start(self, workers: int) -> None:
        self._running = workers
        for dummy in range(workers):
            # Not a pool of executors: those are waited for at exit, however long a name server takes.
            threading.Thread(target=self._run, name="lantime-poll", daemon=True).start()

    def _run(self) -> None:
        try:
            while not self.done.is_set():
                number = self._waiting.get_nowait()
                self._keep(number, self._work(number))
        except queue.Empty:
            pass
        finally:
            # The last thread that ends leaves nothing to wait for, also if work raised in spite of its contract.
            with self._lock:
                self._running -= 1
                if not self._running:
                    self.done.set()

    def _keep(self, number: int, result: WorkResult) -> None:
        with self._lock:
            self._results[number] = result
            if self._is_last(result):
                self.done.set()

    def finish(self) -> dict[int, WorkResult]:
        """Start nothing more, and return the results so far."""
        self.done.set()
        with self._lock:
            return dict(self._results)
