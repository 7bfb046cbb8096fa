# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, levels, lock-out and tokens of one device."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import math
import secrets
from collections.abc import Mapping
from typing import Any, Callable, NamedTuple

from .refusal import RefusedError

LEVELS = ("info", "admin", "super")
_NAMES_MAX = 1000


class Caller(NamedTuple):
    """Who asks, and at which level; an empty name is an anonymous caller."""

    name: str
    level: str

    def may(self, level: str) -> bool:
        return bool(self.level) and LEVELS.index(self.level) >= LEVELS.index(level)


NOBODY = Caller("", "")
READER = Caller("", "info")


class _Token(NamedTuple):
    user: str
    issued: float
    used: float


class Accounts:
    """Checks credentials against the users of the running configuration."""

    def __init__(
        self,
        dialect: dict[str, str],
        options: dict[str, Any],
        users: Callable[[], Mapping[str, Mapping[str, Any]]],
        root_disabled: Callable[[], bool],
        ticks: Callable[[], float],
        banned: Callable[[], None],
    ) -> None:
        self._dialect = dialect
        self._options = options
        self._users = users
        self._root_disabled = root_disabled
        self._ticks = ticks
        self._on_ban = banned
        self._failures: dict[str, int] = {}
        self._banned_until: dict[str, float] = {}
        self._tokens: dict[str, _Token] = {}

    def reset(self) -> None:
        """Forgets failures, bans and tokens."""
        self._failures.clear()
        self._banned_until.clear()
        self._tokens.clear()

    def ban(self, name: str, banned: bool) -> None:
        """Locks a user out until further notice, or ends that."""
        self._failures.pop(name, None)
        if banned:
            self._banned_until[name] = math.inf
        else:
            self._banned_until.pop(name, None)

    def drop_tokens(self, reboot: bool) -> None:
        """Drops the tokens that a restart of the web service, or a reboot, ends."""
        if reboot or self._dialect["token_use"] != "reboot-only":
            self._tokens.clear()

    def authenticate(self, header: str | None, tokens: bool) -> Caller:
        """The caller behind an Authorization header; RefusedError with kind auth or banned."""
        if not header:
            raise RefusedError("auth", "credentials are missing")
        scheme, dummy, rest = header.partition(" ")
        if scheme.lower() == "basic":
            name, password = _decode_basic(rest)
            return self.log_in(name, password)
        if tokens and self._dialect["token_use"] == "raw-header" and not rest:
            return self._by_token(header)
        if tokens and scheme.lower() == "bearer" and self._dialect["token_use"] != "raw-header":
            return self._by_token(rest.strip())
        raise RefusedError("auth", "this kind of credentials is not accepted")

    def log_in(self, name: str, password: str) -> Caller:
        """Checks one password; a failure counts towards the lock-out."""
        until = self._banned_until.get(name)
        if until is not None:
            if self._ticks() < until:
                raise RefusedError("banned", "user is locked out")
            del self._banned_until[name]
            self._failures.pop(name, None)
        user = self._users().get(name)
        known = str(user["password"]) if user else ""
        right = hmac.compare_digest(known.encode(), password.encode()) and bool(known)
        if user is None or not right or (name == "root" and self._root_disabled()):
            self._count_failure(name)
            raise RefusedError("auth", "wrong user name or password")
        self._failures.pop(name, None)
        return Caller(name, str(user["level"]))

    def _count_failure(self, name: str) -> None:
        limit = self._options["lockout_attempts"]
        if not limit or len(self._failures) > _NAMES_MAX:
            return
        self._failures[name] = self._failures.get(name, 0) + 1
        if self._failures[name] >= limit:
            self._banned_until[name] = self._ticks() + self._options["lockout_seconds"]
            self._on_ban()

    def issue(self, caller: Caller) -> str:
        """A token for a logged-in user."""
        if self._dialect["token_use"] == "single":
            self._tokens = {t: kept for t, kept in self._tokens.items() if kept.user != caller.name}
        token = secrets.token_hex(32).upper()
        now = self._ticks()
        self._tokens[token] = _Token(caller.name, now, now)
        return token

    def _by_token(self, text: str) -> Caller:
        token = self._tokens.get(text)
        now = self._ticks()
        use = self._dialect["token_use"]
        if token is not None:
            expired = use == "expires" and now - token.issued >= self._options["token_life"]
            idle = use == "idle" and now - token.used >= self._options["token_idle"]
            user = self._users().get(token.user)
            if not expired and not idle and user is not None:
                self._tokens[text] = token._replace(used=now)
                return Caller(token.user, str(user["level"]))
            del self._tokens[text]
        raise RefusedError("auth", "the token is not valid")


def _decode_basic(text: str) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise RefusedError("auth", "malformed Basic credentials") from None
    name, colon, password = decoded.partition(":")
    if not colon:
        raise RefusedError("auth", "malformed Basic credentials")
    return name, password


def credentials_in(body: bytes, form: str) -> tuple[str, str]:
    """User name and password in the body of get-token (O5 json, parameters)."""
    try:
        parsed = json.loads(body)
    except ValueError:
        raise RefusedError("body", "the body is not JSON") from None
    if form == "parameters":
        parsed = parsed.get("parameters") if isinstance(parsed, dict) else None
    name = parsed.get("username") if isinstance(parsed, dict) else None
    password = parsed.get("password") if isinstance(parsed, dict) else None
    if not isinstance(name, str) or not isinstance(password, str):
        raise RefusedError("value", "username and password are missing")
    return name, password


def peek_user(header: str | None) -> str:
    """The user name of an Authorization header, for the ledger; empty when there is none."""
    scheme, dummy, rest = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return _decode_basic(rest)[0]
    except RefusedError:
        return ""
