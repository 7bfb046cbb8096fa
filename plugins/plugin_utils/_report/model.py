# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of many hosts, and reports of slices of a fleet, to one report: the JSON that all other formats are made of.

C(docs/report.schema.json) describes it, C(docs/report.md) explains it.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import datetime
import json
import re
import typing as t

from ...module_utils._base.sanitize import printable
from ...module_utils._base.version import VERSION as COLLECTION
from ...module_utils._drift.entries import (
    MAX_NAME,
    MAX_PATH,
    ReportEntry,
    build_entry,
    build_missing_entry,
    normalize_entry,
    normalize_host_name,
)
from ...module_utils._tree import values

REPORT_FORMAT = "meinberg.lantime.report"
REPORT_VERSION = 1

# From bad to good: of two results of the same time the one that stands first here is believed.
HOST_STATES = ("unreachable", "failed", "not_checked", "drift", "clean")
UNCHECKED_STATES = HOST_STATES[:3]
REPORT_CHECKS = ("drift", "health", "facts")
REPORT_FAIL_ON = ("drift", "unhealthy")

Report = dict[str, t.Any]
# A report, an entry of it, or a part of an entry, as the other formats read it.
ReportNode = t.Mapping[str, t.Any]

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ReportHeading(t.NamedTuple):
    """What a report says of itself.

    generated: ISO 8601 in UTC.  golden_file: path of the desired state in its repository, as SARIF names it.
    checks: what an entry must hold to count as checked; empty for what any of the entries holds.
    fail_on: which of FAIL_ON make the exit code 2.
    """

    title: str
    generated: str
    golden_file: str | None = None
    checks: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = REPORT_FAIL_ON


def utc_now() -> str:
    """The time as reports write it, C(2026-02-11T22:05:07Z)."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def build_report(
    heading: ReportHeading,
    records: t.Sequence[object],
    expected: t.Sequence[str] = (),
    inputs: t.Sequence[t.Mapping[str, t.Any]] = (),
) -> Report:
    """The report of what was collected.

    records: one mapping a host (see C(docs/report.md)).  expected: names of all hosts that should have been checked.
    inputs: reports to be united with it. Of a host that stands in several, the entry that was checked last counts, at the
    same time the worse one; an entry without any result never takes the place of one with a result.
    """
    entries = [build_entry(record, heading.generated) for record in records]
    for other in inputs:
        entries += [normalize_entry(entry) for entry in other["hosts"]]
    checks = _determine_checks(heading, entries, inputs)
    entries += [build_missing_entry(name) for name in expected]
    judged = [_add_state(entry, checks, heading.generated) for entry in entries]
    hosts = sorted(_merge_entries(judged), key=_entry_sort_key)
    found: Report = {
        "format": REPORT_FORMAT,
        "version": REPORT_VERSION,
        "generated": heading.generated,
        "collection": COLLECTION,
        "title": printable(heading.title, MAX_NAME),
        "golden_file": None if heading.golden_file is None else printable(heading.golden_file, MAX_PATH),
        "checks": list(checks),
        "fail_on": [name for name in REPORT_FAIL_ON if name in heading.fail_on],
        "merged_from": [
            {
                "generated": values.iso_utc(other.get("generated")),
                "hosts": len(other["hosts"]),
            }
            for other in inputs
        ],
        "summary": _count_states(hosts),
    }
    found["exit_code"] = _determine_exit_code(found["summary"], heading.fail_on)
    found["hosts"] = hosts
    return found


def parse_report(text: str) -> Report:
    """A report from its JSON. Raises ValueError that says why it is none."""
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != REPORT_FORMAT:
        raise ValueError(f'its "format" is not {REPORT_FORMAT}')
    if found.get("version") != REPORT_VERSION:
        raise ValueError(f"its version is {printable(found.get('version'), 40)}, not {REPORT_VERSION}")
    if not isinstance(found.get("hosts"), list):
        raise ValueError("it holds no list of hosts")
    return found


def serialize_report(found: Report) -> str:
    """The JSON of a report: ASCII, so that no terminal and no editor acts on what a device called itself."""
    return json.dumps(found, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def find_repeated_hosts(records: t.Sequence[object]) -> list[str]:
    """Names that more than one record bears."""
    names = [normalize_host_name(values.mapping(record).get("host")) for record in records]
    return sorted({name for name in names if names.count(name) > 1}, key=values.natural_key)


def _determine_checks(
    heading: ReportHeading, entries: t.Sequence[ReportEntry], inputs: t.Sequence[t.Mapping[str, t.Any]]
) -> tuple[str, ...]:
    if heading.checks:
        return tuple(name for name in REPORT_CHECKS if name in heading.checks)
    found = {name for name in ("drift", "health") if any(entry[name] for entry in entries)}
    for other in inputs:
        named = other.get("checks")
        found |= {n for n in ("drift", "health") if isinstance(named, list) and n in named}
    # Where something is compared or judged, facts are there for the reader only.
    if not found and any(entry["time"] for entry in entries):
        found.add("facts")
    return tuple(name for name in REPORT_CHECKS if name in found)


_PART_OF_CHECK = {"drift": "drift", "health": "health", "facts": "time"}


def _add_state(entry: ReportEntry, checks: t.Sequence[str], now: str) -> ReportEntry:
    """The entry with its state and the reason why it, or a part of it, was not checked."""
    state, reason = _determine_state(entry, checks, now)
    return {
        "host": entry["host"],
        "group": entry["group"],
        "state": state,
        "reason": reason,
        **entry,
    }


def _determine_state(entry: ReportEntry, checks: t.Sequence[str], now: str) -> tuple[str, str | None]:
    error = entry["error"]
    if error is not None:
        return error["kind"], error["message"]
    absent = [name for name in checks if not entry[_PART_OF_CHECK[name]]]
    if absent or not checks:
        return "not_checked", f"there is no result of {' and '.join(absent) or 'any check'}"
    drift = entry["drift"]
    if drift is None:
        return "clean", None
    blind = [section for section in drift["sections"] if section["state"] == "not_checked"]
    reason = None
    if blind:
        told = [f"{s['name']} ({s['reason']})" if s["reason"] else s["name"] for s in blind[:10]]
        more = f" and {len(blind) - 10} more" if len(blind) > 10 else ""
        reason = printable("not checked: " + ", ".join(told) + more, 1000)
    if _has_drift(drift, now):
        return "drift", reason
    if blind or drift["state"] == "not_checked":
        return "not_checked", reason or "the comparison says that nothing was checked"
    return "clean", None


def _has_drift(drift: t.Mapping[str, t.Any], now: str) -> bool:
    states = [drift["state"], *(section["state"] for section in drift["sections"])]
    return (
        "drift" in states
        or drift["differences_omitted"] > 0
        or any(is_effective_drift(difference, now) for difference in drift["differences"])
    )


def is_effective_drift(difference: t.Mapping[str, t.Any], now: str) -> bool:
    """Whether a difference is drift: it is not accepted, or no longer. now: ISO 8601; the last day is accepted still."""
    accepted = difference["accepted"]
    if accepted is None:
        return True
    until = accepted["until"]
    return until is not None and not (_ISO_DAY.fullmatch(until) and until >= now[:10])


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


def _count_states(hosts: t.Sequence[ReportEntry]) -> dict[str, int]:
    found = {"hosts": len(hosts)}
    for state in reversed(HOST_STATES):
        found[state] = sum(entry["state"] == state for entry in hosts)
    found["unhealthy"] = sum(entry["health"] is not None and not entry["health"]["healthy"] for entry in hosts)
    found["incomplete"] = sum(entry["state"] not in UNCHECKED_STATES and entry["reason"] is not None for entry in hosts)
    return found


def _determine_exit_code(summary: t.Mapping[str, int], fail_on: t.Sequence[str]) -> int:
    """By Ansible's meanings: 4 if a host is unreachable, 2 if one failed. Nothing checked is not clean either."""
    if summary["unreachable"]:
        return 4
    blind = summary["failed"] + summary["not_checked"] + summary["incomplete"]
    wrong = sum(summary[name] for name in REPORT_FAIL_ON if name in fail_on)
    return 2 if blind or wrong or not summary["hosts"] else 0
