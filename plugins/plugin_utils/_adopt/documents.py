# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an inventory of an adopted fleet. Pure.

Variables of a host replace those of its groups as a whole, so the golden configuration is put together by name: the overlays
in group_vars/all name one variable for each group, and one that each host has for itself.
"""

from __future__ import annotations

import re
import typing as t

from ...module_utils._tree.paths import Path
from .devices import AdoptedDevice, SettingValue
from .layers import ALL, Deviation, Layers
from .module_rules import ModuleLayers, Rule
from .yaml_text import Commented, Template, render_document

MARK = "Written by meinberg.lantime.adopt."
HOSTS_FILE = "lantime_hosts.yml"
GOLDEN_FILE = "lantime_golden.yml"
HOST_VARIABLE = "lantime_golden_host"
_GROUP_VARIABLE = "lantime_golden_of_"
_UPDATES = "With adopt_update, the role replaces this file. Put your own variables into other files of this directory."
_SECRETS = (
    "Secrets are masked by the devices. Remove the # of a placeholder and define its variable in a vault to set one."
)

Files = dict[str, str]


class Fleet(t.NamedTuple):
    """An adopted fleet. groups: hosts by group.  connection: variables of each host that reach its device, without credentials."""

    devices: t.Sequence[AdoptedDevice]
    groups: t.Mapping[str, t.Sequence[str]]
    connection: t.Mapping[str, t.Mapping[str, t.Any]]
    not_adopted: t.Mapping[str, str]


def group_variables(groups: t.Iterable[str]) -> dict[str, str]:
    """The name of the variable with the overlay of each group."""
    names: dict[str, str] = {}
    for group in groups:
        stem = name = _GROUP_VARIABLE + re.sub(r"[^a-z0-9_]+", "_", group.lower())
        number = 1
        while name in names.values():
            number += 1
            name = f"{stem}_{number}"
        names[group] = name
    return names


def render_files(fleet: Fleet, layers: Layers, modules: ModuleLayers) -> Files:
    """Text by path below the directory."""
    notes = _notes([*layers.deviations, *modules.deviations])
    variables = group_variables(fleet.groups)
    files = {
        HOSTS_FILE: _render_hosts(fleet),
        f"group_vars/all/{GOLDEN_FILE}": _render_shared(layers, modules, variables),
    }
    for group, variable in variables.items():
        overlay = _overlay(layers.groups[group], modules.groups[group])
        if overlay:
            heading = [MARK, _UPDATES, "", f"Settings that the devices of the group {group} share."]
            files[f"group_vars/{group}/{GOLDEN_FILE}"] = render_document(heading, {variable: overlay})
    for device in fleet.devices:
        overlay = _overlay(layers.hosts[device.name], modules.hosts[device.name], notes.get(device.name, {}))
        if overlay:
            heading = [MARK, _UPDATES, "", f"Settings that only this device has: {device.model}, {device.firmware}."]
            files[f"host_vars/{device.name}/{GOLDEN_FILE}"] = render_document(heading, {HOST_VARIABLE: overlay})
    return files


def _notes(deviations: t.Iterable[Deviation]) -> dict[str, dict[Path, str]]:
    """Comments on the settings of hosts that deviate."""
    notes: dict[str, dict[Path, str]] = {}
    for each in deviations:
        text = f"deviates: {each.agree} of {each.of} others ({each.layer}) have {each.majority!r}"
        notes.setdefault(each.host, {})[each.path] = text
    return notes


def _overlay(
    values: t.Mapping[Path, SettingValue], rules: t.Sequence[Rule], notes: t.Mapping[Path, str] | None = None
) -> t.Any:
    tree = _nest(values, notes or {})
    return {**tree, **({"modules": [_render_rule(rule, notes or {}) for rule in rules]} if rules else {})}


def _nest(values: t.Mapping[Path, SettingValue], notes: t.Mapping[Path, str]) -> dict[str, t.Any]:
    """A tree of settings by path, sorted by name."""
    tree: dict[str, t.Any] = {}
    for path, value in sorted(values.items(), key=lambda item: tuple(map(_sort_key, item[0]))):
        menu = tree
        for name in path[:-1]:
            menu = menu.setdefault(name, {})
        menu[path[-1]] = Commented(value, notes[path]) if path in notes else value
    return tree


def _sort_key(name: str) -> list[tuple[bool, int, str]]:
    """Names with numbers in the order of the numbers."""
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d{1,9})", name)]


def _render_rule(rule: Rule, notes: t.Mapping[Path, str]) -> dict[str, t.Any]:
    scope = rule.scope
    own: dict[Path, str] = {}
    if scope.slot is not None:
        own = {path[3:]: text for path, text in notes.items() if path[2:3] == (scope.slot,)}
    return {
        "families": [scope.family],
        **({"models": [scope.model]} if scope.model is not None else {}),
        **({"slots": [scope.slot]} if scope.slot is not None else {}),
        "config": _nest(rule.values, own),
        **({"override": True} if rule.is_override else {}),
    }


def _render_shared(layers: Layers, modules: ModuleLayers, variables: t.Mapping[str, str]) -> str:
    overlays: dict[str, t.Any] = {
        group: Template(f"{{{{ {variable} | default({{}}) }}}}") for group, variable in variables.items()
    }
    # The last overlay wins, and that of all applies to each host.
    overlays[ALL] = Commented(
        Template(f"{{{{ {HOST_VARIABLE} | default({{}}) }}}}"), "Each host has its own overlay, which is merged last."
    )
    shared: dict[str, t.Any] = {"lantime_golden_config": _nest(layers.shared, {})}
    if modules.shared:
        shared["lantime_golden_modules"] = [_render_rule(rule, {}) for rule in modules.shared]
    shared["lantime_golden_overlays"] = overlays
    heading = [
        MARK,
        _UPDATES,
        _SECRETS,
        "",
        "Settings that all devices share. See ansible-doc -t role meinberg.lantime.drift_check.",
    ]
    return render_document(heading, shared)


def _render_hosts(fleet: Fleet) -> str:
    heading = [
        MARK,
        _UPDATES,
        "",
        "Credentials are not part of this inventory. Define lantime_username and lantime_password, for example",
    ]
    heading.append('in group_vars/all/connection.yml: lantime_password: "{{ vault_lantime_password }}"')
    heading += [f"not adopted: {host}: {why}" for host, why in sorted(fleet.not_adopted.items())]
    names = sorted((device.name for device in fleet.devices), key=_sort_key)
    own = {name: dict(fleet.connection.get(name) or {}) for name in names}
    common = {
        key: value
        for key, value in own[names[0]].items()
        if all(each.get(key, _MISSING) == value for each in own.values())
    }
    for each in own.values():
        for key in common:
            del each[key]
    groups: dict[str, t.Any] = {"lantime": {**({"vars": common} if common else {}), "hosts": own}}
    for group, hosts in fleet.groups.items():
        members = groups.setdefault(group, {}).setdefault("hosts", {})
        for host in sorted(hosts, key=_sort_key):
            members.setdefault(host, {})
    return render_document(heading, {"all": {"children": groups}})


_MISSING = object()


def count_lines(device: AdoptedDevice) -> int:
    """Lines of the configuration of a device as YAML with one setting a line."""
    return _count_settings(device.tree.value)


def _count_settings(node: t.Any) -> int:
    if isinstance(node, dict):
        return sum(1 + _count_settings(value) if isinstance(value, dict) else 1 for value in node.values())
    return 1
