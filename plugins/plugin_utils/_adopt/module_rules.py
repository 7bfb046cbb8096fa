# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for modules from the settings of modules that several devices have. Pure."""

from __future__ import annotations

import collections
import typing as t

from ...module_utils._hardware.slots import make_slot_filter
from ...module_utils._plan.module_rules import slot_path
from ...module_utils._tree.paths import Path
from .devices import AdoptedDevice, SecretPlaceholder, SettingValue, is_own
from .layers import ALL, Deviation, LayerValue, choose_values, fits

# Length of the path of a slot.
_SLOT_DEPTH = 3


class FittedModule(t.NamedTuple):
    """A module of a host. at: path of its slot in the configuration."""

    host: str
    at: Path
    family: str
    model: str


class Scope(t.NamedTuple):
    """The modules to which a rule applies. layer: all, a group or a host.  model, slot: None for each."""

    layer: str
    family: str
    model: str | None = None
    slot: str | None = None


class Rule(t.NamedTuple):
    """values: by path below the slot.  is_override: whether it replaces values of former rules."""

    scope: Scope
    values: dict[Path, SettingValue]
    is_override: bool


class ModuleLayers(t.NamedTuple):
    """Rules by layer, in the order in which they are applied. covered: (host, path) of the settings that they hold."""

    shared: list[Rule]
    groups: dict[str, list[Rule]]
    hosts: dict[str, list[Rule]]
    covered: set[tuple[str, Path]]
    deviations: list[Deviation]


def distribute_modules(devices: t.Sequence[AdoptedDevice], groups: t.Mapping[str, t.Sequence[str]]) -> ModuleLayers:
    """Rules for families and models of which several devices have modules with equal settings."""
    values = _module_values(devices)
    scopes = _list_scopes(list(values), {ALL: [device.name for device in devices], **groups})
    collected = _Collected()
    by_setting: dict[tuple[str, Path], dict[FittedModule, SettingValue]] = collections.defaultdict(dict)
    for module, own in values.items():
        for path, value in own.items():
            by_setting[module.family, path][module] = value
    for (family, path), own_values in sorted(by_setting.items(), key=lambda item: item[0]):
        of_family = {scope: members for scope, members in scopes.items() if scope.family == family}
        collected.add(path, own_values, choose_values(own_values, of_family))
    return collected.layers(list(groups), [device.name for device in devices])


def _module_values(devices: t.Sequence[AdoptedDevice]) -> dict[FittedModule, dict[Path, SettingValue]]:
    """Settings below the slot of each module for which there can be rules."""
    found: dict[FittedModule, dict[Path, SettingValue]] = {}
    excluded = _shared_families(devices)
    for device in devices:
        below: dict[Path, dict[Path, SettingValue]] = collections.defaultdict(dict)
        for path, value in device.values.items():
            if not is_own(path, value) and not isinstance(value, SecretPlaceholder):
                below[path[:_SLOT_DEPTH]][path[_SLOT_DEPTH:]] = value
        fitted = _fitted_slots(device)
        count = collections.Counter(slot["slot"] for slot in fitted)
        for slot in fitted:
            # A rule for a slot would apply to the slot of this name in each chassis.
            if count[slot["slot"]] > 1:
                excluded.add(slot["family"])
            if slot["family"] is not None:
                at = slot_path(slot)
                found[FittedModule(device.name, at, slot["family"], str(slot["model"]))] = below.get(at, {})
    return {module: own for module, own in found.items() if module.family not in excluded}


def _fitted_slots(device: AdoptedDevice) -> list[dict[str, t.Any]]:
    return [slot for slot in device.slots if slot["populated"] is True]


def _shared_families(devices: t.Sequence[AdoptedDevice]) -> set[str | None]:
    """Families whose rules would apply to modules of another one too, because a model can belong to several."""
    kinds = {
        (slot["model"], slot["slot_type"], slot["family"]): slot for device in devices for slot in _fitted_slots(device)
    }
    families = {family for dummy, dummy2, family in kinds if family is not None}
    return {
        family
        for family in families
        for fits_family in [make_slot_filter(families=[family])]
        for slot in kinds.values()
        if fits_family(slot) and slot["family"] != family
    }


def _list_scopes(
    modules: list[FittedModule], members: t.Mapping[str, t.Sequence[str]]
) -> dict[Scope, list[FittedModule]]:
    """Scopes of more than one device, in the order in which their rules are applied."""
    scopes: dict[Scope, list[FittedModule]] = {}
    for layer, hosts in members.items():
        inside = [module for module in modules if module.host in hosts]
        for family in sorted({module.family for module in inside}):
            fitting = [module for module in inside if module.family == family]
            scopes[Scope(layer, family)] = fitting
            models = sorted({module.model for module in fitting})
            for model in models if len(models) > 1 else ():
                scopes[Scope(layer, family, model)] = [module for module in fitting if module.model == model]
    return {scope: fitting for scope, fitting in scopes.items() if len({module.host for module in fitting}) > 1}


class _Collected:
    """Collects the values of rules."""

    def __init__(self) -> None:
        self._values: dict[Scope, dict[Path, SettingValue]] = {}
        self._overriding: set[Scope] = set()
        self._covered: set[tuple[str, Path]] = set()
        self._deviations: list[Deviation] = []

    def add(
        self,
        path: Path,
        own: t.Mapping[FittedModule, SettingValue],
        effective: t.Mapping[FittedModule, t.Sequence[LayerValue]],
    ) -> None:
        for module, choices in effective.items():
            for number, choice in enumerate(choices):
                self._values.setdefault(choice.layer, {})[path] = choice.value
                if number:
                    self._overriding.add(choice.layer)
            if not choices:
                continue
            self._covered.add((module.host, (*module.at, *path)))
            last = choices[-1]
            if not fits(last.value, own[module]):
                scope = Scope(module.host, module.family, None, module.at[-1])
                self._values.setdefault(scope, {})[path] = own[module]
                self._overriding.add(scope)
                where = (*module.at, *path)
                layer = f"{last.layer.layer}, modules {last.layer.model or last.layer.family}"
                self._deviations.append(
                    Deviation(module.host, where, "value", own[module], last.value, layer, last.agree, last.of - 1)
                )

    def layers(self, groups: t.Sequence[str], hosts: t.Sequence[str]) -> ModuleLayers:
        shared: list[Rule] = []
        of_groups: dict[str, list[Rule]] = {name: [] for name in groups}
        of_hosts: dict[str, list[Rule]] = {name: [] for name in hosts}
        ordered = sorted(self._values, key=lambda scope: (scope.family, scope.model or "", scope.slot or ""))
        for scope in ordered:
            rule = Rule(scope, self._values[scope], scope in self._overriding)
            if scope.slot is not None:
                of_hosts[scope.layer].append(rule)
            elif scope.layer == ALL:
                shared.append(rule)
            else:
                of_groups[scope.layer].append(rule)
        return ModuleLayers(shared, of_groups, of_hosts, self._covered, self._deviations)
