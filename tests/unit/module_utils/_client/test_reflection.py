# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that repeats credentials and values: no result, log or warning shows them."""

from __future__ import annotations

import base64
import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_changes,
    lantime_command,
    lantime_config,
    lantime_facts,
)
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, run_in_process

COMMUNITY = "canary-Community"
STATUSES = (400, 401, 403, 404, 405, 407, 409, 418, 422, 429, 500, 501, 503, 302, 307, 200, 202)
FORMS = ("json", "text", "redirect", "headers", "envelope")


@pytest.fixture(scope="module")
def started() -> t.Iterator[SharedFleet]:
    with frozen_fleet({"m600": "m600-7.10"}) as fleet:
        yield fleet


@pytest.fixture
def device(started: SharedFleet) -> t.Any:
    return started.reset()["m600"]


def assert_nothing_repeated(device: t.Any, outcome: t.Any) -> None:
    text = json.dumps([outcome.result, outcome.warnings], ensure_ascii=False).lower()
    password = device.users["admin"]
    pair = base64.b64encode(f"admin:{password}".encode()).decode()
    for secret in (f"admin:{password}", f'"{password}"', pair, pair.rstrip("="), COMMUNITY, "canary"):
        assert secret.lower() not in text, secret


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", STATUSES)
def test_no_answer_to_a_read_repeats_the_credentials(device: t.Any, status: int, form: str) -> None:
    device.add_fault("reflect", status=status, form=form)
    outcome = run_in_process(device, lantime_facts, retries=0, http_log=True)
    assert outcome.code is not None
    assert_nothing_repeated(device, outcome)
    assert device.users["admin"] not in outcome.result["msg"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", STATUSES)
def test_no_answer_to_a_write_repeats_secrets(device: t.Any, status: int, form: str, tmp_path: Path) -> None:
    device.add_fault("reflect", status=status, form=form, method="PUT")
    outcome = run_in_process(
        device,
        lantime_config,
        retries=0,
        http_log=True,
        diff=True,
        config={"snmp": {"read-community": COMMUNITY, "location": "hall 7"}},
        update_secrets="always",
        journal_path=str(tmp_path),
        verify_grace=0.1,
    )
    assert outcome.code is not None
    assert_nothing_repeated(device, outcome)


@pytest.mark.parametrize("module", [lantime_changes, lantime_command])
def test_no_answer_to_a_command_repeats_the_credentials(device: t.Any, module: t.Any) -> None:
    options: dict[str, t.Any] = {"command": "reboot"} if module is lantime_command else {"state": "committed"}
    if module is lantime_changes:
        device.change("snmp/location", "elsewhere")
    device.add_fault("reflect", status=400, method="PUT")
    assert_nothing_repeated(device, run_in_process(device, module, retries=0, http_log=True, **options))


CONFIG = {"snmp": {"read-community": COMMUNITY, "location": "hall 7"}}
# The dialect in which a change is sent with a method, and the change.
METHODS: dict[str, tuple[dict[str, str], dict[str, t.Any]]] = {
    "PUT": ({}, {"config": CONFIG}),
    "PATCH": ({"set_target": "patch-menu"}, {"config": CONFIG}),
    "POST": ({"set_target": "post-object"}, {"config": CONFIG}),
    "DELETE": ({}, {"config": {"security": {"users": {"info": {}}}}, "state": "deleted"}),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
@pytest.mark.parametrize("method", METHODS)
def test_no_answer_to_any_method_repeats_secrets(
    device: t.Any, method: str, status: int, form: str, tmp_path: Path
) -> None:
    dialect, options = METHODS[method]
    device.set_dialect(**dialect)
    device.add_fault("reflect", status=status, form=form, method=method)
    outcome = run_in_process(
        device,
        lantime_config,
        retries=0,
        diff=True,
        update_secrets="always",
        dialect=dialect,
        journal_path=str(tmp_path),
        verify_grace=0.1,
        **options,
    )
    assert method in {entry["method"] for entry in device.ledger}
    assert outcome.code is not None
    assert_nothing_repeated(device, outcome)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_no_answer_to_the_request_for_a_token_repeats_the_credentials(device: t.Any, status: int, form: str) -> None:
    device.add_fault("reflect", status=status, form=form, path="/api/get-token")
    outcome = run_in_process(device, lantime_facts, retries=0, auth="token", http_log=True)
    assert any(entry["path"] == "/api/get-token" for entry in device.ledger)
    assert outcome.code is not None
    assert_nothing_repeated(device, outcome)


def test_the_reason_of_a_failed_rollback_repeats_nothing(device: t.Any, tmp_path: Path) -> None:
    """Another device that answers in the middle of a task has the credentials as its serial number."""
    device.add_fault("reflect", form="envelope", method="PUT")
    outcome = run_in_process(
        device, lantime_config, retries=0, config={"snmp": {"location": "hall 7"}}, journal_path=str(tmp_path)
    )
    assert outcome.code == "state_unknown"
    assert "another device answers" in outcome.result["rollback"]["reason"]
    assert_nothing_repeated(device, outcome)


def test_the_token_of_a_device_is_not_repeated(device: t.Any) -> None:
    device.add_fault("reflect", status=500, path="/api/status", form="text")
    outcome = run_in_process(device, lantime_facts, retries=0, auth="token")
    assert outcome.code == "server_error"
    assert outcome.result["error"]["device_message"].count("*") >= 8


@pytest.mark.parametrize("statuses", ["100", "102 103", "103 " * 20])
def test_interim_answers_do_not_disturb_a_change(device: t.Any, statuses: str, tmp_path: Path) -> None:
    device.add_fault("interim", statuses=statuses)
    outcome = run_in_process(
        device, lantime_config, config={"snmp": {"location": "hall 7"}}, journal_path=str(tmp_path)
    )
    assert (outcome.code, outcome.result["changed"], outcome.result["saved"]) == (None, True, True)
    assert device.running()["snmp"]["location"] == "hall 7"
    assert device.ledger.writes == 2
