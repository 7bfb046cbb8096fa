# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 24 and 72, and the signals of 71 through ansible-playbook: what only a play of many hosts or a real process shows."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.reliability.matrix.judge import IS_WRITING_OUTCOMES, VARIES
from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    CONTROLLER,
    FIRST,
    NEW,
    OLD,
    OPTIONS,
    TARGET,
    TREE,
    Tree,
)
from ansible_collections.meinberg.lantime.tests.reliability.matrix.table import Record, load
from ansible_collections.meinberg.lantime.tests.reliability.rig import CANARY, on_request, running, startup
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

FORKS, LIMIT, DEVICES = 3, 3, 10
# Of the devices of fault 72: the dead ones, the slow ones, and those with a wrong password.
DEAD, SLOW, REFUSING = ("ts0",), ("ts1",), ("ts2",)
SLOW_SECONDS = 1.5
EITHER = f"{CONTROLLER}, {TARGET}"

each_entry_point = pytest.mark.parametrize(
    "entry_point", [CONTROLLER, pytest.param(TARGET, marks=pytest.mark.thorough)]
)
each_mode = pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])


@pytest.fixture(scope="module")
def shared_devices() -> t.Iterator[SharedFleet]:
    specs = [DeviceSpec(f"ts{place}", "m600-7.10", autosave=False) for place in range(DEVICES)]
    with SharedFleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture
def devices(shared_devices: SharedFleet) -> SharedFleet:
    fleet = shared_devices.reset()
    for device in fleet:
        device.set_dialect(command_seconds=0)
    return fleet


def controller_of(devices: t.Any, directory: Path) -> Controller:
    return Controller(directory, {device.name: host_variables(device) for device in devices})


def task(directory: Path, **more: t.Any) -> Tree:
    options = {**OPTIONS, "config": TREE, "journal_path": str(directory / "journal"), **more}
    return {"meinberg.lantime.lantime_config": options}


def wrong_passwords(names: t.Iterable[str]) -> dict[str, Tree]:
    return {name: {"lantime_password": f"{CANARY}-wrong"} for name in names}


def codes(run: Run) -> dict[str, str]:
    return {r.host: r.result.get("error", {}).get("code", "none") for r in run.results}


def keep(record_property: t.Any, check: bool, *outcomes: tuple[int, str, str, str]) -> None:
    """Keep outcomes (number, case, code, state) for the table, and assert that they are in it."""
    mode = "check" if check else "apply"
    records = [
        Record(number, case, mode, EITHER, code, state, VARIES, VARIES if state == NEW else "0")
        for number, case, code, state in outcomes
    ]
    record_property("fault", [list(record) for record in records])
    assert IS_WRITING_OUTCOMES or set(records) <= set(load())


@each_mode
@each_entry_point
def test_refused_credentials_of_a_fleet(
    devices: SharedFleet, tmp_path: Path, record_property: t.Any, entry_point: str, check: bool
) -> None:
    """24: after LIMIT devices refused the same credentials, the others are not asked."""
    names = [device.name for device in devices]
    run = controller_of(devices, tmp_path).play(
        task(tmp_path, login_limit=LIMIT),
        entry_point=entry_point,
        check=check,
        variables=wrong_passwords(names),
        environ={"ANSIBLE_FORKS": str(FORKS)},
    )
    assert codes(run) == dict.fromkeys(names, "auth_failed")
    refused = [entry for device in devices for entry in device.ledger]
    assert LIMIT <= len(refused) <= LIMIT + FORKS - 1
    assert all(len(device.ledger) <= 1 for device in devices)
    assert CANARY not in run.output
    keep(record_property, check, (24, f"{DEVICES} devices, {FORKS} forks", "auth_failed", OLD))


def disturb(devices: SharedFleet) -> dict[str, Tree]:
    """Let some devices be slow; the variables that make others dead, or their password wrong."""
    for name in SLOW:
        devices[name].add_fault("delay", seconds=SLOW_SECONDS, path=FIRST, times=1)
    return {**wrong_passwords(REFUSING), **{name: {"lantime_port": 1} for name in DEAD}}


def healthy_seconds(devices: SharedFleet) -> float:
    """Seconds from the first request to the last answer of the healthy devices."""
    entries = [e for d in devices if d.name not in (*DEAD, *SLOW, *REFUSING) for e in d.ledger]
    return max(e["started"] + e["duration"] for e in entries) - min(e["started"] for e in entries)


@each_mode
@each_entry_point
@pytest.mark.thorough
def test_a_fleet_under_stress(
    devices: SharedFleet, tmp_path: Path, record_property: t.Any, entry_point: str, check: bool
) -> None:
    """72: each host has its own result, and the healthy part takes as long as without the others."""
    controller = controller_of(devices, tmp_path)
    forks = {"ANSIBLE_FORKS": str(DEVICES)}
    controller.play(task(tmp_path), entry_point=entry_point, check=check, environ=forks)
    expected = healthy_seconds(devices)
    for device in devices.reset():
        device.set_dialect(command_seconds=0)
    run = controller.play(
        task(tmp_path), entry_point=entry_point, check=check, variables=disturb(devices), environ=forks
    )
    for name, code in codes(run).items():
        assert code == ("refused" if name in DEAD else "auth_failed" if name in REFUSING else "none"), (name, code)
    assert len(run.results) == DEVICES
    assert {r.host for r in run.results if r.outcome == "unreachable"} == set(DEAD)
    assert all(len(devices[name].ledger) == 1 for name in REFUSING)
    # The allowance of a second is for the scheduling of so many processes.
    assert healthy_seconds(devices) < 1.2 * expected + 1.0
    state = OLD if check else NEW
    keep(
        record_property,
        check,
        (72, "healthy device", "none", state),
        (72, "slow device", "none", state),
        (72, "dead device", "refused", OLD),
        (72, "wrong password", "auth_failed", OLD),
    )


@pytest.mark.thorough
def test_the_report_of_a_fleet_under_stress_lists_every_device(devices: SharedFleet, tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, devices)
    project.vars = {"lantime_golden_config": {"ntp": {"local-clock": {"stratum": 12}}}}
    for name, variables in disturb(devices).items():
        project.hosts[name].update(variables)
    done = project.run("drift_check")
    expected = {device.name: "clean" for device in devices}
    expected |= dict.fromkeys(DEAD, "unreachable") | dict.fromkeys(REFUSING, "failed")
    assert (done.code, done.states()) == (4, expected), done.output


@each_entry_point
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.thorough
def test_a_signal_to_a_play(devices: SharedFleet, tmp_path: Path, entry_point: str, number: signal.Signals) -> None:
    """71: ansible-playbook ends, and the next run converges."""
    # Each case has a device of its own, as the delayed write of one can take effect after its end.
    device = devices[f"ts{2 * (entry_point == 'target') + (number == signal.SIGTERM)}"]
    controller = controller_of([device], tmp_path)
    device.add_fault("delay", seconds=1.0, method="PUT", path=FIRST, times=1)
    started, processes = threading.Event(), []

    def popen(*args: t.Any, **kwargs: t.Any) -> subprocess.Popen[str]:
        process = original(*args, start_new_session=True, **kwargs)
        processes.append(process)
        return process

    def interrupt() -> None:
        assert started.wait(60)
        os.killpg(processes[0].pid, number)

    original = subprocess.Popen
    remove = on_request(device, lambda method, _path: started.set() if method == "PUT" else None)
    thread = threading.Thread(target=interrupt)
    thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(remove)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("LANTIME_TEST_WARM", "0")
        patch.setattr(subprocess, "Popen", popen)
        run = controller.play(task(tmp_path), entry_point=entry_point)
    thread.join()
    assert run.code != 0
    assert startup(device)["ntp"]["local-clock"]["stratum"] == 12
    device.clear_faults()
    again = controller.play(task(tmp_path), entry_point=entry_point)
    assert (again.code, again.only["saved"]) == (0, True), again.output
    assert running(device) == startup(device)
    assert running(device)["ntp"]["local-clock"]["stratum"] == 10
