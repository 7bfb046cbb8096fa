# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of one menu or item of the tree."""

from __future__ import annotations

import typing as t

from .canonical import leaves
from .paths import Path


class Change(t.NamedTuple):
    """One menu or item to write.

    action: set for a menu or item that exists, create for a new item of a table, delete for an item that is removed.
    before: the current values of the names in after; None for create, the whole item for delete.
    after: only the names that change; empty for delete.
    """

    action: str
    path: Path
    before: dict[str, t.Any] | None
    after: dict[str, t.Any]


def changed_leaves(
    changes: t.Iterable[Change],
) -> tuple[tuple[Path, ...], dict[Path, t.Any], dict[Path, t.Any]]:
    """Paths of all leaves in changes, in order, and their values before and after."""
    paths: list[Path] = []
    before: dict[Path, t.Any] = {}
    after: dict[Path, t.Any] = {}
    for change in changes:
        for path, value in leaves(change.after, change.path):
            paths.append(path)
            after[path] = value
        for path, value in leaves(change.before or {}, change.path):
            before[path] = value
    return tuple(paths), before, after
