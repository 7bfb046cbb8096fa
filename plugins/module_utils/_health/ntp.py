# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the NTP and PTP service."""

from __future__ import annotations

import typing as t

from .._hardware.families import CONFIRMED, INFERRED
from .._status.ntp import SYSTEM_PEER_SELECTIONS, UNSYNCHRONIZED_LEAP
from .check import Check, Finding
from .context import (
    HealthContext,
    ObservedEvent,
    device_text,
    finding_above,
    in_unknown_form,
    register,
    round_number,
    worst_finding,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

_UNSYNCHRONIZED_STRATUM = 16
_FALSETICKERS = frozenset({"falsetick", "falseticker"})

NTP_CHECKS: RegisteredChecks = []


@register(
    NTP_CHECKS,
    Check(
        "ntp_service",
        "ntp",
        ("critical",),
        "the NTP service is running",
        "services.network.ntp.running, event ntp-stopped",
        CONFIRMED,
        "Start NTP on an interface, or read the log of the device",
        events=("ntp-stopped",),
    ),
)
def check_ntp_service(context: HealthContext) -> Finding:
    event = context.event("ntp-stopped")
    running = context.facts["services"]["network"].get("ntp")
    if event.on or running is False:
        return Finding("critical", "the NTP service is not running", False, since=event.since)
    if running is None:
        return Finding("unknown", "the device does not report whether the NTP service is running")
    return Finding("ok", "the NTP service is running", True)


@register(
    NTP_CHECKS,
    Check(
        "ntp_synchronized",
        "ntp",
        ("warning", "critical"),
        "NTP follows a system peer; a recent lack of synchronization is a warning",
        "ntp[].status-peer-selection, ntp[sys].leap, ntp[sys].stratum, event ntp-not-sync",
        CONFIRMED,
        "Check the reference clock and the peers; NTP needs some minutes after a restart",
        limits=("sync_grace", "warm_up"),
        events=("ntp-not-sync",),
    ),
)
def check_ntp_synchronized(context: HealthContext) -> Finding:
    event = context.event("ntp-not-sync")
    peer = _system_peer(context)
    reason = _reason_unsynchronized(context, event)
    if reason is not None:
        level = context.level_unless_excused("critical", event.since)
        return Finding(level, f"NTP is not synchronized: {reason}", None, since=event.since)
    if peer is None:
        return Finding("unknown", "the device does not report which peer NTP follows")
    name = _peer_name(peer)
    return Finding("ok", f"NTP follows {name}", name, subject=device_text(peer["object_id"]))


def _peer_name(peer: Mapping[str, t.Any]) -> str:
    return device_text(peer["name"] or peer["object_id"])


def _system_peer(context: HealthContext) -> Mapping[str, t.Any] | None:
    peers = context.facts["ntp"]["peers"]
    return next((peer for peer in peers if peer["selection"] in SYSTEM_PEER_SELECTIONS), None)


def _reason_unsynchronized(context: HealthContext, event: ObservedEvent) -> str | None:
    system = context.facts["ntp"]["system"]
    if event.on:
        return "the device reports the event ntp-not-sync"
    if system["leap"] == UNSYNCHRONIZED_LEAP:
        return "its leap indicator is 3"
    if system["stratum"] is not None and system["stratum"] >= _UNSYNCHRONIZED_STRATUM:
        return f"its stratum is {system['stratum']}"
    peers = context.facts["ntp"]["peers"]
    if peers and _system_peer(context) is None and any(peer["selection"] for peer in peers):
        return "it has no system peer"
    return None


@register(
    NTP_CHECKS,
    Check(
        "ntp_stratum",
        "ntp",
        ("warning", "critical"),
        "the stratum is low enough; 12 is the local clock by default, 16 means unsynchronized",
        "ntp[sys].stratum",
        CONFIRMED,
        "Find the reference that NTP has lost",
        limits=("stratum_warning", "stratum_critical", "sync_grace", "warm_up"),
    ),
)
def check_ntp_stratum(context: HealthContext) -> Finding:
    stratum = context.facts["ntp"]["system"]["stratum"]
    if stratum is None:
        return Finding("unknown", "the device does not report the stratum of NTP")
    limits = ((context.limit("stratum_warning"), "warning"), (context.limit("stratum_critical"), "critical"))
    finding = finding_above(stratum, limits, f"the NTP stratum is {stratum}")
    if finding.state == "critical":
        since = context.event("ntp-not-sync").since
        finding = finding._replace(state=context.level_unless_excused("critical", since), since=since)
    return finding


@register(
    NTP_CHECKS,
    Check(
        "ntp_offset",
        "ntp",
        ("warning", "critical"),
        "the offset of NTP to its system peer is small, and below the limit set on the device",
        "ntp[].offset, event ntp-offset-limit-exceeded",
        INFERRED,
        "Check load and temperature of the device, and the peer",
        unit="ns",
        limits=("offset_warning", "offset_critical"),
        events=("ntp-offset-limit-exceeded",),
    ),
)
def check_ntp_offset(context: HealthContext) -> Finding:
    event = context.event("ntp-offset-limit-exceeded")
    peer = _system_peer(context)
    limits = ((context.limit("offset_warning"), "warning"), (context.limit("offset_critical"), "critical"))
    offset = None if peer is None else peer["offset_seconds"]
    nanoseconds = None if offset is None else round_number(abs(offset) * 1e9)
    if event.on:
        message = "the NTP offset exceeds the limit set on the device"
        return Finding("critical", message, nanoseconds, since=event.since)
    if peer is None or nanoseconds is None:
        return Finding("unknown", "the device does not report the offset of NTP to a system peer")
    message = f"the NTP offset to {_peer_name(peer)} is {nanoseconds} ns"
    return finding_above(nanoseconds, limits, message, subject=device_text(peer["object_id"]))


@register(
    NTP_CHECKS,
    Check(
        "ntp_reachability",
        "ntp",
        ("warning", "error"),
        "NTP reaches its own reference clock and its external servers; the register `reach` is not used, as it is always 0 on LTOS 7.06",
        "ntp[].status-peer-reach-ok",
        CONFIRMED,
        "Check the network to this server, or the clock module",
        limits=("warm_up",),
    ),
)
def check_ntp_reachability(context: HealthContext) -> Finding:
    findings = []
    for peer in context.facts["ntp"]["peers"]:
        name = _peer_name(peer)
        if peer["configured"] is False:
            continue
        if peer["reachable"] is None:
            message = f"the device does not report whether NTP reaches {name}{in_unknown_form(peer, 'reachable')}"
            findings.append(Finding("unknown", message, subject=name))
        elif peer["reachable"]:
            findings.append(Finding("ok", "NTP reaches all clocks and servers", True))
        elif peer["refclock"]:
            level, message = context.level_unless_excused("error"), f"NTP cannot reach its reference clock {name}"
            findings.append(Finding(level, message, False, subject=name))
        else:
            findings.append(Finding("warning", f"NTP cannot reach the server {name}", False, subject=name))
    return worst_finding(findings, Finding("unknown", "the device does not report which peers NTP reaches"))


@register(
    NTP_CHECKS,
    Check(
        "ntp_falseticker",
        "ntp",
        ("warning",),
        "NTP rates no peer as a falseticker",
        "ntp[].status-peer-selection",
        INFERRED,
        "Compare this peer with others, and remove it if it is wrong",
    ),
)
def check_ntp_falseticker(context: HealthContext) -> Finding:
    findings = []
    for peer in context.facts["ntp"]["peers"]:
        name, selection = _peer_name(peer), peer["selection"]
        if selection in _FALSETICKERS:
            message = f"NTP rates {name} as a falseticker"
            findings.append(Finding("warning", message, device_text(selection), subject=name))
        elif selection:
            findings.append(Finding("ok", "NTP rates no peer as a falseticker"))
        else:
            findings.append(Finding("unknown", f"the device does not report how NTP rates {name}", subject=name))
    return worst_finding(findings, Finding("unknown", "the device does not report how NTP rates its peers"))


@register(
    NTP_CHECKS,
    Check(
        "ntp_authentication",
        "ntp",
        ("warning",),
        "all peers that require authentication are authenticated",
        "ntp[].status-peer-auth-enabled, ntp[].status-peer-auth-ok",
        INFERRED,
        "Compare key number and key on both sides",
    ),
)
def check_ntp_authentication(context: HealthContext) -> Finding:
    findings = []
    for peer in context.facts["ntp"]["peers"]:
        name, authenticated = _peer_name(peer), peer["authentication_ok"]
        if peer["authentication_enabled"] is False:
            continue
        if peer["authentication_enabled"] is None:
            message = f"the device does not report whether the peer {name} requires authentication"
            findings.append(Finding("unknown", message, subject=name))
        elif authenticated is None:
            message = f"the device does not report whether the peer {name} is authenticated"
            findings.append(Finding("unknown", message, subject=name))
        elif authenticated:
            findings.append(Finding("ok", f"the peer {name} is authenticated", True, subject=name))
        else:
            findings.append(Finding("warning", f"the peer {name} is not authenticated", False, subject=name))
    if not context.facts["ntp"]["peers"] and context.facts["ntp"]["system"]["stratum"] is None:
        return Finding("unknown", "the device does not report the peers of NTP")
    return worst_finding(findings, Finding("skipped", "no peer requires authentication"))
