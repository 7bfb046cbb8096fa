# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a task runs: which interpreter of which host, and over which connection."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

NAME = "meinberg.lantime.lantime_config_info"


def write_program(path: Path, text: str) -> str:
    path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def make_interpreter(directory: Path, host: str) -> str:
    """A Python that logs the task, whose name is in its environment, and the host."""
    log = directory / "interpreters.log"
    return write_program(directory / f"python-{host}", f'echo "$TASK on {host}" >>{log}\nexec {sys.executable} "$@"\n')


def make_ssh(directory: Path) -> str:
    """A program that is called as ssh, logs the host and runs the command on this machine."""
    log = directory / "ssh.log"
    return write_program(
        directory / "ssh",
        f'previous= last=\nfor word; do previous=$last; last=$word; done\necho "$previous" >>{log}\nexec /bin/sh -c "$last"\n',
    )


def task(name: str, **more: t.Any) -> dict[str, t.Any]:
    return {NAME: {"path": "snmp/location", **more.pop("options", {})}, "environment": {"TASK": name}, **more}


def lines_of(path: Path) -> list[str]:
    return sorted(set(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def test_a_task_runs_on_the_controller_unless_it_is_for_another_machine(
    controller: Controller, fleet: Fleet, tmp_path: Path
) -> None:
    device = fleet["ts710"]
    remote = {
        "ansible_connection": "ssh",
        "ansible_pipelining": True,
        "ansible_ssh_executable": make_ssh(tmp_path),
        "ansible_python_interpreter": make_interpreter(tmp_path, "jump"),
    }
    variables = {
        "ts710": {"ansible_python_interpreter": make_interpreter(tmp_path, "ts710")},
        "other": {"ansible_connection": "local", "ansible_python_interpreter": make_interpreter(tmp_path, "other")},
    }
    own: dict[str, t.Any] = {"options": {"host": device.host}}
    tasks = [
        task("local"),
        task("delegated-to-the-controller", delegate_to="localhost"),
        task("delegated-to-another-machine", delegate_to="other", **own),
        task("by-ssh", vars=remote),
        task("of-another-host-by-ssh", vars={**remote, "lantime_host": "192.0.2.1"}, **own),
    ]
    run = controller.play(tasks, "ts710", variables=variables)
    assert run.code == 0, run.output
    assert [result["value"] for result in run.of("ts710")] == ["rack 1"] * len(tasks)
    assert lines_of(tmp_path / "interpreters.log") == ["delegated-to-another-machine on other"]
    assert lines_of(tmp_path / "ssh.log") == []
