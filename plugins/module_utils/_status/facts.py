# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts from one answer of GET /api/status.

Names are snake_case with the unit in the name (`_seconds`, `_bytes`, `_ns`, `_celsius`), times are ISO 8601 in UTC,
and each of the device's spellings of "no value" is None. Enum tokens stay as the device spells them. Unknown members are
kept unchanged in `other` of their object. No name shadows a method of a dict, so templates can address every fact with a
dot.
"""

from __future__ import annotations

import typing as t

from .._base import sanitize
from .._base.sanitize import printable
from .._base.suggest import suggest_names
from .._hardware import catalogue, clock_state, module_info, ptp
from .._hardware.slots import Slot, read_slots
from .._tree import values
from . import network, ntp, platform, system
from .identity import read_identity

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SLOT_FACT_READERS: dict[str, Callable[[object, list[Slot]], object]] = {
    "sync": clock_state.read_sync,
    "receiver": lambda dummy, slots: clock_state.read_receivers(slots),
    "chassis": platform.read_chassis_facts,
    "modules": lambda dummy, slots: module_info.summarize_modules(slots),
    "ptp": lambda dummy, slots: ptp.read_ptp_instances(slots),
}
_FACT_READERS: dict[str, Callable[[object], object]] = {
    "system": system.read_system,
    "ntp": ntp.read_ntp,
    "network": network.read_network,
    "services": platform.read_services,
    "notification": platform.read_notification,
    "storage": platform.read_storage,
    "firmware": platform.read_firmware,
    "syncmon": platform.read_syncmon,
    "syncteam": platform.read_syncteam,
}

ALL_SUBSETS = frozenset({"min", *_SLOT_FACT_READERS, *_FACT_READERS})
"""The subsets that `all` selects."""

SUBSETS = ALL_SUBSETS | {"config"}
"""Names of all subsets. `config` needs a request of its own and is only a flag here."""


def resolve_subsets(requested: list[str]) -> frozenset[str]:
    """The subsets to gather.

    As in Ansible's own `gather_subset`: `min` is always included unless `!min` is given; `!all` removes what is not named
    otherwise; exclusions alone mean all but these. `!x` wins over `x` wherever it is. `all` does not include `config`,
    which must be named.

    Raises ValueError, which names each unknown subset and similar known ones.
    """
    names = [name.strip().lower() for name in requested]
    unknown = sorted({name for name in names if name.lstrip("!") not in SUBSETS | {"all"}})
    if unknown:
        raise ValueError("; ".join(map(_unknown_subset, unknown)))
    excluded = {name.lstrip("!") for name in names if name.startswith("!")}
    included = {name for name in names if not name.startswith("!")}
    selected = (included - {"all"}) | {"min"}
    if "all" not in excluded and ("all" in included or (excluded and not included)):
        selected |= ALL_SUBSETS
    return frozenset(selected - excluded)


def _unknown_subset(name: str) -> str:
    suggestion = suggest_names(name.lstrip("!"), sorted(SUBSETS | {"all"}))
    return f'unknown subset "{printable(name, 60)}"{suggestion}'


def gather_facts(
    answer: Mapping[str, t.Any], subsets: frozenset[str], slots: list[Slot] | None = None
) -> dict[str, t.Any]:
    """`ansible_net_*` with the common names of network facts, and `ansible_lantime` by subset.

    answer: parsed, of GET /api/status or of GET /api/; any JSON value is read without an exception, and what is missing
    is None.  subsets: from `resolve_subsets`.  slots: of the answer, if the caller has read them already.
    Control characters of the device are escaped, as `\\x1b`.
    """
    lantime: dict[str, t.Any] = {}
    if "min" in subsets:
        lantime["min"] = _read_minimum(answer)
    if not subsets.isdisjoint(_SLOT_FACT_READERS) and slots is None:
        slots = read_slots(answer)
    for name, read_from_slots in _SLOT_FACT_READERS.items():
        if name in subsets:
            lantime[name] = read_from_slots(answer, slots or [])
    for name, read in _FACT_READERS.items():
        if name in subsets:
            lantime[name] = read(answer)
    facts = {**_common_facts(subsets, lantime), "ansible_lantime": lantime}
    return t.cast("dict[str, t.Any]", sanitize.escape_for_display(facts))


def select_facts(lantime: t.Mapping[str, t.Any], subsets: frozenset[str]) -> dict[str, t.Any]:
    """The facts of some subsets, from `ansible_lantime` with the facts of all subsets as `gather_facts` returns it."""
    selected = {name: value for name, value in lantime.items() if name in subsets}
    return {**_common_facts(subsets, selected), "ansible_lantime": selected}


def _common_facts(subsets: frozenset[str], lantime: dict[str, t.Any]) -> dict[str, t.Any]:
    """The `ansible_net_*` facts, with the names of other network collections, from the facts of the subsets."""
    facts: dict[str, t.Any] = {
        "ansible_net_system": "ltos",
        "ansible_net_api": "rest",
        "ansible_net_gather_subset": sorted(subsets),
        "ansible_net_gather_network_resources": [],
    }
    if "min" in lantime:
        minimum = lantime["min"]
        facts["ansible_net_hostname"] = minimum["hostname"]
        facts["ansible_net_model"] = minimum["model"]
        facts["ansible_net_serialnum"] = minimum["serial_number"]
        facts["ansible_net_version"] = minimum["firmware"]["version"]
    if "network" in lantime:
        facts.update(network.common_network_facts(lantime["network"]))
    if "storage" in lantime:
        facts.update(platform.common_storage_facts(lantime["storage"]))
    if "system" in lantime:
        facts.update(platform.common_memory_facts(lantime["system"]["memory"]))
    if "firmware" in lantime:
        facts["ansible_net_image"] = lantime["firmware"]["image"]
    return facts


def _read_minimum(envelope: object) -> dict[str, t.Any]:
    identity = read_identity(envelope)
    version = values.firmware_version(identity.firmware) or {"numbers": [], "suffix": None}
    facts = {
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
        "device_time": ntp.read_device_time(envelope),
        "pending_changes": identity.pending_changes,
    }
    sent = {
        "api_version": values.at(envelope, "system-information", "API Version"),
        "device_time": values.at(envelope, "system-information", "time-stamp"),
        "pending_changes": values.at(envelope, "changes", "pending-changes"),
    }
    return {**facts, **values.unparsed_values({name: value for name, value in sent.items() if facts[name] is None})}
