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
from .documents import MARK, Files

_MAX_BYTES = 64 * 1024 * 1024

_ADOPTED_FILE = register_writer("adopted", "a file of an adopted inventory or its report", keeps_mode=True)


class FileChange(t.NamedTuple):
    """What is to become of a file. before, after: content, None if the file does not exist."""

    path: Path
    before: bytes | None
    after: bytes | None


class Directory(t.NamedTuple):
    """Changes to the files of an inventory. is_new: the directory does not exist or is empty."""

    path: Path
    changes: list[FileChange]
    is_new: bool


def plan_directory(path: Path, files: Files, is_update: bool, keep: t.Collection[str]) -> Directory:
    """Compare the files with a directory. keep: hosts whose files stay. Raises LantimeError if the directory must not be written."""
    try:
        existing = sorted(path.iterdir()) if os.path.lexists(path) else []
        if existing and not is_update:
            raise LantimeError(
                "adopt",
                f"the directory {path} is not empty",
                hint="set adopt_update (option update) to replace the files that were adopted before, or name another directory",
            )
        changes = [_plan_file(path / name, text) for name, text in sorted(files.items())]
        stale = [] if not existing else [_plan_removal(each) for each in _adopted_files(path, files, keep)]
    except (OSError, FileError) as exc:
        raise _directory_error(path, exc) from None
    return Directory(path, [change for change in [*changes, *stale] if change.before != change.after], not existing)


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


def _adopted_files(path: Path, files: Files, keep: t.Collection[str]) -> list[Path]:
    """Files of former runs that are not written again."""
    found = [*path.glob("group_vars/*/lantime_golden.yml"), *path.glob("host_vars/*/lantime_golden.yml")]
    return [
        each
        for each in sorted(found)
        if str(each.relative_to(path)) not in files
        and not (each.parent.parent.name == "host_vars" and each.parent.name in keep)
        and MARK.encode() in read_file(each, _MAX_BYTES)
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
    done: list[FileChange] = []
    try:
        for change in changes:
            done.append(change)
            _write(change)
    except (OSError, FileError) as exc:
        _restore(done)
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
