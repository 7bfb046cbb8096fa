# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays with a confirm window: in one task and in two, with a device that saves by itself, and without the time for it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point

Tree = dict[str, t.Any]


@pytest.fixture
def device(fleet: SharedFleet) -> t.Any:
    fleet["ts710"].set_dialect(command_seconds=0, autosave_delay=0)
    return fleet["ts710"]


def config_task(journal: Path, **options: t.Any) -> Tree:
    given = {"config": {"snmp": {"contact": "noc"}}, "journal_path": str(journal), "verify_grace": 0.5}
    window = {"health_gate": "sync", "confirm_window": 0.2}
    return {"meinberg.lantime.lantime_config": {**given, **window, **options}}


def confirm_task(journal: Path) -> Tree:
    return {"meinberg.lantime.lantime_changes": {"state": "confirmed", "journal_path": str(journal)}}


@each_entry_point
def test_a_change_is_confirmed_by_a_second_task(
    controller: Controller, device: t.Any, tmp_path: Path, entry_point: str
) -> None:
    tasks = [config_task(tmp_path, confirm_later=True), confirm_task(tmp_path), confirm_task(tmp_path)]
    made, confirmed, again = controller.play(tasks, hosts="ts710", entry_point=entry_point).of("ts710")
    assert (made["confirm"]["state"], made["changed"], made["saved"]) == ("waiting", True, False)
    assert (confirmed["confirm"]["state"], confirmed["changed"], confirmed["saved"]) == ("confirmed", True, True)
    assert (again["confirm"]["state"], again["changed"], again["saved"]) == ("not_needed", False, False)
    assert device.startup()["snmp"]["contact"] == "noc"


def test_a_device_that_saves_by_itself_is_announced(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    """While the task runs: beside the warning of its result, which follows the window."""
    device.change("system/activate-changes-as-startup", True)
    run = controller.play(config_task(tmp_path), hosts="ts710")
    assert run.only["confirm"]["startup"] == "written"
    assert any("saves changes by itself" in text for text in run.only["warnings"])
    assert f"{device.host}: The device saves changes by itself" in run.output.replace("\n", " ")


def poll_task(journal: Path, **options: t.Any) -> Tree:
    given = {"module": "lantime_changes", "options": {"state": "confirmed", "journal_path": str(journal)}}
    return {"meinberg.lantime.lantime_poll": {**given, **options}, "run_once": True}


def test_a_variable_that_no_host_has_registered(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    """Without a host, the task would succeed, and the change would stay unsaved."""
    tasks = [
        {**config_task(tmp_path, confirm_later=True), "register": "changed"},
        {**poll_task(tmp_path, waiting_from="chnaged"), "ignore_errors": True},
        poll_task(tmp_path, waiting_from="changed"),
    ]
    dummy, refused, done = controller.play(tasks, hosts="ts710").of("ts710")
    assert refused["error"]["code"] == "option"
    assert "waiting_from is chnaged, which is not set for any of these hosts" in refused["msg"]
    assert list(done["polled"]) == ["ts710"]
    assert device.startup()["snmp"]["contact"] == "noc"


@pytest.mark.thorough
@pytest.mark.parametrize("options", [{}, {"task_timeout": 0}, {"task_timeout": "600"}], ids=str)
def test_a_window_longer_than_async(controller: Controller, device: t.Any, tmp_path: Path, options: Tree) -> None:
    """Ansible kills such a task at the end of async, without a rollback."""
    device.ledger.clear()
    task = {**config_task(tmp_path, confirm_window=30, **options), "async": 20, "poll": 1}
    result = controller.play(task, hosts="ts710").only
    assert (result["error"]["code"], result["changed"]) == ("option", False)
    assert "does not fit into the time of the task (task_timeout is 20 s" in result["msg"]
    assert len(device.ledger) == 0


@pytest.mark.thorough
def test_a_window_that_fits_into_async(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    task = {**config_task(tmp_path, confirm_window=0.5), "async": 60, "poll": 1}
    result = controller.play(task, hosts="ts710").only
    assert (result["confirm"]["state"], result["saved"]) == ("confirmed", True)
    assert device.startup()["snmp"]["contact"] == "noc"


@pytest.mark.thorough
def test_the_change_of_a_loop_is_watched(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    """The next item of the loop finishes the change of the item before it."""
    config = {"snmp": {"contact": "{{ item }}"}}
    tasks = [
        {**config_task(tmp_path, confirm_later=True, config=config), "loop": ["first", "noc"], "register": "changed"},
        poll_task(tmp_path, waiting_from="changed"),
    ]
    done = controller.play(tasks, hosts="ts710").of("ts710")[-1]
    assert done["polled"]["ts710"]["saved"] is True
    assert device.startup()["snmp"]["contact"] == "noc"


@pytest.mark.thorough
def test_a_window_longer_than_the_keyword_timeout(controller: Controller, device: t.Any, tmp_path: Path) -> None:
    device.ledger.clear()
    result = controller.play({**config_task(tmp_path, confirm_window=50), "timeout": 30}, hosts="ts710").only
    assert (result["error"]["code"], result["changed"]) == ("option", False)
    assert "does not fit into the time of the task (keyword timeout)" in result["msg"]
    assert len(device.ledger) == 0
