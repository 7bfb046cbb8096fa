# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of a running fleet, from registered results, and what of their configuration can be adopted. Pure functions."""

from __future__ import annotations

import functools
import re
import typing as t
from collections.abc import Mapping

from ...module_utils._base.files import is_file_name
from ...module_utils._base.sanitize import printable
from ...module_utils._drift.rules import canonicalize_path, canonicalize_pattern, is_identity
from ...module_utils._tree.canonical import Tree, canonical, leaves
from ...module_utils._tree.coerce import is_finite
from ...module_utils._tree.paths import Path, is_covered, is_name, text_of
from ...module_utils._tree.secrets import contains_mask, is_secret

# What the device has from its hardware or from the network and what cannot be configured (ASSUMPTION, except for supported-types,
# connectors and jumpers, which class libraries of the vendor have read-only).
_READ_ONLY_NAMES = re.compile(r"(?:.*-)?(?:mac-address|uuid|fingerprint)|supported-.*|connector|input-impedance")
_READ_ONLY_PATHS = (
    "network/interfaces/*/ipv4/dhcp-*",
    "network/interfaces/*/ipv6/ra-address",
    "network/interfaces/*/ipv6/link-local",
)
_MAX_MESSAGE = 300
# Values of addresses and names that say that there is none.
_EMPTY_VALUES = ("", "0.0.0.0", "::", 0, False)

# Members of a slot by which rules for modules select it.
_SLOT_MEMBERS = frozenset({"chassis", "slot", "slot_type", "populated", "family", "model"})

SettingValue = t.Any


class SecretPlaceholder(t.NamedTuple):
    """Stands for a secret, which the device does not show."""

    variable: str


class AdoptedDevice(t.NamedTuple):
    """A device that was read.

    tree: its configuration, canonical, in its own spelling.  values: what can be adopted of it, by path in the spelling of
    LTOS 7.10.  left_out: what cannot, with the reason.  slots: entries of lantime_module_info.
    """

    name: str
    tree: Tree
    values: dict[Path, SettingValue]
    left_out: dict[Path, str]
    slots: tuple[dict[str, t.Any], ...]
    model: str
    firmware: str | None
    serial_number: str | None


class Reading(t.NamedTuple):
    """The devices that were read, and why others were not."""

    devices: tuple[AdoptedDevice, ...]
    not_adopted: dict[str, str]


class AdoptionRules(t.NamedTuple):
    """Patterns of paths. ignore: what is left out.  secrets: secrets besides those known by name or mask."""

    ignore: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def read_devices(results: t.Mapping[str, t.Sequence[t.Any]], rules: AdoptionRules) -> Reading:
    """The devices in registered results of lantime_config_info (or lantime_drift) and lantime_module_info, by host."""
    devices: list[AdoptedDevice] = []
    not_adopted: dict[str, str] = {}
    for host, listed in sorted(results.items()):
        read = _read_device(host, [result for result in listed if isinstance(result, Mapping)], rules)
        if isinstance(read, AdoptedDevice):
            devices.append(read)
        else:
            not_adopted[host] = read
    return Reading(tuple(devices), not_adopted)


def find_repeated_serials(devices: t.Iterable[AdoptedDevice]) -> dict[str, list[str]]:
    """Serial numbers that several hosts have, with these hosts: the same device under several names, or a copied answer."""
    hosts: dict[str, list[str]] = {}
    for device in devices:
        if device.serial_number:
            hosts.setdefault(device.serial_number, []).append(device.name)
    return {serial: names for serial, names in hosts.items() if len(names) > 1}


def is_empty(value: SettingValue) -> bool:
    """Whether a setting that belongs to one device is not set."""
    return value == [] or (not isinstance(value, list) and value in _EMPTY_VALUES)


def _read_device(host: str, results: list[t.Any], rules: AdoptionRules) -> AdoptedDevice | str:
    """The device, or why it cannot be adopted."""
    for result in results:
        if result.get("unreachable") or result.get("failed"):
            return printable(result.get("msg") or "the task failed without a message", _MAX_MESSAGE)
    if not is_file_name(host):
        return "the name of the host cannot be the name of a file"
    empty: dict[str, t.Any] = {}
    config = next((result for result in results if isinstance(result.get("value"), Mapping)), empty)
    modules = next((result["modules"] for result in results if isinstance(result.get("modules"), list)), None)
    if not config.get("value"):
        return "the device answered without its configuration"
    if modules is None or not all(isinstance(slot, dict) and set(slot) >= _SLOT_MEMBERS for slot in modules):
        return "the device answered without its modules"
    known = config.get("device")
    identity: t.Mapping[str, t.Any] = known if isinstance(known, Mapping) else {}
    tree = canonical(config["value"])
    values, left_out = _select_values(tree, rules)
    return AdoptedDevice(
        host,
        tree,
        values,
        left_out,
        tuple(modules),
        printable(identity.get("model") or "unknown", 60),
        None if identity.get("firmware") is None else printable(identity["firmware"], 60),
        None if identity.get("serial_number") is None else str(identity["serial_number"]),
    )


def _select_values(tree: Tree, rules: AdoptionRules) -> tuple[dict[Path, SettingValue], dict[Path, str]]:
    """What can be adopted of a configuration, and what cannot, with the reason."""
    ignore = [canonicalize_pattern(pattern) for pattern in rules.ignore]
    values: dict[Path, SettingValue] = {}
    left_out: dict[Path, str] = {}
    present = {path for path, dummy in leaves(tree.value)}
    for own, value in leaves(tree.value):
        path = canonicalize_path(own)
        if path != own and path in present:
            path = own
        reason = "is ignored" if is_covered(path, ignore) else _reason(own, value, tree.ambiguous)
        if reason is not None:
            left_out[path] = reason
        elif contains_mask(value) or is_secret(own, value) or is_covered(own, rules.secrets):
            if value not in ("", [], None):
                values[path] = SecretPlaceholder(vault_variable(path))
        else:
            values[path] = value
    return values, left_out


def _reason(path: Path, value: SettingValue, ambiguous: t.Collection[Path]) -> str | None:
    """Why a setting cannot be part of a golden configuration; None if it can."""
    if not all(map(is_name, path)):
        return "has a name that cannot be part of a path"
    if path[0] == "modules":
        return "has the name of the rules for modules"
    if is_read_only(path):
        return "is set by the hardware or the network"
    if any(path[:length] in ambiguous for length in range(1, len(path) + 1)) or (
        isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value)
    ):
        return "has items that cannot be told apart"
    if value is None or not is_finite(value):
        return "has no value"
    return None


# The devices of a fleet have the same paths.
_is_identity = functools.lru_cache(maxsize=1 << 16)(is_identity)


@functools.lru_cache(maxsize=1 << 16)
def is_read_only(path: Path) -> bool:
    """Whether a setting is identity that cannot be configured."""
    # Serial numbers are of the device itself, except for those of displays, which are configured.
    is_display = path[:2] == ("notification", "wall-display")
    return (
        bool(_READ_ONLY_NAMES.fullmatch(path[-1]))
        or is_covered(path, _READ_ONLY_PATHS)
        or (path[-1].endswith("serial-number") and not is_display)
    )


def is_own(path: Path, value: SettingValue) -> bool:
    """Whether a setting belongs to one device alone. A switch never does, whatever its name."""
    return _is_identity(path) and not isinstance(value, bool)


def vault_variable(path: Path) -> str:
    """The name of a variable in a vault for a secret."""
    return "vault_lantime_" + re.sub(r"[^a-z0-9]+", "_", text_of(path).lower()).strip("_")
