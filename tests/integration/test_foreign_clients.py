# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients in the manner of others read the simulator and print right values.

They share nothing with the collection, and send what public clients send: the same URLs, headers and conversions.
https://github.com/koenw/lantime-prometheus-exporter (the root /api/, no credentials),
https://github.com/mattlamb99/meinberg-influx (Basic, /api/status, a Content-Type on a GET),
and the vendor's own introductions (a token; single nodes, with and without ?raw).
"""

from __future__ import annotations

import re
import typing as t
import urllib.error

import pytest

from ansible_collections.meinberg.lantime.tests.integration.foreign_clients import DEVICES, EXPECTED, Json, basic, fetch
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet

# An exporter that reads the root without credentials, and takes what is there.


def root_values(answer: Json) -> dict[str, t.Any]:
    """What it prints; a member that is not there is empty or 0."""
    information = answer.get("system-information", {})
    status = answer.get("data", {}).get("status", {})
    system = status.get("system", {})
    load = system.get("cpuload", "").split(" ")
    memory = system.get("memory", "").split(" ")
    slots = status.get("chassis0", {}).get("slots", [])
    modules = [slot.get("module", {}) for slot in slots if slot.get("slot-type") == "clk"]
    clock = modules[0] if modules else {}
    sync, sky = clock.get("sync-status", {}), clock.get("satellites", {})
    kinds = [item.get("gnss-type") for item in sky.get("gnss", {}).get("satellite-list", [])]
    return {
        "version": information.get("version", ""),
        "serial": information.get("serial-number", ""),
        "model": information.get("model", ""),
        "hostname": information.get("hostname", ""),
        "firmware": system.get("firmware", {}).get("running", ""),
        "position": system.get("position", ""),
        "loads": [float(word) for word in load[:3]],
        "memory": (float(memory[0]), float(memory[4])),
        "uptime": float(system.get("uptime", 0)),
        "config_change": float(system.get("last-config-change", 0)),
        "quality": sync.get("est-time-quality", ""),
        "clock": sync.get("clock-status", {}).get("clock", ""),
        "oscillator": sync.get("clock-status", {}).get("oscillator", ""),
        "receiver": clock.get("gns", {}).get("receiver-status", ""),
        "view": sky.get("satellites-in-view", 0),
        "good": sky.get("good-satellites", 0),
        "gps": kinds.count("gps"),
        "galileo": kinds.count("galileo"),
    }


@pytest.mark.parametrize("name", DEVICES)
def test_a_reader_of_the_root_without_credentials(fleet: Fleet, name: str) -> None:
    device, expected = fleet[name], EXPECTED[name]
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(device, "/api/", timeout=2)
    with refused.value:
        assert refused.value.code == 401
    device.set_dialect(anonymous="read")
    shown = root_values(fetch(device, "/api/", timeout=2))
    assert (shown["version"], shown["model"]) == (expected.firmware, expected.model)
    assert (shown["firmware"], shown["hostname"]) == (expected.firmware, name)
    assert (shown["clock"], shown["oscillator"]) == ("synchronized", "warmed-up")
    assert (shown["view"], shown["good"]) == (expected.view or 0, expected.good or 0)
    total, free = shown["memory"]
    assert 0 < free < total
    assert all(0 <= load < 4 for load in shown["loads"])
    assert shown["uptime"] > 180000
    assert re.fullmatch(r"\d+\.\d{6}, \d+\.\d{6}", shown["position"])
    device.raise_incident("antenna-fault")
    device.advance(86400)
    after = root_values(fetch(device, "/api/", timeout=2))
    assert (after["clock"], after["good"]) == ("holdover", 0)
    assert after["uptime"] - shown["uptime"] == pytest.approx(86400)
    assert after["quality"] != shown["quality"]


def test_a_reader_of_the_root_counts_constellations() -> None:
    """The client counts GPS and Galileo of a GNS clock."""
    with Fleet([DeviceSpec("ims", "m1000-7.10", anonymous="read")], freeze=True) as fleet:
        device = fleet["ims"]
        shown = root_values(fetch(device, "/api/", timeout=2))
        assert (shown["receiver"], shown["gps"], shown["galileo"]) == ("synchronized", 4, 4)
        device.raise_incident("gnss-jamming", seconds=100)
        device.advance(50)
        half = root_values(fetch(device, "/api/", timeout=2))
        assert half["receiver"] == "synchronized"
        assert 0 < half["good"] < shown["good"]
        assert half["view"] == pytest.approx(shown["view"], abs=3)
        device.advance(51)
        gone = root_values(fetch(device, "/api/", timeout=2))
        assert (gone["clock"], gone["receiver"]) == ("holdover", "not-synchronized")
        assert (gone["good"], gone["gps"], gone["galileo"]) == (0, 0, 0)


# A poller that writes points: Basic, and a Content-Type on a GET.


def point(device: DeviceHandle) -> dict[str, t.Any]:
    answer = fetch(device, "/api/status", headers={**basic(device), "Content-Type": "text/plain"})
    system = answer["data"]["system"]
    sync = system["sync-status"]
    held = sync["holdover-status"]
    return {
        "serial_number": answer["system-information"]["serial-number"],
        "model": answer["system-information"]["model"],
        "uptime": float(system["uptime"]),
        "sync_clock_status": sync["clock-status"]["clock"],
        "oscillator_status": sync["clock-status"]["oscillator"],
        "reference_source": sync["reference"],
        "estimated_time_quality": sync["est-time-quality"],
        "holdover_time_offset": float(held["time-offset"]),
        "holdover_time_elapsed": float(held["time-elapsed"]),
    }


@pytest.mark.parametrize("name", DEVICES)
def test_a_poller_of_points(fleet: Fleet, name: str) -> None:
    device = fleet[name]
    shown = point(device)
    assert shown["model"] == EXPECTED[name].model
    assert shown["serial_number"] == device.serial
    assert shown["reference_source"] == ("clk1-pzf" if name == "ts706" else "clk1-gps")
    assert shown["sync_clock_status"] == "synchronized"
    assert (shown["holdover_time_offset"], shown["holdover_time_elapsed"]) == (0, 0)
    device.raise_incident("holdover")
    series = []
    for dummy in range(5):
        device.advance(3600)
        series.append(point(device))
    assert [entry["holdover_time_elapsed"] for entry in series] == [3600 * n for n in range(1, 6)]
    offsets = [entry["holdover_time_offset"] for entry in series]
    assert offsets == sorted(offsets)
    assert offsets[0] > 0
    assert {entry["sync_clock_status"] for entry in series} == {"holdover"}
    device.raise_incident("cold-start")
    cold = point(device)
    assert (cold["sync_clock_status"], cold["uptime"]) == ("not-synchronized", 0)
    assert cold["oscillator_status"] == "not-warmed-up"


# The vendor's introductions: a token, single nodes, names and numbers.


def test_a_script_with_a_token(fleet: Fleet) -> None:
    for name in ("ts708", "ts710", "ims"):
        device = fleet[name]
        token = fetch(device, "/api/get-token", method="PUT", headers=basic(device))["token"]
        assert re.fullmatch(r"[0-9A-F]{32,}", token)
        speed = fetch(device, "/api/status/network/ports/lan0/speed", headers={"Authorization": f"Bearer {token}"})
        assert speed["data"] == {"speed": "1000"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(fleet["ts706"], "/api/get-token", method="PUT", headers=basic(fleet["ts706"]))
    with refused.value:
        assert refused.value.code == 404


def test_a_script_that_asks_for_names_and_numbers(fleet: Fleet) -> None:
    device = fleet["ts710"]
    path, login = "/api/status/system/sync-status", basic(device)

    def state(query: str) -> t.Any:
        return fetch(device, f"{path}{query}", headers=login)["data"]["clock-status"]["clock"]

    assert (state(""), state("?raw")) == ("synchronized", 1)
    device.raise_incident("holdover")
    assert (state(""), state("?raw")) == ("holdover", 2)
    device.advance(60)
    stratum = fetch(device, "/api/status/ntp/sys/stratum", headers=login)
    assert stratum["data"] == {"stratum": 12}
