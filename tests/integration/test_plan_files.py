# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan files: what is reviewed is what is written to the device, or nothing is."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import typing as t
from pathlib import Path

import jsonschema
import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.plugins.module_utils._base import files
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.tests.devices import (
    JobOutcome,
    SharedFleet,
    connection_options,
    run_in_process,
)
from ansible_collections.meinberg.lantime.tests.integration.canaries import find_canaries
from ansible_collections.meinberg.lantime.tests.integration.controller import ENTRY_POINTS, Controller
from ansible_collections.meinberg.lantime.tests.paths import PLAN_SCHEMA, read_json

Tree = dict[str, t.Any]

SCHEMA = jsonschema.Draft202012Validator(read_json(PLAN_SCHEMA))
CONFIG: Tree = {
    "snmp": {"contact": "noc", "location": "hall 7"},
    "ntp": {"local-clock": {"stratum": 7}, "external-servers": {"9": {"address": "192.0.2.9"}}},
}
OPTIONS: Tree = {"verify_grace": 0.1, "retries": 0}
PATHS = ["ntp/external-servers/9", "snmp", "ntp/local-clock"]


class Desk:
    """A device and a directory with its plans."""

    def __init__(self, fleet: SharedFleet, place: Path) -> None:
        self.fleet, self.place = fleet, place
        self.device = fleet["ts710"]
        self.plan = place / "plans" / "ts710.plan.json"

    def run(
        self, config: Tree | None = None, *, check: bool = False, device: t.Any = None, **options: t.Any
    ) -> JobOutcome:
        self.fleet["ts710"].clear_ledger()
        paths = {name: str(value) if isinstance(value, Path) else value for name, value in options.items()}
        desired = CONFIG if config is None else config
        return run_in_process(
            device or self.device, lantime_config, check=check, **{**OPTIONS, "config": desired, **paths}
        )

    def make(self, config: Tree | None = None, **options: t.Any) -> Tree:
        """Write a plan in check mode, and return the content of the file."""
        outcome = self.run(config, check=True, plan_dest=self.plan, **options)
        assert outcome.code is None, outcome.result["msg"]
        assert outcome.result["plan_path"] == str(self.plan)
        assert self.device.ledger.writes == 0
        content: Tree = read_json(self.plan)
        assert [error.message for error in SCHEMA.iter_errors(content)] == []
        return content

    def interrupt(self, config: Tree, after: int = 1, **options: t.Any) -> None:
        """Run a task that is killed after its nth change was sent."""
        send, sent = Device.apply, []

        def apply(api: Device, change: t.Any, menu: Tree) -> None:
            send(api, change, menu)
            sent.append(change)
            if len(sent) == after:
                raise KilledError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Device, "apply", apply)
            with pytest.raises(KilledError):
                self.run(config, **options)


class KilledError(BaseException):
    """The process of a task ends here."""


@pytest.fixture
def desk(fleet: SharedFleet, tmp_path: Path) -> Desk:
    return Desk(fleet, tmp_path)


def without_state(operations: list[Tree]) -> list[Tree]:
    return [{name: value for name, value in each.items() if name != "state"} for each in operations]


def assert_refused(desk: Desk, outcome: JobOutcome, code: str = "plan_changed") -> None:
    """Assert that a task failed before anything was written."""
    assert outcome.code == code, outcome.result
    assert outcome.result["changed"] is False
    assert desk.device.ledger.writes == 0
    assert "nothing was written" in outcome.result["msg"]


# -- plan, review, apply


def test_plan_apply_and_plan_again(desk: Desk) -> None:
    content = desk.make(plan_golden_files=["base.yml", "m600.yml"])
    assert [operation["path"] for operation in content["operations"]] == PATHS
    assert content["golden_files"] == ["base.yml", "m600.yml"]
    assert content["host"] == desk.device.host
    assert content["device"]["serial_number"] == desk.device.serial
    done = desk.run(plan_src=desk.plan)
    assert done.code is None, done.result["msg"]
    assert without_state(done.result["operations"]) == content["operations"]
    assert done.result["changed"] is True
    assert desk.device.running() == desk.device.startup()
    assert desk.make()["operations"] == []
    empty = desk.run(plan_src=desk.plan)
    assert (empty.code, empty.result["changed"], desk.device.ledger.writes) == (None, False, 0)


def test_check_mode_predicts_the_run(desk: Desk) -> None:
    desk.make()
    predicted = desk.run(check=True, plan_src=desk.plan)
    assert predicted.code is None
    assert desk.device.ledger.writes == 0
    assert without_state(predicted.result["operations"]) == read_json(desk.plan)["operations"]


def test_a_plan_that_was_applied_succeeds_again(desk: Desk) -> None:
    desk.make()
    assert desk.run(plan_src=desk.plan).code is None
    for check in (True, False):
        again = desk.run(plan_src=desk.plan, check=check)
        assert (again.code, again.result["changed"], again.result["operations"]) == (None, False, [])
        assert desk.device.ledger.writes == 0


def test_a_real_run_writes_its_plan(desk: Desk) -> None:
    done = desk.run(plan_dest=desk.plan)
    assert done.code is None
    content = read_json(desk.plan)
    assert without_state(done.result["operations"]) == content["operations"] != []
    again = desk.run(plan_dest=desk.plan)
    assert (again.result["changed"], read_json(desk.plan)["operations"]) == (False, [])


def test_the_plan_of_a_run_that_fails_stays(desk: Desk) -> None:
    desk.device.add_fault("status", status=400, method="PUT", path="/api/config/snmp")
    failed = desk.run(plan_dest=desk.plan)
    assert failed.code == "rejected"
    assert failed.result["plan_path"] == str(desk.plan)
    assert [operation["path"] for operation in read_json(desk.plan)["operations"]] == PATHS


def test_rules_for_modules_and_impacts_are_in_the_plan(desk: Desk) -> None:
    rules = [
        {"families": ["HPS"], "config": {"module": {"ptp": {"network": {"dscp": 9}}}}},
        {"families": ["GRC"], "config": {"module": {}}},
    ]
    desk.device = desk.fleet["ims"]
    content = desk.make(config={}, modules=rules)
    assert {operation["impact"] for operation in content["operations"]} == {"timing"}
    assert [rule["conditions"] for rule in content["modules_resolved"]] == ["families HPS"]
    assert content["not_applicable"][0]["reason"] == "the device has no such module"
    done = desk.run({}, modules=rules, plan_src=desk.plan)
    assert (done.code, done.result["changed"]) == (None, True)


def test_odd_values_survive_the_review(desk: Desk) -> None:
    odd = "\x1b]0;title\x07\u202e{{ 1 + 1 }} \\x1b \u00e9\u20ac"
    desk.device.change("snmp/location", odd)
    content = desk.make()
    assert content["operations"][1]["before"]["location"] == odd
    assert desk.run(plan_src=desk.plan, check=True).code is None
    desk.device.change("snmp/location", odd.replace("\x1b", "\\x1b"))
    assert_refused(desk, desk.run(plan_src=desk.plan))


# -- somebody changes the device


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("ntp/local-clock/stratum", 9, "ntp/local-clock/stratum was 12 and is 9 now"),
        ("ntp/local-clock/stratum", 7, "ntp/local-clock would no longer be changed"),
        ("ntp/external-servers/9", {"address": "192.0.2.9"}, "ntp/external-servers/9 would no longer be changed"),
        ("snmp/contact", "elsewhere", 'snmp/contact was "operations" and is "elsewhere" now'),
    ],
)
def test_a_change_in_between_is_refused_and_named(desk: Desk, path: str, value: t.Any, text: str) -> None:
    desk.make()
    desk.device.change(path, value)
    before = desk.device.running(), desk.device.startup()
    for check in (True, False):
        refused = desk.run(plan_src=desk.plan, check=check)
        assert_refused(desk, refused)
        assert text in refused.result["msg"]
        assert refused.result["plan_difference"][0]["kind"] == "operation"
    assert (desk.device.running(), desk.device.startup()) == before


def test_another_config_is_refused(desk: Desk) -> None:
    desk.make()
    more = {**CONFIG, "network": {"nameserver1": "192.0.2.53"}}
    refused = desk.run(more, plan_src=desk.plan)
    assert_refused(desk, refused)
    assert "network was not to be changed" in refused.result["msg"]
    assert_refused(desk, desk.run({"snmp": CONFIG["snmp"]}, plan_src=desk.plan))


def test_a_change_of_what_the_plan_leaves_alone_is_kept(desk: Desk) -> None:
    desk.make()
    desk.device.change("ntp/trust-time", 4711)
    assert desk.run({"ntp": {"trust-time": 4711}}, save="always").result["saved"] is True
    assert desk.run(plan_src=desk.plan).code is None
    assert desk.device.running()["ntp"]["trust-time"] == 4711


def test_the_plan_of_now_is_written_for_the_next_review(desk: Desk) -> None:
    desk.make()
    desk.device.change("ntp/local-clock/stratum", 9)
    following = desk.place / "next.json"
    refused = desk.run(plan_src=desk.plan, plan_dest=following)
    assert_refused(desk, refused)
    assert refused.result["plan_path"] == str(following)
    assert desk.run(plan_src=following).code is None


def test_an_applied_plan_that_was_changed_back_in_part_is_refused(desk: Desk) -> None:
    desk.make()
    assert desk.run(plan_src=desk.plan).code is None
    desk.device.change("ntp/local-clock/stratum", 12)
    assert_refused(desk, desk.run(plan_src=desk.plan))


def test_another_device_is_refused_by_name(desk: Desk) -> None:
    desk.make()
    other = desk.fleet["ts706"]
    for config in (CONFIG, {"nowhere": {"a": 1}}):
        refused = desk.run(config, device=other, plan_src=desk.plan)
        assert refused.code == "plan_changed"
        text = f"is of M600 {desk.device.serial} with firmware 7.10.012, and M300 {other.serial} with firmware"
        assert text in refused.result["msg"]
        listed = [difference["path"] for difference in refused.result["plan_difference"]]
        assert listed == ["serial_number", "model", "firmware"]
    assert other.ledger.writes == 0


def test_another_firmware_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.make()
    inner = desk.device._device
    monkeypatch.setattr(inner, "profile", dataclasses.replace(inner.profile, firmware="fw_7.12.001"))
    for check in (True, False):
        refused = desk.run(plan_src=desk.plan, check=check)
        assert_refused(desk, refused)
        assert "with firmware 7.10.012, and M600" in refused.result["msg"]
        assert refused.result["plan_difference"] == [
            {"kind": "device", "path": "firmware", "reviewed": "7.10.012", "current": "7.12.001"}
        ]


# -- what is saved


@pytest.mark.parametrize(
    ("options", "packages", "empty"),
    [
        ({}, ["ntp", "snmp"], []),
        ({"save": "always"}, ["ntp", "snmp"], ["all"]),
        ({"save": "always", "save_package": "all"}, ["all"], ["all"]),
        ({"save": "never"}, [], []),
    ],
)
def test_a_plan_says_what_is_saved(desk: Desk, options: Tree, packages: list[str], empty: list[str]) -> None:
    assert desk.make(**options)["save"] == {"packages": packages, "pending_changes": 0}
    desk.device.change("ntp/trust-time", 4711)
    content = desk.make(**options)
    assert content["save"] == {"packages": packages, "pending_changes": 1}
    done = desk.run(plan_src=desk.plan, **options)
    assert (done.code, done.result.get("saved_packages", [])) == (None, packages)
    desk.run(save="always")
    assert desk.make(**options)["save"] == {"packages": empty, "pending_changes": 0}


def test_a_number_of_unsaved_changes_that_the_device_does_not_report_is_unknown(desk: Desk) -> None:
    desk.device.set_dialect(changes_counted=False)
    assert desk.make()["save"] == {"packages": ["ntp", "snmp"], "pending_changes": None}
    assert desk.run(plan_src=desk.plan).code is None


@pytest.mark.parametrize("is_empty", [False, True])
def test_unsaved_changes_of_others_that_nobody_reviewed_are_not_saved(desk: Desk, is_empty: bool) -> None:
    """They are part of what the save writes, whether the plan has operations or not."""
    if is_empty:
        assert desk.run().code is None
    desk.make(save="always")
    former = desk.device.startup()
    desk.device.change("ntp/trust-time", 4711)
    for check in (True, False):
        refused = desk.run(plan_src=desk.plan, save="always", check=check)
        assert_refused(desk, refused)
        assert "would include the unsaved changes of the device, which were 0 and are 1 now" in refused.result["msg"]
        assert refused.result["error"]["hint"].startswith("list these changes with meinberg.lantime.lantime_changes")
        assert refused.result["plan_difference"] == [
            {"kind": "save", "path": "pending_changes", "reviewed": 0, "current": 1}
        ]
    assert desk.device.startup() == former
    desk.make(save="always")
    refused = desk.run(plan_src=desk.plan, save="always", pending="fail")
    assert (refused.code, refused.result["changed"]) == ("pending_changes", False)
    assert desk.run(plan_src=desk.plan, save="always").result["saved"] is True


def test_unsaved_changes_of_others_do_not_matter_if_they_are_ignored_or_nothing_is_saved(desk: Desk) -> None:
    cases: list[Tree] = [{"pending": "ignore"}, {"save": "never"}]
    for options in cases:
        desk.device.restore()
        desk.make(**options)
        desk.device.change("ntp/trust-time", 4711)
        assert desk.run(plan_src=desk.plan, **options).code is None
        assert desk.device.running()["ntp"]["trust-time"] == 4711


def test_fewer_unsaved_changes_than_reviewed_do_not_matter(desk: Desk) -> None:
    desk.device.change("ntp/trust-time", 4711)
    assert desk.make()["save"]["pending_changes"] == 1
    desk.run({"ntp": {"trust-time": 4711}}, save="always")
    assert desk.run(plan_src=desk.plan).code is None


def test_another_save_than_the_reviewed_one_is_refused(desk: Desk) -> None:
    desk.make()
    refused = desk.run(plan_src=desk.plan, save="never")
    assert_refused(desk, refused)
    assert "the packages to be saved were ntp, snmp and are none now" in refused.result["msg"]
    desk.make(save="never")
    refused = desk.run(plan_src=desk.plan)
    assert_refused(desk, refused)
    assert refused.result["plan_difference"] == [
        {"kind": "save", "path": "packages", "reviewed": [], "current": ["ntp", "snmp"]}
    ]


def test_a_plan_that_was_applied_and_not_saved_is_no_silent_success(desk: Desk) -> None:
    """As after a failed save whose journal is lost with the container of the job."""
    desk.make()
    assert desk.run(save="never").code is None
    for check in (True, False):
        again = desk.run(plan_src=desk.plan, check=check)
        assert (again.code, again.result["changed"]) == (None, False)
        (warning,) = [text for text in again.warnings if "unsaved" in text]
        assert "The plan was applied before, and the device counts" in warning
    desk.run(save="always", pending="ignore")
    assert [text for text in desk.run(plan_src=desk.plan).warnings if "unsaved" in text] == []


def test_a_plan_that_was_applied_before_saves_what_is_left(desk: Desk) -> None:
    desk.make(save="always")
    assert desk.run(plan_src=desk.plan, save="always").code is None
    again = desk.run(plan_src=desk.plan, save="always")
    assert (again.code, again.result["changed"]) == (None, False)
    desk.device.change("ntp/trust-time", 4711)
    assert_refused(desk, desk.run(plan_src=desk.plan, save="always"))


# -- files


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[]", b'{"kind": "meinberg.lantime plan", "format": 2}', b"[" * 5000, None]
)
@pytest.mark.parametrize("check", [True, False])
def test_a_broken_plan_ends_the_task_before_any_request(desk: Desk, content: bytes | None, check: bool) -> None:
    desk.plan.parent.mkdir()
    if content is not None:
        desk.plan.write_bytes(content)
    refused = desk.run(plan_src=desk.plan, check=check)
    assert_refused(desk, refused, "plan_invalid")
    assert (len(desk.device.ledger), desk.device.ledger.handshakes) == (0, 0)


def test_an_edited_plan_is_refused(desk: Desk) -> None:
    desk.make()
    desk.plan.write_text(desk.plan.read_text().replace('"stratum": 7', '"stratum": 8'))
    refused = desk.run({**CONFIG, "ntp": {"local-clock": {"stratum": 8}}}, plan_src=desk.plan)
    assert_refused(desk, refused, "plan_invalid")
    assert "its checksum does not match its content" in refused.result["msg"]
    assert len(desk.device.ledger) == 0


def test_a_destination_that_cannot_be_written_ends_the_task_before_any_request(desk: Desk) -> None:
    desk.plan.mkdir(parents=True)
    for check in (True, False):
        refused = desk.run(plan_dest=desk.plan, check=check)
        assert refused.code == "plan_invalid"
        assert len(desk.device.ledger) == 0


def test_a_full_disk_ends_the_task_before_the_first_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    create = files.FileWriter.create

    def limited(writer: files.FileWriter, path: Path, content: bytes) -> None:
        if writer.name == "plan":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        create(writer, path, content)

    monkeypatch.setattr(files.FileWriter, "create", limited)
    refused = desk.run(plan_dest=desk.plan)
    assert refused.code == "plan_invalid"
    assert desk.device.ledger.writes == 0


TRAP = {"trap-receivers": {"1": {"address": "192.0.2.1", "community": "********"}}}


@pytest.mark.parametrize(
    ("config", "options", "code"),
    [
        ({"notification": {"snmp": TRAP}}, {"missing": "create"}, "secret_needed"),
        ({"ntp": {"local-clok": {}}}, {}, "unknown_name"),
        ({}, {}, "option"),
        (CONFIG, {"restrict": ["snmp"]}, "restricted"),
        ({"network": {"interfaces": {"vif0": {"services": {"https": False}}}}}, {}, "protected"),
        (CONFIG, {"password": "wrong"}, "auth_failed"),
        (CONFIG, {"port": 1}, None),
    ],
)
def test_a_refused_task_leaves_no_plan_of_an_earlier_one(
    desk: Desk, config: Tree, options: Tree, code: str | None
) -> None:
    desk.make()
    refused = desk.run(config, plan_dest=desk.plan, check=True, **options)
    assert refused.code == code
    assert refused.result["error"]["code"] == (code or "refused")
    assert "plan_path" not in refused.result
    assert not desk.plan.exists()


# -- secrets


@pytest.mark.parametrize("form", ["masked", "absent", "empty", "hash", "clear"])
def test_a_plan_holds_the_paths_of_secrets_only(desk: Desk, form: str) -> None:
    secrets = ["Canary-read'1<&>", "Canary-auth-2", "Canary-trap-3", "Canary-former-4"]
    desk.device.set_dialect(secret_get=form)
    desk.device.change("snmp/write-community", secrets[3])
    trap = {"trap-receivers": {"1": {"address": "192.0.2.1", "community": secrets[2]}}}
    config = {
        "snmp": {"read-community": secrets[0], "contact": "noc", "v3": {"auth-passphrase": secrets[1]}},
        "notification": {"snmp": trap},
    }
    given: dict[str, t.Any] = {"missing": "create", "update_secrets": "always", "dialect": {"secret_get": form}}
    content = desk.make(config, **given)
    path = "notification/snmp/trap-receivers/1/community"
    assert {path, "snmp/read-community", "snmp/v3/auth-passphrase"} == set(content["secrets"])
    outcomes = [desk.run(config, plan_src=desk.plan, check=True, **given)]
    desk.device.change("snmp/contact", "elsewhere")
    outcomes.append(desk.run(config, plan_src=desk.plan, plan_dest=desk.place / "next.json", **given))
    assert [outcome.code for outcome in outcomes] == [None, "plan_changed"]
    texts = {str(file): file.read_text() for file in desk.place.rglob("*.json")}
    texts["results"] = json.dumps([outcome.result for outcome in outcomes])
    assert find_canaries([*secrets, connection_options(desk.device)["password"]], texts) == []


def test_a_secret_that_was_set_in_between_is_a_difference(desk: Desk) -> None:
    desk.device.change("snmp/read-community", "")
    config = {"snmp": {"read-community": "Canary", "contact": "noc"}}
    desk.make(config)
    desk.device.change("snmp/read-community", "Canary-of-another-client")
    refused = desk.run(config, plan_src=desk.plan)
    assert_refused(desk, refused)
    assert {"kind": "secret", "path": "snmp/read-community", "reviewed": "snmp/read-community", "current": None} in (
        refused.result["plan_difference"]
    )


# -- after an interruption


@pytest.mark.parametrize("after", [1, 2, 3])
def test_the_interrupted_application_of_the_plan_is_finished(desk: Desk, after: int) -> None:
    desk.make()
    desk.interrupt(CONFIG, after, plan_src=desk.plan)
    predicted = desk.run(plan_src=desk.plan, check=True)
    assert (predicted.code, predicted.result["changed"]) == (None, True)
    done = desk.run(plan_src=desk.plan)
    assert (done.code, done.result["recovery"]["action"]) == (None, "resumed"), done.result
    assert desk.device.running()["ntp"]["local-clock"]["stratum"] == 7
    assert desk.device.running() == desk.device.startup()
    assert desk.run(plan_src=desk.plan).result["changed"] is False


def test_the_interrupted_application_of_the_plan_is_reverted(desk: Desk) -> None:
    before = desk.device.running()
    desk.make()
    desk.interrupt(CONFIG, plan_src=desk.plan)
    options: dict[str, t.Any] = {"plan_src": desk.plan, "on_interrupted": "revert"}
    assert desk.run(check=True, **options).code is None
    done = desk.run(**options)
    assert (done.code, done.result["recovery"]["action"]) == (None, "reverted"), done.result
    assert desk.device.running() == before
    assert desk.run(plan_src=desk.plan).result["changed"] is True


def test_an_interrupted_plan_that_needs_a_secret_is_reverted_and_applied_anew(desk: Desk) -> None:
    """The journal holds no secrets, so the change cannot be resumed from it."""
    desk.device.change("snmp/read-community", "")
    config = {**CONFIG, "snmp": {"contact": "noc", "read-community": "canary"}}
    desk.make(config)
    desk.interrupt(config, plan_src=desk.plan)
    assert desk.run(config, plan_src=desk.plan, check=True).code is None
    done = desk.run(config, plan_src=desk.plan)
    assert (done.code, done.result["recovery"]["action"]) == (None, "reverted"), done.result
    assert without_state(done.result["operations"]) == read_json(desk.plan)["operations"]
    assert desk.device.running()["snmp"]["read-community"] == "canary"
    assert desk.device.running() == desk.device.startup()


def test_other_interrupted_changes_are_refused_before_anything_is_written(desk: Desk) -> None:
    desk.make()
    desk.interrupt({"snmp": {"contact": "half done"}, "ntp": {"trust-time": 4711}})
    for check in (True, False):
        refused = desk.run(plan_src=desk.plan, check=check)
        assert_refused(desk, refused)
        assert "an interrupted task left other changes on the device" in refused.result["msg"]
        assert "without plan_src" in refused.result["msg"]
        assert refused.result["recovery"]["action"] == "none"
    assert desk.run().code is None


def test_more_than_the_interrupted_plan_is_refused_after_it_was_finished(desk: Desk) -> None:
    desk.make()
    desk.interrupt(CONFIG, plan_src=desk.plan)
    more = {**CONFIG, "network": {"nameserver1": "192.0.2.53"}}
    predicted = desk.run(more, plan_src=desk.plan, check=True)
    assert_refused(desk, predicted)
    refused = desk.run(more, plan_src=desk.plan)
    assert (refused.code, refused.result["changed"]) == ("plan_changed", True)
    assert refused.result["recovery"]["action"] == "resumed"
    assert "nothing was written" not in refused.result["msg"]


def test_an_interrupted_task_that_wrote_nothing_does_not_matter(desk: Desk) -> None:
    desk.make()
    desk.interrupt({"snmp": {"contact": "half done"}})
    desk.device.change("snmp/contact", "operations")
    assert desk.run(plan_src=desk.plan).code is None


def test_a_plan_says_that_an_earlier_change_is_not_finished(desk: Desk) -> None:
    assert "unfinished" not in desk.make()
    window: dict[str, t.Any] = {"health_gate": "sync", "confirm_window": 0.1, "confirm_later": True}
    assert desk.run(**window).code is None
    content = desk.make()
    assert (content["operations"], content["unfinished"]) == ([], "applied_unsaved")
    assert desk.run(plan_dest=desk.plan).code is None
    assert "unfinished" not in read_json(desk.plan)


# -- entry points


def test_both_entry_points_write_and_apply_the_same_plan(controller: Controller, desk: Desk) -> None:
    kept: dict[str, list[t.Any]] = {}
    for entry_point in ENTRY_POINTS:
        desk.device.restore()
        path = desk.place / entry_point / "ts710.plan.json"
        dest = {"plan_dest": str(path), "plan_golden_files": ["base.yml"]}
        source = {"plan_src": str(path)}
        tasks: list[Tree] = [
            {"meinberg.lantime.lantime_config": {"config": CONFIG, **dest}, "check_mode": True},
            {"meinberg.lantime.lantime_config": {"config": CONFIG, **source}},
            {"meinberg.lantime.lantime_config": {"config": {"ntp": {"trust-time": 1}}, **source}},
        ]
        run = controller.play(tasks, "ts710", entry_point=entry_point)
        members = ("changed", "operations", "plan_path", "plan_difference", "error", "msg")
        results = [{name: result.get(name) for name in members} for result in run.of("ts710")]
        text = json.dumps(results).replace(str(path.parent), "plans")
        content = read_json(path)
        assert content.get("inventory_hostname") == (None if entry_point == "target" else "ts710")
        for name in ("inventory_hostname", "made_at", "checksum"):
            content.pop(name, None)
        kept[entry_point] = [json.loads(text), content]
    first, second = (kept[entry_point] for entry_point in ENTRY_POINTS)
    assert first == second
    assert [result["changed"] for result in first[0]] == [True, True, False]
    assert [(result["error"] or {}).get("code") for result in first[0]] == [None, None, "plan_changed"]


def test_hosts_that_share_a_path_by_mistake_are_refused(controller: Controller, desk: Desk) -> None:
    """Without the name of the host in the path, only one plan could be reviewed."""
    path = desk.place / "plan.json"
    task = {"meinberg.lantime.lantime_config": {"config": {"snmp": {"contact": "noc"}}, "plan_dest": str(path)}}
    for check in (True, False):
        path.unlink(missing_ok=True)
        run = controller.play({**task, "check_mode": check}, "ts706:ts710")
        results = {host: run.of(host)[0] for host in ("ts706", "ts710")}
        (owner,) = [host for host, result in results.items() if "error" not in result]
        (other,) = set(results) - {owner}
        assert read_json(path)["inventory_hostname"] == owner
        assert results[other]["error"]["code"] == "plan_invalid"
        assert f"is the plan of {owner}, so it is not replaced" in results[other]["msg"]
        assert "for each host" in results[other]["error"]["hint"]
        assert desk.fleet[other].ledger.writes == 0


def test_items_of_a_loop_that_share_a_path_by_mistake_are_refused(controller: Controller, desk: Desk) -> None:
    """Otherwise only the plan of the last item could be reviewed. A retry of an item writes its plan again."""
    path = desk.place / "{{ place }}plan.json"
    items = [{"snmp": {"contact": "noc"}}, {"ntp": {"trust-time": 4711}}]
    task = {
        "meinberg.lantime.lantime_config": {"config": "{{ part }}", "plan_dest": str(path)},
        "check_mode": True,
        "loop": items,
        "loop_control": {"loop_var": "part"},
        "vars": {"place": ""},
    }
    refused = controller.play(task, "ts710").only
    first, second = refused["results"]
    assert first["plan_path"] == str(desk.place / "plan.json")
    assert [each["path"] for each in read_json(desk.place / "plan.json")["operations"]] == ["snmp"]
    assert second["error"]["code"] == "plan_invalid"
    assert "is the plan of another item of the loop" in second["msg"]
    apart = {**task, "vars": {"place": "{{ part.keys() | first }}-"}, "register": "again"}
    done = controller.play({**apart, "until": "again.attempts == 2", "retries": 2, "delay": 0}, "ts710").only
    assert [(each["attempts"], each.get("error")) for each in done["results"]] == [(2, None), (2, None)]
    assert {file.name for file in desk.place.glob("*-plan.json")} == {"snmp-plan.json", "ntp-plan.json"}
