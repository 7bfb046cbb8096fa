# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of PTP instances and Synchronous Ethernet."""

from __future__ import annotations

import typing as t

from .._tree import values
from . import ptp_rules as rules
from .check import ASSUMPTION, MODULE, Check, Finding
from .context import HealthContext, device_text, register
from .leaf_rules import CAP, GRACE, RuleCheck, assumed_check, place_of, register_rules, summarize

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

PTP_CHECKS: RegisteredChecks = []
PTP_PLACES = ("slot", "instance", "domain")
"""What an expectation can name to say which PTP instances it is about."""


def normalize_identity(value: object) -> str:
    """An identity of a clock without its separators, which differ from device to device."""
    text = (values.text(value) or "").lower()
    return "".join(char for char in text.removeprefix("0x") if char not in ":-. ")


register_rules(
    PTP_CHECKS,
    RuleCheck(
        assumed_check(
            "sync_e",
            "ntp",
            "every enabled Synchronous Ethernet input receives a usable quality level",
            rules.SYNC_E_RULES,
            "Check the neighbor of this port, and the settings of Synchronous Ethernet",
            limits=(CAP,),
        ),
        rules.SYNC_E_RULES,
        "Synchronous Ethernet receives a usable quality level",
        "no module uses Synchronous Ethernet",
    ),
)


def _find_silent_ports(context: HealthContext) -> list[Finding]:
    findings = []
    for module in context.modules:
        for instance in module["ptp_instances"]:
            if instance["port_state"] is None:
                place = place_of(module, instance["object_id"])
                findings.append(Finding("unknown", f"the PTP port {place['subject']} reports no state", **place))
    return findings


register_rules(
    PTP_CHECKS,
    RuleCheck(
        assumed_check(
            "ptp_ports",
            "ntp",
            "every enabled PTP port has a link, works in its mode and provides good time",
            rules.PTP_RULES,
            "Check link and settings of this PTP port",
            limits=("quality_warning", "offset_warning", "offset_critical", "unicast_clients_warning", *GRACE, CAP),
            views=("ptp_instances",),
        ),
        rules.PTP_RULES,
        "no PTP port reports trouble",
        "no module reports a PTP port",
        _find_silent_ports,
    ),
)


@register(
    PTP_CHECKS,
    Check(
        "ptp_grandmaster",
        "ntp",
        ("warning",),
        "each PTP instance follows the expected grandmaster",
        f"{MODULE}.ptp.instances[].grandmaster-identity",
        ASSUMPTION,
        "Compare the priorities and domains of the masters, or correct `expected`",
        expects=("ptp",),
        families=rules.PTP_CARDS,
    ),
)
def check_ptp_grandmaster(context: HealthContext) -> Finding:
    expected = context.policy.expected.get("ptp")
    if not expected:
        return Finding("skipped", "no grandmaster is expected")
    findings = [finding for wanted in expected for finding in _find_other_grandmasters(context, wanted)]
    return summarize(findings, "each PTP instance follows the expected grandmaster", "no PTP instance is active")


def _find_other_grandmasters(context: HealthContext, wanted: Mapping[str, t.Any]) -> list[Finding]:
    """The findings of the instances that one expectation is about. An instance that is switched off follows nobody."""
    instances = [
        (module, instance)
        for module in context.modules
        for instance in module["ptp_instances"]
        if _is_meant(module, instance, wanted)
    ]
    identity = normalize_identity(wanted["grandmaster"])
    if not instances:
        names = ", ".join(f"{name} {device_text(wanted[name])}" for name in PTP_PLACES if wanted.get(name) is not None)
        return [Finding("warning", f"there is no PTP instance with {names or 'a grandmaster'}", None, identity)]
    findings = []
    for module, instance in instances:
        if instance["enabled"] is False or instance["port_state"] == "disabled":
            continue
        place, reported = place_of(module, instance["object_id"]), instance["grandmaster_identity"]
        if reported is None:
            message = f"PTP {place['item']} of {place['slot']} does not report its grandmaster"
            findings.append(Finding("unknown", message, None, identity, **place))
            continue
        text = device_text(reported)
        level = "ok" if normalize_identity(reported) == identity else "warning"
        message = f"PTP {place['item']} of {place['slot']} follows another grandmaster, {text}"
        findings.append(Finding(level, message, text, identity, **place))
    return findings


def _is_meant(module: Mapping[str, t.Any], instance: Mapping[str, t.Any], wanted: Mapping[str, t.Any]) -> bool:
    known = {"slot": module["slot"], "instance": instance["object_id"], "domain": instance["domain"]}
    return all(wanted.get(name) in (None, known[name]) for name in PTP_PLACES)
