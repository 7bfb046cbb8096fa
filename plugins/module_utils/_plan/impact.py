# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that may affect the time that a device provides. Pure."""

from __future__ import annotations

from .._tree.canonical import leaves
from .._tree.changes import Change
from .._tree.paths import Path

TIMING = "timing"
# Menus and tables of a module. ASSUMPTION: it is not known which of their settings step a clock or interrupt a signal.
TIMING_MENUS = frozenset({"antenna", "inputs", "mrs", "outputs", "ptp", "synthesizer"})


def impact_of(change: Change) -> str | None:
    """TIMING for a change of settings below these menus of a slot; None for all others."""
    paths = [change.path]
    for content in (change.before, change.after):
        paths += [path for path, dummy in leaves(content or {}, change.path)]
    return TIMING if any(map(is_timing, paths)) else None


def is_timing(path: Path) -> bool:
    """Whether a path is one of these menus of a slot, or below it."""
    return path[1:2] == ("slots",) and not TIMING_MENUS.isdisjoint(path[3:])
