# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limit of a task: on a slow device a task ends in time, in a state that it reports."""

from __future__ import annotations

import socket
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._client import deadline
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_changes,
    lantime_command,
    lantime_config_info,
    lantime_facts,
    lantime_health,
    lantime_module_info,
    lantime_probe,
)
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

TREE: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
# Requests of a change: 2 GETs, 2 GETs, 2 PUTs, 2 GETs, 2 saves, 2 GETs.
READS, FIRST_WRITE, WRITES, VERIFIED, SAVES, REQUESTS = 4, 5, 6, 8, 10, 12
# Its half is kept for a rollback, which suffices on a busy machine too.
LIMIT = 60.0
# What is left of the time of a task when the request begins that a test chooses.
SOON = 0.3
# A busy machine needs time besides the waits.
MARGIN = 3.0


@pytest.fixture(autouse=True)
def quick_commands(device: t.Any) -> None:
    device.set_dialect(command_seconds=0)
    device.ledger.clear()


def writes(device: t.Any) -> list[str]:
    """Paths of the requests so far that change something."""
    return [str(entry["path"]) for entry in device.ledger if entry["write"]]


def states(result: Tree) -> list[str]:
    return [str(operation["state"]) for operation in result["operations"]]


def assert_converges(device: t.Any, journal: Path) -> None:
    device.clear_faults()
    again = run_config(device, TREE, journal=journal)
    assert code_of(again) is None, again["msg"]
    assert running(device) == startup(device)
    assert run_config(device, TREE, journal=journal)["changed"] is False


class SkippingClock:
    """The clock of time limits. When the nth request of a task begins, it skips what is left of the time, but for a moment.

    times: how many requests from there on it is so.  method: the requests that count, all if empty.
    """

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, nth: int, times: int = 1, seconds: float = SOON, method: str = ""
    ) -> None:
        self._skipped = 0.0
        self._seen = 0
        send = Client.request

        def send_late(client: Client, sent: str, *args: t.Any, **options: t.Any) -> t.Any:
            if method in ("", sent):
                self._seen += 1
                if nth <= self._seen < nth + times:
                    self._skipped += max(0.0, client.deadline.left() - seconds)
            return send(client, sent, *args, **options)

        monkeypatch.setattr(Client, "request", send_late)
        monkeypatch.setattr(deadline, "time", self)

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class SlowDevice:
    """A device whose nth request, and so many from there on, are answered too late for the task."""

    def __init__(self, device: t.Any, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._device = device
        self._journal = journal
        self._monkeypatch = monkeypatch

    def run(self, nth: int, times: int = 1, kind: str = "slow-answers", **options: t.Any) -> Tree:
        self._device.add_fault(kind, seconds=10, nth=nth, times=times)
        with self._monkeypatch.context() as patch:
            SkippingClock(patch, nth, times)
            return run_config(self._device, TREE, journal=self._journal, **{"task_timeout": LIMIT, **options})


@pytest.fixture
def slow(device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SlowDevice:
    return SlowDevice(device, tmp_path, monkeypatch)


# -- one slow answer


@pytest.mark.parametrize("check", [False, True], ids=["apply", "check"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_slow_answer_while_reading(slow: SlowDevice, device: t.Any, tmp_path: Path, nth: int, check: bool) -> None:
    result = slow.run(nth, check=check)
    assert (code_of(result), result["changed"], result["failed"]) == ("timeout_task", False, True)
    assert "task_timeout is 60 s" in result["msg"]
    assert "operations" not in result
    assert (writes(device), list(tmp_path.glob("*.json"))) == ([], [])
    assert_converges(device, tmp_path)


@pytest.mark.parametrize("nth", [3, 4])
def test_a_slow_answer_before_the_first_write(slow: SlowDevice, device: t.Any, tmp_path: Path, nth: int) -> None:
    result = slow.run(nth)
    assert (code_of(result), result["changed"]) == ("timeout_task", False)
    assert "30 s are kept for a rollback" in result["msg"]
    assert (writes(device), list(tmp_path.glob("*.json"))) == ([], [])
    assert_converges(device, tmp_path)


@pytest.mark.parametrize(
    ("nth", "kind"),
    [*((nth, "slow-answers") for nth in range(FIRST_WRITE, VERIFIED + 1)), *((nth, "delay") for nth in (7, 8))],
)
def test_a_slow_answer_while_writing_or_verifying(
    slow: SlowDevice, device: t.Any, tmp_path: Path, nth: int, kind: str
) -> None:
    former, saved = running(device), startup(device)
    result = slow.run(nth, kind=kind)
    assert (code_of(result), result["changed"], result["saved"]) == ("timeout_task", False, False)
    assert result["rollback"]["state"] == "rolled_back"
    assert (running(device), startup(device)) == (former, saved)
    assert list(tmp_path.glob("*.json")) == []
    assert_converges(device, tmp_path)


@pytest.mark.parametrize("nth", range(VERIFIED + 1, REQUESTS))
def test_a_slow_answer_while_saving(slow: SlowDevice, device: t.Any, tmp_path: Path, nth: int) -> None:
    result = slow.run(nth)
    assert (code_of(result), result["changed"], result["saved"]) == ("timeout_task", True, None)
    assert states(result) == ["succeeded", "succeeded"]
    assert "run the task again, which saves" in result["msg"]
    device.clear_faults()
    again = run_config(device, TREE, journal=tmp_path)
    assert again["recovery"]["action"] in ("resumed", "closed")
    assert running(device) == startup(device)


def test_a_slow_answer_after_the_save(slow: SlowDevice, device: t.Any, tmp_path: Path) -> None:
    result = slow.run(REQUESTS)
    assert (code_of(result), result["changed"], result["saved"]) == ("timeout_task", True, True)
    assert states(result) == ["succeeded", "succeeded"]
    assert running(device) == startup(device)
    assert list(tmp_path.glob("*.json")) == []


def test_a_slow_answer_in_the_rollback(slow: SlowDevice, device: t.Any, tmp_path: Path) -> None:
    """The journal stays open, and the next task ends what neither the writes nor the rollback completed."""
    result = slow.run(WRITES, times=1000)
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert states(result) == ["succeeded", "failed"]
    assert result["rollback"]["state"] == "rollback_failed"
    assert len(list(tmp_path.glob("*.json"))) == 1
    assert_converges(device, tmp_path)


@pytest.mark.parametrize("on_interrupted", ["resume", "revert"])
@pytest.mark.parametrize("nth", [5, 6, *(pytest.param(nth, marks=pytest.mark.thorough) for nth in (1, 4, 7, 8, 9, 10))])
def test_a_slow_answer_while_an_interrupted_task_is_finished(
    slow: SlowDevice, device: t.Any, tmp_path: Path, nth: int, on_interrupted: str
) -> None:
    assert run_killed(device, TREE, Kill("after", FIRST_WRITE), journal=tmp_path)
    former, saved = running(device), startup(device)
    result = slow.run(nth, on_interrupted=on_interrupted)
    if code_of(result) is None:
        assert nth > 5
    elif (running(device), startup(device)) != (former, saved):
        assert result["changed"] is True, result["msg"]
    assert_converges(device, tmp_path)


# -- every answer slow


@pytest.mark.parametrize("seconds", [0.1, pytest.param(0.05, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    "limit", [0.4, 1.2, *(pytest.param(limit, marks=pytest.mark.thorough) for limit in (0.15, 0.6, 0.8, 1.0, 1.6, 2.4))]
)
def test_every_answer_slow(device: t.Any, tmp_path: Path, limit: float, seconds: float) -> None:
    """Each answer is far below every timeout of a request."""
    former, saved = running(device), startup(device)
    device.add_fault("delay", seconds=seconds)
    begun = time.monotonic()
    result = run_config(device, TREE, journal=tmp_path, task_timeout=limit)
    assert time.monotonic() - begun < limit + MARGIN
    if code_of(result) is None:
        assert running(device) == startup(device) != former
    else:
        assert code_of(result) in ("timeout_task", "state_unknown")
        if (running(device), startup(device)) != (former, saved):
            assert (result["changed"], "operations" in result, "saved" in result) == (True, True, True)
        if writes(device):
            assert result["operations"]
    assert_converges(device, tmp_path)


def test_no_write_is_started_in_the_time_that_a_rollback_needs(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SkippingClock(monkeypatch, nth=2, seconds=LIMIT / 2)
    result = run_config(device, TREE, journal=tmp_path, task_timeout=LIMIT)
    assert (code_of(result), result["changed"]) == ("timeout_task", False)
    assert "no write was started, as the 30 s for its rollback are not left" in result["msg"]
    assert len(device.ledger) == 2
    assert list(tmp_path.glob("*.json")) == []


def test_reading_may_take_all_of_the_time(device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_config(device, TREE, journal=tmp_path)["saved"] is True
    SkippingClock(monkeypatch, nth=2, seconds=LIMIT / 2)
    result = run_config(device, TREE, journal=tmp_path, task_timeout=LIMIT)
    assert (code_of(result), result["changed"]) == (None, False)


def test_without_a_limit(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("delay", seconds=0.05)
    result = run_config(device, TREE, journal=tmp_path, task_timeout=0)
    assert (result["changed"], result["saved"]) == (True, True)


# -- a write that takes effect after the client has stopped waiting


@pytest.mark.parametrize(
    "options", [{"read_timeout": 0.45}, {"request_timeout": 0.45}, {"task_timeout": LIMIT}], ids=str
)
def test_a_write_that_takes_effect_late_is_undone(
    device: t.Any, tmp_path: Path, options: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The former values are written although the device still shows them: it works on the write that was given up."""
    former, saved = running(device), startup(device)
    device.add_fault("delay", seconds=0.8, method="PUT", nth=1)
    device.add_fault("delay", seconds=0.44, method="PUT", nth=2)
    if "task_timeout" in options:
        SkippingClock(monkeypatch, nth=3, seconds=0.45)
    result = run_config(device, {"ntp": TREE["ntp"]}, journal=tmp_path, retries=0, verify_grace=0, **options)
    assert code_of(result) in ("timeout_read", "timeout_total", "timeout_task")
    assert (result["changed"], result["rollback"]["state"]) == (False, "rolled_back")
    assert [entry["status"] for entry in device.ledger if entry["write"]] == [200, 200]
    assert (running(device), startup(device)) == (former, saved)


@pytest.mark.parametrize("options", [{"read_timeout": 0.45}, {"request_timeout": 0.45}], ids=str)
def test_a_write_of_a_resumed_task_that_takes_effect_late_is_undone(
    device: t.Any, tmp_path: Path, options: Tree
) -> None:
    former = running(device)
    assert run_killed(device, TREE, Kill("after", FIRST_WRITE), journal=tmp_path)
    device.add_fault("delay", seconds=0.8, method="PUT", nth=1)
    device.add_fault("delay", seconds=0.44, method="PUT", nth=2)
    other = {"snmp": {"location": "hall 3"}}
    result = run_config(device, other, journal=tmp_path, retries=0, verify_grace=0, **options)
    assert (code_of(result), result["recovery"]["action"]) == (None, "reverted")
    former["snmp"]["location"] = "hall 3"
    assert running(device) == startup(device) == former


def test_a_lost_write_without_rollback(slow: SlowDevice, device: t.Any) -> None:
    """Neither the answer to the write nor the reading after it arrives."""
    result = slow.run(FIRST_WRITE, times=1000, rollback=False)
    assert (code_of(result), result["changed"], result["rollback"]["state"]) == ("timeout_task", True, "off")
    assert running(device)["ntp"]["local-clock"]["stratum"] == 7


def test_a_lost_write_and_reading_without_rollback(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("close-after-effect", nth=FIRST_WRITE)
    device.add_fault("status", status=403, nth=FIRST_WRITE + 1, times=1000)
    result = run_config(device, TREE, journal=tmp_path, rollback=False)
    assert (code_of(result), result["changed"], result["rollback"]["state"]) == ("forbidden", True, "off")
    assert running(device)["ntp"]["local-clock"]["stratum"] == 7


# -- all modules, all waits

SLOW: Tree = {"kind": "slow-answers", "seconds": 10}
BUSY: Tree = {"kind": "status", "status": 503}
NO_NODE = {"path": "no/such/node"}
READING: dict[str, tuple[t.Any, Tree, Tree]] = {
    "facts": (lantime_facts, {}, SLOW),
    "facts, drip": (lantime_facts, {}, {"kind": "drip", "bytes": 10, "interval": 0.05}),
    "facts, retries": (lantime_facts, {"retries": 10}, BUSY),
    "facts, long pause": (lantime_facts, {}, {**BUSY, "headers": {"Retry-After": "9"}}),
    "facts, token": (lantime_facts, {"auth": "token"}, {**SLOW, "path": "/api/get-token"}),
    "module info": (lantime_module_info, {}, SLOW),
    "configuration": (lantime_config_info, {"path": "ntp"}, SLOW),
    "backup": (lantime_backup, {"state": "saved"}, SLOW),
    "pending changes": (lantime_changes, {"state": "shown"}, {**SLOW, "method": "GET"}),
    "health": (lantime_health, {}, SLOW),
    "health, wait": (lantime_health, {"wait": True, "wait_timeout": 60, "wait_interval": 0.1}, BUSY),
    "health, long interval": (lantime_health, {"wait": True, "wait_interval": 30}, BUSY),
    "command": (lantime_command, {"command": "uptime", "method": "GET"}, SLOW),
    "probe": (lantime_probe, {}, {**SLOW, "nth": 4}),
    "probe, without credentials": (lantime_probe, {"anonymous": True}, {**SLOW, "path": "/api/status", "nth": 1}),
}


@pytest.mark.parametrize("name", READING)
def test_a_task_that_reads_ends_in_time(device: t.Any, tmp_path: Path, name: str) -> None:
    module, options, fault = READING[name]
    if module is lantime_backup:
        options = {**options, "path": str(tmp_path / "backup.json")}
    device.add_fault(**fault)
    begun = time.monotonic()
    result = run_in_process(device, module, task_timeout=0.4, **options).result
    assert time.monotonic() - begun < 0.4 + MARGIN
    assert (code_of(result), result["changed"], result["failed"]) == ("timeout_task", False, True), result["msg"]
    assert "task_timeout is 0.4 s" in result["msg"]
    assert list(tmp_path.iterdir()) == []


EXISTS = [{"path": "rest-api", "compare": "exists"}]


@pytest.mark.parametrize(
    ("module", "options", "name"),
    [
        (lantime_health, {"wait": True, "wait_timeout": 1800, "include": ["memory"]}, "wait_timeout"),
        (lantime_command, {"command": "write", "wait_for": EXISTS, "timeout": 1800}, "timeout"),
    ],
)
def test_a_wait_that_is_longer_than_the_task(device: t.Any, module: t.Any, options: Tree, name: str) -> None:
    warning = f"{name} is 1800 s, but task_timeout ends the task after 900 s."
    assert warning in run_in_process(device, module, **options).warnings
    assert warning not in run_in_process(device, module, task_timeout=0, **options).warnings


def test_a_connection_that_is_never_accepted(device: t.Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = {"host": "127.0.0.1", "port": server.getsockname()[1]}
        begun = time.monotonic()
        result = run_in_process(device, lantime_facts, task_timeout=0.3, connect_timeout=20, **target).result
    assert time.monotonic() - begun < 0.3 + MARGIN
    assert code_of(result) == "timeout_task"


def test_the_health_gate_waits_no_longer_than_the_task(slow: SlowDevice, device: t.Any) -> None:
    former, saved = running(device), startup(device)
    # 2 GETs, the health before, 2 GETs, 2 PUTs, 2 GETs, the health after.
    result = slow.run(10, health_gate="sync", verify_grace=30)
    assert (code_of(result), result["changed"], result["rollback"]["state"]) == ("timeout_task", False, "rolled_back")
    assert (running(device), startup(device)) == (former, saved)


def test_reading_back_waits_no_longer_than_the_task(
    device: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device accepts the writes and shows the former values."""
    former, saved = running(device), startup(device)
    device.add_fault("status", status=200, method="PUT", path="/api/config")
    SkippingClock(monkeypatch, nth=FIRST_WRITE)
    begun = time.monotonic()
    result = run_config(device, TREE, journal=tmp_path, task_timeout=LIMIT, verify_grace=300)
    assert time.monotonic() - begun < LIMIT / 2
    assert (code_of(result), result["changed"], result["rollback"]["state"]) == ("timeout_task", False, "not_needed")
    assert (running(device), startup(device)) == (former, saved)


@pytest.mark.parametrize("seconds", [0, 10])
def test_waiting_for_a_condition(device: t.Any, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    waited = [{"path": "system/uptime", "value": "never"}]
    if seconds:
        device.add_fault("slow-answers", seconds=seconds, nth=3)
    SkippingClock(monkeypatch, nth=3)
    options = {"wait_for": waited, "timeout": 600, "interval": 0.2, "task_timeout": LIMIT}
    begun = time.monotonic()
    result = run_in_process(device, lantime_command, command="write", **options).result
    assert time.monotonic() - begun < LIMIT / 2
    assert (code_of(result), result["changed"]) == ("timeout_task", True), result["msg"]
    assert states(result) == ["succeeded"]
    assert result["waited"][0]["met"] is False


@pytest.mark.parametrize("times", [1, 1000])
def test_a_slow_command(device: t.Any, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    device.change("snmp/contact", "noc")
    device.add_fault("slow-answers", seconds=10, nth=2, times=times)
    SkippingClock(monkeypatch, nth=2, times=times)
    result = run_in_process(device, lantime_command, command="write", task_timeout=LIMIT).result
    assert (code_of(result), result["changed"], result["saved"]) == ("timeout_task", True, None), result["msg"]
    assert result["operations"]
    assert "whether the command write took effect is unknown" in result["msg"]
    assert result["pending_changes"] == (0 if times == 1 else None)


# Requests of a commit: the autosave switch, the count, the command diff, the command write, the count.
COMMIT = 4


def test_a_slow_commit_whose_effect_is_read(device: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that is kept after a write suffices to read what the command did."""
    device.change("snmp/contact", "noc")
    device.add_fault("slow-answers", seconds=10, method="PUT", path="/api/write")
    SkippingClock(monkeypatch, nth=COMMIT)
    result = run_in_process(device, lantime_changes, state="committed", task_timeout=LIMIT).result
    assert (code_of(result), result["changed"], result["pending_changes"]) == (None, True, 0)
    assert running(device) == startup(device)


def test_a_slow_commit_whose_effect_is_unknown(device: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    device.change("snmp/contact", "noc")
    device.add_fault("slow-answers", seconds=10, nth=COMMIT, times=1000)
    SkippingClock(monkeypatch, nth=COMMIT, times=1000)
    result = run_in_process(device, lantime_changes, state="committed", task_timeout=LIMIT).result
    assert (code_of(result), result["changed"], result["saved"]) == ("timeout_task", True, None), result["msg"]
    assert states(result) == ["failed"]


def test_a_command_is_not_sent_once_the_time_is_over(device: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    device.change("snmp/contact", "noc")
    SkippingClock(monkeypatch, nth=COMMIT - 1, seconds=LIMIT / 2)
    result = run_in_process(device, lantime_changes, state="committed", task_timeout=LIMIT).result
    assert (code_of(result), result["changed"], result["saved"]) == ("timeout_task", False, False), result["msg"]
    assert "/api/write" not in writes(device)
    assert "1 changes are still pending" in result["msg"]


def test_a_probe_that_writes_restores_in_the_time_that_is_kept(device: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    former = running(device)
    device.add_fault("slow-answers", seconds=10, method="PUT", nth=1)
    SkippingClock(monkeypatch, nth=1, method="PUT")
    result = run_in_process(device, lantime_probe, writable_path="snmp/location", task_timeout=LIMIT).result
    assert (code_of(result), result["changed"], result["restored"]) == ("timeout_task", False, True), result["msg"]
    assert running(device) == former
