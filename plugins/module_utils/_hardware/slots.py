# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots and plug-in modules of the chassis.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import fnmatch
import re
import typing as t

from .._tree import values
from . import catalogue

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_CHASSIS = re.compile(r"chassis[0-9]{0,6}")
_EMPTY_BAY = frozenset({"power-available", "power-capacity"})

# Any further token stays open.
_WARMED_UP = {"warmed-up": True, "not-warmed-up": False}


def _oscillator(value: object) -> str | None:
    return values.text(values.at(value, "oscillator"))


def _clock(value: object) -> str | None:
    return values.text(values.at(value, "clock"))


_SYNC: values.FieldMap = (
    ("clock_index", "clock-idx", values.text),
    ("oscillator_type", "osc-type", values.text),
    ("estimated_quality_token", "est-time-quality", values.text),
    ("estimated_quality_seconds", "est-time-quality", values.quality_seconds),
    ("estimated_quality_ns", "est-time-quality", values.quality_ns),
    ("state", "clock-status", _clock),
    (
        "synchronized",
        "clock-status",
        lambda value: None if _clock(value) is None else _clock(value) == "synchronized",
    ),
    ("oscillator_state", "clock-status", _oscillator),
    (
        "oscillator_warmed_up",
        "clock-status",
        lambda value: _WARMED_UP.get(_oscillator(value) or ""),
    ),
)


def chassis(envelope: object) -> list[tuple[str, Mapping[str, t.Any]]]:
    """(name, object) of each chassis of the status, `chassis0` first; external shelves are none."""
    found = [
        (name, values.mapping(value))
        for name, value in values.status_of(envelope).items()
        if _CHASSIS.fullmatch(name) and values.mapping(value)
    ]
    return sorted(found, key=lambda pair: values.natural_key(pair[0]))


def modules(
    envelope: object,
    *,
    slots: Iterable[str] | None = None,
    families: Iterable[str] | None = None,
    models: Iterable[str] | None = None,
    populated: bool | None = None,
) -> list[dict[str, t.Any]]:
    """One entry for each slot, sorted by chassis and in natural order of the slots.

    An entry holds chassis, slot, slot_type, position, orientation (as the device spells them),
    populated, family (None if the model is not in the catalogue), model, serial_number,
    software_revision, firmware_image, sensors (`temperature_1_celsius`, None for a sensor that is not
    there), sync (None without one) and status: the module's own object, untouched, None without a module.

    Filters take names in any case; `slots` (object-id) and `models` also shell wildcards, `families`
    also other names of a family. A filter that is None lets everything pass.
    """
    fits = selection(slots=slots, families=families, models=models, populated=populated)
    entries = (
        _entry(name, slot, content)
        for name, item in chassis(envelope)
        for slot, content in values.table(item.get("slots"), "object-id", "slot-id")
    )
    return sorted(
        filter(fits, entries),
        key=lambda entry: (
            values.natural_key(entry["chassis"]),
            values.natural_key(entry["slot"]),
        ),
    )


def selection(
    *,
    slots: Iterable[str] | None = None,
    families: Iterable[str] | None = None,
    models: Iterable[str] | None = None,
    populated: bool | None = None,
) -> Callable[[Mapping[str, t.Any]], bool]:
    """Whether an entry passes the filters of `modules`."""
    slot_patterns = lowered(slots)
    model_patterns = lowered(models)
    wanted = None if families is None else {_family(name) for name in families}

    def fits(entry: Mapping[str, t.Any]) -> bool:
        model = entry["model"] or ""
        return (
            (populated is None or entry["populated"] is populated)
            and (slot_patterns is None or matches(entry["slot"], slot_patterns))
            and (model_patterns is None or (model != "" and matches(model, model_patterns)))
            and (wanted is None or not wanted.isdisjoint(_families(model, entry["slot_type"])))
        )

    return fits


def lowered(patterns: Iterable[str] | None) -> list[str] | None:
    """Patterns as `matches` takes them."""
    return None if patterns is None else [pattern.strip().lower() for pattern in patterns]


def matches(name: str, patterns: list[str]) -> bool:
    """Whether a name in any case is one of the patterns, which are in lower case and may hold shell wildcards."""
    return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in patterns)


def _family(name: str) -> str:
    return catalogue.canonical_family(name) or name


def _families(model: str | None, slot_type: str | None) -> tuple[str, ...]:
    """Families of a module; a slot for power supplies or the processor says it for models that nobody has listed."""
    if not model:
        return ()
    found = catalogue.families_of(model)
    by_slot = catalogue.FAMILY_BY_SLOT_TYPE.get(slot_type or "")
    return found or (() if by_slot is None else (by_slot,))


def _entry(chassis_name: str, slot: str, content: Mapping[str, t.Any]) -> dict[str, t.Any]:
    raw = content.get("module")
    module = values.mapping(raw)
    info = values.mapping(module.get("info"))
    model = values.text(info.get("model"))
    kinds = _families(model, values.text(content.get("slot-type")))
    sync = module.get("sync-status")
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
        "sync": values.map_fields(sync, _SYNC) if values.mapping(sync) else None,
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
    found: dict[str, t.Any] = {}
    for name, reading in values.mapping(value).items():
        key = values.snake(name)
        if key.startswith("temperature"):
            found[f"{key}_celsius"] = values.celsius(reading)
        elif values.bounded(reading):
            found[key] = reading
    return found
