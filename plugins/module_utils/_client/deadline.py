# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limit of a task: the option task_timeout, and the keyword timeout of Ansible."""

from __future__ import annotations

import contextlib
import math
import time
import typing as t

from .._base.errors import LantimeError

ROLLBACK_SECONDS = 60.0
"""The reserve of a task: what is kept for a rollback after a write. With a shorter task_timeout than twice this, half of it."""


def rollback_reserve(task_timeout: float) -> float:
    """Seconds of a task_timeout that are kept for a rollback. task_timeout: 0 for no limit."""
    return min(ROLLBACK_SECONDS, task_timeout / 2) if task_timeout else ROLLBACK_SECONDS


class _Limit(t.NamedTuple):
    """A moment of the monotonic clock, and the clause that explains it."""

    moment: float
    reason: str


class Deadline:
    """When a task must end. Every wait of the task ends by then.

    Before the first write a task may take all of its time. Writes end earlier, so that the reserve is left; a rollback, a
    save and the check of what a command did may use the reserve. The keyword timeout ends all but these: they may take the
    reserve beyond it.
    task_timeout: seconds from now, 0 for no limit.  keyword_end: when the keyword timeout ends, by the monotonic clock.
    keyword: what it is called in messages.
    """

    def __init__(
        self, task_timeout: float = 0.0, keyword_end: float = math.inf, keyword: str = "keyword timeout"
    ) -> None:
        end = time.monotonic() + task_timeout if task_timeout else math.inf
        self._reserve = reserve = rollback_reserve(task_timeout)
        option = f"task_timeout is {task_timeout:g} s"
        kept = f"of which {reserve:g} s are kept for a rollback"
        self._limit = min(_Limit(end, option), _Limit(keyword_end, keyword))
        self._writing = min(_Limit(end - reserve, f"{option}, {kept}"), _Limit(keyword_end, keyword))
        self._finishing = min(
            _Limit(end, option), _Limit(keyword_end + reserve, f"{keyword}, and {reserve:g} s more for a rollback")
        )

    def left(self) -> float:
        """Seconds until the limit of what the task does now; infinite without a limit."""
        return self._limit.moment - time.monotonic()

    def left_for_writes(self) -> float:
        """Seconds until the limit of writes; infinite without a limit."""
        return self._writing.moment - time.monotonic()

    @property
    def reason_for_writes(self) -> str:
        """The clause that explains the limit of writes."""
        return self._writing.reason

    @property
    def is_over(self) -> bool:
        return self.left() <= 0

    def error(self, what: str) -> LantimeError:
        """The error for something that the limit prevented."""
        return LantimeError("timeout_task", f"{what} ({self._limit.reason})")

    def check(self) -> None:
        """Raise LantimeError timeout_task if the limit has passed."""
        if self.is_over:
            raise self.error("the time of the task is over")

    def pause(self, seconds: float) -> None:
        """Sleep for a number of seconds, or until the limit."""
        time.sleep(max(0.0, min(seconds, self.left())))

    @contextlib.contextmanager
    def writing(self) -> t.Iterator[None]:
        """The limit of writes in the body. Raises LantimeError timeout_task, and starts nothing, if it has passed."""
        with self._limited_to(self._writing):
            if self.is_over:
                raise self.error(f"no write was started, as the {self._reserve:g} s for its rollback are not left")
            yield

    @contextlib.contextmanager
    def finishing(self) -> t.Iterator[None]:
        """In the body, the limit of what must be done after a write: a rollback, a save, a check of the effect."""
        with self._limited_to(self._finishing):
            yield

    @contextlib.contextmanager
    def _limited_to(self, limit: _Limit) -> t.Iterator[None]:
        former, self._limit = self._limit, limit
        try:
            yield
        finally:
            self._limit = former
