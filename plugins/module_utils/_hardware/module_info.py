# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots and modules with everything that they tell in typed form, and their configuration.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from .._tree import values
from .._tree.canonical import canonical
from .._tree.paths import is_name, text_of
from .._tree.secrets import redacted
from . import catalogue, clock_state, module_parsers, ptp
from . import slots as _slots

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ModuleEntry = dict[str, t.Any]

# In a hostile table of slots every entry would list all others.
_MAX_MEMBERS = 64
# Members of a receiver that stand in keys of their own.
_ELSEWHERE = ("satellites", "antenna_connected", "antenna_short_circuit")
_SUPPLY_ROLES = {"True": "supplying", "False": "without-power"}
_IDENTITY = ("chassis", "slot", "family", "model")


def views(
    envelope: object,
    *,
    slots: Iterable[str] | None = None,
    families: Iterable[str] | None = None,
    models: Iterable[str] | None = None,
    populated: bool | None = None,
    states: Iterable[str] | None = None,
    synchronized: bool | None = None,
    configuration: object = None,
) -> list[ModuleEntry]:
    """The entries of `_slots.modules`, each with what its module tells, without secrets.

    Added are function, synchronized, redundancy, power, receivers, satellites, antenna, sources,
    serial_strings, outputs, inputs, relays, mains, ptp_instances, details, configuration and configuration_path.
    `details` holds in typed form what no other key shows, `status` everything as it was sent.

    `configuration` is the root of the configuration tree, if it was read. That the settings of a module stand
    there at the path of its status is an ASSUMPTION.
    `states` takes names and shell wildcards in any case and is compared with `states_of`.
    """
    shown = _without_secrets(envelope)
    sync = clock_state.sync(shown)
    entries = [_view(entry) for entry in _slots.modules(shown)]
    first = next((name for name, dummy in _slots.chassis(shown)), None)
    followed = (first, sync["reference_slot"])
    for entry in entries:
        if entry["antenna"] is None and (entry["chassis"], entry["slot"]) == followed:
            entry["antenna"] = _antenna_of_system(entry, sync)
    _add_redundancy(entries, followed)
    _add_configuration(entries, configuration)
    fits = _slots.selection(slots=slots, families=families, models=models, populated=populated)
    patterns = _slots.lowered(states)
    return [
        entry
        for entry in entries
        if fits(entry)
        and (synchronized is None or entry["synchronized"] is synchronized)
        and (patterns is None or any(_slots.matches(state, patterns) for state in states_of(entry)))
    ]


def states_of(entry: Mapping[str, t.Any]) -> list[str]:
    """The states that a module tells of itself: its clock, receivers, PTP ports, relays, inputs and outputs."""
    found = [values.at(entry["sync"], "state")]
    found += [item["port_state"] for item in entry["ptp_instances"]]
    for key in ("receivers", "relays", "inputs", "outputs"):
        found += [item["state"] for item in entry[key]]
    return [state for state in found if isinstance(state, str)]


def ptp_instances(entries: Iterable[Mapping[str, t.Any]]) -> list[ModuleEntry]:
    """The instances of PTP of these entries in one list, each with chassis, slot, family and model."""
    return [instance for entry in entries for instance in entry["ptp_instances"]]


def _without_secrets(envelope: object) -> dict[str, t.Any]:
    """The parts of an answer that are read here, secrets masked."""
    status = values.status_of(envelope)
    read = (name for name in status if name == "system" or name.startswith("chassis"))
    return {"data": {name: redacted(status[name]) for name in read}}


def _view(entry: ModuleEntry) -> ModuleEntry:
    status = entry["status"]
    rest: module_parsers.Rest = {
        name: value for name, value in values.mapping(status).items() if name not in ("info", "sync-status")
    }
    identity = {name: entry[name] for name in _IDENTITY}
    receivers = clock_state.receivers_of(status)
    blocks = {
        receiver["kind"]: rest.pop(receiver["kind"], None) for receiver in receivers if receiver["kind"] is not None
    }
    satellites = next((receiver["satellites"] for receiver in receivers), None)
    if satellites is not None:
        del rest["satellites"]
        satellites = _with_details(satellites)
    family = catalogue.families().get(entry["family"] or "")
    view = {
        **entry,
        "function": None if family is None else family.function,
        "synchronized": _synchronized(entry["sync"], receivers),
        "redundancy": _switch(entry["slot"], rest) if entry["family"] == "RSC" else None,
        "power": module_parsers.take_power(rest),
        "receivers": [{**identity, **_receiver(receiver)} for receiver in receivers],
        "satellites": satellites,
        "antenna": module_parsers.parse_antenna(blocks),
        "sources": module_parsers.take_sources(rest),
        "serial_strings": module_parsers.take_serial_strings(rest),
        **module_parsers.take_tables(rest),
        "mains": module_parsers.take_mains(rest),
        "ptp_instances": [{**identity, **instance} for instance in ptp.take_ptp_instances(rest)],
    }
    view["details"] = module_parsers.details(rest)
    return view


def _switch(slot: str, rest: module_parsers.Rest) -> ModuleEntry:
    """What a switch between clocks says of itself (ASSUMPTION)."""
    return {
        "slot": slot,
        "mode": values.text(rest.pop("mode", None)),
        "selected_clock": values.text(rest.pop("selected-clock", None)),
    }


def _receiver(receiver: Mapping[str, t.Any]) -> ModuleEntry:
    return _with_details({name: value for name, value in receiver.items() if name not in _ELSEWHERE})


def _with_details(members: Mapping[str, t.Any]) -> ModuleEntry:
    """What facts keep unchanged in `other`, in typed form."""
    kept = {name: value for name, value in members.items() if name != "other"}
    return {**kept, "details": module_parsers.details(values.mapping(members.get("other")))}


def _synchronized(sync: Mapping[str, t.Any] | None, receivers: Iterable[Mapping[str, t.Any]]) -> bool | None:
    if sync is not None and sync["synchronized"] is not None:
        return bool(sync["synchronized"])
    told = [receiver["synchronized"] for receiver in receivers]
    if False in told:
        return False
    return True if True in told else None


def _antenna_of_system(entry: ModuleEntry, sync: Mapping[str, t.Any]) -> ModuleEntry | None:
    """The antenna of the clock that the device follows, which the device tells of where the clock does not."""
    if not entry["receivers"] or sync["antenna_state"] is None:
        return None
    return {
        "connected": sync["antenna_connected"],
        "short_circuit": None,
        "state": sync["antenna_state"],
        "told_by": "system",
        "details": {},
    }


def _add_redundancy(entries: list[ModuleEntry], followed: tuple[str | None, str | None]) -> None:
    """`redundancy` of clocks, power supplies and the switches between clocks; None for all others."""
    by_chassis: dict[str, list[ModuleEntry]] = {}
    for entry in entries:
        if entry["populated"]:
            by_chassis.setdefault(entry["chassis"], []).append(entry)
    for name, fitted in by_chassis.items():
        reference = followed[1] if followed[0] == name else None
        supplies = [entry for entry in fitted if _kind(entry) == "power"]
        clocks = [entry for entry in fitted if _kind(entry) == "clock"]
        switches = [entry for entry in fitted if _kind(entry) == "switch"]
        switch = switches[0]["redundancy"] if switches else None
        supply = _group("power", supplies, [_available(entry) for entry in supplies])
        clock = _group("clock", clocks, [entry["synchronized"] for entry in clocks])
        for entry in supplies:
            role = _SUPPLY_ROLES.get(str(_available(entry)))
            entry["redundancy"] = {**supply, "role": role, "switch": None}
        for entry in clocks:
            entry["redundancy"] = {**clock, "role": _role(entry, reference), "switch": switch}
        for entry in switches:
            own = entry["redundancy"]
            entry["redundancy"] = {**clock, "kind": "switch", "role": None, "switch": own}


def _group(kind: str, members: list[ModuleEntry], working: list[object]) -> ModuleEntry:
    return {
        "kind": kind,
        "members": [entry["slot"] for entry in members[:_MAX_MEMBERS]],
        "working": working.count(True),
        "redundant": working.count(True) > 1,
    }


def _kind(entry: Mapping[str, t.Any]) -> str | None:
    by_family = {"PSU": "power", "RSC": "switch"}.get(entry["family"] or "")
    return by_family or {"clk": "clock", "pwr": "power"}.get(entry["slot_type"] or "")


def _available(entry: Mapping[str, t.Any]) -> object:
    return values.at(entry["power"], "available")


def _role(entry: Mapping[str, t.Any], reference: str | None) -> str | None:
    if reference is not None:
        return "selected" if reference == entry["slot"] else "standby"
    # With one clock this reads `selected`; what the second clock of a chassis says has not been seen.
    return values.text(values.at(entry["sync"], "clock_index"))


def _add_configuration(entries: list[ModuleEntry], configuration: object) -> None:
    tree = canonical(configuration).value
    for entry in entries:
        entry["configuration"] = entry["configuration_path"] = None
        path: tuple[str, ...] = (entry["chassis"], "slots", entry["slot"])
        item = values.at(tree, *path)
        if "module" in values.mapping(item):
            path, item = (*path, "module"), item["module"]
        if item:
            entry["configuration"] = redacted(item, path)
            if all(map(is_name, path)):
                entry["configuration_path"] = text_of(path)
