# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logins of a poll: limited for each pair of credentials, and compared with the refused logins of the run."""

from __future__ import annotations

import typing as t

from ansible.utils.display import Display

from ...module_utils._base.errors import LantimeError
from ...module_utils._client.login_limiter import LimiterByCredentials, LoginAttempt, LoginLimiter
from ...module_utils._client.refused_logins import Account, LoginOutcome, RefusedLogins, account_of
from ...module_utils._client.settings import Settings


class PollLogins:
    """The logins of a poll. Files that cannot be used give a warning, and the poll goes on.

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

    def is_refused(self, settings: Settings) -> bool:
        """Whether the device refused these credentials earlier in the run."""
        login = account_of(vars(settings))
        if self._refused_logins is None or login is None:
            return False
        try:
            return self._refused_logins.find(login, 0) is not None
        except LantimeError:
            return False

    def add(self, settings: Settings, is_accepted: bool, error: LantimeError | None = None) -> None:
        """Add the result of a login; it is remembered by save()."""
        login = account_of(vars(settings))
        if login is None or (error is not None and error.code != "auth_failed"):
            return
        path, status = (error.path, error.http_status) if error is not None else (None, None)
        self._outcomes.append((login, LoginOutcome(is_accepted, False, path, status)))

    def save(self) -> None:
        if self._refused_logins is None:
            return
        try:
            self._refused_logins.remember(list(self._outcomes))
        except LantimeError as error:
            Display().warning(error.what)

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
