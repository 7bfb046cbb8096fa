# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaying a recorded answer: equal outright when frozen, equal but for what moves otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.profiles import load_profile
from ansible_collections.meinberg.lantime.tests.simulator.recorded import BadRecordingError
from ansible_collections.meinberg.lantime.tests.simulator.recording import load_recording, nearest_profile
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client

_VOLATILE = {
    "time-stamp",
    "current-time",
    "current-time-iso",
    "api-last-update",
    "uptime",
    "last-config-change",
    "cpuload",
    "memory",
    "used",
    "available",
    "used-percent",
    "statistics",
    "last-triggered",
    "last-position-update",
    "last-update-started",
    "last-update-ended",
    "triggered",
    "satellites",
    "position",
    "sensors",
    "offset",
    "clk-jitter",
    "clk-wander",
    "dispersion",
    "rootdisp",
    "correlation",
    "field-strength",
    "poll-status",
    "last-updated",
}


def synthetic(file: Path) -> Path:
    """A recording of our own making, with what no profile has."""
    with Fleet([DeviceSpec("source", "m600-7.10", hostname="a", domain="b.example")]) as fleet:
        client = Client(fleet["source"], "info")
        answer = client.get("/status").json()
        client.close()
    answer["system-information"]["time-stamp"] = "2026-01-02T03:04:05"
    answer["data"]["network"]["interfaces"][1]["addresses"] = [
        {
            "object-id": "ipv4-dhcp",
            "iftype": "dhcp",
            "addresstype": "ipv4",
            "subnet": "255.255.0.0",
            "address": "172.16.3.4",
        }
    ]
    answer["data"]["services"]["network"]["telnet"]["running"] = True
    answer["data"]["system"]["new-member"] = {"x": [1, None, "two"]}
    file.write_text(json.dumps(answer), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A synthetic recording, and every real one that is at hand."""
    own = synthetic(tmp_path_factory.mktemp("recordings") / "synthetic.json")
    return [own, *RECORDINGS]


def without_volatile(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_volatile(v) for k, v in value.items() if k not in _VOLATILE}
    if isinstance(value, list):
        return [without_volatile(item) for item in value]
    return value


def answers(file: Path, freeze: bool) -> tuple[Any, Any, Any]:
    """The recording, the simulator's answer, and the configuration's network area."""
    with Fleet([DeviceSpec("recording", f"recording:{file}")], freeze=freeze) as fleet:
        client = Client(fleet["recording"], "info")
        shown = client.get("/status").json()
        network = client.data("/config/network")
        client.close()
    return json.loads(file.read_text(encoding="utf-8")), shown, network


def test_frozen_answers_are_equal_outright(recordings: list[Path]) -> None:
    for file in recordings:
        recorded, shown, dummy = answers(file, freeze=True)
        assert shown == recorded, file.name


def test_moving_answers_are_equal_but_for_what_moves(recordings: list[Path]) -> None:
    for file in recordings:
        recorded, shown, dummy = answers(file, freeze=False)
        assert without_volatile(shown) == without_volatile(recorded), file.name
        stamp = ("system-information", "time-stamp")
        assert shown[stamp[0]][stamp[1]] != recorded[stamp[0]][stamp[1]], file.name


def test_the_configuration_is_that_of_the_recording(recordings: list[Path]) -> None:
    for file in recordings:
        recorded, dummy, network = answers(file, freeze=True)
        name, dummy, domain = recorded["system-information"]["hostname"].partition(".")
        assert (network["hostname"], network["domain"]) == (name, domain), file.name
        interfaces = recorded["data"]["network"]["interfaces"]
        assert [item["object-id"] for item in network["interfaces"]] == [item["object-id"] for item in interfaces], (
            file.name
        )
        for configured, shown in zip(network["interfaces"], interfaces):
            for address in shown.get("addresses", []):
                name = "dhcp-address" if address["iftype"] == "dhcp" else "address"
                assert configured["ipv4"][name] == address["address"], file.name


def test_a_recorded_device_can_be_changed(recordings: list[Path]) -> None:
    with Fleet([DeviceSpec("r", f"recording:{recordings[0]}")], freeze=True) as fleet:
        device = fleet["r"]
        client = Client(device)
        before = client.data("/status")
        telnet = "/config/network/interfaces/vif0/services/telnet"
        assert client.put(telnet, {"telnet": False}).status_code == 200
        after = client.data("/status")
        assert after["services"]["network"]["telnet"] == {"running": False}
        del before["services"], after["services"], before["notification"], after["notification"]
        assert after == before
        client.close()


@pytest.mark.parametrize(
    ("version", "profile"),
    [
        ("fw_7.10.008", "m600-7.10"),
        ("fw_7.12.001", "m600-7.10"),
        ("fw_7.08.025", "m400-7.08"),
        ("fw_7.06.014-light", "m300-7.06"),
        ("fw_6.24.001", "m300-7.06"),
    ],
)
def test_the_nearest_profile(version: str, profile: str) -> None:
    assert nearest_profile(version) == profile
    assert load_profile(profile).name == profile


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"system-information": {}, "data": {"object-id": "system"}}',
        '{"system-information": {}, "data": {"object-id": "status"}}',
    ],
)
def test_what_is_no_recording(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadRecordingError, match=r"bad\.json"):
        load_recording(file)
    with pytest.raises(BadRecordingError, match="absent"):
        load_recording(tmp_path / "absent.json")
