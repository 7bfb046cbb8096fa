# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes every path of a configuration: type, tables and whether they can grow, values as examples. Pure.

Items of tables are folded: the path of each of them has * in place of its object-id.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._plan.tables import can_grow
from .._tree.canonical import Tree
from .._tree.coerce import is_finite
from .._tree.paths import Path, is_name, path_of, text_of
from .._tree.secrets import is_secret

ITEM = "*"
MENU, TABLE, LIST, UNKNOWN, MIXED = "menu", "table", "list", "unknown", "mixed"
SCALARS = ("bool", "int", "float", "str")

_MAX_PATHS = 10_000
_MAX_EXAMPLES = 8
_MAX_TEXT = 80
_MAX_ITEMS = 256
_MAX_REFUSED = 32


@dataclass
class PathDescription:
    """One path.

    type: one of SCALARS, MENU for an empty menu, TABLE, LIST, UNKNOWN without a value, MIXED if values differ in type.
    elements: type of the values of a list.  can_grow: of tables, None for anything else.  items: object-ids of a table.
    read_only: True if a refusal proved it, None if it is not known.  refused: values that a device refused.
    examples: values that were seen.  has_all_examples: whether there are no others.
    """

    path: Path
    type: str = UNKNOWN
    elements: str | None = None
    can_grow: bool | None = None
    items: list[str] = field(default_factory=list)
    secret: bool = False
    read_only: bool | None = None
    refused: list[t.Any] = field(default_factory=list)
    examples: list[t.Any] = field(default_factory=list)
    has_all_examples: bool = True

    def see_type(self, kind: str) -> None:
        self.type = common_type(self.type, kind)

    def see_elements(self, kind: str) -> None:
        self.elements = common_type(self.elements or UNKNOWN, kind)

    def see_value(self, value: t.Any) -> None:
        """Add an example, unless the path is that of a secret. null is always kept, because it says that any type may follow."""
        if any(type(one) is type(value) and one == value for one in self.examples):
            return
        is_long = isinstance(value, str) and (len(value) > _MAX_TEXT or not value.isprintable())
        if self.secret or is_long or not is_finite(value) or (value is not None and self._is_full()):
            self.has_all_examples = False
        else:
            self.examples.append(value)

    def see_item(self, name: str) -> None:
        if name not in self.items and len(self.items) <= _MAX_ITEMS:
            self.items.append(name)

    def see_refusal(self, value: t.Any) -> None:
        if value not in self.refused and len(self.refused) < _MAX_REFUSED:
            self.refused.append(value)

    @property
    def has_all_items(self) -> bool:
        return len(self.items) <= _MAX_ITEMS

    def _is_full(self) -> bool:
        return len(self.examples) >= _MAX_EXAMPLES


class Description:
    """The descriptions of all paths of one or several configurations. omitted: paths beyond the limit."""

    def __init__(self) -> None:
        self._by_path: dict[Path, PathDescription] = {}
        self._omitted: set[Path] = set()

    @property
    def entries(self) -> list[PathDescription]:
        return [self._by_path[path] for path in sorted(self._by_path)]

    @property
    def omitted(self) -> int:
        return len(self._omitted)

    def entry(self, path: Path) -> PathDescription:
        """The entry of a path, which is added; one that is not kept if there are too many."""
        entry = self._by_path.get(path)
        if entry is None:
            entry = PathDescription(path)
            if len(self._by_path) < _MAX_PATHS:
                self._by_path[path] = entry
            elif len(self._omitted) < _MAX_PATHS:
                self._omitted.add(path)
        return entry

    def add_tree(self, tree: Tree, at: Path = ()) -> None:
        """Add what a canonical tree holds. at: path of its root."""
        self._walk(tree.value, at, at, tree)

    def add_examples(self, values: t.Mapping[Path, t.Iterable[t.Any]]) -> None:
        """Add values of paths that are known."""
        for path, examples in values.items():
            for value in examples if path in self._by_path else ():
                self._by_path[path].see_value(value)

    def matching(self, path: Path) -> t.Iterator[PathDescription]:
        """The entries to which a path of a device belongs."""
        for entry in self._by_path.values():
            if len(entry.path) == len(path) and all(own in (ITEM, name) for own, name in zip(entry.path, path)):
                yield entry

    def _walk(self, node: t.Any, at: Path, folded: Path, tree: Tree) -> None:
        """Add a node. at: its path on the device.  folded: with * for items."""
        if isinstance(node, dict):
            self._add_menu(node, at, folded, tree)
        elif isinstance(node, list):
            self._add_list(node, folded)
        elif folded:
            _see_scalar(self.entry(folded), node)

    def _add_menu(self, node: dict[str, t.Any], at: Path, folded: Path, tree: Tree) -> None:
        is_table = at in tree.tables
        # What cannot be part of a path cannot be configured.
        names = [name for name in node if is_name(name)]
        if is_table:
            entry = self.entry(folded)
            entry.see_type(TABLE)
            entry.can_grow = can_grow(folded)
            for name in names:
                entry.see_item(name)
        elif not names and folded:
            self.entry(folded).see_type(MENU)
        for name in names:
            self._walk(node[name], (*at, name), (*folded, ITEM if is_table else name), tree)

    def _add_list(self, node: list[t.Any], folded: Path) -> None:
        entry = self.entry(folded)
        entry.see_type(LIST)
        entry.secret = entry.secret or is_secret(folded, node)
        for value in node:
            if isinstance(value, (dict, list)):
                entry.elements = MIXED
            else:
                entry.see_elements(_type_of(value))
                entry.secret = entry.secret or is_secret(folded, value)
                entry.see_value(value)


def _see_scalar(entry: PathDescription, value: t.Any) -> None:
    if is_secret(entry.path, value):
        entry.secret = True
        entry.examples.clear()
    entry.see_type(_type_of(value))
    entry.see_value(value)


def _type_of(value: t.Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "float" if isinstance(value, float) else "str"


def common_type(one: str, other: str) -> str:
    """The type of a path whose values have these two types. An empty table looks like an empty menu or list."""
    if UNKNOWN in (one, other):
        return other if one == UNKNOWN else one
    if one == other:
        return one
    if {one, other} == {"int", "float"}:
        return "float"
    return TABLE if TABLE in (one, other) and {one, other} <= {TABLE, MENU, LIST} else MIXED


# -- results


def to_result(description: Description) -> list[dict[str, t.Any]]:
    """The entries as a result shows them."""
    return [
        {
            "path": text_of(entry.path),
            "type": entry.type,
            "elements": entry.elements,
            "can_grow": entry.can_grow,
            "object_ids": list(entry.items),
            "secret": entry.secret,
            "read_only": entry.read_only,
            "refused": list(entry.refused),
            "examples": list(entry.examples),
            "all_examples": entry.has_all_examples,
        }
        for entry in description.entries
    ]


def add_result(description: Description, listed: t.Any) -> None:
    """Add entries as a result shows them. Raises ValueError if they have another form."""
    if not isinstance(listed, list):
        raise ValueError("schema is not a list of paths")
    for shown in listed:
        if not isinstance(shown, dict) or not isinstance(shown.get("path"), str):
            raise ValueError("schema is not a list of paths, each with its type")
        _merge(description.entry(path_of(shown["path"])), shown)


def _merge(entry: PathDescription, shown: t.Mapping[str, t.Any]) -> None:
    kind, elements = shown.get("type"), shown.get("elements")
    entry.see_type(kind if kind in (*SCALARS, MENU, TABLE, LIST, UNKNOWN) else MIXED)
    if elements is not None:
        entry.see_elements(elements if elements in (*SCALARS, UNKNOWN) else MIXED)
    if kind == TABLE:
        entry.can_grow = bool(entry.can_grow) or shown.get("can_grow") is not False
    entry.secret = entry.secret or shown.get("secret") is True
    entry.read_only = True if shown.get("read_only") is True else entry.read_only
    for name in _list_in(shown, "object_ids"):
        entry.see_item(str(name))
    for value in _list_in(shown, "refused"):
        entry.see_refusal(value)
    for value in _list_in(shown, "examples"):
        entry.see_value(value)
    if shown.get("all_examples") is False:
        entry.has_all_examples = False


def _list_in(shown: t.Mapping[str, t.Any], name: str) -> list[t.Any]:
    values = shown.get(name)
    return [value for value in values if not isinstance(value, (dict, list))] if isinstance(values, list) else []
