# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as SARIF 2.1.0, for the views of code scanning.

The fingerprint of a finding depends on the serial number of the device and on the path, not on values, so that a finding is
opened once. What could not be checked is a finding of its own and makes the run unsuccessful. Accepted drift is a suppressed
finding. Settings that were not compared are notes of the run.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
from urllib.parse import quote

from . import diffs, folding, wording
from .model import ReportNode, is_effective_drift

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT_KEY = "lantimeSerialPath/v1"

_MAX_NOTES = 500
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
        "UnhealthyDevice",
        "A health check found a fault.",
        "Follow the remedy of the finding.",
        "warning",
    ),
    SarifRule(
        "not-checked",
        "DeviceNotChecked",
        "A device, or a part of it, could not be checked.",
        "Follow the remedy of the error code in docs/docsite/rst/errors.rst. The state of the device is unknown until it is checked.",
        "error",
    ),
    SarifRule(
        "config-change",
        "SettingChanged",
        "The run changed a setting, or would change it.",
        "Nothing is to be done.",
        "none",
    ),
    SarifRule(
        "failed-change",
        "ChangeFailed",
        "A change of the configuration failed or was not made.",
        "Follow the remedy of the error code in docs/docsite/rst/errors.rst. The report lists the state of each operation.",
        "error",
    ),
    SarifRule(
        "plan-difference",
        "PlanDifference",
        "What would be changed on a device is not what was reviewed in its plan.",
        "Find out what has changed since the review, then write and review a new plan.",
        "note",
    ),
)
_INDEX = {rule.id: number for number, rule in enumerate(SARIF_RULES)}
_HEALTH_LEVELS = {"critical": "error", "error": "error", "warning": "warning"}


def render_sarif(report: ReportNode) -> str:
    """The SARIF log, ASCII JSON."""
    unchecked = wording.list_unchecked(report)
    failed = [entry for entry in report["hosts"] if wording.has_failed_change(entry)]
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
                "executionSuccessful": not (unchecked or failed or report["error"]) and bool(report["hosts"]),
                "exitCode": report["exit_code"],
                "endTimeUtc": report["generated"],
                "toolExecutionNotifications": list(_list_notifications(report, unchecked)),
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


def _list_notifications(report: ReportNode, unchecked: t.Sequence[ReportNode]) -> t.Iterator[dict[str, t.Any]]:
    """What the run could not do: errors for devices, notes for settings that were not compared."""
    if report["error"] is not None:
        yield _make_notification("error", report["error"]["message"])
    if report["limit"] is not None:
        yield _make_notification("note", f"The run was limited to {report['limit']}. Other hosts were not checked.")
    for entry in unchecked:
        yield _make_notification("error", f"{entry['host']}: {entry['reason']}")
    groups = folding.fold_not_compared(report)
    for group in groups[:_MAX_NOTES]:
        devices = wording.format_devices(group.hosts)
        text = f"{group.item['path']} was not compared ({group.item['reason'] or 'unknown'}): {devices}"
        yield _make_notification("note", text)
    if len(groups) > _MAX_NOTES:
        left_out = wording.format_count(len(groups) - _MAX_NOTES, "more setting was", "more settings were")
        yield _make_notification("note", f"{left_out} not compared; the JSON report is complete.")


def _make_notification(level: str, text: str) -> dict[str, t.Any]:
    return {
        "level": level,
        "message": {"text": _escape_message(text)},
        "associatedRule": {"id": "not-checked", "index": _INDEX["not-checked"]},
    }


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
    """A result before it is written. level none: it informs only.  justification: of drift that is accepted."""

    entry: ReportNode
    rule: str
    level: str
    text: str
    path: str
    justification: str | None = None


def _list_host_findings(report: ReportNode, entry: ReportNode) -> t.Iterator[_Finding]:
    if wording.has_failed_change(entry):
        text = f"{entry['host']}: {wording.describe_change(entry)}: {entry['reason']}"
        yield _Finding(entry, "failed-change", "error", text, "")
    elif entry["reason"] is not None:
        text = f"{entry['host']} could not be checked: {entry['reason']}"
        yield _Finding(entry, "not-checked", "error", text, "")
    for operation in entry["change"]["operations"] if entry["change"] else ():
        yield _make_change_finding(entry, operation)
    for difference in entry["change"]["plan_difference"] if entry["change"] else ():
        heading, *lines = diffs.list_review_lines([difference])
        values = "; ".join(f"{sign} {text}" for sign, text in lines)
        path = f"plan/{difference['kind']}/{difference['path']}"
        yield _Finding(entry, "plan-difference", "note", f"{entry['host']}: {heading.text}: {values}", path)
    for difference in entry["drift"]["differences"] if entry["drift"] else ():
        yield _make_drift_finding(report, entry, difference)
    for check in wording.list_findings(entry):
        level = _HEALTH_LEVELS.get(check["state"], "note")
        name = "/".join(filter(None, (check["name"], check["subject"])))
        remedy = f" {check['remedy']}" if check["remedy"] else ""
        yield _Finding(entry, "unhealthy", level, f"{entry['host']}: {check['message']}{remedy}", f"health/{name}")


def _make_change_finding(entry: ReportNode, operation: ReportNode) -> _Finding:
    lines = diffs.list_operation_lines({"operations": [operation], "operations_omitted": 0})
    values = "; ".join(f"{sign} {text}" for sign, text in lines[1:])
    path = f"change/{operation['path']}"
    return _Finding(entry, "config-change", "none", f"{entry['host']}: {lines[0].text}: {values}", path)


def _make_drift_finding(report: ReportNode, entry: ReportNode, difference: ReportNode) -> _Finding:
    lines = diffs.list_diff_lines([difference])
    current = next((text for sign, text in lines if sign == "-"), "nothing")
    desired = next((text for sign, text in lines if sign == "+"), "nothing")
    text = (
        f"{entry['host']}: {difference['path']} differs from {diffs.describe_reference(entry['drift']['mode'])}: "
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
        "kind": "informational" if finding.level == "none" else "fail",
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
