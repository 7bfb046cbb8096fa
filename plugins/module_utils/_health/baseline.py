# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that a device should have: from a list, a mapping, or an earlier result of lantime_module_info."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping
from pathlib import Path

from .._base import files
from .._base.sanitize import printable
from .._base.suggest import suggest_names
from .._tree import values

_MAX_BASELINE_BYTES = 32 * 1024 * 1024
_MEMBERS = ("family", "model", "serial_number", "revision")
_FIRST_CHASSIS = "chassis0"


class ExpectedModule(t.NamedTuple):
    """What is expected of the module in one slot; a member of None accepts everything."""

    family: str | None = None
    model: str | None = None
    serial_number: str | None = None
    revision: str | None = None


class ExpectedModules(t.NamedTuple):
    """The expected modules by slot. is_complete: whether a module in any other slot is a difference."""

    slots: Mapping[str, ExpectedModule]
    is_complete: bool = False


def slot_name(chassis: object, slot: object) -> str:
    """The name of a slot in an expectation: slots of additional chassis have the chassis as a prefix."""
    return f"{slot}" if chassis in (None, _FIRST_CHASSIS) else f"{chassis}/{slot}"


def parse_modules(value: object) -> ExpectedModules:
    """The expectation from a list of slots, or from a mapping of slots to members. Raises ValueError with a message for users."""
    if isinstance(value, ExpectedModules):
        return value
    if isinstance(value, str):
        value = [name.strip() for name in value.split(",") if name.strip()]
    if isinstance(value, Mapping):
        return ExpectedModules({f"{slot}": _parse_module(slot, members) for slot, members in value.items()})
    if isinstance(value, list) and all(isinstance(slot, str) for slot in value):
        return ExpectedModules({slot: ExpectedModule() for slot in value})
    raise ValueError("expected.modules is neither a list of slots nor a mapping of slots to members")


def _parse_module(slot: object, members: object) -> ExpectedModule:
    where = f"expected.modules for {printable(slot, 40)}"
    if members is None:
        return ExpectedModule()
    if not isinstance(members, Mapping):
        raise ValueError(f"{where} is not a mapping with {', '.join(_MEMBERS)}")
    for name in members:
        if name not in _MEMBERS:
            raise ValueError(f'unknown member "{printable(name, 40)}" of {where}{suggest_names(f"{name}", _MEMBERS)}')
    return ExpectedModule(*(values.text(members.get(name)) for name in _MEMBERS))


def read_baseline(value: object) -> ExpectedModules:
    """The expectation from a result of lantime_module_info, its list of modules, or the path of a JSON file with either.

    Raises ValueError with a message for users.
    """
    if isinstance(value, (str, Path)):
        value = _read_json(Path(value).expanduser())
    modules = value.get("modules") if isinstance(value, Mapping) else value
    if not isinstance(modules, list) or not all(isinstance(entry, Mapping) and entry.get("slot") for entry in modules):
        raise ValueError("baseline is not a result of lantime_module_info: it has no list of modules with their slots")
    slots = {
        slot_name(entry.get("chassis"), entry["slot"]): ExpectedModule(
            *(values.text(entry.get(name)) for name in ("family", "model", "serial_number", "software_revision"))
        )
        for entry in modules
        if entry.get("populated")
    }
    if not slots:
        raise ValueError("baseline has no populated slot")
    return ExpectedModules(slots, is_complete=True)


def _read_json(path: Path) -> object:
    try:
        return json.loads(files.read_file(path, _MAX_BASELINE_BYTES, follow_links=True).decode("utf-8"))
    except OSError as exc:
        raise ValueError(f"the baseline {path} cannot be read ({type(exc).__name__})") from None
    except files.FileError as exc:
        raise ValueError(f"the baseline {path} cannot be used: {exc}") from None
    except (ValueError, RecursionError):
        raise ValueError(f"the baseline {path} cannot be used: it is not JSON") from None


def merge_modules(baseline: ExpectedModules, given: ExpectedModules) -> ExpectedModules:
    """A baseline with the expectations that the user gives: each of their members that is set counts."""
    slots = dict(baseline.slots)
    for slot, wanted in given.slots.items():
        known = slots.get(slot, ExpectedModule())
        slots[slot] = ExpectedModule(*(new if new is not None else old for old, new in zip(known, wanted)))
    return ExpectedModules(slots, baseline.is_complete)
