# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of plan files: what is written is read again as it was, and nothing else is read."""

from __future__ import annotations

import json
import typing as t

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._plan import document
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.document import (
    PlanDocument,
    PlanError,
    PlannedSave,
    encode_plan,
    parse_plan,
    planned_operations,
    written_secrets,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.tests.paths import PLAN_SCHEMA, read_json
from ansible_collections.meinberg.lantime.tests.unit.module_utils._plan.plans import Tree, cases

SCHEMA = jsonschema.Draft202012Validator(read_json(PLAN_SCHEMA))
DEVICE: Tree = {
    "model": "M600",
    "serial_number": "0123456789",
    "hostname": "ts1",
    "firmware": "7.10.008",
    "api_version": "20.05.013",
    "api_generation": 20,
}
CHANGES = (
    Change("create", ("ntp", "servers", "2"), None, {"address": "b", "key": "canary"}),
    Change("set", ("ntp",), {"a": 1, "words": ["x"]}, {"a": 2.5, "words": []}),
    Change("delete", ("ntp", "servers", "1"), {"address": "a", "below": {"port": None}}, {}),
)
PLAN = Plan(CHANGES, secrets=frozenset({("ntp", "servers", "2", "key")}))
EMPTY = PlanDocument("2.0.0", "2026-11-27T09:00:00Z", (), "192.0.2.1", DEVICE)
FULL = EMPTY._replace(
    golden_files=("base.yml",),
    operations=planned_operations(PLAN),
    secrets=written_secrets(PLAN),
    secrets_kept=("snmp/community",),
    not_applicable=({"path": "ntp/nts", "reason": "the device does not have it"},),
    unfinished="partial",
    save=PlannedSave(("ntp", "snmp"), 3),
    modules_resolved=({"rule": 1, "conditions": "", "modules": [], "config": {}, "replaced": []},),
    inventory_hostname="ts1",
)
ODD_VALUES: list[t.Any] = [
    None,
    [],
    {},
    [None, [1, {"a": []}]],
    "",
    "line\nfeed\t\x00\x1b[2J\x7f\x9b",
    "\u202eright to left\u2028",
    "\U0001f552 \u00e9\u20ac",
    "\ud800",
    "\\x1b and \\u202e",
    "{{ lookup('pipe', 'id') }}",
    True,
    0,
    -0.0,
    10**40,
    -(10**200),
    1e-300,
    1.7976931348623157e308,
    0.1 + 0.2,
]


def edited(members: Tree) -> bytes:
    """A plan with other members and a checksum that fits."""
    content = {**json.loads(encode_plan(FULL)), **members}
    content = {name: value for name, value in content.items() if value is not ... and name != "checksum"}
    return json.dumps({**content, "checksum": document._checksum(content)}).encode()


@pytest.mark.parametrize("plan", [EMPTY, FULL])
def test_a_plan_is_read_as_it_was_written(plan: PlanDocument) -> None:
    content = encode_plan(plan)
    assert parse_plan(content) == plan
    assert encode_plan(parse_plan(content)) == content
    assert [error.message for error in SCHEMA.iter_errors(json.loads(content))] == []


def test_members_without_content_are_left_out() -> None:
    assert {"inventory_hostname", "modules_resolved", "unfinished"} & set(json.loads(encode_plan(EMPTY))) == set()


@pytest.mark.parametrize("value", ODD_VALUES)
def test_values_of_devices_stay_exact(value: t.Any) -> None:
    change = Change("set", ("ntp",), {"a": value}, {"a": value})
    content = encode_plan(EMPTY._replace(operations=planned_operations(Plan((change,)))))
    (operation,) = parse_plan(content).operations
    assert repr(operation["before"]["a"]) == repr(operation["after"]["a"]) == repr(value)
    assert all(byte in b"\n" or 0x20 <= byte < 0x7F for byte in content), "a control character is in the file"


def test_names_with_a_meaning_to_ansible_are_disarmed() -> None:
    item = Change("delete", ("ntp", "servers", "1"), {"__ansible_type": "Vault"}, {})
    content = encode_plan(EMPTY._replace(operations=planned_operations(Plan((item,)))))
    assert b"__ansible" not in content
    assert parse_plan(content).operations[0]["before"] == {"\\x5f_ansible_type": "Vault"}


@given(cases())
def test_every_plan_is_read_as_it_was_written(case: tuple[Tree, Tree, str]) -> None:
    device, wanted, state = case
    plan = make_plan(canonical(device), canonical(wanted), PlanPolicy(state, missing="create", rewrite_secrets=True))
    written = EMPTY._replace(operations=planned_operations(plan), secrets=written_secrets(plan))
    content = encode_plan(written)
    assert parse_plan(content) == written
    assert b"new-1" not in content
    assert b"new-2" not in content
    read = parse_plan(content)
    assert [(c.action, c.path) for c in read.changes] == [(c.action, c.path) for c in plan.changes]
    assert [error.message for error in SCHEMA.iter_errors(json.loads(content))] == []


def test_secrets_are_paths_without_values() -> None:
    assert FULL.secrets == ("ntp/servers/2/key",)
    assert b"canary" not in encode_plan(FULL)
    assert FULL.secret_leaves == {("ntp", "servers", "2", "key")}
    only_before = Plan((CHANGES[1],), secrets=frozenset({("ntp", "elsewhere")}))
    assert written_secrets(only_before) == ()


# -- broken files

WHOLE = encode_plan(FULL)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is not JSON, or it was cut"),
        (WHOLE[:-3], "it is not JSON, or it was cut"),
        (WHOLE[: len(WHOLE) // 2], "it is not JSON, or it was cut"),
        (WHOLE + b"{}", "it is not JSON, or it was cut"),
        (b"ntp:\n  a: 1\n", "it is not JSON, or it was cut"),
        (b"[]", "it is not a plan of meinberg.lantime"),
        (b"null", "it is not a plan of meinberg.lantime"),
        (b'{"format": "meinberg.lantime.report", "version": 2}', "it is not a plan of meinberg.lantime"),
        (WHOLE.decode().encode("utf-16"), "it is not UTF-8 text"),
        (WHOLE.replace(b'"ts1"', b'"\xff"'), "it is not UTF-8 text"),
        (WHOLE.replace(b'"a": 1', b'"a": 1, "a": 1'), "it has a name twice in one object"),
        (WHOLE.replace(b'"a": 1', b'"a": NaN'), "it holds NaN, which is no number"),
        (WHOLE.replace(b'"a": 1', b'"a": -Infinity'), "it holds -Infinity, which is no number"),
        (WHOLE.replace(b'"a": 1', b'"a": 1e999'), "it holds a number that is too large"),
        (WHOLE.replace(b'"a": 1', b'"a": ' + b"9" * 301), "it has a number of more than 300 digits"),
        (WHOLE.replace(b'"a": 1', b'"a": 3'), "its checksum does not match its content, so it was edited or cut"),
        (WHOLE.replace(b"sha256:", b"sha512:"), "its checksum does not match its content, so it was edited or cut"),
        (WHOLE.replace(b'"a": 1', b'"a": ' + b"[" * 100 + b"]" * 100), "it is nested deeper than 80 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "it is nested deeper than 80 levels"),
        (b'{"a":' * 100_000, "it is nested deeper than 80 levels"),
        (
            edited({"format": 2}),
            "its format is 2, and this version of the collection reads 1 only",
        ),
        (edited({"format": 2, "new": 1}), "its format is 2, and this version of the collection reads 1 only"),
    ],
)
def test_a_broken_file_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(PlanError) as raised:
        parse_plan(content)
    assert str(raised.value) == reason


WRONG: list[Tree] = [
    {"format": "1"},
    {"format": True},
    {"format": 1.0},
    {"format": 0},
    {"format": ...},
    {"kind": "meinberg.lantime.backup"},
    {"kind": ...},
    {"more": 1},
    {"collection_version": None},
    {"made_at": 5},
    {"golden_files": "base.yml"},
    {"golden_files": [1]},
    {"host": ...},
    {"device": []},
    {"device": {}},
    {"device": {**DEVICE, "model": 600}},
    {"device": {**DEVICE, "api_generation": True}},
    {"device": {**DEVICE, "more": 1}},
    {"operations": {}},
    {"operations": [None]},
    {"save": ...},
    {"save": None},
    {"save": {"packages": []}},
    {"save": {"packages": "ntp", "pending_changes": 0}},
    {"save": {"packages": [1], "pending_changes": 0}},
    {"save": {"packages": [], "pending_changes": "0"}},
    {"save": {"packages": [], "pending_changes": True}},
    {"save": {"packages": [], "pending_changes": -1}},
    {"save": {"packages": [], "pending_changes": 0, "more": 1}},
    {"secrets": {"a": 1}},
    {"secrets_kept": [[]]},
    {"not_applicable": ["a"]},
    {"modules_resolved": [1]},
    {"unfinished": "done"},
    {"inventory_hostname": 1},
]
OPERATION = planned_operations(PLAN)[1]
WRONG_OPERATIONS: list[Tree] = [
    {"id": "1"},
    {"id": True},
    {"handler": None},
    {"action": "command"},
    {"action": ["set"]},
    {"path": ""},
    {"path": "/"},
    {"path": ["ntp"]},
    {"before": []},
    {"after": None},
    {"impact": 1},
    {"state": "waiting"},
]


@pytest.mark.parametrize("members", [*WRONG, *({"operations": [{**OPERATION, **wrong}]} for wrong in WRONG_OPERATIONS)])
def test_a_member_of_another_form_is_refused(members: Tree) -> None:
    with pytest.raises(
        PlanError, match=r"it is not a plan|it does not say|it has no member|unknown member|has not the form"
    ):
        parse_plan(edited(members))


def test_an_operation_without_a_member_is_refused() -> None:
    for name in OPERATION:
        less = {key: value for key, value in OPERATION.items() if key != name}
        with pytest.raises(PlanError, match="its member operations has not the form of a plan"):
            parse_plan(edited({"operations": [less]}))


@given(st.integers(0, len(WHOLE) - 2), st.integers(0, 255))
def test_no_changed_byte_gets_through(position: int, byte: int) -> None:
    """Unless it changes the white space between members only."""
    content = WHOLE[:position] + bytes([byte]) + WHOLE[position + 1 :]
    try:
        read = parse_plan(content)
    except PlanError:
        return
    assert read == FULL


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_refused(value: t.Any) -> None:
    with pytest.raises(PlanError):
        parse_plan(json.dumps(value).encode())


def test_a_byte_order_mark_is_accepted() -> None:
    assert parse_plan(b"\xef\xbb\xbf" + WHOLE) == FULL
