# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases for the checks of security, firmware, resources and configuration, in the form of `case_form`."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.case_form import EVENTS, UPTIME, Case, limit
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import GONE, before

FIRING: tuple[Case, ...] = (
    Case("notification_events", "warning", {f"{EVENTS}/of-the-future": {"triggered": 1}}),
    Case(
        "notification_events",
        "error",
        {},
        {"one": (1, ""), "two": (1, "")},
        result={"message": "The event one is triggered; also the event two is triggered."},
    ),
    Case(
        "certificate_expired",
        "critical",
        {},
        {"https-certificate-expired": (1, "")},
        result={"since": "2026-05-03T22:02:01Z"},
    ),
    Case("certificate_expiring", "warning", {}, {"https-certificate-expire-warning": (1, "")}),
    Case("certificate_self_signed", "warning", {}, {"self-signed-https-certificate-in-use": (1, "")}),
    Case("users_banned", "warning", {}, {"faillock-user-banned": (1, "")}),
    Case("users_banned", "warning", {}, {"faillock:-user-banned": (1, "")}, "m300-7.06"),
    Case(
        "users_banned", "info", {}, {"faillock-user-banned": (0, before(hours=2))}, result={"value": 7200, "unit": "s"}
    ),
    Case(
        "services_legacy",
        "warning",
        {"services/network/telnet/running": True},
        result={"subject": "telnet", "value": 1},
    ),
    Case(
        "services_legacy",
        "warning",
        {"services/network/ftp/running": True, "services/network/http/running": True},
        result={"value": 2},
    ),
    Case("services_legacy", "info", {"services/network/http/running": True}),
    Case("services_legacy", "info", {"services/network/daytime/running": True}),
    Case("services_legacy", "info", {"services/network/time/running": True}),
    Case(
        "storage",
        "warning",
        {"system/storage/dev_sda5/used-percent": 91},
        result={"value": 91, "limit": 90, "unit": "%", "subject": "/mnt/flash"},
    ),
    Case("storage", "error", {"system/storage/var/used-percent": 99}, result={"subject": "/var", "limit": 97}),
    Case(
        "memory",
        "warning",
        {"system/memory": "228428 kB total memory, 11421 kB free (5 %)"},
        result={"value": 5, "limit": 10},
    ),
    Case("cpu_load", "warning", {"system/cpuload": "0.10 4.20 3.00 9/99 77"}, result={"value": 4.2, "limit": 4}),
    Case("system_resources", "warning", {}, {"low-system-resources": (1, "")}),
    Case(
        "firmware_selected",
        "warning",
        {"system/firmware/selected": "fw_7.10.007"},
        result={"value": "7.10.012", "limit": "7.10.007"},
    ),
    Case(
        "firmware_floor",
        "warning",
        policy=limit(firmware_minimum="7.10.13"),
        result={"value": "7.10.012", "limit": "7.10.13"},
    ),
    Case("firmware_floor", "warning", policy=limit(firmware_minimum="fw_7.08.001"), profile="m300-7.06"),
    Case("firmware_update", "error", {}, {"auto-update-failed": (1, "")}),
    Case("firmware_update", "warning", {"system/firmware/update/last-update-successful": False}),
    Case("firmware_update", "info", {"system/firmware/update/update-in-progress": True}),
    Case("firmware_update", "info", {}, {"auto-update-avail": (1, "")}),
    Case("pending_changes", "warning", {"/changes/pending-changes": 3}, result={"value": 3, "limit": 0}),
    Case(
        "configuration_changed",
        "info",
        {},
        {"device-configuration-changed": (0, before(minutes=10))},
        result={"value": 600},
    ),
    Case("recent_reboot", "info", {UPTIME: 3599.5}, result={"value": 3599.5, "limit": 3600}),
    Case("status_age", "warning", {"system/api-last-update": before(seconds=61)}, result={"value": 61, "limit": 60}),
    Case("status_age", "warning", {"system/current-time-iso": "2026-05-04T03:00:00.000Z"}, profile="m300-7.06"),
    Case(
        "status_age",
        "warning",
        {"system/current-time-iso": "2026-05-04T02:50:00.000Z"},
        profile="m300-7.06",
        result={"value": 721},
    ),
    Case("api_supported", "info", {"rest-api/api-version": "23.01.001"}, result={"value": "23.01.001"}),
    Case(
        "alarm_led",
        "warning",
        {"system/front-leds/led-alarm/current-state": True, "system/front-leds/led-alarm/current-color": "red"},
        result={"value": "red"},
    ),
    Case("notification_events", "error", {}, {"ims-module-error": (1, "")}, result={"subject": "ims-module-error"}),
    Case("notification_events", "critical", {f"{EVENTS}/power-supply-failure": {"type": "critical", "triggered": 1}}),
    Case("notification_events", "warning", {f"{EVENTS}/trusted-source": {"type": "warning", "triggered": 1}}),
)

SILENT: tuple[Case, ...] = (
    Case("services_legacy", "ok", {"services/network/webshell/running": True}),
    Case("memory", "ok", {"system/memory": "1000 kB total memory, 100 kB free (10 %)"}),
    Case("cpu_load", "ok", {"system/cpuload": "9.00 4.00 9.00 9/99 77"}),
    Case("status_age", "ok", {"system/api-last-update": before(seconds=60)}),
    Case("recent_reboot", "ok", {UPTIME: 3600.0}),
    Case("certificate_expired", "ok", {}, {"https-certificate-expired": (0, before(minutes=1))}),
    Case("certificate_expiring", "ok", {}, {"https-certificate-expire-warning": (0, before(minutes=1))}),
    Case("certificate_self_signed", "ok", {}, {"self-signed-https-certificate-in-use": (0, before(minutes=1))}),
    Case("users_banned", "ok", {}, {"faillock-user-banned": (0, before(days=2))}),
    Case("storage", "ok", {"system/storage/dev_sda5/used-percent": 88}),
    Case("storage", "ok", {"system/storage/dev_sda5/used-percent": 90}),
    Case("firmware_selected", "ok", profile="m300-7.06"),
    Case("firmware_floor", "ok", policy=limit(firmware_minimum="7.10.12")),
    Case("firmware_update", "ok", profile="m300-7.06"),
    Case("configuration_changed", "ok", {}, {"device-configuration-changed": (0, before(days=2))}),
    Case("recent_reboot", "ok", {}, {"system-reboot": (0, before(minutes=5))}),
    Case("status_age", "ok", profile="m300-7.06"),
    Case("status_age", "ok", {"/system-information/time-stamp": "2026-05-04T05:02:01"}, profile="m300-7.06"),
    Case("alarm_led", "ok", {"system/front-leds/led-network/current-color": "red"}),
    Case("alarm_led", "ok", profile="m300-7.06"),
    Case("notification_events", "ok", {}, {"ims-module-error": (0, before(minutes=1)), "antenna-faulty": (1, "")}),
    Case("notification_events", "ok", {f"{EVENTS}/new-action": {"type": "action", "triggered": 1}}),
)

UNKNOWN: tuple[Case, ...] = (
    Case("firmware_selected", "unknown", {"system/firmware/running": GONE}),
    Case("certificate_expired", "unknown", {f"{EVENTS}/https-certificate-expired": GONE}),
    Case("pending_changes", "unknown", {"/changes": GONE}),
    Case("storage", "unknown", {"system/storage": GONE}),
    Case("firmware_selected", "unknown", {"system/firmware/selected": "unknown"}),
    Case("certificate_expiring", "unknown", {f"{EVENTS}/https-certificate-expire-warning": GONE}),
    Case("certificate_self_signed", "unknown", {f"{EVENTS}/self-signed-https-certificate-in-use": GONE}),
    Case("users_banned", "unknown", {f"{EVENTS}/faillock-user-banned": GONE}),
    Case("services_legacy", "unknown", {"services": GONE}),
    Case("memory", "unknown", {"system/memory": "0 kB total memory, 0 kB free (0 %)"}),
    Case("cpu_load", "unknown", {"system/cpuload": "busy"}),
    Case("system_resources", "unknown", {f"{EVENTS}/low-system-resources": GONE}),
    Case("firmware_floor", "unknown", {"/system-information/version": "osv"}),
    Case("firmware_update", "unknown", {"system/firmware/update": GONE}, profile="m300-7.06"),
    Case("firmware_update", "unknown", {"system/firmware/update/update-in-progress": GONE}),
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
