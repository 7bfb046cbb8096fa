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

from ansible_collections.meinberg.lantime.plugins.module_utils import _catalogue, _values

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_CHASSIS = re.compile(r"chassis[0-9]{0,6}")
_EMPTY_BAY = frozenset({"power-available", "power-capacity"})

# Any further token stays open.
_WARMED_UP = {"warmed-up": True, "not-warmed-up": False}


def _oscillator(value: object) -> str | None:
    return _values.text(_values.at(value, "oscillator"))


def _clock(value: object) -> str | None:
    return _values.text(_values.at(value, "clock"))


_SYNC: _values.Spec = (
    ("clock_index", "clock-idx", _values.text),
    ("oscillator_type", "osc-type", _values.text),
    ("estimated_quality_token", "est-time-quality", _values.text),
    ("estimated_quality_seconds", "est-time-quality", _values.quality_seconds),
    ("estimated_quality_ns", "est-time-quality", _values.quality_ns),
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
        (name, _values.mapping(value))
        for name, value in _values.status_of(envelope).items()
        if _CHASSIS.fullmatch(name) and _values.mapping(value)
    ]
    return sorted(found, key=lambda pair: _values.natural_key(pair[0]))


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
        for slot, content in _values.table(item.get("slots"), "object-id", "slot-id")
    )
    return sorted(
        filter(fits, entries),
        key=lambda entry: (
            _values.natural_key(entry["chassis"]),
            _values.natural_key(entry["slot"]),
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
    return _catalogue.canonical_family(name) or name


def _families(model: str | None, slot_type: str | None) -> tuple[str, ...]:
    """Families of a module; a slot for power supplies or the processor says it for models that nobody has listed."""
    if not model:
        return ()
    found = _catalogue.families_of(model)
    by_slot = _catalogue.FAMILY_BY_SLOT_TYPE.get(slot_type or "")
    return found or (() if by_slot is None else (by_slot,))


def _entry(chassis_name: str, slot: str, content: Mapping[str, t.Any]) -> dict[str, t.Any]:
    raw = content.get("module")
    module = _values.mapping(raw)
    info = _values.mapping(module.get("info"))
    model = _values.text(info.get("model"))
    kinds = _families(model, _values.text(content.get("slot-type")))
    sync = module.get("sync-status")
    return {
        "chassis": chassis_name,
        "slot": slot,
        "slot_type": _values.text(content.get("slot-type")),
        "position": _values.text(content.get("slot-position")),
        "orientation": _values.text(content.get("slot-orientation")),
        "populated": _populated(module, content.get("slot-type")),
        "family": _catalogue.family_of(model or "") or (kinds[0] if kinds else None),
        "model": model,
        "serial_number": _values.text(info.get("serial-number")),
        "software_revision": _values.text(info.get("software-revision")),
        "firmware_image": _values.text(info.get("firmware-image")),
        "sensors": _sensors(info.get("sensors")),
        "sync": _values.record(sync, _SYNC) if _values.mapping(sync) else None,
        "status": raw,
    }


def _populated(module: Mapping[str, t.Any], slot_type: object) -> bool:
    """An empty power supply bay has a module too, but one without `info` and without power."""
    if _values.mapping(module.get("info")):
        return True
    if slot_type == "pwr" or set(module) <= _EMPTY_BAY:
        return _values.boolean(module.get("power-available")) is True
    return True


def _sensors(value: object) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {}
    for name, reading in _values.mapping(value).items():
        key = _values.snake(name)
        if key.startswith("temperature"):
            found[f"{key}_celsius"] = _values.celsius(reading)
        elif _values.bounded(reading):
            found[key] = reading
    return found
