# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoes the changes of a transaction, verifies the former state, and reports the outcome."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._plan.rollback import BEFORE, UNCLEAR, Difference, leaf_states, project, rollback_plan
from .._tree.canonical import leaves, value_at
from .._tree.changes import Change
from .._tree.paths import Path, text_of
from .journal import Journal
from .transaction import Transaction, is_unanswered

Operations = list[dict[str, t.Any]]

FORMER_SECRET = "the former secret"
# Errors of a device that answers, whose remedy comes before another try.
_REFUSALS = frozenset({"auth_failed", "forbidden", "tls_verify", "tls_pin"})
_SECRETS_HINT = (
    "set these secrets again, as the device does not show their former values; nothing was saved: a restart restores them too, "
    "unless the device saves by itself"
)


class RollbackOutcome(t.NamedTuple):
    """remaining: what differs from the former state; of secrets, that it is unknown.  wrote: whether anything was written.

    journal_failure: why the journal does not say that a rollback began, None if it does.  foreign: what remains because another
    client changed it.
    """

    remaining: list[Difference]
    wrote: bool
    journal_failure: LantimeError | None = None
    foreign: tuple[Path, ...] = ()


def roll_back(transaction: Transaction, just_sent: bool, unanswered: t.Collection[Change] = ()) -> RollbackOutcome:
    """Restore the state before the changes of a transaction, except where another client changed the same settings.

    just_sent: whether this task sent the changes; see rollback_plan().  unanswered: those which the device may still be
    working on.
    """
    with transaction.api.client.deadline.finishing():
        return _roll_back_in_time(transaction, just_sent, unanswered)


def _roll_back_in_time(transaction: Transaction, just_sent: bool, unanswered: t.Collection[Change]) -> RollbackOutcome:
    changes, secrets, sections = transaction.plan.changes, transaction.plan.secrets, transaction.sections
    if not changes:
        return RollbackOutcome([], wrote=False)
    api, reader, journal = transaction.api, transaction.reader, transaction.journal
    journal_failure = _mark_rolling_back(journal)
    if not reader.keeps(sections):
        # The latest request may have failed. What is read over the new connection shows which device it reaches.
        api.client.reconnect()
    former_count = journal.record.pending if journal.record else 0
    current = reader.read_patiently(sections)
    # A change that was sent and is not shown yet would take effect after the former state was seen.
    expected = project(changes if api.is_shown_late else unanswered, current.value, secrets)
    plan = rollback_plan(changes, expected, secrets, just_sent, api.dialect.secret_get)
    if not plan.changes:
        remaining = _differences(transaction, current.value, plan.lost)
        return RollbackOutcome(remaining, False, journal_failure, plan.foreign)
    for change in plan.changes:
        try:
            transaction.send(change, current)
        except LantimeError as error:
            if error.effect_unknown:
                raise
    transaction.activate()
    remaining = []
    for restored in reader.poll(sections, transaction.rules.grace):
        remaining = _differences(transaction, restored.value, plan.lost)
        if not remaining and not (api.is_shown_late and transaction.pending_count > former_count):
            break
    return RollbackOutcome(remaining, True, journal_failure, plan.foreign)


def _mark_rolling_back(journal: Journal) -> LantimeError | None:
    """Record that a rollback begins. A journal that cannot be written, for example on a full disk, does not prevent the rollback."""
    try:
        journal.enter("rolling_back")
    except LantimeError as error:
        return error
    return None


def _differences(transaction: Transaction, current: t.Any, lost: t.Sequence[Path]) -> list[Difference]:
    """What differs from the former state. lost: paths whose former value is unknown."""
    differences = [Difference(path, FORMER_SECRET, "unknown") for path in lost]
    for change in transaction.plan.changes:
        former = dict(leaves(change.before or {}, change.path))
        for path, state in leaf_states(change, current, transaction.plan.secrets).items():
            if state not in (BEFORE, UNCLEAR):
                wanted = former.get(path, "there" if change.action == "delete" else None)
                differences.append(Difference(path, wanted, _value_or_none(current, path)))
    return differences


def _value_or_none(tree: t.Any, path: Path) -> t.Any:
    try:
        return value_at(tree, path)
    except KeyError:
        return None


# -- of a change that failed


def roll_back_failed_change(
    transaction: Transaction, operations: Operations, error: LantimeError, just_sent: bool = True
) -> LantimeError:
    """Roll back what was sent of a plan, and return the error that also says in which state the device is.

    error: why the change failed.  just_sent: whether the changes were sent since the device was last verified; see
    rollback_plan().
    """
    extra = {**error.extra, "operations": operations, "saved": False}
    if transaction.api.identity_failure is not None:
        if just_sent and not transaction.api.has_written:
            return error.with_context(extra=extra)
        failed = _not_reached(transaction.api.identity_failure, error, extra)
    elif not transaction.rules.rollback:
        failed = _not_rolled_back(transaction, operations, error, extra)
    else:
        failed = _rolled_back(transaction, operations, error.with_context(extra=extra), just_sent)
    window = transaction.window
    startup = "the startup configuration was not touched" if window is None else window.startup_clause
    return failed.with_context(what=f"{failed.what}; {startup}", hint=failed.hint)


def _rolled_back(
    transaction: Transaction, operations: Operations, error: LantimeError, just_sent: bool
) -> LantimeError:
    sent = [c for c, o in zip(transaction.plan.changes, operations) if o["state"] not in ("waiting", "skipped")]
    failed = [c for c, o in zip(transaction.plan.changes, operations) if o["state"] == "failed"]
    unanswered = failed if is_unanswered(error) else []
    try:
        outcome = roll_back(transaction.limited_to(sent), just_sent, unanswered)
    except LantimeError as cause:
        extra = {"changed": True, "rollback": {"state": "rollback_failed", "remaining": [], "reason": str(cause)}}
        state = f"rolling back failed too ({cause.what}), so the running configuration is {_unreached_state(just_sent)}"
        return _with_state(error, state, extra, code="state_unknown", hint=_hint_after(cause, transaction))
    foreign = () if just_sent else outcome.foreign
    if any(d.path not in foreign for d in outcome.remaining):
        return _not_restored(error, outcome)
    for change, operation in zip(transaction.plan.changes, operations):
        is_kept = any(path[: len(change.path)] == change.path for path in foreign)
        if operation["state"] == "succeeded" and not is_kept:
            operation["state"] = "rolled_back"
    failure = _close_journal(transaction.journal) or outcome.journal_failure
    if foreign:
        return _with_state(error, f"{_foreign_state(foreign)}{_note_on(failure)}", _remaining_extra(outcome))
    rollback: dict[str, t.Any] = {"state": "rolled_back" if outcome.wrote else "not_needed", "remaining": []}
    state = "nothing was changed, as reading back shows" if just_sent else "the device shows its former configuration"
    if outcome.wrote:
        state = "everything was rolled back, and the device shows its former configuration"
    return _with_state(error, f"{state}{_note_on(failure)}", {"changed": False, "rollback": rollback})


def _hint_after(cause: LantimeError, transaction: Transaction) -> str | None:
    """What to do after a rollback that could not be made; None for the remedy of the code. cause: why it could not."""
    if transaction.api.identity_failure is not None:
        return transaction.api.identity_failure.hint
    return f"{cause.hint}; then run the task again, which completes the rollback" if cause.code in _REFUSALS else None


def _unreached_state(just_sent: bool) -> str:
    return "in an unknown state" if just_sent else "still changed, at least in part, unless the device has restarted"


def _foreign_state(foreign: t.Sequence[Path]) -> str:
    names = ", ".join(text_of(path) for path in foreign[:5])
    return f"everything was rolled back except {names}, which another client has changed"


def _remaining_extra(outcome: RollbackOutcome) -> dict[str, t.Any]:
    rollback = {"state": "rollback_failed", "remaining": [d.as_dict() for d in outcome.remaining]}
    return {"changed": True, "rollback": rollback}


def _not_restored(error: LantimeError, outcome: RollbackOutcome) -> LantimeError:
    names = ", ".join(text_of(d.path) for d in outcome.remaining[:5])
    state = f"rolling back did not restore {names}{_note_on(outcome.journal_failure)}"
    hint = _SECRETS_HINT if all(d.wanted == FORMER_SECRET for d in outcome.remaining) else None
    return _with_state(error, state, _remaining_extra(outcome), code="rollback_failed", hint=hint)


def _close_journal(journal: Journal) -> LantimeError | None:
    """Close the journal after a rollback, which has succeeded whether or not the file can be removed."""
    try:
        journal.close()
    except LantimeError as error:
        return error
    return None


def _note_on(journal_failure: LantimeError | None) -> str:
    return "" if journal_failure is None else f"; {journal_failure.what}"


def _not_reached(lost: LantimeError, error: LantimeError, extra: dict[str, t.Any]) -> LantimeError:
    """The error if another device answers: the journal stays open, as nothing more can be sent to the device that was changed."""
    extra.update(changed=True, rollback={"state": "rollback_failed", "remaining": [], "reason": str(lost)})
    what = error.what if lost.what in error.what else f"{error.what}; {lost.what}"
    error = error.with_context(what=f"{what}; nothing was rolled back")
    return _with_state(
        error, "the running configuration is in an unknown state", extra, code="state_unknown", hint=lost.hint
    )


def _not_rolled_back(
    transaction: Transaction, operations: Operations, error: LantimeError, extra: dict[str, t.Any]
) -> LantimeError:
    failure = _close_journal(transaction.journal)
    done = sum(o["state"] == "succeeded" for o in operations)
    extra.update(changed=done > 0 or error.effect_unknown, rollback={"state": "off", "remaining": []})
    state = f"{done} operations are active in the running configuration (rollback is off){_note_on(failure)}"
    return _with_state(error, state, extra)


def _with_state(
    error: LantimeError, state: str, extra: dict[str, t.Any], code: str | None = None, hint: str | None = None
) -> LantimeError:
    return error.with_context(code=code, what=f"{error.what}; {state}", hint=hint, extra=extra)
