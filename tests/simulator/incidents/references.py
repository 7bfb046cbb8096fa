# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References and frequency output of a clock that lost what it needs. All members are ASSUMED."""

from __future__ import annotations

from .effects import HOLDOVER, Clock
from .kinds import Tree


def render_references(module: Tree, clock: Clock) -> None:
    """The first reference has no signal, no other one is followed, and the outputs run free."""
    for place, level in enumerate(module.get("mrs", [])):
        status = level.get("status")
        if status is None:
            continue
        status["is-master"] = False
        if place == 0:
            status.update({"no-signal": True, "is-locked": False, "is-accurate": False})
    if "synthesizer" in module:
        module["synthesizer"]["state"] = "drifting" if clock.state == HOLDOVER else "free"
    if "warmed-up" in module.get("tcr", {}):
        module["tcr"]["warmed-up"] = clock.cold is None
