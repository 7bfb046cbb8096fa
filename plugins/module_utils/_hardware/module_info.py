# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots and modules with everything that they report in typed form, and their configuration."""

from __future__ import annotations

import typing as t

from .._tree import values
from .._tree.canonical import canonical
from .._tree.paths import is_name, text_of
from .._tree.secrets import mask_secrets
from . import card_parsers, catalogue, clock_state, module_parsers, ptp
from . import slots as _slots

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ModuleEntry = dict[str, t.Any]

# Bounds the output for a hostile table of slots, in which every entry would list all others.
_MAX_MEMBERS = 64
# Members of a receiver that have keys of their own.
_OWN_KEYS = ("satellites", "antenna_connected", "antenna_short_circuit")
_SUPPLY_ROLES = {"True": "supplying", "False": "without-power"}


class ModuleSelection(t.NamedTuple):
    """Filters of modules; a filter of None accepts everything.

    slots, families, models, populated: see `read_slots`.  states: names and shell wildcards in any case, compared with
    `reported_states`.
    """

    slots: Iterable[str] | None = None
    families: Iterable[str] | None = None
    models: Iterable[str] | None = None
    populated: bool | None = None
    states: Iterable[str] | None = None
    synchronized: bool | None = None


ALL_MODULES = ModuleSelection()


def describe_modules(
    envelope: object, selection: ModuleSelection = ALL_MODULES, configuration: object = None
) -> list[ModuleEntry]:
    """The entries of `read_slots`, each with what its module reports, without secrets.

    The added keys are those of `describe_module`, configuration and configuration_path.
    `details` has in typed form what no other key has, `status` has everything as the device sends it.

    `configuration` is the root of the configuration tree, if it was read. That it has the settings of a module at the
    path of the module's status is an ASSUMPTION.
    """
    status = _redacted_status(envelope)
    slots_of_device = _slots.read_slots(status)
    sync = clock_state.read_sync(status, slots_of_device)
    entries = [describe_module(entry) for entry in slots_of_device]
    first = next((name for name, dummy in _slots.read_chassis(status)), None)
    followed = (first, sync["reference_slot"])
    for entry in entries:
        if entry["antenna"] is None and (entry["chassis"], entry["slot"]) == followed:
            entry["antenna"] = _antenna_of_system(entry, sync)
    _add_redundancy(entries, followed)
    _add_configuration(entries, configuration)
    return list(filter(_module_filter(selection), entries))


def _module_filter(selection: ModuleSelection) -> Callable[[Mapping[str, t.Any]], bool]:
    slots, families, models, populated, states, synchronized = selection
    passes = _slots.make_slot_filter(slots=slots, families=families, models=models, populated=populated)
    patterns = _slots.lower_patterns(states)

    def accepts(entry: Mapping[str, t.Any]) -> bool:
        return (
            passes(entry)
            and (synchronized is None or entry["synchronized"] is synchronized)
            and (patterns is None or any(_slots.matches(state, patterns) for state in reported_states(entry)))
        )

    return accepts


def reported_states(entry: Mapping[str, t.Any]) -> list[str]:
    """The states that a module reports: those of its clock, receivers, PTP ports, relays, inputs and outputs."""
    states = [values.at(entry["sync"], "state")]
    states += [item["port_state"] for item in entry["ptp_instances"]]
    for key in ("receivers", "relays", "inputs", "outputs"):
        states += [item["state"] for item in entry[key]]
    return [state for state in states if isinstance(state, str)]


def list_ptp_instances(entries: Iterable[Mapping[str, t.Any]]) -> list[ModuleEntry]:
    """The PTP instances of these entries in one list, each with chassis, slot, family and model."""
    return [instance for entry in entries for instance in entry["ptp_instances"]]


def summarize_modules(slots: Iterable[_slots.Slot]) -> list[ModuleEntry]:
    """What identifies each fitted module, and its state: that of its clock, receiver, PTP port or power supply."""
    return [
        {
            **clock_state.locate_module(slot),
            "serial_number": slot["serial_number"],
            "software_revision": slot["software_revision"],
            "state": _summary_state(slot),
        }
        for slot in slots
        if slot["populated"]
    ]


def _summary_state(slot: _slots.Slot) -> str | None:
    states = [values.at(slot["sync"], "state")]
    states += [receiver["state"] for receiver in clock_state.parse_receivers(slot["status"])]
    states += [instance["port_state"] for instance in ptp.read_ptp_instances([slot])]
    if _redundancy_kind(slot) == "power":
        states.append(_SUPPLY_ROLES.get(str(module_parsers.parse_power(slot["status"])["available"])))
    return next((state for state in states if state is not None), None)


def _redacted_status(envelope: object) -> dict[str, t.Any]:
    """The parts of an answer that are read here, secrets masked."""
    status = values.status_of(envelope)
    read = (name for name in status if name == "system" or name.startswith("chassis"))
    return {"data": {name: mask_secrets(status[name]) for name in read}}


def describe_module(entry: ModuleEntry) -> ModuleEntry:
    """An entry of `read_slots` with what its module reports by itself.

    The added keys are function, synchronized, redundancy, power, receivers, satellites, antenna, sources, serial_strings,
    synthesizer, mode, outputs, inputs, relays, oscillator, mains, sync_e, ptp_instances and details.
    """
    status = entry["status"]
    rest: module_parsers.UnreadMembers = {
        name: value for name, value in values.mapping(status).items() if name not in ("info", "sync-status")
    }
    place = clock_state.locate_module(entry)
    ptp_instances = ptp.take_ptp_instances(rest)
    receivers = clock_state.parse_receivers(status)
    blocks = {
        receiver["kind"]: rest.pop(receiver["kind"], None) for receiver in receivers if receiver["kind"] is not None
    }
    family = catalogue.families().get(entry["family"] or "")
    view = {
        **entry,
        "function": None if family is None else family.function,
        "synchronized": _synchronized(entry["sync"], receivers),
        "redundancy": card_parsers.take_switch(entry["slot"], rest) if entry["family"] == "RSC" else None,
        "power": module_parsers.take_power(rest),
        "receivers": [{**place, **_describe_receiver(receiver)} for receiver in receivers],
        "satellites": _take_satellites(receivers, rest),
        "antenna": module_parsers.parse_module_antenna(blocks),
        "sources": module_parsers.take_sources(rest),
        "serial_strings": module_parsers.take_serial_strings(rest),
        "synthesizer": card_parsers.take_synthesizer(rest),
        "mode": card_parsers.take_mode(rest),
        **module_parsers.take_tables(rest),
        "oscillator": card_parsers.take_oscillator(rest),
        "mains": module_parsers.take_mains(rest),
        "sync_e": card_parsers.take_sync_e(rest),
        "ptp_instances": [{**place, **instance} for instance in ptp_instances],
    }
    view["details"] = module_parsers.collect_details(rest)
    return view


def _take_satellites(
    receivers: Iterable[Mapping[str, t.Any]], rest: module_parsers.UnreadMembers
) -> dict[str, t.Any] | None:
    """What the first receiver reports of its satellites."""
    satellites = next((receiver["satellites"] for receiver in receivers), None)
    if satellites is None:
        return None
    rest.pop("satellites", None)
    return _with_details(satellites)


def _describe_receiver(receiver: Mapping[str, t.Any]) -> ModuleEntry:
    members = {name: value for name, value in receiver.items() if name not in _OWN_KEYS}
    if receiver["kind"] != "tcr":
        return {**_with_details(members), "time_code": None}
    code = card_parsers.parse_time_code(values.mapping(members.pop("other", None)))
    return {**members, "time_code": code, "details": {}}


def _with_details(members: Mapping[str, t.Any]) -> ModuleEntry:
    """The members, with those that facts keep unchanged in `other` in typed form."""
    kept = {name: value for name, value in members.items() if name != "other"}
    return {**kept, "details": module_parsers.collect_details(values.mapping(members.get("other")))}


def _synchronized(sync: Mapping[str, t.Any] | None, receivers: Iterable[Mapping[str, t.Any]]) -> bool | None:
    if sync is not None and sync["synchronized"] is not None:
        return bool(sync["synchronized"])
    states = [receiver["synchronized"] for receiver in receivers]
    if False in states:
        return False
    return True if True in states else None


def _antenna_of_system(entry: ModuleEntry, sync: Mapping[str, t.Any]) -> ModuleEntry | None:
    """The antenna of the clock that the device follows, as the device reports it; for clocks that do not."""
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
        supplies = [entry for entry in fitted if _redundancy_kind(entry) == "power"]
        clocks = [entry for entry in fitted if _redundancy_kind(entry) == "clock"]
        switches = [entry for entry in fitted if _redundancy_kind(entry) == "switch"]
        switch = switches[0]["redundancy"] if switches else None
        supply = _redundancy_group("power", supplies, [_has_power(entry) for entry in supplies])
        clock = _redundancy_group("clock", clocks, [entry["synchronized"] for entry in clocks])
        for entry in supplies:
            role = _SUPPLY_ROLES.get(str(_has_power(entry)))
            entry["redundancy"] = {**supply, "role": role, "switch": None}
        for entry in clocks:
            entry["redundancy"] = {**clock, "role": _clock_role(entry, reference), "switch": switch}
        for entry in switches:
            own = entry["redundancy"]
            entry["redundancy"] = {**clock, "kind": "switch", "role": None, "switch": own}


def _redundancy_group(kind: str, members: list[ModuleEntry], working: list[object]) -> ModuleEntry:
    return {
        "kind": kind,
        "members": [entry["slot"] for entry in members[:_MAX_MEMBERS]],
        "working": working.count(True),
        "redundant": working.count(True) > 1,
    }


def _redundancy_kind(entry: Mapping[str, t.Any]) -> str | None:
    by_family = {"PSU": "power", "RSC": "switch"}.get(entry["family"] or "")
    return by_family or {"clk": "clock", "pwr": "power"}.get(entry["slot_type"] or "")


def _has_power(entry: Mapping[str, t.Any]) -> object:
    return values.at(entry["power"], "available")


def _clock_role(entry: Mapping[str, t.Any], reference: str | None) -> str | None:
    if reference is not None:
        return "selected" if reference == entry["slot"] else "standby"
    # With one clock this reads `selected`; the value of a second clock in the chassis is unknown.
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
            entry["configuration"] = mask_secrets(item, path)
            ptp.add_instance_settings(entry["ptp_instances"], item)
            if all(map(is_name, path)):
                entry["configuration_path"] = text_of(path)
