# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backup files: the configuration of a device in one JSON file that names the device and proves that it is whole.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import typing as t
from pathlib import Path as FilePath

from ansible_collections.meinberg.lantime.plugins.module_utils._errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import redacted

FORMAT = "meinberg.lantime.backup"
VERSION = 1
NOT_CONTAINED = (
    "secrets, which the device shows masked only",
    "certificates and private keys",
    "users and their passwords, as far as the API does not show them",
)

_MAX_BYTES = 32 * 1024 * 1024


def document(device: dict[str, t.Any], config: t.Any) -> dict[str, t.Any]:
    """The content of a backup file. config: canonical; its secrets are masked here, whatever the device showed."""
    kept = redacted(config)
    return {
        "format": FORMAT,
        "version": VERSION,
        "created": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "device": device,
        "not_contained": list(NOT_CONTAINED),
        "sha256": checksum(kept),
        "config": kept,
    }


def checksum(config: t.Any) -> str:
    """SHA-256 over the configuration as JSON with sorted names."""
    text = json.dumps(config, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def default_name(device: t.Mapping[str, t.Any]) -> str:
    """C(ts1-0123456789-20260211T220507Z.json), of characters that are fit for file names only."""
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    parts = [device.get("hostname"), device.get("serial_number"), stamp]
    return (
        "-".join(
            re.sub(r"[^A-Za-z0-9.]+", "_", str(p or "unknown"))[:60].lstrip(".") for p in parts
        )
        + ".json"
    )


def store(path: FilePath, content: dict[str, t.Any]) -> None:
    """Write a backup file whole or not at all, readable by its owner only. Raises LantimeError C(backup)."""
    scratch = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as exc:
        raise LantimeError(
            "backup", f"the backup {path} cannot be written ({type(exc).__name__})"
        ) from None


def load(path: FilePath) -> dict[str, t.Any]:
    """The content of a backup file, its form and checksum checked. Raises LantimeError C(backup)."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("it is too large")
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError("it is no backup of a LANTIME")
        if content.get("version") != VERSION:
            raise ValueError(f"its version is {content.get('version')!r}, not {VERSION}")
        if not isinstance(content.get("config"), dict) or not isinstance(
            content.get("device"), dict
        ):
            raise ValueError("it holds no configuration")
        if content.get("sha256") != checksum(content["config"]):
            raise ValueError("its checksum does not fit its content")
    except OSError as exc:
        raise LantimeError(
            "backup", f"the backup {path} cannot be read ({type(exc).__name__})"
        ) from None
    except ValueError as exc:
        reason = "it is not JSON" if isinstance(exc, json.JSONDecodeError) else str(exc)
        raise LantimeError("backup", f"the backup {path} cannot be used: {reason}") from None
    return content
