# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SyncMon nodes."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._tree import values
from .._tree.secrets import redacted
from . import module_parsers

_TROUBLE = re.compile(
    r"(?<!no-)(?:alarm|alert|exceed|fail|error|timeout|lost)|unreachable|not-reachable|offline|not-sync"
)
_SOUND = frozenset({"ok", "reachable", "online", "normal", "synchronized", "in-limit"})

_NODE: module_parsers.Spec = (
    ("name", "name label hostname", values.text),
    ("address", "address ip-address ip host", values.text),
    ("type", "type node-type protocol", values.text),
    ("state", "state status", values.text),
    ("stratum", "stratum", values.index),
    ("offset_seconds", "offset", module_parsers.seconds),
    ("offset_limit_seconds", "offset-limit limit max-offset", module_parsers.seconds),
    ("alarm", "alarm alert alarm-active", values.boolean),
)


def syncmon_nodes(envelope: object) -> list[dict[str, t.Any]]:
    """The nodes that SyncMon watches, in the order of the device, without secrets.

    `alarm` is what the node says itself, else whether its state names trouble or its offset is beyond its
    limit; None if nothing tells.
    """
    nodes = values.at(values.status_of(envelope), "syncmon", "nodes")
    return [_node(object_id, redacted(item)) for object_id, item in values.table(nodes)]


def _node(object_id: str, item: Mapping[str, t.Any]) -> dict[str, t.Any]:
    found = {"object_id": object_id or None, **module_parsers.typed(item, _NODE)}
    if found["alarm"] is None:
        found["alarm"] = _alarm(found)
    return found


def _alarm(node: Mapping[str, t.Any]) -> bool | None:
    state = (node["state"] or "")[: values.MAX_PARSED].lower().replace("_", "-").replace(" ", "-")
    if _TROUBLE.search(state):
        return True
    offset: float | None = node["offset_seconds"]
    limit: float | None = node["offset_limit_seconds"]
    if offset is not None and limit is not None:
        return abs(offset) > limit
    return False if state in _SOUND else None
