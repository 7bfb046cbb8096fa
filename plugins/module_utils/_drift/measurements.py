# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measurements of a device in its entry of a report: values that change without a change of the configuration. Pure functions."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._tree import values
from .bounded import bounded_text, count_or_none, list_items

MAX_MEASURED_ITEMS = 64

_Node = t.Mapping[str, t.Any]
_Reader = t.Callable[[object], t.Any]

_NUMBERS: dict[str, _Reader] = {
    "pending_changes": count_or_none,
    "cpu_load_one_minute": values.number,
    "memory_total_bytes": count_or_none,
    "memory_free_bytes": count_or_none,
    "holdover_elapsed_seconds": values.number,
    "ntp_root_delay_seconds": values.number,
    "ntp_root_dispersion_seconds": values.number,
    "ntp_jitter_seconds": values.number,
    "leap_file_days_left": values.integer,
}
_LISTS: dict[str, dict[str, _Reader]] = {
    "clocks": {
        "slot": bounded_text,
        "synchronized": values.boolean,
        "oscillator_warmed_up": values.boolean,
        "estimated_quality_ns": values.number,
    },
    "references": {
        "slot": bounded_text,
        "object_id": bounded_text,
        "type": bounded_text,
        "is_master": values.boolean,
        "is_locked": values.boolean,
        "offset_ns": values.number,
    },
    "ntp_peers": {
        "name": bounded_text,
        "stratum": count_or_none,
        "reachable": values.boolean,
        "offset_seconds": values.number,
        "delay_seconds": values.number,
        "dispersion_seconds": values.number,
    },
    "ptp_ports": {
        "slot": bounded_text,
        "object_id": bounded_text,
        "clock_class": count_or_none,
        "unicast_clients": count_or_none,
        "offset_from_master_ns": values.number,
        "path_delay_ns": values.number,
    },
    "temperatures": {"slot": bounded_text, "sensor": bounded_text, "celsius": values.number},
    "power_supplies": {"slot": bounded_text, "available": values.boolean},
    "filesystems": {
        "mountpoint": bounded_text,
        "size_bytes": count_or_none,
        "available_bytes": count_or_none,
    },
    "syncmon_nodes": {"name": bounded_text, "alarm": values.boolean, "offset_seconds": values.number},
}


def extract_measurements(lantime: _Node) -> dict[str, t.Any]:
    """The draft of the measurements in ansible_lantime, for normalize_measurements()."""
    modules = [values.mapping(module) for module in list_items(lantime.get("modules"))]
    system, ntp = values.mapping(lantime.get("system")), values.mapping(values.at(lantime, "ntp", "system"))
    chassis = values.mapping(lantime.get("chassis"))
    return {
        "pending_changes": values.at(lantime, "min", "pending_changes"),
        "cpu_load_one_minute": values.at(system, "cpu_load", "one_minute"),
        "memory_total_bytes": values.at(system, "memory", "total_bytes"),
        "memory_free_bytes": values.at(system, "memory", "free_bytes"),
        "holdover_elapsed_seconds": values.at(lantime, "sync", "holdover", "elapsed_seconds"),
        "ntp_root_delay_seconds": ntp.get("root_delay_seconds"),
        "ntp_root_dispersion_seconds": ntp.get("root_dispersion_seconds"),
        "ntp_jitter_seconds": ntp.get("jitter_seconds"),
        "leap_file_days_left": ntp.get("leap_file_days_left"),
        "clocks": values.at(lantime, "sync", "clocks"),
        "references": _list_references(modules),
        "ntp_peers": values.at(lantime, "ntp", "peers"),
        "ptp_ports": lantime.get("ptp"),
        "temperatures": list(_list_temperatures(chassis)) or list(_list_module_sensors(modules)),
        "power_supplies": _list_power_supplies(chassis, modules),
        "filesystems": [
            {**values.mapping(item), "mountpoint": name}
            for name, item in values.mapping(lantime.get("storage")).items()
        ],
        "syncmon_nodes": _list_syncmon_nodes(lantime),
    }


def _list_references(modules: t.Iterable[_Node]) -> list[dict[str, t.Any]]:
    return [
        {**values.mapping(source), "slot": module.get("slot")}
        for module in modules
        for source in list_items(module.get("sources"))
    ]


def _list_temperatures(chassis: _Node) -> t.Iterator[dict[str, t.Any]]:
    for slot, readings in values.mapping(chassis.get("temperatures_celsius")).items():
        for number, reading in enumerate(list_items(readings), 1):
            yield {"slot": slot, "sensor": str(number), "celsius": reading}


def _list_module_sensors(modules: t.Iterable[_Node]) -> t.Iterator[dict[str, t.Any]]:
    for module in modules:
        for sensor, reading in values.mapping(module.get("sensors")).items():
            yield {"slot": module.get("slot"), "sensor": sensor, "celsius": reading}


def _list_power_supplies(chassis: _Node, modules: t.Iterable[_Node]) -> list[dict[str, t.Any]]:
    listed = [
        (slot, values.at(item, "available")) for slot, item in values.mapping(chassis.get("power_supplies")).items()
    ]
    reported = [
        (module.get("slot"), values.at(module, "power", "available"))
        for module in modules
        if isinstance(module.get("power"), Mapping)
    ]
    return [{"slot": slot, "available": available} for slot, available in listed or reported]


def _list_syncmon_nodes(lantime: _Node) -> list[dict[str, t.Any]]:
    nodes = map(values.mapping, list_items(values.at(lantime, "syncmon", "nodes")))
    return [{**node, "name": node.get("name") or node.get("address") or node.get("object_id")} for node in nodes]


def normalize_measurements(draft: object) -> dict[str, t.Any] | None:
    """Measurements with exactly the documented members; None if nothing was measured."""
    source = values.mapping(draft)
    measured = {
        **{name: read(source.get(name)) for name, read in _NUMBERS.items()},
        **{name: _normalize_items(source.get(name), fields) for name, fields in _LISTS.items()},
    }
    return measured if any(value not in (None, []) for value in measured.values()) else None


def _normalize_items(value: object, fields: t.Mapping[str, _Reader]) -> list[dict[str, t.Any]]:
    return [
        {name: read(values.mapping(item).get(name)) for name, read in fields.items()}
        for item in list_items(value)[:MAX_MEASURED_ITEMS]
    ]
