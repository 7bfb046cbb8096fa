# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of a report: accepted by the parsers of both formats, named by the conventions, and only of what is known."""

from __future__ import annotations

import copy
import re
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.module_info import describe_modules
from ansible_collections.meinberg.lantime.plugins.module_utils._status.facts import ALL_SUBSETS, gather_facts
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import figures, model
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.openmetrics import render_openmetrics
from ansible_collections.meinberg.lantime.tests.devices import status_envelopes
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._report import report_records as made

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
HEADER = re.compile(r"# (TYPE [a-z0-9_]+ gauge|UNIT [a-z0-9_]+ [a-z]+|HELP [a-z0-9_]+ [ -!#-\[\]-~]+\.)")


def parse(text: str) -> Samples:
    """The samples of a text, which are the same in both formats and stand in families without a repetition."""
    assert "\r" not in text
    assert all(HEADER.fullmatch(line) for line in text.split("\n")[:-2] if line.startswith("#"))
    samples: list[Samples] = []
    for read in (parser.text_string_to_metric_families, openmetrics_parser.text_string_to_metric_families):
        families = list(read(text))
        assert len({family.name for family in families}) == len(families)
        assert {family.type for family in families} == {"gauge"}
        listed = [sample for family in families for sample in family.samples]
        assert all(sample.timestamp is None for sample in listed)
        samples.append({(each.name, tuple(sorted(each.labels.items()))): float(each.value) for each in listed})
        assert len(samples[-1]) == len(listed)
    assert samples[0] == samples[1]
    return samples[0]


def select(samples: Samples, name: str, **labels: str) -> list[float]:
    """The values of a metric with these labels."""
    return [
        value
        for (metric, pairs), value in samples.items()
        if metric == f"lantime_{name}" and labels.items() <= dict(pairs).items()
    ]


def measured() -> list[dict[str, t.Any]]:
    """A record with all facts of each simulated device, and one with what only lantime_module_info reads."""
    envelopes = status_envelopes()
    records: list[dict[str, t.Any]] = [
        {"host": name, "facts": gather_facts(envelope, ALL_SUBSETS)} for name, envelope in envelopes.items()
    ]
    source = {"object_id": "priority0", "type": "gps", "is_master": True, "is_locked": True, "offset_ns": -1500}
    modules = [
        {"slot": "clk1", "family": "GNS", "sources": [source], "sensors": {"board": 41.5}, "power": None},
        {"slot": "pwr1", "sources": [], "sensors": {}, "power": {"available": False}},
    ]
    ptp = {"slot": "io1", "object_id": "ptp1", "port_state": "slave", "offset_from_master_ns": 12, "path_delay_ns": 800}
    facts = {
        "modules": modules,
        "ptp": [ptp],
        "sync": {"holdover": {"elapsed_seconds": 60}},
        "min": {"pending_changes": 2},
    }
    return [*records, {"host": "modules", "facts": {"ansible_lantime": facts}}]


FULL = made.report([*made.eight(), *made.rollout()[:6], *measured()], made.EXPECTED, checks=("facts",))


@pytest.fixture(scope="module")
def full() -> Samples:
    return parse(render_openmetrics(FULL))


def test_every_metric_has_a_sample(full: Samples) -> None:
    assert {name for name, dummy in full} == {figure.name for figure in figures.FIGURES}


def test_the_sources_of_references_are_those_of_lantime_module_info() -> None:
    described = describe_modules(status_envelopes()["m3000-7.10"])
    entry = next(module for module in described if module["slot"] == "clk1")
    assert {"sources", "sensors", "power", "slot"} <= set(entry)


def test_values_are_in_base_units(full: Samples) -> None:
    assert select(full, "reference_offset_seconds", host="modules", type="gps") == [-1.5e-06]
    assert select(full, "sync_estimated_quality_seconds", host="ts-east") == [5e-06]
    assert select(full, "ptp_offset_from_master_seconds", host="modules", port="ptp1") == [1.2e-08]
    assert select(full, "module_temperature_celsius", host="modules", sensor="board") == [41.5]
    assert select(full, "module_temperature_celsius", host="m600-7.10", slot="cpu") == [47]
    assert select(full, "power_supply_available", host="modules", slot="pwr1") == [0]
    assert select(full, "report_generated_timestamp_seconds") == [1780315200]
    assert select(full, "http_round_trip_seconds", statistic="max") == [1.9]


@pytest.mark.parametrize("figure", figures.FIGURES, ids=lambda figure: figure.name)
def test_names_follow_the_conventions(figure: figures.Figure) -> None:
    assert re.fullmatch(r"lantime(_[a-z][a-z0-9]*)+", figure.name)
    # Suffixes of other types of metrics, and units that are not base units.
    words = figure.name.split("_")
    assert words[-1] not in ("total", "count", "sum", "bucket", "created", "gauge", "metric")
    other = {"ns", "us", "ms", "nanoseconds", "milliseconds", "minutes", "hours", "days", "percent", "kilobytes", "mb"}
    assert not other & set(words)
    assert not set(figures.UNITS) & set(words[:-1])
    assert figure.unit is None or figure.name.endswith(f"_{figure.unit}")
    assert not figure.meaning.endswith(".")
    for label in ("report", *figure.labels):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", label)
        assert label not in ("le", "quantile", "job", "instance")
    assert len(set(figure.labels)) == len(figure.labels)


def test_names_are_unique() -> None:
    names = [figure.name for figure in figures.FIGURES]
    assert len(set(names)) == len(names)


def test_what_is_not_known_has_no_sample(full: Samples) -> None:
    unknown = [key for key in full if dict(key[1]).get("host") == "ts-spare"]
    assert {name for name, dummy in unknown} == {
        "lantime_host_info",
        "lantime_host_state",
        "lantime_host_complete",
    }
    assert select(full, "host_reachable", host="ts-north") == [0]
    # The device refused the login, or it was never asked: the record does not say.
    assert select(full, "host_reachable", host="ts-lab") == []
    assert select(full, "host_reachable", host="ts-core") == [1]
    assert select(full, "receiver_satellites_good", host="ts-east") == [0]
    assert select(full, "drift_differences", host="ts-lab") == []


@pytest.mark.parametrize(("state", "expected"), [("synchronized", [1]), ("holdover", [0]), (None, [])])
def test_a_clock_without_a_state_is_not_called_unsynchronized(state: str | None, expected: list[float]) -> None:
    facts = made.facts("a", clock=state or "")
    assert (
        select(parse(render_openmetrics(made.report([{"host": "a", "facts": facts}]))), "sync_synchronized") == expected
    )


def test_a_host_tells_why_it_was_not_checked_completely(full: Samples) -> None:
    hosts = ("ts-core", "ts-south", "ts-north", "ts-lab", "ts-spare")
    assert [select(full, "host_complete", host=host) for host in hosts] == [[1], [0], [0], [0], [0]]
    codes = {dict(labels)["host"]: dict(labels)["code"] for name, labels in full if name == "lantime_host_error_info"}
    assert codes["ts-north"] == "refused"
    assert codes["ts-lab"] == "auth_failed"
    assert not {"ts-core", "ts-south", "ts-spare"} & set(codes)


def test_what_a_device_does_not_tell_of_itself_is_no_information() -> None:
    """Facts of a subset in which neither the identity nor the synchronization is contained."""
    facts = {"ansible_lantime": {"chassis": {"temperatures_celsius": {"cpu": [41.0]}}}}
    samples = parse(render_openmetrics(made.report([{"host": "a", "facts": facts}])))
    assert select(samples, "module_temperature_celsius", host="a") == [41]
    assert select(samples, "sync_info") == []
    assert select(samples, "device_info") == []


def test_operations_of_a_change_of_unknown_outcome_are_not_zero() -> None:
    unknown: dict[str, t.Any] = {"operations": []}
    failed = {"failed": True, "operations": [{"path": "ntp", "handler": "ntp", "state": "rolled_back"}]}
    unchanged = {"changed": False, "operations": []}
    changes = {"a": unknown, "b": failed, "c": unchanged}
    records = [
        {"host": host, "change": change, "error": {"kind": "failed", "code": "rejected", "message": "no"}}
        for host, change in changes.items()
    ]
    samples = parse(render_openmetrics(made.report(records)))
    assert select(samples, "change_operations", host="a") == []
    assert select(samples, "change_operations", host="b", state="rolled_back") == [1]
    assert select(samples, "change_operations", host="c") == [0] * 6
    assert [select(samples, "host_reachable", host=host) for host in changes] == [[], [1], [1]]


def test_only_a_change_is_saved_or_not() -> None:
    operations = [made.operation("ntp", {"a": 1}, {"a": 2})]
    changes: dict[str, dict[str, t.Any]] = {
        "changed": {"changed": True, "saved": False, "operations": operations},
        "unchanged": {"changed": False, "saved": False, "operations": []},
        "planned": {
            "changed": True,
            "saved": False,
            "operations": [made.operation("ntp", {"a": 1}, {"a": 2}, state="waiting")],
        },
    }
    report = made.report([made.record(host, change=change) for host, change in changes.items()])
    samples = parse(render_openmetrics(report))
    assert {host: select(samples, "change_saved", host=host) for host in changes} == {
        "changed": [0],
        "unchanged": [],
        "planned": [],
    }


def test_the_number_of_series_of_a_device_is_limited() -> None:
    number = 100_000
    items = [{"slot": f"io{n}", "object_id": f"p{n}", "name": f"n{n}", "kind": "gps"} for n in range(number)]
    many = [{**item, "reachable": True, "offset_ns": 1, "sources": [item], "sensors": {"a": 1}} for item in items]
    lantime = {"receiver": many, "ntp": {"peers": many}, "modules": many, "ptp": many, "syncmon": {"nodes": many}}
    lantime["storage"] = {f"/{n}": {"size_bytes": 1} for n in range(number)}
    health = made.health()
    health["checks"] = [{**health["checks"][0], "name": f"check{n}", "state": "critical"} for n in range(number)]
    drift = made.drift(*(made.difference(f"ntp/{n}", 1, 2) for n in range(3000)))
    record = {"host": "a", "facts": {"ansible_lantime": lantime}, "health": health, "drift": drift}
    samples = parse(render_openmetrics(made.report([record])))
    by_metric = {name: select(samples, name.partition("_")[2]) for name, dummy in samples}
    assert len(by_metric["lantime_ntp_peer_reachable"]) == 64
    assert {name for name, found in by_metric.items() if len(found) > 64} == {"lantime_health_findings"}
    assert len(by_metric["lantime_health_findings"]) == 200
    assert select(samples, "drift_differences", **{"class": "config"}) == [2000]
    assert select(samples, "drift_omitted_differences") == [1000]


def test_findings_are_counted_by_check_and_severity(full: Samples) -> None:
    assert select(full, "health_findings", host="ts-east", check="satellites", severity="critical") == [1]
    assert select(full, "health_findings", host="ts-east", check="certificate_self_signed") == []
    assert select(full, "health_checks", host="ts-east", state="critical") == [2]
    assert select(full, "health_healthy", host="ts-east") == [0]


def test_drift_is_counted_by_class(full: Samples) -> None:
    assert select(full, "drift_differences", host="ts-west", **{"class": "config"}) == [4]
    assert select(full, "drift_differences", host="ts-west", **{"class": "security"}) == [1]
    assert select(full, "drift_accepted_differences", host="ts-east", **{"class": "config"}) == [1]
    assert select(full, "drift_differences", host="ts-core", **{"class": "config"}) == [0]
    assert select(full, "drift_sections", host="ts-south", state="not_checked") == [1]


def test_receivers_with_one_name_have_series_of_their_own() -> None:
    facts = made.facts("a")
    receivers = facts["ansible_lantime"]["receiver"]
    receivers += [copy.deepcopy(receivers[0]) for dummy in range(2)]
    receivers += [{**receivers[0], "slot": "clk1#2"}, {}, {}]
    samples = parse(render_openmetrics(made.report([{"host": "a", "facts": facts}])))
    slots = [dict(pairs)["slot"] for name, pairs in samples if name == "lantime_receiver_satellites_good"]
    assert slots == ["clk1", "clk1#3", "clk1#4", "clk1#2"]


TEXT = st.text(st.one_of(st.sampled_from('\\"\n{}#,= \t\r\0\u2028\ud800é'), st.characters()), max_size=12)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4), TEXT)
def test_no_text_breaks_the_format(texts: list[tuple[str, str, str]], title: str) -> None:
    items = [{"slot": slot, "kind": kind, "name": name, "reachable": True} for slot, kind, name in texts]
    storage = {name: {"size_bytes": 1} for dummy, dummy, name in texts}
    lantime = {"receiver": items, "ntp": {"peers": items}, "storage": storage, "modules": items, "ptp": items}
    records = [
        {"host": slot, "group": kind, "facts": {"ansible_net_model": name, "ansible_lantime": lantime}}
        for slot, kind, name in texts
    ]
    report = made.report(records, title=title)
    samples = parse(render_openmetrics(report))
    assert {dict(pairs)["report"] for dummy, pairs in samples} == {report["title"]}
    hosts = {dict(pairs)["host"] for name, pairs in samples if name == "lantime_host_info"}
    assert hosts == {entry["host"] for entry in report["hosts"]}
    reachable = [key for key in samples if key[0] == "lantime_ntp_peer_reachable"]
    assert len(reachable) == len(report["hosts"]) * len(items)


@pytest.mark.parametrize(
    "report",
    [made.report([]), model.build_invalid_report(model.ReportHeading("t", made.GENERATED), "no golden", ["ts1"])],
    ids=["empty", "invalid"],
)
def test_a_report_without_results_says_so(report: dict[str, t.Any]) -> None:
    samples = parse(render_openmetrics(report))
    assert select(samples, "report_exit_code") == [2]
    assert select(samples, "report_hosts", state="clean") == []


def test_equal_reports_give_equal_texts() -> None:
    text = render_openmetrics(FULL)
    assert render_openmetrics(copy.deepcopy(FULL)) == text
    assert text.endswith("\n# EOF\n")
    assert "\n\n" not in text
