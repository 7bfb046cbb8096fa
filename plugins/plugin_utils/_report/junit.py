# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as JUnit XML: a suite for each host, a case for each section of its configuration and each health check.

What could not be checked is an error; drift, a failed change and a device that is not healthy are failures; checks without a
value and settings that were not compared are skipped. A suite is never empty: its first case says whether the host was checked.
The attributes are those that the schemas of Jenkins (junit-10.xsd) and of Ant have in common.
"""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from . import diffs, wording
from .model import UNCHECKED_STATES, ReportNode

_TOTALS = ("tests", "failures", "errors", "skipped")
_COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}
_PACKAGE = "meinberg.lantime"


def render_junit(report: ReportNode) -> str:
    """The XML document."""
    root = ET.Element("testsuites", name=report["title"])
    for number, entry in enumerate(report["hosts"]):
        root.append(_host_suite(report, entry, number))
    if report["error"] is not None or not report["hosts"]:
        root.append(_run_suite(report))
    for name in _TOTALS[:3]:
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", "0")
    ET.indent(root)
    # The first time in the file is that of the report, see files.py.
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- generated {report["generated"]} -->\n'
    return f"{head}{ET.tostring(root, encoding='unicode')}\n"


def _host_suite(report: ReportNode, entry: ReportNode, number: int) -> ET.Element:
    suite = _make_suite(report, entry["host"], number)
    device = entry["device"] or {}
    properties = {name: device.get(name) for name in ("model", "serial_number", "firmware")}
    properties["group"] = entry["group"]
    properties["limit"] = report["limit"]
    if any(properties.values()):
        element = ET.SubElement(suite, "properties")
        for name, value in properties.items():
            if value:
                ET.SubElement(element, "property", name=name, value=value)
    cases = [
        _checked_case(entry),
        *_change_cases(entry),
        *_section_cases(report, entry),
        *_not_compared_cases(entry),
        *_health_cases(entry),
    ]
    _add_cases(suite, cases)
    return suite


def _run_suite(report: ReportNode) -> ET.Element:
    """The suite of a run that checked nothing, as readers take a document without suites for a success."""
    suite = _make_suite(report, _PACKAGE, len(report["hosts"]))
    case = ET.Element("testcase", classname=f"{_PACKAGE}.run", name="run", time="0")
    _set_outcome(case, "error", (report["error"] or {"message": "no device was checked"})["message"], report["outcome"])
    _add_cases(suite, [case])
    return suite


def _make_suite(report: ReportNode, name: str, number: int) -> ET.Element:
    suite = ET.Element("testsuite", name=name, package=_PACKAGE, id=str(number))
    suite.set("hostname", name)
    # UTC; the schema of Ant allows no time zone.
    suite.set("timestamp", report["generated"].rstrip("Z"))
    suite.set("time", "0")
    return suite


def _add_cases(suite: ET.Element, cases: t.Sequence[ET.Element]) -> None:
    _number_repeated(cases)
    suite.extend(cases)
    outcomes = [_COUNTED[child.tag] for case in cases for child in case if child.tag in _COUNTED]
    suite.set("tests", str(len(cases)))
    for name in _TOTALS[1:]:
        suite.set(name, str(outcomes.count(name)))


def _number_repeated(cases: t.Sequence[ET.Element]) -> None:
    """Give each case a name of its own, as GitLab shows only the first one of each name."""
    names = {case.attrib["name"] for case in cases}
    seen: set[str] = set()
    for case in cases:
        name, number = case.attrib["name"], 1
        while name in seen or (number > 1 and name in names):
            number += 1
            name = f"{case.attrib['name']} #{number}"
        seen.add(name)
        case.set("name", name)


def _make_case(entry: ReportNode, name: str) -> ET.Element:
    return ET.Element("testcase", classname=f"{_PACKAGE}.{entry['host']}", name=_xml_text(name), time="0")


def _set_outcome(case: ET.Element, tag: str, message: str, kind: str = "", text: str = "") -> None:
    outcome = ET.SubElement(case, tag, message=_xml_text(message))
    if kind:
        outcome.set("type", kind)
    if text:
        outcome.text = _xml_text(text)


def _xml_text(text: str) -> str:
    """A text without characters that XML 1.0 does not allow, as no parser reads a document with one."""
    if text.isprintable():
        return text
    return "".join(
        c if c in "\t\n" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000" else "\ufffd"
        for c in text
    )


def _checked_case(entry: ReportNode) -> ET.Element:
    case = _make_case(entry, "checked")
    if entry["state"] in UNCHECKED_STATES and not wording.has_failed_change(entry):
        error = entry["error"] or {}
        kind = str(error.get("code") or entry["state"])
        remedy = error.get("remedy") or ""
        _set_outcome(case, "error", f"{wording.STATE_LABELS[entry['state']]}: {entry['reason']}", kind, remedy)
    return case


def _change_cases(entry: ReportNode) -> t.Iterator[ET.Element]:
    """A case for the change, and one for each handler with its operations."""
    change = entry["change"]
    if change is None:
        return
    case = _make_case(entry, "change")
    outcome = wording.describe_change(entry)
    if wording.has_failed_change(entry):
        error = entry["error"] or {}
        kind = str(error.get("code") or change["state"])
        lines = _join_lines(diffs.list_review_lines(change["plan_difference"], 1000))
        text = "\n\n".join(filter(None, (error.get("remedy"), lines)))
        _set_outcome(case, "failure", f"{outcome}: {entry['reason']}", kind, text)
    elif change["state"] == "unknown":
        _set_outcome(case, "skipped", "it is not known whether the device was changed")
    else:
        ET.SubElement(case, "system-out").text = _xml_text(outcome)
    yield case
    for counted in change["handlers"]:
        case = _make_case(entry, f"change: {counted['handler']}")
        operations = [each for each in change["operations"] if each["handler"] == counted["handler"]]
        text = _join_lines(diffs.list_operation_lines({"operations": operations, "operations_omitted": 0}, 1000))
        if counted["failed"] or counted["processing"] or counted["rolled_back"]:
            _set_outcome(case, "failure", outcome, "change", text)
        elif text:
            ET.SubElement(case, "system-out").text = _xml_text(text)
        yield case


def _not_compared_cases(entry: ReportNode) -> t.Iterator[ET.Element]:
    """A skipped case for each section with settings that were not compared, or that do not apply to the device."""
    for member, label in (("not_compared", "not compared"), ("not_applicable", "not applicable")):
        sections: dict[str, list[ReportNode]] = {}
        for each in (entry["drift"] or {}).get(member, ()):
            sections.setdefault(each["path"].partition("/")[0], []).append(each)
        for name, settings in sections.items():
            case = _make_case(entry, f"{label}: {name}")
            listed = [f"{each['path']} ({each['reason'] or 'unknown'})" for each in settings]
            _set_outcome(case, "skipped", wording.format_names(listed, 10))
            yield case


def _section_cases(report: ReportNode, entry: ReportNode) -> t.Iterator[ET.Element]:
    if entry["drift"] is None:
        return
    drift = _group_by_section(diffs.list_drift(report, entry))
    accepted = _group_by_section(diffs.list_accepted(report, entry))
    reference = diffs.describe_reference(entry["drift"]["mode"])
    sections = {section["name"]: section for section in entry["drift"]["sections"]}
    has_failure = bool(drift) or any(section["state"] == "drift" for section in sections.values())
    if entry["state"] == "drift" and not has_failure:
        case = _make_case(entry, "drift")
        _set_outcome(case, "failure", f"differs from {reference}", "drift")
        yield case
    for name in dict.fromkeys([*sections, *drift, *accepted]):
        section = sections.get(name, {"state": "clean", "reason": None})
        case = _make_case(entry, f"drift: {name}")
        differences = drift.get(name, [])
        if differences or section["state"] == "drift":
            message = f"{wording.format_count(len(differences), 'difference')} from {reference}"
            _set_outcome(case, "failure", message, "drift", _diff_text(differences))
        elif section["state"] == "not_checked":
            _set_outcome(case, "error", section["reason"] or "not checked", "not_checked")
        if name in accepted:
            ET.SubElement(case, "system-out").text = _xml_text(_diff_text(accepted[name]))
        yield case


def _group_by_section(differences: t.Sequence[ReportNode]) -> dict[str, list[ReportNode]]:
    groups: dict[str, list[ReportNode]] = {}
    for difference in differences:
        groups.setdefault(difference["section"], []).append(difference)
    return groups


def _diff_text(differences: t.Sequence[ReportNode]) -> str:
    return _join_lines(diffs.list_diff_lines(differences, 1000))


def _join_lines(lines: t.Sequence[diffs.DiffLine]) -> str:
    return "\n".join(f"{sign} {text}" for sign, text in lines)


def _health_cases(entry: ReportNode) -> t.Iterator[ET.Element]:
    health = entry["health"]
    if health is None:
        return
    for check in health["checks"]:
        subject = f" ({check['subject']})" if check["subject"] else ""
        case = _make_case(entry, f"health: {check['name']}{subject}")
        state = check["state"]
        if state in ("skipped", "unknown"):
            _set_outcome(case, "skipped", check["message"] or state)
        elif state in wording.FINDING_STATES and not health["healthy"]:
            _set_outcome(case, "failure", check["message"], state, check["remedy"] or "")
        elif state != "ok":
            ET.SubElement(case, "system-out").text = _xml_text(f"{state}: {check['message']}")
        yield case
    passed = health["counts"]["ok"] - sum(check["state"] == "ok" for check in health["checks"])
    if passed > 0:
        case = _make_case(entry, "health: passed checks")
        ET.SubElement(case, "system-out").text = f"{wording.format_count(passed, 'check')} passed"
        yield case
    if not health["healthy"] and all(c["state"] not in wording.FINDING_STATES for c in health["checks"]):
        case = _make_case(entry, "health")
        _set_outcome(case, "failure", "the device is not healthy", health["worst"])
        yield case
