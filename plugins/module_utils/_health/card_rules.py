# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for cards: inputs, outputs, oscillators, mains, relays and switches between clocks."""

from __future__ import annotations

from . import module_conditions as on
from .clock_rules import CLOCKS
from .leaf_rules import LeafRule

_OUTPUT_CARDS = ("BPE", "CPE", "LIU", "LSG", "LNO", "SCG", "VSG", "PIO")
_ESI, _MRI, _VSI, _PIO, _FDM, _REL, _RSC = ("ESI",), ("MRI",), ("VSI",), ("PIO",), ("FDM",), ("REL",), ("RSC",)
UNUSABLE_LEVELS = ("ql-dnu", "ql-dus", "ql-stu")
"""Quality levels that an output announces when it must not be followed."""


def _mains(leaf: str, bad: bool, level: str, message: str, shown: str | None = None) -> LeafRule:
    return LeafRule(_FDM, f"fdm.{leaf}", "mains", leaf.replace("-", "_"), level, message, (bad,), shown=shown)


MAINS_RULES = (
    _mains(
        "frequency-within-limits",
        False,
        "error",
        "the mains frequency at {slot} is {value} Hz, beyond its limits",
        "frequency_hertz",
    ),
    _mains(
        "time-within-limits",
        False,
        "warning",
        "the mains time at {slot} is {value} s off, beyond its limits",
        "time_deviation_seconds",
    ),
    _mains("overflow", True, "error", "a measurement of {slot} is out of range"),
    _mains("frequency", False, "error", "{slot} has no mains signal")._replace(member="signal_present"),
    _mains("reference-free", True, "error", "{slot} gets no second pulse of the clock, its measurements are void"),
    _mains("power-line-time-free", True, "error", "{slot} has no mains signal, its mains time stands still"),
    _mains("no-time-string", True, "error", "{slot} gets no time string of the clock"),
    _mains("no-power-line-time-init", True, "warning", "the mains time of {slot} is not set yet"),
    LeafRule(
        _FDM,
        "fdm.analog-overflow",
        "mains",
        "analog_overflow",
        "info",
        "analog output {value} of {slot} is at its end",
        ("a0", "a1"),
        ("none",),
    ),
)
INPUT_RULES = (
    LeafRule(
        (*_ESI, *_MRI),
        "inputs[].signal-present present",
        "inputs",
        "signal_present",
        "error",
        "input {id} ({value}) of {slot} has no signal, and the clock lists it as a reference",
        (False,),
        applies=on.is_needed,
        shown="signal",
    ),
    LeafRule(
        _ESI,
        "inputs[].itu-limits",
        "inputs",
        "itu_limits",
        "critical",
        "the signal at input {id} of {slot} violates its ITU limits",
        ("violated",),
        ("adhered",),
    ),
    LeafRule(
        _ESI,
        "inputs[].loss-of-frame",
        "inputs",
        "loss_of_frame",
        "error",
        "{slot} finds no frame in the signal at input {id}",
        (True,),
    ),
    LeafRule(
        _VSI,
        "inputs[].signal-present present",
        "inputs",
        "signal_present",
        "error",
        "input {id} of {slot} has no video reference",
        (False,),
        applies=on.is_used,
    ),
    LeafRule(
        _VSI,
        "inputs[].locked",
        "inputs",
        "locked",
        "warning",
        "{slot} is not locked to its input {id}",
        (False,),
        applies=on.is_used,
    ),
    LeafRule(
        _PIO,
        "ports[].signal-present present",
        "inputs",
        "signal_present",
        "error",
        "port {id} of {slot} has no signal",
        (False,),
        applies=on.is_used,
    ),
)
OUTPUT_RULES = (
    LeafRule(
        (*_OUTPUT_CARDS, *CLOCKS),
        "outputs[].signal-present present",
        "outputs",
        "signal_present",
        "error",
        "output {id} of {slot} carries no {value}",
        (False,),
        applies=on.carries_signal,
        is_consequence=on.is_without_feed,
        shown="signal",
    ),
    LeafRule(
        ("LSG",),
        "outputs[].quality-level",
        "outputs",
        "quality_level",
        "warning",
        "output {id} of {slot} announces {value}",
        UNUSABLE_LEVELS,
        applies=on.is_used,
    ),
    LeafRule(
        CLOCKS,
        "synthesizer.state",
        "synthesizer",
        "state",
        "warning",
        "the frequency output of {slot} is {value}",
        ("free", "drifting"),
        ("disabled", "off", "sync"),
        applies=on.is_synchronized,
    ),
)
OSCILLATOR_RULES = (
    LeafRule(
        ("LNO",),
        "pll-locked",
        "oscillator",
        "pll_locked",
        "error",
        "the low-noise outputs of {slot} are not locked",
        (False,),
        is_consequence=on.is_warming_up,
    ),
    LeafRule(
        ("LNO",),
        "warmed-up",
        "oscillator",
        "warmed_up",
        "warning",
        "the oscillator of {slot} is still cold",
        (False,),
        is_consequence=on.is_warming_up,
    ),
    LeafRule(
        ("VSG",),
        "oscillator-locked",
        "oscillator",
        "oscillator_locked",
        "warning",
        "the video oscillator of {slot} runs free",
        (False,),
        is_consequence=on.is_warming_up,
    ),
)
RELAY_RULES = (
    LeafRule(
        _REL,
        "relays[].state",
        "relays",
        "state",
        "warning",
        "relay {id} of {slot} shows an error of {value}",
        ("error",),
        ("no-error",),
        is_consequence=on.follows_failed_clock,
        shown="source",
    ),
)
SWITCH_RULES = (
    LeafRule(
        _RSC,
        "mode",
        "redundancy",
        "mode",
        "warning",
        "{slot} is on manual: a fault of {value} is not covered by the other clock",
        ("manual",),
        ("automatic",),
        shown="selected_clock",
    ),
    LeafRule(
        _RSC,
        "outputs-enabled",
        "redundancy",
        "outputs_enabled",
        "error",
        "{slot} has switched its outputs off",
        (False,),
    ),
    LeafRule(
        _RSC,
        "watchdog-ok",
        "redundancy",
        "watchdog_ok",
        "error",
        "the switch card in {slot} does not run",
        (False,),
    ),
)
