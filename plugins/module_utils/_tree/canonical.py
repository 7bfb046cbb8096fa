# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canonical form of the tree of a device.

In canonical form a menu is a mapping of names, a table (a list of objects with object-id) is a mapping from object-id to
item, and a list of scalars is a list. The member object-id is removed, because it is the key.
"""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .paths import Path, text_of


class Tree(t.NamedTuple):
    """A canonical value. tables: paths that were tables. ambiguous: paths of lists whose items cannot be told apart."""

    value: t.Any
    tables: frozenset[Path]
    ambiguous: frozenset[Path]


def canonical(node: t.Any, at: Path = ()) -> Tree:
    """The canonical form of a value of a device or a user. at: path of the value."""
    tables: set[Path] = set()
    ambiguous: set[Path] = set()
    value = _canonical(node, at, tables, ambiguous)
    return Tree(value, frozenset(tables), frozenset(ambiguous))


def _menu_name(key: t.Any, at: Path) -> str:
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        raise LantimeError(
            "hostile_name",
            f"the name {printable(key, 40)} is not text",
            path=text_of(at),
            hint="YAML reads yes, no, on and off as truth values; quote names like these",
        )
    return str(key)


def repeated_name_error(path: Path) -> LantimeError:
    """The error for a mapping with two names that are the same as text."""
    return LantimeError(
        "duplicate_object_id",
        f"the name {printable(path[-1], 40)} is given twice, as number and as text",
        path=printable(text_of(path), 200),
        hint=f'give it once, as text: "{printable(path[-1], 40)}"; nothing was sent',
    )


def leaves(node: t.Any, at: Path = ()) -> t.Iterator[tuple[Path, t.Any]]:
    """Every scalar and every list below a canonical node, with its path."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, (*at, name))
    else:
        yield at, node


def value_at(node: t.Any, path: Path) -> t.Any:
    """The value at a path below a canonical node; KeyError if there is none."""
    for name in path:
        if not isinstance(node, dict):
            raise KeyError(name)
        node = node[name]
    return node


def _canonical(node: t.Any, at: Path, tables: set[Path], ambiguous: set[Path]) -> t.Any:
    if isinstance(node, dict):
        if node and all(isinstance(v, dict) and v.get("object-id") == k for k, v in node.items()):
            tables.add(at)
        menu: dict[str, t.Any] = {}
        for key, value in node.items():
            name = _menu_name(key, at)
            if name in menu:
                raise repeated_name_error((*at, name))
            if name != "object-id":
                menu[name] = _canonical(value, (*at, name), tables, ambiguous)
        return menu
    if isinstance(node, list):
        return _canonical_list(node, at, tables, ambiguous)
    return node


def _canonical_list(node: list[t.Any], at: Path, tables: set[Path], ambiguous: set[Path]) -> t.Any:
    if not any(isinstance(item, (dict, list)) for item in node):
        return list(node)
    keys = [_object_id(item) for item in node]
    if None in keys or len(set(keys)) != len(keys):
        ambiguous.add(at)
        return [_canonical(item, (*at, str(i)), tables, ambiguous) for i, item in enumerate(node)]
    tables.add(at)
    return {str(key): _canonical(item, (*at, str(key)), tables, ambiguous) for key, item in zip(keys, node)}


def _object_id(item: t.Any) -> str | None:
    key = item.get("object-id") if isinstance(item, dict) else None
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        return None
    return str(key)
