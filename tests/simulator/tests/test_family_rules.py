# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of SyncMon, and rules of the settings of modules."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator.device import Device
from ansible_collections.meinberg.lantime.tests.simulator.tests.test_families import SLOTS, ask, fresh, module, put


def nodes(device: Device) -> dict[str, Any]:
    return {node["object-id"]: node for node in device.status()["syncmon"]["nodes"]}


def test_nodes_of_syncmon() -> None:
    device = fresh("m3000-7.10")
    path = "/config/syncmon/nodes"
    assert ask(device, "PUT", f"{path}/branch")[0] == 200
    assert put(device, f"{path}/branch/address", "ntp2.example.com") == 200
    assert put(device, f"{path}/branch/interval", 16) == 200
    assert "branch" not in nodes(device)
    device.advance(64)
    assert nodes(device)["branch"]["address"] == "ntp2.example.com"
    assert put(device, f"{path}/branch/offset-limit", 1e-06) == 200
    assert nodes(device)["branch"]["state"] == "offset-exceeded"
    assert put(device, f"{path}/branch/offset-limit", 0) == 200
    assert nodes(device)["branch"]["state"] == "reachable"
    assert put(device, f"{path}/branch/enabled", False) == 200
    assert "branch" not in nodes(device)
    assert ask(device, "DELETE", f"{path}/node1")[0] == 200
    assert set(nodes(device)) == {"node2", "node3"}
    device.restore()
    assert set(nodes(device)) == {"node1", "node2", "node3"}


def test_a_pulse_measured_at_a_card_is_a_node() -> None:
    device = fresh("m3000-7.10")
    path = "/config/syncmon/nodes/pps1"
    assert ask(device, "PUT", path, {"type": "pps", "input": "io10/io2"})[0] in (200, 400)
    for name, value in (("type", "pps"), ("input", "io10/io2")):
        assert put(device, f"{path}/{name}", value) == 200
    device.advance(64)
    assert nodes(device)["pps1"] == {
        "object-id": "pps1",
        "address": "io10/io2",
        "type": "pps",
        "state": "reachable",
        "stratum": None,
        "offset": pytest.approx(1.5e-05, rel=0.5),
        "offset-limit": 0.001,
    }


def test_at_most_100_ntp_nodes() -> None:
    device = fresh("m3000-7.10")
    for number in range(4, 101):
        assert ask(device, "PUT", f"/config/syncmon/nodes/node{number}")[0] == 200
    assert ask(device, "PUT", "/config/syncmon/nodes/node101")[0] == 400
    assert put(device, "/config/syncmon/nodes/node100/type", "pps") == 200
    assert ask(device, "PUT", "/config/syncmon/nodes/node101")[0] == 200
    assert put(device, "/config/syncmon/nodes/node100/type", "ntp") == 400


def test_syncmon_can_be_switched_off() -> None:
    device = fresh("m3000-7.10")
    assert put(device, "/config/syncmon/enabled", False) == 200
    assert device.status()["services"]["global"]["syncmon"]["running"] is False


@pytest.mark.parametrize(
    ("number", "requests"),
    [
        ("M1", [("clk1/module/mrs/priority1/settings/id/type", "gps")]),
        ("M4", [("clk1/module/mrs/priority1/settings/asymmetry-step-detection", True)]),
        (
            "M4",
            [
                ("clk1/module/mrs/priority0/settings/auto-bias-slave", True),
                ("clk1/module/mrs/priority0/settings/auto-bias-master", True),
            ],
        ),
        ("K2", [("clk1/module/outputs/pp1/pulse-length", 1000)]),
        (
            "K2",
            [
                ("io4/module/outputs/out1/cycle", "00:00:10"),
                ("io4/module/outputs/out1/mode", "cyclic-pulse"),
                ("io4/module/outputs/out1/cycle", "00:00:07"),
            ],
        ),
        ("F2", [("io5/module/fdm/nominal-frequency", 60)]),
        ("P1", [("io1/module/ptp/instances/ptp1/delay-mechanism", "p2p")]),
        ("P3", [("io1/module/ptp/instances/ptp2/domain-number", 0)]),
    ],
)
def test_rules_between_two_settings(number: str, requests: list[tuple[str, Any]]) -> None:
    for is_strict in (False, True):
        device = fresh("m3000-7.10", strict_rules=is_strict)
        for path, value in requests[:-1]:
            assert put(device, f"{SLOTS}/{path}", value) == 200
        path, value = requests[-1]
        before = device.running()
        assert put(device, f"{SLOTS}/{path}", value) == (400 if is_strict else 200), number
        assert (device.running() == before) is is_strict


def test_strict_rules_of_nodes_and_instances() -> None:
    device = fresh("m3000-7.10", strict_rules=True, set_target="menu")
    path = "/config/syncmon/nodes/a"
    assert ask(device, "PUT", path, {"type": "ntp"})[0] == 400
    assert ask(device, "PUT", path, {"address": "192.0.2.1"})[0] == 200
    assert ask(device, "PUT", "/config/syncmon/nodes/b", {"type": "pps", "input": "io10/io1"})[0] == 400
    assert ask(device, "PUT", "/config/syncmon/nodes/b", {"type": "pps", "input": "io10/io2"})[0] == 200
    instances = f"{SLOTS}/io1/module/ptp/instances"
    assert ask(device, "DELETE", f"{instances}/ptp1")[0] == 200
    assert ask(device, "PUT", f"{instances}/ptp1")[0] == 400
    # Both limits and the nominal frequency in one request.
    mains = {"nominal-frequency": 60, "minimum-frequency": 59.8, "maximum-frequency": 60.2}
    assert ask(device, "PUT", f"{SLOTS}/io5/module/fdm", mains)[0] == 200


def test_what_rules_of_pulses_and_references_allow() -> None:
    device = fresh("m3000-7.10", strict_rules=True)
    allowed = [
        ("clk1/module/outputs/pp1/pulse-length", 990),
        ("clk1/module/outputs/pp2/pulse-length", 10000),
        ("io4/module/outputs/out2/mode", "pulse-per-second"),
        ("io4/module/outputs/out2/pulse-length", 5000),
        ("clk1/module/mrs/priority1/settings/id/type", "ptp-ieee1588"),
        ("clk1/module/mrs/priority1/settings/asymmetry-step-detection", True),
        ("clk1/module/mrs/priority1/settings/auto-bias-slave", True),
    ]
    for path, value in allowed:
        assert put(device, f"{SLOTS}/{path}", value) == 200, path


def test_two_nodes_with_the_same_type_and_address() -> None:
    for is_strict in (False, True):
        device = fresh("m3000-7.10", strict_rules=is_strict)
        address = nodes(device)["node1"]["address"]
        assert put(device, "/config/syncmon/nodes/node2/address", address) == (400 if is_strict else 200)
        assert put(device, "/config/syncmon/nodes/node3/type", "ptp") == 200
        assert put(device, "/config/syncmon/nodes/node3/address", address) == 200


def test_the_alert_of_a_node_ends_when_it_is_removed() -> None:
    device = fresh("m3000-7.10")
    device.incidents.raise_("syncmon-alert", {"node": "node1,node2"})
    assert ask(device, "DELETE", "/config/syncmon/nodes/node1")[0] == 200
    assert ("sync-monitor-alert", 1) in alerts(device)
    assert put(device, "/config/syncmon/nodes/node2/enabled", False) == 200
    assert alerts(device) == {("sync-monitor-alert", 0), ("sync-monitor-ok", 1)}
    assert put(device, "/config/syncmon/nodes/node2/enabled", True) == 200
    assert ("sync-monitor-alert", 1) in alerts(device)
    assert put(device, "/config/syncmon/enabled", False) == 200
    assert ("sync-monitor-ok", 1) in alerts(device)


def alerts(device: Device) -> set[tuple[str, int]]:
    events = device.status()["notification"]["events"]
    return {(each["object-id"], each["triggered"]) for each in events if each["object-id"].startswith("sync-monitor-")}


def test_the_selected_clock_must_be_fitted() -> None:
    device = fresh("m3000-7.10")
    device.clock_slots = frozenset({"clk1"})
    assert put(device, f"{SLOTS}/rsc1/module/selected-clock", "clk2") == 400


def test_rules_of_single_values() -> None:
    device = fresh("m3000-7.10")
    refused = [
        ("mri1/module/inputs/in3/code", "b122-b123"),
        ("mri1/module/inputs/in4/code", "b002-b003"),
        ("mri1/module/inputs/in1/code", "b002-b003"),
        ("clk1/module/mrs/priority1/settings/id/type", "dcf77-pzf-receiver"),
        ("clk1/module/gnss/systems", ["gps"]),
        ("clk2/module/gnss/systems", []),
        ("io11/module/relays/a/source", "clk2"),
        ("io11/module/relays/a/events", ["no-event"]),
        ("io11/module/relays/b/events", ["ntp-sync"]),
    ]
    for path, value in refused:
        assert put(device, f"{SLOTS}/{path}", value) in (400, 404), path
    assert put(device, f"{SLOTS}/io11/module/relays/a/events", ["antenna-faulty", "ntp-not-sync"]) == 200
    assert put(device, f"{SLOTS}/clk2/module/gnss/systems", ["galileo", "gps"]) == 200
    listed = module(device, "clk2")["satellites"]["gnss"]["satellite-list"]
    assert {entry["gnss-type"] for entry in listed} == {"galileo", "gps"}
    assert put(fresh("m2000s-7.10"), f"{SLOTS}/clk2/module/outputs/pp1/mode", "all-sync") == 400
    assert put(fresh("m4000-7.10"), f"{SLOTS}/clk2/module/gnss/systems", ["gps", "glonass"]) == 400
