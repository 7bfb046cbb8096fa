# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an inventory file that are not about the connection, checked."""

from __future__ import annotations

import typing as t

from ...module_utils._base.ranges import Bounds, check_ranges
from ...module_utils._base.sanitize import printable
from .sources import ConfigError, refuse_unknown_names

_OPTION_LIMITS: dict[str, Bounds] = {
    "workers": (1, 1000),
    "deadline": (1, 3600),
    "max_auth_failures": (0, 10000),
    "networks_max_addresses": (1, 65536),
    "cache_timeout_state": (0, 31536000),
}


class InventoryOptions(t.NamedTuple):
    """Options as the plugin documents them. Times in seconds."""

    networks_max_addresses: int
    networks_unverified: bool
    use_vars_plugins: bool
    workers: int
    deadline: float
    max_auth_failures: int
    gather_state: bool
    cache: bool
    cache_timeout: int
    cache_timeout_state: int
    group_prefix: str
    group_by: list[str]
    set_connection_local: bool
    strict: bool
    compose: dict[str, str]
    groups: dict[str, str]
    keyed_groups: list[dict[str, t.Any]]

    @property
    def parent_group(self) -> str:
        """The group of all devices; empty for none."""
        return self.group_prefix.strip("_")


def read_inventory_options(get_option: t.Callable[[str], t.Any]) -> InventoryOptions:
    """The options of the plugin. Raises ConfigError for values that are not valid."""
    options = InventoryOptions(**{name: get_option(name) for name in InventoryOptions._fields})
    try:
        check_ranges(options._asdict(), _OPTION_LIMITS)
    except ValueError as exc:
        raise ConfigError(str(exc)) from None
    prefix = str(options.group_prefix)
    if prefix and not (prefix.isascii() and prefix.isidentifier()):
        raise ConfigError(f'group_prefix "{printable(prefix, 40)}" must consist of letters, digits and underscores')
    return options._replace(group_prefix=prefix)


def check_configuration(config: t.Mapping[str, t.Any], known: t.Collection[str], file_name: str) -> None:
    """Raises ConfigError if the content of an inventory file has an unknown option, or no source of devices."""
    refuse_unknown_names(config, known, file_name)
    if not any(config.get(name) for name in ("hosts", "file", "networks", "group")):
        raise ConfigError("no devices are configured; set hosts, file, networks or group")
