# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of devices for overlays: proposed from model, firmware, and settings in which the fleet falls into the same parts. Pure."""

from __future__ import annotations

import collections
import json
import re
import typing as t

from ...module_utils._tree.values import firmware_version
from .devices import AdoptedDevice, SecretPlaceholder, is_own

# Settings in which the fleet must fall into the same parts, so that the parts become groups.
_MIN_SETTINGS = 2
_MIN_MEMBERS = 2

Partition = tuple[int, ...]


def propose_groups(devices: t.Sequence[AdoptedDevice]) -> dict[str, list[str]]:
    """Groups of devices of one model and release, and of devices that agree with each other where they differ from the others."""
    kinds: dict[str, list[str]] = {}
    for device in devices:
        kinds.setdefault(_name_group(device), []).append(device.name)
    of_kinds = {name: hosts for name, hosts in sorted(kinds.items()) if len(hosts) >= _MIN_MEMBERS}
    groups = of_kinds if len(kinds) > 1 else {}
    parts = _common_partition(devices)
    for number in sorted(set(parts or ())):
        groups[f"lantime_part_{number + 1}"] = [
            device.name for device, part in zip(devices, parts or ()) if part == number
        ]
    return groups


def _name_group(device: AdoptedDevice) -> str:
    """The name of the group of a model and release, such as lantime_m600_7_10."""
    version = firmware_version(device.firmware)
    numbers = [] if version is None else [str(number) for number in version["numbers"][:2]]
    return re.sub(r"[^a-z0-9]+", "_", "_".join(["lantime", device.model.lower(), *numbers])).strip("_")


def _common_partition(devices: t.Sequence[AdoptedDevice]) -> Partition | None:
    """The partition of the fleet by value that most settings have; None if too few agree, or the kinds explain it."""
    kinds = [_name_group(device) for device in devices]
    counts: collections.Counter[Partition] = collections.Counter()
    everywhere = set.intersection(*(set(device.values) for device in devices)) if devices else set()
    for path in everywhere:
        values = [device.values[path] for device in devices]
        if (
            is_own(path, values[0])
            or isinstance(values[0], SecretPlaceholder)
            or all(value == values[0] for value in values)
        ):
            continue
        partition = _partition_by(values)
        sizes = collections.Counter(partition)
        if min(sizes.values()) >= _MIN_MEMBERS and not _is_explained(partition, kinds):
            counts[partition] += 1
    best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return best[0][0] if best and best[0][1] >= _MIN_SETTINGS else None


def _partition_by(values: list[t.Any]) -> Partition:
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(json.dumps(value, sort_keys=True), len(numbers)) for value in values)


def _is_explained(partition: Partition, kinds: list[str]) -> bool:
    """Whether devices of one kind are always in the same part."""
    parts: dict[str, set[int]] = collections.defaultdict(set)
    for part, kind in zip(partition, kinds):
        parts[kind].add(part)
    return all(len(numbers) == 1 for numbers in parts.values())
