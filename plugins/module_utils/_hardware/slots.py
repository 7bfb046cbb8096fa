# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots and plug-in modules of the chassis."""

from __future__ import annotations

import fnmatch
import re
import typing as t

from .._tree import values
from . import catalogue
from .clock_state import parse_clock

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_CHASSIS_NAME = re.compile(r"chassis[0-9]{0,6}")
_EMPTY_BAY = frozenset({"power-available", "power-capacity"})


Slot = dict[str, t.Any]


def read_chassis(envelope: object) -> list[tuple[str, Mapping[str, t.Any]]]:
    """(name, object) of each chassis in the status tree, `chassis0` first, without external rubidium shelves."""
    chassis = [
        (name, values.mapping(value))
        for name, value in values.status_of(envelope).items()
        if _CHASSIS_NAME.fullmatch(name) and values.mapping(value)
    ]
    return sorted(chassis, key=lambda pair: values.natural_key(pair[0]))


def read_slots(
    envelope: object,
    *,
    slots: Iterable[str] | None = None,
    families: Iterable[str] | None = None,
    models: Iterable[str] | None = None,
    populated: bool | None = None,
) -> list[Slot]:
    """One entry for each slot, sorted by chassis and in natural order of the slots.

    Callers read the slots of an answer once and pass the entries on.

    An entry holds chassis, slot, slot_type, position, orientation (as the device spells them),
    populated, family (None for a model that the catalogue does not list), model, serial_number,
    software_revision, firmware_image, sensors (`temperature_1_celsius`, None for a sensor that is not
    fitted), sync (see `parse_clock`) and status: the module's own object, unchanged, None without a module.

    Filters take names in any case; `slots` (object-id) and `models` also take shell wildcards, `families` also takes
    the aliases of a family. A filter of None accepts everything.
    """
    fits = make_slot_filter(slots=slots, families=families, models=models, populated=populated)
    entries = (
        _parse_slot(name, slot, content)
        for name, item in read_chassis(envelope)
        for slot, content in values.table(item.get("slots"), "object-id", "slot-id")
    )
    return sorted(
        filter(fits, entries),
        key=lambda entry: (
            values.natural_key(entry["chassis"]),
            values.natural_key(entry["slot"]),
        ),
    )


def make_slot_filter(
    *,
    slots: Iterable[str] | None = None,
    families: Iterable[str] | None = None,
    models: Iterable[str] | None = None,
    populated: bool | None = None,
) -> Callable[[Mapping[str, t.Any]], bool]:
    """A predicate for slots that pass the filters of `read_slots`."""
    slot_patterns = lower_patterns(slots)
    model_patterns = lower_patterns(models)
    wanted = None if families is None else {_canonical_name(name) for name in families}

    def fits(entry: Mapping[str, t.Any]) -> bool:
        model = entry["model"] or ""
        return (
            (populated is None or entry["populated"] is populated)
            and (slot_patterns is None or matches(entry["slot"], slot_patterns))
            and (model_patterns is None or (model != "" and matches(model, model_patterns)))
            and (wanted is None or not wanted.isdisjoint(_families_of_module(model, entry["slot_type"])))
        )

    return fits


def lower_patterns(patterns: Iterable[str] | None) -> list[str] | None:
    """Patterns in the form that `matches` takes."""
    return None if patterns is None else [pattern.strip().lower() for pattern in patterns]


def matches(name: str, patterns: list[str]) -> bool:
    """Whether a name in any case is one of the patterns, which are in lower case and may hold shell wildcards."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in patterns)


def _canonical_name(name: str) -> str:
    return catalogue.canonical_family(name) or name


def _families_of_module(model: str | None, slot_type: str | None) -> tuple[str, ...]:
    """Families of a module; an unlisted model in a slot for power supplies or the processor has the family of the slot."""
    if not model:
        return ()
    by_model = catalogue.families_of(model)
    by_slot = catalogue.FAMILY_BY_SLOT_TYPE.get(slot_type or "")
    return by_model or (() if by_slot is None else (by_slot,))


def _parse_slot(chassis_name: str, slot: str, content: Mapping[str, t.Any]) -> Slot:
    raw = content.get("module")
    module = values.mapping(raw)
    info = values.mapping(module.get("info"))
    model = values.text(info.get("model"))
    kinds = _families_of_module(model, values.text(content.get("slot-type")))
    return {
        "chassis": chassis_name,
        "slot": slot,
        "slot_type": values.text(content.get("slot-type")),
        "position": values.text(content.get("slot-position")),
        "orientation": values.text(content.get("slot-orientation")),
        "populated": _populated(module, content.get("slot-type")),
        "family": catalogue.family_of(model or "") or (kinds[0] if kinds else None),
        "model": model,
        "serial_number": values.text(info.get("serial-number")),
        "software_revision": values.text(info.get("software-revision")),
        "firmware_image": values.text(info.get("firmware-image")),
        "sensors": _sensors(info.get("sensors")),
        "sync": parse_clock(module.get("sync-status")),
        "status": raw,
    }


def _populated(module: Mapping[str, t.Any], slot_type: object) -> bool:
    """An empty power supply bay has a module too, but one without `info` and without power."""
    if values.mapping(module.get("info")):
        return True
    if slot_type == "pwr" or set(module) <= _EMPTY_BAY:
        return values.boolean(module.get("power-available")) is True
    return True


def _sensors(value: object) -> dict[str, t.Any]:
    sensors: dict[str, t.Any] = {}
    unread: dict[str, object] = {}
    for name, reading in values.mapping(value).items():
        key = values.snake(name)
        if key.startswith("temperature"):
            sensors[f"{key}_celsius"] = values.celsius(reading)
            if sensors[f"{key}_celsius"] is None:
                unread[f"{key}_celsius"] = reading
        elif values.is_bounded(reading):
            sensors[key] = reading
    return {**sensors, **values.unparsed_values(unread)}
