# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_backup."""

from __future__ import annotations

import typing as t
from pathlib import Path as FilePath

from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._transaction import backup as backups
from .._transaction.configure import configure_device
from .._transaction.settings import WRITE_OPTIONS, TaskMode, write_settings
from .._tree.paths import text_of
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
        "secrets": {"type": "list", "elements": "str", "default": [], "no_log": False},
        **WRITE_OPTIONS,
    },
    rules={
        "mutually_exclusive": [("path", "dir_path"), ("path", "filename")],
        "required_if": [("state", "restored", ("path",))],
    },
)

_MAX_NAMES = 10


def run(context: JobContext) -> dict[str, t.Any]:
    try:
        return _restore(context) if context.params["state"] == "restored" else _save(context)
    except LantimeError as error:
        error.host = error.host or context.host
        raise


# -- saved


def _save(context: JobContext) -> dict[str, t.Any]:
    with context.open() as api:
        tree = backups.read_configuration(api)
        identity = api.identity
    who = device_result(identity)
    content = backups.make_document(who, tree.value, context.params["secrets"])
    path = _path(context, who)
    existing = _existing(context, path, who)
    changed = existing is None or existing["sha256"] != content["sha256"]
    if changed and not context.check_mode:
        backups.write_backup(path, content)
    told = existing if existing is not None and not changed else content
    return {
        "changed": changed,
        "path": str(path),
        "sha256": told["sha256"],
        "created": told["created"],
        "not_contained": told["not_contained"],
        "device": who,
        "pending_changes": identity.pending_changes if identity else None,
    }


def _path(context: JobContext, who: dict[str, t.Any]) -> FilePath:
    if context.params["path"] is not None:
        return FilePath(context.params["path"])
    return backups.backup_path(context.params["dir_path"], context.params["filename"], who)


def _existing(context: JobContext, path: FilePath, who: dict[str, t.Any]) -> dict[str, t.Any] | None:
    """The backup of the same device that has this name, if there is one; whatever else has it is not for us to replace."""
    if not path.exists():
        return None
    try:
        existing = backups.load_backup(path)
    except LantimeError as error:
        if context.params["force"] and path.is_file():
            return None
        error.hint = "remove the file or name another one, or set force to true to replace it"
        raise
    whose = existing["device"].get("serial_number")
    if whose != who.get("serial_number") and not context.params["force"]:
        raise LantimeError(
            "backup",
            f"the file {path} is the backup of another device ({_named(existing['device'])})",
            hint="name a file for each device, or set force to true to replace it; nothing was written",
        )
    return existing


# -- restored


def _restore(context: JobContext) -> dict[str, t.Any]:
    path = FilePath(context.params["path"])
    content = backups.load_backup(path)
    with context.open() as api:
        shown = backups.read_configuration(api)
        who = device_result(api.identity)
        _check_device(context, content["device"], who)
        _check_own_backup(context, path, who)
        found = backups.restorable_tree(content["config"], shown, context.params["ignore_paths"])
        _check_names(context, found)
        # Each name has been looked up on the device: what can still be missing is an item of a table.
        settings = write_settings(context.params)
        settings = settings._replace(policy=settings.policy._replace(state=context.params["restore_state"], create=True))
        mode = TaskMode(context.check_mode, context.diff, context.warn)
        result = configure_device(api, found.tree, settings, mode)
    kept = [text_of(p) for p in found.secrets_kept]
    return {
        **result,
        "secrets_kept": list(dict.fromkeys([*result["secrets_kept"], *kept])),
        "secrets_missing": [text_of(p) for p in found.secrets_missing],
        "ignored": [text_of(p) for p in found.unknown],
        "path": str(path),
        "sha256": content["sha256"],
        "created": content.get("created"),
        "not_contained": list(content.get("not_contained") or backups.NOT_CONTAINED),
    }


def _check_device(context: JobContext, saved: dict[str, t.Any], who: dict[str, t.Any]) -> None:
    serial = who.get("serial_number")
    same = serial is not None and saved.get("serial_number") == serial
    if not (same and saved.get("model") == who.get("model")) and not context.params["force"]:
        raise LantimeError(
            "backup",
            f"the backup is that of another device ({_named(saved)}), and this is {_named(who)}",
            hint="check path and host, or set force to true if this device takes the place of that one; nothing was written",
        )
    if _series(saved) != _series(who):
        context.warn(
            f"The backup was taken with firmware {_shown(saved, 'firmware')}, and the device has {_shown(who, 'firmware')}: "
            "names and meanings may differ."
        )


def _series(who: dict[str, t.Any]) -> list[str]:
    return str(who.get("firmware")).split(".")[:2]


def _named(who: dict[str, t.Any]) -> str:
    return f"{_shown(who, 'model')}, serial number {_shown(who, 'serial_number')}"


def _shown(who: dict[str, t.Any], name: str) -> str:
    return printable(who.get(name) or "unknown", 40)


def _check_own_backup(context: JobContext, path: FilePath, who: dict[str, t.Any]) -> None:
    """The backup that is taken before the first write must not replace the one that is being restored."""
    options = context.params["backup_options"] or {}
    if not context.params["backup"] or not options.get("filename"):
        return
    taken = backups.backup_path(options.get("dir_path"), options["filename"], who)
    if taken.resolve() == path.resolve():
        raise LantimeError(
            "option",
            "backup_options name the very file that is to be restored; nothing was written",
        )


def _check_names(context: JobContext, found: backups.Restorable) -> None:
    if found.unknown and context.params["missing"] == "fail":
        names = [text_of(path) for path in found.unknown]
        more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
        raise LantimeError(
            "unknown_name",
            f"the backup names what the device does not have: {', '.join(names[:_MAX_NAMES])}{more}",
            path=names[0] if len(names) == 1 else "",
            hint="set missing to ignore to leave these names out; nothing was written",
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
    if not found.tree.value:
        raise LantimeError(
            "backup",
            "nothing of the backup is left to restore",
            hint="look at ignore_paths, and whether the backup is that of a device like this one",
        )
