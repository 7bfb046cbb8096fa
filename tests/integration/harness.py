# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ansible-playbook runs against simulated devices on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

DOORS = ("controller", "target")

Tasks = list[dict[str, t.Any]]


@dataclass
class Result:
    """One task on one host. outcome: ok, failed or unreachable."""

    outcome: str
    host: str
    action: str
    name: str
    result: dict[str, t.Any]


@dataclass
class Run:
    """An ansible-playbook run: exit code, everything it printed, and the results of its tasks in order."""

    code: int
    output: str
    results: list[Result] = field(default_factory=list)

    @property
    def only(self) -> dict[str, t.Any]:
        assert len(self.results) == 1, self.output
        return self.results[0].result

    def of(self, host: str) -> list[dict[str, t.Any]]:
        return [r.result for r in self.results if r.host == host]


def collections_path(scratch: Path) -> Path:
    """A directory that Ansible finds the collection under, wherever the checkout lies."""
    if ROOT.parts[-3:] == ("ansible_collections", "meinberg", "lantime"):
        return ROOT.parents[2]
    link = scratch / "tree" / "ansible_collections" / "meinberg" / "lantime"
    if not link.exists():
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT)
    return scratch / "tree"


def environment(scratch: Path, collections: Path) -> dict[str, str]:
    """As bare as a user's: no PYTHONPATH that could stand in for what a packaged module must bring along."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "LANTIME_", "PYTHON"))}
    return {
        **kept,
        "HOME": str(scratch),
        "ANSIBLE_HOME": str(scratch / ".ansible"),
        "ANSIBLE_ASYNC_DIR": str(scratch / "async"),
        "ANSIBLE_LOCAL_TEMP": str(scratch / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(scratch / "tmp"),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "integration" / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DEPRECATION_WARNINGS": "0",
        "ANSIBLE_FORKS": "10",
        "LC_ALL": "C.UTF-8",
    }


class Controller:
    """Runs playbooks. hosts: variables of each host of the inventory."""

    def __init__(self, scratch: Path, collections: Path, hosts: dict[str, dict[str, t.Any]]) -> None:
        self.scratch = scratch
        self.collections = collections
        self.hosts = hosts
        self._count = 0

    def play(
        self,
        tasks: Tasks | dict[str, t.Any],
        hosts: str = "all",
        *,
        door: str = "controller",
        check: bool = False,
        diff: bool = False,
        verbosity: int = 0,
        variables: dict[str, dict[str, t.Any]] | None = None,
        environ: dict[str, str] | None = None,
        play: dict[str, t.Any] | None = None,
        arguments: t.Sequence[str] = (),
    ) -> Run:
        """Run tasks (or one) on hosts. variables: more variables by host. play: more keywords of the play."""
        self._count += 1
        place = self.scratch / f"run{self._count}"
        place.mkdir()
        inventory = {
            "all": {
                "hosts": {
                    name: {**self.hosts.get(name, {}), **(variables or {}).get(name, {})}
                    for name in {**self.hosts, **(variables or {})}
                },
                "vars": {
                    "ansible_connection": "local",
                    "ansible_python_interpreter": os.environ.get("TARGET_PYTHON", sys.executable),
                    "lantime_execution": door,
                },
            }
        }
        listed = [tasks] if isinstance(tasks, dict) else tasks
        book = [{"hosts": hosts, "gather_facts": False, "tasks": listed, **(play or {})}]
        (place / "inventory.yml").write_text(json.dumps(inventory), encoding="utf-8")
        (place / "play.yml").write_text(json.dumps(book), encoding="utf-8")
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "inventory.yml",
            "play.yml",
            *arguments,
            *(["--check"] if check else []),
            *(["--diff"] if diff else []),
            *(["-" + "v" * verbosity] if verbosity else []),
        ]
        env = {
            **environment(self.scratch, self.collections),
            "LANTIME_TEST_RESULTS": str(place / "results.jsonl"),
            **(environ or {}),
        }
        done = subprocess.run(
            command,
            cwd=place,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
            text=True,
        )
        lines = (place / "results.jsonl").read_text("utf-8") if (place / "results.jsonl").exists() else ""
        results = [Result(**json.loads(line)) for line in lines.splitlines()]
        return Run(done.returncode, done.stdout, results)


def host_variables(device: t.Any, user: str = "admin") -> dict[str, t.Any]:
    """Inventory variables that reach a simulated device."""
    return {
        "lantime_host": device.host,
        "lantime_port": device.port,
        "lantime_ca_path": str(device.ca),
        "lantime_username": user,
        "lantime_password": device.users[user],
        "lantime_use_proxy": False,
    }
