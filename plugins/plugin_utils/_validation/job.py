# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_validate: check a golden configuration against recordings and backups, without a device."""

from __future__ import annotations

import typing as t
from pathlib import Path as FilePath
from types import MappingProxyType

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._hardware.slots import read_slots
from ...module_utils._jobs.context import JobContext
from ...module_utils._jobs.golden import GOLDEN_OPTIONS, Golden, parse_golden
from ...module_utils._jobs.runner import Spec
from ...module_utils._plan.module_rules import ModuleRule, ResolvedRules, resolve_rules
from ...module_utils._plan.planner import Plan, make_plan
from ...module_utils._plan.render import render_applied_rules, render_operations, render_rules_not_applicable
from ...module_utils._plan.tables import can_grow
from ...module_utils._recording import document, reading
from ...module_utils._schema.refusals import Refusal, list_refusals
from ...module_utils._status.identity import read_identity
from ...module_utils._transaction import backup as backups
from ...module_utils._tree.aliases import use_device_names
from ...module_utils._tree.canonical import Tree, leaves
from ...module_utils._tree.paths import Path, text_of

SPEC = Spec(
    options={
        "against": {"type": "list", "elements": "path", "required": True},
        "refusals": {"type": "list", "elements": "dict", "default": []},
        **GOLDEN_OPTIONS,
    },
    config_options=("config", "modules", "refusals"),
    connection=False,
)

_MAX_LISTED = 10

Entry = dict[str, t.Any]


class _Reference(t.NamedTuple):
    """What a file says of a device. status: None in a backup.  tokens: of enums."""

    kind: str
    tree: Tree
    model: str | None
    firmware: str | None
    status: t.Any = None
    tokens: t.Mapping[Path, dict[str, int]] = MappingProxyType({})


class _Checked(t.NamedTuple):
    """The outcome of one file. applied: rules that apply to modules, as a result shows them."""

    entry: Entry
    not_applicable: t.Sequence[dict[str, t.Any]] = ()
    applied: t.Sequence[dict[str, t.Any]] = ()


def run(context: JobContext) -> dict[str, t.Any]:
    golden = parse_golden(context.params)
    golden.require("validate")
    refusals = list_refusals(context.params["refusals"])
    checked = [_validate_file(path, golden, refusals) for path in _list_files(context.params["against"])]
    _warn_of_unused_rules(context, golden.rules, checked)
    entries = [each.entry for each in checked]
    invalid = [entry for entry in entries if not entry["valid"]]
    result = {
        "changed": False,
        "valid": not invalid,
        "files": entries,
        "not_applicable": [{"file": each.entry["file"], **one} for each in checked for one in each.not_applicable],
        "modules_resolved": [{"file": each.entry["file"], **one} for each in checked for one in each.applied],
    }
    if invalid:
        names = "; ".join(f"{entry['file']}: {_list_problems(entry)}" for entry in invalid[:_MAX_LISTED])
        more = f"; and {len(invalid) - _MAX_LISTED} more files" if len(invalid) > _MAX_LISTED else ""
        text = f"the configuration does not fit {len(invalid)} of {len(entries)} files: {names}{more}"
        raise LantimeError("invalid", text, extra=result)
    return result


def _list_files(against: t.Iterable[str]) -> list[FilePath]:
    """The files of the option; of a directory all JSON files."""
    files: list[FilePath] = []
    for path in map(FilePath, against):
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise LantimeError("option", f"the directory {path} holds no file with the ending .json")
        files += found
    if not files:
        raise LantimeError("option", "against names no file")
    return files


# -- one file


def _validate_file(path: FilePath, golden: Golden, refusals: t.Sequence[Refusal]) -> _Checked:
    """Compare the golden configuration with a file. refusals: of devices, for values that it must not set."""
    entry: Entry = {"file": str(path), "kind": None, "model": None, "firmware": None}
    try:
        reference = _load_reference(path)
        entry.update(kind=reference.kind, model=reference.model, firmware=reference.firmware)
        resolved = _resolve(reference, golden)
        desired = use_device_names(resolved.tree, reference.tree.value)
        plan = make_plan(reference.tree, desired, golden.policy, lambda: reference.tree)
    except LantimeError as error:
        return _Checked({**entry, **_outcome(_problems_of(error))})
    problems = [
        {"code": "secret_needed", "path": text_of(path), "message": "a new item has a mask in place of its secret"}
        for path in plan.secrets_needed
    ]
    problems += _find_refused(plan, reference.tree, refusals)
    notes = [*plan.warnings, *_notes_of_tokens(desired, reference)]
    if golden.rules and reference.status is None:
        notes.append("The rules of modules were not checked, because a backup does not say which modules are fitted.")
    absent = [{"path": text_of(path), "reason": reason} for path, reason in plan.not_applicable]
    return _Checked(
        {**entry, **_outcome(problems, notes, plan)},
        [*render_rules_not_applicable(resolved.not_applicable), *absent],
        render_applied_rules(resolved.applied, golden.policy.secrets),
    )


def _outcome(problems: list[dict[str, str]], notes: t.Sequence[str] = (), plan: Plan | None = None) -> Entry:
    """The members of an entry that are always there. plan: None if there is none."""
    return {
        "valid": not problems,
        "problems": problems,
        "notes": list(notes),
        "operations": [] if plan is None else [_without_state(each) for each in render_operations(plan)],
    }


def _without_state(operation: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in operation.items() if name != "state"}


def _problems_of(error: LantimeError) -> list[dict[str, str]]:
    listed = error.extra.get("problems")
    if isinstance(listed, list):
        return listed
    return [{"code": error.code, "path": error.path, "message": error.what}]


def _list_problems(entry: Entry) -> str:
    """The problems of a file in one line."""
    problems = entry["problems"]
    texts = [": ".join(filter(None, (each["path"], each["message"]))) for each in problems[:_MAX_LISTED]]
    more = [f"{len(problems) - _MAX_LISTED} more"] if len(problems) > _MAX_LISTED else []
    return ", ".join([*texts, *more])


def _load_reference(path: FilePath) -> _Reference:
    """The recording or backup in a file. Raises LantimeError."""
    try:
        content = document.load_recording(path)
    except LantimeError:
        if document.format_of(path) != backups.BACKUP_FORMAT:
            raise
        return _reference_of_backup(backups.load_backup(path))
    tree = reading.recorded_configuration(content)
    if tree is None:
        raise LantimeError("recording", f"the recording {path} holds no configuration")
    status = reading.recorded_status(content)
    identity = read_identity(status)
    return _Reference("recording", tree, identity.model, identity.firmware, status, reading.recorded_tokens(content))


def _reference_of_backup(content: dict[str, t.Any]) -> _Reference:
    device = content["device"]
    config = content["config"]
    tables = frozenset(_table_paths(config, ()))
    model, firmware = (printable(device[name], 60) if device.get(name) else None for name in ("model", "firmware"))
    return _Reference("backup", Tree(config, tables, frozenset()), model, firmware)


def _table_paths(node: t.Any, at: Path) -> t.Iterator[Path]:
    """Paths of mappings in a backup that are tables: all of their members are menus with a name in common, and one may be added."""
    if not isinstance(node, dict):
        return
    members = list(node.values())
    if members and all(isinstance(member, dict) for member in members) and can_grow(at):
        shared = set.intersection(*(set(member) for member in members))
        if at and (shared or len(members) == 1):
            yield at
    for name, value in node.items():
        yield from _table_paths(value, (*at, name))


def _resolve(reference: _Reference, golden: Golden) -> ResolvedRules:
    if not golden.rules or reference.status is None:
        return ResolvedRules(golden.tree)
    slots = read_slots(reference.status)
    return resolve_rules(golden.rules, golden.tree, slots, reference.firmware, golden.policy.secrets)


def _find_refused(plan: Plan, tree: Tree, refusals: t.Sequence[Refusal]) -> t.Iterator[dict[str, str]]:
    """Settings to change of which a device has said that it does not take the value, in any item of the same table."""
    shapes = [(reading.shape_of(refusal.path, tree), refusal) for refusal in refusals]
    changed = (leaf for change in plan.changes for leaf in leaves(change.after, change.path)) if shapes else ()
    for path, value in changed:
        own = reading.shape_of(path, tree)
        of_setting = (refusal for shape, refusal in shapes if shape == own)
        refusal = next((each for each in of_setting if each.is_read_only or each.value == value), None)
        if refusal is not None:
            reason = "the setting is read-only" if refusal.is_read_only else "a device has refused this value"
            yield {"code": "rejected", "path": text_of(path), "message": reason}


def _notes_of_tokens(desired: Tree, reference: _Reference) -> t.Iterator[str]:
    """Tokens of enums that were not seen on the device. Nothing says whether it accepts them."""
    for path, value in leaves(desired.value):
        tokens = reference.tokens.get(reading.shape_of(path, reference.tree), {})
        if isinstance(value, str) and tokens and value not in tokens:
            seen = ", ".join(printable(token, 40) for token in sorted(tokens)[:_MAX_LISTED])
            shown = printable(value, 40)
            yield f"{text_of(path)}: the value {shown} was not seen on this device; seen were {seen}."


def _warn_of_unused_rules(context: JobContext, rules: t.Iterable[ModuleRule], checked: list[_Checked]) -> None:
    """Warn of rules that apply to no module in any of the recordings."""
    recordings = [each for each in checked if each.entry["kind"] == "recording" and each.entry["valid"]]
    used = {one["rule"] for each in recordings for one in each.applied}
    for rule in rules:
        if recordings and rule.number not in used:
            context.warn(f"{rule.title.capitalize()} applies to no module in any of the recordings.")
