# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request that a device saw, without secrets, and the counts that tests assert on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .settings_table import SETTINGS

SECRET_NAMES = frozenset(row[0].rsplit("/", 1)[-1] for row in SETTINGS if row[3] == "secret")
_CREDENTIALS = SECRET_NAMES | {"password", "token", "passphrase", "secret"}
HIDDEN = "<hidden>"
_BODY_MAX = 65536
_READ_ONLY_COMMANDS = ("get-token", "diff")


class Ledger:
    """Requests of one device in the order in which they arrived."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.handshakes = 0
        self.in_flight = 0
        self.max_in_flight = 0
        self._next = 1

    def clear(self) -> None:
        self.entries = []
        self.handshakes = 0
        self.max_in_flight = self.in_flight

    def restart(self) -> None:
        """As if nothing had happened: the numbers begin anew too."""
        self.clear()
        self._next = 1

    @property
    def gets(self) -> int:
        return sum(entry["method"] == "GET" for entry in self.entries)

    @property
    def writes(self) -> int:
        return sum(entry["write"] for entry in self.entries)

    def begin(
        self,
        method: str,
        path: str,
        query: str,
        user: str,
        connection: int,
        bytes_in: int,
        body: bytes,
        started: float,
    ) -> dict[str, Any]:
        """Adds a request that has arrived; the answer's members are filled in later."""
        entry = {
            "n": self._next,
            "method": method,
            "path": path,
            "query": query,
            "status": None,
            "user": user,
            "connection": connection,
            "bytes_in": bytes_in,
            "bytes_out": 0,
            "body": stored_body(path, body),
            "write": is_write(method, path),
            "started": started,
            "duration": None,
        }
        self._next += 1
        self.entries.append(entry)
        self.in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.in_flight)
        return entry

    def summary(self) -> dict[str, Any]:
        return {
            "entries": [dict(entry) for entry in self.entries],
            "gets": self.gets,
            "writes": self.writes,
            "handshakes": self.handshakes,
            "max_in_flight": self.max_in_flight,
        }


def is_write(method: str, path: str) -> bool:
    """True for every request that can change the device, whether or not it is refused."""
    if method not in ("PUT", "POST", "PATCH", "DELETE"):
        return False
    return path.rstrip("/").rsplit("/", 1)[-1] not in _READ_ONLY_COMMANDS


def stored_body(path: str, body: bytes) -> Any:
    """A request body as it may be kept: parsed, with every secret hidden."""
    if not body.strip():
        return None
    if len(body) > _BODY_MAX:
        return f"<{len(body)} bytes>"
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return f"<not JSON, {len(body)} bytes>"
    segments = [segment for segment in path.split("/") if segment]
    if segments and segments[-1] in _CREDENTIALS:
        return HIDDEN
    return hide(parsed)


def hide(value: Any) -> Any:
    """Plain data with the values of secret names replaced."""
    if isinstance(value, Mapping):
        named = str(value.get("path", "")).rsplit("/", 1)[-1]
        return {
            key: HIDDEN if str(key) in _CREDENTIALS or (key == "value" and named in _CREDENTIALS) else hide(item)
            for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [hide(item) for item in value]
    return value
