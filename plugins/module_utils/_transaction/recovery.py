# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finishes the transaction that an interrupted task left open: resumes or reverts it, or refuses to go on."""

from __future__ import annotations

import contextlib
import typing as t

from .._api.device import Device
from .._base.errors import LantimeError
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
from .journal import Journal, Record, journal_of
from .rollback import FORMER_SECRET, roll_back
from .sections import SectionReader
from .settings import WriteRules
from .transaction import Transaction, is_unanswered

_VERDICTS = {
    BEFORE: "not_applied",
    AFTER: "applied_unsaved",
    MIXED: "partial",
    FOREIGN: "foreign_change",
}

# Verdicts on a transaction that must be resumed or reverted, and actions that do it.
_OPEN_VERDICTS = ("partial", "applied_unsaved")
_CHANGING_ACTIONS = ("resumed", "reverted")


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
    """

    def __init__(self, reader: SectionReader, journal: Journal, rules: WriteRules, record: Record) -> None:
        """Read the journaled sections and compare them with the journal."""
        sections = tuple(record.sections)
        self._transaction = Transaction(reader, journal, rules, record.plan, sections)
        self._record = record
        self.has_saved = False
        self.result = self._inspected()

    @property
    def is_needed(self) -> bool:
        """Whether there is something to resume or to revert."""
        return self.result["verdict"] in _OPEN_VERDICTS

    @property
    def has_written(self) -> bool:
        """Whether finish() changed the device."""
        return self.result["action"] in _CHANGING_ACTIONS

    def _inspected(self) -> dict[str, t.Any]:
        record, transaction = self._record, self._transaction
        api = transaction.api
        current = transaction.reader.read(transaction.sections).value
        if api.is_shown_late and record.phase != "saving":
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

        Its code is conflict after a change by another client, interrupted if on_interrupted is fail.
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
            if on_interrupted == "revert" or self._record.phase == "rolling_back":
                self._revert()
            else:
                self._resume(save)

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
        transaction, record = self._transaction, self._record
        current = self._current_after_activation()
        needed = needed_secrets(record.plan.changes, current.value, record.plan.secrets)
        if needed:
            self._revert()
            names = ", ".join(text_of(path) for path in needed[:5])
            self.result["reason"] = f"finishing it takes secrets, which the journal does not hold: {names}"
            return
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
            return
        if save and record.packages:
            transaction.journal.enter("saving")
            self._save(record.packages)
        self._close("resumed")

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
            with self._transaction.api.client.deadline.finishing():
                saving.save(self._transaction.reader, packages, self._transaction.sections[0], self._record.pending)
            self.has_saved = True


# -- for tasks without the options of a transaction


def complete_rollback(
    api: Device, directory: str | None, check: bool, warn: t.Callable[[str], None]
) -> dict[str, t.Any] | None:
    """Complete the rollback that an interrupted task left open, if there is one; in check mode only inspect it.

    directory: of the journals, None for the default.  A transaction in another phase is left to a task that can resume it.
    Returns the member recovery of the task's result.
    """
    journal = journal_of(api, directory)
    record = journal.load()
    if record is None:
        return None
    if record.phase != "rolling_back":
        warn(
            f"An interrupted task left the journal {journal.path}: the device may be partly changed. "
            "The next task of meinberg.lantime.lantime_config finishes or reverts the change."
        )
        return None
    if check:
        return _recovery_of(api, journal, record).result
    with journal.locked() as record:
        return None if record is None else complete_open_rollback(api, journal, record)


def complete_open_rollback(api: Device, journal: Journal, record: Record) -> dict[str, t.Any]:
    """Complete the rollback in a record while the lock is held, and return the member recovery of the result.

    Raises LantimeError interrupted for a transaction that was not being rolled back and is needed.
    """
    recovery = _recovery_of(api, journal, record)
    try:
        recovery.finish("fail", save=False)
    except LantimeError as error:
        extra: dict[str, t.Any] = {"recovery": recovery.result}
        if api.has_written:
            outcome = {"changed": True, "saved": None if record.packages else False}
            extra.update(outcome, operations=render_operations(record.plan))
        raise error.with_context(extra={**extra, **error.extra}) from None
    return recovery.result


def has_changed(recovery: t.Mapping[str, t.Any] | None) -> bool:
    """Whether the recovery in a result changed the device or, in check mode, would change it."""
    if recovery is None:
        return False
    would_change = recovery["action"] == "none" and recovery["verdict"] in _OPEN_VERDICTS
    return would_change or recovery["action"] in _CHANGING_ACTIONS


@contextlib.contextmanager
def adding_recovery(recovery: dict[str, t.Any] | None) -> t.Iterator[None]:
    """Add to an error that the task completed a rollback before it."""
    try:
        yield
    except LantimeError as error:
        if recovery is None:
            raise
        changed = {"changed": True} if recovery["action"] in _CHANGING_ACTIONS else {}
        raise error.with_context(extra={"recovery": recovery, **changed}) from None


def _recovery_of(api: Device, journal: Journal, record: Record) -> Recovery:
    rules = WriteRules()
    return Recovery(SectionReader(api, rules.grace), journal, rules, record)
