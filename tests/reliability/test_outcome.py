# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome that an error reports: which operations there were, whether the device is changed, and whether it is saved.

An error says "changed: false" only if the device is as it was before the task. Once a write was sent, it says whether the
configuration was saved: null if that is unknown.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_changes, lantime_command
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import configure
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    code_of,
    fill_disk,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

TREE: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
# 2 GETs, 2 GETs, 2 PUTs, 2 GETs, 2 saves, 2 GETs.
REQUESTS, FIRST_SAVE, LAST_SAVE = 12, 9, 10
OPTIONS: Tree = {"verify_grace": 0.3, "command_timeout": 1.0, "retries": 0, "request_timeout": 2.0}
FAULTS: dict[str, Tree] = {
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "500 after the effect": {"kind": "error-after-effect", "status": 500},
    "interim answer only": {"kind": "error-after-effect", "status": 103},
    "garbage": {"kind": "garbage"},
    "web page": {"kind": "login-page"},
    "cut": {"kind": "truncated"},
    "compressed": {"kind": "gzip"},
    "disconnected": {"kind": "close-before-answer"},
    "disconnected after the effect": {"kind": "close-after-effect"},
}
# Effects of the command write that the device may have had although its answer is odd.
ODD_ANSWERS = ["500 after the effect", "interim answer only", "cut", "compressed", "disconnected after the effect"]


@pytest.fixture(autouse=True)
def quick_commands(device: t.Any) -> None:
    device.set_dialect(command_seconds=0)
    device.ledger.clear()


def assert_truthful(device: t.Any, result: Tree, former: Tree, saved: Tree) -> None:
    """Assert that what a failed task says of its outcome agrees with the device."""
    if any(entry["write"] for entry in device.ledger):
        assert {"operations", "changed", "saved"} <= set(result), result
        assert result["operations"]
    if (running(device), startup(device)) != (former, saved):
        assert result["changed"] is True, result
    if result.get("saved", False) is False:
        assert startup(device) == saved
    elif result["saved"] is True:
        assert startup(device) == running(device)


@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "once"])
@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("nth", range(1, REQUESTS + 1))
def test_a_fault_at_each_request_of_a_saved_change(
    device: t.Any, tmp_path: Path, nth: int, name: str, lasting: bool
) -> None:
    former, saved = running(device), startup(device)
    device.add_fault(**FAULTS[name], nth=nth, times=1000 if lasting else 1)
    result = run_config(device, TREE, journal=tmp_path, **OPTIONS)
    if code_of(result) is None:
        assert (result["changed"], result["saved"]) == (True, True)
        assert running(device) == startup(device) != former
    else:
        assert_truthful(device, result, former, saved)
    device.clear_faults()
    again = run_config(device, TREE, journal=tmp_path)
    assert code_of(again) is None, again["msg"]
    assert running(device) == startup(device)
    assert run_config(device, TREE, journal=tmp_path)["changed"] is False


@pytest.mark.parametrize("status", [401, 403, 503])
def test_reading_after_the_save_is_refused(device: t.Any, tmp_path: Path, status: int) -> None:
    device.add_fault("status", status=status, method="GET", nth=LAST_SAVE - 3, times=1000)
    result = run_config(device, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, None)
    assert [o["state"] for o in result["operations"]] == ["succeeded", "succeeded"]
    assert running(device) == startup(device)


@pytest.mark.parametrize("nth", [1, 2])
def test_a_package_that_is_not_saved(device: t.Any, tmp_path: Path, nth: int) -> None:
    """If the second package is refused, the first one is saved."""
    device.add_fault("status", status=403, method="PUT", path="/api/write", nth=nth, times=5)
    result = run_config(device, TREE, journal=tmp_path, **OPTIONS)
    assert (code_of(result), result["changed"]) == ("save_failed", True)
    assert result["saved"] is (False if nth == 1 else None)


def test_a_full_disk_between_verification_and_save(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = startup(device)
    with monkeypatch.context() as patch:
        fill_disk(patch, "journal", 6)
        result = run_config(device, TREE, journal=tmp_path)
    assert (code_of(result), result["changed"], result["saved"]) == ("journal", True, False)
    assert [o["state"] for o in result["operations"]] == ["succeeded", "succeeded"]
    assert "the changes are active, and they were not saved" in result["msg"]
    assert startup(device) == saved
    again = run_config(device, TREE, journal=tmp_path)
    assert again["recovery"]["action"] == "resumed"
    assert running(device) == startup(device)


@pytest.mark.parametrize("purpose", ["fingerprints", "secrets_key"])
def test_fingerprints_that_cannot_be_written(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    tree = {**TREE, "snmp": {"read-community": "a-community"}}
    with monkeypatch.context() as patch:
        fill_disk(patch, purpose)
        if purpose == "secrets_key":
            patch.setattr("os.link", refuse)
        result = run_config(device, tree, journal=tmp_path, update_secrets="on_change")
    assert (code_of(result), result["changed"], result["saved"]) == ("journal", True, True)
    assert len(result["operations"]) == 2
    assert "the changes are active, and they were saved" in result["msg"]
    assert running(device) == startup(device)


def test_an_error_in_the_collection_after_a_write(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configure, "also_changed", lambda *_args: 1 / 0)
    result = run_config(device, TREE, journal=tmp_path)
    assert (code_of(result), result["changed"], result["saved"]) == ("internal", True, None)
    assert "operations" in result


@pytest.mark.parametrize("on_interrupted", ["resume", "revert"])
@pytest.mark.parametrize("name", ["401", "403", "503", "garbage", "disconnected"])
@pytest.mark.parametrize("nth", [5, 6, 7, 8, 9, 10])
def test_a_fault_during_recovery(device: t.Any, tmp_path: Path, nth: int, name: str, on_interrupted: str) -> None:
    assert run_killed(device, TREE, Kill("after", 5), journal=tmp_path)
    former, saved = running(device), startup(device)
    device.ledger.clear()
    device.add_fault(**FAULTS[name], nth=nth, times=1000)
    result = run_config(device, TREE, journal=tmp_path, on_interrupted=on_interrupted, **OPTIONS)
    if code_of(result) is not None:
        assert_truthful(device, result, former, saved)
    device.clear_faults()
    assert run_config(device, TREE, journal=tmp_path)["saved"] in (True, False)
    assert running(device) == startup(device)


@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "once"])
@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_an_odd_answer_to_a_commit(device: t.Any, name: str, lasting: bool) -> None:
    device.change("snmp/contact", "noc")
    device.add_fault(**FAULTS[name], method="PUT", path="/api/write", times=1)
    if lasting:
        device.add_fault("status", status=503, nth=6, times=1000)
    result = run_in_process(device, lantime_changes, state="committed", command_timeout=1.0, retries=0).result
    assert running(device) == startup(device)
    assert result["changed"] is True
    if "failed" in result:
        assert result["saved"] is None
        assert result["operations"]


@pytest.mark.parametrize("name", ODD_ANSWERS)
def test_an_odd_answer_to_the_command_write(device: t.Any, name: str) -> None:
    device.change("snmp/contact", "noc")
    device.add_fault(**FAULTS[name], method="PUT", path="/api/write", times=1)
    result = run_in_process(device, lantime_command, command="write", parameters={"package": "all"}).result
    assert running(device) == startup(device)
    assert result["changed"] is True
    if "failed" in result:
        assert result["saved"] is None
        assert result["operations"]
