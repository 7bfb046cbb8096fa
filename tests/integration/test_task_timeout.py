# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limit of a task in a play: the option task_timeout, and the keyword timeout."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.reliability.rig import Meanwhile, running, startup

Tree = dict[str, t.Any]

CONFIG: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
# Of a change: 2 GETs, 2 GETs, 2 PUTs, 2 GETs, 2 saves, 2 GETs.
SECOND_WRITE, FIRST_SAVE = 6, 9


@pytest.fixture
def device(fleet: SharedFleet) -> t.Any:
    fleet["ts710"].set_dialect(command_seconds=0)
    return fleet["ts710"]


def config_task(journal: Path, **keywords: t.Any) -> Tree:
    options = {"config": CONFIG, "journal_path": str(journal), "verify_grace": 0.5}
    return {"meinberg.lantime.lantime_config": options, **keywords}


def play(controller: Controller, task: Tree, **options: t.Any) -> Tree:
    """The result of a task, with its outcome for Ansible."""
    run = controller.play(task, hosts="ts710", **options)
    return {**run.only, "outcome": run.results[0].outcome}


@each_entry_point
def test_the_option_from_a_variable(controller: Controller, device: t.Any, entry_point: str) -> None:
    device.add_fault("slow-answers", seconds=20)
    task: dict[str, t.Any] = {"meinberg.lantime.lantime_facts": {}}
    variables = {"ts710": {"lantime_task_timeout": 0.5}}
    result = play(controller, task, entry_point=entry_point, variables=variables)
    assert (result["error"]["code"], result["changed"]) == ("timeout_task", False)
    assert "task_timeout is 0.5 s" in result["msg"]


@pytest.mark.thorough
def test_the_option_from_the_environment(controller: Controller, device: t.Any) -> None:
    device.add_fault("slow-answers", seconds=20)
    task: dict[str, t.Any] = {"meinberg.lantime.lantime_facts": {}}
    result = play(controller, task, environ={"LANTIME_TASK_TIMEOUT": "0.5"})
    assert "task_timeout is 0.5 s" in result["msg"]


def test_the_keyword_while_reading(controller: Controller, device: t.Any) -> None:
    device.add_fault("slow-answers", seconds=20)
    result = play(controller, {"meinberg.lantime.lantime_facts": {}, "timeout": 1})
    assert (result["outcome"], result["error"]["code"], result["changed"]) == ("failed", "timeout_task", False)
    assert "keyword timeout" in result["msg"]
    assert "timedout" not in result


def test_the_keyword_after_the_first_write(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    former, saved = running(device), startup(device)
    device.add_fault("slow-answers", seconds=20, nth=SECOND_WRITE)
    result = play(controller, config_task(tmp_path, timeout=2))
    assert (result["error"]["code"], result["changed"], result["saved"]) == ("timeout_task", False, False)
    assert result["rollback"]["state"] == "rolled_back"
    assert [o["state"] for o in result["operations"]] == ["rolled_back", "failed"]
    assert (running(device), startup(device)) == (former, saved)
    assert list(tmp_path.glob("*.json")) == []


def test_the_keyword_and_a_rollback_that_fails(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    device.add_fault("slow-answers", seconds=20, nth=SECOND_WRITE)
    device.add_fault("status", status=503, method="GET", nth=5, times=1000)
    options = {"ts710": {"lantime_retries": 0}}
    result = play(controller, config_task(tmp_path, timeout=2), variables=options)
    assert (result["error"]["code"], result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert result["rollback"]["state"] == "rollback_failed"
    assert len(list(tmp_path.glob("*.json"))) == 1
    device.clear_faults()
    again = play(controller, config_task(tmp_path, timeout=60))
    assert again["recovery"]["action"] in ("resumed", "reverted")
    assert running(device) == startup(device)


@pytest.mark.thorough
def test_a_save_that_began_is_finished(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    device.add_fault("slow-answers", seconds=3, nth=FIRST_SAVE)
    result = play(controller, config_task(tmp_path, timeout=2))
    assert (result["outcome"], result["changed"], result["saved"]) == ("ok", True, True)
    assert running(device) == startup(device)


@pytest.mark.thorough
def test_a_packaged_module_goes_on(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    """Ansible ends the task, but not the process of the module, which saves the change and closes its journal."""
    # The keyword includes the start of the module, which takes seconds on a busy machine.
    device.add_fault("delay", seconds=12, method="PUT", path="/api/config", nth=2)
    with Meanwhile(device, lambda _device: None, "GET", "/api/config", nth=8) as last_request:
        result = play(controller, config_task(tmp_path, timeout=8), entry_point="target")
        assert (result["outcome"], result["changed"], "timedout" in result) == ("failed", False, True)
        assert last_request.done.wait(30)
    again = play(controller, config_task(tmp_path))
    assert (again["changed"], running(device) == startup(device)) == (False, True)
