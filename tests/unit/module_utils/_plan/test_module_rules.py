# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for modules: their conditions, the tree that they give, contradictions, and rules that do not apply."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.slots import read_slots
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.module_rules import (
    ResolvedRules,
    parse_rules,
    resolve_rules,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical

Node = dict[str, t.Any]

FITTED = {
    "clk1": ("clk", "gns182"),
    "clk2": ("clk", "pzf183"),
    "io1": ("io", "hps100"),
    "io2": ("io", "liu"),
    "io3": ("io", None),
    "pwr1": ("pwr", "psu"),
}
FIRMWARE = "7.10.008"
ALL = ["clk1", "clk2", "io1", "io2", "pwr1"]


def slots_of_device() -> list[Node]:
    table = [
        {"object-id": name, "slot-type": kind, **({"module": {"info": {"model": model}}} if model else {})}
        for name, (kind, model) in FITTED.items()
    ]
    return read_slots({"data": {"chassis0": {"slots": table}}})


def resolve(*rules: Node, config: Node | None = None, firmware: str | None = FIRMWARE) -> ResolvedRules:
    given = [{"config": {"module": {"mode": "on"}}, **rule} for rule in rules]
    return resolve_rules(parse_rules(given), canonical(config or {}), slots_of_device(), firmware, ["*/*/*/*/hidden"])


def refusal(*rules: Node, config: Node | None = None, firmware: str | None = FIRMWARE) -> LantimeError:
    with pytest.raises(LantimeError) as caught:
        resolve(*rules, config=config, firmware=firmware)
    return caught.value


def value_in(resolved: ResolvedRules, slot: str) -> t.Any:
    return resolved.tree.value["chassis0"]["slots"][slot]["module"]


def wants(slot: str, value: t.Any, name: str = "mode", **more: t.Any) -> Node:
    return {"slots": [slot], "config": {"module": {name: value}}, **more}


CONDITIONS: list[tuple[Node, list[str]]] = [
    ({"families": ["GNS"]}, ["clk1"]),
    ({"families": ["gns", "ims-pzf"]}, ["clk1", "clk2"]),
    ({"families": ["dcf77"]}, ["clk2"]),
    ({"families": ["FDM"]}, []),
    ({"models": ["pzf183"]}, ["clk2"]),
    ({"models": ["PZF*", "hps?00"]}, ["clk2", "io1"]),
    ({"slots": ["io*"]}, ["io1", "io2"]),
    ({"slots": ["IO1", "clk?"]}, ["clk1", "clk2", "io1"]),
    ({"slots": ["io3"]}, []),
    ({"families": ["GNS"], "slots": ["clk2"]}, []),
    ({"families": ["GNS"], "slots": ["clk*"], "models": ["gns*"], "firmware": ">=7.10"}, ["clk1"]),
    ({"firmware": ">=7.10"}, ALL),
]


@pytest.mark.parametrize(("rule", "expected"), CONDITIONS)
def test_a_rule_applies_to_modules_that_fulfill_all_conditions(rule: Node, expected: list[str]) -> None:
    resolved = resolve(rule)
    slots = resolved.tree.value.get("chassis0", {}).get("slots", {})
    assert slots == {name: {"module": {"mode": "on"}} for name in expected}
    assert [slot["slot"] for applied in resolved.applied for slot in applied.slots] == expected
    reasons = [] if expected else ["the device has no such module"]
    assert [reason for dummy, reason in resolved.not_applicable] == reasons


# firmware of the device, comparison, whether it is fulfilled
FIRMWARES = [
    ("7.10.008", ">=7.10", True),
    ("fw_7.10.008-light", ">= 7.10", True),
    ("7.10.008", ">=7.10.9", False),
    ("7.10.008", ">=7.10.8", True),
    ("7.9.100", ">=7.10", False),
    ("7.10.008", ">7.10", False),
    ("7.11", ">7.10", True),
    ("7.10.008", "<=7.10", True),
    ("7.10.008", "<7.10", False),
    ("7.06.017-light", "<7.10", True),
    ("7.10.008", "==7.10", True),
    ("7.10.008", "==7.10.7", False),
    ("7.10.008", "!=7.10", False),
    ("7.08.011", ">=7.06, <7.10", True),
    ("7.10.008", ">=7.06, <7.10", False),
    ("8.1", ">=7.10.8", True),
    ("7", ">=7.0.1", False),
]


@pytest.mark.parametrize(("firmware", "wanted", "is_fulfilled"), FIRMWARES)
def test_the_firmware_of_the_device_is_compared_by_numbers(firmware: str, wanted: str, is_fulfilled: bool) -> None:
    resolved = resolve({"firmware": wanted}, firmware=firmware)
    assert bool(resolved.applied) is is_fulfilled
    assert bool(resolved.not_applicable) is not is_fulfilled


def test_the_reason_names_the_firmware_of_the_device_and_the_wanted_one() -> None:
    resolved = resolve({"slots": ["*"], "firmware": ">=7.10,<8"}, firmware="7.08.011")
    ((rule, reason),) = resolved.not_applicable
    assert reason == "the firmware of the device is 7.08.011, not >=7.10, <8"
    assert rule.title == "rule 1 (slots *; firmware >=7.10, <8)"


@pytest.mark.parametrize("firmware", [None, "osv", ""])
def test_an_unknown_firmware_fulfills_no_comparison(firmware: str | None) -> None:
    resolved = resolve({"slots": ["*"], "firmware": "!=7.10"}, firmware=firmware)
    assert [reason for dummy, reason in resolved.not_applicable] == ["the firmware version of the device is unknown"]
    assert resolve({"slots": ["*"]}, firmware=firmware).applied


def test_rules_add_to_the_tree_and_to_each_other_and_leave_the_given_tree_unchanged() -> None:
    config = {"ntp": {"a": 1}, "chassis0": {"slots": [{"object-id": "clk1", "module": {"mode": "on", "x": 1}}]}}
    before = copy.deepcopy(config)
    resolved = resolve(
        {"slots": ["clk*"]},
        wants("clk1", {"b": 2}, "menu"),
        wants("clk1", {"c": 3}, "menu"),
        wants("io1", [{"object-id": "o1", "on": True}], "outputs"),
        wants("io1", {"o2": {"on": False}}, "outputs"),
        config=config,
    )
    assert config == before
    assert resolved.tree.value["ntp"] == {"a": 1}
    assert value_in(resolved, "clk1") == {"mode": "on", "x": 1, "menu": {"b": 2, "c": 3}}
    assert value_in(resolved, "io1") == {"outputs": {"o1": {"on": True}, "o2": {"on": False}}}
    assert ("chassis0", "slots", "io1", "module", "outputs") in resolved.tree.tables


def test_the_tree_of_a_rule_is_not_shared_between_slots() -> None:
    resolved = resolve({"slots": ["clk*"], "config": {"module": {"menu": {}}}}, wants("clk1", {"b": 2}, "menu"))
    assert value_in(resolved, "clk2") == {"menu": {}}


IN_CONFIG: Node = {"chassis0": {"slots": {"clk1": {"module": {"mode": "off"}}}}}
PATH = "chassis0/slots/clk1/module/mode"
# rules, config, both sides as the message names them
CONFLICTS: list[tuple[list[Node], Node, str]] = [
    ([wants("clk1", 1), wants("clk*", 2)], {}, "rule 1 (slots clk1) wants 1, rule 2 (slots clk*) wants 2"),
    ([wants("clk1", "on")], IN_CONFIG, 'config wants "off", rule 1 (slots clk1) wants "on"'),
    ([wants("clk1", 1), wants("clk1", True)], {}, "rule 1 (slots clk1) wants 1, rule 2 (slots clk1) wants true"),
    ([wants("clk1", {"a": 1}), wants("clk1", 2)], {}, "rule 1 (slots clk1) wants a menu, rule 2 (slots clk1) wants 2"),
    (
        [wants("clk1", [1, 2]), wants("clk1", [2])],
        {},
        "rule 1 (slots clk1) wants [1, 2], rule 2 (slots clk1) wants [2]",
    ),
    (
        [wants("clk1", 1), wants("clk1", 2, override=True), wants("clk1", 3)],
        {},
        "rule 2 (slots clk1) wants 2, rule 3 (slots clk1) wants 3",
    ),
]


@pytest.mark.parametrize(("rules", "config", "text"), CONFLICTS)
def test_different_values_for_one_setting_are_an_error_that_names_both(
    rules: list[Node], config: Node, text: str
) -> None:
    error = refusal(*rules, config=config)
    assert (error.code, error.path, error.what) == ("rule_conflict", PATH, text)


def test_all_contradictions_are_listed() -> None:
    first, second = ({"slots": ["clk1"], "config": {"module": dict.fromkeys("abcdefghijkl", n)}} for n in (1, 2))
    error = refusal(first, second)
    assert len(error.extra["problems"]) == 12
    assert error.extra["problems"][0]["path"] == "chassis0/slots/clk1/module/a"
    assert error.what.endswith("; and 2 more")


@pytest.mark.parametrize("name", ["password", "hidden"])
def test_a_contradiction_of_secrets_names_no_value(name: str) -> None:
    error = refusal(wants("clk1", "canary-one", name), wants("clk1", "canary-two", name))
    assert "canary" not in str(error)
    assert "canary" not in str(error.extra)


SAME: list[tuple[t.Any, t.Any]] = [(1, 1.0), ("a", "a"), ([1], [1]), ([], {}), ({"a": 1}, {"a": 1})]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_values_are_no_contradiction(one: t.Any, other: t.Any) -> None:
    assert value_in(resolve(wants("clk1", one), wants("clk1", other)), "clk1") == {"mode": one}


def test_a_later_rule_with_override_wins_over_config_and_former_rules() -> None:
    resolved = resolve(wants("clk1", 1), wants("clk2", 2), wants("clk*", 9, override=True), wants("clk2", 9))
    assert (value_in(resolved, "clk1"), value_in(resolved, "clk2")) == ({"mode": 9}, {"mode": 9})
    assert [len(applied.replaced) for applied in resolved.applied] == [0, 0, 2, 0]
    replaced = resolve(wants("clk1", "on", override=True), config=IN_CONFIG)
    assert value_in(replaced, "clk1") == {"mode": "on"}
    assert replaced.applied[0].replaced == (tuple(PATH.split("/")),)


def test_override_of_a_former_rule_only_if_the_later_rule_says_so() -> None:
    assert refusal(wants("clk1", 1, override=True), wants("clk1", 2)).code == "rule_conflict"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"families": ["FDM"]}, "the device has no such module"),
        ({"slots": ["clk1"], "firmware": ">=7.12"}, "the firmware of the device is 7.10.008, not >=7.12"),
    ],
)
def test_a_required_rule_that_does_not_apply_is_an_error(rule: Node, reason: str) -> None:
    error = refusal({"slots": ["clk1"]}, {**rule, "when_absent": "fail"})
    assert error.code == "module_absent"
    assert error.what.startswith("rule 2 (")
    assert error.what.endswith(reason)
    assert resolve({**rule, "when_absent": "ignore"}).not_applicable


INVALID: list[tuple[Node, str]] = [
    ({}, "no condition"),
    ({"families": []}, "empty list"),
    ({"slots": ["*"], "config": {}}, "empty config"),
    ({"families": ["PFZ"]}, "did you mean PZF"),
    ({"families": ["gnss"]}, "did you mean GNS"),
    ({"firmware": "7.10"}, "not a comparison"),
    ({"firmware": ">=7.10,"}, "not a comparison"),
    ({"firmware": "=>7.10"}, "the operators are"),
    ({"firmware": ">=seven"}, "not a comparison"),
    ({"firmware": ""}, "empty"),
]


@pytest.mark.parametrize(("rule", "text"), INVALID)
def test_an_invalid_rule_is_refused_with_its_number(rule: Node, text: str) -> None:
    error = refusal({"slots": ["*"]}, rule)
    assert error.code == "option"
    assert error.what.startswith("rule 2 of modules ")
    assert text in error.what


def test_a_slot_whose_name_is_no_name_is_refused_before_anything_is_written() -> None:
    name = "../../write"
    slot = {"object-id": name, "slot-type": "io", "module": {"info": {"model": "hps100"}}}
    chassis = {"chassis0": {"slots": [slot]}}
    rules = parse_rules([{"families": ["HPS"], "config": {"module": {"mode": 1}}}])
    resolved = resolve_rules(rules, canonical({}), read_slots({"data": chassis}), FIRMWARE)
    with pytest.raises(LantimeError) as caught:
        make_plan(canonical(chassis), resolved.tree, PlanPolicy())
    assert caught.value.code == "hostile_name"
