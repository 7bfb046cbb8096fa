# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desired scalar in the type that the device shows. What would have to be guessed is refused.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import decimal
import math
import re
import typing as t

# How a device may spell a switch (O8), true first.
SWITCH_WORDS: tuple[tuple[str, str], ...] = (
    ("enabled", "disabled"),
    ("on", "off"),
    ("yes", "no"),
    ("true", "false"),
    ("1", "0"),
)

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?")


class MismatchError(ValueError):
    """The desired value does not fit the device's. The message says what would."""


def coerce(desired: t.Any, current: t.Any) -> t.Any:
    """The desired value in the type of the device's current one; C(current) itself if both mean the same.

    Scalars and lists of scalars only. Raises MismatchError where the meaning would be a guess.
    """
    if isinstance(current, list) or isinstance(desired, list):
        return _coerce_list(desired, current)
    if desired is None:
        if current is None:
            return None
        raise MismatchError("null is not a value: leave the name out to keep the value, or write '' to clear a text")
    if current is None:
        return desired
    if isinstance(current, bool):
        truth = _as_switch(desired)
        if truth is None:
            raise MismatchError(f"the device has a switch here (true or false), not {describe(desired)}")
        return truth
    if isinstance(current, (int, float)):
        return _coerce_number(desired, current)
    return _coerce_text(desired, str(current))


def same(one: t.Any, other: t.Any) -> bool:
    """Whether two values of the device's mean the same: equal, or numbers apart by less than a serialiser's rounding."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or math.isclose(one, other, rel_tol=1e-9)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other))
    return bool(type(one) is type(other) and one == other)


def same_members(one: t.Any, other: t.Any) -> bool:
    """Whether two lists hold the same values, whatever their order."""
    if not isinstance(one, list) or not isinstance(other, list) or len(one) != len(other):
        return False
    rest = list(other)
    for item in one:
        match = next((i for i, candidate in enumerate(rest) if same(item, candidate)), None)
        if match is None:
            return False
        del rest[match]
    return True


def is_free_text(value: t.Any) -> bool:
    """Whether a value is a text that is neither empty nor a number nor the word of a switch."""
    return isinstance(value, str) and value != "" and _as_number(value) is None and _switch_pair(value) is None


def describe(value: t.Any) -> str:
    """A value as a message shows it: its kind, never a long or multi-line text."""
    if isinstance(value, bool):
        return f"{str(value).lower()} (YAML reads on, off, yes and no as truth values too)"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    text = str(value)
    return f'"{text}"' if len(text) <= 40 and text.isprintable() else "a text"


def _as_switch(value: t.Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        for on, off in SWITCH_WORDS:
            if value.strip().lower() in (on, off):
                return value.strip().lower() == on
    return None


def _as_number(value: t.Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = decimal.Decimal(value.strip())
        return int(number) if number == number.to_integral_value() and abs(number) < 1e18 else float(number)
    return None


def _coerce_number(desired: t.Any, current: int | float) -> int | float:
    if isinstance(desired, bool):
        if current in (0, 1):
            return int(desired)
        raise MismatchError(f"the device has a number here, not {describe(desired)}")
    number = _as_number(desired)
    if number is None:
        raise MismatchError(f"the device has a number here, not {describe(desired)}")
    if same(number, current):
        return current
    if isinstance(current, int) and isinstance(number, float) and number.is_integer():
        return int(number)
    return number


def _coerce_text(desired: t.Any, current: str) -> str:
    if isinstance(desired, str):
        if desired == current:
            return current
        pair = _switch_pair(current)
        truth = _as_switch(desired)
        if pair is not None and pair[0] != "1" and truth is not None:
            return _cased(pair[0] if truth else pair[1], current)
        return desired
    if isinstance(desired, bool):
        pair = _switch_pair(current)
        if pair is None:
            raise MismatchError(f"the device has a text here; quote {describe(desired)} if it is meant as text")
        return _cased(pair[0] if desired else pair[1], current)
    number = _as_number(desired)
    shown = _as_number(current)
    if number is None or shown is None:
        raise MismatchError(f"the device has a text here; quote {describe(desired)} if it is meant as text")
    return current if same(number, shown) else _digits(number)


def _switch_pair(text: str) -> tuple[str, str] | None:
    return next((pair for pair in SWITCH_WORDS if text.strip().lower() in pair), None)


def _cased(word: str, like: str) -> str:
    if word == like.strip().lower():
        return like
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word


def _digits(number: int | float) -> str:
    return format(decimal.Decimal(repr(number)), "f")


def _coerce_list(desired: t.Any, current: t.Any) -> list[t.Any]:
    if not isinstance(current, list):
        raise MismatchError("the device has a single value here, not a list")
    if not isinstance(desired, list):
        raise MismatchError(f"the device has a list here, not {describe(desired)}")
    if any(isinstance(item, (dict, list)) for item in [*desired, *current]):
        raise MismatchError("the device's list has no object-id, so its items cannot be changed one by one")
    if len(desired) == len(current):
        return [coerce(new, old) for new, old in zip(desired, current)]
    like = current[0] if current else None
    return [coerce(item, like) for item in desired]
