# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as SARIF 2.1.0, for the views of code scanning.

The fingerprint of a finding depends on the serial number of the device and on the path, not on values, so that a finding is
opened once. What could not be checked is a finding of its own and makes the run unsuccessful. Accepted drift is a suppressed
finding.
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
    """A rule. id: stable.  level: the default level."""

    id: str
    name: str
    text: str
    help: str
    level: str


SARIF_RULES = (
    SarifRule(
        "config-drift",
        "ConfigDrift",
        "A setting differs from the desired configuration.",
        "Apply the golden configuration with the role meinberg.lantime.fleet_config, or change it if the setting of the device is correct.",
        "warning",
    ),
    SarifRule(
        "security-drift",
        "SecurityDrift",
        "A setting that concerns security differs from the desired configuration.",
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
        "Follow the remedy of the error code in docs/docsite/rst/errors.rst. The state of the device is unknown until it is checked.",
        "error",
    ),
)
_INDEX = {rule.id: number for number, rule in enumerate(SARIF_RULES)}
_HEALTH_LEVELS = {"critical": "error", "error": "error", "warning": "warning"}


def render_sarif(report: ReportNode) -> str:
    """The SARIF log, ASCII JSON."""
    unchecked = wording.list_unchecked(report)
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
                "executionSuccessful": not unchecked and bool(report["hosts"]),
                "exitCode": report["exit_code"],
                "endTimeUtc": report["generated"],
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": _escape_message(f"{entry['host']}: {entry['reason']}")},
                        "associatedRule": {"id": "not-checked", "index": _INDEX["not-checked"]},
                    }
                    for entry in unchecked
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            _make_result(report, finding) for entry in report["hosts"] for finding in _list_host_findings(report, entry)
        ],
    }
    # The time of the report comes first, see files.py.
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "properties": {"generated": report["generated"]}}
    return json.dumps({**log, "runs": [run]}, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _describe_rule(rule: SarifRule) -> dict[str, t.Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.text},
        "fullDescription": {"text": rule.text},
        "help": {"text": rule.help},
        "helpUri": f"{_HOME}/blob/main/docs/docsite/rst/report.rst",
        "defaultConfiguration": {"level": rule.level},
    }


class _Finding(t.NamedTuple):
    """A result before it is written. justification: of drift that is accepted."""

    entry: ReportNode
    rule: str
    level: str
    text: str
    path: str
    justification: str | None = None


def _list_host_findings(report: ReportNode, entry: ReportNode) -> t.Iterator[_Finding]:
    if entry["reason"] is not None:
        text = f"{entry['host']} could not be checked: {entry['reason']}"
        yield _Finding(entry, "not-checked", "error", text, "")
    for difference in entry["drift"]["differences"] if entry["drift"] else ():
        yield _make_drift_finding(report, entry, difference)
    for check in wording.list_findings(entry):
        level = _HEALTH_LEVELS.get(check["state"], "note")
        name = "/".join(filter(None, (check["name"], check["subject"])))
        remedy = f" {check['remedy']}" if check["remedy"] else ""
        yield _Finding(entry, "unhealthy", level, f"{entry['host']}: {check['message']}{remedy}", f"health/{name}")


def _make_drift_finding(report: ReportNode, entry: ReportNode, difference: ReportNode) -> _Finding:
    lines = wording.list_diff_lines([difference])
    current = next((text for sign, text in lines if sign == "-"), "nothing")
    desired = next((text for sign, text in lines if sign == "+"), "nothing")
    text = (
        f"{entry['host']}: {difference['path']} differs from {wording.describe_reference(entry['drift']['mode'])}: "
        f"the device has {current}, expected is {desired}"
    )
    justification = None
    if not is_effective_drift(difference, report["generated"]):
        justification = difference["accepted"]["reason"] or "accepted"
    rule = "security-drift" if difference["class"] == "security" else "config-drift"
    return _Finding(entry, rule, difference["severity"], text, difference["path"], justification)


def _make_result(report: ReportNode, finding: _Finding) -> dict[str, t.Any]:
    host = finding.entry["host"]
    location: dict[str, t.Any] = {
        "logicalLocations": [
            {
                "name": finding.path.rpartition("/")[2] or host,
                "fullyQualifiedName": "/".join(filter(None, (host, finding.path))),
                "kind": "resource",
            }
        ]
    }
    if report["golden_file"] is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(report["golden_file"], safe="/"), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1},
        }
    result: dict[str, t.Any] = {
        "ruleId": finding.rule,
        "ruleIndex": _INDEX[finding.rule],
        "level": finding.level,
        "message": {"text": _escape_message(finding.text)},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT_KEY: _fingerprint_of(finding)},
    }
    if finding.justification is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": finding.justification}]
    return result


def _escape_message(text: str) -> str:
    """A text in which viewers see no link and no placeholder from a device (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _PLACEHOLDER.sub(r"{{\1}}", re.sub(r"([\[\]\\])", r"\\\1", text))


def _fingerprint_of(finding: _Finding) -> str:
    """SHA-256 of the serial number (or the host name, if it is unknown) and of the path (or the rule, if there is none)."""
    serial = (finding.entry["device"] or {}).get("serial_number") or finding.entry["host"]
    return hashlib.sha256(f"{serial}\0{finding.path or finding.rule}".encode()).hexdigest()
