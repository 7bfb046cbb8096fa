# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a plan stands on a device, and what undoes it."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.rollback import (
    AFTER,
    BEFORE,
    FOREIGN,
    MIXED,
    UNCLEAR,
    change_state,
    is_equivalent,
    leaf_states,
    needed_secrets,
    project,
    remaining_changes,
    rollback_plan,
    unfinished_leaves,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

ITEM = ("snmp", "table", "i3")
SECRET = (*ITEM, "below", "password")


@pytest.mark.parametrize("content", [{}, {"below": {}}, {"below": {"password": ""}}])
def test_an_item_that_the_device_did_not_create_is_unfinished(content: dict[str, t.Any]) -> None:
    change = Change("create", ITEM, None, content)
    secrets = frozenset({SECRET})
    assert [d.path for d in unfinished_leaves([change], {"snmp": {"table": {}}}, secrets)] == [ITEM]
    assert unfinished_leaves([change], {"snmp": {"table": {"i3": content}}}, secrets) == []


DEVICE: dict[str, t.Any] = {
    "security": {"users": [{"object-id": "ansible", "level": "admin"}, {"object-id": "guest", "level": "info"}]},
    "ntp": {"servers": [{"object-id": "1", "address": "a", "community": "****"}]},
}
COMMUNITY = ("ntp", "servers", "1", "community")
CHANGES = (
    Change(
        "set", ("ntp", "servers", "1"), {"address": "a", "community": "****"}, {"address": "b", "community": "canary"}
    ),
    Change("create", ("ntp", "servers", "2"), None, {"address": "c"}),
    Change("delete", ("security", "users", "guest"), {"level": "info"}, {}),
)


def test_the_state_of_changes_and_their_rollback_plan() -> None:
    secrets = frozenset({COMMUNITY})
    before = canonical(DEVICE).value
    assert change_state(CHANGES, before, secrets) == BEFORE
    assert rollback_plan(CHANGES, before, secrets, True).changes == ()
    after = canonical(DEVICE).value
    after["ntp"]["servers"]["1"]["address"] = "b"
    assert change_state(CHANGES, after, secrets) == MIXED
    assert [c.action for c in remaining_changes(CHANGES, after, secrets)] == ["create", "delete"]
    after["ntp"]["servers"]["2"] = {"address": "c", "filled-by-device": 1}
    del after["security"]["users"]["guest"]
    assert change_state(CHANGES, after, secrets) == AFTER
    assert unfinished_leaves(CHANGES, after, secrets) == []
    plan = rollback_plan(CHANGES, after, secrets, False)
    assert [(c.action, c.path[-1]) for c in plan.changes] == [
        ("create", "guest"),
        ("delete", "2"),
        ("set", "1"),
    ]
    assert plan.changes[2].after == {"address": "a"}
    assert plan.lost == (COMMUNITY,)
    after["ntp"]["servers"]["1"]["address"] = "somebody's"
    assert change_state(CHANGES, after, secrets) == FOREIGN
    assert rollback_plan(CHANGES, after, secrets, False).foreign == (("ntp", "servers", "1", "address"),)
    assert rollback_plan(CHANGES, after, secrets, True).foreign == ()


# -- every kind of change in every state

SET = Change("set", ("ntp",), {"a": 1, "words": ["x", "y"]}, {"a": 2, "words": ["y", "z"]})
CREATE = Change("create", ("ntp", "servers", "2"), None, {"address": "c", "below": {"port": 1}})
DELETE = Change("delete", ("ntp", "servers", "1"), {"address": "a", "password": "****"}, {})
NAME = Change("set", ("ntp",), {}, {"new": "x"})
NONE: frozenset[tuple[str, ...]] = frozenset()


def ntp(servers: dict[str, t.Any] | None = None, **members: t.Any) -> dict[str, t.Any]:
    return {"ntp": {**members, "servers": servers or {}}}


CREATED = {"address": "c", "below": {"port": 1}}


@pytest.mark.parametrize(
    ("change", "now", "states"),
    [
        (SET, ntp(a=1, words=["x", "y"]), [BEFORE, BEFORE]),
        (SET, ntp(a=2, words=["z", "y"]), [AFTER, AFTER]),
        (SET, ntp(a="2", words=["x", "y"]), [AFTER, BEFORE]),
        (SET, ntp(a=3, words=[]), [FOREIGN, FOREIGN]),
        (SET, ntp(), [FOREIGN, FOREIGN]),
        (CREATE, ntp(), [BEFORE]),
        (CREATE, ntp({"2": CREATED}), [AFTER]),
        (CREATE, ntp({"2": {**CREATED, "more": 1}}), [AFTER]),
        (CREATE, ntp({"2": {"address": "c"}}), [FOREIGN]),
        (CREATE, ntp({"2": {"address": "d", "below": {"port": 1}}}), [FOREIGN]),
        (CREATE, ntp({"2": 5}), [FOREIGN]),
        (DELETE, ntp({"1": {"address": "a", "password": "****"}}), [BEFORE]),
        (DELETE, ntp({"1": {"address": "a"}}), [BEFORE]),
        (DELETE, ntp({"1": {"address": "b", "password": "****"}}), [FOREIGN]),
        (DELETE, ntp(), [AFTER]),
        (NAME, ntp(), [BEFORE]),
        (NAME, ntp(new="x"), [AFTER]),
        (NAME, ntp(new="y"), [FOREIGN]),
    ],
)
def test_the_state_of_each_leaf(change: Change, now: dict[str, t.Any], states: list[str]) -> None:
    assert list(leaf_states(change, now, NONE).values()) == states


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([BEFORE], BEFORE),
        ([AFTER, AFTER], AFTER),
        ([BEFORE, AFTER], MIXED),
        ([BEFORE, FOREIGN], FOREIGN),
        ([AFTER, FOREIGN, "secret"], FOREIGN),
        (["secret"], UNCLEAR),
        (["secret", AFTER], AFTER),
        (["secret", BEFORE], BEFORE),
        ([], UNCLEAR),
    ],
)
def test_the_state_of_several_changes(states: list[str], whole: str) -> None:
    """A change for each state; the former value is 1, the desired one is 2."""
    shown = {BEFORE: 1, AFTER: 2, FOREIGN: 3, "secret": "****"}
    changes = [Change("set", (f"s{n}",), {"a": 1}, {"a": 2}) for n in range(len(states))]
    now = {f"s{n}": {"a": shown[state]} for n, state in enumerate(states)}
    secrets = frozenset((f"s{n}", "a") for n, state in enumerate(states) if state == "secret")
    assert change_state(changes, now, secrets) == whole


@pytest.mark.parametrize(
    ("former", "wanted", "current", "state"),
    [
        (["a", "b"], ["b", "a"], ["a", "b"], BEFORE),
        (["a", "b"], ["b", "a"], ["b", "a"], AFTER),
        (["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"], FOREIGN),
        (["a"], ["b", "a"], ["a", "b"], AFTER),
        (["a", "b"], ["c", "a"], ["a", "c"], AFTER),
        (None, ["b", "a"], ["a", "b"], AFTER),
    ],
)
def test_the_order_of_a_list_matters_if_it_is_all_that_changes(
    former: t.Any, wanted: t.Any, current: t.Any, state: str
) -> None:
    before = {} if former is None else {"words": former}
    change = Change("set", ("ntp",), before, {"words": wanted})
    assert leaf_states(change, {"ntp": {"words": current}}, NONE) == {("ntp", "words"): state}
    assert bool(unfinished_leaves([change], {"ntp": {"words": current}}, NONE)) is (state != AFTER)


@pytest.mark.parametrize(
    ("change", "now", "differences"),
    [
        (SET, ntp(a=2, words=["y", "z"]), []),
        (SET, ntp(a=1, words=["y", "z"]), [("ntp/a", 2, 1)]),
        (SET, ntp(a=3), [("ntp/a", 2, 3), ("ntp/words", ["y", "z"], None)]),
        (CREATE, ntp({"2": CREATED}), []),
        (
            CREATE,
            ntp(),
            [("ntp/servers/2/address", "c", None), ("ntp/servers/2/below/port", 1, None)],
        ),
        (CREATE, ntp({"2": {**CREATED, "address": "d"}}), [("ntp/servers/2/address", "c", "d")]),
        (DELETE, ntp(), []),
        (DELETE, ntp({"1": {}}), [("ntp/servers/1", None, "there")]),
        (NAME, ntp(new="x"), []),
        (NAME, ntp(), [("ntp/new", "x", None)]),
    ],
)
def test_every_unfinished_leaf_is_named(
    change: Change, now: dict[str, t.Any], differences: list[tuple[str, t.Any, t.Any]]
) -> None:
    shown = [d.as_dict() for d in unfinished_leaves([change], now, NONE)]
    assert [(d["path"], d["wanted"], d["shown"]) for d in shown] == differences


@pytest.mark.parametrize("secrets", [frozenset({("ntp", "password")}), NONE], ids=["named", "masked"])
@pytest.mark.parametrize(
    ("wanted", "current", "is_finished"),
    [("canary", "****", True), ("", "****", False), (None, "****", False)],
)
def test_of_a_masked_secret_only_its_presence_is_compared(
    wanted: t.Any, current: t.Any, is_finished: bool, secrets: frozenset[tuple[str, ...]]
) -> None:
    assert_presence(wanted, current, is_finished, secrets)


@pytest.mark.parametrize(
    ("wanted", "current", "is_finished"),
    [
        ("canary", "", False),
        ("canary", None, False),
        ("canary", "other", True),
        ("", "", True),
        (None, "", True),
        ("", None, True),
    ],
)
def test_of_a_named_secret_only_its_presence_is_compared(wanted: t.Any, current: t.Any, is_finished: bool) -> None:
    assert_presence(wanted, current, is_finished, frozenset({("ntp", "password")}))


def assert_presence(wanted: t.Any, current: t.Any, is_finished: bool, secrets: frozenset[tuple[str, ...]]) -> None:
    change = Change("set", ("ntp",), {"password": "****"}, {"password": wanted})
    unfinished = unfinished_leaves([change], {"ntp": {"password": current}}, secrets)
    assert [(d.wanted, d.shown) for d in unfinished] == ([] if is_finished else [("********", "********")])


def test_a_secret_that_the_device_does_not_show_is_unfinished() -> None:
    secrets = frozenset({("ntp", "password")})
    for wanted, expected in (("canary", 1), ("", 0), (None, 0)):
        change = Change("set", ("ntp",), {}, {"password": wanted})
        assert len(unfinished_leaves([change], {"ntp": {}}, secrets)) == expected


@pytest.mark.parametrize(
    ("change", "now", "remaining"),
    [
        (SET, ntp(a=1, words=["y", "z"]), [Change("set", ("ntp",), {"a": 1}, {"a": 2})]),
        (SET, ntp(a=2, words=["y", "z"]), []),
        (SET, ntp(a=3, words=["x", "y"]), [Change("set", ("ntp",), {"words": ["x", "y"]}, {"words": ["y", "z"]})]),
        (CREATE, ntp(), [CREATE]),
        (CREATE, ntp({"2": CREATED}), []),
        (DELETE, ntp({"1": {"address": "a", "password": "****"}}), [DELETE]),
        (DELETE, ntp(), []),
        (NAME, ntp(), [Change("set", ("ntp",), {}, {"new": "x"})]),
    ],
)
def test_what_remains_of_a_change(change: Change, now: dict[str, t.Any], remaining: list[Change]) -> None:
    assert list(remaining_changes([change], now, NONE)) == remaining


@pytest.mark.parametrize(
    ("change", "now", "needed"),
    [
        (Change("create", ITEM, None, {"below": {"password": "canary"}}), {"snmp": {"table": {}}}, True),
        (Change("create", ITEM, None, {"below": {"password": ""}}), {"snmp": {"table": {}}}, False),
        (Change("create", ITEM, None, {"below": {"password": None}}), {"snmp": {"table": {}}}, False),
        (
            Change("create", ITEM, None, {"below": {"password": "canary"}}),
            {"snmp": {"table": {"i3": {"below": {"password": "****"}}}}},
            False,
        ),
        (
            Change("create", ITEM, None, {"below": {"password": "canary"}}),
            {"snmp": {"table": {"i3": {"below": {}}}}},
            True,
        ),
        (Change("set", (*ITEM, "below"), {"password": ""}, {"password": "canary"}), {"snmp": {}}, True),
        (
            Change("set", (*ITEM, "below"), {"password": ""}, {"password": "canary"}),
            {"snmp": {"table": {"i3": {"below": {"password": ""}}}}},
            True,
        ),
        (
            Change("set", (*ITEM, "below"), {"password": ""}, {"password": "canary"}),
            {"snmp": {"table": {"i3": {"below": {"password": "****"}}}}},
            False,
        ),
    ],
)
def test_secrets_that_completion_needs(change: Change, now: dict[str, t.Any], needed: bool) -> None:
    assert needed_secrets([change], now, frozenset({SECRET})) == ([SECRET] if needed else [])
    assert needed_secrets([change], now, NONE) == []


# -- rollback plans


def undo(change: Change, now: dict[str, t.Any], just_sent: bool = True) -> tuple[list[Change], list[str], list[str]]:
    plan = rollback_plan([change], now, secrets_of(change), just_sent)
    return list(plan.changes), ["/".join(p) for p in plan.foreign], ["/".join(p) for p in plan.lost]


def secrets_of(change: Change) -> frozenset[tuple[str, ...]]:
    return frozenset((*change.path, name) for name in {**(change.before or {}), **change.after} if "password" in name)


def test_an_item_is_created_again_without_its_masked_secret() -> None:
    below = {"password": "****", "port": 1, "list": ["****"]}
    delete = Change("delete", ITEM, {"address": "a", "password": "****", "below": below}, {})
    again = Change("create", ITEM, None, {"address": "a", "below": {"port": 1, "list": ["****"]}})
    lost = ["snmp/table/i3/password", "snmp/table/i3/below/password"]
    assert undo(delete, {"snmp": {"table": {}}}) == ([again], [], lost)
    assert undo(delete, {"snmp": {"table": {"i3": delete.before}}}) == ([], [], [])


@pytest.mark.parametrize(
    ("change", "now", "just_sent", "expected"),
    [
        (SET, ntp(a=2, words=["y", "z"]), True, ([Change("set", ("ntp",), SET.after, SET.before or {})], [], [])),
        (SET, ntp(a=1, words=["x", "y"]), True, ([], [], [])),
        (
            SET,
            ntp(a=3, words=["x", "y"]),
            True,
            ([Change("set", ("ntp",), {"a": 2}, {"a": 1})], [], []),
        ),
        (SET, ntp(a=3, words=["x", "y"]), False, ([], ["ntp/a"], [])),
        (NAME, ntp(), True, ([], [], [])),
        (NAME, ntp(new="x"), True, ([], [], ["ntp/new"])),
        (NAME, ntp(new="x"), False, ([], [], ["ntp/new"])),
        (CREATE, ntp(), True, ([], [], [])),
        (CREATE, ntp({"2": CREATED}), True, ([Change("delete", CREATE.path, CREATED, {})], [], [])),
        (
            CREATE,
            ntp({"2": {"address": "x"}}),
            True,
            ([Change("delete", CREATE.path, {"address": "x"}, {})], [], []),
        ),
        (CREATE, ntp({"2": {"address": "x"}}), False, ([], ["ntp/servers/2"], [])),
        (DELETE, ntp({"1": {"address": "x"}}), True, ([], ["ntp/servers/1"], [])),
        (
            DELETE,
            ntp(),
            True,
            ([Change("create", DELETE.path, None, {"address": "a"})], [], ["ntp/servers/1/password"]),
        ),
    ],
)
def test_what_undoes_a_change(change: Change, now: dict[str, t.Any], just_sent: bool, expected: t.Any) -> None:
    assert undo(change, now, just_sent) == expected


@pytest.mark.parametrize(
    ("before", "now", "changes", "lost"),
    [
        ("", "****", [Change("set", ("ntp",), {"password": "canary"}, {"password": ""})], []),
        ("", "", [], []),
        ("****", "****", [], ["ntp/password"]),
    ],
)
def test_a_secret_that_was_empty_is_emptied_again(
    before: str, now: str, changes: list[Change], lost: list[str]
) -> None:
    change = Change("set", ("ntp",), {"password": before}, {"password": "canary"})
    assert undo(change, {"ntp": {"password": now}}) == (changes, [], lost)


@pytest.mark.parametrize(
    ("change", "now", "after"),
    [
        (SET, ntp(a=1, words=["x", "y"]), ntp(a=2, words=["y", "z"])),
        (SET, ntp(a=3, words=["x", "y"]), ntp(a=3, words=["y", "z"])),
        (CREATE, ntp(a=1), ntp({"2": CREATED}, a=1)),
        (CREATE, ntp({"2": {"address": "x"}}), ntp({"2": {"address": "x"}})),
        (DELETE, ntp({"1": {"address": "a"}, "3": {}}), ntp({"3": {}})),
        (NAME, ntp(), ntp(new="x")),
        (Change("create", ("new", "table", "1"), None, {"a": 1}), {}, {"new": {"table": {"1": {"a": 1}}}}),
    ],
)
def test_the_tree_after_changes_that_are_not_shown_yet(
    change: Change, now: dict[str, t.Any], after: dict[str, t.Any]
) -> None:
    copied = copy.deepcopy(now)
    assert project([change], now, secrets_of(change)) == after
    assert now == copied


@pytest.mark.parametrize(
    ("wanted", "current", "expected"),
    [(1, 1, True), ("1", 1, True), (True, "on", True), (True, "auto", False), (1, 2, False), (["a"], ["a"], True)],
)
def test_values_that_mean_the_same(wanted: t.Any, current: t.Any, expected: bool) -> None:
    assert is_equivalent(wanted, current) is expected
