# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on nodes of the device's trees, and waiting until they hold.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import re
import time
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._tree.canonical import canonical, value_at
from .._tree.coerce import MismatchError, coerce, same
from .._tree.paths import Path, is_name, nest, path_of, text_of
from .._tree.secrets import is_secret, redacted
from .._tree.values import number
from . import commands
from .device import Device
from .http_errors import ABSENT_CODES

COMPARES = ("equals", "not_equals", "matches", "at_least", "at_most", "exists", "absent")

# One item of an option that takes conditions.
WAIT_FOR_OPTIONS: dict[str, dict[str, t.Any]] = {
    "path": {"type": "str", "required": True},
    "tree": {"type": "str", "default": "status", "choices": ["status", "config"]},
    "value": {"type": "raw"},
    "compare": {"type": "str", "default": "equals", "choices": list(COMPARES)},
}
REQUIRED_IF = [("compare", name, ("value",)) for name in COMPARES[:5]]

_MAX_TEXT = 4096
_NOT_THERE = ABSENT_CODES | {"unknown_name"}
_PASSING = commands.PASSING | {"root_unknown"}
_NOTHING = object()


class Condition(t.NamedTuple):
    """What a node must be like. path: below the root of its tree."""

    tree: str
    path: Path
    compare: str
    value: t.Any

    def as_dict(self) -> dict[str, t.Any]:
        told = {"tree": self.tree, "path": text_of(self.path), "compare": self.compare}
        return told if self.compare in ("exists", "absent") else {**told, "value": self.value}


def make_conditions(given: t.Iterable[t.Mapping[str, t.Any]]) -> list[Condition]:
    """Conditions from items of an option made with OPTIONS. Raises ValueError with a message for users."""
    return [_make(item) for item in given]


def _make(item: t.Mapping[str, t.Any]) -> Condition:
    path, compare, value = path_of(item["path"]), item["compare"], item["value"]
    where = printable(item["path"], 80)
    if not path or not all(is_name(name) for name in path):
        raise ValueError(f'"{where}" is not the path of a node')
    if compare in ("exists", "absent"):
        if value is not None:
            raise ValueError(f"{compare} takes no value ({where})")
    elif is_secret(path):
        raise ValueError(f"{where} is a secret: only exists and absent can be asked of it")
    if compare == "matches":
        try:
            re.compile(str(value))
        except re.error as exc:
            raise ValueError(f"the regular expression for {where} is wrong: {exc}") from None
    if compare in ("at_least", "at_most") and number(value) is None:
        raise ValueError(f"{compare} needs a number ({where})")
    return Condition(item["tree"], path, compare, value)


def holds(condition: Condition, seen: t.Any) -> bool:
    """Whether a node that is there is as the condition says."""
    compare, value = condition.compare, condition.value
    if compare in ("exists", "absent"):
        return compare == "exists"
    if compare in ("equals", "not_equals"):
        return _equal(value, seen) is (compare == "equals")
    if isinstance(seen, (dict, list)) or seen is None:
        return False
    if compare == "matches":
        text = str(seen).lower() if isinstance(seen, bool) else str(seen)
        return re.search(str(value), text[:_MAX_TEXT]) is not None
    there, limit = number(seen), number(value)
    if there is None or limit is None:
        return False
    return there >= limit if compare == "at_least" else there <= limit


def _equal(wanted: t.Any, seen: t.Any) -> bool:
    try:
        return same(coerce(wanted, seen), seen)
    except MismatchError:
        return bool(canonical(wanted).value == seen) and isinstance(seen, (dict, list))


def wait(api: Device, conditions: t.Sequence[Condition], timeout: float, interval: float) -> list[dict[str, t.Any]]:
    """Read until all conditions hold in the same round, or C(timeout) seconds are over; reads at least once.

    A node that is not there and a device that does not answer are waited through. Returns for each condition
    C({condition, value, met, attempts}) as last seen. Raises LantimeError where waiting is of no use, with C(extra) holding that list.
    """
    waited: list[dict[str, t.Any]] = [
        {"condition": c.as_dict(), "value": None, "met": False, "attempts": 0} for c in conditions
    ]
    until = time.monotonic() + timeout
    while waited:
        for condition, entry in zip(conditions, waited):
            entry["attempts"] += 1
            try:
                with commands.hurried(api, until - time.monotonic()):
                    entry["met"], entry["value"] = _look(api, condition)
            except LantimeError as error:
                error.extra = {"waited": waited}
                raise
        if all(entry["met"] for entry in waited) or time.monotonic() + interval > until:
            break
        time.sleep(interval)
    return waited


def _look(api: Device, condition: Condition) -> tuple[bool, t.Any]:
    try:
        seen = _read(api, condition)
        if seen is _NOTHING:
            if condition.compare == "absent":
                # A device on its way down or up may answer that there is nothing at any path.
                commands.pending(api)
                return True, None
            return False, None
    except LantimeError as error:
        if error.code not in _PASSING | ABSENT_CODES:
            raise
        api.client.reconnect()
        return False, None
    shown = value_at(redacted(nest(condition.path, seen)), condition.path)
    return holds(condition, seen), commands.shown(shown)[0]


def _read(api: Device, condition: Condition) -> t.Any:
    try:
        node = api.config_node(condition.path) if condition.tree == "config" else api.node(("status", *condition.path))
    except LantimeError as error:
        if error.code not in _NOT_THERE:
            raise
        return _NOTHING
    return canonical(node, condition.path).value
