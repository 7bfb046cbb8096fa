# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of recorded answers, where recordings are at hand (LANTIME_RECORDINGS names their directory)."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import slots as _slots
from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts as _facts
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS

M600 = [path for path in RECORDINGS if path.name == "m600-7.10.008.json"]


def read(path: Path) -> dict[str, t.Any]:
    result: dict[str, t.Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def facts(path: Path) -> dict[str, t.Any]:
    return _facts.gather_facts(read(path), _facts.resolve_subsets(["all"]))


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", RECORDINGS, ids=name_of)
def test_every_recording(path: Path) -> None:
    raw = read(path)["system-information"]
    result = facts(path)
    lantime = result["ansible_lantime"]
    assert result["ansible_net_hostname"] == raw["hostname"]
    assert result["ansible_net_serialnum"] == raw["serial-number"].strip()
    assert f"fw_{result['ansible_net_version']}" == raw["version"]
    assert lantime["min"]["api_supported"] is True
    assert re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\dZ", lantime["min"]["device_time"])
    assert lantime["receiver"]
    text = json.dumps(result, allow_nan=False)
    assert '"N/A"' not in text
    assert '"other"' not in re.sub(r'"other": \{\}', "", text)


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_identity_and_time(path: Path) -> None:
    result = facts(path)["ansible_lantime"]
    minimum, sync = result["min"], result["sync"]
    assert minimum["model"] == "M600"
    assert minimum["firmware"] == {"version": "7.10.008", "numbers": [7, 10, 8], "suffix": None}
    assert (minimum["api_version"], minimum["api_generation"]) == ("20.05.013", 20)
    assert minimum["pending_changes"] == 0
    assert (sync["state"], sync["synchronized"]) == ("synchronized", True)
    assert (sync["reference"], sync["reference_slot"]) == ("clk1-gps", "clk1")
    assert sync["estimated_quality_seconds"] == 1e-07
    assert sync["estimated_quality_ns"] == 100
    assert (sync["oscillator_type"], sync["oscillator_warmed_up"]) == ("ocxo-lq", True)
    assert (sync["antenna_connected"], sync["leap_second_date"]) == (True, None)
    assert isinstance(result["system"]["uptime_seconds"], float)
    assert result["system"]["cpu_load"]["one_minute"] == 0.48
    assert result["system"]["memory"]["total_bytes"] == 228428 * 1024
    leds = result["system"]["front_leds"]
    assert {name: led["color"] for name, led in leds.items()} == {
        "ref_time": "green",
        "time_service": "green",
        "network": "red",
        "alarm": None,
    }


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_receiver_and_ntp(path: Path) -> None:
    result = facts(path)["ansible_lantime"]
    (receiver,) = result["receiver"]
    assert (receiver["slot"], receiver["kind"], receiver["family"]) == ("clk1", "grc", "GRC")
    assert (receiver["state"], receiver["synchronized"]) == ("synchronized", True)
    assert (receiver["antenna_connected"], receiver["antenna_short_circuit"]) == (True, False)
    satellites = receiver["satellites"]
    assert (satellites["good"], satellites["in_view"]) == (9, 14)
    assert (len(satellites["selected"]), satellites["constellations"]) == (4, ["gps"])
    assert all(isinstance(metres, float) for metres in satellites["ecef_metres"])
    system = result["ntp"]["system"]
    assert (system["stratum"], system["leap"], system["refid"]) == (1, 0, "GPS")
    assert (system["tai_offset_seconds"], system["system_peer"]) == (37, "ref_1")
    assert system["leap_file_expires"] == "2026-12-28T00:00:00Z"
    (peer,) = result["ntp"]["peers"]
    assert (peer["refclock"], peer["selection"], peer["reach"]) == (True, "pps-peer", 255)


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_network_and_services(path: Path) -> None:
    every = facts(path)
    result = every["ansible_lantime"]
    ports = result["network"]["ports"]
    assert [name for name, port in ports.items() if port["available"]] == ["lan0"]
    assert (ports["lan0"]["link"], ports["lan0"]["speed_mbps"], ports["lan0"]["duplex"]) == (
        True,
        100,
        "full",
    )
    assert len(ports["lan0"]["statistics"]) == 25
    assert all(isinstance(count, int) and not isinstance(count, bool) for count in ports["lan0"]["statistics"].values())
    assert ports["lan1"]["mac_address"] is None
    (address,) = every["ansible_net_all_ipv4_addresses"]
    assert every["ansible_net_interfaces"]["lan0"]["ipv4"] == [{"address": address, "subnet": "24", "masklen": 24}]
    assert list(every["ansible_net_interfaces"]) == ["lan0"]
    services = result["services"]
    assert (len(services["network"]), len(services["global"])) == (12, 18)
    assert (services["network"]["ssh"], services["network"]["telnet"]) == (True, False)
    assert services["global"]["serial_console"] is True


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_box(path: Path) -> None:
    result = facts(path)["ansible_lantime"]
    events = result["notification"]["events"]
    assert len(events) == 34
    assert result["notification"]["active"] == [
        "https-certificate-expired",
        "network-link-down",
        "self-signed-https-certificate-in-use",
    ]
    assert events["ntp-stopped"]["last_triggered"] is None
    assert result["storage"]["/tmp"]["size_bytes"] == 8388608
    assert result["storage"]["/dev/shm"]["device"] is None
    assert result["storage"]["/mnt/flash"]["used_percent"] == 81
    supplies = result["chassis"]["power_supplies"]
    assert supplies["pwr1"] == {"fitted": True, "available": True, "capacity_watts": 50.0}
    assert supplies["pwr2"]["fitted"] is False
    assert result["chassis"]["temperatures_celsius"] == {"cpu": [49.0]}
    firmware = result["firmware"]
    assert (firmware["running"], firmware["selected"]) == ("7.10.008", "7.10.008")
    assert [each["object_id"] for each in firmware["installed"] if each["running"]] == ["fw_7.10.008"]
    assert len(firmware["packages"]) == 19
    assert firmware["packages"]["data"] is None
    assert firmware["update_status"]["last_successful"] is True
    assert result["syncmon"]["nodes"] == []
    assert result["syncteam"]["leap_second_state"] == "no-leapsecond"


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_slots(path: Path) -> None:
    slots = _slots.read_slots(read(path))
    assert [each["slot"] for each in slots] == [
        "clk1",
        "clk2",
        "cpu",
        "int1",
        "int2",
        "int3",
        "int4",
        "pwr1",
        "pwr2",
    ]
    assert [each["slot"] for each in slots if each["populated"]] == ["clk1", "cpu", "pwr1"]
    clock, cpu = slots[0], slots[2]
    assert (clock["family"], clock["model"], clock["software_revision"]) == (
        "GRC",
        "grc180",
        "v2.16",
    )
    assert clock["sensors"] == {"temperature_1_celsius": None, "temperature_2_celsius": None}
    assert clock["sync"]["clock_index"] == "selected"
    assert (cpu["family"], cpu["serial_number"]) == ("CPU", None)


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_what_the_numbers_say(path: Path) -> None:
    result = facts(path)["ansible_lantime"]
    assert result["ntp"]["system"]["leap_file_days_left"] == 319
    assert result["ntp"]["system"]["leap_file_expired"] is False
    assert (result["firmware"]["selected_is_running"], result["firmware"]["architecture"]) == (
        True,
        "x32",
    )
    (clock,) = result["sync"]["clocks"]
    assert (clock["slot"], clock["synchronized"], clock["selection"]) == ("clk1", True, "selected")
