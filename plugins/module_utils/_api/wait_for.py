# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on nodes of the device's trees, and waiting until they are met."""

from __future__ import annotations

import re
import time
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._tree.canonical import canonical
from .._tree.coerce import MismatchError, coerce, is_same
from .._tree.paths import Path, is_name, path_of, text_of
from .._tree.secrets import is_secret, mask_secrets
from .._tree.values import number
from . import commands
from .device import Device
from .http_errors import ABSENT_CODES

COMPARISONS = ("equals", "not_equals", "matches", "at_least", "at_most", "exists", "absent")

# One item of an option that takes conditions.
WAIT_FOR_OPTIONS: dict[str, dict[str, t.Any]] = {
    "path": {"type": "str", "required": True},
    "tree": {"type": "str", "default": "status", "choices": ["status", "config"]},
    "value": {"type": "raw"},
    "compare": {"type": "str", "default": "equals", "choices": list(COMPARISONS)},
}
REQUIRED_IF = [("compare", name, ("value",)) for name in COMPARISONS[:5]]

_MAX_MATCHED_TEXT = 4096
_ABSENT_CODES = ABSENT_CODES | {"unknown_name"}
_WAITED_CODES = commands.TRANSIENT_CODES | {"root_unknown"}
_NO_NODE = object()


class Condition(t.NamedTuple):
    """A requirement on a node. path: below the root of its tree."""

    tree: str
    path: Path
    compare: str
    value: t.Any

    def as_dict(self) -> dict[str, t.Any]:
        members = {"tree": self.tree, "path": text_of(self.path), "compare": self.compare}
        return members if self.compare in ("exists", "absent") else {**members, "value": self.value}


def make_conditions(given: t.Iterable[t.Mapping[str, t.Any]]) -> list[Condition]:
    """Conditions from items of an option with WAIT_FOR_OPTIONS. Raises ValueError with a message for users."""
    return [_make_condition(item) for item in given]


def _make_condition(item: t.Mapping[str, t.Any]) -> Condition:
    path, compare, value = path_of(item["path"]), item["compare"], item["value"]
    where = printable(item["path"], 80)
    if not path or not all(is_name(name) for name in path):
        raise ValueError(f'"{where}" is not the path of a node')
    if compare in ("exists", "absent"):
        if value is not None:
            raise ValueError(f"{compare} takes no value ({where})")
    elif is_secret(path):
        raise ValueError(f"{where} is a secret: only exists and absent can be used for it")
    if compare == "matches":
        try:
            re.compile(str(value))
        except re.error as exc:
            raise ValueError(f"the regular expression for {where} is invalid: {exc}") from None
    if compare in ("at_least", "at_most") and number(value) is None:
        raise ValueError(f"{compare} needs a number ({where})")
    return Condition(item["tree"], path, compare, value)


def is_met(condition: Condition, current: t.Any) -> bool:
    """Whether an existing node meets a condition."""
    compare, value = condition.compare, condition.value
    if compare in ("exists", "absent"):
        return compare == "exists"
    if compare in ("equals", "not_equals"):
        return _is_equal(value, current) is (compare == "equals")
    if isinstance(current, (dict, list)) or current is None:
        return False
    if compare == "matches":
        text = str(current).lower() if isinstance(current, bool) else str(current)
        return re.search(str(value), text[:_MAX_MATCHED_TEXT]) is not None
    amount, limit = number(current), number(value)
    if amount is None or limit is None:
        return False
    return amount >= limit if compare == "at_least" else amount <= limit


def _is_equal(wanted: t.Any, current: t.Any) -> bool:
    try:
        return is_same(coerce(wanted, current), current)
    except MismatchError:
        return bool(canonical(wanted).value == current) and isinstance(current, (dict, list))


def wait_for_conditions(
    api: Device, conditions: t.Sequence[Condition], timeout: float, interval: float
) -> list[dict[str, t.Any]]:
    """Poll until all conditions are met in the same round, or the timeout is over; reads at least once.

    A node that does not exist and a device that does not answer count as not met. Returns the latest condition, value,
    met and attempts for each condition. Raises LantimeError if waiting cannot help; its extra holds that list.
    """
    waited: list[dict[str, t.Any]] = [
        {"condition": c.as_dict(), "value": None, "met": False, "attempts": 0} for c in conditions
    ]
    until = time.monotonic() + timeout
    while waited:
        try:
            _check_conditions(api, conditions, waited, until)
        except LantimeError as error:
            raise error.with_context(extra={"waited": waited}) from None
        if all(entry["met"] for entry in waited) or time.monotonic() + interval > until:
            break
        api.client.deadline.pause(interval)
    return waited


def _check_conditions(
    api: Device, conditions: t.Sequence[Condition], waited: list[dict[str, t.Any]], until: float
) -> None:
    for condition, entry in zip(conditions, waited):
        entry["attempts"] += 1
        with commands.short_timeouts(api, until - time.monotonic()):
            entry["met"], entry["value"] = _check_condition(api, condition)


def _check_condition(api: Device, condition: Condition) -> tuple[bool, t.Any]:
    try:
        current = _read_condition_node(api, condition)
        if current is _NO_NODE:
            if condition.compare == "absent":
                # A device that shuts down or starts may answer that no path exists; this read fails then.
                commands.read_pending_changes(api)
                return True, None
            return False, None
    except LantimeError as error:
        if error.code not in _WAITED_CODES | ABSENT_CODES:
            raise
        api.client.reconnect()
        return False, None
    masked = mask_secrets(current, condition.path)
    return is_met(condition, current), commands.format_answer(masked)[0]


def _read_condition_node(api: Device, condition: Condition) -> t.Any:
    try:
        node = api.config_node(condition.path) if condition.tree == "config" else api.node(("status", *condition.path))
    except LantimeError as error:
        if error.code not in _ABSENT_CODES:
            raise
        return _NO_NODE
    return canonical(node, condition.path).value
