# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules and slots without a menu in the configuration tree."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config, lantime_module_info
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process

Tree = dict[str, t.Any]

WARNING = "The configuration tree holds no settings for these modules."


@pytest.fixture(scope="module")
def fleet() -> t.Iterator[SharedFleet]:
    with frozen_fleet({"bare": "m600-7.10", "chassis": "m3000-7.10"}) as devices:
        # Its configuration has no slots.
        devices["bare"].add_fault("missing-member", path="/api/config", name="chassis0")
        devices["bare"].add_fault("status", path="/api/config/chassis0", status=404)
        yield devices


def test_a_device_without_settings_of_modules_gives_a_warning_and_no_path(fleet: SharedFleet) -> None:
    outcome = run_in_process(fleet["bare"], lantime_module_info, config=True)
    assert outcome.warnings == [WARNING]
    assert {module["family"] for module in outcome.result["modules"]} >= {"GRC", "CPU"}
    for module in outcome.result["modules"]:
        assert (module["configuration"], module["configuration_path"]) == (None, None)


def test_settings_that_were_not_asked_for_give_no_warning(fleet: SharedFleet) -> None:
    assert run_in_process(fleet["bare"], lantime_module_info).warnings == []


def test_a_slot_without_a_menu_for_its_module_has_the_settings_of_the_slot(fleet: SharedFleet) -> None:
    outcome = run_in_process(fleet["chassis"], lantime_module_info, config=True, families=["LNO", "CPU", "PSU"])
    assert outcome.warnings == []
    assert {module["family"] for module in outcome.result["modules"]} == {"LNO", "CPU", "PSU"}
    for module in outcome.result["modules"]:
        assert module["configuration"] == {"name": ""}
        assert module["configuration_path"] == f"chassis0/slots/{module['slot']}"


def test_an_empty_slot_has_the_settings_of_the_slot(fleet: SharedFleet) -> None:
    outcome = run_in_process(fleet["chassis"], lantime_module_info, config=True, populated=False)
    assert outcome.warnings == []
    (module,) = outcome.result["modules"]
    assert (module["configuration"], module["configuration_path"]) == ({"name": ""}, "chassis0/slots/io14")


def test_no_matching_slot_gives_the_warning_about_the_selection_only(fleet: SharedFleet) -> None:
    outcome = run_in_process(fleet["bare"], lantime_module_info, config=True, slots=["io*"])
    assert len(outcome.warnings) == 1
    assert outcome.warnings[0].startswith("No slot matches the given slots")


@pytest.mark.parametrize(
    ("name", "family", "path"),
    [("chassis", "LNO", "chassis0/slots/io8/module"), ("bare", "GRC", "chassis0")],
)
def test_a_rule_for_a_module_without_settings_is_an_error_unless_it_may_be_left_out(
    fleet: SharedFleet, name: str, family: str, path: str
) -> None:
    device = fleet[name]
    (module,) = run_in_process(device, lantime_module_info, families=[family]).result["modules"]
    rules = [{"families": [family], "config": {"module": {"mode": "e1"}}}]
    refused = run_in_process(device, lantime_config, modules=rules)
    assert refused.code == "unknown_name"
    assert path in refused.result["msg"]
    ignored = run_in_process(device, lantime_config, modules=rules, missing="ignore").result
    assert (ignored.get("failed"), ignored["changed"]) == (None, False)
    (left_out,) = ignored["not_applicable"]
    assert left_out["path"].startswith(path)
    assert [rule["modules"][0]["path"] for rule in ignored["modules_resolved"]] == [f"chassis0/slots/{module['slot']}"]
    assert device.ledger.writes == 0
