# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollback that needs secrets whose former values the device does not show: they are named, and never sent as shown."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    CANARY,
    Kill,
    assert_no_secret,
    code_of,
    run_config,
    run_killed,
    running,
    startup,
)

Tree = dict[str, t.Any]

RECEIVERS = "notification/snmp/trap-receivers"
REFUSED: Tree = {"network": {"nameserver2": "192.0.2.5"}}
WITHOUT_RECEIVER: Tree = {"notification": {"snmp": {"trap-receivers": {}}}, **REFUSED}


def without_user(tree: Tree) -> Tree:
    return {"security": {"users": {name: {} for name in tree["security"]["users"] if name != "bob"}}}


# What deletes an item with a secret before the section network is written, and the path of the secret.
DELETED: dict[str, tuple[t.Callable[[Tree], Tree], str]] = {
    "receiver": (lambda _tree: WITHOUT_RECEIVER, f"{RECEIVERS}/1/community"),
    "user": (without_user, "security/users/bob/password"),
}
OPTIONS: Tree = {"verify_grace": 0.3}


@pytest.fixture
def secretive(device: t.Any) -> t.Any:
    """A device with a secret in a new item of two tables, saved."""
    device.set_dialect(command_seconds=0)
    device.change(f"{RECEIVERS}/1", {"address": "192.0.2.9", "community": f"{CANARY}-trap"})
    device.change("security/users/bob", {"level": "info", "password": f"{CANARY}-bob"})
    device.change("snmp/read-community", f"{CANARY}-read")
    device._fleet.call(device._device.config.save)
    device.ledger.clear()
    return device


def sent(device: t.Any) -> str:
    return json.dumps([entry["body"] for entry in device.ledger if entry["write"]])


@pytest.mark.parametrize("secret_get", ["masked", "hash", "empty"])
@pytest.mark.parametrize("name", DELETED)
def test_a_deleted_item_with_a_secret(secretive: t.Any, tmp_path: Path, name: str, secret_get: str) -> None:
    deleted, secret = DELETED[name]
    secretive.set_dialect(secret_get=secret_get)
    secretive.add_fault("status", status=400, method="PUT", path="/api/config/network")
    saved = startup(secretive)
    result = run_config(
        secretive,
        {**deleted(running(secretive)), **REFUSED},
        journal=tmp_path,
        state="overridden",
        dialect={"secret_get": secret_get},
        username="root",
        password=secretive.users["root"],
        **OPTIONS,
    )
    assert (code_of(result), result["changed"], result["saved"]) == ("rollback_failed", True, False), result
    assert [d["path"] for d in result["rollback"]["remaining"]] == [secret]
    assert secret in result["msg"]
    item = running(secretive)
    for part in secret.split("/")[:-1]:
        item = item[part]
    assert item[secret.rsplit("/", 1)[1]] == ""
    assert "*" not in sent(secretive)
    assert CANARY not in str(result)
    assert startup(secretive) == saved
    assert_no_secret(tmp_path)


@pytest.mark.parametrize("secret_get", ["masked", "hash", "empty"])
def test_a_secret_that_was_replaced(secretive: t.Any, tmp_path: Path, secret_get: str) -> None:
    secretive.set_dialect(secret_get=secret_get)
    secretive.add_fault("status", status=400, method="PUT", path="/api/config/network")
    tree = {"snmp": {"read-community": f"{CANARY}-new", "contact": "noc"}, **REFUSED}
    former = running(secretive)
    result = run_config(
        secretive, tree, journal=tmp_path, update_secrets="always", dialect={"secret_get": secret_get}, **OPTIONS
    )
    assert code_of(result) == "rollback_failed", result
    assert [d["path"] for d in result["rollback"]["remaining"]] == ["snmp/read-community"]
    assert running(secretive)["snmp"] == {**former["snmp"], "read-community": f"{CANARY}-new"}
    assert CANARY not in str(result)


def test_a_device_that_shows_its_secrets(secretive: t.Any, tmp_path: Path) -> None:
    """Then they are restored."""
    secretive.set_dialect(secret_get="clear")
    secretive.add_fault("status", status=400, method="PUT", path="/api/config/network")
    former = running(secretive)
    tree = {**WITHOUT_RECEIVER, "snmp": {"read-community": f"{CANARY}-new"}}
    result = run_config(
        secretive,
        tree,
        journal=tmp_path,
        state="overridden",
        update_secrets="always",
        dialect={"secret_get": "clear"},
        **OPTIONS,
    )
    assert (code_of(result), result["rollback"]["state"], result["changed"]) == ("rejected", "rolled_back", False)
    assert running(secretive) == former
    assert CANARY not in str(result)
    assert_no_secret(tmp_path)


def test_an_empty_secret_is_known(secretive: t.Any, tmp_path: Path) -> None:
    """A masked device shows that a secret is empty."""
    secretive.change(f"{RECEIVERS}/1", {"community": ""})
    secretive.add_fault("status", status=400, method="PUT", path="/api/config/network")
    former = running(secretive)
    result = run_config(secretive, WITHOUT_RECEIVER, journal=tmp_path, state="overridden", **OPTIONS)
    assert (result["rollback"]["state"], result["changed"]) == ("rolled_back", False)
    assert running(secretive) == former


@pytest.mark.parametrize("secret_get", ["masked", "hash", "empty", "clear"])
def test_an_interrupted_deletion_is_reverted(secretive: t.Any, tmp_path: Path, secret_get: str) -> None:
    """The journal does not hold the secret, whatever the device shows."""
    secretive.set_dialect(secret_get=secret_get)
    options = {"dialect": {"secret_get": secret_get}, **OPTIONS}
    assert run_killed(secretive, WITHOUT_RECEIVER, Kill("after", 5), journal=tmp_path, state="overridden", **options)
    assert "1" not in running(secretive)["notification"]["snmp"]["trap-receivers"]
    result = run_config(secretive, {"snmp": {"contact": ""}}, journal=tmp_path, on_interrupted="revert", **options)
    assert code_of(result) is None, result
    assert result["recovery"]["action"] == "reverted"
    assert result["recovery"]["secrets_unknown"] == [f"{RECEIVERS}/1/community"]
    assert "*" not in sent(secretive)
    assert_no_secret(tmp_path)


@pytest.mark.parametrize("first", [400, 403, 500])
@pytest.mark.parametrize("refused_at", ["first write of the rollback", "read before the rollback"])
def test_credentials_that_are_refused_during_the_rollback_are_sent_once(
    device: t.Any, tmp_path: Path, refused_at: str, first: int
) -> None:
    """The first error is none of the login: the rollback ends with the first answer that refuses the credentials."""
    device.set_dialect(command_seconds=0)
    device.ledger.clear()
    tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}, **REFUSED}
    device.add_fault("status", status=first, method="PUT", path="/api/config/network", nth=1)
    if refused_at.startswith("first"):
        device.add_fault("status", status=401, method="PUT", nth=3, times=1000)
    else:
        device.add_fault("status", status=401, method="GET", nth=7, times=1000)
    result = run_config(device, tree, journal=tmp_path, retries=3, **OPTIONS)
    assert (code_of(result), result["changed"], result["saved"]) == ("state_unknown", True, False), result
    assert [entry["status"] for entry in device.ledger].count(401) == 1
    assert device.ledger[-1]["status"] == 401
    device.clear_faults()
    assert run_config(device, tree, journal=tmp_path)["saved"] is True
