# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subsets, and the facts on identity, time and network."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.test_sample import (
    ENVELOPE,
    EVERYTHING,
    gathered,
    lantime,
)


def without(subsets: set[str] | frozenset[str], *names: str) -> frozenset[str]:
    return frozenset(subsets) - frozenset(names)


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        ([], {"min"}),
        (["min"], {"min"}),
        (["ntp"], {"min", "ntp"}),
        (["!min", "ntp"], {"ntp"}),
        (["ntp", "!min"], {"ntp"}),
        (["!all"], {"min"}),
        (["!all", "ntp"], {"min", "ntp"}),
        (["ntp", "!all"], {"min", "ntp"}),
        (["!all", "!min"], set()),
        (["!all", "!min", "chassis"], {"chassis"}),
        (["all"], facts.ALL_SUBSETS),
        (["all", "config"], facts.SUBSETS),
        (["config"], {"min", "config"}),
        (["all", "!ntp"], without(facts.ALL_SUBSETS, "ntp")),
        (["!ntp", "all"], without(facts.ALL_SUBSETS, "ntp")),
        (["ntp", "!ntp"], {"min"}),
        (["!ntp"], without(facts.ALL_SUBSETS, "ntp")),
        (["!config"], facts.ALL_SUBSETS),
        (["!min"], without(facts.ALL_SUBSETS, "min")),
        ([" NTP "], {"min", "ntp"}),
    ],
)
def test_resolve_subsets(requested: list[str], expected: set[str]) -> None:
    assert facts.resolve_subsets(requested) == expected


def test_the_subsets() -> None:
    assert sorted(facts.SUBSETS) == [
        "chassis",
        "config",
        "firmware",
        "min",
        "modules",
        "network",
        "notification",
        "ntp",
        "ptp",
        "receiver",
        "services",
        "storage",
        "sync",
        "syncmon",
        "syncteam",
        "system",
    ]


def test_an_unknown_subset_is_named_with_its_neighbours() -> None:
    with pytest.raises(ValueError, match=r'"netwrok".*network') as caught:
        facts.resolve_subsets(["min", "netwrok", "!zzzz"])
    assert '"!zzzz"' in str(caught.value)
    assert '"min"' not in str(caught.value)


def test_only_what_was_asked_for() -> None:
    assert set(gathered("ntp", "storage")["ansible_lantime"]) == {"min", "ntp", "storage"}
    bare = gathered("!all", "!min")
    assert bare == {
        "ansible_net_system": "ltos",
        "ansible_net_api": "rest",
        "ansible_net_gather_subset": [],
        "ansible_net_gather_network_resources": [],
        "ansible_lantime": {},
    }


def test_min() -> None:
    assert gathered("min") == {
        "ansible_net_system": "ltos",
        "ansible_net_api": "rest",
        "ansible_net_gather_subset": ["min"],
        "ansible_net_gather_network_resources": [],
        "ansible_net_hostname": "ts1.example.com",
        "ansible_net_model": "M1000",
        "ansible_net_serialnum": "099900000001",
        "ansible_net_version": "7.10.012",
        "ansible_lantime": {
            "min": {
                "hostname": "ts1.example.com",
                "model": "M1000",
                "serial_number": "099900000001",
                "firmware": {"version": "7.10.012", "numbers": [7, 10, 12], "suffix": None},
                "api_version": "20.05.012",
                "api_generation": 20,
                "api_supported": True,
                "device_time": "2030-06-01T12:00:09Z",
                "pending_changes": 3,
            }
        },
    }


def test_min_from_elsewhere() -> None:
    envelope = copy.deepcopy(ENVELOPE)
    del envelope["data"]["rest-api"]
    for name in ("version", "model", "serial-number", "time-stamp"):
        del envelope["system-information"][name]
    result = facts.gather_facts(envelope, frozenset({"min"}))["ansible_lantime"]["min"]
    assert result["api_version"] == "20.05.999"
    assert result["firmware"]["numbers"] == [7, 10, 12]
    assert (result["model"], result["serial_number"]) == ("M1000", "099900000002")
    assert result["device_time"] == "2030-06-01T12:00:04Z"


def test_an_unknown_api_generation_is_reported_and_read() -> None:
    envelope = {
        "data": {
            "rest-api": {"api-version": "31.0.1"},
            "services": {"network": {"x": {"running": True}}},
        }
    }
    result = facts.gather_facts(envelope, EVERYTHING)["ansible_lantime"]
    assert (result["min"]["api_generation"], result["min"]["api_supported"]) == (31, False)
    assert result["services"]["network"] == {"x": True}


def test_the_root_gives_the_same_facts() -> None:
    root = {**ENVELOPE, "data": {"object-id": "", "status": ENVELOPE["data"], "config": {}}}
    assert facts.gather_facts(root, EVERYTHING) == facts.gather_facts(ENVELOPE, EVERYTHING)


def test_system() -> None:
    assert lantime("system") == {
        "uptime_seconds": 3600.5,
        "cpu_load": {"one_minute": 0.1, "five_minutes": 0.2, "fifteen_minutes": 0.3},
        "memory": {"total_bytes": 2048000, "free_bytes": 512000},
        "position": {"latitude_degrees": 52.5, "longitude_degrees": 13.25},
        "last_position_update": "2030-06-01T11:00:00Z",
        "current_time": "2030-06-01T12:00:04Z",
        "status_updated": "2030-06-01T12:00:08Z",
        "front_leds": {
            "ref_time": {
                "color": "red",
                "lit": True,
                "mode": "blinking",
                "last_color": "green",
                "last_lit": True,
                "last_mode": "permanent",
            },
            "alarm": {
                "color": None,
                "lit": False,
                "mode": "permanent",
                "last_color": None,
                "last_lit": False,
                "last_mode": "permanent",
            },
        },
    }


def test_sync() -> None:
    assert lantime("sync") == {
        "state": "holdover",
        "synchronized": False,
        "reference": "clk2-gps",
        "reference_type": "gps",
        "reference_slot": "clk2",
        "clock_index": 1,
        "oscillator_type": "ocxo-hq",
        "oscillator_warmed_up": False,
        "oscillator_state": "not-warmed-up",
        "antenna_state": "lightning-struck",
        "antenna_connected": None,
        "estimated_quality_token": "less-than-1us",
        "estimated_quality_seconds": 1e-06,
        "estimated_quality_ns": 1000,
        "leap_second_announced": True,
        "leap_second_date": "2030-06-30T23:59:60Z",
        "holdover": {"elapsed_seconds": 90.0, "time_offset": 12.0, "tfom": 4},
        "clocks": [],
    }


def clock(slot: str, state: str, **more: object) -> dict[str, object]:
    status = {"clock": state, "oscillator": "warmed-up"}
    return {"object-id": slot, "module": {"sync-status": {"clock-status": status, **more}}}


def test_each_clock_by_itself() -> None:
    slots = [
        clock("clk2", "holdover", **{"est-time-quality": "less-than-5us", "newcomer": 1}),
        clock("clk1", "synchronized", **{"clock-idx": "selected", "osc-type": "ocxo-hq"}),
        {"object-id": "pwr1", "module": {"power-available": True}},
    ]
    envelope = {"data": {"chassis0": {"slots": slots}}}
    first, second = facts.gather_facts(envelope, frozenset({"sync"}))["ansible_lantime"]["sync"]["clocks"]
    assert first == {
        "chassis": "chassis0",
        "slot": "clk1",
        "model": None,
        "family": None,
        "state": "synchronized",
        "synchronized": True,
        "oscillator_state": "warmed-up",
        "oscillator_warmed_up": True,
        "selection": "selected",
        "oscillator_type": "ocxo-hq",
        "estimated_quality_token": None,
        "estimated_quality_seconds": None,
        "estimated_quality_ns": None,
    }
    assert (second["slot"], second["synchronized"], second["selection"]) == ("clk2", False, None)
    assert (second["estimated_quality_ns"], second["other"]) == (5000, {"newcomer": 1})


def test_receiver() -> None:
    (result,) = lantime("receiver")
    satellites = result.pop("satellites")
    assert result == {
        "chassis": "chassis0",
        "slot": "clk2",
        "model": "gns181",
        "family": "GNS",
        "kind": "gns",
        "state": "tracking",
        "synchronized": False,
        "antenna_connected": False,
        "antenna_short_circuit": True,
        "tracking": None,
        "warm_boot": None,
        "cold_boot": None,
        "dcf77": None,
        "other": {"jamming": "low"},
    }
    assert (satellites["good"], satellites["in_view"], satellites["pdop"]) == (3, 20, 1.25)
    assert satellites["ecef_metres"] == [1.5, 2.5, 3.5]
    assert satellites["selected"] == ["gps1", "galileo22"]
    assert satellites["constellations"] == ["galileo", "glonass", "gps"]
    assert satellites["listed_by_constellation"] == {"glonass": 1, "gps": 1}
    assert satellites["latitude_degrees"] is None
    assert "gnss" in satellites["other"]


def test_every_block_with_an_antenna_is_a_receiver() -> None:
    module = {
        "info": {"model": "future1"},
        "gxl": {"antenna": {"connected": True}, "receiver": {"tracking": True}},
        "tcr": {"receiver-status": "synchronized"},
        "outputs": {"pps": True},
    }
    envelope = {"data": {"chassis0": {"slots": [{"object-id": "clk1", "module": module}]}}}
    result = facts.gather_facts(envelope, frozenset({"receiver"}))["ansible_lantime"]["receiver"]
    assert [(each["kind"], each["synchronized"]) for each in result] == [
        ("gxl", None),
        ("tcr", True),
    ]
    assert (result[0]["antenna_connected"], result[0]["tracking"]) == (True, True)


def test_satellites_without_a_receiver_block() -> None:
    module = {"info": {"model": "future1"}, "satellites": {"good-satellites": 5}}
    envelope = {"data": {"chassis0": {"slots": [{"object-id": "clk1", "module": module}]}}}
    (result,) = facts.gather_facts(envelope, frozenset({"receiver"}))["ansible_lantime"]["receiver"]
    assert (result["kind"], result["family"], result["synchronized"]) == (None, None, None)
    assert result["satellites"]["good"] == 5
    assert result["satellites"]["ecef_metres"] is None


def test_ntp() -> None:
    result = lantime("ntp")
    assert result["system"] == {
        "association_id": 0,
        "id": "127.0.0.1",
        "name": "localhost",
        "status_word": "0415",
        "leap": 0,
        "stratum": 1,
        "precision_log2_seconds": -19,
        "root_delay_seconds": 0.0,
        "root_dispersion_seconds": 0.0012,
        "refid": "GPS",
        "leap_indicator": "none",
        "clock_source": "uhf-radio",
        "event_counter": 1,
        "event_code": "clock-sync",
        "jitter_seconds": 2e-06,
        "wander": 0.0,
        "tai_offset_seconds": 37,
        "leap_second_date": "2017-01-01T00:00:00Z",
        "leap_file_expires": "2030-12-28T00:00:00Z",
        "leap_file_days_left": 209,
        "leap_file_expired": False,
        "system_peer": "ref_1",
    }
    first, second = result["peers"]
    assert (first["refclock"], first["reach"], first["offset_seconds"]) == (True, 255, -1.5e-06)
    assert (first["leap"], first["poll_status"]) == (1, "11111111 [377]")
    assert (second["object_id"], second["refclock"], second["selection"]) == (
        "ref_2",
        False,
        "candidate",
    )
    assert (second["reach"], second["reachable"], second["leap"]) == (0, False, 3)
    assert second["other"] == {"hmode": 3}


@pytest.mark.parametrize(
    ("leap", "expected"),
    [
        (0, 0),
        (3, 3),
        ("0", 0),
        ("00", 0),
        ("01", 1),
        ("10", 2),
        ("11", 3),
        (11, 3),
        ("leap_none", 0),
        ("leap_alarm", 3),
        ("add-sec", 1),
        ("del-sec", 2),
        (4, None),
        ("", None),
        ("soon", None),
        (None, None),
        (True, None),
    ],
)
def test_leap_in_every_spelling(leap: object, expected: int | None) -> None:
    envelope = {"data": {"ntp": [{"object-id": "sys", "leap": leap}]}}
    assert facts.gather_facts(envelope, frozenset({"ntp"}))["ansible_lantime"]["ntp"]["system"]["leap"] == expected


@pytest.mark.parametrize(
    ("now", "expires", "days", "expired"),
    [
        ("2030-06-01T12:00:09", "203006020000", 0, False),
        ("2030-06-01T12:00:09", "203006021200", 1, False),
        ("2030-06-01T12:00:09", "203006011159", -1, True),
        ("2030-06-01 12:00:60", "203106011200", 365, False),
        ("2030-06-01T12:00:09", "", None, None),
        ("2030-06-01T12:00:09", "some day", None, None),
        ("never", "203106011200", None, None),
    ],
)
def test_days_left_of_the_leap_second_file(now: str, expires: str, days: int | None, expired: bool | None) -> None:
    envelope = {
        "system-information": {"time-stamp": now},
        "data": {"ntp": [{"object-id": "sys", "expire": expires}]},
    }
    result = facts.gather_facts(envelope, frozenset({"ntp"}))["ansible_lantime"]["ntp"]["system"]
    assert (result["leap_file_days_left"], result["leap_file_expired"]) == (days, expired)


@pytest.mark.parametrize(
    ("position", "date", "expected"),
    [
        ("0.000000, 0.000000", "1970-01-01 00:00:00", (None, None)),
        ("0.000000, 0.000000", "2030-01-01 00:00:00", (0.0, 0.0)),
        ("0.000000, 9.5", "", (0.0, 9.5)),
        ("91, 0", "", (None, None)),
    ],
)
def test_a_position_that_nobody_determined(
    position: str, date: str, expected: tuple[float | None, float | None]
) -> None:
    envelope = {"data": {"system": {"position": position, "last-position-update": date}}}
    result = facts.gather_facts(envelope, frozenset({"system"}))["ansible_lantime"]["system"]["position"]
    assert (result["latitude_degrees"], result["longitude_degrees"]) == expected


def test_network() -> None:
    result = lantime("network")
    assert result["ports"]["lan0"] == {
        "available": True,
        "operational": True,
        "link": True,
        "speed_mbps": 1000,
        "duplex": "full",
        "mac_address": "02:00:5e:10:00:01",
        "slot_id": 7,
        "port_id": 0,
        "slot": "cpu",
        "card": "c05f1-v33",
        "mtu": None,
        "statistics": {"rx_packets": 5, "tx_bytes": 17},
        "bonding": {
            "actor_port_state": None,
            "aggregator_id": None,
            "partner_port_state": None,
            "link_failure_count": 2,
            "mii_status": True,
            "permanent_mac_address": None,
            "queue_id": None,
            "state": "standalone",
        },
        "other": {"poe": {"watts": 4}},
    }
    unfitted = result["ports"]["lan1"]
    nothing = (
        "speed_mbps",
        "duplex",
        "mac_address",
        "slot_id",
        "port_id",
        "slot",
        "card",
        "statistics",
    )
    assert unfitted["available"] is False
    assert [unfitted[name] for name in nothing] == [None] * 8
    vif0 = result["interfaces"]["vif0"]
    assert (vif0["name"], vif0["port"]) == ("lan0:0", "lan0")
    assert vif0["addresses"] == [
        {
            "object_id": "ipv4-static",
            "family": "ipv4",
            "method": "static",
            "address": "192.0.2.10",
            "subnet": "255.255.255.128",
            "prefix_length": 25,
        },
        {
            "object_id": "ipv6-static",
            "family": "ipv6",
            "method": None,
            "address": "2001:db8::10",
            "subnet": "64",
            "prefix_length": 64,
        },
    ]
    assert vif0["cluster"]["ipv4"]["cluster_address"] == "192.0.2.99"
    assert vif0["cluster"]["ipv4"]["master_priority"] == 0
    off = vif0["cluster"]["ipv6"]
    assert off.pop("enabled") is False
    assert set(off.values()) == {None}
    assert result["interfaces"]["vif1"] == {
        "name": "lan1:1",
        "port": "lan1",
        "addresses": [],
        "cluster": None,
    }


def test_common_network_facts() -> None:
    result = gathered("network")
    assert result["ansible_net_all_ipv4_addresses"] == ["192.0.2.10", "198.51.100.7"]
    assert result["ansible_net_all_ipv6_addresses"] == ["2001:db8::10"]
    assert result["ansible_net_interfaces"] == {
        "lan0": {
            "operstatus": "up",
            "lineprotocol": "up",
            "macaddress": "02:00:5e:10:00:01",
            "mtu": None,
            "bandwidth": 1000000,
            "duplex": "full",
            "ipv4": [{"address": "192.0.2.10", "subnet": "25", "masklen": 25}],
            "ipv6": [{"address": "2001:db8::10", "subnet": "64", "masklen": 64}],
        },
        "bond0:2": {
            "operstatus": None,
            "lineprotocol": None,
            "macaddress": None,
            "mtu": None,
            "bandwidth": None,
            "duplex": None,
            "ipv4": [{"address": "198.51.100.7", "subnet": "16", "masklen": 16}],
            "ipv6": [],
        },
    }


def test_common_facts_of_memory_storage_and_firmware() -> None:
    result = gathered("!min", "system", "storage", "firmware")
    assert result["ansible_net_memtotal_mb"] == 1
    assert result["ansible_net_memfree_mb"] == 0
    assert result["ansible_net_filesystems"] == ["/dev/shm", "/"]
    assert result["ansible_net_filesystems_info"]["/dev/shm"] == {
        "spacetotal_kb": 1000,
        "spacefree_kb": 750,
    }
    assert result["ansible_net_filesystems_info"]["/"]["spacefree_kb"] is None
    assert result["ansible_net_image"] == "firmware-7.10.012-x86"
    assert "ansible_net_neighbors" not in gathered("all")


def test_control_characters_are_written_out_in_names_and_values() -> None:
    hostile = "\x1b[2J\x9b5m\x07a\rb\u202ec"
    envelope = {
        "system-information": {"hostname": hostile},
        "data": {
            "services": {"network": {hostile: {"running": True}}},
            "system": {"front-leds": {f"led-{hostile}": {"current-color": hostile}}},
            "syncmon": {"nodes": [{hostile: [hostile]}]},
        },
    }
    result = facts.gather_facts(envelope, EVERYTHING)
    texts = "\\x1b[2J\\x9b5m\\x07a\\x0db\\u202ec"
    assert result["ansible_net_hostname"] == texts
    assert result["ansible_lantime"]["services"]["network"] == {texts: True}
    assert result["ansible_lantime"]["syncmon"]["nodes"][0]["details"] == {texts.lower(): [texts]}
    assert "led-" not in str(result)


def test_lines_and_blanks_stay() -> None:
    text = "one\ttwo\r\nthree\nfour"
    envelope = {"system-information": {"hostname": text}}
    assert facts.gather_facts(envelope, EVERYTHING)["ansible_net_hostname"] == text


def test_no_name_means_anything_to_ansible() -> None:
    tagged = {"__ansible_type": "_AnsibleTaggedStr", "value": "{{ x }}", "tags": [{"__ansible": 1}]}
    envelope = {"data": {"syncmon": {"nodes": [tagged]}}}
    (node,) = facts.gather_facts(envelope, EVERYTHING)["ansible_lantime"]["syncmon"]["nodes"]
    assert node["details"] == {
        "\\x5f_ansible_type": "_AnsibleTaggedStr",
        "value": "{{ x }}",
        "tags": [{"\\x5f_ansible": 1}],
    }
