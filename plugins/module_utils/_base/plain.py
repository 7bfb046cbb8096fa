# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of Ansible's values to plain data."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping

from .sanitize import printable

# Before core 2.19, omit is a text that starts so, and Ansible removes it from the arguments of a task only.
_OMIT_PREFIX = "__omit_place_holder__"


def to_plain(value: t.Any) -> t.Any:
    """Arguments as plain dicts, lists and scalars: without Ansible's tags, vault objects and lazy containers."""

    def other(item: t.Any) -> t.Any:
        return dict(item) if isinstance(item, Mapping) else str(item)

    return json.loads(json.dumps(value, default=other))


def is_omitted(value: t.Any) -> bool:
    """Whether a value stands for omit."""
    return isinstance(value, str) and value.startswith(_OMIT_PREFIX)


def without_omitted(value: t.Any) -> t.Any:
    """Plain data without the members of mappings and lists that stand for omit."""
    if isinstance(value, dict):
        return {name: without_omitted(item) for name, item in value.items() if not is_omitted(item)}
    if isinstance(value, list):
        return [without_omitted(item) for item in value if not is_omitted(item)]
    return value


class RepeatedNameError(ValueError):
    """A mapping has two names that are the same as text, such as 1 and "1". path: of the name."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(f"{printable('/'.join(path), 200)} is given twice, as number and as text")
        self.path = path


def refuse_repeated_names(value: t.Any, at: tuple[str, ...] = ()) -> None:
    """Raise RepeatedNameError if the conversion to plain data would drop a member of a mapping."""
    if isinstance(value, Mapping):
        seen: set[str] = set()
        for key, inner in value.items():
            name = str(key)
            if name in seen:
                raise RepeatedNameError((*at, name))
            seen.add(name)
            refuse_repeated_names(inner, (*at, name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            refuse_repeated_names(item, at)
