# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_drift: variables of the host, what it sends, an open journal, and its results in a report and a verdict."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_drift
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import Bench, environment
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.writing_options import interrupt_task

Tree = dict[str, t.Any]

CONTACT = "snmp/contact"


def sent(device: t.Any) -> list[str]:
    return [f"{entry['method']} {entry['path']}" for entry in device.ledger]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("auth", ["basic", "token"])
def test_nothing_but_reads_is_sent(fleet: SharedFleet, tmp_path: Path, check: bool, auth: str) -> None:
    device = fleet["ims"]
    before = device.running()
    rules = [{"slots": ["io1"], "config": {"module": {"ptp": {"network": {"dscp": 9}}}}}]
    config = {"snmp": {"contact": "noc"}, "ntp": {"local-clock": {"stratum": 5}}}
    options: dict[str, t.Any] = {"config": config, "modules": rules, "journal_path": str(tmp_path), "auth": auth}
    outcome = run_in_process(device, lantime_drift, check=check, **options)
    assert outcome.code == "drift"
    assert len(outcome.result["drift"]) == 3
    logins = ["PUT /api/get-token"] if auth == "token" else []
    reads = [f"GET /api/{path}" for path in ("status", "config/snmp", "config/ntp", "config/chassis0")]
    assert sent(device) == [*logins, *reads]
    assert device.running() == before
    assert list(tmp_path.iterdir()) == []


SECRET = {"snmp": {"read-community": "unreadable"}}
CLOCK = {"ntp": {"local-clock": {"stratum": 12}}}


@pytest.mark.parametrize(
    ("config", "options", "verdict", "not_compared"),
    [
        ({"ntp": {}}, {}, "not_checked", ["ntp"]),
        ({"ntp": {"local-clock": {}}, "snmp": {}}, {}, "not_checked", ["ntp", "snmp"]),
        (CLOCK, {"ignore_paths": ["ntp/local-clock"]}, "not_checked", ["ntp"]),
        (SECRET, {}, "not_checked", ["snmp/read-community"]),
        ({**CLOCK, "snmp": {}}, {}, "clean", ["snmp"]),
        ({**CLOCK, "snmp": {"contact": "other"}}, {"ignore_paths": ["snmp"]}, "clean", ["snmp"]),
        ({**CLOCK, **SECRET}, {}, "clean", ["snmp/read-community"]),
        ({"ntp": {"external-servers": {}}}, {"state": "overridden"}, "clean", []),
    ],
)
def test_a_device_of_which_no_setting_was_compared_is_not_clean(
    fleet: SharedFleet, tmp_path: Path, config: Tree, options: Tree, verdict: str, not_compared: list[str]
) -> None:
    fleet["ts710"].change("ntp/local-clock/stratum", 12)
    made = run_in_process(fleet["ts710"], lantime_drift, config=config, journal_path=str(tmp_path), **options)
    assert (made.result["verdict"], made.result["drift"]) == (verdict, [])
    assert [entry["path"] for entry in made.result["not_compared"]] == not_compared
    sections = made.result["entry"]["drift"]["sections"]
    assert {section["state"] for section in sections} == {verdict}
    assert (made.code, verdict) in (("not_compared", "not_checked"), (None, "clean"))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"slots": ["io1"], "config": {"module": {"ptp": {}}}}, "the golden configuration has no setting in it"),
        (
            {"slots": ["io[1"], "config": {"module": {"ptp": {"x": 1}}}},
            "rule 1 (slots io[1): the device has no such module",
        ),
    ],
)
def test_a_rule_with_nothing_to_compare_is_not_clean(
    fleet: SharedFleet, tmp_path: Path, rule: Tree, message: str
) -> None:
    made = run_in_process(fleet["ims"], lantime_drift, modules=[rule], journal_path=str(tmp_path))
    assert (made.code, made.result["verdict"]) == ("not_compared", "not_checked")
    assert f"chassis0: {message}" in made.result["msg"]


def test_the_name_of_another_slot_is_not_suggested_as_the_one_that_is_unknown(
    fleet: SharedFleet, tmp_path: Path
) -> None:
    rule = {"slots": ["clk1"], "config": {"module": {"ptp": {"network": {"dscp": 9}}}}}
    made = run_in_process(fleet["ims"], lantime_drift, modules=[rule], journal_path=str(tmp_path))
    assert "chassis0/slots/clk1/module/ptp: the device has no such name (known names: antenna, " in made.result["msg"]


def test_an_item_without_settings_is_compared(fleet: SharedFleet, tmp_path: Path) -> None:
    config: dict[str, t.Any] = {"ntp": {"external-servers": {"9": {}}}}
    made = run_in_process(fleet["ts710"], lantime_drift, config=config, journal_path=str(tmp_path))
    assert [(each["op"], each["path"]) for each in made.result["drift"]] == [("add", "ntp/external-servers/9")]


def test_own_secrets_are_masked_in_the_whole_configuration_too(fleet: SharedFleet, tmp_path: Path) -> None:
    fleet["ts710"].change(CONTACT, "canary")
    options: Tree = {"compare": False, "secrets": [CONTACT], "journal_path": str(tmp_path)}
    made = run_in_process(fleet["ts710"], lantime_drift, **options)
    assert made.result["value"]["snmp"]["contact"] == "********"
    assert "canary" not in str(made.result)


def test_an_open_journal_is_left_alone(fleet: SharedFleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(fleet["ts710"], tmp_path, monkeypatch)
    with environment(bench):
        interrupt_task(bench)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    bench.device.clear_ledger()
    before = bench.device.running()
    options: dict[str, t.Any] = {"config": {"snmp": {"contact": "noc"}}, "journal_path": bench.path("journals")}
    for fail_on in ("drift", "never"):
        outcome = run_in_process(bench.device, lantime_drift, fail_on=fail_on, **options)
        assert (outcome.code, outcome.result["verdict"]) == ("interrupted", "not_checked")
        assert outcome.result["entry"]["drift"]["state"] == "not_checked"
    assert set(sent(bench.device)) == {"GET /api/status", "GET /api/config/snmp"}
    assert bench.device.running() == before
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


def test_results_reach_the_report_and_the_verdict_without_facts_of_ansible(
    controller: Controller, fleet: SharedFleet, tmp_path: Path
) -> None:
    """One play: the golden configuration from variables, the report and the verdict from registered results."""
    fleet["ts706"].add_fault("close-before-answer")
    fleet["ts708"].change(CONTACT, "elsewhere")
    controller.shared = {
        "lantime_golden_config": {"snmp": {"contact": "{{ noc }}"}, "ntp": {"local-clock": {"stratum": 12}}},
        "lantime_golden_overlays": {
            "modular": {"snmp": {"location": "north"}},
            "ims": {"snmp": {"location": "rack 1"}},
        },
        "noc": "operations",
        "drift_check_ignore": ["ntp"],
        "site": "{{ inventory_hostname[:3] }}",
    }
    controller.groups = {"modular": ["ims"]}
    tasks: list[dict[str, t.Any]] = [
        {
            "meinberg.lantime.lantime_drift": {"gather_subset": ["min", "sync"]},
            "register": "compared",
            "ignore_errors": True,
            "ignore_unreachable": True,
        },
        {
            "meinberg.lantime.lantime_report": {
                "results_from": ["compared", "never_set"],
                "group_from": "site",
                "dest": str(tmp_path / "reports"),
                "formats": ["json"],
            },
            "run_once": True,
        },
        {"meinberg.lantime.lantime_verdict": {"results_from": ["compared"]}},
    ]
    run = controller.play(tasks)
    assert run.code == 4, run.output
    report = json.loads((tmp_path / "reports" / "report.json").read_text(encoding="utf-8"))
    states = {"ts706": "unreachable", "ts708": "drift", "ts710": "clean", "ims": "clean"}
    hosts = {entry["host"]: entry for entry in report["hosts"]}
    assert {name: entry["state"] for name, entry in hosts.items()} == states
    assert {name: entry["group"] for name, entry in hosts.items()} == {name: name[:3] for name in states}
    assert [each["path"] for each in hosts["ts708"]["drift"]["differences"]] == [CONTACT]
    assert hosts["ts710"]["time"]["state"] is not None
    verdicts = {r.host: r.result["verdict"] for r in run.results if r.action.endswith("lantime_verdict")}
    # A host that could not be reached is asked no more, even if its task ignores that.
    assert verdicts == states
    assert all(
        method == "GET" for device in fleet for method, _space, _path in (e.partition(" ") for e in sent(device))
    )
    assert [sent(fleet[name]) for name in ("ts710", "ims")] == [
        [f"GET /api/{path}" for path in ("status", "config/snmp", "config/ntp")]
    ] * 2


def test_names_that_are_the_same_as_text_are_refused_in_variables(controller: Controller, fleet: SharedFleet) -> None:
    controller.shared = {
        "lantime_golden_config": "{{ {'ntp': {'external-servers': {1: {'address': 'a'}} | combine({'1': {'address': 'b'}})}} }}"
    }
    run = controller.play({"meinberg.lantime.lantime_drift": {}, "ignore_errors": True}, "ts710")
    assert run.only["error"]["code"] == "duplicate_object_id", run.output
    assert sent(fleet["ts710"]) == []
