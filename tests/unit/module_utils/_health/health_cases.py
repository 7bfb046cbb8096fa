# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes each check of health speak, and what must not: one table.

A case is a healthy device with changes and events. FIRING names the state that comes of it, SILENT holds what is near
to a fault and is none; a test keeps both complete.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE, before

SYNC = "system/sync-status"
CLOCK = f"{SYNC}/clock-status"
SLOTS = "chassis0/slots"
CLK = f"{SLOTS}/clk1/module"
EVENTS = "notification/events"
PEER = "ntp/ref_1"
UPTIME = "system/uptime"
HERE = {"latitude": 48.137154, "longitude": 11.576124}
AWAY = {"latitude": 48.147154, "longitude": 11.576124}
NODE = {"offset": 0.002, "offset-limit": 0.001}
SERVER = {
    "id": "192.0.2.1",
    "name": "192.0.2.1",
    "status-peer-configured": True,
    "status-peer-selection": "candidate",
    "status-peer-reach-ok": True,
    "offset": 0.0004,
}
SHELF = {
    "xhe-info": {"xhe-id": "77", "status": "ok"},
    "xhe-sys-status": {"status": {"overheated": False, "pps-lock": True, "ppl-enabled": True}},
    "xhe-psu-status": {"psu-status": {"psu1": "ok", "psu2": "ok"}, "alarms": {"alarm-led": False}},
}
HOT_SHELF = {**SHELF, "xhe-sys-status": {"status": {"overheated": True, "pps-lock": True}}}


class Case(t.NamedTuple):
    """changes: by path below the status node.  events: (triggered, when) by name.  found: members of the check as expected."""

    check: str
    state: str
    changes: t.Mapping[str, t.Any] = {}
    events: t.Mapping[str, tuple[int, str]] = {}
    profile: str = "m600-7.10"
    policy: t.Mapping[str, t.Any] = {}
    found: t.Mapping[str, t.Any] = {}


def expect(**expected: t.Any) -> dict[str, t.Any]:
    return {"expected": expected}


def limit(**thresholds: t.Any) -> dict[str, t.Any]:
    return {"thresholds": thresholds}


IN_HOLDOVER = {f"{CLOCK}/clock": "holdover", f"{SYNC}/holdover-status/time-elapsed": 3600}
LOST = {f"{CLOCK}/clock": "not-synchronized"}
NO_PEER = {f"{PEER}/status-peer-selection": "reject"}


FIRING = (
    Case("time_synchronized", "critical", LOST, found={"value": "not-synchronized", "subject": "clk1-gps"}),
    Case(
        "time_synchronized",
        "critical",
        LOST,
        {"refclock-1-not-sync": (1, before(minutes=11))},
        found={"since": "2026-05-04T02:51:01Z"},
    ),
    Case("time_synchronized", "warning", LOST, {"refclock-1-not-sync": (1, before(minutes=9))}),
    Case("time_synchronized", "warning", {**LOST, UPTIME: 1700.0}),
    Case("time_synchronized", "critical", {**LOST, UPTIME: 1900.0}),
    Case("time_synchronized", "critical", {**LOST, UPTIME: 20.0}, policy={"grace": False}),
    Case("time_synchronized", "warning", IN_HOLDOVER, found={"value": "holdover"}),
    Case("time_synchronized", "critical", {f"{CLOCK}/clock": "a-word-of-the-future"}),
    Case(
        "estimated_quality",
        "warning",
        {f"{SYNC}/est-time-quality": "less-than-1ms"},
        found={"value": 1_000_000, "limit": 100_000, "unit": "ns"},
    ),
    Case(
        "estimated_quality",
        "critical",
        {f"{SYNC}/est-time-quality": "less-than-1s"},
        found={"value": 1_000_000_000, "limit": 10_000_000},
    ),
    Case("estimated_quality", "warning", {f"{SYNC}/est-time-quality": "less-than-1us"}, policy={"profile": "telecom"}),
    Case("holdover", "warning", IN_HOLDOVER, found={"value": 3600, "limit": 259_200, "since": "2026-05-04T02:02:01Z"}),
    Case("holdover", "critical", {**IN_HOLDOVER, f"{SYNC}/holdover-status/time-elapsed": 259_201}),
    Case(
        "holdover",
        "critical",
        {**IN_HOLDOVER, f"{SYNC}/osc-type": "tcxo"},
        policy={"profile": "telecom"},
        found={"limit": 1440},
    ),
    Case(
        "holdover",
        "critical",
        {**IN_HOLDOVER, f"{SYNC}/osc-type": "rubidium"},
        policy=limit(holdover_budget=3599),
        found={"limit": 3599},
    ),
    Case("holdover", "warning", {f"{CLOCK}/clock": "holdover"}, found={"value": None}),
    Case("oscillator_warmed_up", "warning", {f"{CLOCK}/oscillator": "not-warmed-up"}),
    Case(
        "oscillator_warmed_up",
        "info",
        {f"{CLOCK}/oscillator": "not-warmed-up", UPTIME: 1799.0},
        found={"value": 1799, "limit": 1800, "unit": "s"},
    ),
    Case(
        "oscillator_adjusted",
        "warning",
        {},
        {"oscillator-not-adjusted": (1, before(hours=2))},
        found={"since": "2026-05-04T01:02:01Z"},
    ),
    Case("oscillator_adjusted", "info", {UPTIME: 600.0}, {"oscillator-not-adjusted": (1, "")}),
    Case(
        "external_holdover",
        "error",
        {"chassis-xhe": [{"object-id": "clk1", **HOT_SHELF}]},
        found={"subject": "clk1", "value": 1},
    ),
    Case("antenna", "critical", {f"{CLK}/grc/antenna/connected": False}, found={"subject": "clk1"}),
    Case("antenna", "critical", {f"{CLK}/grc/antenna/short-circuit": True}, found={"value": "short-circuit"}),
    Case("antenna", "critical", {}, {"antenna-faulty": (1, "")}, found={"since": "2026-05-03T22:02:01Z"}),
    Case("antenna", "critical", {}, {"antenna-short-circuit": (1, "")}),
    Case("antenna", "critical", {f"{CLOCK}/antenna": "disconnected"}, profile="m300-7.06"),
    Case(
        "antenna",
        "critical",
        {f"{SLOTS}/clk2/module/gnm/antenna/connected": False},
        profile="m3000-7.10",
        found={"subject": "clk2"},
    ),
    Case(
        "satellites",
        "warning",
        {f"{CLK}/satellites/good-satellites": 5},
        found={"value": 5, "limit": 6, "subject": "clk1"},
    ),
    Case("satellites", "critical", {f"{CLK}/satellites/good-satellites": 3}, found={"value": 3, "limit": 4}),
    Case("satellites", "warning", {f"{CLK}/satellites/good-satellites": 0, UPTIME: 60.0}),
    Case(
        "receiver",
        "error",
        {f"{CLK}/grc/receiver/synchronized": False, f"{CLK}/grc/receiver-status": "tracking"},
        found={"value": "tracking"},
    ),
    Case("receiver", "warning", {f"{CLK}/grc/receiver/synchronized": False, UPTIME: 60.0}),
    Case("receiver", "error", {f"{CLK}/dcf77/pcps/syncd": False}, profile="m300-7.06"),
    Case("receiver", "error", policy=expect(receivers=["clk1", "clk2"]), found={"subject": "clk2"}),
    Case(
        "reference_clock_responding", "critical", {}, {"refclock-1-not-responding": (1, "")}, found={"subject": "clk1"}
    ),
    Case(
        "reference_clock_responding",
        "critical",
        {},
        {"refclock-2-not-responding": (1, "")},
        "m4000-7.10",
        found={"subject": "clk2"},
    ),
    Case("reference_clock_synchronized", "error", {}, {"refclock-1-not-sync": (1, before(minutes=11))}),
    Case("reference_clock_synchronized", "warning", {}, {"refclock-1-not-sync": (1, before(minutes=1))}),
    Case(
        "reference_clock_synchronized",
        "warning",
        {f"{CLK}/sync-status/clock-status/clock": "holdover"},
        found={"subject": "clk1"},
    ),
    Case(
        "reference_clock_synchronized",
        "error",
        {f"{SLOTS}/clk2/module/sync-status/clock-status/clock": "not-synchronized"},
        profile="m1000-7.10",
        found={"subject": "clk2"},
    ),
    Case(
        "reference_clock_synchronized",
        "warning",
        {f"{CLK}/sync-status/clock-status/clock": "holdover"},
        {"refclock-1-not-sync": (1, "")},
    ),
    Case(
        "reference_clock_synchronized",
        "error",
        {f"{CLK}/sync-status/clock-status/clock": "not-synchronized"},
        {"refclock-1-not-sync": (1, "")},
    ),
    Case("position", "critical", policy=expect(position=AWAY), found={"value": 1112, "limit": 100, "unit": "m"}),
    Case(
        "position",
        "warning",
        {f"{SLOTS}/clk2/module/satellites/longitude": 13.5},
        profile="m3000-7.10",
        found={"subject": "clk2"},
    ),
    Case(
        "leap_second_announced",
        "info",
        {f"{SYNC}/leapsecond-announced": True, f"{SYNC}/leapsecond-date": "2026-06-30 23:59:60"},
    ),
    Case("leap_second_announced", "info", {}, {"leapsecond-announced": (1, "")}),
    Case("leap_second_announced", "info", {}, {"leap-second-announced": (1, "")}, "m300-7.06"),
    Case("leap_second_announced", "info", {"ntp/sys/leap": "1"}, profile="m300-7.06"),
    Case("leap_second_announced", "info", {f"{CLK}/dcf77/pcps/ls-ann": True}, profile="m300-7.06"),
    Case("leap_agreement", "critical", {"ntp/sys/leap": 1}),
    Case(
        "leap_agreement",
        "critical",
        {f"{SYNC}/leapsecond-announced": True},
        policy=expect(leap_second=False),
        found={"value": True, "limit": False},
    ),
    Case("leap_agreement", "critical", policy=expect(leap_second=True)),
    Case(
        "leap_file_expiry",
        "warning",
        {"ntp/sys/expire": "202605010000"},
        found={"value": -4, "since": "2026-05-01T00:00:00Z", "unit": "d"},
    ),
    Case("leap_file_expiry", "info", {"ntp/sys/expire": "202605200000"}, found={"value": 15, "limit": 30}),
    Case("leap_file_expiry", "error", {"ntp/sys/expire": "202605010000"}, profile="m300-7.06"),
    Case("leap_file_expiry", "warning", {"ntp/sys/expire": "202605200000"}, profile="m300-7.06"),
    Case("tai_offset", "error", {"ntp/sys/tai": 36}, policy=expect(tai_offset=37), found={"value": 36, "limit": 37}),
    Case("tai_offset", "error", {"ntp/sys/tai": 36}, profile="m3000-7.10"),
    Case("ntp_service", "critical", {"services/network/ntp/running": False}),
    Case("ntp_service", "critical", {}, {"ntp-stopped": (1, "")}),
    Case("ntp_synchronized", "critical", {}, {"ntp-not-sync": (1, before(hours=1))}),
    Case("ntp_synchronized", "warning", {}, {"ntp-not-sync": (1, before(minutes=5))}),
    Case("ntp_synchronized", "critical", NO_PEER),
    Case("ntp_synchronized", "critical", {"ntp/sys/leap": 3}),
    Case("ntp_synchronized", "critical", {"ntp/sys/leap": "leap_alarm"}, profile="m300-7.06"),
    Case("ntp_synchronized", "critical", {"ntp/sys/stratum": 16}),
    Case("ntp_synchronized", "warning", {**NO_PEER, UPTIME: 60.0}),
    Case("ntp_stratum", "warning", {"ntp/sys/stratum": 2}, found={"value": 2, "limit": 1}),
    Case("ntp_stratum", "critical", {"ntp/sys/stratum": 12}),
    Case("ntp_stratum", "critical", {"ntp/sys/stratum": 3}, policy={"profile": "power"}),
    Case("ntp_stratum", "warning", {"ntp/sys/stratum": 16, UPTIME: 60.0}),
    Case(
        "ntp_offset",
        "warning",
        {f"{PEER}/offset": -0.0015},
        found={"value": 1_500_000, "limit": 1_000_000, "unit": "ns"},
    ),
    Case("ntp_offset", "critical", {f"{PEER}/offset": 0.02}),
    Case("ntp_offset", "critical", {f"{PEER}/offset": 0.00003}, policy={"profile": "telecom"}),
    Case("ntp_offset", "critical", {}, {"ntp-offset-limit-exceeded": (1, "")}),
    Case("ntp_reachability", "error", {f"{PEER}/status-peer-reach-ok": False}, found={"subject": "127.127.8.0"}),
    Case(
        "ntp_reachability",
        "warning",
        {"ntp/ref_2": {**SERVER, "status-peer-reach-ok": False}},
        found={"subject": "192.0.2.1"},
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
        found={"subject": "io1/ptp2"},
    ),
    Case("cluster", "warning", {}, {"cluster-falseticker-detected": (1, "")}),
    Case("cluster", "info", {}, {"cluster-master-changed": (1, "")}),
    Case(
        "syncteam",
        "warning",
        {"syncteam/operational-mode": "enabled", "syncteam/offline-members": 2},
        found={"value": 2},
    ),
    Case("syncmon", "warning", {}, {"sync-monitor-alert": (1, "")}),
    Case(
        "syncmon",
        "warning",
        {"syncmon/nodes/node2": NODE},
        profile="m3000-7.10",
        found={"subject": "node2", "limit": 0.001},
    ),
    Case("power_supplies", "critical", {f"{SLOTS}/pwr1/module/power-available": False}, found={"subject": "pwr1"}),
    Case(
        "power_supplies",
        "critical",
        {f"{SLOTS}/pwr2/module/power-available": False},
        profile="m4000-7.10",
        found={"subject": "pwr2", "value": 1},
    ),
    Case("power_supplies", "critical", policy=expect(power_supplies=2), found={"value": 1, "limit": 2}),
    Case(
        "fans", "critical", {f"{SLOTS}/fan1/module/fan-state": "off"}, profile="m4000-7.10", found={"subject": "fan1"}
    ),
    Case(
        "fans", "critical", {f"{SLOTS}/fan2/module/fan-error": "yes"}, profile="m4000-7.10", found={"subject": "fan2"}
    ),
    Case("fans", "critical", profile="m4000-7.10", policy=expect(fans=3), found={"value": 2, "limit": 3}),
    Case(
        "temperature",
        "warning",
        {f"{SLOTS}/cpu/module/info/sensors/temperature-1": 66.0},
        found={"value": 66, "limit": 65, "unit": "°C", "subject": "cpu"},
    ),
    Case(
        "temperature", "critical", {f"{CLK}/info/sensors/temperature-2": 75.5}, found={"subject": "clk1", "limit": 75}
    ),
    Case("notification_events", "warning", {f"{EVENTS}/of-the-future": {"triggered": 1}}),
    Case(
        "notification_events",
        "error",
        {},
        {"one": (1, ""), "two": (1, "")},
        found={"message": "The event one is triggered; also the event two is triggered."},
    ),
    Case(
        "holdover",
        "warning",
        {**IN_HOLDOVER, f"{SYNC}/osc-type": "N/A"},
        found={
            "limit": 51_840,
            "message": "The device has been in holdover on an oscillator of unknown type for 3600 s.",
        },
    ),
    Case(
        "holdover",
        "critical",
        {f"{CLOCK}/clock": "holdover"},
        {"refclock-1-not-sync": (1, before(days=4))},
        found={"value": 345_600, "since": "2026-04-30T03:02:01Z"},
    ),
    Case("position", "critical", {"system/position": "53.0, 10.0"}, profile="m300-7.06", policy=expect(position=HERE)),
    Case(
        "ntp_offset",
        "critical",
        {f"{PEER}/offset": 0.000002},
        {"ntp-offset-limit-exceeded": (1, "")},
        found={"value": 2000},
    ),
    Case(
        "ntp_reachability",
        "warning",
        {"ntp/ref_2": {**SERVER, "name": "", "status-peer-reach-ok": False}},
        found={"subject": "ref_2"},
    ),
    Case(
        "ntp_falseticker",
        "warning",
        {"ntp/ref_2": {**SERVER, "name": "time.example.com", "status-peer-selection": "falseticker"}},
        found={"subject": "time.example.com"},
    ),
    Case(
        "ntp_authentication",
        "warning",
        {"ntp/ref_2": {**SERVER, "name": "", "status-peer-auth-enabled": True, "status-peer-auth-ok": False}},
        found={"subject": "ref_2"},
    ),
    Case(
        "network_ports",
        "error",
        {"network/ports/lan1/operstate": False},
        {"network-link-down": (1, "")},
        policy=expect(ports=["lan1"]),
        found={"since": "2026-05-03T22:02:01Z"},
    ),
    Case("modules", "error", policy=expect(modules=["clk1", "clk2"]), found={"subject": "clk2"}),
    Case(
        "network_ports",
        "error",
        {"network/ports/lan1/link": False},
        policy=expect(ports=["lan0", "lan1"]),
        found={"subject": "lan1"},
    ),
    Case("network_ports", "error", policy=expect(ports=["lan2"])),
    Case("network_ports", "error", policy=expect(ports=["lan77"])),
    Case("network_ports", "info", {"network/ports/lan1/link": False}, found={"subject": "lan1"}),
    Case("network_ports", "info", {}, {"network-link-down": (1, "")}),
    Case(
        "certificate_expired",
        "critical",
        {},
        {"https-certificate-expired": (1, "")},
        found={"since": "2026-05-03T22:02:01Z"},
    ),
    Case("certificate_expiring", "warning", {}, {"https-certificate-expire-warning": (1, "")}),
    Case("certificate_self_signed", "warning", {}, {"self-signed-https-certificate-in-use": (1, "")}),
    Case("users_banned", "warning", {}, {"faillock-user-banned": (1, "")}),
    Case("users_banned", "warning", {}, {"faillock:-user-banned": (1, "")}, "m300-7.06"),
    Case(
        "users_banned", "info", {}, {"faillock-user-banned": (0, before(hours=2))}, found={"value": 7200, "unit": "s"}
    ),
    Case(
        "services_legacy", "warning", {"services/network/telnet/running": True}, found={"subject": "telnet", "value": 1}
    ),
    Case(
        "services_legacy",
        "warning",
        {"services/network/ftp/running": True, "services/network/http/running": True},
        found={"value": 2},
    ),
    Case("services_legacy", "info", {"services/network/http/running": True}),
    Case("services_legacy", "info", {"services/network/daytime/running": True}),
    Case("services_legacy", "info", {"services/network/time/running": True}),
    Case(
        "storage",
        "warning",
        {"system/storage/dev_sda5/used-percent": 91},
        found={"value": 91, "limit": 90, "unit": "%", "subject": "/mnt/flash"},
    ),
    Case("storage", "error", {"system/storage/var/used-percent": 99}, found={"subject": "/var", "limit": 97}),
    Case(
        "memory",
        "warning",
        {"system/memory": "228428 kB total memory, 11421 kB free (5 %)"},
        found={"value": 5, "limit": 10},
    ),
    Case("cpu_load", "warning", {"system/cpuload": "0.10 4.20 3.00 9/99 77"}, found={"value": 4.2, "limit": 4}),
    Case("system_resources", "warning", {}, {"low-system-resources": (1, "")}),
    Case(
        "firmware_selected",
        "warning",
        {"system/firmware/selected": "fw_7.10.007"},
        found={"value": "7.10.012", "limit": "7.10.007"},
    ),
    Case(
        "firmware_floor",
        "warning",
        policy=limit(firmware_minimum="7.10.13"),
        found={"value": "7.10.012", "limit": "7.10.13"},
    ),
    Case("firmware_floor", "warning", policy=limit(firmware_minimum="fw_7.08.001"), profile="m300-7.06"),
    Case("firmware_update", "error", {}, {"auto-update-failed": (1, "")}),
    Case("firmware_update", "warning", {"system/firmware/update/last-update-successful": False}),
    Case("firmware_update", "info", {"system/firmware/update/update-in-progress": True}),
    Case("firmware_update", "info", {}, {"auto-update-avail": (1, "")}),
    Case("pending_changes", "warning", {"/changes/pending-changes": 3}, found={"value": 3, "limit": 0}),
    Case(
        "configuration_changed",
        "info",
        {},
        {"device-configuration-changed": (0, before(minutes=10))},
        found={"value": 600},
    ),
    Case("recent_reboot", "info", {UPTIME: 3599.5}, found={"value": 3599.5, "limit": 3600}),
    Case("status_age", "warning", {"system/api-last-update": before(seconds=61)}, found={"value": 61, "limit": 60}),
    Case("status_age", "warning", {"system/current-time-iso": "2026-05-04T03:00:00.000Z"}, profile="m300-7.06"),
    Case(
        "status_age",
        "warning",
        {"system/current-time-iso": "2026-05-04T02:50:00.000Z"},
        profile="m300-7.06",
        found={"value": 721},
    ),
    Case("api_supported", "info", {"rest-api/api-version": "23.01.001"}, found={"value": "23.01.001"}),
    Case(
        "alarm_led",
        "warning",
        {"system/front-leds/led-alarm/current-state": True, "system/front-leds/led-alarm/current-color": "red"},
        found={"value": "red"},
    ),
    Case("notification_events", "error", {}, {"ims-module-error": (1, "")}, found={"subject": "ims-module-error"}),
    Case("notification_events", "critical", {f"{EVENTS}/power-supply-failure": {"type": "critical", "triggered": 1}}),
    Case("notification_events", "warning", {f"{EVENTS}/trusted-source": {"type": "warning", "triggered": 1}}),
)

SILENT = (
    *(
        Case(name, "ok")
        for name in (
            "time_synchronized",
            "estimated_quality",
            "holdover",
            "oscillator_warmed_up",
            "oscillator_adjusted",
            "antenna",
            "satellites",
            "receiver",
            "reference_clock_responding",
            "reference_clock_synchronized",
            "leap_second_announced",
            "leap_agreement",
            "leap_file_expiry",
            "ntp_service",
            "ntp_synchronized",
            "ntp_stratum",
            "ntp_offset",
            "ntp_reachability",
            "ntp_falseticker",
            "power_supplies",
            "temperature",
            "network_ports",
            "certificate_expired",
            "certificate_expiring",
            "users_banned",
            "services_legacy",
            "storage",
            "memory",
            "cpu_load",
            "system_resources",
            "firmware_selected",
            "firmware_floor",
            "firmware_update",
            "pending_changes",
            "configuration_changed",
            "recent_reboot",
            "status_age",
            "api_supported",
            "alarm_led",
            "notification_events",
        )
    ),
    Case("estimated_quality", "ok", profile="m300-7.06", found={"value": 10_000}),
    Case("external_holdover", "ok", {"chassis-xhe": [{"object-id": "clk1", **SHELF}]}),
    Case("external_holdover", "skipped", profile="m300-7.06"),
    Case(
        "antenna", "ok", {}, {"antenna-faulty": (0, before(minutes=1)), "antenna-short-circuit": (0, before(minutes=1))}
    ),
    Case("satellites", "ok", {f"{CLK}/satellites/good-satellites": 6}),
    Case("satellites", "skipped", profile="m300-7.06"),
    Case("receiver", "ok", {f"{CLK}/grc/ref-type": "10mhz-freqin"}),
    Case("receiver", "ok", policy=expect(receivers=["clk1", "clk2"]), profile="m1000-7.10"),
    Case("reference_clock_responding", "ok", {}, {"refclock-1-not-responding": (0, before(minutes=1))}),
    Case("reference_clock_synchronized", "ok", {}, {"refclock-1-not-sync": (0, before(minutes=1))}),
    Case("position", "ok", policy=expect(position=HERE), found={"value": 0}),
    Case("position", "ok", profile="m3000-7.10"),
    Case("position", "skipped"),
    Case("leap_agreement", "ok", {f"{SYNC}/leapsecond-announced": True}),
    Case("leap_agreement", "ok", {"ntp/sys/leap": 1, "ntp/sys/leapsec": "202607010000"}),
    Case("leap_agreement", "ok", {"ntp/sys/leap": 1}, profile="m300-7.06"),
    Case("leap_agreement", "ok", policy=expect(leap_second=False)),
    Case("leap_file_expiry", "ok", {"ntp/sys/expire": "202606030400"}, found={"value": 30}),
    Case("antenna", "ok", {f"{CLOCK}/antenna": GONE}),
    Case("ntp_stratum", "ok", {"ntp/sys/stratum": 4}, policy=limit(stratum_warning=4)),
    Case("oscillator_adjusted", "ok", {}, {"oscillator-not-adjusted": (0, before(minutes=1))}),
    Case("services_legacy", "ok", {"services/network/webshell/running": True}),
    Case("memory", "ok", {"system/memory": "1000 kB total memory, 100 kB free (10 %)"}),
    Case("cpu_load", "ok", {"system/cpuload": "9.00 4.00 9.00 9/99 77"}),
    Case("temperature", "ok", {f"{SLOTS}/cpu/module/info/sensors/temperature-1": 65.0}),
    Case("status_age", "ok", {"system/api-last-update": before(seconds=60)}),
    Case("recent_reboot", "ok", {UPTIME: 3600.0}),
    Case("tai_offset", "ok", policy=expect(tai_offset=37)),
    Case("tai_offset", "ok", profile="m3000-7.10"),
    Case("tai_offset", "skipped"),
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
    Case(
        "position",
        "ok",
        {f"{CLK}/satellites/latitude": 0.0, f"{CLK}/satellites/longitude": 0.0},
        policy=expect(position=HERE),
    ),
    Case("leap_agreement", "ok", {"ntp/sys/leap": 3}),
    Case("leap_agreement", "ok", {f"{SYNC}/leapsecond-announced": GONE}),
    Case("firmware_update", "ok", {"system/firmware/update/update-in-progress": GONE}),
    Case("syncmon", "skipped", {"syncmon/last-updated": "never"}),
    Case(
        "power_supplies",
        "ok",
        {f"{SLOTS}/pwr2/module": {"power-available": False, "power-capacity": 0.0}},
        found={"value": 1},
    ),
    Case("power_supplies", "ok", profile="m3000-7.10", policy=expect(power_supplies=4)),
    Case("fans", "ok", profile="m4000-7.10", policy=expect(fans=2)),
    Case("fans", "skipped"),
    Case("temperature", "ok", {f"{CLK}/info/sensors/temperature-1": 0.0}),
    Case("modules", "ok", policy=expect(modules=["clk1", "cpu"])),
    Case("modules", "skipped"),
    Case(
        "network_ports",
        "ok",
        {"network/ports/lan1/link": False, "system/front-leds/led-network/current-color": "red"},
        {"network-link-down": (1, "")},
        policy=expect(ports=["lan0"]),
    ),
    Case("network_ports", "skipped", policy=expect(ports=[])),
    Case("certificate_expired", "ok", {}, {"https-certificate-expired": (0, before(minutes=1))}),
    Case("certificate_expiring", "ok", {}, {"https-certificate-expire-warning": (0, before(minutes=1))}),
    Case("certificate_self_signed", "ok", {}, {"self-signed-https-certificate-in-use": (0, before(minutes=1))}),
    Case("users_banned", "ok", {}, {"faillock-user-banned": (0, before(days=2))}),
    Case("storage", "ok", {"system/storage/dev_sda5/used-percent": 88}),
    Case("storage", "ok", {"system/storage/dev_sda5/used-percent": 90}),
    Case("firmware_selected", "ok", profile="m300-7.06"),
    Case("firmware_floor", "ok", policy=limit(firmware_minimum="7.10.12")),
    Case(
        "firmware_update",
        "ok",
        {"system/firmware/update/last-update-successful": False, "system/firmware/update/last-update-started": "never"},
    ),
    Case("configuration_changed", "ok", {}, {"device-configuration-changed": (0, before(days=2))}),
    Case("recent_reboot", "ok", {}, {"system-reboot": (0, before(minutes=5))}),
    Case("status_age", "ok", profile="m300-7.06"),
    Case("status_age", "ok", {"/system-information/time-stamp": "2026-05-04T05:02:01"}, profile="m300-7.06"),
    Case("alarm_led", "ok", {"system/front-leds/led-network/current-color": "red"}),
    Case("alarm_led", "ok", profile="m300-7.06"),
    Case("notification_events", "ok", {}, {"ims-module-error": (0, before(minutes=1)), "antenna-faulty": (1, "")}),
    Case("notification_events", "ok", {f"{EVENTS}/new-action": {"type": "action", "triggered": 1}}),
)

UNKNOWN = (
    Case("time_synchronized", "unknown", {f"{CLOCK}/clock": GONE}),
    Case("estimated_quality", "unknown", {f"{SYNC}/est-time-quality": "unknown"}),
    Case("oscillator_adjusted", "unknown", profile="m300-7.06"),
    Case("oscillator_warmed_up", "unknown", {f"{CLOCK}/oscillator": "lukewarm"}),
    Case("antenna", "unknown", {f"{CLOCK}/antenna": "lightning-struck"}),
    Case("satellites", "unknown", {f"{CLK}/satellites/good-satellites": None}),
    Case("receiver", "unknown", {f"{CLK}/grc/receiver": {}, f"{CLK}/grc/receiver-status": "N/A"}),
    Case(
        "position",
        "unknown",
        {"system/position": "0.000000, 0.000000"},
        profile="m300-7.06",
        policy=expect(position=HERE),
    ),
    Case("leap_file_expiry", "unknown", {"ntp/sys/expire": ""}),
    Case("tai_offset", "unknown", {"ntp/sys/tai": 0}, policy=expect(tai_offset=37)),
    Case("ntp_offset", "unknown", NO_PEER),
    Case("ntp_authentication", "unknown", {"ntp/ref_2": {**SERVER, "status-peer-auth-enabled": True}}),
    Case("ptp_ports", "unknown", {f"{SLOTS}/io1/module/ptp/instances/ptp1/port-state": GONE}, profile="m3000-7.10"),
    Case("syncteam", "unknown", {"syncteam/operational-mode": GONE}),
    Case("syncteam", "unknown", {"syncteam/operational-mode": "enabled", "syncteam/offline-members": GONE}),
    Case("firmware_selected", "unknown", {"system/firmware/running": GONE}),
    Case("power_supplies", "unknown", {f"{SLOTS}/pwr1/module/power-available": None}),
    Case("fans", "unknown", {f"{SLOTS}/fan1/module/fan-state": "N/A"}, profile="m4000-7.10"),
    Case("temperature", "unknown", {f"{SLOTS}/cpu/module/info/sensors/temperature-1": 0.0}),
    Case("network_ports", "unknown", {"network/ports/lan0/link": None}, policy=expect(ports=["lan0"])),
    Case("certificate_expired", "unknown", {f"{EVENTS}/https-certificate-expired": GONE}),
    Case("pending_changes", "unknown", {"/changes": GONE}),
    Case("storage", "unknown", {"system/storage": GONE}),
    Case("firmware_selected", "unknown", {"system/firmware/selected": "unknown"}),
    Case("holdover", "unknown", {f"{CLOCK}/clock": GONE}),
    Case("reference_clock_responding", "unknown", {f"{EVENTS}/refclock-1-not-responding": GONE}),
    Case("reference_clock_synchronized", "unknown", {f"{CLK}/sync-status": GONE}),
    Case(
        "leap_second_announced",
        "unknown",
        {f"{SYNC}/leapsecond-announced": GONE, f"{EVENTS}/leapsecond-announced": GONE, "ntp/sys/leap": 3},
    ),
    Case("leap_agreement", "unknown", {f"{SYNC}/leapsecond-announced": GONE, "ntp/sys/leap": 3}),
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
    Case("power_supplies", "unknown", {f"{SLOTS}/pwr1": GONE, f"{SLOTS}/pwr2": GONE}),
    Case("power_supplies", "unknown", {f"{SLOTS}/pwr1": GONE}, found={"value": 0}),
    Case("network_ports", "unknown", {"network/ports": GONE, f"{EVENTS}/network-link-down": GONE}),
    Case("certificate_expiring", "unknown", {f"{EVENTS}/https-certificate-expire-warning": GONE}),
    Case("certificate_self_signed", "unknown", {f"{EVENTS}/self-signed-https-certificate-in-use": GONE}),
    Case("users_banned", "unknown", {f"{EVENTS}/faillock-user-banned": GONE}),
    Case("services_legacy", "unknown", {"services": GONE}),
    Case("memory", "unknown", {"system/memory": "0 kB total memory, 0 kB free (0 %)"}),
    Case("cpu_load", "unknown", {"system/cpuload": "busy"}),
    Case("system_resources", "unknown", {f"{EVENTS}/low-system-resources": GONE}),
    Case("firmware_floor", "unknown", {"/system-information/version": "osv"}),
    Case("firmware_update", "unknown", {"system/firmware/update": GONE}, profile="m300-7.06"),
    Case("configuration_changed", "unknown", {f"{EVENTS}/device-configuration-changed": GONE}),
    Case("recent_reboot", "unknown", {UPTIME: GONE}),
    Case(
        "status_age",
        "unknown",
        {"system/api-last-update": GONE, "system/current-time": GONE, "system/current-time-iso": GONE},
    ),
    Case("api_supported", "unknown", {"rest-api": GONE, "/system-information/API Version": GONE}),
    Case("alarm_led", "unknown", {"system/front-leds/led-alarm": GONE}),
    Case("notification_events", "unknown", {"notification/events": []}),
)
