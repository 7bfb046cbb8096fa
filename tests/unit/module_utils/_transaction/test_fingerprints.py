# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints of secrets."""

from __future__ import annotations

import json
import multiprocessing
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
