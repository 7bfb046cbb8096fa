# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that differ between releases, so that one desired tree fits all of them. Pure."""

from __future__ import annotations

import typing as t

from .canonical import Tree
from .paths import Path

# canonical name -> spelling of API generation 10 (LTOS 7.06). The release between 7.06.014 and 7.10.008 in which the names
# changed is unknown, so both are accepted everywhere.
EVENT_ALIASES = {
    "leapsecond-announced": "leap-second-announced",
    "faillock-user-banned": "faillock:-user-banned",
}
VALUE_ALIASES = {"no-leapsecond": "no-leap-second"}
_CANONICAL = {old: name for name, old in (*EVENT_ALIASES.items(), *VALUE_ALIASES.items())}


def canonical_event(name: str) -> str:
    """The name of an event in the spelling of LTOS 7.10; an unknown name is returned as it is."""
    return _CANONICAL.get(name, name)


def canonical_value(value: str | None) -> str | None:
    """An enum token in the spelling of LTOS 7.10; an unknown token is returned as it is."""
    return None if value is None else _CANONICAL.get(value, value)


def use_device_names(desired: Tree, current: t.Any) -> Tree:
    """The desired tree with each alias replaced by the name that the device has.

    current: the device's tree, canonical. A name that the device has, or that has no alias there, is kept.
    """
    renamed: dict[Path, Path] = {}
    value = _rename_node(desired.value, current, (), (), renamed)
    if not renamed:
        return desired

    def rename(paths: frozenset[Path]) -> frozenset[Path]:
        return frozenset(renamed.get(path, path) for path in paths)

    return Tree(value, rename(desired.tables), rename(desired.ambiguous))


def _rename_node(node: t.Any, current: t.Any, old: Path, at: Path, renamed: dict[Path, Path]) -> t.Any:
    if not isinstance(node, dict):
        return node
    menu = current if isinstance(current, dict) else {}
    result: dict[str, t.Any] = {}
    for name, value in node.items():
        own = name if name in menu else _name_on_device(name, node, menu)
        given, here = (*old, name), (*at, own)
        if given != here:
            renamed[given] = here
        result[own] = _rename_node(value, menu.get(own), given, here, renamed)
    return result


def _name_on_device(name: str, node: dict[str, t.Any], menu: dict[str, t.Any]) -> str:
    wanted = canonical_event(name)
    return next((own for own in menu if own not in node and canonical_event(own) == wanted), name)
