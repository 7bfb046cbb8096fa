# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a host that are known while the inventory is being built."""

from __future__ import annotations

import typing as t

from ansible.inventory.group import Group
from ansible.inventory.helpers import get_group_vars
from ansible.inventory.host import Host
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources


class VariableScope:
    """The variables of a host: of the group all, of the group of all devices, of the groups it is in, then its own.

    inventory: ansible's InventoryData.  parent: name of the group of all devices.  use_vars_plugins: whether the directories
    group_vars and host_vars beside this source and beside those before it count too. Variables of groups are read once.
    """

    def __init__(self, inventory: t.Any, loader: t.Any, parent: str, use_vars_plugins: bool) -> None:
        self._inventory = inventory
        self._loader = loader
        self._sources: list[t.Any] | None = None
        if use_vars_plugins:
            self._sources = [*inventory.processed_sources, inventory.current_source]
        groups = inventory.groups
        self._common = [groups[name] for name in ("all", parent) if name in groups]
        if parent and parent not in groups and use_vars_plugins:
            self._common.append(Group(parent))
        self._group_variables = self._of_groups(self._common)

    def variables_of(self, name: str) -> dict[str, t.Any]:
        host = self._inventory.hosts.get(name)
        if host is None and self._sources is None:
            return self._group_variables
        others = [g for g in (host.get_groups() if host else []) if g not in self._common]
        host = host or Host(name)
        variables = combine_vars(self._group_variables, self._of_groups(others))
        variables = combine_vars(variables, host.get_vars())
        return t.cast("dict[str, t.Any]", combine_vars(variables, self._from_plugins([host])))

    def _of_groups(self, groups: list[t.Any]) -> dict[str, t.Any]:
        return t.cast("dict[str, t.Any]", combine_vars(get_group_vars(groups), self._from_plugins(groups)))

    def _from_plugins(self, entities: list[t.Any]) -> dict[str, t.Any]:
        if self._sources is None or not entities:
            return {}
        variables = get_vars_from_inventory_sources(self._loader, self._sources, entities, "all")
        return t.cast("dict[str, t.Any]", variables)
