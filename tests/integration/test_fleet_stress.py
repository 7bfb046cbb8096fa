# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays on a fleet in which some devices are dead, slow or refuse the credentials."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.integration.fleet_runs import FACTS_TASKS, StressFleet, StressRun
from ansible_collections.meinberg.lantime.tests.paths import ROOT
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

GOLDEN = {"ntp": {"trust-time": 4711}, "snmp": {"contact": "time@example.com"}}
# By the kind of a device.
STATES = {
    "facts_report": {"healthy": "checked", "slow": "checked", "dead": "unreachable", "refusing": "failed"},
    "drift_check": {"healthy": "drift", "slow": "drift", "dead": "unreachable", "refusing": "failed"},
}
LONGEST_DELAY = 1.2
# Seconds for which tasks of the strategy linear may wait: for a dead device, in drift_check for three slow answers.
CONNECT_TIMEOUT = 5.0
WAITS = {"free": 0.0, "linear": CONNECT_TIMEOUT, "facts_report": CONNECT_TIMEOUT, "drift_check": 9.0}
ROUNDS = 3


def stressed(count: int, directory: Path, slow_seconds: float, connect_timeout: float) -> t.Iterator[StressFleet]:
    names = [f"ts{number:03d}" for number in range(count)]
    with Fleet([DeviceSpec(name, "m600-7.10") for name in names], freeze=True) as fleet:
        yield StressFleet(fleet, directory, slow_seconds, connect_timeout)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[StressFleet]:
    yield from stressed(20, tmp_path_factory.mktemp("small"), 1.0, 1.0)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[StressFleet]:
    yield from stressed(200, tmp_path_factory.mktemp("large"), 3.0, CONNECT_TIMEOUT)


def assert_complete(fleet: StressFleet, playbook: str, run: StressRun) -> None:
    """Assert that the report contains every host with its state, and that no account was risked."""
    assert run.report is not None, run.output
    states = {entry["host"]: entry["state"] for entry in run.report["hosts"]}
    assert states == {name: STATES[playbook][kind] for name, kind in fleet.kinds.items()}
    assert run.output.count("Write the report]") == 1
    assert fleet.refusals() == {name: int(kind == "refusing") for name, kind in fleet.kinds.items()}


@pytest.mark.parametrize("playbook", ["facts_report", pytest.param("drift_check", marks=pytest.mark.thorough)])
def test_one_report_contains_every_host(small: StressFleet, playbook: str) -> None:
    run = small.run(playbook, forks=10, sick=True, lantime_golden_config=GOLDEN)
    assert run.code == 4, run.output
    assert_complete(small, playbook, run)


@pytest.mark.parametrize("playbook", sorted((ROOT / "playbooks").glob("*.yml")), ids=lambda path: path.stem)
def test_tasks_that_run_once_do_not_depend_on_the_configured_strategy(playbook: Path) -> None:
    plays = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    assert {play.get("strategy") for play in plays if play["hosts"] != "localhost"} == {"ansible.builtin.linear"}
    # Without its tasks a run proves nothing, whatever --tags selects.
    assert {play.get("tags") for play in plays} == {"always"}


@pytest.mark.long
@pytest.mark.parametrize("name", WAITS)
def test_sick_devices_hardly_delay_the_others(large: StressFleet, name: str) -> None:
    """With more forks than sick devices, compared with the same fleet in which all are healthy, in turn."""
    healthy = large.of("healthy")
    book: t.Any = name
    if name not in STATES:
        book = [{"hosts": "lantime", "gather_facts": False, "strategy": name, "tasks": FACTS_TASKS}]
    without, mixed = [], []
    for dummy in range(ROUNDS):
        # The machine may be busy with something else during one of the runs.
        without.append(large.run(book, 60, sick=False, lantime_golden_config=GOLDEN).last(healthy))
        run = large.run(book, 60, sick=True, lantime_golden_config=GOLDEN)
        mixed.append(run.last(healthy))
        if name in STATES:
            assert_complete(large, name, run)
        assert max(large.refusals().values()) == 1
        if min(mixed) < LONGEST_DELAY * min(without) + WAITS[name]:
            return
    pytest.fail(f"healthy devices needed {mixed} s beside the others and {without} s without them")
