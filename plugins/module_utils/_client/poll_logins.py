# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logins of many devices at once: limited for each pair of credentials, and compared with the refused logins of the run."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .login_limiter import LimiterByCredentials, LoginAttempt, LoginLimiter
from .refused_logins import Account, LoginOutcome, RefusedLogins, account_of
from .settings import Settings


class PollLogins:
    """The logins of a poll.

    limit: of each LoginLimiter.  refused_logins: those of the run, if they are to be used.  patience, end: see LoginLimiter.
    """

    def __init__(self, limit: int, refused_logins: RefusedLogins | None, patience: float, end: float) -> None:
        self._limit = limit
        self._refused_logins = refused_logins
        self._patience = patience
        self._end = end
        self._limiters = LimiterByCredentials(self._make_limiter)
        self._outcomes: list[tuple[Account, LoginOutcome]] = []

    def open_limiters(self, settings: t.Iterable[Settings]) -> None:
        """Create the limiters of these devices, which must be done before threads use them."""
        for each in settings:
            self._limiters.limiter_for(each)

    def attempt(self, settings: Settings) -> LoginAttempt:
        return LoginAttempt(self._limiters.limiter_for(settings))

    def refusal(self, settings: Settings) -> LantimeError | None:
        """The error if the device refused these credentials earlier in the run, so that they must not be tried."""
        login = account_of(vars(settings))
        if self._refused_logins is None or login is None:
            return None
        try:
            return self._refused_logins.find(login, 0)
        except LantimeError:
            return None

    def add(self, settings: Settings, outcome: LoginOutcome) -> None:
        """Add the outcome of a login; save() writes it to the files of the run."""
        login = account_of(vars(settings))
        if login is not None:
            self._outcomes.append((login, outcome))

    def save(self, warn: t.Callable[[str], object]) -> None:
        """Remember the outcomes. Files that cannot be used give a warning."""
        if self._refused_logins is None:
            return
        try:
            self._refused_logins.remember(list(self._outcomes))
        except LantimeError as error:
            warn(error.what)

    def _make_limiter(self, settings: Settings) -> LoginLimiter:
        refused, is_proven = 0, False
        login = account_of(vars(settings))
        if self._refused_logins is not None and login is not None:
            try:
                refused = self._refused_logins.refusals(login)
                is_proven = self._refused_logins.is_accepted(login)
            except LantimeError:
                # save() warns.
                pass
        return LoginLimiter(self._limit, refused=refused, is_proven=is_proven, patience=self._patience, end=self._end)
