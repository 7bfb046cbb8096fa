# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: golden trees laid over each other."""

from __future__ import annotations

import typing as t

_ID = "object-id"


def merge_layers(layers: t.Sequence[t.Any]) -> dict[str, t.Any]:
    """One tree from several; a later one wins. Menus and tables are merged, by name and by object-id; lists of scalars are replaced.

    Raises ValueError where one layer has a menu and another a value: which of them is meant cannot be known.
    """
    merged: t.Any = {}
    for number, layer in enumerate(layers, 1):
        if not isinstance(layer, dict):
            raise ValueError(f"layer {number} is no mapping")
        merged = _merge_nodes(merged, _key_tables(layer, ()), (), number)
    return t.cast("dict[str, t.Any]", merged)


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
    """Tables as mappings from object-id to item, as the other form of them is written."""
    if isinstance(value, dict):
        return {str(name): _key_tables(item, (*path, str(name))) for name, item in value.items()}
    if not isinstance(value, list) or not any(isinstance(item, dict) for item in value):
        return value
    found: dict[str, t.Any] = {}
    for item in value:
        if not isinstance(item, dict) or item.get(_ID) is None:
            raise ValueError(f"{'/'.join(path)} is a table with an item without {_ID}")
        name = str(item[_ID])
        if name in found:
            raise ValueError(f"{'/'.join(path)} has {name} twice")
        content = {key: entry for key, entry in item.items() if key != _ID}
        found[name] = _key_tables(content, (*path, name))
    return found
