# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References and frequency output of a clock that lost what it needs. All members are ASSUMED."""

from __future__ import annotations

from .effects import HOLDOVER, Clock
from .targets import Tree


def render_references(module: Tree, clock: Clock) -> None:
    """The first reference has no signal. Without another one to follow, the outputs run free."""
    if not clock.hit:
        _follow_next(module)
        return
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


def _follow_next(module: Tree) -> None:
    """The receiver has no signal, and the clock follows the next reference that has one."""
    first, *others = [level["status"] for level in module["mrs"]]
    lost = {"is-master": False, "no-signal": True, "is-locked": False, "is-accurate": False}
    first.update(lost)
    following = next(status for status in others if status["is-locked"])
    following["is-master"] = True


def followed_type(tree: Tree, slot: str) -> str:
    """The type of the reference that the clock in a slot follows; empty if it follows none."""
    module = next(item["module"] for item in tree["chassis0"]["slots"] if item["object-id"] == slot)
    levels = [level for level in module.get("mrs", []) if level.get("status", {}).get("is-master")]
    return str(levels[0]["info"]["settings"]["id"]["type"]) if levels else ""
