# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on nodes: which are refused, and which values meet them."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._api.wait_for import (
    COMPARISONS,
    REQUIRED_IF,
    WAIT_FOR_OPTIONS,
    Condition,
    is_met,
    make_conditions,
)


def item(compare: str, value: t.Any = None, path: str = "system/uptime", tree: str = "status") -> dict[str, t.Any]:
    return {"path": path, "tree": tree, "compare": compare, "value": value}


def test_a_condition_has_the_members_of_its_item() -> None:
    (condition,) = make_conditions([item("at_least", "5", "/ntp/sys/", "config")])
    assert condition == Condition("config", ("ntp", "sys"), "at_least", "5")
    assert condition.as_dict() == {"tree": "config", "path": "ntp/sys", "compare": "at_least", "value": "5"}
    (condition,) = make_conditions([item("exists")])
    assert condition.as_dict() == {"tree": "status", "path": "system/uptime", "compare": "exists"}


NO_NUMBERS: list[t.Any] = [None, "text", "", []]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (item("exists", path=""), "is not the path of a node"),
        (item("exists", path="/"), "is not the path of a node"),
        (item("exists", path="a/../b"), "is not the path of a node"),
        *[(item(compare, 1), f"{compare} takes no value") for compare in ("exists", "absent")],
        *[(item(compare, "5", "snmp/read-community"), "is a secret") for compare in COMPARISONS[:5]],
        (item("matches", "("), "the regular expression for system/uptime is invalid"),
        *[
            (item(compare, value), f"{compare} needs a number")
            for compare in ("at_least", "at_most")
            for value in NO_NUMBERS
        ],
    ],
)
def test_a_condition_that_cannot_be_met_is_refused(given: dict[str, t.Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_conditions([given])


@pytest.mark.parametrize(
    "given",
    [
        item("exists", path="snmp/read-community"),
        item("absent", path="snmp/read-community"),
        item("equals", None),
        item("equals", "("),
        item("matches", "^a|b$"),
        item("at_least", "5"),
        item("at_most", 5.5),
    ],
)
def test_a_condition_that_can_be_met_is_accepted(given: dict[str, t.Any]) -> None:
    assert len(make_conditions([given])) == 1


def test_a_value_is_required_unless_existence_is_meant() -> None:
    assert [("compare", name, ("value",)) for name in COMPARISONS if name not in ("exists", "absent")] == REQUIRED_IF


@pytest.mark.parametrize(
    ("compare", "value", "current", "expected"),
    [
        ("exists", None, 0, True),
        ("absent", None, 0, False),
        ("equals", "5", 5, True),
        ("equals", 6, 5, False),
        ("equals", True, "on", True),
        ("equals", True, "text", False),
        ("equals", {"a": 1}, {"a": 1}, True),
        ("equals", {"a": 1}, {"a": 2}, False),
        ("equals", [1, 2], [1, 2], True),
        ("equals", [{"object-id": "x"}], {"x": {}}, True),
        ("equals", "a", None, False),
        ("not_equals", "5", 5, False),
        ("not_equals", 6, 5, True),
        ("not_equals", True, "text", True),
        ("matches", "^a.c$", "abc", True),
        ("matches", "^a.c$", "abd", False),
        ("matches", "5", 456, True),
        ("matches", "true", True, True),
        ("matches", "True", True, False),
        ("matches", ".", None, False),
        ("matches", ".", {"a": 1}, False),
        ("matches", ".", ["a"], False),
        ("matches", "x$", "a" * 4095 + "x", True),
        ("matches", "x", "a" * 4096 + "x", False),
        ("at_least", 5, 5, True),
        ("at_least", 5, 4.9, False),
        ("at_least", "5", "6", True),
        ("at_least", 5, "text", False),
        ("at_least", 5, None, False),
        ("at_most", 5, 5, True),
        ("at_most", 5, 5.1, False),
        ("at_most", 5, "text", False),
        ("at_most", 5, [1], False),
    ],
)
def test_values_that_meet_a_condition(compare: str, value: t.Any, current: t.Any, expected: bool) -> None:
    assert is_met(Condition("status", ("a",), compare, value), current) is expected


@pytest.mark.parametrize("value", [True, 5, 0.5, "5", None, [1], {"a": 1}])
def test_the_value_of_an_item_keeps_its_type(value: t.Any) -> None:
    given = ArgumentSpecValidator(WAIT_FOR_OPTIONS).validate({"path": "ntp/sys", "value": value})
    assert given.error_messages == []
    assert given.validated_parameters == {"path": "ntp/sys", "tree": "status", "compare": "equals", "value": value}
    assert type(given.validated_parameters["value"]) is type(value)
