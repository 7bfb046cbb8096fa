# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: complete, healthy, of their generation, and honest about what is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import check_envelope, check_status
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES, load_profile
from ansible_collections.meinberg.lantime.tests.simulator.profiles.modules import FAMILY, IMS_FAMILIES
from ansible_collections.meinberg.lantime.tests.simulator.settings_table import SETTINGS
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients


@pytest.fixture(scope="module")
def every() -> Iterator[Fleet]:
    specs = [DeviceSpec(name.replace(".", "-"), name) for name in PROFILE_NAMES]
    with Fleet(specs) as fleet:
        yield fleet


@pytest.fixture(params=PROFILE_NAMES)
def device(request: pytest.FixtureRequest, every: Fleet) -> DeviceHandle:
    return every[request.param.replace(".", "-")]


@pytest.fixture
def client(device: DeviceHandle, clients: Clients) -> Client:
    return clients.of(device, "info")


def nodes(value: Any, path: str) -> Iterator[str]:
    """Every URL below a node."""
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            if name != "object-id":
                yield from nodes(item, f"{path}/{name}")
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from nodes(item, f"{path}/{item['object-id']}")


def test_answers_keep_to_the_tables(client: Client) -> None:
    answer = client.get("/status").json()
    assert check_envelope(answer) == []
    assert check_status(answer["data"]) == []


def test_the_check_finds_what_is_wrong(client: Client) -> None:
    status = client.data("/status")
    status["system"]["uptime"] = "long"
    status["system"]["unheard-of"] = 1
    status["network"]["ports"][0]["link"] = 1
    status["notification"]["events"].append(status["notification"]["events"][0])
    assert len(check_status(status)) == 4
    assert check_envelope({"system-information": {}}) != []


def test_areas_and_menus_have_a_url(client: Client) -> None:
    for area in ("/status", "/config"):
        paths = list(nodes(client.data(area), area))
        assert len(paths) > 300
        for path in paths[:: max(1, len(paths) // 40)]:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert check_envelope(answer.json()) == [], path


def test_a_healthy_device(client: Client) -> None:
    status = client.data("/status")
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "synchronized"
    (system,) = (item for item in status["ntp"] if item["object-id"] == "sys")
    assert system["stratum"] == 1
    for event in status["notification"]["events"]:
        if event["type"] in ("warning", "error", "critical") and "certificate" not in str(event["object-id"]):
            assert event["triggered"] == 0, event
    firmware = status["system"]["firmware"]
    assert firmware["running"] == firmware["selected"] == client.device.firmware
    assert all(mount["used-percent"] < 90 for mount in status["system"]["storage"])


def test_the_configuration_has_every_setting(client: Client) -> None:
    shown = client.data("/config")
    names = {row[0] for row in SETTINGS if "/*/" not in row[0]}
    for path in names:
        node = shown
        for name in path.split("/"):
            node = node[name]
    assert {event["object-id"] for event in shown["notification"]["events"]} == {
        event["object-id"] for event in client.data("/status/notification/events")["events"]
    }
    normal = next(event for event in shown["notification"]["events"] if event["object-id"] == "normal-operation")
    assert not {"led", "relay"} & set(normal)
    assert {user["object-id"]: user["level"] for user in shown["security"]["users"]} == {
        "admin": "admin",
        "info": "info",
        "root": "super",
    }


def test_every_family_of_modules_is_somewhere(every: Fleet) -> None:
    fitted = set()
    for device in every:
        for slot in device.status()["chassis0"]["slots"]:
            model = slot.get("module", {}).get("info", {}).get("model", "")
            fitted.add(FAMILY.get(model, ""))
    assert set(IMS_FAMILIES) <= fitted


def test_modular_chassis(every: Fleet) -> None:
    status = every["m3000-7-10"].status()
    slots = {slot["object-id"]: slot for slot in status["chassis0"]["slots"]}
    assert [slots[f"pwr{n}"]["module"]["power-available"] for n in (1, 2, 3, 4)] == [True] * 4
    assert "module" not in slots["io14"]
    assert len(status["syncmon"]["nodes"]) == 3
    instances = slots["io1"]["module"]["ptp"]["instances"]
    assert [item["port-state"] for item in instances] == ["master", "master"]
    configured = every["m3000-7-10"].running()["chassis0"]["slots"]
    assert [slot["object-id"] for slot in configured] == list(slots)
    without = [slot["object-id"] for slot in configured if "module" not in slot]
    assert without == ["pwr1", "pwr2", "pwr3", "pwr4", "cpu", "io8", "io14"]


def test_bays_of_the_public_device_type_library(every: Fleet) -> None:
    slots = every["m1000-7-06"].status()["chassis0"]["slots"]
    bays = ["io1", "cpu", "io2", "clk1", "esi1", "mri1", "pwr1", "pwr2"]
    assert [slot["object-id"] for slot in slots] == bays


def test_modular_generations(every: Fleet) -> None:
    modular = {d.profile: d for d in every if d.profile.startswith(("m1000", "m2000s", "m3000", "m4000"))}
    assert {int(device.api.split(".")[0]) for device in modular.values()} == {8, 10, 16, 20}
    levels = {name: len(device.running()["chassis0"]["slots"][0]) for name, device in modular.items()}
    assert set(levels.values()) <= {2, 3}
    assert "priority9" in str(every["m1000-7-06"].running()["chassis0"])
    assert "priority4" not in str(every["m2000s-7-04"].running()["chassis0"])
    assert every["m1000-7-06"].firmware.startswith("fw_7.06")


def test_forms_of_7_06(every: Fleet) -> None:
    status = every["m300-7-06"].status()
    events = {event["object-id"] for event in status["notification"]["events"]}
    assert {"leap-second-announced", "faillock:-user-banned"} <= events
    assert not events & {"leapsecond-announced", "auto-update-avail", "oscillator-adjusted"}
    assert [entry["leap"] for entry in status["ntp"]] == ["0", "0"]
    assert status["ntp"][1]["reach"] == 0
    assert "poll-status" not in status["ntp"][1]
    assert status["system"]["front-leds"]["led-alarm"]["current-color"] == "blue"
    assert status["syncteam"]["leapsecond-state"] == "no-leap-second"
    assert status["chassis-xhe"][0]["xhe-info"]["xhe-id"] == ""
    assert "statistics" not in status["network"]["ports"][0]
    assert "cluster" not in status["network"]["interfaces"][0]
    clock = next(s for s in status["chassis0"]["slots"] if s["object-id"] == "clk1")["module"]
    assert len(clock["info"]["serial-number"]) == 16
    assert clock["info"]["serial-number"].endswith(" ")
    assert clock["dcf77"]["type"] == "pzf"
    assert clock["supported-string-types"] == []
    assert "mbgdevman" in status["services"]["network"]


def test_forms_of_7_10(every: Fleet) -> None:
    status = every["m600-7-10"].status()
    assert [entry["leap"] for entry in status["ntp"]] == [0, 0]
    assert status["ntp"][1]["reach"] == 255
    unfitted = status["network"]["ports"][3]
    assert (unfitted["port-available"], unfitted["slot-id"]) == (False, -1)
    assert unfitted["mac-address"] == "00:00:00:00:00:00"
    assert status["system"]["last-config-change"] == status["system"]["uptime"]


def test_what_is_assumed_is_said(every: Fleet) -> None:
    for device in every:
        assert len(device.assumptions) >= 3
    paths = {path for path, dummy in every["m3000-7-10"].assumptions}
    assert {f"chassis0/slots/io{number}/module" for number in range(1, 14)} <= paths
    assert any("every member" in remark for dummy, remark in every["m400-7-08"].assumptions)


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"m600-7\.10"):
        load_profile("m1-1.00")


def test_the_clock_moves_and_the_frozen_one_does_not() -> None:
    for freeze in (False, True):
        with Fleet([DeviceSpec("ts", "m600-7.10")], freeze=freeze) as fleet:
            first, second = fleet["ts"].status(), fleet["ts"].status()
            if freeze:
                assert first == second
            else:
                while first["system"]["uptime"] == second["system"]["uptime"]:
                    second = fleet["ts"].status()
                assert first["system"]["current-time"] != second["system"]["current-time"]
