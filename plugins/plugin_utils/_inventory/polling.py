# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking many devices at once: one GET of /api/status each, in threads, by one deadline.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import gc
import queue
import threading
import time
import typing as t

from ...module_utils._api.device import Device
from ...module_utils._api.dialect import Dialect
from ...module_utils._base.errors import LantimeError
from ...module_utils._client.session import Client, tls_context_of
from ...module_utils._client.settings import Settings
from .gate import LoginGate, Visit
from .outcome import CONFIGURATION, NOT_TRIED, outcome_of
from .variables import describe


class Job(t.NamedTuple):
    """A device to ask."""

    settings: Settings
    dialect: Dialect


class Limits(t.NamedTuple):
    """workers: most devices asked at once.  deadline: seconds for all.  max_auth_failures: see LoginGate."""

    workers: int
    deadline: float
    max_auth_failures: int


class PollResult(t.NamedTuple):
    """What became of a device: outcome C(ok) with identity and state, or one of OUTCOMES with its problem."""

    outcome: str
    problem: str | None = None
    identity: dict[str, t.Any] | None = None
    state: dict[str, t.Any] | None = None


_LATE = PollResult("unreachable", "timeout_total")


def poll(jobs: t.Sequence[Job], limits: Limits) -> list[PollResult]:
    """Ask every device; the readings in the order of the jobs, whatever the order of the answers.

    A device that has not answered by the deadline is unreachable.  Raises LantimeError for what is wrong with the
    options and not with a device.
    """
    if not jobs:
        return []
    for job in jobs:
        # Before there are threads, all of which would load the same authorities at the same time.
        if job.settings.use_tls:
            tls_context_of(job.settings)
    end = time.monotonic() + limits.deadline
    patience = max(job.settings.connect_timeout for job in jobs)
    fleet = _Fleet(jobs, LoginGate(limits.max_auth_failures, patience, end), end)
    # The answers make garbage collections frequent; that each looks through all of Ansible would cost a tenth of the time.
    gc.freeze()
    try:
        for dummy in range(min(limits.workers, len(jobs))):
            # Not a pool of executors: those are waited for at exit, however long a name server takes.
            threading.Thread(target=fleet.work, name="lantime-inventory", daemon=True).start()
        fleet.done.wait(limits.deadline)
    finally:
        gc.unfreeze()
    return fleet.readings()


class _Fleet:
    """The jobs, who does them and what came of them; shared by the threads."""

    def __init__(self, jobs: t.Sequence[Job], gate: LoginGate, end: float) -> None:
        self._jobs = jobs
        self._gate = gate
        self._end = end
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(len(jobs)):
            self._waiting.put(number)
        self._found: dict[int, PollResult | LantimeError] = {}
        self._lock = threading.Lock()
        self.done = threading.Event()

    def work(self) -> None:
        while not self.done.is_set():
            try:
                number = self._waiting.get_nowait()
            except queue.Empty:
                return
            reading = self._ask(self._jobs[number])
            with self._lock:
                self._found[number] = reading
                if len(self._found) == len(self._jobs) or isinstance(reading, LantimeError):
                    self.done.set()

    def readings(self) -> list[PollResult]:
        self.done.set()
        with self._lock:
            found = dict(self._found)
        for reading in found.values():
            if isinstance(reading, LantimeError):
                raise reading
        return [t.cast("PollResult", found.get(n, _LATE)) for n in range(len(self._jobs))]

    def _ask(self, job: Job) -> PollResult | LantimeError:
        left = self._end - time.monotonic()
        if left <= 0:
            return _LATE
        settings = job.settings._replace(request_timeout=min(job.settings.request_timeout, left))
        visit = Visit(self._gate)
        verdict = None
        try:
            with Client(settings, visit.enter) as client:
                envelope = Device(client, job.dialect).status()
            verdict = True
            visit.leave(verdict)
            return PollResult("ok", None, *describe(envelope.raw))
        except LantimeError as error:
            if error.code in CONFIGURATION:
                return error
            problem = NOT_TRIED if visit.turned_away else error.code
            outcome = outcome_of(problem)
            # Anything but a refusal leaves open whether the credentials are right.
            verdict = False if outcome == "auth_failed" else None
            return PollResult(outcome, problem)
        except Exception:
            return PollResult("unreachable", "internal")
        finally:
            visit.leave(verdict)
