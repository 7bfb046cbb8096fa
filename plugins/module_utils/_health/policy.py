# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What health is judged by: a profile's thresholds, what is checked, and what is expected of the device.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import typing as t

from .._base.sanitize import printable
from .._tree import values
from .registry import BY_NAME, CHECK_LIMITS, CHECKS, GROUPS, LIMITS_BY_NAME, PROFILES

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_PROFILE = "it"
EXPECTED = ("ports", "power_supplies", "fans", "receivers", "modules", "position", "leap_second", "tai_offset")
"""What can be expected of a device."""


class HealthPolicy(t.NamedTuple):
    """limits: each threshold by name.  given: those that the user set.  checks: names of the checks to judge or to show as skipped.
    skipped: names of the latter.  expected: members of EXPECTED.  grace: whether a lack of synchronisation is excused for a while.
    """

    profile: str
    limits: Mapping[str, t.Any]
    given: frozenset[str]
    checks: frozenset[str]
    skipped: frozenset[str]
    expected: Mapping[str, t.Any]
    grace: bool = True


def make_policy(
    profile: str = DEFAULT_PROFILE,
    thresholds: Mapping[str, t.Any] | None = None,
    include: Iterable[str] | None = None,
    skip: Iterable[str] | None = None,
    expected: Mapping[str, t.Any] | None = None,
    grace: bool = True,
) -> HealthPolicy:
    """A Policy from what users write. `include` and `skip` hold names of checks and of groups; `include` of None means all.

    Raises ValueError with a message for users for an unknown name (with the nearest ones) or a value that cannot be.
    """
    if profile not in PROFILES:
        raise ValueError(_unknown("profile", profile, PROFILES))
    column = PROFILES.index(profile)
    limits = {limit.name: limit.defaults[column] for limit in CHECK_LIMITS}
    for name, value in (thresholds or {}).items():
        if name not in LIMITS_BY_NAME:
            raise ValueError(_unknown("threshold", name, LIMITS_BY_NAME))
        limits[name] = _limit(name, value)
    for name in expected or {}:
        if name not in EXPECTED:
            raise ValueError(_unknown("member of expected", name, EXPECTED))
    wanted = {name: value for name, value in (expected or {}).items() if value is not None}
    _check_position(wanted.get("position"))
    return HealthPolicy(
        profile,
        limits,
        frozenset(thresholds or ()),
        frozenset(BY_NAME) if include is None else _selected("include", include),
        _selected("skip", skip or ()),
        wanted,
        grace,
    )


def _selected(option: str, names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        if name in GROUPS:
            found |= {check.name for check in CHECKS if check.group == name}
        elif name in BY_NAME:
            found.add(name)
        else:
            raise ValueError(_unknown(f"check in {option}", name, (*BY_NAME, *GROUPS)))
    return frozenset(found)


def _limit(name: str, value: object) -> t.Any:
    if isinstance(LIMITS_BY_NAME[name].defaults[0], str):
        if values.firmware_version(value) is None:
            raise ValueError(f"threshold {name} is not a version such as 7.10.008")
        return values.text(value)
    number = values.number(value)
    if number is None or number < 0:
        raise ValueError(f"threshold {name} is not a number of at least 0")
    return int(number) if number.is_integer() else number


def _check_position(position: Mapping[str, t.Any] | None) -> None:
    if position is not None:
        latitude, longitude = (values.number(position.get(name)) for name in ("latitude", "longitude"))
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            raise ValueError("expected.position needs latitude and longitude in degrees")


def _unknown(what: str, name: object, known: Iterable[str]) -> str:
    shown = printable(name, 60)
    choices = list(known)
    near = difflib.get_close_matches(shown, choices, n=3, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(choices)}"
    return f'unknown {what} "{shown}": {meant}'
