# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login that a device refused is not tried again in the same run: by tasks, workers and the inventory plugin."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import host_variables, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import (
    Controller,
    each_entry_point,
    recorded_environment,
)
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

HOSTNAME = {"network": {"hostname": "renamed"}}
FACTS: dict[str, t.Any] = {"meinberg.lantime.lantime_facts": {}, "ignore_errors": True}
HEALTH: dict[str, t.Any] = {"meinberg.lantime.lantime_health": {}, "ignore_errors": True}
CONFIG: dict[str, t.Any] = {
    "meinberg.lantime.lantime_config": {"config": HOSTNAME},
    "ignore_errors": True,
}
CANARY = "canary-pa55word"
LIMIT = 3


def refusals(fleet: t.Iterable[t.Any]) -> list[int]:
    """Refused logins of each device."""
    return [sum(entry["status"] == 401 for entry in device.ledger) for device in fleet]


@pytest.fixture(scope="module")
def many() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec(f"ts{n:02d}", "m600-7.10") for n in range(40)], freeze=True) as fleet:
        yield fleet


@pytest.fixture
def crowd(many: Fleet) -> Fleet:
    for device in many:
        device.ledger.clear()
    return many


@each_entry_point
def test_one_login_on_each_account_by_inventory_and_three_tasks(
    fleet: Fleet, workspace: Workspace, entry_point: str
) -> None:
    workspace.write(hosts=host_entries(fleet), max_auth_failures=0, set_connection_local=True)
    tasks = [FACTS, HEALTH, CONFIG]
    book = {"hosts": "lantime", "gather_facts": False, "vars": {"lantime_execution": entry_point}, "tasks": tasks}
    (workspace.directory / "play.yml").write_text(yaml.safe_dump([book]), encoding="utf-8")
    results = workspace.directory / "results.jsonl"
    environ = {
        **recorded_environment(workspace.directory, results),
        "LANTIME_USERNAME": "info",
        "LANTIME_PASSWORD": CANARY,
        "LANTIME_LOGIN_LIMIT": "0",
    }
    run = workspace.run(
        "play.yml",
        "-e",
        "ansible_python_interpreter={{ ansible_playbook_python }}",
        tool="ansible-playbook",
        environ=environ,
    )
    assert refusals(fleet) == [1, 1, 1, 1], run.stdout
    found = [json.loads(line)["result"] for line in results.read_text("utf-8").splitlines()]
    assert len(found) == 12
    assert {result["error"]["code"] for result in found} == {"auth_failed"}
    assert {result["error"]["http_status"] for result in found} == {401}
    assert all("not tried" in result["msg"] for result in found)


@each_entry_point
def test_a_wrong_password_is_tried_on_few_devices(crowd: Fleet, tmp_path: Path, entry_point: str) -> None:
    hosts = {device.name: {**host_variables(device), "lantime_password": CANARY} for device in crowd}
    controller = Controller(tmp_path, hosts)
    run = controller.play([FACTS, HEALTH], entry_point=entry_point, environ={"ANSIBLE_FORKS": "5"})
    assert max(refusals(crowd)) == 1
    assert LIMIT <= sum(refusals(crowd)) <= LIMIT + 4
    assert {entry.result["error"]["code"] for entry in run.results} == {"auth_failed"}
    not_tried = [entry for entry in run.results if "not tried" in entry.result["msg"]]
    assert len(not_tried) == 80 - sum(refusals(crowd))


@pytest.mark.thorough
def test_the_limit_is_a_variable(crowd: Fleet, tmp_path: Path) -> None:
    for limit, least, most in ((1, 1, 1), (0, 40, 40)):
        for device in crowd:
            device.ledger.clear()
        more = {"lantime_password": CANARY, "lantime_login_limit": limit}
        controller = Controller(tmp_path / str(limit), {d.name: {**host_variables(d), **more} for d in crowd})
        controller.directory.mkdir()
        controller.play(FACTS, environ={"ANSIBLE_FORKS": "1" if limit else "10"})
        assert least <= sum(refusals(crowd)) <= most


def test_credentials_that_a_device_accepted_are_tried_on_all_others(crowd: Fleet, tmp_path: Path) -> None:
    devices = list(crowd)[:12]
    for device in devices[1:6]:
        device.add_fault("status", status=401)
    controller = Controller(tmp_path, {device.name: host_variables(device) for device in devices})
    run = controller.play([FACTS, FACTS], environ={"ANSIBLE_FORKS": "1"})
    for device in devices:
        device.clear_faults()
    assert refusals(devices) == [0] + [1] * 5 + [0] * 6
    assert [entry.outcome for entry in run.results if entry.host == "ts11"] == ["ok", "ok"]


@each_entry_point
def test_a_corrected_password_is_tried_at_once(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    words = [CANARY, device.users["admin"], CANARY, "another", device.users["admin"]]
    tasks = [
        {"meinberg.lantime.lantime_facts": {"password": word, "retries": 0}, "ignore_errors": True} for word in words
    ]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert [entry.result.get("error", {}).get("code") for entry in run.results] == [
        "auth_failed",
        None,
        "auth_failed",
        "auth_failed",
        None,
    ]
    assert [entry["status"] for entry in device.ledger] == [401, 200, 401, 200]
    assert ["not tried" in entry.result.get("msg", "") for entry in run.results] == [False, False, True, False, False]
    assert CANARY not in run.output


@each_entry_point
def test_a_refused_token_is_not_tried_again(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    tasks = [{**FACTS, "meinberg.lantime.lantime_facts": {"token": CANARY}}] * 2
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert [entry["status"] for entry in device.ledger] == [401]
    assert "refused the token earlier in this run; not tried again" in run.output


@pytest.mark.thorough
def test_a_task_with_async_reads_refused_logins_and_adds_none(controller: Controller, fleet: Fleet) -> None:
    later = {**FACTS, "async": 60, "poll": 1}
    run = controller.play([later, FACTS, later], "ts710", variables={"ts710": {"lantime_password": CANARY}})
    assert [entry.result["error"]["code"] for entry in run.results] == ["auth_failed"] * 3
    assert ["not tried" in entry.result["msg"] for entry in run.results] == [False, False, True]
    assert refusals([fleet["ts710"]]) == [2]


@pytest.mark.thorough
def test_fact_gathering_by_ansible_uses_no_refused_logins(controller: Controller, fleet: Fleet) -> None:
    gather: dict[str, t.Any] = {
        "ansible.builtin.gather_facts": {},
        "vars": {"ansible_facts_modules": "meinberg.lantime.lantime_facts"},
        "ignore_errors": True,
    }
    wrong = {**host_variables(fleet["ts710"]), "lantime_password": CANARY}
    options = {name[len("lantime_") :]: value for name, value in wrong.items()}
    play = {"module_defaults": {"group/meinberg.lantime.lantime": options}}
    run = controller.play([gather, FACTS, gather, FACTS], "ts710", variables={"ts710": wrong}, play=play)
    assert len(run.results) == 4, run.output
    assert refusals([fleet["ts710"]]) == [3]
    assert "not tried" in run.results[3].result["msg"]


def test_wrong_arguments_come_first(controller: Controller, fleet: Fleet) -> None:
    tasks = [FACTS, {**FACTS, "meinberg.lantime.lantime_facts": {"nosuch": 1}}]
    tasks.append({**FACTS, "meinberg.lantime.lantime_facts": {"port": 0}})
    run = controller.play(tasks, "ts710", variables={"ts710": {"lantime_password": CANARY}})
    assert [entry.result["error"]["code"] for entry in run.results] == ["auth_failed", "option", "option"]
    assert refusals([fleet["ts710"]]) == [1]


def test_the_files_hold_no_secret_and_end_with_the_run(controller: Controller, fleet: Fleet) -> None:
    place = controller.directory / "tmp"
    show = {
        "ansible.builtin.shell": f"stat -c '%a %n' {place}/ansible-local-*/lantime-logins.*; cat {place}/ansible-local-*/lantime-logins.json"
    }
    run = controller.play([FACTS, show], "ts710", variables={"ts710": {"lantime_password": CANARY}})
    shown = run.results[1].result["stdout"]
    lines = [line.split() for line in shown.splitlines()[:3]]
    assert [(mode, Path(name).suffix) for mode, name in lines] == [("600", ".json"), ("600", ".key"), ("600", ".lock")]
    document = json.loads(shown.splitlines()[3])
    assert len(document["refused"]) == 1
    for text in (CANARY, "admin", fleet["ts710"].host):
        assert text not in shown.splitlines()[3]
    assert list(place.rglob("lantime-logins*")) == []


@pytest.mark.parametrize("times", [1, 1000])
def test_no_request_follows_a_refusal_in_the_middle_of_a_plan(fleet: Fleet, tmp_path: Path, times: int) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=401, method="PUT", nth=2, times=times)
    config = {"network": {"hostname": "renamed"}, "ntp": {"local-clock": {"stratum": "9"}}, "snmp": {"contact": "x"}}
    outcome = run_in_process(device, lantime_config, config=config, journal_path=str(tmp_path))
    statuses = [entry["status"] for entry in device.ledger]
    assert statuses.count(401) == 1
    assert statuses[-1] == 401
    assert outcome.result["changed"] is True


@pytest.mark.parametrize("token_request", ["parameters", "json", "basic"])
def test_a_refused_exchange_for_a_token_is_the_last_request(fleet: Fleet, tmp_path: Path, token_request: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(token_request=token_request)
    options: dict[str, t.Any] = {"auth": "token", "password": CANARY, "dialect": {"token_request": token_request}}
    outcome = run_in_process(device, lantime_config, config=HOSTNAME, journal_path=str(tmp_path), **options)
    assert outcome.code == "auth_failed"
    assert [entry["status"] for entry in device.ledger] == [401]


def test_a_token_that_is_refused_twice_is_not_sent_again(fleet: Fleet, tmp_path: Path) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=401, method="PUT", path="/api/config", times=1000)
    outcome = run_in_process(device, lantime_config, config=HOSTNAME, journal_path=str(tmp_path), auth="token")
    assert outcome.result["changed"] is True
    requests = [(entry["method"], entry["status"]) for entry in device.ledger]
    assert requests[-3:] == [("PUT", 401), ("PUT", 200), ("PUT", 401)]
    assert requests.count(("PUT", 401)) == 2


@each_entry_point
def test_a_refusal_in_the_middle_of_a_plan_counts_for_the_next_task(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=401, method="PUT", nth=2, times=1000)
    config = {**HOSTNAME, "ntp": {"local-clock": {"stratum": "9"}}}
    task = {"meinberg.lantime.lantime_config": {"config": config}, "ignore_errors": True}
    run = controller.play([task, FACTS], "ts710", entry_point=entry_point)
    assert [entry.result["error"]["http_status"] for entry in run.results] == [401, 401]
    assert run.results[1].result["error"]["code"] == "auth_failed"
    assert refusals([device]) == [1]
