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
from ansible_collections.meinberg.lantime.tests.paths import DASHBOARD, PAGES, read_json

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


def list_labels(query: str) -> set[str]:
    """The labels by which a query selects, groups or joins."""
    matchers = re.findall(r'(\w+)(?:=~|=|!=|!~)"', query)
    grouped = re.findall(r"\b(?:by|on|without|ignoring) \(([^)]*)\)", query)
    return {*matchers, *(label.strip() for group in grouped for label in group.split(","))}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_what_reports_have(name: str) -> None:
    query = QUERIES[name]
    metrics = list_metrics(query)
    assert metrics
    assert metrics <= set(LABELS)
    for labels in (LABELS[metric] for metric in metrics):
        assert list_labels(query) <= labels


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
    assert len(counts) == 5
    for panel in counts:
        assert panel["fieldConfig"]["defaults"]["noValue"] == "unknown"
        assert re.search(r" or 0 \* count\(lantime_\w+\{[^{}]*\}\)$", panel["targets"][0]["expr"])


def test_the_legends_name_labels_of_the_query() -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= list_labels(target["expr"])


def test_the_alerts_name_labels_of_metrics() -> None:
    assert len(RULES) == 10
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
