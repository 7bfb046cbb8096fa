# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of which a tenth each is dead, slow and refuses the credentials, and the times of plays on it, host by host."""

from __future__ import annotations

import json
import statistics
import time
import typing as t
from contextlib import ExitStack
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.benchmark.black_hole import BlackHole
from ansible_collections.meinberg.lantime.tests.devices import host_variables
from ansible_collections.meinberg.lantime.tests.integration.ansible_runs import run_ansible
from ansible_collections.meinberg.lantime.tests.integration.controller import recorded_environment
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

SICK_KINDS = ("dead", "slow", "refusing")

FACTS_TASKS: list[dict[str, t.Any]] = [
    {"meinberg.lantime.lantime_facts": {}, "ignore_errors": True, "ignore_unreachable": True},
    {"ansible.builtin.set_fact": {"is_done": True}},
]


class StressRun(t.NamedTuple):
    """A finished run. seconds: from its start to the last task of each host.  wall: of the whole run."""

    code: int
    output: str
    report: dict[str, t.Any] | None
    seconds: dict[str, float]
    wall: float

    def last(self, hosts: t.Iterable[str]) -> float:
        """Seconds until the last of these hosts was done."""
        return max(self.seconds[host] for host in hosts)

    def median(self, hosts: t.Iterable[str]) -> float:
        """Seconds until half of these hosts were done."""
        return statistics.median(self.seconds[host] for host in hosts)


class StressFleet:
    """kinds: by name of a device, healthy or one of SICK_KINDS. Every tenth device is of each of these."""

    def __init__(self, fleet: Fleet, directory: Path, slow_seconds: float, connect_timeout: float) -> None:
        self.devices = {device.name: device for device in fleet}
        kinds = dict(enumerate(SICK_KINDS))
        self.kinds = {name: kinds.get(number % 10, "healthy") for number, name in enumerate(self.devices)}
        self._directory = directory
        self._slow_seconds = slow_seconds
        self._connect_timeout = connect_timeout
        self._runs = 0

    def of(self, *kinds: str) -> list[str]:
        """The names of the devices of these kinds."""
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def refusals(self) -> dict[str, int]:
        """The refused logins of each device since the latest run began."""
        return {name: sum(e["status"] == 401 for e in device.ledger) for name, device in self.devices.items()}

    def run(self, book: str | list[dict[str, t.Any]], forks: int, sick: bool, **extra: t.Any) -> StressRun:
        """Run a playbook of the collection, or plays. sick: whether the devices are of their kinds, or all healthy.

        extra: more variables of all hosts; hosts selects hosts.
        """
        self._runs += 1
        place = self._directory / f"run{self._runs}"
        place.mkdir()
        with ExitStack() as stack:
            hosts = {name: self._set_up(name, sick, stack) for name in extra.pop("hosts", self.devices)}
            document = {"all": {"children": {"lantime": {"hosts": hosts, "vars": {"ansible_connection": "local"}}}}}
            (place / "inventory.json").write_text(json.dumps(document), encoding="utf-8")
            (place / "play.yml").write_text(json.dumps(book), encoding="utf-8")
            name = f"meinberg.lantime.{book}" if isinstance(book, str) else "play.yml"
            arguments = ["-i", "inventory.json", name, "-e", json.dumps({"lantime_report_dir": "reports", **extra})]
            started = time.monotonic()
            environment = {**self._environment(place), "ANSIBLE_FORKS": str(forks)}
            done = run_ansible("ansible-playbook", arguments, cwd=place, env=environment, timeout=500)
            wall = time.monotonic() - started
        reports = list((place / "reports").glob("*.json"))
        report = json.loads(reports[0].read_text(encoding="utf-8")) if reports else None
        return StressRun(done.returncode, done.stdout, report, self._seconds(place, started), wall)

    def _set_up(self, name: str, sick: bool, stack: ExitStack) -> dict[str, t.Any]:
        """Make a device what it is in the next run; its variables."""
        device, kind = self.devices[name], self.kinds[name] if sick else "healthy"
        device.clear_faults()
        device.ledger.clear()
        variables = {**host_variables(device), "lantime_connect_timeout": self._connect_timeout}
        if kind == "slow":
            device.add_fault("delay", seconds=self._slow_seconds)
        elif kind == "refusing":
            device.add_fault("status", status=401)
        elif kind == "dead":
            variables["lantime_port"] = stack.enter_context(BlackHole()).port
        return variables

    def _environment(self, place: Path) -> dict[str, str]:
        # The configuration of a user, which plays that write reports must not depend on.
        return {**recorded_environment(self._directory, place / "results.jsonl"), "ANSIBLE_STRATEGY": "free"}

    def _seconds(self, place: Path, started: float) -> dict[str, float]:
        seconds: dict[str, float] = {}
        for line in (place / "results.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["host"] in self.devices and "_verdict" not in entry["action"]:
                seconds[entry["host"]] = entry["finished"] - started
        return seconds
