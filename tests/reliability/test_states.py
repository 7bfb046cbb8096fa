# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every state of lantime_config, save and rollback, on devices of every form of writing."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import CHOICES
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

KEYS = ("A2", "A3", "A4", "A6", "A7", "A8", "A9", "A18", "O8")
FORMS: list[dict[str, str]] = [
    {choice.key: value} for choice in CHOICES if choice.id in KEYS for value in choice.values
]
SERVERS = "ntp/external-servers"
MERGED: Tree = {
    "ntp": {"local-clock": {"stratum": 7, "disabled": True}, "trust-time": 86400},
    "snmp": {"contact": "noc", "location": "hall", "retries": 5},
    "notification": {"repeat": "every-hour"},
    "network": {"nameserver2": "192.0.2.54"},
}
# A port that no device accepts, in the section that is written last.
REFUSED: Tree = {**MERGED, "network": {"cluster": {"port": 99999}}}
OPTIONS: Tree = {"verify_grace": 3.0, "command_timeout": 5.0}


def form_name(form: dict[str, str]) -> str:
    return "-".join(f"{key}={value}" for key, value in form.items())


class Stage:
    def __init__(self, device: t.Any, form: dict[str, str], journal: Path) -> None:
        self.device, self.form, self.journal = device, dict(form), journal
        # Fixed slots apply to adding and removing alike.
        if "fixed-slots" in form.values():
            self.form = {"list_add": "fixed-slots", "list_remove": "fixed-slots"}
        for number, address in (("1", "192.0.2.1"), ("2", "192.0.2.2")):
            device.change(f"{SERVERS}/{number}", {"address": address, "minpoll": 7})
        device._fleet.call(device._device.config.save)
        times = {"command_seconds": 0.2 if "duration" in form else 0, "effect_delay": 0.2}
        device.set_dialect(**self.form, **times)
        device.ledger.clear()

    def run(self, tree: Tree, **options: t.Any) -> Tree:
        given = {**OPTIONS, "dialect": self.form, **options}
        return run_config(self.device, tree, journal=self.journal, **given)

    def converge(self, tree: Tree, **options: t.Any) -> Tree:
        """Run a task that succeeds and saves, and another one that has nothing to do."""
        predicted = self.run(tree, check=True, **options)
        assert self.device.ledger.writes == 0
        result = self.run(tree, **options)
        assert code_of(result) is None, result["msg"]
        assert (predicted["changed"], result["changed"], result["saved"]) == (True, True, True)
        assert [o["path"] for o in result["operations"]] == [o["path"] for o in predicted["operations"]]
        assert running(self.device) == startup(self.device)
        assert self.device.pending == 0
        self.device.ledger.clear()
        again = self.run(tree, **options)
        assert (again["changed"], self.device.ledger.writes) == (False, 0), again
        return result

    def servers(self) -> dict[str, str]:
        table = running(self.device)["ntp"]["external-servers"]
        return {number: item["address"] for number, item in table.items() if item["address"]}


@pytest.fixture
def stage(device: t.Any, tmp_path: Path, form: dict[str, str]) -> Stage:
    return Stage(device, form, tmp_path / "journal")


every_form = pytest.mark.parametrize("form", FORMS, ids=form_name)


def test_the_forms_are_those_of_nine_questions() -> None:
    assert {choice.id for choice in CHOICES if choice.key in {k for f in FORMS for k in f}} == set(KEYS)


@every_form
def test_merged(stage: Stage) -> None:
    stage.converge(MERGED)
    shown = running(stage.device)
    assert shown["ntp"]["local-clock"] == {"stratum": 7, "disabled": True}
    assert (shown["snmp"]["contact"], shown["snmp"]["retries"]) == ("noc", 5)
    assert shown["network"]["nameserver2"] == "192.0.2.54"
    assert stage.servers() == {"1": "192.0.2.1", "2": "192.0.2.2"}


@every_form
def test_overridden(stage: Stage) -> None:
    tree = {"2": {"address": "192.0.2.22"}, "3": {"address": "192.0.2.3", "minpoll": 8}}
    stage.converge({"ntp": {"external-servers": tree}}, state="overridden")
    assert stage.servers() == {"2": "192.0.2.22", "3": "192.0.2.3"}


@every_form
def test_deleted(stage: Stage) -> None:
    stage.converge({"ntp": {"external-servers": {"1": {}, "9": {}}}}, state="deleted")
    assert stage.servers() == {"2": "192.0.2.2"}


@every_form
def test_save(stage: Stage) -> None:
    never = stage.run(MERGED, save="never")
    assert (code_of(never), never["saved"]) == (None, False)
    by_itself = stage.form.get("effect") == "immediate-saved"
    assert (running(stage.device) == startup(stage.device)) is by_itself
    stage.device.ledger.clear()
    always = stage.run(MERGED, save="always")
    assert code_of(always) is None, always["msg"]
    assert always["changed"] is not by_itself
    assert running(stage.device) == startup(stage.device)
    assert all(e["path"] == "/api/write" for e in stage.device.ledger if e["write"])


@every_form
def test_rollback(stage: Stage) -> None:
    former = running(stage.device)
    result = stage.run({**REFUSED, "ntp": {**REFUSED["ntp"], "external-servers": {"1": {}}}})
    assert code_of(result) == "rejected", result["msg"]
    assert result["rollback"] == {"state": "rolled_back", "remaining": []}
    assert (result["changed"], result["saved"]) == (False, False)
    assert running(stage.device) == startup(stage.device) == former
    assert stage.device.pending == 0
    items = {"3": {"address": "192.0.2.3"}, "2": {"address": "192.0.2.22"}}
    tree = {**REFUSED, "ntp": {"external-servers": items}}
    result = stage.run(tree, state="overridden")
    assert code_of(result) == "rejected", result["msg"]
    assert result["rollback"]["state"] == "rolled_back"
    assert running(stage.device) == startup(stage.device) == former
    # Nothing is pending that would take effect later.
    assert stage.device.pending == 0
    assert [file.suffix for file in stage.journal.iterdir()] == [".lock"]


@pytest.mark.parametrize("form", [{"effect": "staged"}, {"effect": "delayed"}], ids=form_name)
@pytest.mark.parametrize("nth", range(9, 20))
@pytest.mark.parametrize("how", ["resume", "revert"])
def test_a_task_killed_before_its_changes_are_shown(stage: Stage, nth: int, how: str) -> None:
    """Changes that have not taken effect are finished or reverted; they do not become effective with the next task."""
    former = running(stage.device)
    options = {**OPTIONS, "dialect": stage.form}
    kill = Kill("before", nth)
    run_killed(stage.device, MERGED, kill, journal=stage.journal, **options)
    tree = {"security": {"lock-front-panel": True}}
    result = stage.run(tree, on_interrupted=how)
    assert code_of(result) is None, result["msg"]
    shown = running(stage.device)
    assert shown == startup(stage.device)
    assert stage.device.pending == 0
    area = {name: shown[name] for name in MERGED}
    if result.get("recovery", {}).get("action") == "resumed":
        assert how == "resume"
        assert (area["snmp"]["contact"], area["snmp"]["retries"]) == ("noc", 5)
        assert area["network"]["nameserver2"] == "192.0.2.54"
    else:
        assert area == {name: former[name] for name in MERGED}
