# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_command: call a global command."""

from __future__ import annotations

import time
import typing as t

from .._api import commands
from .._api import wait_for as conditions
from .._api.device import Device
from .._api.device_result import device_result
from .._api.envelope import Envelope, node_of
from .._api.http_errors import ABSENT_CODES
from .._base.errors import LantimeError
from .._base.ranges import Bounds, check_ranges
from .._plan.planner import check_numbers
from .._transaction.open_journal import adding_recovery, complete_rollback, has_changed
from .._transaction.settings import JOURNAL_OPTIONS
from .._tree.canonical import leaves
from .._tree.secrets import hide_texts, is_secret
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "command": {"type": "str", "required": True},
        "parameters": {"type": "dict", "default": {}, "no_log": True},
        "method": {"type": "str", "default": "PUT", "choices": ["PUT", "GET"]},
        "wait_for": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": conditions.WAIT_FOR_OPTIONS,
            "required_if": conditions.REQUIRED_IF,
        },
        "timeout": {"type": "float", "default": 60.0},
        "interval": {"type": "float", "default": 2.0},
        "changed_when": {"type": "str", "choices": ["always", "never", "pending"]},
        "config_root": {"type": "str"},
        **JOURNAL_OPTIONS,
    },
    config_options=("parameters",),
)

_COMMAND_LIMITS: dict[str, Bounds] = {"timeout": (0.0, 86400.0), "interval": (0.05, 3600.0)}
_SETTLE_SECONDS = 5.0
# Shorter texts occur by chance, and masking them would make an answer unreadable.
_SHORTEST_SECRET = 4


class _Order(t.NamedTuple):
    """The command of the task, with checked options."""

    name: str
    method: str
    parameters: dict[str, t.Any]
    wait_for: list[conditions.Condition]
    changed_when: str
    hidden: list[str]


def run(context: JobContext) -> dict[str, t.Any]:
    order = _checked_order(context)
    if order.wait_for:
        context.warn_of_short_task("timeout")
    with context.open() as api:
        # A command may install or start another firmware.
        api.hold_identity(firmware=False)
        before = commands.read_pending_changes(api)
        recovery: dict[str, t.Any] | None = None
        if order.method == "PUT":
            saves = order.name == "write"
            recovery = complete_rollback(api, context.params["journal_path"], context.check_mode, context.warn, saves)
        with adding_recovery(recovery):
            result = _send_order(context, order, api, before, recovery)
    result["changed"] = result["changed"] or has_changed(recovery)
    return result


def _send_order(
    context: JobContext, order: _Order, api: Device, before: int | None, recovery: dict[str, t.Any] | None
) -> dict[str, t.Any]:
    """Send the command and wait for its conditions. before: number of pending changes.  recovery: what preceded the command."""
    form = api.dialect.command_form
    if has_changed(recovery):
        before = commands.read_pending_changes(api)
    result = _command_result(order, api, before)
    if recovery is not None:
        result["recovery"] = recovery
    if order.method == "PUT":
        commands.offered_requests(api, order.name, form)
        if context.check_mode:
            return _skipped_result(context, order, before, result)
    envelope = _send_command(context, order, api, form, result)
    _add_answer(order, envelope, result)
    _wait_for_conditions(context, order, api, result)
    _add_pending_changes(context, order, api, envelope, result)
    if api.identity_failure is not None:
        changed = order.changed_when != "never"
        raise api.identity_failure.with_context(extra={**result, "changed": changed, "saved": None})
    result["device"] = device_result(api.identity)
    return result


def _checked_order(context: JobContext) -> _Order:
    params = context.params
    name = commands.check_name(params["command"], "command")
    try:
        wait_for = conditions.make_conditions(params["wait_for"])
        if name.lower().replace("_", "-") == "get-token":
            raise ValueError("the command get-token would reveal a token; set auth to token instead")
        if params["method"] == "GET" and params["parameters"]:
            raise ValueError("parameters cannot be sent with method GET")
        check_ranges(params, _COMMAND_LIMITS)
    except ValueError as exc:
        raise LantimeError("option", str(exc)) from None
    check_numbers(params["parameters"])
    default = "always" if params["method"] == "PUT" else "never"
    hidden = [
        value
        for path, value in leaves(params["parameters"])
        if is_secret(path) and isinstance(value, str) and len(value) >= _SHORTEST_SECRET
    ]
    return _Order(name, params["method"], params["parameters"], wait_for, params["changed_when"] or default, hidden)


def _command_result(order: _Order, api: Device, before: int | None) -> dict[str, t.Any]:
    operation = {
        "id": 1,
        "handler": "device",
        "action": "command",
        "path": order.name,
        "before": {"pending_changes": before},
        "after": {"pending_changes": None},
        "state": "processing",
    }
    return {
        "changed": order.changed_when == "always",
        "command": order.name,
        "answer": None,
        "answer_truncated": False,
        "waited": [],
        "pending_changes": before,
        "operations": [operation],
        "device": device_result(api.identity),
    }


def _skipped_result(
    context: JobContext, order: _Order, before: int | None, result: dict[str, t.Any]
) -> dict[str, t.Any]:
    context.warn(f"Check mode: the command {order.name} was not sent; its effect cannot be predicted.")
    result["operations"][0]["state"] = "skipped"
    if order.changed_when == "pending":
        # Saving and rolling back do nothing if no change is pending; the effect of other commands is unknown.
        result["changed"] = order.name not in ("write", "read") or before != 0
    return result


def _send_command(
    context: JobContext, order: _Order, api: Device, form: str, result: dict[str, t.Any]
) -> Envelope | None:
    try:
        if order.method == "GET":
            return api.get((order.name,))
        with api.client.deadline.writing():
            return commands.send_command(api, order.name, form, order.parameters)
    except LantimeError as error:
        if error.device_message is not None:
            error.device_message = hide_texts(error.device_message, order.hidden)
        result["operations"][0]["state"] = "failed"
        if error.effect_unknown and error.http_status is None:
            raise _lost_error(context, order, api, error, result) from None
        in_doubt = error.effect_unknown and error.code not in ABSENT_CODES
        changed = in_doubt and order.changed_when != "never"
        raise error.with_context(extra={**result, "changed": changed, "saved": None if in_doubt else False}) from None


def _lost_error(
    context: JobContext, order: _Order, api: Device, error: LantimeError, result: dict[str, t.Any]
) -> LantimeError:
    before = result["pending_changes"]
    result["pending_changes"] = after = _read_settled_count(context, api)
    result["operations"][0]["after"] = {"pending_changes": after}
    state = (
        "the device does not answer"
        if after is None
        else f"the device answers and shows {after} pending changes (before: {before})"
    )
    unchanged = order.changed_when == "never" or (
        order.changed_when == "pending" and after is not None and after == before
    )
    return error.with_context(
        code=None if error.code == "timeout_task" else "state_unknown",
        what=f"{error.what}; whether the command {order.name} took effect is unknown, {state}",
        hint="check the device before you run the task again; the command was sent once and is not repeated",
        extra={**result, "changed": not unchanged, "saved": None},
    )


def _read_settled_count(context: JobContext, api: Device) -> int | None:
    """The number of pending changes after a command; None if the device does not report it."""
    limit = min(context.params["command_timeout"], _SETTLE_SECONDS)
    with api.client.deadline.finishing():
        return commands.wait_for_pending_changes(api, lambda dummy: True, time.monotonic() + limit)


def _add_answer(order: _Order, envelope: Envelope | None, result: dict[str, t.Any]) -> None:
    result["operations"][0]["state"] = "succeeded"
    if envelope is not None:
        data = node_of(envelope.data, (order.name,))
        result["answer"], result["answer_truncated"] = commands.format_answer(data, order.hidden)


def _wait_for_conditions(context: JobContext, order: _Order, api: Device, result: dict[str, t.Any]) -> None:
    timeout = context.params["timeout"]
    partial_result = {**result, "changed": order.changed_when != "never" and order.method == "PUT"}
    try:
        waited = conditions.wait_for_conditions(api, order.wait_for, timeout, context.params["interval"])
    except LantimeError as error:
        raise error.with_context(extra={**partial_result, **error.extra}) from None
    result["waited"] = waited
    missed = [entry["condition"] for entry in waited if not entry["met"]]
    if missed:
        first = missed[0]
        raise LantimeError(
            "state_unknown",
            f"the device accepted the command {order.name}, but {len(missed)} of {len(waited)} conditions were not met "
            f"within {timeout:g} s, the first of them {first['compare']}",
            path=f"{first['tree']}/{first['path']}",
            hint="see waited in the result for the latest values, and raise timeout if the device needs longer",
            extra={**partial_result, "waited": waited},
        )


def _add_pending_changes(
    context: JobContext, order: _Order, api: Device, envelope: Envelope | None, result: dict[str, t.Any]
) -> None:
    before = result["pending_changes"]
    after = None if envelope is None else envelope.identity.pending_changes
    if order.method == "PUT" and (order.changed_when == "pending" or order.wait_for or after is None):
        after = _read_settled_count(context, api)
    result["pending_changes"] = after
    result["operations"][0]["after"] = {"pending_changes": after}
    if order.changed_when == "pending":
        result["changed"] = before is None or after is None or before != after
