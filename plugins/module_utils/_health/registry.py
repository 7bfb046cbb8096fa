# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All health checks, collected from their areas in the order of the documentation."""

from __future__ import annotations

import typing as t

from .cards import CARD_CHECKS
from .clocks import CLOCK_CHECKS
from .fleet import FLEET_CHECKS
from .identity import IDENTITY_CHECKS
from .leap import LEAP_CHECKS
from .ntp import NTP_CHECKS
from .platform import HARDWARE_CHECKS
from .ptp import PTP_CHECKS
from .reference import REFERENCE_CHECKS
from .settings import SETTINGS_CHECKS
from .sync import TIME_CHECKS
from .system import SYSTEM_CHECKS

if t.TYPE_CHECKING:
    from .check import Check
    from .context import CheckFunction, RegisteredChecks

_REGISTERED: RegisteredChecks = [
    *TIME_CHECKS,
    *REFERENCE_CHECKS,
    *CLOCK_CHECKS,
    *LEAP_CHECKS,
    *NTP_CHECKS,
    *PTP_CHECKS,
    *FLEET_CHECKS,
    *HARDWARE_CHECKS,
    *IDENTITY_CHECKS,
    *CARD_CHECKS,
    *SETTINGS_CHECKS,
    *SYSTEM_CHECKS,
]

HEALTH_CHECKS: tuple[Check, ...] = tuple(check for check, dummy in _REGISTERED)
FUNCTIONS: dict[str, CheckFunction] = {check.name: function for check, function in _REGISTERED}
BY_NAME: dict[str, Check] = {check.name: check for check in HEALTH_CHECKS}
CHECKED_EVENTS: frozenset[str] = frozenset(event for check in HEALTH_CHECKS for event in check.events)
"""Events that a check of their own evaluates."""
