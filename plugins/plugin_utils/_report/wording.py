# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and numbers of a report, the same in every format."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._base.sanitize import format_json
from ...module_utils._drift.comparison import SECRET_REASON
from .model import UNCHECKED_STATES, ReportNode, is_health_known

STATE_LABELS = {
    "clean": "clean",
    "checked": "checked",
    "drift": "drift",
    "not_checked": "not checked",
    "failed": "failed",
    "unreachable": "unreachable",
}
# Labels of the states of a clock.
CLOCK_LABELS: dict[str, str] = {
    "sync": "synchronized",
    "holdover": "holdover",
    "lost": "not synchronized",
    "unknown": "unknown",
}
FINDING_STATES = ("critical", "error", "warning")
# Labels of the states of a change.
CHANGE_LABELS = {
    "planned": "would change",
    "unchanged": "unchanged",
    "changed": "changed",
    "failed": "failed",
    "not_changed": "not changed",
    "unknown": "unknown",
}
_ROLLBACK_LABELS = {
    "not_needed": "the device is unchanged",
    "rolled_back": "rolled back",
    "rollback_failed": "the rollback failed",
    "off": "not rolled back",
}

# The address at the start of an error: before a path, or alone if it is no single word.
_ADDRESS = re.compile(r"\A\S+ (?=\S*/\S*: )|\A(?:[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+|\[?[0-9a-f]*:[0-9a-f:]+\]?): ")

_UNITS = (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1.0), ("ps", 1e-3))


def format_value(value: object, limit: int = 300) -> str:
    """A value as one line of JSON in which every invisible character is escaped."""
    return format_json(value, limit)


def format_count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun, such as 1 device or 3 devices."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def format_time(iso: str | None) -> str:
    """A time such as 2026-02-11 22:05:07 UTC."""
    return (iso or "never").replace("T", " ").replace("Z", " UTC")


def format_duration(nanoseconds: float) -> str:
    """A duration such as 100 ns or 2.5 µs."""
    for unit, size in _UNITS:
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def format_milliseconds(milliseconds: float) -> str:
    """A duration such as 192 ms or 1.2 s."""
    return format_duration(milliseconds * 1e6)


def format_quality(time: ReportNode | None) -> str | None:
    """The estimated time quality as an upper bound such as < 100 ns, or the device's token if it is not understood."""
    if time is None:
        return None
    if time["quality_ns"] is None:
        return str(time["quality_token"]) if time["quality_token"] else None
    return f"< {format_duration(time['quality_ns'])}"


def get_clock_state(time: ReportNode | None) -> str:
    """The state of a clock, a key of CLOCK_LABELS. Holdover takes precedence over what the device says about synchronization."""
    if time is None:
        return "unknown"
    if time["state"] == "holdover":
        return "holdover"
    if time["synchronized"] is None:
        return "unknown"
    return "sync" if time["synchronized"] else "lost"


def select_receiver(entry: ReportNode) -> ReportNode | None:
    """The receiver that the clock follows, otherwise the first one."""
    slot = (entry["time"] or {}).get("reference_slot")
    followed = [r for r in entry["receivers"] if slot is not None and r["slot"] == slot]
    return next(iter([*followed, *entry["receivers"]]), None)


def format_satellites(entry: ReportNode) -> str | None:
    """Satellites in use and in view, such as 9/16."""
    receiver = select_receiver(entry)
    if receiver is None or receiver["satellites_good"] is None:
        return None
    in_view = receiver["satellites_in_view"]
    return f"{receiver['satellites_good']}" + ("" if in_view is None else f"/{in_view}")


def format_uptime(entry: ReportNode) -> str | None:
    """The time since the start of the device, such as 12 d 3 h or 5 min."""
    seconds = (entry["device"] or {}).get("uptime_seconds")
    return None if seconds is None else format_days(seconds)


def format_days(seconds: float) -> str:
    """A duration such as 12 d 3 h, 3 h 5 min or 5 min."""
    minutes = int(seconds // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def format_modules(entry: ReportNode) -> str | None:
    """The families of the modules, such as CPU, GNS, 2 PSU."""
    return _format_counts([module["family"] or module["model"] or "unknown" for module in entry["modules"] or ()])


def format_ptp(entry: ReportNode) -> str | None:
    """The states of the PTP ports, such as faulty, 2 master."""
    return _format_counts([port["port_state"] or "unknown" for port in entry["ptp"] or ()])


def _format_counts(names: list[str]) -> str | None:
    counted = {name: names.count(name) for name in sorted(names)}
    return ", ".join(name if count == 1 else f"{count} {name}" for name, count in counted.items()) or None


def format_identity(entry: ReportNode) -> str:
    """Model and serial number."""
    device = entry["device"] or {}
    return " ".join(str(device[n]) for n in ("model", "serial_number") if device.get(n))


def format_state(report: ReportNode, entry: ReportNode) -> str:
    """The state of a host. A host is called clean only if all of its configuration that can be read was compared."""
    change = entry["change"]
    if change is not None and (entry["state"] == "checked" or change["state"] == "not_changed"):
        return CHANGE_LABELS[change["state"]]
    if entry["state"] == "checked" and report["checks"] == ["facts"]:
        return "read"
    if entry["state"] == "clean" and count_not_compared(entry["drift"]):
        return "no difference"
    return STATE_LABELS[entry["state"]]


def format_outcome(report: ReportNode) -> str:
    """The outcome of a report. Devices whose configuration was not compared are not called clean."""
    is_compared = report["summary"]["drift"] is not None
    return "no finding" if report["outcome"] == "clean" and not is_compared else str(report["outcome"])


def has_failed_change(entry: ReportNode) -> bool:
    """Whether a device should have been changed and was not, or not completely."""
    change = entry["change"]
    return change is not None and change["state"] in ("failed", "not_changed")


def is_unchecked(entry: ReportNode) -> bool:
    """Whether a host was not checked, or not completely. A failed change is no missing check."""
    return not has_failed_change(entry) and (entry["state"] in UNCHECKED_STATES or entry["reason"] is not None)


def list_unchecked(report: ReportNode) -> list[ReportNode]:
    """Entries of hosts that were not checked, or not completely."""
    return [entry for entry in report["hosts"] if is_unchecked(entry)]


def format_unchecked_state(entry: ReportNode) -> str:
    """The state of a host that was not checked, or not completely."""
    return STATE_LABELS[entry["state"]] if entry["state"] in UNCHECKED_STATES else "partial"


def format_unchecked_reason(entry: ReportNode) -> str:
    """Why a host was not checked, without the name at the start and the remedy at the end of its message."""
    text = str(entry["reason"] or "")
    remedy = (entry["error"] or {}).get("remedy")
    if remedy and text.endswith(f"; {remedy}."):
        text = text[: -len(remedy) - 3] + "."
    return text[len(entry["host"]) + 2 :] if text.startswith(f"{entry['host']}: ") else text


def format_shared_reason(entry: ReportNode) -> str:
    """The reason without the address of the device at its start, by which the reasons of several devices differ."""
    return _ADDRESS.sub("", format_unchecked_reason(entry))


def format_names(names: t.Sequence[str], limit: int = 3) -> str:
    """Names, the first ones if there are too many, such as a, b, c and 2 more."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def format_devices(names: t.Sequence[str], limit: int = 3) -> str:
    """Devices that something applies to, with their number if they are several: 199 devices: a, b, c and 196 more."""
    return names[0] if len(names) == 1 else f"{len(names)} devices: {format_names(names, limit)}"


def count_not_compared(drift: ReportNode) -> int:
    """How many settings of a device could not be compared, apart from secrets, which no device returns."""
    omitted: int = drift["not_compared_omitted"]
    return omitted + len([each for each in drift["not_compared"] if each["reason"] != SECRET_REASON])


def describe_health(health: ReportNode) -> str:
    """The worst state of the health checks of a device. A device on which none has a value is not called ok."""
    return str(health["worst"]) if is_health_known(health) else "unknown"


def list_findings(entry: ReportNode) -> list[ReportNode]:
    """The health checks that need attention, worst first.

    Checks without a value are one more finding, and only if the device is not healthy, as firmware differs in what it reports.
    """
    if entry["health"] is None:
        return []
    checks: list[ReportNode] = entry["health"]["checks"]
    findings = [check for check in checks if check["state"] in FINDING_STATES]
    silent = [check["name"] for check in checks if check["state"] == "unknown"]
    if silent and not entry["health"]["healthy"]:
        more = f" and {len(silent) - 12} more" if len(silent) > 12 else ""
        text = f"The device does not report: {', '.join(silent[:12])}{more}."
        nothing = dict.fromkeys(("subject", "value", "limit", "unit", "since", "remedy"))
        findings.append({**nothing, "name": "unknown", "state": "unknown", "message": text})
    return sorted(findings, key=rank_finding)


def rank_finding(check: ReportNode) -> int:
    """The place of a finding, the worst first."""
    return (*FINDING_STATES, "unknown").index(str(check["state"]))


def describe_change(entry: ReportNode) -> str:
    """The outcome of a change: changed, 3 operations, saved."""
    change = entry["change"]
    count = len(change["operations"]) + change["operations_omitted"]
    parts = [CHANGE_LABELS[change["state"]]]
    if count:
        parts.append(format_count(count, "operation"))
    if change["rollback"]:
        parts.append(_ROLLBACK_LABELS[change["rollback"]["state"]])
    if change["state"] == "changed" or (change["state"] == "failed" and count):
        parts.append({True: "saved", False: "not saved", None: "unknown whether saved"}[change["saved"]])
    return ", ".join(parts)


def describe_versions(report: ReportNode) -> str:
    """How many devices run which LTOS version."""
    counts: dict[str, int] = {}
    for entry in report["hosts"]:
        version = (entry["device"] or {}).get("firmware")
        if version:
            counts[version] = counts.get(version, 0) + 1
    if not counts:
        return "No device reported its LTOS version."
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    versions = ", ".join(f"{version} on {count}" for version, count in ordered[:8])
    more = f" and {len(ordered) - 8} more versions" if len(ordered) > 8 else ""
    return f"LTOS versions: {versions}{more}."
