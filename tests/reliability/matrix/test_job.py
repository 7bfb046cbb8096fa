# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix in this process: every row in check mode and in apply mode.

The job of lantime_config runs over a socket against the simulator, without Ansible.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.matrix.all_rows import ROWS
from ansible_collections.meinberg.lantime.tests.reliability.matrix.judge import Play
from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import JOB, OPTIONS, Bench, Row, Tree
from ansible_collections.meinberg.lantime.tests.reliability.rig import run_config

PROXY_VARIABLES = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")


def run(play: Play, tree: Tree, check: bool) -> Tree:
    """The result of the task as the bench has it now."""
    bench = play.bench
    given = {**OPTIONS, **play.options}
    with pytest.MonkeyPatch.context() as patch:
        for name in PROXY_VARIABLES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        for name, value in bench.environment.items():
            patch.setenv(name, value)
        return run_config(bench.device, tree, journal=bench.journal, check=check, **given)


def run_with_fault(play: Play, check: bool) -> Tree:
    if play.row.run is None:
        return run(play, play.row.tree, check)
    given = {**OPTIONS, **play.options, "config": play.row.tree, "journal_path": str(play.bench.journal)}
    return play.row.run(play.bench, given, check)


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
@pytest.mark.parametrize("row", [row for row in ROWS if JOB in row.entry_points], ids=str)
def test_row(fleet: t.Any, tmp_path: Path, record_property: t.Any, row: Row, check: bool) -> None:
    play = Play(row, Bench(fleet["ts1"], fleet["ts2"], tmp_path), check)
    play.prepare()
    result = run_with_fault(play, check)
    spent = play.seconds()
    record_property("fault", [list(play.record(result))])
    try:
        play.judge(result, spent)
        play.judge_outcome(result)
    finally:
        play.lift()
    play.judge_again(run(play, play.desired, check))
    if not check:
        play.device.ledger.clear()
        play.judge_idle(run(play, play.desired, False))
