# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's own playbooks, by their full names, against simulated devices on loopback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

from harness import environment, host_variables

Tree = dict[str, t.Any]

_RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclass
class Outcome:
    """code: of ansible-playbook.  ends: C(ok), C(failed) or C(unreachable) by host.  report: its JSON, None if there is none."""

    code: int
    output: str
    ends: dict[str, str]
    report: Tree | None

    def states(self) -> dict[str, str]:
        """State of each host in the report."""
        assert self.report is not None, self.output
        return {entry["host"]: entry["state"] for entry in self.report["hosts"]}

    def host(self, name: str) -> Tree:
        assert self.report is not None, self.output
        return next(entry for entry in self.report["hosts"] if entry["host"] == name)

    def differences(self, name: str) -> list[str]:
        return [found["path"] for found in self.host(name)["drift"]["differences"]]


class Site:
    """A directory with an inventory of simulated devices in the group lantime."""

    def __init__(self, place: Path, collections: Path, fleet: t.Any) -> None:
        self.place = place
        self.collections = collections
        self.hosts: dict[str, Tree] = {d.name: host_variables(d, "info") for d in fleet}
        self.vars: Tree = {}
        self.groups: dict[str, list[str]] = {}

    def as_admin(self, fleet: t.Any) -> None:
        for device in fleet:
            self.hosts[device.name].update(host_variables(device))

    def kill(self, *names: str) -> None:
        """Let nothing answer for these hosts."""
        for name in names:
            self.hosts[name]["lantime_port"] = 1

    def write_inventory(self) -> Path:
        groups = {name: {"hosts": {host: {} for host in members}} for name, members in self.groups.items()}
        everything = {"lantime": {"hosts": self.hosts, "vars": self.vars}, **groups}
        path = self.place / "inventory.json"
        path.write_text(json.dumps({"all": {"children": everything}}), encoding="utf-8")
        return path

    def _environment(self) -> dict[str, str]:
        known = environment(self.place, self.collections)
        return {name: value for name, value in known.items() if "CALLBACK" not in name}

    def run(self, playbook: str, *arguments: str, basename: str = "drift", **extra: t.Any) -> Outcome:
        """Run a playbook of the collection. extra: variables of the command line."""
        self.write_inventory()
        reports = self.place / "reports"
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            "inventory.json",
            f"meinberg.lantime.{playbook}",
            "-e",
            json.dumps({"lantime_report_dir": str(reports), **extra}),
            *arguments,
        ]
        done = subprocess.run(
            command,
            cwd=self.place,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
            check=False,
            text=True,
        )
        path = reports / f"{basename}.json"
        report = json.loads(path.read_text("utf-8")) if path.exists() else None
        return Outcome(done.returncode, done.stdout, _ends(done.stdout), report)


def _ends(output: str) -> dict[str, str]:
    return {
        m[1]: "unreachable" if int(m[3]) else "failed" if int(m[4]) else "ok"
        for m in _RECAP.finditer(output)
        if m[1] != "localhost"
    }
