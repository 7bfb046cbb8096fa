# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for modules against devices with different chassis and firmware: plan, check, apply, again, drift, requests."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import (
    JobOutcome,
    SharedFleet,
    frozen_fleet,
    host_variables,
    run_in_process,
)
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject

Tree = dict[str, t.Any]

CONFIG = "meinberg.lantime.lantime_config"
DEVICES = {
    "m600": "m600-7.10",
    "m1000": "m1000-7.10",
    "m2000s": "m2000s-7.10",
    "m3000": "m3000-7.10",
    "m4000": "m4000-7.10",
}
NETWORK = "chassis0/slots/io1/module/ptp/network"
RULES: list[Tree] = [
    {"families": ["hps", "PSX"], "config": {"module": {"ptp": {"network": {"dscp": 24}}}}},
    {
        "families": ["HPS"],
        "firmware": ">=7.10.010",
        "config": {"module": {"ptp": {"network": {"vlan": {"enabled": True}}}}},
    },
    {"models": ["psx*"], "config": {"module": {"ptp": {"network": {"multicast-ttl": 20}}}}},
    {"families": ["HPS"], "slots": ["io1"], "config": {"module": {"ptp": {"network": {"dscp": 25}}}}, "override": True},
    {"slots": ["io*"], "firmware": "<7.10", "config": {"module": {"ptp": {"network": {"disable-ssh": True}}}}},
]
# Paths of the operations, and numbers of the rules that do not apply.
EXPECTED: dict[str, tuple[list[str], list[int]]] = {
    "m600": ([], [1, 2, 3, 4, 5]),
    "m1000": ([], [1, 2, 3, 4, 5]),
    "m2000s": ([], [1, 2, 3, 4, 5]),
    "m3000": ([NETWORK, f"{NETWORK}/vlan", "chassis0/slots/io2/module/ptp/network"], [5]),
    "m4000": ([NETWORK, f"{NETWORK}/vlan"], [3, 5]),
}


@pytest.fixture(scope="module")
def modular_fleet() -> t.Iterator[SharedFleet]:
    with frozen_fleet(DEVICES) as fleet:
        yield fleet


@pytest.fixture
def modular(modular_fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SharedFleet:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible"))
    return modular_fleet.reset()


def configure(device: t.Any, rules: list[Tree], **options: t.Any) -> JobOutcome:
    device.ledger.clear()
    return run_in_process(device, lantime_config, modules=rules, **options)


def network_of(device: t.Any, slot: str) -> Tree:
    slots = {item["object-id"]: item for item in device.running()["chassis0"]["slots"]}
    return t.cast("Tree", slots[slot]["module"]["ptp"]["network"])


def requests_of(device: t.Any) -> list[str]:
    return [f"{entry['method']} {entry['path']}" for entry in device.ledger]


@pytest.mark.parametrize("name", DEVICES)
def test_five_rules_give_each_chassis_its_plan_and_the_second_run_writes_nothing(
    modular: SharedFleet, name: str
) -> None:
    device = modular[name]
    paths, absent = EXPECTED[name]
    before = device.running()
    planned = configure(device, RULES, check=True, diff=True)
    assert planned.code is None, planned.result
    assert [operation["path"] for operation in planned.result["operations"]] == paths
    assert [entry["rule"] for entry in planned.result["not_applicable"]] == absent
    applied = [entry["rule"] for entry in planned.result["modules_resolved"]]
    assert sorted([*applied, *absent]) == [1, 2, 3, 4, 5]
    assert requests_of(device) == ["GET /api/status", *(["GET /api/config/chassis0"] if paths else [])]
    assert device.running() == before
    done = configure(device, RULES, diff=True)
    assert done.code is None, done.result
    assert done.result["diff"] == planned.result["diff"]
    assert done.result["modules_resolved"] == planned.result["modules_resolved"]
    assert done.result["changed"] is bool(paths)
    again = configure(device, RULES)
    assert (again.result["changed"], again.result["operations"], device.ledger.writes) == (False, [], 0)
    assert [entry["rule"] for entry in again.result["not_applicable"]] == absent


def test_the_result_and_the_difference_name_the_rules_their_modules_and_what_they_replace(modular: SharedFleet) -> None:
    done = configure(modular["m3000"], RULES, diff=True)
    assert done.code is None, done.result
    both = [
        {"path": "chassis0/slots/io1", "family": "HPS", "model": "hps100"},
        {"path": "chassis0/slots/io2", "family": "PSX", "model": "psx4ge"},
    ]
    first, second, third, fourth = done.result["modules_resolved"]
    assert first == {
        "rule": 1,
        "conditions": "families HPS, PSX",
        "modules": both,
        "config": {"module": {"ptp": {"network": {"dscp": 24}}}},
        "replaced": [],
    }
    assert (second["conditions"], second["modules"]) == ("families HPS; firmware >=7.10.010", both[:1])
    assert (third["rule"], third["modules"]) == (3, both[1:])
    assert fourth["replaced"] == [f"{NETWORK}/dscp"]
    header = done.result["diff"]["after_header"]
    assert header.endswith("(rule 1: io1, io2; rule 2: io1; rule 3: io2; rule 4: io1)")
    device = modular["m3000"]
    assert (network_of(device, "io1")["dscp"], network_of(device, "io2")["dscp"]) == (25, 24)
    assert network_of(device, "io2")["multicast-ttl"] == 20


def test_drift_by_hand_is_found_by_path_and_repaired(modular: SharedFleet) -> None:
    device = modular["m4000"]
    assert configure(device, RULES).code is None
    device.change(NETWORK, {"dscp": 7})
    found = configure(device, RULES, check=True)
    (operation,) = found.result["operations"]
    assert (operation["path"], operation["before"]) == (NETWORK, {"dscp": 7})
    assert configure(device, RULES).result["changed"] is True
    assert network_of(device, "io1")["dscp"] == 25


def test_operations_that_may_affect_the_time_say_so_in_the_result_and_in_the_difference(modular: SharedFleet) -> None:
    done = configure(modular["m3000"], RULES[3:4], config={"snmp": {"contact": "noc"}}, diff=True)
    impacts = {operation["path"]: operation.get("impact") for operation in done.result["operations"]}
    assert impacts == {"snmp": None, NETWORK: "timing"}
    for side in ("before", "after"):
        assert f"{NETWORK}: (impact: timing)\n" in done.result["diff"][side]
        assert "snmp:\n" in done.result["diff"][side]


def test_masked_secrets_of_a_new_item_leave_the_rules_in_the_prediction(modular: SharedFleet) -> None:
    config: Tree = {"notification": {"snmp": {"trap-receivers": {"1": {"address": "a", "community": "****"}}}}}
    refused = configure(modular["m3000"], RULES, config=config)
    assert refused.code == "secret_needed"
    predicted = refused.result["predicted"]
    assert [entry["rule"] for entry in predicted["modules_resolved"]] == [1, 2, 3, 4]
    assert [entry["rule"] for entry in predicted["not_applicable"]] == [5]


def test_rules_add_to_the_configuration(modular: SharedFleet) -> None:
    device = modular["m3000"]
    contact: Tree = {"snmp": {"contact": "noc"}}
    done = configure(device, RULES[:1], config=contact)
    assert {operation["handler"] for operation in done.result["operations"]} == {"snmp", "io1", "io2"}
    assert configure(device, [], config=contact).result["changed"] is False
    assert requests_of(device) == ["GET /api/config/snmp"]


def test_a_contradiction_with_the_configuration_is_refused_before_anything_is_written(modular: SharedFleet) -> None:
    device = modular["m3000"]
    config = {"chassis0": {"slots": [{"object-id": "io1", "module": {"ptp": {"network": {"dscp": 3}}}}]}}
    refused = configure(device, RULES[:1], config=config)
    assert refused.code == "rule_conflict"
    assert f"{NETWORK}/dscp: config wants 3, rule 1 (families HPS, PSX) wants 24" in refused.result["msg"]
    assert device.ledger.writes == 0


@pytest.mark.parametrize("check", [True, False])
def test_a_required_module_that_is_absent_is_an_error(modular: SharedFleet, check: bool) -> None:
    rules = [*RULES[:1], {"families": ["FDM"], "config": {"module": {"a": 1}}, "when_absent": "fail"}]
    refused = configure(modular["m4000"], rules, check=check)
    assert refused.code == "module_absent"
    assert "rule 2 (families FDM) applies to no module: the device has no such module" in refused.result["msg"]
    assert modular["m4000"].ledger.writes == 0


def test_a_setting_that_the_module_does_not_have_is_an_error_that_suggests_names(modular: SharedFleet) -> None:
    refused = configure(
        modular["m4000"], [{"families": ["HPS"], "config": {"module": {"ptp": {"network": {"dscpp": 1}}}}}]
    )
    assert refused.code == "unknown_name"
    assert "(did you mean dscp" in refused.result["msg"]


@each_entry_point
def test_both_entry_points_resolve_rules_and_refuse_invalid_ones(
    modular: SharedFleet, tmp_path: Path, entry_point: str
) -> None:
    hosts = {name: host_variables(modular[name]) for name in ("m600", "m3000")}
    controller = Controller(tmp_path, hosts)
    tasks: list[Tree] = [
        {CONFIG: {"modules": RULES}},
        {CONFIG: {"modules": RULES}},
        {CONFIG: {"modules": [{"famlies": ["HPS"], "config": {"password": "canary"}}]}, "ignore_errors": True},
        {CONFIG: {"modules": [{"families": ["HPX"], "config": {"password": "canary"}}]}, "ignore_errors": True},
        {CONFIG: {"save": "never"}, "ignore_errors": True},
    ]
    run = controller.play(tasks, entry_point=entry_point)
    first, second, misspelt, unknown, nothing = run.of("m3000")
    assert (first["changed"], second["changed"]) == (True, False)
    assert [entry["rule"] for entry in second["not_applicable"]] == [5]
    assert [result["error"]["code"] for result in (misspelt, unknown, nothing)] == ["option"] * 3
    assert "modules.famlies (did you mean families?)" in misspelt["msg"]
    assert "(did you mean PSX or HPS?)" in unknown["msg"]
    assert "canary" not in run.output
    assert run.of("m600")[0]["changed"] is False


def test_the_roles_take_rules_of_the_fleet_and_of_overlays(modular: SharedFleet, tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, modular)
    project.use_admin(modular)
    project.groups = {"big": ["m4000"]}
    project.vars = {
        "lantime_golden_config": {"snmp": {"contact": "noc"}},
        "lantime_golden_modules": RULES[:1],
        "lantime_golden_overlays": {"big": {"modules": RULES[3:4], "snmp": {"contact": "desk"}}},
        "drift_check_facts": False,
        "fleet_config_gate": [],
        "fleet_config_rings": ["100%"],
    }
    assert project.run("fleet_config", basename="rollout").code == 0
    network = {name: network_of(modular[name], "io1")["dscp"] for name in ("m3000", "m4000")}
    assert network == {"m3000": 24, "m4000": 25}
    modular["m4000"].change(NETWORK, {"dscp": 1})
    found = project.run("drift_check")
    assert found.states() == {**dict.fromkeys(DEVICES, "clean"), "m4000": "drift"}
    assert found.differences("m4000") == [f"{NETWORK}/dscp"]
    (entry,) = found.host("m600")["drift"]["not_applicable"]
    assert entry["reason"] == "rule 1 (families HPS, PSX): the device has no such module"


@pytest.mark.thorough
def test_rules_alone_are_a_golden_configuration(modular: SharedFleet, tmp_path: Path) -> None:
    project = PlaybookProject(tmp_path, modular)
    project.vars = {"lantime_golden_modules": RULES[:1], "drift_check_facts": False}
    found = project.run("drift_check")
    states = dict.fromkeys(("m600", "m1000", "m2000s"), "not_checked")
    assert found.states() == {**states, "m3000": "drift", "m4000": "drift"}, found.output
    assert found.differences("m4000") == [f"{NETWORK}/dscp"]
