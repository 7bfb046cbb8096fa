# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributes the settings of many devices over a golden configuration, overlays of groups, and overlays of hosts. Pure.

A setting is in a layer only if each device to which the layer applies has it, because an overlay cannot remove a name. Its
value there is that of more than half of these devices; the others have theirs in a later layer.
"""

from __future__ import annotations

import collections
import json
import typing as t

from ...module_utils._tree.coerce import MismatchError, coerce, is_same
from ...module_utils._tree.paths import Path
from .devices import AdoptedDevice, SecretPlaceholder, SettingValue, is_empty, is_own

# The name of the layer of all devices, which is also that of Ansible's group.
ALL = "all"

# Values that are compared with each other, of those that most devices have.
_MAX_CANDIDATES = 3
_NONE = object()

Values = dict[Path, SettingValue]


class Deviation(t.NamedTuple):
    """A host that differs from the majority of a layer. kind: value, absent or additional.  majority: value, None unless it is
    one.  agree, of: how many of the other devices of the layer agree, and of how many."""

    host: str
    path: Path
    kind: str
    value: SettingValue
    majority: SettingValue
    layer: str
    agree: int
    of: int


class Layers(t.NamedTuple):
    """Settings by layer. groups, hosts: by name."""

    shared: Values
    groups: dict[str, Values]
    hosts: dict[str, Values]
    deviations: list[Deviation]


class LayerValue(t.NamedTuple):
    """The value of a layer for a setting, and how many of its members have it."""

    layer: t.Any
    value: SettingValue
    agree: int
    of: int


def distribute(
    devices: t.Sequence[AdoptedDevice], groups: t.Mapping[str, t.Sequence[str]], skip: t.Container[t.Any]
) -> Layers:
    """The layers of a fleet. groups: hosts by group, in the order in which overlays are merged.  skip: (host, path) of settings
    that rules for modules hold."""
    names = [device.name for device in devices]
    members: dict[str, t.Sequence[str]] = {ALL: names, **groups}
    layers = Layers({}, {name: {} for name in groups}, {name: {} for name in names}, [])
    own: dict[Path, dict[str, SettingValue]] = collections.defaultdict(dict)
    for device in devices:
        for path, value in device.values.items():
            if (device.name, path) not in skip:
                own[path][device.name] = value
    for path in sorted(own):
        effective = choose_values(own[path], members, any(is_own(path, value) for value in own[path].values()))
        _place(layers, path, own[path], effective)
    return layers


def _place(layers: Layers, path: Path, own: dict[str, SettingValue], effective: dict[str, list[LayerValue]]) -> None:
    for choices in effective.values():
        for choice in choices:
            (layers.shared if choice.layer == ALL else layers.groups[choice.layer])[path] = choice.value
    for host, value in own.items():
        choices = effective.get(host, [])
        if choices and fits(choices[-1].value, value):
            continue
        layers.hosts[host][path] = value
        last = choices[-1] if choices else None
        if last is not None and not isinstance(last.value, SecretPlaceholder) and not is_own(path, value):
            layers.deviations.append(
                Deviation(host, path, "value", value, last.value, last.layer, last.agree, last.of - 1)
            )


def choose_values(
    own: t.Mapping[t.Any, SettingValue], members: t.Mapping[t.Any, t.Sequence[t.Any]], is_of_one: bool = False
) -> dict[t.Any, list[LayerValue]]:
    """The values that layers give a setting, by member, in the order of the layers.

    own: value by member.  members: of each layer.  is_of_one: the setting belongs to one device, so that only an empty value is shared.
    """
    effective: dict[t.Any, list[LayerValue]] = collections.defaultdict(list)
    for layer, names in members.items():
        if not names or any(name not in own for name in names):
            continue
        value, agree = _most_common([own[name] for name in names])
        if 2 * agree <= len(names) or (is_of_one and not is_empty(value)):
            continue
        # A placeholder is a comment, which replaces no value of a former layer.
        if not isinstance(value, SecretPlaceholder) and any(isinstance(own[name], SecretPlaceholder) for name in names):
            continue
        settled = sum(1 for name in names if effective[name] and fits(effective[name][-1].value, own[name]))
        if agree > settled:
            for name in names:
                effective[name].append(LayerValue(layer, value, agree, len(names)))
    return effective


def fits(value: SettingValue, own: SettingValue) -> bool:
    """Whether the planner would leave the device's own value if this value were desired."""
    if isinstance(value, SecretPlaceholder) or isinstance(own, SecretPlaceholder):
        return bool(value == own)
    try:
        return is_same(coerce(value, own), own)
    except MismatchError:
        return False


def _most_common(values: list[SettingValue]) -> tuple[SettingValue, int]:
    """The value that fits most of the values, and how many these are."""
    by_text: dict[str, SettingValue] = {}
    counts: collections.Counter[str] = collections.Counter()
    for value in values:
        text = json.dumps([type(value).__name__, value], sort_keys=True, default=str)
        by_text.setdefault(text, value)
        counts[text] += 1
    best: tuple[SettingValue, int] = (_NONE, 0)
    for text, dummy in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MAX_CANDIDATES]:
        agree = sum(count for other, count in counts.items() if fits(by_text[text], by_text[other]))
        if agree > best[1]:
            best = (by_text[text], agree)
    return best
