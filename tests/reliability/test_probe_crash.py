# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL of lantime_probe at every request of its writes.

The next task that writes, whatever module it is of, restores the value that the device had before the first probe.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_backup,
    lantime_changes,
    lantime_command,
    lantime_config,
    lantime_probe,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import recovery
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.settings import WriteRules
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    code_of,
    fill_disk,
    run_config,
    run_job_killed,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

TO = "notification/email/to"
FORMER = "noc@example.com"
# Other values of the menu, among them one that is not the default of the device.
MENU: Tree = {"to": FORMER, "from": "ts1@example.com", "smarthost-port": 2525}
# Requests of the probe on devices of these kinds when nothing happens.
KINDS: dict[str, tuple[Tree, int]] = {
    "object": ({}, 20),
    "replaces menus": ({"menu_put": "replace"}, 24),
    "menu": ({"set_target": "menu"}, 29),
    "whole menus only": ({"set_target": "menu", "menu_put": "refuse-incomplete"}, 30),
    "replaces menus only": ({"set_target": "menu", "menu_put": "replace"}, 29),
    "command": ({"set_target": "command"}, 35),
}
AFTER_FIRST_WRITE = 11
NEXT = ("config", "changes", "probe", "backup", "command")

POINTS = [
    (kind, Kill(point, nth))
    for kind, (dummy, requests) in KINDS.items()
    for nth in range(1, requests + 1)
    for point in ("after", "during")
]


class Probed:
    """A device with a text that is probed, and the journals of its tasks."""

    def __init__(self, device: t.Any, place: Path) -> None:
        self.device = device
        self.journal = place / "journal"
        self.backup = place / "backup.json"
        device.set_dialect(command_seconds=0)
        device.change("notification/email", MENU)
        device._fleet.call(device._device.config.save)
        self.former = running(device)
        assert startup(device) == self.former
        run_in_process(device, lantime_backup, path=str(self.backup))
        device.ledger.clear()

    def probe_options(self) -> Tree:
        return {"writable_path": TO, "effect_timeout": 0.1, "journal_path": str(self.journal)}

    def run(self, name: str, **options: t.Any) -> Tree:
        """The result of a task that has nothing to do but to save."""
        place = {"journal_path": str(self.journal)}
        modules: dict[str, tuple[t.Any, Tree]] = {
            "config": (lantime_config, {"config": {"snmp": {"retries": 5}}, **place}),
            "changes": (lantime_changes, {"state": "committed", "force": True, **place}),
            "probe": (lantime_probe, self.probe_options()),
            "backup": (lantime_backup, {"state": "restored", "path": str(self.backup), **place}),
            "command": (lantime_command, {"command": "write", "parameters": {"package": "all"}, **place}),
        }
        module, given = modules[name]
        return run_in_process(self.device, module, **{**given, **options}).result

    def assert_former(self) -> None:
        assert running(self.device) == self.former
        assert startup(self.device) == self.former
        assert list(self.journal.glob("*.json")) == []


@pytest.fixture
def probed(device: t.Any, tmp_path: Path) -> Probed:
    device.change("snmp/retries", 5)
    return Probed(device, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_requests_of_a_probe(probed: Probed, kind: str) -> None:
    dialect, requests = KINDS[kind]
    probed.device.set_dialect(**dialect)
    result = probed.run("probe")
    assert (result["changed"], result["restored"], result["saved"]) == (False, True, False), result
    assert result["operations"]
    assert "recovery" not in result
    assert len(probed.device.ledger) == requests
    probed.assert_former()


@pytest.mark.parametrize(("number", "kind", "kill"), [(n, *point) for n, point in enumerate(POINTS)], ids=str)
def test_the_task_after_a_killed_probe_restores_the_value(probed: Probed, number: int, kind: str, kill: Kill) -> None:
    device = probed.device
    device.set_dialect(**KINDS[kind][0])
    assert run_job_killed(device, lantime_probe, kill, probed.probe_options())
    marked = running(device) != probed.former
    name = NEXT[number % len(NEXT)]
    result = probed.run(name)
    assert code_of(result) is None, result["msg"]
    if marked:
        assert result["recovery"]["action"] == "reverted"
        assert result["changed"] is True
    probed.assert_former()


@pytest.fixture
def marked(probed: Probed) -> Probed:
    """A device on which a killed probe left its value."""
    assert run_job_killed(probed.device, lantime_probe, Kill("after", AFTER_FIRST_WRITE), probed.probe_options())
    assert running(probed.device)["notification"]["email"]["to"] != FORMER
    probed.device.ledger.clear()
    return probed


@pytest.mark.parametrize("name", NEXT)
@pytest.mark.parametrize("kill", [Kill("before", 5), Kill("during", 7), Kill("after", 9)], ids=str)
def test_a_killed_recovery(marked: Probed, kill: Kill, name: str) -> None:
    options = {"config": {"snmp": {"retries": 5}}, "journal_path": str(marked.journal)}
    run_job_killed(marked.device, lantime_config, kill, options)
    assert code_of(marked.run(name)) is None
    marked.assert_former()


@pytest.mark.parametrize("name", NEXT)
def test_check_mode_only_reports_what_a_killed_probe_left(marked: Probed, name: str) -> None:
    before = running(marked.device)
    result = marked.run(name, check=True)
    assert result["recovery"]["action"] == "none"
    assert result["recovery"]["verdict"] == "applied_unsaved"
    assert result["changed"] is True
    assert running(marked.device) == before
    assert marked.device.ledger.writes == 0
    assert len(list(marked.journal.glob("*.json"))) == 1


@pytest.mark.parametrize("name", NEXT)
def test_the_text_was_changed_by_another_client_since(marked: Probed, name: str) -> None:
    marked.device.change(TO, "another@example.com")
    result = marked.run(name)
    assert code_of(result) == "conflict"
    assert TO in result["msg"]
    assert marked.device.ledger.writes == 0
    assert running(marked.device)["notification"]["email"]["to"] == "another@example.com"


@pytest.mark.parametrize("name", NEXT)
def test_an_error_after_the_value_was_restored(marked: Probed, name: str) -> None:
    """The error says that the task has changed the device."""
    marked.device.add_fault("status", status=400, method="PUT", nth=2, times=1000)
    given = {"config": {"config": {"snmp": {"retries": 7}}}, "backup": {"force": True}}.get(name, {})
    if name == "backup":
        marked.device.change("snmp/retries", 7)
        marked.device._fleet.call(marked.device._device.config.save)
    result = marked.run(name, **given)
    if name != "probe":
        assert code_of(result) is not None
    assert (result["changed"], result["recovery"]["action"]) == (True, "reverted")
    assert running(marked.device)["notification"]["email"]["to"] == FORMER


@pytest.mark.parametrize("name", NEXT)
def test_the_value_cannot_be_restored(marked: Probed, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(recovery, "WriteRules", lambda: WriteRules(grace=0.2))
    marked.device.add_fault("status", status=400, method="PUT", path="/api/config")
    given = {"verify_grace": 0.2} if name in ("config", "backup") else {}
    result = marked.run(name, **given)
    assert code_of(result) == "rollback_failed"
    assert result["changed"] is True
    assert result["saved"] is False
    assert [o["path"] for o in result["operations"]] == ["notification/email"]
    assert startup(marked.device) == marked.former
    marked.device.clear_faults()
    assert code_of(marked.run(name)) is None
    marked.assert_former()


def test_a_probe_does_not_replace_the_journal_of_an_interrupted_change(probed: Probed) -> None:
    tree = {"snmp": {"contact": "noc"}, "network": {"nameserver2": "192.0.2.5"}}
    assert run_killed(probed.device, tree, Kill("after", 5), journal=probed.journal)
    (journal,) = probed.journal.glob("*.json")
    left = journal.read_bytes()
    assert code_of(probed.run("probe")) == "interrupted"
    assert journal.read_bytes() == left
    for name in ("changes", "command"):
        outcome = run_in_process(
            probed.device,
            {"changes": lantime_changes, "command": lantime_command}[name],
            **{
                "changes": {"state": "rolled_back"},
                "command": {"command": "read", "parameters": {"package": "all"}},
            }[name],
            journal_path=str(probed.journal),
        )
        assert any("interrupted task" in warning for warning in outcome.warnings), name
    assert run_config(probed.device, tree, journal=probed.journal)["saved"] is True


def test_a_device_that_saves_by_itself(probed: Probed) -> None:
    device = probed.device
    device.change("system/activate-changes-as-startup", True)
    device._fleet.call(device._device.config.save)
    device.set_dialect(autosave_delay=0)
    probed.former = running(device)
    assert run_job_killed(device, lantime_probe, Kill("after", AFTER_FIRST_WRITE), probed.probe_options())
    assert startup(device)["notification"]["email"]["to"] != FORMER
    assert code_of(probed.run("config")) is None
    probed.assert_former()


@pytest.mark.parametrize("kind", ["object", "whole menus only"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_full_disk_during_a_probe(probed: Probed, monkeypatch: pytest.MonkeyPatch, kind: str, nth: int) -> None:
    probed.device.set_dialect(**KINDS[kind][0])
    with monkeypatch.context() as patch:
        fill_disk(patch, "journal", nth)
        result = probed.run("probe")
    if nth == 1:
        assert (code_of(result), result["restored"]) == ("journal", None)
        assert probed.device.ledger.writes == 0
    if code_of(result) is not None:
        assert (code_of(result), result["changed"], result["saved"]) == ("journal", False, False)
    probed.assert_former()


def test_a_probe_while_another_task_changes_the_device(probed: Probed) -> None:
    journal = Journal(str(probed.journal), probed.device.model, probed.device.serial)
    journal.lock()
    try:
        result = probed.run("probe")
    finally:
        journal.release()
    assert (code_of(result), result["changed"]) == ("conflict", False)
    assert probed.device.ledger.writes == 0
