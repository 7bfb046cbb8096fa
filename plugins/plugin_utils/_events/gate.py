# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials are tried with care: a lock-out counts failed log-ins for each user, on a device or for the whole fleet.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import asyncio
import datetime
import typing as t

from ...module_utils._client.settings import Settings

# Sure refusals, and answers behind which a refusal may hide (A10): a log-in page, a redirect to it, "not here".
REFUSED = frozenset({"auth_failed", "forbidden"})
MAYBE_REFUSED = frozenset({"api_disabled", "redirect", "not_found"})

# The thresholds of a LANTIME are not public; PAM's faillock by default counts three failures within 900 seconds.
WINDOW_SECONDS = 900.0
_REFUSALS_IN_WINDOW = 2
_KEPT = 10
# Devices that may refuse the same credentials before they are taken to be wrong everywhere.
_UNPROVEN = 3


def seconds_to_wait(refused: t.Sequence[str], allowed: int, now: datetime.datetime) -> float:
    """Seconds until a device may be asked again that refused credentials before a restart.

    refused: times in ISO 8601 UTC.  allowed: how many refusals the user allows.
    """
    spared = max(_REFUSALS_IN_WINDOW, allowed)
    ages = sorted(age for age in (_age(time, now) for time in refused) if age < WINDOW_SECONDS)
    return 0.0 if len(ages) < spared else WINDOW_SECONDS - ages[spared - 1]


def noted(refused: t.Sequence[str], now: str) -> tuple[str, ...]:
    """The times of refusals with one more."""
    return (*refused, now)[-_KEPT:]


def _age(time: str, now: datetime.datetime) -> float:
    try:
        moment = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        return WINDOW_SECONDS
    # A clock that was set back makes the future of the past: then the wait begins anew.
    return max(0.0, (now - moment.replace(tzinfo=datetime.timezone.utc)).total_seconds())


class Gate:
    """One for each pair of user and password (or token) of a source, used in the event loop only.

    Until a device has accepted them, at most three devices are asked at a time, and none after three refusals.
    """

    def __init__(self) -> None:
        self._accepted = False
        self._refusals = 0
        self._waiting = 0
        self._turns = asyncio.Semaphore(_UNPROVEN)

    async def enter(self) -> bool:
        """Wait for a turn. Whether the device may be asked; leave() must follow if so."""
        if self._accepted:
            return True
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        if self._shut:
            self._turns.release()
            return False
        return True

    def leave(self, accepted: bool, refused: bool) -> None:
        """What came of it: accepted, refused, or neither."""
        if accepted and not self._accepted:
            self._accepted = True
            for dummy in range(self._waiting):
                self._turns.release()
        elif refused and not self._accepted:
            self._refusals += 1
            if not self._shut:
                return
        self._turns.release()

    @property
    def _shut(self) -> bool:
        return not self._accepted and self._refusals >= _UNPROVEN


class Gates:
    """The gates by credentials."""

    def __init__(self) -> None:
        self._gates: dict[tuple[str | None, ...], Gate] = {}

    def of(self, settings: Settings) -> Gate:
        key = (settings.username, settings.password, settings.token)
        return self._gates.setdefault(key, Gate())
