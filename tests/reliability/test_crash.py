# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL of the client at every point of a plan of twenty writes, of its rollback and of its journal.

Afterwards the startup configuration is the former one or, package by package once saving has begun, the verified desired
one. The next task finishes the transaction, and the one after it has nothing to do.
"""

from __future__ import annotations

import itertools
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability import plans
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Kill,
    assert_no_secret,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)

# Requests of the plan when nothing happens: 4 GETs, 4 GETs again, 20 writes, 4 GETs, 4 packages saved,
# 4 GETs.
REQUESTS = 40
FIRST_SAVE = 33
# If the last write is refused: 8 GETs, 20 writes, 4 GETs, 19 writes of the rollback, 4 GETs.
REFUSED_REQUESTS = 55
FIRST_OF_ROLLBACK = 29
# Writes of the journal: one at the start, two for each change, one for the phase saving.
RECORDS = 2 * plans.WRITES + 2

ANSWERED = [Kill(point, n) for n in range(1, REQUESTS + 1) for point in ("before", "after")]
# Writes that arrive although the client is dead.
UNANSWERED = [Kill("during", n) for n in (*range(9, 29), *range(FIRST_SAVE, FIRST_SAVE + 4))]
FORWARD = ANSWERED + UNANSWERED
IN_ROLLBACK = [
    (Kill(point, n), lifted)
    for n in range(FIRST_OF_ROLLBACK, REFUSED_REQUESTS + 1)
    for point, lifted in (("before", n % 2 == 0), ("during", n % 2 == 1))
]
JOURNAL_WRITES = [Kill("journal-after" if n % 2 else "journal-before", n) for n in range(1, RECORDS + 1)]
REVERTED = [*ANSWERED[17::7], *UNANSWERED[::5], *UNANSWERED[-4:]]

OPTIONS: dict[str, t.Any] = {"state": "overridden", "verify_grace": 1.0}


def packages(tree: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a configuration by the packages that are saved one by one."""
    notification = dict(tree["notification"])
    traps = notification.pop("snmp")
    return {
        "ntp": tree["ntp"],
        "network": tree["network"],
        "snmp": (tree["snmp"], traps),
        "system": (notification, tree["system"]),
    }


class Stage:
    """A device before the plan."""

    def __init__(self, device: t.Any, journal: Path) -> None:
        self.device = device
        self.journal = journal
        self.config = plans.DESIRED
        device.set_dialect(command_seconds=0)
        plans.prepare(device)
        self.former = running(device)
        self.saved = startup(device)
        assert self.former == self.saved

    def kill(self, kill: Kill, may_end: bool = False, **options: t.Any) -> None:
        died = run_killed(self.device, self.config, kill, journal=self.journal, **{**OPTIONS, **options})
        assert died or may_end

    def run(self, **options: t.Any) -> dict[str, t.Any]:
        return run_config(self.device, self.config, journal=self.journal, **{**OPTIONS, **options})

    def desired(self) -> dict[str, t.Any]:
        """Return the running configuration after an undisturbed task."""
        snapshot = self.device.snapshot()
        assert self.run()["saved"] is True
        made = running(self.device)
        self.device.restore(snapshot)
        return made

    def assert_saved_is_former_or(self, wanted: dict[str, t.Any]) -> None:
        saved, former, after = (packages(t) for t in (startup(self.device), self.saved, wanted))
        for name, content in saved.items():
            assert content in (former[name], after[name]), name

    def assert_settled(self, wanted: dict[str, t.Any]) -> None:
        """Assert that the device is as wanted and saved, and that another task has nothing to do."""
        assert running(self.device) == startup(self.device) == wanted
        assert self.device.pending == 0
        self.device.ledger.clear()
        again = self.run()
        assert (again["changed"], self.device.ledger.writes) == (False, 0), again
        assert "recovery" not in again
        assert [file.suffix for file in self.journal.iterdir()] == [".lock"]


@pytest.fixture
def stage(device: t.Any, tmp_path: Path) -> Stage:
    return Stage(device, tmp_path / "journal")


@pytest.fixture(scope="module")
def desired_states() -> dict[str, t.Any]:
    return {}


@pytest.fixture
def desired(stage: Stage, desired_states: dict[str, t.Any]) -> dict[str, t.Any]:
    if "made" not in desired_states:
        desired_states["made"] = stage.desired()
    return t.cast("dict[str, t.Any]", desired_states["made"])


def test_the_number_of_kill_points(stage: Stage) -> None:
    result = stage.run()
    assert [o["state"] for o in result["operations"]] == ["succeeded"] * plans.WRITES
    assert {o["action"] for o in result["operations"]} == {"create", "set", "delete"}
    ledger = stage.device.ledger
    assert len(ledger) == REQUESTS
    assert [e["path"] for e in ledger].index("/api/write") + 1 == FIRST_SAVE
    assert ledger.writes == plans.WRITES + len(result["saved_packages"])
    assert_no_secret(stage.journal)


def test_the_number_of_kill_points_of_a_rollback(stage: Stage) -> None:
    stage.device.add_fault("status", status=400, path=f"/api/config/{plans.LAST}")
    result = stage.run()
    assert (code_of(result), result["changed"]) == ("rejected", False)
    assert result["rollback"] == {"state": "rolled_back", "remaining": []}
    assert len(stage.device.ledger) == REFUSED_REQUESTS
    assert running(stage.device) == startup(stage.device) == stage.former
    assert_no_secret(stage.journal)


@pytest.mark.parametrize("kill", FORWARD, ids=str)
def test_a_killed_task_is_resumed(stage: Stage, desired: dict[str, t.Any], kill: Kill) -> None:
    device = stage.device
    stage.kill(kill)
    saved = startup(device)
    if kill.nth < FIRST_SAVE:
        assert saved == stage.saved
    stage.assert_saved_is_former_or(desired)
    assert_no_secret(stage.journal)
    result = stage.run()
    assert code_of(result) is None, result["msg"]
    assert_no_secret(stage.journal)
    stage.assert_settled(desired)


@pytest.mark.parametrize("kill", REVERTED, ids=str)
def test_a_killed_task_is_reverted(stage: Stage, desired: dict[str, t.Any], kill: Kill) -> None:
    stage.kill(kill)
    result = stage.run(on_interrupted="revert")
    assert code_of(result) is None, result["msg"]
    reverted = result.get("recovery", {}).get("action") == "reverted"
    assert running(stage.device) == (stage.former if reverted else desired)
    assert reverted or "recovery" not in result or result["recovery"]["action"] == "closed"
    if not reverted:
        stage.assert_settled(desired)
        return
    assert startup(stage.device) == stage.saved
    assert result["changed"] is True
    assert code_of(stage.run()) is None
    stage.assert_settled(desired)


@pytest.mark.parametrize(("kill", "lifted"), IN_ROLLBACK, ids=str)
def test_a_killed_rollback_is_rolled_back(stage: Stage, desired: dict[str, t.Any], kill: Kill, lifted: bool) -> None:
    device = stage.device
    device.add_fault("status", status=400, path=f"/api/config/{plans.LAST}")
    stage.kill(kill)
    assert startup(device) == stage.saved
    assert_no_secret(stage.journal)
    if lifted:
        device.clear_faults()
        assert code_of(stage.run()) is None
    else:
        result = stage.run()
        assert (code_of(result), result["saved"]) == ("rejected", False), result
        assert running(device) == startup(device) == stage.former
        assert [file.suffix for file in stage.journal.iterdir()] == [".lock"]
        device.clear_faults()
        assert stage.run()["changed"] is True
    stage.assert_settled(desired)


@pytest.mark.parametrize("kill", JOURNAL_WRITES, ids=str)
def test_a_task_killed_at_its_journal_is_resumed(stage: Stage, desired: dict[str, t.Any], kill: Kill) -> None:
    stage.kill(kill)
    assert startup(stage.device) == stage.saved
    assert_no_secret(stage.journal)
    assert code_of(stage.run()) is None
    stage.assert_settled(desired)


@pytest.mark.parametrize("kill", [*ANSWERED[20::9], *UNANSWERED[::6]], ids=str)
@pytest.mark.parametrize("how", ["resume", "revert"])
def test_a_device_with_autosave(stage: Stage, desired: dict[str, t.Any], kill: Kill, how: str) -> None:
    device = stage.device
    device.set_dialect(autosave_delay=0)
    device.change("system/activate-changes-as-startup", True)
    stage.kill(kill)
    assert running(device) == startup(device)
    assert_no_secret(stage.journal)
    for dummy in range(2):
        assert code_of(stage.run(on_interrupted=how)) is None
    desired = {**desired, "system": running(device)["system"]}
    stage.assert_settled(desired)


PLAIN = plans.without_secrets(plans.DESIRED)


@pytest.mark.parametrize("how", ["resume", "revert"])
@pytest.mark.parametrize(
    ("first", "second"),
    list(itertools.product(("during-20", "after-31", "during-34"), (10, 13, 14, 17, 21, 28))),
)
def test_a_killed_resume(stage: Stage, first: str, second: int, how: str) -> None:
    """Without secrets, which would cause a rollback instead."""
    stage.config = PLAIN
    desired = stage.desired()
    point, dummy, nth = first.partition("-")
    stage.kill(Kill(point, int(nth)))
    stage.kill(Kill("after", second), may_end=True)
    stage.assert_saved_is_former_or(desired)
    result = stage.run(on_interrupted=how)
    assert code_of(result) is None, result["msg"]
    if result.get("recovery", {}).get("action") == "reverted":
        assert how == "revert"
        assert running(stage.device) == stage.former
        assert startup(stage.device) == stage.saved
        stage.run()
    stage.assert_settled(desired)


@pytest.mark.parametrize("second", range(9, 40, 2))
def test_a_killed_revert_after_saving_began(stage: Stage, second: int) -> None:
    stage.config = PLAIN
    desired = stage.desired()
    stage.kill(Kill("after", FIRST_SAVE + 1))
    assert startup(stage.device) != stage.saved
    stage.kill(Kill("after", second), may_end=True, on_interrupted="revert")
    result = stage.run(on_interrupted="revert")
    assert code_of(result) is None, result["msg"]
    if result.get("recovery", {}).get("action") == "reverted":
        assert running(stage.device) == stage.former
        assert startup(stage.device) == stage.saved
        stage.run()
    stage.assert_settled(desired)


@pytest.mark.parametrize("how", ["resume", "revert"])
@pytest.mark.parametrize("kill", [Kill("after", 21), Kill("after", 31), Kill("after", 34)], ids=str)
def test_unsaved_changes_of_other_clients_stay_unsaved(stage: Stage, kill: Kill, how: str) -> None:
    device = stage.device
    device.change("security/lock-front-panel", True)
    device.ledger.clear()
    stage.config = PLAIN
    stage.kill(kill)
    result = stage.run(on_interrupted=how)
    assert code_of(result) is None, result["msg"]
    assert result["recovery"]["action"] == ("resumed" if how == "resume" else "reverted")
    assert device.pending == 1
    assert startup(device)["security"]["lock-front-panel"] is False
    if how == "revert":
        assert startup(device) == stage.saved


def test_an_item_is_not_created_without_its_secret(stage: Stage) -> None:
    """A task was killed before it created an item with a secret; the journal does not hold the secret."""
    device = stage.device
    stage.config = {
        "ntp": {"external-servers": {"3": {"address": "192.0.2.3"}}},
        "notification": {"snmp": plans.DESIRED["notification"]["snmp"]},
    }
    stage.kill(Kill("before", 6), state="merged", missing="create")
    result = stage.run(state="merged", missing="create")
    assert result["recovery"]["action"] == "reverted"
    community = running(device)["notification"]["snmp"]["trap-receivers"]["1"]["community"]
    assert community == stage.config["notification"]["snmp"]["trap-receivers"]["1"]["community"]
