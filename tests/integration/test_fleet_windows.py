# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""meinberg.lantime.fleet_config with a confirm window: a ring waits for one window, and what goes wrong in it."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import threading
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._base.times import parse_utc
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.examples.find import text_of
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject, PlaybookRun
from ansible_collections.meinberg.lantime.tests.reliability.rig import Meanwhile, running, startup
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

GOLDEN = {"ntp": {"local-clock": {"stratum": 10}}, "snmp": {"contact": "time@example.com"}}
# In the order of the inventory, which is that of the rings.
EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]
STATUS = "/api/status"
# Requests whose path begins with it before the window: pending changes, health, the gate twice, pending changes.
FIRST_LOOK, SECOND_LOOK = 6, 7
# Exit code of ansible-playbook after an interrupt from the keyboard.
INTERRUPTED = 99


@pytest.fixture
def project(fleet: SharedFleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.use_admin(fleet)
    made.vars = {"lantime_golden_config": GOLDEN}
    return made


def run(project: PlaybookProject, *arguments: str, window: float = 2.5, **extra: t.Any) -> PlaybookRun:
    variables = {"fleet_config_confirm_window": window, "fleet_config_verify_grace": 0.2, **extra}
    return project.run("fleet_config", *arguments, basename="rollout", **variables)


def is_saved(device: t.Any) -> bool:
    trees = running(device), startup(device)
    return all(tree["snmp"]["contact"] == "time@example.com" for tree in trees)


def is_untouched(device: t.Any) -> bool:
    trees = running(device), startup(device)
    return all(
        tree["snmp"]["contact"] != "time@example.com" and tree["ntp"]["local-clock"]["stratum"] == 12 for tree in trees
    )


def watch_times(device: t.Any) -> tuple[float, float]:
    """When the device was looked at first after its change, and when it was saved."""
    entries = list(device.ledger)
    changed = max(entry["started"] for entry in entries if entry["path"].startswith("/api/config") and entry["write"])
    looks = [entry["started"] for entry in entries if entry["path"] == STATUS and entry["started"] > changed]
    saved = min(entry["started"] for entry in entries if entry["path"] == "/api/write")
    # The first one is that of the gate, before the window.
    return looks[1], saved


def assert_one_window(devices: t.Iterable[t.Any]) -> None:
    """All devices are watched before the first one is saved."""
    times = [watch_times(device) for device in devices]
    assert max(look for look, dummy in times) < min(saved for dummy, saved in times)


def lose_antenna(inner: t.Any) -> None:
    inner.incidents.raise_("antenna-fault", {})


def test_a_ring_takes_one_window_and_a_device_that_gets_worse_ends_the_rollout(
    project: PlaybookProject, fleet: SharedFleet
) -> None:
    """Also with one fork. The device is rolled back, the others of the ring are saved, and the next ring is not asked."""
    with Meanwhile(fleet["ts708"], lose_antenna, "GET", STATUS, SECOND_LOOK):
        done = run(project, "--forks", "1", fleet_config_rings=[3, 1])
    assert done.code == 2, done.output
    assert done.final == {"ts706": "ok", "ts708": "failed", "ts710": "ok"}
    assert done.states() == {"ts706": "checked", "ts708": "failed", "ts710": "checked", "ims": "not_checked"}
    assert re.search(r"3 devices are watched until 20\S+Z; the task saves no change before that", done.output)
    # While the others are still watched, and in its result.
    assert "ts708: 127.0.0.1: in the confirm window of 2.5 s, after" in done.output
    failed = done.host("ts708")
    assert failed["error"]["code"] == "health"
    assert "in the confirm window of 2.5 s, after" in failed["error"]["message"]
    assert "the startup configuration was not touched" in failed["error"]["message"]
    assert (failed["change"]["state"], failed["change"]["saved"]) == ("failed", False)
    assert [operation["state"] for operation in failed["change"]["operations"]] == ["rolled_back"] * 2
    assert (done.host("ts706")["change"]["state"], done.host("ts706")["change"]["saved"]) == ("changed", True)
    assert [operation["path"] for operation in done.host("ts706")["change"]["operations"]] == [
        "ntp/local-clock",
        "snmp",
    ]
    assert is_untouched(fleet["ts708"])
    assert all(is_saved(fleet[name]) for name in ("ts706", "ts710"))
    assert_one_window(fleet[name] for name in ("ts706", "ts710"))
    assert len(fleet["ims"].ledger) == 0


@pytest.mark.thorough
def test_twenty_devices_take_one_window(tmp_path: Path) -> None:
    """With five forks, the changes themselves take four rounds."""
    with Fleet([DeviceSpec(f"ts{n:02d}", "m600-7.10", autosave=False) for n in range(20)], freeze=True) as fleet:
        project = PlaybookProject(tmp_path, fleet)
        project.use_admin(fleet)
        project.vars = {"lantime_golden_config": GOLDEN}
        done = run(project, "--forks", "5", window=20.0, fleet_config_rings=["100%"])
        assert done.code == 0, done.output
        assert set(done.final.values()) == {"ok"}
        assert all(is_saved(device) for device in fleet)
        assert_one_window(fleet)


@pytest.mark.thorough
def test_a_device_whose_window_has_passed_is_watched_with_the_others(
    project: PlaybookProject, fleet: SharedFleet
) -> None:
    """With one fork, the last device of the ring is changed after the window of the first one has passed."""
    for name in EVERYWHERE[1:]:
        fleet[name].add_fault("delay", seconds=1.5, method="PUT", path="/api/config", times=1)
    done = run(project, "--forks", "1", window=3.0, fleet_config_verify_grace=2.5, fleet_config_rings=[4])
    assert done.code == 0, done.output
    assert_one_window(fleet[name] for name in EVERYWHERE)
    (text,) = re.findall(r"4 devices are watched until (\S+Z); the task saves no change before", done.output)
    until = parse_utc(text)
    assert until is not None
    for name in EVERYWHERE:
        assert watch_times(fleet[name])[1] >= until.timestamp(), name


@pytest.mark.thorough
def test_check_mode_neither_watches_nor_writes(project: PlaybookProject, fleet: SharedFleet) -> None:
    done = run(project, "--check", "--diff", window=600.0)
    assert done.code == 0, done.output
    assert done.output.count("changed: [") == len(EVERYWHERE)
    assert sum(fleet[name].ledger.writes for name in EVERYWHERE) == 0


@pytest.mark.thorough
def test_a_device_that_vanishes_in_the_window_is_left_unsaved_until_the_next_run(
    project: PlaybookProject, fleet: SharedFleet
) -> None:
    project.vars["lantime_retries"] = 0
    with Meanwhile(fleet["ts706"], lambda inner: inner.faults.add("close-before-answer"), "GET", STATUS, SECOND_LOOK):
        done = run(project, fleet_config_rings=[2, 2])
    assert done.code == 2, done.output
    assert done.host("ts706")["error"]["code"] == "state_unknown"
    assert (done.host("ts706")["change"]["saved"], is_saved(fleet["ts708"])) == (False, True)
    assert startup(fleet["ts706"])["snmp"]["contact"] != "time@example.com"
    fleet["ts706"].clear_faults()
    again = run(project, fleet_config_rings=[2, 2])
    assert again.code == 0, again.output
    assert all(is_saved(fleet[name]) for name in EVERYWHERE)


@pytest.mark.thorough
def test_the_play_of_the_guide(project: PlaybookProject, fleet: SharedFleet) -> None:
    block = text_of("docs/docsite/rst/maintenance.rst", "waiting_from")
    (play,) = yaml.safe_load(block.replace("confirm_window: 600", "confirm_window: 2.5"))
    done = project.run_play(play)
    assert done.code == 0, done.output
    assert all(is_saved(fleet[name]) for name in EVERYWHERE)
    assert_one_window(fleet[name] for name in EVERYWHERE)


BAD: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "fleet_config_confirm_window is 900 s, which does not fit into lantime_task_timeout, 900 s of which 60 s are kept for a rollback; "
    "set lantime_task_timeout to at least 970.2 (ts706": ({"fleet_config_confirm_window": 900}, {}),
    "fleet_config_confirm_window is 60 s, which does not fit into lantime_task_timeout, 100 s of which 50 s": (
        {"fleet_config_confirm_window": 60},
        {"ts710": {"lantime_task_timeout": 100}},
    ),
    "fleet_config_confirm_window must be from 0 to 86400, not -1": ({"fleet_config_confirm_window": -1}, {}),
    "fleet_config_confirm_window is not the same for all hosts: 5, 6": (
        {},
        {name: {"fleet_config_confirm_window": 5 + (name == "ims")} for name in EVERYWHERE},
    ),
}


@pytest.mark.thorough
def test_windows_that_are_refused_before_the_first_request(project: PlaybookProject, fleet: SharedFleet) -> None:
    for message, (variables, of_hosts) in BAD.items():
        hosts = {name: {**own, **of_hosts.get(name, {})} for name, own in project.hosts.items()}
        changed = PlaybookProject(project.directory, fleet)
        changed.hosts, changed.vars = hosts, {**project.vars, "fleet_config_verify_grace": 0.2}
        refused = changed.run("fleet_config", basename="rollout", **variables)
        assert refused.code == 2, refused.output
        assert refused.report is not None
        assert message in refused.report["error"]["message"]
        assert "nothing was sent to a device" in refused.output
    refused = project.run_play(
        {"timeout": 30, "roles": ["meinberg.lantime.fleet_config"]}, basename="rollout", fleet_config_confirm_window=30
    )
    assert "which does not fit into the keyword timeout of the tasks, 30 s; set it to at least 45" in refused.output
    assert sum(len(fleet[name].ledger) for name in EVERYWHERE) == 0


# -- a controller that dies


def descendants(pid: int) -> list[int]:
    """A process and all below it, whatever their sessions are."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    ]
    return [pid, *(each for child in children for each in descendants(child))]


def wait_for_end(pid: int) -> None:
    """Wait until a process that is no child of this one has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    with open(handle, "rb"):
        poller = select.poll()  # unlike select(), also for the thousandth open file
        poller.register(handle, select.POLLIN)
        assert poller.poll(60_000), f"process {pid} goes on"


def run_killed(
    project: PlaybookProject, device: t.Any, look: int, sent: int = signal.SIGKILL, workers: bool = True
) -> int:
    """Run the playbook until a look at a device, and kill it; returns its exit code.

    sent: the signal.  workers: whether it is sent to all of its processes; else those below it end by themselves.
    """
    processes: list[subprocess.Popen[str]] = []
    original = subprocess.Popen

    def popen(*args: t.Any, **kwargs: t.Any) -> subprocess.Popen[str]:
        processes.append(original(*args, **kwargs))
        return processes[-1]

    def kill() -> None:
        assert reached.wait(120)
        started.extend(descendants(processes[0].pid))
        for pid in started if workers else started[:1]:
            os.kill(pid, sent)

    started: list[int] = []
    reached = threading.Event()
    thread = threading.Thread(target=kill)
    thread.start()
    with pytest.MonkeyPatch.context() as patch, Meanwhile(device, lambda _inner: reached.set(), "GET", STATUS, look):
        patch.setenv("LANTIME_TEST_WARM", "0")
        patch.setattr(subprocess, "Popen", popen)
        killed = run(project, "--forks", "4", window=8.0, fleet_config_rings=[4])
    thread.join()
    assert killed.code in (-sent, INTERRUPTED), killed.output
    for pid in started[1:]:
        wait_for_end(pid)
    return killed.code


@pytest.mark.thorough
@pytest.mark.parametrize("look", [FIRST_LOOK - 1, FIRST_LOOK, SECOND_LOOK], ids=["handed-over", "first", "second"])
def test_a_controller_that_dies_in_the_window(project: PlaybookProject, fleet: SharedFleet, look: int) -> None:
    """The next run watches what is left, for all devices together, and saves."""
    run_killed(project, fleet["ts706"], look)
    for name in EVERYWHERE:
        assert startup(fleet[name])["snmp"]["contact"] != "time@example.com"
        fleet[name].ledger.clear()
    again = run(project, "--forks", "1", window=2.5, fleet_config_rings=[4])
    assert again.code == 0, again.output
    assert all(is_saved(fleet[name]) for name in EVERYWHERE)
    assert again.host("ts706")["change"]["saved"] is True
    looks = {name: [e["started"] for e in fleet[name].ledger if e["path"] == STATUS] for name in EVERYWHERE}
    saved = [next(e["started"] for e in fleet[name].ledger if e["path"] == "/api/write") for name in EVERYWHERE]
    assert max(times[0] for times in looks.values()) < min(saved)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, INTERRUPTED)],
)
def test_a_command_that_is_ended_alone_in_the_window(
    project: PlaybookProject, fleet: SharedFleet, sent: int, code: int
) -> None:
    """Its worker, which watches the devices, ends without saving and without a rollback."""
    assert run_killed(project, fleet["ts706"], SECOND_LOOK, sent, workers=False) == code
    for name in EVERYWHERE:
        assert running(fleet[name])["snmp"]["contact"] == "time@example.com"
        assert startup(fleet[name])["snmp"]["contact"] != "time@example.com"
    again = run(project, fleet_config_rings=[4])
    assert again.code == 0, again.output
    assert all(is_saved(fleet[name]) for name in EVERYWHERE)


@pytest.mark.thorough
def test_a_device_that_got_worse_after_the_controller_died(project: PlaybookProject, fleet: SharedFleet) -> None:
    """It is rolled back, and keeps its ring from being changed once more."""
    run_killed(project, fleet["ts706"], SECOND_LOOK)
    lose_antenna(fleet["ts710"]._device)
    again = run(project, fleet_config_rings=[4], lantime_golden_overlays={"ims": {"snmp": {"location": "roof"}}})
    assert again.code == 2, again.output
    assert again.final == dict.fromkeys(EVERYWHERE, "failed")
    assert again.host("ts710")["error"]["code"] == "health"
    assert "ts710 (its health was not checked)" in again.host("ims")["error"]["message"]
    assert is_untouched(fleet["ts710"])
    assert all(is_saved(fleet[name]) for name in EVERYWHERE if name != "ts710")
    assert running(fleet["ims"])["snmp"]["location"] != "roof"


@pytest.mark.thorough
@pytest.mark.parametrize("choice", ["revert", "fail"])
def test_what_an_interrupted_run_left_is_reverted_or_refused(
    project: PlaybookProject, fleet: SharedFleet, choice: str
) -> None:
    run_killed(project, fleet["ts706"], SECOND_LOOK)
    again = run(project, fleet_config_rings=[4], fleet_config_on_interrupted=choice)
    if choice == "revert":
        assert again.code == 0, again.output
        assert all(is_untouched(fleet[name]) for name in EVERYWHERE)
        return
    assert again.code == 2, again.output
    assert {again.host(name)["error"]["code"] for name in EVERYWHERE} == {"interrupted"}
    assert not any(is_saved(fleet[name]) for name in EVERYWHERE)


@pytest.mark.thorough
def test_a_reviewed_plan_does_not_save_what_an_interrupted_run_left(
    project: PlaybookProject, fleet: SharedFleet, tmp_path: Path
) -> None:
    plans: dict[str, t.Any] = {"fleet_config_plan_dir": str(tmp_path / "plans")}
    assert run(project, fleet_config_plan="write", **plans).code == 0
    project.vars["lantime_golden_config"] = {"snmp": {"location": "roof"}}
    run_killed(project, fleet["ts706"], SECOND_LOOK)
    project.vars["lantime_golden_config"] = GOLDEN
    for name in EVERYWHERE:
        fleet[name].ledger.clear()
    refused = run(project, fleet_config_rings=[4], fleet_config_plan="apply", **plans)
    assert refused.code == 2, refused.output
    assert {refused.host(name)["error"]["code"] for name in EVERYWHERE} == {"plan_changed"}
    assert sum(fleet[name].ledger.writes for name in EVERYWHERE) == 0
    assert all(startup(fleet[name])["snmp"]["location"] != "roof" for name in EVERYWHERE)
