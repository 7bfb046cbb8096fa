# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every outcome of a host in every playbook: its final status, its entry in the report, and the exit code."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet
from ansible_collections.meinberg.lantime.tests.integration.outcome_fleet import (
    OUTCOMES,
    outcome_profiles,
    outcome_project,
    summarize,
)
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject

Lines = dict[str, str]
REFUSED = "unreachable / unreachable (refused)"
LOGIN = "failed / failed (auth_failed)"


def same_for(names: t.Iterable[str], line: str) -> Lines:
    return dict.fromkeys(names, line)


DRIFT: Lines = {
    **same_for(OUTCOMES, "ok / clean facts"),
    "drifted": "failed / drift facts replace snmp/contact",
    "accepted": "ok / clean facts accepted replace snmp/contact",
    "expired": "failed / drift facts expired replace snmp/contact",
    "dead": REFUSED,
    "refusing": LOGIN,
    "misspelled": "failed / failed (unknown_name)",
    "no-golden": "failed / failed (option)",
    # The journal of another task says that the device may be partly changed.
    "interrupted": "failed / not_checked (interrupted) facts",
    "not-compared": "failed / not_checked facts without nosuch",
    "secret": "failed / drift facts add notification/snmp/trap-receivers/1",
}
HEALTH: Lines = {
    **same_for(OUTCOMES, "ok / checked facts healthy"),
    "unhealthy": "failed / checked facts unhealthy power_supplies",
    "dead": REFUSED,
    "refusing": LOGIN,
}
FACTS: Lines = {**same_for(OUTCOMES, "ok / checked facts"), "dead": REFUSED, "refusing": LOGIN}


@pytest.fixture(scope="module")
def twelve() -> t.Iterator[SharedFleet]:
    with frozen_fleet(outcome_profiles()) as fleet:
        yield fleet


@pytest.fixture
def project(twelve: SharedFleet, tmp_path: Path) -> PlaybookProject:
    return outcome_project(tmp_path, twelve.reset())


@pytest.mark.parametrize("gather", ["hosts", pytest.param("together", marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    ("playbook", "basename", "expected"),
    [
        ("drift_check", "drift", DRIFT),
        pytest.param("health_check", "health", HEALTH, marks=pytest.mark.thorough),
        pytest.param("facts_report", "facts", FACTS, marks=pytest.mark.thorough),
    ],
)
def test_a_playbook_that_only_reads(
    project: PlaybookProject, twelve: SharedFleet, playbook: str, basename: str, expected: Lines, gather: str
) -> None:
    run = project.run(playbook, basename=basename, **{f"{playbook}_gather": gather})
    if gather == "together":
        # Hosts that are clean have no task of their own.
        expected = {host: line.replace("ok /", "not run /") for host, line in expected.items()}
        expected["clean"] = expected["clean"].replace("not run /", "ok /")
    assert summarize(run) == expected, run.output
    assert run.code == 4
    assert sum(device.ledger.writes for device in twelve) == 0
    # No login is tried twice, whatever the outcome.
    assert len(twelve["refusing"].ledger) == 1


CHANGED = "ok / checked facts healthy"
NOT_CHANGED = "failed / failed (unhealthy) facts healthy"


def test_a_rollout_stops_after_the_ring_with_a_sick_device(project: PlaybookProject, twelve: SharedFleet) -> None:
    run = project.run("fleet_config", basename="rollout", fleet_config_rings=[4, 4, 4])
    first, second, third = OUTCOMES[:4], OUTCOMES[4:8], OUTCOMES[8:]
    assert summarize(run) == {
        **same_for(first, CHANGED),
        **same_for(second, NOT_CHANGED),
        "unhealthy": "failed / failed (unhealthy) facts unhealthy power_supplies",
        "dead": REFUSED,
        "refusing": LOGIN,
        **same_for(third, "not run / not_checked (no task read this device)"),
    }, run.output
    assert run.code == 4
    changed = [device.name for device in twelve if device.ledger.writes]
    assert changed == ["drifted", "accepted", "expired"]
    assert all(len(twelve[name].ledger) == 0 for name in third)


@pytest.mark.thorough
def test_each_end_of_a_change_in_one_ring(project: PlaybookProject) -> None:
    options = {"fleet_config_rings": [12], "fleet_config_gate": ["after"], "fleet_config_wait_timeout": 0.2}
    run = project.run("fleet_config", basename="rollout", **options)
    assert summarize(run) == {
        **same_for(OUTCOMES, CHANGED),
        # As before the change.
        "unhealthy": "ok / checked facts unhealthy power_supplies",
        "dead": REFUSED,
        "refusing": LOGIN,
        "misspelled": "failed / failed (unknown_name) facts healthy",
        "no-golden": "failed / failed (option) facts healthy",
    }, run.output
    assert run.code == 4


@pytest.mark.thorough
def test_check_mode_ends_as_the_rollout_would(project: PlaybookProject, twelve: SharedFleet) -> None:
    run = project.run("fleet_config", "--check", "--diff", fleet_config_rings=[12])
    assert run.report is None
    failing = ("refusing", "misspelled", "no-golden")
    assert run.final == {**same_for(OUTCOMES, "ok"), **same_for(failing, "failed"), "dead": "unreachable"}
    assert run.code == 4
    assert sum(device.ledger.writes for device in twelve) == 0
