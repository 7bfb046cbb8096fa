# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of a recorded configuration: the nodes of a near profile where they fit, elsewhere what the values show.

A GET of the configuration gives back exactly what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import dialect
from .schema import Leaf, Menu, Node, Table, TableRule
from .tree import MISSING, clone, empty
from .values import BadValueError, accept, show

Tree = dict[str, Any]

# A table of which no profile knows whether it can grow.
_UNKNOWN_TABLE = TableRule(grows=True, limit=1000, names=r"[A-Za-z0-9_][A-Za-z0-9_.:+-]{0,127}")
_DIALECT = dialect.defaults()
# Stands in the trees for a secret that is set.
_SECRET = "recorded-secret"
_NEUTRAL: dict[type, Any] = {str: "", int: 0, float: 0.0, bool: False, list: [], dict: {}, type(None): None}

Shape = tuple[str, ...]
Tokens = dict[Shape, dict[str, int]]


class _AnyItem:
    """The items of a table that a reference may name, while the table is not known yet."""

    def __contains__(self, name: object) -> bool:
        return True


def recorded_schema(known: Menu, config: Tree, raw: Any) -> tuple[Menu, Tree]:
    """The schema and the tree of a recorded configuration. known: the schema of a near profile.  raw: the form of `?raw`."""
    tokens: Tokens = {}
    for shape, token, number in _pairs(config, raw, ()):
        tokens.setdefault(shape, {})[token] = number
    return _Builder(tokens).menu(known, "", config, raw, ())


def _pairs(plain: Any, raw: Any, shape: Shape) -> Iterator[tuple[Shape, str, int]]:
    """Every token with its number, and where it was seen."""
    if isinstance(plain, dict) and isinstance(raw, dict):
        for name, value in plain.items():
            yield from _pairs(value, raw.get(name, MISSING), (*shape, name))
    elif isinstance(plain, list) and isinstance(raw, list):
        for value, number in zip(plain, raw):
            yield from _pairs(value, number, (*shape, "*"))
    elif isinstance(plain, str) and isinstance(raw, int) and not isinstance(raw, bool):
        yield shape, plain, raw


class _Builder:
    """Makes nodes and their values. Each method takes the node of the near profile, the name, the value in both forms, and where it is."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def menu(self, known: Node | None, name: str, plain: Tree, raw: Any, shape: Shape) -> tuple[Menu, Tree]:
        menu, tree = Menu(name), {}
        children = known.children if isinstance(known, Menu) else {}
        in_raw = raw if isinstance(raw, dict) else {}
        for child, value in plain.items():
            node = self.node(children.get(child), child, value, in_raw.get(child, value), (*shape, child))
            menu.children[child], tree[child] = node
        return menu, tree

    def node(self, known: Node | None, name: str, plain: Any, raw: Any, shape: Shape) -> tuple[Node, Any]:
        if isinstance(plain, dict):
            return self.menu(known, name, plain, raw, shape)
        if isinstance(plain, list) and (_is_table(plain) or (plain == [] and isinstance(known, Table))):
            return self.table(known, name, plain, raw, shape)
        if isinstance(known, Leaf):
            value = _known_value(known, plain, raw)
            if value is not MISSING:
                return known, value
        is_secret = isinstance(known, Leaf) and known.secret and isinstance(plain, str) and plain != ""
        return _leaf(name, plain, raw, self._tokens.get(shape, {}), is_secret)

    def table(self, known: Node | None, name: str, plain: list[Any], raw: Any, shape: Shape) -> tuple[Table, Tree]:
        """A table whose items have shapes of their own; a new one has the members of all of them."""
        near = known if isinstance(known, Table) else None
        new = Menu("*") if near is None else near.item
        table = Table(name, "/".join(shape), _UNKNOWN_TABLE if near is None else near.rule, new)
        raw_items = raw if isinstance(raw, list) else []
        in_raw = {item.get("object-id"): item for item in raw_items if isinstance(item, dict)}
        tree: Tree = {}
        for item in plain:
            object_id = item["object-id"]
            members = {member: value for member, value in item.items() if member != "object-id"}
            near_item = None if near is None else near.item_menu(object_id)
            menu, tree[object_id] = self.menu(near_item, object_id, members, in_raw.get(object_id), (*shape, "*"))
            table.fixed[object_id] = menu
            if near is None:
                for member, node in menu.children.items():
                    new.children.setdefault(member, node)
        return table, tree


def _is_table(items: list[Any]) -> bool:
    names = [item.get("object-id") if isinstance(item, dict) else None for item in items]
    return bool(names) and all(isinstance(name, str) and name for name in names) and len(set(names)) == len(names)


def _known_value(leaf: Leaf, plain: Any, raw: Any) -> Any:
    """The canonical value if the device of a near profile would show it exactly so; MISSING otherwise."""
    if leaf.secret and plain not in ("", show(leaf, _SECRET, _DIALECT, False, "")):
        return MISSING
    try:
        value = (_SECRET if plain else "") if leaf.secret else accept(leaf, plain, _DIALECT, lambda _table: _AnyItem())
    except (BadValueError, TypeError):
        return MISSING
    shown = [(show(leaf, value, _DIALECT, is_raw, ""), recorded) for is_raw, recorded in ((False, plain), (True, raw))]
    return value if all(one == other and type(one) is type(other) for one, other in shown) else MISSING


def _leaf(name: str, plain: Any, raw: Any, tokens: dict[str, int], is_secret: bool) -> tuple[Leaf, Any]:
    """A leaf of the recorded type. A secret is shown as recorded while it is set, whatever it is set to."""
    is_secret = is_secret or (isinstance(plain, str) and len(plain) > 2 and set(plain) == {"*"})
    default = plain if tokens else _NEUTRAL[type(plain)]
    leaf = Leaf(name, "recorded", default, tokens=dict(tokens), secret=is_secret, recorded=(plain, raw))
    return leaf, _SECRET if is_secret else clone(plain)


def overlay(node: Node, base: Any, given: Any, path: tuple[str, ...] = ()) -> Any:
    """A tree of a profile with the values of a recorded one, as far as they fit its schema.

    The simulator computes with such a tree: it has all members that the recorded one may lack.
    """
    if isinstance(node, Leaf):
        return clone(given) if _fits(node, given) else base
    if not isinstance(given, dict):
        return base
    if isinstance(node, Menu):
        return {
            name: overlay(child, base[name], given[name], (*path, name)) if name in given else base[name]
            for name, child in node.children.items()
        }
    items = {name: item for name, item in given.items() if not node.fixed or name in node.fixed}
    kept = base if node.fixed or path == ("security", "users") else {}
    made = {
        name: overlay(node.item_menu(name), base.get(name) or empty(node.item_menu(name)), item, (*path, name))
        for name, item in items.items()
    }
    return {**kept, **made}


def _fits(leaf: Leaf, value: Any) -> bool:
    if leaf.kind == "switch":
        return isinstance(value, bool)
    if leaf.kind in ("number", "float"):
        is_number = isinstance(value, int if leaf.kind == "number" else (int, float)) and not isinstance(value, bool)
        return is_number and leaf.low <= value <= leaf.high
    if leaf.kind == "set":
        return isinstance(value, list) and all(isinstance(token, str) for token in value)
    if leaf.kind == "enum":
        return isinstance(value, str) and value in leaf.tokens
    return isinstance(value, str)
