# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run that died left behind, and how the next one goes on.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._base.errors import LantimeError
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
from .._tree.paths import text_of
from . import execute as transaction
from . import saving
from .journal import Journal, Record

_VERDICTS = {
    BEFORE: "not_applied",
    AFTER: "applied_unsaved",
    MIXED: "partial",
    FOREIGN: "foreign_change",
}


_UNFINISHED = ("partial", "applied_unsaved")


def verdict(record: Record, now: t.Any, pending: int | None) -> str:
    """C(not_applied), C(applied_unsaved), C(partial), C(foreign_change) or C(done)."""
    state = change_state(record.changes, now, record.secrets)
    if state == UNCLEAR:  # secrets only: all there is to go by is the journal
        started = [s for s in record.states if s != "waiting"]
        if not started:
            return "not_applied"
        return "applied_unsaved" if set(record.states) == {"succeeded"} else "partial"
    saved = pending is not None and pending <= record.pending
    if state == AFTER and record.phase == "saving" and saved:
        return "done"
    return _VERDICTS[state]


def is_unfinished(found: dict[str, t.Any]) -> bool:
    """Whether there is something to resume or to revert."""
    return found["verdict"] in _UNFINISHED


def inspect(api: Device, record: Record) -> dict[str, t.Any]:
    """The C(recovery) member of the result, before anything is done; reads the journalled sections."""
    now = transaction.read_sections(api, record.sections).value
    if api.shows_late and record.phase != "saving":
        started = [c for c, s in zip(record.changes, record.states) if s != "waiting"]
        now = project(started, now, record.secrets)
    pending = api.identity.pending_changes if api.identity else None
    return {
        "id": record.id,
        "phase": record.phase,
        "verdict": verdict(record, now, pending),
        "action": "none",
        "foreign": [
            text_of(path)
            for change in record.changes
            for path, state in leaf_states(change, now, record.secrets).items()
            if state == FOREIGN
        ],
    }


def refuse(api: Device, journal: Journal, record: Record, found: dict[str, t.Any], how: str) -> None:
    """Raise LantimeError where a run must not go on: C(conflict) after a foreign change, C(interrupted) if C(how) is C(fail)."""
    state, host = found["verdict"], api.client.settings.host
    if state == "foreign_change":
        names = ", ".join(found["foreign"][:5])
        raise LantimeError(
            "conflict",
            f"an interrupted run had begun to change this device, and since then somebody else changed {names}",
            host=host,
            hint=f"look at the device; when it is as it should be, remove the journal {journal.path}",
            extra={"recovery": found},
        )
    if how == "fail" and record.phase != "rolling_back" and state in _UNFINISHED:
        left = "changed but unsaved" if state == "applied_unsaved" else "half configured"
        raise LantimeError(
            "interrupted",
            f"a run that was interrupted left this device {left}",
            host=host,
            extra={"recovery": found},
        )


def recover(
    api: Device,
    journal: Journal,
    record: Record,
    found: dict[str, t.Any],
    how: str,
    rules: transaction.WriteRules,
    save: bool,
) -> None:
    """Bring a transaction that was left open to its end: C(resume) or C(revert).

    found: from look(); its C(action) is set.  One that was being rolled back is rolled back, whatever C(how) says.
    """
    refuse(api, journal, record, found, how)
    state = found["verdict"]
    if state in ("not_applied", "done"):
        journal.close()
        found["action"] = "closed"
        return
    if how == "revert" or record.phase == "rolling_back":
        _revert(api, journal, record, found, rules)
    else:
        _resume(api, journal, record, found, rules, save)


def _revert(
    api: Device, journal: Journal, record: Record, found: dict[str, t.Any], rules: transaction.WriteRules
) -> None:
    sent = [c for c, s in zip(record.changes, record.states) if s != "waiting"]
    remaining, _undone = transaction.revert(api, journal, sent, record.secrets, rules, just_sent=False)
    lost = [d for d in remaining if d.wanted == transaction.FORMER_SECRET]
    if len(lost) < len(remaining):
        raise LantimeError(
            "rollback_failed",
            "rolling back what an interrupted run did left differences: "
            + ", ".join(text_of(d.path) for d in remaining[:5]),
            host=api.client.settings.host,
            extra={
                "recovery": found,
                "rollback": {
                    "state": "rollback_failed",
                    "remaining": [d.as_dict() for d in remaining],
                },
            },
        )
    left_open = journal.record
    if left_open is not None and left_open.phase == "rolling_back" and left_open.packages:
        saving.save(api, left_open.packages, record.sections[0], record.pending, rules)
    journal.close()
    found["action"] = "reverted"
    # Nobody knows the former ones, so there is nothing that a further run could do about them.
    found["secrets_unknown"] = [text_of(d.path) for d in lost]


def _shown(api: Device, record: Record, rules: transaction.WriteRules) -> Tree:
    """The journalled sections, with what had been sent before the run died."""
    api.activate()
    sent = [c for c, s in zip(record.changes, record.states) if s == "succeeded"]
    now = transaction.read_sections(api, record.sections)
    for _pause in transaction.pauses(rules.grace if api.deferred else 0):
        now = transaction.read_patiently(api, record.sections, rules)
        if not unfinished_leaves(sent, now.value, record.secrets):
            break
    return now


def _resume(
    api: Device, journal: Journal, record: Record, found: dict[str, t.Any], rules: transaction.WriteRules, save: bool
) -> None:
    now = _shown(api, record, rules)
    all_sent = record._replace(states=("processing",) * len(record.states))
    needed = needed_secrets(record.changes, now.value, record.secrets)
    if needed:
        _revert(api, journal, record, found, rules)
        names = ", ".join(text_of(path) for path in needed[:5])
        found["reason"] = f"finishing it takes secrets, which the journal does not hold: {names}"
        return
    journal.write(all_sent)
    try:
        for change in remaining_changes(record.changes, now.value, record.secrets):
            transaction.send_change(api, change, now, record.secrets, rules)
        api.activate()
        transaction.verify(api, record.changes, record.secrets, record.sections, rules)
    except LantimeError as error:
        # What cannot be finished would stand in the way of every run to come.
        _revert(api, journal, all_sent, found, rules)
        found["reason"] = str(error)
        return
    if save and record.packages:
        journal.enter("saving")
        saving.save(api, record.packages, record.sections[0], record.pending, rules)
    journal.close()
    found["action"] = "resumed"
