# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans the smallest set of changes from the current to the desired configuration. Pure."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._tree.canonical import Tree, leaves
from .._tree.changes import Change
from .._tree.coerce import (
    MismatchError,
    coerce,
    describe_value,
    has_same_members,
    is_empty_item,
    is_finite,
    is_free_text,
    is_same,
)
from .._tree.paths import Path, is_covered, is_name, text_of
from .._tree.secrets import contains_mask, contains_secret, is_mask, mask_secrets, masked_leaves
from .missing import MissingNames, MissingPolicy, Problem
from .new_items import ItemBuilder
from .tables import can_grow

_MAX_PROBLEMS = 10
# This section carries the connection to the device: it is written last, so that the rest is complete if the connection breaks.
_LAST_SECTION = ("network",)


class Plan(t.NamedTuple):
    """What is to be written to a device.

    changes: in the order in which they are written.  secrets_kept: paths of secrets that are set and left as they are.
    secrets: paths of the leaves in changes that are or contain a secret.  secrets_needed: paths of secrets that are masked in
    what is to be created; such a plan must not be executed.  not_applicable: what the device does not have and is left out, with
    the reason.  invented: names in changes that the device does not have.  warnings: sentences for the user.
    """

    changes: tuple[Change, ...]
    secrets_kept: tuple[Path, ...] = ()
    secrets: frozenset[Path] = frozenset()
    secrets_needed: tuple[Path, ...] = ()
    not_applicable: tuple[tuple[Path, str], ...] = ()
    invented: frozenset[Path] = frozenset()
    warnings: tuple[str, ...] = ()


class PlanPolicy(t.NamedTuple):
    """How a desired tree is applied.

    state: merged, overridden or deleted.  missing: what to do about names and items that the device does not have; see
    MissingPolicy.  rewrite_secrets: write secrets that are set already.  fixed_slots: tables always hold all of their items, so
    that an item is removed by emptying its texts (assumption A7).

    The others are patterns of paths. rewrite: set secrets to write again although rewrite_secrets is false.  secrets: secrets
    besides those known by their name or by the device's mask.  ignore: leaves and menus to leave as they are.  unordered: lists
    whose order has no meaning.  optional: names and items that the device need not have.
    """

    state: str = "merged"
    missing: str = "items"
    rewrite_secrets: bool = False
    rewrite: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    fixed_slots: bool = False
    optional: tuple[str, ...] = ()

    @property
    def for_missing(self) -> MissingPolicy:
        return MissingPolicy(self.missing, self.optional, self.state == "overridden")


def make_plan(
    current: Tree, desired: Tree, policy: PlanPolicy, read_tree: t.Callable[[], Tree | None] | None = None
) -> Plan:
    """The smallest set of changes that turns the current configuration into the desired one.

    current: the sections of the device's configuration that the desired tree names, canonical, from the configuration root.
    desired: the user's tree, canonical.  read_tree: returns the whole configuration, to suggest names; called only if a name is
    unknown.  Raises LantimeError with all problems found.
    """
    check_numbers(desired.value, policy.ignore)
    builder = _PlanBuilder(current, desired, policy)
    if policy.state == "deleted":
        builder.plan_deletions((), current.value, desired.value)
    else:
        builder.plan_menu((), current.value, desired.value)
    missing = builder.missing
    if builder.problems:
        missing.add_suggestions(read_tree or (lambda: current))
        raise_problems(builder.problems)
    changes = tuple(sorted(builder.changes, key=_write_order))
    needed = tuple(dict.fromkeys([*builder.secrets_needed, *builder.items.secrets_needed]))
    return Plan(
        changes,
        tuple(path for path in builder.secrets_kept if path not in needed),
        secret_leaves(changes, policy.secrets),
        needed,
        tuple(missing.not_applicable.items()),
        frozenset(missing.invented),
        tuple(missing.warnings(current)),
    )


def _write_order(change: Change) -> tuple[bool, int]:
    """Creations precede what may refer to them, deletions follow what may have referred to them, the network is last."""
    return change.path[:1] == _LAST_SECTION, ("create", "set", "delete").index(change.action)


def secret_leaves(changes: t.Iterable[Change], patterns: t.Sequence[str]) -> frozenset[Path]:
    """Paths of the leaves in changes that are or contain a secret: by name, by the device's mask, or by a pattern."""
    return frozenset(
        path
        for change in changes
        for side in (change.before, change.after)
        for path, value in leaves(side or {}, change.path)
        if contains_secret(path, value) or is_covered(path, patterns)
    )


class _PlanBuilder:
    """Collects changes and problems while it compares two trees."""

    def __init__(self, current: Tree, desired: Tree, policy: PlanPolicy) -> None:
        self.tables = set(current.tables)
        self.ambiguous = current.ambiguous
        self.ambiguous_desired = desired.ambiguous
        self.policy = policy
        self.changes: list[Change] = []
        self.secrets_kept: list[Path] = []
        self.secrets_needed: list[Path] = []
        self.problems: list[Problem] = []
        self.missing = MissingNames(policy.for_missing, self.problems)
        self.items = ItemBuilder(self.missing, self.tables, policy.secrets)

    def plan_menu(self, at: Path, current: dict[str, t.Any], desired: dict[str, t.Any]) -> None:
        before: dict[str, t.Any] = {}
        after: dict[str, t.Any] = {}
        position = len(self.changes)
        for name, wanted in desired.items():
            path = (*at, name)
            if not is_covered(path, self.policy.ignore):
                self._plan_name(path, wanted, current, before, after)
        if after:
            self.changes.insert(position, Change("set", at, before, after))
            if self.policy.fixed_slots and at[:-1] in self.tables and is_empty_item(current):
                self.secrets_needed += masked_leaves(desired, at)
        # Items that hardware or firmware determines can't be removed.
        if self.policy.state == "overridden" and at in self.tables and can_grow(at):
            for name in current:
                if name not in desired and not is_covered((*at, name), self.policy.ignore):
                    self._plan_deletion((*at, name), current[name])

    def plan_deletions(self, at: Path, current: t.Any, desired: t.Any) -> None:
        """Delete the items of tables that the desired tree names, if they exist."""
        menu = current if isinstance(current, dict) else {}
        for name, inner in desired.items() if isinstance(desired, dict) else ():
            path = (*at, name)
            exists = name in menu
            is_menu = isinstance(inner, dict) and any(isinstance(v, dict) for v in inner.values())
            if is_covered(path, self.policy.ignore):
                continue
            if path in self.ambiguous or not is_name(name):
                self.problems.append(("duplicate_object_id", path, "the items here cannot be told apart"))
            elif at in self.tables and not is_menu:
                if exists:
                    self._plan_deletion(path, menu[name])
            elif at in self.tables or (exists and isinstance(menu[name], dict)):
                self.plan_deletions(path, menu.get(name, {}), inner)
            elif exists and menu[name] == [] and (isinstance(inner, dict) or inner == []):
                continue  # an empty table has no items to delete
            elif exists:
                self.problems.append(("wrong_type", path, "only items of tables can be deleted"))
            else:
                self.missing.leave_out(path, menu, "name")

    def _plan_name(
        self,
        path: Path,
        wanted: t.Any,
        menu: dict[str, t.Any],
        before: dict[str, t.Any],
        after: dict[str, t.Any],
    ) -> None:
        name = path[-1]
        if not is_name(name):
            self.problems.append(("hostile_name", path, "this cannot be a name or object-id in a path"))
        elif path in self.ambiguous or path in self.ambiguous_desired:
            if name not in menu or not is_same(wanted, menu[name]):
                whose = "the device's table" if path in self.ambiguous else "your table"
                self.problems.append(("duplicate_object_id", path, f"{whose} has an item twice or without object-id"))
        elif name not in menu:
            self._plan_missing(path, wanted, menu, after)
        elif isinstance(wanted, dict) or (wanted == [] and path in self.tables):
            self._plan_below(path, menu[name], wanted or {})
        elif isinstance(menu[name], dict):
            kind = "table" if path in self.tables else "menu"
            self.problems.append(("wrong_type", path, f"the device has a {kind} here, not {describe_value(wanted)}"))
        else:
            self._plan_leaf(path, menu[name], wanted, before, after)

    def _plan_deletion(self, path: Path, item: t.Any) -> None:
        content = item if isinstance(item, dict) else {}
        if not self.policy.fixed_slots:
            self.changes.append(Change("delete", path, content, {}))
            return
        texts = {name: value for name, value in content.items() if is_free_text(value)}
        if texts:
            self.changes.append(Change("set", path, texts, dict.fromkeys(texts, "")))

    def _plan_below(self, path: Path, current: t.Any, wanted: dict[str, t.Any]) -> None:
        # An empty table looks like an empty list, or like a menu without names.
        if current == [] or (current == {} and wanted and all(isinstance(item, dict) for item in wanted.values())):
            self.tables.add(path)
            current = {}
        if isinstance(current, dict):
            self.plan_menu(path, current, wanted)
        else:
            self.problems.append(("wrong_type", path, "the device has a single value here, not a menu"))

    def _plan_leaf(
        self,
        path: Path,
        current: t.Any,
        wanted: t.Any,
        before: dict[str, t.Any],
        after: dict[str, t.Any],
    ) -> None:
        if contains_mask(wanted):
            is_kept = is_mask(wanted) or mask_secrets(wanted) == mask_secrets(current)
            (self.secrets_kept if is_kept else self.secrets_needed).append(path)
            return
        if is_mask(current):
            if self.policy.rewrite_secrets or is_covered(path, self.policy.rewrite):
                before[path[-1]], after[path[-1]] = current, wanted
            else:
                self.secrets_kept.append(path)
            return
        try:
            value = coerce(wanted, current)
        except MismatchError as mismatch:
            self.problems.append(("wrong_type", path, str(mismatch)))
            return
        is_reordered = is_covered(path, self.policy.unordered) and has_same_members(value, current)
        if not is_same(value, current) and not is_reordered:
            before[path[-1]], after[path[-1]] = current, value

    def _plan_missing(self, path: Path, wanted: t.Any, menu: dict[str, t.Any], after: dict[str, t.Any]) -> None:
        """A name that the device does not have."""
        if path[:-1] in self.tables:
            self._plan_item(path, wanted, menu)
        elif not self.missing.accept_name(path, menu):
            pass
        elif contains_mask(wanted):
            self.secrets_needed += masked_leaves(wanted, path)
        else:
            after[path[-1]] = wanted

    def _plan_item(self, path: Path, wanted: t.Any, table: dict[str, t.Any]) -> None:
        """An item that a table does not have."""
        if not self.missing.policy.adds_items(path[:-1]):
            self.missing.leave_out(path, table, "item")
        elif isinstance(wanted, dict):
            others = [((*path[:-1], name), item) for name, item in table.items()]
            self.changes.append(Change("create", path, None, self.items.build(path, wanted, others)))
        else:
            self.problems.append(("wrong_type", path, f"an item of a table is a mapping, not {describe_value(wanted)}"))


def check_numbers(desired: t.Any, ignore: t.Sequence[str] = ()) -> None:
    """Raise LantimeError if a desired value is a number that JSON does not have.  ignore: patterns of paths to leave out."""
    problems = [
        ("wrong_type", path, "NaN and infinity are not values that can be sent to a device")
        for path, value in leaves(desired)
        if not is_finite(value) and not is_covered(path, ignore)
    ]
    if problems:
        raise_problems(problems)


def secret_needed_error(paths: t.Sequence[Path], predicted: dict[str, t.Any] | None = None) -> LantimeError:
    """The error for secrets that are masked in what is to be created.  predicted: what else the task would do."""
    names = [text_of(path) for path in paths]
    more = f" and {len(names) - _MAX_PROBLEMS} more" if len(names) > _MAX_PROBLEMS else ""
    what = "the device does not have the item, so its masked secret has no value"
    extra: dict[str, t.Any] = {"problems": [{"code": "secret_needed", "path": name, "message": what} for name in names]}
    if predicted is not None:
        extra["predicted"] = predicted
    return LantimeError(
        "secret_needed",
        f"these secrets are masked, and the device does not have the items they belong to: {', '.join(names[:_MAX_PROBLEMS])}{more}",
        path=names[0] if len(names) == 1 else "",
        extra=extra,
    )


def raise_problems(problems: list[Problem]) -> t.NoReturn:
    """Raise one LantimeError for all problems, each of them (code, path, message)."""
    code, path, what = problems[0]
    listed = [f"{text_of(p)}: {w}" for dummy, p, w in problems[:_MAX_PROBLEMS]]
    if len(problems) == 1:
        raise LantimeError(code, what, path=text_of(path))
    more = len(problems) - len(listed)
    text = "; ".join(listed) + (f"; and {more} more" if more else "")
    raise LantimeError(
        code,
        f"{len(problems)} parts of the desired configuration do not fit the device: {text}",
        hint="correct them all; nothing was written",
        extra={"problems": [{"code": c, "path": text_of(p), "message": w} for c, p, w in problems]},
    )
