# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three families of modules through ansible-playbook, and two in every form in which a device may want to be written."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import CHOICES
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, value_at
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import path_of
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, host_variables, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point

Tree = dict[str, t.Any]

CONFIG = "meinberg.lantime.lantime_config"
DEVICE = "ims"
INSTANCES = "chassis0/slots/io1/module/ptp/instances"


def rules(limit: float, delay: float, mode: str) -> list[Tree]:
    """Rules for a family with single settings and tables, one with a table, and one with single settings."""
    mains = {"minimum-frequency": limit, "logging": True, "analog-outputs": {"a0": {"full-scale": 0.5}}}
    ports = {"io1": {"direction": "output", "signal": "pps"}, "io2": {"signal": "pps", "cable-delay": delay}}
    return [
        {"families": ["FDM"], "config": {"module": {"fdm": mains}}},
        {"families": ["PIO"], "config": {"module": {"ports": ports}}},
        {"families": ["RSC"], "config": {"module": {"mode": mode, "selected-clock": "clk2"}}},
    ]


WANTED = rules(49.9, 48.5, "manual")
BY_HAND = rules(49.7, 1.0, "automatic")
DRIFT: dict[str, dict[str, t.Any]] = {
    "chassis0/slots/io5/module/fdm": {"minimum-frequency": 49.9},
    "chassis0/slots/io10/module/ports/io2": {"cable-delay": 48.5},
    "chassis0/slots/rsc1/module": {"mode": "manual"},
}


def tree_of(device: t.Any) -> Tree:
    return t.cast("Tree", canonical(device.running()).value)


def planned(result: Tree) -> Tree:
    return {operation["path"]: operation["after"] for operation in result["operations"]}


def written(result: Tree) -> list[str]:
    return [entry["method"] for entry in result["http_sessions"] if entry["method"] != "GET"]


@each_entry_point
def test_three_families_in_a_playbook(fleet: SharedFleet, tmp_path: Path, entry_point: str) -> None:
    device = fleet[DEVICE]
    controller = Controller(tmp_path, {DEVICE: host_variables(device)})
    wanted: Tree = {CONFIG: {"modules": WANTED, "http_log": True}}
    tasks: list[Tree] = [
        {**wanted, "check_mode": True},
        wanted,
        wanted,
        {CONFIG: {"modules": BY_HAND}},
        {**wanted, "check_mode": True},
        wanted,
        wanted,
    ]
    run = controller.play(tasks, entry_point=entry_point)
    assert run.code == 0, run.output
    check, applied, again, dummy, found, repaired, clean = run.of(DEVICE)
    assert (check["changed"], written(check)) == (True, [])
    assert planned(applied) == planned(check)
    assert {module["family"] for rule in applied["modules_resolved"] for module in rule["modules"]} == {
        rule["families"][0] for rule in WANTED
    }
    assert planned(applied).keys() > DRIFT.keys()
    assert (again["changed"], written(again)) == (False, [])
    assert (planned(found), written(found)) == (DRIFT, [])
    assert planned(repaired) == DRIFT
    assert (clean["changed"], written(clean)) == (False, [])
    tree = tree_of(device)
    for path, settings in DRIFT.items():
        assert value_at(tree, path_of(path)).items() >= settings.items()
    assert device.pending == 0


# The defaults of A2 to A7, and every alternative with the defaults of the others.
CHOICES_OF_FORM = [choice for choice in CHOICES if choice.id in {"A2", "A3", "A4", "A5", "A6", "A7"}]
FORMS = [
    (CHOICES_OF_FORM[0].key, CHOICES_OF_FORM[0].default),
    *((choice.key, value) for choice in CHOICES_OF_FORM for value in choice.values if value != choice.default),
]


def test_the_forms_of_writing_are_all_tested() -> None:
    assert len(CHOICES_OF_FORM) == 6
    assert {key for key, dummy in FORMS} == {choice.key for choice in CHOICES_OF_FORM}
    assert len(FORMS) == 1 + sum(len(choice.values) - 1 for choice in CHOICES_OF_FORM) > 12


@pytest.mark.parametrize(("key", "value"), FORMS)
def test_families_with_and_without_tables_in_every_form_of_writing(fleet: SharedFleet, key: str, value: str) -> None:
    device = fleet[DEVICE]
    device.set_dialect(**{key: value})
    dialect = {key: value}
    # In this form the device reports and takes the numbers of enumerations, and its tables with fixed entries take no other items.
    tokens: Tree = {"mode": "manual", "selected-clock": "clk2"}
    manual: Tree = {"mode": 1, "selected-clock": 1} if value == "integer" else tokens
    added: Tree = {} if value == "fixed-slots" else {"ptp5": {"domain-number": 9}}
    instances: Tree = {"ptp1": {"priority1": 90}, **added}
    wanted: list[Tree] = [
        {"families": ["HPS"], "config": {"module": {"ptp": {"instances": instances}}}},
        {"families": ["RSC"], "config": {"module": manual}},
    ]
    expected = tree_of(device)
    slots = expected["chassis0"]["slots"]
    slots["rsc1"]["module"].update(tokens)
    slots["io1"]["module"]["ptp"]["instances"]["ptp1"]["priority1"] = 90
    check = run_in_process(device, lantime_config, check=True, modules=wanted, dialect=dialect).result
    done = run_in_process(device, lantime_config, modules=wanted, dialect=dialect).result
    assert done.get("failed") is not True, done
    assert planned(done) == planned(check)
    again = run_in_process(device, lantime_config, modules=wanted, dialect=dialect).result
    assert (again["changed"], again["operations"]) == (False, [])
    if added:
        assert value_at(tree_of(device), path_of(f"{INSTANCES}/ptp5"))["domain-number"] == 9
        config = {"chassis0": {"slots": {"io1": {"module": {"ptp": {"instances": {"ptp5": None}}}}}}}
        removed = run_in_process(device, lantime_config, config=config, state="deleted", dialect=dialect).result
        assert [(operation["action"], operation["path"]) for operation in removed["operations"]] == [
            ("delete", f"{INSTANCES}/ptp5")
        ]
    assert tree_of(device) == expected
