# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_report in playbooks: facts of simulated devices in, files out, always on the controller."""

from __future__ import annotations

import json
import re
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.meinberg.lantime.tests.integration.controller import ENTRY_POINTS, Controller, Run
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject
from ansible_collections.meinberg.lantime.tests.paths import REPORT_SCHEMA, read_json
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

pytestmark = pytest.mark.thorough

GENERATED = "2026-06-01T12:00:00Z"
SUBSETS = ["min", "sync", "receiver", "ntp", "firmware"]
NAMES = {"report.json", "report.xml", "report.md", "report.sarif", "report.html"}
GATHER: list[dict[str, t.Any]] = [
    {
        "meinberg.lantime.lantime_facts": {"gather_subset": SUBSETS},
        "register": "gathered",
        "ignore_unreachable": True,
    },
    {
        "ansible.builtin.set_fact": {
            "lantime_record": {
                "host": "{{ inventory_hostname }}",
                "group": "{{ 'modular' if inventory_hostname == 'ims' else none }}",
                "facts": "{{ gathered.ansible_facts | default({}) }}",
                "error": "{{ {'kind': 'unreachable', 'code': gathered.error.code, 'message': gathered.msg}"
                " if gathered.unreachable | default(false) else none }}",
            }
        }
    },
]


def report_task(place: Path, **options: t.Any) -> dict[str, t.Any]:
    return {
        "meinberg.lantime.lantime_report": {
            "hosts": "{{ ansible_play_hosts_all | map('extract', hostvars, 'lantime_record') }}",
            "expected": "{{ ansible_play_hosts_all + ['absent'] }}",
            "dest": str(place),
            "generated": GENERATED,
            "checks": ["facts"],
            **options,
        },
        "run_once": True,
    }


def outcome(run: Run) -> dict[str, t.Any]:
    (found,) = [r.result for r in run.results if r.action == "meinberg.lantime.lantime_report"]
    return {k: v for k, v in found.items() if not k.startswith("_ansible")}


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_facts_of_devices_become_a_report(
    controller: Controller, fleet: Fleet, tmp_path: Path, entry_point: str
) -> None:
    place = tmp_path / "reports"
    fleet["ts708"].add_fault("close-before-answer")
    tasks = [*GATHER, report_task(place)]

    predicted = outcome(controller.play(tasks, entry_point=entry_point, check=True, diff=True))
    assert not place.exists()
    run = controller.play(tasks, entry_point=entry_point, diff=True)
    assert run.code == 0, run.output
    done = outcome(run)
    assert {**predicted, "diff": None} == {**done, "diff": None}
    assert done["changed"] is False
    assert set(done["written"]) == {"json", "junit", "markdown", "sarif", "html"}
    assert {Path(path).name for path in done["reports"].values()} == NAMES
    assert {path.name for path in place.iterdir()} == NAMES
    assert done["states"] == {
        "absent": "not_checked",
        "ims": "checked",
        "ts706": "checked",
        "ts708": "unreachable",
        "ts710": "checked",
    }
    assert done["exit_code"] == 4
    report = json.loads((place / "report.json").read_text("utf-8"))
    hosts = {entry["host"]: entry for entry in report["hosts"]}
    for name in ("ims", "ts706", "ts710"):
        assert hosts[name]["device"]["serial_number"] == fleet[name].serial.strip()
        assert hosts[name]["time"]["synchronized"] is True
        assert hosts[name]["time"]["quality_ns"] in (100, 10_000)
        assert hosts[name]["time"]["stratum"] == 1
    assert hosts["ims"]["group"] == "modular"
    assert hosts["ts708"]["error"]["code"] == "disconnected"
    suites = ET.parse(place / "report.xml").getroot()
    assert (len(suites), suites.get("errors")) == (5, "2")
    page = (place / "report.html").read_text("utf-8")
    assert "2 of 5 devices could not be checked: 1 unreachable, 1 not checked." in page

    invocation = done.get("invocation", {"module_args": {"hosts": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}})
    assert invocation["module_args"]["hosts"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert fleet["ts710"].serial.strip() not in json.dumps(done)


def test_results_of_a_rollout_become_a_report(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    fleet["ts708"].change("snmp/contact", "as desired")
    fleet["ts706"].add_fault("close-before-answer")
    fleet["ims"].add_fault("status", status=400, path="/api/config/snmp", method="PUT", times=1)
    change: dict[str, t.Any] = {"config": {"ntp": {"local-clock": {"stratum": 9}}, "snmp": {"contact": "as desired"}}}
    fleet["ts708"].change("ntp/local-clock/stratum", 9)
    tasks = [
        {
            "meinberg.lantime.lantime_config": {**change, "http_log": True},
            "register": "changed",
            "ignore_errors": True,
            "ignore_unreachable": True,
        },
        {
            "meinberg.lantime.lantime_report": {
                "results_from": ["changed"],
                "expected": "{{ ansible_play_hosts_all }}",
                "dest": str(tmp_path),
                "checks": ["change"],
            },
            "run_once": True,
        },
    ]
    done = outcome(controller.play(tasks))
    assert (done["changed"], done["outcome"], done["exit_code"]) == (False, "unreachable", 4)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(read_json(REPORT_SCHEMA)).validate(report)
    hosts = {entry["host"]: entry for entry in report["hosts"]}
    states = {name: entry["change"] and entry["change"]["state"] for name, entry in hosts.items()}
    assert states == {"ts710": "changed", "ts708": "unchanged", "ts706": None, "ims": "failed"}
    assert hosts["ts710"]["change"]["saved"] is True
    assert hosts["ims"]["change"]["rollback"]["state"] == "rolled_back"
    (operation,) = [each for each in hosts["ts710"]["change"]["operations"] if each["path"] == "ntp/local-clock"]
    assert (operation["after"], operation["state"], operation["handler"]) == ({"stratum": 9}, "succeeded", "ntp")
    assert report["operations"]["succeeded"] == 2
    assert report["operations"]["failed"] == 1
    sessions = report["http_sessions"]
    assert sessions["hosts"] == 4
    assert sessions["failed"] >= 1
    assert sessions["refused"] >= 1
    assert (
        0
        < sessions["round_trip_ms"]["median"]
        <= sessions["round_trip_ms"]["p95"]
        <= sessions["slowest"]["round_trip_ms"]
    )
    text = (tmp_path / "report.md").read_text("utf-8")
    assert "The change failed on 1 device: 1 rolled back." in text


def test_a_rollout_is_reported_with_its_operations_and_counts_no_report_as_a_change(
    fleet: Fleet, tmp_path: Path
) -> None:
    project = PlaybookProject(tmp_path, fleet)
    project.use_admin(fleet)
    project.vars = {"lantime_golden_config": {"ntp": {"local-clock": {"stratum": 10}}}, "lantime_http_log": True}
    project.make_unreachable("ims")
    run = project.run("fleet_config", basename="rollout", fleet_config_rings=["100%"])
    assert run.code == 4, run.output
    del project.hosts["ims"]
    done = project.run("fleet_config", basename="rollout", fleet_config_rings=["100%"])
    assert done.code == 0, done.output
    report = done.report
    assert report is not None
    changes = {entry["host"]: entry["change"]["state"] for entry in report["hosts"]}
    assert changes == dict.fromkeys(("ts706", "ts708", "ts710"), "changed")
    assert report["operations"]["succeeded"] == 3
    sessions = report["http_sessions"]
    assert sessions["hosts"] == 3
    assert sessions["count"] == sum(len(entry["http_sessions"]) for entry in report["hosts"]) > 6
    again = project.run("fleet_config", "--diff", basename="rollout", fleet_config_rings=["100%"])
    assert again.code == 0, again.output
    assert set(re.findall(r"changed=([0-9]+)", again.output)) == {"0"}


def test_lantime_execution_has_no_effect(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    records = [
        {
            "host": "a",
            "drift": {"mode": "golden", "state": "drift", "sections": [], "differences": []},
        }
    ]
    written = []
    results = []
    for entry_point in ENTRY_POINTS:
        place = tmp_path / entry_point
        task = report_task(place, hosts=records, expected=["a", "b"], checks=["drift"])
        results.append(outcome(controller.play(task, "ts710", entry_point=entry_point)))
        written.append({path.name: path.read_bytes() for path in place.iterdir()})
        again = outcome(controller.play(task, "ts710", entry_point=entry_point))
        assert again["written"] == []
    assert written[0] == written[1]
    assert set(written[0]) == NAMES
    for result in results:
        assert result.pop("reports").keys() == {"json", "junit", "markdown", "sarif", "html"}
        result.pop("invocation", None)
    assert results[0] == results[1]
    assert all(len(device.ledger) == 0 for device in fleet)


def test_slices_of_an_inventory_unite(controller: Controller, tmp_path: Path) -> None:
    everybody = ["ims", "ts706", "ts708", "ts710"]
    for name, hosts in (("one", "ims:ts706"), ("two", "ts708:ts710")):
        task = report_task(tmp_path, expected=everybody, basename=name, formats=["json"])
        run = controller.play([*GATHER, task], hosts)
        assert outcome(run)["summary"]["not_checked"] == 2
    inputs = [str(tmp_path / "one.json"), str(tmp_path / "two.json")]
    task = report_task(tmp_path, hosts=[], expected=everybody, inputs=inputs)
    united = outcome(controller.play(task, "ims"))
    assert united["states"] == dict.fromkeys(everybody, "checked")
    assert united["exit_code"] == 0


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_errors_are_those_of_the_collection(controller: Controller, tmp_path: Path, entry_point: str) -> None:
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    tasks = [
        {**report_task(tmp_path, hosts=[], expected=[], **options), "ignore_errors": True}
        for options in (
            {"basename": "a/b"},
            {"inputs": [str(tmp_path / "no.json")]},
            {"host": "ts1"},
            {"formats": ["pdf"]},
        )
    ]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    errors = [r.result["error"]["code"] for r in run.results]
    assert errors == ["option", "report", "option", "option"]
    assert [path.name for path in tmp_path.glob("report*")] == []


def test_connection_defaults_of_the_group_do_not_reach_it(controller: Controller, tmp_path: Path) -> None:
    defaults = {"group/meinberg.lantime.lantime": {"port": 1, "username": "u"}}
    task = report_task(tmp_path, hosts=[{"host": "a"}], expected=[])
    run = controller.play(task, "ts710", play={"module_defaults": defaults})
    assert run.code == 0, run.output


@pytest.mark.parametrize("delegate", ["localhost", "ts710", "{{ inventory_hostname }}"])
def test_it_may_be_delegated_to_the_controller_and_to_the_host_itself(
    controller: Controller, tmp_path: Path, delegate: str
) -> None:
    task = report_task(tmp_path, hosts=[{"host": "a"}], expected=[], formats=["json"])
    run = controller.play({**task, "delegate_to": delegate}, "ts710")
    assert run.code == 0, run.output
    assert (tmp_path / "report.json").exists()


REFUSED = {
    "delegate_to": ("other-machine", "cannot be delegated to other-machine; delegate it to localhost or not at all"),
    "async": (30, "does not support async; remove async from the task"),
}


@pytest.mark.parametrize("keyword", REFUSED)
def test_other_machines_and_async_are_refused(controller: Controller, tmp_path: Path, keyword: str) -> None:
    value, message = REFUSED[keyword]
    verdict = {"meinberg.lantime.lantime_verdict": {"record": {"host": "a", "facts": {"a": 1}}}}
    tasks = [
        {**task, keyword: value, "ignore_errors": True}
        for task in (report_task(tmp_path, hosts=[{"host": "a"}], expected=[]), verdict)
    ]
    run = controller.play(tasks, "ts710", variables={"other-machine": {}})
    assert [r.outcome for r in run.results] == ["failed", "failed"], run.output
    for entry in run.results:
        assert entry.result["error"]["code"] == "option"
        assert entry.result["msg"] == f"{entry.action} runs on the controller and {message}."
    assert list(tmp_path.glob("report*")) == []
