# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desired tree and a device: read, recover what was left behind, plan, carry out, save. The way of every writing job.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._api.device import Device
from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._jobs.context import JobContext
from .._plan import safety_checks as guards
from .._plan.planner import Plan, PlanPolicy, make_plan
from .._plan.render import diff, operations
from .._plan.rollback import unfinished_leaves
from .._tree.aliases import spelled_as
from .._tree.canonical import Tree, leaves
from .._tree.paths import Path, covered, text_of
from .._tree.secrets import is_mask, is_secret
from . import backup as backups
from . import execute as transaction
from . import recovery, saving
from .fingerprints import Fingerprints
from .health_gate import sync_gate
from .journal import Journal, default_directory, file_name

# Options of every job that writes configuration.
WRITE_OPTIONS: dict[str, dict[str, t.Any]] = {
    "config_root": {"type": "str"},
    "save": {"type": "str", "default": "changed", "choices": ["changed", "always", "never"]},
    "save_package": {"type": "str"},
    "pending": {"type": "str", "default": "warn", "choices": ["warn", "fail", "ignore"]},
    "verify": {"type": "bool", "default": True},
    "verify_grace": {"type": "float", "default": 5.0},
    "rollback": {"type": "bool", "default": True},
    "health_gate": {"type": "str", "default": "none", "choices": ["none", "sync"]},
    "journal_path": {"type": "path"},
    "on_interrupted": {
        "type": "str",
        "default": "resume",
        "choices": ["resume", "revert", "fail"],
    },
    "backup": {"type": "bool", "default": False},
    "backup_options": {
        "type": "dict",
        "options": {"dir_path": {"type": "path"}, "filename": {"type": "str"}},
    },
}


def configure(task: JobContext, desired: Tree) -> dict[str, t.Any]:
    """Bring a device to a desired tree; the result of the module."""
    with task.open() as api:
        return configure_device(task, api, desired)


def configure_device(task: JobContext, api: Device, desired: Tree) -> dict[str, t.Any]:
    """The same for a device that is open already."""
    rules = transaction.WriteRules(task.params["verify_grace"], task.params["verify"], task.params["rollback"])
    current = transaction.read_sections(api, list(desired.value))
    who = device_result(api.identity)
    journal = Journal(
        task.params["journal_path"] or default_directory(),
        who.get("model"),
        who.get("serial_number"),
    )
    found = _left_behind(task, api, journal, rules)
    if found is not None and found["action"] in ("resumed", "reverted"):
        current = transaction.read_sections(api, list(desired.value))
        if found["action"] == "reverted" and task.params["on_interrupted"] == "revert":
            desired = Tree({}, frozenset(), frozenset())
    fingerprints = Fingerprints(journal.directory, file_name(who.get("model"), who.get("serial_number")))
    desired = spelled_as(desired, current.value)
    plan = _plan(task, api, current, desired, fingerprints)
    result = _result(task, api, plan, current, found)
    if not task.check_mode:
        _carry_out(task, api, journal, plan, current, rules, result)
        fingerprints.remember(_written_secrets(task, plan, desired))
    return result


def _left_behind(
    task: JobContext, api: Device, journal: Journal, rules: transaction.WriteRules
) -> dict[str, t.Any] | None:
    record = journal.load()
    if record is None:
        return None
    if task.check_mode:
        found = recovery.inspect(api, record)
        recovery.refuse(api, journal, record, found, task.params["on_interrupted"])
        return found
    journal.lock()
    try:
        record = journal.load()
        if record is None:  # the run that held the lock has ended by itself
            return None
        found = recovery.inspect(api, record)
        save = task.params["save"] != "never"
        recovery.recover(api, journal, record, found, task.params["on_interrupted"], rules, save)
    finally:
        journal.release()
    return found


def _plan(task: JobContext, api: Device, current: Tree, desired: Tree, fingerprints: Fingerprints) -> Plan:
    params = task.params
    rewrite: tuple[str, ...] = ()
    if params.get("update_secrets") == "on_change":
        masked = {p: v for p, v in _secrets_of(task, desired.value).items() if not is_mask(v)}
        rewrite = fingerprints.changed(masked)
    policy = PlanPolicy(
        state=params.get("state", "merged"),
        create=params.get("missing") == "create",
        rewrite_secrets=params.get("update_secrets") == "always",
        rewrite=rewrite,
        secrets=tuple(params.get("secrets") or ()),
        ignore=tuple(params.get("ignore_paths") or ()),
        unordered=tuple(params.get("unordered_lists") or ()),
        fixed_slots=api.dialect.list_remove == "fixed-slots",
    )
    access = guards.Access(task.host, params["use_tls"], params["username"])
    try:
        plan = make_plan(current, desired, policy)
        guards.check(plan, current.value, access, params.get("restrict"))
    except LantimeError as error:
        error.host = task.host
        raise
    return plan


def _secrets_of(task: JobContext, tree: t.Any) -> dict[Path, t.Any]:
    patterns = task.params.get("secrets") or ()
    return {p: v for p, v in leaves(tree) if v not in ("", None) and _may_be_secret(p, v, patterns)}


def _may_be_secret(path: Path, value: t.Any, patterns: t.Sequence[str]) -> bool:
    return is_secret(path, value) or covered(path, patterns)


def _written_secrets(task: JobContext, plan: Plan, desired: Tree) -> dict[Path, t.Any]:
    """Secrets of the plan, to be remembered for C(update_secrets=on_change) only."""
    if task.params.get("update_secrets") != "on_change":
        return {}
    return {path: value for path, value in leaves(desired.value) if path in plan.secrets and not is_mask(value)}


def _result(
    task: JobContext, api: Device, plan: Plan, current: Tree, found: dict[str, t.Any] | None
) -> dict[str, t.Any]:
    pending = api.identity.pending_changes if api.identity else None
    recovered = found is not None and recovery.is_unfinished(found)
    result: dict[str, t.Any] = {
        "changed": bool(plan.changes) or recovered or (task.params["save"] == "always" and bool(pending)),
        "operations": operations(plan),
        "sections": list(current.value),
        "config_root": text_of(api.config_root),
        "secrets_kept": [text_of(path) for path in plan.secrets_kept],
        "saved": False,
        "pending_changes": pending,
        "device": device_result(api.identity),
    }
    if found is not None:
        result["recovery"] = found
    if task.diff:
        result["diff"] = diff(plan, _name(task, api))
    return result


def _name(task: JobContext, api: Device) -> str:
    who = device_result(api.identity)
    parts = (task.host, who.get("model"), who.get("serial_number"))
    return " ".join(str(part) for part in parts if part)


def _carry_out(
    task: JobContext,
    api: Device,
    journal: Journal,
    plan: Plan,
    current: Tree,
    rules: transaction.WriteRules,
    result: dict[str, t.Any],
) -> None:
    pending = result["pending_changes"]
    saves = task.params["save"] != "never"
    packages = saving.packages_of(plan, api, task.params["save_package"])
    if not plan.changes:
        if task.params["save"] == "always":
            _save(api, result, packages or ["all"], None, rules)
        return
    if pending:
        _mind_pending(task, pending)
    journal.lock()
    try:
        if task.params["backup"]:
            result["backup_path"] = _back_up(task, api)
        gate = sync_gate(api, rules.grace) if task.params["health_gate"] == "sync" else None
        shown = transaction.execute(
            api,
            journal,
            plan,
            current,
            result["operations"],
            packages if saves else [],
            rules,
            gate,
        )
        after = api.identity.pending_changes if api.identity else None
        result["pending_changes"] = after
        result["autosave"] = (
            "unknown" if after is None or not rules.verify else "yes" if after <= (pending or 0) else "no"
        )
        result["also_changed"] = transaction.also_changed(current, shown, plan)
        if task.diff:
            result["diff"] = diff(plan, _name(task, api), shown.value if rules.verify else None)
        if saves:
            journal.enter("saving")
            _save(api, result, packages, pending, rules)
        journal.close()
        if saves and rules.verify:
            _check_saved(task, api, plan, result)
    finally:
        journal.release()
        learned = getattr(api, "learned", None)
        if learned:
            result["learned"] = dict(learned)


def _mind_pending(task: JobContext, pending: int) -> None:
    if task.params["pending"] == "fail":
        raise LantimeError("pending_changes", f"the device counts {pending} unsaved changes", host=task.host)
    if task.params["pending"] == "warn":
        task.warn(
            "The device had unsaved changes of somebody else before this task; saving a package saves those in it too."
        )


def _save(
    api: Device, result: dict[str, t.Any], packages: list[str], pending: int | None, rules: transaction.WriteRules
) -> None:
    try:
        left, saved = saving.save(api, packages, result["sections"][0], pending, rules)
    except LantimeError as error:
        error.extra = {**result, **error.extra, "changed": bool(result["operations"])}
        raise
    result["saved"] = True
    result["saved_packages"] = saved
    result["pending_changes"] = left


def _check_saved(task: JobContext, api: Device, plan: Plan, result: dict[str, t.Any]) -> None:
    """What was verified must still have been there when it was saved; C(conflict) if it was not."""
    shown = transaction.read_sections(api, result["sections"]).value
    left = unfinished_leaves(plan.changes, shown, plan.secrets)
    if left:
        names = ", ".join(text_of(d.path) for d in left[:5])
        raise LantimeError(
            "conflict",
            f"somebody else changed {names} while it was being saved, so the startup configuration may hold their values",
            host=task.host,
            path=text_of(left[0].path),
            extra={**result, "remaining": [d.as_dict() for d in left]},
        )


def _back_up(task: JobContext, api: Device) -> str:
    options = task.params["backup_options"] or {}
    who = device_result(api.identity)
    path = backups.backup_path(options.get("dir_path"), options.get("filename"), who)
    content = backups.make_document(who, backups.read_configuration(api).value, task.params.get("secrets") or ())
    backups.write_backup(path, content)
    return str(path)
