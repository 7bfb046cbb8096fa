# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_facts, lantime_module_info and lantime_config_info against simulated and recorded devices."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

M600_RECORDINGS = [path for path in RECORDINGS if path.name.startswith("m600-")]

EVERYTHING: dict[str, t.Any] = {"meinberg.lantime.lantime_facts": {"gather_subset": ["all"]}}
SESSION = {
    "method",
    "path",
    "status",
    "error",
    "attempt",
    "request_bytes",
    "response_bytes",
    "request_time",
    "response_time",
    "round_trip_ms",
}
GENERATIONS = {
    "ts706": (10, "M300"),
    "ts708": (17, "M400"),
    "ts710": (20, "M600"),
    "ims": (20, "M3000"),
}


def test_one_get_for_all_facts_of_every_generation(controller: Controller, fleet: Fleet) -> None:
    run = controller.play(EVERYTHING)
    assert run.code == 0, run.output
    for name, (generation, model) in GENERATIONS.items():
        device = fleet[name]
        (result,) = run.of(name)
        facts = result["ansible_facts"]
        lantime = facts["ansible_lantime"]
        assert facts["ansible_net_serialnum"] == device.serial.strip()
        assert facts["ansible_net_model"] == lantime["min"]["model"] == model
        assert facts["ansible_net_version"] in device.firmware
        assert lantime["min"]["api_generation"] == generation
        assert lantime["min"]["api_supported"] is True
        assert lantime["sync"]["synchronized"] is True
        assert isinstance(lantime["sync"]["estimated_quality_seconds"], float)
        assert lantime["ntp"]["system"]["stratum"] == 1
        assert lantime["ntp"]["system"]["leap"] == 0
        assert "leapsecond-announced" in lantime["notification"]["events"]
        assert all(isinstance(e["triggered"], bool) for e in lantime["notification"]["events"].values())
        assert lantime["network"]["ports"]["lan0"]["speed_mbps"] in (100, 1000)
        assert all(isinstance(m["size_bytes"], int) for m in lantime["storage"].values())
        ledger = device.ledger
        assert (ledger.gets, ledger.writes, ledger.handshakes) == (1, 0, 1)


def test_subsets_and_configuration(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change("snmp/read-community", "canary-community")
    tasks = [
        {"meinberg.lantime.lantime_facts": {}},
        {"meinberg.lantime.lantime_facts": {"gather_subset": ["ntp", "!min"]}},
        {"meinberg.lantime.lantime_facts": {"gather_subset": ["config"]}},
    ]
    for secret_get in ("masked", "clear"):
        device.set_dialect(secret_get=secret_get)
        run = controller.play(tasks, "ts710", verbosity=4)
        assert run.code == 0, run.output
        first, second, third = (r["ansible_facts"]["ansible_lantime"] for r in run.of("ts710"))
        assert set(first) == {"min"}
        assert set(second) == {"ntp"}
        assert set(third) == {"min", "config"}
        assert third["config"]["ntp"]["local-clock"]["stratum"] == 12
        assert "canary-community" not in run.output
    assert device.ledger.gets == 2 * 4


@pytest.mark.parametrize("recording", M600_RECORDINGS, ids=lambda path: str(path.name))
def test_facts_of_a_recorded_device(controller: Controller, recording: Path) -> None:
    with Fleet([DeviceSpec("recorded", f"recording:{recording}")], freeze=True) as fleet:
        run = controller.play(
            EVERYTHING,
            "recorded",
            variables={"recorded": host_variables(fleet["recorded"], "info")},
        )
    assert run.code == 0, run.output
    facts = run.only["ansible_facts"]
    lantime = facts["ansible_lantime"]
    assert facts["ansible_net_hostname"] == "mbg1.time.example.com"
    assert facts["ansible_net_serialnum"] == "0123456789"
    assert facts["ansible_net_model"] == "M600"
    assert facts["ansible_net_version"] == "7.10.008"
    assert facts["ansible_net_all_ipv4_addresses"] == ["192.0.2.123"]
    assert (lantime["min"]["api_version"], lantime["min"]["api_generation"]) == ("20.05.013", 20)
    assert lantime["min"]["device_time"] == "2026-02-11T22:05:07Z"
    assert lantime["system"]["uptime_seconds"] == 130988.25
    sync = lantime["sync"]
    assert (sync["state"], sync["reference"], sync["estimated_quality_ns"]) == (
        "synchronized",
        "clk1-gps",
        100,
    )
    assert sync["estimated_quality_seconds"] == 1e-07
    (receiver,) = lantime["receiver"]
    assert (receiver["slot"], receiver["model"], receiver["kind"]) == ("clk1", "grc180", "grc")
    assert receiver["antenna_connected"] is True
    assert (receiver["satellites"]["good"], receiver["satellites"]["in_view"]) == (9, 14)
    assert lantime["ntp"]["system"]["tai_offset_seconds"] == 37
    assert lantime["network"]["ports"]["lan0"]["speed_mbps"] == 100
    assert lantime["network"]["ports"]["lan1"]["link"] is False
    assert lantime["services"]["network"]["ntp"] is True
    assert lantime["storage"]["/mnt/flash"]["used_bytes"] == 323560 * 1024
    assert lantime["notification"]["active"] == [
        "https-certificate-expired",
        "network-link-down",
        "self-signed-https-certificate-in-use",
    ]
    assert lantime["chassis"]["power_supplies"]["pwr2"]["fitted"] is False


def test_modules_are_selected_by_slot_family_model_and_presence(controller: Controller, fleet: Fleet) -> None:
    selections: list[dict[str, t.Any]] = [
        {},
        {"populated": True},
        {"populated": False},
        {"slots": ["clk*"]},
        {"families": ["hps"]},
        {"models": ["HPS100"]},
        {"slots": ["nowhere"]},
        {"families": ["XYZ"]},
    ]
    tasks = [{"meinberg.lantime.lantime_module_info": options, "ignore_errors": True} for options in selections]
    *results, unknown = controller.play(tasks, "ims").of("ims")
    everything, populated, empty, clocks, hps, hps100, nowhere = (
        [module["slot"] for module in result["modules"]] for result in results
    )
    assert empty
    assert sorted(populated + empty) == sorted(everything)
    assert clocks == [slot for slot in everything if slot.startswith("clk")]
    assert hps
    assert hps100 == hps
    assert nowhere == []
    assert unknown["error"]["code"] == "option"
    assert fleet["ims"].ledger.gets == 7


def test_a_module_shows_identity_sensors_and_everything_it_sends(controller: Controller, fleet: Fleet) -> None:
    run = controller.play({"meinberg.lantime.lantime_module_info": {"populated": True}}, "ims:ts710")
    for name in ("ims", "ts710"):
        (result,) = run.of(name)
        status = fleet[name].status()
        slots = {s["object-id"]: s for c in status if c.startswith("chassis") for s in _slots(status[c])}
        for module in result["modules"]:
            assert module["family"] is not None, module["model"]
            assert module["status"] == slots[module["slot"]]["module"]
            assert 0.0 not in module["sensors"].values()


def _slots(chassis: t.Any) -> list[dict[str, t.Any]]:
    return list(chassis.get("slots", [])) if isinstance(chassis, dict) else []


def test_status_down_to_a_scalar(controller: Controller, fleet: Fleet) -> None:
    values: dict[str, t.Any] = {
        "network/ports/lan0/link": True,
        "system/sync-status/clock-status/clock": "synchronized",
        "ntp/sys/stratum": 1,
        "/rest-api/": None,
    }
    tasks = [{"meinberg.lantime.lantime_config_info": {"tree": "status", "path": path}} for path in values]
    run = controller.play(tasks, "ts706:ts710")
    assert run.code == 0, run.output
    for name in ("ts706", "ts710"):
        for result, value in zip(run.of(name), values.values()):
            assert value in (None, result["value"])
            assert result["device"]["serial_number"] == fleet[name].serial.strip()
        assert len(run.of(name)) == fleet[name].ledger.gets == len(values)


@each_entry_point
def test_the_requests_of_the_task_are_listed_without_credentials(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    device = fleet["ts710"]
    options = {"gather_subset": ["all", "config"], "http_log": True, "auth": "token"}
    tasks = [
        {"meinberg.lantime.lantime_facts": options},
        {"meinberg.lantime.lantime_facts": {**options, "http_log_max": 1}},
        {"meinberg.lantime.lantime_facts": {**options, "http_log": False}},
        {"meinberg.lantime.lantime_facts": {**options, "http_log_max": 0}, "ignore_errors": True},
    ]
    run = controller.play(tasks, "ts710", entry_point=entry_point, verbosity=4)
    assert run.code == 0, run.output
    first, second, third, refused = run.of("ts710")
    listed = [(e["method"], e["path"], e["status"]) for e in first["http_sessions"]]
    assert listed[:2] == [("PUT", "/api/get-token", 200), ("GET", "/api/status", 200)]
    assert all(set(entry) == SESSION for entry in first["http_sessions"])
    assert all(entry["round_trip_ms"] > 0 for entry in first["http_sessions"])
    assert [entry["path"] for entry in second["http_sessions"]] == [listed[-1][1]]
    assert "http_sessions" not in third
    assert refused["error"]["code"] == "option"
    assert device.users["admin"] not in run.output
    assert re.search("[0-9A-Fa-f]{64}", run.output) is None, "a token"
    assert not [entry for entry in device.ledger if entry["query"]]


def test_the_requests_are_listed_after_a_failure_too(controller: Controller, fleet: Fleet) -> None:
    fleet["ts710"].add_fault("status", status=503)
    task = {"meinberg.lantime.lantime_facts": {"http_log": True, "retries": 1}}
    run = controller.play(task, "ts710")
    sessions = run.only["http_sessions"]
    assert [(e["status"], e["attempt"], e["path"]) for e in sessions] == [
        (503, 1, "/api/status"),
        (503, 2, "/api/status"),
    ]
    assert "ansible_facts" not in run.only
