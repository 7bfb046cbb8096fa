# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases for the checks of NTP, PTP and groups of clocks, in the form of `case_form`."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import (
    EVENTS,
    NO_PEER,
    NODE,
    PEER,
    SERVER,
    SLOTS,
    UPTIME,
    Case,
    limit,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE, before

FIRING: tuple[Case, ...] = (
    Case("ntp_service", "critical", {"services/network/ntp/running": False}),
    Case("ntp_service", "critical", {}, {"ntp-stopped": (1, "")}),
    Case("ntp_synchronized", "critical", {}, {"ntp-not-sync": (1, before(hours=1))}),
    Case("ntp_synchronized", "warning", {}, {"ntp-not-sync": (1, before(minutes=5))}),
    Case("ntp_synchronized", "critical", NO_PEER),
    Case("ntp_synchronized", "critical", {"ntp/sys/leap": 3}),
    Case("ntp_synchronized", "critical", {"ntp/sys/leap": "leap_alarm"}, profile="m300-7.06"),
    Case("ntp_synchronized", "critical", {"ntp/sys/stratum": 16}),
    Case("ntp_synchronized", "warning", {**NO_PEER, UPTIME: 60.0}),
    Case("ntp_stratum", "warning", {"ntp/sys/stratum": 2}, result={"value": 2, "limit": 1}),
    Case("ntp_stratum", "critical", {"ntp/sys/stratum": 12}),
    Case("ntp_stratum", "critical", {"ntp/sys/stratum": 3}, policy={"profile": "power"}),
    Case("ntp_stratum", "warning", {"ntp/sys/stratum": 16, UPTIME: 60.0}),
    Case("ntp_stratum", "warning", {"ntp/sys/stratum": 16}, {"ntp-not-sync": (1, before(minutes=9))}),
    Case("ntp_stratum", "critical", {"ntp/sys/stratum": 16}, {"ntp-not-sync": (1, before(minutes=11))}),
    Case(
        "ntp_offset",
        "warning",
        {f"{PEER}/offset": -0.0015},
        result={"value": 1_500_000, "limit": 1_000_000, "unit": "ns"},
    ),
    Case("ntp_offset", "critical", {f"{PEER}/offset": 0.02}),
    Case("ntp_offset", "critical", {f"{PEER}/offset": 0.00003}, policy={"profile": "telecom"}),
    Case("ntp_offset", "critical", {}, {"ntp-offset-limit-exceeded": (1, "")}),
    Case("ntp_reachability", "error", {f"{PEER}/status-peer-reach-ok": False}, result={"subject": "127.127.8.0"}),
    Case(
        "ntp_reachability",
        "warning",
        {"ntp/ref_2": {**SERVER, "status-peer-reach-ok": False}},
        result={"subject": "192.0.2.1"},
    ),
    Case("ntp_falseticker", "warning", {"ntp/ref_2": {**SERVER, "status-peer-selection": "falsetick"}}),
    Case(
        "ntp_authentication",
        "warning",
        {"ntp/ref_2": {**SERVER, "status-peer-auth-enabled": True, "status-peer-auth-ok": False}},
    ),
    Case(
        "ptp_ports",
        "error",
        {f"{SLOTS}/io1/module/ptp/instances/ptp2/port-state": "faulty"},
        profile="m3000-7.10",
        result={"subject": "io1/ptp2"},
    ),
    Case("cluster", "warning", {}, {"cluster-falseticker-detected": (1, "")}),
    Case("cluster", "info", {}, {"cluster-master-changed": (1, "")}),
    Case(
        "syncteam",
        "warning",
        {"syncteam/operational-mode": "enabled", "syncteam/offline-members": 2},
        result={"value": 2},
    ),
    Case("syncmon", "warning", {}, {"sync-monitor-alert": (1, "")}),
    Case(
        "syncmon",
        "warning",
        {"syncmon/nodes/node2": NODE},
        profile="m3000-7.10",
        result={"subject": "node2", "limit": 0.001},
    ),
    Case(
        "ntp_offset",
        "critical",
        {f"{PEER}/offset": 0.000002},
        {"ntp-offset-limit-exceeded": (1, "")},
        result={"value": 2000},
    ),
    Case(
        "ntp_reachability",
        "warning",
        {"ntp/ref_2": {**SERVER, "name": "", "status-peer-reach-ok": False}},
        result={"subject": "ref_2"},
    ),
    Case(
        "ntp_falseticker",
        "warning",
        {"ntp/ref_2": {**SERVER, "name": "time.example.com", "status-peer-selection": "falseticker"}},
        result={"subject": "time.example.com"},
    ),
    Case(
        "ntp_authentication",
        "warning",
        {"ntp/ref_2": {**SERVER, "name": "", "status-peer-auth-enabled": True, "status-peer-auth-ok": False}},
        result={"subject": "ref_2"},
    ),
)

SILENT: tuple[Case, ...] = (
    Case("ntp_stratum", "ok", {"ntp/sys/stratum": 4}, policy=limit(stratum_warning=4)),
    Case(
        "ntp_synchronized",
        "ok",
        {f"{PEER}/status-peer-selection": "sys-peer"},
        {"ntp-not-sync": (0, before(minutes=1))},
    ),
    Case("ntp_reachability", "ok", profile="m300-7.06"),
    Case("ntp_reachability", "ok", {f"{PEER}/reach": 0}),
    Case(
        "ntp_authentication",
        "ok",
        {"ntp/ref_2": {**SERVER, "status-peer-auth-enabled": True, "status-peer-auth-ok": True}},
    ),
    Case(
        "ntp_authentication",
        "skipped",
        {"ntp/ref_2": {**SERVER, "status-peer-auth-enabled": False, "status-peer-auth-ok": False}},
    ),
    Case("ptp_ports", "ok", profile="m3000-7.10"),
    Case("ptp_ports", "ok", {f"{SLOTS}/io1/module/ptp/instances/ptp2/port-state": "passive"}, profile="m3000-7.10"),
    Case("ptp_ports", "skipped", {"services/network/ptp/running": True}),
    Case("cluster", "ok", {"network/interfaces/vif0/cluster/ipv4/enabled": True}),
    Case("cluster", "skipped", {}, {"cluster-falseticker-detected": (0, before(minutes=1))}),
    Case("syncteam", "ok", {"syncteam/operational-mode": "enabled", "syncteam/team-members": 3}),
    Case("syncteam", "skipped"),
    Case("syncmon", "ok", profile="m3000-7.10"),
    Case(
        "syncmon", "ok", {"services/global/syncmon": GONE, "syncmon/nodes/node1": {"offset": 9.0}}, profile="m3000-7.10"
    ),
    Case("syncmon", "skipped", {"services/global/syncmon/running": False}, profile="m3000-7.10"),
    Case("syncmon", "skipped", {"syncmon/last-updated": "never"}),
)

UNKNOWN: tuple[Case, ...] = (
    Case("ntp_offset", "unknown", NO_PEER),
    Case("ntp_authentication", "unknown", {"ntp/ref_2": {**SERVER, "status-peer-auth-enabled": True}}),
    Case("ptp_ports", "unknown", {f"{SLOTS}/io1/module/ptp/instances/ptp1/port-state": GONE}, profile="m3000-7.10"),
    Case("syncteam", "unknown", {"syncteam/operational-mode": GONE}),
    Case("syncteam", "unknown", {"syncteam/operational-mode": "enabled", "syncteam/offline-members": GONE}),
    Case("ntp_service", "unknown", {"services/network/ntp": GONE}),
    Case("ntp_synchronized", "unknown", {f"{PEER}/status-peer-selection": GONE}),
    Case("ntp_stratum", "unknown", {"ntp/sys/stratum": GONE}),
    Case("ntp_reachability", "unknown", {f"{PEER}/status-peer-reach-ok": GONE}),
    Case("ntp_reachability", "unknown", {f"{PEER}/status-peer-configured": False}),
    Case("ntp_falseticker", "unknown", {f"{PEER}/status-peer-selection": GONE}),
    Case(
        "cluster",
        "unknown",
        {f"{EVENTS}/cluster-falseticker-detected": GONE, "network/interfaces/vif0/cluster/ipv4/enabled": True},
    ),
    Case("syncmon", "unknown", {f"{EVENTS}/sync-monitor-alert": GONE}, profile="m3000-7.10"),
)
