# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration trees as plain nested dicts (a table is a dict keyed by object-id), by schema.

Values inside are canonical: bool for a switch, int or float for a number, the token for an enum, a
list of tokens for a set, str for the rest. Its form on the wire is decided in `values`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .schema import Leaf, Menu, Node, Table

Tree = dict[str, Any]
Path = tuple[str, ...]


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


class UnknownPathError(LookupError):
    """No node at this path."""


class Place(NamedTuple):
    """A node of the schema, its value in a tree, its path, and its table if it is an item."""

    node: Node
    value: Any
    path: Path
    table: Any = None


def clone(value: Any) -> Any:
    """A deep copy of plain data."""
    if isinstance(value, dict):
        return {key: clone(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clone(item) for item in value]
    return value


def empty(node: Node) -> Any:
    """The default content: defaults of leaves, of table items those that are fixed."""
    if isinstance(node, Leaf):
        return clone(node.default)
    if isinstance(node, Table):
        return {object_id: empty(menu) for object_id, menu in node.fixed.items()}
    return {name: empty(child) for name, child in node.children.items()}


def fill(node: Node, given: Any, path: Path = ()) -> Any:
    """Defaults overlaid with `given` (same shape, tables keyed by object-id)."""
    if isinstance(node, Leaf):
        return given
    if not isinstance(given, dict):
        raise UnknownPathError(f"{'/'.join(path)}: not a menu in the given values")
    if isinstance(node, Table):
        named = {**{object_id: {} for object_id in node.fixed}, **given}
        unknown = set(named) - set(node.fixed) if node.fixed else set()
        if unknown:
            raise UnknownPathError(f"{'/'.join(path)}: no item {', '.join(sorted(unknown))}")
        return {
            object_id: fill(node.item_menu(object_id), item, (*path, object_id)) for object_id, item in named.items()
        }
    unknown = set(given) - set(node.children)
    if unknown:
        raise UnknownPathError(f"{'/'.join(path)}: unknown {', '.join(sorted(unknown))}")
    return {
        name: fill(child, given[name], (*path, name)) if name in given else empty(child)
        for name, child in node.children.items()
    }


def find(root: Menu, tree: Tree, path: Sequence[str]) -> Place:
    """The node and value at `path`; UnknownPathError when there is none."""
    node: Node = root
    value: Any = tree
    table = None
    for name in path:
        if isinstance(node, Leaf) or name not in value:
            raise UnknownPathError("/".join(path))
        table = None
        if isinstance(node, Table):
            table = node
            node = node.item_menu(name)
        else:
            node = node.children[name]
        value = value[name]
    return Place(node, value, tuple(path), table)


def put(tree: Tree, path: Path, value: Any) -> None:
    """Sets the value at `path` in place; MISSING removes it. Absent parents are made."""
    menu = tree
    for name in path[:-1]:
        menu = menu.setdefault(name, {})
    if value is MISSING:
        menu.pop(path[-1], None)
    else:
        menu[path[-1]] = clone(value)


def differences(old: Any, new: Any, path: Path = ()) -> list[tuple[Path, Any, Any]]:
    """What differs, as (path, old, new): leaves, and whole table items as one each."""
    return list(_differences(old, new, path))


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        # A leaf always has the same type, so equal menus have equal leaves.
        if old == new:
            return
        for name in old:
            if name not in new:
                yield (*path, name), old[name], MISSING
            else:
                yield from _differences(old[name], new[name], (*path, name))
        for name in new:
            if name not in old:
                yield (*path, name), MISSING, new[name]
    elif old != new or type(old) is not type(new):
        yield path, old, new


def leaves(node: Node, value: Any, path: Path = ()) -> Iterator[tuple[Path, Leaf, Any]]:
    """Every object below a node, as (path, leaf, value)."""
    if isinstance(node, Leaf):
        yield path, node, value
    elif isinstance(node, Table):
        for object_id, item in value.items():
            yield from leaves(node.item_menu(object_id), item, (*path, object_id))
    else:
        for name, child in node.children.items():
            if name in value:
                yield from leaves(child, value[name], (*path, name))
