# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remembers the refused logins of a run of Ansible, so that no task and no worker tries the same login again.

The files are in the temporary directory of the run, which Ansible removes at its end. They hold hashes with a random key
of the run, and no name of a user or device.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import time
import typing as t
from pathlib import Path

from .._base import files
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .settings import CONNECTION_OPTIONS

LOGIN_LIMIT = t.cast("int", CONNECTION_OPTIONS["login_limit"].default)

_STEM = "lantime-logins"
_HASH_KEY_BYTES = 32
_MAX_HASH_KEY_BYTES = 1024
_MAX_STATE_BYTES = 64 * 1024 * 1024
_LOCK_SECONDS = 10.0
_LOCK_PAUSE_SECONDS = 0.02

_LOGINS_FILE = files.register_writer("refused_logins", "the refused logins of a run, lantime-logins.json")
_HASH_KEY_FILE = files.register_writer("refused_logins_key", "the key of the hashes of a run, lantime-logins.key")
_LOGINS_LOCK_FILE = files.register_writer(
    "refused_logins_lock", "the lock of the refused logins of a run, lantime-logins.lock"
)

# Errors of a task that was logged in.
_CODES_AFTER_LOGIN = frozenset(
    {
        "unhealthy",
        "health",
        "drift",
        "not_compared",
        "interrupted",
        "pending_changes",
        "not_applied",
        "save_failed",
        "unknown_name",
    }
)


class Account(t.NamedTuple):
    """One account on one device, with the password or the token as given."""

    device: tuple[str, str]
    credentials: tuple[str, str, str]

    @property
    def uses_token(self) -> bool:
        return self.credentials[0] == "token"


def account_of(options: t.Mapping[str, t.Any]) -> Account | None:
    """The login by these connection options; None if they hold no credentials."""
    token, username, password = (options.get(name) for name in ("token", "username", "password"))
    if token is not None:
        credentials = ("token", "", str(token))
    elif username is not None and password is not None:
        credentials = ("password", str(username), str(password))
    else:
        return None
    port = options.get("port")
    host = str(options.get("host") or "").strip("[]").rstrip(".").lower()
    return Account((host, str(CONNECTION_OPTIONS["port"].default if port is None else port)), credentials)


class LoginOutcome(t.NamedTuple):
    """What a login led to. accepted: None if that is not known.  path, status: of the answer that refused it."""

    accepted: bool | None
    has_changed: bool = False
    path: str | None = None
    status: int | None = None


def login_outcome(result: t.Mapping[str, t.Any]) -> LoginOutcome:
    """The outcome of a login by the result of a task."""
    error = result.get("error")
    has_changed = bool(result.get("changed"))
    if isinstance(error, dict):
        # After writes have been sent, the code says in which state the device is.
        if error.get("code") == "auth_failed" or error.get("http_status") == 401:
            return LoginOutcome(False, has_changed, error.get("path"), error.get("http_status"))
        return LoginOutcome(True if error.get("code") in _CODES_AFTER_LOGIN else None, has_changed)
    is_unknown = result.get("failed") or result.get("unreachable") or "ansible_job_id" in result
    return LoginOutcome(None if is_unknown else True, has_changed)


class _State:
    """The content of the file. refused: by device and credentials; accepted: credentials that any device accepted."""

    def __init__(self, document: t.Mapping[str, t.Any]) -> None:
        self.refused: dict[str, dict[str, dict[str, t.Any]]] = dict(document.get("refused", {}))
        self.accepted: list[str] = list(document.get("accepted", []))

    def as_bytes(self) -> bytes:
        return json.dumps({"refused": self.refused, "accepted": self.accepted}, sort_keys=True).encode()

    def refusals(self, credentials: str) -> int:
        """Number of devices that refused credentials, 0 if any device accepted them."""
        if credentials in self.accepted:
            return 0
        return sum(credentials in logins for logins in self.refused.values())

    def add(self, device: str, credentials: str, outcome: LoginOutcome) -> None:
        if outcome.has_changed:
            # The change may be the one that makes a refused login work.
            self.refused.pop(device, None)
        if outcome.accepted is False:
            self.refused.setdefault(device, {})[credentials] = {"path": outcome.path, "status": outcome.status}
        elif outcome.accepted and credentials not in self.accepted:
            self.accepted.append(credentials)


class RefusedLogins:
    """The refused logins of a run. Used by any number of processes.

    directory: the temporary directory of the run.  Every method raises LantimeError if the files cannot be used.
    """

    def __init__(self, directory: Path) -> None:
        self._state_path = directory / f"{_STEM}.json"
        self._key_path = directory / f"{_STEM}.key"
        self._lock_path = directory / f"{_STEM}.lock"

    def find(self, login: Account, limit: int) -> LantimeError | None:
        """The error for a login that must not be tried, None for any other.

        limit: number of devices that may refuse the same credentials while none has accepted them; 0 for any number.
        """
        with self._errors():
            state = self._load()
            if not state.refused:
                return None
            device, credentials = self._hashes(login)
            former = state.refused.get(device, {}).get(credentials)
            path, status = (former.get("path"), former.get("status")) if former is not None else (None, None)
            refusals = state.refusals(credentials)
        host = login.device[0]
        if former is not None:
            credential = "token" if login.uses_token else "user name or password"
            what = f"the device refused the {credential} earlier in this run; not tried again"
            return LantimeError("auth_failed", what, host=host, path=printable(path or "", 300), http_status=status)
        if not 0 < limit <= refusals:
            return None
        return LantimeError(
            "auth_failed",
            f"not tried, because {refusals} other devices refused the same credentials",
            host=host,
            hint="check username, password or token; lantime_login_limit sets how many devices may refuse them",
        )

    def refusals(self, login: Account) -> int:
        """Number of devices that refused the credentials of a login, 0 if any device accepted them."""
        with self._errors():
            return self._load().refusals(self._hashes(login)[1])

    def is_accepted(self, login: Account) -> bool:
        """Whether any device accepted the credentials of a login."""
        with self._errors():
            return self._hashes(login)[1] in self._load().accepted

    def remember(self, outcomes: t.Iterable[tuple[Account, LoginOutcome]]) -> None:
        """Add outcomes of logins. A change of the device makes its earlier refusals void."""
        known = [(login, outcome) for login, outcome in outcomes if outcome.accepted is not None or outcome.has_changed]
        if not known:
            return
        with self._errors():
            hashed = [(*self._hashes(login), outcome) for login, outcome in known]
            if _applied(self._load(), hashed) is None:
                return
            with _LOGINS_LOCK_FILE.open_lock(self._lock_path) as lock:
                _lock_patiently(lock)
                state = _applied(self._load(), hashed)
                if state is not None:
                    _LOGINS_FILE.write(self._state_path, state.as_bytes())

    def _load(self) -> _State:
        try:
            return _State(json.loads(files.read_file(self._state_path, _MAX_STATE_BYTES)))
        except FileNotFoundError:
            return _State({})

    def _hashes(self, login: Account) -> tuple[str, str]:
        """The keyed hashes of the device and of the credentials."""
        try:
            key = files.read_file(self._key_path, _MAX_HASH_KEY_BYTES)
        except FileNotFoundError:
            _HASH_KEY_FILE.create(self._key_path, os.urandom(_HASH_KEY_BYTES))
            key = files.read_file(self._key_path, _MAX_HASH_KEY_BYTES)
        texts = (json.dumps(part).encode() for part in (login.device, login.credentials))
        device, credentials = (hmac.new(key, text, hashlib.sha256).hexdigest() for text in texts)
        return device, credentials

    @contextlib.contextmanager
    def _errors(self) -> t.Iterator[None]:
        try:
            yield
        except (OSError, ValueError, AttributeError, TypeError) as exc:
            what = f"refused logins cannot be remembered in {self._state_path.parent} ({files.reason(exc)})"
            raise LantimeError("internal", what) from None


def _lock_patiently(lock: t.BinaryIO) -> None:
    """Wait for the lock of a file for a few seconds. Others hold it for a moment only, unless one of them was stopped."""
    for _attempt in range(round(_LOCK_SECONDS / _LOCK_PAUSE_SECONDS)):
        with contextlib.suppress(BlockingIOError, PermissionError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(_LOCK_PAUSE_SECONDS)
    raise files.FileError("another process holds the lock")


def _applied(state: _State, outcomes: t.Iterable[tuple[str, str, LoginOutcome]]) -> _State | None:
    """The state with more outcomes; None if they change nothing."""
    before = state.as_bytes()
    for device, credentials, outcome in outcomes:
        state.add(device, credentials, outcome)
    return None if state.as_bytes() == before else state
