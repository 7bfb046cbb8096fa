# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of status enums that `?raw` shows (api.md section 7, payloads.md section 4).

`holdover` 2 and `not-warmed-up` 0 are CONFIRMED; the other numbers of the clock's states are
INFERRED. The PTP port states have their numbers from the MIB. A token without a known number
stays a string.
"""

from __future__ import annotations

from typing import Any

_CLOCK = {"not-synchronized": 0, "synchronized": 1, "holdover": 2}
_OSCILLATOR = {"not-warmed-up": 0, "warmed-up": 1}
PTP_PORT_STATES = (
    "uninitialized",
    "initializing",
    "faulty",
    "disabled",
    "listening",
    "pre-master",
    "master",
    "passive",
    "uncalibrated",
    "slave",
)
_NUMBERS: dict[tuple[str, str], dict[str, int]] = {
    ("clock-status", "clock"): _CLOCK,
    ("clock-status", "oscillator"): _OSCILLATOR,
    ("ptp", "port-state"): {token: n for n, token in enumerate(PTP_PORT_STATES)},
}


def status_raw(value: Any, parent: str = "", name: str = "") -> Any:
    """A part of the status tree with enum tokens as numbers where the number is known.

    `parent` is the nearest named menu around `name`; table items carry no menu name.
    """
    if isinstance(value, dict):
        return {key: status_raw(item, name or parent, key) for key, item in value.items()}
    if isinstance(value, list):
        return [status_raw(item, parent, "") for item in value]
    numbers = _NUMBERS.get((parent, name))
    return numbers.get(value, value) if numbers and isinstance(value, str) else value
