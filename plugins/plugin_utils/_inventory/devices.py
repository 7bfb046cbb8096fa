# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The devices of an inventory file: targets from all sources, each with its connection options."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.utils.vars import combine_vars

from ...module_utils._base.plain import to_plain
from ...module_utils._base.sanitize import printable
from ...module_utils._client.settings import POLLING_OPTIONS, is_given
from . import sources
from .configuration import InventoryOptions
from .options import PolledDevice, check_options, is_verified, make_device, resolve_paths
from .scope import VariableScope
from .sources import ConfigError, InventoryTarget


class DeviceReader:
    """Reads the devices of an inventory file.

    plugin: the inventory plugin, for its inventory, loader, templates and extra variables.  config: the content of the
    file.  directory: the file's, at which relative paths start.
    """

    def __init__(
        self, plugin: t.Any, config: t.Mapping[str, t.Any], options: InventoryOptions, directory: Path
    ) -> None:
        self._plugin = plugin
        self._config = config
        self._options = options
        self._directory = directory
        self._extra_variables: dict[str, t.Any] = plugin._vars or {}

    def devices(self) -> list[PolledDevice]:
        """Raises ConfigError."""
        base, in_file = self._common_options()
        targets = sources.merge_targets(self._targets())
        scope = make_scope(self._plugin, self._options)
        devices = []
        for target in targets:
            variables = scope.variables_of(target.name)

            def render(what: str, value: t.Any, known: dict[str, t.Any] = variables) -> t.Any:
                return self._render(what, value, combine_vars(known, self._extra_variables))

            devices.append(make_device(target, base, in_file, variables, render))
        if not self._options.networks_unverified:
            _check_networks(devices)
        return devices

    def _common_options(self) -> tuple[dict[str, t.Any], t.Collection[str]]:
        """The connection options that are set for all devices, and the names of those that the file sets."""
        in_file = {name: value for name in POLLING_OPTIONS if is_given(value := self._from_file(name))}
        elsewhere = {name: self._plugin.get_option(name) for name in POLLING_OPTIONS if name not in in_file}
        given = {name: value for name, value in elsewhere.items() if is_given(value)}
        return check_options({**given, **resolve_paths(in_file, self._directory)}, "options"), in_file

    def _targets(self) -> list[InventoryTarget]:
        targets = sources.targets_from_list(_as_list(self._from_file("hosts")), "hosts")
        name = self._from_file("file")
        if name is not None:
            path = self._directory / Path(str(name)).expanduser()
            targets += sources.targets_from_file(path, self._plugin.loader)
        for group in _as_list(self._from_file("group")):
            targets += sources.targets_from_group(str(group), self._plugin.inventory)
        networks = _as_list(self._from_file("networks"))
        return targets + sources.targets_from_networks(networks, self._options.networks_max_addresses)

    def _from_file(self, name: str) -> t.Any:
        """An option as the file sets it, its templates evaluated."""
        value = self._config.get(name)
        return None if value is None else self._render(name, value, self._extra_variables)

    def _render(self, what: str, value: t.Any, variables: t.Mapping[str, t.Any]) -> t.Any:
        templar = self._plugin.templar
        templar.available_variables = dict(variables)
        try:
            return to_plain(templar.template(value))
        except AnsibleError as exc:
            raise ConfigError(f"{what} cannot be templated: {printable(exc, 200)}") from None


def make_scope(plugin: t.Any, options: InventoryOptions) -> VariableScope:
    """The variables of hosts, as the inventory has them now."""
    return VariableScope(plugin.inventory, plugin.loader, options.parent_group, options.use_vars_plugins)


def _check_networks(devices: t.Iterable[PolledDevice]) -> None:
    if any(device.target.is_discovered and not is_verified(device) for device in devices):
        raise ConfigError(
            "networks with validate_certs or use_tls set to false would send the password to every web server in them; "
            "set ca_path, list the devices as hosts, or set networks_unverified to true"
        )


def _as_list(value: t.Any) -> list[t.Any]:
    if value is None:
        return []
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else value
