# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_config.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils import _transaction as transaction
from ansible_collections.meinberg.lantime.plugins.module_utils._errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._ltos import Ltos
from ansible_collections.meinberg.lantime.plugins.module_utils._plan import (
    Plan,
    Policy,
    diff,
    merged,
    operations,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._task import Spec, Task, device
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import Tree, canonical, text_of

SPEC = Spec(
    options={
        "config": {"type": "dict", "required": True, "no_log": True},
        "state": {"type": "str", "default": "merged", "choices": ["merged"]},
        "config_root": {"type": "str"},
        "missing": {"type": "str", "default": "fail", "choices": ["fail", "create"]},
        "update_secrets": {
            "type": "str",
            "default": "on_create",
            "choices": ["on_create", "always"],
            "no_log": False,
        },
        "save": {"type": "str", "default": "changed", "choices": ["changed", "always", "never"]},
        "save_package": {"type": "str"},
    },
    config_options=("config",),
)


def run(task: Task) -> dict[str, t.Any]:
    desired = _desired(task)
    with task.open() as api:
        current = transaction.read_sections(api, list(desired.value))
        plan = _plan(task, current, desired)
        result = _result(task, api, plan, desired)
        if not task.check_mode:
            _carry_out(task, api, plan, current, result)
    return result


def _desired(task: Task) -> Tree:
    try:
        desired = canonical(task.params["config"])
    except LantimeError as error:
        error.host = task.host
        raise
    if not desired.value:
        raise LantimeError("option", "config names nothing to configure", host=task.host)
    return desired


def _plan(task: Task, current: Tree, desired: Tree) -> Plan:
    policy = Policy(
        create=task.params["missing"] == "create",
        rewrite_secrets=task.params["update_secrets"] == "always",
    )
    try:
        return merged(current, desired, policy)
    except LantimeError as error:
        error.host = task.host
        raise


def _result(task: Task, api: Ltos, plan: Plan, desired: Tree) -> dict[str, t.Any]:
    identity = api.identity
    pending = identity.pending_changes if identity else None
    result: dict[str, t.Any] = {
        "changed": bool(plan.changes) or (task.params["save"] == "always" and bool(pending)),
        "operations": operations(plan),
        "sections": list(desired.value),
        "config_root": text_of(api.config_root),
        "secrets_kept": [text_of(path) for path in plan.secrets_kept],
        "saved": False,
        "pending_changes": pending,
        "device": device(identity),
    }
    if task.diff:
        result["diff"] = diff(plan, _name(task, api))
    return result


def _name(task: Task, api: Ltos) -> str:
    who = device(api.identity)
    return " ".join(
        str(part) for part in (task.host, who.get("model"), who.get("serial_number")) if part
    )


def _carry_out(task: Task, api: Ltos, plan: Plan, current: Tree, result: dict[str, t.Any]) -> None:
    todo = result["operations"]
    if plan.changes:
        if result["pending_changes"]:
            task.warn(
                "The device had unsaved changes of somebody else before this task; saving a package saves those in it too."
            )
        transaction.write(api, plan, todo, current)
        shown = transaction.verify(api, plan, todo, result["sections"])
        result["pending_changes"] = api.identity.pending_changes if api.identity else None
        result["also_changed"] = transaction.also_changed(current, shown, plan)
        if task.diff:
            result["diff"] = diff(plan, _name(task, api), shown.value)
    if task.params["save"] == "always" or (task.params["save"] == "changed" and plan.changes):
        _save(task, api, plan, result)


def _save(task: Task, api: Ltos, plan: Plan, result: dict[str, t.Any]) -> None:
    packages = transaction.packages(plan, api, task.params["save_package"]) or ["all"]
    try:
        left = transaction.save(api, packages)
    except LantimeError as error:
        error.extra = {**result, "changed": bool(plan.changes)}
        raise
    result["saved"] = True
    result["saved_packages"] = packages
    if left is not None:
        result["pending_changes"] = left
