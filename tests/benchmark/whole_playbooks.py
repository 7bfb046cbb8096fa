# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks and a role of the collection as users run them, beside a task that does nothing and a threaded script.

python -m tests.benchmark.whole_playbooks --devices 200 --rounds 1 --runs drift_check,facts_report
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import typing as t
from collections import defaultdict
from pathlib import Path

from ansible_collections.meinberg.lantime.tests.paths import PROGRAMS

from .fleet import BenchFleet, Counts
from .measure import Cost, run
from .report import Row, summarize
from .rivals import FLOOR, SCRIPT, environment

HERE = Path(__file__).resolve().parent
SCENARIO = "P"
DEVIATING = 0.05
SECTIONS = ("ntp", "snmp")
SICK = {"health_check_expected": {"power_supplies": 9}}

ROLE_PLAY = """\
- hosts: lantime
  gather_facts: false
  roles:
    - role: meinberg.lantime.drift_check
"""


class Run(t.NamedTuple):
    """A command. codes: the exit codes that it may end with, by whether devices deviate or are sick."""

    name: str
    command: list[str]
    code: int = 0


def playbook_runs(fleet: BenchFleet, golden: dict[str, t.Any], forks: int) -> dict[str, Run]:
    """The runs by name. The devices of the inventory group sick are not healthy, in a share that deviates."""
    place = fleet.place
    variables = place / "golden_config.json"
    shown = {"lantime_golden_config": golden, "golden": golden, "lantime_report_dir": str(place / "reports")}
    variables.write_text(json.dumps(shown), encoding="utf-8")
    sick = place / "sick.yml"
    sick.write_text(json.dumps({"all": {"hosts": dict.fromkeys(fleet.share(DEVIATING), SICK)}}), encoding="utf-8")
    role_play = place / "role_play.yml"
    role_play.write_text(ROLE_PLAY, encoding="utf-8")
    shared = ["-i", str(fleet.inventory), "-i", str(sick), "-e", f"@{variables}", "-f", str(forks)]

    def play(name: str, book: str, code: int, *more: str) -> Run:
        return Run(name, [str(PROGRAMS / "ansible-playbook"), *shared, *more, book], code)

    def ours(name: str, book: str, code: int, *more: str) -> Run:
        return play(name, f"meinberg.lantime.{book}", code, *more)

    arguments = [str(HERE / "script.py"), "S2", str(fleet.inventory), str(variables), "none", "50"]
    listed = [
        play(FLOOR, str(HERE / "playbooks" / "floor.yml"), 0),
        ours("drift_check", "drift_check", 2),
        ours("facts_report", "facts_report", 0),
        ours("health_check", "health_check", 2),
        ours("health_check, all sick", "health_check", 2, "-e", json.dumps(SICK)),
        ours("fleet_config --check", "fleet_config", 0, "--check"),
        play("role drift_check in a play", str(role_play), 2),
        ours("drift_check, consensus", "drift_check", 0, "-e", "drift_check_mode=consensus"),
        ours("drift_check, together", "drift_check", 2, "-e", "drift_check_gather=together"),
        ours("facts_report, together", "facts_report", 0, "-e", "facts_report_gather=together"),
        ours("health_check, together", "health_check", 2, "-e", "health_check_gather=together"),
        Run(SCRIPT, [sys.executable, *arguments]),
    ]
    return {one.name: one for one in listed}


def measure_playbooks(fleet: BenchFleet, forks: int, rounds: int, wanted: t.Collection[str] = ()) -> list[Row]:
    """One row for each run. Each round runs each of them once, and the floor between them."""
    golden = {section: settings for section, settings in fleet.golden().items() if section in SECTIONS}
    runs = playbook_runs(fleet, golden, forks)
    names = [name for name in runs if not wanted or name in wanted or name == FLOOR]
    costs: dict[str, list[Cost]] = defaultdict(list)
    counted: dict[str, Counts] = {}
    fleet.restore()
    fleet.deviate(DEVIATING)
    for dummy in range(rounds):
        for name in names:
            fleet.clear()
            cost = run(runs[name].command, environment(fleet), fleet.place / "log", codes=(runs[name].code,))
            costs[name].append(cost)
            counted[name] = fleet.counts()
            floor = costs[FLOOR][-1].cpu
            print(
                f"  {SCENARIO} {fleet.devices} devices, {name}: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, "
                f"{cost.cpu / floor:.2f} times debug, {cost.memory / 1e6:.0f} MB",
                flush=True,
            )
    return [
        summarize(SCENARIO, fleet, forks, name, own, counted[name], lines=1 if name != SCRIPT else 48)
        for name, own in costs.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.whole_playbooks", description=__doc__)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--forks", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--runs", default="", help="names, separated by semicolons")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="lantime-bench-") as place,
        BenchFleet(Path(place), options.devices, 0) as fleet,
    ):
        measure_playbooks(fleet, options.forks, options.rounds, [name for name in options.runs.split(";") if name])


if __name__ == "__main__":
    main()
