# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of Ansible's values to plain data."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping


def to_plain(value: t.Any) -> t.Any:
    """Arguments as plain dicts, lists and scalars: without Ansible's tags, vault objects and lazy containers."""

    def other(item: t.Any) -> t.Any:
        return dict(item) if isinstance(item, Mapping) else str(item)

    return json.loads(json.dumps(value, default=other))
