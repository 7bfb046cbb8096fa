# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a device changes in its own configuration after a change by a user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .ptp import PROFILE_FIXES

Tree = dict[str, Any]

_TELECOM = {"e1": {"t1-bits": "e1-bits", "1544khz": "2048khz"}, "t1": {"e1-bits": "t1-bits", "2048khz": "1544khz"}}


def adjust(before: Tree, after: Tree) -> None:
    """Changes members of `after`, in place, that follow from what differs from `before`."""
    old = slots_of(before)
    for slot, item in slots_of(after).items():
        module = item.get("module", {})
        former = old.get(slot, {}).get("module", {})
        if module == former:
            continue
        _follow_mode(module, former)
        for name, instance in instances_of(module):
            _follow_profile(instance, dict(instances_of(former)).get(name, {}))


def slots_of(config: Tree) -> Tree:
    """The settings of the slots, by slot; none if a recorded configuration has another form."""
    chassis = config.get("chassis0")
    slots = chassis.get("slots") if isinstance(chassis, dict) else None
    return slots if isinstance(slots, dict) else {}


def instances_of(module: Tree) -> Iterator[tuple[str, Tree]]:
    """The PTP instances of a card by object-id, in both forms of the configuration."""
    ptp = module.get("ptp", {})
    if "instances" in ptp:
        yield from ptp["instances"].items()
    elif "domain-number" in ptp:
        yield "ptp1", ptp


def _follow_mode(module: Tree, former: Tree) -> None:
    """The sockets of a LIU follow its mode; those of a LSG, which have a quality level, do not."""
    outputs = module.get("outputs", {})
    if module.get("mode") not in _TELECOM or module["mode"] == former.get("mode"):
        return
    for output in outputs.values():
        if "quality-level" not in output:
            output["signal"] = _TELECOM[module["mode"]].get(output["signal"], output["signal"])


def _follow_profile(instance: Tree, former: Tree) -> None:
    """A new PTP profile sets the members that it does not allow as they are."""
    if instance["profile"] == former.get("profile"):
        return
    for name, allowed in PROFILE_FIXES[instance["profile"]].items():
        if instance[name] not in allowed:
            instance[name] = allowed[0]
