# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports are accepted by the programs that read them: those of Jenkins, OASIS, Prometheus, Grafana and browsers."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import jsonschema
import pytest
import requests
import yaml

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import files
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.openmetrics import render_openmetrics
from ansible_collections.meinberg.lantime.tests.formats import programs
from ansible_collections.meinberg.lantime.tests.paths import DASHBOARD, DOCS, EVENT_SCHEMA, ROOT, read_json
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import test_dashboard, test_schemas
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_hostile import PIECES
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report.test_openmetrics import (
    FULL,
    Samples,
    made,
    parse,
)

Tree = dict[str, t.Any]

# Each in a report of its own, as every text of a device: what means something to one of the formats.
HOSTILE = [
    made.record(
        f"ts{number}{piece}",
        group=piece,
        facts=made.facts(piece, model=piece, serial=piece, clock=piece),
        drift=made.drift(made.difference(f"ntp/{piece}", piece, [piece])),
        health=made.health(satellites=("critical", piece, piece)),
    )
    for number, piece in enumerate(PIECES)
]
REPORTS: dict[str, Tree] = {
    **test_schemas.REPORTS,
    "everything": {**FULL, "title": "everything"},
    "hostile": made.report(HOSTILE, title="".join(PIECES[:8]), golden_file="golden/%s.yml"),
}
reports = pytest.mark.parametrize("name", REPORTS)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with each report in each format."""
    place = tmp_path_factory.mktemp("reports")
    for name, report in REPORTS.items():
        for file in files.plan_files(
            report, str(place), name, list(files.REPORT_FORMATS), files.REPORT_FORMATS
        ).values():
            files.write_report_file(file)
    return place


@reports
def test_junit_fits_the_schema_of_jenkins(written: Path, name: str) -> None:
    import xmlschema  # of the directory of make formats

    schema = xmlschema.XMLSchema(str(programs.junit_schema()))
    schema.validate(str(written / f"{name}.xml"))
    text = (written / f"{name}.xml").read_text("utf-8").replace("<testcase ", "<testcase surprise='1' ", 1)
    assert not schema.is_valid(text)


@reports
def test_sarif_fits_the_schema(written: Path, name: str) -> None:
    schema = read_json(programs.SARIF_SCHEMA)
    validator = jsonschema.validators.validator_for(schema)
    log = read_json(written / f"{name}.sarif")
    validator(schema, format_checker=validator.FORMAT_CHECKER).validate(log)
    log["runs"][0]["surprise"] = 1
    assert not validator(schema).is_valid(log)


@reports
def test_the_validator_of_sarif_has_notes_only(written: Path, tmp_path: Path, name: str) -> None:
    """Notes are matters of taste, such as whether a rule is called CA1000."""
    found = list_sarif_findings(written / f"{name}.sarif", tmp_path)
    assert [finding for finding in found if finding[1] != "note"] == []


def test_the_validator_of_sarif_finds_errors(written: Path, tmp_path: Path) -> None:
    log = read_json(written / "eight.sarif")
    log["runs"][0]["results"][0]["ruleIndex"] = 99
    (tmp_path / "wrong.sarif").write_text(json.dumps(log), encoding="utf-8")
    assert [level for dummy, level in list_sarif_findings(tmp_path / "wrong.sarif", tmp_path) if level == "error"]


def list_sarif_findings(path: Path, place: Path) -> list[tuple[str, str]]:
    """The rule and the level of each finding."""
    output = place / "validated.json"
    kinds = ("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note")
    done = programs.run(programs.SARIF_TOOL, "validate", path, "--output", output, "--log", "ForceOverwrite", *kinds)
    assert "Analysis completed successfully" in done.stdout, done.stdout + done.stderr
    (run,) = read_json(output)["runs"]
    return [(result["ruleId"], result.get("level", "warning")) for result in run["results"]]


# The checker does not compute the hash of the style sheet, which the policy names; a browser does (tests/browser).
_HASHED_STYLE = "Inline style violates Content Security Policy"


def test_pages_are_valid_html(written: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text((written / "eight.html").read_text("utf-8").replace("<main", "<img><main", 1), encoding="utf-8")
    done = programs.run("java", "-jar", programs.HTML_CHECKER, "--format", "json", *written.glob("*.html"), wrong)
    messages = [each for each in json.loads(done.stderr)["messages"] if _HASHED_STYLE not in each["message"]]
    assert {each["url"].rpartition("/")[2] for each in messages} == {"wrong.html"}, messages


@reports
def test_metrics_have_no_finding_of_promtool(written: Path, name: str) -> None:
    promtool = programs.prometheus_program("promtool")
    text = (written / f"{name}.prom").read_text("utf-8")
    done = programs.run(promtool, "check", "metrics", given=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wrong = programs.run(promtool, "check", "metrics", given=text.replace("_seconds", "_milliseconds"))
    assert wrong.returncode != 0


def test_the_textfile_collector_takes_the_metrics_as_they_are(written: Path, tmp_path: Path) -> None:
    for name in ("everything", "hostile", "eight"):
        (tmp_path / f"{name}.prom").write_bytes((written / f"{name}.prom").read_bytes())
    with programs.Collector(tmp_path) as collector:
        text = requests.get(f"http://{collector.address}/metrics", timeout=60).text
    expected = {key: value for path in tmp_path.glob("*.prom") for key, value in parse(path.read_text("utf-8")).items()}
    lines = [line for line in text.split("\n") if re.match(r"(# (HELP|TYPE) )?lantime_", line)]
    taken = "\n".join([*lines, "# EOF", ""])
    assert without_empty_labels(parse(taken)) == without_empty_labels(expected)
    assert "node_textfile_scrape_error 0" in text


def without_empty_labels(samples: Samples) -> Samples:
    """The samples, as an empty label is the same as none."""
    return {(name, tuple(pair for pair in labels if pair[1])): value for (name, labels), value in samples.items()}


def test_the_alerts_of_the_guide_are_rules_of_prometheus(tmp_path: Path) -> None:
    rules = {"groups": [{"name": "lantime", "rules": test_dashboard.RULES}]}
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    done = programs.run(programs.prometheus_program("promtool"), "check", "rules", tmp_path / "rules.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(test_dashboard.RULES)} rules found" in done.stdout


# Their values depend on the present time, or there is one only if there are no metrics.
_OF_OTHER_TIMES = ("time() -", "absent(")


def test_prometheus_answers_every_query_of_dashboard_and_alerts(tmp_path: Path) -> None:
    """Each query gives a value for the devices of the report with every metric, and joins what can be joined."""
    checks: list[tuple[str, int | None]] = []
    for query in test_dashboard.QUERIES.values():
        is_other = query.startswith(_OF_OTHER_TIMES)
        checks.append((f"(count({query}) or vector(0)) >= bool 0" if is_other else f"count({query}) > bool 0", 1))
    check_with_promtool(tmp_path, REPORTS["everything"], checks)


def test_the_numbers_of_the_dashboard_are_those_of_the_report(tmp_path: Path) -> None:
    report = REPORTS["everything"]
    hosts, summary = report["hosts"], report["summary"]
    expected = {
        "Unreachable": summary["unreachable"],
        "Not checked or failed": summary["failed"] + summary["not_checked"],
        "Partly checked": summary["incomplete"],
        "Not synchronized": sum((entry["time"] or {}).get("synchronized") is False for entry in hosts),
        "Synchronization unknown": sum((entry["time"] or {}).get("synchronized") is None for entry in hosts),
        "Not healthy": summary["unhealthy"],
        "Drift": summary["drift"],
    }
    assert all(expected.values())
    panels = {panel["title"]: panel["targets"][0]["expr"] for panel in test_dashboard.PANELS}
    checks = [(panels[title], number) for title, number in expected.items()]
    check_with_promtool(tmp_path, report, checks)
    # Nothing is known of a host without a result, so no number but those of hosts is a zero.
    empty = made.report([], ["ts1"])
    known = {"Not checked or failed": 1, "Partly checked": 0, "Synchronization unknown": 1}
    check_with_promtool(tmp_path, empty, [(panels[title], known.get(title)) for title in expected])


def check_with_promtool(place: Path, report: Tree, checks: t.Sequence[tuple[str, int | None]]) -> None:
    """Evaluate queries on the metrics of a report. checks: each query with its value, None if it has none."""
    series = [
        {
            "series": f"{name}{{{','.join(f'{label}={json.dumps(text)}' for label, text in labels)}}}",
            "values": str(value),
        }
        for (name, labels), value in parse(render_openmetrics(report)).items()
    ]
    cases = [
        {
            "expr": query.replace("$report", ".*").replace("$host", ".*"),
            "eval_time": "0m",
            "exp_samples": [] if number is None else [{"labels": "{}", "value": number}],
        }
        for query, number in checks
    ]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": cases}
    (place / "test.yml").write_text(json.dumps({"tests": [test]}), encoding="utf-8")
    done = programs.run(programs.prometheus_program("promtool"), "test", "rules", place / "test.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_is_one_of_grafana() -> None:
    from grafana_foundation_sdk.cog.encoder import JSONEncoder  # of the directory of make formats
    from grafana_foundation_sdk.models.dashboard import Dashboard

    dashboard = read_json(DASHBOARD)
    model: t.Any = Dashboard.from_json(dashboard)
    encoded = json.loads(JSONEncoder().encode(model))
    # The user interface writes the definition of a variable beside its query, and null as identifier of a new dashboard.
    lost = {re.sub("[0-9]+", "*", path) for path in list_lost(dashboard, encoded)}
    assert lost == {"/id", "/templating/list/*/definition"}


def list_lost(given: t.Any, kept: t.Any, path: str = "") -> t.Iterator[str]:
    """The paths of a document that another one does not have with the same value."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            yield from list_lost(value, kept.get(name, ...), f"{path}/{name}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for number, (value, other) in enumerate(zip(given, kept)):
            yield from list_lost(value, other, f"{path}/{number}")
    elif given != kept:
        yield path


_AJV = """
const Ajv = require('ajv/dist/2020'), {readFileSync} = require('fs')
const read = path => JSON.parse(readFileSync(path))
const [schema, ...files] = process.argv.slice(1)
const validate = new Ajv({strictTypes: false}).compile(read(schema))
for (const file of files) if (!validate(read(file))) console.log(file, JSON.stringify(validate.errors))
"""


@pytest.mark.parametrize("schema", [DOCS / "report.schema.json", DOCS / "recording.schema.json", EVENT_SCHEMA])
def test_the_schemas_are_accepted_by_another_validator(schema: Path, written: Path) -> None:
    documents = written.glob("*.json") if schema.name == "report.schema.json" else ()
    done = programs.run("node", "-e", _AJV, schema, *documents, cwd=programs.DIRECTORY)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wrong = programs.run("node", "-e", _AJV, schema, ROOT / "docs" / "dashboard.json", cwd=programs.DIRECTORY)
    assert "dashboard.json" in wrong.stdout
