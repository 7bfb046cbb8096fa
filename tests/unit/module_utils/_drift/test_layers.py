# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden trees laid over each other."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.layers import merge_layers
from ansible_collections.meinberg.lantime.tests.searches import examples

NAMES = st.sampled_from(["ntp", "snmp", "a", "b"])
SCALARS = st.one_of(st.integers(0, 3), st.booleans(), st.text(max_size=2), st.lists(st.integers(0, 2), max_size=2))
ITEMS = st.dictionaries(NAMES, SCALARS, max_size=2)
TABLES = st.dictionaries(NAMES, ITEMS, min_size=1, max_size=2).map(
    lambda items: [{"object-id": name, **item} for name, item in items.items()]
)
TREES = st.dictionaries(
    NAMES,
    st.recursive(st.one_of(SCALARS, TABLES), lambda below: st.dictionaries(NAMES, below, max_size=3), max_leaves=6),
    max_size=3,
)
many = settings(max_examples=examples(500), deadline=None)


def outcome(*trees: t.Any) -> t.Any:
    """The merged tree, or that there is a conflict."""
    try:
        return merge_layers(list(trees))
    except ValueError:
        return ValueError


@many
@given(TREES, TREES, TREES)
def test_the_order_of_putting_together_makes_no_difference(one: t.Any, two: t.Any, three: t.Any) -> None:
    left, right = outcome(one, two), outcome(two, three)
    together = outcome(one, two, three)
    assert together == (outcome(left, three) if left is not ValueError else ValueError)
    assert together == (outcome(one, right) if right is not ValueError else ValueError)


@many
@given(TREES)
def test_an_empty_tree_and_the_same_tree_change_nothing(tree: t.Any) -> None:
    once = outcome(tree)
    assert outcome({}, tree) == outcome(tree, {}) == outcome(tree, tree) == once


def test_the_later_one_wins_and_the_rest_stays() -> None:
    fleet = {
        "ntp": {"trust-time": 60, "servers": [{"object-id": "1", "address": "a"}]},
        "snmp": {"contact": "noc"},
    }
    hall = {
        "ntp": {"servers": {"1": {"minpoll": 6}, "2": {"address": "b"}}},
        "snmp": {"contact": "hall"},
    }
    assert merge_layers([fleet, hall]) == {
        "ntp": {
            "trust-time": 60,
            "servers": {"1": {"address": "a", "minpoll": 6}, "2": {"address": "b"}},
        },
        "snmp": {"contact": "hall"},
    }


@pytest.mark.parametrize(
    ("trees", "message"),
    [
        ([{"ntp": {"a": {"b": 1}}}, {"ntp": {"a": 1}}], "ntp/a is a value in layer 2 and a menu in one below it"),
        ([{"ntp": {"a": 1}}, {}, {"ntp": {"a": {}}}], "ntp/a is a menu in layer 3 and a value in one below it"),
        ([{"ntp": 1}, "x"], "layer 2 is not a mapping"),
        ([{"t": [{"a": 1}]}], "t is a table with an item without object-id"),
        ([{"t": [{"object-id": 1}, {"object-id": "1"}]}], "t has 1 twice"),
        (
            [{"modules": [{"slots": ["*"]}]}, {"modules": {"a": 1}}],
            "modules is a list of rules in one layer, and a part",
        ),
    ],
)
def test_conflicts_are_reported(trees: t.Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        merge_layers(trees)


def test_rules_for_modules_are_appended_in_the_order_of_the_trees() -> None:
    first, second, third = ({"slots": [name], "config": {1: name}} for name in ("a", "b", "c"))
    layers: list[dict[str, t.Any]] = [
        {"modules": [first], "ntp": {"a": 1}},
        {"ntp": {"b": 2}},
        {"modules": [second, third]},
    ]
    assert merge_layers(layers) == {"ntp": {"a": 1, "b": 2}, "modules": [first, second, third]}
    assert layers[0]["modules"] == [first]


def test_no_rules_leave_no_member() -> None:
    assert merge_layers([{"modules": []}, {"ntp": {"a": 1}}]) == {"ntp": {"a": 1}}
