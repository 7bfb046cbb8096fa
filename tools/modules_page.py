# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/modules.md, from the marks of the catalogue alone."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import (
    ASSUMED,
    CONFIRMED,
    FAMILIES,
    INFERRED,
    VIEWS,
    Family,
)

MARKS = (CONFIRMED, INFERRED, ASSUMED)
NOTHING = "-"
CHILDREN = ("ptp_instances",)

_INTRODUCTION = """\
# Families of modules

What `meinberg.lantime.lantime_module_info` reports about each family of plug-in modules, and how certain that is. The vendor
publishes the status of few modules; other members are read under likely names. All members of a module are in `status` unchanged,
and in typed form in `details` unless a key below has them, so a wrong assumption loses no data.

- **CONFIRMED**: present in a recorded answer, or read by client code that works with devices.
- **INFERRED**: follows from the vendor's names or from modules of the same kind.
- **ASSUMED**: the most plausible reading, without an example.

## What is known

*identity* is the model in `info.model` by which a module is recognized. *status* and *children* are keys of the result. *configuration*
is the path of the module's settings in the configuration tree. *health* lists the conditions that a check can derive from the keys,
each with the mark of its key.
"""

_DEVICE = """\
## Children of the device

| key | holds | existence | members |
|---|---|---|---|
| `syncmon_nodes` | nodes that SyncMon monitors, with state, offset, limit and alarm | CONFIRMED | ASSUMED |
"""


def identity(family: Family) -> str:
    """The best mark of the tokens by which the family is recognized."""
    if family.confirmed:
        return CONFIRMED
    return ASSUMED if set(family.assumed) == set(family.tokens) else INFERRED


def grouped(pairs: Iterable[tuple[str, str]]) -> str:
    """(text, mark) pairs as `CONFIRMED: a, b; ASSUMED: c`."""
    marked = list(pairs)
    parts = []
    for mark in MARKS:
        texts = list(dict.fromkeys(text for text, own in marked if own == mark))
        if texts:
            parts.append(f"{mark}: {', '.join(texts)}")
    return "; ".join(parts) or NOTHING


def conditions(family: Family) -> list[tuple[str, str]]:
    """(condition, mark) of each condition that a check can derive from the family's keys."""
    by_key = {key: condition for key, dummy, condition in VIEWS}
    return [(by_key[key], mark) for key, mark in family.views if by_key[key]]


def rows(families: Iterable[Family]) -> list[tuple[str, ...]]:
    """One row for each family: name, identity, status, configuration, children, health."""
    return [
        (
            family.name,
            identity(family),
            grouped((f"`{key}`", mark) for key, mark in family.views if key not in CHILDREN),
            ASSUMED if family.settings else NOTHING,
            grouped((f"`{key}`", mark) for key, mark in family.views if key in CHILDREN),
            grouped(conditions(family)),
        )
        for family in families
    ]


def _table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *body]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _keys() -> list[tuple[str, ...]]:
    table_rows: list[tuple[str, ...]] = []
    for key, content, condition in VIEWS:
        names = [(family.name, mark) for family in FAMILIES for own, mark in family.views if own == key]
        table_rows.append((f"`{key}`", content, condition or NOTHING, grouped(names)))
    return table_rows


def page() -> str:
    described = [family for family in FAMILIES if family.function is not None]
    others = [family for family in FAMILIES if family.function is None]
    lines = [
        _INTRODUCTION,
        *_table(
            ("family", "identity", "status", "configuration", "children", "health"),
            rows(described),
        ),
        "",
        "## What they are",
        "",
        "*models* are those with a view in the vendor's management system; *recognized by* are values of `info.model`. The settings are",
        "CONFIRMED by the vendor's manuals and MIB for at least one model of a kind, and INFERRED for the others.",
        "",
        *_table(
            (
                "family",
                "function",
                "models",
                "recognized by",
                "settings, from the vendor's pages",
            ),
            (
                (
                    family.name,
                    family.function or NOTHING,
                    ", ".join(family.models) if family.connector else NOTHING,
                    " ".join(f"`{token}`" for token in family.tokens),
                    family.settings or NOTHING,
                )
                for family in described
            ),
        ),
        "",
        "## Keys",
        "",
        "The families that have each key of the result.",
        "",
        *_table(("key", "holds", "condition", "families"), _keys()),
        "",
        _DEVICE,
        "## Families without a description",
        "",
        "No public source states the function of these families. They are recognized by the vendor's enumeration of clock types, and all",
        "their members are reported.",
        "",
        *_table(
            ("family", "recognized by"),
            ((family.name, " ".join(f"`{token}`" for token in family.tokens)) for family in others),
        ),
    ]
    return "\n".join(lines) + "\n"
