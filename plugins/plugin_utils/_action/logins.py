# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login of a task, compared with the refused logins of the run."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible import constants as C  # noqa: N812
from ansible.utils.display import Display

from ...module_utils._base.errors import LantimeError
from ...module_utils._client.refused_logins import LOGIN_LIMIT, RefusedLogins, account_of, login_outcome


class TaskLogins:
    """The login by the arguments of a task. Files that cannot be used give a warning, and the task goes on."""

    def __init__(self, arguments: t.Mapping[str, t.Any]) -> None:
        self._login = account_of(arguments)
        self._limit = _as_limit(arguments.get("login_limit"))
        self._refused_logins = RefusedLogins(Path(C.DEFAULT_LOCAL_TMP))  # type: ignore[attr-defined]

    def refusal(self) -> LantimeError | None:
        """The error if the login must not be tried."""
        if self._login is None:
            return None
        try:
            return self._refused_logins.find(self._login, self._limit)
        except LantimeError as error:
            Display().warning(error.what)
            return None

    def remember(self, result: t.Mapping[str, t.Any]) -> None:
        """Remember whether the device accepted the login, by the result of the task."""
        if self._login is None:
            return
        try:
            self._refused_logins.remember([(self._login, login_outcome(result))])
        except LantimeError as error:
            Display().warning(error.what)


def _as_limit(value: t.Any) -> int:
    # The module reports a value that is no number.
    try:
        return LOGIN_LIMIT if value is None else int(value)
    except (TypeError, ValueError):
        return LOGIN_LIMIT
