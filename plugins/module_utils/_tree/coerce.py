# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converts a desired scalar to the type of the device's value. A conversion that would be a guess is refused."""

from __future__ import annotations

import decimal
import math
import re
import typing as t

# How a device may spell a switch (assumption O8), true first.
SWITCH_WORDS: tuple[tuple[str, str], ...] = (
    ("enabled", "disabled"),
    ("on", "off"),
    ("yes", "no"),
    ("true", "false"),
    ("1", "0"),
)

# No number of a device is larger, and larger ones cannot be compared as floats.
_LARGEST_DEVICE_NUMBER = 1e300
_DECIMAL_TEXT = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?")


class MismatchError(ValueError):
    """The desired value does not match the type of the device's. The message says what does."""


def coerce(desired: t.Any, current: t.Any) -> t.Any:
    """The desired value in the type of the device's current value; the current value itself if both mean the same.

    Accepts scalars and lists of scalars. Raises MismatchError if the meaning would be a guess.
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
            raise MismatchError(f"the device has a switch here (true or false), not {describe_value(desired)}")
        return truth
    if isinstance(current, (int, float)):
        return _coerce_number(desired, current)
    return _coerce_text(desired, str(current))


def is_same(one: t.Any, other: t.Any) -> bool:
    """Whether two values are equal, or numbers that differ by less than a serializer's rounding."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or math.isclose(one, other, rel_tol=1e-9)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_same(a, b) for a, b in zip(one, other))
    return bool(type(one) is type(other) and one == other)


def has_same_members(one: t.Any, other: t.Any) -> bool:
    """Whether two lists have the same values in any order."""
    if not isinstance(one, list) or not isinstance(other, list) or len(one) != len(other):
        return False
    rest = list(other)
    for item in one:
        match = next((i for i, candidate in enumerate(rest) if is_same(item, candidate)), None)
        if match is None:
            return False
        del rest[match]
    return True


def is_free_text(value: t.Any) -> bool:
    """Whether a value is a text other than an empty one, a number or a word of a switch."""
    return isinstance(value, str) and value != "" and _as_number(value) is None and _switch_pair(value) is None


def is_finite(value: t.Any) -> bool:
    """Whether a value is no number beyond JSON (NaN, infinity), and holds none."""
    if isinstance(value, dict):
        return all(is_finite(inner) for inner in value.values())
    if isinstance(value, list):
        return all(is_finite(item) for item in value)
    return not isinstance(value, float) or math.isfinite(value)


def is_empty_item(item: t.Any) -> bool:
    """Whether an item of a table has no text: what a free slot looks like in a table that always holds all of its items."""
    if isinstance(item, dict):
        return all(is_empty_item(value) for value in item.values())
    return not is_free_text(item)


def describe_value(value: t.Any) -> str:
    """A value for a message: its kind, or a short text of one line."""
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
    if isinstance(value, str) and _DECIMAL_TEXT.fullmatch(value.strip()):
        number = decimal.Decimal(value.strip())
        return int(number) if number == number.to_integral_value() and abs(number) < 1e18 else float(number)
    return None


def _coerce_number(desired: t.Any, current: int | float) -> int | float:
    if isinstance(desired, bool):
        if current in (0, 1):
            return int(desired)
        raise MismatchError(f"the device has a number here, not {describe_value(desired)}")
    number = _as_number(desired)
    if number is None:
        raise MismatchError(f"the device has a number here, not {describe_value(desired)}")
    if not is_finite(number) or abs(number) >= _LARGEST_DEVICE_NUMBER:
        raise MismatchError(f"the device has a number here, and {describe_value(desired)} is too large for one")
    if is_same(number, current):
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
            raise MismatchError(f"the device has a text here; quote {describe_value(desired)} if it is meant as text")
        return _cased(pair[0] if desired else pair[1], current)
    number = _as_number(desired)
    current_number = _as_number(current)
    if number is None or current_number is None or not is_finite(number) or abs(number) >= _LARGEST_DEVICE_NUMBER:
        raise MismatchError(f"the device has a text here; quote {describe_value(desired)} if it is meant as text")
    return current if is_same(number, current_number) else _digits(number)


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
        raise MismatchError(f"the device has a list here, not {describe_value(desired)}")
    if any(isinstance(item, (dict, list)) for item in [*desired, *current]):
        raise MismatchError("the device's list has no object-id, so its items cannot be changed one by one")
    if len(desired) == len(current):
        return [coerce(new, old) for new, old in zip(desired, current)]
    like = current[0] if current else None
    return [coerce(item, like) for item in desired]
