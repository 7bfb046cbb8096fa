# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_changes: unsaved changes shown, saved and rolled back, in every form that the device may have."""

from __future__ import annotations

import functools
import json
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api import commands
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_changes
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

NAME = "meinberg.lantime.lantime_changes"
CONTACT = "snmp/contact"


job = functools.partial(run_in_process, module=lantime_changes)


def sent(device: t.Any) -> list[tuple[str, str, t.Any]]:
    return [(e["method"], e["path"], e["body"]) for e in device.ledger if e["method"] != "GET"]


def everything(package: str = "all") -> dict[str, t.Any]:
    return {"parameters": {"package": package}}


@each_entry_point
def test_a_foreign_change_is_shown_committed_and_rolled_back(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    device = fleet["ts710"]
    saved = device.startup()["snmp"]["contact"]
    for state, name in (("committed", "write"), ("rolled_back", "read")):
        device.restore()
        device.change(CONTACT, "another client")
        device.ledger.clear()
        check = {"check_mode": True, "diff": True}
        tasks = [
            {NAME: {}},
            {NAME: {"state": state}, **check},
            {NAME: {"state": state}, "diff": True},
            {NAME: {"state": state}, **check},
            {NAME: {"state": state}, "diff": True},
        ]
        run = controller.play(tasks, "ts710", entry_point=entry_point)
        assert run.code == 0, run.output
        shown, predicted, done, again_predicted, again = run.of("ts710")
        assert (shown["changed"], shown["pending_changes"], shown["operations"]) == (False, 1, [])
        assert shown["diff"]["text"] == f"{CONTACT}: {saved} -> another client"
        assert shown["device"]["serial_number"] == device.serial

        assert predicted["changed"] is done["changed"] is True
        assert predicted["diff"] == {k: done["diff"][k] for k in predicted["diff"]}
        assert done["diff"]["before"] == "pending changes: 1\n"
        assert done["diff"]["after"] == "pending changes: 0\n"
        assert done["diff"]["text"] == shown["diff"]["text"]
        operation = {
            "id": 1,
            "handler": "all",
            "action": "command",
            "path": name,
            "before": {"pending_changes": 1},
            "after": {"pending_changes": 0},
        }
        assert predicted["operations"] == [{**operation, "state": "waiting"}]
        assert done["operations"] == [{**operation, "state": "succeeded"}]
        assert (done["pending_before"], done["pending_changes"], done["autosave"]) == (1, 0, "off")

        for result in (again_predicted, again):
            assert (result["changed"], result["operations"]) == (False, [])
            assert result["diff"]["before"] == result["diff"]["after"] == "pending changes: 0\n"
        assert sent(device) == [
            ("PUT", "/api/diff", everything()),
            ("PUT", "/api/diff", everything()),
            ("PUT", f"/api/{name}", everything()),
        ]
        assert device.ledger.writes == 1
        expected = "another client" if state == "committed" else saved
        assert device.running()["snmp"]["contact"] == expected
        assert device.startup()["snmp"]["contact"] == expected


def test_only_the_package_is_saved_or_rolled_back(fleet: Fleet) -> None:
    device = fleet["ts710"]
    saved = device.startup()
    device.change(CONTACT, "another client")
    device.change("ntp/local-clock/stratum", 7)
    predicted = job(device, state="committed", package="ntp", check=True)
    done = job(device, state="committed", package="ntp")
    assert predicted.result["changed"] is done.result["changed"] is True
    assert predicted.result["pending_changes"] is None
    assert (done.result["pending_changes"], done.warnings) == (1, [])
    assert device.startup()["ntp"]["local-clock"]["stratum"] == 7
    assert device.startup()["snmp"] == saved["snmp"]
    device.change("ntp/local-clock/stratum", 8)
    back = job(device, state="rolled_back", package="snmp")
    assert (back.result["pending_changes"], back.result["operations"][0]["handler"]) == (1, "snmp")
    assert device.running()["snmp"] == saved["snmp"]
    assert device.running()["ntp"]["local-clock"]["stratum"] == 8


def test_a_package_without_changes_is_a_warning(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    done = job(device, state="committed", package="ntp", command_timeout=1)
    assert done.code is None
    assert done.result["operations"][0]["state"] == "succeeded"
    assert "as many as before" in done.warnings[0]


def test_force_saves_although_nothing_is_pending(fleet: Fleet) -> None:
    device = fleet["ts710"]
    assert job(device, state="committed").result["changed"] is False
    assert job(device, state="rolled_back", force=True).result["changed"] is False
    assert sent(device) == []
    assert job(device, state="committed", force=True, check=True).result["changed"] is True
    assert sent(device) == []
    assert job(device, state="committed", force=True).result["changed"] is True
    assert device.ledger.writes == 1


def test_autosave_is_reported_and_warned_of(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(autosave_delay=3600)
    device.change("system/activate-changes-as-startup", True)
    shown = job(device)
    assert (shown.result["autosave"], shown.result["pending_changes"]) == ("on", 1)
    back = job(device, state="rolled_back")
    assert back.result["pending_changes"] == 0
    assert "saves changes automatically" in back.warnings[0]
    assert device.running()["system"]["activate-changes-as-startup"] is False
    device.set_dialect(autosave_delay=0)
    device.change("system/activate-changes-as-startup", True)
    device.change(CONTACT, "another client")
    device.ledger.clear()
    assert job(device, state="committed").result["changed"] is False
    assert sent(device) == []
    device.set_dialect(config_root="none")
    assert job(device).result["autosave"] == "unknown"


def test_a_user_of_level_info_sees_and_does_no_more(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    info = {"ts710": {"lantime_username": "info", "lantime_password": device.users["info"]}}
    tasks = [
        {NAME: {}},
        {NAME: {"state": "committed"}, "ignore_errors": True},
        {NAME: {"state": "rolled_back"}, "ignore_errors": True},
    ]
    run = controller.play(tasks, "ts710", variables=info)
    shown, commit, back = run.of("ts710")
    assert shown["pending_changes"] == 1
    for result, code in ((commit, "save_failed"), (back, "forbidden")):
        assert result["error"]["code"] == code
        assert result["error"]["http_status"] == 403
        assert "higher level" in result["msg"]
        assert (result["changed"], result["pending_changes"]) == (False, 1)
        assert result["operations"][0]["state"] == "failed"
    assert device.pending == 1


@pytest.mark.parametrize(
    ("form", "diffs", "reads"),
    [
        ("put-command", [("PUT", "/api/diff")], [("PUT", "/api/read")]),
        ("diff-get", [("GET", "/api/diff")], [("PUT", "/api/read")]),
        ("rollback-name", [("PUT", "/api/diff")], [("PUT", "/api/rollback")]),
        ("menu-action", [("PUT", "/api/config/system/diff")], [("PUT", "/api/config/system/read")]),
        ("post", [("POST", "/api/diff")], [("POST", "/api/read")]),
    ],
)
def test_each_form_of_the_commands(
    fleet: Fleet, form: str, diffs: list[tuple[str, str]], reads: list[tuple[str, str]]
) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form=form)
    device.change(CONTACT, "another client")
    dialect = {"command_form": form}

    def requests() -> list[tuple[str, str]]:
        found = [(e["method"], e["path"]) for e in device.ledger]
        device.ledger.clear()
        return [r for r in found if r[0] != "GET" or r[1] == "/api/diff"]

    device.ledger.clear()
    checked = job(device, dialect=dialect, check=True)
    assert requests() == (diffs if form == "diff-get" else [])
    assert (checked.result["diff"] is not None) is (form == "diff-get")
    shown = job(device, dialect=dialect)
    assert "another client" in shown.result["diff"]["text"]
    assert requests() == diffs
    back = job(device, dialect=dialect, state="rolled_back")
    assert (back.result["changed"], back.result["pending_changes"]) == (True, 0)
    assert requests() == diffs + reads
    assert device.pending == 0


@pytest.mark.parametrize("name", ["revert", "discard"])
def test_other_names_of_the_roll_back_are_tried_in_turn(fleet: Fleet, name: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form="rollback-name")
    for other in ("rollback", "revert", "discard"):
        if other == name:
            break
        device.add_fault("status", status=404, path=f"/api/{other}")
    device.change(CONTACT, "another client")
    back = job(device, dialect={"command_form": "rollback-name"}, state="rolled_back")
    assert back.result["pending_changes"] == 0
    assert sent(device)[-1][1] == f"/api/{name}"


def test_commands_in_a_menu_of_a_root_that_has_to_be_found(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form="menu-action", config_root="settings")
    device.change(CONTACT, "another client")
    back = job(device, dialect={"command_form": "menu-action"}, state="rolled_back")
    assert (back.code, device.pending) == (None, 0)
    assert sent(device)[-1][1] == "/api/settings/system/read"


def test_a_diff_that_is_not_offered_is_no_failure_but_a_roll_back_is(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(command_form="absent")
    device.change(CONTACT, "another client")
    shown = job(device)
    assert (shown.code, shown.result["diff"], shown.result["pending_changes"]) == (None, None, 1)
    assert "refused the command diff" in shown.warnings[0]
    assert job(device, dialect={"command_form": "put-command"}).code == "not_found"
    outcome = job(device, dialect={"command_form": "absent"})
    assert (outcome.code, outcome.result["diff"]) == (None, None)
    assert "does not offer" in outcome.warnings[0]

    refused = job(device, state="rolled_back")
    assert refused.code == "not_found"
    assert refused.result["changed"] is False
    assert device.pending == 1
    device.ledger.clear()
    for check in (True, False):
        outcome = job(device, dialect={"command_form": "absent"}, state="rolled_back", check=check)
        assert outcome.code == "method_refused"
    assert sent(device) == []
    saved = job(device, state="committed")
    assert (saved.code, saved.result["pending_changes"], saved.result["diff"]) == (None, 0, None)


@pytest.mark.parametrize("form", ["text", "lines", "objects", "count", "empty"])
def test_each_result_of_diff_is_shown_and_decides_nothing(fleet: Fleet, form: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(diff_result=form)
    device.change(CONTACT, "canary \u202e\x07 end")
    device.change("snmp/read-community", "canary-community")
    shown = job(device).result["diff"]
    assert shown["form"] == form
    assert shown["truncated"] is False
    if form in ("text", "lines", "objects"):
        assert "canary \\u202e\\x07 end" in str(shown[form]).replace("\\\\", "\\")
        assert "read-community" in str(shown[form])
        assert isinstance(shown[form], str if form == "text" else list)
        assert "canary-community" not in json.dumps(shown)
    assert shown.get("count", 2) == 2
    done = job(device, state="committed", diff=True)
    assert (done.result["changed"], done.result["pending_changes"]) == (True, 0)
    assert done.result["diff"]["after"] == "pending changes: 0\n"


def test_secrets_in_a_diff_are_masked_however_they_come() -> None:
    text = "snmp/read-community: canary -> canary\nplain: shown\n-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\nafter"
    entry = {"path": "snmp/read_community", "old": "canary", "new": "canary"}
    tree = {"users": [{"object-id": "a", "password": "canary"}]}
    for data in (text, text.split("\n"), [entry], tree, {"changes": [entry, text]}):
        shown = commands.format_command_diff(data)
        assert "canary" not in str(shown)
    assert commands.format_command_diff(text)["text"].split("\n")[1:] == ["plain: shown"] + ["********"] * 3 + ["after"]


def test_what_a_device_lists_is_bounded() -> None:
    long = commands.format_command_diff("x" * 10**6)
    assert (len(long["text"]), long["truncated"]) == (commands.MAX_OUTPUT_TEXT, True)
    many = commands.format_command_diff([{"path": f"a/{n}"} for n in range(10**5)])
    assert len(many["objects"]) <= commands.MAX_LINES
    assert many["truncated"] is True
    assert commands.format_command_diff({"object-id": "diff"})["form"] == "empty"
    assert commands.format_command_diff(True)["objects"] == [True]


@pytest.mark.parametrize("state", ["committed", "rolled_back"])
@pytest.mark.parametrize("duration", ["instant", "slow", "drop", "async"])
@pytest.mark.parametrize("package", ["all", "snmp"])
def test_each_duration_of_a_command(fleet: Fleet, state: str, duration: str, package: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(duration=duration, command_seconds={"slow": 1.0, "async": 0.3}.get(duration, 0))
    device.change(CONTACT, "another client")
    done = job(device, state=state, package=package)
    assert (done.code, done.warnings) == (None, [])
    assert (done.result["changed"], done.result["pending_changes"]) == (True, 0)
    assert done.result["operations"][0]["state"] == "succeeded"
    assert device.ledger.writes == 1
    assert device.running() == device.startup()


@pytest.mark.parametrize("answer", ["envelope-no-data", "empty", "204", "202"])
def test_each_answer_to_a_command(fleet: Fleet, answer: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(put_answer=answer)
    device.change(CONTACT, "another client")
    done = job(device, state="committed")
    assert (done.code, done.result["pending_changes"], device.pending) == (None, 0, 0)


@pytest.mark.parametrize(
    ("state", "package", "code"),
    [
        ("committed", "all", "save_failed"),
        ("committed", "snmp", "state_unknown"),
        ("rolled_back", "all", "not_applied"),
        ("rolled_back", "snmp", "state_unknown"),
    ],
)
def test_a_command_that_never_arrived_is_not_repeated(fleet: Fleet, state: str, package: str, code: str) -> None:
    device = fleet["ts710"]
    name = "write" if state == "committed" else "read"
    device.add_fault("close-before-answer", method="PUT", path=f"/api/{name}")
    device.change(CONTACT, "another client")
    started = time.monotonic()
    outcome = job(device, state=state, package=package, command_timeout=1)
    assert time.monotonic() - started < 8
    assert outcome.code == code
    result = outcome.result
    assert result["changed"] is (code == "state_unknown")
    assert (result["pending_changes"], result["pending_before"]) == (1, 1)
    assert result["operations"][0]["state"] == "failed"
    assert "1 changes are pending" in result["msg"]
    assert device.ledger.writes == 1


def test_a_device_that_comes_back_after_the_command_is_asked_again(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    device.set_dialect(duration="drop")
    device.add_fault("close-before-answer", method="GET", path="/api/status", nth=2, times=2)
    done = job(device, state="committed", command_timeout=20)
    assert (done.code, done.result["pending_changes"]) == (None, 0)
    assert sum(e["path"] == "/api/status/rest-api" for e in device.ledger) == 4
    assert device.ledger.writes == 1


def test_a_device_that_is_gone_after_the_command_leaves_the_state_unknown(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    device.add_fault("close-after-effect", method="PUT", path="/api/write")
    device.add_fault("close-before-answer", method="GET", path="/api/status", nth=2, times=1000)
    outcome = job(device, state="committed", command_timeout=1)
    assert outcome.code == "state_unknown"
    assert outcome.result["changed"] is True
    assert outcome.result["pending_changes"] is None
    assert device.ledger.writes == 1


@pytest.mark.parametrize(
    ("dialect", "status"),
    [({}, 500), ({"put_answer": "error-in-200"}, 200), ({"request_error": "all-400"}, 400)],
)
def test_a_refused_save_is_reported_without_waiting(fleet: Fleet, dialect: dict[str, str], status: int) -> None:
    device = fleet["ts710"]
    device.change(CONTACT, "another client")
    if dialect:
        device.set_dialect(package_map="strict", **dialect)
    else:
        device.add_fault("status", status=500, path="/api/write")
    started = time.monotonic()
    outcome = job(device, state="committed", package="all" if not dialect else "nosuch")
    assert outcome.code == "save_failed"
    assert outcome.result["error"]["http_status"] == status
    assert (outcome.result["changed"], outcome.result["pending_changes"]) == (False, 1)
    assert time.monotonic() - started < 5


def test_a_counter_of_each_user_is_taken_as_it_is(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(concurrency="per-user")
    device.change(CONTACT, "another client")
    assert job(device, state="committed").result["changed"] is False
    assert device.pending == 1


def test_a_package_that_is_no_name_is_refused_before_anything_is_sent(fleet: Fleet) -> None:
    device = fleet["ts710"]
    for package in ("../status", "", "a b"):
        assert job(device, package=package).code == "option"
    assert list(device.ledger) == []
