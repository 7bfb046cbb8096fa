# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the system: storage, load, firmware, configuration, freshness, and events without a check of their own."""

from __future__ import annotations

import math
import typing as t

from .._hardware.families import CONFIRMED, INFERRED
from .._tree import values
from .check import Check, Finding
from .context import (
    HealthContext,
    count_of,
    device_text,
    finding_above,
    finding_below,
    in_unknown_form,
    register,
    round_number,
    unknown_value,
    worst_finding,
)

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .context import RegisteredChecks

_ALARM_TYPES = frozenset({"warning", "error", "critical"})
# Offsets of time zones are multiples of it.
_QUARTER_SECONDS = 900.0

SYSTEM_CHECKS: RegisteredChecks = []


@register(
    SYSTEM_CHECKS,
    Check(
        "storage",
        "system",
        ("warning", "error"),
        "no file system is too full; 80 to 90 % of the flash in use is usual",
        "system.storage[].used-percent",
        CONFIRMED,
        "Remove old firmware and logs; on a full flash the configuration cannot be saved",
        unit="%",
        limits=("storage_warning", "storage_error"),
    ),
)
def check_storage(context: HealthContext) -> Finding:
    limits = ((context.limit("storage_warning"), "warning"), (context.limit("storage_error"), "error"))
    findings = []
    for mountpoint, mount in context.facts["storage"].items():
        used, name = mount["used_percent"], device_text(mountpoint)
        if used is None:
            message = (
                f"the device does not report how full the file system {name} is{in_unknown_form(mount, 'used_percent')}"
            )
            findings.append(Finding("unknown", message, subject=name))
        else:
            findings.append(finding_above(used, limits, f"{used} % of the file system {name} is in use", subject=name))
    findings.sort(key=lambda finding: -(finding.value or 0))
    return worst_finding(findings, Finding("unknown", "the device does not report how full its file systems are"))


@register(
    SYSTEM_CHECKS,
    Check(
        "memory",
        "system",
        ("warning",),
        "enough memory is free",
        "system.memory",
        CONFIRMED,
        "Check what runs on the device; restart it in a maintenance window",
        unit="%",
        limits=("memory_free_warning",),
    ),
)
def check_memory(context: HealthContext) -> Finding:
    total, free = (context.facts["system"]["memory"][name] for name in ("total_bytes", "free_bytes"))
    if not total or free is None:
        return unknown_value(context.facts["system"], "the device does not report how much memory is free", "memory")
    percent = round_number(round(100 * free / total, 1))
    limits = ((context.limit("memory_free_warning"), "warning"),)
    return finding_below(percent, limits, f"{percent} % of memory is free")


@register(
    SYSTEM_CHECKS,
    Check(
        "cpu_load",
        "system",
        ("warning",),
        "the mean load over five minutes is low enough",
        "system.cpuload",
        CONFIRMED,
        "Find out which clients send requests to the device so often",
        limits=("cpu_load_warning",),
    ),
)
def check_cpu_load(context: HealthContext) -> Finding:
    load = context.facts["system"]["cpu_load"]["five_minutes"]
    if load is None:
        return unknown_value(context.facts["system"], "the device does not report its load", "cpu_load")
    limits = ((context.limit("cpu_load_warning"), "warning"),)
    return finding_above(load, limits, f"the mean load over five minutes is {round_number(load)}")


@register(
    SYSTEM_CHECKS,
    Check(
        "system_resources",
        "system",
        ("warning",),
        "the device does not report low resources",
        "event low-system-resources",
        CONFIRMED,
        "Check storage, memory and load",
        events=("low-system-resources",),
    ),
)
def check_system_resources(context: HealthContext) -> Finding:
    event = context.event("low-system-resources")
    if event.on:
        return Finding("warning", "the device reports low resources", True, since=event.since)
    if not event.known:
        return Finding("unknown", "the device has no event low-system-resources")
    return Finding("ok", "the device does not report low resources", False)


@register(
    SYSTEM_CHECKS,
    Check(
        "firmware_selected",
        "system",
        ("warning",),
        "the running firmware is the one selected for the next start",
        "system.firmware.running and selected",
        CONFIRMED,
        "Restart the device in a maintenance window, or select the running firmware",
    ),
)
def check_firmware_selected(context: HealthContext) -> Finding:
    running, selected = (context.facts["firmware"][name] for name in ("running", "selected"))
    if running is None or selected is None:
        return Finding("unknown", "the device does not report which firmware is selected")
    running, selected = device_text(running), device_text(selected)
    if context.facts["firmware"]["running"] != context.facts["firmware"]["selected"]:
        message = f"firmware {running} is running, but {selected} is selected for the next start"
        return Finding("warning", message, running, selected)
    return Finding("ok", f"firmware {running} is running and selected", running, selected)


@register(
    SYSTEM_CHECKS,
    Check(
        "firmware_floor",
        "system",
        ("warning",),
        "the firmware is not older than the required version",
        "system-information.version, system.firmware.running",
        CONFIRMED,
        "Update the firmware",
        limits=("firmware_minimum",),
    ),
)
def check_firmware_floor(context: HealthContext) -> Finding:
    version, floor = context.facts["min"]["firmware"]["version"], context.limit("firmware_minimum")
    order = values.compare_versions(version, floor)
    if order is None:
        return Finding("unknown", "the device does not report the version of its firmware", None, floor)
    text = device_text(version)
    if order < 0:
        return Finding("warning", f"firmware {text} is older than {floor}", text, floor)
    return Finding("ok", f"the firmware version is {text}", text, floor)


@register(
    SYSTEM_CHECKS,
    Check(
        "firmware_update",
        "system",
        ("info", "warning", "error"),
        "the device reports its last update as successful, and no other one is in progress or available",
        "system.firmware.update, events auto-update-failed and auto-update-avail",
        CONFIRMED,
        "Read the device's message about the update",
        events=("auto-update-failed", "auto-update-avail"),
    ),
)
def check_firmware_update(context: HealthContext) -> Finding:
    update = context.facts["firmware"]["update_status"]
    failed, available = context.event("auto-update-failed"), context.event("auto-update-avail")
    if failed.on:
        return Finding("error", "an automatic update has failed", since=failed.since)
    trouble = _update_trouble(update)
    if trouble is not None:
        return trouble
    if update["in_progress"]:
        return Finding("info", "a firmware update is in progress", since=update["last_started"])
    if available.on:
        return Finding("info", "a firmware update is available", since=available.since)
    if update["last_successful"] is None or update["in_progress"] is None:
        message = "the device does not report the result of its last update"
        return unknown_value(update, message, "last_successful", "in_progress")
    if update["last_successful"] is False:
        return Finding("unknown", "the device reports no successful update, and neither a date nor an error")
    return Finding("ok", "no update has failed or is in progress")


def _update_trouble(update: Mapping[str, t.Any]) -> Finding | None:
    """The finding for a failed update. An image that the device refuses never starts, so it leaves a text and no dates."""
    reason = f": {device_text(update['last_error'])}" if update["last_error"] else ""
    dates = (update["last_started"], update["last_ended"], *update.get("unparsed", {}))
    if update["last_successful"] is False and (reason or any(dates)):
        return Finding("warning", f"the last firmware update has failed{reason}", since=update["last_ended"])
    if reason and update["last_successful"]:
        return Finding("info", f"the last firmware update was successful, but the device reports an error{reason}")
    return Finding("warning", f"the device reports an error of a firmware update{reason}") if reason else None


@register(
    SYSTEM_CHECKS,
    Check(
        "pending_changes",
        "system",
        ("warning",),
        "all changes are saved",
        "changes.pending-changes of the envelope",
        CONFIRMED,
        "Save or roll back with meinberg.lantime.lantime_changes",
    ),
)
def check_pending_changes(context: HealthContext) -> Finding:
    count = context.facts["min"]["pending_changes"]
    if count is None:
        return unknown_value(context.facts["min"], "the device does not report its unsaved changes", "pending_changes")
    if count > 0:
        return Finding("warning", f"the device has {count_of(count, 'unsaved change', 'unsaved changes')}", count, 0)
    return Finding("ok", "all changes are saved", count, 0)


@register(
    SYSTEM_CHECKS,
    Check(
        "configuration_changed",
        "system",
        ("info",),
        "the configuration was not changed within the window",
        "event device-configuration-changed",
        CONFIRMED,
        "Compare with your change log",
        unit="s",
        limits=("change_window",),
        events=("device-configuration-changed",),
    ),
)
def check_configuration_changed(context: HealthContext) -> Finding:
    event, window = context.event("device-configuration-changed"), context.limit("change_window")
    age = context.age(event.last)
    if not event.known:
        return Finding("unknown", "the device does not report when its configuration was changed")
    if event.on or (age is not None and age < window):
        at = f" at {device_text(event.last)}" if event.last else ""
        seconds = None if age is None else round_number(max(age, 0))
        return Finding("info", f"the configuration was changed{at}", seconds, window, since=event.last)
    unknown = context.unknown_time(event, "its configuration was changed")
    return unknown or Finding("ok", "the configuration was not changed recently", None, window)


@register(
    SYSTEM_CHECKS,
    Check(
        "recent_reboot",
        "system",
        ("info",),
        "the device did not restart recently",
        "system.uptime",
        CONFIRMED,
        "Find out why the device restarted, unless you restarted it",
        unit="s",
        limits=("reboot_window",),
        events=("system-reboot",),
    ),
)
def check_recent_reboot(context: HealthContext) -> Finding:
    uptime, window = context.facts["system"]["uptime_seconds"], context.limit("reboot_window")
    if uptime is None:
        return unknown_value(context.facts["system"], "the device does not report its uptime", "uptime_seconds")
    message = f"the device has been up for {round_number(uptime)} s"
    return finding_below(uptime, ((window, "info"),), message)


@register(
    SYSTEM_CHECKS,
    Check(
        "status_age",
        "system",
        ("warning",),
        "the status is up to date by the device's own clock",
        "system.api-last-update (before LTOS 7.10: system.current-time-iso), time-stamp of the envelope",
        INFERRED,
        "Restart the web service of the device if the status stays old",
        unit="s",
        limits=("status_age_warning",),
    ),
)
def check_status_age(context: HealthContext) -> Finding:
    system = context.facts["system"]
    age = context.age(system["status_updated"])
    if age is None:
        age = context.age(system["current_time"])
        if age is not None and not -_QUARTER_SECONDS < age < _QUARTER_SECONDS:
            # One of these two times has a zone, the other one does not.
            age = math.remainder(age, _QUARTER_SECONDS)
    if age is None:
        return Finding("unknown", "the device does not report the age of its status")
    limits = ((context.limit("status_age_warning"), "warning"),)
    return finding_above(abs(age), limits, f"the status is {round_number(abs(age))} s old")


@register(
    SYSTEM_CHECKS,
    Check(
        "api_supported",
        "system",
        ("info",),
        "this collection knows the API generation of the device",
        "rest-api.api-version",
        CONFIRMED,
        "Look for a newer version of the collection",
    ),
)
def check_api_supported(context: HealthContext) -> Finding:
    minimum = context.facts["min"]
    if minimum["api_version"] is None:
        return Finding("unknown", "the device does not report the version of its API")
    version = device_text(minimum["api_version"])
    if minimum["api_supported"]:
        return Finding("ok", f"API version {version} is supported", version)
    return Finding("info", f"API version {version} is unknown and read on a best-effort basis", version)


@register(
    SYSTEM_CHECKS,
    Check(
        "alarm_led",
        "system",
        ("warning",),
        "the alarm LED is off; the network LED is ignored, as it is red for unused ports",
        "system.front-leds.led-alarm",
        INFERRED,
        "Check the events of the device",
    ),
)
def check_alarm_led(context: HealthContext) -> Finding:
    led = context.facts["system"]["front_leds"].get("alarm")
    if led is None or led["lit"] is None:
        return Finding("unknown", "the device does not report the state of its alarm LED")
    if led["lit"]:
        color = device_text(led["color"] or "lit")
        return Finding("warning", f"the alarm LED is {color}", color)
    return Finding("ok", "the alarm LED is off")


@register(
    SYSTEM_CHECKS,
    Check(
        "notification_events",
        "system",
        ("warning", "error", "critical"),
        "no other event of this severity is triggered, including unknown ones",
        "notification.events[].triggered",
        CONFIRMED,
        "Look up the event in the device's manual",
    ),
)
def check_notification_events(context: HealthContext) -> Finding:
    events = context.facts["notification"]["events"]
    if not events:
        return Finding("unknown", "the device reports no events")
    findings = []
    for name, event in events.items():
        kind, subject = event["type"], device_text(name)
        # An event without a type can be anything; the known types info and action are not alarms.
        if name in context.checked_events or (kind is not None and kind not in _ALARM_TYPES):
            continue
        if event["triggered"] is None:
            message = f"the device does not report whether the event {subject} is triggered"
            findings.append(Finding("unknown", message + in_unknown_form(event, "triggered"), subject=subject))
        elif event["triggered"]:
            message = f"the event {subject} is triggered"
            findings.append(Finding(kind or "warning", message, subject=subject, since=event["last_triggered"]))
    return worst_finding(findings, Finding("ok", "no other event of this severity is triggered", 0))
