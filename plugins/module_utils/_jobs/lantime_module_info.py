# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_module_info: read slots and modules."""

from __future__ import annotations

import typing as t

from .._api.device_result import device_result
from .._base.errors import LantimeError
from .._base.sanitize import escape_for_display, printable
from .._hardware.catalogue import canonical_family, families
from .._hardware.module_info import ModuleSelection, describe_modules, list_ptp_instances
from .._hardware.syncmon import read_nodes
from .context import JobContext
from .runner import Spec

_SELECTION: dict[str, dict[str, t.Any]] = {
    "slots": {"type": "list", "elements": "str"},
    "families": {"type": "list", "elements": "str"},
    "models": {"type": "list", "elements": "str"},
    "populated": {"type": "bool"},
    "states": {"type": "list", "elements": "str"},
    "synchronized": {"type": "bool"},
}
SPEC = Spec(
    options={
        **_SELECTION,
        "config": {"type": "bool", "default": False},
        "config_root": {"type": "str"},
    },
)


def run(context: JobContext) -> dict[str, t.Any]:
    selection = ModuleSelection(**{name: context.params[name] for name in _SELECTION})
    _check_families(context)
    with context.open() as api:
        envelope = api.status()
        settings = api.config_node(()) if context.params["config"] else None
        modules = describe_modules(envelope.raw, selection, settings)
        if not modules:
            context.warn(f"No slot matches the given {', '.join(_SELECTION)}.")
        elif context.params["config"] and all(entry["configuration"] is None for entry in modules):
            context.warn("The configuration tree holds no settings for these modules.")
        return {
            "changed": False,
            "modules": escape_for_display(modules),
            "ptp_instances": escape_for_display(list_ptp_instances(modules)),
            "syncmon_nodes": escape_for_display(read_nodes(envelope.raw)),
            "device": device_result(envelope.identity),
        }


def _check_families(context: JobContext) -> None:
    for family in context.params["families"] or ():
        if canonical_family(family) is None:
            known = ", ".join(families())
            raise LantimeError(
                "option",
                f'"{printable(family, 40)}" is not a family of modules; the families are {known}',
            )
