# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit and SARIF keep to what their published schemas allow.

The tables below are the part of junit-10.xsd of the xUnit plug-in of Jenkins and of SARIF 2.1.0 that the reports use.
tests/formats validates the reports against the published files.
"""

from __future__ import annotations

import copy
import json
import re
import typing as t
import xml.etree.ElementTree as ET

import jsonschema
import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import model
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.junit import render_junit
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.sarif import render_sarif
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

Tree = dict[str, t.Any]


def consensus() -> list[Tree]:
    records = [made.record(f"ts{number}", drift=made.drift(mode="consensus")) for number in range(4)]
    for each in records:
        each["drift"]["not_compared"] = [{"path": "ntp/servers/server2", "reason": "the other devices do not agree"}]
        each["drift"]["not_applicable"] = [{"rule": 2, "conditions": "families FDM", "reason": "no module"}]
    return records


REPORTS = {
    "eight": made.report(made.eight(), made.EXPECTED, golden_file="golden/time servers.yml"),
    "many": made.report(made.many(60)),
    "rollout": made.report(made.rollout(), checks=("health", "change", "facts")),
    "consensus": made.report(consensus()),
    "facts": made.report([{"host": "a", "facts": made.facts("a")}]),
    "nothing": made.report([]),
    "invalid": model.build_invalid_report(model.ReportHeading("t", made.GENERATED), "no golden", ["ts1"]),
}
reports = pytest.mark.parametrize("name", REPORTS)

# JUnit: (children, required attributes, optional attributes) of each element.
_OUTCOME: tuple[set[str], set[str], set[str]] = (set(), set(), {"type", "message"})
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"properties", "testcase"},
        {"name", "tests", "failures", "errors"},
        {"time", "skipped", "timestamp", "hostname", "id", "package"},
    ),
    "properties": ({"property"}, set(), set()),
    "property": (set(), {"name", "value"}, set()),
    "testcase": ({"skipped", "error", "failure", "system-out"}, {"name"}, {"time", "classname"}),
    **dict.fromkeys(("skipped", "error", "failure"), _OUTCOME),
    "system-out": (set(), set(), set()),
}


def list_violations(element: ET.Element) -> t.Iterator[str]:
    children, required, optional = JUNIT[element.tag]
    names = set(element.attrib)
    if not required <= names <= required | optional:
        yield f"{element.tag}: {sorted(names ^ required)}"
    if "time" in names and not re.fullmatch(
        r"[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,3})?|[0-9]+(\.[0-9]+)?", element.attrib["time"]
    ):
        yield f"{element.tag}: time"
    for child in element:
        if child.tag not in children:
            yield f"{child.tag} in {element.tag}"
        yield from list_violations(child)


@reports
def test_junit_keeps_to_the_elements_and_attributes_of_jenkins(name: str) -> None:
    root = ET.fromstring(render_junit(REPORTS[name]).encode("utf-8"))
    assert list(list_violations(root)) == []
    assert len(root) > 0
    root.set("skipped", "0")
    assert list(list_violations(root))


def test_checks_with_one_name_are_cases_of_their_own() -> None:
    record = made.record("a")
    check = record["health"]["checks"][2]
    record["health"]["checks"] += [
        check,
        {**check, "subject": "clk1) #2"},
        {**check, "subject": None, "state": "error"},
    ]
    root = ET.fromstring(render_junit(made.report([record])).encode("utf-8"))
    names = [str(case.get("name")) for case in root.iter("testcase")]
    assert [name for name in names if "satellites" in name] == [
        "health: satellites (clk1)",
        "health: satellites (clk1) #2",
        "health: satellites (clk1) #2)",
        "health: satellites",
    ]


def test_junit_of_a_run_without_devices_is_an_error() -> None:
    for name in ("nothing", "invalid"):
        root = ET.fromstring(render_junit(REPORTS[name]).encode("utf-8"))
        assert int(root.get("errors", "0")) > 0


def test_settings_that_were_not_compared_are_skipped_cases() -> None:
    root = ET.fromstring(render_junit(REPORTS["consensus"]).encode("utf-8"))
    for suite in root:
        skipped = {case.get("name"): case.find("skipped") for case in suite.iter("testcase")}
        found = skipped["not compared: ntp"]
        assert found is not None
        assert found.get("message") == "ntp/servers/server2 (the other devices do not agree)"
        assert skipped["not applicable: rule 2 (families FDM)"] is not None


# SARIF 2.1.0: the objects of a report with their members. Every object is closed.


def closed(required: str, **members: t.Any) -> Tree:
    return {"type": "object", "additionalProperties": False, "required": required.split(), "properties": members}


TEXT: Tree = {"type": "string", "minLength": 1}
ANY_TEXT: Tree = {"type": "string"}
INDEX: Tree = {"type": "integer", "minimum": 0}
LEVEL: Tree = {"enum": ["none", "note", "warning", "error"]}
TIME: Tree = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$"}
MESSAGE = closed("text", text=ANY_TEXT)
RULE = closed(
    "id",
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    helpUri={"type": "string", "pattern": "^https://"},
    defaultConfiguration=closed("level", level=LEVEL),
)
NOTIFICATION = closed("message", level=LEVEL, message=MESSAGE, associatedRule=closed("id", id=TEXT, index=INDEX))
INVOCATION = closed(
    "executionSuccessful",
    executionSuccessful={"type": "boolean"},
    exitCode={"type": "integer"},
    endTimeUtc=TIME,
    toolExecutionNotifications={"type": "array", "items": NOTIFICATION},
)
LOCATION = closed(
    "",
    logicalLocations={
        "type": "array",
        "items": closed("", name=ANY_TEXT, fullyQualifiedName=ANY_TEXT, kind=ANY_TEXT),
        "uniqueItems": True,
    },
    physicalLocation=closed(
        "artifactLocation",
        artifactLocation=closed("uri", uri={"type": "string", "pattern": "^[A-Za-z0-9/%._~-]*$"}, uriBaseId=TEXT),
        region=closed("startLine", startLine={"type": "integer", "minimum": 1}),
    ),
)
SUPPRESSION = closed(
    "kind", kind={"enum": ["inSource", "external"]}, status={"enum": ["accepted"]}, justification=ANY_TEXT
)
RESULT: Tree = {
    **closed(
        "message",
        ruleId=TEXT,
        ruleIndex=INDEX,
        kind={"enum": ["fail", "informational"]},
        level=LEVEL,
        message=MESSAGE,
        locations={"type": "array", "items": LOCATION},
        partialFingerprints={"type": "object", "additionalProperties": ANY_TEXT},
        suppressions={"type": "array", "items": SUPPRESSION, "uniqueItems": True},
    ),
    # A result of another kind than fail has the level none.
    "if": {"properties": {"kind": {"const": "fail"}}},
    "else": {"properties": {"level": {"const": "none"}}},
}
DRIVER = closed(
    "name",
    name=TEXT,
    version=TEXT,
    semanticVersion=TEXT,
    informationUri={"type": "string", "pattern": "^https://"},
    rules={"type": "array", "items": RULE, "uniqueItems": True},
)
RUN = closed(
    "tool results",
    tool=closed("driver", driver=DRIVER),
    automationDetails=closed("", id=TEXT),
    invocations={"type": "array", "items": INVOCATION},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
SARIF = closed(
    "version runs",
    **{"$schema": {"type": "string", "pattern": "^https://"}},
    version={"const": "2.1.0"},
    properties={"type": "object"},
    runs={"type": "array", "items": RUN},
)
SARIF_VALIDATOR = jsonschema.Draft7Validator(SARIF)


@reports
def test_sarif_keeps_to_the_objects_of_2_1_0(name: str) -> None:
    log = json.loads(render_sarif(REPORTS[name]))
    SARIF_VALIDATOR.validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for each in log["runs"][0]["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
    # SARIF1001: the name of a rule says something that its identifier does not.
    assert all(rule["name"].lower() != rule["id"].lower() for rule in rules)
    broken = copy.deepcopy(log)
    broken["runs"][0]["invocations"][0]["surprise"] = 1
    assert not SARIF_VALIDATOR.is_valid(broken)


def test_settings_that_were_not_compared_are_notes_of_the_run() -> None:
    (run,) = json.loads(render_sarif(REPORTS["consensus"]))["runs"]
    (invocation,) = run["invocations"]
    notes = [note["message"]["text"] for note in invocation["toolExecutionNotifications"] if note["level"] == "note"]
    expected = (
        "ntp/servers/server2 was not compared (the other devices do not agree): 4 devices: ts0, ts1, ts2 and 1 more"
    )
    assert notes == [expected]
    assert invocation["executionSuccessful"] is True
