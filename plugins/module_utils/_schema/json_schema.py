# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A JSON Schema (draft 2020-12) of golden configurations, from the description of configurations. Pure.

It accepts everything that lantime_config would accept from a device of that description, and templates. It cannot say
which module is in which slot: lantime_validate does.
"""

from __future__ import annotations

import itertools
import re
import typing as t
from dataclasses import dataclass, field

from .._hardware.catalogue import families
from .._tree.aliases import EVENT_ALIASES
from .._tree.paths import Path, text_of
from .description import ITEM, LIST, MENU, MIXED, TABLE, UNKNOWN, Description, PathDescription
from .scalars import MASK_OR_TEMPLATE, TEMPLATE, Schema, scalar_schema, shared_schemas

VARIABLES, CONFIG = "variables", "config"
FORMS = (VARIABLES, CONFIG)

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TREES = ("lantime_golden_config", "drift_check_config", "fleet_config_config")
_RULES = ("lantime_golden_modules", "drift_check_modules", "fleet_config_modules")
_OVERLAYS = "lantime_golden_overlays"
_CONDITIONS = ("families", "models", "slots", "firmware")
_ALIASES = {**EVENT_ALIASES, **{old: name for name, old in EVENT_ALIASES.items()}}
# A new item can have secrets that the device does not show.
_SECRET_NAMES = "[Pp]assw|[Pp]assphrase|[Ss]ecret|[Cc]ommunity|[Tt]oken|[Kk]ey|[Pp]in$|[Pp]ass$|[Pp]w$|[Pp]sk$"


@dataclass
class _Node:
    """A path and what is below it. entry: None of menus with names."""

    path: Path = ()
    entry: PathDescription | None = None
    below: dict[str, _Node] = field(default_factory=dict)


def make_json_schema(description: Description, form: str = VARIABLES) -> Schema:
    """The JSON Schema. form: VARIABLES for files of variables, CONFIG for files that hold one configuration."""
    maker = _SchemaMaker()
    root = _tree_of(description.entries)
    config = maker.menu(root)
    definitions: Schema = {"config": config, "rule": _rule_schema(maker, root), "rules": _rules_schema()}
    definitions["overlay"] = {**config, "properties": {**config["properties"], "modules": {"$ref": "#/$defs/rules"}}}
    definitions.update(shared_schemas())
    definitions.update(maker.definitions)
    top: Schema = {
        "$schema": _DRAFT,
        "title": "Golden configuration of LANTIME time servers",
        "description": "Names and types were read from devices. Values are examples: others may be accepted too.",
    }
    if form == CONFIG:
        return {**top, "$ref": "#/$defs/config", "$defs": definitions}
    properties: Schema = {
        **{name: {"$ref": "#/$defs/config", "description": "Golden configuration."} for name in _TREES},
        **{name: {"$ref": "#/$defs/rules", "description": "Rules for modules."} for name in _RULES},
        _OVERLAYS: {
            "description": "Configurations by the name of a group or host.",
            "type": ["object", "string"],
            "pattern": TEMPLATE,
            "additionalProperties": {"$ref": "#/$defs/overlay"},
        },
    }
    return {**top, "type": ["object", "null"], "properties": properties, "$defs": definitions}


def _tree_of(entries: t.Iterable[PathDescription]) -> _Node:
    root = _Node()
    for entry in entries:
        node = root
        for depth, name in enumerate(entry.path, 1):
            node = node.below.setdefault(name, _Node(entry.path[:depth]))
        node.entry = entry
    return root


class _SchemaMaker:
    """Makes schemas of nodes. definitions: those of items of tables, which two forms of a table refer to."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._names: dict[Path, str] = {}

    def menu(self, node: _Node) -> Schema:
        """A mapping with the names of a menu, each of them optional, and no others."""
        properties = {name: self._node(inner) for name, inner in node.below.items()}
        for name in [name for name in properties if name in _ALIASES]:
            properties.setdefault(_ALIASES[name], properties[name])
        schema: Schema = {"type": ["object", "string"], "pattern": TEMPLATE, "properties": properties}
        if node.path:
            schema["description"] = text_of(node.path)
        return {**schema, "additionalProperties": False}

    def _node(self, node: _Node) -> Schema:
        entry = node.entry
        if entry is None or entry.type == MENU:
            return self.menu(node) if node.below else _empty(node.path, ["object", "string"], TEMPLATE)
        if entry.type == TABLE and set(node.below) <= {ITEM}:
            return self._table(node, entry)
        # Elsewhere, the path is a value and a menu, so that nothing is known of it.
        return {} if node.below else _leaf(entry)

    def _table(self, node: _Node, entry: PathDescription) -> Schema:
        """A mapping from object-id to item, or a list of items with object-id."""
        item = self.item(node, bool(entry.can_grow))
        listed: Schema = {"allOf": [item, {"required": ["object-id"]}]}
        schema: Schema = {
            "type": ["object", "array", "string"],
            "pattern": TEMPLATE,
            "description": f"{text_of(node.path)}: table",
            "items": listed,
        }
        if entry.can_grow or not entry.has_all_items:
            return {**schema, "additionalProperties": item}
        names = [*entry.items, *(_ALIASES[name] for name in entry.items if name in _ALIASES)]
        numbers = [int(name) for name in names if re.fullmatch(r"0|[1-9]\d{0,9}", name)]
        known = {"anyOf": [{"enum": [*names, *numbers]}, {"type": "string", "pattern": TEMPLATE}]}
        listed["allOf"].append({"properties": {"object-id": known}})
        return {**schema, "properties": dict.fromkeys(names, item), "additionalProperties": False}

    def item(self, table: _Node, is_new: bool) -> Schema:
        """A reference to the schema of the items. is_new: whether items can be added, with secrets that no item shows."""
        node = table.below.get(ITEM)
        if node is None or not node.below:
            return {"type": ["object", "string"], "pattern": TEMPLATE}
        if node.path not in self._names:
            self._names[node.path] = name = self._free_name(table.path)
            schema = self.menu(node)
            schema["properties"]["object-id"] = {"type": ["string", "integer"]}
            if is_new:
                schema["patternProperties"] = {_SECRET_NAMES: True}
            self.definitions[name] = schema
        return {"$ref": f"#/$defs/{self._names[node.path]}"}

    def _free_name(self, table: Path) -> str:
        base = re.sub(r"[^A-Za-z0-9_.-]", "_", ".".join(table)) + ".item"
        taken = set(self._names.values())
        numbered = (f"{base}{number}" for number in itertools.count(2))
        return base if base not in taken else next(name for name in numbered if name not in taken)


def _empty(path: Path, kinds: list[str], pattern: str) -> Schema:
    """An empty table looks like a menu without names or an empty list, and takes items."""
    item: Schema = {"type": ["object", "string"], "pattern": TEMPLATE}
    schema: Schema = {"type": kinds, "pattern": pattern, "additionalProperties": item}
    return {**schema, "description": text_of(path)}


def _leaf(entry: PathDescription) -> Schema:
    kind = entry.type
    notes = [kind if entry.elements is None else f"list of {entry.elements}"]
    if kind == LIST and entry.elements in (None, UNKNOWN):
        schema = _empty(entry.path, ["array", "object", "string"], MASK_OR_TEMPLATE)
    elif kind == LIST:
        schema = {"type": ["array", "string"], "pattern": MASK_OR_TEMPLATE}
        if entry.elements != MIXED:
            schema["items"] = scalar_schema(entry, str(entry.elements))
    else:
        schema = {} if kind == MIXED else scalar_schema(entry, kind)
    if entry.secret:
        notes.append("secret")
    if entry.read_only:
        notes.append("read-only")
        schema.update(readOnly=True, deprecationMessage="A device refused to change this.")
    if entry.refused:
        schema["not"] = {"enum": entry.refused}
    examples = [value for value in entry.examples if value is not None and value not in entry.refused]
    if examples:
        target = schema.get("items", schema) if kind == LIST else schema
        target["examples"] = examples
    return {**schema, "description": f"{text_of(entry.path)}: {', '.join(notes)}"}


# -- rules


def _rules_schema() -> Schema:
    return {"type": ["array", "string"], "pattern": TEMPLATE, "items": {"$ref": "#/$defs/rule"}}


def _rule_schema(maker: _SchemaMaker, root: _Node) -> Schema:
    names: Schema = {"type": ["array", "string"], "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["config"],
        "anyOf": [{"required": [name]} for name in _CONDITIONS],
        "additionalProperties": False,
        "properties": {
            "families": {**names, "items": {"type": "string", "examples": sorted(families())}},
            "models": names,
            "slots": names,
            "firmware": {"type": "string", "examples": [">=7.10"]},
            "config": _slot_schema(maker, root),
            "when_absent": {"anyOf": [{"enum": ["ignore", "fail"]}, {"type": "string", "pattern": TEMPLATE}]},
            "override": {"type": ["boolean", "string"]},
        },
    }


def _slot_schema(maker: _SchemaMaker, root: _Node) -> Schema:
    """The settings of the modules in all slots, below the item of the slot."""
    chassis = [
        node.below["slots"] for name, node in root.below.items() if name[:7] == "chassis" and "slots" in node.below
    ]
    items = [maker.item(slots, False) for slots in chassis]
    if not items:
        return {"type": ["object", "string"], "pattern": TEMPLATE}
    return items[0] if len(items) == 1 else {"anyOf": items}
