# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""At most so many wrong passwords in a row over the whole fleet, although many devices are asked at once.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import threading
import time
import typing as t

from ...module_utils._base.errors import LantimeError

Verdict = t.Optional[bool]
"""Of credentials: True accepted, False refused, None not known."""


class LoginGate:
    """Lets requests with credentials through, a few at first, more with each device that accepts them.

    limit: refusals in a row after which nobody is let through any more; 0 for no limit.  Those under way at the same
    time count as if they were to be refused, so the limit holds exactly until the first credentials are accepted. From
    then on as many more may be under way as have been accepted since the last refusal.  patience: seconds after which
    a request without a verdict holds up nobody any more.  end: time of the monotonic clock at which waiting is over.
    """

    def __init__(self, limit: int, patience: float, end: float) -> None:
        self._limit = limit
        self._patience = patience
        self._end = end
        self._changed = threading.Condition()
        self._under_way: dict[Visit, float] = {}
        self._accepted = 0
        self.refused_in_a_row = 0

    @property
    def closed(self) -> bool:
        return 0 < self._limit <= self.refused_in_a_row

    def enter(self, visit: Visit) -> None:
        """Wait for the turn. Raises LantimeError if the gate has closed, or C(timeout_total) at the end of time."""
        with self._changed:
            while self._limit and not self.closed:
                now = time.monotonic()
                if now >= self._end:
                    raise LantimeError("timeout_total", "the inventory's deadline is over")
                young = [s for s in self._under_way.values() if now - s < self._patience]
                if len(young) < self._limit - self.refused_in_a_row + self._accepted:
                    break
                wait = min(min(young) + self._patience, self._end) - now
                self._changed.wait(max(0.001, wait))
            if self.closed:
                visit.turned_away = True
                raise LantimeError("auth_failed", "not tried")
            self._under_way[visit] = time.monotonic()

    def leave(self, visit: Visit, verdict: Verdict) -> None:
        with self._changed:
            if self._under_way.pop(visit, None) is None:
                return
            if verdict is True:
                self.refused_in_a_row = 0 if not self.closed else self.refused_in_a_row
                self._accepted += 1
            elif verdict is False:
                self.refused_in_a_row += 1
                self._accepted = 0
            self._changed.notify_all()


class Visit:
    """One device's way through the gate: enter() on each of its connections, leave() once."""

    def __init__(self, gate: LoginGate) -> None:
        self._gate = gate
        self._inside = False
        self.turned_away = False

    def enter(self) -> None:
        if not self._inside:
            self._gate.enter(self)
            self._inside = True

    def leave(self, verdict: Verdict) -> None:
        if self._inside:
            self._gate.leave(self, verdict)
