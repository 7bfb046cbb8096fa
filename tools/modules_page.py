# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/modules.rst, from the marks of the catalogue alone."""

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
from ansible_collections.meinberg.lantime.plugins.module_utils._health.check import ASSUMPTION
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import HEALTH_CHECKS
from ansible_collections.meinberg.lantime.tools import rst
from ansible_collections.meinberg.lantime.tools.family_data import described, load, page_name

MARKS = (CONFIRMED, INFERRED, ASSUMED)
NOTHING = "-"
CHILDREN = ("ptp_instances",)

_INTRODUCTION = (
    "What `meinberg.lantime.lantime_module_info` reports about each family of plug-in modules, and how certain that is. The vendor",
    "publishes the status of few modules; other members are read under likely names. All members of a module are in `status` unchanged,",
    "and in typed form in `details` unless a key below has them, so a wrong assumption loses no data.",
    "",
    "- **CONFIRMED**: present in a recorded answer, or read by client code that works with devices.",
    "- **INFERRED**: follows from the vendor's names or from modules of the same kind.",
    "- **ASSUMED**: the most plausible reading, without an example.",
    "",
)
_KNOWN = (
    "*identity* is the model in `info.model` by which a module is recognized. *status* and *children* are keys of the result.",
    "*configuration* is the path of the module's settings in the configuration tree. *health* lists the checks of",
    "`meinberg.lantime.lantime_health` that evaluate the family, each with its certainty.",
    "",
)
_DESCRIBED = (
    "*models* are those with a view in the vendor's management system; *recognized by* are values of `info.model`. The settings are",
    "CONFIRMED by the vendor's manuals and MIB for at least one model of a kind, and INFERRED for the others.",
    "",
)
_PAGES = (
    "Each family that can be configured has a page with its settings, checks and a complete example. Further pages cover what belongs to",
    "several families or to the device.",
    "",
)
_SOURCES = ("The public sources of what is CONFIRMED, by the names that the pages of the families use.", "")
_UNDESCRIBED = (
    "No public source states the function of these families. They are recognized by the vendor's enumeration of clock types, and all",
    "their members are reported.",
    "",
)
DEVICE = (("`syncmon_nodes`", "nodes that SyncMon monitors, with state, offset, limit and alarm", CONFIRMED, ASSUMED),)


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


def checks(family: Family) -> list[tuple[str, str]]:
    """(check, mark) of each health check that evaluates the family: never more certain than the key that it reads."""
    marked = []
    for check in HEALTH_CHECKS:
        own = ASSUMED if check.confidence == ASSUMPTION else check.confidence
        marks = [mark for key, mark in family.views if key in check.views]
        if marks:
            marked.append((f"`{check.name}`", max(own, *marks, key=MARKS.index)))
        elif family.name in check.families:
            marked.append((f"`{check.name}`", own))
    return marked


def rows(families: Iterable[Family]) -> list[tuple[str, ...]]:
    """One row for each family: name, identity, status, configuration, children, health."""
    return [
        (
            family.name,
            identity(family),
            grouped((f"`{key}`", mark) for key, mark in family.views if key not in CHILDREN),
            ASSUMED if family.settings else NOTHING,
            grouped((f"`{key}`", mark) for key, mark in family.views if key in CHILDREN),
            grouped(checks(family)),
        )
        for family in families
    ]


def _keys() -> list[tuple[str, ...]]:
    table_rows: list[tuple[str, ...]] = []
    for key, content in VIEWS:
        names = [(family.name, mark) for family in FAMILIES for own, mark in family.views if own == key]
        table_rows.append((f"`{key}`", content, grouped(names)))
    return table_rows


def _descriptions(families: Iterable[Family]) -> list[tuple[str, ...]]:
    return [
        (
            family.name,
            family.function or NOTHING,
            ", ".join(family.models) if family.connector else NOTHING,
            _tokens(family),
            family.settings or NOTHING,
        )
        for family in families
    ]


def _tokens(family: Family) -> str:
    return " ".join(f"`{token}`" for token in family.tokens)


def _links() -> list[str]:
    families = [f"- {rst.link(page_name(family.name), family.name)}: {family.function}" for family in described()]
    topics = [f"- {rst.link(name, topic['title'])}" for name, topic in load()["topics"].items()]
    return [*families, *topics, ""]


def page() -> str:
    known = [family for family in FAMILIES if family.function is not None]
    others = [(family.name, _tokens(family)) for family in FAMILIES if family.function is None]
    settings = "settings, from the vendor's pages"
    lines = [
        *map(rst.inline, _INTRODUCTION),
        *rst.heading("Pages of the families"),
        *_PAGES,
        *_links(),
        *rst.heading("What is known"),
        *map(rst.inline, _KNOWN),
        *rst.table(("family", "identity", "status", "configuration", "children", "health"), rows(known)),
        *rst.heading("Functions and models"),
        *map(rst.inline, _DESCRIBED),
        *rst.table(("family", "function", "models", "recognized by", settings), _descriptions(known)),
        *rst.heading("Keys"),
        "The families that have each key of the result.",
        "",
        *rst.table(("key", "content", "families"), _keys()),
        *rst.heading("Children of the device"),
        *rst.table(("key", "content", "existence", "members"), DEVICE),
        *rst.heading("Sources"),
        *_SOURCES,
        *rst.table(("name", "source"), load()["sources"].items()),
        *rst.heading("Families without a description"),
        *map(rst.inline, _UNDESCRIBED),
        *rst.table(("family", "recognized by"), others),
    ]
    return rst.page("modules", "Module families", lines)
