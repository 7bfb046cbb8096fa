# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration schema of a device: the tables of settings compiled into nodes.

Settings of the device are in `settings_table`, those of modules and of SyncMon in `families`, tokens in `tokens`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Union

from .families.catalogue import Fitted, settings_of
from .families.rows import Row
from .families.syncmon import NODES_MAX, SYNCMON
from .settings_table import SETTINGS
from .tokens import ENUMS

UINT_MAX = 4294967295


@dataclass(frozen=True)
class TableRule:
    """Which items a table may have: none added (`grows` False), or up to `limit`, named so.

    new: what a new item has other than the defaults.
    """

    grows: bool = False
    limit: int = 0
    names: str = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
    slots: tuple[str, ...] = ()
    new: tuple[tuple[str, object], ...] = ()
    keeps_one: bool = False


TABLES: dict[str, TableRule] = {
    "network/ports": TableRule(),
    "network/interfaces": TableRule(True, 99, r"vif[0-9]{1,3}"),
    "notification/snmp/trap-receivers": TableRule(True, 5, slots=tuple("01234")),
    "notification/events": TableRule(),
    "security/users": TableRule(True, 64, r"[a-z_][a-z0-9_-]{0,31}"),
    "ntp/external-servers": TableRule(True, 10, slots=tuple(str(number) for number in range(1, 11))),
    "ntp/broadcast": TableRule(),
    "syncmon/nodes": TableRule(True, NODES_MAX, r"[A-Za-z0-9._-]{1,64}"),
}
# Tables of a module that grow.
_GROWING = {"ptp/instances": TableRule(True, 8, r"ptp[1-9][0-9]{0,3}", new=(("enabled", False),), keeps_one=True)}

# The rule of normal operation knows neither the alarm LED nor a relay.
WITHOUT: dict[str, dict[str, frozenset[str]]] = {
    "notification/events": {"normal-operation": frozenset({"led", "relay"})},
}


@dataclass(frozen=True)
class Leaf:
    """One object: its name, kind, default, bounds or tokens, access and secrecy; where the status shows it.

    recorded: of the kind `recorded`, the value and what `?raw` shows of it.
    """

    name: str
    kind: str
    default: object
    low: float = 0
    high: float = UINT_MAX
    step: int = 1
    choices: tuple[int, ...] = ()
    tokens: Mapping[str, int | None] = field(default_factory=dict)
    refers_to: str = ""
    read_only: bool = False
    secret: bool = False
    shows: str = ""
    recorded: tuple[Any, Any] = (None, None)


@dataclass
class Menu:
    """A menu: named leaves, menus and tables."""

    name: str
    children: dict[str, Node] = field(default_factory=dict)


@dataclass
class Table:
    """A table of items, each a menu of the same shape (less what `without` names for an item).

    fixed: the items that are always there, each with a shape of its own.
    """

    name: str
    path: str
    rule: TableRule
    item: Menu
    without: dict[str, frozenset[str]] = field(default_factory=dict)
    fixed: dict[str, Menu] = field(default_factory=dict)

    def item_menu(self, object_id: str) -> Menu:
        item = self.fixed.get(object_id, self.item)
        missing = self.without.get(object_id)
        if not missing:
            return item
        kept = {name: node for name, node in item.children.items() if name not in missing}
        return Menu(object_id, kept)


Node = Union[Leaf, Menu, Table]


def _leaf(name: str, kind: str, default: object, flags: str, shows: str = "") -> Leaf:
    word, dummy, rest = kind.partition(" ")
    read_only, secret = "ro" in flags, "secret" in flags
    if word in ("uint", "int", "float", "text"):
        bounds, dummy, step = rest.partition(" step ")
        first, dummy, last = bounds.partition("..")
        number = float if word == "float" else int
        low, high = (number(first), number(last)) if rest else (0, UINT_MAX)
        known = {"float": "float", "text": "string"}.get(word, "number")
        return Leaf(name, known, default, low, high, int(step or 1), read_only=read_only, shows=shows)
    if word == "one-of":
        numbers = tuple(int(number) for number in rest.split(","))
        return Leaf(name, "number", default, min(numbers), max(numbers), 1, numbers, read_only=read_only, shows=shows)
    if word in ("enum", "set", "tokens"):
        tokens = tuple(rest.split(",")) if word == "tokens" else ENUMS[rest]
        numbered: dict[str, int | None] = (
            dict(tokens) if isinstance(tokens, dict) else {token: number for number, token in enumerate(tokens)}
        )
        known = "set" if word == "set" else "enum"
        # Only `gnss/systems` and read-only sets have tokens; an empty one makes no sense.
        return Leaf(name, known, default, 1, len(numbered), tokens=numbered, read_only=read_only, shows=shows)
    if word in ("ref", "set-of"):
        known = "set" if word == "set-of" else "ref"
        return Leaf(name, known, default, refers_to=rest, read_only=read_only, shows=shows)
    high = 1024 if word == "string" else UINT_MAX
    return Leaf(name, word, default, high=high, read_only=read_only, secret=secret, shows=shows)


def leaf_of(row: Row) -> Leaf:
    """The object of a row of a family's table."""
    name = row.path.rpartition("/")[2]
    word, dummy, rest = row.kind.partition(" ")
    # A reference of a module is to a table of the same module.
    kind = f"ref ./{rest}" if word == "ref" else row.kind
    leaf = _leaf(name, kind, None, row.access, row.shows)
    return _leaf(name, kind, _default(leaf, row.default), row.access, row.shows)


def _default(leaf: Leaf, text: str) -> object:
    if leaf.kind == "set":
        return list(leaf.tokens) if text == "*" else [] if text == "-" else text.split()
    if text == "-":
        return ""
    if leaf.kind == "switch":
        return text == "true"
    if leaf.kind == "number":
        return int(text)
    return float(text) if leaf.kind == "float" else text


class _Compiler:
    """Puts leaves into menus and tables. items: the items of each fixed table, by the path of the table."""

    def __init__(self, rules: Mapping[str, TableRule], items: Mapping[str, tuple[str, ...]]) -> None:
        self.rules = rules
        self.items = items

    def add(self, menu: Menu, here: str, path: tuple[str, ...], leaf: Leaf) -> None:
        name, rest = path[0], path[1:]
        if not rest:
            menu.children[name] = leaf
            return
        below = f"{here}/{name}" if here else name
        node = menu.children.get(name)
        if node is None:
            node = menu.children[name] = self._node(name, below)
        if isinstance(node, Leaf):
            raise ValueError(f"{below} is both an object and a menu")
        if isinstance(node, Menu):
            self.add(node, below, rest, leaf)
            return
        item, inside = rest[0], rest[1:]
        menus = [node.item, *node.fixed.values()] if item == "*" else [node.fixed[item]]
        for one in menus:
            self.add(one, f"{below}/*", inside, leaf)

    def _node(self, name: str, path: str) -> Menu | Table:
        if path in self.items:
            fixed = {item: Menu(item) for item in self.items[path]}
            return Table(name, path, TableRule(), Menu("*"), fixed=fixed)
        if path in self.rules:
            return Table(name, path, self.rules[path], Menu("*"), WITHOUT.get(path, {}))
        return Menu(name)


@lru_cache(maxsize=256)
def module_menu(module: Fitted) -> Menu:
    """The settings of a module; without children if it has none."""
    table, items = settings_of(module)
    compiler = _Compiler(_GROWING, items)
    menu = Menu("module")
    for row in table:
        compiler.add(menu, "", tuple(row.path.split("/")), leaf_of(row))
    return menu


@lru_cache(maxsize=64)
def schema(slots: tuple[tuple[str, Fitted | None], ...] = ()) -> Menu:
    """The schema as a tree. slots: the slots of the chassis and the modules in them."""
    root = Menu("")
    compiler = _Compiler(TABLES, {})
    for path, kind, default, flags in SETTINGS:
        compiler.add(root, "", tuple(path.split("/")), _leaf(path.rpartition("/")[2], kind, default, flags))
    for row in SYNCMON:
        compiler.add(root, "", tuple(row.path.split("/")), leaf_of(row))
    if slots:
        table = Table("slots", "chassis0/slots", TableRule(), Menu("*"))
        table.fixed = {slot: _slot_menu(slot, module) for slot, module in slots}
        root.children["chassis0"] = Menu("chassis0", {"slots": table})
    return root


def _slot_menu(slot: str, module: Fitted | None) -> Menu:
    """A slot has the menu `module` only while a module with settings is fitted."""
    menu = Menu(slot, {"name": _leaf("name", "text 0..32", "", "")})
    settings = None if module is None else module_menu(module)
    if settings is not None and settings.children:
        menu.children["module"] = settings
    return menu


def packages_of(path: tuple[str, ...]) -> frozenset[str]:
    """The packages that hold a setting (A19); settings of no package are saved by `all` alone."""
    area = path[0] if path else ""
    if area in ("network", "ntp", "snmp", "syncmon"):
        return frozenset({area})
    if path[:3] == ("notification", "snmp", "trap-receivers"):
        return frozenset({"snmp"})
    if path[:2] == ("security", "ssh"):
        return frozenset({"ssh"})
    if area in ("notification", "system") or path[:2] == ("security", "users"):
        return frozenset({"system", "lantime"})
    if area == "chassis0":
        if "sync-e" in path:
            return frozenset({"ptp2", "lptp", "ims"})
        return frozenset({"ptp2", "lptp"}) if "ptp" in path else frozenset({"ims"})
    return frozenset()
