# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another client changed in the sections of a plan while it was executed."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.execute import also_changed
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import Tree
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

BEFORE: dict[str, t.Any] = {
    "ntp": {"a": 1, "b": "x", "servers": {"1": {"address": "a"}, "2": {"address": "b"}}},
    "snmp": {"contact": ""},
}
CHANGES = (
    Change("set", ("ntp",), {"a": 1}, {"a": 2}),
    Change("create", ("ntp", "servers", "3"), None, {"address": "c"}),
    Change("delete", ("ntp", "servers", "2"), {"address": "b"}, {}),
)


def tree(value: dict[str, t.Any]) -> Tree:
    return Tree(value, frozenset(), frozenset())


@pytest.mark.parametrize(
    ("ntp", "paths"),
    [
        ({"a": 2}, []),
        ({"a": 3}, []),
        ({"a": 2, "b": "y"}, ["ntp/b"]),
        ({"a": 2, "b": "y", "new": 1}, ["ntp/b", "ntp/new"]),
        ({"a": 2, "servers": {"1": {"address": "z"}, "3": {"address": "c", "more": 1}}}, ["ntp/servers/1/address"]),
        ({"a": 2, "servers": {"1": {}, "3": {}}}, ["ntp/servers/1/address"]),
        ({"a": 2, "servers": {"1": {"address": "a"}, "30": {"address": "x"}}}, ["ntp/servers/30/address"]),
    ],
)
def test_leaves_that_the_plan_does_not_name(ntp: dict[str, t.Any], paths: list[str]) -> None:
    after = {**BEFORE, "ntp": {**BEFORE["ntp"], **ntp}}
    assert also_changed(tree(BEFORE), tree(after), Plan(CHANGES)) == paths


@pytest.mark.parametrize(("former", "current"), [(1, 1.0), ("1", 1), ("on", True), (True, "on")])
def test_another_form_of_the_same_value_is_no_change(former: t.Any, current: t.Any) -> None:
    assert also_changed(tree({"ntp": {"x": former}}), tree({"ntp": {"x": current}}), Plan(CHANGES)) == []


def test_nothing_is_changed_in_equal_trees() -> None:
    assert also_changed(tree(BEFORE), tree(BEFORE), Plan(())) == []
