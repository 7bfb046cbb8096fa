# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and items that a device does not have: lantime_config, drift_check and fleet_config, in each choice of missing."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config, lantime_config_info
from ansible_collections.meinberg.lantime.tests.devices import JobOutcome, SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.integration.playbook_runs import PlaybookProject

Tree = dict[str, t.Any]

CHOICES = {"items": "ts706", "fail": "ts708", "create": "ts710", "ignore": "ims"}
SERVERS = {"1": {"address": "192.0.2.1"}}
ITEM: Tree = {"ntp": {"external-servers": SERVERS, "time-scale": "utc"}}
NAME: Tree = {"ntp": {"local-clok": {"stratum": 3}, "time-scale": "local"}}
PORT: Tree = {"network": {"ports": {"lan77": {"link-mode": "auto"}}}}
SECTION: Tree = {"syslog": {"servers": "192.0.2.14"}, "snmp": {"contact": "noc"}}


@pytest.fixture(autouse=True)
def own_journal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible"))


def configure(device: t.Any, config: Tree, check: bool = False, **options: t.Any) -> JobOutcome:
    device.ledger.clear()
    return run_in_process(device, lantime_config, check=check, config=config, **options)


def left_out(outcome: JobOutcome) -> list[str]:
    return [entry["path"] for entry in outcome.result["not_applicable"]]


def operations(outcome: JobOutcome) -> list[tuple[str, str]]:
    return [(operation["action"], operation["path"]) for operation in outcome.result.get("operations", [])]


# desired, choice: error code, operations, what is left out; the same in check mode and in the run.
CASES: list[tuple[Tree, str, str | None, list[tuple[str, str]], list[str]]] = [
    (ITEM, "items", None, [("create", "ntp/external-servers/1")], []),
    (ITEM, "fail", "unknown_name", [], []),
    (ITEM, "create", None, [("create", "ntp/external-servers/1")], []),
    (ITEM, "ignore", None, [], ["ntp/external-servers/1"]),
    (NAME, "items", "unknown_name", [], []),
    (NAME, "fail", "unknown_name", [], []),
    (NAME, "ignore", None, [("set", "ntp")], ["ntp/local-clok"]),
    (PORT, "items", "unknown_name", [], []),
    (PORT, "ignore", None, [], ["network/ports/lan77"]),
    (SECTION, "items", "unknown_name", [], []),
    (SECTION, "fail", "unknown_name", [], []),
    (SECTION, "create", "unknown_name", [], []),
    (SECTION, "ignore", None, [("set", "snmp")], ["syslog"]),
]


@pytest.mark.parametrize(("desired", "choice", "code", "done", "absent"), CASES)
def test_check_mode_and_run_agree_and_the_second_run_is_quiet(
    fleet: SharedFleet, desired: Tree, choice: str, code: str | None, done: list[tuple[str, str]], absent: list[str]
) -> None:
    device = fleet["ts710"]
    before = device.running()
    expected = configure(device, desired, check=True, missing=choice)
    assert (expected.code, device.ledger.writes) == (code, 0)
    outcome = configure(device, desired, missing=choice)
    assert outcome.code == code, outcome.result
    assert outcome.warnings == expected.warnings
    if code is not None:
        assert outcome.result["msg"] == expected.result["msg"]
        assert device.ledger.writes == 0
        assert device.running() == before
        return
    assert operations(outcome) == operations(expected) == done
    assert outcome.result["not_applicable"] == expected.result["not_applicable"]
    assert left_out(outcome) == absent
    again = configure(device, desired, missing=choice)
    assert (again.code, again.result["changed"], left_out(again), device.ledger.writes) == (None, False, absent, 0)


def test_items_is_the_default(fleet: SharedFleet) -> None:
    assert operations(configure(fleet["ts710"], ITEM, check=True)) == [("create", "ntp/external-servers/1")]
    assert configure(fleet["ts710"], NAME, check=True).code == "unknown_name"


def test_create_says_which_name_was_meant_before_and_after_the_device_refused_it(fleet: SharedFleet) -> None:
    device = fleet["ts710"]
    expected = configure(device, NAME, check=True, missing="create")
    assert expected.code is None
    (warning,) = expected.warnings
    assert "ntp/local-clok (did you mean local-clock?)" in warning
    outcome = configure(device, NAME, missing="create")
    assert outcome.result["failed"] is True
    assert outcome.warnings == expected.warnings
    # The name is the cause, not the form of the API.
    assert "dialect" not in outcome.result["msg"]
    assert "the device does not have ntp/local-clok" in outcome.result["error"]["hint"]
    assert outcome.result["rollback"]["state"] in ("not_needed", "rolled_back")


def test_a_refused_change_of_a_known_name_may_be_caused_by_the_dialect(fleet: SharedFleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=404, method="PUT", path="/api/config/snmp")
    outcome = configure(device, {"snmp": {"contact": "noc"}}, missing="create")
    assert "dialect" in outcome.result["error"]["hint"]


@pytest.mark.parametrize("name", ["ts706", "ts708", "ts710", "ims"])
def test_new_items_of_an_empty_table_are_accepted_with_a_warning(fleet: SharedFleet, name: str) -> None:
    first = configure(fleet[name], ITEM)
    assert first.code is None, first.result
    assert "could not be checked" in " ".join(first.warnings)
    second = configure(fleet[name], {"ntp": {"external-servers": {"2": {"address": "192.0.2.2", "minpol": 6}}}})
    assert second.code == "unknown_name"
    assert "ntp/external-servers/2/minpol" in second.result["msg"]
    assert "did you mean minpoll" in second.result["msg"]
    right = configure(fleet[name], {"ntp": {"external-servers": {"2": {"address": "192.0.2.2", "minpoll": "6"}}}})
    assert (right.code, right.warnings) == (None, [])


# -- optional_paths


def test_optional_names_are_left_out_where_the_device_lacks_them(fleet: SharedFleet) -> None:
    device = fleet["ts710"]
    desired = {"nts": {"enabled": True}, "ntp": {"nts": {"port": 1}, "time-scale": "local"}}
    assert configure(device, desired, check=True).code == "unknown_name"
    outcome = configure(device, desired, optional_paths=["nts", "ntp/nts"])
    assert outcome.code is None, outcome.result
    assert left_out(outcome) == ["nts", "ntp/nts"]
    assert outcome.result["sections"] == ["ntp"]
    assert device.running()["ntp"]["time-scale"] == "local"
    # A misspelled name elsewhere is still an error.
    assert configure(device, {**desired, "npt": {}}, optional_paths=["nts", "ntp/nts"]).code == "unknown_name"


@pytest.mark.parametrize("save", ["changed", "always"])
def test_a_device_that_has_none_of_the_sections_is_not_changed(fleet: SharedFleet, save: str) -> None:
    device = fleet["ts710"]
    before = device.running()
    outcome = configure(device, {"nts": {"enabled": True}}, optional_paths=["nts"], save=save)
    assert outcome.code is None, outcome.result
    assert (left_out(outcome), outcome.result["sections"]) == (["nts"], [])
    assert outcome.result["device"]["model"] == "M600"
    assert device.running() == before


def test_a_section_that_cannot_be_read_is_not_left_out(fleet: SharedFleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=404, method="GET", path="/api/config/snmp")
    outcome = configure(device, SECTION, missing="ignore")
    assert outcome.code == "unknown_name", outcome.result
    assert 'lists "snmp" here, and does not show it' in outcome.result["msg"]


# -- requests


def test_the_whole_tree_is_read_once_and_only_for_an_error(fleet: SharedFleet) -> None:
    device = fleet["ts710"]

    def requests(config: Tree, **options: t.Any) -> list[str]:
        configure(device, config, check=True, **options)
        return [entry["path"] for entry in device.ledger]

    section, root = "/api/config/ntp", "/api/config"
    assert requests(ITEM) == [section]
    assert requests(ITEM, missing="fail") == [section]
    assert requests(NAME, missing="create") == [section]
    assert requests(NAME, missing="ignore") == [section]
    assert requests(NAME, optional_paths=["ntp/local-clok"]) == [section]
    assert requests(NAME) == [section, root]
    assert requests(SECTION).count(root) == 1
    # Whether a section is missing is seen in the whole tree, which is then not read again in parts.
    assert requests(SECTION, missing="ignore").count(root) == 1
    assert requests(SECTION, missing="ignore").count("/api/config/syslog") == 1


def test_suggestions_come_from_the_whole_tree(fleet: SharedFleet) -> None:
    device = fleet["ts710"]
    assert "did you mean notification/syslog?" in configure(device, SECTION).result["msg"]
    within = configure(device, {"ntp": {"syslog": {"servers": "192.0.2.14"}}})
    assert "did you mean notification/syslog?" in within.result["msg"]
    shown = run_in_process(device, lantime_config_info, path="system/syslog")
    assert shown.code == "unknown_name"
    assert "did you mean notification/syslog?" in shown.result["msg"]


def test_suggestions_do_without_the_whole_tree_if_it_is_refused(fleet: SharedFleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=403, method="GET", path="/api/config", nth=2)
    outcome = configure(device, NAME)
    assert outcome.code == "unknown_name"
    assert "did you mean local-clock?" in outcome.result["msg"]


# -- a name that is given twice


@each_entry_point
def test_a_name_that_is_given_as_number_and_as_text_is_refused(
    controller: Controller, fleet: SharedFleet, entry_point: str
) -> None:
    # A template, because the keys of JSON are text.
    config = "{{ {'ntp': {'external-servers': {1: {'address': '192.0.2.1'}, '1': {'address': '192.0.2.2'}}}} }}"
    task = {"meinberg.lantime.lantime_config": {"config": config}}
    done = controller.play(task, "ts710", entry_point=entry_point)
    assert done.code == 2, done.output
    assert done.only["error"]["code"] == "duplicate_object_id"
    assert done.only["error"]["path"] == "ntp/external-servers/1"
    assert len(fleet["ts710"].ledger) == 0


# -- playbooks


@pytest.fixture
def project(fleet: SharedFleet, tmp_path: Path) -> PlaybookProject:
    made = PlaybookProject(tmp_path, fleet)
    made.use_admin(fleet)
    return made


def test_drift_check_in_each_choice(project: PlaybookProject) -> None:
    golden = {**ITEM, "snmp": {"contact": "operations"}, "nts": {"enabled": True}}
    project.vars = {"lantime_golden_config": golden, "drift_check_facts": False, "drift_check_optional": ["nts"]}
    for choice, host in CHOICES.items():
        project.hosts[host]["drift_check_missing"] = choice
    done = project.run("drift_check")
    assert done.code == 2, done.output
    states = done.states()
    assert states == {"ts706": "drift", "ts708": "failed", "ts710": "drift", "ims": "clean"}
    assert done.differences("ts706") == done.differences("ts710") == ["ntp/external-servers/1"]
    assert done.host("ts708")["error"]["code"] == "unknown_name"
    drift = done.host("ims")["drift"]
    assert [entry["name"] for entry in drift["sections"]] == ["ntp", "snmp"]
    assert [entry["path"] for entry in drift["not_compared"]] == ["ntp/external-servers/1"]
    assert [entry["path"] for entry in drift["not_applicable"]] == ["nts"]
    report = (project.directory / "reports" / "drift.md").read_text("utf-8")
    assert "ntp/external-servers/1" in report
    assert "not compared" in report


@pytest.mark.thorough
def test_drift_check_does_not_call_a_device_clean_of_which_nothing_was_compared(project: PlaybookProject) -> None:
    project.vars = {
        "lantime_golden_config": {"nts": {"enabled": True}},
        "drift_check_facts": False,
        "drift_check_missing": "ignore",
    }
    project.hosts["ts706"]["drift_check_optional"] = ["nts"]
    done = project.run("drift_check")
    assert done.code == 2, done.output
    assert set(done.states().values()) == {"not_checked"}


@pytest.mark.thorough
def test_fleet_config_in_each_choice(project: PlaybookProject, fleet: SharedFleet) -> None:
    project.vars = {"lantime_golden_config": ITEM, "fleet_config_gate": [], "fleet_config_rings": ["100%"]}
    for choice, host in CHOICES.items():
        project.hosts[host]["fleet_config_missing"] = choice
    expected = {"ts706": "checked", "ts708": "failed", "ts710": "checked", "ims": "checked"}
    for arguments in (("--check",), (), ()):
        for device in fleet:
            device.ledger.clear()
        done = project.run("fleet_config", *arguments, basename="rollout", fleet_config_rings=["100%"])
        assert done.code == 2, done.output
        if not arguments:
            assert done.states() == expected
    assert [sum(fleet[host].ledger.writes for host in CHOICES.values())] == [0]
    servers = {
        host: [i["object-id"] for i in fleet[host].running()["ntp"]["external-servers"]] for host in CHOICES.values()
    }
    assert servers == {"ts706": ["1"], "ts708": [], "ts710": ["1"], "ims": []}
