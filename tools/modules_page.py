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

What `meinberg.lantime.lantime_module_info` shows of each family of plug-in modules, and how much of that is known. The vendor
publishes the status of few modules; what is not known is looked for under likely names. Whatever a module sends stands unchanged
in `status` and, unless a key below shows it, in typed form in `details`, so nothing is lost where an assumption is wrong.

- **CONFIRMED**: seen in a recorded answer, or read by client code that works against devices.
- **INFERRED**: follows from the vendor's names or from modules of the same kind.
- **ASSUMED**: the most plausible reading, seen nowhere.

## What is known

*identity* is the model in `info.model` by which a module is recognised. *status* and *children* are keys of the result. *configuration*
is the place of the module's settings in the configuration tree. *health* lists the conditions that the keys let a check judge, each
with the mark of the key that it rests on.
"""

_DEVICE = """\
## Children of the device

| key | holds | existence | members |
|---|---|---|---|
| `syncmon_nodes` | nodes that SyncMon watches, with state, offset, limit and alarm | CONFIRMED | ASSUMED |
"""


def identity(family: Family) -> str:
    """The best mark of the tokens by which the family is recognised."""
    if family.confirmed:
        return CONFIRMED
    return ASSUMED if set(family.assumed) == set(family.tokens) else INFERRED


def grouped(pairs: Iterable[tuple[str, str]]) -> str:
    """(text, mark) pairs as `CONFIRMED: a, b; ASSUMED: c`."""
    there = list(pairs)
    parts = []
    for mark in MARKS:
        texts = list(dict.fromkeys(text for text, own in there if own == mark))
        if texts:
            parts.append(f"{mark}: {', '.join(texts)}")
    return "; ".join(parts) or NOTHING


def conditions(family: Family) -> list[tuple[str, str]]:
    """(condition, mark) of each condition that the family's keys let a check judge."""
    judged = {key: condition for key, dummy, condition in VIEWS}
    return [(judged[key], mark) for key, mark in family.views if judged[key]]


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
    found: list[tuple[str, ...]] = []
    for key, holds, condition in VIEWS:
        told = [(family.name, mark) for family in FAMILIES for own, mark in family.views if own == key]
        found.append((f"`{key}`", holds, condition or NOTHING, grouped(told)))
    return found


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
        "*models* are those that the vendor's management system has a view for; *recognised by* are values of `info.model`. What can be",
        "set is CONFIRMED by the vendor's manuals and MIB for one model of a kind at least, and INFERRED for the others.",
        "",
        *_table(
            (
                "family",
                "function",
                "models",
                "recognised by",
                "what can be set, by the vendor's pages",
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
        "The families that each key of the result is filled for.",
        "",
        *_table(("key", "holds", "condition", "families"), _keys()),
        "",
        _DEVICE,
        "## Families without a description",
        "",
        "No public source says what these are for. They are recognised by the vendor's enumeration of clock types and shown with all that",
        "they send.",
        "",
        *_table(
            ("family", "recognised by"),
            ((family.name, " ".join(f"`{token}`" for token in family.tokens)) for family in others),
        ),
    ]
    return "\n".join(lines) + "\n"
