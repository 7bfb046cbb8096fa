# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and numbers of a report, the same in every format."""

from __future__ import annotations

import typing as t

from ...module_utils._base.sanitize import format_json
from ...module_utils._drift.comparison import SECRET_REASON
from ...module_utils._tree.secrets import MASK
from .model import UNCHECKED_STATES, ReportNode, is_effective_drift

_MAX_NAMED_HOSTS = 3

STATE_LABELS = {
    "clean": "clean",
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

_UNITS = (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1.0), ("ps", 1e-3))


class DiffLine(t.NamedTuple):
    """A line of a difference. sign: "-" for the device's value, "+" for the desired one, "@" for the menu, " " for a remark."""

    sign: str
    text: str


class NotCompared(t.NamedTuple):
    """A setting that was not compared, why, and on which devices."""

    path: str
    reason: str
    hosts: str


class SectionDrift(t.NamedTuple):
    """How many settings of a section differ, how many of these concern security, and in how many devices."""

    name: str
    differences: int
    security: int
    devices: int


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
    if seconds is None:
        return None
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
    """The state of a host. A host is called clean only if its configuration was compared."""
    if entry["state"] != "clean" or "drift" in report["checks"]:
        return STATE_LABELS[entry["state"]]
    return "checked" if "health" in report["checks"] else "read"


def format_unchecked_state(entry: ReportNode) -> str:
    """The state of a host that was not checked, or not completely."""
    return STATE_LABELS[entry["state"]] if entry["state"] in UNCHECKED_STATES else "partial"


def list_unchecked(report: ReportNode) -> list[ReportNode]:
    """Entries of hosts that were not checked, or not completely."""
    return [e for e in report["hosts"] if e["state"] in UNCHECKED_STATES or e["reason"] is not None]


def format_unchecked_reason(entry: ReportNode) -> str:
    """Why a host was not checked, without the name at the start and the remedy at the end of its message."""
    text = str(entry["reason"] or "")
    remedy = (entry["error"] or {}).get("remedy")
    if remedy and text.endswith(f"; {remedy}."):
        text = text[: -len(remedy) - 3] + "."
    return text[len(entry["host"]) + 2 :] if text.startswith(f"{entry['host']}: ") else text


def list_drift(report: ReportNode, entry: ReportNode) -> list[ReportNode]:
    """The differences of a host that count as drift."""
    return [d for d in _list_differences(entry) if is_effective_drift(d, report["generated"])]


def list_accepted(report: ReportNode, entry: ReportNode) -> list[ReportNode]:
    """The differences of a host that are accepted at the time of the report."""
    return [d for d in _list_differences(entry) if not is_effective_drift(d, report["generated"])]


def _list_differences(entry: ReportNode) -> list[ReportNode]:
    return entry["drift"]["differences"] if entry["drift"] else []


def list_not_compared(report: ReportNode) -> list[NotCompared]:
    """What was not compared, once for all devices with the same path and reason."""
    hosts: dict[tuple[str, str], list[str]] = {}
    for entry in report["hosts"]:
        for each in (entry["drift"] or {}).get("not_compared", ()):
            hosts.setdefault((each["path"], each["reason"] or "unknown"), []).append(entry["host"])
    return [NotCompared(path, reason, _join_names(names)) for (path, reason), names in sorted(hosts.items())]


def _join_names(names: list[str]) -> str:
    more = f" and {len(names) - _MAX_NAMED_HOSTS} more" if len(names) > _MAX_NAMED_HOSTS else ""
    return ", ".join(names[:_MAX_NAMED_HOSTS]) + more


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
    ranks = (*FINDING_STATES, "unknown")
    return sorted(findings, key=lambda check: ranks.index(check["state"]))


def summarize_report(report: ReportNode) -> list[tuple[str, str]]:
    """(level, sentence) with level alarm, warning or good. Alarms say what could not be checked and come first."""
    summary = report["summary"]
    total = summary["hosts"]
    if not total:
        return [("alarm", "No device was checked.")]
    unchecked = sum(summary[state] for state in UNCHECKED_STATES)
    sentences = []
    if unchecked:
        parts = ", ".join(f"{summary[s]} {STATE_LABELS[s]}" for s in UNCHECKED_STATES if summary[s])
        sentences.append(("alarm", f"{unchecked} of {format_count(total, 'device')} could not be checked: {parts}."))
    if summary["incomplete"]:
        text = f"{format_count(summary['incomplete'], 'device was', 'devices were')} only partly checked."
        sentences.append(("alarm", text))
    return [*sentences, *_summarize_checked(report, total - unchecked)]


def _summarize_checked(report: ReportNode, checked: int) -> t.Iterator[tuple[str, str]]:
    summary = report["summary"]
    is_complete = checked == summary["hosts"]
    every = "Every device" if is_complete else f"Each of the {checked} checked devices"
    if summary["drift"]:
        settings = sum(len(list_drift(report, entry)) for entry in report["hosts"])
        devices = f"{summary['drift']} of {format_count(checked, 'checked device')}"
        verb = "differs" if summary["drift"] == 1 else "differ"
        yield "warning", f"{devices} {verb} in {format_count(settings, 'setting')}."
    if summary["unhealthy"]:
        yield "warning", f"{format_count(summary['unhealthy'], 'device is', 'devices are')} not healthy."
    if checked and not summary["drift"] and "drift" in report["checks"]:
        skipped = sum(entry.reason != SECRET_REASON for entry in list_not_compared(report))
        apart = f", apart from {format_count(skipped, 'setting')} that could not be compared" if skipped else ""
        yield "good", f"{every} is configured as it should be{apart}."
    if checked and not summary["unhealthy"] and "health" in report["checks"]:
        yield "good", f"{every} is healthy."
    if is_complete and report["checks"] == ["facts"]:
        yield "good", "Every device was read."


def describe_reference(mode: str) -> str:
    """What devices are compared with."""
    return "the majority of its peers" if mode == "consensus" else "the golden configuration"


def list_diff_lines(differences: t.Sequence[ReportNode], limit: int = 300) -> list[DiffLine]:
    """Differences in the style of a unified diff, with a heading for each menu."""
    lines: list[DiffLine] = []
    menu: str | None = None
    for difference in sorted(differences, key=lambda d: tuple(d["path"].split("/"))):
        parent, dummy, name = difference["path"].rpartition("/")
        if parent != menu:
            menu = parent
            lines.append(DiffLine("@", parent or "/"))
        lines += _diff_lines_of(difference, name, limit)
    return lines


def _diff_lines_of(difference: ReportNode, name: str, limit: int) -> t.Iterator[DiffLine]:
    if difference["op"] != "add":
        yield DiffLine("-", f"{name}: {_format_masked(difference['before'], limit)}")
    if difference["op"] != "remove":
        yield DiffLine("+", f"{name}: {_format_masked(difference['after'], limit)}")
    remark = format_remark(difference)
    if remark:
        yield DiffLine(" ", remark)


def _format_masked(value: object, limit: int) -> str:
    return MASK if value == MASK else format_value(value, limit)


def format_remark(difference: ReportNode) -> str:
    """Remarks on a difference: secrets, security, peers, acceptance."""
    parts = []
    if MASK in (difference["before"], difference["after"]):
        parts.append("secret, not shown")
    if difference["class"] == "security":
        parts.append("concerns security")
    peers = difference["peers"]
    if peers and peers["of"]:
        parts.append(f"{peers['agree']} of {peers['of']} peers agree")
    for name, label in (("accepted", "accepted"), ("expired", "was accepted")):
        acceptance = difference[name]
        if acceptance:
            until = f" until {acceptance['until']}" if acceptance["until"] else ""
            reason = f": {acceptance['reason']}" if acceptance["reason"] else ""
            parts.append(f"{label}{until}{reason}")
    return "; ".join(parts)


def count_by_section(report: ReportNode) -> list[SectionDrift]:
    """What counts as drift in each section, the section with the most differences first."""
    counts: dict[str, list[int]] = {}
    for entry in report["hosts"]:
        seen = set()
        for difference in list_drift(report, entry):
            row = counts.setdefault(difference["section"], [0, 0, 0])
            row[0] += 1
            row[1] += difference["class"] == "security"
            row[2] += difference["section"] not in seen
            seen.add(difference["section"])
    sections = [SectionDrift(name, *row) for name, row in counts.items()]
    return sorted(sections, key=lambda section: (-section.differences, section.name))


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
