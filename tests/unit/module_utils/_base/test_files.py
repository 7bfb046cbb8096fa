# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading, creating, locking and removing files. test_file_writers.py tests the users of this module."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base import files

WRITER = files.FileWriter("test", "a file of this test")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("make", ["symlink", "fifo", "directory", "device"])
def test_only_regular_files_are_read_written_created_and_locked(tmp_path: Path, make: str) -> None:
    path, target = tmp_path / "file", tmp_path / "target"
    target.write_text("target")
    expected: type[Exception] = files.FileError
    if make == "symlink":
        path.symlink_to(target)
    elif make == "fifo":
        os.mkfifo(path)
    elif make == "directory":
        path.mkdir()
        expected = OSError
    else:
        path = Path("/dev/null")
    actions: list[t.Callable[[], object]] = [
        lambda: files.read_file(path, 100),
        lambda: WRITER.write(path, b"new"),
        lambda: WRITER.create(path, b"new"),
        lambda: WRITER.open_lock(path),
    ]
    for action in actions:
        with pytest.raises(expected):
            action()
    assert target.read_text() == "target"
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".new")] == []


def test_a_link_to_a_regular_file_can_be_read_where_the_user_names_it(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"content")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link_to_fifo").symlink_to(tmp_path / "fifo")
    assert files.read_file(tmp_path / "link", 100, follow_links=True) == b"content"
    with pytest.raises(files.FileError, match="it is not a regular file"):
        files.read_file(tmp_path / "link_to_fifo", 100, follow_links=True)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert files.read_file(path, 5) == b"12345"
    with pytest.raises(files.FileError, match="it is too large"):
        files.read_file(path, 4)
    with pytest.raises(FileNotFoundError):
        files.read_file(tmp_path / "none", 4)


def test_the_reason_of_a_failure_is_a_clause_or_a_type() -> None:
    assert files.reason(files.FileError("it is too large")) == "it is too large"
    assert files.reason(PermissionError(13, "/home/user/name")) == "PermissionError"


@pytest.mark.parametrize(
    ("before", "after"), [(None, 0o600), (0o600, 0o600), (0o640, 0o640), (0o644, 0o644), (0o666, 0o600), (0o620, 0o600)]
)
def test_permissions_are_kept_only_if_others_cannot_write(tmp_path: Path, before: int | None, after: int) -> None:
    path = tmp_path / "file"
    if before is not None:
        path.write_text("old")
        path.chmod(before)
    files.FileWriter("keeper", "keeps the mode", keeps_mode=True).write(path, b"new")
    assert (mode_of(path), path.read_bytes()) == (after, b"new")
    WRITER.write(path, b"newer")
    assert mode_of(path) == 0o600


def test_a_failed_write_leaves_the_old_file_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    WRITER.write(path, b"old")

    def full(*dummy: t.Any) -> t.NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        WRITER.write(path, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"old")]


def test_file_and_directory_are_synced_around_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    real = os.fsync

    def fsync(handle: int) -> None:
        directory = stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append(("directory" if directory else "file", (tmp_path / "file").exists()))
        real(handle)

    monkeypatch.setattr("os.fsync", fsync)
    WRITER.write(tmp_path / "file", b"new")
    assert synced == [("file", False), ("directory", True)]


def test_of_many_processes_that_create_a_file_one_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "file"
    start = threading.Barrier(8)
    seen = []

    def create(number: int) -> None:
        start.wait(10)
        WRITER.create(path, b"%d" % number * 1000)
        seen.append(files.read_file(path, 10000))

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert len(seen[0]) == 1000
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_file_that_appears_during_creation_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    real = os.link

    def link(source: Path, target: Path) -> None:
        path.write_bytes(b"first")
        real(source, target)

    monkeypatch.setattr("os.link", link)
    WRITER.create(path, b"second")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"first")]


@pytest.mark.parametrize(("number", "created"), [(errno.EPERM, True), (errno.EOPNOTSUPP, True), (errno.EIO, False)])
def test_a_file_is_created_on_a_file_system_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, created: bool
) -> None:
    path = tmp_path / "file"

    def link(*dummy: t.Any) -> t.NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.link", link)
    if created:
        WRITER.create(path, b"content")
        assert (path.read_bytes(), mode_of(path)) == (b"content", 0o600)
    else:
        with pytest.raises(OSError, match=os.strerror(number)):
            WRITER.create(path, b"content")
        assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_others_could_open_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    path.chmod(0o666)
    with WRITER.open_lock(path) as one, WRITER.open_lock(path) as two:
        assert mode_of(path) == 0o600
        fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(BlockingIOError):
            fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_removing_a_link_leaves_its_target(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("target")
    link.symlink_to(target)
    files.remove_file(link)
    files.remove_file(link)
    assert [p.name for p in tmp_path.iterdir()] == ["target"]


def test_leftovers_of_one_stem_are_removed(tmp_path: Path) -> None:
    names = [
        ".a-1.json.0123.new",
        ".a-1.secrets.0123.new",
        ".a-12.json.0123.new",
        "a-1.json.new",
        "a-1.new",
        "a-1.json",
    ]
    for name in names:
        (tmp_path / name).write_text("")
    files.remove_leftovers(tmp_path, "a-1")
    assert {p.name for p in tmp_path.iterdir()} == set(names[2:])
    files.remove_leftovers(tmp_path / "none", "a-1")


@pytest.mark.parametrize("umask", [0, 0o777])
def test_a_private_directory_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    open_directory = tmp_path / "open"
    open_directory.mkdir()
    open_directory.chmod(0o755)
    former = os.umask(umask)
    try:
        files.make_private_directory(tmp_path / "new")
        files.make_private_directory(open_directory)
    finally:
        os.umask(former)
    assert mode_of(tmp_path / "new") == 0o700
    assert mode_of(open_directory) == 0o755
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OSError, match=r"directory|exists"):
            files.make_private_directory(path)


def test_a_long_name_leaves_room_for_the_temporary_name(tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 127)
    WRITER.write(path, b"content")
    assert path.read_bytes() == b"content"


def test_a_writer_is_registered_once() -> None:
    name = next(iter(files.WRITERS), None) or files.register_writer("once", "once").name
    with pytest.raises(ValueError, match="registered twice"):
        files.register_writer(name, "again")
