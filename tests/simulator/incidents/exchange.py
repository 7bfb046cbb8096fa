# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that are exchanged, moved or added while the device runs. What it shows then is ASSUMED."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..profiles import modules
from ..profiles.profile import Identity
from ..tree import clone
from .effects import Effects

Tree = dict[str, Any]

# Of the modules that come from elsewhere.
_ELSEWHERE = Identity("", "", "", 0, 90_001, datetime(2026, 1, 1))


def render_exchanges(effects: Effects, slots: Mapping[str, Tree]) -> None:
    """Writes the modules that sit in other slots than at the start, in place."""
    members = effects.members("module-exchange")
    for slot in effects.targets("module-exchange"):
        # It can be pulled as well.
        module = slots[slot].get("module")
        if members["model"]:
            slots[slot]["module"] = _new(str(members["model"]))
        elif module is not None:
            module["info"].update({"serial-number": _new_serial(module), "software-revision": members["revision"]})
    for old, new in zip(effects.targets("module-move"), effects.targets("module-move", "to")):
        if "module" in slots[old]:
            slots[new]["module"] = slots[old].pop("module")
    for slot in effects.targets("module-added"):
        slots[slot]["module"] = _new(str(effects.members("module-added")["model"]))


def _new(model: str) -> Tree:
    module: Tree = clone(modules.module(_ELSEWHERE, model))
    return module


def _new_serial(module: Tree) -> str:
    return str(modules.info(_ELSEWHERE, str(module["info"]["model"]))["serial-number"])
