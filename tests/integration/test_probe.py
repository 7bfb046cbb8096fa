# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_probe finds the dialect of every variant, and leaves the device as it was."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import CHOICES, make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_probe
from ansible_collections.meinberg.lantime.tests.devices import run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller, each_entry_point
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

VALUES = {choice.key: choice.values for choice in CHOICES}
TEXT = "notification/wall-display/display1/serial-number"
TO, SENDER = "notification/email/to", "notification/email/from"

# Combinations of two values that are both not the default are rare.
TARGETS_AND_BODIES = [
    pytest.param(target, body, marks=[pytest.mark.thorough] if target != first_target and body != first_body else [])
    for first_target, first_body in [(VALUES["set_target"][0], VALUES["set_body"][0])]
    for target in VALUES["set_target"]
    for body in VALUES["set_body"]
]

# Values that look the same to a probe that only reads.
ALIKE = {
    "request_error": {"json", "500", "clamp"},
    "secret_get": {"absent", "empty"},
}


@pytest.fixture(autouse=True)
def own_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible"))


def probe(device: t.Any, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
    outcome = run_in_process(device, lantime_probe, check=check, **{"effect_timeout": 0.2, **options})
    result = {**outcome.result, "warnings": outcome.warnings}
    if "dialect" in result:
        make_dialect(result["dialect"])
    return result


def finding(result: dict[str, t.Any], key: str) -> dict[str, t.Any]:
    (one,) = (f for f in result["findings"] if f["key"] == key)
    return t.cast("dict[str, t.Any]", one)


def trees(device: t.Any) -> tuple[t.Any, t.Any]:
    return device.running(), device.startup()


def written(device: t.Any) -> list[str]:
    return [f"{e['method']} {e['path']}" for e in device.ledger if e["write"]]


READ_ONLY = [
    (key, value)
    for key in (
        "config_root",
        "request_error",
        "scalar_get",
        "list_get",
        "item_get",
        "root_get",
        "switch_form",
        "padding",
        "secret_get",
    )
    for value in VALUES[key]
    if value != "auto"
]


@pytest.mark.parametrize(("key", "value"), READ_ONLY)
@pytest.mark.parametrize("name", ["ts706", "ims"])
def test_reading_finds_the_dialect(fleet: Fleet, name: str, key: str, value: str) -> None:
    device = fleet[name]
    device.change("snmp/read-community", "canary")
    device.set_dialect(**{key: value})
    before = trees(device)
    result = probe(device)
    assert result.get("failed") is None, result
    assert (result["changed"], result["restored"]) == (False, None)
    if value in ALIKE.get(key, ()):
        assert key not in result["dialect"]
        assert finding(result, key)["value"] in ("unknown", "json")
    else:
        assert result["dialect"][key] == value
        assert finding(result, key)["mark"] == "observed"
    assert trees(device) == before
    assert {entry["method"] for entry in device.ledger} == {"GET"}
    assert len(device.ledger) == result["requests"] <= 24
    assert "canary" not in str(result)


@pytest.mark.parametrize("root", [v for v in VALUES["config_root"] if v != "auto"])
@pytest.mark.parametrize("shown", VALUES["root_get"])
def test_the_root_is_found_whatever_shows_it(fleet: Fleet, shown: str, root: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(config_root=root, root_get=shown)
    result = probe(device)
    assert result["dialect"]["config_root"] == root
    assert result["dialect"]["root_get"] == shown
    assert result["config_root"] == ("" if root == "none" else root)
    assert result["device"]["serial_number"] == device.serial
    assert finding(result, "autosave")["value"] is False
    assert finding(result, "raw")["value"] == "numbers"
    assert finding(result, "pending_changes")["value"] == 0


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ({"anonymous": "read"}, {"anonymous": "read"}),
        ({"auth_error": "401-403"}, {"anonymous": "no"}),
        ({"auth_error": "403-both"}, {"anonymous": "no", "auth_error": "403-both"}),
        ({"auth_error": "login-redirect"}, {"anonymous": "no", "auth_error": "login-redirect"}),
        ({"auth_error": "login-page"}, {"anonymous": "no", "auth_error": "login-page"}),
    ],
)
def test_a_request_without_credentials(fleet: Fleet, dialect: dict[str, str], expected: dict[str, str]) -> None:
    device = fleet["ts710"]
    device.set_dialect(**dialect)
    assert finding(probe(device), "anonymous")["mark"] == "not observed"
    device.ledger.clear()
    result = probe(device, anonymous=True)
    assert {k: v for k, v in result["dialect"].items() if k in ("anonymous", "auth_error")} == expected
    assert sum(entry["user"] != "admin" for entry in device.ledger) == 1


@pytest.mark.parametrize("answer", VALUES["token_answer"])
@pytest.mark.parametrize("use", ["bearer", "raw-header"])
def test_a_token(fleet: Fleet, use: str, answer: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(token_use=use, token_answer=answer)
    assert "token_request" not in probe(device)["dialect"]
    result = probe(device, probe_token=True)
    assert (result["dialect"]["token_request"], result["dialect"]["token_answer"]) == (
        "basic",
        answer,
    )
    assert finding(result, "token_use")["value"] == use
    assert ("token_use" in result["dialect"]) is (use == "raw-header")
    assert device.ledger.writes == 0


def test_a_device_without_tokens_is_asked_once(fleet: Fleet) -> None:
    device = fleet["ts706"]
    result = probe(device, probe_token=True)
    assert "token_request" not in result["dialect"]
    assert sum(entry["path"] == "/api/get-token" for entry in device.ledger) == 1


@pytest.mark.parametrize(("target", "body"), TARGETS_AND_BODIES)
@pytest.mark.parametrize("old", ["", "Z 17/4"])
def test_writing_finds_target_and_body(fleet: Fleet, old: str, target: str, body: str) -> None:
    device = fleet["ts710"]
    device.change(TEXT, old)
    device.set_dialect(set_target=target, set_body=body)
    before = trees(device)
    result = probe(device, writable_path=TEXT)
    assert (result["changed"], result["restored"]) == (False, True), result
    assert result["dialect"]["set_target"] == target
    # On a menu, a bare body is one of names.
    same = "named" if body == "bare" and target in ("menu", "patch-menu") else body
    assert result["dialect"].get("set_body", same) == same
    assert ("set_body" in result["dialect"]) is (target != "command")
    assert trees(device) == before
    assert "PUT /api/write" not in written(device)


@pytest.mark.parametrize("menu_put", VALUES["menu_put"])
@pytest.mark.parametrize("target", ["object", "menu", "patch-menu"])
@pytest.mark.parametrize("second", [None, SENDER])
def test_writing_finds_what_a_menu_does(fleet: Fleet, second: str | None, target: str, menu_put: str) -> None:
    device = fleet["ts710"]
    device.change("notification/email", {"to": "a@b", "smarthost-port": 25, "smarthost-user": "m"})
    device.set_dialect(set_target=target, menu_put=menu_put)
    before = trees(device)
    result = probe(device, writable_path=TO, writable_path2=second)
    assert (result["changed"], result["restored"]) == (False, True), result
    assert result["dialect"]["menu_put"] == menu_put
    assert trees(device) == before
    several = second is not None and target == "object" and menu_put != "refuse-incomplete"
    assert ("set_target" in result["dialect"]) is not several
    assert finding(result, "set_target")["value"] == target
    if several:
        assert finding(result, "several_names")["value"] is True


def test_a_menu_that_takes_one_name_at_a_time(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(menu_put_refused=True)
    before = trees(device)
    result = probe(device, writable_path=TO, writable_path2=SENDER)
    assert finding(result, "several_names")["value"] is False
    assert result["dialect"]["set_target"] == "object"
    assert result["restored"] is True
    assert trees(device) == before


@pytest.mark.parametrize("menu_put", VALUES["menu_put"])
@pytest.mark.parametrize("secret_get", VALUES["secret_get"])
def test_a_menu_with_secrets_is_not_written_to(fleet: Fleet, secret_get: str, menu_put: str) -> None:
    device = fleet["ts710"]
    device.change("snmp/read-community", "canary")
    device.set_dialect(menu_put=menu_put, secret_get=secret_get)
    before = trees(device)
    result = probe(device, writable_path="snmp/location", writable_path2="snmp/contact")
    assert result["dialect"]["set_target"] == "object"
    assert "secrets" in finding(result, "menu_put")["evidence"]
    assert trees(device) == before
    device.set_dialect(set_target="menu", menu_put=menu_put)
    result = probe(device, writable_path="snmp/location")
    assert "set_target" not in result["dialect"]
    assert result["restored"] is True
    assert trees(device) == before
    assert not any(line.endswith("/config/snmp") for line in written(device))


@pytest.mark.parametrize("answer", VALUES["put_answer"])
def test_writing_finds_the_answer(fleet: Fleet, answer: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(put_answer=answer, set_body="value", effect_delay=0.05)
    before = trees(device)
    result = probe(device, writable_path=TEXT)
    assert (result["dialect"]["put_answer"], result["dialect"]["set_body"]) == (answer, "value")
    assert (result["restored"], trees(device)) == (True, before)


@pytest.mark.parametrize(
    ("effect", "found"),
    [("immediate", None), ("delayed", "delayed"), ("staged", "staged"), ("immediate-saved", None)],
)
def test_writing_finds_when_a_change_takes_effect(fleet: Fleet, effect: str, found: str | None) -> None:
    device = fleet["ts710"]
    device.set_dialect(effect=effect, effect_delay=0.05)
    before = trees(device)
    result = probe(device, writable_path=TEXT)
    assert result["dialect"].get("effect") == found
    assert result["dialect"]["set_target"] == "object"
    assert (result["restored"], device.pending, trees(device)) == (True, 0, before)


@pytest.mark.parametrize("request_error", VALUES["request_error"])
def test_writing_whatever_a_refusal_looks_like(fleet: Fleet, request_error: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(request_error=request_error, set_target="patch-menu", set_body="data")
    before = trees(device)
    result = probe(device, writable_path=TEXT)
    assert (result["dialect"]["set_target"], result["dialect"]["set_body"]) == (
        "patch-menu",
        "data",
    )
    assert result["dialect"].get("put_answer") in (None, "envelope")
    assert (result["restored"], trees(device)) == (True, before)


def test_check_mode_only_reads(fleet: Fleet) -> None:
    device = fleet["ts710"]
    result = probe(device, check=True, writable_path=TEXT)
    assert (result["changed"], result["restored"]) == (False, None)
    assert finding(result, "set_target")["mark"] == "not observed"
    assert device.ledger.writes == 0


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("snmp/read-community", "secret"),
        ("snmp/retries", "a switch or a number"),
        ("ntp/multicast/enabled", "a switch or a number"),
        ("ntp/time-scale", "enum"),
        ("network/hostname", "management"),
        ("network/ipv4-gateway", "management"),
        ("network/interfaces/vif0/label", "management"),
        ("snmp/v3/user-name", "management"),
        ("ntp/multicast", "not a single value"),
        ("snmp", "not the path of a value"),
        ("snmp/nothing", "has no"),
        ("snmp/../users", "hostile|not usable|has no"),
    ],
)
def test_what_is_not_written_to(fleet: Fleet, path: str, why: str, check: bool) -> None:
    device = fleet["ts710"]
    before = trees(device)
    result = probe(device, check=check, writable_path=path)
    assert result["failed"] is True
    assert any(part in result["msg"] for part in why.split("|")), result["msg"]
    assert (device.ledger.writes, trees(device)) == (0, before)


@pytest.mark.parametrize("switch_form", VALUES["switch_form"])
def test_a_switch_is_known_in_every_form(fleet: Fleet, switch_form: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(switch_form=switch_form)
    for path in ("ntp/multicast/enabled", "snmp/retries"):
        assert probe(device, writable_path=path)["error"]["code"] == "option"
    assert device.ledger.writes == 0


@pytest.mark.parametrize("options", [{"writable_path2": SENDER}, {"writable_path2": TEXT}])
def test_two_texts_that_do_not_belong_together(fleet: Fleet, options: dict[str, t.Any]) -> None:
    result = probe(fleet["ts710"], writable_path=TEXT, **options)
    assert result["error"]["code"] == "option"
    assert len(fleet["ts710"].ledger) == 0


@pytest.mark.parametrize("kind", ["close-before-answer", "close-after-effect"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_broken_connection_on_the_way(fleet: Fleet, nth: int, kind: str) -> None:
    device = fleet["ts710"]
    before = trees(device)
    device.add_fault(kind, method="PUT", nth=nth, times=1)
    result = probe(device, writable_path=TEXT)
    assert trees(device) == before
    assert (result["changed"], result["restored"]) == (False, True)
    # By the third write everything is learned: it is the one that sets the text back.
    assert result.get("failed") is (True if nth < 3 else None)
    assert result["findings"]


def test_what_cannot_be_set_back_is_reported(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change(TEXT, "Z 17/4")
    device.add_fault("status", status=503, method="PUT", nth=3, times=100)
    result = probe(device, writable_path=TEXT)
    assert (result["changed"], result["restored"]) == (True, False)
    assert any(f"{TEXT} was 'Z 17/4'" in warning for warning in result["warnings"])
    device.clear_faults()
    device.change(TEXT, "Z 17/4")


def test_a_user_without_write_permission_fails_at_once(fleet: Fleet) -> None:
    device = fleet["ts710"]
    before = trees(device)
    result = probe(device, writable_path=TEXT, username="info", password=device.users["info"])
    assert result["error"]["code"] == "forbidden"
    assert (result["changed"], result["restored"]) == (False, True)
    assert device.ledger.writes == 1
    assert trees(device) == before


def test_wrong_credentials_are_tried_once(fleet: Fleet) -> None:
    device = fleet["ts710"]
    result = probe(device, password="wrong", anonymous=True, probe_token=True, writable_path=TEXT)
    assert result["error"]["code"] == "auth_failed"
    assert len(device.ledger) == 1


def test_another_clients_changes_stay(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.change("snmp/contact", "another client")
    before = trees(device)
    result = probe(device, writable_path=TEXT)
    assert any("unsaved changes" in warning for warning in result["warnings"])
    assert finding(result, "pending_changes")["value"] == 1
    assert (trees(device), device.pending) == (before, 1)


@each_entry_point
def test_the_dialect_that_was_found_configures_the_device(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    fleet["ts710"].set_dialect(config_root="setup", set_target="command", put_answer="204", scalar_get="bare")
    fleet["ims"].set_dialect(config_root="none", set_body="parameters", list_get="map")
    tasks: list[dict[str, t.Any]] = [
        {"meinberg.lantime.lantime_probe": {"writable_path": TEXT}, "register": "probe"},
        {
            "meinberg.lantime.lantime_config": {
                "config": {"snmp": {"location": "hall 4", "retries": 9}},
                "dialect": "{{ probe.dialect }}",
            }
        },
    ]
    run = controller.play(tasks, "ts710:ims", entry_point=entry_point)
    assert run.code == 0, run.output
    for name in ("ts710", "ims"):
        found, configured = run.of(name)
        assert (found["changed"], found["restored"]) == (False, True)
        assert configured["changed"] is True
        snmp = fleet[name].startup()["snmp"]
        assert (snmp["location"], snmp["retries"]) == ("hall 4", 9)
    assert run.of("ts710")[0]["dialect"]["set_target"] == "command"
    assert run.of("ims")[0]["dialect"]["set_body"] == "parameters"


@each_entry_point
def test_options_that_need_each_other(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    task = {"meinberg.lantime.lantime_probe": {"writable_path2": TEXT}}
    run = controller.play(task, "ts710", entry_point=entry_point)
    assert run.only["error"]["code"] == "option"
    assert "writable_path" in run.only["msg"]
    assert len(fleet["ts710"].ledger) == 0


@pytest.mark.parametrize("target", VALUES["set_target"])
def test_every_write_is_an_operation(fleet: Fleet, target: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(set_target=target)
    result = probe(device, writable_path=TO)
    operations = result["operations"]
    assert len(operations) == device.ledger.writes > 1
    assert {o["state"] for o in operations} <= {"succeeded", "failed"}
    taken = [operation for operation in operations if operation["state"] == "succeeded"]
    assert taken[-1]["after"] == operations[0]["before"]
    assert probe(device, check=True, writable_path=TO)["operations"] == []
