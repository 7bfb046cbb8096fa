# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches a change that is active and not saved: the checks of the gate over new connections, until the confirm window closes."""

from __future__ import annotations

import contextlib
import time
import typing as t

from .._api import commands
from .._base.errors import KINDS, LantimeError
from .._base.process import is_orphaned
from .._plan.rollback import UNCLEAR, leaf_states, unfinished_leaves
from .._tree.canonical import Tree
from .._tree.paths import text_of
from .health_gate import SyncGate
from .rollback import Operations, roll_back_failed_change
from .transaction import Transaction
from .window import Window

PENDING_WARNING = (
    "Other clients changed the device in the confirm window. Saving a package also saves their changes in it."
)

_CHANGED_ELSEWHERE = "another client has changed {names}, or the device has restarted"
_LONGEST_INTERVAL_SECONDS = 5.0
# Looks in a window that is too short for the longest interval.
_LOOKS_PER_WINDOW = 10
_SHORTEST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 1.0


def not_needed() -> dict[str, t.Any]:
    """The member confirm of the result of a task that changes nothing."""
    return _confirm_entry("not_needed")


def predicted(window: Window, later: bool) -> dict[str, t.Any]:
    """The member confirm of the result of a task in check mode."""
    known = {"window": window.seconds, "startup": window.startup, "until": window.until}
    return {**_confirm_entry("waiting" if later else "confirmed"), **known}


def _confirm_entry(state: str) -> dict[str, t.Any]:
    return {"state": state, "window": 0.0, "until": None, "watched_seconds": 0.0, "checks": 0, "startup": None}


class Confirmation:
    """The confirm window of a transaction, whose changes are active and verified.

    window: that of the transaction, or with more that is known.  operations: the changes as a result shows them.
    on_pending: called before the window closes if other clients changed the device in it, with the number of unsaved
    changes; it may raise LantimeError, which ends the window.
    foreign_pending: number of unsaved changes that other clients made in the window.
    """

    def __init__(
        self,
        transaction: Transaction,
        window: Window,
        operations: Operations,
        on_pending: t.Callable[[int], None],
    ) -> None:
        self._transaction = transaction._replace(window=window)
        self._window = window
        self._operations = operations
        self._on_pending = on_pending
        self._gate = SyncGate(transaction.api, window.baseline)
        self._state = "waiting"
        self._looks = 0
        self._watched = 0.0
        self.foreign_pending = 0

    @property
    def result(self) -> dict[str, t.Any]:
        """The member confirm of the task's result."""
        window = self._window
        return {
            **_confirm_entry(self._state),
            "window": window.seconds,
            "until": window.until if self._state == "waiting" else None,
            "watched_seconds": round(self._watched, 3),
            "checks": self._looks,
            "startup": window.startup,
        }

    def hand_over(self) -> None:
        """Open the window in the journal, for a later task that watches it."""
        try:
            self._open(is_handed_over=True)
        except LantimeError as error:
            raise self._failure(error) from None

    def watch(self, seconds: float) -> Tree:
        """Watch the device for a number of seconds and return the sections as they are then.

        Looks at least once. On failure the changes are rolled back; the error says in which state the device is. If the command
        that started the task has ended, nothing is rolled back, and the journal is left to the next task: the error is interrupted.
        """
        start = time.monotonic()
        try:
            self._check_sections()
            self._open(is_handed_over=False)
            self._look_repeatedly(start + seconds)
            current = self._check_sections()
            self._check_pending()
            _check_parent()
        except LantimeError as error:
            self._watched = time.monotonic() - start
            raise self._failure(error) from None
        self._watched = time.monotonic() - start
        self._state = "confirmed"
        return current

    def _open(self, is_handed_over: bool) -> None:
        window = self._window
        pending = self._transaction.api.pending_changes if window.pending is None else window.pending
        self._window = window._replace(began=time.time(), is_handed_over=is_handed_over, pending=pending)
        self._transaction.journal.enter_window(self._window)

    def _look_repeatedly(self, end: float) -> None:
        interval = min(_LONGEST_INTERVAL_SECONDS, self._window.seconds / _LOOKS_PER_WINDOW)
        deadline = self._transaction.api.client.deadline
        while True:
            deadline.pause(min(interval, end - time.monotonic()))
            _check_parent()
            self._look()
            if time.monotonic() >= end:
                return

    def _look(self) -> None:
        """Look until the device is well. Raises the error of the last look if it is not for longer than the time of grace."""
        end, pause = None, _SHORTEST_PAUSE_SECONDS
        while True:
            try:
                self._check_once()
                return
            except LantimeError as error:
                if not _may_pass(error):
                    raise
                # A look that fails may take seconds itself.
                now = time.monotonic()
                end = now + self._window.grace if end is None else end
                if now >= end:
                    raise
                self._transaction.api.client.deadline.pause(min(pause, end - now))
                pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)

    def _check_once(self) -> None:
        api = self._transaction.api
        self._looks += 1
        api.client.reconnect()
        checks = self._gate.read()
        self._check_restart()
        self._gate.compare(checks)
        self._observe_save()

    def _check_restart(self) -> None:
        """Raise LantimeError with the code conflict if the device has restarted, and may have lost a change that it does not show."""
        before, now = self._window.uptime, self._gate.uptime
        if now is not None:
            self._window = self._window._replace(uptime=now)
        if before is None or now is None or now >= before:
            return
        transaction = self._transaction
        current = self._check_sections("the device has restarted, and no longer shows {names}")
        hidden = [
            text_of(path)
            for change in transaction.plan.changes
            for path, state in leaf_states(change, current.value, transaction.plan.secrets).items()
            if state == UNCLEAR
        ]
        if hidden:
            names = ", ".join(hidden[:5])
            raise LantimeError(
                "conflict",
                f"the device has restarted, and does not show whether it still has {names}",
                path=hidden[0],
            )

    def _observe_save(self) -> None:
        """Note that somebody has saved: the device counts fewer unsaved changes, and still shows the change."""
        before, now = self._window.pending, self._transaction.api.pending_changes
        if before is None or now is None or now >= before or self._window.autosave == "on":
            return
        self._check_sections()
        self._window = self._window._replace(autosave="saved", pending=now)
        self._transaction = self._transaction._replace(window=self._window)

    def _check_sections(self, reason: str = _CHANGED_ELSEWHERE) -> Tree:
        """Read the sections; raises LantimeError with the code conflict if they do not show every change.

        reason: what it says then, with a field for the names of the settings.
        """
        transaction = self._transaction
        transaction.reader.forget()
        current = transaction.reader.read_patiently(transaction.sections, self._window.grace)
        unfinished = unfinished_leaves(transaction.plan.changes, current.value, transaction.plan.secrets)
        if not unfinished:
            return current
        names = ", ".join(text_of(d.path) for d in unfinished[:5])
        raise LantimeError(
            "conflict",
            reason.format(names=names),
            path=text_of(unfinished[0].path),
        )

    def _check_pending(self) -> None:
        before, now = self._window.pending, self._transaction.api.pending_changes
        if before is not None and now is not None and now > before:
            self.foreign_pending = now - before
            self._on_pending(now)

    def _failure(self, error: LantimeError) -> LantimeError:
        """Roll back, and return the error that says so."""
        if error.code == "interrupted":
            extra = {"operations": self._operations, "changed": True, "saved": False, "confirm": self.result}
            return error.with_context(extra=extra)
        if error.code == "health":
            with contextlib.suppress(LantimeError):
                self._observe_save()
        what = f"in the confirm window of {self._window.seconds:g} s, after {self._watched:.1f} s: {error.what}"
        self._transaction.reader.forget()
        failed = roll_back_failed_change(
            self._transaction, self._operations, error.with_context(what=what), just_sent=False
        )
        is_restored = failed.extra["rollback"]["state"] in ("rolled_back", "not_needed")
        self._state = "reverted" if is_restored else "failed"
        return failed.with_context(extra={"confirm": self.result})


def _check_parent() -> None:
    """Raise LantimeError with the code interrupted if nobody waits for the result of the task any more."""
    if is_orphaned():
        raise LantimeError(
            "interrupted",
            "the command that started the task has ended, so the change is not watched any further and not saved",
        )


def _may_pass(error: LantimeError) -> bool:
    """Whether a device that is worse off or does not answer may be well again after a moment."""
    return error.code == "health" or KINDS[error.code].unreachable or error.code in commands.TRANSIENT_CODES
