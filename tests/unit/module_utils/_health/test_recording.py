# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health of recorded devices, evaluated by hand, where recordings are at hand (LANTIME_RECORDINGS names their directory)."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._health import evaluate
from ansible_collections.meinberg.lantime.plugins.module_utils._health.limits import PROFILES
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import checks_of

M600 = [path for path in RECORDINGS if path.name == "m600-7.10.008.json"]

# Read off the recording by hand: a clock on GPS with 9 of 14 satellites, one power supply of two bays, one port in use of four,
# no failed login, 36 hours up, changed and given a certificate twelve minutes ago, which is self-signed and has expired.
BY_HAND = {
    "ok": """
        time_synchronized estimated_quality holdover oscillator_warmed_up oscillator_adjusted antenna satellites receiver
        reference_clock_responding reference_clock_synchronized leap_second_announced leap_agreement leap_file_expiry ntp_service
        ntp_synchronized ntp_stratum ntp_offset ntp_reachability ntp_falseticker power_supplies temperature certificate_expiring
        users_banned storage memory cpu_load system_resources firmware_selected firmware_floor firmware_update pending_changes
        recent_reboot status_age api_supported alarm_led notification_events receiver_mode
    """,
    "skipped": """
        external_holdover position tai_offset ntp_authentication ptp_ports cluster syncteam syncmon fans modules module_identity
        reference_sources redundant_clocks long_wave time_code sync_e module_inputs module_outputs module_oscillators mains relays clock_switch
        simulation_mode module_settings ptp_grandmaster
    """,
    "info": "network_ports services_legacy configuration_changed",
    "warning": "certificate_self_signed",
    "critical": "certificate_expired",
}
EXPECTED = {name: state for state, names in BY_HAND.items() for name in names.split()}
VALUES = {
    "time_synchronized": ("synchronized", None, "clk1-gps"),
    "estimated_quality": (100, 100_000, None),
    "satellites": (9, 6, "clk1"),
    "leap_file_expiry": (319, 30, None),
    "ntp_stratum": (1, 1, None),
    "ntp_offset": (0, 1_000_000, "ref_1"),
    "power_supplies": (1, None, None),
    "temperature": (49, 65, "cpu"),
    "services_legacy": (1, 0, "http"),
    "storage": (81, 90, "/mnt/flash"),
    "memory": (70.8, 10, None),
    "cpu_load": (0.66, 4, None),
    "firmware_floor": ("7.10.008", "7.00.004", None),
    "configuration_changed": (722, 86_400, None),
    "recent_reboot": (130_988.25, 3600, None),
    "status_age": (1, 60, None),
}
SINCE = {
    "certificate_expired": "2026-02-11T21:53:08Z",
    "certificate_self_signed": "2026-02-10T09:44:57Z",
    "network_ports": "2026-02-10T09:43:48Z",
    "configuration_changed": "2026-02-11T21:53:05Z",
}


def read(path: Path) -> dict[str, t.Any]:
    result: dict[str, t.Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_each_check_agrees_with_the_manual_evaluation(path: Path) -> None:
    checks = checks_of(read(path))
    assert {name: check["state"] for name, check in checks.items()} == EXPECTED
    for name, result in VALUES.items():
        check = checks[name]
        assert (check["value"], check["limit"], check["subject"]) == result, name
    assert {name: c["since"] for name, c in checks.items() if c["since"]} == SINCE
    worst = evaluate.select_alarms(list(checks.values()), "error")
    assert [check["name"] for check in worst] == ["certificate_expired"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("path", M600, ids=name_of)
def test_it_is_good_enough_for_every_use_but_for_its_certificate(path: Path, profile: str) -> None:
    expected = {"ports": ["lan0"], "power_supplies": 1, "receivers": ["clk1"], "tai_offset": 37}
    checks = checks_of(read(path), profile=profile, skip=["certificate_expired"], expected=expected)
    result = {name for name, c in checks.items() if c["state"] in ("warning", "error", "critical")}
    assert result == {"certificate_self_signed"}


@pytest.mark.parametrize("path", M600, ids=name_of)
def test_missing_expected_parts_are_findings(path: Path) -> None:
    expected = {"ports": ["lan0", "lan1"], "power_supplies": 2, "receivers": ["clk2"]}
    checks = checks_of(read(path), expected=expected)
    assert checks["network_ports"]["subject"] == "lan1"
    assert checks["power_supplies"]["state"] == "critical"
    assert checks["receiver"]["state"] == "error"
