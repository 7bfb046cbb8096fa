# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of groups of clocks: cluster, SyncTeam and SyncMon."""

from __future__ import annotations

import typing as t

from .._hardware.families import INFERRED
from .check import ASSUMPTION, Check, Finding
from .context import HealthContext, count_of, device_text, finding_above, register, round_number, worst_finding

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

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
        ("warning",),
        "no node that SyncMon monitors has an alarm or is beyond its limit",
        "event sync-monitor-alert, syncmon.nodes[].alarm, state, offset and offset-limit",
        ASSUMPTION,
        "Check the monitored node",
        events=("sync-monitor-alert",),
    ),
)
def check_syncmon(context: HealthContext) -> Finding:
    event = context.event("sync-monitor-alert")
    if event.on:
        return Finding("warning", "SyncMon reports an alert", since=event.since)
    nodes = context.facts["syncmon"]["nodes"]
    if nodes is None:
        return Finding("unknown", "the device does not report whether SyncMon monitors nodes")
    if context.facts["services"]["global"].get("syncmon") is False or not nodes:
        return Finding("skipped", "SyncMon monitors no node")
    alarms = [_node_alarm(node) for node in nodes if node["alarm"]]
    if not event.known:
        return worst_finding(alarms, Finding("unknown", "the device does not report whether SyncMon has an alert"))
    return worst_finding(alarms, Finding("ok", "SyncMon reports no alert"))


def _node_alarm(node: Mapping[str, t.Any]) -> Finding:
    name = device_text(node["object_id"] or node["name"] or node["address"] or "without a name")
    offset, limit = node["offset_seconds"], node["offset_limit_seconds"]
    if offset is not None and limit and abs(offset) > limit:
        message = f"the offset of the monitored node {name} is {round_number(offset)} s"
        return finding_above(abs(offset), ((limit, "warning"),), message, subject=name)
    state = device_text(node["state"]) if node["state"] else None
    problem = f"is {state}" if state else "has an alarm"
    return Finding("warning", f"the monitored node {name} {problem}", state, subject=name)
