# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far changes have taken effect on a device, what remains of them, and how to undo them. Pure."""

from __future__ import annotations

import typing as t

from .._tree.canonical import leaves, value_at
from .._tree.changes import Change
from .._tree.coerce import MismatchError, coerce, has_same_members, is_same
from .._tree.paths import Path, text_of
from .._tree.secrets import MASK, is_mask, is_secret

_MISSING = object()

# State of a leaf or change: as before the change, as after it, partly changed, neither of both, or unknown.
BEFORE, AFTER, MIXED, FOREIGN, UNCLEAR = "before", "after", "mixed", "foreign", "unclear"


class Difference(t.NamedTuple):
    """A leaf that does not have the desired value; secrets are masked."""

    path: Path
    wanted: t.Any
    shown: t.Any

    def as_dict(self) -> dict[str, t.Any]:
        return {"path": text_of(self.path), "wanted": self.wanted, "shown": self.shown}


class RollbackPlan(t.NamedTuple):
    """How to restore the former state.

    changes: to be written.  foreign: leaves that another client has changed, which are left as they are.  lost: secrets and
    names whose former value is unknown.
    """

    changes: tuple[Change, ...]
    foreign: tuple[Path, ...]
    lost: tuple[Path, ...]


def is_equivalent(wanted: t.Any, current: t.Any) -> bool:
    """Whether the device's value means the desired one, whatever its type."""
    if current is _MISSING:
        return wanted is _MISSING
    if wanted is _MISSING:
        return False
    if is_same(wanted, current):
        return True
    try:
        return is_same(coerce(wanted, current), current)
    except MismatchError:
        return False


def _is_reached(wanted: t.Any, current: t.Any, former: t.Any) -> bool:
    """As is_equivalent(), and a list may have another order unless the order is all that changes."""
    if is_equivalent(wanted, current):
        return True
    return has_same_members(wanted, current) and not has_same_members(wanted, former)


def _value_or_missing(tree: t.Any, path: Path) -> t.Any:
    try:
        return value_at(tree, path)
    except KeyError:
        return _MISSING


def _has_leaves(item: t.Any, wanted: dict[str, t.Any], at: Path, secrets: frozenset[Path]) -> bool:
    """Whether an item has all desired leaves."""
    return isinstance(item, dict) and all(
        path in secrets or is_mask(value) or _is_reached(value, _value_or_missing(item, path[len(at) :]), None)
        for path, value in leaves(wanted, at)
    )


def leaf_states(change: Change, now: t.Any, secrets: frozenset[Path]) -> dict[Path, str]:
    """The state of each leaf of a change; of an item that is created or deleted, the state of the item."""
    if change.action in ("create", "delete"):
        item = _value_or_missing(now, change.path)
        content = change.after if change.action == "create" else change.before or {}
        present, missing = (AFTER, BEFORE) if change.action == "create" else (BEFORE, AFTER)
        if item is _MISSING:
            return {change.path: missing}
        return {change.path: present if _has_leaves(item, content, change.path, secrets) else FOREIGN}
    states: dict[Path, str] = {}
    for name, wanted in change.after.items():
        path = (*change.path, name)
        former = (change.before or {}).get(name, _MISSING)
        current = _value_or_missing(now, path)
        if path in secrets:
            states[path] = UNCLEAR
        elif former is not _MISSING and is_same(wanted, former):
            # Written as it was, as the request may reset it: any other value is a result of the request.
            states[path] = BEFORE if is_equivalent(former, current) else AFTER
        elif _is_reached(wanted, current, former):
            states[path] = AFTER
        elif is_equivalent(former, current):
            states[path] = BEFORE
        else:
            states[path] = FOREIGN
    return states


def change_state(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> str:
    """The state of several changes as a whole."""
    states = {state for change in changes for state in leaf_states(change, now, secrets).values()}
    if FOREIGN in states:
        return FOREIGN
    states.discard(UNCLEAR)
    if not states:
        return UNCLEAR
    return states.pop() if len(states) == 1 else MIXED


def unfinished_leaves(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> list[Difference]:
    """Leaves without the desired value. Of a secret, only its presence is compared."""
    unfinished: list[Difference] = []
    for change in changes:
        if change.action == "delete":
            if _value_or_missing(now, change.path) is not _MISSING:
                unfinished.append(Difference(change.path, None, "there"))
            continue
        differences = _leaf_differences(change, now, secrets)
        if change.action == "create" and not differences and _value_or_missing(now, change.path) is _MISSING:
            differences.append(Difference(change.path, "there", None))
        unfinished += differences
    return unfinished


def _leaf_differences(change: Change, now: t.Any, secrets: frozenset[Path]) -> list[Difference]:
    differences: list[Difference] = []
    for path, wanted in leaves(change.after, change.path):
        current = _value_or_missing(now, path)
        if path in secrets or is_mask(current):
            if (wanted in ("", None)) != (current in ("", None, _MISSING)):
                differences.append(Difference(path, MASK, MASK))
        elif not _is_reached(wanted, current, (change.before or {}).get(path[-1])):
            differences.append(Difference(path, wanted, None if current is _MISSING else current))
    return differences


def remaining_changes(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> tuple[Change, ...]:
    """What remains to be written of changes that took effect in part. Secrets are left out: their values are not stored."""
    remaining: list[Change] = []
    for change in changes:
        states = leaf_states(change, now, secrets)
        if change.action in ("create", "delete"):
            if states[change.path] == BEFORE:
                remaining.append(change)
            continue
        open_names = {path[-1] for path, state in states.items() if state == BEFORE}
        after = {name: value for name, value in change.after.items() if name in open_names}
        if after:
            before = {n: v for n, v in (change.before or {}).items() if n in after}
            remaining.append(Change("set", change.path, before, after))
    return tuple(remaining)


def needed_secrets(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> list[Path]:
    """Secrets that must still be set to complete changes."""
    needed: list[Path] = []
    for change in changes:
        is_missing = change.action == "create" and _value_or_missing(now, change.path) is _MISSING
        needed += [
            path
            for path, wanted in leaves(change.after, change.path)
            if path in secrets
            and wanted not in ("", None)
            and (is_missing or _value_or_missing(now, path) in ("", None, _MISSING))
        ]
    return needed


def rollback_plan(
    changes: t.Sequence[Change], now: t.Any, secrets: frozenset[Path], just_sent: bool, secret_get: str = "masked"
) -> RollbackPlan:
    """How to undo changes that were sent, as far as they took effect. secret_get: how the device shows secrets (A16).

    just_sent: the run that sent them undoes them. A value that is neither the former nor the desired one is then taken as
    the device's version of what was sent (a clamped number, for instance) and undone. Later it counts as another client's.
    """
    undo: list[Change] = []
    foreign: list[Path] = []
    lost: list[Path] = []
    for change in reversed(changes):
        states = leaf_states(change, now, secrets)
        if just_sent and change.action != "delete":
            states = {p: AFTER if state == FOREIGN else state for p, state in states.items()}
        foreign += [path for path, state in states.items() if state == FOREIGN]
        if change.action == "set":
            former, unknown = _former_values(change, now, states, secret_get)
            lost += unknown
            if former:
                undo.append(Change("set", change.path, {name: change.after[name] for name in former}, former))
        elif states[change.path] == AFTER and change.action == "create":
            undo.append(Change("delete", change.path, _value_or_missing(now, change.path), {}))
        elif states[change.path] == AFTER:
            content, unknown = _split_unknown(change.before or {}, change.path, secret_get)
            undo.append(Change("create", change.path, None, content))
            lost += unknown
    return RollbackPlan(tuple(undo), tuple(foreign), tuple(lost))


def _is_unknown(path: Path, shown: t.Any, secret_get: str) -> bool:
    """Whether a leaf has a secret whose value the device does not show. shown: the former value as it was read."""
    if is_mask(shown):
        return True
    is_empty = shown in ("", None)
    return is_secret(path, shown) and ((secret_get == "hash" and not is_empty) or (secret_get == "empty" and is_empty))


def _former_values(
    change: Change, now: t.Any, states: dict[Path, str], secret_get: str
) -> tuple[dict[str, t.Any], list[Path]]:
    """What restores the menu of a change, and the leaves whose former value is unknown."""
    former = change.before or {}
    values: dict[str, t.Any] = {}
    unknown: list[Path] = []
    for name in change.after:
        path = (*change.path, name)
        if states[path] in (BEFORE, FOREIGN):
            continue
        if name not in former or _is_unknown(path, former[name], secret_get):
            unknown.append(path)
        elif states[path] == AFTER or _value_or_missing(now, path) != former[name]:
            values[name] = former[name]
    return values, unknown


def project(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> t.Any:
    """The tree after changes that were sent and are not visible yet."""
    for change in changes:
        pending = {path for path, state in leaf_states(change, now, secrets).items() if state == BEFORE}
        if change.action == "set":
            for name, value in change.after.items():
                path = (*change.path, name)
                now = _replace_at(now, path, value) if path in pending else now
        elif change.path in pending:
            now = _replace_at(now, change.path, dict(change.after) if change.action == "create" else _MISSING)
    return now


def _replace_at(tree: t.Any, path: Path, value: t.Any) -> t.Any:
    """A copy of a tree with another value at a path; _MISSING removes it."""
    if not path:
        return value
    menu = dict(tree) if isinstance(tree, dict) else {}
    below = _replace_at(menu.pop(path[0], None), path[1:], value)
    return menu if below is _MISSING else {**menu, path[0]: below}


def _split_unknown(item: dict[str, t.Any], at: Path, secret_get: str) -> tuple[dict[str, t.Any], list[Path]]:
    """An item without the secrets whose values are not known, and the paths of these."""
    content: dict[str, t.Any] = {}
    unknown: list[Path] = []
    for name, value in item.items():
        path = (*at, name)
        if isinstance(value, dict):
            content[name], below = _split_unknown(value, path, secret_get)
            unknown += below
        elif _is_unknown(path, value, secret_get):
            unknown.append(path)
        else:
            content[name] = value
    return content, unknown
