# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A refused request, before it is known in which form the device says so."""

from __future__ import annotations


class RefusedError(Exception):
    """`kind` is path, value, member, read-only, method, auth, level, banned, locked or body."""

    def __init__(self, kind: str, message: str, allow: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.allow = allow
