# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery of an interrupted task: who may do it, what it sends, and what it leaves if it cannot be finished."""

from __future__ import annotations

import fcntl
import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Kill,
    Meanwhile,
    assert_no_secret,
    code_of,
    on_request,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

TREE: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
NTP, SNMP = "/api/config/ntp", "/api/config/snmp"
# What is written of the two.
STRATUM, CONTACT = "config/ntp/local-clock/stratum", "config/snmp/contact"
ENVELOPE = {"system-information": {"model": "M600"}, "data": {}}
OPTIONS: Tree = {"verify_grace": 0.3, "command_timeout": 2.0, "retries": 0}
# GET ntp, GET snmp; both again; PUT ntp, PUT snmp; GET both; save both; GET both.
AFTER_NTP, BEFORE_SNMP, BEFORE_SAVE, AFTER_FIRST_SAVE = (
    Kill("after", 5),
    Kill("before", 6),
    Kill("before", 9),
    Kill("after", 9),
)


class Stage:
    """A device whose task is interrupted."""

    def __init__(self, device: t.Any, journal: Path) -> None:
        self.device, self.journal = device, journal
        device.set_dialect(command_seconds=0)
        self.former, self.saved = running(device), startup(device)
        device.ledger.clear()

    def kill(self, kill: Kill, tree: Tree | None = None, **options: t.Any) -> None:
        assert run_killed(self.device, tree or TREE, kill, journal=self.journal, **{**OPTIONS, **options})
        self.device.ledger.clear()

    def run(self, tree: Tree | None = None, **options: t.Any) -> Tree:
        return run_config(self.device, tree or TREE, journal=self.journal, **{**OPTIONS, **options})

    @property
    def writes(self) -> list[str]:
        """Path of each request that may change something, without /api/config/; of a save, the package."""
        return [
            e["body"]["parameters"]["package"] if e["path"] == "/api/write" else e["path"][len("/api/") :]
            for e in self.device.ledger
            if e["write"]
        ]

    @property
    def journals(self) -> list[Path]:
        return sorted(self.journal.glob("*.json"))

    def record(self) -> Tree:
        (path,) = self.journals
        return t.cast("Tree", json.loads(path.read_text("utf-8")))

    def assert_converges(self, tree: Tree | None = None) -> None:
        assert code_of(self.run(tree)) is None
        assert running(self.device) == startup(self.device)
        again = self.run(tree)
        assert (again["changed"], "recovery" in again, self.journals) == (False, False, [])


@pytest.fixture
def stage(device: t.Any, tmp_path: Path) -> Stage:
    return Stage(device, tmp_path / "journal")


def test_the_order_of_requests(stage: Stage) -> None:
    assert code_of(stage.run()) is None
    paths = [f"{e['method']} {e['path']}" for e in stage.device.ledger]
    assert paths[4:6] == [f"PUT /api/{STRATUM}", f"PUT /api/{CONTACT}"]
    assert paths[8:10] == ["PUT /api/write"] * 2


# -- a task that died while rolling back


@pytest.mark.parametrize("how", ["resume", "revert", "fail"])
def test_an_interrupted_rollback_is_completed_whatever_the_option_says(stage: Stage, how: str) -> None:
    stage.device.add_fault("status", status=400, method="PUT", path=SNMP)
    # After the refusal both sections are read; then ntp is restored.
    stage.kill(Kill("before", 9))
    assert stage.record()["phase"] == "rolling_back"
    assert running(stage.device) != stage.former
    stage.device.clear_faults()
    result = stage.run(on_interrupted=how)
    assert (code_of(result), result["changed"]) == (None, True), result["msg"]
    assert (result["recovery"]["action"], result["recovery"]["phase"]) == ("reverted", "rolling_back")
    assert stage.writes[0] == STRATUM
    if how == "revert":
        assert running(stage.device) == startup(stage.device) == stage.former
    stage.assert_converges()


@pytest.mark.parametrize("how", ["resume", "revert", "fail"])
def test_a_rollback_before_the_save_saves_nothing(stage: Stage, how: str) -> None:
    stage.device.add_fault("status", status=400, method="PUT", path=SNMP)
    stage.kill(Kill("before", 9))
    stage.device.clear_faults()
    result = stage.run({"ntp": {"local-clock": {}}}, on_interrupted=how)
    assert result["recovery"]["action"] == "reverted"
    assert stage.writes == [STRATUM]
    assert running(stage.device) == startup(stage.device) == stage.former
    assert stage.journals == []


@pytest.mark.parametrize(
    ("kill", "saves"), [(BEFORE_SNMP, []), (BEFORE_SAVE, []), (AFTER_FIRST_SAVE, ["ntp", "snmp"])], ids=str
)
def test_a_revert_saves_what_may_have_been_saved(stage: Stage, kill: Kill, saves: list[str]) -> None:
    # Before the first request of the save the phase is written already.
    saves = ["ntp", "snmp"] if kill == BEFORE_SAVE else saves
    stage.kill(kill)
    result = stage.run(on_interrupted="revert")
    assert (code_of(result), result["changed"]) == (None, True), result
    assert [name for name in stage.writes if "/" not in name] == saves
    assert running(stage.device) == startup(stage.device) == stage.former


@pytest.mark.parametrize("how", ["fail", "resume", "revert"])
@pytest.mark.parametrize(
    ("kill", "verdict"),
    [(Kill("before", 5), "not_applied"), (AFTER_NTP, "partial"), (BEFORE_SAVE, "applied_unsaved")],
    ids=str,
)
def test_the_choice_of_what_happens(stage: Stage, kill: Kill, verdict: str, how: str) -> None:
    """The table of the guide, in check mode and then in a run."""
    stage.kill(kill)
    predicted = stage.run(on_interrupted=how, check=True)
    assert (stage.writes, len(stage.journals)) == ([], 1)
    result = stage.run(on_interrupted=how)
    is_refused = how == "fail" and verdict != "not_applied"
    expected = "interrupted" if is_refused else None
    assert (code_of(predicted), code_of(result)) == (expected, expected)
    assert predicted["recovery"]["verdict"] == result["recovery"]["verdict"] == verdict
    assert predicted["recovery"]["action"] == "none"
    actions = {"resume": "resumed", "revert": "reverted", "fail": "none"}
    assert result["recovery"]["action"] == ("closed" if verdict == "not_applied" else actions[how])
    if is_refused:
        state = {"partial": "half configured", "applied_unsaved": "changed but unsaved"}[verdict]
        assert state in result["msg"]
        assert (result["changed"], stage.writes, len(stage.journals)) == (False, [], 1)
    elif how == "revert" and verdict != "not_applied":
        assert (result["changed"], result["operations"]) == (True, [])
        assert running(stage.device) == startup(stage.device) == stage.former
    else:
        assert running(stage.device) == startup(stage.device) != stage.former
    stage.assert_converges()


@pytest.mark.parametrize("how", ["resume", "revert", "fail"])
def test_settings_of_another_client_are_refused(stage: Stage, how: str) -> None:
    stage.kill(BEFORE_SAVE)
    stage.device.change("snmp/contact", "somebody")
    for check in (True, False):
        result = stage.run(on_interrupted=how, check=check)
        assert (code_of(result), result["changed"]) == ("conflict", False)
        assert result["recovery"]["verdict"] == "foreign_change"
        assert result["recovery"]["foreign"] == ["snmp/contact"]
        assert "snmp/contact" in result["msg"]
        assert str(stage.journals[0]) in result["error"]["hint"]
    assert stage.writes == []


def test_a_recovery_that_only_closes_the_journal_changes_nothing(stage: Stage) -> None:
    stage.kill(Kill("before", 5))
    result = stage.run({"ntp": {"trust-time": stage.former["ntp"]["trust-time"]}})
    assert (code_of(result), result["changed"]) == (None, False)
    assert result["recovery"]["action"] == "closed"
    assert (stage.writes, stage.journals) == ([], [])
    stage.kill(Kill("before", 5))
    stage.device.add_fault("status", status=400, method="PUT")
    failed = stage.run()
    assert (code_of(failed), failed["changed"], failed["recovery"]["action"]) == ("rejected", False, "closed")


# -- what cannot be finished


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("refused", {"kind": "status", "status": 400}),
        ("ignored", {"kind": "status", "status": 200, "body": ENVELOPE}),
        ("disconnected", {"kind": "close-before-answer"}),
    ],
)
def test_a_resume_that_cannot_be_finished_is_rolled_back(stage: Stage, name: str, fault: Tree) -> None:
    del name
    stage.kill(AFTER_NTP)
    stage.device.add_fault(**fault, method="PUT", path=SNMP)
    result = stage.run({"ntp": {"local-clock": {"stratum": 7}}})
    assert code_of(result) is None, result["msg"]
    assert (result["recovery"]["action"], result["changed"]) == ("reverted", True)
    assert "snmp" in result["recovery"]["reason"]
    # The task itself sets ntp once more, and saves it.
    assert stage.writes == [CONTACT, STRATUM, STRATUM, "ntp"]
    assert startup(stage.device)["snmp"] == stage.saved["snmp"]
    stage.device.clear_faults()
    stage.assert_converges()


def test_a_resume_verifies_what_it_sends_before_it_saves(stage: Stage) -> None:
    """A value that the device changes on its own is not saved."""
    tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
    stage.kill(BEFORE_SNMP, tree)

    def clamp(inner: t.Any) -> None:
        inner.foreign_change("snmp/contact", "clamped")

    # GETs of snmp: two in the inspection of the journal, one after it, then the one that verifies.
    with Meanwhile(stage.device, clamp, "GET", SNMP, _gets_before_the_resume(stage) + 1) as event:
        result = stage.run(tree)
    assert event.done.is_set()
    assert code_of(result) == "rollback_failed", result
    assert (result["changed"], result["saved"]) == (True, False)
    assert [d["path"] for d in result["rollback"]["remaining"]] == ["snmp/contact"]
    assert "ntp" not in stage.writes
    assert startup(stage.device) == stage.saved


def _gets_before_the_resume(stage: Stage) -> int:
    """The number of GETs of snmp before a resume sends its first write."""
    before: list[str] = []
    seen: list[str] = []

    def note(method: str, path: str) -> None:
        if method == "PUT":
            seen.append(path)
        elif path.startswith(SNMP) and not seen:
            before.append(path)

    snapshot = stage.device.snapshot()
    content = stage.journals[0].read_bytes()
    remove = on_request(stage.device, note)
    try:
        assert stage.run()["recovery"]["action"] == "resumed"
    finally:
        remove()
    stage.device.restore(snapshot)
    (path,) = stage.journal.glob("*.lock")
    path.with_suffix(".json").write_bytes(content)
    stage.device.ledger.clear()
    return len(before)


def test_a_resume_sends_only_what_is_missing_and_saves_it_verified(stage: Stage) -> None:
    stage.kill(AFTER_NTP)
    result = stage.run({"ntp": {"trust-time": stage.former["ntp"]["trust-time"]}})
    assert (result["recovery"]["action"], result["changed"]) == ("resumed", True)
    assert stage.writes == [CONTACT, "ntp", "snmp"]
    paths = [f"{e['method']} {e['path']}" for e in stage.device.ledger]
    sent, first_save = paths.index(f"PUT /api/{CONTACT}"), paths.index("PUT /api/write")
    entries = list(stage.device.ledger)
    verified = entries[sent + 1 : first_save]
    assert [e["path"] for e in verified] == [NTP, SNMP]
    connections = [e["connection"] for e in entries]
    assert connections[sent] not in [e["connection"] for e in verified], "verified over a new connection"


def test_a_resume_waits_for_changes_that_take_effect_later(stage: Stage) -> None:
    stage.device.set_dialect(effect="delayed", effect_delay=0.3)
    dialect = {"effect": "delayed"}
    stage.kill(BEFORE_SNMP, dialect=dialect, verify_grace=5.0)
    result = stage.run(dialect=dialect, verify_grace=5.0)
    assert code_of(result) is None, result["msg"]
    assert result["recovery"]["action"] == "resumed"
    assert stage.writes[:1] == [CONTACT], "what has been sent is not sent again"
    stage.assert_converges()


# -- save: never, secrets


@pytest.mark.parametrize("kill", [AFTER_NTP, Kill("before", 8)], ids=str)
def test_never_saving_outlives_an_interruption(stage: Stage, kill: Kill) -> None:
    stage.kill(kill, save="never")
    assert stage.record()["packages"] == []
    result = stage.run({"ntp": {"local-clock": {"stratum": 7}}})
    assert (code_of(result), result["recovery"]["action"]) == (None, "resumed")
    assert "ntp" not in stage.writes
    assert startup(stage.device) == stage.saved
    assert running(stage.device)["snmp"]["contact"] == "noc"


def test_a_task_that_never_saves_does_not_save_what_it_resumes(stage: Stage) -> None:
    stage.kill(AFTER_NTP)
    result = stage.run(save="never")
    assert (code_of(result), result["recovery"]["action"]) == (None, "resumed")
    assert stage.writes == [CONTACT]
    assert startup(stage.device) == stage.saved
    assert stage.journals == []


def test_a_secret_that_was_written_is_reported_as_unknown(stage: Stage) -> None:
    device = stage.device
    device.change("snmp/read-community", "former")
    device._fleet.call(device._device.config.save)
    tree = {"snmp": {"read-community": f"{CANARY}-read", "contact": "noc"}}
    # GET, GET, PUT.
    stage.kill(Kill("after", 3), tree, update_secrets="always")
    assert_no_secret(stage.journal)
    result = stage.run(tree, on_interrupted="revert")
    assert code_of(result) is None, result["msg"]
    assert (result["recovery"]["action"], result["changed"]) == ("reverted", True)
    assert result["recovery"]["secrets_unknown"] == ["snmp/read-community"]
    assert running(device)["snmp"]["contact"] == stage.former["snmp"]["contact"]
    assert CANARY not in json.dumps(result)


def test_without_secrets_none_is_unknown(stage: Stage) -> None:
    stage.kill(AFTER_NTP)
    assert stage.run(on_interrupted="revert")["recovery"]["secrets_unknown"] == []


# -- two tasks that recover at once


def test_a_task_does_not_recover_while_another_one_does(stage: Stage) -> None:
    stage.kill(AFTER_NTP)
    (path,) = stage.journal.glob("*.lock")
    with path.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for how in ("resume", "revert", "fail"):
            result = stage.run(on_interrupted=how)
            assert (code_of(result), result["changed"]) == ("conflict", False)
        assert code_of(stage.run(check=True)) is None, "check mode only reads"
    assert stage.writes == []
    assert len(stage.journals) == 1
    assert stage.run()["recovery"]["action"] == "resumed"
    stage.assert_converges()


@pytest.mark.parametrize("how", ["resume", "revert"])
def test_what_another_task_recovered_meanwhile_is_not_recovered_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    stage.kill(AFTER_NTP)
    lock = Journal.lock
    others: list[Tree] = []

    def lock_late(journal: Journal) -> None:
        monkeypatch.setattr(Journal, "lock", lock)
        others.append(stage.run())
        stage.device.ledger.clear()
        lock(journal)

    monkeypatch.setattr(Journal, "lock", lock_late)
    result = stage.run(on_interrupted=how)
    assert others[0]["recovery"]["action"] == "resumed"
    assert code_of(result) is None, result["msg"]
    assert (result["changed"], "recovery" in result, stage.writes) == (False, False, [])
    stage.assert_converges()


def test_the_lock_is_released_after_a_recovery(stage: Stage) -> None:
    stage.kill(AFTER_NTP)
    stage.device.add_fault("status", status=400, method="PUT")
    assert code_of(stage.run(on_interrupted="revert")) == "rollback_failed"
    (path,) = stage.journal.glob("*.lock")
    with path.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert len(stage.journals) == 1
    stage.device.clear_faults()
    stage.assert_converges()
