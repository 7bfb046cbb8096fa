# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of ansible-inventory with the inventory plugin against simulated devices."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.tests.integration.ansible_runs import run_ansible
from ansible_collections.meinberg.lantime.tests.integration.controller import user_environment


@dataclass
class InventoryRun:
    """A finished run: exit code, standard output, and standard error as one line; the inventory if one was printed."""

    code: int
    stdout: str
    messages: str

    @property
    def tree(self) -> dict[str, t.Any]:
        assert self.code == 0, self.messages
        inventory: dict[str, t.Any] = without_unsafe_marks(json.loads(self.stdout))
        return inventory

    @property
    def hosts(self) -> dict[str, dict[str, t.Any]]:
        variables: dict[str, dict[str, t.Any]] = self.tree["_meta"]["hostvars"]
        return variables

    def group(self, name: str) -> list[str]:
        return list(self.tree.get(name, {}).get("hosts", []))

    def groups_of(self, host: str) -> set[str]:
        return {name for name in self.tree if host in self.group(name)}


def without_unsafe_marks(value: t.Any) -> t.Any:
    """The printed inventory without the marks of values that are never templated."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: without_unsafe_marks(item) for key, item in value.items()}
    return [without_unsafe_marks(item) for item in value] if isinstance(value, list) else value


def host_entries(devices: t.Iterable[t.Any]) -> list[dict[str, t.Any]]:
    """Entries of the option hosts."""
    return [{"name": each.name, "host": each.host, "port": each.port} for each in devices]


class Workspace:
    """A directory with a configuration of the plugin, in which Ansible's programs run."""

    def __init__(self, directory: Path, ca: str) -> None:
        self.directory = directory
        self.ca = ca
        self.environ = user_environment(directory)

    def write(self, name: str = "lantime.yml", **config: t.Any) -> Path:
        """Write a configuration; ca_path, use_proxy and retries are set unless given, None leaves an option out."""
        options = {
            "plugin": "meinberg.lantime.lantime",
            "ca_path": self.ca,
            "use_proxy": False,
            "retries": 0,
            **config,
        }
        document = {key: value for key, value in options.items() if value is not None}
        path = self.directory / name
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path

    def run(
        self,
        *arguments: str,
        sources: t.Sequence[str] = ("lantime.yml",),
        tool: str = "ansible-inventory",
        environ: dict[str, str] | None = None,
    ) -> InventoryRun:
        """Run a program on the sources; ansible-inventory lists them unless the arguments say otherwise."""
        given = [part for source in sources for part in ("-i", source)]
        what = list(arguments)
        if tool == "ansible-inventory" and not {"--graph", "--host"} & set(arguments):
            what.append("--list")
        env = {**self.environ, **(environ or {})}
        done = run_ansible(tool, [*given, *what], cwd=self.directory, env=env, merged=False)
        return InventoryRun(done.returncode, done.stdout, " ".join(done.stderr.split()))

    def listing(self, **config: t.Any) -> InventoryRun:
        """Write a configuration and list it."""
        self.write(**config)
        return self.run()

    def play(self, tasks: list[t.Any], *arguments: str, hosts: str = "all") -> InventoryRun:
        book = [{"hosts": hosts, "gather_facts": False, "tasks": tasks}]
        (self.directory / "play.yml").write_text(json.dumps(book), encoding="utf-8")
        return self.run("play.yml", *arguments, tool="ansible-playbook")
