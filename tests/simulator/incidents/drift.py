# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a clock runs away without its reference, and what the status tree says of it.

The error of a day is of the order that oscillators of these classes have; it is no promise of the
vendor. The steps of `est-time-quality` are decades (INFERRED from the one token on record), the
figure of merit is the time quality code of IEEE C37.118 (INFERRED: 0 is locked).
"""

from __future__ import annotations

import re

_DAY = 86400.0

# Seconds after one day on its own, by `osc-type`.
DAY_ERROR: dict[str, float] = {
    "tcxo": 4.3e-3,
    "ocxo-lq": 8.65e-4,
    "ocxo-sq": 2.2e-4,
    "ocxo-mq": 6.5e-5,
    "ocxo-hq": 2.2e-5,
    "ocxo-dhq": 4.5e-6,
    "rubidium": 8e-7,
}

# Upper bound in seconds, token, time quality code.
_STEPS: tuple[tuple[float, str, int], ...] = (
    (1e-7, "less-than-100ns", 3),
    (1e-6, "less-than-1us", 4),
    (1e-5, "less-than-10us", 5),
    (1e-4, "less-than-100us", 6),
    (1e-3, "less-than-1ms", 7),
    (1e-2, "less-than-10ms", 8),
    (1e-1, "less-than-100ms", 9),
    (1.0, "less-than-1s", 10),
    (10.0, "less-than-10s", 11),
)
# Units in a second: dividing by them is exact where multiplying is not.
_UNITS = {"ns": 1e9, "us": 1e6, "ms": 1e3, "s": 1.0}

# IEEE 1588 clock accuracy: upper bound in seconds, number (payloads.md section 4).
_ACCURACY: tuple[tuple[float, int], ...] = (
    (2.5e-8, 32),
    (1e-7, 33),
    (2.5e-7, 34),
    (1e-6, 35),
    (2.5e-6, 36),
    (1e-5, 37),
    (2.5e-5, 38),
    (1e-4, 39),
    (2.5e-4, 40),
    (1e-3, 41),
    (2.5e-3, 42),
    (1e-2, 43),
    (2.5e-2, 44),
    (1e-1, 45),
    (2.5e-1, 46),
    (1.0, 47),
    (10.0, 48),
)
_WORST_ACCURACY = 49

# The time of a clock that has only its battery-backed clock to go by.
UNKNOWN_ERROR = 5.0


def drift(oscillator: str, seconds: float) -> float:
    """Seconds that a clock is off after so long without its reference: offset and ageing."""
    days = max(seconds, 0.0) / _DAY
    error = DAY_ERROR.get(oscillator, DAY_ERROR["tcxo"])
    return error * (0.3 * days + 0.7 * days * days)


def bound(token: str) -> float:
    """Seconds of `less-than-<n><unit>`; 0.0 for a token of another form."""
    found = re.fullmatch(r"less-than-(\d{1,9})(ns|us|ms|s)", token)
    return int(found.group(1)) / _UNITS[found.group(2)] if found else 0.0


def quality(error: float, best: str) -> tuple[str, int]:
    """Token and time quality code of an error in seconds; never better than the token `best`."""
    floor = bound(best)
    for limit, token, code in _STEPS:
        if error < limit and limit >= floor:
            return token, code
    return _STEPS[-1][1], _STEPS[-1][2]


def accuracy(error: float) -> int:
    """IEEE 1588 clock accuracy of an error in seconds."""
    return next((number for limit, number in _ACCURACY if error <= limit), _WORST_ACCURACY)
