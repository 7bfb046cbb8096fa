# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of numeric options."""

from __future__ import annotations

import typing as t

Bounds = tuple[float, t.Optional[float]]
"""Smallest and largest value; None for no upper limit."""


def check_range(name: str, value: float, bounds: Bounds) -> None:
    """Raise ValueError, with a message for the user, for a number outside its bounds."""
    low, high = bounds
    # Written so that NaN is outside.
    if not (low <= value and (high is None or value <= high)):
        limits = f"at least {low:g}" if high is None else f"from {low:g} to {high:g}"
        raise ValueError(f"{name} must be {limits}, not {value:g}")


def check_ranges(values: t.Mapping[str, t.Any], limits: t.Mapping[str, Bounds]) -> None:
    """check_range() for each option that has limits."""
    for name, bounds in limits.items():
        check_range(name, values[name], bounds)
