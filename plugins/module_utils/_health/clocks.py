# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the references and receivers of clocks, and of redundant clocks."""

from __future__ import annotations

import typing as t

from .._hardware.families import INFERRED
from . import clock_rules as rules
from . import module_conditions as on
from .check import MODULE, Check, Finding
from .context import HealthContext, device_text, finding_above, register, round_number
from .leaf_rules import CAP, GRACE, RuleCheck, assumed_check, place_of, register_rules, summarize

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

_NO_TIME_OF_DAY = frozenset({"10mhz-freqin", "fixed-freq-in", "var-freq-via-gpio", "sync-e"})
# Their delay is the length of the antenna cable.
_SATELLITES = frozenset({"gps", "glonass-gps"})
CLOCK_CHECKS: RegisteredChecks = []


def _find_useless_sources(context: HealthContext) -> list[Finding]:
    """Sources that are listed twice, and lists without a source of the time of day."""
    findings = []
    for module in context.modules:
        used = [source for source in module["sources"] if source["type"] not in (None, "none")]
        seen: set[tuple[object, object]] = set()
        for source in used:
            identity = (source["type"], source["instance"])
            if identity in seen:
                place = place_of(module, source["object_id"], INFERRED)
                message = f"{place['slot']} lists the reference {device_text(source['type'])} twice"
                findings.append(Finding("info", message, device_text(source["type"]), **place))
            seen.add(identity)
        findings += [finding for source in used for finding in _find_idle_settings(context, module, source)]
        if used and all(source["type"] in _NO_TIME_OF_DAY for source in used):
            place = place_of(module, None, INFERRED)
            message = f"no reference of {place['slot']} carries the time of day"
            findings.append(Finding("warning", message, device_text(used[0]["type"]), **place))
        elif used:
            findings.append(Finding("ok", "the references are usable"))
    return findings


def _lacks_input(context: HealthContext, module: Mapping[str, t.Any], source: Mapping[str, t.Any]) -> bool:
    is_reported = source["no_signal"] is not None or source["no_connection"] is not None
    # The time code of a TCR comes to its own socket.
    if is_reported or (source["type"] == "irig" and module["family"] == "TCR"):
        return False
    return on.has_input(on.Part(context, module, source)) is False


def _find_idle_settings(
    context: HealthContext, module: Mapping[str, t.Any], source: Mapping[str, t.Any]
) -> list[Finding]:
    """A reference that no module can provide, unless the clock reports about its signal, and a bias without effect."""
    place, kind = place_of(module, source["object_id"], INFERRED), device_text(source["type"])
    findings = []
    if _lacks_input(context, module, source):
        message = f"no module provides the reference {place['item']} ({kind}) of {place['slot']}"
        findings.append(Finding("warning", message, kind, **place))
    if source["type"] in _SATELLITES and source["bias_ns"]:
        message = f"the bias of the reference {place['item']} ({kind}) of {place['slot']} has no effect"
        findings.append(Finding("info", message, round_number(source["bias_ns"]), **place))
    return findings


register_rules(
    CLOCK_CHECKS,
    RuleCheck(
        assumed_check(
            "reference_sources",
            "reference",
            "every clock follows the first of its references, and the references have a signal",
            rules.SOURCE_RULES,
            "Check this reference of the clock, and its input",
            limits=("source_offset_warning", *GRACE, CAP),
            views=("sources",),
            also="mrs[].info.settings",
        )._replace(levels=("info", "warning", "error")),
        rules.SOURCE_RULES,
        "no clock reports trouble with its references",
        "no clock reports its references",
        _find_useless_sources,
    ),
)
register_rules(
    CLOCK_CHECKS,
    RuleCheck(
        assumed_check(
            "receiver_mode",
            "reference",
            "every satellite receiver is in normal operation",
            rules.RECEIVER_RULES,
            "Check the antenna and its view of the sky",
            limits=GRACE,
        )._replace(confidence=INFERRED),
        rules.RECEIVER_RULES,
        "every satellite receiver is in normal operation",
        "no receiver reports its mode",
    ),
)
register_rules(
    CLOCK_CHECKS,
    RuleCheck(
        assumed_check(
            "long_wave",
            "reference",
            "every long-wave receiver follows a strong signal",
            rules.LONG_WAVE_RULES,
            "Turn or move the antenna, and look for sources of interference",
            limits=("correlation_warning", "correlation_error", "field_strength_warning", *GRACE),
        )._replace(confidence=INFERRED),
        rules.LONG_WAVE_RULES,
        "every long-wave receiver follows its signal",
        "there is no long-wave receiver",
    ),
)
register_rules(
    CLOCK_CHECKS,
    RuleCheck(
        assumed_check(
            "time_code",
            "reference",
            "every time code receiver is locked to a valid time code",
            rules.TIME_CODE_RULES,
            "Check the cable, the selected code and its offset to UTC",
            limits=(*GRACE, CAP),
        ),
        rules.TIME_CODE_RULES,
        "every time code receiver is locked",
        "no module reports a time code",
    ),
)


@register(
    CLOCK_CHECKS,
    Check(
        "redundant_clocks",
        "reference",
        ("info", "warning", "critical"),
        "the clocks that the device does not follow are warmed up and good enough to take over",
        f"{MODULE}.sync-status.clock-status.oscillator, {MODULE}.sync-status.est-time-quality",
        INFERRED,
        "Check the references of this clock",
        unit="ns",
        limits=("quality_warning", "quality_critical", "warm_up"),
        views=("sync",),
    ),
)
def check_redundant_clocks(context: HealthContext) -> Finding:
    followed = context.facts["sync"]["reference_slot"]
    clocks = [module for module in context.modules if module["sync"] is not None]
    others = [module for module in clocks if module["slot"] != followed]
    if followed is None or not others:
        return Finding("skipped", "the device does not report a clock besides the one that it follows")
    findings = [finding for module in others for finding in _clock_findings(context, module)]
    nothing = "the other clocks report neither their quality nor their oscillator"
    return summarize(findings, "the other clocks are ready to take over", nothing)


def _clock_findings(context: HealthContext, module: Mapping[str, t.Any]) -> list[Finding]:
    sync, place = module["sync"], place_of(module, None, INFERRED)
    findings = []
    is_lost = sync["state"] not in (None, "synchronized")
    if sync["oscillator_warmed_up"] is not None:
        level = "ok" if sync["oscillator_warmed_up"] else "info" if is_lost or context.is_excused() else "warning"
        findings.append(
            Finding(level, f"the oscillator of {place['slot']} is still cold", sync["oscillator_state"], **place)
        )
    elif sync["oscillator_state"] is not None:
        state = device_text(sync["oscillator_state"])
        findings.append(Finding("unknown", f"the oscillator of {place['slot']} is {state}", state, **place))
    quality = sync["estimated_quality_ns"]
    if quality is not None:
        limits = ((context.limit("quality_warning"), "warning"), (context.limit("quality_critical"), "critical"))
        message = f"{place['slot']} estimates its time at {device_text(sync['estimated_quality_token'])}"
        found = finding_above(quality, limits, message, **place)
        findings.append(found._replace(state="info") if is_lost and found.state != "ok" else found)
    return findings
