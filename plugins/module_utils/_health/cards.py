# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of cards: inputs, outputs, oscillators, mains, relays and switches between clocks."""

from __future__ import annotations

import typing as t

from .._tree import values
from . import card_rules as rules
from . import module_conditions as on
from .check import ASSUMPTION, MODULE, Finding
from .context import HealthContext, device_text, finding_above, round_number
from .leaf_rules import CAP, RuleCheck, assumed_check, place_of, register_rules

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

_PLL_REMEDY = "Allow the module its warm-up time, and check the reference signal of the backplane"

CARD_CHECKS: RegisteredChecks = []


def _find_poor_quality(context: HealthContext) -> list[Finding]:
    """E1 and T1 inputs that receive a lower quality level than they accept."""
    findings = []
    for module in context.modules:
        for item in module["inputs"] if module["family"] == "ESI" else ():
            level, minimum = item["quality_level"], on.minimum_quality(item)
            if level is None or minimum is None or item["signal"] == "off":
                continue
            place = place_of(module, item["object_id"], ASSUMPTION)
            is_poor = on.is_worse_quality(level, minimum)
            reported, limit = device_text(level), device_text(minimum)
            if is_poor is None:
                message = f"{place['subject']} reports the unknown quality level {reported}"
                findings.append(Finding("unknown", message, reported, limit, **place))
                continue
            state = context.capped_level("error", ASSUMPTION) if is_poor else "ok"
            message = f"{place['subject']} receives {reported}, which is too low to synchronize"
            findings.append(Finding(state, message, reported, limit, **place))
    return findings


def _find_pulse_offsets(context: HealthContext) -> list[Finding]:
    """Pulses measured at ports that are beyond the limit of the SyncMon node of the port."""
    limits = {node["input"]: node["offset_limit_seconds"] for node in context.syncmon_nodes if node["input"]}
    findings = []
    for module in context.modules:
        for item in module["inputs"] if module["family"] == "PIO" else ():
            limit = limits.get(f"{module['slot']}/{item['object_id']}")
            if not limit or item["offset_ns"] is None:
                continue
            place = place_of(module, item["object_id"], ASSUMPTION)
            offset, most = item["offset_ns"], round_number(limit * 1e9)
            message = f"the pulse at port {place['item']} of {place['slot']} is off by {round_number(offset)} ns"
            findings.append(finding_above(abs(offset), ((most, "warning"),), message, **place))
    return findings


def _find_input_troubles(context: HealthContext) -> list[Finding]:
    return [*_find_poor_quality(context), *_find_pulse_offsets(context)]


register_rules(
    CARD_CHECKS,
    RuleCheck(
        assumed_check(
            "module_inputs",
            "hardware",
            "every input that a clock or a measurement uses has a good signal",
            rules.INPUT_RULES,
            "Check the cable and the source of this signal",
            limits=(CAP,),
            also="inputs[].quality-level inputs[].minimum-quality-level inputs[].minimum-boc-level ports[].offset",
        ),
        rules.INPUT_RULES,
        "no input in use reports trouble",
        "no module reports an input in use",
        _find_input_troubles,
    ),
)


def _find_lower_levels(context: HealthContext) -> list[Finding]:
    """Outputs that announce a lower quality level than the configured one."""
    findings = []
    for module in context.modules:
        settings = dict(values.table(module["settings"].get("outputs")))
        for output in module["outputs"] if module["family"] == "LSG" else ():
            announced = output["quality_level"]
            wanted = values.text(settings.get(output["object_id"] or "", {}).get("quality-level"))
            # An unusable level has a finding in any case.
            if announced in rules.UNUSABLE_LEVELS or output["signal"] != "e1-bits":
                continue
            if on.is_worse_quality(announced, wanted):
                place, text = place_of(module, output["object_id"], ASSUMPTION), device_text(announced)
                message = f"output {place['item']} of {place['slot']} announces {text} instead of {device_text(wanted)}"
                findings.append(Finding("warning", message, text, device_text(wanted), **place))
    return findings


register_rules(
    CARD_CHECKS,
    RuleCheck(
        assumed_check(
            "module_outputs",
            "hardware",
            "every output carries its signal while the device is synchronized",
            rules.OUTPUT_RULES,
            "Check the settings of this output, and replace the module if they are right",
            limits=(CAP,),
        ),
        rules.OUTPUT_RULES,
        "every output carries its signal",
        "no module reports an output that must carry a signal now",
        _find_lower_levels,
    ),
)
register_rules(
    CARD_CHECKS,
    RuleCheck(
        assumed_check(
            "module_oscillators",
            "hardware",
            "the oscillator of every output card is warmed up and locked",
            rules.OSCILLATOR_RULES,
            _PLL_REMEDY,
            limits=("warm_up", CAP),
        ),
        rules.OSCILLATOR_RULES,
        "the oscillators of the output cards are locked",
        "no output card reports its oscillator",
    ),
)
register_rules(
    CARD_CHECKS,
    RuleCheck(
        assumed_check(
            "mains",
            "hardware",
            "frequency and time of the mains are within their limits",
            rules.MAINS_RULES,
            "Check the mains, the limits and the input of the module",
            limits=(CAP,),
        ),
        rules.MAINS_RULES,
        "frequency and time of the mains are within their limits",
        "no module monitors the mains",
    ),
)
register_rules(
    CARD_CHECKS,
    RuleCheck(
        assumed_check(
            "relays",
            "hardware",
            "no relay shows an error",
            rules.RELAY_RULES,
            "Check what this relay follows",
            limits=(CAP,),
        ),
        rules.RELAY_RULES,
        "no relay shows an error",
        "no module reports a relay",
    ),
)


def _find_clock_states(context: HealthContext) -> list[Finding]:
    """The clocks behind a switch card, and which one it has selected."""
    findings = []
    for module in context.modules:
        if module["family"] == "RSC":
            findings += [*_switched_clocks(context, module), *_changeover(module)]
    return findings


def _switched_clocks(context: HealthContext, module: Mapping[str, t.Any]) -> list[Finding]:
    clocks = [clock for clock in module["redundancy"]["clocks"] if clock["state"] is not None]
    lost = [clock for clock in clocks if clock["state"] != "synchronized"]
    if clocks and not lost:
        return [Finding("ok", "the clocks are synchronized")]
    severity = "critical" if len(lost) == len(clocks) else "warning"
    states = {slot["slot"]: slot["sync"]["state"] for slot in context.slots if slot["sync"] is not None}
    findings = []
    for clock in lost:
        place = place_of(module, clock["object_id"], ASSUMPTION)
        # The clock itself has a finding then.
        is_known = states.get(clock["object_id"]) not in (None, "synchronized")
        level = "info" if is_known else context.capped_level(severity, ASSUMPTION)
        state = device_text(clock["state"])
        message = f"the redundancy of {place['slot']} is lost: {place['item']} is {state}"
        findings.append(Finding(level, message, state, **place))
    return findings


def _changeover(module: Mapping[str, t.Any]) -> list[Finding]:
    switch, place = module["redundancy"], place_of(module, None, ASSUMPTION)
    selected = switch["selected_clock"]
    # The setting names the clock for manual mode; in automatic mode it is the only sign of the preferred one.
    preferred = values.text(module["settings"].get("selected-clock")) or "clk1"
    if switch["mode"] != "automatic" or selected in (None, preferred):
        return []
    text = device_text(selected)
    return [Finding("info", f"{place['slot']} has changed over to {text}", text, device_text(preferred), **place)]


register_rules(
    CARD_CHECKS,
    RuleCheck(
        assumed_check(
            "clock_switch",
            "hardware",
            "the switch card works automatically, and all of its clocks are synchronized",
            rules.SWITCH_RULES,
            "Check the clocks, and set the switch card to automatic",
            limits=(CAP,),
        )._replace(
            levels=("info", "warning", "error", "critical"),
            source=f"{MODULE}.mode, selected-clock, clocks[].state, outputs-enabled and watchdog-ok",
        ),
        rules.SWITCH_RULES,
        "the switch card works automatically, and its clocks are synchronized",
        "no module switches between clocks",
        _find_clock_states,
    ),
)
