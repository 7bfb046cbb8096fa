# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: a desired tree in the spelling of the device at hand, so that one tree fits all releases.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .canonical import Tree
from .paths import Path

# canonical name -> spelling of API generation 10 (LTOS 7.06). On which release between 7.06.014 and
# 7.10.008 the names changed is not known, so both are read everywhere.
EVENT_ALIASES = {
    "leapsecond-announced": "leap-second-announced",
    "faillock-user-banned": "faillock:-user-banned",
}
VALUE_ALIASES = {"no-leapsecond": "no-leap-second"}
_CANONICAL = {old: name for name, old in (*EVENT_ALIASES.items(), *VALUE_ALIASES.items())}


def canonical_event(name: str) -> str:
    """The name of an event as LTOS 7.10 spells it; an unknown one stays as it is."""
    return _CANONICAL.get(name, name)


def canonical_value(value: str | None) -> str | None:
    """The enum token as LTOS 7.10 spells it; an unknown one stays as it is."""
    return None if value is None else _CANONICAL.get(value, value)


def spelled_as(desired: Tree, current: t.Any) -> Tree:
    """The desired tree with each name that the device spells as another release does renamed to the device's own.

    current: the device's tree, canonical. A name that the device has, or that no other spelling is known of, stays.
    """
    renamed: dict[Path, Path] = {}
    value = _spelled(desired.value, current, (), (), renamed)
    if not renamed:
        return desired

    def moved(paths: frozenset[Path]) -> frozenset[Path]:
        return frozenset(renamed.get(path, path) for path in paths)

    return Tree(value, moved(desired.tables), moved(desired.ambiguous))


def _spelled(node: t.Any, current: t.Any, old: Path, at: Path, renamed: dict[Path, Path]) -> t.Any:
    if not isinstance(node, dict):
        return node
    menu = current if isinstance(current, dict) else {}
    found: dict[str, t.Any] = {}
    for name, value in node.items():
        own = name if name in menu else _own_name(name, node, menu)
        given, here = (*old, name), (*at, own)
        if given != here:
            renamed[given] = here
        found[own] = _spelled(value, menu.get(own), given, here, renamed)
    return found


def _own_name(name: str, node: dict[str, t.Any], menu: dict[str, t.Any]) -> str:
    wanted = canonical_event(name)
    return next((own for own in menu if own not in node and canonical_event(own) == wanted), name)
