# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moves, moves within physical bounds; what does not move stays; devices differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import check_status
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import contradictions, slots, system_peer
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client

HOURS = (0.01, 0.02, 0.3, 0.7, 1.1, 2.3, 5.9, 12.7, 24.1, 101.3, 1009.7)

# Leaves (last names of a path) that a device of any profile may move; nothing else moves.
MOVING = frozenset(
    {
        "uptime",
        "last-config-change",
        "current-time",
        "current-time-iso",
        "api-last-update",
        "cpuload",
        "memory",
        "used",
        "available",
        "used-percent",
        "rx-packets",
        "rx-bytes",
        "rx-dropped",
        "tx-packets",
        "tx-bytes",
        "multicast",
        "temperature-1",
        "good-satellites",
        "satellites-in-view",
        "position-x",
        "position-y",
        "position-z",
        "pdop",
        "tdop",
        "selected-satellites",
        "satellite-list",
        "correlation",
        "field-strength",
        "frequency",
        "frequency-deviation",
        "time-deviation",
        "unicast-clients",
        "offset",
        "clk-jitter",
        "dispersion",
        "rootdisp",
        "last-updated",
    }
)
# What only devices of some profiles have.
_GNSS = {
    "good-satellites",
    "satellites-in-view",
    "position-x",
    "position-y",
    "position-z",
    "pdop",
    "tdop",
    "selected-satellites",
}
_DCF77 = {"correlation", "field-strength"}
_MAINS = {"frequency", "frequency-deviation", "time-deviation"}
_STATISTICS = {"rx-packets", "rx-bytes", "rx-dropped", "tx-packets", "tx-bytes", "multicast"}
_NEWER = {"api-last-update", "last-config-change", "last-updated"}
_LACKING = {
    "m300-7.06": {
        *_GNSS,
        "satellite-list",
        *_MAINS,
        *_STATISTICS,
        *_NEWER,
        "unicast-clients",
    },
    "m400-7.08": {*_DCF77, *_MAINS, "satellite-list", "unicast-clients"},
    "m600-7.10": {*_DCF77, *_MAINS, "satellite-list", "unicast-clients"},
    "m1000-7.10": {*_DCF77, *_MAINS, "unicast-clients"},
    "m2000s-7.10": {*_MAINS, "unicast-clients", "satellite-list"},
    "m3000-7.10": _DCF77,
    "m4000-7.10": {*_DCF77, *_MAINS},
    "m1000-7.06": {*_DCF77, *_MAINS, *_STATISTICS, "api-last-update", "last-config-change"},
    "m3000-7.08": set(),
    "m2000s-7.04": {*_DCF77, *_MAINS, *_STATISTICS, "api-last-update", "last-config-change", "unicast-clients"},
}


@pytest.fixture(scope="module")
def still() -> Iterator[Fleet]:
    with Fleet([DeviceSpec(name, name) for name in PROFILE_NAMES], freeze=True) as fleet:
        yield fleet


@pytest.fixture(params=PROFILE_NAMES)
def device(request: pytest.FixtureRequest, still: Fleet) -> DeviceHandle:
    still[request.param].restore()
    return still[request.param]


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Scalars by path, and lists of scalars and the list of satellites as one."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list) and path[-1] != "satellite-list":
        if not value or not isinstance(value[0], dict):
            yield path, tuple(value)
        for item in value:
            if isinstance(item, dict):
                key = str(item.get("mountpoint", item["object-id"]))
                yield from leaves(item, (*path, key))
    else:
        yield path, str(value)


def names_that_differ(one: Any, other: Any) -> set[str]:
    first, second = dict(leaves(one)), dict(leaves(other))
    assert set(first) == set(second)
    return {path[-1] for path, value in first.items() if second[path] != value}


def test_what_is_volatile_moves_and_nothing_else(device: DeviceHandle) -> None:
    start = device.status()
    moved: set[str] = set()
    for hours in HOURS:
        device.advance(hours * 3600)
        moved |= names_that_differ(start, device.status())
    assert moved <= MOVING
    assert moved | _LACKING[device.profile] == MOVING


def test_hours_in_physical_bounds(device: DeviceHandle) -> None:
    previous = device.status()
    for dummy in range(72):
        device.advance(1201)
        status = device.status()
        bounds(status)
        growing(previous, status)
        assert contradictions(status) == []
        previous = status
    assert check_status(previous) == []
    device.advance(10 * 365 * 86400 - 72 * 1201)
    bounds(device.status())


def bounds(status: dict[str, Any]) -> None:
    """What a healthy device can measure."""
    system = status["system"]
    loads = [float(word) for word in system["cpuload"].split()[:3]]
    assert all(0 <= load < 1 for load in loads)
    found = re.fullmatch(r"(\d+) kB total memory, (\d+) kB free \((\d+) %\)", system["memory"])
    assert found
    total, free, share = map(int, found.groups())
    assert 0.5 * total < free < total
    assert share == round(100 * free / total)
    for mount in system["storage"]:
        assert mount["used"] + mount["available"] == mount["size"]
        assert 0 <= mount["used-percent"] < 80
        assert abs(mount["used"] * 100 / mount["size"] - mount["used-percent"]) <= 1
    for slot in status["chassis0"]["slots"]:
        for celsius in slot.get("module", {}).get("info", {}).get("sensors", {}).values():
            assert celsius == 0.0 or 35 < celsius < 60
        satellites = slot.get("module", {}).get("satellites")
        if satellites:
            assert 6 <= satellites["good-satellites"] <= satellites["satellites-in-view"] <= 40
            assert 0.5 < satellites["tdop"] < 2
            chosen = satellites["selected-satellites"]
            assert len(set(chosen)) == len(chosen) == 4
            assert all(re.fullmatch(r"gps([1-9]|[12]\d|3[0-2])", name) for name in chosen)
            radius = sum(satellites[f"position-{axis}"] ** 2 for axis in "xyz") ** 0.5
            assert 6.33e6 < radius < 6.39e6
        receiver = slot.get("module", {}).get("dcf77", {})
        assert all(60 < receiver.get(name, 80) <= 100 for name in ("correlation", "field-strength"))
        mains = slot.get("module", {}).get("fdm")
        if mains:
            assert 49.9 < mains["frequency"] < 50.1
            assert abs(mains["frequency"] - 50 - mains["frequency-deviation"]) < 1e-6
            assert abs(mains["time-deviation"]) < 1
        for instance in slot.get("module", {}).get("ptp", {}).get("instances", []):
            assert 0 <= instance["unicast-clients"] <= 2048
    peer = system_peer(status)
    assert 0 < peer["clk-jitter"] < 2e-5
    assert 0 <= peer["clk-wander"] < 1e-6
    assert 0 < peer["rootdisp"] < 1e-3
    assert all(abs(item.get("offset", 0.0)) < 1e-5 for item in status["ntp"])
    for node in status["syncmon"]["nodes"]:
        assert 0 < abs(node["offset"]) < node["offset-limit"]


def growing(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Times and counters only grow."""
    assert after["system"]["uptime"] - before["system"]["uptime"] == 1201
    times = [datetime.fromisoformat(status["system"]["current-time-iso"][:19]) for status in (before, after)]
    assert (times[1] - times[0]).total_seconds() == 1201
    for old, new in zip(before["network"]["ports"], after["network"]["ports"]):
        for name, count in old.get("statistics", {}).items():
            grown = new["statistics"][name] - count
            busy = name in ("rx-packets", "rx-bytes", "tx-packets", "tx-bytes") and old["link"]
            assert grown > 0 if busy else grown >= 0


def test_a_frozen_device_moves_by_nothing_but_advance(device: DeviceHandle) -> None:
    client = Client(device, "info")
    first = client.get("/status").json()
    assert client.get("/status").json() == first
    device.advance(0)
    assert client.get("/status").json() == first
    device.advance(3600)
    second = client.get("/status").json()
    assert second["data"] != first["data"]
    stamps = [datetime.fromisoformat(answer["system-information"]["time-stamp"]) for answer in (first, second)]
    assert (stamps[1] - stamps[0]).total_seconds() == 3600
    assert client.get("/status").json() == second
    device.restore()
    assert client.get("/status").json() == first
    client.close()


def test_the_same_name_moves_the_same_way() -> None:
    """A device shows the same values at the same moment in every fleet."""
    shown = []
    for dummy in range(2):
        with Fleet([DeviceSpec("ts1", "m3000-7.10")], freeze=True) as fleet:
            fleet["ts1"].advance(5000)
            shown.append(fleet["ts1"].status())
    differ = names_that_differ(*shown)
    # Fleets that are started at different times show different times.
    assert differ <= {
        "current-time",
        "current-time-iso",
        "api-last-update",
        "last-updated",
        "last-triggered",
        "last-position-update",
        "last-update-started",
        "last-update-ended",
        "expire",
    }


def test_two_devices_differ_where_devices_differ() -> None:
    with Fleet([DeviceSpec(n, "m3000-7.10") for n in ("ts1", "ts2")], freeze=True) as fleet:
        for device in fleet:
            device.advance(5000)
        one, two = fleet["ts1"].status(), fleet["ts2"].status()
        assert fleet["ts1"].serial != fleet["ts2"].serial
    differ = names_that_differ(one, two)
    assert {
        "serial-number",
        "mac-address",
        "perm-hwaddr",
        "uptime",
        "cpuload",
        "memory",
        "address",
        "rx-packets",
        "association-id",
        "temperature-1",
        "selected-satellites",
        "clock-identity",
        "clk-jitter",
        "offset",
    } <= differ
    assert not differ & {"model", "version", "object-id", "software-revision", "slot-type"}
    serials = [
        slot["module"]["info"]["serial-number"]
        for status in (one, two)
        for name, slot in slots(status).items()
        if "module" in slot and not name.startswith(("pwr", "cpu"))
    ]
    assert len(serials) == len(set(serials)) > 30


def test_a_moving_clock_can_be_advanced_too(box: DeviceHandle) -> None:
    before = box.status()["system"]["uptime"]
    box.advance(86400)
    after = box.status()["system"]["uptime"]
    assert 86399 < after - before < 86460
    box.reboot()
    box.advance(100)
    assert 100 <= box.status()["system"]["uptime"] < 160
    with pytest.raises(ValueError, match="seconds"):
        box.advance(-1)
    with pytest.raises(ValueError, match="seconds"):
        box.advance(float("nan"))


def test_time_that_is_skipped_counts_for_everything(box: DeviceHandle) -> None:
    client = Client(box, "admin")
    wrong = Client(box, "info")
    wrong.session.auth = ("info", "wrong")
    for dummy in range(5):
        assert wrong.get("/status/rest-api").status_code == 401
    right = Client(box, "info")
    assert right.get("/status/rest-api").status_code == 401
    box.advance(301)
    assert right.get("/status/rest-api").status_code == 200
    box.set_dialect(effect="delayed", effect_delay=30)
    client.put("/config/snmp/location", {"location": "later"})
    assert box.running()["snmp"]["location"] == "rack 1"
    box.advance(31)
    assert box.running()["snmp"]["location"] == "later"
    for made in (client, wrong, right):
        made.close()


def test_ntp_is_in_whole_microseconds(device: DeviceHandle) -> None:
    """As on record; the older firmware adds a rounding tail."""
    for dummy in range(20):
        device.advance(977)
        for entry in device.status()["ntp"]:
            for name in ("offset", "clk-jitter", "clk-wander", "dispersion", "rootdisp", "rootdelay", "delay"):
                assert abs(entry.get(name, 0.0) * 1e6 - round(entry.get(name, 0.0) * 1e6)) < 1e-6


def test_values_of_the_recorded_clocks(still: Fleet) -> None:
    """What the recorded grc180 and pzf511 clocks report."""
    for name in ("m600-7.10", "m2000s-7.10"):
        still[name].restore()
        status = still[name].status()
        clock = slots(status)["clk1"]["module"]
        assert clock["grc"]["ref-type"] == "10mhz-freqin"
        assert "gnss" not in clock["satellites"]
        assert status["system"]["sync-status"]["reference"] == "clk1-gps"
    still["m300-7.06"].restore()
    clock = slots(still["m300-7.06"].status())["clk1"]["module"]
    assert clock["sync-status"]["est-time-quality"] == "less-than-100ns"
    assert clock["dcf77"]["pcps"]["utc"] is False
    assert clock["mrs"][0]["info"]["settings"]["precision"] == 0.0
