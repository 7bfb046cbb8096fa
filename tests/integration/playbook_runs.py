# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the collection's own playbooks, by their full names, against simulated devices on loopback."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.devices import host_variables
from ansible_collections.meinberg.lantime.tests.integration.ansible_runs import run_ansible
from ansible_collections.meinberg.lantime.tests.integration.controller import refuse_deprecations, user_environment
from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS

Tree = dict[str, t.Any]

_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclass
class PlaybookRun:
    """A finished run: exit code, output, final status (ok, failed or unreachable) by host, and the JSON report if written."""

    code: int
    output: str
    final: dict[str, str]
    report: Tree | None

    def states(self) -> dict[str, str]:
        """State of each host in the report."""
        assert self.report is not None, self.output
        return {entry["host"]: entry["state"] for entry in self.report["hosts"]}

    def host(self, name: str) -> Tree:
        """The entry of a host in the report."""
        assert self.report is not None, self.output
        return next(entry for entry in self.report["hosts"] if entry["host"] == name)

    def differences(self, name: str) -> list[str]:
        """Paths of the differences of a host in the report."""
        return [difference["path"] for difference in self.host(name)["drift"]["differences"]]


class PlaybookProject:
    """A directory with an inventory of simulated devices in the group lantime, in which playbooks run.

    collections: where Ansible finds the collection.
    """

    def __init__(self, directory: Path, fleet: t.Any, collections: Path = COLLECTIONS) -> None:
        self.directory = directory
        self.collections = collections
        self.hosts: dict[str, Tree] = {d.name: host_variables(d, "info") for d in fleet}
        self.vars: Tree = {}
        self.groups: dict[str, list[str]] = {}

    def use_admin(self, fleet: t.Any) -> None:
        """Log in with the level admin instead of info."""
        for device in fleet:
            self.hosts[device.name].update(host_variables(device))

    def make_unreachable(self, *names: str) -> None:
        """Point these hosts to a port on which nothing listens."""
        for name in names:
            self.hosts[name]["lantime_port"] = 1

    def write_inventory(self) -> Path:
        groups: Tree = {name: {"hosts": {host: {} for host in members}} for name, members in self.groups.items()}
        everything = {"lantime": {"hosts": self.hosts, "vars": self.vars}, **groups}
        path = self.directory / "inventory.json"
        path.write_text(json.dumps({"all": {"children": everything}}), encoding="utf-8")
        return path

    def _environment(self) -> dict[str, str]:
        own = {"ANSIBLE_COLLECTIONS_PATH": str(self.collections), "ANSIBLE_DEPRECATION_WARNINGS": "1"}
        return {**user_environment(self.directory), **own}

    def run(self, playbook: str, *arguments: str, basename: str = "drift", **extra: t.Any) -> PlaybookRun:
        """Run a playbook of the collection, with extra variables."""
        return self._run(f"meinberg.lantime.{playbook}", arguments, basename, extra)

    def run_play(self, play: Tree, basename: str = "drift", **extra: t.Any) -> PlaybookRun:
        """Run a play of a user on all devices, with extra variables."""
        path = self.directory / "play.json"
        path.write_text(json.dumps([{"hosts": "lantime", "gather_facts": False, **play}]), encoding="utf-8")
        return self._run(str(path), (), basename, extra)

    def _run(self, playbook: str, arguments: t.Sequence[str], basename: str, extra: Tree) -> PlaybookRun:
        self.write_inventory()
        reports = self.directory / "reports"
        listed = [
            "-i",
            "inventory.json",
            playbook,
            "-e",
            json.dumps({"lantime_report_dir": str(reports), **extra}),
            *arguments,
        ]
        done = run_ansible("ansible-playbook", listed, cwd=self.directory, env=self._environment())
        refuse_deprecations(done.stdout)
        path = reports / f"{basename}.json"
        report = json.loads(path.read_text("utf-8")) if path.exists() else None
        return PlaybookRun(done.returncode, done.stdout, _final_statuses(done.stdout), report)


def _final_statuses(output: str) -> dict[str, str]:
    return {
        m[1]: "unreachable" if int(m[3]) else "failed" if int(m[4]) else "ok"
        for m in _RECAP.finditer(output)
        if m[1] != "localhost"
    }
