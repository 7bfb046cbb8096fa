# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a health check and the form of its finding.

Names of the device's fields are paths below the status node. The confidence says how sure it is that the fields exist and
have the meaning that the check relies on: CONFIRMED by recordings or by the vendor, INFERRED from them, or an ASSUMPTION.
"""

from __future__ import annotations

import typing as t

CHECK_STATES = ("ok", "skipped", "info", "unknown", "warning", "error", "critical")
"""States of a check, best first."""

LEVELS = ("info", "warning", "error", "critical")
"""Severities, lowest first. A finding of `info` is not an alarm."""

ASSUMPTION = "ASSUMPTION"

MODULE = "chassis0.slots[].module"
"""The path of a module in the status tree."""

GROUPS = {
    "sync": "Time of the device",
    "reference": "Antenna, receivers and reference clocks",
    "leap": "Leap seconds and the offset to TAI",
    "ntp": "NTP and PTP service",
    "fleet": "Cluster, SyncTeam and SyncMon",
    "hardware": "Power, fans, temperature, modules and ports",
    "security": "Certificates, log-ins and services",
    "system": "Firmware, resources and configuration",
}
"""Groups of checks and their titles."""


class Check(t.NamedTuple):
    """The definition of one check.

    levels: the severities of its findings.  summary: the condition for the state `ok`, as one clause.  source: fields of
    the device.  unit: of value and limit.  limits: names of thresholds.  expects: members of the option `expected`.
    events: canonical names of the device's events that the check evaluates.  essential: the state `unknown` makes the
    device unhealthy.  views: keys of `lantime_module_info` whose families the check evaluates.  families: further families.
    """

    name: str
    group: str
    levels: tuple[str, ...]
    summary: str
    source: str
    confidence: str
    remedy: str
    unit: str | None = None
    limits: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    essential: bool = False
    views: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


class Finding(t.NamedTuple):
    """The result of a check. message: one clause without a full stop; value, limit and subject as in the result of the module.

    slot, family, item: the part of a module that it is about.  certainty: that of the member, if it is not that of the check.
    parts: the findings that it sums up.
    """

    state: str
    message: str
    value: t.Any = None
    limit: t.Any = None
    subject: str | None = None
    since: str | None = None
    slot: str | None = None
    family: str | None = None
    item: str | None = None
    certainty: str | None = None
    parts: tuple[t.Any, ...] = ()


def severity_rank(state: str) -> int:
    """The place of a state in CHECK_STATES: higher is worse."""
    return CHECK_STATES.index(state)
