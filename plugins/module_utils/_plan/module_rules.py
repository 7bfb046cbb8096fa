# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that say what modules of a family, model or slot are to be: their form, and the modules to which they apply. Pure."""

from __future__ import annotations

import re
import typing as t

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._base.suggest import suggest_names
from .._hardware.catalogue import canonical_family, families
from .._hardware.slots import Slot, make_slot_filter
from .._tree.canonical import Tree, canonical
from .._tree.paths import Path
from .._tree.values import firmware_version
from .rule_merger import RuleMerger

CONDITIONS = ("families", "models", "slots", "firmware")

_MAX_CONDITION = 80
_COMPARISON = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9]{1,4}(?:\.[0-9]{1,6}){0,3})")
_COMPARE: dict[str, t.Callable[[list[int], list[int]], bool]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
}


class ModuleRule(t.NamedTuple):
    """A desired configuration for modules that fulfill all conditions.

    number: position in the list of rules, from 1.  families, models, slots: names and patterns, None accepts everything.
    firmware: comparisons that the version of the device fulfills.  config: desired tree below the item of the slot.
    is_required: it is an error if no module fits.  is_override: replaces values of the configuration and of former rules.
    """

    number: int
    families: tuple[str, ...] | None
    models: tuple[str, ...] | None
    slots: tuple[str, ...] | None
    firmware: tuple[tuple[str, str], ...]
    config: Tree
    is_required: bool = False
    is_override: bool = False

    @property
    def conditions(self) -> str:
        """The conditions in one line, as `families GPS, GRC; firmware >=7.10`."""
        named = {"families": self.families, "models": self.models, "slots": self.slots}
        parts = [f"{name} {', '.join(names)}" for name, names in named.items() if names is not None]
        if self.firmware:
            parts.append("firmware " + ", ".join(map("".join, self.firmware)))
        return printable("; ".join(parts), 300)

    @property
    def title(self) -> str:
        """Number and conditions, for messages."""
        return f"rule {self.number} ({self.conditions})"


class AppliedRule(t.NamedTuple):
    """A rule and the slots to which it applies. replaced: paths whose values the rule replaced."""

    rule: ModuleRule
    slots: tuple[Slot, ...]
    replaced: tuple[Path, ...]


class ResolvedRules(t.NamedTuple):
    """A desired tree with what the rules add to it. not_applicable: rules that apply to no module, with the reason."""

    tree: Tree
    applied: tuple[AppliedRule, ...] = ()
    not_applicable: tuple[tuple[ModuleRule, str], ...] = ()


def parse_rules(rules: t.Iterable[t.Mapping[str, t.Any]]) -> tuple[ModuleRule, ...]:
    """Rules from the option `modules`. Raises LantimeError if one of them is invalid."""
    return tuple(_parse_rule(number, rule) for number, rule in enumerate(rules, 1))


def _parse_rule(number: int, rule: t.Mapping[str, t.Any]) -> ModuleRule:
    given = {name: rule.get(name) for name in CONDITIONS}
    if all(value is None for value in given.values()):
        raise _option_error(number, f"has no condition; give at least one of {', '.join(CONDITIONS)}")
    for name, value in given.items():
        if value is not None and not value:
            raise _option_error(number, f"has an empty list or text as {name}")
    config = canonical(rule["config"])
    if not isinstance(config.value, dict) or not config.value:
        raise _option_error(number, "has an empty config")
    names = given["families"]
    return ModuleRule(
        number,
        None if names is None else tuple(_parse_family(number, name) for name in names),
        _texts(given["models"]),
        _texts(given["slots"]),
        _parse_firmware(number, given["firmware"]),
        config,
        rule.get("when_absent") == "fail",
        bool(rule.get("override")),
    )


def _option_error(number: int, text: str) -> LantimeError:
    return LantimeError("option", f"rule {number} of modules {text}")


def _texts(names: t.Iterable[t.Any] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(str(name).strip() for name in names)


def _parse_family(number: int, name: t.Any) -> str:
    family = canonical_family(str(name))
    if family is None:
        suggestion = suggest_names(str(name).strip().upper(), families())
        text = printable(str(name), _MAX_CONDITION)
        raise _option_error(number, f'names the family "{text}", which does not exist{suggestion}')
    return family


def _parse_firmware(number: int, text: t.Any) -> tuple[tuple[str, str], ...]:
    comparisons: list[tuple[str, str]] = []
    for part in str(text).split(",") if text is not None else ():
        match = _COMPARISON.fullmatch(part.strip())
        if match is None:
            shown = printable(part.strip(), _MAX_CONDITION)
            raise _option_error(
                number,
                f'has "{shown}" as firmware, which is not a comparison such as ">=7.10" or ">=7.06, <7.10"; '
                f"the operators are {', '.join(_COMPARE)}",
            )
        comparisons.append((match.group(1), match.group(2)))
    return tuple(comparisons)


def resolve_rules(
    rules: t.Iterable[ModuleRule],
    config: Tree,
    slots: t.Sequence[Slot],
    firmware: str | None,
    secrets: t.Sequence[str] = (),
) -> ResolvedRules:
    """Add to a desired tree what the rules say of the modules of a device.

    slots: entries of read_slots().  firmware: version of the device, None if it is unknown.  secrets: patterns of paths whose
    values are masked in errors.  Raises LantimeError if rules contradict each other or the tree, or a required module is absent.
    """
    merger = RuleMerger(config, secrets)
    applied: list[AppliedRule] = []
    not_applicable: list[tuple[ModuleRule, str]] = []
    for rule in rules:
        reason = _firmware_reason(rule, firmware)
        fitting = () if reason is not None else _fitting_slots(rule, slots)
        if not fitting:
            not_applicable.append((rule, reason or "the device has no such module"))
            continue
        start = len(merger.replaced)
        for slot in fitting:
            merger.add(rule.config, slot_path(slot), rule.title, rule.is_override)
        applied.append(AppliedRule(rule, fitting, tuple(merger.replaced[start:])))
    _check_required(not_applicable)
    return ResolvedRules(merger.merged(), tuple(applied), tuple(not_applicable))


def slot_path(slot: Slot) -> Path:
    """Path of a slot in the configuration."""
    return (slot["chassis"], "slots", slot["slot"])


def _fitting_slots(rule: ModuleRule, slots: t.Sequence[Slot]) -> tuple[Slot, ...]:
    fits = make_slot_filter(slots=rule.slots, families=rule.families, models=rule.models, populated=True)
    return tuple(filter(fits, slots))


def _firmware_reason(rule: ModuleRule, firmware: str | None) -> str | None:
    """Why a rule does not apply to devices with this firmware; None if it does."""
    if not rule.firmware:
        return None
    version = firmware_version(firmware)
    if version is None:
        return "the firmware version of the device is unknown"
    if all(_is_fulfilled(operator, text, version["numbers"]) for operator, text in rule.firmware):
        return None
    wanted = ", ".join(map("".join, rule.firmware))
    return f"the firmware of the device is {printable(version['text'], _MAX_CONDITION)}, not {wanted}"


def _is_fulfilled(operator: str, text: str, numbers: list[int]) -> bool:
    """Compare as many numbers as the comparison has, so that 7.10.008 is 7.10."""
    other = [int(part) for part in text.split(".")]
    one = (numbers + [0] * len(other))[: len(other)]
    return _COMPARE[operator](one, other)


def _check_required(not_applicable: list[tuple[ModuleRule, str]]) -> None:
    absent = [(rule, reason) for rule, reason in not_applicable if rule.is_required]
    if absent:
        texts = [f"{rule.title} applies to no module: {reason}" for rule, reason in absent]
        raise LantimeError("module_absent", "; ".join(texts))
