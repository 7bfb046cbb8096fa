# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that are compared, with the number of lines that a user writes for each."""

from __future__ import annotations

import json
import os
import shlex
import sys
import typing as t
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, PROGRAMS

from .fleet import BenchFleet

HERE = Path(__file__).resolve().parent
SECTIONS = ("network", "ntp", "snmp", "notification")

FLOOR, IN_PROCESS, PACKAGED, EMPTY, URI, SCRIPT, CURL = (
    "debug",
    "in process",
    "packaged",
    "packaged, empty",
    "uri",
    "requests script",
    "curl",
)
SLOW = (PACKAGED, EMPTY, URI)


# Not a file beside the others: ansible-lint does not know its module.
_EMPTY = """\
- hosts: lantime
  gather_facts: false
  tasks:
    - name: Do nothing
      bench_nothing:
"""


class Rival(t.NamedTuple):
    """A client: its command, and the lines that a user writes for it, without blank lines and comments."""

    name: str
    command: list[str]
    lines: int


def rivals(scenario: str, fleet: BenchFleet, forks: int, location: str) -> dict[str, Rival]:
    """The clients that can run a scenario: S1, S2, S3, or S5, which is S3 once more."""
    play = {"S5": "s3"}.get(scenario, scenario.lower())
    variables = fleet.place / "golden.json"
    if not variables.exists():
        variables.write_text(json.dumps({"golden": fleet.golden()}), encoding="utf-8")
    shared = [
        "-i",
        str(fleet.inventory),
        "-e",
        f"@{variables}",
        "-e",
        f"location={location}",
        "-f",
        str(forks),
    ]
    if fleet.latency_ms == 0:
        local = [
            "-e",
            "ansible_connection=local",
            "-e",
            f"ansible_python_interpreter={sys.executable}",
        ]
    else:
        local = []

    def playbook(name: str, book: str, *more: str) -> Rival:
        path = HERE / "playbooks" / f"{book}.yml"
        if name == EMPTY:
            path = fleet.place / f"{book}.yml"
            path.write_text(_EMPTY, encoding="utf-8")
        return Rival(name, [str(PROGRAMS / "ansible-playbook"), *shared, *more, str(path)], _lines(path))

    script = HERE / "script.py"
    clients = [
        playbook(FLOOR, "floor"),
        playbook(IN_PROCESS, f"{play}_lantime"),
        playbook(PACKAGED, f"{play}_lantime", "-e", "lantime_execution=target", *local),
        *([playbook(EMPTY, "empty", *local)] if scenario == "S1" else []),
        playbook(URI, f"{play}_uri", *local),
        Rival(
            SCRIPT,
            [
                sys.executable,
                str(script),
                scenario,
                str(fleet.inventory),
                str(variables),
                location,
                "50",
            ],
            _lines(script),
        ),
    ]
    if scenario in ("S1", "S2"):
        clients.append(_curl(scenario, fleet))
    return {rival.name: rival for rival in clients}


def environment(fleet: BenchFleet) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "LANTIME_"))}
    return {
        **kept,
        "HOME": str(fleet.place),
        "ANSIBLE_HOME": str(fleet.place / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_LIBRARY": str(HERE / "library"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_REMOTE_TEMP": str(fleet.place / "tmp"),
    }


def _curl(scenario: str, fleet: BenchFleet) -> Rival:
    """A shell script with one curl for each device, which reuses its connection."""
    paths = ["status"] if scenario == "S1" else [f"config/{section}" for section in SECTIONS]
    lines = []
    for number, host in enumerate(fleet.hosts.values()):
        config = fleet.place / f"curl{number}.cfg"
        urls = "".join(
            f'url = "https://{host["host"]}:{host["port"]}/api/{path}"\noutput = "/dev/null"\n' for path in paths
        )
        user = f'user = "admin:{host["users"]["admin"]}"\n'
        config.write_text(f'silent\nfail\ncacert = "{fleet.place}/ca.pem"\n{user}{urls}', "utf-8")
        lines.append(f"curl -K {shlex.quote(str(config))} || exit 1")
    loop = fleet.place / "curl.sh"
    loop.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Rival(CURL, ["sh", str(loop)], 4 + len(paths))


def _lines(path: Path) -> int:
    return sum(
        bool(line.strip()) and not line.startswith(("#", "---")) for line in path.read_text("utf-8").splitlines()
    )
