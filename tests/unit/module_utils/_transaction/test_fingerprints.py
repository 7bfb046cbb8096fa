# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints of secrets."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.fingerprints import Fingerprints

SECRET = ("ntp", "servers", "1", "community")


def test_fingerprints_show_changed_secrets_and_hold_none(tmp_path: Path) -> None:
    store = Fingerprints(tmp_path, "M600-1")
    assert store.changed({SECRET: "canary"}) == ("ntp/servers/1/community",)
    store.remember({SECRET: "canary"})
    fresh = Fingerprints(tmp_path, "M600-1")
    assert fresh.changed({SECRET: "canary"}) == ()
    assert fresh.changed({SECRET: "other"}) == ("ntp/servers/1/community",)
    for file in tmp_path.iterdir():
        assert b"canary" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "M600-1.secrets").write_text(json.dumps([1]))
    with pytest.raises(LantimeError):
        Fingerprints(tmp_path, "M600-1").changed({SECRET: "canary"})


def _remember_a_secret(directory: Path, number: int, start: t.Any, problems: t.Any) -> None:
    start.wait(60)
    try:
        Fingerprints(directory, f"device{number}").remember({("snmp", "read-community"): "value"})
    except Exception as exc:
        problems.put(f"{number}: {type(exc).__name__} {exc}")


def test_many_processes_create_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for round_number in range(3):
        directory = tmp_path / str(round_number)
        directory.mkdir()
        start, problems = context.Barrier(40), context.SimpleQueue()
        arguments = [(directory, number, start, problems) for number in range(40)]
        workers = [context.Process(target=_remember_a_secret, args=each) for each in arguments]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert [worker.exitcode for worker in workers] == [0] * 40
        assert problems.empty()
        fingerprints = {(directory / f"device{number}.secrets").read_bytes() for number in range(40)}
        assert len(fingerprints) == 1, "all fingerprints are made with the same key"
        assert sorted(path.name for path in directory.iterdir() if path.suffix != ".secrets") == ["secrets.key"]


A, B = ("snmp", "read-community"), ("ntp", "keys", "1", "secret")


def test_each_task_remembers_its_own_secrets_only(tmp_path: Path) -> None:
    for path, value in ((A, "one"), (B, "two")):
        Fingerprints(tmp_path, "M600-1").remember({path: value})
    fresh = Fingerprints(tmp_path, "M600-1")
    assert fresh.changed({A: "one", B: "two"}) == ()
    fresh.remember({A: "three"})
    for store in (fresh, Fingerprints(tmp_path, "M600-1")):
        assert store.changed({A: "three", B: "two"}) == ()
        assert store.changed({A: "one", B: "two"}) == ("snmp/read-community",)


def test_what_was_asked_before_does_not_hide_what_is_remembered(tmp_path: Path) -> None:
    store = Fingerprints(tmp_path, "M600-1")
    assert store.changed({A: "one"}) == ("snmp/read-community",)
    store.remember({A: "one"})
    assert store.changed({A: "one"}) == ()


def test_a_fingerprint_belongs_to_path_value_type_and_key(tmp_path: Path) -> None:
    store = Fingerprints(tmp_path, "M600-1")
    store.remember({A: "1", B: "1"})
    known = json.loads((tmp_path / "M600-1.secrets").read_text("utf-8"))
    assert list(known) == ["ntp/keys/1/secret", "snmp/read-community"]
    assert len(set(known.values())) == 2
    assert store.changed({A: 1}) == ("snmp/read-community",)
    assert Fingerprints(tmp_path, "M600-2").changed({A: "1"}) == ("snmp/read-community",)
    assert len((tmp_path / "secrets.key").read_bytes()) == 32
    (tmp_path / "secrets.key").write_bytes(b"another key")
    assert Fingerprints(tmp_path, "M600-1").changed({A: "1", B: "1"}) == ("snmp/read-community", "ntp/keys/1/secret")


def test_without_a_key_every_secret_has_changed(tmp_path: Path) -> None:
    Fingerprints(tmp_path, "M600-1").remember({A: "one"})
    (tmp_path / "secrets.key").unlink()
    assert Fingerprints(tmp_path, "M600-1").changed({A: "one"}) == ("snmp/read-community",)
    assert not (tmp_path / "secrets.key").exists()


def test_nothing_is_stored_for_no_secrets(tmp_path: Path) -> None:
    store = Fingerprints(tmp_path / "none", "M600-1")
    store.remember({})
    assert store.changed({}) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["secrets.key", "M600-1.secrets"])
@pytest.mark.parametrize("act", ["changed", "remember"])
@pytest.mark.parametrize("problem", ["directory", "too large", "unreadable", "link"])
def test_a_file_that_cannot_be_used_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, act: str, problem: str
) -> None:
    path = tmp_path / name
    Fingerprints(tmp_path, "M600-1").remember({A: "one"})
    if problem == "too large":
        path.write_bytes(b" " * (1025 if name == "secrets.key" else 16 * 1024 * 1024 + 1))
    elif problem == "unreadable":
        _refuse_to_open(monkeypatch, path)
    else:
        path.unlink()
        path.mkdir() if problem == "directory" else path.symlink_to(tmp_path / "target")
    store = Fingerprints(tmp_path, "M600-1")
    with pytest.raises(LantimeError) as caught:
        getattr(store, act)({A: "one"})
    assert caught.value.code == "journal"
    assert str(path) in caught.value.what


def _refuse_to_open(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Opening a file fails as for a file of another user, also if the tests run as root."""
    real = os.open

    def refusing(target: t.Any, flags: int, *mode: int) -> int:
        if os.fspath(target) == os.fspath(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(target, flags, *mode)

    monkeypatch.setattr("os.open", refusing)


@pytest.mark.parametrize("text", ["", "[]", "null", "5", '"text"', "{", "\xff"])
def test_broken_fingerprints_are_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "M600-1.secrets").write_bytes(text.encode("latin-1"))
    for act in ("changed", "remember"):
        with pytest.raises(LantimeError) as caught:
            getattr(Fingerprints(tmp_path, "M600-1"), act)({A: "one"})
        assert caught.value.code == "journal"
