# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of leap seconds, NTP and PTP, and of groups of clocks: cluster, SyncTeam and SyncMon."""

from __future__ import annotations

import typing as t

from .._status.ntp import SYSTEM_PEER_SELECTIONS
from .check import ASSUMPTION, CONFIRMED, INFERRED, MODULE, Check, Finding
from .context import (
    HealthContext,
    ObservedEvent,
    count_of,
    device_text,
    finding_above,
    join_names,
    register,
    round_number,
    worst_finding,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

_ANNOUNCED = (1, 2)
_ALARM = 3
_UNSYNCHRONIZED_STRATUM = 16
_DAY_SECONDS = 86400
_FALSETICKERS = frozenset({"falsetick", "falseticker"})

CHECKS: RegisteredChecks = []


@register(
    CHECKS,
    Check(
        "leap_second_announced",
        "leap",
        ("info",),
        "no leap second is announced",
        f"system.sync-status.leapsecond-announced, event leapsecond-announced, ntp[sys].leap, {MODULE}.dcf77.pcps.ls-ann",
        CONFIRMED,
        "Check that the announcement is real and that all servers carry it",
        events=("leapsecond-announced",),
    ),
)
def check_leap_second_announced(context: HealthContext) -> Finding:
    sync, event = context.facts["sync"], context.event("leapsecond-announced")
    reports = [sync["leap_second_announced"], event.on if event.known else None, _is_announced_by_ntp(context)]
    flags = (((receiver["dcf77"] or {}).get("pcps") or {}) for receiver in context.facts["receiver"])
    reports += [each.get("leap_second_announced") for each in flags]
    if any(reports):
        date = sync["leap_second_date"]
        when = f" for {device_text(date)}" if date else ""
        return Finding("info", f"a leap second is announced{when}", True, since=event.since)
    if all(report is None for report in reports):
        return Finding("unknown", "the device does not report whether a leap second is announced")
    return Finding("ok", "no leap second is announced", False)


def _is_announced_by_ntp(context: HealthContext) -> bool | None:
    leap = context.facts["ntp"]["system"]["leap"]
    return None if leap is None or leap == _ALARM else leap in _ANNOUNCED


def _has_gnss(context: HealthContext) -> bool:
    return any(receiver["satellites"] for receiver in context.facts["receiver"])


@register(
    CHECKS,
    Check(
        "leap_agreement",
        "leap",
        ("critical",),
        "clock and NTP agree on the announcement, and it is the expected one",
        "system.sync-status.leapsecond-announced, ntp[sys].leap, ntp[sys].leapsec",
        INFERRED,
        "Find the source of the wrong announcement before the end of the month",
        expects=("leap_second",),
    ),
)
def check_leap_agreement(context: HealthContext) -> Finding:
    clock, service = context.facts["sync"]["leap_second_announced"], _is_announced_by_ntp(context)
    expected = context.policy.expected.get("leap_second")
    if clock is None and service is None:
        return Finding("unknown", "neither clock nor NTP reports whether a leap second is announced")
    announced = bool(clock or service)
    if expected is not None and announced is not expected:
        actual = "is announced, but not expected" if announced else "is expected, but not announced"
        return Finding("critical", f"a leap second {actual}", announced, expected)
    # NTP learns of a leap second from its clock or from the file. A long-wave clock receives it only one hour before.
    left = context.age(context.facts["ntp"]["system"]["leap_second_date"])
    in_file = left is not None and left < 0
    if service and clock is False and _has_gnss(context) and not in_file:
        message = "NTP announces a leap second that neither the clock nor the leap second file contains"
        return Finding("critical", message, True, False)
    return Finding("ok", "clock and NTP agree on leap seconds", announced, expected)


@register(
    CHECKS,
    Check(
        "leap_file_expiry",
        "leap",
        ("info", "warning", "error"),
        "the leap second file is valid; less severe where GNSS brings the announcement",
        "ntp[sys].expire",
        CONFIRMED,
        "Load a new leap second file, or let the device download it",
        unit="d",
        limits=("leap_file_warning",),
    ),
)
def check_leap_file_expiry(context: HealthContext) -> Finding:
    expires = context.facts["ntp"]["system"]["leap_file_expires"]
    age, limit = context.age(expires), context.limit("leap_file_warning")
    if age is None:
        return Finding("unknown", "the device does not report when its leap second file expires", None, limit)
    days = -int(age // _DAY_SECONDS) - 1 if age > 0 else int(-age // _DAY_SECONDS)
    gnss = _has_gnss(context)
    if age >= 0:
        message = f"the leap second file expired on {device_text(expires)}"
        return Finding("warning" if gnss else "error", message, days, limit, since=expires)
    level = "ok" if days >= limit else "info" if gnss else "warning"
    return Finding(level, f"the leap second file is valid for {count_of(days, 'more day', 'more days')}", days, limit)


@register(
    CHECKS,
    Check(
        "tai_offset",
        "leap",
        ("error",),
        "NTP and PTP have the same offset between TAI and UTC, and it is the expected one",
        f"ntp[sys].tai, {MODULE}.ptp.instances[].utc-offset",
        INFERRED,
        "Load a current leap second file and check the UTC parameters of the receiver",
        unit="s",
        expects=("tai_offset",),
    ),
)
def check_tai_offset(context: HealthContext) -> Finding:
    expected = context.policy.expected.get("tai_offset")
    # ntpd reports 0 until it knows the offset.
    of_ntp = context.facts["ntp"]["system"]["tai_offset_seconds"] or None
    offsets = [] if of_ntp is None else [("NTP", of_ntp)]
    for slot, instance in context.ptp_instances():
        if instance["utc_offset_seconds"] is not None:
            offsets.append((f"PTP in {device_text(slot)}", instance["utc_offset_seconds"]))
    if not offsets or (expected is None and len(offsets) < 2):
        if expected is not None:
            return Finding("unknown", "the device reports no offset between TAI and UTC", None, expected)
        message = "no offset between TAI and UTC is expected, and the device does not report two to compare"
        return Finding("skipped", message, of_ntp, None)
    wanted = offsets[0][1] if expected is None else expected
    wrong = [(name, offset) for name, offset in offsets if offset != wanted]
    if wrong:
        differing = join_names(f"{name} has {offset} s" for name, offset in wrong)
        message = f"the offset between TAI and UTC is not {wanted} s: {differing}"
        return Finding("error", message, wrong[0][1], wanted, wrong[0][0])
    return Finding("ok", f"the offset between TAI and UTC is {wanted} s", wanted, expected)


@register(
    CHECKS,
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
    CHECKS,
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
    if system["leap"] == _ALARM:
        return "its leap indicator is 3"
    if system["stratum"] is not None and system["stratum"] >= _UNSYNCHRONIZED_STRATUM:
        return f"its stratum is {system['stratum']}"
    peers = context.facts["ntp"]["peers"]
    if peers and _system_peer(context) is None and any(peer["selection"] for peer in peers):
        return "it has no system peer"
    return None


@register(
    CHECKS,
    Check(
        "ntp_stratum",
        "ntp",
        ("warning", "critical"),
        "the stratum is low enough; 12 is the local clock by default, 16 means unsynchronized",
        "ntp[sys].stratum",
        CONFIRMED,
        "Find the reference that NTP has lost",
        limits=("stratum_warning", "stratum_critical"),
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
    CHECKS,
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
    CHECKS,
    Check(
        "ntp_reachability",
        "ntp",
        ("warning", "error"),
        "NTP reaches its own reference clock and its external servers; the register `reach` is not used, as it is always 0 on LTOS 7.06",
        "ntp[].status-peer-reach-ok",
        CONFIRMED,
        "Check the network to this server, or the clock module",
    ),
)
def check_ntp_reachability(context: HealthContext) -> Finding:
    findings = []
    for peer in context.facts["ntp"]["peers"]:
        name = _peer_name(peer)
        if peer["reachable"] is None or peer["configured"] is False:
            continue
        if peer["reachable"]:
            findings.append(Finding("ok", "NTP reaches all clocks and servers", True))
        elif peer["refclock"]:
            level, message = context.level_unless_excused("error"), f"NTP cannot reach its reference clock {name}"
            findings.append(Finding(level, message, False, subject=name))
        else:
            findings.append(Finding("warning", f"NTP cannot reach the server {name}", False, subject=name))
    return worst_finding(findings, Finding("unknown", "the device does not report which peers NTP reaches"))


@register(
    CHECKS,
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
    return worst_finding(findings, Finding("unknown", "the device does not report how NTP rates its peers"))


@register(
    CHECKS,
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
        if not peer["authentication_enabled"]:
            continue
        if authenticated is None:
            message = f"the device does not report whether the peer {name} is authenticated"
            findings.append(Finding("unknown", message, subject=name))
        elif authenticated:
            findings.append(Finding("ok", f"the peer {name} is authenticated", True, subject=name))
        else:
            findings.append(Finding("warning", f"the peer {name} is not authenticated", False, subject=name))
    return worst_finding(findings, Finding("skipped", "no peer requires authentication"))


@register(
    CHECKS,
    Check(
        "ptp_ports",
        "ntp",
        ("error",),
        "no PTP port is faulty",
        f"{MODULE}.ptp.instances[].port-state",
        ASSUMPTION,
        "Check link and settings of this PTP port",
    ),
)
def check_ptp_ports(context: HealthContext) -> Finding:
    findings = []
    for slot, instance in context.ptp_instances():
        name = "/".join(device_text(part) for part in (slot, instance["object_id"]) if part)
        if instance["port_state"] is None:
            findings.append(Finding("unknown", f"the PTP port {name} reports no state", subject=name))
            continue
        state = device_text(instance["port_state"])
        level = "error" if state == "faulty" else "ok"
        findings.append(Finding(level, f"the PTP port {name} is {state}", state, subject=name))
    return worst_finding(findings, Finding("skipped", "no module reports a PTP port"))


@register(
    CHECKS,
    Check(
        "cluster",
        "fleet",
        ("info", "warning"),
        "no member of the cluster is a falseticker",
        "events cluster-falseticker-detected and cluster-master-changed",
        INFERRED,
        "Compare the members of the cluster",
        events=("cluster-falseticker-detected", "cluster-master-changed"),
    ),
)
def check_cluster(context: HealthContext) -> Finding:
    falseticker = context.event("cluster-falseticker-detected")
    if falseticker.on:
        return Finding("warning", "the cluster has a falseticker", since=falseticker.since)
    changed = context.event("cluster-master-changed")
    if changed.on:
        return Finding("info", "the master of the cluster has changed", since=changed.since)
    interfaces = context.facts["network"]["interfaces"].values()
    members = [c for i in interfaces for c in (i["cluster"] or {}).values() if c["enabled"]]
    if not members:
        return Finding("skipped", "no interface is part of a cluster")
    if not falseticker.known:
        return Finding("unknown", "the device does not report whether the cluster has a falseticker")
    return Finding("ok", "the cluster has no falseticker")


@register(
    CHECKS,
    Check(
        "syncteam",
        "fleet",
        ("warning",),
        "all members of the SyncTeam are online",
        "syncteam.operational-mode, syncteam.offline-members",
        CONFIRMED,
        "Check the members that are offline",
    ),
)
def check_syncteam(context: HealthContext) -> Finding:
    team = context.facts["syncteam"]
    if team["operational_mode"] is None:
        return Finding("unknown", "the device does not report whether SyncTeam is on")
    if team["operational_mode"] == "disabled":
        return Finding("skipped", "SyncTeam is off")
    offline = team["offline_members"]
    if offline is None:
        return Finding("unknown", "the device does not report how many SyncTeam members are offline")
    if offline > 0:
        members = count_of(offline, "SyncTeam member is", "SyncTeam members are")
        return Finding("warning", f"{members} offline", offline, 0)
    return Finding("ok", "all SyncTeam members are online", offline, 0)


@register(
    CHECKS,
    Check(
        "syncmon",
        "fleet",
        ("warning",),
        "no node that SyncMon monitors has an alarm or is beyond its limit",
        "event sync-monitor-alert, syncmon.nodes[].alarm, state, offset and offset-limit (an ASSUMPTION)",
        CONFIRMED,
        "Check the monitored node",
        events=("sync-monitor-alert",),
    ),
)
def check_syncmon(context: HealthContext) -> Finding:
    event = context.event("sync-monitor-alert")
    if event.on:
        return Finding("warning", "SyncMon reports an alert", since=event.since)
    nodes = context.syncmon_nodes
    if context.facts["services"]["global"].get("syncmon") is False or not nodes:
        return Finding("skipped", "SyncMon monitors no node")
    alarms = [_node_alarm(node) for node in nodes if node["alarm"]]
    if not event.known:
        return worst_finding(alarms, Finding("unknown", "the device does not report whether SyncMon has an alert"))
    return worst_finding(alarms, Finding("ok", "SyncMon reports no alert"))


def _node_alarm(node: Mapping[str, t.Any]) -> Finding:
    name = device_text(node["object_id"] or node["name"] or node["address"] or "without a name")
    offset, limit = node["offset_seconds"], node["offset_limit_seconds"]
    if offset is not None and limit is not None and abs(offset) > limit:
        message = f"the offset of the monitored node {name} is {round_number(offset)} s"
        return finding_above(abs(offset), ((limit, "warning"),), message, subject=name)
    state = device_text(node["state"]) if node["state"] else None
    problem = f"is {state}" if state else "has an alarm"
    return Finding("warning", f"the monitored node {name} {problem}", state, subject=name)
