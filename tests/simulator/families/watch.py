# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of SyncMon in the status: those of the configuration, measured since they were added. ASSUMED."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]

_OFFSET = 1.5e-05


class Watch:
    """Knows since when a node is measured. A node that was there from the start has been measured."""

    def __init__(self, nodes: Tree) -> None:
        self.start = _keys(nodes)
        self.known = dict(self.start)
        self.since: dict[str, float] = {}

    def changed(self, nodes: Tree, moment: float) -> None:
        """Takes the nodes of a changed configuration: a new or another one is measured after its interval."""
        keys = _keys(nodes)
        for name, key in keys.items():
            if self.known.get(name) != key:
                self.since[name] = moment + nodes[name]["interval"]
        self.known = keys
        self.since = {name: due for name, due in self.since.items() if name in keys}

    def reset(self) -> None:
        """Back to the start."""
        self.known = dict(self.start)
        self.since = {}

    def show(self, syncmon: Tree, nodes: Tree, moment: float) -> None:
        """Writes the nodes that are measured into the status, in place."""
        shown = {item["object-id"]: item for item in syncmon.get("nodes", [])}
        syncmon["nodes"] = [_entry(name, nodes[name], shown.get(name, {})) for name in self.measured(nodes, moment)]

    def measured(self, nodes: Tree, moment: float) -> list[str]:
        """The names of the nodes that are measured."""
        return [
            name
            for name, node in nodes.items()
            if node["enabled"] and _source(node) and moment >= self.since.get(name, moment)
        ]


def _source(node: Tree) -> str:
    return str(node["input"] if node["type"] == "pps" else node["address"])


def _keys(nodes: Tree) -> dict[str, tuple[str, str]]:
    return {name: (node["type"], _source(node)) for name, node in nodes.items()}


def _entry(name: str, node: Tree, shown: Tree) -> Tree:
    limit, offset = node["offset-limit"], shown.get("offset", _OFFSET)
    return {
        "object-id": name,
        "address": _source(node),
        "type": node["type"],
        "state": "offset-exceeded" if limit and abs(offset or 0) > limit else "reachable",
        "stratum": shown.get("stratum", 2) if node["type"] == "ntp" else None,
        "offset": offset,
        "offset-limit": limit,
    }
