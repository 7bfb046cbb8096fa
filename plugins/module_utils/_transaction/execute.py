# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executes a plan: journal, write, verify; on failure, roll back.

Success is what the device shows afterwards, not what it answered. The configuration is saved only after it was
verified, so that until then a restart of the device restores the former state.
"""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._plan.planner import Plan
from .._plan.rollback import BEFORE, UNCLEAR, is_equivalent, leaf_states
from .._tree.canonical import Tree, leaves
from .._tree.changes import changed_leaves
from .._tree.paths import text_of
from .health_gate import SyncGate
from .journal import device_entry, new_record
from .rollback import Operations, roll_back_failed_change
from .transaction import Transaction


def execute(
    transaction: Transaction,
    current: Tree,
    operations: Operations,
    packages: t.Sequence[str],
    gate: SyncGate | None = None,
) -> Tree:
    """Write and verify the plan of a transaction; on failure roll it back. The journal is left open for the save.

    current: what the plan was made from.  packages: what is to be saved afterwards.  gate: the condition that the
    device must meet after verification.
    Nothing is written if the deadline of the task does not leave the time for a rollback.
    Returns the sections as the device shows them afterwards. Raises LantimeError that says in which state the device
    is; its extra holds operations and rollback.
    """
    with transaction.api.client.deadline.writing():
        return _execute_in_time(transaction, current, operations, packages, gate)


def _execute_in_time(
    transaction: Transaction,
    current: Tree,
    operations: Operations,
    packages: t.Sequence[str],
    gate: SyncGate | None,
) -> Tree:
    api, journal = transaction.api, transaction.journal
    record = new_record(device_entry(api), api.config_root, transaction.plan, packages, transaction.pending_count)
    journal.write(record._replace(window=transaction.window))
    try:
        _check_unchanged(transaction)
    except LantimeError:
        if api.identity_failure is None:
            journal.close()
        raise
    try:
        _write_changes(transaction, operations, current)
        transaction.activate()
        reread = transaction.verify() if transaction.rules.verify else current
        if gate is not None:
            # The gate may take seconds, in which other clients may change the configuration.
            transaction.reader.forget()
            gate.check_for(transaction.rules.grace)
        return reread
    except LantimeError as error:
        raise roll_back_failed_change(transaction, operations, error) from None


def _check_unchanged(transaction: Transaction) -> None:
    """Read the sections again; raises conflict if the plan no longer fits them."""
    transaction.reader.forget()
    current = transaction.reader.read(transaction.sections)
    for change in transaction.plan.changes:
        for path, state in leaf_states(change, current.value, transaction.plan.secrets).items():
            if state not in (BEFORE, UNCLEAR):
                raise LantimeError(
                    "conflict",
                    "another client changed this setting between reading and writing; nothing was written",
                    path=text_of(path),
                )


def _write_changes(transaction: Transaction, operations: Operations, current: Tree) -> None:
    for number, change in enumerate(transaction.plan.changes):
        operation = operations[number]
        operation["state"] = "processing"
        try:
            transaction.journal.mark(number, "processing")
            transaction.send(change, current)
            transaction.journal.mark(number, "succeeded")
        except LantimeError as error:
            operation["state"] = "failed"
            for later in operations[number + 1 :]:
                later["state"] = "skipped"
            where = f"operation {number + 1} of {len(operations)} ({operation['path']})"
            raise error.with_context(what=f"{error.what}; {where} failed") from None
        operation["state"] = "succeeded"


def also_changed(before: Tree, after: Tree, plan: Plan) -> list[str]:
    """Return paths in the touched sections that changed although the plan does not name them."""
    planned = set(changed_leaves(plan.changes)[0])
    items = [change.path for change in plan.changes if change.action != "set"]
    # A table without items is a leaf.
    planned.update(item[:-1] for item in items)
    old, new = dict(leaves(before.value)), dict(leaves(after.value))
    return [
        text_of(path)
        for path in sorted(set(old) | set(new))
        if path not in planned
        and not any(path[: len(item)] == item for item in items)
        and not (path in old and path in new and is_equivalent(old[path], new[path]))
    ]
