# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suggestions for an unknown name from the whole tree of a device. Pure."""

from __future__ import annotations

import difflib
import typing as t

from .._base.suggest import suggest_names
from .canonical import Tree
from .paths import Path, text_of

# Bounds for what a device can make of this: nodes that are visited, names that are compared, places that are listed, length of a name.
_MAX_NODES = 50_000
_MAX_COMPARED = 2000
_MAX_PLACES = 3
_MAX_NAME = 60

Places = dict[str, list[Path]]


def suggest_paths(path: Path, siblings: t.Iterable[str], tree: Tree | None) -> str:
    """The end of a message about an unknown name of a tree, as of suggest_names(): names of the same menu, and paths elsewhere.

    siblings: the names that the menu has.  tree: where else to search, from its root; None to search nowhere else.
    """
    menu = sorted(siblings)
    places = _places_by_name(tree) if tree is not None else {}
    name = _plain(path[-1])
    elsewhere = _show_places(path, places.get(name, []))
    has_similar = bool(difflib.get_close_matches(name, [_plain(each) for each in menu], n=1, cutoff=0.6))
    if len(elsewhere) > _MAX_PLACES and has_similar:
        elsewhere = []
    elif not elsewhere and not has_similar:
        similar = difflib.get_close_matches(name, list(places)[:_MAX_COMPARED], n=_MAX_PLACES, cutoff=0.8)
        elsewhere = _show_places(path, [place for each in similar for place in places[each]])
    return suggest_names(path[-1], menu, elsewhere[:_MAX_PLACES])


def _plain(name: str) -> str:
    return name[:_MAX_NAME].lower().replace("_", "-")


def _places_by_name(tree: Tree) -> Places:
    """The paths of all names of a tree by their last name; items of tables have object-ids, which are no names."""
    places: Places = {}
    stack: list[tuple[Path, t.Any]] = [((), tree.value)]
    for _count in range(_MAX_NODES):
        if not stack:
            break
        at, node = stack.pop()
        if at and at[:-1] not in tree.tables:
            places.setdefault(_plain(at[-1]), []).append(_general_path(at, tree.tables))
        if isinstance(node, dict):
            stack += [((*at, name), value) for name, value in reversed(list(node.items()))]
    return places


def _general_path(path: Path, tables: frozenset[Path]) -> Path:
    """A path with * in place of each item of a table."""
    return tuple("*" if path[:depth] in tables else name for depth, name in enumerate(path))


def _show_places(path: Path, places: t.Iterable[Path]) -> list[str]:
    """Paths elsewhere for a message, those first that have most in common with a path, and with its object-ids."""
    shown: dict[str, int] = {}
    for place in dict.fromkeys(places):
        common = 0
        for one, other in zip(place, path):
            if one not in (other, "*"):
                break
            common += 1
        if common == len(path) - 1 == len(place) - 1:
            continue  # of the same menu
        found = (*path[:common], *place[common:])
        # Another item of a table has this name, such as another slot with another module.
        if found != path:
            shown[text_of(found)] = common
    return sorted(shown, key=lambda text: -shown[text])
