# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fact comes from which path of the status tree, found by changing a value and looking at the facts.

A path is the names from data down, joined by /, with * for an item of a table. Names that a device gives
(services, LEDs, ports) are kept. Members of the device without a described fact (other, details, the members of a SyncTeam) are
not facts here.
"""

from __future__ import annotations

import functools
import json
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import slots
from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts as _facts
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.whole_status import whole

ALL = _facts.resolve_subsets(["all"])

# path (with a trailing /** for all below) -> why it is no fact of lantime_facts
UNMAPPED = {
    "object-id": "Always `status`: the name of the tree itself.",
    "system/current-time": "The same moment as `system/current-time-iso`, which is read first; used where that one is missing.",
    "system/last-config-change": "No marker of changes: it equals the uptime, or the uptime at the end of the boot. "
    "`notification.events` has `device-configuration-changed`.",
    "chassis0/slots/*/slot-id": "Equal to `object-id` of the slot; read where that one is missing.",
    "syncteam/members": "Members are not publicly known: `syncteam.members` hands them on as they are sent.",
    "syncteam/members/**": "Members are not publicly known: `syncteam.members` hands them on as they are sent.",
}

# Why a member of a module may be no fact.
OF_A_MODULE = "Members of modules that no fact reads are in the results of `lantime_module_info`, as they are sent."

_RAW = frozenset({"other", "unparsed", "details", "members", "device_name"})
Path = tuple[t.Union[str, int], ...]


def leaves(value: object, path: Path = ()) -> t.Iterator[tuple[Path, object]]:
    """(path, value) of everything that has nothing below it, empty tables among them."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from leaves(member, (*path, name))
    elif isinstance(value, list) and value:
        for place, member in enumerate(value):
            yield from leaves(member, (*path, place))
    else:
        yield path, value


def pattern(path: Path) -> str:
    return "/".join("*" if isinstance(name, int) else name for name in path)


def described(facts: object) -> t.Any:
    """The facts without what is handed on as the device sends it."""
    if isinstance(facts, dict):
        return {name: described(member) for name, member in facts.items() if name not in _RAW}
    return [described(member) for member in facts] if isinstance(facts, list) else facts


def gathered(envelope: t.Any) -> t.Any:
    return described(_facts.gather_facts(envelope, ALL))


def module_results(envelope: t.Any) -> str:
    """What lantime_module_info tells of each slot, as text, since it hands on parts of the tree itself."""
    return json.dumps(slots.read_slots(envelope))


_TEXTS = (
    "zz9",
    "2031-01-02T03:04:05",
    "7.99.001",
    "less-than-3us",
    "1, 2",
    "11",
    "255.0.0.0",
    "1 2 3 x",
    "9 kB total memory, 3 kB free",
    "clk9-gps",
    "firmware-7.99.001-x86",
    "synchronized",
    "warmed-up",
)


def others(value: object) -> list[t.Any]:
    """Other values of the same kind."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1, 7, 0]
    if isinstance(value, str):
        return [text for text in _TEXTS if text != value]
    if isinstance(value, list):
        return [["gps9"], [{"object-id": "zz9", "running": True}]]
    return [1, "zz9", 2.5]


def changes(envelope: t.Any, path: Path, look: t.Callable[[t.Any], t.Any], before: t.Any) -> t.Iterator[t.Any]:
    """What `look` sees after each change of the value at `path` that it notices."""
    holder = envelope
    for name in path[:-1]:
        holder = holder[name]
    kept = holder[path[-1]]
    try:
        for value in others(kept):
            holder[path[-1]] = value
            after = look(envelope)
            if after != before:
                yield after
    finally:
        holder[path[-1]] = kept


def different(before: t.Any, after: t.Any, path: Path = ()) -> t.Iterator[Path]:
    """The paths at which two sets of facts differ; where a table grew or shrank, the table."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for name, member in before.items():
            yield from different(member, after[name], (*path, name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, member in enumerate(before):
            yield from different(member, after[place], (*path, place))
    elif before != after:
        yield path


@functools.lru_cache(maxsize=1)
def facts_by_leaf() -> dict[Path, frozenset[Path]]:
    """The facts that differ after some change of a leaf, for each leaf of the whole status tree with its header."""
    envelope = whole()
    before = gathered(envelope)
    return {
        path: frozenset(
            fact for after in changes(envelope, path, gathered, before) for fact in different(before, after)
        )
        for path, dummy in list(leaves(envelope))
    }


def listed(path: str) -> str | None:
    """The entry of UNMAPPED that a path comes under."""
    if path in UNMAPPED:
        return path
    parts = path.split("/")
    heads = ("/".join([*parts[:length], "**"]) for length in range(len(parts) - 1, 0, -1))
    return next((head for head in heads if head in UNMAPPED), None)


def of_a_module(path: str) -> bool:
    parts = path.split("/")
    return len(parts) > 4 and parts[0].startswith("chassis") and parts[1:4:2] == ["slots", "module"]
