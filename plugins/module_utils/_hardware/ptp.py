# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PTP instances of modules."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._tree import values
from . import module_parsers
from .clock_state import locate_module

if t.TYPE_CHECKING:
    from collections.abc import Iterable

# Numbers of the MIB, which are those of IEEE 1588.
_PORT_STATES = (
    "uninitialized",
    "initializing",
    "faulty",
    "disabled",
    "listening",
    "pre-master",
    "master",
    "passive",
    "uncalibrated",
    "slave",
)
_TIME_SOURCES = {
    16: "atomic-clock",
    32: "gps",
    48: "terrestrial-radio",
    64: "ptp",
    80: "ntp",
    96: "hand-set",
    144: "other",
    160: "internal-oscillator",
}
_ACCURACY_NS = {
    32: 25,
    33: 100,
    34: 250,
    35: 1000,
    36: 2500,
    37: 10**4,
    38: 25 * 10**3,
    39: 10**5,
    40: 25 * 10**4,
    41: 10**6,
    42: 25 * 10**5,
    43: 10**7,
    44: 25 * 10**6,
    45: 10**8,
    46: 25 * 10**7,
    47: 10**9,
    48: 10**10,
}
_INSTANCES = re.compile(r"(?:ptp-)?(?:instance|port)s?")
_PTP_BLOCK = re.compile(r"ptp(?:v2)?(?:-(?:instance|port)s?)?")


def _parse_port_state(value: object) -> str | None:
    number = values.integer(value)
    if number is not None and 0 <= number < len(_PORT_STATES):
        return _PORT_STATES[number]
    return values.text(value)


def _parse_time_source(value: object) -> str | None:
    number = values.integer(value)
    return values.text(value) if number is None else _TIME_SOURCES.get(number, str(number))


def _number_or_token(value: object) -> int | str | None:
    number = values.integer(value)
    return values.text(value) if number is None else number


_PTP: module_parsers.ParserSpec = (
    ("port_state", "port-state ptp-state state", _parse_port_state),
    ("enabled", "enabled", values.boolean),
    ("mode", "mode ptp-mode role", values.text),
    ("profile", "profile", values.text),
    ("domain", "domain-number domain", values.integer),
    ("delay_mechanism", "delay-mechanism delay-mec", values.text),
    ("network_protocol", "network-protocol transport", values.text),
    ("link", "link port-linkup link-up", values.boolean),
    ("mac_address", "mac-address local-mac", values.mac_address),
    ("clock_identity", "clock-identity port-identity", values.text),
    ("grandmaster_identity", "grandmaster-identity grandmaster-uuid", values.text),
    ("grandmaster_mac_address", "grandmaster-mac", values.mac_address),
    ("clock_class", "clock-class", values.integer),
    ("clock_accuracy", "clock-accuracy", _number_or_token),
    ("time_source", "time-source", _parse_time_source),
    ("utc_offset_seconds", "utc-offset current-utc-offset", values.integer),
    (
        "offset_from_master_ns",
        "offset-from-master offset-from-gm offset-from-grandmaster",
        module_parsers.parse_nanoseconds,
    ),
    ("path_delay_ns", "path-delay mean-path-delay", module_parsers.parse_nanoseconds),
    ("delay_asymmetry_ns", "delay-asymmetry", module_parsers.parse_nanoseconds),
    ("unicast_clients", "unicast-clients", values.index),
)
_PTP_NAMES = frozenset(name for dummy, likely, reader in _PTP for name in likely.split())


def take_ptp_instances(rest: module_parsers.UnreadMembers) -> list[dict[str, t.Any]]:
    """Instances from a module's `ptp` block: its table of instances or ports, or the block as the only instance.

    `clock_accuracy` is the value of the device, `clock_accuracy_ns` its meaning (IEEE 1588), None for "worse than
    10 s", "unknown" and unlisted codes.
    """
    instances: list[dict[str, t.Any]] = []
    for name in list(rest):
        value = rest[name]
        if _PTP_BLOCK.fullmatch(name) is None or not isinstance(value, (Mapping, list)):
            continue
        items, left = _split_instances(name, value)
        if items:
            instances.extend(_parse_instance(object_id, item) for object_id, item in items)
            del rest[name]
            if left:
                rest[name] = left
    return instances


def read_ptp_instances(slots: Iterable[Mapping[str, t.Any]]) -> list[dict[str, t.Any]]:
    """The PTP instances of these slots, each with chassis, slot, model and family, without secrets."""
    return [
        {**locate_module(slot), **instance}
        for slot in slots
        for instance in take_ptp_instances(dict(values.mapping(slot["status"])))
    ]


def _split_instances(
    name: str, value: Mapping[str, t.Any] | list[t.Any]
) -> tuple[list[tuple[str, Mapping[str, t.Any]]], t.Any]:
    if isinstance(value, list):
        return module_parsers.split_table(value)
    tables = [member for member in value if _INSTANCES.fullmatch(member)]
    parts = {member: module_parsers.split_table(value[member]) for member in tables}
    items = [item for part, dummy in parts.values() for item in part]
    if items:
        left = {member: each for member, each in value.items() if member not in parts}
        left.update({member: each for member, (dummy, each) in parts.items() if each})
        return items, left
    if not _PTP_NAMES.isdisjoint(value):
        return [(values.text(value.get("object-id")) or name, value)], None
    return module_parsers.split_table(value)


def _parse_instance(object_id: str, item: Mapping[str, t.Any]) -> dict[str, t.Any]:
    instance = {"object_id": object_id or None, **module_parsers.parse_members(item, _PTP)}
    code = values.integer(instance["clock_accuracy"])
    instance["clock_accuracy_ns"] = None if code is None else _ACCURACY_NS.get(code)
    return instance


def add_instance_settings(instances: list[dict[str, t.Any]], module: object) -> None:
    """Complete mode, profile and enabled of instances, unless the status has them, from the settings of their module.

    The settings of an instance are in the table `instances`, or directly in `ptp` for a card with one instance.
    """
    settings = values.mapping(values.at(module, "ptp"))
    by_name = dict(values.table(settings.get("instances")))
    for number, instance in enumerate(instances):
        own = by_name.get(instance["object_id"] or "", {}) if by_name else settings if number == 0 else {}
        for name, reader in (("mode", values.text), ("profile", values.text), ("enabled", values.boolean)):
            if instance[name] is None:
                instance[name] = reader(own.get(name))
