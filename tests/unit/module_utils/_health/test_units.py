# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit of every check and threshold, and messages of checks for which the device reports less."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._health.limits import CHECK_LIMITS
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import HEALTH_CHECKS
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import (
    GONE,
    before,
    change,
    checks_of,
    envelope,
    trigger,
)

UNITS = {
    "ns": ["estimated_quality", "ntp_offset", "redundant_clocks"],
    "s": [
        "holdover",
        "oscillator_warmed_up",
        "oscillator_adjusted",
        "tai_offset",
        "users_banned",
        "configuration_changed",
        "recent_reboot",
        "status_age",
    ],
    "m": ["position"],
    "d": ["leap_file_expiry"],
    "°C": ["temperature"],
    "%": ["storage", "memory"],
}
UNIT_OF = {name: unit for unit, names in UNITS.items() for name in names}
LIMIT_UNITS = {
    "s": [
        "sync_grace",
        "warm_up",
        "holdover_budget",
        "ban_window",
        "change_window",
        "reboot_window",
        "status_age_warning",
        "syncmon_age_warning",
    ],
    "ns": ["quality_warning", "quality_critical", "offset_warning", "offset_critical", "source_offset_warning"],
    "m": ["position_tolerance"],
    "d": ["leap_file_warning"],
    "°C": ["temperature_warning", "temperature_critical"],
    "%": [
        "storage_warning",
        "storage_error",
        "memory_free_warning",
        "correlation_warning",
        "correlation_error",
        "field_strength_warning",
    ],
}
UNIT_OF_LIMIT = {name: unit for unit, names in LIMIT_UNITS.items() for name in names}


@pytest.mark.parametrize("name", [check.name for check in HEALTH_CHECKS])
def test_each_check_has_its_unit(name: str) -> None:
    assert checks_of(envelope("m3000-7.10"))[name]["unit"] == UNIT_OF.get(name)


@pytest.mark.parametrize("limit", CHECK_LIMITS)
def test_each_threshold_has_its_unit(limit: object) -> None:
    assert limit.unit == UNIT_OF_LIMIT.get(limit.name)  # type: ignore[attr-defined]


def test_every_unit_is_that_of_a_check() -> None:
    assert set(UNIT_OF) <= {check.name for check in HEALTH_CHECKS}
    assert set(UNIT_OF_LIMIT) <= {limit.name for limit in CHECK_LIMITS}


@pytest.mark.parametrize(
    ("uptime", "state", "value"),
    [(60, "info", 60), (1799, "info", 1799), (1800, "warning", 1800), (GONE, "warning", None)],
)
def test_a_cold_oscillator_is_excused_by_a_known_uptime_only(uptime: object, state: str, value: int | None) -> None:
    tree = envelope()
    change(tree, "system/uptime", uptime)
    change(tree, "system/sync-status/clock-status/oscillator", "not-warmed-up")
    trigger(tree, "oscillator-not-adjusted", True, before(days=2), "warning")
    checks = checks_of(tree)
    for name in ("oscillator_warmed_up", "oscillator_adjusted"):
        assert (checks[name]["state"], checks[name]["value"], checks[name]["limit"]) == (state, value, 1800)


def test_without_an_uptime_the_restart_is_unknown() -> None:
    tree = envelope()
    change(tree, "system/uptime", GONE)
    assert checks_of(tree)["recent_reboot"]["state"] == "unknown"


@pytest.mark.parametrize(
    ("in_view", "message"),
    [
        (14, "The receiver in clk1 has 5 good satellites of 14 in view."),
        (GONE, "The receiver in clk1 has 5 good satellites."),
    ],
)
def test_satellites_in_view_are_named_if_they_are_known(in_view: object, message: str) -> None:
    tree = envelope()
    satellites = "chassis0/slots/clk1/module/satellites"
    change(tree, f"{satellites}/good-satellites", 5)
    change(tree, f"{satellites}/satellites-in-view", in_view)
    assert checks_of(tree)["satellites"]["message"] == message
