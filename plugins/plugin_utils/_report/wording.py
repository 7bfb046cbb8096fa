# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and numbers of a report, the same in every format.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import json
import typing as t

from ...module_utils._tree.secrets import MASK
from .model import UNCHECKED_STATES, ReportNode, is_effective_drift

STATE_LABELS = {
    "clean": "clean",
    "drift": "drift",
    "not_checked": "not checked",
    "failed": "failed",
    "unreachable": "unreachable",
}
# States of a device's clock.
CLOCK_LABELS: dict[str, str] = {
    "sync": "synchronised",
    "holdover": "holdover",
    "lost": "not synchronised",
    "unknown": "not known",
}
FINDING_STATES = ("critical", "error", "warning")

_UNITS = (("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1.0), ("ps", 1e-3))


class DiffLine(t.NamedTuple):
    """One line of a difference. sign: C(-) as the device has it, C(+) as it should be, C(@) the menu, a blank for a remark."""

    sign: str
    text: str


class SectionDrift(t.NamedTuple):
    """How many settings of a section differ, how many of these concern security, and in how many devices."""

    name: str
    differences: int
    security: int
    devices: int


def format_value(value: object, limit: int = 300) -> str:
    """A value as one line of JSON in which every invisible character is written out."""
    raw = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = raw[: limit + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escape_character(c) for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _escape_character(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def format_count(number: int, one: str, many: str | None = None) -> str:
    """C(1 device), C(3 devices)."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def format_time(iso: str | None) -> str:
    """C(2026-02-11 22:05:07 UTC)."""
    return (iso or "never").replace("T", " ").replace("Z", " UTC")


def format_duration(nanoseconds: float) -> str:
    """C(100 ns), C(2.5 µs)."""
    for unit, size in _UNITS:
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def format_quality(time: ReportNode | None) -> str | None:
    """The estimated time quality, an upper bound: C(< 100 ns); the device's token where it cannot be read."""
    if time is None:
        return None
    if time["quality_ns"] is None:
        return str(time["quality_token"]) if time["quality_token"] else None
    return f"< {format_duration(time['quality_ns'])}"


def get_clock_state(time: ReportNode | None) -> str:
    """A key of LEDS. A device in holdover keeps time by its oscillator alone, whatever else it says."""
    if time is None:
        return "unknown"
    if time["state"] == "holdover":
        return "holdover"
    if time["synchronized"] is None:
        return "unknown"
    return "sync" if time["synchronized"] else "lost"


def select_receiver(entry: ReportNode) -> ReportNode | None:
    """The receiver that the clock follows, else the first one."""
    slot = (entry["time"] or {}).get("reference_slot")
    fitting = [r for r in entry["receivers"] if slot is not None and r["slot"] == slot]
    return next(iter([*fitting, *entry["receivers"]]), None)


def format_satellites(entry: ReportNode) -> str | None:
    """C(9/16): used, in view."""
    found = select_receiver(entry)
    if found is None or found["satellites_good"] is None:
        return None
    view = found["satellites_in_view"]
    return f"{found['satellites_good']}" + ("" if view is None else f"/{view}")


def format_identity(entry: ReportNode) -> str:
    """Model and serial number."""
    device = entry["device"] or {}
    return " ".join(str(device[n]) for n in ("model", "serial_number") if device.get(n))


def format_state(report: ReportNode, entry: ReportNode) -> str:
    """The state of a host; where nothing was compared, there is no "clean"."""
    if entry["state"] != "clean" or "drift" in report["checks"]:
        return STATE_LABELS[entry["state"]]
    return "checked" if "health" in report["checks"] else "read"


def format_unchecked_state(entry: ReportNode) -> str:
    """The state of a host that was not checked at all or not in every part."""
    return STATE_LABELS[entry["state"]] if entry["state"] in UNCHECKED_STATES else "in part"


def list_unchecked(report: ReportNode) -> list[ReportNode]:
    """Entries that were not checked at all or not in every part."""
    return [e for e in report["hosts"] if e["state"] in UNCHECKED_STATES or e["reason"] is not None]


def format_unchecked_reason(entry: ReportNode) -> str:
    """Why a host was not checked, without its name in front and without the remedy at the end of its message."""
    text = str(entry["reason"] or "")
    remedy = (entry["error"] or {}).get("remedy")
    if remedy and text.endswith(f"; {remedy}."):
        text = text[: -len(remedy) - 3] + "."
    return text[len(entry["host"]) + 2 :] if text.startswith(f"{entry['host']}: ") else text


def list_drift(report: ReportNode, entry: ReportNode) -> list[ReportNode]:
    """The differences of a host that count as drift."""
    return [d for d in _list_differences(entry) if is_effective_drift(d, report["generated"])]


def list_accepted(report: ReportNode, entry: ReportNode) -> list[ReportNode]:
    """The differences of a host that somebody accepted for the time being."""
    return [d for d in _list_differences(entry) if not is_effective_drift(d, report["generated"])]


def _list_differences(entry: ReportNode) -> list[ReportNode]:
    return entry["drift"]["differences"] if entry["drift"] else []


def list_findings(entry: ReportNode) -> list[ReportNode]:
    """The health checks that an operator must look at, worst first.

    What a device does not say is one finding more, and only where the device is not healthy: firmware says more or less.
    """
    if entry["health"] is None:
        return []
    checks: list[ReportNode] = entry["health"]["checks"]
    found = [check for check in checks if check["state"] in FINDING_STATES]
    silent = [check["name"] for check in checks if check["state"] == "unknown"]
    if silent and not entry["health"]["healthy"]:
        more = f" and {len(silent) - 12} more" if len(silent) > 12 else ""
        text = f"The device does not say: {', '.join(silent[:12])}{more}."
        nothing = dict.fromkeys(("subject", "value", "limit", "unit", "since", "remedy"))
        found.append({**nothing, "name": "unknown", "state": "unknown", "message": text})
    ranks = (*FINDING_STATES, "unknown")
    return sorted(found, key=lambda check: ranks.index(check["state"]))


def summarize_report(report: ReportNode) -> list[tuple[str, str]]:
    """(level, sentence), what could not be checked first. level: alarm, warning or good."""
    summary = report["summary"]
    total = summary["hosts"]
    if not total:
        return [("alarm", "No device was checked.")]
    found = []
    blind = sum(summary[state] for state in UNCHECKED_STATES)
    if blind:
        parts = [f"{summary[s]} {STATE_LABELS[s]}" for s in UNCHECKED_STATES if summary[s]]
        text = f"{blind} of {format_count(total, 'device')} could not be checked: {', '.join(parts)}."
        found.append(("alarm", text))
    if summary["incomplete"]:
        text = f"{format_count(summary['incomplete'], 'device was', 'devices were')} checked in part only."
        found.append(("alarm", text))
    checked = total - blind
    if summary["drift"]:
        lines = sum(len(list_drift(report, entry)) for entry in report["hosts"])
        text = (
            f"{summary['drift']} of {format_count(checked, 'checked device')} "
            f"{'differs' if summary['drift'] == 1 else 'differ'} in {format_count(lines, 'setting')}."
        )
        found.append(("warning", text))
    if summary["unhealthy"]:
        text = f"{format_count(summary['unhealthy'], 'device is', 'devices are')} not healthy."
        found.append(("warning", text))
    if checked and not summary["drift"] and "drift" in report["checks"]:
        what = "Every device" if not blind else f"Each of the {checked} checked devices"
        found.append(("good", f"{what} is configured as it should be."))
    if checked and not summary["unhealthy"] and "health" in report["checks"]:
        what = "Every device" if not blind else f"Each of the {checked} checked devices"
        found.append(("good", f"{what} is healthy."))
    if checked == total and report["checks"] == ["facts"]:
        found.append(("good", "Every device was read."))
    return found


def describe_reference(mode: str) -> str:
    """What a difference is measured against."""
    return "the majority of its peers" if mode == "consensus" else "the golden configuration"


def format_diff(differences: t.Sequence[ReportNode], limit: int = 300) -> list[DiffLine]:
    """Differences in the manner of a unified diff, a headline for each menu."""
    lines: list[DiffLine] = []
    menu: str | None = None
    for difference in sorted(differences, key=lambda d: tuple(d["path"].split("/"))):
        above, dummy, name = difference["path"].rpartition("/")
        if above != menu:
            menu = above
            lines.append(DiffLine("@", above or "/"))
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
    """What else is to be said: secret, security, peers, accepted until."""
    parts = []
    if MASK in (difference["before"], difference["after"]):
        parts.append("secret, not shown")
    if difference["class"] == "security":
        parts.append("concerns security")
    peers = difference["peers"]
    if peers and peers["of"]:
        parts.append(f"{peers['agree']} of {peers['of']} peers agree")
    for name, word in (("accepted", "accepted"), ("expired", "was accepted")):
        taken = difference[name]
        if taken:
            until = f" until {taken['until']}" if taken["until"] else ""
            reason = f": {taken['reason']}" if taken["reason"] else ""
            parts.append(f"{word}{until}{reason}")
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
        return "No device said which LTOS version it runs."
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    versions = ", ".join(f"{version} on {count}" for version, count in ordered[:8])
    more = f" and {len(ordered) - 8} more versions" if len(ordered) > 8 else ""
    return f"LTOS versions: {versions}{more}."
