# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Oscillators, Synchronous Ethernet, synthesizers, time codes and clock switches of plug-in modules in typed form.

All names are an ASSUMPTION; see `module_parsers`.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._tree import values
from .module_parsers import ParsedItem, UnreadMembers, collect_details, parse_members, split_table

if t.TYPE_CHECKING:
    from .module_parsers import ParserSpec

_OSCILLATOR: ParserSpec = (
    ("pll_locked", "pll-locked", values.boolean),
    ("oscillator_locked", "oscillator-locked", values.boolean),
    ("warmed_up", "warmed-up", values.boolean),
)
_SYNC_E: ParserSpec = (
    ("enabled", "enabled", values.boolean),
    ("quality_level_selection", "quality-level-selection", values.boolean),
    # `none` is a value of its own: no quality level is received.
    ("input_quality_level", "input-quality-level input-ssm", values.text),
    ("output_quality_level", "output-quality-level output-ssm", values.text),
)
_SYNTHESIZER: ParserSpec = (
    ("state", "state status", values.text),
    ("frequency_hertz", "frequency", values.number),
)
_TIME_CODE: ParserSpec = (
    ("code", "code", values.text),
    ("lock_on", "lock-on", values.boolean),
    ("data_available", "data-available", values.boolean),
    ("telegram_error", "telegram-error", values.boolean),
    ("tcap_exceeded", "tcap-exceeded", values.boolean),
    ("invalid_utc_parameter", "invalid-utc-parameter", values.boolean),
    ("invalid_system_configuration", "invalid-system-configuration", values.boolean),
    ("pulses_enabled", "pulses-enabled", values.boolean),
    ("warmed_up", "warmed-up", values.boolean),
)
_SWITCH: ParserSpec = (
    ("mode", "mode", values.text),
    ("selected_clock", "selected-clock", values.text),
    ("outputs_enabled", "outputs-enabled", values.boolean),
    ("watchdog_ok", "watchdog-ok", values.boolean),
)


def _list_leaves(spec: ParserSpec) -> list[str]:
    return [name for row in spec for name in row[1].split()]


def take_oscillator(rest: UnreadMembers) -> ParsedItem | None:
    """The oscillator or PLL of an output card."""
    own = {name: rest.pop(name) for name in _list_leaves(_OSCILLATOR) if name in rest}
    return parse_members(own, _OSCILLATOR) if own else None


def take_sync_e(rest: UnreadMembers) -> ParsedItem | None:
    return _take_block(rest, "sync-e", _SYNC_E)


def take_synthesizer(rest: UnreadMembers) -> ParsedItem | None:
    return _take_block(rest, "synthesizer", _SYNTHESIZER)


def _take_block(rest: UnreadMembers, name: str, spec: ParserSpec) -> ParsedItem | None:
    block = rest.get(name)
    if not isinstance(block, Mapping) or not block:
        return None
    return parse_members(rest.pop(name), spec)


def take_mode(rest: UnreadMembers) -> str | None:
    """The mode of a card for all of its outputs (`e1`, `t1`)."""
    mode = values.text(rest.get("mode"))
    if mode is not None:
        del rest["mode"]
    return mode


def take_switch(slot: str, rest: UnreadMembers) -> ParsedItem:
    """The state of a switch between clocks."""
    own = {name: rest.pop(name) for name in _list_leaves(_SWITCH) if name in rest}
    items, left = split_table(rest.get("clocks"))
    if items:
        rest.pop("clocks")
        if left:
            rest["clocks"] = left
    clocks = [
        {
            "object_id": object_id or None,
            "state": values.text(item.get("state")),
            "details": collect_details(item, "state"),
        }
        for object_id, item in items
    ]
    return {"slot": slot, **parse_members(own, _SWITCH), "clocks": clocks}


def parse_time_code(receiver: Mapping[str, t.Any]) -> ParsedItem:
    """The members of a time code receiver that no key of all receivers has."""
    return parse_members(receiver, _TIME_CODE)
