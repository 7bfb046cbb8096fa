# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on the box itself, and what they are on LTOS 7.06 and from any JSON at all."""

from __future__ import annotations

import copy
import json
import re
import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts as _facts
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.test_sample import (
    ENVELOPE,
    EVERYTHING,
    lantime,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.whole_status import whole

OLD: dict[str, t.Any] = {
    "system-information": {
        "API Version": "LANTIME REST API V10.21.999",
        "version": "fw_7.06.099-light",
        "serial-number": "099900000009",
        "hostname": "old.example.com",
        "time-stamp": "2030-06-01T12:00:00",
        "model": "M300",
    },
    "changes": {"pending-changes": 0},
    "data": {
        "object-id": "status",
        "system": {
            "last-position-update": "1970-01-01 00:00:00",
            "front-leds": {
                "led-alarm": {
                    "current-color": "blue",
                    "current-state": False,
                    "last-color": "blue",
                    "last-state": False,
                }
            },
        },
        "notification": {
            "events": [
                {
                    "object-id": "leap-second-announced",
                    "type": "info",
                    "triggered": 1,
                    "last-triggered": "never",
                },
                {
                    "object-id": "faillock:-user-banned",
                    "type": "action",
                    "triggered": 0,
                    "last-triggered": "2030-01-01T00:00:00",
                },
            ]
        },
        "network": {
            "ports": [
                {
                    "object-id": "lan0",
                    "duplex": "full",
                    "operstate": True,
                    "speed": "100",
                    "link": True,
                    "slot-id": 1,
                }
            ],
            "interfaces": [{"object-id": "vif0", "ifname": "lan0:0"}],
        },
        "chassis0": {
            "slots": [
                {"object-id": "cpu", "slot-type": "cpu"},
                {
                    "object-id": "clk1",
                    "slot-type": "clk",
                    "module": {
                        "info": {"model": "pzf511", "serial-number": "099911111    "},
                        "supported-string-types": [],
                        "dcf77": {
                            "ref-type": "dcf77-pzf-receiver",
                            "type": "pzf",
                            "correlation": 88,
                            "field-strength": 61,
                            "pcps": {
                                "freer": False,
                                "syncd": True,
                                "ls-ann": False,
                                "brand-new": True,
                            },
                        },
                    },
                },
            ]
        },
        "chassis-xhe": [{"object-id": "clk1", "xhe-info": {"status": "unknown", "xhe-id": ""}}],
        "ntp": [
            {"object-id": "sys", "leap": "0", "rootdisp": 0.00014999999999999999},
            {"object-id": "ref_1", "id": "127.127.8.0", "reach": 0, "status-peer-reach-ok": True},
        ],
        "syncteam": {"leapsecond-state": "no-leap-second"},
    },
}


def test_services() -> None:
    assert lantime("services") == {
        "network": {"ssh": True, "telnet": False},
        "global": {"serial_console": True, "odd": None},
    }


def test_notification() -> None:
    assert lantime("notification") == {
        "events": {
            "ntp-not-sync": {
                "type": "error",
                "triggered": True,
                "last_triggered": "2030-06-01T11:59:00Z",
            },
            "antenna-faulty": {
                "type": "error",
                "triggered": False,
                "last_triggered": "2030-05-01T00:00:00Z",
            },
            "ntp-sync": {"type": "info", "triggered": True, "last_triggered": None},
            "melt-down": {"type": "critical", "triggered": True, "last_triggered": None},
        },
        "active": ["melt-down", "ntp-not-sync"],
    }


def test_an_event_in_both_spellings_and_without_a_type() -> None:
    events = [
        {"object-id": "leap-second-announced", "triggered": 1},
        {"object-id": "leapsecond-announced", "triggered": 0},
        {"object-id": "ntp-stopped", "triggered": 1},
        {"object-id": "melt-down", "triggered": 1},
        {"type": "error", "triggered": 1},
    ]
    envelope = {"data": {"notification": {"events": events}}}
    result = _facts.gather_facts(envelope, frozenset({"notification"}))["ansible_lantime"]["notification"]
    assert list(result["events"]) == ["leapsecond-announced", "ntp-stopped", "melt-down"]
    assert result["events"]["leapsecond-announced"]["triggered"] is True
    assert [event["type"] for event in result["events"].values()] == ["info", "critical", None]
    assert result["active"] == ["ntp-stopped"]


def test_chassis() -> None:
    result = lantime("chassis")
    slots = result.pop("slots")
    additional = result.pop("additional_chassis")
    assert result == {
        "model": "M1000",
        "serial_number": "099900000002",
        "backplane_revision": "V1",
        "firmware_image": "fw_7.10.012",
        "slot_layout": "1,9",
        "power_supplies": {
            "pwr1": {"fitted": True, "available": True, "capacity_watts": 50.0},
            "pwr2": {"fitted": False, "available": False, "capacity_watts": 0.0},
        },
        "temperatures_celsius": {"cpu": [51.0]},
        "external_holdover": [],
    }
    assert list(slots) == ["clk1", "clk2", "cpu", "pwr1", "pwr2"]
    assert slots["clk2"] == {
        "type": "clk",
        "position": None,
        "orientation": None,
        "populated": True,
        "family": "GNS",
        "model": "gns181",
        "serial_number": "099900000003",
        "software_revision": None,
        "firmware_image": None,
    }
    assert slots["clk1"]["populated"] is False
    assert list(additional) == ["chassis1"]
    assert additional["chassis1"]["slots"]["io1"]["family"] == "BPE"


def test_a_real_holdover_shelf() -> None:
    shelf = {
        "object-id": "clk1",
        "xhe-info": {
            "status": "connected",
            "osc-type": 5,
            "xhe-id": "0999",
            "rub-id": "r1",
            "comstat": {"a": True},
        },
        "xhe-sys-status": {
            "status": {"pps-lock": True, "ppl-enabled": False},
            "comstat": {"temperature": True},
            "temperature-sensors": {"cell": 48.5, "lamp": 0.0},
        },
        "xhe-psu-status": {
            "status": "ok",
            "psu-status": {"psu1": "ok", "psu2": "down"},
            "alarms": {"alarm-led": True},
            "comstat": {"timeout": False},
        },
    }
    envelope = {"data": {"chassis-xhe": [shelf]}}
    (result,) = _facts.gather_facts(envelope, frozenset({"chassis"}))["ansible_lantime"]["chassis"]["external_holdover"]
    assert result == {
        "object_id": "clk1",
        "xhe_id": "0999",
        "rubidium_id": "r1",
        "state": "connected",
        "software_revision": None,
        "oscillator_type": 5,
        "features": None,
        "flags": {"pps_lock": True, "ppl_enabled": False},
        "status_communication_flags": {"temperature": True},
        "temperatures_celsius": {"cell": 48.5, "lamp": None},
        "power_supply_state": "ok",
        "power_supplies": {"psu1": "ok", "psu2": "down"},
        "power_supply_alarms": {"alarm_led": True},
        "communication_flags": {"a": True},
        "power_supply_communication_flags": {"timeout": False},
    }


def test_storage() -> None:
    assert lantime("storage") == {
        "/dev/shm": {
            "device": None,
            "size_bytes": 1024000,
            "used_bytes": 256000,
            "available_bytes": 768000,
            "used_percent": 25,
        },
        "/": {
            "device": "rootfs",
            "size_bytes": 4096,
            "used_bytes": None,
            "available_bytes": None,
            "used_percent": None,
            "other": {"inodes": 9},
        },
    }


def test_firmware() -> None:
    result = lantime("firmware")
    assert (result["running"], result["selected"]) == ("7.10.012", "7.10.013")
    assert (result["running_numbers"], result["selected_numbers"]) == ([7, 10, 12], [7, 10, 13])
    assert result["selected_is_running"] is False
    assert (result["image"], result["architecture"]) == ("firmware-7.10.012-x86", "x86")
    assert [(each["object_id"], each["running"], each["selected"]) for each in result["installed"]] == [
        ("fw_7.10.012", True, False),
        ("fw_7.10.013", False, True),
        ("osv", False, False),
    ]
    assert result["installed"][2]["numbers"] == [6, 20, 14]
    assert result["packages"] == {"ptp2": "7.10.5", "data": None}
    assert result["update_status"] == {
        "in_progress": True,
        "progress_percent": 40.0,
        "last_successful": False,
        "last_started": "2030-05-01T10:00:00Z",
        "last_ended": None,
        "last_error": None,
    }


@pytest.mark.parametrize(
    ("running", "selected", "expected"),
    [
        ("fw_7.10.008", "7.10.8", True),
        ("fw_7.10.008", "fw_7.9.99", False),
        ("osv", "osv", True),
        ("osv", "fw_7.10.008", None),
        ("", "", None),
        (None, "fw_7.10.008", None),
    ],
)
def test_whether_the_selected_firmware_runs(running: str | None, selected: str, expected: bool | None) -> None:
    envelope = {"data": {"system": {"firmware": {"running": running, "selected": selected}}}}
    result = _facts.gather_facts(envelope, frozenset({"firmware"}))["ansible_lantime"]["firmware"]
    assert result["selected_is_running"] is expected


def test_syncmon_and_syncteam() -> None:
    assert lantime("syncmon") == {
        "last_updated": "2030-06-01T12:00:00Z",
        "nodes": [
            {
                "object_id": "n1",
                **dict.fromkeys(("name", "address", "type", "state", "stratum", "offset_seconds")),
                **dict.fromkeys(
                    ("offset_limit_seconds", "alarm", "enabled", "input", "stratum_limit", "interval_seconds")
                ),
                "details": {"special_sauce": [1]},
            }
        ],
    }
    assert lantime("syncteam") == {
        "operational_mode": "disabled",
        "time_quality": None,
        "leap_second_state": "no-leapsecond",
        "current_tfom": 15,
        "team_members": 0,
        "online_members": None,
        "offline_members": None,
        "master": None,
        "reference": "clk1",
        "members": [],
    }


def test_an_old_device() -> None:
    result = _facts.gather_facts(OLD, EVERYTHING)
    assert result["ansible_net_version"] == "7.06.099-light"
    facts = result["ansible_lantime"]
    assert facts["min"]["firmware"] == {
        "version": "7.06.099-light",
        "numbers": [7, 6, 99],
        "suffix": "light",
    }
    assert (facts["min"]["api_version"], facts["min"]["api_generation"]) == ("10.21.999", 10)
    assert facts["min"]["api_supported"] is True
    assert facts["system"]["last_position_update"] is None
    assert facts["system"]["status_updated"] is None
    assert facts["system"]["front_leds"]["alarm"]["color"] is None
    assert facts["sync"]["state"] is None
    assert facts["sync"]["synchronized"] is None


def test_names_of_an_old_device_become_those_of_a_recent_one() -> None:
    facts = _facts.gather_facts(OLD, EVERYTHING)["ansible_lantime"]
    assert facts["notification"] == {
        "events": {
            "leapsecond-announced": {
                "type": "info",
                "triggered": True,
                "last_triggered": None,
                "device_name": "leap-second-announced",
            },
            "faillock-user-banned": {
                "type": "action",
                "triggered": False,
                "last_triggered": "2030-01-01T00:00:00Z",
                "device_name": "faillock:-user-banned",
            },
        },
        "active": [],
    }
    assert facts["syncteam"]["leap_second_state"] == "no-leapsecond"


def test_ports_and_shelf_of_an_old_device() -> None:
    facts = _facts.gather_facts(OLD, EVERYTHING)["ansible_lantime"]
    port = facts["network"]["ports"]["lan0"]
    assert (port["available"], port["statistics"], port["bonding"]) == (True, None, None)
    assert facts["network"]["interfaces"]["vif0"]["cluster"] is None
    assert facts["chassis"]["external_holdover"] == []
    assert facts["chassis"]["slots"]["clk1"]["serial_number"] == "099911111"


def test_a_long_wave_receiver() -> None:
    (result,) = _facts.gather_facts(OLD, EVERYTHING)["ansible_lantime"]["receiver"]
    assert (result["kind"], result["family"]) == ("dcf77", "PZF")
    assert (result["state"], result["synchronized"], result["satellites"]) == (None, True, None)
    assert result["dcf77"] == {
        "type": "pzf",
        "reference_type": "dcf77-pzf-receiver",
        "correlation": 88,
        "field_strength": 61,
        "pcps": {
            "free_running": False,
            "daylight_saving": None,
            "synchronized": True,
            "daylight_saving_change_announced": None,
            "utc": None,
            "leap_second_announced": False,
            "if_time_mode": None,
            "invalid_time": None,
            "other": {"brand-new": True},
        },
    }


@pytest.mark.parametrize(
    ("version", "reach", "reachable", "expected"),
    [
        ("fw_7.06.014-light", 0, True, None),
        ("fw_7.06.014-light", 0, False, None),
        ("fw_7.08.025", 255, True, None),
        ("fw_7.10.000", 0, True, 0),
        ("fw_7.10.008", 255, True, 255),
        ("fw_8.00.001", 3, True, 3),
        (None, 0, True, None),
        (None, 0, False, 0),
        (None, 255, True, 255),
    ],
)
def test_reach_by_firmware(version: object, reach: int, reachable: bool, expected: int | None) -> None:
    peer = {"object-id": "ref_1", "reach": reach, "status-peer-reach-ok": reachable}
    envelope = {"system-information": {"version": version}, "data": {"ntp": [peer]}}
    (result,) = _facts.gather_facts(envelope, frozenset({"ntp"}))["ansible_lantime"]["ntp"]["peers"]
    assert result["reach"] == expected


def test_leap_and_rounding_tails_of_an_old_device() -> None:
    result = _facts.gather_facts(OLD, EVERYTHING)["ansible_lantime"]["ntp"]["system"]
    assert (result["leap"], result["root_dispersion_seconds"]) == (0, 0.00015)


def shape(value: object, path: str = "") -> set[str]:
    """The paths of all names that the facts give, without those that the device gives."""
    if not isinstance(value, dict):
        return set()
    result = set()
    for name, member in value.items():
        result.add(f"{path}.{name}")
        if name not in ("other", "network", "global", "events"):
            result |= shape(member, f"{path}.{name}")
    return result


def test_no_name_shadows_a_method_of_a_dict() -> None:
    for path in shape(_facts.gather_facts(ENVELOPE, EVERYTHING)):
        assert not hasattr({}, path.rpartition(".")[2]), path


@pytest.mark.parametrize("envelope", [{}, {"data": {}}, {"data": None}, {"data": []}, {"data": {"status": 1}}])
def test_a_device_that_says_nothing_gives_the_same_names(envelope: dict[str, t.Any]) -> None:
    facts = _facts.gather_facts(envelope, EVERYTHING)["ansible_lantime"]
    assert set(facts) == _facts.ALL_SUBSETS
    assert facts["receiver"] == []
    whole = _facts.gather_facts(ENVELOPE, EVERYTHING)["ansible_lantime"]
    for name in (
        "min",
        "sync",
        "ntp",
        "network",
        "chassis",
        "firmware",
        "syncmon",
        "syncteam",
        "system",
    ):
        assert set(facts[name]) == set(whole[name]), name


# What is not written out in JSON as \n, \r and \t are.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]|\\u00|\\[bf]|\\r(?!\\n)")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "N/A", "none", "-", "1e999", "fw_7.10", "9" * 50, "\ud800"])
    | st.sampled_from(["\x1b[2J\x9b1m", "{{ lookup('pipe', 'id') }}", "a\rb", "\u202e"])
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=9), inner, max_size=4)
        | st.dictionaries(st.sampled_from(["__ansible_type", "\x1b[m", "value"]), inner, max_size=2)
    ),
    max_leaves=12,
)


def survives(envelope: t.Any) -> None:
    before = copy.deepcopy(envelope)
    result = _facts.gather_facts(envelope, EVERYTHING)
    text = json.dumps(result, allow_nan=False, ensure_ascii=False)
    assert CONTROL.search(text) is None
    assert re.search('"__ansible[^"]*":', text) is None
    assert repr(envelope) == repr(before)


@settings(deadline=None)
@given(JSON)
def test_any_json(value: t.Any) -> None:
    survives(value)
    survives({"system-information": value, "data": value, "changes": value})
    survives({"data": {"status": value}})


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ENVELOPE["data"], JSON)))
def test_any_json_in_each_section(sections: dict[str, t.Any]) -> None:
    survives({"data": sections})


def places(value: object) -> list[tuple[t.Any, t.Any]]:
    """(container, key) of every member of a tree."""
    result = []
    pairs: t.Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, member in pairs:
        result.append((value, key))
        result += places(member)
    return result


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([ENVELOPE, OLD, whole()]),
    st.lists(st.tuples(st.integers(0, 10**6), JSON), max_size=6),
    st.booleans(),
)
def test_a_realistic_status_with_mutations(
    base: dict[str, t.Any], mutations: list[tuple[int, t.Any]], delete: bool
) -> None:
    envelope = copy.deepcopy(base)
    for number, value in mutations:
        members = places(envelope)
        if not members:
            break
        container, key = members[number % len(members)]
        if delete:
            del container[key]
        else:
            container[key] = value
    survives(envelope)


def test_hostile_depth_and_size() -> None:
    deep: t.Any = {}
    for dummy in range(5000):
        deep = {"a": [deep]}
    hostile = {"deep": deep, "long": "x" * 10**6, "huge": 10**5000, "nan": float("nan")}
    envelope = copy.deepcopy(ENVELOPE)
    data = envelope["data"]
    data["ntp"][0].update(hostile)
    data["network"]["ports"][0].update(hostile)
    data["syncmon"]["nodes"] = [hostile, {"object-id": "n1"}]
    data["chassis0"]["slots"][2]["module"]["gns"].update(hostile)
    data["system"]["uptime"] = 10**5000
    data["system"]["memory"] = "9" * 10**6
    result = _facts.gather_facts(envelope, EVERYTHING)
    assert len(json.dumps(result, allow_nan=False)) < 50_000
    assert result["ansible_lantime"]["syncmon"]["nodes"][1]["object_id"] == "n1"
    assert result["ansible_lantime"]["system"]["uptime_seconds"] is None
