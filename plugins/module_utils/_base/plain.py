# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of Ansible's values to plain data."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping

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
