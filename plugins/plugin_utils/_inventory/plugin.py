# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin's run: configuration -> devices -> readings -> hosts, groups and variables.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import time
import typing as t
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import (
    BaseInventoryPlugin,
    Cacheable,
    Constructable,
    get_cache_plugin,
)
from ansible.utils.unsafe_proxy import wrap_var
from ansible.utils.vars import combine_vars

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import plain
from ...module_utils._base.sanitize import printable
from . import cache as _inventory_cache
from . import options, sources
from . import outcome as _inventory_outcome
from . import variables as _inventory_variables
from .cache import CacheEntry
from .options import PolledDevice
from .polling import Job, Limits, PollResult, poll
from .scope import Scope
from .sources import ConfigError, InventoryTarget

_FILE_NAMES = ("lantime.yml", "lantime.yaml")
_RANGES: dict[str, tuple[float, float]] = {
    "workers": (1, 1000),
    "deadline": (1, 3600),
    "max_auth_failures": (0, 10000),
    "networks_max_addresses": (1, 65536),
    "cache_timeout_state": (0, 31536000),
}


class LantimeInventory(BaseInventoryPlugin, Constructable, Cacheable):
    """The plugin but for its name and documentation."""

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
        fits = name in _FILE_NAMES or name.endswith(tuple("." + each for each in _FILE_NAMES))
        return fits and bool(super().verify_file(path))  # type: ignore[no-untyped-call]

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        try:
            self._build(path, cache)
        except ConfigError as exc:
            raise AnsibleParserError(f"{exc}.") from None
        except LantimeError as error:
            raise AnsibleParserError(str(error)) from None

    def _build(self, path: str, cache: bool) -> None:
        config = self._configuration(path)
        self._prefix = str(self.get_option("group_prefix"))
        devices = self._devices(config, Path(path).parent)
        if not self.get_option("networks_unverified"):
            _refuse_unproven(devices)
        for line in options.insecure(devices):
            self.display.warning(line)
        entries = self._entries(devices, path, cache)
        self._populate(devices, entries)
        self._warn(devices, entries)

    # -- configuration

    def _configuration(self, path: str) -> dict[str, t.Any]:
        config: dict[str, t.Any] = self._read_config_data(path)
        sources.check_names(config, {*self.option_definitions, "plugin"}, Path(path).name)
        for name, (low, high) in _RANGES.items():
            value = self.get_option(name)
            if not low <= value <= high:
                raise ConfigError(f"{name} must be from {low:g} to {high:g}, not {value:g}")
        prefix = str(self.get_option("group_prefix"))
        if prefix and not (prefix.isascii() and prefix.isidentifier()):
            raise ConfigError(f'group_prefix "{printable(prefix, 40)}" must consist of letters, digits and underscores')
        if not any(config.get(name) for name in ("hosts", "file", "networks", "group")):
            raise ConfigError("there is no source of devices; give hosts, file, networks or group")
        return config

    def _render(self, what: str, value: t.Any, variables: Mapping[str, t.Any]) -> t.Any:
        """A value with the templates of the configuration evaluated; what no template may be stays as it is."""
        self.templar.available_variables = dict(variables)
        try:
            return plain(self.templar.template(value))
        except AnsibleError as exc:
            raise ConfigError(f"{what} cannot be templated: {printable(exc, 200)}") from None

    def _devices(self, config: dict[str, t.Any], directory: Path) -> list[PolledDevice]:
        def from_config(name: str) -> t.Any:
            value = config.get(name)
            return None if value is None else self._render(name, value, self._vars or {})

        given = {name: from_config(name) for name in sources.CONNECTION_OPTIONS}
        in_file = {name: value for name, value in given.items() if value is not None}
        elsewhere = {name: self.get_option(name) for name in given if name not in in_file}
        base = options.checked(
            {
                **{name: value for name, value in elsewhere.items() if value is not None},
                **options.in_directory(in_file, directory),
            },
            "options",
        )
        targets = sources.merged(self._targets(from_config, directory))
        scope = self._scope()
        extra = self._vars or {}
        devices = []
        for target in targets:
            variables = scope.of(target.name)

            def render(what: str, value: t.Any, known: dict[str, t.Any] = variables) -> t.Any:
                return self._render(what, value, combine_vars(known, extra))

            devices.append(options.make_device(target, base, in_file, variables, render))
        return devices

    def _targets(self, option: t.Callable[[str], t.Any], directory: Path) -> list[InventoryTarget]:
        found = sources.from_list(_as_list(option("hosts")), "hosts")
        name = option("file")
        if name is not None:
            found += self._from_file(directory / Path(str(name)).expanduser())
        for group in _as_list(option("group")):
            found += self._from_group(str(group))
        networks = _as_list(option("networks"))
        return found + sources.from_networks(networks, self.get_option("networks_max_addresses"))

    def _from_file(self, path: Path) -> list[InventoryTarget]:
        where = path.name
        if path.suffix in (".yml", ".yaml", ".json"):
            try:
                document = plain(self.loader.load_from_file(str(path), cache="none"))
            except AnsibleError as exc:
                raise ConfigError(f"file: {where} cannot be read ({printable(exc, 200)})") from None
            return sources.from_document(document, where)
        try:
            return sources.from_lines(path.read_text(encoding="utf-8"), where)
        except (OSError, UnicodeDecodeError) as exc:
            raise ConfigError(f"file: {where} cannot be read ({type(exc).__name__})") from None

    def _from_group(self, name: str) -> list[InventoryTarget]:
        groups = self.inventory.groups
        if name not in groups:
            raise ConfigError(
                f'group: no inventory source before this one has a group "{printable(name, 60)}"'
                + sources.nearest(name, groups)
            )
        # The group `all` gets its children only after the last source.
        hosts = self.inventory.hosts.values() if name == "all" else groups[name].get_hosts()
        return [InventoryTarget(host.name, {}) for host in hosts]

    # -- asking

    def _entries(self, devices: list[PolledDevice], path: str, cache: bool) -> dict[str, CacheEntry]:
        """What is known of each device by its key, from the cache where that will do."""
        ages = _inventory_cache.Ages(
            identity=float(self.get_option("cache_timeout")),
            state=float(self.get_option("cache_timeout_state")),
            with_state=bool(self.get_option("gather_state")),
        )
        known = self._load_cache(path)
        now = time.time()
        asked = [
            device
            for device in devices
            if not (cache and _inventory_cache.usable(known.get(_key(device)), ages, now, device.target.found))
        ]
        limits = Limits(
            self.get_option("workers"),
            self.get_option("deadline"),
            self.get_option("max_auth_failures"),
        )
        readings = poll([Job(device.settings, device.dialect) for device in asked], limits)
        now = time.time()
        fresh = {
            _key(device): _entry(reading, known.get(_key(device)), now) for device, reading in zip(asked, readings)
        }
        entries = {key: fresh.get(key) or known[key] for key in dict.fromkeys(map(_key, devices))}
        if self.get_option("cache") and entries != known:
            self._cache[self.get_cache_key(path)] = _inventory_cache.dump(entries)
        return entries

    def _load_cache(self, path: str) -> dict[str, CacheEntry]:
        if not self.get_option("cache"):
            return {}
        given = {"_uri": "cache_connection", "_prefix": "cache_prefix"}
        settings = {key: self.get_option(name) for key, name in given.items()}
        # Ages are judged here: a dead device is to be remembered when its entry has long expired.
        self._cache = get_cache_plugin(
            self.get_option("cache_plugin"),
            _timeout=0,
            **{key: value for key, value in settings.items() if value is not None},
        )
        try:
            return _inventory_cache.load(plain(self._cache.get(self.get_cache_key(path))))
        except (AnsibleError, ValueError, TypeError, LookupError) as exc:
            # Cache plugins leave it to their callers to expect what a damaged file may hold.
            self.display.warning(f"What the inventory cache held cannot be used: {printable(exc, 300)}")
            return {}

    # -- telling

    def _populate(self, devices: list[PolledDevice], entries: dict[str, CacheEntry]) -> None:
        parent = self._prefix.strip("_")
        fixed = [f"{self._prefix}{outcome}" for outcome in _inventory_variables.OUTCOMES]
        for group in ([parent] if parent else []) + fixed:
            self.inventory.add_group(group)
        scope = self._scope()
        for device in devices:
            entry = entries[_key(device)]
            if device.target.found and entry.identity is None:
                continue
            self._add(device, entry, parent, scope)
        if not any(self.get_option(name) for name in ("compose", "groups", "keyed_groups")):
            return
        for device in devices:
            if device.name in self.inventory.hosts:
                answered = entries[_key(device)].outcome == "ok"
                self._construct(device.name, scope, answered)

    def _scope(self) -> Scope:
        return Scope(
            self.inventory,
            self.loader,
            self._prefix.strip("_"),
            bool(self.get_option("use_vars_plugins")),
        )

    def _add(self, device: PolledDevice, entry: CacheEntry, parent: str, scope: Scope) -> None:
        name = device.name
        # What another source or the user says of a host stays as it is.
        known = scope.of(name) if name in self.inventory.hosts else {}
        self.inventory.add_host(name)
        state = entry.state if self.get_option("gather_state") and entry.outcome == "ok" else None
        groups = [parent] if parent else []
        if entry.outcome in _inventory_variables.OUTCOMES:
            groups.append(self._prefix + entry.outcome)
        groups += _inventory_variables.group_names(entry.identity, state, self._prefix, self.get_option("group_by"))
        for group in groups:
            self.inventory.add_group(group)
            self.inventory.add_child(group, name)
        for variable, value in options.connection_variables(device).items():
            if variable not in known:
                self.inventory.set_variable(name, variable, wrap_var(value))
        for variable, value in self._told(entry, state).items():
            self.inventory.set_variable(name, "lantime_" + variable, wrap_var(value))

    def _told(self, entry: CacheEntry, state: dict[str, t.Any] | None) -> dict[str, t.Any]:
        names: tuple[str, ...] = _inventory_variables.IDENTITY
        values = {**(entry.identity or {}), **(state or {})}
        if self.get_option("gather_state"):
            names += _inventory_variables.STATE
        found = {name: values.get(name) for name in names}
        found["status"] = entry.outcome
        found["problem"] = entry.problem
        found["last_seen"] = None if entry.outcome == "ok" else _iso(entry.identity_time)
        return found

    def _construct(self, name: str, scope: Scope, answered: bool) -> None:
        compose, groups, keyed = (self.get_option(option) for option in ("compose", "groups", "keyed_groups"))
        # A device without an answer has no state, which is no error of an expression.
        strict = bool(self.get_option("strict")) and answered
        try:
            self._set_composite_vars(compose, scope.of(name), name, strict=strict)
            variables = scope.of(name)
            self._add_host_to_composed_groups(groups, variables, name, strict=strict, fetch_hostvars=False)
            self._add_host_to_keyed_groups(keyed, variables, name, strict=strict, fetch_hostvars=False)
        except AnsibleError as exc:
            raise ConfigError(printable(exc, 500).rstrip(".")) from None

    def _warn(self, devices: list[PolledDevice], entries: dict[str, CacheEntry]) -> None:
        seen = []
        for device in devices:
            entry = entries[_key(device)]
            if device.name in self.inventory.hosts or entry.outcome == "auth_failed":
                serial = (entry.identity or {}).get("serial_number")
                seen.append(_inventory_outcome.Seen(device.name, entry.outcome, entry.problem, serial))
        for line in _inventory_outcome.summary(seen, self.get_option("max_auth_failures")):
            self.display.warning(line)


def _refuse_unproven(devices: list[PolledDevice]) -> None:
    if any(device.target.found and not options.proven(device) for device in devices):
        raise ConfigError(
            "networks with validate_certs or use_tls set to false would hand the password to every web server there; "
            "set ca_path, list the devices as hosts, or set networks_unverified to true"
        )


def _as_list(value: t.Any) -> list[t.Any]:
    if value is None:
        return []
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else value


def _key(device: PolledDevice) -> str:
    return _inventory_cache.key_of(device.settings.host, device.settings.port)


def _entry(reading: PollResult, known: CacheEntry | None, now: float) -> CacheEntry:
    """What is known of a device after it was asked; a failure leaves the identity as it was."""
    if reading.outcome == "ok":
        return CacheEntry(reading.identity, now, reading.state, now, "ok", None, now)
    before = known or CacheEntry()
    return CacheEntry(before.identity, before.identity_time, None, None, reading.outcome, reading.problem, now)


def _iso(moment: float | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
