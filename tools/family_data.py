# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of family_pages.yml: prose, examples, units and sources of the pages of module families."""

from __future__ import annotations

import functools
import re
import typing as t
from pathlib import Path

import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.families import (
    ASSUMED,
    CONFIRMED,
    FAMILIES,
    INFERRED,
    Family,
)

SOURCE = Path(__file__).with_name("family_pages.yml")


class Example(t.NamedTuple):
    """A complete task. page: the page that shows it, without its suffix."""

    page: str
    text: str


@functools.lru_cache(maxsize=1)
def load() -> dict[str, t.Any]:
    """The content of the file."""
    return t.cast("dict[str, t.Any]", yaml.safe_load(SOURCE.read_text(encoding="utf-8")))


def page_name(family: str) -> str:
    """The name of the page of a family, without its suffix."""
    return f"module_{family.lower().replace('-', '_')}"


def described() -> list[Family]:
    """The families that have a page, in the order of the catalogue."""
    return [family for family in FAMILIES if family.name in load()["families"]]


def examples() -> list[Example]:
    """The examples of all pages."""
    data = load()
    own = [Example(page_name(name), entry["example"]) for name, entry in data["families"].items()]
    others = [Example(name, example["task"]) for name, topic in data["topics"].items() for example in topic["examples"]]
    return [*own, *others]


def certainty(mark: str) -> str:
    """A mark in words. Raises ValueError if it has the wrong form, or is CONFIRMED by no known source."""
    if mark in ("A", "I"):
        return {"A": ASSUMED, "I": INFERRED}[mark]
    names = re.findall(r"C:([A-Z]+)", mark)
    unknown = [name for name in names if name not in load()["sources"]]
    if not names or unknown or ", ".join(f"C:{name}" for name in names) != mark:
        raise ValueError(f"{mark!r} is neither A, I, nor C: with the name of a source in {SOURCE.name}")
    return f"{CONFIRMED} ({', '.join(names)})"


def unit_of(path: str) -> str:
    """The unit of a setting: that of the longest end of its path."""
    parts = path.split("/")
    units = load()["units"]
    ends = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((units[end] for end in ends if end in units), "")
