# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reviewed plan compared with what a task would do: which differences count, and how they are named."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.document import (
    PlanDocument,
    PlannedSave,
    encode_plan,
    parse_plan,
    planned_operations,
    written_secrets,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.review import (
    MAX_DIFFERENCES,
    describe_differences,
    device_differences,
    is_applied,
    is_rest_of,
    package_differences,
    pending_differences,
    plan_differences,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.tests.unit.module_utils._plan.test_document import DEVICE, EMPTY

SET = Change("set", ("ntp",), {"a": 1, "words": ["x", "y"]}, {"a": 2, "words": ["y"]})
CREATE = Change("create", ("ntp", "servers", "2"), None, {"address": "b", "below": {"port": 1}})
DELETE = Change("delete", ("ntp", "servers", "1"), {"address": "a", "below": {"port": 1}}, {})
SECRET = Change("set", ("snmp",), {"community": ""}, {"community": "canary"})
SECRETS = frozenset({("snmp", "community")})


def plan_of(*changes: Change, secrets: frozenset[tuple[str, ...]] = SECRETS) -> Plan:
    return Plan(changes, secrets=secrets)


def reviewed(*changes: Change) -> PlanDocument:
    """A plan as its file says it."""
    plan = plan_of(*changes)
    return parse_plan(encode_plan(EMPTY._replace(operations=planned_operations(plan), secrets=written_secrets(plan))))


EVERYTHING = (CREATE, SET, SECRET, DELETE)


def test_the_same_plan_has_no_difference() -> None:
    assert plan_differences(reviewed(*EVERYTHING), plan_of(*EVERYTHING)) == []
    assert plan_differences(reviewed(), plan_of()) == []


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        (1, 1.0, True),
        (0.1 + 0.2, 0.3, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        (0, "", False),
        ("1", 1, False),
        ("1.0", "1", False),
        ([1, 2], [1.0, 2.0], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ([{"a": 1}], [{"a": 1.0}], True),
        ({"a": {"b": 1}}, {"a": {"b": 1.0}}, True),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 1}}, False),
        (10**299, 10**299, True),
        (10**299, 10**298, False),
        ("\u202e", "\\u202e", False),
    ],
)
@pytest.mark.parametrize("side", ["before", "after"])
def test_values_are_compared_as_those_of_the_device(old: t.Any, new: t.Any, is_same: bool, side: str) -> None:
    sides: list[dict[str, t.Any]] = [{side: {"a": value}} for value in (old, new)]
    first, second = (SET._replace(**each) for each in sides)
    found = plan_differences(reviewed(first), plan_of(second))
    assert (found == []) is is_same
    if not is_same:
        assert found[0].reviewed[side] == {"a": old}
        assert found[0].current[side] == {"a": new}


def test_a_number_beyond_the_range_of_floats_is_a_difference() -> None:
    huge = SET._replace(after={"a": 10**400})
    assert len(plan_differences(reviewed(SET._replace(after={"a": 1.5})), plan_of(huge))) == 1


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ((SET,), (), "ntp would no longer be changed"),
        ((), (SET,), "ntp was not to be changed"),
        ((SET,), (SET._replace(before={**(SET.before or {}), "a": 5}),), "ntp/a was 1 and is 5 now"),
        ((SET,), (SET._replace(after={**SET.after, "a": 3}),), "ntp/a was to become 2 and would become 3 now"),
        ((SET,), (SET._replace(before={"a": 1}, after={"a": 2}),), "ntp/words would no longer be changed"),
        ((SET._replace(before={"a": 1}, after={"a": 2}),), (SET,), "ntp/words was not to be changed"),
        (
            (SET._replace(before={}),),
            (SET,),
            "ntp/a was not set and is 1 now",
        ),
        (
            (DELETE,),
            (DELETE._replace(action="set", after={"a": 1}),),
            "ntp/servers/1 was to be changed with delete, now with set",
        ),
        ((SET, DELETE), (DELETE, SET), "the operations have another order"),
        ((SET, SET), (SET,), "the operations have another order"),
        ((SECRET,), (), "snmp would no longer be changed; the secret snmp/community would no longer be changed"),
        ((), (SECRET,), "snmp was not to be changed; the secret snmp/community was not to be changed"),
        ((SECRET,), (SECRET._replace(before={"community": "****"}),), 'snmp/community was "" and is "********" now'),
        (
            (SECRET,),
            (SECRET._replace(after={"community": ""}),),
            'snmp/community was to become "********" and would become "" now',
        ),
    ],
)
def test_differences_are_named(old: tuple[Change, ...], new: tuple[Change, ...], text: str) -> None:
    assert describe_differences(plan_differences(reviewed(*old), plan_of(*new))) == text


def test_another_value_of_a_secret_is_no_difference() -> None:
    assert plan_differences(reviewed(SECRET), plan_of(SECRET._replace(after={"community": "another"}))) == []


def test_a_value_that_is_secret_by_now_is_not_shown() -> None:
    contact = Change("set", ("snmp",), {"contact": "old-canary"}, {"contact": "new-canary"})
    document = reviewed(contact)
    now = plan_of(contact, secrets=frozenset({("snmp", "contact")}))
    found = plan_differences(document, now, ["snmp/contact"])
    assert found
    assert "canary" not in describe_differences(found) + json.dumps([each.as_dict() for each in found])


def test_hostile_texts_are_short_and_printable() -> None:
    name = "\x1b[2J" + "n" * 500
    long = SET._replace(before={name: "\u202e" + "x" * 5000})
    found = plan_differences(reviewed(long), plan_of(SET))
    assert len(describe_differences(found)) < 500
    assert describe_differences(found).isprintable()
    assert len(json.dumps(found[0].as_dict())) < 2000


def test_only_the_first_differences_are_in_the_sentence() -> None:
    changes = [SET._replace(path=("ntp", f"m{number}")) for number in range(MAX_DIFFERENCES + 10)]
    found = plan_differences(reviewed(*changes), plan_of())
    assert len(found) == MAX_DIFFERENCES + 10
    assert describe_differences(found).endswith("ntp/m2 would no longer be changed; and 57 more")


@pytest.mark.parametrize("name", ["serial_number", "model", "firmware"])
def test_another_device_is_a_difference(name: str) -> None:
    (found,) = device_differences(reviewed(), {**DEVICE, name: "other"})
    assert found.as_dict() == {"kind": "device", "path": name, "reviewed": DEVICE[name], "current": "other"}
    assert (
        device_differences(reviewed(), {**DEVICE, "hostname": "renamed", "api_version": "1", "api_generation": 1}) == []
    )


# -- applied before


def device(servers: t.Any, community: str = "****", **members: t.Any) -> dict[str, t.Any]:
    return {"ntp": {**members, "servers": servers}, "snmp": {"community": community}}


APPLIED = device({"2": CREATE.after}, a=2.0, words=["y"])


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (APPLIED, True),
        (device({"2": CREATE.after}, a=1, words=["y"]), False),
        (device({"2": CREATE.after}, a=3, words=["y"]), False),
        (device({}, a=2, words=["y"]), False),
        (device({"1": {"address": "a"}, "2": CREATE.after}, a=2, words=["y"]), False),
        (device({"2": CREATE.after}, a=2, words=["y"], community=""), False),
        ({"ntp": APPLIED["ntp"]}, False),
        ({"snmp": APPLIED["snmp"]}, False),
        ({}, False),
    ],
)
def test_a_plan_is_applied_if_the_device_shows_all_of_it(current: dict[str, t.Any], expected: bool) -> None:
    assert is_applied(reviewed(*EVERYTHING), current) is expected


def test_of_a_secret_its_presence_shows() -> None:
    assert is_applied(reviewed(SECRET), {"snmp": {"community": "****"}})
    assert not is_applied(reviewed(SECRET), {"snmp": {"community": ""}})


def test_a_deleted_item_of_a_section_that_was_not_read_is_not_applied() -> None:
    assert not is_applied(reviewed(DELETE), {"snmp": {}})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (EVERYTHING, True),
        ((DELETE, CREATE), True),
        ((), True),
        ((SET._replace(after={"a": 2}),), True),
        ((SET._replace(before={"a": 7}, after={"a": 2.0}),), True),
        ((SET._replace(after={"a": 3}),), False),
        ((SET._replace(after={"b": 2}),), False),
        ((SET._replace(path=("snmp",)),), False),
        ((DELETE._replace(path=("ntp", "servers", "3")),), False),
    ],
)
def test_the_rest_of_a_plan_writes_nothing_else(changes: tuple[Change, ...], expected: bool) -> None:
    assert is_rest_of(reviewed(*EVERYTHING), plan_of(*changes)) is expected


# -- what is saved


@pytest.mark.parametrize(
    ("was", "now", "is_same"),
    [(0, 0, True), (2, 2, True), (2, 1, True), (None, None, True), (None, 3, True), (0, 1, False), (0, None, False)],
)
def test_more_unsaved_changes_than_reviewed_are_a_difference(was: int | None, now: int | None, is_same: bool) -> None:
    old, new = PlannedSave(("ntp",), was), PlannedSave(("ntp",), now)
    assert package_differences(old, new) == []
    assert pending_differences(old._replace(packages=()), new._replace(packages=())) == []
    assert (pending_differences(old, new) == []) == is_same
    for difference in pending_differences(old, new):
        assert difference.as_dict() == {"kind": "save", "path": "pending_changes", "reviewed": was, "current": now}
        number = "an unknown number" if now is None else now
        assert str(difference) == (
            f"the save would include the unsaved changes of the device, which were {was} and are {number} now"
        )


def test_other_packages_are_a_difference() -> None:
    old, new = PlannedSave(("ntp", "snmp"), 0), PlannedSave(("all",), 0)
    (difference,) = package_differences(old, new)
    assert difference.as_dict() == {"kind": "save", "path": "packages", "reviewed": ["ntp", "snmp"], "current": ["all"]}
    assert str(difference) == "the packages to be saved were ntp, snmp and are all now"
    (difference,) = package_differences(old._replace(packages=()), new)
    assert str(difference) == "the packages to be saved were none and are all now"


# -- what only a reader of the plan sees


def test_an_impact_that_the_reviewer_did_not_see_is_a_difference() -> None:
    """Values that differ in nothing else may have another meaning to this version of the collection, or the file was edited."""
    path = ("chassis0", "slots", "io1", "outputs", "1")
    plan = plan_of(Change("set", path, {"enabled": False}, {"enabled": True}))
    document = reviewed(*plan.changes)
    assert plan_differences(document, plan) == []
    (operation,) = document.operations
    silent = {name: value for name, value in operation.items() if name != "impact"}
    (difference,) = plan_differences(document._replace(operations=(silent,)), plan)
    assert str(difference) == "chassis0/slots/io1/outputs/1 had no impact and has an impact on timing now"
    assert difference.as_dict()["reviewed"] == {"action": "set", "before": {}, "after": {}, "impact": None}
    assert difference.as_dict()["current"] == {"action": "set", "before": {}, "after": {}, "impact": "timing"}


@pytest.mark.parametrize("name", ["ts2", None])
def test_a_device_without_a_serial_number_is_known_by_its_name(name: str | None) -> None:
    unknown = {**DEVICE, "serial_number": None}
    document = EMPTY._replace(device=unknown)
    assert device_differences(document, unknown) == []
    (difference,) = device_differences(document, {**unknown, "hostname": name})
    assert difference.as_dict() == {"kind": "device", "path": "hostname", "reviewed": "ts1", "current": name}
    assert device_differences(EMPTY, {**DEVICE, "hostname": name}) == []
