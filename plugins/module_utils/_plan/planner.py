# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: what the device has and what the user wants -> the least number of changes.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._tree.canonical import Tree, leaves
from .._tree.changes import Change
from .._tree.coerce import MismatchError, coerce, describe, is_free_text, same, same_members
from .._tree.paths import Path, covered, is_name, text_of
from .._tree.secrets import is_mask, is_secret

_MAX_PROBLEMS = 10
# What carries the connection to the device goes last, so that everything else is in place if it breaks.
_LAST = ("network",)


class Plan(t.NamedTuple):
    """changes: in the order in which they are to be written.

    secrets_kept: paths of set secrets that were left alone.  secrets: paths of the leaves in changes that are secret.
    """

    changes: tuple[Change, ...]
    secrets_kept: tuple[Path, ...] = ()
    secrets: frozenset[Path] = frozenset()


class PlanPolicy(t.NamedTuple):
    """How a desired tree is meant.

    state: C(merged), C(overridden) or C(deleted).  create: whether names and items that the device does not have are
    added.  rewrite_secrets: whether secrets that are set already are written again.  The rest are patterns of paths:
    rewrite: set secrets to write again all the same; secrets: leaves that are secret beyond those that the device
    masks; ignore: leaves and menus to leave alone; unordered: lists whose order means nothing.  fixed_slots: whether tables always hold all of their
    items, so that removing one means emptying its texts (A7).
    """

    state: str = "merged"
    create: bool = False
    rewrite_secrets: bool = False
    rewrite: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    fixed_slots: bool = False


def make_plan(current: Tree, desired: Tree, policy: PlanPolicy) -> Plan:
    """The least changes that bring the device to what is desired.

    current: the touched part of the device's configuration, canonical, from the root of the configuration.
    desired: the same for the user's tree.  Raises LantimeError with every problem found, not only the first one.
    """
    search = _PlanBuilder(current, desired, policy)
    if policy.state == "deleted":
        search.deleted((), current.value, desired.value)
    else:
        search.menu((), current.value, desired.value)
    if search.problems:
        raise_problems(search.problems)
    changes = tuple(sorted(search.changes, key=_rank))
    return Plan(changes, tuple(search.secrets_kept), secret_leaves(changes, policy.secrets))


def _rank(change: Change) -> tuple[bool, int]:
    """Create before what may refer to it, delete after what may have referred to it, the network last of all."""
    return change.path[:1] == _LAST, ("create", "set", "delete").index(change.action)


def secret_leaves(changes: t.Iterable[Change], patterns: t.Sequence[str]) -> frozenset[Path]:
    """Paths of all leaves in changes that are secret by their name, by the device's mask, or by a pattern."""
    return frozenset(
        path
        for change in changes
        for side in (change.before, change.after)
        for path, value in leaves(side or {}, change.path)
        if is_secret(path, value) or covered(path, patterns)
    )


class _PlanBuilder:
    def __init__(self, current: Tree, desired: Tree, policy: PlanPolicy) -> None:
        self.tables = current.tables
        self.unclear = current.ambiguous
        self.unclear_desired = desired.ambiguous
        self.policy = policy
        self.changes: list[Change] = []
        self.secrets_kept: list[Path] = []
        self.problems: list[tuple[str, Path, str]] = []

    def menu(self, at: Path, current: dict[str, t.Any], desired: dict[str, t.Any]) -> None:
        before: dict[str, t.Any] = {}
        after: dict[str, t.Any] = {}
        slot = len(self.changes)
        for name, wanted in desired.items():
            path = (*at, name)
            if covered(path, self.policy.ignore):
                continue
            if not is_name(name):
                self.problems.append(("hostile_name", path, "this cannot be a name or object-id in a path"))
            elif path in self.unclear or path in self.unclear_desired:
                if name in current and same(wanted, current[name]):
                    continue
                whose = "the device's table" if path in self.unclear else "your table"
                self.problems.append(("duplicate_object_id", path, f"{whose} has an item twice or without object-id"))
            elif name not in current:
                self._missing(at, name, wanted, current, after)
            elif isinstance(wanted, dict) or (wanted == [] and path in self.tables):
                self._descend(path, current[name], wanted or {})
            elif isinstance(current[name], dict):
                kind = "table" if path in self.tables else "menu"
                self.problems.append(("wrong_type", path, f"the device has a {kind} here, not {describe(wanted)}"))
            else:
                self._leaf(path, current[name], wanted, before, after)
        if after:
            self.changes.insert(slot, Change("set", at, before, after))
        if self.policy.state == "overridden" and at in self.tables:
            for name in current:
                if name not in desired and not covered((*at, name), self.policy.ignore):
                    self._delete((*at, name), current[name])

    def deleted(self, at: Path, current: t.Any, desired: t.Any) -> None:
        """Items of tables that the user names, as far as they are there."""
        for name, inner in desired.items() if isinstance(desired, dict) else ():
            path = (*at, name)
            there = isinstance(current, dict) and name in current
            deeper = isinstance(inner, dict) and any(isinstance(v, dict) for v in inner.values())
            if covered(path, self.policy.ignore):
                continue
            if path in self.unclear or not is_name(name):
                self.problems.append(("duplicate_object_id", path, "the items here cannot be told apart"))
            elif at in self.tables and not deeper:
                if there:
                    self._delete(path, current[name])
            elif at in self.tables or (there and isinstance(current[name], dict)):
                self.deleted(path, current[name] if there else {}, inner)
            elif there and current[name] == [] and (isinstance(inner, dict) or inner == []):
                continue  # an empty table: all of its items are away
            elif there:
                self.problems.append(("wrong_type", path, "only items of tables can be deleted"))
            else:
                self._unknown(at, name, current if isinstance(current, dict) else {}, "name")

    def _delete(self, path: Path, item: t.Any) -> None:
        content = item if isinstance(item, dict) else {}
        if not self.policy.fixed_slots:
            self.changes.append(Change("delete", path, content, {}))
            return
        texts = {name: value for name, value in content.items() if is_free_text(value)}
        if texts:
            self.changes.append(Change("set", path, texts, dict.fromkeys(texts, "")))

    def _descend(self, path: Path, current: t.Any, wanted: dict[str, t.Any]) -> None:
        if isinstance(current, dict):
            self.menu(path, current, wanted)
        elif current == []:  # an empty table and an empty list look the same
            for name, item in wanted.items():
                self._missing(path, name, item, {}, {}, table=True)
        else:
            self.problems.append(("wrong_type", path, "the device has a single value here, not a menu"))

    def _leaf(
        self,
        path: Path,
        current: t.Any,
        wanted: t.Any,
        before: dict[str, t.Any],
        after: dict[str, t.Any],
    ) -> None:
        if is_mask(wanted):
            self.secrets_kept.append(path)
            return
        if is_mask(current):
            if self.policy.rewrite_secrets or covered(path, self.policy.rewrite):
                before[path[-1]], after[path[-1]] = current, wanted
            else:
                self.secrets_kept.append(path)
            return
        try:
            value = coerce(wanted, current)
        except MismatchError as mismatch:
            self.problems.append(("wrong_type", path, str(mismatch)))
            return
        if not same(value, current) and not (covered(path, self.policy.unordered) and same_members(value, current)):
            before[path[-1]], after[path[-1]] = current, value

    def _missing(
        self,
        at: Path,
        name: str,
        wanted: t.Any,
        current: dict[str, t.Any],
        after: dict[str, t.Any],
        table: bool = False,
    ) -> None:
        path = (*at, name)
        is_item = table or at in self.tables
        if not self.policy.create and not (is_item and self.policy.state == "overridden"):
            self._unknown(at, name, current, "item" if is_item else "name")
        elif is_item:
            if isinstance(wanted, dict):
                like = next((v for v in current.values() if isinstance(v, dict)), {})
                self.changes.append(Change("create", path, None, self._like(path, wanted, like)))
            else:
                self.problems.append(("wrong_type", path, f"an item of a table is a mapping, not {describe(wanted)}"))
        elif not is_mask(wanted):
            after[name] = wanted

    def _unknown(self, at: Path, name: str, current: dict[str, t.Any], kind: str) -> None:
        near = difflib.get_close_matches(name, list(current), n=3, cutoff=0.5)
        names = ", ".join(printable(n, 40) for n in near or sorted(current)[:5])
        known = f" ({'nearest' if near else 'there are'}: {names})" if names else ""
        self.problems.append(("unknown_name", (*at, name), f"the device has no such {kind}{known}"))

    def _like(self, at: Path, wanted: dict[str, t.Any], item: dict[str, t.Any]) -> dict[str, t.Any]:
        """A new item in the types that another item of the table shows."""
        made: dict[str, t.Any] = {}
        for name, value in wanted.items():
            path, example = (*at, name), item.get(name)
            if is_mask(value):
                self.secrets_kept.append(path)
            elif isinstance(value, dict):
                made[name] = self._like(path, value, example if isinstance(example, dict) else {})
            elif name not in item or isinstance(example, dict) or is_secret(path, example):
                made[name] = value
            else:
                try:
                    made[name] = coerce(value, example)
                except MismatchError as mismatch:
                    self.problems.append(("wrong_type", path, str(mismatch)))
        return made


def raise_problems(problems: list[tuple[str, Path, str]]) -> t.NoReturn:
    code, path, what = problems[0]
    shown = [f"{text_of(p)}: {w}" for dummy, p, w in problems[:_MAX_PROBLEMS]]
    if len(problems) == 1:
        raise LantimeError(code, what, path=text_of(path))
    more = len(problems) - len(shown)
    text = "; ".join(shown) + (f"; and {more} more" if more else "")
    raise LantimeError(
        code,
        f"{len(problems)} parts of the desired configuration do not fit the device: {text}",
        hint="correct them all; nothing was written",
        extra={"problems": [{"code": c, "path": text_of(p), "message": w} for c, p, w in problems]},
    )
