# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: reads the configuration, polls the devices, and adds hosts, groups and variables."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.files import FileError, read_text
from ...module_utils._base.sanitize import printable
from ...module_utils._client.settings import POLLING_OPTIONS, environment_name, is_given
from .cache import CacheEntry, dump_entries, open_cache, read_cache
from .configuration import InventoryOptions, check_configuration, read_inventory_options
from .devices import DeviceReader, make_scope
from .host_status import PolledHost, poll_warnings
from .hosts import add_fixed_groups, add_host
from .options import PolledDevice, credential_cautions, credential_warnings, security_warnings
from .refresh import entry_key, refresh_entries
from .scope import VariableScope
from .sources import ConfigError

_LARGEST_CONFIGURATION = 100_000  # bytes
_FILE_NAMES = ("lantime.yml", "lantime.yaml")
_NAMES_PLUGIN = re.compile(r"""^plugin:\s*(["']?)meinberg\.lantime\.lantime\1\s*(#.*)?$""", re.MULTILINE)


def _names_plugin(path: str) -> bool:
    """Whether a YAML file is a configuration of this plugin."""
    if Path(path).suffix not in (".yml", ".yaml"):
        return False
    try:
        return _NAMES_PLUGIN.search(read_text(Path(path), _LARGEST_CONFIGURATION)) is not None
    except (FileError, OSError, UnicodeDecodeError):
        return False


class LantimeInventory(BaseInventoryPlugin, Constructable, Cacheable):
    """The plugin without its name and documentation."""

    # Ansible leaves these without types.
    inventory: t.Any
    loader: t.Any
    get_option: t.Any
    _read_config_data: t.Any
    _set_composite_vars: t.Any
    _add_host_to_composed_groups: t.Any
    _add_host_to_keyed_groups: t.Any

    def verify_file(self, path: str) -> bool:
        name = Path(path).name
        if not super().verify_file(path):  # type: ignore[no-untyped-call]
            return False
        fits = name in _FILE_NAMES or name.endswith(tuple("." + each for each in _FILE_NAMES))
        if not fits and _names_plugin(path):
            self.display.warning(
                f"{name} is not read by the inventory plugin meinberg.lantime.lantime; rename it to lantime.yml or to "
                f"{Path(path).stem}.lantime.yml"
            )
        return fits

    def set_options(self, task_keys: t.Any = None, var_options: t.Any = None, direct: t.Any = None) -> None:
        """Take the options of an inventory file and the environment without those that are empty, which means not given.

        Ansible would refuse an empty number, and an empty LANTIME_USE_TLS would turn off TLS.
        """
        for name in map(environment_name, POLLING_OPTIONS):
            if os.environ.get(name) == "":
                del os.environ[name]
        given = {
            name: value for name, value in (direct or {}).items() if name not in POLLING_OPTIONS or is_given(value)
        }
        for line in credential_cautions(given, "options"):
            self.display.warning(line)
        super().set_options(task_keys=task_keys, var_options=var_options, direct=given)  # type: ignore[no-untyped-call]

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        try:
            self._build(path, cache)
        except ConfigError as exc:
            raise AnsibleParserError(f"{exc}.") from None
        except LantimeError as error:
            raise AnsibleParserError(str(error)) from None

    def _build(self, path: str, use_cache: bool) -> None:
        config: dict[str, t.Any] = self._read_config_data(path)
        check_configuration(config, {*self.option_definitions, "plugin"}, Path(path).name)
        options = read_inventory_options(self.get_option)
        devices = DeviceReader(self, config, options, Path(path).parent).devices()
        for line in (*security_warnings(devices), *credential_warnings(devices)):
            self.display.warning(line)
        entries = self._entries(devices, options, self.get_cache_key(path), use_cache)
        self._add_hosts(devices, entries, options)
        self._warn(devices, entries, options)

    def _entries(
        self, devices: list[PolledDevice], options: InventoryOptions, key: str, use_cache: bool
    ) -> dict[str, CacheEntry]:
        cached: dict[str, CacheEntry] = {}
        if options.cache:
            self._cache = open_cache(self.get_option)
            try:
                cached = read_cache(self._cache, key)
            except ValueError as exc:
                self.display.warning(
                    f"The inventory cache is ignored, because it cannot be read: {printable(exc, 300)}"
                )
        entries = refresh_entries(devices, cached, options, use_cache)
        if options.cache and entries != cached:
            self._cache[key] = dump_entries(entries)
        return entries

    def _add_hosts(
        self, devices: list[PolledDevice], entries: dict[str, CacheEntry], options: InventoryOptions
    ) -> None:
        add_fixed_groups(self.inventory, options)
        scope = make_scope(self, options)
        for device in devices:
            entry = entries[entry_key(device)]
            if entry.identity is not None or not device.target.is_discovered:
                add_host(self.inventory, device, entry, options, scope)
        if not (options.compose or options.groups or options.keyed_groups):
            return
        for device in devices:
            if device.name in self.inventory.hosts:
                # A device that could not be read has no state, which is not an error of an expression.
                strict = bool(options.strict) and entries[entry_key(device)].status == "ok"
                self._construct(device.name, options, scope, strict)

    def _construct(self, name: str, options: InventoryOptions, scope: VariableScope, strict: bool) -> None:
        try:
            self._set_composite_vars(options.compose, scope.variables_of(name), name, strict=strict)
            variables = scope.variables_of(name)
            self._add_host_to_composed_groups(options.groups, variables, name, strict=strict, fetch_hostvars=False)
            self._add_host_to_keyed_groups(options.keyed_groups, variables, name, strict=strict, fetch_hostvars=False)
        except AnsibleError as exc:
            raise ConfigError(printable(exc, 500).rstrip(".")) from None

    def _warn(self, devices: list[PolledDevice], entries: dict[str, CacheEntry], options: InventoryOptions) -> None:
        hosts = []
        for device in devices:
            entry = entries[entry_key(device)]
            if device.name in self.inventory.hosts or entry.status == "auth_failed":
                serial_number = (entry.identity or {}).get("serial_number")
                hosts.append(PolledHost(device.name, entry.status, entry.problem, serial_number))
        for line in poll_warnings(hosts, options.max_auth_failures):
            self.display.warning(line)
