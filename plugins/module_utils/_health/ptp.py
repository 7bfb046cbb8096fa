# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of PTP instances and Synchronous Ethernet."""

from __future__ import annotations

import typing as t

from . import ptp_rules as rules
from .check import Finding
from .context import HealthContext
from .leaf_rules import CAP, RuleCheck, assumed_check, place_of, register_rules

if t.TYPE_CHECKING:
    from .context import RegisteredChecks

PTP_CHECKS: RegisteredChecks = []


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
            limits=("quality_warning", "offset_warning", "offset_critical", "unicast_clients_warning", CAP),
            views=("ptp_instances",),
        ),
        rules.PTP_RULES,
        "no PTP port reports trouble",
        "no module reports a PTP port",
        _find_silent_ports,
    ),
)
