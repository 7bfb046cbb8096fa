# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup files: the configuration of a device in one JSON file with the identity of the device and a checksum."""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
from pathlib import Path as FilePath
from types import MappingProxyType

from .._api.config_root import below_root
from .._api.device import Device
from .._base import files
from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._base.times import format_utc, utc_now
from .._tree.canonical import Tree, canonical
from .._tree.coerce import is_empty_item
from .._tree.paths import Path, is_covered
from .._tree.secrets import SecretRules, contains_mask, mask_secrets

BACKUP_FORMAT = "meinberg.lantime.backup"
BACKUP_VERSION = 1
NOT_CONTAINED = (
    "secrets, which the device shows masked only",
    "certificates and private keys",
    "users and their passwords, as far as the API does not show them",
)

_BACKUP_FILE = files.register_writer("backup", "the configuration of a device, as JSON")
_MAX_BACKUP_BYTES = 32 * 1024 * 1024
_EMPTY: tuple[t.Any, ...] = ("", None, [])


class Restorable(t.NamedTuple):
    """The part of a backup that can be written to a device.

    tree: without secrets, names that the device does not have, and ignored paths.  unknown: those names.
    secrets_kept: secrets of the backup that are set on the device.  secrets_missing: those that are not set.
    secrets_needed: secrets of items that the device does not have, and whose value is not known.
    skipped_items: items that were left out because of such secrets.
    """

    tree: Tree
    unknown: tuple[Path, ...]
    secrets_kept: tuple[Path, ...]
    secrets_missing: tuple[Path, ...]
    secrets_needed: tuple[Path, ...] = ()
    skipped_items: tuple[Path, ...] = ()


class RestorePolicy(t.NamedTuple):
    """How a backup is restored.

    ignore: patterns of paths to leave out, also in new items of tables.  secrets: values of secrets by path.
    skip_items: whether to leave out new items with a secret that is not known.  fixed_slots: whether tables always hold
    all of their items, so that an item without texts is one that the device does not have.
    """

    ignore: t.Sequence[str] = ()
    secrets: t.Mapping[Path, t.Any] = MappingProxyType({})
    skip_items: bool = False
    fixed_slots: bool = False


def read_configuration(api: Device) -> Tree:
    """Read the whole configuration with one GET, in canonical form."""
    node = api.config_node(())
    return canonical(below_root(node, api.config_root))


def make_document(device: dict[str, t.Any], config: t.Any, secrets: t.Sequence[str] = ()) -> dict[str, t.Any]:
    """Return the content of a backup file. config: canonical; its secrets are masked here.

    secrets: patterns of paths that are secret beyond those recognized by mask or name.
    """
    content = mask_secrets(config, (), SecretRules(patterns=secrets))
    return {
        "format": BACKUP_FORMAT,
        "version": BACKUP_VERSION,
        "created": format_utc(utc_now()),
        "device": device,
        "not_contained": list(NOT_CONTAINED),
        "sha256": checksum(device, content),
        "config": content,
    }


def checksum(device: t.Any, config: t.Any) -> str:
    """Return the SHA-256 of device and configuration as JSON with sorted names."""
    text = json.dumps(
        {"device": device, "config": config},
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def backup_path(directory: str | None, name: str | None, device: t.Mapping[str, t.Any]) -> FilePath:
    """Return the path of a backup file. directory: default is backup in the current directory.  name: default_name().

    Raises LantimeError with the code option for a name that leaves the directory.
    """
    if name is not None and (name in ("", ".", "..") or "/" in name or "\0" in name):
        raise LantimeError(
            "option",
            f'"{printable(name, 60)}" is not the name of a file in a directory',
            hint="give the directory as dir_path",
        )
    return FilePath(directory or "backup") / (name or default_name(device))


def default_name(device: t.Mapping[str, t.Any]) -> str:
    """Return a name such as ts1-0123456789-20260211T220507Z.json, of characters that are safe in file names."""
    stamp = format_utc(utc_now()).replace("-", "").replace(":", "")
    parts = [_file_name_part(device.get("hostname")), _file_name_part(device.get("serial_number")), stamp]
    return "-".join(parts) + ".json"


def _file_name_part(value: t.Any) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "_", str(value or ""))[:60].lstrip(".") or "unknown"


def write_backup(path: FilePath, content: dict[str, t.Any]) -> None:
    """Write a backup file atomically, readable by its owner only. Raises LantimeError with the code backup."""
    text = json.dumps(content, indent=2, allow_nan=False) + "\n"
    try:
        files.make_private_directory(path.parent)
        _BACKUP_FILE.write(path, text.encode())
    except (OSError, files.FileError) as exc:
        raise LantimeError("backup", f"the backup {path} cannot be written ({files.reason(exc)})") from None


def load_backup(path: FilePath) -> dict[str, t.Any]:
    """Return the content of a backup file after checking form and checksum. Raises LantimeError with the code backup."""
    try:
        return _checked(json.loads(files.read_text(path, _MAX_BACKUP_BYTES)))
    except OSError as exc:
        raise LantimeError("backup", f"the backup {path} cannot be read ({type(exc).__name__})") from None
    except (ValueError, RecursionError) as exc:
        readable = not isinstance(exc, (json.JSONDecodeError, UnicodeDecodeError, RecursionError))
        reason = str(exc) if readable else "it is not JSON"
        raise LantimeError("backup", f"the backup {path} cannot be used: {reason}") from None


def _checked(content: t.Any) -> dict[str, t.Any]:
    if not isinstance(content, dict) or content.get("format") != BACKUP_FORMAT:
        raise ValueError("it is not a backup of a LANTIME")
    if content.get("version") != BACKUP_VERSION:
        version = printable(repr(content.get("version")), 40)
        raise ValueError(f"its version is {version}, not {BACKUP_VERSION}")
    device, config = content.get("device"), content.get("config")
    if not isinstance(device, dict) or not isinstance(config, dict) or not config:
        raise ValueError("it holds no configuration")
    if content.get("sha256") != checksum(device, config):
        raise ValueError("its checksum does not match its content")
    return content


def restorable_tree(config: dict[str, t.Any], current: Tree, policy: RestorePolicy = RestorePolicy()) -> Restorable:  # noqa: B008
    """Return the part of a backup that can be written to a device.

    config: of the backup.  current: the whole configuration of the device.  Ambiguous tables are left out where they are
    equal; elsewhere they stay, and are refused.
    """
    selection = _Selection(current, policy)
    tree = canonical(selection.of_menu(config, current.value, (), new=False))
    return Restorable(
        tree,
        tuple(selection.unknown),
        tuple(selection.secrets_kept),
        tuple(selection.secrets_missing),
        tuple(selection.secrets_needed),
        tuple(selection.skipped_items),
    )


class _Selection:
    def __init__(self, current: Tree, policy: RestorePolicy) -> None:
        self.current = current
        self.policy = policy
        self.unknown: list[Path] = []
        self.secrets_kept: list[Path] = []
        self.secrets_missing: list[Path] = []
        self.secrets_needed: list[Path] = []
        self.skipped_items: list[Path] = []

    def of_menu(self, saved: dict[str, t.Any], current: t.Any, at: Path, new: bool) -> dict[str, t.Any]:
        """Select from a menu of the backup. new: it belongs to an item that the device does not have."""
        present: dict[str, t.Any] = current if isinstance(current, dict) else {}
        is_table = at in self.current.tables or current == []
        selected: dict[str, t.Any] = {}
        for name, value in saved.items():
            path = (*at, name)
            if is_covered(path, self.policy.ignore):
                continue
            if path in self.current.ambiguous:
                if mask_secrets(present[name], path) != value:
                    selected[name] = value
            elif path in self.policy.secrets and not isinstance(value, dict):
                selected[name] = self.policy.secrets[path]
            elif not isinstance(value, dict) and contains_mask(value):
                is_set = present.get(name) not in _EMPTY
                unset = self.secrets_needed if new else self.secrets_missing
                (self.secrets_kept if is_set else unset).append(path)
            elif name not in present and not (is_table or new):
                self.unknown.append(path)
            elif isinstance(value, dict) and isinstance(present.get(name, {}), (dict, list)):
                starts_item = not new and (name not in present or self._is_free_slot(is_table, present[name]))
                known = len(self.secrets_needed)
                inner = self.of_menu(value, present.get(name, {}), path, new or starts_item)
                if starts_item and self.policy.skip_items and len(self.secrets_needed) > known:
                    del self.secrets_needed[known:]
                    self.skipped_items.append(path)
                else:
                    selected[name] = inner
            else:
                selected[name] = value
        return selected

    def _is_free_slot(self, is_table: bool, item: t.Any) -> bool:
        return is_table and self.policy.fixed_slots and is_empty_item(item)
