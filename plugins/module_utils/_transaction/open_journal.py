# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finishes what an interrupted task left open, for tasks without the options of a transaction; confirms a change that waits for it."""

from __future__ import annotations

import contextlib
import typing as t

from .._api.device import Device
from .._base.errors import LantimeError
from .._plan.render import render_operations
from .journal import Journal, Record, journal_of
from .recovery import CHANGING_ACTIONS, OPEN_VERDICTS, Recovery
from .sections import SectionReader
from .settings import TaskMode, WriteRules


def complete_rollback(
    api: Device, directory: str | None, check: bool, warn: t.Callable[[str], None], saves: bool = False
) -> dict[str, t.Any] | None:
    """Complete the rollback that an interrupted task left open, if there is one; in check mode only inspect it.

    directory: of the journals, None for the default.  A transaction in another phase is left to a task that can resume it.
    Returns the member recovery of the task's result. saves: whether the task is about to save; raises LantimeError interrupted
    if the device has an unconfirmed change.
    """
    journal = journal_of(api, directory)
    record = journal.load()
    if record is None:
        return None
    if saves and record.is_unconfirmed:
        raise LantimeError(
            "interrupted",
            "a change of this device waits for its confirmation, so nothing was saved",
            hint="confirm it with meinberg.lantime.lantime_changes and state set to confirmed, or let the next task of "
            "meinberg.lantime.lantime_config resume or revert it",
        )
    if record.phase != "rolling_back":
        warn(_describe_open(journal, record))
        return None
    if check:
        return _recovery_of(api, journal, record, warn).result
    with journal.locked() as record:
        return None if record is None else complete_open_rollback(api, journal, record, warn)


def _describe_open(journal: Journal, record: Record) -> str:
    if record.is_unconfirmed and record.phase == "confirming":
        return (
            f"A change of this device waits for its confirmation, as the journal {journal.path} says. A task of "
            "meinberg.lantime.lantime_changes with state set to confirmed watches and saves it."
        )
    return (
        f"An interrupted task left the journal {journal.path}: the device may be partly changed. "
        "The next task of meinberg.lantime.lantime_config finishes or reverts the change."
    )


def complete_open_rollback(
    api: Device, journal: Journal, record: Record, warn: t.Callable[[str], None]
) -> dict[str, t.Any]:
    """Complete the rollback in a record while the lock is held, and return the member recovery of the result.

    Raises LantimeError interrupted for a transaction that was not being rolled back and is needed.
    """
    recovery = _recovery_of(api, journal, record, warn)
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
    would_change = recovery["action"] == "none" and recovery["verdict"] in OPEN_VERDICTS
    return would_change or recovery["action"] in CHANGING_ACTIONS


@contextlib.contextmanager
def adding_recovery(recovery: dict[str, t.Any] | None) -> t.Iterator[None]:
    """Add to an error that the task completed a rollback before it."""
    try:
        yield
    except LantimeError as error:
        if recovery is None:
            raise
        changed = {"changed": True} if recovery["action"] in CHANGING_ACTIONS else {}
        raise error.with_context(extra={"recovery": recovery, **changed}) from None


def _recovery_of(api: Device, journal: Journal, record: Record, warn: t.Callable[[str], None]) -> Recovery:
    rules = WriteRules()
    return Recovery(SectionReader(api, rules.grace), journal, rules, record, warn)


# -- confirmation


class OpenWindow(t.NamedTuple):
    """An unconfirmed change that a task found. recovery: what became of it, or would.  packages: what is saved at its end."""

    recovery: Recovery
    packages: tuple[str, ...]


def confirm_open_window(
    api: Device, directory: str, mode: TaskMode, on_interrupted: str, watch_until: float = 0.0
) -> OpenWindow | None:
    """Watch the unconfirmed change of a device and save it, or roll it back; None if it has none. In check mode only inspect it.

    on_interrupted: what is done with a watch or a change that was interrupted.  watch_until: see Recovery.  Raises LantimeError if the change was not
    saved, unless it was reverted because on_interrupted says so.
    """
    journal = journal_of(api, directory)
    record = journal.load()
    if record is None or record.window is None:
        return None
    if mode.check:
        found = _inspect_window(api, journal, record, mode)
        found.recovery.check("resume" if found.recovery.is_expected else on_interrupted)
        _check_shown(found.recovery)
        return found
    with journal.locked() as record:
        if record is None or record.window is None:
            return None
        found = _inspect_window(api, journal, record, mode)
        found.recovery.watch_until = watch_until
        _finish_window(found.recovery, on_interrupted, is_rolling_back=record.phase == "rolling_back")
        return found


def _inspect_window(api: Device, journal: Journal, record: Record, mode: TaskMode) -> OpenWindow:
    recovery = _recovery_of(api, journal, record, mode.warn)
    recovery.is_confirmation = True
    return OpenWindow(recovery, record.packages)


def _finish_window(recovery: Recovery, on_interrupted: str, is_rolling_back: bool) -> None:
    """is_rolling_back: whether the change has failed already, in a task that could not complete its rollback."""
    chosen = "resume" if recovery.is_expected else on_interrupted
    try:
        recovery.finish(chosen, save=True)
    except LantimeError as error:
        raise _with_confirmation(error, recovery) from None
    _check_shown(recovery)
    if recovery.result["action"] == "reverted" and chosen != "revert" and not is_rolling_back:
        reason = recovery.result.get("reason")
        detail = "" if reason is None else f" ({reason})"
        raise LantimeError(
            "interrupted",
            f"the change that waited for its confirmation was interrupted, and was rolled back{detail}",
            hint="run the task that makes the change again",
            extra={"recovery": recovery.result, "changed": True, "saved": False},
        )


def _with_confirmation(error: LantimeError, recovery: Recovery) -> LantimeError:
    """The error of a confirmation; if it is one of the save, it says what has become of the change."""
    confirm = {"confirm": recovery.confirm} if recovery.has_confirmed else {}
    if not confirm and error.code != "save_failed":
        return error
    extra = {"recovery": recovery.result, "saved": False, **confirm, **error.extra}
    unsaved = ", and was not saved" if extra["saved"] is False else ""
    hint = "run the task again, which saves it" if error.code == "save_failed" else error.hint
    return error.with_context(what=f"{error.what}; the change is active{unsaved}", hint=hint, extra=extra)


def _check_shown(recovery: Recovery) -> None:
    if recovery.result["verdict"] == "not_applied":
        raise LantimeError(
            "conflict",
            "the device no longer shows the change that waits for its confirmation: it has restarted, or another client has "
            "restored the former configuration; nothing was saved",
            hint="find out why, then run the task that makes the change again",
            extra={"recovery": recovery.result, "saved": False},
        )
