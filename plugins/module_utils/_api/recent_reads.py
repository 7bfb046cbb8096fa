# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of the configuration tree that were read since the latest write, so that none is read twice without need."""

from __future__ import annotations

import typing as t

from .._tree.paths import Path


class RecentReads:
    """Nodes as the device sent them, by path and form (raw or not)."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[Path, bool], t.Any] = {}

    def remember(self, path: Path, raw: bool, node: t.Any) -> None:
        self._nodes.pop((path, raw), None)
        self._nodes[path, raw] = node

    def forget(self) -> None:
        self._nodes.clear()

    def find(self, path: Path, raw: bool) -> t.Any:
        """The node at a path out of the latest read that holds it; None if no read does.

        An empty menu or table does not count: a device may show one in place of what it leaves out.
        """
        for (at, was_raw), node in reversed(list(self._nodes.items())):
            if was_raw == raw and path[: len(at)] == at:
                node_at_path = _descend(node, path[len(at) :])
                if node_at_path:
                    return node_at_path
        return None


def _descend(node: t.Any, names: Path) -> t.Any:
    for name in names:
        if isinstance(node, list):
            items = [item for item in node if isinstance(item, dict) and str(item.get("object-id")) == name]
            node = items[0] if len(items) == 1 else None
        elif isinstance(node, dict):
            node = node.get(name)
        else:
            return None
    return node
