# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One golden file of rules for modules, over five kinds of device with four lines of firmware."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject

Tree = dict[str, t.Any]

GOLDEN = Path(__file__).with_name("golden_modules.yml")
RULES: list[Tree] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))["lantime_golden_modules"]
DEVICES = {
    "m600": "m600-7.10",
    "m1000": "m1000-7.06",
    "m2000s": "m2000s-7.04",
    "m3000": "m3000-7.08",
    "m4000": "m4000-7.10",
}
ABSENT = "the device has no such module"


class Expected(t.NamedTuple):
    """changes: the settings that the plan changes, below the slots.  applied: slots by rule.  left_out: reason by rule."""

    changes: Tree
    applied: dict[int, list[str]]
    left_out: dict[int, str]


def older(version: str) -> str:
    return f"the firmware of the device is {version}, not >=7.10"


SATELLITE_REFERENCES: Tree = {
    "mrs/priority0/settings/precision": 2e-07,
    "mrs/priority1/settings/bias": 2.5e-07,
    "mrs/priority1/settings/id/type": "ptp-ieee1588",
}
OTHER_REFERENCES: Tree = {"mrs/priority1/settings/id/type": "ntp", "mrs/priority1/settings/precision": 1e-03}
EXPECTED = {
    "m600": Expected({"clk1/module/antenna/cable-length": 40}, {1: ["clk1"]}, dict.fromkeys((2, 3, 4, 5), ABSENT)),
    "m1000": Expected(
        {
            "clk1/module/antenna/cable-length": 40,
            **{f"clk1/module/{path}": value for path, value in SATELLITE_REFERENCES.items()},
        },
        {1: ["clk1"], 3: ["clk1"]},
        {2: ABSENT, 4: ABSENT, 5: older("7.06.014")},
    ),
    "m2000s": Expected(
        {
            "clk1/module/antenna/cable-length": 40,
            **{f"clk2/module/{path}": value for path, value in OTHER_REFERENCES.items()},
        },
        {1: ["clk1"], 4: ["clk2"]},
        {2: ABSENT, 3: ABSENT, 5: older("7.04.020")},
    ),
    "m3000": Expected(
        {
            "clk1/module/antenna/cable-length": 40,
            **{f"clk1/module/{path}": value for path, value in SATELLITE_REFERENCES.items()},
            **{f"clk2/module/{path}": value for path, value in OTHER_REFERENCES.items()},
        },
        {1: ["clk1"], 3: ["clk1"], 4: ["clk2"]},
        {2: ABSENT, 5: older("7.08.011")},
    ),
    "m4000": Expected(
        {
            "clk1/module/antenna/cable-length": 40,
            "clk2/module/antenna/cable-length": 240,
            **{f"clk1/module/{path}": value for path, value in SATELLITE_REFERENCES.items()},
            "io1/module/ptp/instances/ptp1/domain-number": 7,
            "io1/module/ptp/instances/ptp1/priority1": 100,
        },
        {1: ["clk1", "clk2"], 2: ["clk2"], 3: ["clk1"], 5: ["io1"]},
        {4: ABSENT},
    ),
}


@pytest.fixture(scope="module")
def shared() -> t.Iterator[SharedFleet]:
    with frozen_fleet(DEVICES) as fleet:
        yield fleet


@pytest.fixture
def fleet(shared: SharedFleet) -> SharedFleet:
    return shared.reset()


def configure(device: t.Any, **options: t.Any) -> Tree:
    outcome = run_in_process(device, lantime_config, modules=RULES, **options)
    assert outcome.code is None, outcome.result
    return outcome.result


def changes_of(result: Tree) -> Tree:
    """The settings that the operations set, by their path below the slots."""
    start = len("chassis0/slots/")
    return {
        f"{operation['path'][start:]}/{name}": value
        for operation in result["operations"]
        for name, value in operation["after"].items()
    }


def reasons_of(result: Tree) -> dict[int, str]:
    return {entry["rule"]: entry["reason"] for entry in result["not_applicable"]}


def test_the_golden_file_has_five_rules_and_every_rule_applies_somewhere() -> None:
    assert len(RULES) == 5
    assert {rule for expected in EXPECTED.values() for rule in expected.applied} == {1, 2, 3, 4, 5}
    assert {rule for expected in EXPECTED.values() for rule in expected.left_out} == {2, 3, 4, 5}


@pytest.mark.parametrize("name", DEVICES)
def test_each_device_gets_its_plan_and_the_second_run_writes_nothing(fleet: SharedFleet, name: str) -> None:
    device, expected = fleet[name], EXPECTED[name]
    planned = configure(device, check=True, diff=True)
    assert changes_of(planned) == expected.changes
    assert {operation["action"] for operation in planned["operations"]} == {"set"}
    applied = {
        entry["rule"]: [module["path"].rpartition("/")[2] for module in entry["modules"]]
        for entry in planned["modules_resolved"]
    }
    assert applied == expected.applied
    assert reasons_of(planned) == expected.left_out
    assert device.ledger.writes == 0
    done = configure(device, diff=True)
    assert done["diff"] == planned["diff"]
    assert changes_of(done) == expected.changes
    device.ledger.clear()
    again = configure(device)
    assert (again["changed"], again["operations"], device.ledger.writes) == (False, [], 0)
    assert reasons_of(again) == expected.left_out


@pytest.mark.parametrize("name", ["m2000s", "m4000"])
def test_drift_by_hand_is_found_by_path(fleet: SharedFleet, name: str) -> None:
    device = fleet[name]
    configure(device)
    device.change("chassis0/slots/clk1/module/antenna/cable-length", 1)
    assert changes_of(configure(device, check=True)) == {"clk1/module/antenna/cable-length": 40}
    configure(device)
    assert configure(device)["changed"] is False


@pytest.mark.thorough
def test_the_playbooks_take_the_golden_file(fleet: SharedFleet, tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, fleet)
    project.use_admin(fleet)
    project.vars = {
        "lantime_golden_modules": RULES,
        "drift_check_facts": False,
        "fleet_config_gate": [],
        "fleet_config_rings": ["100%"],
    }
    assert project.run("fleet_config", basename="rollout").code == 0
    checked = project.run("drift_check")
    assert checked.states() == dict.fromkeys(DEVICES, "clean")
    for name, expected in EXPECTED.items():
        reasons = [entry["reason"].partition(": ")[2] for entry in checked.host(name)["drift"]["not_applicable"]]
        assert reasons == list(expected.left_out.values())
    writes = {device.name: device.ledger.writes for device in fleet}
    assert project.run("fleet_config", basename="again").code == 0
    assert {device.name: device.ledger.writes for device in fleet} == writes
