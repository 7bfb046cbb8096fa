# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents of the simulator as lantime_health tells them, and that all is well again when they are over."""

from __future__ import annotations

import typing as t

import pytest
import requests

from ansible_collections.meinberg.lantime.plugins.module_utils._health import evaluate, policy
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller

ALARMS = ("warning", "error", "critical")
LOST = {
    "time_synchronized",
    "holdover",
    "satellites",
    "receiver",
    "reference_clock_synchronized",
    "ntp_synchronized",
    "ntp_stratum",
    "ntp_reachability",
}

# An hour into the incident on a modular chassis with two clocks: exactly these checks alarm.
EXPECTED: dict[str, set[str]] = {
    "holdover": LOST,
    "antenna-fault": {
        "antenna",
        "satellites",
        "receiver",
        "reference_clock_synchronized",
        "alarm_led",
    },
    "gnss-jamming": LOST,
    "refclock-failure": {
        "satellites",
        "receiver",
        "reference_clock_responding",
        "reference_clock_synchronized",
    },
    "psu-loss": {"power_supplies", "alarm_led"},
    "overheating": {"temperature", "alarm_led"},
    "certificate-expiring": {"certificate_expiring"},
    "certificate-expired": {"certificate_expired"},
    "syncmon-alert": {"syncmon"},
    "ntp-loss": {"ntp_synchronized", "ntp_stratum", "ntp_reachability"},
    "ntp-stopped": {"ntp_service", "ntp_synchronized", "ntp_stratum"},
    "ntp-offset": {"ntp_offset"},
    "ptp-fault": {"ptp_ports"},
    "low-resources": {"storage", "memory", "system_resources"},
    "update-failed": {"firmware_update"},
    "stale-status": {"status_age"},
    # What no alarm is by itself.
    "leap-announcement": set(),
    "faillock": set(),
}


def health_of(device: t.Any) -> dict[str, str]:
    """Checks with an alarm, from one GET of the status."""
    answer = requests.get(
        f"{device.url}/api/status",
        auth=("info", device.users["info"]),
        verify=str(device.ca),
        timeout=10,
    )
    checks = evaluate.evaluate(answer.json(), policy.make_policy("it"))
    return {c["name"]: c["state"] for c in checks if c["state"] in ALARMS}


@pytest.mark.parametrize("kind", EXPECTED)
def test_an_incident_alarms_and_its_end_silences(fleet: t.Any, kind: str) -> None:
    device = fleet["ims"]
    healthy = health_of(device)
    assert set(healthy) == {"certificate_self_signed"}
    device.raise_incident(kind)
    device.advance(3600)
    assert set(health_of(device)) - set(healthy) == EXPECTED[kind]
    device.clear_incidents(kind)
    device.advance(60)
    assert health_of(device) == healthy


def test_a_playbook_fails_during_an_incident_only(fleet: t.Any, controller: Controller) -> None:
    device = fleet["ts710"]
    device.raise_incident("antenna-fault")
    device.advance(3600)
    check: dict[str, t.Any] = {"meinberg.lantime.lantime_health": {}}
    run = controller.play(check, "ts710")
    assert run.code == 2
    assert run.only["worst"] == "critical"
    assert "antenna" in run.only["msg"]
    device.clear_incidents()
    device.advance(60)
    assert controller.play(check, "ts710").only["healthy"] is True
