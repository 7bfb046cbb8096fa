# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of clocks, and what NTP and the events make of them in time."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.incidents.drift import (
    DAY_ERROR,
    accuracy,
    bound,
    drift,
    quality,
)
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import (
    contradictions,
    events,
    led,
    module,
    system_peer,
    triggered,
)


def seconds_between(status: dict[str, Any], first: str, second: str) -> float:
    times = [datetime.fromisoformat(events(status)[name]["last-triggered"]) for name in (first, second)]
    return (times[1] - times[0]).total_seconds()


def levels(status: dict[str, Any]) -> dict[str, tuple[bool, bool]]:
    """Whether the first clock follows each of its references, and whether that has no signal."""
    listed = module(status, "clk1")["mrs"]
    return {level["object-id"]: (level["status"]["is-master"], level["status"]["no-signal"]) for level in listed}


def test_drift() -> None:
    for oscillator in DAY_ERROR:
        errors = [drift(oscillator, hours * 3600.0) for hours in range(200)]
        assert errors == sorted(errors)
        assert math.isclose(drift(oscillator, 86400), DAY_ERROR[oscillator])
    assert DAY_ERROR["rubidium"] < DAY_ERROR["ocxo-hq"] < DAY_ERROR["tcxo"]
    assert quality(3e-7, "less-than-100ns") == ("less-than-1us", 4)
    assert quality(0.0, "less-than-10us") == ("less-than-10us", 5)
    assert quality(99.0, "less-than-100ns") == ("less-than-10s", 11)
    assert [accuracy(error) for error in (1e-9, 5e-8, 2e-6, 20.0)] == [32, 33, 36, 49]
    assert (bound("less-than-100ns"), bound("unknown")) == (1e-7, 0.0)


def test_holdover_gets_worse_with_time(device: DeviceHandle) -> None:
    device.raise_incident("holdover")
    seen: list[tuple[float, int, int]] = []
    for hours in (0, 1, 5, 18, 72):
        device.advance(hours * 3600)
        status = device.status()
        sync = status["system"]["sync-status"]
        held = sync["holdover-status"]
        assert sync["clock-status"]["clock"] == "holdover"
        seen.append((bound(sync["est-time-quality"]), held["time-offset"], held["time-elapsed"]))
        assert contradictions(status) == []
    assert [entry[2] for entry in seen] == [0, 3600, 21600, 86400, 345600]
    assert seen == sorted(seen)
    assert seen[-1][0] > seen[0][0]
    assert seen[-1][0] * 1e9 > seen[-1][1]
    assert led(device.status(), "ref-time") == ("red", "green")


def test_events_have_the_times_of_what_happened(m600: DeviceHandle) -> None:
    """Also if the tree is read much later."""
    m600.change("ntp/trust-time", 1800)
    start = m600.status()
    m600.raise_incident("holdover", after=100, lasts=3600)
    assert triggered(m600.status()) == triggered(start)
    m600.advance(7200)
    shown = events(m600.status())

    # A frozen device is six seconds ahead of the status that it shows.
    first = datetime.fromisoformat(start["system"]["current-time"][:19]) + timedelta(seconds=6)

    def seconds(name: str) -> float:
        return (datetime.fromisoformat(shown[name]["last-triggered"]) - first).total_seconds()

    assert [seconds(name) for name in ("refclock-1-not-sync", "ntp-not-sync")] == [100, 1900]
    assert [seconds(name) for name in ("refclock-1-sync", "ntp-sync")] == [3700, 3700]
    assert triggered(m600.status()) == triggered(start)
    assert m600.incidents == []


def test_the_second_clock_takes_over(m3000: DeviceHandle) -> None:
    m3000.raise_incident("holdover", slot="clk1")
    status = m3000.status()
    sync = status["system"]["sync-status"]
    assert (sync["reference"], sync["clock-idx"]) == ("clk2-gnm", 1)
    assert sync["clock-status"]["clock"] == "synchronized"
    assert module(status, "rsc1")["selected-clock"] == "clk2"
    assert system_peer(status)["stratum"] == 1
    relays = {item["object-id"]: item["state"] for item in module(status, "io11")["relays"]}
    assert relays == {"a": "error", "b": "no-error", "c": "no-error"}
    assert module(status, "io1")["ptp"]["instances"][0]["clock-class"] == 6
    now = triggered(status)
    assert {"refclock-1-not-sync", "refclock-2-sync", "ntp-sync"} <= now
    assert led(status, "ref-time") == ("green", "green")
    m3000.raise_incident("refclock-failure", slot="clk2")
    m3000.advance(60)
    status = m3000.status()
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "holdover"
    assert {"ntp-not-sync", "refclock-2-not-responding"} <= triggered(status)
    assert module(status, "io1")["ptp"]["instances"][0]["clock-class"] == 7
    assert contradictions(status) == []
    m3000.clear_incidents()
    assert contradictions(m3000.status()) == []


def test_a_clock_follows_its_next_reference_until_that_is_lost_too(m3000: DeviceHandle) -> None:
    assert levels(m3000.status()) == {"priority0": (True, False), "priority1": (False, False)}
    m3000.raise_incident("reference-switch")
    status = m3000.status()
    assert levels(status) == {"priority0": (False, True), "priority1": (True, False)}
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "synchronized"
    assert status["system"]["sync-status"]["ref-type"] == "pps-in"
    m3000.advance(60)
    m3000.raise_incident("module-loss", slot="mri1")
    status = m3000.status()
    assert levels(status) == {"priority0": (False, True), "priority1": (False, True)}
    clock = module(status, "clk1")["sync-status"]["clock-status"]["clock"]
    assert (clock, triggered(status) & {"refclock-1-not-sync"}) == ("holdover", {"refclock-1-not-sync"})
    assert contradictions(status) == []
    m3000.clear_incidents("module-loss")
    assert levels(m3000.status()) == {"priority0": (False, True), "priority1": (True, False)}


def test_a_cold_start(m600: DeviceHandle) -> None:
    m600.change("snmp/location", "not saved")
    m600.raise_incident("cold-start", seconds=600, after=60)
    m600.advance(360)
    status = m600.status()
    assert status["system"]["uptime"] == 300.0
    assert status["system"]["sync-status"]["clock-status"]["oscillator"] == "not-warmed-up"
    assert module(status, "clk1")["grc"]["receiver"]["cold-boot"] is True
    assert 0 < module(status, "clk1")["satellites"]["good-satellites"] < 9
    assert {"oscillator-not-adjusted", "ntp-not-sync"} <= triggered(status)
    assert m600.running()["snmp"]["location"] == "rack 1"
    m600.advance(300)
    status = m600.status()
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "synchronized"
    assert {"oscillator-adjusted", "ntp-sync", "refclock-1-sync"} <= triggered(status)
    assert m600.incidents == []
    m600.raise_incident("antenna-fault")
    m600.raise_incident("cold-start", seconds=60, after=10)
    m600.advance(100)
    status = m600.status()
    # A clock that was never synchronized since it has power has no holdover to offer.
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "not-synchronized"
    assert contradictions(status) == []


def test_a_leap_second(device: DeviceHandle) -> None:
    device.raise_incident("leap-announcement", leap="delete")
    status = device.status()
    sync = status["system"]["sync-status"]
    assert sync["leapsecond-announced"] is True
    assert sync["leapsecond-date"][5:] in ("06-30", "12-31")
    old = device.firmware < "fw_7.08"
    assert {item["leap"] for item in status["ntp"]} == ({"2"} if old else {2})
    name = "leap-second-announced" if old else "leapsecond-announced"
    assert name in triggered(status)
    (incident,) = device.incidents
    assert incident["end"].endswith("-01T00:00:00Z")
    device.advance(200 * 86400)
    status = device.status()
    assert status["system"]["sync-status"]["leapsecond-announced"] is False
    assert name not in triggered(status)


def test_ntp_follows_the_configuration(m600: DeviceHandle) -> None:
    m600.change("ntp/trust-time", 7200)
    m600.raise_incident("antenna-fault")
    m600.advance(3600)
    status = m600.status()
    assert system_peer(status)["stratum"] == 1
    assert led(status, "time-service") == ("green", "green")
    m600.change("ntp/local-clock/stratum", 14)
    m600.advance(3600)
    status = m600.status()
    assert (system_peer(status)["stratum"], system_peer(status)["refid"]) == (14, "LOCL")
    assert [item["object-id"] for item in status["ntp"]] == ["sys", "ref_1", "ref_2"]
    m600.change("ntp/local-clock/disabled", True)
    status = m600.status()
    assert (system_peer(status)["stratum"], system_peer(status)["leap"]) == (16, 3)
    assert contradictions(status) == []
    m600.change("ntp/trust-time", 86400)
    assert system_peer(m600.status())["stratum"] == 1
    assert [item["kind"] for item in m600.incidents] == ["antenna-fault"]


def test_the_reference_falls_out_of_reach(m600: DeviceHandle) -> None:
    m600.change("ntp/trust-time", 0)
    m600.raise_incident("holdover")
    reaches = []
    for dummy in range(10):
        reference = m600.status()["ntp"][1]
        reaches.append((reference["reach"], reference["status-peer-reach-ok"]))
        m600.advance(16)
    assert [reach for reach, dummy in reaches] == [255, 254, 252, 248, 240, 224, 192, 128, 0, 0]
    assert [reached for dummy, reached in reaches] == [True] * 8 + [False] * 2


@pytest.mark.parametrize("kind", ["holdover", "antenna-fault"])
def test_a_clock_lost_for_less_than_the_trust_time_is_no_event_of_ntp(device: DeviceHandle, kind: str) -> None:
    """As recorded of an M600: the clock was lost for 22 s, and NTP was lost the day before."""
    before = events(device.status())
    device.raise_incident(kind, lasts=22)
    device.advance(10)
    status = device.status()
    clock = module(status, "clk1")["sync-status"]["clock-status"]["clock"]
    assert (clock, system_peer(status)["stratum"]) == ("holdover", 1)
    assert contradictions(status) == []
    device.advance(3600)
    status = device.status()
    assert seconds_between(status, "refclock-1-not-sync", "refclock-1-sync") == 22
    for name in ("ntp-not-sync", "ntp-sync"):
        assert events(status)[name] == before[name]


def test_ntp_outlives_its_clock_by_the_trust_time(device: DeviceHandle) -> None:
    assert device.running()["ntp"]["trust-time"] > 22
    device.raise_incident("holdover")
    device.advance(3600)
    status = device.status()
    assert seconds_between(status, "refclock-1-not-sync", "ntp-not-sync") == device.running()["ntp"]["trust-time"]
    device.restore()
    device.change("ntp/trust-time", 1234)
    device.raise_incident("holdover")
    device.advance(3600)
    assert seconds_between(device.status(), "refclock-1-not-sync", "ntp-not-sync") == 1234


def test_ntp_falls_alone(device: DeviceHandle) -> None:
    """As recorded of an M300: NTP was lost while its clock had been synchronized for hours."""
    before = events(device.status())
    device.raise_incident("ntp-loss", after=100, lasts=1000)
    device.advance(500)
    status = device.status()
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "synchronized"
    assert led(status, "ref-time")[0] == "green"
    assert (led(status, "time-service")[0], system_peer(status)["stratum"]) == ("red", 12)
    assert "ntp-not-sync" in triggered(status)
    assert events(status)["refclock-1-sync"] == before["refclock-1-sync"]
    assert contradictions(status) == []
    device.advance(3600)
    status = device.status()
    assert seconds_between(status, "ntp-not-sync", "ntp-sync") == 1000
    assert events(status)["refclock-1-sync"] == before["refclock-1-sync"]


def test_ntp_and_its_clock_fall_at_times_of_their_own(m600: DeviceHandle) -> None:
    m600.raise_incident("holdover", after=100)
    m600.raise_incident("ntp-loss")
    m600.advance(3600)
    assert seconds_between(m600.status(), "ntp-not-sync", "refclock-1-not-sync") == 100
    m600.clear_incidents("ntp-loss")
    assert "ntp-not-sync" in triggered(m600.status())
    m600.clear_incidents()
    assert "ntp-sync" in triggered(m600.status())
