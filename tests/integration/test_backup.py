# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_backup, and the backup that lantime_config takes: the content of the file, and restoring it."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_backup, lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import backup as backups
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.tests.devices import JobOutcome, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import ENTRY_POINTS, Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

NAME = "meinberg.lantime.lantime_backup"
EVERYWHERE = ["ts706", "ts708", "ts710", "ims"]
SERVERS = "ntp/external-servers"
# What a device has set by itself in an item that is added again (read-only in the simulator).
READ_ONLY = ["network/interfaces/*/mac-address", "network/interfaces/*/ip*/*"]


def job(device: t.Any, module: t.Any = lantime_backup, **options: t.Any) -> JobOutcome:
    return run_in_process(device, module, **options)


@pytest.fixture
def restored(tmp_path: Path) -> t.Callable[..., JobOutcome]:
    def run(device: t.Any, path: Path, **options: t.Any) -> JobOutcome:
        journals = str(tmp_path / "journals")
        return job(device, state="restored", path=str(path), journal_path=journals, **options)

    return run


def tree(device: t.Any) -> t.Any:
    """The running configuration without the order of items in tables."""
    return canonical(device.running()).value


def saved(device: t.Any, path: Path) -> Path:
    done = job(device, path=str(path))
    assert done.code is None, done.result
    device.ledger.clear()
    return path


def furnish(device: t.Any) -> None:
    """An item that disturb() can remove."""
    device.change(f"{SERVERS}/8", {"address": "192.0.2.8", "minpoll": 5})


def disturb(device: t.Any) -> None:
    """Other values, an item more and an item less, unsaved."""
    device.change(f"{SERVERS}/9", {"address": "192.0.2.99"})
    device.change(f"{SERVERS}/8", None)
    device.change("snmp/contact", "another client")
    device.change("ntp/local-clock/stratum", 3)
    device.change("network/nameserver1", "192.0.2.77")


def test_saved_check_run_rerun_and_the_other_entry_point(controller: Controller, fleet: Fleet, tmp_path: Path) -> None:
    place = {"dir_path": str(tmp_path / "kept"), "filename": "{{ inventory_hostname }}.json"}
    task = {NAME: place}

    def ledgers() -> None:
        for name in EVERYWHERE:
            ledger = fleet[name].ledger
            assert (ledger.gets, ledger.writes, ledger.handshakes) == (1, 0, 1)
            ledger.clear()

    predicted = controller.play(task, check=True)
    assert predicted.code == 0, predicted.output
    assert not (tmp_path / "kept").exists()
    ledgers()
    done = controller.play(task)
    assert done.code == 0, done.output
    ledgers()
    texts = {}
    for name in EVERYWHERE:
        device = fleet[name]
        path = tmp_path / "kept" / f"{name}.json"
        (expected,), (real,) = predicted.of(name), done.of(name)
        assert {**expected, "created": "", "invocation": ""} == {
            **real,
            "created": "",
            "invocation": "",
        }
        assert real["changed"] is True
        assert real["path"] == str(path)
        assert path.stat().st_mode & 0o777 == 0o600
        content = backups.load_backup(path)
        assert content["sha256"] == real["sha256"]
        assert content["not_contained"] == real["not_contained"]
        assert content["device"] == real["device"]
        assert real["device"]["serial_number"] == device.serial
        assert real["device"]["model"] == device.model
        assert set(content["config"]) == set(device.running())
        texts[name] = path.read_text("utf-8")
    for entry_point in ENTRY_POINTS:
        again = controller.play(task, entry_point=entry_point)
        assert again.code == 0, again.output
        ledgers()
        for name in EVERYWHERE:
            (result,) = again.of(name)
            assert result["changed"] is False
            assert result["sha256"] == done.of(name)[0]["sha256"]
            assert result["created"] == json.loads(texts[name])["created"]
            assert (tmp_path / "kept" / f"{name}.json").read_text("utf-8") == texts[name]
    fleet["ts710"].change("snmp/contact", "another client")
    other = controller.play(task, "ts710:ts706", entry_point="target")
    assert [r["changed"] for r in (*other.of("ts710"), *other.of("ts706"))] == [True, False]
    content = backups.load_backup(tmp_path / "kept" / "ts710.json")
    assert content["config"]["snmp"]["contact"] == "another client"


@pytest.mark.thorough
def test_round_trip_on_every_generation_through_both_entry_points(
    controller: Controller, fleet: Fleet, tmp_path: Path
) -> None:
    file = str(tmp_path / "{{ inventory_hostname }}.json")
    for name in EVERYWHERE:
        furnish(fleet[name])
    assert controller.play({NAME: {"path": file}}).code == 0
    task = {NAME: {"state": "restored", "path": file}}
    before = {name: tree(fleet[name]) for name in EVERYWHERE}
    runs = []
    for entry_point in ENTRY_POINTS:
        for name in EVERYWHERE:
            disturb(fleet[name])
            assert tree(fleet[name]) != before[name]
            fleet[name].ledger.clear()
        predicted = controller.play(task, check=True, diff=True, entry_point=entry_point)
        assert predicted.code == 0, predicted.output
        assert [fleet[name].ledger.writes for name in EVERYWHERE] == [0] * 4
        done = controller.play(task, diff=True, entry_point=entry_point)
        assert done.code == 0, done.output
        for name in EVERYWHERE:
            device = fleet[name]
            (expected,), (real,) = predicted.of(name), done.of(name)
            assert expected["changed"] is real["changed"] is True
            assert expected["diff"] == real["diff"]
            assert real["diff"]["before"] != real["diff"]["after"]
            strip = [{**o, "state": ""} for o in expected["operations"]]
            assert [{**o, "state": ""} for o in real["operations"]] == strip
            assert {o["state"] for o in real["operations"]} == {"succeeded"}
            assert {o["action"] for o in real["operations"]} == {"create", "set", "delete"}
            assert real["saved"] is True
            assert device.running() == device.startup()
            assert tree(device) == before[name]
            written = [e for e in device.ledger if e["write"]]
            assert len(written) == len(real["operations"]) + len(real["saved_packages"])
            assert "****" not in json.dumps([e["body"] for e in written])
            device.ledger.clear()
        again = controller.play(task, diff=True, entry_point=entry_point)
        assert again.code == 0, again.output
        for name in EVERYWHERE:
            (result,) = again.of(name)
            assert (result["changed"], result["operations"]) == (False, [])
            assert result["diff"]["before"] == result["diff"]["after"] == ""
            assert (result["secrets_missing"], result["ignored"]) == ([], [])
            ledger = fleet[name].ledger
            assert (ledger.writes, ledger.gets, ledger.handshakes) == (0, 1, 1)
        runs.append([[r.of(name)[0]["operations"] for name in EVERYWHERE] for r in (done, again)])
    assert runs[0] == runs[1]


def test_merged_keeps_what_was_added_and_brings_back_what_was_removed(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    furnish(device)
    path = saved(device, tmp_path / "a.json")
    before = tree(device)
    disturb(device)
    done = restored(device, path, restore_state="merged")
    assert done.code is None, done.result
    assert {o["action"] for o in done.result["operations"]} == {"set", "create"}
    after = tree(device)
    assert after["ntp"]["external-servers"].pop("9")["address"] == "192.0.2.99"
    assert after == before
    assert restored(device, path, restore_state="merged").result["changed"] is False


def test_secrets_stay_and_those_that_are_lost_are_reported(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    trap = "notification/snmp/trap-receivers/0"
    device.change(trap, {"address": "192.0.2.1", "community": "canary-trap"})
    device.change("snmp/read-community", "canary-read")
    path = saved(device, tmp_path / "a.json")
    assert "canary" not in path.read_text("utf-8")
    device.change(trap, None)
    device.change("snmp/read-community", "changed-since")
    device.ledger.clear()
    for check in (True, False):
        refused = restored(device, path, check=check)
        assert refused.code == "secret_needed"
        assert f"{trap}/community" in refused.result["msg"]
        assert [p["path"] for p in refused.result["problems"]] == [f"{trap}/community"]
        skipped = restored(device, path, check=True, skip_items_with_secrets=True)
        assert skipped.code is None, skipped.result
        assert (skipped.result["skipped_items"], skipped.result["operations"]) == ([trap], [])
        for value in ("", None):
            assert restored(device, path, check=check, secrets={f"{trap}/community": value}).code == "secret_needed"
        assert restored(device, path, check=check, secrets={f"{trap}/community": "****"}).code == "option"
    assert device.ledger.writes == 0
    secrets = {f"/{trap}/community": "canary-given", "snmp/read-community": "canary-kept"}
    done = restored(device, path, diff=True, secrets=secrets)
    assert done.code is None, done.result
    assert "canary" not in str(done.result)
    assert (done.result["secrets_missing"], done.result["skipped_items"]) == ([], [])
    assert "snmp/read-community" in done.result["secrets_kept"]
    now = tree(device)
    assert now["notification"]["snmp"]["trap-receivers"]["0"]["address"] == "192.0.2.1"
    assert now["notification"]["snmp"]["trap-receivers"]["0"]["community"] == "canary-given"
    assert now["snmp"]["read-community"] == "changed-since"


@each_entry_point
def test_no_user_is_restored_to_a_replacement_without_a_password(
    controller: Controller, fleet: Fleet, tmp_path: Path, entry_point: str
) -> None:
    device = fleet["ts710"]
    bob = "security/users/bob"
    device.change(bob, {"level": "info", "password": "canary-bob"})
    path = saved(device, tmp_path / "a.json")
    assert "canary" not in path.read_text("utf-8")
    device.change(bob, None)
    device.ledger.clear()
    vault = {f"{bob}/password": "canary-new"}
    restore = {"state": "restored", "path": str(path), "force": True, "ignore_paths": READ_ONLY}
    refused = controller.play({NAME: restore}, "ts710", entry_point=entry_point)
    assert refused.only["error"]["code"] == "secret_needed"
    assert f"{bob}/password" in refused.only["msg"]
    skipped = controller.play({NAME: {**restore, "skip_items_with_secrets": True}}, "ts710", entry_point=entry_point)
    assert skipped.only["skipped_items"] == [bob]
    predicted = controller.play(
        {NAME: {**restore, "secrets": vault}}, "ts710", entry_point=entry_point, check=True, diff=True
    )
    assert [o["path"] for o in predicted.only["operations"]] == [bob]
    assert "canary" not in predicted.output
    assert device.ledger.writes == 0


def test_no_user_is_created_with_a_mask_as_its_password(fleet: Fleet, tmp_path: Path) -> None:
    device = fleet["ts710"]
    config = {"security": {"users": {"bob": {"level": "info", "password": "********"}}}}
    journal = str(tmp_path / "journals")
    for options in ({"missing": "create"}, {"state": "overridden", "config": None}):
        desired = (
            config if "config" not in options else {"ntp": {"external-servers": {"7": {"psk": "***", "minpoll": 4}}}}
        )
        for check in (True, False):
            given = {**options, "config": desired, "journal_path": journal}
            refused = job(device, lantime_config, user="root", check=check, **given)
            assert refused.code == "secret_needed", refused.result
            assert refused.result["changed"] is False
            assert [o["action"] for o in refused.result["predicted"]["operations"]] == ["create"]
    assert device.ledger.writes == 0
    assert not Path(journal).exists() or not list(Path(journal).glob("*.json"))


@pytest.mark.parametrize("form", ["clear", "hash", "absent", "empty"])
def test_secrets_in_every_form_of_a_get_stay_out_of_the_file(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome], form: str
) -> None:
    device = fleet["ts710"]
    device.set_dialect(secret_get=form)
    trap = "notification/snmp/trap-receivers/0"
    device.change(trap, {"address": "192.0.2.1", "community": "canary-trap"})
    device.change("snmp/read-community", "canary-read")
    device.change("snmp/contact", "canary-contact")
    path = tmp_path / "a.json"
    shown = str(job(device, path=str(path), secrets=["snmp/contact"]).result)
    for text in (path.read_text("utf-8"), shown):
        assert "canary" not in text
    shown_now = json.dumps(device.running())
    assert shown_now.count("canary") == 3
    device.ledger.clear()
    assert restored(device, path).result["changed"] is False
    assert device.ledger.writes == 0
    device.change("ntp/local-clock/stratum", 3)
    assert restored(device, path).result["changed"] is True
    assert json.dumps(device.running()) == shown_now


def test_an_item_with_read_only_members_comes_back_without_them(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    device.change("network/interfaces/vif7", {"label": "second"})
    path = saved(device, tmp_path / "a.json")
    device.change("network/interfaces/vif7", None)
    before = tree(device)
    refused = restored(device, path)
    assert refused.code == "rejected"
    assert refused.result["rollback"]["state"] in ("rolled_back", "not_needed")
    assert tree(device) == before
    done = restored(device, path, ignore_paths=READ_ONLY)
    assert done.code is None, done.result
    assert tree(device)["network"]["interfaces"]["vif7"]["label"] == "second"


def test_another_device_and_another_firmware(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    path = saved(fleet["ts708"], tmp_path / "a.json")
    refused = restored(device, path)
    assert refused.code == "backup"
    assert fleet["ts708"].serial in refused.result["msg"]
    assert device.serial in refused.result["msg"]
    assert device.ledger.writes == 0
    # The network of the other device would cut off the task, and hardware addresses cannot be written.
    forced = restored(device, path, force=True, check=True, missing="ignore", ignore_paths=["network", "security"])
    assert forced.code is None, forced.result
    assert forced.result["changed"] is True
    assert any("7.08" in w and "7.10" in w for w in forced.warnings)

    same = backups.load_backup(saved(device, tmp_path / "b.json"))
    who = {**same["device"], "model": "M900"}
    for changed, code, warned in (
        (who, "backup", False),
        ({**same["device"], "firmware": "7.10.999"}, None, False),
        ({**same["device"], "firmware": "7.06.001"}, None, True),
        ({**same["device"], "serial_number": None}, "backup", False),
    ):
        backups.write_backup(tmp_path / "c.json", backups.make_document(changed, same["config"]))
        outcome = restored(device, tmp_path / "c.json")
        assert outcome.code == code, outcome.result
        assert bool(outcome.warnings) is warned
    assert device.ledger.writes == 0


def test_names_that_the_device_does_not_have(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    content = backups.load_backup(saved(device, tmp_path / "a.json"))
    content["config"]["ntp"]["of-another-firmware"] = {"enabled": True}
    content["config"]["former-area"] = {"a": 1}
    content["config"]["snmp"]["contact"] = "from the file"
    path = tmp_path / "b.json"
    backups.write_backup(path, backups.make_document(content["device"], content["config"]))
    names = {"ntp/of-another-firmware", "former-area"}
    refused = restored(device, path)
    assert refused.code == "unknown_name"
    assert {p["path"] for p in refused.result["problems"]} == names
    assert all(name in refused.result["msg"] for name in names)
    assert device.ledger.writes == 0
    done = restored(device, path, missing="ignore")
    assert done.code is None, done.result
    assert set(done.result["ignored"]) == names
    assert [o["path"] for o in done.result["operations"]] == ["snmp"]
    assert device.running()["snmp"]["contact"] == "from the file"
    nothing = restored(device, path, ignore_paths=["*"])
    assert nothing.code == "backup"


def test_files_that_are_not_whole_are_not_restored(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    text = saved(device, tmp_path / "a.json").read_text("utf-8")
    path = tmp_path / "b.json"
    tampered = json.loads(text)
    tampered["config"]["snmp"]["contact"] = "evil"
    other = {**json.loads(text), "version": 9}
    whose = json.loads(text)
    whose["device"]["serial_number"] = "1"
    for bad, reason in (
        (json.dumps(tampered), "checksum"),
        (json.dumps(whose), "checksum"),
        (json.dumps(other), "version is 9"),
        (text[: len(text) // 2], "not JSON"),
        ("", "not JSON"),
    ):
        path.write_text(bad, "utf-8")
        for force in (False, True):
            refused = restored(device, path, force=force)
            assert refused.code == "backup"
            assert reason in refused.result["msg"]
    assert restored(device, tmp_path / "none.json").code == "backup"
    assert len(device.ledger) == 0


def test_files_that_are_not_the_backup_of_the_device_are_not_replaced(fleet: Fleet, tmp_path: Path) -> None:
    path = saved(fleet["ts708"], tmp_path / "a.json")
    theirs = path.read_text("utf-8")
    for content in (theirs, theirs[:-100], "all:\n  hosts: {}\n"):
        path.write_text(content, "utf-8")
        for check in (True, False):
            refused = job(fleet["ts710"], path=str(path), check=check)
            assert refused.code == "backup"
            assert path.read_text("utf-8") == content
        assert job(fleet["ts710"], path=str(path), force=True).result["changed"] is True
        assert backups.load_backup(path)["device"]["serial_number"] == fleet["ts710"].serial


def test_a_place_that_cannot_be_written(fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    refused = job(fleet["ts710"], dir_path=str(tmp_path / "file"), filename="a.json")
    assert (refused.code, refused.result["changed"]) == ("backup", False)
    assert "cannot be written" in refused.result["msg"]
    outside = job(fleet["ts710"], dir_path=str(tmp_path), filename="../a.json")
    assert outside.code == "option"


@pytest.mark.thorough
def test_wrong_options_are_reported_the_same_through_both_entry_points(
    controller: Controller, fleet: Fleet, tmp_path: Path
) -> None:
    wrong = [
        {"state": "restored"},
        {"path": "a.json", "filename": "b.json"},
        {"path": "a.json", "dir_path": "b"},
        {"missing": "create"},
        {"state": "restored", "path": str(tmp_path / "none.json")},
    ]
    tasks = [{NAME: options, "ignore_errors": True} for options in wrong]
    errors = [
        [(r["msg"], r["error"]) for r in controller.play(tasks, "ts710", entry_point=entry_point).of("ts710")]
        for entry_point in ENTRY_POINTS
    ]
    assert errors[0] == errors[1]
    codes = [error["code"] for dummy, error in errors[0]]
    assert codes == ["option"] * 4 + ["backup"]
    assert len(fleet["ts710"].ledger) == 0


def test_the_file_that_is_restored_is_not_overwritten_by_the_backup_before(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    path = saved(device, tmp_path / "a.json")
    text = path.read_text("utf-8")
    device.change("snmp/contact", "another client")
    own = {"dir_path": f"{tmp_path}/x/..", "filename": "a.json"}
    (tmp_path / "x").mkdir()
    assert restored(device, path, backup=True, backup_options=own).code == "option"
    assert path.read_text("utf-8") == text
    other = {"dir_path": str(tmp_path), "filename": "b.json"}
    done = restored(device, path, backup=True, backup_options=other)
    assert done.result["backup_path"] == str(tmp_path / "b.json")
    before = backups.load_backup(tmp_path / "b.json")
    assert before["config"]["snmp"]["contact"] == "another client"
    assert restored(device, tmp_path / "b.json").result["changed"] is True
    assert device.running()["snmp"]["contact"] == "another client"


def test_a_refused_restore_is_rolled_back(fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]) -> None:
    device = fleet["ts710"]
    furnish(device)
    path = saved(device, tmp_path / "a.json")
    disturb(device)
    before, startup = tree(device), device.startup()
    device.add_fault("status", status=500, path="/api/config/snmp", method="PUT")
    failed = restored(device, path)
    assert failed.result["failed"] is True
    assert failed.result["changed"] is False
    assert failed.result["rollback"]["state"] == "rolled_back"
    assert tree(device) == before
    assert device.startup() == startup


def test_the_root_of_the_api_as_root_of_the_configuration(
    fleet: Fleet, tmp_path: Path, restored: t.Callable[..., JobOutcome]
) -> None:
    device = fleet["ts710"]
    device.set_dialect(config_root="none")
    path = tmp_path / "a.json"
    form: dict[str, t.Any] = {"dialect": {"config_root": "none"}}
    assert job(device, path=str(path), **form).code is None
    assert set(backups.load_backup(path)["config"]) == set(device.running())
    device.change("snmp/contact", "another client")
    assert restored(device, path, **form).result["changed"] is True
    assert restored(device, path, **form).result["changed"] is False


# -- the backup that lantime_config takes


@pytest.mark.parametrize("form", ["masked", "clear"])
@pytest.mark.parametrize("hostname", ["../../../etc/cron.d/x", ".hidden", "a b;$(id)", "ü" * 300])
def test_lantime_config_takes_a_backup_before_the_first_write(
    fleet: Fleet, tmp_path: Path, form: str, hostname: str
) -> None:
    device = fleet["ts710"]
    device.set_dialect(secret_get=form)
    device.change("snmp/read-community", "canary-read")
    device.change("network/hostname", hostname)
    place = tmp_path / "kept"
    options: dict[str, t.Any] = {
        "config": {"ntp": {"local-clock": {"stratum": 7}}},
        "backup": True,
        "backup_options": {"dir_path": str(place)},
        "journal_path": str(tmp_path / "journals"),
    }
    former = device.running()["ntp"]["local-clock"]["stratum"]
    assert job(device, lantime_config, check=True, **options).result["changed"] is True
    assert not place.exists()
    done = job(device, lantime_config, **options)
    assert done.code is None, done.result
    (path,) = place.iterdir()
    assert done.result["backup_path"] == str(path)
    assert path.parent == place
    assert path.name.isascii()
    assert not set(path.name) & set("/\\ ;$()")
    assert not path.name.startswith((".", "-"))
    assert path.stat().st_mode & 0o777 == 0o600
    content = backups.load_backup(path)
    assert content["config"]["ntp"]["local-clock"]["stratum"] == former
    assert content["device"]["serial_number"] == device.serial
    assert "canary" not in path.read_text("utf-8")
    again = job(device, lantime_config, **options)
    assert (again.result["changed"], len(list(place.iterdir()))) == (False, 1)
    assert "backup_path" not in again.result


def test_a_backup_that_cannot_be_written_keeps_lantime_config_from_writing(fleet: Fleet, tmp_path: Path) -> None:
    device = fleet["ts710"]
    (tmp_path / "file").write_text("", "utf-8")
    for options, code in (
        ({"dir_path": str(tmp_path / "file")}, "backup"),
        ({"dir_path": str(tmp_path), "filename": "../x"}, "option"),
    ):
        refused = job(
            device,
            lantime_config,
            config={"ntp": {"local-clock": {"stratum": 7}}},
            backup=True,
            backup_options=options,
            journal_path=str(tmp_path / "journals"),
        )
        assert (refused.code, refused.result["changed"]) == (code, False)
    assert device.ledger.writes == 0
