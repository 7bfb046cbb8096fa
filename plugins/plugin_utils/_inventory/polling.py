# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls many devices at the same time: one GET of /api/status each, in threads, by one deadline."""

from __future__ import annotations

import dataclasses
import gc
import math
import queue
import threading
import time
import typing as t

from ...module_utils._api.device import Device
from ...module_utils._api.dialect import Dialect
from ...module_utils._base.errors import LantimeError
from ...module_utils._client.refused_logins import RefusedLogins
from ...module_utils._client.session import Client, tls_context_of
from ...module_utils._client.settings import Settings
from .host_status import CONFIGURATION_CODES, NOT_TRIED, host_status_of
from .logins import PollLogins
from .variables import describe_device


class PollTarget(t.NamedTuple):
    """A device to poll."""

    settings: Settings
    dialect: Dialect


class PollLimits(t.NamedTuple):
    """workers: most devices polled at once.  deadline: seconds for all.  max_auth_failures: limit of each LoginLimiter."""

    workers: int
    deadline: float
    max_auth_failures: int


class PollResult(t.NamedTuple):
    """The result for one device: status ok with identity and state, or one of FAILURE_STATUSES with its problem."""

    status: str
    problem: str | None = None
    identity: dict[str, t.Any] | None = None
    state: dict[str, t.Any] | None = None


_GOLDEN_SECTION = 0.381966
_NOT_POLLED_IN_TIME = PollResult("unreachable", "timeout_total")


def poll(
    targets: t.Sequence[PollTarget], limits: PollLimits, refused_logins: RefusedLogins | None = None
) -> list[PollResult]:
    """Poll every device; the results in the order of the targets, whatever the order of the responses.

    A device that has not answered by the deadline is unreachable.  refused_logins: those of the run; they are not tried
    again, and the ones of this poll are added.  Raises LantimeError for errors of the options and not of a device.
    """
    if not targets:
        return []
    for target in targets:
        # Before there are threads, all of which would load the same authorities at the same time.
        if target.settings.use_tls:
            tls_context_of(target.settings)
    end = time.monotonic() + limits.deadline
    patience = max(target.settings.connect_timeout for target in targets)
    logins = PollLogins(limits.max_auth_failures, refused_logins, patience, end)
    logins.open_limiters(target.settings for target in targets)
    poller = _Poller(targets, logins, end)
    # The responses make garbage collections frequent; if each scanned all of Ansible, it would cost a tenth of the time.
    gc.freeze()
    try:
        for dummy in range(min(limits.workers, len(targets))):
            # Not a pool of executors: those are waited for at exit, however long a name server takes.
            threading.Thread(target=poller.work, name="lantime-inventory", daemon=True).start()
        poller.done.wait(limits.deadline)
    finally:
        gc.unfreeze()
    logins.save()
    return poller.results()


def _spread_order(count: int) -> t.Iterator[int]:
    """The numbers below count, neighbors far apart, since devices of one kind are often listed one after the other.

    The first logins decide about all others, so they should not all be to slow devices.
    """
    step = max(1, round(count * _GOLDEN_SECTION))
    while math.gcd(step, count) != 1:
        step += 1
    return (number * step % count for number in range(count))


class _Poller:
    """The targets and their results; shared by the threads."""

    def __init__(self, targets: t.Sequence[PollTarget], logins: PollLogins, end: float) -> None:
        self._targets = targets
        self._logins = logins
        self._end = end
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in _spread_order(len(targets)):
            self._waiting.put(number)
        self._results: dict[int, PollResult | LantimeError] = {}
        self._lock = threading.Lock()
        self.done = threading.Event()

    def work(self) -> None:
        while not self.done.is_set():
            try:
                number = self._waiting.get_nowait()
            except queue.Empty:
                return
            result = self._poll(self._targets[number])
            with self._lock:
                self._results[number] = result
                if len(self._results) == len(self._targets) or isinstance(result, LantimeError):
                    self.done.set()

    def results(self) -> list[PollResult]:
        self.done.set()
        with self._lock:
            results = dict(self._results)
        for result in results.values():
            if isinstance(result, LantimeError):
                raise result
        return [t.cast("PollResult", results.get(number, _NOT_POLLED_IN_TIME)) for number in range(len(self._targets))]

    def _poll(self, target: PollTarget) -> PollResult | LantimeError:
        left = self._end - time.monotonic()
        if left <= 0:
            return _NOT_POLLED_IN_TIME
        settings = dataclasses.replace(target.settings, request_timeout=min(target.settings.request_timeout, left))
        if self._logins.is_refused(target.settings):
            return PollResult("auth_failed", "auth_failed")
        login = self._logins.attempt(target.settings)
        is_accepted = None
        try:
            with Client(settings, login.start) as client:
                envelope = Device(client, target.dialect).status()
            is_accepted = True
            # Before the response is parsed, so that other devices need not wait for that.
            login.finish(is_accepted)
            self._logins.add(settings, is_accepted)
            return PollResult("ok", None, *describe_device(envelope.raw))
        except LantimeError as error:
            if error.code in CONFIGURATION_CODES:
                return error
            problem = NOT_TRIED if login.is_rejected else error.code
            status = host_status_of(problem)
            # Anything but a refusal leaves open whether the credentials are right.
            is_accepted = False if status == "auth_failed" else None
            if not login.is_rejected:
                self._logins.add(settings, False, error)
            return PollResult(status, problem)
        except Exception:
            return PollResult("unreachable", "internal")
        finally:
            login.finish(is_accepted)
