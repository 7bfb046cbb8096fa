# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exporter with strict types reads the simulator and prints right values. It shares nothing with the collection."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.foreign_clients import DEVICES, EXPECTED, basic, fetch
from ansible_collections.meinberg.lantime.tests.integration.strict_exporter import Exposition, scrape
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

M600_RECORDINGS = [path for path in RECORDINGS if path.name.startswith("m600-")]


@pytest.mark.parametrize("name", DEVICES)
def test_an_exporter_with_strict_types(fleet: Fleet, name: str) -> None:
    device, expected = fleet[name], EXPECTED[name]
    shown = scrape(device)
    assert shown.only("up") == 1
    assert shown["build_info"] == {f"{expected.api},{expected.firmware}": 1}
    assert shown["system_info"] == {f"{expected.model},{device.serial.strip()}": 1}
    assert shown["ntp_sys_stratum"] == {expected.refid: 1}
    assert shown.only("ntp_sys_leap_indicator") == 0
    assert shown.only("ntp_sys_precision_seconds") == 2**-19
    assert 0 < shown.only("ntp_sys_root_dispersion_seconds") < 1e-3
    # The leap second of 1 January 2017.
    assert shown.only("ntp_sys_leap_second_timestamp_seconds") == 1483228800
    assert shown["ntp_peer_synchronized"] == {"ref_1": 1}
    assert abs(shown["ntp_peer_offset_seconds"]["ref_1"]) < 1e-4
    assert shown["clock_synchronized"]["clk1"] == 1
    assert shown["clock_oscillator_warmed_up"]["clk1"] == 1
    quality = shown["clock_estimated_time_quality_seconds"]["clk1"]
    assert quality == pytest.approx(expected.quality)
    serials = [label.split(",") for label in shown["clock_info"]]
    assert serials[0][:3] == ["clk1", expected.clock, expected.oscillator]
    assert all(re.fullmatch(r"\d{12}", label[3]) for label in serials)
    assert shown["clock_receiver_gnss_good_satellites"].get("clk1") == expected.good
    assert shown["clock_receiver_gnss_satellites_in_view"].get("clk1") == expected.view
    assert shown["network_port_up"]["lan0"] == 1
    assert f"lan0,{expected.speed}" in shown["network_port_info"]
    assert ("lan0" in shown["network_port_rx_bytes_total"]) == expected.statistics
    events = shown["notification_last_triggered_seconds"]
    assert len(events) == expected.events
    assert events["ntp-stopped"] == 0
    now = datetime.now(timezone.utc).timestamp()
    # 3002 minutes before the device was made, in UTC.
    assert now - events["ntp-sync"] == pytest.approx(3002 * 60, abs=3600)
    assert shown["storage_total_bytes"]["/mnt/flash"] > 3e8
    assert shown.only("system_memory_free_bytes") < shown.only("system_memory_bytes")
    assert set(shown["system_cpu_load_avg"]) == {"1", "5", "15"}
    ledger = device.ledger
    assert (ledger.gets, ledger.writes, ledger.handshakes) == (1, 0, 1)


def test_receivers_in_an_exporter(fleet: Fleet) -> None:
    old = scrape(fleet["ts706"])
    assert 0 < old.only("clock_receiver_dcf77_field_strength") <= 100
    assert 0 < old.only("clock_receiver_dcf77_correlation") <= 100
    new = scrape(fleet["ts710"])
    assert new.only("clock_receiver_gnss_antenna_connected") == 1
    assert new.only("clock_receiver_gnss_antenna_short_circuit") == 0
    assert new.only("clock_receiver_gnss_receiver_synchronized") == 1
    assert new.only("clock_receiver_gnss_receiver_cold_boot") == 0
    assert new.only("clock_receiver_gnss_latitude_degrees") == 48.137154
    assert new.only("clock_receiver_gnss_altitude_meters") == 527.9


def test_an_exporter_prints_the_text_form(fleet: Fleet) -> None:
    lines = scrape(fleet["ts710"]).lines
    assert 'meinberg_ltos_ntp_sys_stratum{host="ts710",refid="GPS"} 1.0' in lines
    assert 'meinberg_ltos_clock_synchronized{clock_id="clk1",host="ts710"} 1.0' in lines


def scrape_recording(recording: Path) -> Exposition:
    with Fleet([DeviceSpec("recorded", f"recording:{recording}")], freeze=True) as fleet:
        return scrape(fleet["recorded"])


def test_an_exporter_on_a_recording(fleet: Fleet, tmp_path: Path) -> None:
    """A replayed answer reads as its device; of the one on record the exporter's project publishes the values."""
    own = tmp_path / "own.json"
    answer = fetch(fleet["ts710"], "/api/status", headers=basic(fleet["ts710"]))
    own.write_text(json.dumps(answer), encoding="utf-8")
    assert scrape_recording(own).lines == scrape(fleet["ts710"]).lines
    for recording in M600_RECORDINGS:
        shown = scrape_recording(recording)
        assert shown["build_info"] == {"20.05.013,fw_7.10.008": 1}
        quality = shown.only("clock_estimated_time_quality_seconds")
        assert quality == pytest.approx(1e-7)
        assert shown.only("clock_receiver_gnss_altitude_meters") == 555.5
        assert shown.only("clock_receiver_gnss_good_satellites") == 9
        assert shown["network_port_up"] == {"lan0": 1, "lan1": 0, "lan2": 0, "lan3": 0}
        assert shown.only("network_port_rx_bytes_total") == 55105245
        assert shown["notification_last_triggered_seconds"]["antenna-reconnect"] == 1770716661
        assert shown.only("ntp_sys_clock_jitter_seconds") == 4e-6
        assert shown.only("ntp_sys_root_dispersion_seconds") == 0.000124
        assert shown["storage_total_bytes"]["/"] == 112570368


@pytest.mark.parametrize("name", DEVICES)
def test_an_exporter_sees_an_incident_come_and_go(fleet: Fleet, name: str) -> None:
    device = fleet[name]
    before = scrape(device)
    device.raise_incident("holdover")
    device.advance(6 * 3600)
    shown = scrape(device)
    assert shown.only("up") == 1
    assert shown["ntp_sys_stratum"] == {"LOCL": 12}
    assert shown["ntp_peer_synchronized"] == {"ref_1": 0, "ref_2": 1}
    assert set(shown["clock_synchronized"].values()) == {0}
    quality = shown["clock_estimated_time_quality_seconds"]["clk1"]
    assert quality > before["clock_estimated_time_quality_seconds"]["clk1"]
    assert shown["clock_receiver_gnss_good_satellites"].get("clk1", 0) == 0
    events = "notification_last_triggered_seconds"
    grown = shown[events]["ntp-not-sync"] - before[events]["ntp-not-sync"]
    assert grown == pytest.approx(3011 * 60, abs=60)
    device.clear_incidents()
    shown = scrape(device)
    assert shown["ntp_sys_stratum"] == before["ntp_sys_stratum"]
    assert shown["clock_synchronized"] == before["clock_synchronized"]
    # It went and came six hours after the device was made.
    assert shown[events]["ntp-sync"] - before[events]["ntp-sync"] == 3002 * 60 + 6 * 3600


def test_an_exporter_finds_a_device_down(fleet: Fleet) -> None:
    device = fleet["ts710"]
    for members in ({"status": 503}, {"status": 401}):
        device.add_fault("status", **members)
        assert scrape(device).lines == ['meinberg_ltos_up{host="unknown"} 0.0']
        device.clear_faults()
    device.set_dialect(rest_api=False)
    assert scrape(device).only("up") == 0
