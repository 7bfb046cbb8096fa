# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts on services, events, chassis, storage, firmware, SyncMon and SyncTeam."""

from __future__ import annotations

import re
import typing as t

from .._hardware import catalogue
from .._hardware.module_parsers import parse_power
from .._hardware.slots import Slot, read_chassis
from .._hardware.syncmon import read_nodes
from .._tree import aliases, measures
from .._tree import values as _values
from .._tree.secrets import mask_secrets

if t.TYPE_CHECKING:
    from collections.abc import Mapping

_ACTIVE_TYPES = frozenset({"warning", "error", "critical"})

_ARCHITECTURE = re.compile(r"firmware-.{1,64}-(x[0-9]{2})")


def _numbers(version: object) -> list[int]:
    """[7, 6, 14] from any spelling of a version; [] if it is not a version."""
    parsed = _values.firmware_version(version)
    return list(parsed["numbers"]) if parsed else []


_STORAGE: _values.FieldMap = (
    ("device", "object-id", _values.text_or_none),
    ("size_bytes", "size", _values.kibibytes),
    ("used_bytes", "used", _values.kibibytes),
    ("available_bytes", "available", _values.kibibytes),
    ("used_percent", "used-percent", measures.percent),
)
_INSTALLED: _values.FieldMap = (
    ("version", "version", _values.version_text),
    ("numbers", "version", _numbers),
    ("type", "type", _values.text),
)
_UPDATE: _values.FieldMap = (
    ("in_progress", "update-in-progress", _values.boolean),
    ("progress_percent", "update-progress", _values.number),
    ("last_successful", "last-update-successful", _values.boolean),
    ("last_started", "last-update-started", _values.iso_utc),
    ("last_ended", "last-update-ended", _values.iso_utc),
    ("last_error", "last-update-error", _values.text_or_none),
)
_EVENT: _values.FieldMap = (
    ("type", "type", _values.text),
    ("triggered", "triggered", _values.boolean),
    ("last_triggered", "last-triggered", _values.iso_utc),
)
_CHASSIS_FIELDS: _values.FieldMap = (
    ("model", "model", _values.text),
    ("serial_number", "serial-number", _values.text),
    ("backplane_revision", "backplane-revision", _values.text),
    ("firmware_image", "firmware-image", _values.text),
    ("slot_layout", "slot-layout", _values.text),
)
_HOLDOVER_SHELF: _values.FieldMap = (
    ("xhe_id", "xhe-id", _values.text),
    ("rubidium_id", "rub-id", _values.text),
    ("state", "status", _values.text),
    ("software_revision", "software-revision", _values.text),
    ("oscillator_type", "osc-type", _values.integer),
    ("features", "features", _values.integer),
)
_SYNCMON: _values.FieldMap = (("last_updated", "last-updated", _values.iso_utc),)
_SYNCTEAM: _values.FieldMap = (
    ("operational_mode", "operational-mode", _values.text),
    ("time_quality", "time-quality", _values.text),
    (
        "leap_second_state",
        "leapsecond-state",
        lambda value: aliases.canonical_value(_values.text(value)),
    ),
    ("current_tfom", "current-tfom", _values.integer),
    ("team_members", "team-members", _values.index),
    ("online_members", "online-members", _values.index),
    ("offline_members", "offline-members", _values.index),
    ("master", "reference", lambda value: _values.text(_values.at(value, "current-team-master"))),
    (
        "reference",
        "reference",
        lambda value: _values.text(_values.at(value, "current-team-reference")),
    ),
)


def read_services(envelope: object) -> dict[str, t.Any]:
    """{"network": {name: running}, "global": {name: running}}, names as the device spells them."""
    groups = {"network": {}, "global": {}, **_values.mapping(_status(envelope).get("services"))}
    return {
        group: {
            name: _values.boolean(_values.at(service, "running")) for name, service in _values.mapping(members).items()
        }
        for group, members in groups.items()
    }


def read_notification(envelope: object) -> dict[str, t.Any]:
    """{"events": by canonical name, "active": triggered warnings, errors and critical events}.

    `triggered` and `last_triggered` are None for values that are absent or in an unknown form; `unparsed` has the latter.

    `triggered` is the state, `last_triggered` only a date: an event with a date whose `triggered` is false was active
    before. `device_name` is set where the device spells the name otherwise.
    """
    events: dict[str, dict[str, t.Any]] = {}
    for name, item in _values.table(_values.at(_status(envelope), "notification", "events")):
        canonical = aliases.canonical_event(name)
        if not name or events.get(canonical, {}).get("triggered"):
            continue
        known = catalogue.events().get(canonical)
        event = _values.map_fields({row[1]: item.get(row[1]) for row in _EVENT}, _EVENT)
        events[canonical] = {**event, "type": event["type"] or (known.type if known else None)}
        if name != canonical:
            events[canonical]["device_name"] = name
    active = (name for name, event in events.items() if event["triggered"] and event["type"] in _ACTIVE_TYPES)
    return {"events": events, "active": sorted(active)}


def find_undated_events(envelope: object) -> frozenset[str]:
    """Canonical names of the events of which the device reports neither a time in a known form nor `never`."""
    return frozenset(
        aliases.canonical_event(name)
        for name, item in _values.table(_values.at(_status(envelope), "notification", "events"))
        if not _is_never(item.get("last-triggered")) and _values.iso_utc(item.get("last-triggered")) is None
    )


def _is_never(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() == "never"


def read_chassis_facts(envelope: object, slots: list[Slot]) -> dict[str, t.Any]:
    """The first chassis; further ones by name in `additional_chassis`, rubidium shelves in `external_holdover`.

    `power_supplies.<slot>.fitted` is false for a bay without power and without information on a supply, which is empty or
    has a dead supply (INFERRED). `temperatures_celsius` lists the readings by slot; a reading of 0.0 means that there is no
    sensor.
    """
    chassis = {
        name: _read_one_chassis(item, [slot for slot in slots if slot["chassis"] == name])
        for name, item in read_chassis(envelope)
    }
    first = next(iter(chassis), None)
    return {
        **(chassis.pop(first) if first is not None else _read_one_chassis({}, [])),
        "additional_chassis": chassis,
        "external_holdover": _read_external_holdover(_status(envelope).get("chassis-xhe")),
    }


def _read_one_chassis(item: Mapping[str, t.Any], slots: list[Slot]) -> dict[str, t.Any]:
    chassis = _values.map_fields(item, _CHASSIS_FIELDS, "slots")
    names = (
        "position",
        "orientation",
        "populated",
        "family",
        "model",
        "serial_number",
        "software_revision",
        "firmware_image",
    )
    temperatures = {slot["slot"]: _read_temperatures(slot["sensors"]) for slot in slots}
    chassis["slots"] = {
        slot["slot"]: {"type": slot["slot_type"], **{name: slot[name] for name in names}} for slot in slots
    }
    chassis["power_supplies"] = {
        slot["slot"]: {"fitted": slot["populated"], **parse_power(slot["status"])}
        for slot in slots
        if slot["slot_type"] == "pwr" or slot["family"] == "PSU"
    }
    chassis["temperatures_celsius"] = {name: readings for name, readings in temperatures.items() if readings}
    return chassis


def _read_temperatures(sensors: Mapping[str, t.Any]) -> list[float]:
    names = sorted((name for name in sensors if name.endswith("_celsius")), key=_values.natural_key)
    return [sensors[name] for name in names if sensors[name] is not None]


def _read_external_holdover(value: object) -> list[dict[str, t.Any]]:
    """Shelves with an `xhe-id`: devices without a shelf report an empty one."""
    shelves = []
    for name, item in _values.table(value):
        information = _values.map_fields(_values.at(item, "xhe-info"), _HOLDOVER_SHELF, "comstat")
        if information["xhe_id"] is None:
            continue
        system = _values.mapping(item.get("xhe-sys-status"))
        supply = _values.mapping(item.get("xhe-psu-status"))
        sensors = _values.mapping(system.get("temperature-sensors"))
        shelves.append(
            {
                "object_id": name or None,
                **information,
                "communication_flags": _read_flags(_values.at(item, "xhe-info", "comstat")),
                "flags": _read_flags(system.get("status")),
                "status_communication_flags": _read_flags(system.get("comstat")),
                "temperatures_celsius": {
                    _values.snake(sensor): _values.celsius(reading) for sensor, reading in sensors.items()
                },
                "power_supply_state": _values.text(supply.get("status")),
                "power_supplies": {
                    supply_name: _values.text(state)
                    for supply_name, state in _values.mapping(supply.get("psu-status")).items()
                },
                "power_supply_alarms": _read_flags(supply.get("alarms")),
                "power_supply_communication_flags": _read_flags(supply.get("comstat")),
            }
        )
    return shelves


def _read_flags(value: object) -> dict[str, bool | None]:
    return {_values.snake(name): _values.boolean(flag) for name, flag in _values.mapping(value).items()}


def common_storage_facts(mounts: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The `ansible_net_*` facts of file systems, in the form of other network collections, in kB of 1024 bytes."""
    return {
        "ansible_net_filesystems": list(mounts),
        "ansible_net_filesystems_info": {
            name: {
                "spacetotal_kb": _per(mount["size_bytes"], 1024),
                "spacefree_kb": _per(mount["available_bytes"], 1024),
            }
            for name, mount in mounts.items()
        },
    }


def common_memory_facts(memory: Mapping[str, int | None]) -> dict[str, t.Any]:
    """The `ansible_net_*` facts of memory (MB of 1024 kB), from the fact `system.memory`."""
    return {
        "ansible_net_memtotal_mb": _per(memory["total_bytes"], 1024**2),
        "ansible_net_memfree_mb": _per(memory["free_bytes"], 1024**2),
    }


def _per(value: int | None, unit: int) -> int | None:
    return None if value is None else value // unit


def read_storage(envelope: object) -> dict[str, t.Any]:
    """File systems by mount point, since the object-id of a mount may read `none`."""
    mounts = {}
    for name, item in _values.table(_values.at(_status(envelope), "system", "storage")):
        mountpoint = _values.text(item.get("mountpoint")) or name
        if mountpoint:
            # In an object keyed by object-id the items do not repeat it.
            device = {"object-id": name} if name and name != mountpoint else {}
            mounts[mountpoint] = _values.map_fields({**device, **item}, _STORAGE, "mountpoint")
    return mounts


def read_firmware(envelope: object) -> dict[str, t.Any]:
    """Running, selected and installed firmware, packages and the state of updates.

    `installed[].running` and `.selected` compare the object-id: the version of an installed firmware is not padded
    (`7.10.8`). A package without version information has the version None.
    """
    source = _values.mapping(_values.at(_status(envelope), "system", "firmware"))
    running, selected = source.get("running"), source.get("selected")
    installed = []
    for name, item in _values.table(source.get("firmware")):
        entry = {"object_id": name or None, **_values.map_fields(item, _INSTALLED)}
        entry["running"] = bool(name) and name == _values.text(running)
        entry["selected"] = bool(name) and name == _values.text(selected)
        installed.append(entry)
    image = _values.text(source.get("fwimage"))
    architecture = _ARCHITECTURE.fullmatch(image or "")
    same = _values.text(running) == _values.text(selected)
    order = 0 if same and running else _values.compare_versions(running, selected)
    return {
        "running": _values.version_text(running),
        "running_numbers": _numbers(running),
        "selected": _values.version_text(selected),
        "selected_numbers": _numbers(selected),
        "selected_is_running": None if order is None else order == 0,
        "image": image,
        "architecture": architecture.group(1) if architecture else None,
        "installed": installed,
        "packages": {
            name: _package_version(item.get("version")) for name, item in _values.table(source.get("packages")) if name
        },
        "update_status": _values.map_fields(source.get("update"), _UPDATE),
    }


def _package_version(value: object) -> str | None:
    version = _values.text(value)
    return None if version == "no version information" else version


def read_syncmon(envelope: object) -> dict[str, t.Any]:
    """Time of the last update, and the monitored nodes, None if the device reports no table of them."""
    source = _status(envelope).get("syncmon")
    has_table = isinstance(_values.at(source, "nodes"), (dict, list))
    return {
        **_values.map_fields({"last-updated": _values.at(source, "last-updated")}, _SYNCMON),
        "nodes": read_nodes(envelope) if has_table else None,
    }


def read_syncteam(envelope: object) -> dict[str, t.Any]:
    """State of the SyncTeam, and `members` as the device sends them. Devices report it even if the function is off."""
    source = _status(envelope).get("syncteam")
    team = _values.map_fields(source, _SYNCTEAM, "members")
    team["members"] = _raw_items(_values.at(source, "members"))
    return team


def _raw_items(value: object) -> list[t.Any]:
    """The items of a table as the device sends them, with secrets masked."""
    if isinstance(value, list):
        items = [item for item in value if _values.is_bounded(item)]
    else:
        items = [{"object-id": name, **item} for name, item in _values.table(value) if _values.is_bounded(item)]
    return [mask_secrets(item) for item in items]


def _status(envelope: object) -> Mapping[str, t.Any]:
    return _values.status_of(envelope)
