# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions of rules: when a member of a module has a meaning, and when it only follows from another trouble."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .context import HealthContext, not_sync_event

Module = Mapping[str, t.Any]
Item = Mapping[str, t.Any]


class Part(t.NamedTuple):
    """One object of a module, with all that a condition can depend on."""

    context: HealthContext
    module: Module
    item: Item


_NO_SIGNAL = frozenset({"off", "none", "idle"})
# The references of a clock that an input of a kind provides.
_SOURCES_OF_INPUT = {
    "pps": frozenset({"pps-in", "10mhz-pps-in", "pps-plus-string"}),
    "10mhz": frozenset({"10mhz-freqin", "10mhz-pps-in"}),
    "irig-dcls": frozenset({"irig"}),
    "irig-am": frozenset({"irig"}),
}
_FREQUENCY_SOURCES = frozenset({"fixed-freq-in", "var-freq-via-gpio"})
_VIDEO_SOURCES = {
    "black-burst": frozenset({"video-in"}),
    "word-clock": frozenset({"video-in"}),
    "ltc": frozenset({"ltc"}),
    "pps": frozenset({"pps-in"}),
}
_BAYS = ("io", "mri", "esi")
_PTP_SOURCES = frozenset({"ptp-ieee1588", "ptp-over-e1"})
_SOURCES_OF_CARDS = frozenset(
    source for kinds in (*_SOURCES_OF_INPUT.values(), _FREQUENCY_SOURCES, *_VIDEO_SOURCES.values()) for source in kinds
)
_PULSE_OF_BACKPLANE = re.compile(r"ppo([0-9]{1,2})")
# Best first. The order of the levels of E1 is that of the vendor's guide, that of T1 the one of ITU-T G.781.
_QUALITY_ORDERS = (
    ("ql-prc", "ql-ssu-a", "ql-ssu-b", "ql-eec1-sec", "ql-stu", "ql-dnu"),
    ("ql-prs", "ql-stu", "ql-st2", "ql-tnc", "ql-st3e", "ql-eec2-st3", "ql-smc", "ql-prov", "ql-dus"),
)
UNUSABLE_LEVELS = ("none", "dnu", "dus", "ql-dnu", "ql-dus")
"""Quality levels of Synchronous Ethernet that a clock must not follow."""


def is_worse_quality(level: str | None, limit: str | None) -> bool | None:
    """Whether a quality level is worse than another one; None if they are not levels of the same kind."""
    order = next((each for each in _QUALITY_ORDERS if level in each and limit in each), None)
    return None if order is None or level is None or limit is None else order.index(level) > order.index(limit)


def minimum_quality(item: Item) -> str | None:
    """The lowest quality level that an input accepts."""
    minimum: str | None = item["minimum_boc_level" if item["signal"] == "t1-bits" else "minimum_quality_level"]
    return minimum


def is_synchronized(part: Part) -> bool:
    """Whether outputs must have a signal: they can be silent until the device, or the clock that has them, is synchronized."""
    return part.context.is_synchronized and not has_lost_clock(part)


def has_lost_clock(part: Part) -> bool:
    """Whether the clock of this module is not synchronized, which is a finding of its own."""
    state = (part.module["sync"] or {}).get("state")
    return state is not None and state != "synchronized"


def has_lost_source(part: Part) -> bool:
    """Whether the clock, or the input that a reference of it needs, has a finding of its own."""
    return has_lost_clock(part) or _has_lost_input(part)


def has_slave_instance(context: HealthContext) -> bool:
    """Whether a PTP instance takes its time from a master, or may do so; one without a known mode may."""
    instances = [item for module in context.modules for item in module["ptp_instances"]]
    return any(
        (item["mode"] or "slave").endswith(("slave", "auto")) for item in instances if item["enabled"] is not False
    )


def has_input(part: Part) -> bool | None:
    """Whether a module is fitted that can provide the reference of a clock; None if this is not known."""
    source, modules = part.item["type"], part.context.modules
    # A unit without bays has sockets of its own, which no slot shows.
    if not any(slot["slot"].startswith(_BAYS) for slot in part.context.slots):
        return None
    if source in _PTP_SOURCES:
        return any(module["ptp_instances"] for module in modules)
    if source == "sync-e":
        return any(module["sync_e"] is not None for module in modules)
    if source not in _SOURCES_OF_CARDS:
        return None
    return any(
        source in kinds.get(item["signal"] or "", frozenset())
        for module, kinds in _inputs_of_clock(part)
        for item in module["inputs"]
    )


def _has_lost_input(part: Part) -> bool:
    source, modules = part.item["type"], part.context.modules
    if source in _PTP_SOURCES:
        # With the configuration, it is known that no instance can provide this reference, which is a finding.
        if part.context.configuration is not None and not has_slave_instance(part.context):
            return True
        instances = [item for module in modules for item in module["ptp_instances"]]
        return any(item["link"] is False or item["port_state"] in ("faulty", "listening") for item in instances)
    if source == "sync-e":
        inputs = [module["sync_e"] for module in modules if module["sync_e"] is not None]
        return any(item["enabled"] is True and item["input_quality_level"] in UNUSABLE_LEVELS for item in inputs)
    return any(
        source in kinds.get(item["signal"] or "", frozenset()) and _is_bad_input(item)
        for module, kinds in _inputs_of_clock(part)
        for item in module["inputs"]
    )


def _inputs_of_clock(part: Part) -> list[tuple[Module, Mapping[str, frozenset[str]]]]:
    """The modules that can provide a reference of this clock, and the references that their signals provide."""
    number = part.module["slot"][3:]
    found: list[tuple[Module, Mapping[str, frozenset[str]]]] = []
    for module in part.context.modules:
        if module["slot"] in (f"mri{number}", f"esi{number}"):
            other = {item["signal"]: _FREQUENCY_SOURCES for item in module["inputs"] if item["signal"]}
            found.append((module, {**other, **_SOURCES_OF_INPUT}))
        elif module["family"] == "VSI":
            found.append((module, _VIDEO_SOURCES))
    return found


def _is_bad_input(item: Item) -> bool:
    is_poor = is_worse_quality(item["quality_level"], minimum_quality(item))
    return item["signal_present"] is False or item["loss_of_frame"] is True or is_poor is True


def has_lost_time(part: Part) -> bool:
    return not part.context.is_synchronized


def is_warming_up(part: Part) -> bool:
    uptime = part.context.facts["system"]["uptime_seconds"]
    return uptime is not None and uptime < part.context.limit("warm_up")


def is_recent(part: Part) -> bool:
    """Whether the device has restarted recently, or the clock in this slot has lost its synchronization recently."""
    return part.context.is_excused(part.context.event(not_sync_event(part.module["slot"])).since)


def is_unlocked_clock(part: Part) -> bool:
    return is_recent(part) or has_lost_clock(part)


def is_unsynchronized_receiver(part: Part) -> bool:
    return is_recent(part) or any(receiver["synchronized"] is False for receiver in part.module["receivers"])


def carries_signal(part: Part) -> bool:
    """Whether an output should have a signal now; without its PLL, the outputs of a card have none."""
    locked = (part.module["oscillator"] or {}).get("pll_locked")
    return is_synchronized(part) and part.item["signal"] not in _NO_SIGNAL and locked is not False


def is_without_feed(part: Part) -> bool:
    """Whether a socket of the backplane is silent because the switch card, or the pulse output of the clock, is."""
    if part.module["family"] != "BPE":
        return False
    if any(_has_stopped(module) for module in part.context.modules):
        return True
    match = _PULSE_OF_BACKPLANE.fullmatch(part.item["signal"] or "")
    return match is not None and any(
        output["object_id"] == f"pp{match.group(1)}"
        and output["signal_present"] is False
        # An output that is idle has no finding, so the socket that was set to carry it has one.
        and output["signal"] not in _NO_SIGNAL
        for module in part.context.modules
        if module["sync"] is not None
        for output in module["outputs"]
    )


def _has_stopped(module: Module) -> bool:
    """Whether a module is a switch card that does not pass on the signals of the clocks."""
    if module["family"] != "RSC":
        return False
    return module["redundancy"]["outputs_enabled"] is False or module["redundancy"]["watchdog_ok"] is False


def is_used(part: Part) -> bool:
    return part.item["signal"] not in _NO_SIGNAL


def is_needed(part: Part) -> bool:
    """Whether the clock of an input module lists this input among its references."""
    if not is_used(part) or _has_other_code(part.module, part.item):
        return False
    wanted = _SOURCES_OF_INPUT.get(part.item["signal"] or "", _FREQUENCY_SOURCES)
    return any(
        source["type"] in wanted
        for clock in part.context.modules
        if clock["slot"] == f"clk{part.module['slot'][3:]}"
        for source in clock["sources"]
    )


def _has_other_code(module: Module, item: Item) -> bool:
    """A clock reads one of the two time codes of its input module."""
    kinds = ("irig-dcls", "irig-am")
    others = [each for each in module["inputs"] if each is not item and each["signal"] in kinds]
    return item["signal"] in kinds and any(each["signal_present"] for each in others)


def is_source(part: Part) -> bool:
    """Whether a level of the list of references names one."""
    return part.item["type"] not in (None, "none")


def is_master(part: Part) -> bool:
    return part.item["is_master"] is True


def is_lower_source(part: Part) -> bool:
    first = part.module["sources"][0]
    return part.item is not first and first["type"] not in (None, "none")


def has_source_signal(part: Part) -> bool:
    return is_source(part) and part.item["no_signal"] is not True and part.item["no_connection"] is not True


def has_sync_e(part: Part) -> bool:
    return part.item["enabled"] is True and part.item["quality_level_selection"] is not False


def follows_failed_clock(part: Part) -> bool:
    """Whether the clock that a relay or a switch reports on has a finding of its own."""
    states = {slot["slot"]: slot["sync"]["state"] for slot in part.context.slots if slot["sync"] is not None}
    source = part.item.get("source") or part.item.get("object_id") or ""
    if source == "rsc" and any(_has_stopped(module) for module in part.context.modules):
        return True
    state = states.get(source)
    if source in states and state is not None:
        return bool(state != "synchronized")
    return not part.context.is_synchronized or (source == "rsc" and set(states.values()) != {"synchronized"})


def is_master_port(part: Part) -> bool:
    """Whether a PTP instance provides time."""
    mode = part.item["mode"] or ""
    return _is_active(part.item) and (part.item["port_state"] == "master" or mode.endswith("master"))


def is_slave_port(part: Part) -> bool:
    """Whether a PTP instance takes its time from a master."""
    mode = part.item["mode"] or ""
    return _is_active(part.item) and (part.item["port_state"] in ("slave", "uncalibrated") or mode.endswith("slave"))


def has_slave_mode(part: Part) -> bool:
    return _is_active(part.item) and (part.item["mode"] or "").endswith("slave")


def has_master_mode(part: Part) -> bool:
    return _is_active(part.item) and (part.item["mode"] or "").endswith("master")


def is_active_port(part: Part) -> bool:
    return _is_active(part.item)


def is_enabled_port(part: Part) -> bool:
    return part.item["enabled"] is True


def _is_active(item: Item) -> bool:
    return item["enabled"] is not False and item["port_state"] != "disabled"


if t.TYPE_CHECKING:
    from collections.abc import Callable

    Condition = Callable[[Part], bool]
