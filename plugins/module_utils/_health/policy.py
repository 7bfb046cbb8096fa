# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy of a health evaluation from the options of a user."""

from __future__ import annotations

import re
import typing as t

from .._base.ranges import check_range
from .._base.sanitize import printable
from .._base.suggest import suggest_names
from .._tree import values
from .baseline import parse_modules
from .check import GROUPS
from .context import HealthPolicy
from .limits import CHECK_LIMITS, LIMITS_BY_NAME, PROFILES
from .ptp import normalize_identity
from .registry import BY_NAME, HEALTH_CHECKS

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_IDENTITY = re.compile(r"[0-9a-f]{16}")
DEFAULT_PROFILE = "it"
EXPECTED = ("ports", "power_supplies", "fans", "receivers", "modules", "position", "leap_second", "tai_offset", "ptp")
"""Names that the option `expected` takes."""


# Six parameters: one for each option of the module.
def make_policy(
    profile: str = DEFAULT_PROFILE,
    thresholds: Mapping[str, t.Any] | None = None,
    include: Iterable[str] | None = None,
    skip: Iterable[str] | None = None,
    expected: Mapping[str, t.Any] | None = None,
    grace: bool = True,
) -> HealthPolicy:
    """The policy from the options of a user; `include` and `skip` take names of checks and groups, no `include` means all.

    `expected.modules` can be an ExpectedModules.

    Raises ValueError with a message for users for an unknown name (with similar ones), an invalid value, or if no check is left.
    """
    if profile not in PROFILES:
        raise ValueError(_unknown_name("profile", profile, PROFILES))
    column = PROFILES.index(profile)
    limits = {limit.name: limit.defaults[column] for limit in CHECK_LIMITS}
    for name, value in (thresholds or {}).items():
        if name not in LIMITS_BY_NAME:
            raise ValueError(_unknown_name("threshold", name, LIMITS_BY_NAME))
        limits[name] = _parse_limit(name, value)
    for name in expected or {}:
        if name not in EXPECTED:
            raise ValueError(_unknown_name("member of expected", name, EXPECTED))
    wanted = {name: value for name, value in (expected or {}).items() if value is not None}
    _check_position(wanted.get("position"))
    _check_grandmasters(wanted.get("ptp") or ())
    if "modules" in wanted:
        wanted["modules"] = parse_modules(wanted["modules"])
    checks = frozenset(BY_NAME) if include is None else _select_checks("include", include)
    skipped = _select_checks("skip", skip or ())
    if checks <= skipped:
        # A device of which nothing is checked would be healthy.
        raise ValueError("include and skip leave no check to do")
    return HealthPolicy(
        profile,
        limits,
        frozenset(thresholds or ()),
        checks,
        skipped,
        wanted,
        grace,
    )


def _select_checks(option: str, names: Iterable[str]) -> frozenset[str]:
    selected: set[str] = set()
    for name in names:
        if name in GROUPS:
            selected |= {check.name for check in HEALTH_CHECKS if check.group == name}
        elif name in BY_NAME:
            selected.add(name)
        else:
            raise ValueError(_unknown_name(f"check in {option}", name, (*BY_NAME, *GROUPS)))
    return frozenset(selected)


def _parse_limit(name: str, value: object) -> t.Any:
    choices = LIMITS_BY_NAME[name].choices
    if choices:
        if value not in choices:
            raise ValueError(f"threshold {name} is not one of {', '.join(choices)}")
        return value
    if isinstance(LIMITS_BY_NAME[name].defaults[0], str):
        if values.firmware_version(value) is None:
            raise ValueError(f"threshold {name} is not a version such as 7.10.008")
        return values.text(value)
    number = values.number(value)
    if number is None:
        raise ValueError(f"threshold {name} is not a number")
    check_range(f"threshold {name}", number, (0, None))
    return int(number) if number.is_integer() else number


def _check_position(position: Mapping[str, t.Any] | None) -> None:
    if position is not None:
        latitude, longitude = (values.number(position.get(name)) for name in ("latitude", "longitude"))
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            raise ValueError("expected.position needs latitude and longitude in degrees")


def _check_grandmasters(expected: Iterable[Mapping[str, t.Any]]) -> None:
    for wanted in expected:
        identity = normalize_identity(wanted.get("grandmaster"))
        if _IDENTITY.fullmatch(identity) is None:
            raise ValueError(
                "expected.ptp needs a grandmaster identity of 16 hexadecimal digits, such as 001122fffe334455"
            )


def _unknown_name(what: str, name: object, known: Iterable[str]) -> str:
    return f'unknown {what} "{printable(name, 60)}"{suggest_names(name, known)}'
