# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory plugin may cost: processor time beside that of a requests script, which is steady where wall time is not."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.benchmark import inventory as benchmark
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.paths import PROGRAMS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

DEVICES = 40


def cpu_seconds(workspace: Workspace, command: list[str]) -> float:
    """User and system time of a command and its children."""
    environ = {**workspace.environ, "LANTIME_USERNAME": "info", "LANTIME_PASSWORD": "simulated-info-1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        cwd=workspace.directory,
        env=environ,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=120,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.thorough
def test_a_device_costs_little_more_than_in_a_script(tmp_path: Path) -> None:
    specs = [DeviceSpec(f"ts{n:02d}", "m600-7.10") for n in range(DEVICES)]
    with Fleet(specs, freeze=True) as fleet:
        ca = next(iter(fleet)).ca
        workspace = Workspace(tmp_path, ca)
        workspace.write(hosts=host_entries(fleet))
        places = {each.name: {"host": each.host, "port": each.port} for each in fleet}
        (tmp_path / "devices.json").write_text(json.dumps(places), encoding="utf-8")
        (tmp_path / "static.yml").write_text(yaml.safe_dump({"all": {"hosts": places}}), "utf-8")
        tool = [str(PROGRAMS / "ansible-inventory"), "--list", "-i"]
        script = [sys.executable, str(benchmark.SCRIPT), "devices.json", ca, "20"]
        rounds = []
        for dummy in range(3):
            inventory = cpu_seconds(workspace, [*tool, "lantime.yml"])
            start = cpu_seconds(workspace, [*tool, "static.yml"])
            rounds.append((inventory - start) / cpu_seconds(workspace, script))
        assert min(rounds) < 3
        assert all(len(device.ledger) == 6 for device in fleet)
