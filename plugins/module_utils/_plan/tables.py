# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables to which no item can be added, because hardware or firmware determines their items. Pure."""

from __future__ import annotations

import fnmatch

from .._tree.paths import Path, path_of

# Patterns of paths. * and ? match characters of one name, ** any number of names. Every row is an ASSUMPTION.
FIXED_TABLES: tuple[str, ...] = (
    "chassis*/slots",
    "chassis*/slots/*/module/**/outputs",
    "chassis*/slots/*/module/**/inputs",
    "chassis*/slots/*/module/**/ports",
    "chassis*/slots/*/module/**/relays",
    "chassis*/slots/*/module/**/serial-ports",
    "chassis*/slots/*/module/**/analog-outputs",
    "chassis*/slots/*/module/**/mrs",
    "chassis*/slots/*/module/**/unicast-masters",
    "network/ports",
    "notification/events",
    "ntp/broadcast",
)

_FIXED_TABLES = tuple(path_of(pattern) for pattern in FIXED_TABLES)


def can_grow(table: Path) -> bool:
    """Whether items can be added to a table."""
    return not any(_is_match(table, pattern) for pattern in _FIXED_TABLES)


def _is_match(path: Path, pattern: Path) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_is_match(path[count:], pattern[1:]) for count in range(len(path) + 1))
    return bool(path) and fnmatch.fnmatchcase(path[0], pattern[0]) and _is_match(path[1:], pattern[1:])
