# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a transaction: its content, its lock, and what is refused."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, new_record
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

SECRET = ("ntp", "servers", "1", "community")
CHANGES = (
    Change(
        "set", ("ntp", "servers", "1"), {"address": "a", "community": "****"}, {"address": "b", "community": "canary"}
    ),
    Change("create", ("ntp", "servers", "2"), None, {"address": "c"}),
    Change("delete", ("security", "users", "guest"), {"level": "info"}, {}),
)


def test_a_journal_round_trips_without_secrets(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "j"), "M600", "../../etc/passwd")
    assert journal.load() is None
    journal.lock()
    record = new_record({"model": "M600"}, ("config",), Plan(CHANGES, secrets=frozenset({SECRET})), ["ntp"])
    journal.write(record)
    journal.mark(0, "succeeded")
    journal.enter("rolling_back")
    assert journal.path.parent == tmp_path / "j"
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert "canary" not in journal.path.read_text("utf-8")
    again = Journal(str(tmp_path / "j"), "M600", "../../etc/passwd").load()
    assert again is not None
    assert (again.id, again.phase, again.states) == (
        record.id,
        "rolling_back",
        ("succeeded", "waiting", "waiting"),
    )
    assert again.sections == ["ntp", "security"]
    assert again.changes[1:] == CHANGES[1:]
    assert SECRET in again.secrets
    journal.close()
    assert journal.load() is None
    journal.release()


def test_the_lock_excludes_other_tasks_of_the_controller(tmp_path: Path) -> None:
    one, two = (Journal(str(tmp_path), "M600", "1") for dummy in range(2))
    one.lock()
    with pytest.raises(LantimeError) as caught:
        two.lock()
    assert caught.value.code == "conflict"
    one.release()
    two.lock()
    two.release()


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EINTR, errno.EOPNOTSUPP, errno.EIO])
def test_a_file_system_that_cannot_lock_is_no_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(fcntl, "flock", _failing(number))
    with pytest.raises(LantimeError) as caught:
        Journal(str(tmp_path), "M600", "1").lock()
    assert caught.value.code == "journal"
    assert errno.errorcode[number] in str(caught.value)
    assert "journal_path" in caught.value.hint


@pytest.mark.parametrize("number", [errno.EWOULDBLOCK, errno.EACCES])
def test_a_lock_that_is_held_is_a_conflict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(fcntl, "flock", _failing(number))
    with pytest.raises(LantimeError) as caught:
        Journal(str(tmp_path), "M600", "1").lock()
    assert caught.value.code == "conflict"


def _failing(number: int) -> t.Callable[..., None]:
    def flock(*_args: object) -> None:
        raise OSError(number, os.strerror(number))

    return flock


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 99}', "x" * 100, "[" * 100_000])
def test_a_broken_journal_is_refused(tmp_path: Path, text: str) -> None:
    journal = Journal(str(tmp_path), "M600", "1")
    journal.path.write_text(text)
    with pytest.raises(LantimeError) as caught:
        journal.load()
    assert caught.value.code == "journal"


def test_a_user_without_a_home_directory_can_read_but_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home(_path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", no_home)
    journal = Journal("~/.ansible/lantime", "M600", "1")
    assert journal.load() is None
    with pytest.raises(LantimeError) as caught:
        journal.lock()
    assert caught.value.code == "journal"
    assert "home directory" in caught.value.what


def test_a_journal_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LantimeError) as caught:
        Journal(str(tmp_path / "file"), "M600", "1").lock()
    assert caught.value.code == "journal"


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_journal_of_an_unknown_format_is_named(tmp_path: Path, version: object) -> None:
    journal = Journal(str(tmp_path), "M600", "1")
    journal.write(new_record({}, ("config",), Plan(CHANGES), []))
    content = json.loads(journal.path.read_text("utf-8"))
    journal.path.write_text(json.dumps({**content, "format": version}), encoding="utf-8")
    with pytest.raises(LantimeError, match=f"has the format {version}, which this version") as caught:
        journal.load()
    assert caught.value.code == "journal"
    assert str(journal.path) in str(caught.value)


def test_started_changes_are_those_that_may_have_been_sent(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), "M600", "1")
    journal.write(new_record({}, ("config",), Plan(CHANGES), ["ntp"]))
    journal.mark(0, "succeeded")
    journal.mark(1, "processing")
    assert journal.record is not None
    assert journal.record.started == list(CHANGES[:2])


def test_a_rollback_before_the_save_phase_saves_nothing(tmp_path: Path) -> None:
    for phases, packages in ((["rolling_back"], ()), (["saving", "rolling_back"], ("ntp",))):
        journal = Journal(str(tmp_path), "M600", "1")
        journal.write(new_record({}, ("config",), Plan(CHANGES), ["ntp"]))
        for phase in phases:
            journal.enter(phase)
        assert journal.record is not None
        assert journal.record.packages == packages
