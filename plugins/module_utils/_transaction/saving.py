# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves the running configuration as startup configuration."""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.dialect import package_of
from .._base.errors import LantimeError
from .._plan.planner import Plan
from .sections import SectionReader, pauses

# The save is complete once the device has answered; its count of pending changes may follow a little later.
_ANSWERED_SECONDS = 2.0


class SaveOutcome(t.NamedTuple):
    """pending: number of unsaved changes that are left, None if the device does not say.  packages: what was saved."""

    pending: int | None
    packages: list[str]


def packages_to_save(plan: Plan, api: Device, save: str, given: str | None) -> list[str]:
    """Return the packages of the configuration database that a task saves after a plan, in the order of its changes.

    save, given: the options save and save_package.
    """
    if save == "never" or (save == "changed" and not plan.changes):
        return []
    if given is not None or not plan.changes:
        return ["all" if given is None else given]
    packages = list(dict.fromkeys(package_of(change.path, api.dialect) for change in plan.changes))
    return ["all"] if "all" in packages else packages


def save(
    reader: SectionReader, packages: t.Sequence[str], section: str | None, pending_before: int | None
) -> SaveOutcome:
    """Save packages as startup configuration.

    section: what to read to learn the number of pending changes, None to learn it from the answer to the save.
    pending_before: unsaved changes of other clients,
    which may stay unsaved.
    If our changes stay pending, a setting belongs to another package than assumed (A19): then all packages are saved,
    unless that would save changes of other clients. Raises LantimeError with the code save_failed, or state_unknown if
    another device answers. The member saved of its extra is None if the configuration may have been saved, else False.
    """
    allowed = pending_before or 0
    unsaved = reader.api.pending_changes
    done = list(packages)
    pending = _save(reader, packages, section, allowed)
    if pending is not None and pending > allowed and allowed == 0 and "all" not in packages:
        done.append("all")
        try:
            pending = _save(reader, ["all"], section, allowed)
        except LantimeError as error:
            raise error.with_context(extra={"saved": None}) from None
    if pending is not None and pending > allowed:
        what = f"the device still counts {pending} unsaved changes"
        # Packages are saved one by one: if the number is another one, a part of the changes may be saved.
        raise LantimeError("save_failed", what, extra={"saved": False if unsaved in (None, pending) else None})
    return SaveOutcome(pending, done)


def _save(reader: SectionReader, packages: t.Sequence[str], section: str | None, allowed: int) -> int | None:
    """Save packages and wait until no more than the allowed number of changes is pending; return that number."""
    api = reader.api
    is_answered, unclear = _send_saves(api, packages)
    # Without an answer of the API the device may still be saving.
    grace = min(reader.grace, _ANSWERED_SECONDS) if is_answered else api.client.settings.command_timeout
    pending: int | None = None
    for _pause in pauses(grace):
        try:
            if pending is not None or not is_answered:
                api.client.reconnect()
            reader.forget()
            reader.read_patiently([] if section is None else [section], max(grace, reader.grace))
        except LantimeError as error:
            if api.identity_failure is not None:
                raise error.with_context(extra={"saved": None}) from None
            raise _unknown_error(error) from None
        pending = api.pending_changes
        if pending is None or pending <= allowed:
            break
    if unclear is not None and (pending is None or 0 < pending <= allowed):
        # What is pending may be a change of this task, if those of other clients were saved with it.
        raise _unknown_error(unclear)
    return pending


def _unknown_error(error: LantimeError) -> LantimeError:
    """The error for a save of which neither its answer nor the number of pending changes shows the outcome."""
    what = f"whether the configuration was saved is unknown: {error.what}"
    return _save_error(error, what, None)


def _send_saves(api: Device, packages: t.Sequence[str]) -> tuple[bool, LantimeError | None]:
    """Send the command for each package; whether the API answered all of them, and the last error that leaves the outcome open."""
    is_answered = True
    unclear: LantimeError | None = None
    for number, name in enumerate(packages):
        try:
            is_answered = api.save(name) is not None and is_answered
        except LantimeError as error:
            extra = {"saved": None if number else False}
            if api.identity_failure is not None:
                raise error.with_context(extra=extra) from None
            if not error.effect_unknown:
                what = f"saving the package {name} failed: {error.what}"
                raise _save_error(error, what, extra["saved"]) from None
            is_answered = is_answered and error.http_status is not None
            unclear = error
    return is_answered, unclear


def _save_error(error: LantimeError, what: str, saved: bool | None) -> LantimeError:
    """The error of a save: save_failed, or timeout_task if the task had no more time."""
    code, hint = "save_failed", None
    if error.code == "timeout_task":
        code, hint = error.code, "run the task again, which saves; raise task_timeout if the device needs longer"
    return error.with_context(code=code, what=what, hint=hint, extra={"saved": saved})
