# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts from one answer of GET /api/status.

Names are snake_case with the unit in the name (`_seconds`, `_bytes`, `_ns`, `_celsius`), times ISO 8601
in UTC, and None stands for each of the device's ways of saying nothing. Enum tokens stay as the device
spells them. Members that nobody described stand unchanged in `other` of their object. No name shadows a
method of a dict, so every fact can be reached with a dot in a template.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import typing as t

from .._base import sanitize
from .._hardware import catalogue, clock_state
from .._tree import values
from . import network, ntp, platform, system
from .identity import read_identity

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_READERS: dict[str, Callable[[object], object]] = {
    "system": system.system,
    "sync": clock_state.sync,
    "receiver": clock_state.receivers,
    "ntp": ntp.ntp,
    "network": network.network,
    "services": platform.services,
    "notification": platform.notification,
    "chassis": platform.chassis,
    "storage": platform.storage,
    "firmware": platform.firmware,
    "syncmon": platform.syncmon,
    "syncteam": platform.syncteam,
}

ALL = frozenset({"min", *_READERS})
"""What `all` stands for."""

SUBSETS = ALL | {"config"}
"""Every subset by name. `config` needs a request of its own and is only a flag here."""


def resolve_subsets(requested: list[str]) -> frozenset[str]:
    """The subsets to gather.

    As in Ansible's own `gather_subset`: `min` is always there unless `!min` is given; `!all` takes away
    what is not named otherwise; nothing but exclusions means all but these. `!x` wins over `x` wherever
    it stands. `all` is without `config`, which must be named.

    Raises ValueError, which names each unknown subset and the nearest known ones.
    """
    names = [name.strip().lower() for name in requested]
    unknown = sorted({name for name in names if name.lstrip("!") not in SUBSETS | {"all"}})
    if unknown:
        raise ValueError("; ".join(map(_unknown, unknown)))
    excluded = {name.lstrip("!") for name in names if name.startswith("!")}
    included = {name for name in names if not name.startswith("!")}
    found = (included - {"all"}) | {"min"}
    if "all" not in excluded and ("all" in included or (excluded and not included)):
        found |= ALL
    return frozenset(found - excluded)


def _unknown(name: str) -> str:
    choices = sorted(SUBSETS | {"all"})
    near = difflib.get_close_matches(name.lstrip("!")[:64], choices, n=3, cutoff=0.5) or choices
    return f"unknown subset '{name[:64]}', known are for instance: {', '.join(near)}"


def facts(envelope: Mapping[str, t.Any], subsets: frozenset[str]) -> dict[str, t.Any]:
    """`ansible_net_*` with the common names of network facts, and `ansible_lantime` by subset.

    `envelope` is the parsed answer of GET /api/status or of GET /api/, `subsets` comes from
    `resolve_subsets`. Any JSON value is read without an exception; what is missing is None.
    Control characters of the device stand written out, `\\x1b` for instance.
    """
    found: dict[str, t.Any] = {
        "ansible_net_system": "ltos",
        "ansible_net_api": "rest",
        "ansible_net_gather_subset": sorted(subsets),
        "ansible_net_gather_network_resources": [],
    }
    lantime: dict[str, t.Any] = {}
    if "min" in subsets:
        lantime["min"] = minimum = _minimum(envelope)
        found.update(
            ansible_net_hostname=minimum["hostname"],
            ansible_net_model=minimum["model"],
            ansible_net_serialnum=minimum["serial_number"],
            ansible_net_version=minimum["firmware"]["version"],
        )
    if "network" in subsets:
        found.update(network.net_facts(envelope))
    if "storage" in subsets:
        found.update(platform.net_facts_of_storage(envelope))
    for name, read in _READERS.items():
        if name in subsets:
            lantime[name] = read(envelope)
    if "system" in subsets:
        found.update(platform.net_facts_of_memory(lantime["system"]["memory"]))
    if "firmware" in subsets:
        found["ansible_net_image"] = lantime["firmware"]["image"]
    found["ansible_lantime"] = lantime
    return t.cast("dict[str, t.Any]", sanitize.visible(found))


def _minimum(envelope: object) -> dict[str, t.Any]:
    identity = read_identity(envelope)
    version = values.firmware_version(identity.firmware) or {"numbers": [], "suffix": None}
    return {
        "hostname": identity.hostname,
        "model": identity.model,
        "serial_number": identity.serial_number,
        "firmware": {
            "version": identity.firmware,
            "numbers": version["numbers"],
            "suffix": version["suffix"],
        },
        "api_version": identity.api_version,
        "api_generation": identity.api_generation,
        "api_supported": catalogue.api_supported(identity.api_generation),
        "device_time": ntp.device_time(envelope),
        "pending_changes": identity.pending_changes,
    }
