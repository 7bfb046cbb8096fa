# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges of the system: storage, load, firmware, configuration, freshness, events that no other check accounts for.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import math
import typing as t

from .._tree import values
from .context import Finding, HealthContext, above, below, plain, told, worst
from .registry import CHECKED_EVENTS

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ALARMS = frozenset({"warning", "error", "critical"})
# Time zones differ by multiples of it.
_QUARTER_SECONDS = 900.0


def storage(look: HealthContext) -> Finding:
    limits = ((look.limit("storage_warning"), "warning"), (look.limit("storage_error"), "error"))
    found = []
    for mountpoint, entry in look.facts["storage"].items():
        used = entry["used_percent"]
        if used is not None:
            message = f"the file system {told(mountpoint)} is full to {used} %"
            found.append(above(used, limits, message, subject=told(mountpoint)))
    found.sort(key=lambda finding: -finding.value)
    return worst(found, Finding("unknown", "the device does not say how full its storage is"))


def memory(look: HealthContext) -> Finding:
    total, free = (look.facts["system"]["memory"][name] for name in ("total_bytes", "free_bytes"))
    if not total or free is None:
        return Finding("unknown", "the device does not say how much memory is free")
    percent = plain(round(100 * free / total, 1))
    limits = ((look.limit("memory_free_warning"), "warning"),)
    return below(percent, limits, f"of the memory, {percent} % are free")


def cpu_load(look: HealthContext) -> Finding:
    load = look.facts["system"]["cpu_load"]["five_minutes"]
    if load is None:
        return Finding("unknown", "the device does not say how busy it is")
    limits = ((look.limit("cpu_load_warning"), "warning"),)
    return above(load, limits, f"the mean load over five minutes is {plain(load)}")


def firmware_selected(look: HealthContext) -> Finding:
    running, selected = (look.facts["firmware"][name] for name in ("running", "selected"))
    if running is None or selected is None:
        return Finding("unknown", "the device does not say which firmware is selected")
    if running != selected:
        message = f"the device runs {told(running)}, but will start {told(selected)} next"
        return Finding("warning", message, told(running), told(selected))
    return Finding("ok", f"{told(running)} runs and is selected", told(running), told(selected))


def firmware_floor(look: HealthContext) -> Finding:
    version, floor = look.facts["min"]["firmware"]["version"], look.limit("firmware_minimum")
    order = values.compare_versions(version, floor)
    if order is None:
        return Finding("unknown", "the device does not show the version of its firmware", None, floor)
    level = "warning" if order < 0 else "ok"
    return Finding(level, f"the firmware is {told(version)}", told(version), floor)


def firmware_update(look: HealthContext) -> Finding:
    update = look.facts["firmware"]["update_status"]
    failed, waiting = look.event("auto-update-failed"), look.event("auto-update-avail")
    if failed.on:
        return Finding("error", "an automatic update has failed", since=failed.since)
    # A device that was never updated has no successful update either.
    if update["last_successful"] is False and update["last_started"] is not None:
        said = f": {told(update['last_error'])}" if update["last_error"] else ""
        return Finding("warning", f"the last update of the firmware has failed{said}", since=update["last_ended"])
    if update["in_progress"]:
        return Finding("info", "an update of the firmware is under way", since=update["last_started"])
    if waiting.on:
        return Finding("info", "an update of the firmware is available", since=waiting.since)
    if update["in_progress"] is None and not failed.known:
        return Finding("unknown", "the device does not say how its last update went")
    return Finding("ok", "no update has failed or is under way")


def pending_changes(look: HealthContext) -> Finding:
    count = look.facts["min"]["pending_changes"]
    if count is None:
        return Finding("unknown", "the device does not count its unsaved changes")
    if count > 0:
        return Finding("warning", f"the number of unsaved changes is {count}", count, 0)
    return Finding("ok", "no change is unsaved", count, 0)


def configuration_changed(look: HealthContext) -> Finding:
    event, window = look.event("device-configuration-changed"), look.limit("change_window")
    age = look.age(event.last)
    if not event.known:
        return Finding("unknown", "the device does not say when its configuration was changed")
    if event.on or (age is not None and age < window):
        message = f"the configuration was changed at {told(event.last)}"
        return Finding("info", message, None if age is None else plain(max(age, 0)), window, since=event.last)
    return Finding("ok", "the configuration was not changed lately", None, window)


def recent_reboot(look: HealthContext) -> Finding:
    uptime, window = look.facts["system"]["uptime_seconds"], look.limit("reboot_window")
    if uptime is None:
        return Finding("unknown", "the device does not say how long it has been up")
    message = f"the device has been up for {plain(uptime)} s"
    return below(uptime, ((window, "info"),), message)


def status_age(look: HealthContext) -> Finding:
    system = look.facts["system"]
    age = look.age(system["status_updated"])
    if age is None:
        age = look.age(system["current_time"])
        if age is not None and not -_QUARTER_SECONDS < age < _QUARTER_SECONDS:
            # One of these two times names its zone, the other one does not.
            age = math.remainder(age, _QUARTER_SECONDS)
    if age is None:
        return Finding("unknown", "the device does not say how old its status is")
    limits = ((look.limit("status_age_warning"), "warning"),)
    return above(abs(age), limits, f"the status is {plain(abs(age))} s old")


def api_supported(look: HealthContext) -> Finding:
    minimum = look.facts["min"]
    if minimum["api_version"] is None:
        return Finding("unknown", "the device does not show the version of its API")
    version = told(minimum["api_version"])
    if minimum["api_supported"]:
        return Finding("ok", f"the API {version} is known", version)
    return Finding("info", f"the API {version} is not known; it is read as well as it goes", version)


def alarm_led(look: HealthContext) -> Finding:
    led = look.facts["system"]["front_leds"].get("alarm")
    if led is None or led["lit"] is None:
        return Finding("unknown", "the device does not show its alarm LED")
    if led["lit"]:
        color = told(led["color"] or "lit")
        return Finding("warning", f"the alarm LED is {color}", color)
    return Finding("ok", "the alarm LED is dark")


def notification_events(look: HealthContext) -> Finding:
    events = look.facts["notification"]["events"]
    if not events:
        return Finding("unknown", "the device shows no events")
    found = []
    for name, event in events.items():
        kind = event["type"]
        # An event without a type may be anything; the known types info and action are no alarm.
        if event["triggered"] and name not in CHECKED_EVENTS and (kind is None or kind in _ALARMS):
            found.append(
                Finding(
                    kind or "warning",
                    f"the event {told(name)} is triggered",
                    subject=told(name),
                    since=event["last_triggered"],
                )
            )
    return worst(found, Finding("ok", "no other event of this severity is triggered", 0))


JUDGES: Mapping[str, Callable[[HealthContext], Finding]] = {
    judge.__name__: judge
    for judge in (
        storage,
        memory,
        cpu_load,
        firmware_selected,
        firmware_floor,
        firmware_update,
        pending_changes,
        configuration_changed,
        recent_reboot,
        status_age,
        api_supported,
        alarm_led,
        notification_events,
    )
}
