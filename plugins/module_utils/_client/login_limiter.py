# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits failed logins, so that a wrong password does not lock accounts: over many devices at once, and on one device over restarts.

Needs nothing of ansible-core, which ansible-rulebook may not have.
"""

from __future__ import annotations

import datetime
import math
import threading
import time
import typing as t

from .._base.errors import LantimeError
from .._base.times import parse_utc
from .settings import Settings

REFUSAL_CODES = frozenset({"auth_failed", "forbidden"})
"""Errors with which a device refuses credentials."""

POSSIBLE_REFUSAL_CODES = frozenset({"api_disabled", "redirect", "not_found"})
"""Errors that a device may give instead (A10): a login page, a redirect to it, "not found"."""

# The lockout thresholds of a LANTIME are not public; PAM's faillock by default counts three failures within 900 seconds.
LOCKOUT_WINDOW_SECONDS = 900.0
_REFUSALS_IN_WINDOW = 2
_KEPT_REFUSALS = 10


class LoginLimiter:
    """Admits logins with the same credentials: a few until a device accepts them, then all. Used by any number of threads.

    limit: refusals after which no login is admitted any more, unless a device accepts the credentials before; 0 for no
    limit. Logins under way count as if they were to be refused, so the limit holds exactly.  refused: refusals so far.
    is_proven: whether a device has accepted the credentials already.  patience: seconds after which a login without a
    result holds up no other.  end: moment of the monotonic clock at which waiting ends.
    """

    def __init__(
        self,
        limit: int,
        *,
        refused: int = 0,
        is_proven: bool = False,
        patience: float = math.inf,
        end: float = math.inf,
    ) -> None:
        self._limit = limit
        self._patience = patience
        self._end = end
        self._lock = threading.Lock()
        self._under_way: dict[LoginAttempt, float] = {}
        self._waiting: list[t.Callable[[], object]] = []
        self._refused = refused
        self._is_proven = is_proven

    @property
    def is_exhausted(self) -> bool:
        """Whether the limit is reached, for good."""
        return not self._is_proven and 0 < self._limit <= self._refused

    def admit(self, attempt: LoginAttempt, wake: t.Callable[[], object]) -> float | None:
        """None if the login may start now, else the seconds to wait before asking again unless wake is called earlier.

        Raises LantimeError: auth_failed if the limit is reached, timeout_total if waiting has ended.
        """
        with self._lock:
            now = time.monotonic()
            if self.is_exhausted:
                raise LantimeError("auth_failed", "not asked, because other devices refused the same credentials")
            if self._limit and not self._is_proven:
                if now >= self._end:
                    raise LantimeError("timeout_total", "the time for all devices ended before this one could be asked")
                recent = [started for started in self._under_way.values() if now - started < self._patience]
                if len(recent) >= self._limit - self._refused:
                    self._waiting.append(wake)
                    return max(0.001, min(min(recent) + self._patience, self._end) - now)
            self._under_way[attempt] = now
            return None

    def finish(self, attempt: LoginAttempt, is_accepted: bool | None) -> None:
        """Count the result of a login that was admitted; None if it is not known whether the credentials are right."""
        with self._lock:
            if self._under_way.pop(attempt, None) is None:
                return
            self._count(is_accepted)
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def _count(self, is_accepted: bool | None) -> None:
        if self.is_exhausted:
            return
        if is_accepted is True:
            self._is_proven = True
        elif is_accepted is False:
            self._refused += 1


class LoginAttempt:
    """The login to one device, on as many connections as it takes.

    is_rejected: whether the limiter did not admit it, because the limit is reached.
    """

    def __init__(self, limiter: LoginLimiter) -> None:
        self._limiter = limiter
        self._is_started = False
        self.is_rejected = False

    def start(self) -> None:
        """Block until the login may start; no effect once it has. Raises LantimeError as LoginLimiter.admit() does."""
        while True:
            changed = threading.Event()
            wait = self.try_start(changed.set)
            if wait is None:
                return
            changed.wait(None if wait == math.inf else wait)

    def try_start(self, wake: t.Callable[[], object]) -> float | None:
        """As start(), without blocking: see LoginLimiter.admit(). wake may be called by any thread."""
        if self._is_started:
            return None
        try:
            wait = self._limiter.admit(self, wake)
        except LantimeError as error:
            self.is_rejected = error.code == "auth_failed"
            raise
        self._is_started = wait is None
        return wait

    def finish(self, is_accepted: bool | None) -> None:
        """Report the result, as to LoginLimiter.finish(); no effect if the login has not started, or is finished."""
        self._limiter.finish(self, is_accepted)


class LimiterByCredentials:
    """One limiter for each pair of user and password, or token. make: creates the limiter for the first of its devices."""

    def __init__(self, make: t.Callable[[Settings], LoginLimiter] | None = None) -> None:
        self._make = make or (lambda settings: LoginLimiter(settings.login_limit))
        self._limiters: dict[tuple[str | None, ...], LoginLimiter] = {}

    def limiter_for(self, settings: Settings) -> LoginLimiter:
        key = (settings.username, settings.password, settings.token)
        if key not in self._limiters:
            self._limiters[key] = self._make(settings)
        return self._limiters[key]


# -- one device, over restarts


def lockout_wait(refusals: t.Sequence[str], allowed: int, now: datetime.datetime) -> float:
    """Seconds until a device that refused credentials may be asked again without a risk for the account.

    refusals: their times in ISO 8601 UTC.  allowed: refusals that the user allows.
    """
    most = max(_REFUSALS_IN_WINDOW, allowed)
    ages = sorted(age for age in (_age(time, now) for time in refusals) if age < LOCKOUT_WINDOW_SECONDS)
    return 0.0 if len(ages) < most else LOCKOUT_WINDOW_SECONDS - ages[most - 1]


def with_refusal(refusals: t.Sequence[str], moment: str) -> tuple[str, ...]:
    """The latest refusals with one more."""
    return (*refusals, moment)[-_KEPT_REFUSALS:]


def _age(moment: str, now: datetime.datetime) -> float:
    then = parse_utc(moment)
    if then is None:
        return LOCKOUT_WINDOW_SECONDS
    # After a clock was set back the time may be in the future: the wait starts again.
    return max(0.0, (now - then).total_seconds())
