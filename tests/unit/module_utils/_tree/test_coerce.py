# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversion of desired values: every word of a switch, numbers at their limits, lists, and what is refused."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._tree.coerce import (
    SWITCH_WORDS,
    MismatchError,
    coerce,
    describe_value,
    has_same_members,
    is_empty_item,
    is_finite,
    is_free_text,
    is_same,
)

NAN, INFINITY = float("nan"), float("inf")
LARGEST = 1e300


def assert_exact(value: t.Any, expected: t.Any) -> None:
    """Assert equality of value and type."""
    assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize("current", [True, False])
@pytest.mark.parametrize(
    ("desired", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        *[(word, True) for on, _off in SWITCH_WORDS for word in (on, on.upper(), f" {on} ")],
        *[(word, False) for _on, off in SWITCH_WORDS for word in (off, off.upper(), f" {off} ")],
    ],
)
def test_a_switch_takes_every_word(desired: t.Any, expected: bool, current: bool) -> None:
    assert coerce(desired, current) is expected


@pytest.mark.parametrize("desired", [2, -1, 1.0, 0.0, "", "2", "onn", "enable", [], {}])
def test_a_switch_takes_nothing_else(desired: t.Any) -> None:
    for current in (True, False):
        with pytest.raises(MismatchError):
            coerce(desired, current)


@pytest.mark.parametrize(("on", "off"), SWITCH_WORDS)
@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.capitalize])
def test_a_word_of_a_switch_keeps_the_spelling_of_the_device(
    on: str, off: str, spelling: t.Callable[[str], str]
) -> None:
    for current in (on, off):
        shown = spelling(current)
        assert_exact(coerce(True, shown), spelling(on))
        assert_exact(coerce(False, shown), spelling(off))
        if on != "1":
            for desired in (on, "yes", "TRUE", "1"):
                assert_exact(coerce(desired, shown), spelling(on))
            for desired in (off, "no", "FALSE", "0"):
                assert_exact(coerce(desired, shown), spelling(off))


@pytest.mark.parametrize("desired", ["on", "yes", "off", "auto", "2"])
def test_a_digit_of_a_text_is_not_taken_for_a_switch(desired: str) -> None:
    assert_exact(coerce(desired, "1"), desired)
    assert_exact(coerce(desired, "0"), desired)


def test_white_space_around_a_word_of_the_device_is_kept_if_the_word_stays() -> None:
    assert_exact(coerce(True, " on "), " on ")
    assert_exact(coerce(False, " on "), "off")


@pytest.mark.parametrize("current", ["ENABLED", "enabled", "on", 7, 0.5, True, "text", ""])
def test_null_is_refused(current: t.Any) -> None:
    with pytest.raises(MismatchError, match="null"):
        coerce(None, current)


@pytest.mark.parametrize("desired", [True, False, 0, 1, 0.5, "on", "", "text"])
def test_a_name_without_a_value_takes_every_scalar(desired: t.Any) -> None:
    assert_exact(coerce(desired, None), desired)


@pytest.mark.parametrize(
    ("desired", "current", "expected"),
    [
        (True, 0, 1),
        (False, 1, 0),
        (True, 1, 1),
        ("7", 1, 7),
        (" 7 ", 1, 7),
        ("-7", 1, -7),
        ("+7", 1, 7),
        ("7.0", 1, 7),
        (7.0, 1, 7),
        (7.5, 1, 7.5),
        (".5", 1, 0.5),
        ("5.", 1, 5),
        ("1e3", 1, 1000),
        ("1E-3", 1.0, 0.001),
        (3, 1.5, 3),
        (3.0, 1.5, 3.0),
        (3.0, 3, 3),
        (3, 3.0, 3.0),
        ("12345678901234567", 1, 12345678901234567),
        (10**18, 1, 10**18),
        ("1000000000000000000", 1.0, 1e18),
        ("999999999999999999", 1, 999999999999999999),
    ],
)
def test_a_number_takes_numbers_and_their_texts(desired: t.Any, current: t.Any, expected: t.Any) -> None:
    assert_exact(coerce(desired, current), expected)


@pytest.mark.parametrize(
    ("desired", "current"),
    [
        (True, 2),
        (False, -1),
        (True, 0.5),
        ("", 1),
        ("on", 1),
        ("1,5", 1),
        ("0x10", 1),
        ("1e1000", 1),
        ("nan", 1),
        (NAN, 1),
        (INFINITY, 1),
        (-INFINITY, 1.5),
        (LARGEST, 1),
        (-LARGEST, 1.5),
        ("1e300", 1),
        ("9" * 41, 1),
        ({}, 1),
    ],
)
def test_a_number_takes_nothing_else(desired: t.Any, current: t.Any) -> None:
    with pytest.raises(MismatchError, match="the device has a number here"):
        coerce(desired, current)


@pytest.mark.parametrize(
    ("desired", "current", "expected"),
    [
        ("new", "old", "new"),
        ("", "old", ""),
        ("7", "5", "7"),
        (7, "5", "7"),
        (7.5, "5", "7.5"),
        (5, "5", "5"),
        (5.0, "5", "5"),
        (5, "5.00", "5.00"),
        (1e-7, "0.5", "0.0000001"),
        (-2, "+2", "-2"),
    ],
)
def test_a_text_takes_texts_and_numbers_where_it_is_a_number(desired: t.Any, current: str, expected: str) -> None:
    assert_exact(coerce(desired, current), expected)


@pytest.mark.parametrize(
    ("desired", "current"),
    [(7, "text"), (7, ""), (True, "text"), (False, ""), (True, "5"), (NAN, "5"), (INFINITY, "5"), (LARGEST, "5")],
)
def test_a_text_takes_no_value_that_yaml_did_not_read_as_text(desired: t.Any, current: str) -> None:
    with pytest.raises(MismatchError, match="quote"):
        coerce(desired, current)


@pytest.mark.parametrize(
    ("desired", "current", "expected"),
    [
        ([], ["a"], []),
        (["b", "a"], ["a", "b"], ["b", "a"]),
        ([1, "0"], [True, True], [True, False]),
        (["1", "2", "3"], [5, 6], [1, 2, 3]),
        ([1], [], [1]),
        (["7", "on"], [1, False], [7, True]),
    ],
)
def test_a_list_takes_the_types_of_the_device(desired: t.Any, current: t.Any, expected: t.Any) -> None:
    result = coerce(desired, current)
    assert [(type(item), item) for item in result] == [(type(item), item) for item in expected]


@pytest.mark.parametrize(
    ("desired", "current", "message"),
    [
        (["a"], "a", "a single value here, not a list"),
        ([], None, "a single value here, not a list"),
        ("a", ["a"], 'a list here, not "a"'),
        ({}, ["a"], "a list here, not a mapping"),
        (None, ["a"], "a list here, not null"),
        ([["a"]], ["a"], "no object-id"),
        ([{}], ["a"], "no object-id"),
        (["a"], [{}], "no object-id"),
        (["a"], [["a"]], "no object-id"),
        ([None], ["a"], "null"),
    ],
)
def test_lists_that_do_not_match_are_refused(desired: t.Any, current: t.Any, message: str) -> None:
    with pytest.raises(MismatchError, match=message):
        coerce(desired, current)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (True, True, True),
        (True, 1, False),
        (0, False, False),
        (1, 1.0, True),
        (0.1 + 0.2, 0.3, True),
        (1.0, 1.000001, False),
        ("1", 1, False),
        ("a", "a", True),
        ("a", "b", False),
        (None, None, True),
        (None, "", False),
        ([1, 2], [1.0, 2], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 2], False),
        ([], [], True),
        ([], None, False),
    ],
)
def test_equality_ignores_rounding_but_no_type(one: t.Any, other: t.Any, expected: bool) -> None:
    assert [is_same(*pair) for pair in ((one, other), (other, one))] == [expected, expected]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 2], [2, 1, 2], True),
        ([1, 2, 2], [2, 1, 1], False),
        ([1], [1, 1], False),
        ([], [], True),
        ([True], [1], False),
        ("ab", ["a", "b"], False),
        (["a", "b"], "ab", False),
        (None, None, False),
    ],
)
def test_members_of_lists_in_any_order(one: t.Any, other: t.Any, expected: bool) -> None:
    assert has_same_members(one, other) is expected


def test_kinds_of_values() -> None:
    assert [is_free_text(value) for value in ("text", "", "5", "-.5e3", "On", " yes ", 5, True, None, ["text"])] == [
        True,
        *[False] * 9,
    ]
    infinite: list[t.Any] = [NAN, INFINITY, [1, NAN], {"a": {"b": [-INFINITY]}}]
    finite: list[t.Any] = [0, 1.5, "nan", None, [1, "a"], {"a": {"b": []}}, True]
    assert [is_finite(value) for value in (*infinite, *finite)] == [False] * len(infinite) + [True] * len(finite)
    assert is_empty_item({"address": "", "minpoll": 6, "on": "enabled", "below": {"a": "5"}}) is True
    assert is_empty_item({"address": "", "below": {"a": "text"}}) is False
    assert is_empty_item({}) is True


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true (YAML reads on, off, yes and no as truth values too)"),
        (False, "false (YAML reads on, off, yes and no as truth values too)"),
        ({}, "a mapping"),
        ([], "a list"),
        (None, "null"),
        (5, '"5"'),
        ("x" * 40, '"' + "x" * 40 + '"'),
        ("x" * 41, "a text"),
        ("a\nb", "a text"),
    ],
)
def test_description_of_a_value(value: t.Any, text: str) -> None:
    assert describe_value(value) == text
