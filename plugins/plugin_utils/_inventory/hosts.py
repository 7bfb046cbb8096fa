# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts, groups and variables of the inventory, from what is known of the devices."""

from __future__ import annotations

import typing as t

from ansible.utils.unsafe_proxy import wrap_var

from ...module_utils._base.times import format_utc
from ...module_utils._client.settings import DEVICE_GROUP
from .cache import CacheEntry
from .configuration import InventoryOptions
from .host_status import FAILURE_STATUSES
from .options import PolledDevice, connection_variables
from .scope import VariableScope
from .variables import IDENTITY_VARIABLES, STATE_VARIABLES, group_names


def add_fixed_groups(inventory: t.Any, options: InventoryOptions) -> None:
    """Add the groups that always exist. inventory: ansible's InventoryData."""
    failures = [options.group_prefix + status for status in FAILURE_STATUSES]
    for group in [*_parent_groups(options), *failures]:
        inventory.add_group(group)


def add_host(
    inventory: t.Any, device: PolledDevice, entry: CacheEntry, options: InventoryOptions, scope: VariableScope
) -> None:
    """Add a device as a host, to its groups and with its variables."""
    name = device.name
    # Connection variables that another source or the user has set take precedence.
    known = scope.variables_of(name) if name in inventory.hosts else {}
    inventory.add_host(name)
    state = entry.state if options.gather_state and entry.status == "ok" else None
    for group in _groups_of(entry, state, options):
        inventory.add_group(group)
        inventory.add_child(group, name)
    for variable, value in {**connection_variables(device), **_marks(device, options)}.items():
        if variable not in known:
            inventory.set_variable(name, variable, wrap_var(value))
    for variable, value in _device_variables(entry, state, options).items():
        inventory.set_variable(name, "lantime_" + variable, wrap_var(value))


def _marks(device: PolledDevice, options: InventoryOptions) -> dict[str, str]:
    """Variables by which the host is a LANTIME for delegate_to, which the group of all devices is too, and its connection."""
    marks = {} if options.parent_group == DEVICE_GROUP else {"lantime_host": device.settings.host}
    return {**marks, **({"ansible_connection": "local"} if options.set_connection_local else {})}


def _groups_of(entry: CacheEntry, state: dict[str, t.Any] | None, options: InventoryOptions) -> list[str]:
    groups = _parent_groups(options)
    if entry.status in FAILURE_STATUSES:
        groups.append(options.group_prefix + entry.status)
    return groups + group_names(entry.identity, state, options.group_prefix, options.group_by)


def _parent_groups(options: InventoryOptions) -> list[str]:
    return [options.parent_group] if options.parent_group else []


def _device_variables(entry: CacheEntry, state: dict[str, t.Any] | None, options: InventoryOptions) -> dict[str, t.Any]:
    names = (*IDENTITY_VARIABLES, *(STATE_VARIABLES if options.gather_state else ()))
    values = {**(entry.identity or {}), **(state or {})}
    last_seen = None if entry.status == "ok" else entry.identity_time
    return {
        **{name: values.get(name) for name in names},
        "status": entry.status,
        "problem": entry.problem,
        "last_seen": None if last_seen is None else format_utc(last_seen),
    }
