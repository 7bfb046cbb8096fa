# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: a desired tree in the spelling of the device at hand, so that one tree fits all releases.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._catalogue import canonical_event
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import Path, Tree


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
