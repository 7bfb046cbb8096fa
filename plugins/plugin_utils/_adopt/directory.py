# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the directory of an inventory, and reports beside it, as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import typing as t
from pathlib import Path

import yaml

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.files import (
    FileError,
    make_private_directory,
    read_file,
    reason,
    register_writer,
    remove_file,
)
from ...module_utils._base.sanitize import printable
from .documents import GOLDEN_FILE, HOSTS_FILE, MARK, Files
from .yaml_text import parse_document

_MAX_BYTES = 64 * 1024 * 1024

_ADOPTED_FILE = register_writer("adopted", "a file of an adopted inventory or its report", keeps_mode=True)


class FileChange(t.NamedTuple):
    """What is to become of a file. before, after: content, None if the file does not exist."""

    path: Path
    before: bytes | None
    after: bytes | None


class Directory(t.NamedTuple):
    """Changes to the files of an inventory. is_new: the directory does not exist."""

    path: Path
    changes: list[FileChange]
    is_new: bool


def plan_directory(path: Path, files: Files, is_update: bool, adopted: t.Collection[str]) -> Directory:
    """Compare the files with a directory. adopted: hosts whose former files are removed if there is none for them now.

    Raises LantimeError if the directory must not be written.
    """
    try:
        is_new = not os.path.lexists(path)
        if not is_update and not is_new and any(path.iterdir()):
            raise LantimeError(
                "adopt",
                f"the directory {path} is not empty",
                hint="set adopt_update (option update) to replace the files that were adopted before, or name another directory",
            )
        changes = [_plan_file(path / name, text) for name, text in sorted(files.items())]
        stale = [] if is_new else [_plan_removal(each) for each in _stale_files(path, files, adopted)]
    except (OSError, FileError) as exc:
        raise _directory_error(path, exc) from None
    return Directory(path, [change for change in [*changes, *stale] if change.before != change.after], is_new)


def former_hosts(path: Path) -> set[str]:
    """Hosts of the inventory that a former run wrote into a directory. Raises LantimeError."""
    file = path / HOSTS_FILE
    try:
        content = read_file(file, _MAX_BYTES).decode("utf-8") if os.path.lexists(file) else ""
        document = parse_document(content) if MARK in content else {}
        hosts = document["all"]["children"]["lantime"]["hosts"] if document else {}
        return set(hosts)
    except (OSError, FileError) as exc:
        raise _directory_error(path, exc) from None
    except (ValueError, KeyError, TypeError, yaml.YAMLError):
        hint = f"remove it if {path} is to be adopted anew; nothing was written"
        raise LantimeError("adopt", f"the file {file} is not as the role adopt wrote it", hint=hint) from None


def _plan_file(path: Path, text: str) -> FileChange:
    before = read_file(path, _MAX_BYTES) if os.path.lexists(path) else None
    if before is not None and MARK.encode() not in before:
        raise LantimeError(
            "adopt",
            f"the file {path} was not written by the role adopt",
            hint="move its content to another file of the same directory; nothing was written",
        )
    return FileChange(path, before, text.encode("utf-8"))


def _plan_removal(path: Path) -> FileChange:
    return FileChange(path, read_file(path, _MAX_BYTES), None)


def _stale_files(path: Path, files: Files, adopted: t.Collection[str]) -> list[Path]:
    """Files of former runs for groups and adopted hosts that have no settings of their own now."""
    of_groups = path.glob(f"group_vars/*/{GOLDEN_FILE}")
    of_hosts = [each for each in path.glob(f"host_vars/*/{GOLDEN_FILE}") if each.parent.name in adopted]
    return [
        each
        for each in sorted([*of_groups, *of_hosts])
        if str(each.relative_to(path)) not in files and MARK.encode() in read_file(each, _MAX_BYTES)
    ]


def plan_report(path: Path, text: str) -> FileChange:
    """A file of a report. Raises LantimeError."""
    try:
        return FileChange(path, read_file(path, _MAX_BYTES) if os.path.lexists(path) else None, text.encode("utf-8"))
    except (OSError, FileError) as exc:
        raise _directory_error(path, exc) from None


def write_all(directory: Directory, reports: t.Sequence[FileChange]) -> None:
    """Write the directory and the reports. Raises LantimeError after everything is as it was before."""
    if directory.is_new:
        _write_new(directory, reports)
    else:
        _apply([*reports, *directory.changes], directory.path)


def _write_new(directory: Directory, reports: t.Sequence[FileChange]) -> None:
    """Write into a directory beside the final one, and rename it."""
    path = directory.path
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        make_private_directory(scratch)
        for change in directory.changes:
            _write(change._replace(path=scratch / change.path.relative_to(path)))
        _apply(reports, path)
        try:
            scratch.rename(path)
        except OSError:
            _restore(reports)
            raise
    except (OSError, FileError) as exc:
        raise _directory_error(path, exc) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _apply(changes: t.Sequence[FileChange], directory: Path) -> None:
    missing = {parent for change in changes for parent in change.path.parents if not os.path.lexists(parent)}
    done: list[FileChange] = []
    try:
        for change in changes:
            done.append(change)
            _write(change)
    except (OSError, FileError) as exc:
        _restore(done)
        for parent in sorted(missing, reverse=True):
            with contextlib.suppress(OSError):
                parent.rmdir()
        raise _directory_error(directory, exc) from None


def _write(change: FileChange) -> None:
    if change.after is None:
        remove_file(change.path)
        return
    make_private_directory(change.path.parent)
    _ADOPTED_FILE.write(change.path, change.after)


def _restore(changes: t.Iterable[FileChange]) -> None:
    for change in changes:
        # What cannot be written cannot be restored either, and was not changed.
        with contextlib.suppress(OSError, FileError):
            _write(FileChange(change.path, change.after, change.before))


def _directory_error(path: Path, exc: Exception) -> LantimeError:
    at = printable(getattr(exc, "filename", None) or path, 300)
    text = f"the inventory {path} cannot be written: {at}: {reason(exc)}"
    return LantimeError("adopt", text, hint="check the path and its permissions; nothing was written")
