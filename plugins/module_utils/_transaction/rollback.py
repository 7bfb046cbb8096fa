# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Undoes the changes of a transaction, verifies the former state, and reports the outcome."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._plan.rollback import BEFORE, UNCLEAR, Difference, leaf_states, project, rollback_plan
from .._tree.canonical import leaves, value_at
from .._tree.paths import Path, text_of
from .transaction import Transaction

Operations = list[dict[str, t.Any]]

FORMER_SECRET = "the former secret"


class RollbackOutcome(t.NamedTuple):
    """remaining: what differs from the former state; of secrets, that it is unknown.  wrote: whether anything was written."""

    remaining: list[Difference]
    wrote: bool


def roll_back(transaction: Transaction, just_sent: bool) -> RollbackOutcome:
    """Restore the state before the changes of a transaction, except where another client changed the same settings.

    just_sent: whether this task sent the changes; see rollback_plan().
    """
    changes, secrets, sections = transaction.plan.changes, transaction.plan.secrets, transaction.sections
    if not changes:
        return RollbackOutcome([], wrote=False)
    api, reader, journal = transaction.api, transaction.reader, transaction.journal
    journal.enter("rolling_back")
    api.client.reconnect()
    former_count = journal.record.pending if journal.record else 0
    current = reader.read_patiently(sections)
    # A change that was sent and is not shown yet would take effect after the former state was seen.
    expected = project(changes, current.value, secrets) if api.is_shown_late else current.value
    plan = rollback_plan(changes, expected, secrets, just_sent)
    if not plan.changes:
        return RollbackOutcome(_differences(transaction, current.value, plan.lost), wrote=False)
    for change in plan.changes:
        try:
            transaction.send(change, current)
        except LantimeError as error:
            if error.effect_unknown:
                raise
    transaction.activate()
    remaining: list[Difference] = []
    for restored in reader.poll(sections, transaction.rules.grace):
        remaining = _differences(transaction, restored.value, plan.lost)
        if not remaining and not (api.is_shown_late and transaction.pending_count > former_count):
            break
    return RollbackOutcome(remaining, wrote=True)


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


def roll_back_failed_change(transaction: Transaction, operations: Operations, error: LantimeError) -> LantimeError:
    """Roll back what was sent of a plan, and return the error that also says in which state the device is.

    error: why the change failed.
    """
    extra = {**error.extra, "operations": operations, "saved": False}
    if not transaction.rules.rollback:
        return _not_rolled_back(transaction, operations, error, extra)
    sent = [c for c, o in zip(transaction.plan.changes, operations) if o["state"] not in ("waiting", "skipped")]
    try:
        outcome = roll_back(transaction.limited_to(sent), just_sent=True)
    except LantimeError as cause:
        extra.update(changed=True, rollback={"state": "rollback_failed", "remaining": [], "reason": str(cause)})
        state = f"rolling back failed too ({cause.what}), so the running configuration is in an unknown state"
        return _with_state(error, state, extra, code="state_unknown")
    remaining = outcome.remaining
    if remaining:
        rollback = {"state": "rollback_failed", "remaining": [d.as_dict() for d in remaining]}
        extra.update(changed=True, rollback=rollback)
        names = ", ".join(text_of(d.path) for d in remaining[:5])
        return _with_state(error, f"rolling back did not restore {names}", extra, code="rollback_failed")
    for operation in operations:
        if operation["state"] == "succeeded":
            operation["state"] = "rolled_back"
    transaction.journal.close()
    rollback = {"state": "rolled_back" if outcome.wrote else "not_needed", "remaining": []}
    extra.update(changed=False, rollback=rollback)
    state = "everything was rolled back, and the device shows its former configuration"
    return _with_state(error, state if outcome.wrote else "nothing was changed, as reading back shows", extra)


def _not_rolled_back(
    transaction: Transaction, operations: Operations, error: LantimeError, extra: dict[str, t.Any]
) -> LantimeError:
    transaction.journal.close()
    done = sum(o["state"] == "succeeded" for o in operations)
    extra.update(changed=done > 0 or error.effect_unknown, rollback={"state": "off", "remaining": []})
    state = f"{done} operations are active in the running configuration (rollback is off)"
    return _with_state(error, state, extra)


def _with_state(error: LantimeError, state: str, extra: dict[str, t.Any], code: str | None = None) -> LantimeError:
    what = f"{error.what}; {state}; the startup configuration was not touched"
    return error.with_context(code=code, what=what, extra=extra)
