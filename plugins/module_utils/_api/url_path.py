# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of URLs from names and object-ids."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._tree.paths import is_name


def url_path(segments: t.Sequence[str], raw: bool = False) -> str:
    """The path of a URL from names and object-ids, each of them one segment: /api/name/object-id.

    Raises LantimeError hostile_name for a segment that could mean anything but a child of the one before.
    """
    for segment in segments:
        if not is_name(segment):
            raise LantimeError("hostile_name", f'"{printable(segment, 60)}" is not usable as a name or object-id')
    path = "/api/" + "/".join(quote(segment, safe="") for segment in segments)
    return path + "?raw" if raw else path
