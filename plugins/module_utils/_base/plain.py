# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of Ansible's as plain data.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping


def plain(value: t.Any) -> t.Any:
    """Arguments as bare dicts, lists and scalars: no tags, no vault objects, no lazy containers of Ansible's."""

    def other(item: t.Any) -> t.Any:
        return dict(item) if isinstance(item, Mapping) else str(item)

    return json.loads(json.dumps(value, default=other))
