# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_changes: show, commit, roll back or confirm pending changes."""

from __future__ import annotations

import time
import typing as t

from .._api import commands
from .._api.device import Device
from .._api.device_result import device_result
from .._api.http_errors import ABSENT_CODES
from .._base.errors import LantimeError
from .._transaction.confirmation import not_needed
from .._transaction.journal import default_directory
from .._transaction.open_journal import adding_recovery, complete_rollback, confirm_open_window, has_changed
from .._transaction.settings import INTERRUPTION_OPTIONS, JOURNAL_OPTIONS, TaskMode
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "state": {
            "type": "str",
            "default": "shown",
            "choices": ["shown", "committed", "rolled_back", "confirmed"],
        },
        "package": {"type": "str", "default": "all"},
        "force": {"type": "bool", "default": False},
        **JOURNAL_OPTIONS,
        **INTERRUPTION_OPTIONS,
        "config_root": {"type": "str"},
    },
)

_COMMANDS = {"committed": "write", "rolled_back": "read"}
_VERBS = {"committed": "saving", "rolled_back": "rolling back"}
# The device counts changes of all packages together, so the count need not change when one package is saved.
_PACKAGE_SECONDS = 5.0
_GRACE_SECONDS = 5.0


def run(context: JobContext) -> dict[str, t.Any]:
    package = commands.check_name(context.params["package"], "package")
    if context.params["state"] == "confirmed":
        return _confirm(context)
    with context.open() as api:
        api.hold_identity()
        form = api.dialect.command_form
        result = _predict(context, api, package, form)
        recovery: dict[str, t.Any] | None = None
        if context.params["state"] != "shown":
            saves = context.params["state"] == "committed"
            recovery = complete_rollback(api, context.params["journal_path"], context.check_mode, context.warn, saves)
        with adding_recovery(recovery):
            if recovery is not None:
                result = {**_predict(context, api, package, form), "recovery": recovery}
            if context.params["state"] == "shown" or result["changed"]:
                result["diff"] = _read_diff(context, api, package, form)
            if result["changed"] and not context.check_mode:
                _send_and_verify(context, api, package, form, result)
    result["changed"] = result["changed"] or has_changed(recovery)
    if context.diff:
        result["diff"] = _with_counts(context, result)
    return result


def _predict(context: JobContext, api: Device, package: str, form: str) -> dict[str, t.Any]:
    """The result as check mode returns it, from the state of the device."""
    state = context.params["state"]
    autosave = commands.read_autosave(api)
    before = commands.read_pending_changes(api)
    if before is None and state in _COMMANDS:
        raise LantimeError(
            "content",
            "the device reports no number of pending changes, so the effect of a commit or rollback cannot be verified",
            path="/api/status",
            hint="use meinberg.lantime.lantime_command with the command write",
        )
    is_needed = state in _COMMANDS and (bool(before) or (state == "committed" and bool(context.params["force"])))
    after = before if not is_needed else 0 if package == "all" else None
    if is_needed:
        commands.offered_requests(api, _COMMANDS[state], form)
        if state == "rolled_back" and autosave == "on":
            context.warn("The device saves changes automatically; changes that it has saved cannot be rolled back.")
    return {
        "changed": is_needed,
        "state": state,
        "package": package,
        "pending_before": before,
        "pending_changes": after,
        "saved": False,
        "diff": None,
        "autosave": autosave,
        "operations": [_command_operation(state, package, before, after)] if is_needed else [],
        "device": device_result(api.identity),
    }


def _command_operation(state: str, package: str, before: int | None, after: int | None) -> dict[str, t.Any]:
    return {
        "id": 1,
        "handler": package,
        "action": "command",
        "path": _COMMANDS[state],
        "before": {"pending_changes": before},
        "after": {"pending_changes": after},
        "state": "waiting",
    }


# -- confirmed


def _confirm(context: JobContext) -> dict[str, t.Any]:
    """Watch the change that waits for its confirmation, then save it."""
    with context.open() as api:
        api.hold_identity()
        try:
            result = _predict(context, api, context.params["package"], api.dialect.command_form)
        except LantimeError as error:
            what = f"{error.what}; if a change waits for its confirmation, it is active and not saved"
            raise error.with_context(what=what, hint=error.hint) from None
        context.on_accepted()
        try:
            _confirm_and_save(context, api, result)
        except LantimeError as error:
            raise error.with_context(extra={**result, "changed": api.has_written, **error.extra}) from None
    return {**result, **({"diff": _with_counts(context, result)} if context.diff else {})}


def _confirm_and_save(context: JobContext, api: Device, result: dict[str, t.Any]) -> None:
    params = context.params
    mode = TaskMode(context.check_mode, context.diff, context.warn, context.warn_at_once)
    directory = params["journal_path"] or default_directory()
    found = confirm_open_window(api, directory, mode, params["on_interrupted"], context.watch_until)
    if found is None:
        result["confirm"] = not_needed()
        return
    recovery = found.recovery
    saves = recovery.has_saved or (context.check_mode and recovery.is_needed)
    before, after = result["pending_before"], api.pending_changes
    result["operations"] = [
        {**_command_operation("committed", package, before, after), "id": number, "state": "succeeded"}
        for number, package in enumerate(found.packages if saves else (), 1)
    ]
    for operation in result["operations"] if context.check_mode else []:
        operation.update(state="waiting", after={"pending_changes": None})
    result.update(changed=has_changed(recovery.result), saved=recovery.has_saved, recovery=recovery.result)
    result.update(confirm=recovery.confirm or not_needed(), pending_changes=after)


def _read_diff(context: JobContext, api: Device, package: str, form: str) -> dict[str, t.Any] | None:
    requests = commands.command_requests("diff", form, api.config_root)
    if context.check_mode and any(request.method != "GET" for request in requests):
        return None
    try:
        diff = commands.read_device_diff(api, form, package)
    except LantimeError as error:
        is_form_given = "command_form" in api.dialect.given and context.params["state"] == "shown"
        if is_form_given or error.code not in ABSENT_CODES | {"forbidden"}:
            raise
        context.warn(
            f"The device refused the command diff ({error.what}), so the changes are not listed. "
            "If it offers the command in another form, set dialect.command_form."
        )
        return None
    if diff is None:
        context.warn("The device does not offer the command diff over REST (dialect.command_form).")
    return diff


def _send_and_verify(context: JobContext, api: Device, package: str, form: str, result: dict[str, t.Any]) -> None:
    """Send the command, then verify its effect by the number of pending changes alone."""
    before: int = result["pending_before"]
    operation = result["operations"][0]
    operation["state"] = "processing"
    limit = api.client.settings.command_timeout
    end = time.monotonic() + limit
    failure = _send(api, package, form, result)
    end = _polling_end(max(end, time.monotonic() + min(limit, _GRACE_SECONDS)), package, failure)

    def is_done(count: int) -> bool:
        return count == 0 or (package != "all" and count != before)

    with api.client.deadline.finishing():
        after = commands.wait_for_pending_changes(api, is_done, end)
        if after is None and api.client.deadline.is_over:
            failure = failure or api.client.deadline.error("the device accepted the command, and the time is over")
    if api.identity_failure is not None:
        saved = None if result["state"] == "committed" else False
        raise api.identity_failure.with_context(extra={**result, "changed": True, "saved": saved})
    result["pending_changes"] = after
    result["device"] = device_result(api.identity)
    operation["after"] = {"pending_changes": after}
    if after is None or not (is_done(after) or (failure is None and package != "all")):
        raise _unfinished_error(result, failure)
    operation["state"] = "succeeded"
    if result["state"] == "committed":
        result["saved"] = True if is_done(after) else None
    if not is_done(after):
        context.warn(
            f"{after} changes are still pending, as many as before; they may all belong to packages other than {package}."
        )


def _send(api: Device, package: str, form: str, result: dict[str, t.Any]) -> LantimeError | None:
    """Send the command; the error if its effect is unknown. Raises LantimeError if the device refuses it."""
    try:
        with api.client.deadline.writing():
            commands.send_command(api, _COMMANDS[result["state"]], form, {"package": package})
    except LantimeError as error:
        if api.identity_failure is not None:
            raise error.with_context(extra={**result, "changed": api.has_written, "saved": False}) from None
        if not error.effect_unknown:
            raise _refusal_error(error, result) from None
        return error
    return None


def _polling_end(end: float, package: str, failure: LantimeError | None) -> float:
    """When to stop polling the number of pending changes, at the latest at `end`."""
    now = time.monotonic()
    if failure is not None and failure.http_status is not None:
        return now
    if failure is None and package != "all":
        return min(end, now + _PACKAGE_SECONDS)
    return end


def _refusal_error(error: LantimeError, result: dict[str, t.Any]) -> LantimeError:
    """The error for a command that the device refused, so that nothing has changed."""
    state = result["state"]
    result["operations"][0]["state"] = "failed"
    result["operations"][0]["after"] = {"pending_changes": result["pending_before"]}
    result["pending_changes"] = result["pending_before"]
    return error.with_context(
        code="save_failed" if state == "committed" and error.code != "timeout_task" else None,
        what=f"{_VERBS[state]} the package {result['package']} failed: {error.what}; "
        f"{result['pending_before']} changes are still pending",
        hint=error.hint,
        extra={**result, "changed": False, "saved": False},
    )


def _unfinished_error(result: dict[str, t.Any], failure: LantimeError | None) -> LantimeError:
    """The error for a command that was sent, but whose effect the device does not show."""
    state, after, before = result["state"], result["pending_changes"], result["pending_before"]
    result["operations"][0]["state"] = "failed"
    answer = "the device accepted the command" if failure is None else failure.what
    if after is None:
        code, effect = "state_unknown", "the device does not report the number of pending changes"
        if failure is not None and failure.code == "timeout_task":
            code = failure.code
    elif failure is not None and failure.http_status is None and result["package"] != "all":
        code, effect = "state_unknown", f"{after} changes are pending, as many as before"
    else:
        code = "save_failed" if state == "committed" else "not_applied"
        effect = f"{after} changes are pending (before: {before})"
    is_unknown = code in ("state_unknown", "timeout_task")
    saved = None if is_unknown and state == "committed" else False
    return (failure or LantimeError(code, "")).with_context(
        code=code,
        what=f"{_VERBS[state]} the package {result['package']}: {answer}, but afterwards {effect}",
        hint="check the device with state set to shown before you run the task again; the command was sent once",
        extra={**result, "changed": is_unknown or after != before, "saved": saved},
    )


def _with_counts(context: JobContext, result: dict[str, t.Any]) -> dict[str, t.Any]:
    """The diff with headers and counts, which Ansible shows in diff mode."""
    header = " ".join(str(p) for p in (context.host, result["device"].get("serial_number")) if p)
    before, after = (
        "unknown" if count is None else count for count in (result["pending_before"], result["pending_changes"])
    )
    return {
        **(result["diff"] or {}),
        "before_header": header,
        "after_header": header,
        "before": f"pending changes: {before}\n",
        "after": f"pending changes: {after}\n",
    }
