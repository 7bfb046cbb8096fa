# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example dashboard and the alerts of the guide ask for metrics and labels that reports have."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.figures import FIGURES
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.openmetrics import render_openmetrics
from ansible_collections.meinberg.lantime.tests.paths import DASHBOARD, PAGES, read_json
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

Tree = dict[str, t.Any]

LABELS = {figure.name: {"report", *figure.labels} for figure in FIGURES}
PANELS: list[Tree] = read_json(DASHBOARD)["panels"]
VARIABLES: list[Tree] = read_json(DASHBOARD)["templating"]["list"]
GUIDE = (PAGES / "dashboard.rst").read_text("utf-8")
RULES: list[Tree] = [
    rule
    for block in re.findall(r"^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", GUIDE, re.MULTILINE)
    if block.lstrip().startswith("groups:")
    for group in yaml.safe_load(block)["groups"]
    for rule in group["rules"]
]
QUERIES = {
    **{f"{panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]},
    **{rule["alert"]: rule["expr"] for rule in RULES},
}


def list_metrics(text: str) -> set[str]:
    return set(re.findall(r"\blantime_[a-z0-9_]+", text))


def list_selectors(query: str) -> list[tuple[str, set[str]]]:
    """Each metric of a query, with the labels by which it is selected."""
    selectors = re.findall(r"\b(lantime_[a-z0-9_]+)(?:\{([^{}]*)\})?", query)
    return [(name, set(re.findall(r'(\w+)(?:=~|=|!=|!~)"', matchers))) for name, matchers in selectors]


def list_grouping_labels(query: str, words: str = "by|on|without|ignoring") -> set[str]:
    """The labels by which a query groups or joins."""
    grouped = re.findall(rf"\b(?:{words}) \(([^)]*)\)", query)
    return {label.strip() for group in grouped for label in group.split(",")}


def list_labels(query: str) -> set[str]:
    """The labels by which a query selects, groups or joins."""
    return list_grouping_labels(query).union(*(labels for dummy, labels in list_selectors(query)))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_what_reports_have(name: str) -> None:
    query = QUERIES[name]
    metrics = list_metrics(query)
    assert metrics
    assert metrics <= set(LABELS)
    selectors = list_selectors(query)
    assert {metric for metric, dummy in selectors} == metrics
    assert all(labels <= LABELS[metric] for metric, labels in selectors)
    assert all(list_grouping_labels(query, "on|ignoring") <= LABELS[metric] for metric in metrics)
    assert list_grouping_labels(query) <= set().union(*(LABELS[metric] for metric in metrics))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_promql(name: str) -> None:
    promql_parser = pytest.importorskip("promql_parser")
    promql_parser.parse(QUERIES[name])
    with pytest.raises(ValueError, match=r"\S"):
        promql_parser.parse(QUERIES[name] + ")")


def test_the_variables_are_labels_of_metrics() -> None:
    queries = [variable["definition"] for variable in VARIABLES if variable["type"] == "query"]
    asked = [re.fullmatch(r"label_values\((\w+)(?:\{.*\})?, (\w+)\)", query) for query in queries]
    assert [(match[1], match[2]) for match in asked if match] == [
        ("lantime_report_info", "report"),
        ("lantime_host_info", "host"),
    ]
    assert set(re.findall(r"\$(?:\{)?(\w+)", " ".join(map(str, PANELS)))) == {each["name"] for each in VARIABLES}


def test_a_number_is_no_zero_if_nothing_is_known() -> None:
    counts = [panel for panel in PANELS if panel["type"] == "stat" and "count(" in panel["targets"][0]["expr"]]
    assert len(counts) == 7
    for panel in counts:
        assert panel["fieldConfig"]["defaults"]["noValue"] == "unknown"
        assert re.search(r" or 0 \* count\(lantime_\w+\{[^{}]*\}\)$", panel["targets"][0]["expr"])


def test_no_number_is_the_sum_over_several_reports() -> None:
    """A device of which two reports give the same values has each difference and each finding once."""
    for query in QUERIES.values():
        assert not re.search(r"\b(sum|count)( by \([^)]*\))? ?\(lantime_", re.sub(r" or 0 \* count\(.*", "", query)), (
            query
        )


def test_drift_is_unknown_where_nothing_was_compared() -> None:
    """Sections have a state without a comparison, differences have a number only with one."""
    record = {"host": "a", "facts": made.facts("a"), "drift": {**made.drift(), "state": "not_checked"}}
    text = render_openmetrics(made.report([record]))
    (panel,) = (panel for panel in PANELS if panel["title"] == "Drift")
    (fallback,) = re.findall(r"0 \* count\((\w+)", panel["targets"][0]["expr"])
    assert "lantime_drift_sections{" in text
    assert f"{fallback}{{" not in text


def test_the_fleet_table_has_a_row_for_each_host_and_a_name_for_each_column() -> None:
    (fleet,) = (panel for panel in PANELS if panel["title"] == "Fleet")
    queries = {target["refId"]: target["expr"] for target in fleet["targets"]}
    # A host without a result has this metric only.
    assert any(re.match(r"max by \(host\) \(lantime_host_info\b", query) for query in queries.values())
    columns = fleet["transformations"][1]["options"]
    values = {name for name in {**columns["excludeByName"], **columns["renameByName"]} if name.startswith("Value")}
    assert values == {f"Value #{name}" for name in queries}
    assert {f"Time {number + 1}" for number in range(len(queries))} <= set(columns["excludeByName"])
    named = {each["matcher"]["options"] for each in fleet["fieldConfig"]["overrides"]}
    assert named | {each["displayName"] for each in fleet["options"]["sortBy"]} <= set(columns["renameByName"].values())


def test_the_legends_name_labels_of_the_query() -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= list_labels(target["expr"])


def test_the_alerts_name_labels_of_metrics() -> None:
    assert len(RULES) == 11
    for rule in RULES:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= list_labels(rule["expr"])


def test_the_guide_names_metrics_of_reports_only() -> None:
    others = {"lantime_report", "lantime_health", "lantime_drift", "lantime_module_info", "lantime_report_dir"}
    assert list_metrics(GUIDE) <= {*LABELS, *others}


def test_panels_have_a_place_of_their_own() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, dummy in cells) < 24
