# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: every kind on every profile, consistent over the whole tree, and cleared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import check_status
from ansible_collections.meinberg.lantime.tests.simulator.incidents import KINDS, IncidentError
from ansible_collections.meinberg.lantime.tests.simulator.incidents.drift import (
    DAY_ERROR,
    accuracy,
    bound,
    drift,
    quality,
)
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import (
    contradictions,
    events,
    led,
    module,
    slots,
    system_peer,
    triggered,
)
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client

# Kinds that a device cannot have, and a word of the reason.
IMPOSSIBLE = {
    "m300-7.06": {
        "gnss-jamming": "no GNSS clock",
        "gnss-spoofing": "no GNSS clock",
        "reference-switch": "second reference",
        "psu-loss": "no power",
        "fan-failure": "no fan",
        "module-loss": "no plug-in",
        "link-down": "lan0",
        "module-exchange": "no plug-in",
        "module-move": "no plug-in",
        "module-added": "no empty slot",
        "syncmon-alert": "SyncMon",
        "ptp-fault": "PTP",
    },
    "m400-7.08": {
        "reference-switch": "second reference",
        "psu-loss": "no power",
        "fan-failure": "no fan",
        "module-loss": "no plug-in",
        "module-fault": "no module",
        "module-exchange": "no plug-in",
        "module-move": "no plug-in",
        "module-added": "no empty slot",
        "syncmon-alert": "SyncMon",
        "ptp-fault": "PTP",
    },
    "m600-7.10": {
        "reference-switch": "second reference",
        "psu-loss": "no power",
        "fan-failure": "no fan",
        "module-loss": "no plug-in",
        "module-fault": "no module",
        "module-exchange": "no plug-in",
        "module-move": "no plug-in",
        "module-added": "no empty slot",
        "syncmon-alert": "SyncMon",
        "ptp-fault": "PTP",
    },
    "m1000-7.10": {
        "fan-failure": "no fan",
        "reference-switch": "second reference",
        "syncmon-alert": "SyncMon",
        "ptp-fault": "PTP",
    },
    "m2000s-7.10": {
        "fan-failure": "no fan",
        "reference-switch": "second reference",
        "syncmon-alert": "SyncMon",
        "ptp-fault": "PTP",
    },
    "m3000-7.10": {"fan-failure": "no fan"},
    "m4000-7.10": {"reference-switch": "second reference"},
    "m1000-7.06": {"fan-failure": "no fan", "module-move": "no empty slot", "module-added": "no empty slot"},
    "m3000-7.08": {"fan-failure": "no fan"},
    "m2000s-7.04": {
        "fan-failure": "no fan",
        "reference-switch": "second reference",
        "syncmon-alert": "SyncMon",
        "ptp-fault": "PTP",
    },
}


@pytest.fixture(scope="module")
def still() -> Iterator[Fleet]:
    """Frozen devices: only `advance` moves them."""
    specs = [DeviceSpec(name, name, autosave=False) for name in PROFILE_NAMES]
    with Fleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture(params=PROFILE_NAMES)
def device(request: pytest.FixtureRequest, still: Fleet) -> DeviceHandle:
    still[request.param].restore()
    return still[request.param]


@pytest.fixture
def m3000(still: Fleet) -> DeviceHandle:
    still["m3000-7.10"].restore()
    return still["m3000-7.10"]


@pytest.fixture
def m600(still: Fleet) -> DeviceHandle:
    still["m600-7.10"].restore()
    return still["m600-7.10"]


def without_memory(status: dict[str, Any]) -> dict[str, Any]:
    """A status tree less what an incident that is over leaves behind."""
    for item in status["notification"]["events"]:
        del item["last-triggered"]
        if item["object-id"].endswith(("-ok", "normal-operation")):
            del item["triggered"]
    for item in status["system"]["front-leds"].values():
        for name in [name for name in item if name.startswith("last-")]:
            del item[name]
    for name in ("uptime", "last-config-change"):
        del status["system"][name]
    return status


def test_every_kind_is_consistent_and_can_be_cleared(device: DeviceHandle) -> None:
    impossible = IMPOSSIBLE[device.profile]
    for kind in KINDS:
        device.restore()
        assert contradictions(device.status()) == []
        if kind in impossible:
            with pytest.raises(IncidentError, match=impossible[kind]):
                device.raise_incident(kind)
            assert device.incidents == []
            continue
        # Otherwise a lock-out ends by itself before it is cleared.
        raised = device.raise_incident(kind, lasts=1000 if kind == "faillock" else 0)
        assert (raised["kind"], raised["active"]) == (kind, True)
        for seconds in (0, 1, 59, 200, 240):
            device.advance(seconds)
            status = device.status()
            assert contradictions(status) == [], (kind, seconds)
        assert check_status(status) == [], kind
        assert device.clear_incidents(kind) == 1
        assert device.incidents == []
        after = device.status()
        assert contradictions(after) == [], kind
        device.restore()
        device.advance(500)
        assert without_memory(after) == without_memory(device.status()), kind
        assert len(device.ledger) == 0


def test_every_kind_shows(m3000: DeviceHandle, still: Fleet) -> None:
    for kind in KINDS:
        place = still["m4000-7.10"] if kind == "fan-failure" else m3000
        place.restore()
        place.advance(100)
        before = place.status()
        place.restore()
        place.raise_incident(kind)
        place.advance(100)
        shown = place.status()
        if kind != "faillock":
            assert without_memory(shown) != without_memory(before), kind
        else:
            assert events(shown)["faillock-user-banned"] != events(before)["faillock-user-banned"]


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


def test_incidents_add_up(m600: DeviceHandle) -> None:
    m600.raise_incident("antenna-fault", fault="short-circuit")
    m600.advance(10)
    m600.raise_incident("holdover")
    m600.clear_incidents("antenna-fault")
    status = m600.status()
    assert status["system"]["sync-status"]["clock-status"]["clock"] == "holdover"
    assert "antenna-short-circuit" not in triggered(status)
    assert module(status, "clk1")["grc"]["antenna"] == {"connected": True, "short-circuit": False}
    m600.clear_incidents("holdover")
    assert m600.status()["system"]["sync-status"]["clock-status"]["clock"] == "synchronized"


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


def test_alarm_led_follows_the_rules(m600: DeviceHandle) -> None:
    m600.raise_incident("certificate-expired")
    assert led(m600.status(), "alarm")[0] == "none"
    m600.change("notification/events/https-certificate-expired/led", True)
    assert led(m600.status(), "alarm") == ("red", "none")
    m600.advance(10)
    assert "https-certificate-expired" in triggered(m600.status())
    m600.clear_incidents()
    assert led(m600.status(), "alarm") == ("none", "red")


def test_the_network_led_follows_the_ports(m600: DeviceHandle) -> None:
    m600.raise_incident("link-down")
    status = m600.status()
    down = next(port for port in status["network"]["ports"] if port["object-id"] == "lan1")
    assert (down["link"], down["speed"], down["duplex"]) == (False, "-", "-")
    assert led(status, "network")[0] == "red"
    before = down["statistics"]
    m600.advance(1000)
    ports = m600.status()["network"]["ports"]
    assert ports[1]["statistics"] == before
    assert ports[0]["statistics"]["rx-packets"] > status["network"]["ports"][0]["statistics"]["rx-packets"]
    m600.change("network/ports/lan1/indicate-link", False)
    assert led(m600.status(), "network") == ("green", "red")


def test_a_locked_user(m600: DeviceHandle) -> None:
    client = Client(m600, "info")
    m600.raise_incident("faillock", user="info", lasts=600)
    assert client.get("/status").status_code == 401
    m600.advance(601)
    assert client.get("/status").status_code == 200
    m600.raise_incident("faillock", user="info")
    snapshot = m600.snapshot()
    assert client.get("/status").status_code == 401
    m600.clear_incidents()
    assert client.get("/status").status_code == 200
    m600.restore(snapshot)
    assert client.get("/status").status_code == 401
    m600.restore()
    assert client.get("/status").status_code == 200
    client.close()
    m600.clear_ledger()


def test_a_status_that_is_not_updated(m600: DeviceHandle) -> None:
    client = Client(m600, "info")
    m600.raise_incident("stale-status")
    first = client.get("/status").json()
    m600.raise_incident("antenna-fault")
    m600.advance(300)
    second = client.get("/status").json()
    assert second["data"] == first["data"]
    assert second["system-information"]["time-stamp"] != first["system-information"]["time-stamp"]
    m600.clear_incidents("stale-status")
    assert "antenna-faulty" in triggered(client.get("/status").json()["data"])
    client.close()
    m600.clear_ledger()


def test_targets(m3000: DeviceHandle) -> None:
    m3000.raise_incident("psu-loss", slot="pwr1, pwr3")
    status = m3000.status()
    powered = [module(status, f"pwr{n}")["power-available"] for n in (1, 2, 3, 4)]
    assert powered == [False, True, False, True]
    assert led(status, "alarm")[0] == "red"
    m3000.raise_incident("ptp-fault", slot="io1", instance="ptp2")
    instances = module(m3000.status(), "io1")["ptp"]["instances"]
    assert [item["port-state"] for item in instances] == ["master", "faulty"]
    m3000.raise_incident("syncmon-alert", node="node2", fault="unreachable")
    nodes = {item["object-id"]: item for item in m3000.status()["syncmon"]["nodes"]}
    assert [nodes[f"node{n}"]["state"] for n in (1, 2, 3)] == [
        "reachable",
        "unreachable",
        "reachable",
    ]
    m3000.raise_incident("module-loss", slot="io12")
    assert "module" not in slots(m3000.status())["io12"]
    assert "module" in slots(m3000.status())["io13"]


@pytest.mark.parametrize(
    ("kind", "members", "word"),
    [
        ("flood", {}, "unknown incident 'flood'; known: holdover"),
        ("holdover", {"slots": "clk1"}, "unknown member 'slots'"),
        ("holdover", {"slot": "clk7"}, "there are clk1, clk2"),
        ("holdover", {"slot": 1}, "slot cannot be 1"),
        ("holdover", {"after": -1}, "negative"),
        ("holdover", {"after": "soon"}, "after cannot be 'soon'"),
        ("holdover", {"lasts": math.inf}, "lasts cannot be"),
        ("holdover", {"lasts": True}, "lasts cannot be True"),
        ("antenna-fault", {"fault": "wet"}, "disconnected, short-circuit"),
        ("cold-start", {"seconds": 0}, "more than 0"),
        ("psu-loss", {"slot": "pwr1,pwr2,pwr3,pwr4"}, "no power"),
        ("link-down", {"port": "lan0"}, "answers no request"),
        ("link-down", {"port": "lan3"}, "no port with a link 'lan3'"),
        ("leap-announcement", {"date": "tomorrow"}, "YYYY-MM-DD"),
        ("leap-announcement", {"date": "2016-12-31"}, "is over"),
        ("leap-announcement", {"leap": "twice"}, "insert, delete"),
        ("ptp-fault", {"instance": "ptp9"}, "there are ptp1, ptp2"),
        ("faillock", {"user": "nobody"}, "no user 'nobody'"),
    ],
)
def test_refused(m3000: DeviceHandle, kind: str, members: dict[str, Any], word: str) -> None:
    before = m3000.status()
    with pytest.raises(IncidentError, match=word):
        m3000.raise_incident(kind, **members)
    assert m3000.incidents == []
    assert m3000.status() == before


def test_a_tcr_clock_has_no_antenna(still: Fleet) -> None:
    with pytest.raises(IncidentError, match="no clock with an antenna 'clk2'"):
        still["m1000-7.10"].raise_incident("antenna-fault", slot="clk2")
    with pytest.raises(IncidentError, match="no GNSS antenna"):
        still["m300-7.06"].raise_incident("antenna-fault", fault="short-circuit")


def test_a_kind_is_raised_once(m600: DeviceHandle) -> None:
    m600.raise_incident("holdover", after=1000)
    with pytest.raises(IncidentError, match="already raised"):
        m600.raise_incident("holdover")
    assert m600.incidents[0]["active"] is False
    assert m600.clear_incidents() == 1
    assert triggered(m600.status()) & {"ntp-not-sync", "refclock-1-not-sync"} == set()
    m600.raise_incident("holdover")
    assert m600.incidents[0]["active"] is True


def test_incidents_survive_changes_reboots_and_snapshots(m600: DeviceHandle) -> None:
    m600.raise_incident("antenna-fault")
    m600.advance(60)
    snapshot, shown = m600.snapshot(), m600.status()
    m600.reboot()
    m600.change("snmp/location", "elsewhere")
    status = m600.status()
    assert status["system"]["sync-status"]["holdover-status"]["time-elapsed"] == 60
    assert "antenna-faulty" in triggered(status)
    m600.restore()
    assert (m600.incidents, triggered(m600.status()) & {"antenna-faulty"}) == ([], set())
    m600.restore(snapshot)
    assert m600.status() == shown


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


def seconds_between(status: dict[str, Any], first: str, second: str) -> float:
    times = [datetime.fromisoformat(events(status)[name]["last-triggered"]) for name in (first, second)]
    return (times[1] - times[0]).total_seconds()


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


def test_a_refused_update_has_no_dates(device: DeviceHandle) -> None:
    before = events(device.status())
    device.raise_incident("update-failed")
    device.advance(60)
    update = device.status()["system"]["firmware"]["update"]
    assert update["last-update-successful"] is False
    assert (update["last-update-started"], update["last-update-ended"]) == ("never", "never")
    assert update["last-update-error"] not in ("none", "")
    assert events(device.status()) == before
    device.restore()
    device.raise_incident("update-failed", cause="damaged")
    device.advance(60)
    status = device.status()
    update = status["system"]["firmware"]["update"]
    seconds = datetime.fromisoformat(status["system"]["current-time"][:19]) - datetime.fromisoformat(
        update["last-update-started"]
    )
    assert seconds == timedelta(seconds=54)
    if "auto-update-failed" in before:
        assert "auto-update-failed" in triggered(status)
    device.restore()
    with pytest.raises(IncidentError, match="refused, damaged"):
        device.raise_incident("update-failed", cause="lost")


def levels(status: dict[str, Any]) -> dict[str, tuple[bool, bool]]:
    """Whether the first clock follows each of its references, and whether that has no signal."""
    listed = module(status, "clk1")["mrs"]
    return {level["object-id"]: (level["status"]["is-master"], level["status"]["no-signal"]) for level in listed}


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


def test_modules_that_are_exchanged_moved_and_added(m3000: DeviceHandle) -> None:
    before = m3000.status()
    m3000.raise_incident("module-exchange", slot="io6")
    m3000.raise_incident("module-move", slot="io13", to="io14")
    status = m3000.status()
    old, new = (module(tree, "io6")["info"] for tree in (before, status))
    assert (old["model"], old["serial-number"] != new["serial-number"]) == (new["model"], True)
    assert new["software-revision"] == "v1.02"
    assert "module" not in slots(status)["io13"]
    assert module(status, "io14")["info"] == module(before, "io13")["info"]
    m3000.restore()
    m3000.raise_incident("module-exchange", slot="io6", model="fdm182")
    m3000.raise_incident("module-added", model="bpe8nnn")
    status = m3000.status()
    assert module(status, "io6")["fdm"]["frequency"] == 50.003
    assert module(status, "io14")["info"]["model"] == "bpe8nnn"
    with pytest.raises(IncidentError, match=r"no empty slot .io1."):
        m3000.raise_incident("module-move", slot="io1", to="io1")
