# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus and items of tables that a device lacks, or that it has alone, compared with the other devices of its group. Pure."""

from __future__ import annotations

import collections
import typing as t

from ...module_utils._drift.rules import is_identity
from ...module_utils._tree.paths import Path
from .devices import AdoptedDevice
from .layers import ALL, Deviation

# The share of the others that must agree, and the least number of them.
_SHARE = 2 / 3
_MIN_PEERS = 2


def find_presence_deviations(
    devices: t.Sequence[AdoptedDevice], groups: t.Mapping[str, t.Sequence[str]]
) -> list[Deviation]:
    """What single devices lack or have in addition. Only devices of one model and firmware are compared."""
    found: dict[tuple[str, Path], Deviation] = {}
    for layer, hosts in [*groups.items(), (ALL, [device.name for device in devices])]:
        kinds: dict[t.Any, list[AdoptedDevice]] = collections.defaultdict(list)
        for device in devices:
            if device.name in hosts:
                kinds[device.model, device.firmware].append(device)
        for members in kinds.values():
            for deviation in _compare_members(layer, members):
                found.setdefault((deviation.host, deviation.path), deviation)
    return list(found.values())


def _compare_members(layer: str, devices: t.Sequence[AdoptedDevice]) -> t.Iterator[Deviation]:
    peers = len(devices) - 1
    if peers < _MIN_PEERS:
        return
    nodes = {device.name: _nodes(device) for device in devices}
    counts = collections.Counter(path for paths in nodes.values() for path in paths)
    for host, paths in nodes.items():
        agreeing = {
            "absent": {path: count for path, count in counts.items() if path not in paths},
            "additional": {path: peers - (counts[path] - 1) for path in paths},
        }
        for kind, numbers in agreeing.items():
            differing = {path: number for path, number in numbers.items() if number >= _SHARE * peers}
            tops = (path for path in sorted(differing) if path[:-1] not in differing and not is_identity(path))
            yield from (Deviation(host, path, kind, None, None, layer, differing[path], peers) for path in tops)


def _nodes(device: AdoptedDevice) -> set[Path]:
    """Paths of all settings and of the menus above them."""
    return {path[:length] for path in device.values for length in range(1, len(path) + 1)}
