# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All cases for health checks, by what a test expects of them."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health import (
    clock_cases,
    hardware_cases,
    module_cases,
    service_cases,
    setting_cases,
    system_cases,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import Case

_AREAS = (clock_cases, service_cases, hardware_cases, module_cases, setting_cases, system_cases)
FIRING: tuple[Case, ...] = tuple(case for area in _AREAS for case in area.FIRING)
SILENT: tuple[Case, ...] = (
    *(
        Case(name, "ok")
        for name in (
            "time_synchronized",
            "estimated_quality",
            "holdover",
            "oscillator_warmed_up",
            "oscillator_adjusted",
            "antenna",
            "satellites",
            "receiver",
            "reference_clock_responding",
            "reference_clock_synchronized",
            "leap_second_announced",
            "leap_agreement",
            "leap_file_expiry",
            "ntp_service",
            "ntp_synchronized",
            "ntp_stratum",
            "ntp_offset",
            "ntp_reachability",
            "ntp_falseticker",
            "power_supplies",
            "temperature",
            "network_ports",
            "certificate_expired",
            "certificate_expiring",
            "users_banned",
            "services_legacy",
            "storage",
            "memory",
            "cpu_load",
            "system_resources",
            "firmware_selected",
            "firmware_floor",
            "firmware_update",
            "pending_changes",
            "configuration_changed",
            "recent_reboot",
            "status_age",
            "api_supported",
            "alarm_led",
            "notification_events",
        )
    ),
    *(case for area in _AREAS for case in area.SILENT),
)
UNKNOWN: tuple[Case, ...] = tuple(case for area in _AREAS for case in area.UNKNOWN)
