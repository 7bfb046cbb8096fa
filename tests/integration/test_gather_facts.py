# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts through Ansible's own fact gathering, with and without a fact cache, in real ansible-playbook runs."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, Run
from ansible_collections.meinberg.lantime.tests.paths import PAGES
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

MODULE = "meinberg.lantime.lantime_facts"
DEFAULTS: dict[str, t.Any] = {
    "group/meinberg.lantime.lantime": {
        "host": "{{ lantime_host | default(ansible_host) }}",
        "port": "{{ lantime_port | default(443) }}",
        "username": "{{ lantime_username }}",
        "password": "{{ lantime_password }}",
        "ca_path": "{{ lantime_ca_path }}",
        "use_proxy": "{{ lantime_use_proxy | default(true) }}",
    },
    MODULE: {"gather_subset": ["ntp", "network"]},
}
GATHERING: dict[str, t.Any] = {
    "gather_facts": True,
    "vars": {"ansible_facts_modules": MODULE},
    "module_defaults": DEFAULTS,
}
SHOW: dict[str, t.Any] = {
    "ansible.builtin.debug": {
        "msg": {
            "serial": "{{ ansible_facts.net_serialnum }}",
            "stratum": "{{ ansible_facts.lantime.ntp.system.stratum }}",
            "subsets": "{{ ansible_facts.net_gather_subset }}",
        }
    }
}
HOSTS = "ts706:ts710"


def shown(run: Run, host: str) -> dict[str, t.Any]:
    found: dict[str, t.Any] = run.of(host)[-1]["msg"]
    return found


def check(run: Run, fleet: Fleet, requests: int) -> None:
    assert run.code == 0, run.output
    for name in HOSTS.split(":"):
        device = fleet[name]
        assert shown(run, name) == {
            "serial": device.serial.strip(),
            "stratum": shown(run, name)["stratum"],
            "subsets": ["min", "network", "ntp"],
        }
        assert int(shown(run, name)["stratum"]) == 1
        assert (device.ledger.gets, device.ledger.writes) == (requests, 0)
        assert device.users["admin"] not in run.output


def test_at_the_start_of_a_play(controller: Controller, fleet: Fleet) -> None:
    check(controller.play(SHOW, HOSTS, play=GATHERING, verbosity=4), fleet, 1)


def test_by_the_action(controller: Controller, fleet: Fleet) -> None:
    gather = {
        "ansible.builtin.gather_facts": {},
        "when": "ansible_facts.lantime is not defined",
        "vars": {"ansible_facts_modules": MODULE},
    }
    play = {**GATHERING, "gather_facts": False, "vars": {}}
    check(controller.play([gather, gather, SHOW], HOSTS, play=play), fleet, 1)


@pytest.mark.thorough
def test_by_a_variable_of_the_inventory(controller: Controller, fleet: Fleet) -> None:
    variables = {"ansible_facts_modules": [MODULE], "ansible_network_os": "meinberg.lantime.ltos"}
    run = controller.play(
        SHOW,
        HOSTS,
        play={**GATHERING, "vars": {}},
        variables=dict.fromkeys(HOSTS.split(":"), variables),
    )
    check(run, fleet, 1)


@pytest.mark.thorough
def test_beside_the_facts_of_the_controller(controller: Controller, fleet: Fleet) -> None:
    modules = ["ansible.builtin.setup", MODULE]
    tasks = [
        {"ansible.builtin.assert": {"that": "ansible_facts.python.version.major == 3"}},
        SHOW,
    ]
    run = controller.play(tasks, HOSTS, play={**GATHERING, "vars": {"ansible_facts_modules": modules}})
    check(run, fleet, 1)


def cache(place: Path, gathering: str) -> dict[str, str]:
    return {
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(place),
        "ANSIBLE_GATHERING": gathering,
    }


def test_a_second_run_reads_the_fact_cache_and_asks_no_device(
    controller: Controller, fleet: Fleet, tmp_path: Path
) -> None:
    place = tmp_path / "cache"
    environ = cache(place, "smart")
    play = {name: value for name, value in GATHERING.items() if name != "gather_facts"}
    book = {**play, "gather_facts": None}
    for requests in (1, 1):
        run = controller.play(SHOW, HOSTS, play=book, environ=environ)
        check(run, fleet, requests)
    for file in place.iterdir():
        assert "simulated-" not in file.read_text(encoding="utf-8")
    assert any(file.name.endswith("ts710") for file in place.iterdir())


@pytest.mark.thorough
def test_facts_of_the_task_are_cached_too(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    environ = cache(tmp_path / "cache", "explicit")
    tasks = [
        {
            MODULE: {"gather_subset": ["ntp", "network"]},
            "when": "ansible_facts.lantime is not defined",
        },
        SHOW,
    ]
    for outcome in (1, 1):
        check(controller.play(tasks, HOSTS, environ=environ), fleet, outcome)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"lantime_password": "canary-wrong"}, "auth_failed"),
        pytest.param({"lantime_port": 9, "lantime_host": "127.0.0.1"}, "refused", marks=pytest.mark.thorough),
    ],
    ids=["credentials", "connection"],
)
def test_a_device_without_facts_fails_the_host(
    controller: Controller, fleet: Fleet, variables: dict[str, t.Any], code: str
) -> None:
    run = controller.play(SHOW, HOSTS, play=GATHERING, variables={"ts706": variables}, verbosity=3)
    assert run.code == 2, run.output
    (failed,) = run.of("ts706")
    assert failed["failed_modules"][MODULE]["error"]["code"] == code
    assert "canary" not in run.output
    assert shown(run, "ts710")["serial"] == fleet["ts710"].serial


def test_without_module_defaults_the_message_says_what_is_missing(controller: Controller, fleet: Fleet) -> None:
    run = controller.play(SHOW, "ts710", play={**GATHERING, "module_defaults": {}})
    assert run.code == 2, run.output
    assert "module_defaults" in run.only["failed_modules"][MODULE]["msg"]
    assert fleet["ts710"].ledger.gets == 0


@pytest.mark.parametrize("inject", ["true", "false"])
def test_the_example_of_the_guide_with_and_without_injected_facts(controller: Controller, inject: str) -> None:
    blocks = re.findall(r"(?m)^\.\. code-block:: yaml\n\n((?:    .*\n|\n)+)", (PAGES / "alarms.rst").read_text("utf-8"))
    (play,) = yaml.safe_load(next(block for block in blocks if "lantime_facts:" in block))
    assert play.pop("hosts") == "lantime"
    run = controller.play(play.pop("tasks"), "ts710", play=play, environ={"ANSIBLE_INJECT_FACT_VARS": inject})
    assert run.code == 0, run.output
    assert "DEPRECATION" not in run.output
    assert run.of("ts710")[-1]["msg"] == "All assertions passed"


@pytest.mark.parametrize(("connection", "code"), [("ssh", 4), ("local", 0)])
def test_implicit_gathering_of_facts_does_not_ask_the_device(
    controller: Controller, fleet: Fleet, connection: str, code: int
) -> None:
    variables = {"ansible_connection": connection, "ansible_ssh_executable": "/bin/false"}
    show = {"ansible.builtin.assert": {"that": "ansible_facts.lantime is not defined"}}
    run = controller.play(show, "ts710", play={"gather_facts": True}, variables={"ts710": variables})
    assert run.code == code, run.output
    assert fleet["ts710"].ledger.gets == 0
