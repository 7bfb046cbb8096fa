# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_module_info against every modular chassis, and against one with unknown modules."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import FAMILIES
from ansible_collections.meinberg.lantime.plugins.modules import lantime_module_info
from ansible_collections.meinberg.lantime.tests.devices import host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import ENTRY_POINTS, Controller
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

INFO = "meinberg.lantime.lantime_module_info"
CHASSIS = ("m1000-7.10", "m2000s-7.10", "m3000-7.10", "m4000-7.10")
VIEWS = {family.name: {key for key, dummy in family.views} for family in FAMILIES}
TEMPLATE = "{{ lookup('pipe', 'touch executed') }}"
RESULT = ("modules", "ptp_instances", "syncmon_nodes")
ESCAPE = "\x1b[2J\x1b]0;owned\x07"


def host(profile: str) -> str:
    return profile.partition("-")[0]


@pytest.fixture(scope="module")
def modular() -> t.Iterator[Fleet]:
    specs = [DeviceSpec(host(profile), profile, autosave=False) for profile in CHASSIS]
    with Fleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture
def control(modular: Fleet, tmp_path: Path) -> Controller:
    for device in modular:
        device.restore()
    hosts = {device.name: host_variables(device) for device in modular}
    return Controller(tmp_path, hosts)


def test_every_family_appears_with_a_view_for_one_request(control: Controller, modular: Fleet) -> None:
    run = control.play({INFO: {}})
    assert run.code == 0, run.output
    seen: dict[str, set[str]] = {}
    for device in modular:
        (result,) = run.of(device.name)
        sent = {slot["object-id"]: slot for slot in device.status()["chassis0"]["slots"]}
        assert [module["slot"] for module in result["modules"]] != []
        assert {module["slot"] for module in result["modules"]} == set(sent)
        for module in result["modules"]:
            assert module["status"] == sent[module["slot"]].get("module")
            assert module["populated"] is ("module" in sent[module["slot"]])
            assert module["configuration"] is None
            if module["populated"]:
                filled = {key for key, value in module.items() if value}
                seen.setdefault(module["family"], set()).update(filled)
        ledger = device.ledger
        assert (ledger.gets, ledger.writes, ledger.handshakes) == (1, 0, 1)
    connected = {family.name for family in FAMILIES if family.connector}
    assert len(connected) == 23
    assert connected <= set(seen)
    for family in connected:
        assert VIEWS[family] & seen[family], family
        assert {"function", "model", "serial_number"} <= seen[family]
    for family in ("GPS", "GNS", "GNM", "GXL", "GRC", "GNS-UC"):
        assert {"receivers", "satellites", "antenna", "sources", "sync", "redundancy"} <= (seen[family])


def test_settings_cost_one_request_more(control: Controller, modular: Fleet) -> None:
    run = control.play({INFO: {"config": True}})
    assert run.code == 0, run.output
    for device in modular:
        (result,) = run.of(device.name)
        slots = device.running()["chassis0"]["slots"]
        settings = {slot["object-id"]: slot["module"] for slot in slots if "module" in slot}
        shown = {m["slot"]: m for m in result["modules"] if m["configuration_path"].endswith("/module")}
        assert set(shown) == set(settings)
        for slot, module in shown.items():
            assert module["configuration_path"] == f"chassis0/slots/{slot}/module"
            assert set(module["configuration"]) == set(settings[slot])
        assert device.ledger.gets == 2
        assert device.ledger.writes == 0
    assert any(module["configuration"] for module in run.of("m3000")[0]["modules"])
    assert all("warnings" not in run.of(device.name)[0] for device in modular)


def test_children_and_their_selection(control: Controller, modular: Fleet) -> None:
    tasks: list[dict[str, t.Any]] = [
        {INFO: {"families": ["HPS"]}},
        {INFO: {"states": ["MASTER"]}},
        {INFO: {"synchronized": True}},
        {INFO: {"synchronized": False}},
        {INFO: {"slots": ["clk*"], "states": ["holdover"]}},
    ]
    run = control.play(tasks, "m3000")
    assert run.code == 0, run.output
    hps, masters, locked, unlocked, holdover = run.of("m3000")
    status = modular["m3000"].status()
    nodes = [node["object-id"] for node in status["syncmon"]["nodes"]]
    assert nodes
    for result in (hps, masters, locked, unlocked, holdover):
        assert [node["object_id"] for node in result["syncmon_nodes"]] == nodes
    assert {instance["family"] for instance in hps["ptp_instances"]} == {"HPS"}
    assert len(hps["ptp_instances"]) > 1
    assert {module["family"] for module in masters["modules"]} == {"HPS", "PSX"}
    assert {instance["port_state"] for instance in masters["ptp_instances"]} == {"master"}
    assert [module["slot"] for module in locked["modules"]] == ["clk1", "clk2"]
    assert unlocked["modules"] == holdover["modules"] == []
    assert all("No slot matches" in result["warnings"][0] for result in (unlocked, holdover))


@pytest.mark.thorough
def test_secrets_of_modules_are_never_shown(control: Controller, modular: Fleet) -> None:
    device = modular["m3000"]
    for path in ("/api/config", "/api/status"):
        members = {"shared-key": "canary-1", "nested": {"password": "canary-2"}}
        device.add_fault("added-members", path=path, members=members)
    for entry_point in ENTRY_POINTS:
        run = control.play({INFO: {"config": True}}, "m3000", entry_point=entry_point, verbosity=4)
        assert run.code == 0, run.output
        assert "shared-key" in run.output
        assert "canary" not in run.output


def test_the_examples_of_the_documentation_run(control: Controller) -> None:
    tasks = yaml.safe_load(lantime_module_info.EXAMPLES)
    run = control.play(tasks)
    assert run.code == 0, run.output
    messages = [entry.result for entry in run.results if entry.action.endswith("debug")]
    assert messages
    assert any("master: ptp1" in json.dumps(message) for message in messages)


def hostile_answer(modular: Fleet) -> str:
    """An answer of a chassis in which half of the modules are not what anybody expects."""
    device = modular["m3000"]
    status = device.status()
    future = {
        "info": {"model": "xyz9000", "serial-number": TEMPLATE, "sensors": {"humidity": 40}},
        "flux": {TEMPLATE: [ESCAPE, None, {"deep": [[[["\ud800"]]]]}], "items": {"keys": 1}},
        "sync-status": {"clock-status": {"clock": "quantum-locked"}, "est-time-quality": 1e-12},
        "outputs": [{"object-id": "../x", "signal": ESCAPE}, None, 5],
    }
    hostile = {
        "clk1": future,
        "clk2": {"info": None, "gns": {"receiver-status": ESCAPE, "antenna": TEMPLATE}},
        "io1": {
            "info": {"model": "hps100"},
            "ptp": {"instances": [{"port-state": TEMPLATE}] * 500},
        },
        "io2": {"info": {"model": ["psx4ge"]}, "ptp": None},
        "io3": None,
        "io4": "a text",
        "io5": {"info": {"model": "A" * 5000}, "table": [{"n": 1}] * 5000},
    }
    for slot in status["chassis0"]["slots"]:
        if slot["object-id"] in hostile:
            slot["module"] = hostile[slot["object-id"]]
            slot["slot-type"] = "warp"
    status["chassis0"]["slots"].append({"module": {"info": {"model": ESCAPE}}})
    status["chassis0"]["slots"].append({"object-id": "clk1", "module": {"info": {}}})
    status["syncmon"] = {"nodes": [{"object-id": TEMPLATE, "state": ESCAPE, "offset": []}, 7]}
    identity = {"model": "M3000", "serial-number": device.serial, "version": device.firmware}
    return json.dumps({"system-information": identity, "data": status})


@pytest.mark.thorough
def test_a_chassis_of_hostile_modules(control: Controller, modular: Fleet) -> None:
    device = modular["m3000"]
    device.add_fault("garbage", path="/api/status", body=hostile_answer(modular))
    tasks: list[dict[str, t.Any]] = [
        {INFO: {"config": True}, "register": "found"},
        {
            "ansible.builtin.debug": {"msg": "{{ item.serial_number }} {{ item.status }}"},
            "loop": "{{ found.modules }}",
        },
    ]
    results = []
    for entry_point in ENTRY_POINTS:
        run = control.play(tasks, "m3000", entry_point=entry_point, verbosity=2)
        assert run.code == 0, run.output
        assert "Traceback" not in run.output
        assert "\x1b[2J" not in run.output
        assert "\x07" not in run.output
        results.append({name: run.of("m3000")[0][name] for name in RESULT})
    assert device.ledger.gets == 2 * 2
    assert list(control.directory.rglob("executed")) == []
    assert results[0] == results[1]
    modules = {(m["slot"], m["model"]): m for m in results[0]["modules"]}
    new = modules["clk1", "xyz9000"]
    assert (new["family"], new["function"], new["serial_number"]) == (None, None, TEMPLATE)
    assert (new["sync"]["state"], new["synchronized"]) == ("quantum-locked", False)
    assert new["status"]["flux"][TEMPLATE][0] == "\\x1b[2J\\x1b]0;owned\\x07"
    assert new["status"]["flux"][TEMPLATE][2] == {"deep": [[[["\\ud800"]]]]}
    assert new["details"]["flux"][TEMPLATE.lower().replace(" ", "_")][1] is None
    assert len(results[0]["ptp_instances"]) == 500
    assert {i["port_state"] for i in results[0]["ptp_instances"]} == {TEMPLATE}
    assert results[0]["syncmon_nodes"][0]["object_id"] == TEMPLATE
