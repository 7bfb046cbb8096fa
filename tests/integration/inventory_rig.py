# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ansible-inventory runs of the inventory plugin against simulated devices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml
from harness import environment

TOOLS = Path(sys.executable).parent


@dataclass
class Listing:
    """A run: exit code, stdout, stderr with its line breaks evened out, and the inventory if it printed one."""

    code: int
    stdout: str
    messages: str

    @property
    def tree(self) -> dict[str, t.Any]:
        assert self.code == 0, self.messages
        found: dict[str, t.Any] = plain(json.loads(self.stdout))
        return found

    @property
    def hosts(self) -> dict[str, dict[str, t.Any]]:
        found: dict[str, dict[str, t.Any]] = self.tree["_meta"]["hostvars"]
        return found

    def group(self, name: str) -> list[str]:
        return list(self.tree.get(name, {}).get("hosts", []))

    def groups_of(self, host: str) -> set[str]:
        return {name for name in self.tree if host in self.group(name)}


def plain(value: t.Any) -> t.Any:
    """The listing without the marks that tell data that is never to be templated."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def listed(devices: t.Iterable[t.Any]) -> list[dict[str, t.Any]]:
    return [{"name": each.name, "host": each.host, "port": each.port} for each in devices]


class Workspace:
    """A directory with a configuration of the plugin, and the runs in it."""

    def __init__(self, directory: Path, collections: Path, ca: str) -> None:
        self.directory = directory
        self.ca = ca
        self.environ = environment(directory, collections)

    def write(self, name: str = "lantime.yml", **config: t.Any) -> Path:
        """A configuration; ca_path and use_proxy are set unless given."""
        options = {
            "plugin": "meinberg.lantime.lantime",
            "ca_path": self.ca,
            "use_proxy": False,
            "retries": 0,
            **config,
        }
        options_set = {key: value for key, value in options.items() if value is not None}
        path = self.directory / name
        path.write_text(yaml.safe_dump(options_set, sort_keys=False), encoding="utf-8")
        return path

    def run(
        self,
        *arguments: str,
        sources: t.Sequence[str] = ("lantime.yml",),
        tool: str = "ansible-inventory",
        environ: dict[str, str] | None = None,
    ) -> Listing:
        """ansible-inventory --list (or what is given) of the sources."""
        given = [part for source in sources for part in ("-i", source)]
        what = list(arguments)
        if tool == "ansible-inventory" and not {"--graph", "--host"} & set(arguments):
            what.append("--list")
        env = {**self.environ, "LANTIME_TEST_RESULTS": os.devnull, **(environ or {})}
        done = subprocess.run(
            [str(TOOLS / tool), *given, *what],
            cwd=self.directory,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
            text=True,
        )
        return Listing(done.returncode, done.stdout, " ".join(done.stderr.split()))

    def listing(self, **config: t.Any) -> Listing:
        self.write(**config)
        return self.run()

    def play(self, tasks: list[dict[str, t.Any]], *arguments: str, hosts: str = "all") -> Listing:
        book = [{"hosts": hosts, "gather_facts": False, "tasks": tasks}]
        (self.directory / "play.yml").write_text(json.dumps(book), encoding="utf-8")
        return self.run("play.yml", *arguments, tool="ansible-playbook")
