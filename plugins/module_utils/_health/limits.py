# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thresholds of the health checks and their defaults by profile."""

from __future__ import annotations

import typing as t

PROFILES = ("telecom", "finance", "broadcast", "power", "it")
"""Kinds of use, in the order of the defaults of a threshold."""


class CheckLimit(t.NamedTuple):
    """One threshold. meaning: the condition of a finding.  defaults: by profile, in the order of PROFILES; numbers or text.

    choices: the values of a threshold that is not a number; a text without choices is a version.
    """

    name: str
    unit: str | None
    meaning: str
    defaults: tuple[t.Any, ...]
    choices: tuple[str, ...] = ()


def _same_for_all(value: t.Any) -> tuple[t.Any, ...]:
    return (value,) * len(PROFILES)


CHECK_LIMITS: tuple[CheckLimit, ...] = (
    CheckLimit(
        "sync_grace",
        "s",
        "a lack of synchronization is only a warning for this long, except while O(wait) waits",
        _same_for_all(600),
    ),
    CheckLimit(
        "warm_up", "s", "the same after a restart; a cold oscillator is not an alarm for this long", _same_for_all(1800)
    ),
    CheckLimit("quality_warning", "ns", "estimated quality above it", (100, 10_000, 1_000, 1_000, 100_000)),
    CheckLimit("quality_critical", "ns", "estimated quality above it", (1_000, 100_000, 10_000, 10_000, 10_000_000)),
    CheckLimit(
        "holdover_budget",
        "s",
        "time in holdover above it; the default is for an ocxo-hq",
        (14_400, 43_200, 43_200, 43_200, 259_200),
    ),
    CheckLimit("satellites_warning", None, "number of good satellites below it", _same_for_all(6)),
    CheckLimit("satellites_critical", None, "number of good satellites below it", _same_for_all(4)),
    CheckLimit("position_tolerance", "m", "distance above it", _same_for_all(100)),
    CheckLimit("leap_file_warning", "d", "remaining validity below it", _same_for_all(30)),
    CheckLimit("stratum_warning", None, "stratum above it", _same_for_all(1)),
    CheckLimit("stratum_critical", None, "stratum above it", (2, 2, 2, 2, 4)),
    CheckLimit("offset_warning", "ns", "offset above it", (10_000, 50_000, 100_000, 100_000, 1_000_000)),
    CheckLimit("offset_critical", "ns", "offset above it", (20_000, 100_000, 500_000, 1_000_000, 10_000_000)),
    CheckLimit("temperature_warning", "°C", "temperature above it", _same_for_all(65)),
    CheckLimit("temperature_critical", "°C", "temperature above it", _same_for_all(75)),
    CheckLimit("ban_window", "s", "lock-outs within it are reported", _same_for_all(86_400)),
    CheckLimit("storage_warning", "%", "usage above it", _same_for_all(90)),
    CheckLimit("storage_error", "%", "usage above it", _same_for_all(97)),
    CheckLimit("memory_free_warning", "%", "free memory below it", _same_for_all(10)),
    CheckLimit("cpu_load_warning", None, "load above it", _same_for_all(4)),
    CheckLimit(
        "firmware_minimum",
        None,
        "version below it (7.00.004 fixed the last published advisory)",
        _same_for_all("7.00.004"),
    ),
    CheckLimit("change_window", "s", "changes within it are reported", _same_for_all(86_400)),
    CheckLimit("reboot_window", "s", "uptime below it", _same_for_all(3_600)),
    CheckLimit("status_age_warning", "s", "age of the status above it", _same_for_all(60)),
    CheckLimit(
        "assumed_severity",
        None,
        "with warning, findings from assumed members of modules are a warning at most; with full, they keep their severity",
        _same_for_all("warning"),
        ("warning", "full"),
    ),
    CheckLimit("correlation_warning", "%", "correlation of a long-wave receiver below it", _same_for_all(60)),
    CheckLimit("correlation_error", "%", "correlation of a long-wave receiver below it", _same_for_all(30)),
    CheckLimit("field_strength_warning", "%", "field strength of a long-wave receiver below it", _same_for_all(20)),
    CheckLimit(
        "source_offset_warning", "ns", "offset of a reference above it", (1_000, 10_000, 10_000, 10_000, 1_000_000)
    ),
    CheckLimit("unicast_clients_warning", None, "number of unicast clients above it", _same_for_all(1843)),
    CheckLimit(
        "syncmon_stratum_warning", None, "stratum of a node without a limit of its own above it", _same_for_all(10)
    ),
    CheckLimit("syncmon_age_warning", "s", "age of the measurements above it", _same_for_all(3_600)),
)

LIMITS_BY_NAME: dict[str, CheckLimit] = {limit.name: limit for limit in CHECK_LIMITS}

# Factors of `holdover_budget` by type of oscillator. The order of the types is known, the factors are an ASSUMPTION; an
# unlisted type has the factor of the second worst.
HOLDOVER_FACTORS = {
    "tcxo": 0.1,
    "ocxo-lq": 0.2,
    "ocxo-sq": 0.3,
    "ocxo-mq": 0.5,
    "ocxo-hq": 1.0,
    "ocxo-dhq": 2.0,
    "rubidium": 6.0,
}
HOLDOVER_FACTOR_OF_OTHERS = 0.2
