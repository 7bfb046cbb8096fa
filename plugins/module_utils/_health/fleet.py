# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of groups of clocks: cluster, SyncTeam and SyncMon."""

from __future__ import annotations

import typing as t

from .._hardware import syncmon
from .._hardware.families import INFERRED
from .check import ASSUMPTION, Check, Finding
from .context import (
    HealthContext,
    count_of,
    device_text,
    finding_above,
    parse_time,
    register,
    round_number,
    worst_finding,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

# Of a node that is not synchronized.
_UNSYNCHRONIZED = 16

FLEET_CHECKS: RegisteredChecks = []


@register(
    FLEET_CHECKS,
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
    states = [cluster["enabled"] for interface in interfaces for cluster in (interface["cluster"] or {}).values()]
    if None in states and True not in states:
        return Finding("unknown", "the device does not report whether its interfaces are part of a cluster")
    if True not in states:
        return Finding("skipped", "no interface is part of a cluster")
    if not falseticker.known:
        return Finding("unknown", "the device does not report whether the cluster has a falseticker")
    return Finding("ok", "the cluster has no falseticker")


@register(
    FLEET_CHECKS,
    Check(
        "syncteam",
        "fleet",
        ("warning",),
        "all members of the SyncTeam are online",
        "syncteam.operational-mode, syncteam.offline-members",
        INFERRED,
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
    FLEET_CHECKS,
    Check(
        "syncmon",
        "fleet",
        ("info", "warning"),
        "no node that SyncMon monitors has an alarm or is beyond its limits, and the measurements are recent",
        "event sync-monitor-alert, syncmon.nodes[].alarm, state, offset, offset-limit, stratum and stratum-limit, "
        "syncmon.last-updated, configuration syncmon.nodes",
        ASSUMPTION,
        "Check the monitored node",
        limits=("syncmon_stratum_warning", "syncmon_age_warning"),
        events=("sync-monitor-alert",),
    ),
)
def check_syncmon(context: HealthContext) -> Finding:
    event = context.event("sync-monitor-alert")
    nodes = [node for node in context.syncmon_nodes if node["enabled"] is not False]
    is_off = context.facts["services"]["global"].get("syncmon") is False
    findings = [] if is_off else [*_node_findings(context, nodes), *_age_findings(context, nodes)]
    alarms = [finding for finding in findings if finding.state != "ok"]
    findings += [] if is_off else _unmeasured_nodes(context)
    # The alert of nodes that only follow from another finding follows from it as well.
    level = "info" if alarms and all(finding.state == "info" for finding in alarms) else "warning"
    alert = [Finding(level, "SyncMon reports an alert", since=event.since)] if event.on else []
    if findings or alert:
        return worst_finding([*findings, *alert], Finding("ok", "SyncMon reports no alert"))
    if context.facts["syncmon"]["nodes"] is None:
        return Finding("unknown", "the device does not report whether SyncMon monitors nodes")
    if is_off or not nodes:
        return Finding("skipped", "SyncMon monitors no node")
    if not event.known:
        return Finding("unknown", "the device does not report whether SyncMon has an alert")
    return Finding("ok", "SyncMon reports no alert")


def _node_findings(context: HealthContext, nodes: list[dict[str, t.Any]]) -> list[Finding]:
    silent = _silent_ports(context)
    findings = [_node_alarm(node, silent) for node in nodes if node["alarm"]]
    for node in nodes:
        stratum, name = node["stratum"], _node_name(node)
        limit = node["stratum_limit"] or context.limit("syncmon_stratum_warning")
        if stratum is not None and (stratum > limit or stratum >= _UNSYNCHRONIZED):
            message = f"the monitored node {name} answers with stratum {stratum}"
            findings.append(Finding("warning", message, stratum, limit, name, item=name))
    return findings


def _silent_ports(context: HealthContext) -> set[str]:
    """Ports without the pulse that a node measures, which have a finding of their own."""
    return {
        f"{module['slot']}/{item['object_id']}"
        for module in context.modules
        if module["family"] == "PIO"
        for item in module["inputs"]
        if item["signal_present"] is False
    }


def _unmeasured_nodes(context: HealthContext) -> list[Finding]:
    """Enabled nodes of the configuration, if it was read, that the status does not have, and those that are there twice."""
    shown = {node["object_id"] for node in context.syncmon_nodes}
    outputs = {
        f"{module['slot']}/{item['object_id']}"
        for module in context.modules
        if module["family"] == "PIO"
        for item in module["outputs"]
    }
    findings: list[Finding] = []
    seen: dict[tuple[str | None, str], str] = {}
    for node in syncmon.configured_nodes(context.configuration):
        name, source = _node_name(node), node["input"] if node["type"] == "pps" else node["address"]
        if node["enabled"] is False:
            continue
        if source is None:
            what = "input" if node["type"] == "pps" else "address"
            findings.append(_node_finding("warning", name, f"has no {what}, so it is not measured"))
            continue
        if node["type"] == "pps" and source in outputs:
            findings.append(_node_finding("warning", name, f"measures {device_text(source)}, which is an output"))
        elif node["object_id"] not in shown:
            findings.append(_node_finding("info", name, "is not measured yet"))
        other = seen.setdefault((node["type"], source), name)
        if other != name:
            findings.append(_node_finding("info", name, f"has type and address of {other}"))
    return findings


def _node_finding(level: str, name: str, sentence: str) -> Finding:
    return Finding(level, f"the monitored node {name} {sentence}", subject=name, item=name)


def _age_findings(context: HealthContext, nodes: list[dict[str, t.Any]]) -> list[Finding]:
    """The finding for measurements that are too old: by three intervals, if the nodes report them, else by the threshold."""
    if not nodes:
        return []
    if context.has_never_measured:
        return [Finding("warning", "SyncMon has never measured its nodes", "never")]
    age = _age_in_status(context)
    intervals = [node["interval_seconds"] for node in nodes if node["interval_seconds"]]
    limit = context.limit("syncmon_age_warning")
    if intervals and "syncmon_age_warning" not in context.policy.given:
        limit = round_number(3 * min(intervals))
    if age is None or age <= limit:
        return []
    since = context.facts["syncmon"]["last_updated"]
    message = f"SyncMon has not measured since {device_text(since)}"
    return [Finding("warning", message, round_number(age), limit, since=since)]


def _age_in_status(context: HealthContext) -> float | None:
    """Seconds from the last measurement to the time of the status: an old status does not mean that SyncMon is late."""
    # `current-time` can be in another zone than the times of the status.
    updated = parse_time(context.facts["system"]["status_updated"]) or context.now
    measured = parse_time(context.facts["syncmon"]["last_updated"])
    return None if updated is None or measured is None else (updated - measured).total_seconds()


def _node_name(node: Mapping[str, t.Any]) -> str:
    return device_text(node["object_id"] or node["name"] or node["address"] or "without a name")


def _node_alarm(node: Mapping[str, t.Any], silent_ports: set[str]) -> Finding:
    name = _node_name(node)
    source = node["input"] or (node["address"] if node["type"] == "pps" else None)
    level = "info" if source in silent_ports else "warning"
    offset, limit = node["offset_seconds"], node["offset_limit_seconds"]
    if offset is not None and limit and abs(offset) > limit:
        message = f"the offset of the monitored node {name} is {round_number(offset)} s"
        return finding_above(abs(offset), ((limit, level),), message, subject=name, item=name)
    state = device_text(node["state"]) if node["state"] else None
    problem = f"is {state}" if state else "has an alarm"
    return Finding(level, f"the monitored node {name} {problem}", state, subject=name, item=name)
