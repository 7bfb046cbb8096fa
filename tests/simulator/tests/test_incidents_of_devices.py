# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of the device around its clocks: LEDs, ports, users, firmware, modules, a stale status."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.incidents import IncidentError
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import (
    events,
    led,
    module,
    slots,
    triggered,
)
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client


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
