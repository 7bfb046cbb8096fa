# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of the controller is full from the nth write of a file on."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal
from ansible_collections.meinberg.lantime.tests.reliability.rig import code_of, fill_disk, run_config, running, startup

Tree = dict[str, t.Any]

TREE: Tree = {
    "ntp": {"local-clock": {"stratum": 7}},
    "snmp": {"contact": "noc"},
    "network": {"nameserver2": "192.0.2.5"},
}
# Writes of the journal: the record, then two for each of three changes, then the phase saving.
RECORDS = 8


@pytest.mark.parametrize("nth", range(1, RECORDS))
def test_a_full_disk_before_the_save_is_rolled_back(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    former, saved = running(device), startup(device)
    with monkeypatch.context() as patch:
        fill_disk(patch, "journal", nth)
        result = run_config(device, TREE, journal=tmp_path)
    assert code_of(result) == "journal"
    assert "cannot be written" in result["msg"]
    assert (running(device), startup(device)) == (former, saved)
    assert result["changed"] is False
    if nth > 1:
        assert result["rollback"] == {"state": "rolled_back" if nth > 2 else "not_needed", "remaining": []}
    assert [file.suffix for file in tmp_path.iterdir()] == [".lock"]
    assert run_config(device, TREE, journal=tmp_path)["saved"] is True


def test_a_refused_change_is_rolled_back_on_a_full_disk(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = running(device)
    device.add_fault("status", status=400, method="PUT", path="/api/config/network")
    with monkeypatch.context() as patch:
        fill_disk(patch, "journal", RECORDS - 1)
        result = run_config(device, TREE, journal=tmp_path)
    assert running(device) == former
    assert code_of(result) == "rejected"
    assert result["rollback"] == {"state": "rolled_back", "remaining": []}
    assert "everything was rolled back" in result["msg"]
    assert "cannot be written" in result["msg"]


def test_a_journal_that_cannot_be_removed_does_not_hide_the_rollback(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = running(device)
    device.add_fault("status", status=400, method="PUT", path="/api/config/network")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "no", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(f"{Journal.__module__}.files.remove_file", refuse)
        result = run_config(device, TREE, journal=tmp_path)
    assert running(device) == former
    assert (code_of(result), result["changed"]) == ("rejected", False)
    assert "cannot be removed" in result["msg"]
