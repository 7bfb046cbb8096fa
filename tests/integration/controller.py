# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A control node: runs of ansible-playbook against simulated devices on loopback."""

from __future__ import annotations

import json
import os
import sys
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.ansible_runs import run_ansible
from ansible_collections.meinberg.lantime.tests.paths import CALLBACK_PLUGINS, COLLECTIONS
from ansible_collections.meinberg.lantime.tests.programs import bare_environment, deprecations

# Values of lantime_execution: the job in the controller's process, or packaged as a module.
ENTRY_POINTS = ("controller", "target")
# test_entry_points compares both over every module, so that make test runs other tests through the first only.
each_entry_point = pytest.mark.parametrize(
    "entry_point", ["controller", pytest.param("target", marks=pytest.mark.thorough)]
)

Tasks = list[t.Any]


@dataclass
class Result:
    """The result of one task on one host; outcome is ok, failed or unreachable.  finished: by time.monotonic()."""

    outcome: str
    host: str
    action: str
    name: str
    result: dict[str, t.Any]
    finished: float = 0.0


@dataclass
class Run:
    """A finished run of ansible-playbook: exit code, output, and the results of its tasks in order."""

    code: int
    output: str
    results: list[Result] = field(default_factory=list)

    @property
    def only(self) -> dict[str, t.Any]:
        assert len(self.results) == 1, self.output
        return self.results[0].result

    def of(self, host: str) -> list[dict[str, t.Any]]:
        return [r.result for r in self.results if r.host == host]


def user_environment(home: Path) -> dict[str, str]:
    """The environment of a user with an empty home directory.

    It has no PYTHONPATH, so that a packaged module must bring along all that it imports.
    """
    return {
        **bare_environment(home),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_ASYNC_DIR": str(home / "async"),
        "ANSIBLE_LOCAL_TEMP": str(home / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(home / "tmp"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DEPRECATION_WARNINGS": os.environ.get("LANTIME_TEST_DEPRECATIONS", "0"),
        "ANSIBLE_FORKS": "10",
    }


def recorded_environment(home: Path, results: Path) -> dict[str, str]:
    """That of a user, with a callback that writes the results of the tasks to a file."""
    return {
        **user_environment(home),
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACK_PLUGINS),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "LANTIME_TEST_RESULTS": str(results),
    }


def refuse_deprecations(output: str) -> None:
    """Fail if ansible-core prints a deprecation about this collection; make matrix lets it print them."""
    assert os.environ.get("LANTIME_TEST_DEPRECATIONS") != "1" or not deprecations(output), deprecations(output)


class Controller:
    """Runs plays on an inventory of hosts, given as variables by host name.

    groups: names of hosts by group.  shared: more variables of all hosts.
    """

    def __init__(self, directory: Path, hosts: dict[str, dict[str, t.Any]]) -> None:
        self.directory = directory
        self.hosts = hosts
        self.groups: dict[str, list[str]] = {}
        self.shared: dict[str, t.Any] = {}
        self._count = 0

    def play(
        self,
        tasks: Tasks | t.Mapping[str, t.Any],
        hosts: str = "all",
        *,
        entry_point: str = "controller",
        check: bool = False,
        diff: bool = False,
        verbosity: int = 0,
        variables: dict[str, dict[str, t.Any]] | None = None,
        environ: dict[str, str] | None = None,
        play: dict[str, t.Any] | None = None,
        arguments: t.Sequence[str] = (),
        more_plays: t.Sequence[dict[str, t.Any]] = (),
    ) -> Run:
        """Run tasks (or one) on hosts. variables: more variables by host. play: more keywords of the play.

        more_plays: whole plays that follow.
        """
        self._count += 1
        place = self.directory / f"run{self._count}"
        place.mkdir()
        listed = tasks if isinstance(tasks, list) else [tasks]
        book = [{"hosts": hosts, "gather_facts": False, "tasks": listed, **(play or {})}, *more_plays]
        inventory = json.dumps(self._inventory(entry_point, variables or {}))
        (place / "inventory.yml").write_text(inventory, encoding="utf-8")
        (place / "play.yml").write_text(json.dumps(book), encoding="utf-8")
        arguments = [
            "-i",
            "inventory.yml",
            "play.yml",
            *arguments,
            *(["--check"] if check else []),
            *(["--diff"] if diff else []),
            *(["-" + "v" * verbosity] if verbosity else []),
        ]
        environment = {**recorded_environment(self.directory, place / "results.jsonl"), **(environ or {})}
        done = run_ansible("ansible-playbook", arguments, cwd=place, env=environment)
        refuse_deprecations(done.stdout)
        lines = (place / "results.jsonl").read_text("utf-8") if (place / "results.jsonl").exists() else ""
        results = [Result(**json.loads(line)) for line in lines.splitlines()]
        return Run(done.returncode, done.stdout, results)

    def _inventory(self, entry_point: str, variables: dict[str, dict[str, t.Any]]) -> dict[str, t.Any]:
        hosts = {name: {**self.hosts.get(name, {}), **variables.get(name, {})} for name in {**self.hosts, **variables}}
        shared = {
            "ansible_connection": "local",
            "ansible_python_interpreter": os.environ.get("TARGET_PYTHON", sys.executable),
            "lantime_execution": entry_point,
            **self.shared,
        }
        groups = {name: {"hosts": dict.fromkeys(members)} for name, members in self.groups.items()}
        return {"all": {"hosts": hosts, "vars": shared, "children": groups}}
