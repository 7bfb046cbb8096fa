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
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import (
    Journal,
    Record,
    default_directory,
    file_name,
    new_record,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.window import Window
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


@pytest.mark.parametrize("version", [0, 3, "1", None])
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


def journal_with(directory: Path, **fields: t.Any) -> Journal:
    """A journal with one transaction, whose record has these fields."""
    journal = Journal(str(directory), "M600", "1")
    journal.write(new_record({"host": "ts1"}, ("config",), Plan(CHANGES), ["ntp", "system"], 3)._replace(**fields))
    return journal


def loaded(directory: Path) -> Record:
    """The record as a later task reads it."""
    record = Journal(str(directory), "M600", "1").load()
    assert record is not None
    return record


@pytest.mark.parametrize("phase", ["writing", "saving", "rolling_back"])
def test_every_member_of_a_record_is_stored(tmp_path: Path, phase: str) -> None:
    states = ("succeeded", "processing", "waiting")
    written = journal_with(tmp_path, phase=phase, states=states).record
    assert written is not None
    again = loaded(tmp_path)
    # The secret of the first change is masked, and known as a secret by its mask.
    assert again._replace(changes=(), secrets=frozenset()) == written._replace(changes=(), secrets=frozenset())
    assert (again.packages, again.pending, again.phase, again.states) == (("ntp", "system"), 3, phase, states)
    assert again.device == {"host": "ts1"}
    assert again.root == ("config",)
    assert [c.action for c in again.changes] == ["set", "create", "delete"]
    assert again.changes[0].after == {"address": "b", "community": "********"}
    assert again.secrets == {SECRET}
    assert again.plan.changes == again.changes
    assert again.plan.secrets == again.secrets
    assert again.started == list(again.changes[:2])


def test_a_new_record_waits_for_all_changes() -> None:
    record = new_record({}, ("config",), Plan(CHANGES, secrets=frozenset({SECRET})), ["ntp"])
    assert (record.phase, record.states, record.pending) == ("writing", ("waiting",) * 3, 0)
    assert record.started == []
    assert (record.secrets, record.packages) == (frozenset({SECRET}), ("ntp",))
    assert record.id != new_record({}, ("config",), Plan(CHANGES), ["ntp"]).id


def test_a_journal_without_the_number_of_pending_changes_is_read(tmp_path: Path) -> None:
    """The first release with a journal did not write it."""
    path = journal_with(tmp_path).path
    content = json.loads(path.read_text("utf-8"))
    del content["pending"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert loaded(tmp_path).pending == 0


@pytest.mark.parametrize(
    ("former", "phase", "packages"),
    [
        ("writing", "saving", ("ntp", "system")),
        ("writing", "rolling_back", ()),
        ("saving", "rolling_back", ("ntp", "system")),
        ("rolling_back", "rolling_back", ("ntp", "system")),
    ],
)
def test_packages_are_kept_unless_a_rollback_begins_before_the_save(
    tmp_path: Path, former: str, phase: str, packages: tuple[str, ...]
) -> None:
    journal_with(tmp_path, phase=former).enter(phase)
    assert (loaded(tmp_path).phase, loaded(tmp_path).packages) == (phase, packages)


def test_only_an_open_transaction_is_marked(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), "M600", "1")
    acts: list[t.Callable[[], object]] = [lambda: journal.mark(0, "succeeded"), lambda: journal.enter("saving")]
    for act in acts:
        with pytest.raises(ValueError, match="no transaction is open"):
            act()
    journal = journal_with(tmp_path)
    journal.close()
    with pytest.raises(ValueError, match="no transaction is open"):
        journal.mark(0, "succeeded")
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = journal_with(tmp_path).path
    limit = 16 * 1024 * 1024
    content = path.read_bytes()
    path.write_bytes(content + b" " * (limit - len(content)))
    assert loaded(tmp_path).packages == ("ntp", "system")
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(LantimeError, match="it is too large") as caught:
        Journal(str(tmp_path), "M600", "1").load()
    assert caught.value.code == "journal"
    assert str(path) in caught.value.what


@pytest.mark.parametrize("act", ["load", "write", "close"])
def test_a_file_system_that_refuses_is_an_error(tmp_path: Path, act: str) -> None:
    journal = journal_with(tmp_path)
    assert journal.record is not None
    record = journal.record
    journal.path.unlink()
    journal.path.mkdir()
    said = {"load": "cannot be read", "write": "cannot be written", "close": "cannot be removed"}[act]
    with pytest.raises(LantimeError, match=said) as caught:
        journal.write(record) if act == "write" else getattr(journal, act)()
    assert caught.value.code == "journal"
    assert str(journal.path) in caught.value.what


@pytest.mark.parametrize("mask", [0, 0o022, 0o777])
def test_the_directory_of_the_journal_is_private(tmp_path: Path, mask: int) -> None:
    former = os.umask(mask)
    try:
        journal = Journal(str(tmp_path / "new"), "M600", "1")
        journal.lock()
        journal.release()
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_the_lock_is_free_after_a_release_only(tmp_path: Path) -> None:
    one, two = (Journal(str(tmp_path), "M600", "1") for dummy in range(2))
    other = Journal(str(tmp_path), "M600", "2")
    one.release()
    one.lock()
    other.lock()
    with pytest.raises(LantimeError):
        two.lock()
    two.release()
    with pytest.raises(LantimeError):
        two.lock()
    for journal in (one, other, one):
        journal.release()
    two.lock()
    two.release()


@pytest.mark.parametrize(
    ("model", "serial_number", "readable"),
    [
        ("M600", "0123", "M600-0123"),
        (None, None, "unknown-unknown"),
        ("", "", "unknown-unknown"),
        ("M 600/../x", "1", "M_600_x-1"),
        ("M" * 100, "1", "M" * 60),
    ],
)
def test_a_file_name_is_readable_and_unique(model: str | None, serial_number: str | None, readable: str) -> None:
    stem, dash, digest = file_name(model, serial_number).rpartition("-")
    assert (stem.replace("-", "_"), dash, len(digest)) == (readable.replace("-", "_"), "-", 8)
    pairs = {(model, serial_number), (serial_number, model)}
    assert len({file_name(*pair) for pair in pairs}) == len(pairs)
    assert file_name(model, serial_number) != file_name(f"{model}x", serial_number)


@pytest.mark.parametrize(("home", "expected"), [("/srv/a", "/srv/a/lantime"), ("", "~/.ansible/lantime")])
def test_the_default_directory_is_below_the_home_of_ansible(
    monkeypatch: pytest.MonkeyPatch, home: str, expected: str
) -> None:
    monkeypatch.setenv("ANSIBLE_HOME", home)
    assert default_directory() == expected
    monkeypatch.delenv("ANSIBLE_HOME")
    assert default_directory() == "~/.ansible/lantime"


WINDOW = Window(60.0, 5.0, ({"name": "antenna", "state": "ok", "value": "connected"},), "off", 1e9, True, 2)


def test_a_window_round_trips_in_a_format_of_its_own(tmp_path: Path) -> None:
    """So that no version that does not know windows saves the change at once."""
    journal = journal_with(tmp_path, window=WINDOW)
    assert json.loads(journal.path.read_text("utf-8"))["format"] == 2
    record = journal.load()
    assert record is not None
    assert (record.window, record.is_unconfirmed) == (WINDOW, True)
    journal.enter("saving")
    assert journal.record is not None
    assert not journal.record.is_unconfirmed


def test_a_journal_without_a_window_keeps_its_format(tmp_path: Path) -> None:
    document = json.loads(journal_with(tmp_path).path.read_text("utf-8"))
    assert (document["format"], "window" in document) == (1, False)


@pytest.mark.parametrize(
    "broken",
    [
        {"seconds": -1},
        {"seconds": 1e9},
        {"seconds": float("nan")},
        {"grace": "5"},
        {"began": True},
        {"autosave": "maybe"},
        {"baseline": [{"name": "antenna", "state": "fine", "value": None}]},
        {"baseline": 5},
        {"pending": "many"},
    ],
    ids=str,
)
def test_a_window_that_cannot_be_is_refused(tmp_path: Path, broken: dict[str, t.Any]) -> None:
    journal = journal_with(tmp_path, window=WINDOW)
    document = json.loads(journal.path.read_text("utf-8"))
    document["window"].update(broken)
    journal.path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(LantimeError, match="cannot be read") as caught:
        journal.load()
    assert caught.value.code == "journal"


def test_a_rollback_from_the_window_has_nothing_to_save(tmp_path: Path) -> None:
    journal = journal_with(tmp_path, window=WINDOW)
    journal.enter_window(WINDOW)
    journal.enter("rolling_back")
    assert journal.record is not None
    assert journal.record.packages == ()


@pytest.mark.parametrize(
    ("now", "left"), [(1e9, 60.0), (1e9 + 20, 40.0), (1e9 + 60, 0.0), (1e9 + 1e6, 0.0), (1e9 - 1, 60.0)]
)
def test_what_is_left_of_a_window(now: float, left: float) -> None:
    """If the clock was set back, the whole window is."""
    assert WINDOW.left(now) == left
    assert WINDOW._replace(began=None).left(now) == 60.0
