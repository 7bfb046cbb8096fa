# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canonical form, paths, coercion."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, value_at
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.coerce import MismatchError, coerce, is_same
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import nest, path_of, text_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.floats(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc-", min_size=1, max_size=4), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"object-id": st.sampled_from("abc"), "v": inner}), max_size=3)
    ),
    max_leaves=12,
)


def test_a_table_is_a_mapping_by_object_id_and_a_list_of_scalars_stays() -> None:
    tree = canonical({"object-id": "network", "ports": [{"object-id": "lan0", "speed": 1}], "dns": ["a", "b"]})
    assert tree.value == {"ports": {"lan0": {"speed": 1}}, "dns": ["a", "b"]}
    assert tree.tables == {("ports",)}


def test_a_mapping_whose_items_repeat_their_key_is_a_table_too() -> None:
    tree = canonical({"lan0": {"object-id": "lan0", "speed": 1}}, ("network", "ports"))
    assert tree.tables == {("network", "ports")}
    assert tree.value == {"lan0": {"speed": 1}}


@pytest.mark.parametrize(
    "items",
    [
        [{"object-id": "a"}, {"object-id": "a"}],
        [{"object-id": "a"}, {"speed": 1}],
        [{"object-id": True}],
        [{"object-id": "a"}, 5],
    ],
)
def test_items_that_are_ambiguous_are_named(items: list[t.Any]) -> None:
    assert canonical({"ports": items}).ambiguous == {("ports",)}


def test_a_name_that_yaml_made_a_truth_value_is_refused() -> None:
    with pytest.raises(LantimeError, match="quote names"):
        canonical({"display": {True: 1}})


def test_numbers_as_names_are_taken_as_text() -> None:
    assert canonical({"external-servers": {1: {"key": 2}}}).value == {"external-servers": {"1": {"key": 2}}}


@given(JSON)
def test_canonical_form_is_idempotent(value: t.Any) -> None:
    once = canonical(value).value
    assert canonical(once).value == once


@given(st.permutations([{"object-id": n, "v": n} for n in "abcd"]))
def test_the_order_of_a_table_means_nothing(items: list[t.Any]) -> None:
    assert canonical(items).value == canonical([{"object-id": n, "v": n} for n in "abcd"]).value


@given(st.lists(st.text("abc-", min_size=1, max_size=4), max_size=5))
def test_paths_round_trip(parts: list[str]) -> None:
    path = tuple(parts)
    assert path_of("/" + text_of(path) + "/") == path
    if path:
        assert value_at(nest(path, 7), path) == 7


@pytest.mark.parametrize(
    ("desired", "current", "result"),
    [
        ("1000", 1000, 1000),
        (1000, "1000", "1000"),
        (100, "1000", "100"),
        ("1e-6", 0.000001, 0.000001),
        (1e-6, "0.000001", "0.000001"),
        (2e-6, "0.000001", "0.000002"),
        (0.00015, 0.00014999999999999999, 0.00014999999999999999),
        (10.0, 12, 10),
        (True, True, True),
        ("on", False, True),
        ("disabled", True, False),
        (1, False, True),
        (True, "enabled", "enabled"),
        (False, "enabled", "disabled"),
        (True, "off", "on"),
        (True, 0, 1),
        (True, "0", "1"),
        (False, "True", "False"),
        ("auto", "on", "auto"),
        ("text", None, "text"),
        (None, None, None),
        ([1, "2"], ["1", "3"], ["1", "2"]),
        ([5], [], [5]),
        (["5"], [1, 2], [5]),
    ],
)
def test_values_take_the_type_of_the_device(desired: t.Any, current: t.Any, result: t.Any) -> None:
    assert is_same(coerce(desired, current), result)


@pytest.mark.parametrize(
    ("desired", "current", "says"),
    [
        (True, "auto", "quote"),
        (True, "ts1", "quote"),
        (123, "ts1", "quote"),
        (5, "", "quote"),
        (True, 7, "number"),
        ("auto", 7, "number"),
        ("maybe", True, "switch"),
        (7, True, "switch"),
        (None, "ts1", "null"),
        ([1], "1", "single value"),
        ("1", ["1"], "list"),
        ([{"a": 1}], [1], "object-id"),
    ],
)
def test_what_would_be_a_guess_is_refused(desired: t.Any, current: t.Any, says: str) -> None:
    with pytest.raises(MismatchError, match=says):
        coerce(desired, current)


SCALARS = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-9, 9) | st.text(max_size=6)


@given(SCALARS, SCALARS)
def test_coercion_is_idempotent(desired: t.Any, current: t.Any) -> None:
    try:
        once = coerce(desired, current)
    except MismatchError:
        return
    assert is_same(coerce(once, once), once)
    assert is_same(coerce(current, current), current)
