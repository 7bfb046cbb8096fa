# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two devices behind one address: during a task, new connections reach the other device.

Nothing is written to or saved on the other device, and the task says that the state of the first one is unknown once it
has written to it. The next task, which reaches the first device again, finishes or reverts the transaction.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_changes,
    lantime_command,
    lantime_probe,
)
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    Meanwhile,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)
from ansible_collections.meinberg.lantime.tests.simulator import answers

Tree = dict[str, t.Any]

TREE: Tree = {
    "ntp": {"local-clock": {"stratum": 7}},
    "snmp": {"contact": "noc"},
    "network": {"nameserver2": "192.0.2.5"},
}
# Requests of the task on one device: 3 GETs, 3 GETs, 3 PUTs, 3 GETs over a new connection, 3 saves, 3 GETs.
READ_AGAIN, FIRST_PUT, VERIFY, SAVE, AFTER_SAVE = 4, 7, 10, 13, 16
REQUESTS = 18


class Pair(t.NamedTuple):
    """Two devices; connections to the first one may reach the other one."""

    one: t.Any
    other: t.Any

    def swap(self, nth: int, close: bool = True, **match: t.Any) -> None:
        """Let connections after the nth request reach the other device. close: the present connection ends with it."""
        self.one.add_fault("swap", device=self.other.name, nth=nth, **match)
        if close:
            self.one.add_fault("close-after-answer", nth=nth, **match)


@pytest.fixture
def pair(fleet: SharedFleet) -> Pair:
    for name in ("ts1", "ts2"):
        fleet[name].set_dialect(command_seconds=0)
    return Pair(fleet["ts1"], fleet["ts2"])


def assert_untouched(pair: Pair, former: tuple[Tree, Tree]) -> None:
    assert (running(pair.other), startup(pair.other)) == former
    assert [entry["path"] for entry in pair.other.ledger if entry["write"]] == []


def assert_reads_first(device: t.Any) -> None:
    """Assert that the first request of every connection is a GET."""
    seen: set[int] = set()
    for entry in device.ledger:
        if entry["connection"] not in seen:
            seen.add(entry["connection"])
            assert entry["method"] == "GET", entry


def assert_converges(pair: Pair, journal: Path) -> None:
    pair.one.clear_faults()
    again = run_config(pair.one, TREE, journal=journal)
    assert code_of(again) is None, again["msg"]
    assert running(pair.one) == startup(pair.one)
    assert running(pair.one)["ntp"]["local-clock"]["stratum"] == 7
    assert run_config(pair.one, TREE, journal=journal)["changed"] is False


@pytest.mark.parametrize("matches", [False, True], ids=["other-differs", "other-matches"])
@pytest.mark.parametrize("nth", range(1, REQUESTS))
def test_swap_after_a_request(pair: Pair, tmp_path: Path, nth: int, matches: bool) -> None:
    if matches:
        for path, value in (
            ("ntp/local-clock/stratum", 7),
            ("snmp/contact", "noc"),
            ("network/nameserver2", "192.0.2.5"),
        ):
            pair.other.change(path, value)
    other = running(pair.other), startup(pair.other)
    former, saved = running(pair.one), startup(pair.one)
    pair.swap(nth)
    result = run_config(pair.one, TREE, journal=tmp_path, verify_grace=1.0)
    assert_untouched(pair, other)
    assert_reads_first(pair.one)
    assert pair.one.serial in result["msg"]
    assert pair.other.serial in result["msg"]
    if nth < FIRST_PUT:
        assert (code_of(result), result["changed"]) == ("conflict", False)
        assert running(pair.one) == former
    else:
        assert (code_of(result), result["changed"]) == ("state_unknown", True)
        assert [o["path"] for o in result["operations"]]
        assert result["saved"] is (False if nth < SAVE else None if nth < AFTER_SAVE else True)
        assert list(tmp_path.glob("*.json"))
    if nth < SAVE:
        assert startup(pair.one) == saved
    assert_converges(pair, tmp_path)


@pytest.mark.parametrize("nth", [READ_AGAIN, FIRST_PUT + 1])
def test_a_server_that_ends_connections_meanwhile(pair: Pair, tmp_path: Path, nth: int) -> None:
    """The same device behind each connection: the task only reads once more before it writes."""
    pair.one.add_fault("close-after-answer", nth=nth)
    result = run_config(pair.one, TREE, journal=tmp_path)
    assert (code_of(result), result.get("saved")) == (None, True)
    assert_reads_first(pair.one)


def test_a_server_that_ends_every_connection_is_not_written_to(pair: Pair, tmp_path: Path) -> None:
    former = running(pair.one)
    pair.one.add_fault("close-after-answer")
    result = run_config(pair.one, TREE, journal=tmp_path)
    assert (code_of(result), result["changed"]) == ("protocol", False)
    assert running(pair.one) == former
    assert pair.one.ledger.writes == 0


@pytest.mark.parametrize("effect", ["error-after-effect", "close-after-effect", "close-before-answer"])
def test_reading_back_reaches_the_other_device(pair: Pair, tmp_path: Path, effect: str) -> None:
    """The second PUT has an unclear answer, and the other device has the value already."""
    pair.other.change("snmp/contact", "noc")
    other = running(pair.other), startup(pair.other)
    pair.swap(2, close=False, method="PUT")
    pair.one.add_fault(effect, method="PUT", nth=2)
    result = run_config(pair.one, TREE, journal=tmp_path)
    assert_untouched(pair, other)
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert pair.one.serial in result["msg"]
    assert pair.other.serial in result["msg"]
    assert_converges(pair, tmp_path)


@pytest.mark.parametrize("nth", [2, 3, 4])
def test_swap_during_the_rollback(pair: Pair, tmp_path: Path, nth: int) -> None:
    other = running(pair.other), startup(pair.other)
    saved = startup(pair.one)
    pair.one.add_fault("status", status=400, method="PUT", path="/api/config/network")
    pair.swap(nth, method="PUT")
    result = run_config(pair.one, TREE, journal=tmp_path)
    assert_untouched(pair, other)
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert pair.one.serial in result["msg"]
    assert pair.other.serial in result["msg"]
    assert startup(pair.one) == saved
    assert_converges(pair, tmp_path)


@pytest.mark.parametrize("on_interrupted", ["resume", "revert"])
@pytest.mark.parametrize("nth", range(3, 12))
def test_swap_during_recovery(pair: Pair, tmp_path: Path, nth: int, on_interrupted: str) -> None:
    other = running(pair.other), startup(pair.other)
    assert run_killed(pair.one, TREE, Kill("after", FIRST_PUT + 1), journal=tmp_path)
    pair.one.ledger.clear()
    pair.swap(nth)
    result = run_config(pair.one, TREE, journal=tmp_path, on_interrupted=on_interrupted)
    assert_untouched(pair, other)
    assert_reads_first(pair.one)
    if "failed" in result:
        assert code_of(result) == ("state_unknown" if result["changed"] else "conflict")
        assert pair.one.serial in result["msg"]
        assert pair.other.serial in result["msg"]
    assert_converges(pair, tmp_path)


@pytest.mark.parametrize("nth", range(1, 12))
def test_swap_while_a_backup_is_restored(pair: Pair, tmp_path: Path, nth: int) -> None:
    journal, path = tmp_path / "journal", str(tmp_path / "backup.json")
    assert run_in_process(pair.one, lantime_backup, path=path).code is None
    pair.one.change("snmp/contact", "someone")
    pair.one.change("ntp/local-clock/stratum", 3)
    pair.one.ledger.clear()
    other = running(pair.other), startup(pair.other)
    pair.swap(nth)
    options = {"path": path, "state": "restored", "restrict": ["snmp", "ntp"], "journal_path": str(journal)}
    result = run_in_process(pair.one, lantime_backup, **options).result
    assert_untouched(pair, other)
    assert_reads_first(pair.one)
    if "failed" in result:
        assert code_of(result) == ("state_unknown" if result["changed"] else "conflict"), result
        assert pair.other.serial in result["msg"]
    pair.one.clear_faults()
    assert run_in_process(pair.one, lantime_backup, **options).code is None
    assert running(pair.one)["snmp"]["contact"] != "someone"


@pytest.mark.parametrize("nth", range(1, 30, 2))
def test_swap_during_a_probe(pair: Pair, nth: int) -> None:
    pair.one.set_dialect(set_body="value")
    pair.one.ledger.clear()
    other = running(pair.other), startup(pair.other)
    former = running(pair.one)
    pair.swap(nth)
    result = run_in_process(pair.one, lantime_probe, writable_path="snmp/location", effect_timeout=0.1).result
    assert_untouched(pair, other)
    assert_reads_first(pair.one)
    if pair.other.ledger:
        assert code_of(result) == ("state_unknown" if pair.one.ledger.writes else "conflict"), result
        assert pair.one.serial in result["msg"]
        assert pair.other.serial in result["msg"]
        assert result["changed"] is bool(pair.one.ledger.writes)
    else:
        assert running(pair.one) == former


@pytest.mark.parametrize("nth", range(1, 7))
@pytest.mark.parametrize("state", ["committed", "rolled_back"])
def test_swap_while_changes_are_committed(pair: Pair, nth: int, state: str) -> None:
    for device in pair:
        device.change("snmp/contact", "noc")
    other = running(pair.other), startup(pair.other)
    pair.swap(nth)
    result = run_in_process(pair.one, lantime_changes, state=state).result
    assert (running(pair.other), startup(pair.other)) == other
    assert_reads_first(pair.one)
    commands = [e["path"] for e in (*pair.other.ledger, *pair.one.ledger) if e["path"] in ("/api/write", "/api/read")]
    if pair.other.ledger:
        assert code_of(result) == ("state_unknown" if commands else "conflict"), result
        assert result["changed"] is bool(commands)
        assert pair.other.serial in result["msg"]


@pytest.mark.parametrize("nth", [1, 2])
def test_swap_before_and_after_the_command_write(pair: Pair, nth: int) -> None:
    for device in pair:
        device.change("snmp/contact", "noc")
    other = running(pair.other), startup(pair.other)
    pair.swap(nth)
    options = {"command": "write", "parameters": {"package": "all"}, "changed_when": "pending"}
    result = run_in_process(pair.one, lantime_command, **options).result
    assert (running(pair.other), startup(pair.other)) == other
    assert (code_of(result), result["changed"]) == (("conflict", False), ("state_unknown", True))[nth - 1]
    assert pair.other.serial in result["msg"]


def test_another_firmware_after_the_first_write(pair: Pair, tmp_path: Path) -> None:
    inner = pair.one._device
    former = inner.profile

    def update(_device: t.Any) -> None:
        inner.profile = replace(former, firmware="fw_7.12.001")

    try:
        with Meanwhile(pair.one, update, "PUT", "/api/config/snmp"):
            result = run_config(pair.one, TREE, journal=tmp_path)
    finally:
        inner.profile = former
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert "7.12.001" in result["msg"]
    assert_converges(pair, tmp_path)


def test_a_verifying_read_without_an_identity(pair: Pair, tmp_path: Path) -> None:
    pair.one.add_fault("missing-member", name="serial-number", method="GET", path="/api/", nth=VERIFY, times=1000)
    inner, shown = pair.one._device, answers.system_information

    def anonymous(device: t.Any) -> Tree:
        return {} if device is inner and inner.ledger.writes >= 3 else shown(device)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "system_information", anonymous)
        result = run_config(pair.one, TREE, journal=tmp_path, verify_grace=0.3)
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert pair.one.serial in result["msg"]
    assert "/api/write" not in [entry["path"] for entry in pair.one.ledger]
    assert_converges(pair, tmp_path)
