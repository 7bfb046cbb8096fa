# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix through both entry points: one play for all rows, with a device for each row.

The outcome of each row must be the one that the job has without Ansible (test_job).
"""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run
from ansible_collections.meinberg.lantime.tests.reliability.matrix.all_rows import ROWS
from ansible_collections.meinberg.lantime.tests.reliability.matrix.judge import Play
from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    CONTROLLER,
    OPTIONS,
    TARGET,
    Bench,
    Row,
    Tree,
)
from ansible_collections.meinberg.lantime.tests.reliability.rig import CANARY
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

TASK: Tree = {
    "meinberg.lantime.lantime_config": "",
    "args": "{{ task_options }}",
    "environment": "{{ task_environment }}",
}
PROFILE = "m600-7.10"
OTHER = "other"


def rows_of(entry_point: str) -> list[Row]:
    """The rows for an entry point. The packaged module, which takes ten times as long, runs the first case of each fault."""
    rows = [row for row in ROWS if entry_point in row.entry_points]
    if entry_point == CONTROLLER:
        return rows
    return [row for place, row in enumerate(rows) if row.number not in {other.number for other in rows[:place]}]


class Session:
    """All rows of an entry point, each with its device."""

    def __init__(self, entry_point: str, fleet: SharedFleet, directory: Path) -> None:
        self.entry_point = entry_point
        self.rows = rows_of(entry_point)
        self.fleet = fleet
        self.directory = directory
        names = [device.name for device in fleet if device.name != OTHER]
        self.names = dict(zip(map(str, self.rows), names))
        self.controller = Controller(directory, {n: host_variables(fleet[n]) for n in self.names.values()})

    def plays(self, check: bool) -> list[Play]:
        plays = []
        for row in self.rows:
            place = self.directory / self.names[str(row)]
            place.mkdir(exist_ok=True)
            plays.append(Play(row, Bench(self.fleet[self.names[str(row)]], self.fleet[OTHER], place), check))
        return plays

    def run(self, plays: list[Play], check: bool, again: bool) -> Run:
        """Run the task of every row on its device, in one play."""
        variables = {
            play.device.name: {
                "task_options": {
                    **OPTIONS,
                    **play.options,
                    "config": play.desired if again else play.row.tree,
                    "journal_path": str(play.bench.journal),
                },
                "task_environment": play.bench.environment,
            }
            for play in plays
        }
        run = self.controller.play(TASK, entry_point=self.entry_point, check=check, diff=True, variables=variables)
        assert CANARY not in run.output
        assert len(run.results) == len(plays), run.output
        return run


def fleet_for(entry_point: str) -> SharedFleet:
    names = [f"row{place}" for place, dummy in enumerate(rows_of(entry_point))]
    return SharedFleet([DeviceSpec(name, PROFILE, autosave=False) for name in (*names, OTHER)], freeze=True)


@pytest.fixture(params=[CONTROLLER, TARGET])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> t.Iterator[Session]:
    with fleet_for(request.param) as fleet:
        yield Session(request.param, fleet, tmp_path)


def judge_all(session: Session, plays: list[Play], run: Run) -> list[str]:
    """What is wrong with the rows of a play, by row."""
    wrong = []
    for play in plays:
        (result,) = run.of(play.device.name)
        try:
            play.judge(result, 0.0)
            play.judge_outcome(result)
        except AssertionError as error:
            wrong.append(f"{play.row} through {session.entry_point}: {str(error)[:1000]} {play.record(result)}")
    return wrong


@pytest.mark.long
@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
def test_all_rows(session: Session, check: bool) -> None:
    plays = session.plays(check)
    with contextlib.ExitStack() as stack:
        for play in plays:
            play.prepare()
            stack.callback(play.lift)
        run = session.run(plays, check, again=False)
        wrong = judge_all(session, plays, run)
    assert not wrong, "\n".join(wrong)
    again = session.run(plays, check, again=True)
    for play in plays:
        play.judge_again(again.of(play.device.name)[0])
