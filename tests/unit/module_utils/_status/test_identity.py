# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of a device is the same in results, facts, inventory, health, journal, reports and events."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device_result import device_result
from ansible_collections.meinberg.lantime.plugins.module_utils._api.envelope import open_envelope
from ansible_collections.meinberg.lantime.plugins.module_utils._drift.entries import build_entry
from ansible_collections.meinberg.lantime.plugins.module_utils._health.evaluate import evaluate
from ansible_collections.meinberg.lantime.plugins.module_utils._health.policy import make_policy
from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts
from ansible_collections.meinberg.lantime.plugins.module_utils._status.identity import Identity, read_identity
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal, file_name
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import observe
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.variables import describe_device
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.test_sample import ENVELOPE

Tree = dict[str, t.Any]
ORDINARY = Identity("M1000", "099900000001", "ts1.example.com", "7.10.012", "20.05.012", 20, 3)

Case = tuple[dict[str, t.Any], dict[str, t.Any]]
ODD: dict[str, Case] = {
    "ordinary": ({}, {}),
    "numeric serial number": ({"serial-number": 99900000001}, {"serial_number": "99900000001"}),
    "padded serial number": ({"serial-number": " 0123 "}, {"serial_number": "0123"}),
    "serial number of the chassis": ({"serial-number": "N/A"}, {"serial_number": "099900000002"}),
    "API version with five parts": (
        {"API Version": "LANTIME REST API V20.05.013.1.2"},
        {"api_version": "20.05.013.1.2"},
    ),
    "API version without a number": ({"API Version": "V"}, {"api_version": None, "api_generation": None}),
    "firmware with v": ({"version": "v7.10.008"}, {"firmware": "7.10.008"}),
    "firmware with a suffix": ({"version": "fw_7.06.014-light"}, {"firmware": "7.06.014-light"}),
    "firmware of the factory": ({"version": "osv"}, {"firmware": "osv"}),
    "no host name": ({"hostname": "n/a"}, {"hostname": None}),
    "model without a name": ({"model": "-"}, {"model": "M1000"}),
    "count of changes in text": ({"pending-changes": "3"}, {"pending_changes": 3}),
    "no count of changes": ({"pending-changes": True}, {"pending_changes": None}),
}


def answer(changed: dict[str, t.Any]) -> Tree:
    """The answer of a device with changed members of its header."""
    tree = copy.deepcopy(ENVELOPE)
    if "API Version" in changed:
        del tree["data"]["rest-api"]
    for name, value in changed.items():
        tree["changes" if name == "pending-changes" else "system-information"][name] = value
    return tree


def opened(tree: Tree) -> t.Any:
    envelope = open_envelope(tree)
    assert envelope is not None
    return envelope


def in_results(tree: Tree) -> Tree:
    identity = opened(tree).identity
    return {**device_result(identity), "pending_changes": identity.pending_changes}


def in_facts(tree: Tree) -> Tree:
    result = facts.gather_facts(tree, frozenset({"min"}))
    minimum = result["ansible_lantime"]["min"]
    assert result["ansible_net_serialnum"] == minimum["serial_number"]
    assert result["ansible_net_hostname"] == minimum["hostname"]
    assert result["ansible_net_model"] == minimum["model"]
    assert result["ansible_net_version"] == minimum["firmware"]["version"]
    return {**minimum, "firmware": minimum["firmware"]["version"]}


def in_inventory(tree: Tree) -> Tree:
    identity, state = describe_device(tree)
    return {**identity, **state}


def in_health(tree: Tree) -> Tree:
    checks = {check["name"]: check for check in evaluate(tree, make_policy())}
    known = checks["firmware_floor"]["state"] != "unknown"
    return {
        **({"firmware": checks["firmware_floor"]["value"]} if known else {}),
        "api_version": checks["api_supported"]["value"],
        "pending_changes": checks["pending_changes"]["value"],
    }


def in_journal(tree: Tree) -> Tree:
    return dict(opened(tree).identity.as_record())


def in_events(tree: Tree) -> Tree:
    return observe(opened(tree)).identity._asdict()


def in_reports(tree: Tree) -> Tree:
    result = facts.gather_facts(tree, frozenset({"min"}))
    return t.cast("Tree", build_entry({"host": "ts1", "facts": result}, "2026-05-04T03:02:01Z")["device"])


CONSUMERS = (in_results, in_facts, in_inventory, in_health, in_journal, in_events, in_reports)


@pytest.mark.parametrize("consumer", CONSUMERS)
@pytest.mark.parametrize("case", ODD.values(), ids=ODD.keys())
def test_every_consumer_has_the_same_identity(case: Case, consumer: t.Callable[[Tree], Tree]) -> None:
    changed, expected = case
    tree = answer(changed)
    identity = ORDINARY._replace(**expected)
    assert read_identity(tree) == identity
    result = consumer(tree)
    shared = set(result) & set(Identity._fields)
    assert len(shared) >= 2
    assert {name: result[name] for name in shared} == {name: getattr(identity, name) for name in shared}


@pytest.mark.parametrize("serials", [(1, 2), ("1", 2), (1.5, 2.5)])
def test_devices_with_different_serial_numbers_have_different_journals(serials: tuple[t.Any, t.Any]) -> None:
    paths = set()
    for serial in serials:
        result = device_result(opened(answer({"serial-number": serial})).identity)
        paths.add(Journal("/tmp", result["model"], result["serial_number"]).path)
    assert len(paths) == 2


def test_a_journal_of_an_ordinary_device_keeps_its_file_name() -> None:
    result = device_result(opened(answer({})).identity)
    assert file_name(result["model"], result["serial_number"]) == "M1000_099900000001-35666b0c"


def test_answers_complete_each_other_except_in_their_counts() -> None:
    header = Identity(serial_number="1", firmware="7.10.008", pending_changes=None)
    known = Identity("M600", "1", "ts1", "7.10.007", "20.05.013", 20, 3)
    assert header.completed(known) == Identity("M600", "1", "ts1", "7.10.008", "20.05.013", 20, None)
    assert header.completed(None) == header
    assert known.completed(header) == known


@pytest.mark.parametrize("value", [None, [], "x", {"data": []}, {"system-information": [], "changes": 1, "data": 2}])
def test_an_answer_without_an_identity(value: object) -> None:
    assert read_identity(value) == Identity()


def test_texts_of_an_identity_are_bounded() -> None:
    identity = read_identity({"system-information": {"hostname": "x" * 10**6, "version": "y" * 10**6}})
    assert len(identity.hostname or "") == len(identity.firmware or "") == 256
