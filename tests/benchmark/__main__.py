# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark "make bench": the collection and other clients in turn, on a simulated fleet over verified TLS.

Writes a table and a plot. The simulator runs on the same machine, so compare the ratios, not the times.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
import typing as t
from collections import defaultdict
from pathlib import Path

from . import report
from .fleet import BenchFleet, Counts
from .measure import Cost, run
from .rivals import CURL, SLOW, environment, rivals
from .whole_playbooks import measure_playbooks

DEVIATING = 0.05
SCENARIOS = ("P", "S1", "S2", "S3", "S5")


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--devices", type=numbers, default=[50, 200, 1000])
    parser.add_argument("--latency", type=numbers, default=[0, 20, 100], help="ms, with 200 devices")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-rounds", type=int, default=1, help="rounds of the clients that take minutes")
    parser.add_argument("--scenarios", default=",".join(SCENARIOS))
    parser.add_argument("--output", type=Path, help="directory for benchmark.md and benchmark.svg")
    return parser.parse_args()


def measure(
    fleet: BenchFleet, scenario: str, forks: int, rounds: int, slow_rounds: int, without: t.Collection[str]
) -> list[report.Row]:
    """One row for each client. Each round runs each client once and starts with another one."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    counted: dict[str, Counts] = {}
    lines: dict[str, int] = {}
    for number in range(max(rounds, slow_rounds)):
        table = rivals(scenario, fleet, forks, f"hall {scenario} {number}")
        names = [n for n in table if n not in without and number < (slow_rounds if n in SLOW else rounds)]
        for name in names[number % len(names) :] + names[: number % len(names)]:
            fleet.restore()
            if scenario == "S2":
                fleet.deviate(DEVIATING)
            log = fleet.place / "log"
            if scenario == "S5":
                run(table[name].command, environment(fleet), log)
            fleet.clear()
            cost = run(table[name].command, environment(fleet), log)
            costs[name].append(cost)
            counted[name] = fleet.counts()
            lines[name] = table[name].lines
            print(
                f"  {scenario} {fleet.devices} devices {fleet.latency_ms} ms {name}: "
                f"{cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU",
                flush=True,
            )
    return [
        report.summarize(scenario, fleet, forks, name, own, counted[name], lines[name]) for name, own in costs.items()
    ]


def main() -> None:
    options = arguments()
    rows: list[report.Row] = []
    wanted = options.scenarios.split(",")
    for devices in options.devices:
        # With a thousand devices a slow client takes a quarter of an hour for each row.
        without = {*SLOW, CURL} if devices > 200 else set()
        for latency in options.latency if devices == 200 else options.latency[:1]:
            with (
                tempfile.TemporaryDirectory(prefix="lantime-bench-") as place,
                BenchFleet(Path(place), devices, latency) as fleet,
            ):
                if "P" in wanted and not latency:
                    rows += measure_playbooks(fleet, 20, options.rounds)
                for scenario in [name for name in wanted if name != "P"]:
                    if latency:
                        if scenario == "S1":
                            rows += measure(fleet, scenario, 50, options.rounds, 0, {*SLOW, CURL})
                    elif devices <= 200 or scenario == "S2":
                        # Slow clients run only where they are compared.
                        compared = devices == 200 and scenario in ("S1", "S2")
                        few = options.slow_rounds if compared else 0
                        rows += measure(fleet, scenario, 10, options.rounds, few, without)
                if devices == 200 and not latency and "S1" in wanted:
                    rows += measure(fleet, "S1", 50, options.rounds, 0, {*SLOW, CURL})
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    text = report.markdown(rows, machine)
    print(text)
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        (options.output / "benchmark.md").write_text(text, encoding="utf-8")
        (options.output / "benchmark.svg").write_text(report.plot(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
