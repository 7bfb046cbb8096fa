# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a report from records of hosts and from other reports.

The report is the JSON from which all other formats are rendered. docs/report.schema.json describes it, docs/docsite/rst/report.rst
explains it.
"""

from __future__ import annotations

import functools
import json
import re
import typing as t

from ...module_utils._base.sanitize import printable
from ...module_utils._base.version import VERSION as COLLECTION
from ...module_utils._drift.activity import normalize_change
from ...module_utils._drift.bounded import MAX_MESSAGE, MAX_NAME, MAX_PATH
from ...module_utils._drift.entries import (
    ReportEntry,
    build_entry,
    build_missing_entry,
    normalize_entry,
    normalize_host_name,
)
from ...module_utils._tree import values
from .totals import summarize_operations, summarize_sessions

REPORT_FORMAT = "meinberg.lantime.report"
REPORT_VERSION = 2
# Versions of reports that can be merged.
READABLE_VERSIONS = (1, 2)

# From worst to best. Of two results with the same time, the worse one counts. A host is clean only if its configuration was
# compared; without a comparison it is checked.
HOST_STATES = ("unreachable", "failed", "not_checked", "drift", "checked", "clean")
UNCHECKED_STATES = HOST_STATES[:3]
REPORT_OUTCOMES = ("invalid", "unreachable", "failed", "drift", "clean")
REPORT_CHECKS = ("drift", "health", "change", "facts")
REPORT_FAIL_ON = ("drift", "unhealthy")
REPORT_FAIL_ON_CHOICES = ("drift", "security", "unhealthy")

Report = dict[str, t.Any]
# A report, an entry of it, or a part of an entry, as the other formats read it.
ReportNode = t.Mapping[str, t.Any]

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ReportHeading(t.NamedTuple):
    """The heading of a report, and the rules by which it rates hosts.

    generated: ISO 8601 in UTC.  golden_file: path of the desired state in its repository, for SARIF.
    checks: results that an entry must have to count as checked; empty for those that any entry has.
    fail_on: which of REPORT_FAIL_ON_CHOICES set the exit code to 2.  limit: pattern of the hosts to which the run was limited.
    """

    title: str
    generated: str
    golden_file: str | None = None
    checks: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = REPORT_FAIL_ON
    limit: str | None = None


def build_report(
    heading: ReportHeading,
    records: t.Sequence[object],
    expected: t.Sequence[str] = (),
    inputs: t.Sequence[t.Mapping[str, t.Any]] = (),
) -> Report:
    """The report of the hosts of records, expected and inputs.

    records: one mapping a host (see docs/docsite/rst/report.rst).  expected: names of all hosts that should have been checked.
    inputs: reports to merge. Of several entries of a host the latest counts, or the worse one if they have the same time.
    An entry without a result never replaces one with a result.
    """
    entries = [build_entry(record, heading.generated) for record in records]
    for other in inputs:
        entries += [normalize_entry(entry) for entry in other["hosts"]]
    checks = _determine_checks(heading, entries, inputs)
    entries += [build_missing_entry(name) for name in expected]
    if "change" in checks or any(entry["change"] for entry in entries):
        entries = [_add_missing_change(entry) for entry in entries]
    rated = [_add_state(entry, checks, heading.generated) for entry in entries]
    hosts = sorted(_merge_entries(rated), key=_entry_sort_key)
    summary = _count_states(hosts)
    return {
        "format": REPORT_FORMAT,
        "version": REPORT_VERSION,
        "outcome": _determine_outcome(summary, heading.fail_on),
        "error": None,
        "generated": heading.generated,
        "collection": COLLECTION,
        "title": printable(heading.title, MAX_NAME),
        "golden_file": None if heading.golden_file is None else printable(heading.golden_file, MAX_PATH),
        "limit": None if heading.limit is None else printable(heading.limit, MAX_NAME),
        "checks": list(checks),
        "fail_on": [name for name in REPORT_FAIL_ON_CHOICES if name in heading.fail_on],
        "merged_from": [
            {"generated": values.iso_utc(other.get("generated")), "hosts": len(other["hosts"])} for other in inputs
        ],
        "summary": summary,
        "exit_code": _determine_exit_code(summary, hosts, heading),
        "operations": summarize_operations(hosts),
        "http_sessions": summarize_sessions(hosts),
        "hosts": hosts,
    }


def build_invalid_report(heading: ReportHeading, message: str, expected: t.Sequence[str] = ()) -> Report:
    """The report of a run that ended before its first request, for example because of invalid arguments.

    message: what is wrong.  expected: names of the hosts that should have been checked; none of them was.
    """
    report = build_report(heading, [], expected)
    return {
        **report,
        "outcome": "invalid",
        "error": {"message": printable(message, MAX_MESSAGE) or "no message"},
        "exit_code": 2,
    }


def parse_report(text: str) -> Report:
    """A report from its JSON. Raises ValueError with the reason if it is not a report."""
    try:
        report = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(report, dict) or report.get("format") != REPORT_FORMAT:
        raise ValueError(f'its "format" is not {REPORT_FORMAT}')
    if report.get("version") not in READABLE_VERSIONS:
        raise ValueError(f"its version is {printable(report.get('version'), 40)}, not {REPORT_VERSION}")
    if not isinstance(report.get("hosts"), list):
        raise ValueError("it has no list of hosts")
    return report


def serialize_report(report: Report) -> str:
    """The JSON of a report: ASCII, so that no terminal or editor acts on text of a device."""
    return _indent_json(report, "\n") + "\n"


def _indent_json(value: t.Any, start: str) -> str:
    """A value as json.dumps(value, indent=1) writes it. start: of its lines.

    The standard library indents in Python, which takes several times as long for the report of a large fleet.
    """
    inner = f"{start} "
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(each and isinstance(each, (dict, list)) for each in members):
        text = _encoder(inner).encode(value)
        return f"{text[0]}{inner}{text[1:-1]}{start}{text[-1]}" if members else text
    if isinstance(value, dict):
        lines = [f"{json.dumps(name)}: {_indent_json(each, inner)}" for name, each in value.items()]
        return f"{{{inner}{f',{inner}'.join(lines)}{start}}}"
    return f"[{inner}{f',{inner}'.join(_indent_json(each, inner) for each in value)}{start}]"


@functools.cache
def _encoder(start: str) -> json.JSONEncoder:
    """Writes values without members of their own in compact JSON, each member on a line that starts so."""
    return json.JSONEncoder(separators=(f",{start}", ": "), allow_nan=False)


def find_repeated_hosts(records: t.Sequence[object]) -> list[str]:
    """Names of hosts with more than one record."""
    names = [normalize_host_name(values.mapping(record).get("host")) for record in records]
    return sorted({name for name in names if names.count(name) > 1}, key=values.natural_key)


def find_shared_devices(hosts: t.Iterable[ReportNode]) -> list[tuple[str, list[str]]]:
    """Serial numbers that several hosts of a report show, each with these hosts.

    This is so if two names of the inventory mean one device, and if a task that ran once or for another host was taken for all.
    """
    by_device: dict[tuple[str | None, str], list[str]] = {}
    for entry in hosts:
        device = entry["device"] or {}
        serial = (device.get("serial_number") or "").strip()
        if serial:
            by_device.setdefault((device.get("model"), serial), []).append(entry["host"])
    return [(serial, names) for (dummy, serial), names in by_device.items() if len(names) > 1]


def _determine_checks(
    heading: ReportHeading, entries: t.Sequence[ReportEntry], inputs: t.Sequence[t.Mapping[str, t.Any]]
) -> tuple[str, ...]:
    if heading.checks:
        return tuple(name for name in REPORT_CHECKS if name in heading.checks)
    checks = {name for name in REPORT_CHECKS[:3] if any(entry[name] for entry in entries)}
    for other in inputs:
        listed = other.get("checks")
        checks |= {name for name in REPORT_CHECKS[:3] if isinstance(listed, list) and name in listed}
    # Beside other results, facts are for the reader only.
    if not checks and any(entry["time"] for entry in entries):
        checks.add("facts")
    return tuple(name for name in REPORT_CHECKS if name in checks)


def _add_missing_change(entry: ReportEntry) -> ReportEntry:
    """The entry of a rollout. A device that failed without any operation was not changed."""
    if entry["change"] is not None or entry["error"] is None or entry["error"]["kind"] != "failed":
        return entry
    return {**entry, "change": normalize_change({"state": "not_changed"})}


_PART_OF_CHECK = {"drift": "drift", "health": "health", "change": "change", "facts": "time"}


def _add_state(entry: ReportEntry, checks: t.Sequence[str], now: str) -> ReportEntry:
    """The entry with its state, and the reason if it was not checked or not completely."""
    state, reason = _determine_state(entry, checks, now)
    return {"host": entry["host"], "group": entry["group"], "state": state, "reason": reason, **entry}


def _determine_state(entry: ReportEntry, checks: t.Sequence[str], now: str) -> tuple[str, str | None]:
    error, change = entry["error"], entry["change"]
    if error is not None:
        return error["kind"], error["message"]
    if change is not None and change["state"] in _REASON_BY_CHANGE:
        return _REASON_BY_CHANGE[change["state"]]
    absent = [name for name in checks if not entry[_PART_OF_CHECK[name]]]
    if absent or not checks:
        return "not_checked", f"no result for {' and '.join(absent) or 'any check'}"
    return _rate_drift(entry["drift"], now)


_REASON_BY_CHANGE = {
    "failed": ("failed", "the change failed"),
    "not_changed": ("failed", "the device was not changed"),
    "unknown": ("not_checked", "the result does not say whether the device was changed"),
}


def _rate_drift(drift: t.Mapping[str, t.Any] | None, now: str) -> tuple[str, str | None]:
    if drift is None:
        return "checked", None
    unchecked = [section for section in drift["sections"] if section["state"] == "not_checked"]
    reason = _explain_unchecked_sections(unchecked) if unchecked else None
    if _has_drift(drift, now):
        return "drift", reason
    if unchecked or drift["state"] == "not_checked":
        return "not_checked", reason or "the configuration was not compared"
    return "clean", None


def _explain_unchecked_sections(sections: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    listed = [f"{s['name']} ({s['reason']})" if s["reason"] else s["name"] for s in sections[:10]]
    more = f" and {len(sections) - 10} more" if len(sections) > 10 else ""
    return printable("not checked: " + ", ".join(listed) + more, 1000)


def _has_drift(drift: t.Mapping[str, t.Any], now: str) -> bool:
    states = [drift["state"], *(section["state"] for section in drift["sections"])]
    return (
        "drift" in states
        or drift["differences_omitted"] > 0
        or any(is_effective_drift(difference, now) for difference in drift["differences"])
    )


def is_effective_drift(difference: t.Mapping[str, t.Any], now: str) -> bool:
    """Whether a difference counts as drift: not accepted, or no longer. An acceptance includes its last day. now: ISO 8601."""
    accepted = difference["accepted"]
    if accepted is None:
        return True
    until = accepted["until"]
    return until is not None and not (_ISO_DAY.fullmatch(until) and until >= now[:10])


def is_health_known(health: t.Mapping[str, t.Any] | None) -> bool:
    """Whether a device is unhealthy, or any of its health checks has a value. With none, a device that is healthy says nothing."""
    if health is None:
        return False
    return not health["healthy"] or any(
        count for state, count in health["counts"].items() if state not in ("skipped", "unknown")
    )


def _merge_entries(entries: t.Sequence[ReportEntry]) -> t.Iterable[ReportEntry]:
    best: dict[str, ReportEntry] = {}
    for entry in entries:
        name = entry["host"]
        if name not in best or _entry_precedence(entry) > _entry_precedence(best[name]):
            best[name] = entry
    return best.values()


def _entry_precedence(entry: ReportEntry) -> tuple[str, int]:
    return entry["checked"] or "", -HOST_STATES.index(entry["state"])


def _entry_sort_key(entry: ReportEntry) -> tuple[t.Any, ...]:
    return values.natural_key(entry["group"] or ""), values.natural_key(entry["host"])


def _count_states(hosts: t.Sequence[ReportEntry]) -> dict[str, int | None]:
    """The number of hosts in each state; None for what no host was checked for."""
    counts: dict[str, int | None] = {"hosts": len(hosts)}
    for state in reversed(HOST_STATES):
        counts[state] = sum(entry["state"] == state for entry in hosts)
    if not any(entry["drift"] for entry in hosts):
        counts.update(clean=None, drift=None)
    healths = [entry["health"] for entry in hosts if is_health_known(entry["health"])]
    counts["unhealthy"] = sum(not health["healthy"] for health in healths) if healths else None
    counts["incomplete"] = sum(
        entry["state"] not in UNCHECKED_STATES and entry["reason"] is not None for entry in hosts
    )
    return counts


def _count(summary: t.Mapping[str, int | None], *names: str) -> int:
    return sum(summary[name] or 0 for name in names)


def _determine_outcome(summary: t.Mapping[str, int | None], fail_on: t.Sequence[str]) -> str:
    """The worst that was found. Drift is named even if it does not set the exit code."""
    if summary["unreachable"]:
        return "unreachable"
    sick = _count(summary, "unhealthy") if "unhealthy" in fail_on else 0
    if sick or _count(summary, "failed", "not_checked", "incomplete") or not summary["hosts"]:
        return "failed"
    return "drift" if summary["drift"] else "clean"


def _determine_exit_code(
    summary: t.Mapping[str, int | None], hosts: t.Iterable[ReportEntry], heading: ReportHeading
) -> int:
    """The exit code with the meanings of Ansible: 4 if a host is unreachable, 2 if one failed. A report without hosts fails."""
    if summary["unreachable"]:
        return 4
    unchecked = _count(summary, "failed", "not_checked", "incomplete")
    failing = _count(summary, *(name for name in REPORT_FAIL_ON if name in heading.fail_on))
    if "security" in heading.fail_on:
        failing += sum(_has_security_drift(entry, heading.generated) for entry in hosts)
    return 2 if unchecked or failing or not summary["hosts"] else 0


def _has_security_drift(entry: ReportEntry, now: str) -> bool:
    differences = entry["drift"]["differences"] if entry["drift"] else ()
    return any(each["class"] == "security" and is_effective_drift(each, now) for each in differences)
