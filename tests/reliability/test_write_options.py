# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a write and what they change at the device: save, save_package, verify, rollback, secrets, missing."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Kill,
    Meanwhile,
    assert_no_secret,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

TREE: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
STRATUM, CONTACT = "/api/config/ntp/local-clock/stratum", "/api/config/snmp/contact"
ENVELOPE = {"system-information": {"model": "M600"}, "data": {}}
OPTIONS: Tree = {"verify_grace": 0.3, "command_timeout": 1.0, "retries": 0}


@pytest.fixture(autouse=True)
def quick_commands(device: t.Any) -> None:
    device.set_dialect(command_seconds=0)
    device.ledger.clear()


def run(device: t.Any, journal: Path, tree: Tree | None = None, **options: t.Any) -> Tree:
    return run_config(device, tree or TREE, journal=journal, **{**OPTIONS, **options})


def saves(device: t.Any) -> list[str]:
    """The packages of each request to save."""
    return [e["body"]["parameters"]["package"] for e in device.ledger if e["path"] == "/api/write"]


def requests(device: t.Any) -> list[str]:
    return [f"{e['method']} {e['path']}" for e in device.ledger]


@pytest.mark.parametrize("check", [True, False])
def test_the_members_of_a_result(device: t.Any, tmp_path: Path, check: bool) -> None:
    result = run(device, tmp_path, check=check)
    assert result["device"]["model"] == "M600"
    assert result["device"]["serial_number"] == device._device.serial
    assert (result["config_root"], result["sections"], result["secrets_kept"]) == ("config", ["ntp", "snmp"], [])
    assert result["pending_changes"] == 0
    assert [o["state"] for o in result["operations"]] == ["waiting" if check else "succeeded"] * 2
    assert "M600" in result["diff"]["before_header"]


# -- save and save_package


@pytest.mark.parametrize("package", ["all", "snmp"])
def test_a_given_package_is_saved_instead_of_those_of_the_changes(device: t.Any, tmp_path: Path, package: str) -> None:
    tree = TREE if package == "all" else {"snmp": TREE["snmp"]}
    result = run(device, tmp_path, tree, save_package=package)
    assert (code_of(result), result["saved"], result["saved_packages"]) == (None, True, [package])
    assert saves(device) == [package]
    assert running(device) == startup(device)


def test_a_wrong_package_is_followed_by_all(device: t.Any, tmp_path: Path) -> None:
    result = run(device, tmp_path, save_package="network")
    assert (code_of(result), result["saved_packages"]) == (None, ["network", "all"])
    assert result["pending_changes"] == 0
    assert saves(device) == ["network", "all"]
    assert running(device) == startup(device)


def test_a_wrong_package_is_not_followed_by_all_if_others_have_unsaved_changes(device: t.Any, tmp_path: Path) -> None:
    saved = startup(device)
    device.change("network/nameserver2", "192.0.2.99")
    result = run(device, tmp_path, save_package="web")
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, False)
    assert "3 unsaved changes" in result["msg"]
    assert saves(device) == ["web"]
    assert startup(device) == saved


def test_changes_of_others_in_other_packages_stay_unsaved(device: t.Any, tmp_path: Path) -> None:
    device.change("network/nameserver2", "192.0.2.99")
    result = run(device, tmp_path)
    assert (code_of(result), result["saved_packages"], result["pending_changes"]) == (None, ["ntp", "snmp"], 1)
    assert saves(device) == ["ntp", "snmp"]
    assert startup(device)["network"]["nameserver2"] != "192.0.2.99"


@pytest.mark.parametrize("package", [None, "network"])
def test_always_saves_changes_of_others(device: t.Any, tmp_path: Path, package: str | None) -> None:
    assert code_of(run(device, tmp_path)) is None
    device.change("network/nameserver2", "192.0.2.99")
    device.ledger.clear()
    assert run(device, tmp_path, save_package=package)["changed"] is False
    assert saves(device) == []
    predicted = run(device, tmp_path, check=True, save="always", save_package=package)
    result = run(device, tmp_path, save="always", save_package=package)
    assert (predicted["changed"], result["changed"], result["saved"]) == (True, True, True)
    assert saves(device) == [package or "all"] == result["saved_packages"]
    assert running(device) == startup(device)
    again = run(device, tmp_path, save="always", save_package=package)
    assert (again["changed"], again["saved"]) == (False, True)


def test_never_saving(device: t.Any, tmp_path: Path) -> None:
    saved = startup(device)
    result = run(device, tmp_path, save="never")
    assert (code_of(result), result["changed"], result["saved"]) == (None, True, False)
    assert (saves(device), startup(device)) == ([], saved)
    assert "saved_packages" not in result
    assert result["pending_changes"] == 2
    assert [file.suffix for file in tmp_path.iterdir()] == [".lock"]


@pytest.mark.parametrize("choice", ["warn", "fail", "ignore"])
def test_unsaved_changes_of_others(device: t.Any, tmp_path: Path, choice: str) -> None:
    device.change("network/nameserver2", "192.0.2.99")
    result = run(device, tmp_path, pending=choice)
    assert code_of(result) == ("pending_changes" if choice == "fail" else None)
    if choice == "fail":
        assert (result["changed"], device.ledger.writes) == (False, 0)
        assert "1 unsaved changes" in result["msg"]


# -- outcome of the save


@pytest.fixture
def no_counter(device: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The device does not count its unsaved changes."""
    monkeypatch.setattr(device._device.config, "pending_count", lambda _user="": None)


@pytest.mark.usefixtures("no_counter")
@pytest.mark.parametrize("status", [403, 400])
def test_a_refused_save_of_a_device_that_counts_no_changes(device: t.Any, tmp_path: Path, status: int) -> None:
    saved = startup(device)
    device.add_fault("status", status=status, method="PUT", path="/api/write")
    result = run(device, tmp_path)
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, False), result
    assert startup(device) == saved


@pytest.mark.usefixtures("no_counter")
def test_a_device_that_counts_no_changes_is_saved_once(device: t.Any, tmp_path: Path) -> None:
    result = run(device, tmp_path)
    assert (code_of(result), result["saved"], result["autosave"]) == (None, True, "unknown")
    assert result["pending_changes"] is None
    assert saves(device) == ["ntp", "snmp"]
    assert running(device) == startup(device)


@pytest.mark.parametrize("nth", [1, 2])
def test_a_device_that_is_unreachable_after_the_save(device: t.Any, tmp_path: Path, nth: int) -> None:
    def leave(inner: t.Any) -> None:
        inner.away_until = inner.ticks() + 3600

    try:
        with Meanwhile(device, leave, "PUT", "/api/write", nth):
            result = run(device, tmp_path)
    finally:
        device._device.away_until = 0.0
    assert (code_of(result), result["changed"], result["saved"]) == ("save_failed", True, None)
    said = "whether the configuration was saved is unknown" if nth == 2 else "saving the package snmp failed"
    assert said in result["msg"]
    assert [o["state"] for o in result["operations"]] == ["succeeded", "succeeded"]
    again = run(device, tmp_path)
    assert (code_of(again), again.get("recovery", {}).get("action", "resumed")) == (None, "resumed")
    assert running(device) == startup(device)


def test_an_answer_to_the_save_that_is_lost(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("close-after-effect", method="PUT", path="/api/write", times=1)
    result = run(device, tmp_path)
    assert (code_of(result), result["saved"], result["saved_packages"]) == (None, True, ["ntp", "snmp"])
    assert saves(device) == ["ntp", "snmp"], "a save is never sent twice"
    assert running(device) == startup(device)


# -- verify


def test_without_verification_the_device_is_not_read_back(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("status", status=200, body=ENVELOPE, method="PUT", path=CONTACT)
    result = run(device, tmp_path, verify=False)
    assert (code_of(result), result["changed"], result["saved"]) == (None, True, True)
    assert result["autosave"] == "unknown"
    assert "rollback" not in result
    reads = [r for r in requests(device)[6:] if r.startswith("GET")]
    # The number of unsaved changes is read with the first section after the save.
    assert reads == ["GET /api/config/ntp"]
    assert running(device)["snmp"] != {**running(device)["snmp"], **TREE["snmp"]}
    assert '"noc"' in result["diff"]["after"], "the difference is that of the plan"


def test_with_verification_an_ignored_write_is_rolled_back_and_not_saved(device: t.Any, tmp_path: Path) -> None:
    former, saved = running(device), startup(device)
    device.add_fault("status", status=200, body=ENVELOPE, method="PUT", path=CONTACT)
    result = run(device, tmp_path)
    assert (code_of(result), result["changed"]) == ("not_applied", False)
    assert result["rollback"] == {"state": "rolled_back", "remaining": []}
    assert (running(device), startup(device), saves(device)) == (former, saved, [])


def test_without_verification_a_refused_write_is_rolled_back(device: t.Any, tmp_path: Path) -> None:
    former = running(device)
    device.add_fault("status", status=400, method="PUT", path=CONTACT)
    result = run(device, tmp_path, verify=False)
    assert (code_of(result), result["changed"], saves(device)) == ("rejected", False, [])
    assert running(device) == startup(device) == former


@pytest.mark.parametrize("autosave", [True, False])
def test_a_device_that_saves_by_itself_is_recognized(device: t.Any, tmp_path: Path, autosave: bool) -> None:
    device.set_dialect(autosave_delay=0)
    device.change("system/activate-changes-as-startup", autosave)
    device._fleet.call(device._device.config.save)
    result = run(device, tmp_path, save="never")
    assert result["autosave"] == ("yes" if autosave else "no")
    assert (running(device) == startup(device)) is autosave


@pytest.mark.parametrize("pending", [0, 1])
def test_changes_of_others_do_not_look_like_autosave(device: t.Any, tmp_path: Path, pending: int) -> None:
    if pending:
        device.change("network/nameserver2", "192.0.2.99")
    result = run(device, tmp_path, save="never")
    assert (result["autosave"], result["pending_changes"]) == ("no", pending + 2)


def test_verification_uses_a_new_connection(device: t.Any, tmp_path: Path) -> None:
    assert code_of(run(device, tmp_path)) is None
    entries = list(device.ledger)
    writes = [e for e in entries if e["path"] in (STRATUM, CONTACT)]
    first_save = next(e for e in entries if e["path"] == "/api/write")
    verifying = [e for e in entries if writes[-1]["n"] < e["n"] < first_save["n"]]
    assert [e["method"] for e in verifying] == ["GET", "GET"]
    assert not {e["connection"] for e in verifying} & {e["connection"] for e in writes}


@pytest.mark.parametrize("status", [500, 502])
def test_a_write_without_a_clear_answer_is_read_over_a_new_connection(
    device: t.Any, tmp_path: Path, status: int
) -> None:
    device.add_fault("error-after-effect", status=status, method="PUT", path=STRATUM)
    result = run(device, tmp_path)
    assert (code_of(result), result["saved"]) == (None, True)
    entries = list(device.ledger)
    write = next(e for e in entries if e["path"] == STRATUM)
    following = next(e for e in entries if e["n"] > write["n"])
    assert (following["method"], following["path"]) == ("GET", "/api/config/ntp")
    assert following["connection"] != write["connection"]
    assert requests(device).count(f"PUT {STRATUM}") == 1


def test_a_rollback_reads_over_a_new_connection(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("status", status=400, method="PUT", path=CONTACT)
    assert code_of(run(device, tmp_path)) == "rejected"
    entries = list(device.ledger)
    refused = next(e for e in entries if e["path"] == CONTACT)
    following = [e for e in entries if e["n"] > refused["n"]]
    assert [e["method"] for e in following[:3]] == ["GET", "GET", "PUT"]
    assert following[0]["connection"] != refused["connection"]


# -- rollback

THREE: Tree = {**TREE, "network": {"nameserver2": "192.0.2.54"}}
LAST = "/api/config/network"


def test_every_difference_that_a_rollback_leaves_is_listed(device: t.Any, tmp_path: Path) -> None:
    tree = {**THREE, "ntp": {"local-clock": {"stratum": 7, "disabled": True}}}
    former = running(device)
    device.add_fault("status", status=400, method="PUT", path=LAST)
    for path in ("/api/config/ntp", "/api/config/snmp"):
        device.add_fault("status", status=400, method="PUT", path=path, nth=2, times=5)
    result = run(device, tmp_path, tree)
    assert (code_of(result), result["changed"], result["saved"]) == ("rollback_failed", True, False)
    assert result["rollback"]["state"] == "rollback_failed"
    local = former["ntp"]["local-clock"]
    assert sorted((d["path"], d["wanted"], d["shown"]) for d in result["rollback"]["remaining"]) == [
        ("ntp/local-clock/disabled", local["disabled"], True),
        ("ntp/local-clock/stratum", local["stratum"], 7),
        ("snmp/contact", former["snmp"]["contact"], "noc"),
    ]
    assert [o["state"] for o in result["operations"]] == ["succeeded", "succeeded", "failed"]
    for path in ("ntp/local-clock/stratum", "snmp/contact"):
        assert path in result["msg"]
    assert len(list(tmp_path.glob("*.json"))) == 1, "the next task continues the rollback"
    device.clear_faults()
    again = run(device, tmp_path, tree)
    assert (code_of(again), again["recovery"]["action"]) == (None, "reverted")


def test_a_rollback_goes_on_after_a_refused_write(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("status", status=400, method="PUT", path=LAST)
    device.add_fault("status", status=400, method="PUT", path="/api/config/snmp", nth=2)
    result = run(device, tmp_path, THREE)
    assert code_of(result) == "rollback_failed"
    assert [d["path"] for d in result["rollback"]["remaining"]] == ["snmp/contact"]
    assert requests(device).count(f"PUT {STRATUM}") == 2


def test_a_rollback_stops_where_the_effect_of_a_write_is_unknown(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("status", status=400, method="PUT", path=LAST)
    device.add_fault("close-before-answer", method="PUT", path="/api/config/snmp", nth=2)
    result = run(device, tmp_path, THREE)
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False)
    assert result["rollback"]["state"] == "rollback_failed"
    assert result["rollback"]["remaining"] == []
    assert result["rollback"]["reason"]
    assert requests(device).count(f"PUT {STRATUM}") == 1
    assert requests(device)[-1].startswith("GET /api/config/snmp")


@pytest.mark.parametrize("effect", ["immediate", "delayed", "staged"])
def test_a_rollback_ends_as_soon_as_the_former_state_is_shown(device: t.Any, tmp_path: Path, effect: str) -> None:
    device.set_dialect(effect=effect, effect_delay=0.1)
    former = running(device)
    device.add_fault("status", status=400, method="PUT", path=CONTACT)
    result = run(device, tmp_path, dialect={"effect": effect}, verify_grace=10.0)
    assert (code_of(result), result["rollback"]["state"]) == ("rejected", "rolled_back")
    assert running(device) == startup(device) == former
    sent = requests(device)
    last_write = max(number for number, text in enumerate(sent) if text.startswith("PUT"))
    # Pauses of 0.1, 0.2 and 0.4 s between the polls, each of which reads two sections.
    assert len(sent) - last_write - 1 <= 8


@pytest.mark.parametrize(
    ("path", "fault", "changed", "done"),
    [
        (CONTACT, {"kind": "status", "status": 400}, True, 1),
        (STRATUM, {"kind": "status", "status": 400}, False, 0),
        (STRATUM, {"kind": "close-before-answer"}, True, 0),
        (CONTACT, {"kind": "status", "status": 200, "body": ENVELOPE}, True, 2),
    ],
)
def test_without_rollback_the_written_operations_stay(
    device: t.Any, tmp_path: Path, path: str, fault: Tree, changed: bool, done: int
) -> None:
    saved = startup(device)
    device.add_fault(**fault, method="PUT", path=path)
    result = run(device, tmp_path, rollback=False)
    assert result["failed"] is True
    assert (result["rollback"], result["changed"]) == ({"state": "off", "remaining": []}, changed)
    assert result["saved"] is False
    assert [o["state"] for o in result["operations"]].count("succeeded") == done
    assert f"{done} operations are active" in result["msg"]
    stratum = running(device)["ntp"]["local-clock"]["stratum"]
    assert (stratum == 7) is (done > 0)
    assert startup(device) == saved
    assert [file.suffix for file in tmp_path.iterdir()] == [".lock"], "nothing is left to recover"
    device.clear_faults()
    again = run(device, tmp_path)
    assert (code_of(again), "recovery" in again) == (None, False)


def test_a_deleted_item_is_restored_without_its_secret(device: t.Any, tmp_path: Path) -> None:
    receiver = {"address": "192.0.2.9", "community": f"{CANARY}-trap"}
    device.change("notification/snmp/trap-receivers/1", receiver)
    device._fleet.call(device._device.config.save)
    former = running(device)["notification"]["snmp"]["trap-receivers"]["1"]
    deleted = {"notification": {"snmp": {"trap-receivers": {"1": {}}}}}
    device.add_fault("error-after-effect", status=400, method="DELETE", path="/api/config/notification")
    result = run(device, tmp_path, deleted, state="deleted")
    assert (code_of(result), result["changed"]) == ("rollback_failed", True), result
    (again,) = [e for e in device.ledger if e["method"] == "PUT" and "/trap-receivers" in e["path"]]
    body = json.dumps(again["body"])
    assert "192.0.2.9" in body
    assert "community" not in body
    assert "***" not in body
    restored = running(device)["notification"]["snmp"]["trap-receivers"]["1"]
    assert {**restored, "community": ""} == {**former, "community": ""}
    assert restored["community"] == ""
    assert [(d["path"], d["shown"]) for d in result["rollback"]["remaining"]] == [
        ("notification/snmp/trap-receivers/1/community", "unknown")
    ]
    assert CANARY not in json.dumps(result)


# -- secrets


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("fault", [None, "refused", "reflected"])
def test_a_value_of_secrets_is_in_no_output(device: t.Any, tmp_path: Path, fault: str | None, is_named: bool) -> None:
    """A setting without the name of a secret; without the option it is shown, so the test can fail."""
    tree = {"snmp": {"contact": f"{CANARY}-contact"}, "network": {"nameserver2": "192.0.2.54"}}
    options: Tree = {"secrets": ["snmp/contact"] if is_named else []}
    assert run_killed(device, tree, Kill("after", 5), journal=tmp_path, **OPTIONS, **options)
    (journal,) = tmp_path.glob("*.json")
    assert (CANARY in journal.read_text("utf-8")) is not is_named
    if fault == "refused":
        device.add_fault("status", status=400, method="PUT", path=LAST)
    elif fault == "reflected":
        device.add_fault("reflect", what="body", method="PUT", path="/api/config/snmp")
    results = [run(device, tmp_path, tree, check=check, **options) for check in (True, False)]
    results.append(run(device, tmp_path, tree, on_interrupted="revert", **options))
    device.change("snmp/contact", "other")
    results.append(run(device, tmp_path, tree, update_secrets="always", **options))
    shown = [result for result in results if CANARY in json.dumps(result)]
    assert (shown == []) is is_named
    assert all("diff" in result or "error" in result for result in results)
    if is_named:
        assert_no_secret(tmp_path)


def test_a_secret_of_the_option_is_masked_in_every_member(device: t.Any, tmp_path: Path) -> None:
    result = run(device, tmp_path, secrets=["snmp/contact"])
    (operation,) = [o for o in result["operations"] if o["path"].startswith("snmp")]
    assert operation["after"] == {"contact": "********"}
    assert operation["before"]["contact"] in ("", "********")
    assert "contact: ********" in result["diff"]["after"]
    assert running(device)["snmp"]["contact"] == "noc"


# -- missing: create, lists


def test_a_name_that_the_device_does_not_show_is_created(device: t.Any, tmp_path: Path) -> None:
    """The device shows the name once it has a value."""
    hidden = {"method": "GET", "path": "/api/config/snmp", "name": "contact"}
    device.add_fault("missing-member", **hidden)
    refused = run(device, tmp_path)
    assert (code_of(refused), device.ledger.writes) == ("unknown_name", 0)
    device.clear_faults()
    device.add_fault("missing-member", **hidden, times=2)
    result = run(device, tmp_path, missing="create")
    assert (code_of(result), result["changed"], result["saved"]) == (None, True, True), result
    assert running(device)["snmp"]["contact"] == startup(device)["snmp"]["contact"] == "noc"
    assert run(device, tmp_path, missing="create")["changed"] is False


def test_a_new_name_that_another_client_created_meanwhile_is_a_conflict(device: t.Any, tmp_path: Path) -> None:
    device.add_fault("missing-member", method="GET", path="/api/config/snmp", name="contact", times=1)
    device.change("snmp/contact", "somebody")
    result = run(device, tmp_path, missing="create")
    assert (code_of(result), result["changed"]) == ("conflict", False)
    assert "snmp/contact" in result["msg"]
    assert device.ledger.writes == 0
