# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: where a plan stands on a device, what is left of it, and the way back from it.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._tree.canonical import leaves, value_at
from .._tree.changes import Change
from .._tree.coerce import MismatchError, coerce, same, same_members
from .._tree.paths import Path, text_of
from .._tree.secrets import MASK, is_mask

_ABSENT = object()

# Where a leaf or a change stands: as before it, as after it, partly, as neither of both, or not to be told.
BEFORE, AFTER, MIXED, FOREIGN, UNCLEAR = "before", "after", "mixed", "foreign", "unclear"


class Difference(t.NamedTuple):
    """A leaf that is not as it should be; values of secrets are masked."""

    path: Path
    wanted: t.Any
    shown: t.Any

    def as_dict(self) -> dict[str, t.Any]:
        return {"path": text_of(self.path), "wanted": self.wanted, "shown": self.shown}


class RollbackPlan(t.NamedTuple):
    """changes: what restores the former state.  foreign: leaves that somebody else changed, which are left alone.
    lost: secrets and names whose former state is not known.
    """

    changes: tuple[Change, ...]
    foreign: tuple[Path, ...]
    lost: tuple[Path, ...]


def equal(wanted: t.Any, shown: t.Any) -> bool:
    """Whether what the device shows means what was wanted, in whatever type it shows it."""
    if shown is _ABSENT:
        return wanted is _ABSENT
    if wanted is _ABSENT:
        return False
    if same(wanted, shown):
        return True
    try:
        return same(coerce(wanted, shown), shown)
    except MismatchError:
        return False


def _reached(wanted: t.Any, shown: t.Any, former: t.Any) -> bool:
    """As equal(), and a list may come back in another order, unless the order is all that was to change."""
    if equal(wanted, shown):
        return True
    return same_members(wanted, shown) and not same_members(wanted, former)


def _at(tree: t.Any, path: Path) -> t.Any:
    try:
        return value_at(tree, path)
    except KeyError:
        return _ABSENT


def _shows(item: t.Any, wanted: dict[str, t.Any], at: Path, secrets: frozenset[Path]) -> bool:
    """Whether an item shows all leaves that are wanted of it."""
    return isinstance(item, dict) and all(
        path in secrets or is_mask(value) or _reached(value, _at(item, path[len(at) :]), None)
        for path, value in leaves(wanted, at)
    )


def leaf_states(change: Change, now: t.Any, secrets: frozenset[Path]) -> dict[Path, str]:
    """Where each leaf of a change stands; for an item that comes or goes, the item as a whole."""
    if change.action in ("create", "delete"):
        item = _at(now, change.path)
        content = change.after if change.action == "create" else change.before or {}
        there, gone = (AFTER, BEFORE) if change.action == "create" else (BEFORE, AFTER)
        if item is _ABSENT:
            return {change.path: gone}
        return {change.path: there if _shows(item, content, change.path, secrets) else FOREIGN}
    found: dict[Path, str] = {}
    for name, wanted in change.after.items():
        path = (*change.path, name)
        former = (change.before or {}).get(name, _ABSENT)
        shown = _at(now, path)
        if path in secrets:
            found[path] = UNCLEAR
        elif _reached(wanted, shown, former):
            found[path] = AFTER
        elif equal(former, shown):
            found[path] = BEFORE
        else:
            found[path] = FOREIGN
    return found


def change_state(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> str:
    """Where changes stand as a whole."""
    seen = {s for change in changes for s in leaf_states(change, now, secrets).values()}
    if FOREIGN in seen:
        return FOREIGN
    seen.discard(UNCLEAR)
    if not seen:
        return UNCLEAR
    return seen.pop() if len(seen) == 1 else MIXED


def unfinished_leaves(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> list[Difference]:
    """Leaves that do not show what the changes want. Of a secret, only whether there is one is looked at."""
    found: list[Difference] = []
    for change in changes:
        if change.action == "delete":
            if _at(now, change.path) is not _ABSENT:
                found.append(Difference(change.path, None, "there"))
            continue
        differences = _differences(change, now, secrets)
        if change.action == "create" and not differences and _at(now, change.path) is _ABSENT:
            differences.append(Difference(change.path, "there", None))
        found += differences
    return found


def _differences(change: Change, now: t.Any, secrets: frozenset[Path]) -> list[Difference]:
    found: list[Difference] = []
    for path, wanted in leaves(change.after, change.path):
        shown = _at(now, path)
        if path in secrets or is_mask(shown):
            if (wanted in ("", None)) != (shown in ("", None, _ABSENT)):
                found.append(Difference(path, MASK, MASK))
        elif not _reached(wanted, shown, (change.before or {}).get(path[-1])):
            found.append(Difference(path, wanted, None if shown is _ABSENT else shown))
    return found


def remaining_changes(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> tuple[Change, ...]:
    """What is left to do of changes of which a part has taken effect. Secrets are left out: they are not kept."""
    left: list[Change] = []
    for change in changes:
        standings = leaf_states(change, now, secrets)
        if change.action in ("create", "delete"):
            if standings[change.path] == BEFORE:
                left.append(change)
            continue
        open_names = {path[-1] for path, state in standings.items() if state == BEFORE}
        after = {name: value for name, value in change.after.items() if name in open_names}
        if after:
            before = {n: v for n, v in (change.before or {}).items() if n in after}
            left.append(Change("set", change.path, before, after))
    return tuple(left)


def needed_secrets(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> list[Path]:
    """Secrets that are still to be set for changes to be complete."""
    needed: list[Path] = []
    for change in changes:
        absent = change.action == "create" and _at(now, change.path) is _ABSENT
        needed += [
            path
            for path, wanted in leaves(change.after, change.path)
            if path in secrets and wanted not in ("", None) and (absent or _at(now, path) in ("", None, _ABSENT))
        ]
    return needed


def rollback_plan(changes: t.Sequence[Change], now: t.Any, secrets: frozenset[Path], just_sent: bool) -> RollbackPlan:
    """How to undo changes that have been sent, as far as they took effect.

    just_sent: whether the run that sent them undoes them. A value that is neither the former nor the desired one is then
    taken for the device's own version of what was sent (clamped, for instance) and undone; later, it is somebody else's.
    """
    back: list[Change] = []
    foreign: list[Path] = []
    lost: list[Path] = []
    for change in reversed(changes):
        standings = leaf_states(change, now, secrets)
        if just_sent and change.action != "delete":
            standings = {p: AFTER if state == FOREIGN else state for p, state in standings.items()}
        foreign += [path for path, state in standings.items() if state == FOREIGN]
        if change.action == "create":
            if standings[change.path] == AFTER:
                back.append(Change("delete", change.path, _at(now, change.path), {}))
        elif change.action == "delete":
            if standings[change.path] == AFTER:
                content, hidden = _without_masks(change.before or {}, change.path)
                back.append(Change("create", change.path, None, content))
                lost += hidden
        else:
            former = change.before or {}
            undo: dict[str, t.Any] = {}
            for name in change.after:
                path = (*change.path, name)
                if standings[path] in (BEFORE, FOREIGN):
                    continue
                if name not in former or is_mask(former[name]):
                    lost.append(path)
                elif standings[path] == AFTER or _at(now, path) != former[name]:
                    undo[name] = former[name]
            if undo:
                back.append(Change("set", change.path, {n: change.after[n] for n in undo}, undo))
    return RollbackPlan(tuple(back), tuple(foreign), tuple(lost))


def project(changes: t.Iterable[Change], now: t.Any, secrets: frozenset[Path]) -> t.Any:
    """A tree as it will be once changes have taken effect that were sent and are not shown yet."""
    for change in changes:
        unseen = {p for p, s in leaf_states(change, now, secrets).items() if s == BEFORE}
        if change.action == "set":
            for name, value in change.after.items():
                path = (*change.path, name)
                now = _with(now, path, value) if path in unseen else now
        elif change.path in unseen:
            now = _with(now, change.path, dict(change.after) if change.action == "create" else _ABSENT)
    return now


def _with(tree: t.Any, path: Path, value: t.Any) -> t.Any:
    """A copy of a tree with another value at a path; without what stands there if it is C(_ABSENT)."""
    if not path:
        return value
    menu = dict(tree) if isinstance(tree, dict) else {}
    below = _with(menu.pop(path[0], None), path[1:], value)
    return menu if below is _ABSENT else {**menu, path[0]: below}


def _without_masks(item: dict[str, t.Any], at: Path) -> tuple[dict[str, t.Any], list[Path]]:
    kept: dict[str, t.Any] = {}
    hidden: list[Path] = []
    for name, value in item.items():
        if isinstance(value, dict):
            kept[name], below = _without_masks(value, (*at, name))
            hidden += below
        elif is_mask(value):
            hidden.append((*at, name))
        else:
            kept[name] = value
    return kept, hidden
