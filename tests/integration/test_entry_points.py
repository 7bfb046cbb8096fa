# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both entry points of every module give the same result, in check mode and diff too."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.tests.devices import host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import ENTRY_POINTS, Controller, Run
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

CONFIG = {
    "network": {"hostname": "renamed", "nameserver1": "192.0.2.53"},
    "ntp": {"local-clock": {"stratum": "9"}},
    "snmp": {"contact": "time@example.com", "read-community": "kept-as-it-is"},
}
MODULES: dict[str, dict[str, t.Any]] = {
    "meinberg.lantime.lantime_facts": {"gather_subset": ["all", "config"]},
    "meinberg.lantime.lantime_module_info": {"populated": True, "config": True},
    "meinberg.lantime.lantime_health": {
        "expected": {"psus": 2, "ptp": [{"grandmaster": "00:11:22:ff:fe:33:44:55", "domain": 0}]},
        "config": True,
        "fail_on": "never",
        "gather_subset": ["min"],
    },
    "meinberg.lantime.lantime_drift": {
        "config": CONFIG,
        "fail_on": "never",
        "accepted": [{"path": "snmp", "host": "ts7*", "until": "2099-12-31", "reason": "test"}],
    },
    "meinberg.lantime.lantime_config_info": {"path": "notification/syslog", "schema": True},
    "meinberg.lantime.lantime_config": {"config": CONFIG},
    "meinberg.lantime.lantime_changes": {"state": "committed"},
    "meinberg.lantime.lantime_command": {
        "command": "write",
        "parameters": {"package": "ntp"},
        "changed_when": "never",
    },
    "meinberg.lantime.lantime_probe": {},
    "meinberg.lantime.lantime_record": {},
}
WRONG: list[dict[str, t.Any]] = [
    {"meinberg.lantime.lantime_facts": {"gather_subset": ["everything"]}},
    {"meinberg.lantime.lantime_facts": {"gather_subsets": ["all"]}},
    {"meinberg.lantime.lantime_facts": {"port": "https"}},
    {"meinberg.lantime.lantime_config": {"config": {"ntp": {"local-clok": {}}}}},
    {"meinberg.lantime.lantime_config": {"config": {"ntp": {"local-clock": {"stratum": "high"}}}}},
    {"meinberg.lantime.lantime_config": {"config": {"nowhere": {"a": 1}}}},
    {"meinberg.lantime.lantime_config": {"config": {"ntp": {}}, "state": "replaced"}},
    {"meinberg.lantime.lantime_config_info": {"path": "ntp/nothing"}},
    {"meinberg.lantime.lantime_config_info": {"path": "ntp/../users"}},
    {"meinberg.lantime.lantime_module_info": {"dialect": {"set_taget": "menu"}}},
]


RECORD = "meinberg.lantime.lantime_record"
WRITING = {f"meinberg.lantime.lantime_{name}" for name in ("config", "changes", "command")}
PHASES = {"check": True, "run": False, "rerun": False}
Phases = dict[tuple[str, str], dict[str, list[t.Any]]]


def comparable(run: Run) -> list[t.Any]:
    """Results without what differs by nature: times of requests, and Ansible's own bookkeeping of where a task ran."""
    kept = []
    for entry in run.results:
        result = {k: v for k, v in entry.result.items() if not k.startswith("_ansible")}
        for request in result.get("http_sessions", []):
            for name in ("request_time", "response_time", "round_trip_ms"):
                assert request.pop(name) is not None
        for bookkeeping in ("ansible_facts_injected", "exception", "deprecations"):
            result.pop(bookkeeping, None)
        if entry.outcome == "failed":
            result.setdefault("failed", True)
        kept.append((entry.outcome, entry.host, entry.action, result))
    return sorted(kept, key=lambda e: (e[1], e[2]))


@pytest.fixture(scope="module", params=["ts710", pytest.param("ts706", marks=pytest.mark.thorough)])
def phases(request: pytest.FixtureRequest, shared_fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Phases:
    """Every module in one play for each phase: check mode, a run, and one more. The results by module, for each entry_point."""
    device = shared_fleet[request.param]
    hosts = {device.name: host_variables(device)}
    place = tmp_path_factory.mktemp("entry_points")
    controller = Controller(place, hosts)
    given = {**MODULES, RECORD: {"dest": f"{place}/{{{{ inventory_hostname }}}}.json"}}
    tasks = {name: {name: {**options, "http_log": True}} for name, options in given.items()}
    found: Phases = {}
    for entry_point in ENTRY_POINTS:
        device.restore()
        device.ledger.clear()
        # What is written shows in what is read, at a time that no two plays share; so those that read come first.
        for names in (set(MODULES) - WRITING, WRITING):
            listed = [task for name, task in tasks.items() if name in names]
            # A read has no state, so that its second run is its first.
            for phase, check in list(PHASES.items())[: 3 if names is WRITING else 2]:
                run = controller.play(listed, entry_point=entry_point, check=check, diff=True, verbosity=3)
                for entry in comparable(run):
                    found.setdefault((entry[2], entry_point), {}).setdefault(phase, []).append(entry)
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_check_run_and_rerun_are_the_same_through_both_entry_points(phases: Phases, module: str) -> None:
    first, second = (phases[module, entry_point] for entry_point in ENTRY_POINTS)
    assert first == second
    assert all(len(entries) == 1 for entries in first.values())
    assert all(entry[0] == "ok" for entries in first.values() for entry in entries)
    writes = module in ("meinberg.lantime.lantime_config", RECORD)
    assert all(entry[3]["changed"] is writes for entry in first["run"])
    assert all(entry[3]["changed"] is (module == RECORD) for entry in first.get("rerun", first["run"]))


def test_errors_are_the_same_through_both_entry_points(controller: Controller, fleet: Fleet) -> None:
    tasks = [{**task, "ignore_errors": True} for task in WRONG]
    runs = [comparable(controller.play(tasks, "ts710", entry_point=entry_point)) for entry_point in ENTRY_POINTS]
    assert runs[0] == runs[1]
    assert [entry[0] for entry in runs[0]] == ["failed"] * len(WRONG)
    assert fleet["ts710"].ledger.writes == 0


def test_a_task_for_another_host_runs_packaged_there(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    tasks = [
        {
            "meinberg.lantime.lantime_facts": {"host": device.host, "http_log": True},
            "delegate_to": "other-machine",
        },
        {"meinberg.lantime.lantime_facts": {}, "async": 30, "poll": 1},
    ]
    other = {"other-machine": {"ansible_connection": "local"}}
    run = controller.play(tasks, "ts710", variables=other)
    assert run.code == 0, run.output
    assert [r["ansible_facts"]["ansible_net_serialnum"] for r in run.of("ts710") if "ansible_facts" in r][:1] == [
        device.serial
    ]


def test_options_come_from_variables_module_defaults_and_environment(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    defaults = {
        "port": device.port,
        "ca_path": device.ca,
        "username": "info",
        "password": device.users["info"],
        "use_proxy": False,
    }
    for entry_point in ENTRY_POINTS:
        run = controller.play(
            {"meinberg.lantime.lantime_facts": {}},
            "by-defaults",
            entry_point=entry_point,
            variables={"by-defaults": {"ansible_host": device.host}},
            play={"module_defaults": {"group/meinberg.lantime.lantime": defaults}},
        )
        assert run.code == 0, run.output
        assert run.only["ansible_facts"]["ansible_net_serialnum"] == device.serial
        environ = {f"LANTIME_{k.upper()}": str(v) for k, v in defaults.items()}
        run = controller.play(
            {"meinberg.lantime.lantime_facts": {}},
            "by-environment",
            entry_point=entry_point,
            variables={"by-environment": {}},
            environ={**environ, "LANTIME_HOST": device.host},
        )
        assert run.code == 0, run.output
        run = controller.play(
            {"meinberg.lantime.lantime_facts": {}},
            "by-ansible",
            entry_point=entry_point,
            variables={
                "by-ansible": {
                    "ansible_host": device.host,
                    "ansible_user": "info",
                    "ansible_password": "{{ 'simulated-' ~ 'info-1' }}",
                    "lantime_port": "{{ device_port }}",
                    "device_port": device.port,
                    "lantime_ca_path": device.ca,
                    "lantime_use_proxy": False,
                }
            },
        )
        assert run.code == 0, run.output
    assert {entry["user"] for entry in device.ledger} == {"info"}
