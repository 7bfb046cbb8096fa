# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as changed by another source while a plan was executed."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.execute import also_changed
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical

Tree = dict[str, t.Any]
ONE = {"object-id": "1", "address": "a"}


def changed(before: Tree, desired: Tree, after: Tree, **policy: t.Any) -> list[str]:
    current = canonical(before)
    plan = make_plan(current, canonical(desired), PlanPolicy(missing="create", **policy))
    assert plan.changes
    return also_changed(current, canonical(after), plan)


@pytest.mark.parametrize(
    ("before", "desired", "after", "policy"),
    [
        ({"ntp": {"servers": []}}, {"ntp": {"servers": [ONE]}}, {"ntp": {"servers": [ONE]}}, {}),
        ({"ntp": {"servers": [ONE]}}, {"ntp": {"servers": []}}, {"ntp": {"servers": []}}, {"state": "overridden"}),
        ({"snmp": {"a": 1, "b": 2}}, {"snmp": {"a": 3}}, {"snmp": {"a": 3, "b": 2}}, {}),
    ],
)
def test_the_plan_itself_is_no_foreign_change(before: Tree, desired: Tree, after: Tree, policy: Tree) -> None:
    assert changed(before, desired, after, **policy) == []


def test_other_leaves_and_items_are_foreign_changes() -> None:
    before = {"ntp": {"servers": [], "peers": []}, "snmp": {"a": 1, "b": 2, "c": 0}}
    after = {"ntp": {"servers": [ONE, {"object-id": "2", "address": "b"}], "peers": [ONE]}, "snmp": {"a": 3, "b": 9}}
    desired = {"ntp": {"servers": [ONE]}, "snmp": {"a": 3}}
    assert changed(before, desired, after) == [
        "ntp/peers",
        "ntp/peers/1/address",
        "ntp/servers/2/address",
        "snmp/b",
        "snmp/c",
    ]
