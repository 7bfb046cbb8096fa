# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transactions with a token that ends meanwhile, also while new connections reach another device.

A token is fetched with a PUT that changes nothing. It proves no identity, and its failure leaves no write unclear.
"""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_facts, lantime_probe
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, run_in_process
from ansible_collections.meinberg.lantime.tests.reliability.rig import (
    Meanwhile,
    code_of,
    run_config,
    running,
    startup,
)

Tree = dict[str, t.Any]

TREE: Tree = {"ntp": {"local-clock": {"stratum": 7}}, "snmp": {"contact": "noc"}}
GET_TOKEN = "/api/get-token"
# Requests of the task on one device: the token, 2 GETs, 2 GETs, 2 PUTs, 2 GETs, 2 saves, 2 GETs.
FIRST_PUT, SAVE = 6, 10


@pytest.fixture
def pair(fleet: SharedFleet) -> tuple[t.Any, t.Any]:
    for name in ("ts1", "ts2"):
        fleet[name].set_dialect(command_seconds=0)
    return fleet["ts1"], fleet["ts2"]


def assert_identified_before_writes(device: t.Any) -> None:
    """Assert that a GET was answered over each connection before a write was sent over it."""
    identified: set[int] = set()
    for entry in device.ledger:
        if entry["method"] == "GET" and entry["status"] == 200:
            identified.add(entry["connection"])
        elif entry["write"]:
            assert entry["connection"] in identified, entry


def assert_no_exchange_first(device: t.Any) -> None:
    """Assert that, after the first one, no connection begins with the exchange for a token."""
    first = {entry["connection"]: entry for entry in reversed(list(device.ledger))}
    later = sorted(first)[1:]
    assert [first[number]["path"] for number in later if first[number]["path"] == GET_TOKEN] == []


@pytest.mark.parametrize("nth", range(FIRST_PUT - 1, SAVE + 2))
def test_a_token_of_one_device_writes_to_no_other(pair: tuple[t.Any, t.Any], tmp_path: Path, nth: int) -> None:
    one, other = pair
    former = running(other), startup(other)
    one.add_fault("swap", device=other.name, nth=nth)
    one.add_fault("close-after-answer", nth=nth)
    result = run_config(one, TREE, journal=tmp_path, auth="token", verify_grace=1.0)
    assert (running(other), startup(other)) == former
    assert [entry["path"] for entry in other.ledger if entry["write"]] == []
    assert_identified_before_writes(one)
    assert (code_of(result), result["changed"]) == (
        ("conflict", False) if nth < FIRST_PUT else ("state_unknown", True)
    ), result["msg"]
    assert one.serial in result["msg"]
    assert other.serial in result["msg"]


@pytest.mark.parametrize("path", ["/api/config/ntp", "/api/config/snmp", "/api/write"])
def test_a_write_that_is_refused_while_the_connection_moves(
    pair: tuple[t.Any, t.Any], tmp_path: Path, path: str
) -> None:
    """The token ends, and the connection with it: the write is not repeated on what answers then."""
    one, other = pair
    former = running(other), startup(other)
    one.add_fault("status", status=401, method="PUT", path=path, times=1, nth=1)
    one.add_fault("swap", device=other.name, method="PUT", path=path, nth=1)
    with Meanwhile(one, lambda device: device.accounts.drop_tokens(reboot=True), "PUT", path):
        one.add_fault("close-after-answer", method="PUT", path=path, nth=1)
        result = run_config(one, TREE, journal=tmp_path, auth="token", verify_grace=1.0)
    assert (running(other), startup(other)) == former
    assert [entry["path"] for entry in other.ledger if entry["write"]] == []
    assert_no_exchange_first(one)
    assert_identified_before_writes(one)
    if len(other.ledger) > 0:
        assert code_of(result) == "state_unknown", result["msg"]
        assert other.serial in result["msg"]
        assert next(iter(other.ledger))["method"] == "GET"


@pytest.mark.parametrize("path", ["/api/config/ntp", "/api/config/snmp", "/api/write"])
def test_a_token_that_ends_is_renewed_over_an_identified_connection(
    pair: tuple[t.Any, t.Any], tmp_path: Path, path: str
) -> None:
    device = pair[0]
    with Meanwhile(device, lambda inner: inner.accounts.drop_tokens(reboot=True), "PUT", path):
        device.add_fault("close-after-answer", method="PUT", path=path, nth=1)
        result = run_config(device, TREE, journal=tmp_path, auth="token")
    assert (code_of(result), result["saved"]) == (None, True)
    assert running(device)["snmp"]["contact"] == startup(device)["snmp"]["contact"] == "noc"
    assert [entry["path"] for entry in device.ledger].count(GET_TOKEN) == 2
    assert_no_exchange_first(device)
    assert_identified_before_writes(device)


@pytest.mark.parametrize("path", ["/api/config/ntp", "/api/config/snmp"])
def test_an_exchange_without_answer_leaves_no_write_unclear(
    pair: tuple[t.Any, t.Any], tmp_path: Path, path: str
) -> None:
    device = pair[0]
    former = running(device)
    device.add_fault("close-before-answer", method="PUT", path=GET_TOKEN, nth=2)
    with Meanwhile(device, lambda inner: inner.accounts.drop_tokens(reboot=True), "PUT", path):
        result = run_config(device, TREE, journal=tmp_path, auth="token")
    assert (code_of(result), result["changed"]) == ("disconnected", False), result["msg"]
    assert running(device) == former
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.parametrize("module", [lantime_facts, lantime_probe])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_device_that_ends_after_the_exchange_is_unreachable(
    pair: tuple[t.Any, t.Any], module: t.Any, nth: int
) -> None:
    device = pair[0]
    device.add_fault("close-before-answer", nth=nth, times=1000)
    result = run_in_process(device, module, auth="token", retries=0).result
    assert (result.get("unreachable"), result["changed"]) == (True, False), result["msg"]
    assert device.ledger.writes == 0
