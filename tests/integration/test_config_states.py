# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States of lantime_config, its policies, and what it does about an interrupted run."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

SERVERS = {"1": {"address": "192.0.2.1"}, "2": {"address": "192.0.2.2", "minpoll": 7}}


def config(tree: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    return {"meinberg.lantime.lantime_config": {"config": tree, **options}}


def keyed(tree: t.Any) -> t.Any:
    """A tree whose tables are mappings: the order of items means nothing."""
    if isinstance(tree, dict):
        return {name: keyed(value) for name, value in tree.items()}
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return {item["object-id"]: keyed(item) for item in tree}
    return tree


def servers(device: t.Any) -> dict[str, str]:
    return {i["object-id"]: i["address"] for i in device.running()["ntp"]["external-servers"]}


@each_entry_point
def test_overridden_and_deleted(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    before = device.running()
    exactly = config({"ntp": {"external-servers": SERVERS}}, state="overridden")
    assert controller.play(exactly, "ts710", entry_point=entry_point).code == 0
    assert servers(device) == {"1": "192.0.2.1", "2": "192.0.2.2"}
    other = config(
        {
            "ntp": {
                "external-servers": [
                    {"object-id": "2", "address": "192.0.2.22"},
                    {"object-id": "3", "address": "192.0.2.3"},
                ]
            }
        },
        state="overridden",
    )
    expected = controller.play(other, "ts710", entry_point=entry_point, check=True, diff=True)
    real = controller.play(other, "ts710", entry_point=entry_point, diff=True)
    assert real.code == 0, real.output
    assert real.only["diff"] == expected.only["diff"]
    assert [o["action"] for o in real.only["operations"]] == ["create", "set", "delete"]
    assert servers(device) == {"2": "192.0.2.22", "3": "192.0.2.3"}
    assert device.running() == device.startup()
    device.ledger.clear()
    assert controller.play(other, "ts710", entry_point=entry_point).only["changed"] is False
    assert device.ledger.writes == 0
    away = config({"ntp": {"external-servers": {"2": {}, "3": {}, "9": {}}}}, state="deleted")
    run = controller.play(away, "ts710", entry_point=entry_point, diff=True)
    assert run.code == 0, run.output
    assert '  address: "192.0.2.22"' in run.only["diff"]["before"]
    assert servers(device) == {}
    device.ledger.clear()
    assert controller.play(away, "ts710", entry_point=entry_point).only["changed"] is False
    assert device.ledger.writes == 0
    assert device.running() == device.startup() == before


def test_a_failed_override_restores_items_that_were_deleted(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    assert controller.play(config({"ntp": {"external-servers": SERVERS}}, missing="create"), "ts710").code == 0
    before = device.running()
    device.add_fault("status", status=400, path="/api/config/network")
    tree = {
        "ntp": {"external-servers": {"3": {"address": "192.0.2.3"}}},
        "network": {"nameserver1": "192.0.2.53"},
    }
    device.clear_faults()
    device.add_fault("status", status=400, method="PUT", path="/api/config/network")
    run = controller.play(config(tree, state="overridden"), "ts710")
    assert run.code == 2
    assert run.only["rollback"]["state"] == "rolled_back", run.only
    assert keyed(device.running()) == keyed(device.startup()) == keyed(before)


def test_restrict_and_ignore_paths(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
    run = controller.play(config(tree, restrict=["ntp"]), "ts710")
    assert run.only["error"]["code"] == "restricted"
    assert device.ledger.writes == 0
    run = controller.play(config(tree, restrict=["ntp"], ignore_paths=["snmp/contact"]), "ts710")
    assert run.code == 0
    assert [o["path"] for o in run.only["operations"]] == ["ntp/local-clock"]


def test_pending_changes_of_others_can_stop_a_task(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change("snmp/contact", "another client")
    tree = {"ntp": {"local-clock": {"stratum": 7}}}
    run = controller.play(config(tree, pending="fail"), "ts710")
    assert run.only["error"]["code"] == "pending_changes"
    assert device.ledger.writes == 0
    run = controller.play(config(tree, pending="ignore"), "ts710")
    assert run.code == 0
    assert "unsaved changes" not in run.output


@pytest.mark.thorough
def test_secrets_on_change_are_written_when_they_changed(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    device = fleet["ts710"]

    def play(secret: str, **more: t.Any) -> t.Any:
        tree = {"snmp": {"read-community": secret}}
        options = {"update_secrets": "on_change", "journal_path": str(tmp_path / "journal")}
        return controller.play(config(tree, **options), "ts710", diff=True, verbosity=4, **more)

    device.change("snmp/read-community", "before")
    assert play("canary-1", check=True).only["changed"] is True
    assert play("canary-1").only["changed"] is True
    assert play("canary-1").only["changed"] is False
    assert play("canary-1", entry_point="target").only["changed"] is False
    changed = play("canary-2")
    assert changed.only["changed"] is True
    assert device.running()["snmp"]["read-community"] == "canary-2"
    assert "canary" not in changed.output
    for file in (tmp_path / "journal").iterdir():
        assert b"canary" not in file.read_bytes()


def interrupted(place: Path, device: t.Any) -> Path:
    """A journal as a run leaves it that died while it changed two settings."""
    from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
    from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, new_record
    from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

    journal = Journal(str(place), device.model, device.serial.strip())
    journal.lock()
    changes = (
        Change("set", ("ntp", "local-clock"), {"stratum": 12}, {"stratum": 5}),
        Change("set", ("snmp",), {"contact": device.running()["snmp"]["contact"]}, {"contact": "new"}),
    )
    journal.write(new_record({"model": device.model}, ("config",), Plan(changes), ["ntp", "snmp"]))
    journal.mark(0, "succeeded")
    journal.mark(1, "processing")
    journal.release()
    return journal.path


CASES: list[t.Any] = [
    # what the device shows, on_interrupted, verdict, action, end state of the two settings
    pytest.param("before", "resume", {}, "not_applied", "closed", marks=pytest.mark.thorough),
    ("partly", "resume", {"stratum": 5, "contact": "new"}, "partial", "resumed"),
    pytest.param(
        "after", "resume", {"stratum": 5, "contact": "new"}, "applied_unsaved", "resumed", marks=pytest.mark.thorough
    ),
    ("partly", "revert", {}, "partial", "reverted"),
    pytest.param("after", "revert", {}, "applied_unsaved", "reverted", marks=pytest.mark.thorough),
]


@pytest.mark.parametrize(("shows", "how", "end", "verdict", "action"), CASES)
def test_an_interrupted_run_is_brought_to_its_end(
    controller: Controller,
    fleet: Fleet,
    tmp_path: Path,
    shows: str,
    how: str,
    end: dict[str, t.Any],
    verdict: str,
    action: str,
) -> None:
    device = fleet["ts710"]
    place = tmp_path / "journal"
    path = interrupted(place, device)
    before = device.running()
    if shows in ("partly", "after"):
        device.change("ntp/local-clock/stratum", 5)
    if shows == "after":
        device.change("snmp/contact", "new")
    options = {"journal_path": str(place), "on_interrupted": how}
    tree = {"security": {"lock-front-panel": True}}
    check = controller.play(config(tree, **options), "ts710", check=True)
    assert check.only["recovery"]["verdict"] == verdict
    assert check.only["recovery"]["action"] == "none"
    assert path.exists()
    run = controller.play(config(tree, **options), "ts710")
    assert run.code == 0, run.output
    assert run.only["recovery"]["verdict"] == verdict
    assert run.only["recovery"]["action"] == action
    assert run.only["changed"] is True
    assert not path.exists()
    running = device.running()
    assert running["ntp"]["local-clock"]["stratum"] == end.get("stratum", 12)
    assert running["snmp"]["contact"] == end.get("contact", before["snmp"]["contact"])
    assert running["security"]["lock-front-panel"] is (how == "resume")
    startup = device.startup()
    assert startup["ntp"] == running["ntp"]
    assert startup["snmp"] == running["snmp"]


@pytest.mark.thorough
def test_on_interrupted_fail_and_foreign_changes_refuse(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    device = fleet["ts710"]
    place = tmp_path / "journal"
    path = interrupted(place, device)
    device.change("ntp/local-clock/stratum", 5)
    tree = {"ntp": {"trust-time": 5}}
    for check in (True, False):
        run = controller.play(config(tree, journal_path=str(place), on_interrupted="fail"), "ts710", check=check)
        assert run.only["error"]["code"] == "interrupted"
        assert "half configured" in run.only["msg"]
    device.change("ntp/local-clock/stratum", 9)
    for how in ("resume", "revert", "fail"):
        run = controller.play(config(tree, journal_path=str(place), on_interrupted=how), "ts710")
        assert run.only["error"]["code"] == "conflict"
        assert "ntp/local-clock/stratum" in run.only["msg"]
        assert str(path) in run.only["msg"]
    assert device.ledger.writes == 0


def test_a_journal_that_cannot_be_written_stops_before_the_first_write(
    controller: Controller, fleet: Fleet, tmp_path: Path
) -> None:
    device = fleet["ts710"]
    (tmp_path / "in-the-way").write_text("")
    options = {"journal_path": str(tmp_path / "in-the-way" / "journal")}
    run = controller.play(config({"ntp": {"trust-time": 5}}, **options), "ts710")
    assert run.only["error"]["code"] == "journal"
    assert device.ledger.writes == 0


@pytest.mark.thorough
def test_a_run_leaves_no_journal_and_no_secret_behind(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    place = tmp_path / "journal"
    tree = {"snmp": {"write-community": "canary-w", "contact": "noc"}}
    run = controller.play(config(tree, journal_path=str(place), update_secrets="always"), "ts710")
    assert run.code == 0, run.output
    assert [file.suffix for file in place.iterdir()] == [".lock"]
    fleet["ts710"].add_fault("status", status=500, path="/api/write")
    tree = {"snmp": {"write-community": "canary-x", "contact": "noc2"}}
    options = {"journal_path": str(place), "update_secrets": "always", "verify_grace": 0.2}
    run = controller.play(config(tree, **options), "ts710")
    assert run.only["error"]["code"] == "save_failed"
    (journal,) = place.glob("*.json")
    assert json.loads(journal.read_text())["phase"] == "saving"
    assert "canary" not in journal.read_text()
    fleet["ts710"].clear_faults()
    again = controller.play(config({"snmp": {"contact": "noc2"}}, journal_path=str(place)), "ts710")
    assert again.only["recovery"]["action"] == "resumed"
    assert fleet["ts710"].startup()["snmp"]["contact"] == "noc2"


def test_a_change_that_costs_the_synchronisation_is_rolled_back(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    before = device.running()
    status = device.status()
    task = config({"ntp": {"local-clock": {"stratum": 7}}}, health_gate="sync", verify_grace=0.3)
    status["system"]["sync-status"]["clock-status"]["clock"] = "holdover"
    lost = {"system-information": {}, "data": status, "changes": {"pending-changes": 0}}
    device.add_fault(
        "status",
        status=200,
        method="GET",
        path="/api/status",
        nth=2,
        times=100,
        headers={"Content-Type": "application/json"},
        body=json.dumps(lost),
    )
    run = controller.play(task, "ts710")
    assert run.code == 2
    assert run.only["error"]["code"] == "health"
    assert "is holdover after it" in run.only["msg"]
    assert run.only["rollback"]["state"] == "rolled_back"
    assert device.running() == device.startup() == before
    device.clear_faults()
    assert controller.play(task, "ts710").code == 0
