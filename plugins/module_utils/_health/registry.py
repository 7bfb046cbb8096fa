# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of health and their thresholds: one table for code, documentation and tests.

Names of the device's fields are paths below the status node. A mark says how sure it is that the field is there and means
what the check takes it for: CONFIRMED by recordings or by the vendor, INFERRED from them, or an ASSUMPTION.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

PROFILES = ("telecom", "finance", "broadcast", "power", "it")
"""Kinds of use, in the order of the defaults of a threshold."""

LEVELS = ("info", "warning", "error", "critical")
"""Severities, mildest first. A finding of `info` is no alarm."""

CONFIRMED = "CONFIRMED"
INFERRED = "INFERRED"
ASSUMPTION = "ASSUMPTION"


class Check(t.NamedTuple):
    """One check.

    levels: the severities that its findings have.  looks_at: what must be so, as one clause.  source: fields of the device.
    unit: of value and limit.  limits: names of thresholds.  expects: members of the option expected.  events: events of the device
    that it accounts for, by canonical name.  essential: a device that does not say it is not healthy.
    """

    name: str
    group: str
    levels: tuple[str, ...]
    looks_at: str
    source: str
    mark: str
    remedy: str
    unit: str | None = None
    limits: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    essential: bool = False


class Limit(t.NamedTuple):
    """One threshold. defaults: by profile, in the order of PROFILES; numbers, or a version."""

    name: str
    unit: str | None
    meaning: str
    defaults: tuple[t.Any, ...]


def _same(value: t.Any) -> tuple[t.Any, ...]:
    return (value,) * len(PROFILES)


_WARNING = ("warning",)
_CRITICAL = ("critical",)
_SYNC = "system.sync-status"
_MODULE = "chassis0.slots[].module"

GROUPS = {
    "sync": "Time of the device",
    "reference": "Antenna, receivers and reference clocks",
    "leap": "Leap seconds and the offset to TAI",
    "ntp": "NTP and PTP service",
    "fleet": "Cluster, SyncTeam and SyncMon",
    "hardware": "Power, fans, temperature, modules and ports",
    "security": "Certificates, log-ins and services",
    "system": "Firmware, resources and configuration",
}
"""Groups of checks and their titles."""


CHECKS: tuple[Check, ...] = (
    Check(
        "time_synchronized",
        "sync",
        ("warning", "critical"),
        "the clock that the device follows is synchronised; holdover is a warning, and so is a lack of synchronisation for the time of grace",
        f"{_SYNC}.clock-status.clock",
        CONFIRMED,
        "Look at antenna, receiver and reference; after a restart give the device some minutes",
        limits=("sync_grace", "warm_up"),
        essential=True,
    ),
    Check(
        "estimated_quality",
        "sync",
        ("warning", "critical"),
        "the device estimates its own time to be good enough",
        f"{_SYNC}.est-time-quality",
        CONFIRMED,
        "Find out since when the clock has been without a good reference",
        unit="ns",
        limits=("quality_warning", "quality_critical"),
    ),
    Check(
        "holdover",
        "sync",
        ("warning", "critical"),
        "the device is not in holdover, and if it is, not for longer than its oscillator is trusted",
        f"{_SYNC}.clock-status.clock, {_SYNC}.holdover-status.time-elapsed",
        INFERRED,
        "Bring the reference back before the budget is used up, or take the device out of service",
        unit="s",
        limits=("holdover_budget",),
    ),
    Check(
        "oscillator_warmed_up",
        "sync",
        ("info", "warning"),
        "the oscillator is warm; a cold one is no alarm while a restart is recent",
        f"{_SYNC}.clock-status.oscillator",
        CONFIRMED,
        "If it stays cold long after a restart, have the clock module checked",
        unit="s",
        limits=("warm_up",),
    ),
    Check(
        "oscillator_adjusted",
        "sync",
        ("info", "warning"),
        "the oscillator is adjusted to the reference; no alarm while a restart is recent",
        "event oscillator-not-adjusted (LTOS 7.10)",
        CONFIRMED,
        "Wait until the device has followed its reference for a while; then look at the reference",
        unit="s",
        limits=("warm_up",),
        events=("oscillator-not-adjusted",),
    ),
    Check(
        "external_holdover",
        "sync",
        ("error",),
        "an external rubidium shelf, if there is one, reports no fault",
        "chassis-xhe[].xhe-sys-status, chassis-xhe[].xhe-psu-status",
        INFERRED,
        "Look at the shelf: supply, temperature and cell",
    ),
    Check(
        "antenna",
        "reference",
        _CRITICAL,
        "every antenna is connected and has no short circuit",
        f"{_SYNC}.clock-status.antenna, {_MODULE}.*.antenna, events antenna-faulty and antenna-short-circuit",
        CONFIRMED,
        "Check antenna, cable, connectors and surge arrester",
        events=("antenna-faulty", "antenna-short-circuit"),
    ),
    Check(
        "satellites",
        "reference",
        ("warning", "critical"),
        "every GNSS receiver has enough good satellites",
        f"{_MODULE}.satellites.good-satellites",
        CONFIRMED,
        "Look for something that shades the antenna, and for interference",
        limits=("satellites_warning", "satellites_critical"),
    ),
    Check(
        "receiver",
        "reference",
        ("warning", "error"),
        "every receiver, and every one that is expected, is synchronised to its signal",
        f"{_MODULE}.*.receiver-status, {_MODULE}.*.receiver.synchronized, {_MODULE}.dcf77.pcps.syncd",
        CONFIRMED,
        "Look at the antenna and the signal of this receiver",
        limits=("sync_grace", "warm_up"),
        expects=("receivers",),
    ),
    Check(
        "reference_clock_responding",
        "reference",
        _CRITICAL,
        "every reference clock answers the processor",
        "events refclock-1-not-responding and refclock-2-not-responding",
        INFERRED,
        "Reseat or replace the clock module",
        events=("refclock-1-not-responding", "refclock-2-not-responding"),
    ),
    Check(
        "reference_clock_synchronized",
        "reference",
        ("warning", "error"),
        "every reference clock, the redundant one too, is synchronised; holdover is a warning",
        f"{_MODULE}.sync-status.clock-status.clock, events refclock-1-not-sync and refclock-2-not-sync",
        INFERRED,
        "Look at the references of this clock",
        limits=("sync_grace", "warm_up"),
        events=("refclock-1-not-sync", "refclock-2-not-sync"),
    ),
    Check(
        "position",
        "reference",
        ("warning", "critical"),
        "the position is where it is expected; receivers of one device that disagree are a warning",
        f"{_MODULE}.satellites.latitude and longitude, system.position",
        CONFIRMED,
        "A fixed antenna does not move: suspect spoofing or interference, compare with other receivers",
        unit="m",
        limits=("position_tolerance",),
        expects=("position",),
    ),
    Check(
        "leap_second_announced",
        "leap",
        ("info",),
        "no leap second is announced",
        f"{_SYNC}.leapsecond-announced, event leapsecond-announced, ntp[sys].leap, {_MODULE}.dcf77.pcps.ls-ann",
        CONFIRMED,
        "Check that the announcement is real, and that all servers carry it",
        events=("leapsecond-announced",),
    ),
    Check(
        "leap_agreement",
        "leap",
        _CRITICAL,
        "clock and NTP agree on the announcement, and it is the expected one",
        f"{_SYNC}.leapsecond-announced, ntp[sys].leap, ntp[sys].leapsec",
        INFERRED,
        "Find the source of the wrong announcement before the end of the month",
        expects=("leap_second",),
    ),
    Check(
        "leap_file_expiry",
        "leap",
        ("info", "warning", "error"),
        "the leap second file is valid; milder where GNSS brings the announcement",
        "ntp[sys].expire",
        CONFIRMED,
        "Load a new leap second file, or have the device fetch it",
        unit="d",
        limits=("leap_file_warning",),
    ),
    Check(
        "tai_offset",
        "leap",
        ("error",),
        "NTP and PTP have the same offset of TAI to UTC, and it is the expected one",
        f"ntp[sys].tai, {_MODULE}.ptp.instances[].utc-offset",
        INFERRED,
        "Load a current leap second file and look at the UTC parameters of the receiver",
        unit="s",
        expects=("tai_offset",),
    ),
    Check(
        "ntp_service",
        "ntp",
        _CRITICAL,
        "the NTP service runs",
        "services.network.ntp.running, event ntp-stopped",
        CONFIRMED,
        "Start NTP on an interface, or look at the log of the device",
        events=("ntp-stopped",),
    ),
    Check(
        "ntp_synchronized",
        "ntp",
        ("warning", "critical"),
        "NTP follows a system peer; a warning only for the time of grace",
        "ntp[].status-peer-selection, ntp[sys].leap, ntp[sys].stratum, event ntp-not-sync",
        CONFIRMED,
        "Look at the reference clock and the peers; NTP needs some minutes after a restart",
        limits=("sync_grace", "warm_up"),
        events=("ntp-not-sync",),
    ),
    Check(
        "ntp_stratum",
        "ntp",
        ("warning", "critical"),
        "the stratum is low enough; 12 is the local clock by default, 16 is no time at all",
        "ntp[sys].stratum",
        CONFIRMED,
        "Look for the reference that NTP has lost",
        limits=("stratum_warning", "stratum_critical"),
    ),
    Check(
        "ntp_offset",
        "ntp",
        ("warning", "critical"),
        "the offset of NTP to its system peer is small, and below the limit set on the device",
        "ntp[].offset, event ntp-offset-limit-exceeded",
        INFERRED,
        "Look at load and temperature of the device, and at the peer",
        unit="ns",
        limits=("offset_warning", "offset_critical"),
        events=("ntp-offset-limit-exceeded",),
    ),
    Check(
        "ntp_reachability",
        "ntp",
        ("warning", "error"),
        "NTP reaches its own reference clock and its external servers; the register reach is not used, as LTOS 7.06 leaves it at 0",
        "ntp[].status-peer-reach-ok",
        CONFIRMED,
        "Check the network to this server, or the clock module",
    ),
    Check(
        "ntp_falseticker",
        "ntp",
        _WARNING,
        "NTP takes no peer for a falseticker",
        "ntp[].status-peer-selection",
        INFERRED,
        "Compare this peer with others, and remove it if it is wrong",
    ),
    Check(
        "ntp_authentication",
        "ntp",
        _WARNING,
        "peers that are to be authenticated are",
        "ntp[].status-peer-auth-enabled, ntp[].status-peer-auth-ok",
        INFERRED,
        "Compare key number and key on both sides",
    ),
    Check(
        "ptp_ports",
        "ntp",
        ("error",),
        "no PTP port is faulty",
        f"{_MODULE}.ptp.instances[].port-state",
        ASSUMPTION,
        "Look at link and settings of this PTP port",
    ),
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
    Check(
        "syncteam",
        "fleet",
        _WARNING,
        "all members of the SyncTeam are online",
        "syncteam.operational-mode, syncteam.offline-members",
        CONFIRMED,
        "Look at the members that are offline",
    ),
    Check(
        "syncmon",
        "fleet",
        _WARNING,
        "SyncMon sees no monitored node beyond its limit",
        "event sync-monitor-alert, syncmon.nodes[].offset and offset-limit (an ASSUMPTION)",
        CONFIRMED,
        "Look at the monitored node",
        events=("sync-monitor-alert",),
    ),
    Check(
        "power_supplies",
        "hardware",
        _CRITICAL,
        "every fitted power supply has power, and the expected number is there; an empty bay is no fault",
        f"{_MODULE}.power-available",
        CONFIRMED,
        "Check mains and fuse of this supply, or replace it",
        expects=("power_supplies",),
    ),
    Check(
        "fans",
        "hardware",
        _CRITICAL,
        "every fan turns, and the expected number is there",
        f"{_MODULE}.fan-state and fan-error",
        ASSUMPTION,
        "Replace the fan",
        expects=("fans",),
    ),
    Check(
        "temperature",
        "hardware",
        ("warning", "critical"),
        "no sensor is too hot; one that reads 0.0 is not there",
        f"{_MODULE}.info.sensors",
        CONFIRMED,
        "Check fans, filters and the temperature of the room",
        unit="°C",
        limits=("temperature_warning", "temperature_critical"),
    ),
    Check(
        "modules",
        "hardware",
        ("error",),
        "the expected slots have a module",
        "chassis0.slots[].module",
        CONFIRMED,
        "Reseat or replace the module, or correct expected",
        expects=("modules",),
    ),
    Check(
        "network_ports",
        "hardware",
        ("info", "error"),
        "the expected ports have a link; without such a list a missing link is a piece of information only",
        "network.ports[].link, event network-link-down",
        CONFIRMED,
        "Check cable, switch and port",
        expects=("ports",),
        events=("network-link-down",),
    ),
    Check(
        "certificate_expired",
        "security",
        _CRITICAL,
        "the certificate of the web service has not expired",
        "event https-certificate-expired",
        CONFIRMED,
        "Install a new certificate",
        events=("https-certificate-expired",),
    ),
    Check(
        "certificate_expiring",
        "security",
        _WARNING,
        "the device does not warn that its certificate expires soon",
        "event https-certificate-expire-warning",
        CONFIRMED,
        "Renew the certificate",
        events=("https-certificate-expire-warning",),
    ),
    Check(
        "certificate_self_signed",
        "security",
        _WARNING,
        "the certificate is not self-signed",
        "event self-signed-https-certificate-in-use",
        CONFIRMED,
        "Install a certificate of your authority, or pin this one and skip the check",
        events=("self-signed-https-certificate-in-use",),
    ),
    Check(
        "users_banned",
        "security",
        ("info", "warning"),
        "no user is locked out; a lock-out within the window is a piece of information",
        "event faillock-user-banned",
        CONFIRMED,
        "Find out who tried wrong passwords, and correct your own before you try again",
        unit="s",
        limits=("ban_window",),
        events=("faillock-user-banned",),
    ),
    Check(
        "services_legacy",
        "security",
        ("info", "warning"),
        "services of the past are off: telnet and ftp are a warning, http, time and daytime a piece of information",
        "services.network.*.running",
        CONFIRMED,
        "Switch the service off on all interfaces",
    ),
    Check(
        "storage",
        "system",
        ("warning", "error"),
        "no file system is too full; a flash of 80 to 90 % is usual",
        "system.storage[].used-percent",
        CONFIRMED,
        "Remove old firmware and logs; a full flash keeps the configuration from being saved",
        unit="%",
        limits=("storage_warning", "storage_error"),
    ),
    Check(
        "memory",
        "system",
        _WARNING,
        "enough memory is free",
        "system.memory",
        CONFIRMED,
        "Look at what runs on the device; restart it in a maintenance window",
        unit="%",
        limits=("memory_free_warning",),
    ),
    Check(
        "cpu_load",
        "system",
        _WARNING,
        "the mean load over five minutes is low enough",
        "system.cpuload",
        CONFIRMED,
        "Look at who asks the device so often",
        limits=("cpu_load_warning",),
    ),
    Check(
        "system_resources",
        "system",
        _WARNING,
        "the device does not complain of low resources",
        "event low-system-resources",
        CONFIRMED,
        "Look at storage, memory and load",
        events=("low-system-resources",),
    ),
    Check(
        "firmware_selected",
        "system",
        _WARNING,
        "the firmware that runs is the one selected for the next start",
        "system.firmware.running and selected",
        CONFIRMED,
        "Restart the device in a maintenance window, or select the firmware that runs",
    ),
    Check(
        "firmware_floor",
        "system",
        _WARNING,
        "the firmware is not older than the floor",
        "system-information.version, system.firmware.running",
        CONFIRMED,
        "Update the firmware",
        limits=("firmware_minimum",),
    ),
    Check(
        "firmware_update",
        "system",
        ("info", "warning", "error"),
        "no update has failed, is under way or is waiting",
        "system.firmware.update, events auto-update-failed and auto-update-avail",
        CONFIRMED,
        "Look at the device's message on the update",
        events=("auto-update-failed", "auto-update-avail"),
    ),
    Check(
        "pending_changes",
        "system",
        _WARNING,
        "no change is unsaved",
        "changes.pending-changes of the envelope",
        CONFIRMED,
        "Save or roll back with meinberg.lantime.lantime_changes",
    ),
    Check(
        "configuration_changed",
        "system",
        ("info",),
        "the configuration was not changed within the window",
        "event device-configuration-changed",
        CONFIRMED,
        "Compare with your change log: was it you?",
        unit="s",
        limits=("change_window",),
        events=("device-configuration-changed",),
    ),
    Check(
        "recent_reboot",
        "system",
        ("info",),
        "the device did not restart lately",
        "system.uptime",
        CONFIRMED,
        "Find out why it restarted, if it was not you",
        unit="s",
        limits=("reboot_window",),
        events=("system-reboot",),
    ),
    Check(
        "status_age",
        "system",
        _WARNING,
        "the status is fresh by the device's own time",
        "system.api-last-update (before LTOS 7.10: system.current-time-iso), time-stamp of the envelope",
        INFERRED,
        "Restart the web service of the device if it stays so",
        unit="s",
        limits=("status_age_warning",),
    ),
    Check(
        "api_supported",
        "system",
        ("info",),
        "the generation of the API is one that this collection knows",
        "rest-api.api-version",
        CONFIRMED,
        "Look for a newer version of the collection",
    ),
    Check(
        "alarm_led",
        "system",
        _WARNING,
        "the alarm LED is dark; the network LED is not looked at, as it is red for unused ports",
        "system.front-leds.led-alarm",
        INFERRED,
        "Look at the events of the device",
    ),
    Check(
        "notification_events",
        "system",
        ("warning", "error", "critical"),
        "no other event of this severity is triggered; unknown ones count too",
        "notification.events[].triggered",
        CONFIRMED,
        "Look up the event in the device's manual",
    ),
)

CHECK_LIMITS: tuple[Limit, ...] = (
    Limit(
        "sync_grace",
        "s",
        "lack of synchronisation is a warning only for this long; not while O(wait) waits",
        _same(600),
    ),
    Limit("warm_up", "s", "the same after a restart; a cold oscillator is no alarm for this long", _same(1800)),
    Limit("quality_warning", "ns", "estimated quality above it", (100, 10_000, 1_000, 1_000, 100_000)),
    Limit("quality_critical", "ns", "estimated quality above it", (1_000, 100_000, 10_000, 10_000, 10_000_000)),
    Limit(
        "holdover_budget",
        "s",
        "time in holdover above it; the default is for an ocxo-hq",
        (14_400, 43_200, 43_200, 43_200, 259_200),
    ),
    Limit("satellites_warning", None, "fewer good satellites", _same(6)),
    Limit("satellites_critical", None, "fewer good satellites", _same(4)),
    Limit("position_tolerance", "m", "further away", _same(100)),
    Limit("leap_file_warning", "d", "valid for fewer days", _same(30)),
    Limit("stratum_warning", None, "stratum above it", _same(1)),
    Limit("stratum_critical", None, "stratum above it", (2, 2, 2, 2, 4)),
    Limit("offset_warning", "ns", "offset above it", (10_000, 50_000, 100_000, 100_000, 1_000_000)),
    Limit("offset_critical", "ns", "offset above it", (20_000, 100_000, 500_000, 1_000_000, 10_000_000)),
    Limit("temperature_warning", "°C", "hotter", _same(65)),
    Limit("temperature_critical", "°C", "hotter", _same(75)),
    Limit("ban_window", "s", "lock-outs within it are shown", _same(86_400)),
    Limit("storage_warning", "%", "fuller", _same(90)),
    Limit("storage_error", "%", "fuller", _same(97)),
    Limit("memory_free_warning", "%", "less memory free", _same(10)),
    Limit("cpu_load_warning", None, "load above it", _same(4)),
    Limit(
        "firmware_minimum", None, "an older version (7.00.004 mended the last published advisory)", _same("7.00.004")
    ),
    Limit("change_window", "s", "changes within it are shown", _same(86_400)),
    Limit("reboot_window", "s", "a shorter uptime is shown", _same(3_600)),
    Limit("status_age_warning", "s", "status older", _same(60)),
)


# How much of `holdover_budget` an oscillator gets. The order of the types is known, the factors are an ASSUMPTION; a
# type that is not listed gets what the second worst gets.
HOLDOVER_FACTORS = {
    "tcxo": 0.1,
    "ocxo-lq": 0.2,
    "ocxo-sq": 0.3,
    "ocxo-mq": 0.5,
    "ocxo-hq": 1.0,
    "ocxo-dhq": 2.0,
    "rubidium": 6.0,
}
HOLDOVER_FACTOR_OF_OTHERS = 0.2

BY_NAME: dict[str, Check] = {check.name: check for check in CHECKS}
LIMITS_BY_NAME: dict[str, Limit] = {limit.name: limit for limit in CHECK_LIMITS}
CHECKED_EVENTS: frozenset[str] = frozenset(event for check in CHECKS for event in check.events)
"""Events that a check of their own accounts for."""
