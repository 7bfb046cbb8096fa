# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The size of property searches: short in make check and make test, long in make thorough."""

from __future__ import annotations

from hypothesis import settings

_LONG = 100


def examples(count: int) -> int:
    """The number of examples of a search that has so many in make thorough."""
    return max(1, count * settings().max_examples // _LONG)
