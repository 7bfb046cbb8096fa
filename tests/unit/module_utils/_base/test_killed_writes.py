# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that is killed inside a write: the file has its former or its new content as a whole.

The process is killed before each of its steps: opening, writing either half, syncing, renaming or linking, removing.
"""

from __future__ import annotations

import io
import os
import signal
import stat
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base import files
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, new_record
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

WRITER = files.FileWriter("test", "a file of this test")
# Events of the interpreter before the system call.
EVENTS = frozenset({"open", "os.rename", "os.link", "os.remove"})
NEW = b"new " * 1000
Act = t.Callable[[Path], object]


class HalvingFile(io.FileIO):
    """Writes each content in two halves, as a full or slow disk may. step: called before each."""

    step: t.Callable[[str], None]

    def write(self, content: t.Any) -> int:
        middle = len(content) // 2
        for half in (content[:middle], content[middle:]):
            HalvingFile.step("write")
            super().write(half)
        return len(content)


def act_in_child(directory: Path, act: Act, nth: int) -> tuple[list[str], bool]:
    """Act in a child process that is killed before its nth step. The steps that it began, and whether it was killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            _arm(directory, write, nth)
            act(directory)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        steps = pipe.read().decode().split()
    dummy, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or os.WEXITSTATUS(status) == 0
    return steps, killed


def _arm(directory: Path, pipe: int, nth: int) -> None:
    count = 0

    def step(name: str) -> None:
        nonlocal count
        count += 1
        if count == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(pipe, f"{name} ".encode())

    def audit(event: str, args: tuple[t.Any, ...]) -> None:
        if event in EVENTS and str(args[0]).startswith(str(directory)):
            step(event)

    sync = os.fsync

    def fsync(handle: int) -> None:
        step("sync-directory" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync-file")
        sync(handle)

    HalvingFile.step = staticmethod(step)
    os.fsync = fsync  # type: ignore[assignment]
    os.fdopen = lambda handle, mode="r", **_options: HalvingFile(handle, mode)  # type: ignore[assignment]
    sys.addaudithook(audit)


def write_file(directory: Path) -> None:
    WRITER.write(directory / "file", NEW)


def create_file(directory: Path) -> None:
    WRITER.create(directory / "file", NEW)


def write_in_place(directory: Path) -> None:
    """What no writer may do: the test of this test."""
    with os.fdopen(os.open(directory / "file", os.O_WRONLY | os.O_TRUNC), "wb") as file:
        file.write(NEW)


def killed_everywhere(directory: Path, act: Act, former: bytes | None) -> tuple[list[str], list[bytes | None]]:
    """Kill a process before each of its steps. The steps of one that is not killed, and the contents after each kill."""
    contents: list[bytes | None] = []
    for nth in range(1, 100):
        for path in directory.iterdir():
            path.unlink()
        if former is not None:
            (directory / "file").write_bytes(former)
        steps, killed = act_in_child(directory, act, nth)
        path = directory / "file"
        contents.append(path.read_bytes() if path.exists() else None)
        if not killed:
            return steps, contents
    raise AssertionError("the process takes too many steps")


@pytest.mark.parametrize("former", [None, b"old"])
def test_a_killed_write_leaves_the_former_or_the_new_content(tmp_path: Path, former: bytes | None) -> None:
    steps, contents = killed_everywhere(tmp_path, write_file, former)
    assert steps[:5] == ["open", "write", "write", "sync-file", "os.rename"]
    assert steps[-1] == "sync-directory"
    renamed = steps.index("os.rename") + 1
    assert contents == [former] * renamed + [NEW] * (len(contents) - renamed)


def test_a_killed_creation_leaves_nothing_or_the_new_content(tmp_path: Path) -> None:
    steps, contents = killed_everywhere(tmp_path, create_file, None)
    assert steps[:5] == ["open", "write", "write", "sync-file", "os.link"]
    assert steps[-1] == "sync-directory"
    linked = steps.index("os.link") + 1
    assert contents == [None] * linked + [NEW] * (len(contents) - linked)


def test_a_write_in_place_would_be_noticed(tmp_path: Path) -> None:
    dummy, contents = killed_everywhere(tmp_path, write_in_place, b"old")
    assert set(contents) - {b"old", NEW}


CHANGES = (Change("set", ("ntp",), {"a": 1}, {"a": 2}),)


def mark_in_journal(directory: Path) -> None:
    journal = Journal(str(directory), "M600", "1")
    journal.lock()
    assert journal.load() is not None
    journal.mark(0, "succeeded")
    journal.release()


def test_a_journal_whose_write_is_killed_has_the_former_or_the_new_state(tmp_path: Path) -> None:
    states = []
    killed, nth = True, 0
    while killed:
        journal = Journal(str(tmp_path), "M600", "1")
        journal.write(new_record({}, ("config",), Plan(CHANGES), ["ntp"]))
        nth += 1
        dummy, killed = act_in_child(tmp_path, mark_in_journal, nth)
        record = journal.load()
        assert record is not None
        states.append(record.states)
        journal.lock()
        journal.release()
        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".lock"], "leftovers are removed"
    assert states[0] == ("waiting",)
    assert states[-1] == ("succeeded",)
    assert states == sorted(states, reverse=True)
    assert len(states) > 7
