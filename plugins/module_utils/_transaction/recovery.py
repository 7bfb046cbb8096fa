# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finishes the transaction that an interrupted task left open: resumes or reverts it, or refuses to go on."""

from __future__ import annotations

import contextlib
import time
import typing as t

from .._base.errors import LantimeError
from .._client.deadline import Deadline
from .._plan.document import UNFINISHED
from .._plan.render import render_operations
from .._plan.rollback import (
    AFTER,
    BEFORE,
    FOREIGN,
    MIXED,
    UNCLEAR,
    change_state,
    leaf_states,
    needed_secrets,
    project,
    remaining_changes,
    unfinished_leaves,
)
from .._tree.canonical import Tree
from .._tree.changes import Change
from .._tree.paths import text_of
from . import saving
from .confirmation import PENDING_WARNING, Confirmation, predicted
from .journal import Journal, Record
from .rollback import FORMER_SECRET, roll_back
from .sections import SectionReader
from .settings import WriteRules
from .transaction import Transaction, is_unanswered
from .window import Window, check_fits

_VERDICTS = {
    BEFORE: "not_applied",
    AFTER: "applied_unsaved",
    MIXED: "partial",
    FOREIGN: "foreign_change",
}

# Verdicts on a transaction that must be resumed or reverted, and actions that do it.
OPEN_VERDICTS = UNFINISHED
CHANGING_ACTIONS = ("resumed", "reverted")


def verdict_on(record: Record, current: t.Any, pending: int | None) -> str:
    """Return not_applied, applied_unsaved, partial, foreign_change or done.

    current: the journaled sections.  pending: number of unsaved changes that the device counts.
    """
    state = change_state(record.plan.changes, current, record.plan.secrets)
    if state == UNCLEAR:  # All changed leaves are secrets: only the journal says what was sent.
        if not record.started:
            return "not_applied"
        return "applied_unsaved" if set(record.states) == {"succeeded"} else "partial"
    # Beside unsaved changes of other clients the number does not show whose are left.
    if state == AFTER and record.phase == "saving" and pending == 0:
        return "done"
    return _VERDICTS[state]


class Recovery:
    """The recovery of one interrupted transaction.

    result: the member recovery of the task's result; its action is set by finish().  has_saved: whether finish() saved.
    is_confirmation: whether the task was started to watch a window that was handed over, which is then no interruption.
    watch_until: until when such a window is kept open, see Window.left().
    """

    def __init__(
        self,
        reader: SectionReader,
        journal: Journal,
        rules: WriteRules,
        record: Record,
        warn: t.Callable[[str], None],
    ) -> None:
        """Read the journaled sections and compare them with the journal. warn: shows a text to the user."""
        sections = tuple(record.sections)
        self._transaction = Transaction(reader, journal, rules, record.plan, sections)
        self._record = record
        self._warn = warn
        self._confirmation: Confirmation | None = None
        self.is_confirmation = False
        self.watch_until = 0.0
        self.has_saved = False
        self.result = self._inspected()

    @property
    def is_needed(self) -> bool:
        """Whether there is something to resume or to revert."""
        return self.result["verdict"] in OPEN_VERDICTS

    @property
    def has_written(self) -> bool:
        """Whether finish() changed the device."""
        return self.result["action"] in CHANGING_ACTIONS

    @property
    def has_confirmed(self) -> bool:
        """Whether finish() watched the device for its window, and the device was well."""
        return self._confirmation is not None and self._confirmation.result["state"] == "confirmed"

    @property
    def is_expected(self) -> bool:
        """Whether the task finds the window for which it was started."""
        record = self._record
        is_handed_over = record.window is not None and record.window.is_handed_over
        return self.is_confirmation and record.phase == "confirming" and is_handed_over

    @property
    def confirm(self) -> dict[str, t.Any] | None:
        """The member confirm of the task's result; of one that has not finished the transaction, a prediction."""
        if self._confirmation is not None:
            return self._confirmation.result
        is_open = self.is_needed and self.result["action"] == "none"
        return predicted(self._window, later=False) if is_open and self._record.is_unconfirmed else None

    @property
    def _window(self) -> Window:
        return self._record.window or Window(0.0, self._transaction.rules.grace, ())

    def _seconds_to_watch(self) -> float:
        """What is left of a window that was handed over; a watch that was interrupted starts anew."""
        return self._window.left(time.time(), self.watch_until) if self.is_expected else self._window.seconds

    def _inspected(self) -> dict[str, t.Any]:
        record, transaction = self._record, self._transaction
        api = transaction.api
        current = transaction.reader.read(transaction.sections).value
        if api.is_shown_late and record.phase not in ("confirming", "saving"):
            current = project(record.started, current, record.plan.secrets)
        pending = api.pending_changes
        return {
            "id": record.id,
            "phase": record.phase,
            "verdict": verdict_on(record, current, pending),
            "action": "none",
            "foreign": [
                text_of(path)
                for change in record.plan.changes
                for path, state in leaf_states(change, current, record.plan.secrets).items()
                if state == FOREIGN
            ],
        }

    def check(self, on_interrupted: str) -> None:
        """Raise LantimeError if the task must not go on.

        Its code is conflict after a change by another client, interrupted if on_interrupted is fail, and option if the task
        has not the time for the confirm window.
        """
        verdict = self.result["verdict"]
        if verdict == "foreign_change":
            names = ", ".join(self.result["foreign"][:5])
            path = self._transaction.journal.path
            raise LantimeError(
                "conflict",
                f"an interrupted task left this device partly changed, and another client has since changed {names}",
                hint=f"check the configuration of the device; once it is correct, remove the journal {path}",
                extra={"recovery": self.result},
            )
        if on_interrupted == "fail" and self._record.phase != "rolling_back" and self.is_needed:
            state = "changed but unsaved" if verdict == "applied_unsaved" else "half configured"
            raise LantimeError(
                "interrupted",
                f"an interrupted task left this device {state}",
                extra={"recovery": self.result},
            )
        if self.is_needed and self._record.is_unconfirmed and not self._reverts(on_interrupted):
            self._check_fits(self._transaction.api.client.deadline)

    def _reverts(self, on_interrupted: str) -> bool:
        return on_interrupted == "revert" or self._record.phase == "rolling_back"

    def finish(self, on_interrupted: str, save: bool) -> None:
        """Resume or revert the transaction, as on_interrupted says, and close its journal.

        One that was being rolled back is rolled back, whatever on_interrupted says.
        save: whether a resumed transaction is saved.
        """
        self.check(on_interrupted)
        if not self.is_needed:
            self._close("closed")
            return
        with self._transaction.api.client.deadline.writing():
            if self._reverts(on_interrupted):
                self._revert()
            else:
                self._resume(save)

    def _check_fits(self, deadline: Deadline) -> None:
        try:
            check_fits(self._seconds_to_watch(), self._window.grace, deadline)
        except LantimeError as error:
            what = f"an earlier change waits for its confirmation, and {error.what}"
            raise error.with_context(what=what, hint=error.hint, extra={"recovery": self.result}) from None

    def _close(self, action: str) -> None:
        self._transaction.journal.close()
        self.result["action"] = action

    def _revert(self, unanswered: t.Collection[Change] = ()) -> None:
        transaction, journal = self._transaction, self._transaction.journal
        # A resumed transaction may have sent more than the record that was inspected says.
        open_record = journal.record or self._record
        with self._recorded_forms():
            outcome = roll_back(transaction.limited_to(open_record.started), just_sent=False, unanswered=unanswered)
        unknown = [d for d in outcome.remaining if d.wanted == FORMER_SECRET]
        if len(unknown) < len(outcome.remaining):
            raise LantimeError(
                "rollback_failed",
                "rolling back the changes of an interrupted task left differences: "
                + ", ".join(text_of(d.path) for d in outcome.remaining[:5]),
                extra={
                    "recovery": self.result,
                    "rollback": {
                        "state": "rollback_failed",
                        "remaining": [d.as_dict() for d in outcome.remaining],
                    },
                },
            )
        if journal.record is not None and journal.record.phase == "rolling_back":
            self._save(journal.record.packages)
        self._close("reverted")
        # Their former values are not known, so a further task could not restore them either.
        self.result["secrets_unknown"] = [text_of(d.path) for d in unknown]

    @contextlib.contextmanager
    def _recorded_forms(self) -> t.Iterator[None]:
        """Write in the forms of the record, except those that the task itself was given."""
        api = self._transaction.api
        own = api.dialect
        api.dialect = own.completed(self._record.dialect)
        try:
            yield
        finally:
            api.dialect = own

    def _resume(self, save: bool) -> None:
        record = self._record
        # What was verified and is no longer shown was changed by another client.
        if record.phase != "confirming" and not self._complete():
            return
        if record.is_unconfirmed:
            self._watch()
        if save and record.packages:
            self._transaction.journal.enter("saving")
            self._save(record.packages)
        self._close("resumed")

    def _complete(self) -> bool:
        """Send what remains of the changes and verify them; False if they were reverted instead."""
        transaction, record = self._transaction, self._record
        current = self._current_after_activation()
        needed = needed_secrets(record.plan.changes, current.value, record.plan.secrets)
        if needed:
            self._revert()
            names = ", ".join(text_of(path) for path in needed[:5])
            self.result["reason"] = f"finishing it takes secrets, which the journal does not hold: {names}"
            return False
        transaction.journal.write(record._replace(states=("processing",) * len(record.states)))
        remaining = remaining_changes(record.plan.changes, current.value, record.plan.secrets)
        sent: list[Change] = []
        try:
            for change in remaining:
                sent.append(change)
                transaction.send(change, current)
            if remaining:
                transaction.activate()
            if remaining or unfinished_leaves(record.plan.changes, current.value, record.plan.secrets):
                transaction.verify()
        except LantimeError as error:
            # A transaction that cannot be finished would block every later task.
            self._revert(sent[-1:] if is_unanswered(error) else ())
            self.result["reason"] = str(error)
            return False
        return True

    def _watch(self) -> None:
        """Watch the device for the confirm window. Raises LantimeError after a rollback, as the change must not be made again."""
        window, transaction = self._window, self._transaction
        rules = transaction.rules._replace(grace=window.grace, rollback=True)
        operations = [{**entry, "state": "succeeded"} for entry in render_operations(self._record.plan)]
        watched = transaction._replace(rules=rules)
        self._confirmation = Confirmation(watched, window, operations, self._warn_of_pending)
        try:
            with self._recorded_forms():
                self._confirmation.watch(self._seconds_to_watch())
        except LantimeError as error:
            state = error.extra.get("rollback", {}).get("state")
            self.result["action"] = {"rolled_back": "reverted", "not_needed": "closed"}.get(state, "none")
            extra = {"recovery": self.result, "changed": state != "not_needed"}
            raise error.with_context(extra=extra) from None

    def _warn_of_pending(self, dummy: int) -> None:
        self._warn(PENDING_WARNING)

    def _current_after_activation(self) -> Tree:
        """The journaled sections, with the effect of the changes that had been sent."""
        transaction, record = self._transaction, self._record
        api, reader = transaction.api, transaction.reader
        transaction.activate()
        current = reader.read_patiently(transaction.sections)
        if api.is_deferred:
            succeeded = [c for c, s in zip(record.plan.changes, record.states) if s == "succeeded"]
            for current in reader.poll(transaction.sections, transaction.rules.grace):
                if not unfinished_leaves(succeeded, current.value, record.plan.secrets):
                    break
        return current

    def _save(self, packages: t.Sequence[str]) -> None:
        if packages:
            transaction = self._transaction
            foreign = 0 if self._confirmation is None else self._confirmation.foreign_pending
            with transaction.api.client.deadline.finishing():
                saving.save(transaction.reader, packages, transaction.sections[0], self._record.pending + foreign)
            self.has_saved = True
