# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of a configuration tree by the bodies that the API takes (A3 to A7).

Every function works on a tree that the caller throws away when one of them refuses, so that a
refused request changes nothing.
"""

from __future__ import annotations

import re
from typing import Any

from .refusal import RefusedError
from .schema import Leaf, Menu, Node, Table, TableRule
from .tree import MISSING, Path, Place, Tree, UnknownPathError, clone, empty, find, put
from .values import BadValueError, accept

# Names in chassis0/slots/<slot>/module.
_MODULE_DEPTH = 4


def unwrap(body: Any, form: str, node: Node, name: str) -> Any:
    """The value that a body of the given form (A3) carries for the node called `name`."""
    if form == "bare":
        return body
    if form == "value":
        return _only(body, "value")
    if form in ("data", "parameters"):
        body = _only(body, form)
    if isinstance(node, Menu):
        return body
    return _only(body, name)


def _only(body: Any, name: str) -> Any:
    if not isinstance(body, dict):
        raise RefusedError("value", f"expected an object with the member {name!r}")
    others = sorted(set(body) - {name})
    if others:
        raise RefusedError("member", f"unknown member {others[0]!r}")
    if name not in body:
        raise RefusedError("value", f"the member {name!r} is missing")
    return body[name]


class Editor:
    """Applies values to `tree` in place by `root`'s schema and the device's dialect."""

    def __init__(self, root: Menu, tree: Tree, dialect: dict[str, str]) -> None:
        self.root = root
        self.tree = tree
        self.dialect = dialect

    def set_leaf(self, path: Path, leaf: Leaf, value: Any) -> None:
        clamping = self.dialect["request_error"] == "clamp"
        if leaf.read_only:
            if clamping:
                return
            raise RefusedError("read-only", f"{'/'.join(path)} is read-only")
        try:
            canonical = accept(leaf, value, self.dialect, lambda table: self._object_ids(table, path))
        except BadValueError as bad:
            if not clamping:
                raise RefusedError("value", f"{'/'.join(path)}: {bad}") from None
            if bad.nearest is MISSING:
                return
            canonical = bad.nearest
        put(self.tree, path, canonical)

    def set_menu(self, path: Path, menu: Menu, value: Any, object_id: str = "") -> None:
        """A menu or item: merged, replaced or refused unless complete (A4)."""
        if not isinstance(value, dict):
            raise RefusedError("value", f"{'/'.join(path)}: expected an object")
        named = dict(value)
        own_id = object_id or (path[-1] if path else "")
        if named.pop("object-id", own_id) != own_id:
            raise RefusedError("read-only", f"{'/'.join(path)}: object-id cannot be changed")
        form = self.dialect["menu_put"]
        if form == "refuse-incomplete":
            lacking = sorted(set(_writable(menu)) - set(named))
            if lacking:
                raise RefusedError("value", f"{'/'.join(path)}: incomplete, {lacking[0]!r} is missing")
        for name, member in named.items():
            self._set_child(path, menu, name, member)
        if form == "replace":
            for name, child in menu.children.items():
                if name not in named:
                    self._reset((*path, name), child)

    def _set_child(self, path: Path, menu: Menu, name: str, member: Any) -> None:
        child = menu.children.get(name)
        if child is None:
            if self.dialect["request_error"] == "clamp":
                return
            raise RefusedError("member", f"{'/'.join(path)}: unknown member {name!r}")
        if isinstance(child, Leaf):
            self.set_leaf((*path, name), child, member)
        elif isinstance(child, Menu):
            self.set_menu((*path, name), child, member)
        else:
            self.set_table((*path, name), child, member)

    def set_table(self, path: Path, table: Table, value: Any) -> None:
        """Items of a table by object-id, as an array or as a map of them."""
        items = _items(path, value)
        present = find(self.root, self.tree, path).value
        for object_id, item in items.items():
            if object_id not in present:
                if self.dialect["list_add"] != "put-list":
                    raise RefusedError("member", f"{'/'.join(path)}: no item {object_id!r}")
                self.add_item(path, table, object_id)
            self.set_menu((*path, object_id), table.item_menu(object_id), item, object_id)
        whole = self.dialect["list_remove"] == "put-list" or self.dialect["menu_put"] == "replace"
        if whole and table.rule.grows:
            for object_id in [name for name in present if name not in items]:
                self._drop((*path, object_id), table)

    def add_item(self, path: Path, table: Table, object_id: str) -> None:
        items = find(self.root, self.tree, path).value
        check_new_id(path, table.rule, items, object_id)
        put(self.tree, (*path, object_id), {**empty(table.item_menu(object_id)), **dict(table.rule.new)})

    def remove_item(self, path: Path, table: Table) -> None:
        find(self.root, self.tree, path)
        if not table.rule.grows:
            raise RefusedError("method", f"items of {'/'.join(path[:-1])} cannot be removed")
        self._drop(path, table)

    def _drop(self, path: Path, table: Table) -> None:
        if self.dialect["list_remove"] == "fixed-slots" and table.rule.slots:
            put(self.tree, path, empty(table.item_menu(path[-1])))
        elif table.rule.keeps_one and len(find(self.root, self.tree, path[:-1]).value) == 1:
            raise RefusedError("value", f"{'/'.join(path)}: the last item cannot be removed")
        else:
            put(self.tree, path, MISSING)

    def _reset(self, path: Path, node: Node) -> None:
        if isinstance(node, Leaf):
            if not node.read_only:
                put(self.tree, path, clone(node.default))
        elif isinstance(node, Menu):
            for name, child in node.children.items():
                self._reset((*path, name), child)
        else:
            for object_id in list(find(self.root, self.tree, path).value):
                if node.rule.grows:
                    self._drop((*path, object_id), node)
                else:
                    self._reset((*path, object_id), node.item_menu(object_id))

    def _object_ids(self, table: str, path: Path) -> Any:
        """The items of a table; `./outputs` is one of the module that holds the object at `path`."""
        names = table.split("/")
        try:
            return find(self.root, self.tree, [*path[:_MODULE_DEPTH], *names[1:]] if names[0] == "." else names).value
        except UnknownPathError:
            # A recorded configuration may lack the table that a reference names.
            return (find(self.root, self.tree, path).value,)


def check_new_id(path: Path, rule: TableRule, items: Tree, object_id: Any) -> None:
    """Refuses an item that a table cannot take."""
    where = "/".join(path)
    if not rule.grows:
        raise RefusedError("path", f"{where}: no item {object_id!r}")
    if not isinstance(object_id, str) or not re.fullmatch(rule.names, object_id):
        raise RefusedError("value", f"{where}: not an object-id for a new item: {object_id!r}")
    if object_id in items:
        raise RefusedError("value", f"{where}: {object_id!r} exists")
    if len(items) >= rule.limit:
        raise RefusedError("value", f"{where}: holds at most {rule.limit} items")


def _items(path: Path, value: Any) -> dict[str, Any]:
    where = "/".join(path)
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        raise RefusedError("value", f"{where}: expected an array")
    items: dict[str, Any] = {}
    for item in value:
        object_id = item.get("object-id") if isinstance(item, dict) else None
        if not isinstance(object_id, str):
            raise RefusedError("value", f"{where}: every item needs an object-id")
        if object_id in items:
            raise RefusedError("value", f"{where}: object-id {object_id!r} twice")
        items[object_id] = item
    return items


def _writable(menu: Menu) -> list[str]:
    """Members that a complete body must name; a secret cannot be read, so it need not be."""
    names = []
    for name, child in menu.children.items():
        if isinstance(child, Leaf):
            if not child.read_only and not child.secret:
                names.append(name)
        elif isinstance(child, Table) or _writable(child):
            names.append(name)
    return names


def count_objects(value: Any) -> int:
    """How many objects a menu body names, below all its menus and items."""
    if isinstance(value, dict):
        return sum(count_objects(item) for name, item in value.items() if name != "object-id")
    if isinstance(value, list):
        return sum(count_objects(item) for item in value)
    return 1


def with_slots(root: Menu, tree: Tree, tables: dict[str, TableRule]) -> Tree:
    """The tree with every entry of the fixed-slot tables present, items moved into the first."""
    arranged: Tree = clone(tree)
    for name, rule in tables.items():
        path = tuple(name.split("/"))
        place = _table_at(root, arranged, path) if rule.slots else None
        if place is None:
            continue
        filled = [item for item in place.value.values() if item != empty(place.node.item)]
        padding = [empty(place.node.item) for dummy in rule.slots]
        put(arranged, path, dict(zip(rule.slots, filled + padding)))
    return arranged


def without_slots(root: Menu, tree: Tree, tables: dict[str, TableRule]) -> Tree:
    """The tree without the empty entries of the fixed-slot tables."""
    arranged: Tree = clone(tree)
    for name, rule in tables.items():
        path = tuple(name.split("/"))
        place = _table_at(root, arranged, path) if rule.slots else None
        if place is not None:
            blank = empty(place.node.item)
            put(arranged, path, {key: item for key, item in place.value.items() if item != blank})
    return arranged


def _table_at(root: Menu, tree: Tree, path: Path) -> Any:
    """The place of a table; None on a device without it."""
    try:
        place: Place = find(root, tree, path)
    except UnknownPathError:
        return None
    return place if isinstance(place.node, Table) else None
