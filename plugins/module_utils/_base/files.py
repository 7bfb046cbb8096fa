# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on the controller: atomic writing, bounded reading, lock files.

Every file is written through a FileWriter, which is registered in WRITERS. A file is replaced as a whole or not at all, is
readable by its owner only, and a symbolic link or special file at its path is refused.

All functions raise OSError for what the operating system refuses, and FileError for a file that must not be used.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import typing as t
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700

_WRITABLE_BY_OTHERS = 0o022
_SCRATCH_SUFFIX = ".new"
# How much of the name of a file the name of its temporary file repeats.
_MAX_NAME_BYTES = 200
# Errors of link() on a file system without hard links.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK})

# The name of a host or group that can be the name of a file or directory.
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:\-]{0,200}")


class FileError(ValueError):
    """A file that must not be used. The message is a clause such as "it is a symbolic link"."""


def reason(error: Exception) -> str:
    """The cause of a failure for an error message: the clause of a FileError, the type of any other exception."""
    return str(error) if isinstance(error, FileError) else type(error).__name__


def is_file_name(name: str) -> bool:
    """Whether the name of a host or group can be the name of a file or directory."""
    return _FILE_NAME.fullmatch(name) is not None


class FileWriter(t.NamedTuple):
    """Writes the files of one purpose. Created by register_writer() only.

    keeps_mode: an existing file keeps its permissions, unless others than its owner can write it.
    """

    name: str
    description: str
    keeps_mode: bool = False

    def write(self, path: Path, content: bytes) -> None:
        """Replace a file, or create it."""
        former = _regular_file(path)
        mode = PRIVATE_FILE
        if self.keeps_mode and former is not None and not former.st_mode & _WRITABLE_BY_OTHERS:
            mode = former.st_mode & 0o777
        with _scratch_file(path, content, mode) as scratch:
            scratch.replace(path)

    def create(self, path: Path, content: bytes) -> None:
        """Create a file unless it exists. Of several processes that create it at once, one succeeds; the others change nothing."""
        if _regular_file(path) is not None:
            return
        with _scratch_file(path, content, PRIVATE_FILE) as scratch:
            try:
                os.link(scratch, path)
            except FileExistsError:
                pass
            except OSError as exc:
                if exc.errno not in _NO_LINKS:
                    raise
                scratch.replace(path)

    def open_lock(self, path: Path) -> t.BinaryIO:
        """Open a lock file, which is created if it does not exist. Its content has no meaning."""
        handle = _open(path, os.O_RDWR | os.O_CREAT)
        _set_mode(handle, PRIVATE_FILE)
        return os.fdopen(handle, "r+b", buffering=0)


WRITERS: dict[str, FileWriter] = {}


def register_writer(name: str, description: str, keeps_mode: bool = False) -> FileWriter:
    """Create the writer for one kind of file. Each module that writes files calls this when it is imported."""
    if name in WRITERS:
        raise ValueError(f"the writer {name} is registered twice")
    WRITERS[name] = writer = FileWriter(name, description, keeps_mode)
    return writer


def read_file(path: Path, limit: int, follow_links: bool = False) -> bytes:
    """The content of a regular file of at most `limit` bytes.

    follow_links: accept a symbolic link at the path, for a file that the user names and nothing writes.
    """
    with os.fdopen(_open(path, os.O_RDONLY, follow_links), "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise FileError("it is too large")
    return content


def read_start(path: Path, size: int) -> bytes:
    """The first bytes of a regular file, to recognize it."""
    with os.fdopen(_open(path, os.O_RDONLY), "rb") as file:
        return file.read(size)


def read_text(path: Path, limit: int) -> str:
    """The content of a file that a user names, which another program may have written with a byte order mark."""
    return read_file(path, limit, follow_links=True).decode("utf-8-sig")


def remove_file(path: Path) -> None:
    """Remove a file; a symbolic link itself is removed, not its target. A missing file is no error."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
        _sync_directory(path.parent)


def remove_leftovers(directory: Path, stem: str) -> None:
    """Remove the temporary files of a killed process, of all files whose name is `stem` and a suffix.

    Call this only while no other process can be writing these files.
    """
    with contextlib.suppress(OSError):
        for path in directory.iterdir():
            if path.name.startswith(f".{stem}.") and path.suffix == _SCRATCH_SUFFIX:
                path.unlink()


def make_private_directory(path: Path) -> None:
    """Create a directory that only its owner can enter, whatever the umask; an existing one stays as it is."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(PRIVATE_DIRECTORY)
        path.chmod(PRIVATE_DIRECTORY)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def _open(path: Path, flags: int, follow_links: bool = False) -> int:
    """A descriptor of a regular file. O_NONBLOCK: a FIFO is refused instead of waited for."""
    flags |= os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if follow_links else os.O_NOFOLLOW)
    try:
        handle = os.open(path, flags, PRIVATE_FILE)
    except OSError:
        if not follow_links and path.is_symlink():
            raise FileError("it is a symbolic link") from None
        raise
    try:
        _check_regular(os.fstat(handle), path)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _regular_file(path: Path) -> os.stat_result | None:
    """The status of the file at a path, None if there is none. Refuses whatever must not be replaced by a file."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(status.st_mode):
        raise FileError("it is a symbolic link")
    _check_regular(status, path)
    return status


def _check_regular(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise FileError("it is not a regular file")


@contextlib.contextmanager
def _scratch_file(path: Path, content: bytes, mode: int) -> t.Iterator[Path]:
    """A synced temporary file beside a path, removed at the end unless it was renamed; the directory is synced.

    Its name is unpredictable, so that nobody can prepare a link there.
    """
    name = os.fsdecode(os.fsencode(path.name)[:_MAX_NAME_BYTES])
    scratch = path.with_name(f".{name}.{secrets.token_hex(8)}{_SCRATCH_SUFFIX}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as file:
            _set_mode(handle, mode)
            file.write(content)
            file.flush()
            os.fsync(handle)
        yield scratch
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink()
    _sync_directory(path.parent)


def _set_mode(handle: int, mode: int) -> None:
    """Set permissions that the umask or an earlier version may have changed.

    File systems without permissions refuse this, as does a file of another user; neither makes the file less safe than before.
    """
    if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
        with contextlib.suppress(OSError):
            os.fchmod(handle, mode)


def _sync_directory(directory: Path) -> None:
    # Not every file system can sync a directory.
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
