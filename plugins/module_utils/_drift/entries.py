# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of a report: known members only, plain text, limited in size, and without secrets.

A record is what a playbook collected for a host (results of modules); an entry is its part of the report. Entries of other
reports are normalized in the same way.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .._base.errors import KINDS
from .._base.sanitize import printable
from .._tree import values
from .._tree.paths import path_of
from .activity import extract_change, normalize_change, normalize_not_applicable, normalize_sessions
from .bounded import (
    MAX_MESSAGE,
    MAX_NAME,
    MAX_PATH,
    bounded_message,
    bounded_text,
    count_or_none,
    known_or,
    list_items,
    normalize_value,
)
from .measurements import extract_measurements, normalize_measurements

ERROR_KINDS = ("unreachable", "failed", "not_checked")
SECTION_STATES = ("clean", "accepted", "drift", "not_checked")
DRIFT_STATES = ("clean", "drift", "not_checked")
DIFFERENCE_OPS = ("add", "remove", "replace")
DIFFERENCE_CLASSES = ("config", "security")
DIFFERENCE_SEVERITIES = ("error", "warning", "note")
DRIFT_MODES = ("golden", "consensus")
HEALTH_STATES = ("ok", "info", "skipped", "unknown", "warning", "error", "critical")

MAX_RECEIVERS = 16
MAX_MODULES = 64
MAX_SECTIONS = 200
MAX_DIFFERENCES = 2000
MAX_CHECKS = 200

_LEADING_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")

ReportEntry = dict[str, t.Any]
RecordNode = t.Mapping[str, t.Any]


def normalize_host_name(value: object) -> str:
    """The name of a host as it appears in the report."""
    return printable(value, MAX_NAME) or "?"


def build_entry(record: object, checked: str) -> ReportEntry:
    """The entry of a record. checked: time of the report, ISO 8601 in UTC."""
    source = values.mapping(record)
    facts = values.mapping(source.get("facts"))
    lantime = values.mapping(facts.get("ansible_lantime"))
    return normalize_entry(
        {
            "host": source.get("host"),
            "group": source.get("group"),
            "checked": checked,
            "error": source.get("error"),
            "device": _extract_device(facts, lantime) if lantime else values.at(source, "health", "device") or None,
            "time": _extract_time(lantime) if lantime else None,
            "receivers": [_extract_receiver(item) for item in list_items(lantime.get("receiver"))],
            "modules": lantime.get("modules"),
            "ptp": lantime.get("ptp"),
            "measurements": extract_measurements(lantime),
            "health": source.get("health"),
            "drift": source.get("drift"),
            "change": extract_change(source.get("change")),
            "http_sessions": source.get("http_sessions"),
        }
    )


def build_missing_entry(host: str, reason: str = "there is no result for this host") -> ReportEntry:
    """The entry of an expected host without a record."""
    return normalize_entry({"host": host, "error": {"kind": "not_checked", "message": reason}})


def _extract_device(facts: RecordNode, lantime: RecordNode) -> dict[str, t.Any]:
    minimum = values.mapping(lantime.get("min"))
    return {
        "model": facts.get("ansible_net_model") or minimum.get("model"),
        "serial_number": facts.get("ansible_net_serialnum") or minimum.get("serial_number"),
        "hostname": facts.get("ansible_net_hostname") or minimum.get("hostname"),
        "firmware": facts.get("ansible_net_version")
        or values.at(minimum, "firmware", "version")
        or values.at(lantime, "firmware", "running"),
        "api_version": minimum.get("api_version"),
        "api_generation": minimum.get("api_generation"),
        "uptime_seconds": values.at(lantime, "system", "uptime_seconds"),
    }


def _extract_time(lantime: RecordNode) -> dict[str, t.Any]:
    sync = values.mapping(lantime.get("sync"))
    system = values.mapping(values.at(lantime, "ntp", "system"))
    return {
        "state": sync.get("state"),
        "synchronized": sync.get("synchronized"),
        "quality_token": sync.get("estimated_quality_token"),
        "quality_ns": sync.get("estimated_quality_ns"),
        "reference": sync.get("reference"),
        "reference_slot": sync.get("reference_slot"),
        "oscillator": sync.get("oscillator_type"),
        "oscillator_warmed_up": sync.get("oscillator_warmed_up"),
        "antenna_connected": sync.get("antenna_connected"),
        "stratum": system.get("stratum"),
        "leap": system.get("leap"),
    }


def _extract_receiver(value: object) -> dict[str, t.Any]:
    source = values.mapping(value)
    return {
        **{n: source.get(n) for n in ("slot", "model", "kind", "state", "synchronized", "antenna_connected")},
        "satellites_good": values.at(source, "satellites", "good"),
        "satellites_in_view": values.at(source, "satellites", "in_view"),
    }


# The shape of an entry


def normalize_entry(draft: object) -> ReportEntry:
    """An entry with exactly the documented members, from a draft of any form."""
    source = values.mapping(draft)
    return {
        "host": normalize_host_name(source.get("host")),
        "group": bounded_text(source.get("group")),
        "checked": values.iso_utc(source.get("checked")),
        "error": _normalize_error(source.get("error")),
        "device": _normalize_device(source.get("device")),
        "time": _normalize_time(source.get("time")),
        "receivers": [_normalize_receiver(item) for item in list_items(source.get("receivers"))[:MAX_RECEIVERS]],
        "modules": _normalize_parts(source.get("modules"), ("slot", "family", "model", "serial_number", "state")),
        "ptp": _normalize_parts(source.get("ptp"), ("slot", "object_id", "port_state")),
        "measurements": normalize_measurements(source.get("measurements")),
        "health": _normalize_health(source.get("health")),
        "drift": _normalize_drift(source.get("drift")),
        "change": normalize_change(source.get("change")),
        "http_sessions": normalize_sessions(source.get("http_sessions")),
    }


def _normalize_error(value: object) -> dict[str, t.Any] | None:
    if not isinstance(value, Mapping) or not value:
        return None
    code = value.get("code")
    known = KINDS.get(code) if isinstance(code, str) else None
    return {
        "kind": known_or(value.get("kind"), ERROR_KINDS, "failed"),
        "code": code if known else bounded_text(code),
        "message": bounded_message(value.get("message")) or "no message",
        "remedy": known.remedy if known else None,
    }


def _normalize_device(value: object) -> dict[str, t.Any] | None:
    source = values.mapping(value)
    if not source:
        return None
    names = ("model", "serial_number", "hostname", "firmware", "api_version")
    uptime = values.number(source.get("uptime_seconds"))
    return {
        **{name: bounded_text(source.get(name)) for name in names},
        "api_generation": count_or_none(source.get("api_generation")),
        "uptime_seconds": uptime if uptime is not None and uptime >= 0 else None,
    }


def _normalize_time(value: object) -> dict[str, t.Any] | None:
    source = values.mapping(value)
    if not source:
        return None
    quality = values.number(source.get("quality_ns"))
    return {
        "state": bounded_text(source.get("state")),
        "synchronized": values.boolean(source.get("synchronized")),
        "quality_token": bounded_text(source.get("quality_token")),
        "quality_ns": quality if quality is not None and 0 < quality < 1e18 else None,
        "reference": bounded_text(source.get("reference")),
        "reference_slot": bounded_text(source.get("reference_slot")),
        "oscillator": bounded_text(source.get("oscillator")),
        "oscillator_warmed_up": values.boolean(source.get("oscillator_warmed_up")),
        "antenna_connected": values.boolean(source.get("antenna_connected")),
        "stratum": count_or_none(source.get("stratum")),
        "leap": count_or_none(source.get("leap")),
    }


def _normalize_receiver(value: object) -> dict[str, t.Any]:
    source = values.mapping(value)
    return {
        **{name: bounded_text(source.get(name)) for name in ("slot", "model", "kind", "state")},
        **{name: values.boolean(source.get(name)) for name in ("synchronized", "antenna_connected")},
        **{name: count_or_none(source.get(name)) for name in ("satellites_good", "satellites_in_view")},
    }


def _normalize_parts(value: object, names: tuple[str, ...]) -> list[dict[str, str | None]] | None:
    """Modules or PTP instances with these members; None if they were not read."""
    if not isinstance(value, list):
        return None
    return [{name: bounded_text(values.at(item, name)) for name in names} for item in value[:MAX_MODULES]]


def _normalize_health(value: object) -> dict[str, t.Any] | None:
    source = values.mapping(value)
    if not source:
        return None
    checks = [_normalize_check(item) for item in list_items(source.get("checks")) if isinstance(item, Mapping)]
    worst = max((c["state"] for c in checks), key=HEALTH_STATES.index, default="unknown")
    return {
        # Only a result that says so is healthy.
        "healthy": source.get("healthy") is True,
        "worst": known_or(source.get("worst"), HEALTH_STATES, worst),
        "profile": bounded_text(source.get("profile")),
        "counts": _count_checks(checks, values.mapping(source.get("counts"))),
        "checks": checks[:MAX_CHECKS],
    }


def _count_checks(checks: list[dict[str, t.Any]], reported: RecordNode) -> dict[str, int]:
    """The number of checks in each state. reported: the counts of the result, which can leave out checks that passed."""
    listed = {state: sum(check["state"] == state for check in checks) for state in HEALTH_STATES}
    return {
        state: max(count, min(count_or_none(reported.get(state)) or 0, MAX_CHECKS)) for state, count in listed.items()
    }


def _normalize_check(source: RecordNode) -> dict[str, t.Any]:
    remedy = source.get("remedy")
    return {
        "name": bounded_text(source.get("name")) or "?",
        "state": known_or(source.get("state"), HEALTH_STATES, "unknown"),
        "subject": bounded_text(source.get("subject")),
        "value": normalize_value(source.get("value")),
        "limit": normalize_value(source.get("limit")),
        "unit": bounded_text(source.get("unit")),
        "since": values.iso_utc(source.get("since")),
        "message": bounded_message(source.get("message")),
        "remedy": None if remedy is None else bounded_message(remedy) or None,
    }


def _normalize_drift(value: object) -> dict[str, t.Any] | None:
    source = values.mapping(value)
    if not source:
        return None
    differences = [
        _normalize_difference(item)
        for item in list_items(source.get("differences"))[:MAX_DIFFERENCES]
        if isinstance(item, Mapping)
    ]
    already = count_or_none(source.get("differences_omitted")) or 0
    not_applicable = normalize_not_applicable(source.get("not_applicable"))
    # What need not be compared is listed once.
    not_compared = [
        each
        for each in map(_normalize_not_compared, _list_mappings(source.get("not_compared")))
        if each not in not_applicable
    ]
    return {
        "mode": known_or(source.get("mode"), DRIFT_MODES, "golden"),
        # Only a drift that says so is clean.
        "state": known_or(source.get("state"), DRIFT_STATES, "not_checked"),
        "sections": [
            {
                "name": bounded_text(item.get("name")) or "?",
                "state": known_or(item.get("state"), SECTION_STATES, "not_checked"),
                "reason": bounded_text(item.get("reason"), MAX_MESSAGE),
            }
            for item in list_items(source.get("sections"))[:MAX_SECTIONS]
            if isinstance(item, Mapping)
        ],
        "differences": differences,
        "not_compared": not_compared[:MAX_SECTIONS],
        "not_compared_omitted": (count_or_none(source.get("not_compared_omitted")) or 0)
        + max(0, len(not_compared) - MAX_SECTIONS),
        "not_applicable": not_applicable,
        "differences_omitted": already + max(0, len(list_items(source.get("differences"))) - MAX_DIFFERENCES),
    }


def _list_mappings(value: object) -> list[RecordNode]:
    return [item for item in list_items(value) if isinstance(item, Mapping)]


def _normalize_not_compared(source: RecordNode) -> dict[str, str | None]:
    return {
        "path": printable(source.get("path") or "", MAX_PATH) or "?",
        "reason": bounded_text(source.get("reason"), MAX_MESSAGE),
    }


def _normalize_difference(source: RecordNode) -> dict[str, t.Any]:
    raw = source.get("path")
    text = printable("/".join(map(str, raw)) if isinstance(raw, list) else raw or "", MAX_PATH)
    path = path_of(text)
    peers = source.get("peers")
    return {
        "section": bounded_text(source.get("section")) or (path[0] if path else "?"),
        "path": text,
        "op": known_or(source.get("op"), DIFFERENCE_OPS, "replace"),
        "before": normalize_value(source.get("before"), path),
        "after": normalize_value(source.get("after"), path),
        "class": known_or(source.get("class"), DIFFERENCE_CLASSES, "config"),
        "severity": known_or(source.get("severity"), DIFFERENCE_SEVERITIES, "warning"),
        "accepted": _normalize_acceptance(source.get("accepted")),
        "expired": _normalize_acceptance(source.get("expired")),
        "peers": {"agree": count_or_none(peers.get("agree")), "of": count_or_none(peers.get("of"))}
        if isinstance(peers, Mapping) and peers
        else None,
    }


def _normalize_acceptance(value: object) -> dict[str, t.Any] | None:
    if not isinstance(value, Mapping) or not value:
        return None
    return {"until": _normalize_day(value.get("until")), "reason": bounded_message(value.get("reason")) or None}


def _normalize_day(value: object) -> str | None:
    """A day such as 2026-12-31, or the text if it is not a day; is_effective_drift takes such a text for a day in the past."""
    text = values.text(value)
    match = _LEADING_DAY.match(text or "")
    return match.group() if match else bounded_text(text, 40)
