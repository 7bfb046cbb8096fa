# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that an adopted inventory is what the devices have: planning each of them against it gives no operation. Pure."""

from __future__ import annotations

import typing as t

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.sanitize import printable
from ...module_utils._drift.layers import layers_of_host, merge_layers, split_rules
from ...module_utils._plan.module_rules import parse_rules, resolve_rules
from ...module_utils._plan.planner import PlanPolicy, make_plan
from ...module_utils._tree.aliases import use_device_names
from ...module_utils._tree.canonical import canonical
from ...module_utils._tree.paths import text_of
from .devices import AdoptedDevice
from .documents import GOLDEN_FILE, HOST_VARIABLE, Files, group_variables
from .layers import ALL
from .yaml_text import parse_document

_MAX_LISTED = 5


def prove(files: Files, devices: t.Sequence[AdoptedDevice], groups: t.Mapping[str, t.Sequence[str]]) -> None:
    """Plan each device against the texts of the files, as the roles do. Raises LantimeError if one of them would be changed."""
    shared = parse_document(files[f"group_vars/all/{GOLDEN_FILE}"])
    overlays = {
        group: parse_document(files.get(f"group_vars/{group}/{GOLDEN_FILE}", "")).get(variable, {})
        for group, variable in group_variables(groups).items()
    }
    for device in devices:
        own = parse_document(files.get(f"host_vars/{device.name}/{GOLDEN_FILE}", "")).get(HOST_VARIABLE, {})
        of_host = [group for group, hosts in groups.items() if device.name in hosts]
        try:
            problems = _plan(device, shared, {**overlays, ALL: own}, of_host)
        except (LantimeError, ValueError) as exc:
            problems = [printable(exc, 300)]
        if problems:
            text = "; ".join(problems[:_MAX_LISTED])
            raise LantimeError(
                "adopt",
                f"the inventory would not be what the device {device.name} has: {text}",
                hint="set ignore_paths to leave these settings out; nothing was written",
            )


def _plan(
    device: AdoptedDevice, shared: t.Mapping[str, t.Any], overlays: t.Mapping[str, t.Any], groups: t.Sequence[str]
) -> list[str]:
    """What a plan for the device would change."""
    trees = layers_of_host(
        shared.get("lantime_golden_config"), shared.get("lantime_golden_modules"), overlays, groups, device.name
    )
    merged, rules = split_rules(merge_layers(trees))
    resolved = resolve_rules(parse_rules(rules), canonical(merged), device.slots, device.firmware)
    desired = use_device_names(resolved.tree, device.tree.value)
    plan = make_plan(device.tree, desired, PlanPolicy())
    return [f"{text_of(change.path)}: {', '.join(change.after or change.before or ())}" for change in plan.changes]
