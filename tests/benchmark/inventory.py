# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the inventory plugin against a threaded requests script that sends the same GETs.

python -m tests.benchmark.inventory --devices 200 --rounds 5

One simulated fleet in a process of its own, the runs interleaved round by round on the same machine; medians of wall time, of
CPU time (user and system of the client with all its children) and requests as the devices counted them. Runs:

script    the script, with --script-workers threads
static    ansible-inventory --list of a file with the same hosts: the cost of Ansible itself
cold      ansible-inventory --list of the plugin, nothing cached
dead      as cold, with --dead more devices that never answer
cached    as cold, after a run that filled the cache
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ansible_collections.meinberg.lantime.tests.paths import COLLECTIONS, ROOT

from .black_hole import BlackHole

SCRIPT = Path(__file__).with_name("requests_script.py")
RUNS = ("script", "static", "cold", "dead", "cached")
CONNECT_TIMEOUT = 2.0


class Sample(NamedTuple):
    wall: float
    cpu: float
    requests: int


class Bench:
    """The runs on a fleet, with their files."""

    def __init__(self, place: Path, options: argparse.Namespace, holes: list[BlackHole]) -> None:
        self.place = place
        self.options = options
        ready = json.loads((place / "ready.json").read_text("utf-8"))
        self.control = ready["control"]
        devices = ready["devices"]
        self.devices = {name: {"host": device["host"], "port": device["port"]} for name, device in devices.items()}
        first = next(iter(devices.values()))
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "PYTHON"))},
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_HOME": str(place / "ansible"),
            "LANTIME_USERNAME": "info",
            "LANTIME_PASSWORD": first["users"]["info"],
            "LC_ALL": "C.UTF-8",
        }
        self._write(holes)

    def _write(self, holes: list[BlackHole]) -> None:
        (self.place / "devices.json").write_text(json.dumps(self.devices), "utf-8")
        static = {"all": {"hosts": {n: {"ansible_host": d["host"]} for n, d in self.devices.items()}}}
        (self.place / "static.yml").write_text(yaml.safe_dump(static), "utf-8")
        dead = [{"name": f"dead{n}", "host": "127.0.0.1", "port": h.port} for n, h in enumerate(holes)]
        listed = [{"name": name, **device} for name, device in self.devices.items()]
        for name, hosts, more in (
            ("cold", listed, {}),
            ("dead", dead + listed, {}),
            ("cached", listed, {"cache": True, "cache_timeout_state": 3600}),
        ):
            config = {
                "plugin": "meinberg.lantime.lantime",
                "hosts": hosts,
                "ca_path": "ca.pem",
                "use_proxy": False,
                "connect_timeout": CONNECT_TIMEOUT,
                "cache_plugin": "ansible.builtin.jsonfile",
                "cache_connection": str(self.place / "cache"),
                **({"workers": self.options.workers} if self.options.workers else {}),
                **more,
            }
            (self.place / f"{name}.lantime.yml").write_text(yaml.safe_dump(config), "utf-8")

    def command(self, run: str) -> list[str]:
        python = sys.executable
        if run == "script":
            workers = str(self.options.script_workers)
            return [python, str(SCRIPT), "devices.json", "ca.pem", workers]
        source = "static.yml" if run == "static" else f"{run}.lantime.yml"
        return [str(Path(python).with_name("ansible-inventory")), "-i", source, "--list"]

    def sample(self, run: str) -> Sample:
        self.ask("DELETE")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        done = subprocess.run(self.command(run), cwd=self.place, env=self.environment, capture_output=True, check=True)
        wall = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.check(run, done.stdout)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Sample(wall, cpu, self.ask("GET"))

    def check(self, run: str, output: bytes) -> None:
        """Stop if a run did not return the whole fleet, as its time would mean nothing."""
        found = json.loads(output)
        if run == "script":
            good = sum(device.get("sync") == "synchronized" for device in found.values())
        elif run == "static":
            good = len(found["_meta"]["hostvars"])
        else:
            good = len(found["lantime_sync_synchronized"]["hosts"])
        if good != len(self.devices):
            raise SystemExit(f"{run}: {good} of {len(self.devices)} devices")

    def ask(self, method: str) -> int:
        """Delete (DELETE) or count (GET) the requests in the ledgers of all devices."""
        total = 0
        for name in self.devices:
            request = urllib.request.Request(f"{self.control}/devices/{name}/ledger", method=method)
            with urllib.request.urlopen(request, timeout=30) as answer:
                body = answer.read()
            if method == "GET":
                total += len(json.loads(body)["entries"])
        return total


def simulator(*arguments: str) -> None:
    command = [sys.executable, "-m", "tests.simulator", *arguments]
    subprocess.run(command, cwd=ROOT, check=True)


def measure(options: argparse.Namespace) -> dict[str, list[Sample]]:
    place = Path(tempfile.mkdtemp(prefix="lantime-benchmark-"))
    try:
        simulator(
            "--count",
            str(options.devices),
            "--profile",
            options.profile,
            "--directory",
            str(place),
            "--daemon",
            "--quiet",
            "--freeze",
        )
        with ExitStack() as stack:
            stack.callback(simulator, "--directory", str(place), "--stop")
            holes = [stack.enter_context(BlackHole()) for dummy in range(options.dead)]
            bench = Bench(place, options, holes)
            for run in RUNS:  # fills the page cache, the bytecode and the inventory cache
                bench.sample(run)
            samples: dict[str, list[Sample]] = {run: [] for run in RUNS}
            for dummy in range(options.rounds):
                for run in RUNS:
                    samples[run].append(bench.sample(run))
            return samples
    finally:
        shutil.rmtree(place, ignore_errors=True)


def table(samples: dict[str, list[Sample]]) -> str:
    lines = [f"{'run':<8}{'wall s':>9}{'min':>8}{'max':>8}{'CPU s':>9}{'requests':>10}{'x script':>10}"]
    base = statistics.median(s.wall for s in samples["script"])
    for run, found in samples.items():
        walls = [s.wall for s in found]
        wall = statistics.median(walls)
        cpu = statistics.median(s.cpu for s in found)
        requests = statistics.median(s.requests for s in found)
        lines.append(
            f"{run:<8}{wall:>9.2f}{min(walls):>8.2f}{max(walls):>8.2f}{cpu:>9.2f}{requests:>10.0f}{wall / base:>10.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.inventory")
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--dead", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", default="m600-7.10")
    parser.add_argument("--script-workers", type=int, default=20)
    parser.add_argument("--workers", type=int, help="of the plugin, if not its default")
    parser.add_argument("--json", type=Path, help="write the samples to this file")
    options = parser.parse_args()
    samples = measure(options)
    print(f"{options.devices} devices, {options.dead} dead ones in `dead` ({CONNECT_TIMEOUT:g} s to connect),")
    print(f"medians of {options.rounds} interleaved rounds on {os.cpu_count()} processors")
    print(table(samples))
    if options.json:
        plain: dict[str, Any] = {run: [s._asdict() for s in found] for run, found in samples.items()}
        options.json.write_text(json.dumps(plain, indent=1), "utf-8")


if __name__ == "__main__":
    main()
