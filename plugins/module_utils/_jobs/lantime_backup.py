# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_backup: save the configuration to a file, or restore it from one."""

from __future__ import annotations

import typing as t
from pathlib import Path as FilePath

from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._plan.planner import check_numbers, secret_needed_error
from .._transaction import backup as backups
from .._transaction.configure import configure_device
from .._transaction.settings import WRITE_OPTIONS, TaskMode, write_settings
from .._tree.paths import Path, nest, path_of, text_of
from .._tree.secrets import contains_mask
from .context import JobContext
from .runner import Spec

SPEC = Spec(
    options={
        "state": {"type": "str", "default": "saved", "choices": ["saved", "restored"]},
        "path": {"type": "path"},
        "dir_path": {"type": "path"},
        "filename": {"type": "str"},
        "force": {"type": "bool", "default": False},
        "restore_state": {
            "type": "str",
            "default": "overridden",
            "choices": ["merged", "overridden"],
        },
        "missing": {"type": "str", "default": "fail", "choices": ["fail", "ignore"]},
        "restrict": {"type": "list", "elements": "str"},
        "ignore_paths": {"type": "list", "elements": "str", "default": []},
        "unordered_lists": {"type": "list", "elements": "str", "default": []},
        "secrets": {"type": "raw", "default": [], "no_log": True},
        "skip_items_with_secrets": {"type": "bool", "default": False, "no_log": False},
        **WRITE_OPTIONS,
    },
    config_options=("secrets",),
    rules={
        "mutually_exclusive": [("path", "dir_path"), ("path", "filename")],
        "required_if": [("state", "restored", ("path",))],
    },
)

_MAX_UNKNOWN_NAMES = 10


def run(context: JobContext) -> dict[str, t.Any]:
    return _restore_backup(context) if context.params["state"] == "restored" else _save_backup(context)


class _GivenSecrets(t.NamedTuple):
    """The option secrets. patterns: of paths with secrets.  values: of secrets, by path."""

    patterns: list[str]
    values: dict[Path, t.Any]


def _given_secrets(option: t.Any) -> _GivenSecrets:
    """The option secrets, which is a list of patterns, or a dictionary of paths and values."""
    if isinstance(option, str):
        option = [part.strip() for part in option.split(",")]
    if isinstance(option, list) and all(isinstance(item, (str, int)) for item in option):
        return _GivenSecrets([str(item) for item in option], {})
    if not isinstance(option, dict) or any(
        not isinstance(path, str) or isinstance(value, dict) for path, value in option.items()
    ):
        raise LantimeError("option", "secrets is neither a list of patterns nor a dictionary from path to value")
    values = {path_of(path): value for path, value in option.items() if value not in ("", None)}
    for path, value in values.items():
        check_numbers(nest(path, value))
    masked = [text_of(path) for path, value in values.items() if contains_mask(value)]
    if masked:
        raise LantimeError("option", f"secrets holds a mask instead of the value of {', '.join(masked)}")
    return _GivenSecrets(list(option), values)


# -- saved


def _save_backup(context: JobContext) -> dict[str, t.Any]:
    with context.open() as api:
        api.hold_identity()
        tree = backups.read_configuration(api)
        device, pending = device_result(api.identity), api.pending_changes
    content = backups.make_document(device, tree.value, _given_secrets(context.params["secrets"]).patterns)
    path = _target_path(context, device)
    existing = _load_existing(context, path, device)
    changed = existing is None or existing["sha256"] != content["sha256"]
    if changed and not context.check_mode:
        backups.write_backup(path, content)
    kept = existing if existing is not None and not changed else content
    return {
        "changed": changed,
        "path": str(path),
        "sha256": kept["sha256"],
        "created": kept["created"],
        "not_contained": kept["not_contained"],
        "device": device,
        "pending_changes": pending,
    }


def _target_path(context: JobContext, device: dict[str, t.Any]) -> FilePath:
    if context.params["path"] is not None:
        return FilePath(context.params["path"])
    return backups.backup_path(context.params["dir_path"], context.params["filename"], device)


def _load_existing(context: JobContext, path: FilePath, device: dict[str, t.Any]) -> dict[str, t.Any] | None:
    """The backup that exists under this name, or None. Raises LantimeError if it may not be replaced."""
    if not path.exists():
        return None
    try:
        existing = backups.load_backup(path)
    except LantimeError as error:
        if context.params["force"] and path.is_file():
            return None
        hint = "remove the file, set another path, or set force to true to replace it"
        raise error.with_context(hint=hint) from None
    serial_number = existing["device"].get("serial_number")
    if serial_number != device.get("serial_number") and not context.params["force"]:
        raise LantimeError(
            "backup",
            f"the file {path} is the backup of another device ({_describe_source(existing['device'])})",
            hint="use one file for each device, or set force to true to replace it; nothing was written",
        )
    return existing


# -- restored


def _restore_backup(context: JobContext) -> dict[str, t.Any]:
    path = FilePath(context.params["path"])
    content = backups.load_backup(path)
    secrets = _given_secrets(context.params["secrets"])
    check_numbers(content["config"], context.params["ignore_paths"])
    # Only items of tables can still be missing on the device.
    settings = write_settings({**context.params, "secrets": secrets.patterns})
    settings = settings._replace(
        policy=settings.policy._replace(state=context.params["restore_state"], missing="create")
    )
    with context.open() as api:
        settings.confirm.check(settings.rules.grace, api.client.deadline)
        api.hold_identity()
        current = backups.read_configuration(api)
        device = device_result(api.identity)
        _check_device(context, content["device"], device)
        _check_backup_target(context, path, device)
        fixed_slots = api.dialect.list_remove == "fixed-slots"
        policy = backups.RestorePolicy(
            context.params["ignore_paths"], secrets.values, context.params["skip_items_with_secrets"], fixed_slots
        )
        restorable = backups.restorable_tree(content["config"], current, policy)
        _check_restorable(context, restorable)
        mode = TaskMode(context.check_mode, context.diff, context.warn, context.warn_at_once)
        result = configure_device(api, restorable.tree, settings, mode)
    kept = [text_of(p) for p in restorable.secrets_kept]
    # The member ignored tells what the device does not have.
    del result["not_applicable"]
    return {
        **result,
        "secrets_kept": list(dict.fromkeys([*result["secrets_kept"], *kept])),
        "secrets_missing": [text_of(p) for p in restorable.secrets_missing],
        "ignored": [text_of(p) for p in restorable.unknown],
        "skipped_items": [text_of(p) for p in restorable.skipped_items],
        "path": str(path),
        "sha256": content["sha256"],
        "created": content.get("created"),
        "not_contained": list(content.get("not_contained") or backups.NOT_CONTAINED),
    }


def _check_device(context: JobContext, saved: dict[str, t.Any], device: dict[str, t.Any]) -> None:
    serial_number = device.get("serial_number")
    is_same = serial_number is not None and saved.get("serial_number") == serial_number
    if not (is_same and saved.get("model") == device.get("model")) and not context.params["force"]:
        raise LantimeError(
            "backup",
            f"the backup is from another device ({_describe_source(saved)}); this device is {_describe_source(device)}",
            hint="check path and host, or set force to true if this device replaces the other one; nothing was written",
        )
    if _firmware_series(saved) != _firmware_series(device):
        context.warn(
            f"The backup was taken with firmware {_member_text(saved, 'firmware')}, and the device has {_member_text(device, 'firmware')}: "
            "names and meanings of settings may differ."
        )


def _firmware_series(device: dict[str, t.Any]) -> list[str]:
    return str(device.get("firmware")).split(".")[:2]


def _describe_source(device: dict[str, t.Any]) -> str:
    return f"{_member_text(device, 'model')}, serial number {_member_text(device, 'serial_number')}"


def _member_text(device: dict[str, t.Any], name: str) -> str:
    return printable(device.get(name) or "unknown", 40)


def _check_backup_target(context: JobContext, path: FilePath, device: dict[str, t.Any]) -> None:
    """Raise LantimeError if the backup before the first write would replace the file that is restored."""
    options = context.params["backup_options"] or {}
    if not context.params["backup"] or not options.get("filename"):
        return
    taken = backups.backup_path(options.get("dir_path"), options["filename"], device)
    if taken.resolve() == path.resolve():
        raise LantimeError(
            "option",
            "backup_options name the file that is to be restored; nothing was written",
        )


def _check_restorable(context: JobContext, restorable: backups.Restorable) -> None:
    if restorable.unknown and context.params["missing"] == "fail":
        names = [text_of(path) for path in restorable.unknown]
        more = f" and {len(names) - _MAX_UNKNOWN_NAMES} more" if len(names) > _MAX_UNKNOWN_NAMES else ""
        raise LantimeError(
            "unknown_name",
            f"the backup holds settings that the device does not have: {', '.join(names[:_MAX_UNKNOWN_NAMES])}{more}",
            path=names[0] if len(names) == 1 else "",
            hint="set missing to ignore to restore without them; nothing was written",
            extra={
                "problems": [
                    {
                        "code": "unknown_name",
                        "path": name,
                        "message": "the device has no such name",
                    }
                    for name in names
                ]
            },
        )
    if restorable.secrets_needed:
        raise secret_needed_error(restorable.secrets_needed).with_context(
            hint="give their values in secrets, or set skip_items_with_secrets to true to restore without these items; nothing was written"
        )
    if not restorable.tree.value:
        raise LantimeError(
            "backup",
            "the backup holds no setting that can be restored",
            hint="check ignore_paths, and whether the backup is from a device of this kind",
        )
