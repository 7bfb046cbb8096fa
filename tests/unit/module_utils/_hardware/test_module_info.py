# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules, PTP instances and SyncMon nodes tell, in typed form."""

from __future__ import annotations

import copy
import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import families as _families
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import (
    module_info,
    module_parsers,
    ptp,
    slots,
    syncmon,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.module_info import ModuleSelection
from ansible_collections.meinberg.lantime.plugins.modules import lantime_module_info
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._hardware import ims
from ansible_collections.meinberg.lantime.tools import facts_reference

RETURNED = yaml.safe_load(lantime_module_info.RETURN)


def names(**filters: t.Any) -> list[str]:
    return [entry["slot"] for entry in module_info.describe_modules(ims.ENVELOPE, ModuleSelection(**filters))]


def one(slot: str, **more: t.Any) -> dict[str, t.Any]:
    (entry,) = module_info.describe_modules(ims.ENVELOPE, ModuleSelection(slots=[slot]), **more)
    return entry


def card(model: str) -> dict[str, t.Any]:
    (entry,) = module_info.describe_modules(ims.ENVELOPE, ModuleSelection(models=[model]))
    return entry


def test_a_satellite_clock() -> None:
    entry = one("clk1")
    assert entry["synchronized"] is True
    (receiver,) = entry["receivers"]
    assert receiver == {
        "chassis": "chassis0",
        "slot": "clk1",
        "family": "GNS",
        "model": "gns182",
        "kind": "gns",
        "state": "synchronized",
        "synchronized": True,
        "tracking": False,
        "warm_boot": None,
        "cold_boot": None,
        "dcf77": None,
        "time_code": None,
        "details": {"fresh": None},
    }
    assert entry["antenna"] == {
        "connected": True,
        "short_circuit": False,
        "state": None,
        "told_by": "gns",
        "details": {"current_ma": 31},
    }
    assert (entry["satellites"]["good"], entry["satellites"]["in_view"]) == (9, 14)
    assert entry["satellites"]["details"] == {"fresh_one": 1}
    assert entry["serial_strings"] == ["nmea-rmc"]
    assert entry["details"] == {"dac_cal": None}


def test_sources_stand_in_order_of_priority_in_nanoseconds() -> None:
    sources = one("clk1")["sources"]
    assert [(s["priority"], s["type"], s["bias_ns"]) for s in sources] == [
        (0, "gps", 0),
        (2, "pps-in", 20),
        (10, "ptp", 1500),
    ]
    assert {s["precision_ns"] for s in sources} == {100}
    assert all(s["details"] == {"window": 3, "state": "is-locked"} for s in sources)
    assert all(isinstance(s["precision_ns"], int) for s in sources)


def test_a_time_code_clock_in_holdover_whose_antenna_only_the_device_shows() -> None:
    entry = one("clk2")
    assert (entry["synchronized"], entry["sync"]["state"]) == (False, "holdover")
    (receiver,) = entry["receivers"]
    assert (receiver["kind"], receiver["synchronized"]) == ("tcr", False)
    assert receiver["time_code"]["lock_on"] is False
    assert receiver["details"] == {}
    assert entry["antenna"]["connected"] is True
    assert entry["antenna"]["told_by"] == "system"
    assert entry["satellites"] is None


def test_redundancy_of_clocks_supplies_and_their_switch() -> None:
    switch: dict[str, t.Any] = {
        "slot": "io6",
        "mode": "manual",
        "selected_clock": "clk2",
        "outputs_enabled": None,
        "watchdog_ok": None,
    }
    switch |= {"clocks": [], "details": {}}
    clocks = {"members": ["clk1", "clk2"], "working": 1, "redundant": False, "switch": switch}
    supplies = {"kind": "power", "members": ["pwr1", "pwr2"], "working": 1, "redundant": False}
    assert one("clk1")["redundancy"] == {"kind": "clock", "role": "standby", **clocks}
    assert one("clk2")["redundancy"] == {"kind": "clock", "role": "selected", **clocks}
    assert one("io6")["redundancy"] == {"kind": "switch", "role": None, **clocks}
    assert one("pwr1")["redundancy"] == {**supplies, "role": "supplying", "switch": None}
    assert one("pwr2")["redundancy"] == {**supplies, "role": "without-power", "switch": None}
    assert one("pwr3")["redundancy"] is one("io1")["redundancy"] is None


def test_without_a_reference_a_clock_says_its_role_itself() -> None:
    envelope = copy.deepcopy(ims.ENVELOPE)
    del envelope["data"]["system"]
    entries = module_info.describe_modules(envelope, ModuleSelection(slots=["clk*"]))
    assert [entry["redundancy"]["role"] for entry in entries] == ["selected", "selected"]
    assert entries[1]["antenna"] is None


def test_ptp_instances() -> None:
    entry = one("io1")
    first, second = entry["ptp_instances"]
    assert {name: first[name] for name in ("slot", "family", "object_id", "port_state")} == {
        "slot": "io1",
        "family": "HPS",
        "object_id": "ptp1",
        "port_state": "master",
    }
    assert (first["domain"], first["clock_accuracy"], first["clock_accuracy_ns"]) == (44, 33, 100)
    assert (first["time_source"], first["link"]) == ("gps", True)
    assert (first["offset_from_master_ns"], first["path_delay_ns"]) == (250, 1200.5)
    assert first["details"] == {"sync_rate": -4}
    assert (second["port_state"], second["domain"]) == ("listening", None)
    assert (second["clock_accuracy"], second["clock_accuracy_ns"]) == ("worse", None)
    assert entry["details"] == {"ptp": {"one_step": True}}
    assert module_info.list_ptp_instances(module_info.describe_modules(ims.ENVELOPE)) == [first, second]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"ptp": {"port-state": 9, "domain": 3}}, [("ptp", "slave")]),
        ({"ptp": {"object-id": "one", "port-state": "faulty"}}, [("one", "faulty")]),
        ({"ptp": [{"object-id": "a", "state": 4}]}, [("a", "listening")]),
        ({"ptp": {"a": {"state": 4}, "b": {"state": 77}}}, [("a", "listening"), ("b", "77")]),
        ({"ptp-instances": {"a": {"state": "new-one"}}}, [("a", "new-one")]),
        ({"ptp": {"ports": [{"object-id": "p"}]}}, [("p", None)]),
        ({"ptp": {"hello": 1}}, []),
        ({"ptp": "off"}, []),
        ({"ptp": []}, []),
    ],
)
def test_forms_of_a_ptp_block(block: dict[str, t.Any], expected: list[tuple[str, str | None]]) -> None:
    rest = dict(block)
    result = ptp.take_ptp_instances(rest)
    assert [(item["object_id"], item["port_state"]) for item in result] == expected
    assert rest == ({} if expected else block)


def test_sockets_relays_mains() -> None:
    (output,) = card("bpe8nnn")["outputs"]
    assert (output["signal"], output["signal_present"]) == ("10mhz", None)
    assert output["details"] == {"signal_present": "maybe"}
    ports = card("pio180")
    assert [item["object_id"] for item in ports["outputs"]] == ["io1"]
    assert [(item["object_id"], item["offset_ns"]) for item in ports["inputs"]] == [("io2", 12)]
    assert ports["details"] == {"ports": [{"object_id": "io3", "direction": "sideways"}]}
    relays = card("rel1000")
    assert [(item["state"], item["source"]) for item in relays["relays"]] == [("no-error", "clk1")]
    assert relays["details"] == {"relays": ["odd"]}
    mains = card("fdm182")["mains"]
    assert (mains["frequency_hertz"], mains["nominal_frequency_hertz"]) == (50.013, 50.0)
    assert (mains["frequency_deviation_hertz"], mains["overflow"]) == (0.013, False)


def test_oscillators_modes_and_synchronous_ethernet() -> None:
    oscillator = card("lno180")["oscillator"]
    assert (oscillator["pll_locked"], oscillator["warmed_up"], oscillator["oscillator_locked"]) == (False, False, None)
    assert card("lno180")["details"] == {"vcxo": 3}
    assert (card("liu")["mode"], card("liu")["details"]) == ("t1", {})
    sync_e = card("hps100")["sync_e"]
    assert (sync_e["enabled"], sync_e["input_quality_level"]) == (True, "none")
    assert sync_e["details"] == {"eec_state": "free"}
    assert one("clk1")["synthesizer"] == {"state": "drifting", "frequency_hertz": 2048000.0, "details": {}}


def with_module(model: str, **members: t.Any) -> dict[str, t.Any]:
    tree = {"data": {"chassis0": {"slots": [ims.slot("x1", "io", ims.card(model, **members))]}}}
    (entry,) = module_info.describe_modules(tree)
    return entry


MAINS = [
    ({"frequency": 49.2}, True),
    ({"frequency": 0}, False),
    ({"frequency": "none"}, False),
    ({"frequency": None}, False),
    ({"frequency": "fast"}, None),
    ({"overflow": False}, None),
]


@pytest.mark.parametrize(("members", "present"), MAINS)
def test_whether_there_is_a_mains_signal(members: dict[str, t.Any], present: bool | None) -> None:
    assert with_module("fdm182", fdm=members)["mains"]["signal_present"] is present


def test_the_deviation_of_the_device_and_the_computed_one_are_told_apart() -> None:
    mains = with_module("fdm182", fdm={"frequency": 49.9, "nominal-frequency": 50, "frequency-deviation": -0.2})[
        "mains"
    ]
    assert (mains["reported_frequency_deviation_hertz"], mains["frequency_deviation_hertz"]) == (-0.2, -0.1)
    assert mains["details"] == {}


TROUBLES: list[tuple[str, dict[str, t.Any]]] = [
    (
        "esi180",
        {
            "inputs": [
                {
                    "object-id": "in1",
                    "type": "e1-bits",
                    "signal-present": False,
                    "quality-level": "ql-dnu",
                    "minimum-quality-level": "ql-prc",
                    "minimum-boc-level": "ql-st2",
                    "sa-bit-group": "sa5",
                    "itu-limits": "violated",
                    "loss-of-frame": True,
                }
            ]
        },
    ),
    ("vsi180", {"inputs": [{"object-id": "in1", "type": "black-burst", "format": "pal", "locked": False}]}),
    ("mri", {"inputs": [{"object-id": "in3", "type": "irig-dcls", "code": "b002-b003", "signal-present": False}]}),
    ("lsg180", {"mode": "e1", "outputs": [{"object-id": "out1", "quality-level": "ql-dnu", "sa-bit-group": "sa4"}]}),
    ("vsg181", {"oscillator-locked": False, "outputs": [{"object-id": "out1", "format": "1080i50"}]}),
    ("rsc180", {"clocks": [{"object-id": "clk2", "state": "holdover"}], "outputs-enabled": False, "watchdog-ok": 0}),
    ("tcr180", {"tcr": {"receiver-status": "x", "code": "b006-b007", "tcap-exceeded": True, "pulses-enabled": False}}),
    (
        "gps182",
        {"mrs": [{"object-id": "priority0", "status": {"is-master": False, "no-signal": True, "not-supported": True}}]},
    ),
    ("hps100", {"ptp": {"instances": [{"object-id": "p1", "enabled": False, "mode": "unicast-slave"}]}}),
]


def list_details(node: t.Any) -> list[t.Any]:
    """The content of each `details` below a node."""
    if isinstance(node, dict):
        inner = [each for key, value in node.items() if key != "status" for each in list_details(value)]
        return [*([node["details"]] if node.get("details") else []), *inner]
    return [each for item in node for each in list_details(item)] if isinstance(node, list) else []


@pytest.mark.parametrize(("model", "members"), TROUBLES)
def test_no_trouble_is_hidden_in_details(model: str, members: dict[str, t.Any]) -> None:
    assert list_details(with_module(model, **members)) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"ptp": {"mode": "unicast-slave", "profile": "custom"}},
        {"ptp": {"instances": {"ptp1": {"mode": "unicast-slave", "profile": "custom"}}}},
        {"ptp": {"instances": [{"object-id": "ptp1", "mode": "unicast-slave", "profile": "custom"}]}},
    ],
)
def test_mode_and_profile_of_an_instance_come_from_the_configuration(settings: dict[str, t.Any]) -> None:
    tree = {"chassis0": {"slots": [{"object-id": "io1", "module": settings}]}}
    first, second = one("io1", configuration=tree)["ptp_instances"]
    assert (first["mode"], first["profile"]) == ("unicast-slave", "custom")
    assert (second["mode"], second["profile"]) == (None, None)
    assert one("io1")["ptp_instances"][0]["mode"] is None


def test_a_module_nobody_described_shows_all_that_it_sends_but_secrets() -> None:
    entry = card("zzz900")
    assert (entry["family"], entry["function"]) == (None, None)
    assert entry["details"] == {
        "flux_density": {"k": [1, {"deep_er": None}]},
        "auth_token": "********",
    }
    assert entry["status"]["Flux Density"] == {"k": [1, {"deep-er": "N/A"}]}
    assert ims.CARDS["zzz900"]["auth-token"] == "canary"


def test_the_function_of_a_family() -> None:
    assert one("io1")["function"] == ("Network card with hardware time stamps for PTP, Synchronous Ethernet and NTP.")
    assert one("io20")["function"] is None


def test_syncmon_nodes() -> None:
    nodes = {node["object_id"]: node for node in syncmon.read_nodes(ims.ENVELOPE)}
    assert {name: node["alarm"] for name, node in nodes.items()} == {
        "n1": True,
        "n2": False,
        "n3": True,
        "n4": None,
        "n5": True,
        "n6": False,
    }
    assert (nodes["n2"]["offset_seconds"], nodes["n2"]["address"]) == (1.5e-05, "192.0.2.2")
    assert nodes["n3"]["details"] == {"password": "********"}
    assert nodes["n6"]["details"] == {"colour": "green"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"states": ["HOLDOVER"]}, ["clk2"]),
        ({"states": ["not-*"]}, ["clk2"]),
        ({"states": ["master", "no-err*"]}, ["io1", "io4"]),
        ({"states": ["synchronized"]}, ["clk1"]),
        ({"states": []}, []),
        ({"synchronized": True}, ["clk1"]),
        ({"synchronized": False}, ["clk2"]),
        ({"synchronized": False, "families": ["GNS"]}, []),
        ({"families": ["psu"], "populated": True}, ["pwr1", "pwr2"]),
        ({"populated": False}, ["io20", "pwr3"]),
        ({"slots": ["io?"], "models": ["*180"]}, ["io3", "io6", "io9"]),
    ],
)
def test_selection(filters: dict[str, t.Any], expected: list[str]) -> None:
    assert names(**filters) == expected


def test_configuration_stands_at_the_path_of_the_status_without_secrets() -> None:
    entry = one("io1", configuration=ims.CONFIGURATION)
    assert entry["configuration_path"] == "chassis0/slots/io1/module"
    assert entry["configuration"] == {
        "ptp": {
            "domain-number": 44,
            "shared-key": "********",
            "masters": {"1": {"address": "192.0.2.7"}},
        }
    }
    other = one("clk1", configuration=ims.CONFIGURATION)
    assert (other["configuration"], other["configuration_path"]) == (
        {"cable": 20},
        "chassis0/slots/clk1",
    )
    for entry in (one("io20", configuration=ims.CONFIGURATION), one("io1")):
        assert entry["configuration"] is entry["configuration_path"] is None
    assert "canary" not in json.dumps(module_info.describe_modules(ims.ENVELOPE, configuration=ims.CONFIGURATION))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, 12),
        (-0.5, -0.5),
        ("12.50", 12.5),
        ("1.5 us", 1500),
        ("1.5µs", 1500),
        ("-2ms", -2000000),
        ("3 ps", 0.003),
        ("1 fortnight", None),
        ("1..5 ns", None),
        ("1e308 s", None),
        ("N/A", None),
        (True, None),
        (None, None),
        ([1], None),
    ],
)
def test_nanoseconds(value: object, expected: float | None) -> None:
    assert module_parsers.parse_nanoseconds(value) == expected


def check_documented(item: dict[str, t.Any], inner: dict[str, t.Any], key: str) -> None:
    """The documentation names every key of an item, and the item has every key that is always returned."""
    assert set(item) <= set(inner), key
    always = {name for name, described in inner.items() if described["returned"] == "always"}
    # What satellites tell comes from the readers of facts.
    assert key == "satellites" or always <= set(item), key
    for name, described in inner.items():
        if "contains" in described and item.get(name) is not None:
            check_documented(item[name], described["contains"], name)


def test_a_result_of_any_module_has_the_documented_keys() -> None:
    entries = module_info.describe_modules(ims.ENVELOPE, configuration=ims.CONFIGURATION)
    documented = RETURNED["modules"]["contains"]
    for entry in entries:
        assert set(entry) == set(documented)
        for key, described in documented.items():
            result = entry[key] if isinstance(entry[key], list) else [entry[key]]
            for item in result if "contains" in described else ():
                if item is not None:
                    check_documented(item, described["contains"], key)
    filled = {key for entry in entries for key, value in entry.items() if value}
    assert set(documented) - filled == {"firmware_image", "software_revision", "sensors"} | {"orientation"}
    for key, result in (
        ("ptp_instances", module_info.list_ptp_instances(entries)),
        ("syncmon_nodes", syncmon.read_nodes(ims.ENVELOPE)),
    ):
        assert all(set(item) == set(RETURNED[key]["contains"]) for item in result)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: str(path.stem))
def test_what_the_catalogue_confirms_is_in_the_recordings(path: Path) -> None:
    envelope = json.loads(path.read_text(encoding="utf-8"))
    families = {family.name: family for family in _families.FAMILIES}
    checked = set()
    for entry in module_info.describe_modules(envelope, ModuleSelection(populated=True)):
        views = dict(families[entry["family"]].views)
        confirmed = {key for key, mark in views.items() if mark == _families.CONFIRMED}
        assert all(entry[key] for key in confirmed), entry["slot"]
        known = {key for key, dummy in _families.VIEWS}
        filled = {key for key in known if entry[key]} - {"sensors", "details"}
        assert filled <= set(views), entry["slot"]
        assert set(entry["details"]) <= {"dac_cal", "dac_val"}
        checked.add(entry["family"])
    assert {"CPU", "PSU"} < checked


def test_entries_keep_what_slots_alone_says() -> None:
    plain = slots.read_slots(ims.ENVELOPE)
    views = module_info.describe_modules(ims.ENVELOPE)
    for before, after in zip(plain, views):
        assert {**after, "status": None} == {**after, **before, "status": None}
    assert len(plain) == len(views)


def test_flags_of_a_receiver_are_described_as_in_facts() -> None:
    receivers = RETURNED["modules"]["contains"]["receivers"]["contains"]
    facts = facts_reference.reference()
    for name in ("tracking", "warm_boot", "cold_boot"):
        fact = facts["ansible_lantime", "receiver", "[]", name]
        assert receivers[name]["description"] == fact.description
