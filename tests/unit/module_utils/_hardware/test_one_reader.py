# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts, module info, health and inventory agree, as one reader serves them all, and read the slots of an answer once."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import module_info, slots, syncmon
from ansible_collections.meinberg.lantime.plugins.module_utils._health.evaluate import evaluate
from ansible_collections.meinberg.lantime.plugins.module_utils._health.policy import make_policy
from ansible_collections.meinberg.lantime.plugins.module_utils._status.facts import ALL_SUBSETS, gather_facts
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.variables import describe_device
from ansible_collections.meinberg.lantime.tests.unit.module_utils._hardware import ims

Tree = dict[str, t.Any]


def check(envelope: Tree, name: str, **expected: t.Any) -> Tree:
    (result,) = evaluate(envelope, make_policy(include=[name], expected=expected))
    return result


def with_module(**members: t.Any) -> Tree:
    return {"data": {"chassis0": {"slots": [ims.slot("io1", "io", ims.card("hps100", **members))]}}}


PORT = {"object-id": "p1", "port-state": "faulty"}


@pytest.mark.parametrize(
    ("members", "port"),
    [
        ({"ptp": {"instances": [PORT]}}, "io1/p1"),
        ({"ptp": {"ports": [PORT]}}, "io1/p1"),
        ({"ptp": {"ports": {"p1": {"port-state": 2}}}}, "io1/p1"),
        ({"ptp-ports": {"p1": {"ptp-state": "faulty"}}}, "io1/p1"),
        ({"ptpv2": {"state": "faulty"}}, "io1/ptpv2"),
        ({"ptp": {"port-state": "faulty", "antenna": {}}}, "io1/ptp"),
    ],
)
def test_a_faulty_ptp_port_is_faulty_everywhere(members: Tree, port: str) -> None:
    envelope = with_module(**members)
    (entry,) = module_info.describe_modules(envelope)
    assert [instance["port_state"] for instance in entry["ptp_instances"]] == ["faulty"]
    result = check(envelope, "ptp_ports")
    assert (result["state"], result["value"], result["subject"]) == ("error", "faulty", port)


def facts_of(envelope: Tree, *subsets: str) -> Tree:
    return dict(gather_facts(envelope, frozenset(subsets))["ansible_lantime"])


@pytest.mark.parametrize(
    "blocks",
    [
        {
            "ptp": {
                "ports": [PORT, {**PORT, "object-id": "p2", "port-state": 6, "clock-accuracy": "0x21", "psk": "canary"}]
            }
        },
        {"ptp-ports": {"p1": {"ptp-state": "N/A"}, "p2": 7}, "ptp": "a text"},
        {"ptpv2": {"state": ["faulty"], "domain": "-3", "link": "perhaps"}},
        {"ptp": {"instances": [{"port-state": 99}, None, {"object-id": 5, "new": {"deep": [1]}}], "ports": {}}},
        {"ptp": []},
    ],
)
def test_ptp_instances_have_one_shape(blocks: Tree) -> None:
    envelope = with_module(**blocks)
    instances = facts_of(envelope, "ptp")["ptp"]
    assert instances == module_info.list_ptp_instances(module_info.describe_modules(envelope))
    assert "canary" not in str(instances)
    states = [instance["port_state"] for instance in instances]
    ports = describe_device(envelope)[1]["ptp_ports"]
    assert [port["port_state"] for port in ports] == states
    if not instances:
        assert check(envelope, "ptp_ports")["state"] == "skipped"
    elif "faulty" in states:
        assert check(envelope, "ptp_ports")["state"] == "error"


def test_modules_are_the_fitted_ones_of_module_info() -> None:
    entries = [entry for entry in module_info.describe_modules(ims.ENVELOPE) if entry["populated"]]
    modules = facts_of(ims.ENVELOPE, "modules")["modules"]
    names = ("chassis", "slot", "model", "family", "serial_number", "software_revision")
    assert [{name: module[name] for name in names} for module in modules] == [
        {name: entry[name] for name in names} for entry in entries
    ]
    states = {module["slot"]: module["state"] for module in modules}
    assert [states[slot] for slot in ("pwr1", "pwr2", "clk1", "clk2", "io2")] == [
        "supplying",
        "without-power",
        "synchronized",
        "holdover",
        None,
    ]


@pytest.mark.parametrize("name", ["utc-offset", "current-utc-offset"])
def test_the_utc_offset_of_ptp_is_compared_under_each_of_its_names(name: str) -> None:
    envelope = with_module(ptp={"ports": [{**PORT, name: "36"}]})
    (entry,) = module_info.describe_modules(envelope)
    assert entry["ptp_instances"][0]["utc_offset_seconds"] == 36
    result = check(envelope, "tai_offset", tai_offset=37)
    assert (result["state"], result["value"]) == ("error", 36)


NODES: list[tuple[Tree, bool | None]] = [
    ({"state": "unreachable"}, True),
    ({"status": "offline"}, True),
    ({"alarm": "yes"}, True),
    ({"offset": "2 ms", "limit": "1 ms"}, True),
    ({"offset": 9.0, "offset-limit": 1.0, "alarm": False}, False),
    ({"offset": 0.5, "offset-limit": 1.0}, False),
    ({"state": "reachable"}, False),
    ({"offset": 9.0}, None),
]


@pytest.mark.parametrize(("node", "alarm"), NODES)
def test_a_node_with_an_alarm_has_it_everywhere(node: Tree, alarm: bool | None) -> None:
    events = [{"object-id": "sync-monitor-alert", "triggered": 0}]
    status = {"syncmon": {"nodes": [{"object-id": "n1", **node}]}, "notification": {"events": events}}
    envelope = {"data": status}
    assert [each["alarm"] for each in syncmon.read_nodes(envelope)] == [alarm]
    assert facts_of(envelope, "syncmon")["syncmon"]["nodes"] == syncmon.read_nodes(envelope)
    result = check(envelope, "syncmon")
    assert (result["state"], result["subject"]) == (("warning", "n1") if alarm else ("ok", None))


@pytest.mark.parametrize(
    ("antenna", "connected"),
    [({"connected": False}, False), ("disconnected", False), ("connected", True), ("lightning-struck", None)],
)
def test_an_antenna_is_connected_everywhere_or_nowhere(antenna: t.Any, connected: bool | None) -> None:
    envelope = with_module(gns={"receiver-status": "synchronized", "antenna": antenna})
    (entry,) = module_info.describe_modules(envelope)
    (receiver,) = gather_facts(envelope, frozenset({"receiver"}))["ansible_lantime"]["receiver"]
    assert entry["antenna"]["connected"] is receiver["antenna_connected"] is connected
    assert check(envelope, "antenna")["state"] == {True: "ok", False: "critical", None: "unknown"}[connected]
    assert describe_device(envelope)[1]["receiver_states"][0]["antenna_connected"] is connected


def test_a_clock_is_the_same_in_facts_and_module_info() -> None:
    clocks = gather_facts(ims.ENVELOPE, frozenset({"sync"}))["ansible_lantime"]["sync"]["clocks"]
    entries = [entry for entry in module_info.describe_modules(ims.ENVELOPE) if entry["sync"] is not None]
    assert len(clocks) == len(entries) == 2
    for clock, entry in zip(clocks, entries):
        place = {name: entry[name] for name in ("chassis", "slot", "model", "family")}
        members = {name: value for name, value in entry["sync"].items() if name != "clock_index"}
        assert clock == {**place, **members, "selection": entry["sync"]["clock_index"]}


@pytest.mark.parametrize(
    "read",
    [
        lambda answer: gather_facts(answer, ALL_SUBSETS),
        lambda answer: evaluate(answer, make_policy()),
        module_info.describe_modules,
        describe_device,
    ],
    ids=["facts", "health", "module info", "inventory"],
)
def test_each_slot_is_read_once(read: t.Callable[[Tree], object], monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(chassis: str, slot: str, content: t.Mapping[str, t.Any]) -> slots.Slot:
        parsed.append(slot)
        return original(chassis, slot, content)

    original = slots._parse_slot
    monkeypatch.setattr(slots, "_parse_slot", counting)
    read(copy.deepcopy(ims.ENVELOPE))
    assert sorted(parsed) == sorted(slot["object-id"] for slot in ims.ENVELOPE["data"]["chassis0"]["slots"])


def test_a_minimum_of_facts_reads_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_parse_slot", None)
    assert gather_facts(ims.ENVELOPE, frozenset({"min", "ntp"}))["ansible_lantime"]["ntp"]["peers"] == []
