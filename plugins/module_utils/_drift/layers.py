# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Merges golden configurations in layers. Pure functions."""

from __future__ import annotations

import typing as t

from .._base.plain import refuse_repeated_names

_ID = "object-id"
# A list of rules for modules, which is no part of the tree.
_RULES = "modules"


def merge_layers(layers: t.Sequence[t.Any]) -> dict[str, t.Any]:
    """One tree from several, in which later trees win.

    Menus are merged by name, tables by object-id, and lists of scalars are replaced. A list of rules for modules is appended to
    those of the former trees. Raises ValueError if one layer has a menu where another has a value, as it is ambiguous which of
    them is meant.
    """
    merged: t.Any = {}
    rules: list[t.Any] = []
    for number, layer in enumerate(layers, 1):
        if not isinstance(layer, dict):
            raise ValueError(f"layer {number} is not a mapping")
        refuse_repeated_names(layer)
        tree = dict(layer)
        if isinstance(tree.get(_RULES), list):
            rules += tree.pop(_RULES)
        merged = _merge_nodes(merged, _key_tables(tree, ()), (), number)
    if rules and _RULES in merged:
        raise ValueError(f"{_RULES} is a list of rules in one layer, and a part of the configuration in another")
    return {**merged, **({_RULES: rules} if rules else {})}


def split_rules(merged: t.Mapping[str, t.Any]) -> tuple[dict[str, t.Any], list[t.Any]]:
    """The tree and the list of rules for modules in merged layers."""
    return {name: value for name, value in merged.items() if name != _RULES}, merged.get(_RULES) or []


def layers_of_host(
    golden: t.Any, rules: t.Any, overlays: t.Any, groups: t.Collection[str], host: str | None
) -> list[t.Any]:
    """The layers that apply to a host, from the lowest: golden configuration, overlays of its groups, overlay of the host.

    rules: for modules, below all others.  overlays: by name of a group, all or a host.
    """
    by_name = overlays or {}
    if not isinstance(by_name, dict):
        raise ValueError("lantime_golden_overlays is not a mapping")
    if golden and not isinstance(golden, dict):
        raise ValueError("lantime_golden_config is not a mapping")
    own = [layer for name, layer in by_name.items() if name in groups or name == "all"]
    return [{_RULES: rules or []}, golden or {}, *own, by_name.get(host) or {}]


def _merge_nodes(lower: t.Any, upper: t.Any, path: tuple[str, ...], number: int) -> t.Any:
    if isinstance(lower, dict) and isinstance(upper, dict):
        return {
            **lower,
            **{
                name: _merge_nodes(lower[name], value, (*path, name), number) if name in lower else value
                for name, value in upper.items()
            },
        }
    if isinstance(lower, dict) or isinstance(upper, dict):
        kinds = ("a menu", "a value") if isinstance(upper, dict) else ("a value", "a menu")
        raise ValueError(f"{'/'.join(path)} is {kinds[0]} in layer {number} and {kinds[1]} in one below it")
    return upper


def _key_tables(value: t.Any, path: tuple[str, ...]) -> t.Any:
    """A value with its tables as mappings from object-id to item."""
    if isinstance(value, dict):
        return {str(name): _key_tables(item, (*path, str(name))) for name, item in value.items()}
    if not isinstance(value, list) or not any(isinstance(item, dict) for item in value):
        return value
    table: dict[str, t.Any] = {}
    for item in value:
        if not isinstance(item, dict) or item.get(_ID) is None:
            raise ValueError(f"{'/'.join(path)} is a table with an item without {_ID}")
        name = str(item[_ID])
        if name in table:
            raise ValueError(f"{'/'.join(path)} has {name} twice")
        content = {key: entry for key, entry in item.items() if key != _ID}
        table[name] = _key_tables(content, (*path, name))
    return table
