# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device a task asks and where its job runs, for every way to delegate a task: the rows of entry_point_rows.py."""

from __future__ import annotations

import os
import re
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import (
    Controller,
    Result,
    each_entry_point,
    user_environment,
)
from ansible_collections.meinberg.lantime.tests.integration.entry_point_rows import (
    CONTROLLER,
    HOSTS,
    OMITTED,
    PROCESS,
    ROWS,
    Outcome,
    Row,
)
from ansible_collections.meinberg.lantime.tests.paths import PROGRAMS
from ansible_collections.meinberg.lantime.tests.programs import run_program
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

FACTS = "meinberg.lantime.lantime_facts"
DEVICES = {"ts1": "m300-7.06", "ts2": "m600-7.10", "member": "m400-7.08"}
_LOG = "runs.log"


@pytest.fixture(scope="module")
def devices() -> t.Iterator[SharedFleet]:
    """Devices at different addresses, with the same port and the same accounts."""
    specs = [DeviceSpec(name, profile) for name, profile in DEVICES.items()]
    with SharedFleet(specs, freeze=True, address_per_device=True) as fleet:
        yield fleet


def write_program(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def write_interpreter(directory: Path, host: str) -> str:
    """A Python that logs for which row it runs a module, and on which host."""
    python = os.environ.get("TARGET_PYTHON", sys.executable)
    log = directory / _LOG
    return write_program(
        directory / f"python-{host}", f'echo "$ROW {host}" >> {log}', "unset ROW", f'exec {python} "$@"'
    )


def write_ssh(directory: Path) -> str:
    """An SSH client that runs the command on this machine and logs the name of the host."""
    return write_program(
        directory / "ssh",
        "for word; do host=$command command=$word; done",
        f'echo "$host: $command" >> {directory / "ssh.log"}',
        'exec /bin/sh -c "$command"',
    )


def inventory(devices: SharedFleet, directory: Path) -> dict[str, dict[str, t.Any]]:
    """The variables of HOSTS."""
    lantime = {
        name: {k: v for k, v in host_variables(devices[name]).items() if k != "lantime_host"} for name in DEVICES
    }
    by_name = {"lantime_host": "{{ addresses[inventory_hostname.split('-')[0]] }}"}
    local = {"ansible_connection": "local"}
    empty = {
        "lantime_token": OMITTED,
        "lantime_tls_fingerprint": OMITTED,
        "lantime_client_cert": "",
        "lantime_host": "{{ addresses.ts1 }}",
        "lantime_dialect": {"set_target": OMITTED},
    }
    hosts = {
        "ts1": {**lantime["ts1"], **by_name},
        "ts1-local": {**lantime["ts1"], **by_name, **local},
        "ts2": {**lantime["ts2"], **by_name, "ansible_host": devices["ts2"].host},
        "ts2-local": {**lantime["ts2"], **by_name, **local},
        "member": {**lantime["member"], "ansible_host": devices["member"].host},
        "empty": {**lantime["ts1"], **empty, **local},
        "bastion": {},
        "toolbox": local,
        "mixed": {"lantime_username": "info"},
        "localhost": {"lantime_username": "info", **local},
    }
    interpreters = {name: {"ansible_python_interpreter": write_interpreter(directory, name)} for name in hosts}
    return {name: {**variables, **interpreters[name]} for name, variables in hosts.items()}


class RowResult(t.NamedTuple):
    """serials: of the devices that answered.  hosts: on which packaged modules ran.  ssh: whether SSH was used."""

    result: Result
    serials: list[str]
    hosts: list[str]
    ssh: list[str]


class RowRuns:
    """Runs rows, with one play for each host."""

    def __init__(self, devices: SharedFleet, directory: Path) -> None:
        self.devices = devices
        self.directory = directory
        self.controller = Controller(directory, inventory(devices, directory))
        self.controller.groups = {"lantime": ["member"]}
        self.controller.shared = {
            "ansible_connection": "ssh",
            "ansible_ssh_executable": write_ssh(directory),
            "ansible_ssh_args": "",
            "ansible_pipelining": True,
            "ansible_python_interpreter": write_interpreter(directory, "unlisted"),
            "addresses": {device.name: device.host for device in devices},
        }

    def run(self, rows: list[Row], entry_point: str) -> dict[int, RowResult]:
        by_host: dict[str, list[dict[str, t.Any]]] = {}
        for row in rows:
            by_host.setdefault(row.host, []).append(self._task(ROWS.index(row)))
        plays = [{"hosts": host, "gather_facts": False, "tasks": tasks} for host, tasks in by_host.items()]
        noop = {"ansible.builtin.meta": "noop"}
        run = self.controller.play(noop, "localhost", entry_point=entry_point, more_plays=plays)
        results = {int(entry.name): entry for entry in run.results}
        assert sorted(results) == [ROWS.index(row) for row in rows], run.output
        modules = self._lines(_LOG)
        ssh = self._lines("ssh.log")
        return {
            number: RowResult(
                result,
                serials(result.result),
                [line.split()[1] for line in modules if line.split()[0] == str(number)],
                [line.split(":")[0] for line in ssh if re.search(rf"ROW={number}\b", line)],
            )
            for number, result in results.items()
        }

    def _lines(self, name: str) -> list[str]:
        path = self.directory / name
        return [line for line in path.read_text("utf-8").splitlines() if line.strip()] if path.exists() else []

    @staticmethod
    def _task(number: int) -> dict[str, t.Any]:
        row = ROWS[number]
        environment = {**row.keywords.get("environment", {}), "ROW": str(number)}
        return {
            "name": str(number),
            FACTS: dict(row.module),
            **row.keywords,
            "environment": environment,
            "ignore_errors": True,
            "ignore_unreachable": True,
        }


def serials(result: dict[str, t.Any]) -> list[str]:
    items = result.get("results") or [result]
    return [item["ansible_facts"]["ansible_net_serialnum"] for item in items if "ansible_facts" in item]


def check_row(row: Row, expected: Outcome, actual: RowResult, devices: SharedFleet) -> None:
    what = f"{row}\n{actual.result}"
    if expected.refusal:
        assert actual.result.outcome == "failed", what
        for result in actual.result.result.get("results", [actual.result.result]):
            assert result["error"]["code"] == "option", what
            assert expected.refusal in result["msg"], what
        assert (actual.serials, actual.hosts, actual.ssh) == ([], [], []), what
        return
    assert actual.result.outcome == "ok", what
    assert actual.serials == [devices[name].serial for name in expected.device.split(", ")], what
    if expected.place == PROCESS:
        assert (actual.hosts, actual.ssh) == ([], []), what
        return
    machine = expected.place.rpartition(" on ")[2]
    assert actual.hosts, what
    if expected.place != CONTROLLER:
        # Ansible polls an asynchronous job with the interpreter of the task's own host.
        assert actual.hosts[0] == machine, what
    assert set(actual.ssh) == ({machine} if machine not in ("toolbox", "the controller") else set()), what


@each_entry_point
@pytest.mark.parametrize("slow", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_the_device_and_the_place_of_each_task(
    devices: SharedFleet, tmp_path: Path, entry_point: str, slow: bool
) -> None:
    devices.reset()
    rows = [row for row in ROWS if row.slow == slow] if entry_point == "target" or slow else ROWS
    expected = {ROWS.index(row): row.target if entry_point == "target" else row.outcome for row in rows}
    actual = RowRuns(devices, tmp_path).run(rows, entry_point)
    for number, outcome in expected.items():
        check_row(ROWS[number], outcome, actual[number], devices)
    asked = [name for outcome in expected.values() for name in outcome.device.split(", ") if name]
    assert {d.name: d.ledger.gets for d in devices} == {d.name: asked.count(d.name) for d in devices}


def test_every_host_of_the_rows_is_described() -> None:
    delegates = {row.keywords.get("delegate_to", "localhost") for row in ROWS}
    assert {row.host for row in ROWS} | {name for name in delegates if re.fullmatch(r"[a-z0-9-]+", name)} == set(HOSTS)


@pytest.fixture
def rows(devices: SharedFleet, tmp_path: Path) -> RowRuns:
    devices.reset()
    return RowRuns(devices, tmp_path)


@pytest.mark.thorough
def test_facts_of_a_delegate_are_stored_where_ansible_is_told_to(rows: RowRuns) -> None:
    tasks = [
        {FACTS: {}, "delegate_to": "ts2", "delegate_facts": True},
        {FACTS: {}, "delegate_to": "member"},
        {
            "ansible.builtin.debug": {
                "msg": "{{ hostvars.ts2.ansible_net_serialnum }} {{ hostvars.ts1.ansible_net_serialnum }}"
            }
        },
    ]
    run = rows.controller.play(tasks, "ts1")
    expected = f"{rows.devices['ts2'].serial} {rows.devices['member'].serial}"
    assert (run.code, run.of("ts1")[-1]["msg"]) == (0, expected), run.output


@each_entry_point
def test_the_login_of_the_command_line_and_ansible_port(rows: RowRuns, entry_point: str) -> None:
    password = rows.directory / "password"
    password.write_text(rows.devices["ts1"].users["info"], encoding="utf-8")
    variables = {"lantime_username": None, "lantime_password": None, "ansible_port": 22}
    tasks = [
        {FACTS: {"port": rows.devices["ts1"].port}},
        {FACTS: {}, "ignore_errors": True, "ignore_unreachable": True},
    ]
    run = rows.controller.play(
        tasks,
        "ts1-local",
        entry_point=entry_point,
        variables={"ts1-local": {**variables, "lantime_port": None, "lantime_retries": 0}},
        arguments=["-u", "info", "--connection-password-file", str(password)],
    )
    assert run.results[0].outcome == "ok", run.output
    assert {entry["user"] for entry in rows.devices["ts1"].ledger} == {"info"}
    assert "warnings" not in run.results[0].result
    assert "ansible_port is set and not used" in run.results[1].result["warnings"][0]


@pytest.mark.thorough
def test_a_refused_login_counts_for_the_delegate(rows: RowRuns) -> None:
    task = {FACTS: {}, "ignore_errors": True, "delegate_to": "ts2"}
    run = rows.controller.play(
        [task, task, {FACTS: {}}], "ts1", variables={"ts2": {"lantime_password": "canary-wrong"}}
    )
    assert [result.outcome for result in run.results] == ["failed", "failed", "ok"], run.output
    assert {d.name: len(d.ledger) for d in rows.devices} == {"ts1": 1, "ts2": 1, "member": 0}
    assert "canary" not in run.output


@pytest.mark.thorough
def test_a_host_argument_of_the_own_device_is_warned_of(rows: RowRuns) -> None:
    defaults = {"group/meinberg.lantime.lantime": {"host": "{{ lantime_host }}"}}
    run = rows.controller.play({FACTS: {}, "delegate_to": "ts2"}, "ts1", play={"module_defaults": defaults})
    assert serials(run.only) == [rows.devices["ts1"].serial]
    assert "delegated to ts2, but host" in run.only["warnings"][0]


def run_with_inventory(rows: RowRuns, *command: str, typed: str = "") -> str:
    """The output of a program of Ansible, with the inventory of a run before."""
    rows.controller.play({"ansible.builtin.meta": "noop"}, "ts1")
    line = [str(PROGRAMS / command[0]), "-i", "inventory.yml", *command[1:]]
    dummy, output = run_program(
        line, rows.directory / "run1", user_environment(rows.directory), typed=typed, timeout=120
    )
    return output


def test_an_ad_hoc_task_asks_the_device(rows: RowRuns) -> None:
    output = run_with_inventory(rows, "ansible", "ts1,ts2", "-m", FACTS, "-a", "gather_subset=min")
    assert rows.devices["ts1"].serial in output
    assert rows.devices["ts2"].serial in output
    assert not (rows.directory / "ssh.log").exists()


@pytest.mark.thorough
def test_a_task_of_the_console_asks_the_device(rows: RowRuns) -> None:
    output = run_with_inventory(rows, "ansible-console", "ts1", typed=f"{FACTS} gather_subset=min\nexit\n")
    assert rows.devices["ts1"].serial in output
    assert not (rows.directory / "ssh.log").exists()
