# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/settings.rst, from the profiles of the simulator."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.tables import can_grow
from ansible_collections.meinberg.lantime.plugins.module_utils._schema.description import ITEM, Description
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.schema import UINT_MAX, WITHOUT, Leaf, Menu, Node, schema
from ansible_collections.meinberg.lantime.tests.simulator.schema import Table as SchemaTable
from ansible_collections.meinberg.lantime.tools import rst
from ansible_collections.meinberg.lantime.tools.family_data import described, load, page_name

Path = tuple[str, ...]

MODULES = "chassis0"
_MAX_ITEMS = 40
# The limit of the simulator for texts whose length the MIB does not limit.
_TEXT_LIMIT = 1024
_WIDTH = 150
_TYPES = {
    "switch": "bool",
    "number": "int",
    "float": "float",
    "enum": "str",
    "ref": "str",
    "string": "str",
    "set": "list",
}
# The page that explains a section.
_TOPICS = {"syncmon": "syncmon_nodes"}

_INTRODUCTION = (
    "**Every path and every token on this page is an ASSUMPTION**: it is what the simulator plays, and no device has confirmed it. Objects, types,",
    "ranges, defaults and access are those of the vendor's MIB, apart from `security/users`, which the MIB does not describe. Your device may have",
    "other names and more of them.",
    "",
    "What your device has is in the result of `meinberg.lantime.lantime_config_info` with `schema: true`, and an editor can complete it: see",
)
_COLUMNS = (
    "Paths start at the root of the configuration. `*` stands for the `object-id` of an item of a table. The default is the value of a setting that",
    "was never set. *Read-only* settings are refused when they are changed, and *secret* ones are masked when they are read.",
    "",
)


def page() -> str:
    root = schema()
    observed = _observed()
    lines = [
        *map(rst.inline, _INTRODUCTION),
        rst.link("editor", "Golden configurations in an editor") + ".",
        "",
        *map(rst.inline, _COLUMNS),
    ]
    for name, node in sorted(root.children.items()):
        lines += [*rst.heading(f"`{name}`"), *_section((name,), node, observed)]
    lines += [*rst.heading(f"`{MODULES}`"), *_modules(observed)]
    return rst.page("settings", "What can be configured", lines)


def _observed() -> dict[Path, list[str]]:
    """The items of each table in all profiles."""
    description = Description()
    for profile in PROFILE_NAMES:
        description.add_tree(canonical(offline_device(profile).running(clear=False)))
    return {entry.path: entry.items for entry in description.entries if entry.type == "table"}


def _section(path: Path, node: Node, observed: dict[Path, list[str]]) -> list[str]:
    lines = []
    if path[0] in _TOPICS:
        name = _TOPICS[path[0]]
        lines += [f"See {rst.link(name, load()['topics'][name]['title'])}.", ""]
    for table_path, table in _tables(path, node):
        sentence = _sentence_of(table_path, table, observed.get(table_path, []))
        lines += [*textwrap.wrap(sentence, _WIDTH, break_long_words=False, break_on_hyphens=False), ""]
    rows = [_row(leaf_path, leaf) for leaf_path, leaf in _leaves(path, node)]
    return [*lines, *rst.table(("setting", "type", "values", "default", "access"), rows)]


def _tables(path: Path, node: Node) -> Iterator[tuple[Path, SchemaTable]]:
    if isinstance(node, SchemaTable):
        yield path, node
        yield from _tables((*path, ITEM), node.item)
    elif isinstance(node, Menu):
        for name, inner in node.children.items():
            yield from _tables((*path, name), inner)


def _leaves(path: Path, node: Node) -> Iterator[tuple[Path, Leaf]]:
    if isinstance(node, Leaf):
        yield path, node
    elif isinstance(node, SchemaTable):
        yield from _leaves((*path, ITEM), node.item)
    else:
        for name, inner in node.children.items():
            yield from _leaves((*path, name), inner)


def _sentence_of(path: Path, table: SchemaTable, items: list[str]) -> str:
    text = "/".join(path)
    if not can_grow(path):
        names = ", ".join(f"`{name}`" for name in items[:_MAX_ITEMS])
        more = f" and {len(items) - _MAX_ITEMS} more" if len(items) > _MAX_ITEMS else ""
        sentence = f"The table `{text}` has a fixed set of items. The profiles have {names}{more}."
    else:
        sentence = f"Items can be added to the table `{text}`, up to {table.rule.limit}."
    for item, names_without in WITHOUT.get(text, {}).items():
        sentence += f" The item `{item}` has no {' and no '.join(f'`{name}`' for name in sorted(names_without))}."
    return rst.inline(sentence)


def _row(path: Path, leaf: Leaf) -> tuple[str, ...]:
    access = [word for word, is_so in (("read-only", leaf.read_only), ("secret", leaf.secret)) if is_so]
    default = "" if leaf.secret or leaf.default in ("", []) else f"`{_text(leaf.default)}`"
    return (f"`{'/'.join(path)}`", _TYPES.get(leaf.kind, "str"), _values(leaf), default, ", ".join(access))


def _values(leaf: Leaf) -> str:
    if leaf.refers_to:
        return f"`object-id` of `{leaf.refers_to}`"
    if leaf.tokens:
        return ", ".join(f"`{token}`" for token in leaf.tokens)
    if leaf.choices:
        return ", ".join(map(str, leaf.choices))
    if leaf.kind in ("number", "float"):
        return f"{leaf.low} to {leaf.high}" if leaf.high < UINT_MAX else f"{leaf.low} or more"
    if leaf.kind == "string" and leaf.high < _TEXT_LIMIT:
        return f"up to {leaf.high} characters"
    return ""


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _modules(observed: dict[Path, list[str]]) -> list[str]:
    slots = ", ".join(f"`{name}`" for name in observed[MODULES, "slots"])
    lines = (
        f"The settings of a module are below `{MODULES}/slots/SLOT/module`, as far as its family has settings. `{MODULES}/slots/SLOT/name` is a name that",
        "you choose, of up to 32 characters. Slots are determined by the chassis.",
        f"The profiles have {slots}.",
        "",
        "The pages of the families list their settings:",
        "",
    )
    return [
        *map(rst.inline, lines),
        *(f"- {rst.link(page_name(family.name), family.name)}: {family.function}" for family in described()),
        f"- {rst.link('module_references', load()['topics']['module_references']['title'])}",
        f"- {rst.link('ptp_instances', load()['topics']['ptp_instances']['title'])}",
        "",
    ]
