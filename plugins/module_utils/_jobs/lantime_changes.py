# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_changes."""

from __future__ import annotations

import time
import typing as t

from .._api import commands
from .._api.device import Device
from .._api.device_result import device_result
from .._api.http_errors import ABSENT_CODES
from .._base.errors import LantimeError
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "state": {
            "type": "str",
            "default": "shown",
            "choices": ["shown", "committed", "rolled_back"],
        },
        "package": {"type": "str", "default": "all"},
        "force": {"type": "bool", "default": False},
        "config_root": {"type": "str"},
    },
)

_COMMANDS = {"committed": "write", "rolled_back": "read"}
_VERBS = {"committed": "saving", "rolled_back": "rolling back"}
# The count is that of the whole device and need not move when one package is saved: no reason to wait long for it.
_PACKAGE_SECONDS = 5.0
_GRACE_SECONDS = 5.0


def run(context: JobContext) -> dict[str, t.Any]:
    package = commands.check_name(context.params["package"], "package", context.host)
    with context.open() as api:
        form = api.dialect.command_form
        result = _look(context, api, package, form)
        if context.params["state"] == "shown" or result["changed"]:
            result["diff"] = _device_diff(context, api, package, form)
        if result["changed"] and not context.check_mode:
            _carry_out(context, api, package, form, result)
    if context.diff:
        result["diff"] = _with_counts(context, result)
    return result


def _look(context: JobContext, api: Device, package: str, form: str) -> dict[str, t.Any]:
    """The result as it would be, from what the device shows."""
    state = context.params["state"]
    autosave = commands.read_autosave(api)
    before = commands.read_pending_changes(api)
    if before is None and state != "shown":
        raise LantimeError(
            "content",
            "the answer tells no number of pending changes, so it cannot be seen what a commit or roll back does",
            host=context.host,
            path="/api/status",
            hint="use meinberg.lantime.lantime_command with the command write",
        )
    wanted = state != "shown" and (bool(before) or (state == "committed" and bool(context.params["force"])))
    operations = []
    after = before
    if wanted:
        after = 0 if package == "all" else None
        commands.offered_requests(api, _COMMANDS[state], form)
        operations.append(
            {
                "id": 1,
                "handler": package,
                "action": "command",
                "path": _COMMANDS[state],
                "before": {"pending_changes": before},
                "after": {"pending_changes": after},
                "state": "waiting",
            }
        )
        if state == "rolled_back" and autosave == "on":
            context.warn("The device saves changes by itself: what it has saved meanwhile cannot be rolled back.")
    return {
        "changed": wanted,
        "state": state,
        "package": package,
        "pending_before": before,
        "pending_changes": after,
        "diff": None,
        "autosave": autosave,
        "operations": operations,
        "device": device_result(api.identity),
    }


def _device_diff(context: JobContext, api: Device, package: str, form: str) -> dict[str, t.Any] | None:
    ways = commands.command_requests("diff", form, api.config_root)
    if context.check_mode and any(way.method != "GET" for way in ways):
        return None
    try:
        found = commands.read_device_diff(api, form, package)
    except LantimeError as error:
        settled = "command_form" in api.dialect.given and context.params["state"] == "shown"
        if settled or error.code not in ABSENT_CODES | {"forbidden"}:
            raise
        context.warn(
            f"The command diff is not offered ({error.what}), so the changes cannot be listed. "
            "dialect.command_form may name the form that this device has."
        )
        return None
    if found is None:
        context.warn("The device does not offer the command diff over REST (dialect.command_form).")
    return found


def _carry_out(context: JobContext, api: Device, package: str, form: str, result: dict[str, t.Any]) -> None:
    """Send the command, then decide by the number of pending changes alone whether it did what it should."""
    name = _COMMANDS[result["state"]]
    before: int = result["pending_before"]
    operation = result["operations"][0]
    operation["state"] = "processing"
    limit = api.client.settings.command_timeout
    end = time.monotonic() + limit
    lost: LantimeError | None = None
    try:
        commands.send_command(api, name, form, {"package": package})
    except LantimeError as error:
        if not error.effect_unknown:
            raise _refused(error, result) from None
        lost = error
    now = time.monotonic()
    end = max(end, now + min(limit, _GRACE_SECONDS))
    if lost is not None and lost.http_status is not None:
        end = now
    elif lost is None and package != "all":
        end = min(end, now + _PACKAGE_SECONDS)

    def done(count: int) -> bool:
        return count == 0 or (package != "all" and count != before)

    after = commands.wait_for_pending_changes(api, done, end)
    result["pending_changes"] = after
    result["device"] = device_result(api.identity)
    operation["after"] = {"pending_changes": after}
    if after is None or not (done(after) or (lost is None and package != "all")):
        raise _unfinished(context, result, lost)
    operation["state"] = "succeeded"
    if not done(after):
        context.warn(
            f"{after} changes are still pending, as many as before; they may all belong to other packages than {package}."
        )


def _refused(error: LantimeError, result: dict[str, t.Any]) -> LantimeError:
    """The device has said that it will not: nothing has happened."""
    state = result["state"]
    result["operations"][0]["state"] = "failed"
    result["operations"][0]["after"] = {"pending_changes": result["pending_before"]}
    result["pending_changes"] = result["pending_before"]
    return LantimeError(
        "save_failed" if state == "committed" else error.code,
        f"{_VERBS[state]} the package {result['package']} failed: {error.what}; "
        f"{result['pending_before']} changes are pending as before",
        host=error.host,
        path=error.path,
        http_status=error.http_status,
        device_message=error.device_message,
        hint=error.hint,
        extra={**result, "changed": False},
    )


def _unfinished(context: JobContext, result: dict[str, t.Any], lost: LantimeError | None) -> LantimeError:
    """The command was sent, and the device does not show that it did what it should."""
    state, after, before = result["state"], result["pending_changes"], result["pending_before"]
    result["operations"][0]["state"] = "failed"
    said = "the device took the command" if lost is None else lost.what
    if after is None:
        code, seen = "state_unknown", "the device does not tell the number of pending changes"
    elif lost is not None and lost.http_status is None and result["package"] != "all":
        code, seen = "state_unknown", f"{after} changes are pending as before"
    else:
        code = "save_failed" if state == "committed" else "not_applied"
        seen = f"{after} changes are pending (before: {before})"
    return LantimeError(
        code,
        f"{_VERBS[state]} the package {result['package']}: {said}, but afterwards {seen}",
        host=context.host,
        path="" if lost is None else lost.path,
        http_status=None if lost is None else lost.http_status,
        device_message=None if lost is None else lost.device_message,
        hint="look at the device with state set to shown before you run the task again; the command was sent once",
        extra={**result, "changed": after is None or after != before},
    )


def _with_counts(context: JobContext, result: dict[str, t.Any]) -> dict[str, t.Any]:
    """What Ansible shows in diff mode, beside what the device lists."""
    who = " ".join(str(p) for p in (context.host, result["device"].get("serial_number")) if p)
    before, after = (
        "unknown" if count is None else count for count in (result["pending_before"], result["pending_changes"])
    )
    return {
        **(result["diff"] or {}),
        "before_header": who,
        "after_header": who,
        "before": f"pending changes: {before}\n",
        "after": f"pending changes: {after}\n",
    }
