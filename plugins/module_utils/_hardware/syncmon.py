# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SyncMon nodes."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._tree import values
from . import module_parsers

_FAULT = re.compile(
    r"(?<!no-)(?:alarm|alert|exceed|fail|error|timeout|lost)|unreachable|not-reachable|offline|not-sync"
)
_GOOD_STATES = frozenset({"ok", "reachable", "online", "normal", "synchronized", "in-limit"})

_NODE: module_parsers.ParserSpec = (
    ("name", "name label hostname", values.text),
    ("address", "address ip-address ip host", values.text),
    ("type", "type node-type protocol", values.text),
    ("state", "state status", values.text),
    ("enabled", "enabled", values.boolean),
    ("input", "input", values.text),
    ("stratum", "stratum", values.index),
    ("stratum_limit", "stratum-limit", values.index),
    ("offset_seconds", "offset", module_parsers.parse_seconds),
    ("interval_seconds", "interval", values.number),
    ("offset_limit_seconds", "offset-limit limit max-offset", module_parsers.parse_seconds),
    ("alarm", "alarm alert alarm-active", values.boolean),
)


# Settings of a node that a check needs, and that the status may lack.
_SETTINGS = ("enabled", "input", "stratum_limit", "interval_seconds", "offset_limit_seconds")


def read_nodes(envelope: object) -> list[dict[str, t.Any]]:
    """The nodes that SyncMon monitors, in the order of the device, without secrets.

    `alarm` is what the node reports, else whether its state names a fault or its offset is beyond its limit; None if it
    reports none of these.
    """
    nodes = values.at(values.status_of(envelope), "syncmon", "nodes")
    return [_parse_node(object_id, item) for object_id, item in values.table(nodes)]


def add_node_settings(nodes: list[dict[str, t.Any]], configuration: object) -> None:
    """Complete what the status does not report of nodes from their settings in a canonical configuration (ASSUMPTION)."""
    settings = dict(values.table(values.at(configuration, "syncmon", "nodes")))
    for node in nodes:
        own = _parse_node(node["object_id"] or "", settings.get(node["object_id"] or "", {}))
        for name in _SETTINGS:
            if node[name] is None:
                node[name] = own[name]


def configured_nodes(configuration: object) -> list[dict[str, t.Any]]:
    """The nodes of a canonical configuration; none if it has no nodes, or SyncMon is switched off in it."""
    settings = values.mapping(values.at(configuration, "syncmon"))
    if values.boolean(settings.get("enabled")) is False:
        return []
    return [_parse_node(object_id, item) for object_id, item in values.table(settings.get("nodes"))]


def has_never_measured(envelope: object) -> bool:
    """Whether SyncMon reports that it has not measured yet."""
    return bool(values.at(values.status_of(envelope), "syncmon", "last-updated") == "never")


def _parse_node(object_id: str, item: Mapping[str, t.Any]) -> dict[str, t.Any]:
    node = {"object_id": object_id or None, **module_parsers.parse_members(item, _NODE)}
    if node["alarm"] is None:
        node["alarm"] = _has_alarm(node)
    return node


def _has_alarm(node: Mapping[str, t.Any]) -> bool | None:
    state = (node["state"] or "")[: values.MAX_PARSED].lower().replace("_", "-").replace(" ", "-")
    if _FAULT.search(state):
        return True
    offset: float | None = node["offset_seconds"]
    limit: float | None = node["offset_limit_seconds"]
    # A limit of 0 switches the comparison off.
    if offset is not None and limit:
        return abs(offset) > limit
    return False if state in _GOOD_STATES else None
