# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals, key and fingerprints that version 1.2.0 left on disk; see tests/left_by_1_2_0/README.md."""

from __future__ import annotations

import json
import shutil
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.paths import ROOT
from ansible_collections.meinberg.lantime.tests.reliability.rig import code_of, run_config, running, startup
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

Tree = dict[str, t.Any]

FILES = ROOT / "tests" / "left_by_1_2_0"
DEVICES = json.loads((FILES / "devices.json").read_text("utf-8"))
STEM = "M600_002878022376-86c0faf6"
SECRET = "made-up-for-a-test"

# Settings that the tests compare, before and after the interrupted task.
BEFORE: Tree = {"stratum": 12, "servers": ["1"], "contact": "operations", "nameserver2": ""}
AFTER: Tree = {"stratum": 5, "servers": ["1", "3"], "contact": "noc@example.com", "nameserver2": "192.0.2.54"}
CONTACT: Tree = {**BEFORE, "contact": "noc@example.com"}

# Name of the journal, its verdict, the state after resume and after revert.
CASES: list[tuple[str, str, Tree, Tree]] = [
    ("writing-nothing-sent", "not_applied", BEFORE, BEFORE),
    ("writing-one-sent", "partial", AFTER, BEFORE),
    ("writing-answer-lost", "partial", AFTER, BEFORE),
    ("writing-all-sent", "applied_unsaved", AFTER, BEFORE),
    ("writing-secret-sent", "partial", AFTER, BEFORE),
    ("writing-secret-not-sent", "partial", BEFORE, BEFORE),
    ("writing-secret-rewritten", "applied_unsaved", CONTACT, BEFORE),
    ("saving-nothing-saved", "applied_unsaved", AFTER, BEFORE),
    ("saving-one-package", "applied_unsaved", AFTER, BEFORE),
    ("saving-all-packages", "done", AFTER, AFTER),
    ("rolling-back-nothing-undone", "partial", BEFORE, BEFORE),
    ("rolling-back-one-undone", "partial", BEFORE, BEFORE),
    ("rolling-back-after-saving", "partial", BEFORE, BEFORE),
]
NAMES = [name for name, *_rest in CASES]
NEXT_TASK: Tree = {"ntp": {"trust-time": 86400}}


def view(tree: Tree) -> Tree:
    return {
        "stratum": tree["ntp"]["local-clock"]["stratum"],
        "servers": sorted(tree["ntp"]["external-servers"]),
        "contact": tree["snmp"]["contact"],
        "nameserver2": tree["network"]["nameserver2"],
    }


@pytest.fixture(scope="module")
def own_fleet() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec("ts710", "m600-7.10", autosave=False)], freeze=True) as fleet:
        yield fleet


@pytest.fixture(scope="module")
def prepared(own_fleet: Fleet) -> Tree:
    device = own_fleet["ts710"]
    device.set_dialect(command_seconds=0)
    change(device, DEVICES["prepared"])
    return t.cast("Tree", device.snapshot())


@pytest.fixture
def device(own_fleet: Fleet, prepared: Tree) -> t.Any:
    own_fleet["ts710"].restore(prepared)
    return own_fleet["ts710"]


def change(device: t.Any, settings: Tree, save: bool = True) -> None:
    for path, value in settings.items():
        device.change(path, value)
    if save:
        device._fleet.call(device._device.config.save)
    device.ledger.clear()


def left_behind(device: t.Any, name: str, place: Path) -> Path:
    """Bring a device to the state in which a task of 1.2.0 left it, with its journal; the path of the journal."""
    state = DEVICES["cases"][name]
    change(device, state["startup"])
    change(device, {p: v for p, v in state["running"].items() if p not in state["startup"]}, save=False)
    place.mkdir(mode=0o700)
    return Path(shutil.copy(FILES / "journals" / f"{name}.json", place / f"{STEM}.json"))


def test_every_journal_has_a_case() -> None:
    assert {path.stem for path in (FILES / "journals").iterdir()} == set(NAMES) == set(DEVICES["cases"])
    records = [json.loads((FILES / "journals" / f"{name}.json").read_text("utf-8")) for name in NAMES]
    assert {record["phase"] for record in records} == {"writing", "saving", "rolling_back"}
    assert {c["state"] for record in records for c in record["changes"]} == {"waiting", "processing", "succeeded"}
    assert SECRET not in str(records)


@pytest.mark.parametrize(("name", "verdict"), [case[:2] for case in CASES], ids=NAMES)
def test_check_mode_reports_the_journal_and_changes_nothing(
    device: t.Any, tmp_path: Path, name: str, verdict: str
) -> None:
    journal = left_behind(device, name, tmp_path / "journal")
    content = journal.read_bytes()
    result = run_config(device, NEXT_TASK, journal=journal.parent, check=True)
    assert code_of(result) is None, result
    recovery = result["recovery"]
    assert (recovery["id"], recovery["phase"]) == (json.loads(content)["id"], json.loads(content)["phase"])
    assert (recovery["verdict"], recovery["action"]) == (verdict, "none")
    assert device.ledger.writes == 0
    assert [file.name for file in journal.parent.iterdir()] == [journal.name]
    assert journal.read_bytes() == content


@pytest.mark.parametrize(("name", "verdict", "resumed"), [case[:3] for case in CASES], ids=NAMES)
def test_resume(device: t.Any, tmp_path: Path, name: str, verdict: str, resumed: Tree) -> None:
    journal = left_behind(device, name, tmp_path / "journal")
    result = run_config(device, NEXT_TASK, journal=journal.parent, verify_grace=1.0)
    assert code_of(result) is None, result
    expected = "closed" if verdict in ("not_applied", "done") else "resumed" if resumed != BEFORE else "reverted"
    assert (result["recovery"]["verdict"], result["recovery"]["action"]) == (verdict, expected)
    if name == "writing-secret-not-sent":
        assert "takes secrets, which the journal does not hold: snmp/read-community" in result["recovery"]["reason"]
    assert view(running(device)) == view(startup(device)) == resumed
    assert running(device)["ntp"]["trust-time"] == 86400
    assert running(device) == startup(device)
    assert [file.suffix for file in journal.parent.iterdir()] == [".lock"]


@pytest.mark.parametrize(("name", "verdict", "reverted"), [(*c[:2], c[3]) for c in CASES], ids=NAMES)
def test_revert(device: t.Any, tmp_path: Path, name: str, verdict: str, reverted: Tree) -> None:
    journal = left_behind(device, name, tmp_path / "journal")
    trust_time = running(device)["ntp"]["trust-time"]
    result = run_config(device, NEXT_TASK, journal=journal.parent, on_interrupted="revert", verify_grace=1.0)
    assert code_of(result) is None, result
    closed = verdict in ("not_applied", "done")
    assert (result["recovery"]["verdict"], result["recovery"]["action"]) == (
        verdict,
        "closed" if closed else "reverted",
    )
    assert view(running(device)) == view(startup(device)) == reverted
    assert running(device)["ntp"]["trust-time"] == (86400 if closed else trust_time)
    unknown = ["snmp/write-community"] if name == "writing-secret-rewritten" else []
    assert closed or result["recovery"]["secrets_unknown"] == unknown
    assert [file.suffix for file in journal.parent.iterdir()] == [".lock"]


@pytest.mark.parametrize("name", [n for n, verdict, *_rest in CASES if verdict not in ("not_applied", "done")])
def test_fail(device: t.Any, tmp_path: Path, name: str) -> None:
    """A rollback that was interrupted is completed all the same."""
    journal = left_behind(device, name, tmp_path / "journal")
    content = journal.read_bytes()
    result = run_config(device, NEXT_TASK, journal=journal.parent, on_interrupted="fail", verify_grace=1.0)
    if name.startswith("rolling-back"):
        assert result["recovery"]["action"] == "reverted"
        assert view(startup(device)) == BEFORE
        return
    assert code_of(result) == "interrupted"
    state = "changed but unsaved" if result["recovery"]["verdict"] == "applied_unsaved" else "half configured"
    assert f"an interrupted task left this device {state}" in result["msg"]
    assert device.ledger.writes == 0
    assert journal.read_bytes() == content


@pytest.mark.parametrize("how", ["resume", "revert", "fail"])
@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
def test_a_change_by_another_client_is_refused(device: t.Any, tmp_path: Path, how: str, check: bool) -> None:
    journal = left_behind(device, "writing-answer-lost", tmp_path / "journal")
    device.change("ntp/local-clock/stratum", 9)
    result = run_config(device, NEXT_TASK, journal=journal.parent, on_interrupted=how, check=check)
    assert code_of(result) == "conflict"
    assert "ntp/local-clock/stratum" in result["msg"]
    assert str(journal) in result["msg"]
    assert (device.ledger.writes, journal.exists()) == (0, True)


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
@pytest.mark.parametrize("version", [3, "1.0", None])
def test_a_journal_of_an_unknown_format_is_refused(device: t.Any, tmp_path: Path, version: object, check: bool) -> None:
    journal = left_behind(device, "writing-all-sent", tmp_path / "journal")
    journal.write_text(json.dumps({**json.loads(journal.read_text("utf-8")), "format": version}), encoding="utf-8")
    result = run_config(device, NEXT_TASK, journal=journal.parent, check=check)
    assert code_of(result) == "journal"
    assert f"the journal {journal} has the format {version}" in result["msg"]
    assert (device.ledger.writes, journal.exists()) == (0, True)


def test_what_follows_a_recovery_and_fails_still_reports_it(device: t.Any, tmp_path: Path) -> None:
    journal = left_behind(device, "writing-one-sent", tmp_path / "journal")
    result = run_config(device, {"ntp": {"no-such-name": 1}}, journal=journal.parent)
    assert code_of(result) == "unknown_name"
    assert (result["changed"], result["recovery"]["action"]) == (True, "resumed")
    assert view(startup(device)) == AFTER


def test_an_unchanged_secret_is_not_written_again(device: t.Any, tmp_path: Path) -> None:
    place = tmp_path / "journal"
    place.mkdir(mode=0o700)
    key = bytes.fromhex((FILES / "secrets" / "secrets.key.hex").read_text("utf-8"))
    (place / "secrets.key").write_bytes(key)
    shutil.copy(FILES / "secrets" / f"{STEM}.secrets", place)
    for file in place.iterdir():
        file.chmod(0o600)
    change(device, {"snmp/read-community": SECRET})

    def run(secret: str) -> Tree:
        return run_config(device, {"snmp": {"read-community": secret}}, journal=place, update_secrets="on_change")

    same = run(SECRET)
    assert (same["changed"], same["secrets_kept"], device.ledger.writes) == (False, ["snmp/read-community"], 0)
    other = run("another-secret-for-a-test")
    assert (other["changed"], other["saved"]) == (True, True)
    assert running(device)["snmp"]["read-community"] == "another-secret-for-a-test"
    assert run("another-secret-for-a-test")["changed"] is False
    assert (place / "secrets.key").read_bytes() == key
