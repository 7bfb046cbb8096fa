# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents: every kind on every profile, consistent over the whole tree, and cleared."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import check_status
from ansible_collections.meinberg.lantime.tests.simulator.incidents import KINDS, IncidentError
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import (
    contradictions,
    events,
    led,
    module,
    slots,
    triggered,
    without_memory,
)

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
