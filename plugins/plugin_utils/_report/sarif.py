# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as SARIF 2.1.0, for the views of code scanning.

A finding keeps its fingerprint for as long as the device (by its serial number) and the place (by its path) are the
same, whatever the values are, so that it is opened once. What could not be checked is a finding of its own and makes the
run unsuccessful. Accepted drift is a suppressed finding.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
from urllib.parse import quote

from . import wording
from .model import ReportNode, is_effective_drift

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT_KEY = "lantimeSerialPath/v1"

_PLACEHOLDER = re.compile(r"\{([0-9]+)\}")
_HOME = "https://github.com/ansible-collections/meinberg.lantime"


class SarifRule(t.NamedTuple):
    """id: stable.  level: the default one."""

    id: str
    name: str
    text: str
    help: str
    level: str


SARIF_RULES = (
    SarifRule(
        "config-drift",
        "ConfigDrift",
        "A setting differs from what is wanted.",
        "Apply the golden configuration with the role meinberg.lantime.fleet_config, or change it if the device is right.",
        "warning",
    ),
    SarifRule(
        "security-drift",
        "SecurityDrift",
        "A setting that concerns security differs from what is wanted.",
        "Find out who changed it, then apply the golden configuration.",
        "error",
    ),
    SarifRule(
        "unhealthy",
        "Unhealthy",
        "A health check found a fault.",
        "Follow the remedy of the finding.",
        "warning",
    ),
    SarifRule(
        "not-checked",
        "NotChecked",
        "A device, or a part of it, could not be checked.",
        "Follow the remedy of the error code in docs/errors.md. Nothing is known of the device until it is checked.",
        "error",
    ),
)
_INDEX = {rule.id: number for number, rule in enumerate(SARIF_RULES)}
_HEALTH_LEVELS = {"critical": "error", "error": "error", "warning": "warning"}


def render_sarif(report: ReportNode) -> str:
    """The SARIF log, ASCII JSON."""
    results = [found for entry in report["hosts"] for found in _host_results(report, entry)]
    blind = wording.list_unchecked(report)
    run = {
        "tool": {
            "driver": {
                "name": "meinberg.lantime",
                "version": report["collection"],
                "semanticVersion": report["collection"],
                "informationUri": _HOME,
                "rules": [_describe_rule(rule) for rule in SARIF_RULES],
            }
        },
        "automationDetails": {"id": "meinberg.lantime/report/"},
        "invocations": [
            {
                "executionSuccessful": not blind and bool(report["hosts"]),
                "exitCode": report["exit_code"],
                "endTimeUtc": report["generated"],
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": _escape_message(f"{entry['host']}: {entry['reason']}")},
                        "associatedRule": {"id": "not-checked", "index": _INDEX["not-checked"]},
                    }
                    for entry in blind
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    # The time of the report stands first, see _report_files.
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "properties": {"generated": report["generated"]}}
    return json.dumps({**log, "runs": [run]}, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _describe_rule(rule: SarifRule) -> dict[str, t.Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.text},
        "fullDescription": {"text": rule.text},
        "help": {"text": rule.help},
        "helpUri": f"{_HOME}/blob/main/docs/report.md",
        "defaultConfiguration": {"level": rule.level},
    }


def _host_results(report: ReportNode, entry: ReportNode) -> t.Iterator[dict[str, t.Any]]:
    if entry["reason"] is not None:
        text = f"{entry['host']} could not be checked: {entry['reason']}"
        yield _make_result(report, entry, "not-checked", "error", text, "")
    for difference in entry["drift"]["differences"] if entry["drift"] else ():
        yield _drift_result(report, entry, difference)
    for check in wording.list_findings(entry):
        subject = check["subject"] or ""
        level = _HEALTH_LEVELS.get(check["state"], "note")
        name = "/".join(part for part in (check["name"], subject) if part)
        remedy = f" {check['remedy']}" if check["remedy"] else ""
        text = f"{entry['host']}: {check['message']}{remedy}"
        yield _make_result(report, entry, "unhealthy", level, text, f"health/{name}")


def _drift_result(report: ReportNode, entry: ReportNode, difference: ReportNode) -> dict[str, t.Any]:
    rule = "security-drift" if difference["class"] == "security" else "config-drift"
    lines = wording.format_diff([difference])
    has = next((text for sign, text in lines if sign == "-"), "nothing")
    want = next((text for sign, text in lines if sign == "+"), "nothing")
    text = (
        f"{entry['host']}: {difference['path']} differs from {wording.describe_reference(entry['drift']['mode'])}: "
        f"the device has {has}, wanted is {want}"
    )
    found = _make_result(report, entry, rule, difference["severity"], text, difference["path"])
    if not is_effective_drift(difference, report["generated"]):
        reason = difference["accepted"]["reason"] or "accepted"
        found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return found


def _make_result(
    report: ReportNode, entry: ReportNode, rule: str, level: str, text: str, path: str
) -> dict[str, t.Any]:
    location: dict[str, t.Any] = {
        "logicalLocations": [
            {
                "name": path.rpartition("/")[2] or entry["host"],
                "fullyQualifiedName": "/".join(part for part in (entry["host"], path) if part),
                "kind": "resource",
            }
        ]
    }
    if report["golden_file"] is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(report["golden_file"], safe="/"), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1},
        }
    return {
        "ruleId": rule,
        "ruleIndex": _INDEX[rule],
        "level": level,
        "message": {"text": _escape_message(text)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT_KEY: finding_fingerprint(entry, rule, path)},
    }


def _escape_message(text: str) -> str:
    """Text in which a viewer finds no link of a device's making and no placeholder (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _PLACEHOLDER.sub(r"{{\1}}", re.sub(r"([\[\]\\])", r"\\\1", text))


def finding_fingerprint(entry: ReportNode, rule: str, path: str) -> str:
    """SHA-256 of serial number (of the host's name where none is known) and path; of what has no path, of the rule."""
    serial = (entry["device"] or {}).get("serial_number") or entry["host"]
    return hashlib.sha256(f"{serial}\0{path or rule}".encode()).hexdigest()
