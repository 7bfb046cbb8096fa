# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of which modules are fitted: missing, exchanged, moved and added ones, and their revisions."""

from __future__ import annotations

import typing as t
from collections import Counter

from .._hardware.catalogue import canonical_family
from .._hardware.families import CONFIRMED
from .._tree import values
from .baseline import ExpectedModule, ExpectedModules, slot_name
from .check import MODULE, Check, Finding
from .context import HealthContext, device_text, join_names, register, worst_finding
from .leaf_rules import place_of

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

    Modules = Mapping[str, Mapping[str, t.Any]]

IDENTITY_CHECKS: RegisteredChecks = []


@register(
    IDENTITY_CHECKS,
    Check(
        "modules",
        "hardware",
        ("error",),
        "the expected slots have a module",
        "chassis0.slots[].module",
        CONFIRMED,
        "Reseat or replace the module, or correct `expected`",
        expects=("modules",),
    ),
)
def check_modules(context: HealthContext) -> Finding:
    expected: ExpectedModules | None = context.policy.expected.get("modules")
    if expected is None:
        return Finding("skipped", "no modules are expected by name")
    if expected.slots and not context.slots:
        return Finding("unknown", "the device reports no slots")
    fitted = _fitted_modules(context)
    moved = {old for old, dummy in _find_moved(expected, fitted)}
    missing = [name for name in expected.slots if name not in fitted and name not in moved]
    if not missing:
        return Finding("ok", "every expected slot has a module", 0, 0)
    parts = tuple(_missing_module(name, expected.slots[name]) for name in missing)
    message = parts[0].message
    if len(missing) > 1:
        kinds = (_kind(expected.slots[name].family, expected.slots[name].model) for name in missing)
        names = (f"{name} ({kind.strip()})" if kind else name for name, kind in zip(missing, kinds))
        message = f"expected modules are missing in {join_names(names)}"
    return Finding("error", message, len(missing), 0, device_text(missing[0]), parts=parts)


def _missing_module(name: str, wanted: ExpectedModule) -> Finding:
    slot, kind = device_text(name), _kind(wanted.family, wanted.model)
    message = f"the expected module{kind} is missing in {slot}"
    return Finding("error", message, None, None, slot, slot=slot, family=wanted.family)


def _kind(family: str | None, model: str | None) -> str:
    texts = [device_text(text) for text in (family, model) if text]
    return f" {' '.join(texts)}" if texts else ""


@register(
    IDENTITY_CHECKS,
    Check(
        "module_identity",
        "hardware",
        ("info", "warning", "error"),
        "the modules have the expected family, model, serial number and revision, and with a baseline there is no other module",
        f"{MODULE}.info.model, serial-number and software-revision",
        CONFIRMED,
        "Check who exchanged the module, compare its settings, and record a new baseline if this is intended",
        expects=("modules",),
    ),
)
def check_module_identity(context: HealthContext) -> Finding:
    expected: ExpectedModules | None = context.policy.expected.get("modules")
    if expected is None or not (expected.is_complete or any(any(wanted) for wanted in expected.slots.values())):
        return Finding("skipped", "no properties of modules are expected")
    if not context.slots:
        return Finding("unknown", "the device reports no slots")
    fitted = _fitted_modules(context)
    moves = _find_moved(expected, fitted)
    arrived = {new for dummy, new in moves}
    findings = [_moved_finding(fitted[new], old) for old, new in moves]
    for name, module in fitted.items():
        wanted = expected.slots.get(name)
        if wanted is not None and name not in arrived:
            findings += _compare(module, wanted)
        elif wanted is None and name not in arrived and expected.is_complete:
            kind = _kind(module["family"], module["model"])
            place = place_of(module, None)
            message = f"{place['slot']} has a module{kind} that the baseline does not have"
            findings.append(Finding("warning", message, module["model"], **place))
    return worst_finding(findings, Finding("ok", "the modules are the expected ones"))


def _fitted_modules(context: HealthContext) -> dict[str, Mapping[str, t.Any]]:
    return {slot_name(module["chassis"], module["slot"]): module for module in context.modules}


def _find_moved(expected: ExpectedModules, fitted: Modules) -> list[tuple[str, str]]:
    """(old slot, new slot) of each module whose serial number is now in another slot."""
    count = Counter(wanted.serial_number for wanted in expected.slots.values())
    old = {
        w.serial_number: name for name, w in expected.slots.items() if w.serial_number and count[w.serial_number] == 1
    }
    now = Counter(module["serial_number"] for module in fitted.values())
    moves = []
    for name, module in fitted.items():
        serial = module["serial_number"]
        if serial in old and old[serial] != name and now[serial] == 1:
            moves.append((old[serial], name))
    return moves


def _moved_finding(module: Mapping[str, t.Any], old: str) -> Finding:
    place = place_of(module, None)
    message = f"the module{_kind(module['family'], module['model'])} of {device_text(old)} is now in {place['slot']}"
    return Finding("warning", message, device_text(module["serial_number"]), device_text(old), **place)


def _compare(module: Mapping[str, t.Any], wanted: ExpectedModule) -> list[Finding]:
    place = place_of(module, None)
    slot = place["slot"]
    if not _is_family(module["family"], wanted.family) or not _is_same(module["model"], wanted.model):
        fitted, instead = _kind(module["family"], module["model"]), _kind(wanted.family, wanted.model)
        message = f"{slot} has the module{fitted} instead of{instead}"
        return [Finding("error", message, module["model"], wanted.model or wanted.family, **place)]
    serial = module["serial_number"]
    if wanted.serial_number is not None and serial is None:
        return [Finding("unknown", f"{slot} does not report the serial number of its module", **place)]
    if wanted.serial_number is not None and serial != wanted.serial_number:
        message = f"the module in {slot} was exchanged for one with the serial number {device_text(serial)}"
        return [
            Finding("warning", message, device_text(serial), device_text(wanted.serial_number), **place),
            *_compare_revision(module, wanted),
        ]
    return _compare_revision(module, wanted)


def _compare_revision(module: Mapping[str, t.Any], wanted: ExpectedModule) -> list[Finding]:
    place, revision = place_of(module, None), module["software_revision"]
    if wanted.revision is None or revision == wanted.revision:
        return []
    if revision is None:
        return [Finding("unknown", f"{place['slot']} does not report the revision of its module", **place)]
    order = values.compare_versions(revision, wanted.revision)
    if order == 0:
        return []
    level, than = ("warning", "older than") if order == -1 else ("info", "not")
    texts = device_text(revision), device_text(wanted.revision)
    message = f"the module in {place['slot']} has the revision {texts[0]}, {than} {texts[1]}"
    return [Finding(level, message, *texts, **place)]


def _is_family(family: str | None, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return (canonical_family(wanted) or wanted).upper() == (family or "").upper()


def _is_same(model: str | None, wanted: str | None) -> bool:
    return wanted is None or wanted.strip().lower() == (model or "").lower()
