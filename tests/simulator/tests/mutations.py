# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded answers with members that are missing, empty, of another type or named twice."""

from __future__ import annotations

import random
from typing import Any

from ansible_collections.meinberg.lantime.tests.simulator.tree import clone

Tree = dict[str, Any]

_ODD_VALUES: tuple[Any, ...] = (
    None,
    "",
    "n/a",
    "never",
    True,
    False,
    0,
    -1,
    -5.5,
    1e300,
    10**40,
    "\ud800",
    "\u00b2",
    "9" * 5000,
    "less-than-" + "9" * 400 + "ns",
    [],
    {},
    [None],
    [{"object-id": None}],
    [{"object-id": ["a"]}],
    {"object-id": {}},
    {"a": {"b": []}},
    "2026-99-99T00:00:00",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
)


def mutate(recorded: Tree, source: random.Random) -> Tree:
    """A copy with one to four changes."""
    answer: Tree = clone(recorded)
    for dummy in range(source.choice((1, 1, 1, 2, 4))):
        _change(answer, source)
    return answer


def _change(answer: Tree, source: random.Random) -> None:
    parent, place = _place(answer, source)
    kind = source.randrange(10)
    if kind < 3:
        del parent[place]
    elif kind == 3 and isinstance(parent, list):
        parent.append(clone(parent[place]))
    elif kind == 4 and isinstance(parent[place], dict):
        parent[place].pop("object-id", None)
    elif kind == 5 and isinstance(parent[place], list):
        names = (item.get("object-id") if isinstance(item, dict) else None for item in parent[place])
        parent[place] = {str(name): item for name, item in zip(names, parent[place])}
    elif kind == 6 and isinstance(parent[place], (int, float)):
        parent[place] = str(parent[place])
    else:
        parent[place] = clone(source.choice(_ODD_VALUES))


def _place(answer: Tree, source: random.Random) -> tuple[Any, Any]:
    """Any member or item of the answer; those near the root as often as those below them."""
    parent: Any = answer
    while True:
        place = source.choice(list(parent) if isinstance(parent, dict) else range(len(parent)))
        if not isinstance(parent[place], (dict, list)) or not parent[place] or source.random() < 0.2:
            return parent, place
        parent = parent[place]
