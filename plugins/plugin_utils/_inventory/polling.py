# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls many devices at the same time: one GET of /api/status each, in threads, by one deadline."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from ansible.utils.display import Display

from ...module_utils._api.device import Device
from ...module_utils._api.dialect import Dialect
from ...module_utils._base.errors import LantimeError
from ...module_utils._client.parallel import Limits, run_parallel
from ...module_utils._client.poll_logins import PollLogins
from ...module_utils._client.refused_logins import LoginOutcome, RefusedLogins
from ...module_utils._client.session import Client, tls_context_of
from ...module_utils._client.settings import Settings
from .host_status import CONFIGURATION_CODES, NOT_TRIED, host_status_of
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
    results = run_parallel(
        len(targets), poller.poll, Limits(limits.workers, limits.deadline), lambda one: isinstance(one, LantimeError)
    )
    logins.save(Display().warning)
    for result in results.values():
        if isinstance(result, LantimeError):
            raise result
    return [t.cast("PollResult", results.get(number, _NOT_POLLED_IN_TIME)) for number in range(len(targets))]


class _Poller:
    """Polls one target by its number. end: by the monotonic clock."""

    def __init__(self, targets: t.Sequence[PollTarget], logins: PollLogins, end: float) -> None:
        self._targets = targets
        self._logins = logins
        self._end = end

    def poll(self, number: int) -> PollResult | LantimeError:
        target = self._targets[number]
        left = self._end - time.monotonic()
        if left <= 0:
            return _NOT_POLLED_IN_TIME
        settings = dataclasses.replace(target.settings, request_timeout=min(target.settings.request_timeout, left))
        if self._logins.refusal(target.settings) is not None:
            return PollResult("auth_failed", "auth_failed")
        login = self._logins.attempt(target.settings)
        is_accepted = None
        try:
            with Client(settings, login.start) as client:
                envelope = Device(client, target.dialect).status()
            is_accepted = True
            # Before the response is parsed, so that other devices need not wait for that.
            login.finish(is_accepted)
            self._logins.add(settings, LoginOutcome(True))
            return PollResult("ok", None, *describe_device(envelope.raw))
        except LantimeError as error:
            if error.code in CONFIGURATION_CODES:
                return error
            problem = NOT_TRIED if login.is_rejected else error.code
            status = host_status_of(problem)
            # Anything but a refusal leaves open whether the credentials are right.
            is_accepted = False if status == "auth_failed" else None
            if not login.is_rejected and error.code == "auth_failed":
                self._logins.add(settings, LoginOutcome(False, False, error.path, error.http_status))
            return PollResult(status, problem)
        except Exception:
            return PollResult("unreachable", "internal")
        finally:
            login.finish(is_accepted)
