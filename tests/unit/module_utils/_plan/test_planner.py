# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: examples, and properties over generated devices."""

from __future__ import annotations

import copy
import math
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.render import render_diff, render_operations
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical, leaves, value_at
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import changed_leaves
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.coerce import MismatchError, coerce, is_same
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import Path
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import MASK

DEVICE: dict[str, t.Any] = {
    "network": {
        "hostname": "ts1",
        "ports": [
            {"object-id": "lan0", "link-mode": "auto", "bonding-group": 0},
            {"object-id": "lan1", "link-mode": "auto"},
        ],
    },
    "ntp": {
        "local-clock": {"stratum": 12, "disabled": False},
        "trusted-keys": "1 2",
        "external-servers": [],
    },
    "snmp": {"read-community": "****", "write-community": "", "contact": "noc"},
    "lists": {"servers": ["a", "b"]},
}


def plan_for(desired: dict[str, t.Any], policy: PlanPolicy = PlanPolicy(), device: t.Any = None) -> Plan:  # noqa: B008
    return make_plan(canonical(DEVICE if device is None else device), canonical(desired), policy)


def applied(device: t.Any, plan: Plan) -> t.Any:
    """The canonical device after a plan, by an apply of the test's own."""
    tree = copy.deepcopy(canonical(device).value)
    for change in plan.changes:
        node = tree
        for name in change.path:
            node = node.setdefault(name, {}) if node.get(name) != [] else node.update({name: {}}) or node[name]
        node.update(copy.deepcopy(change.after))
    return tree


def test_one_change_a_menu_with_changed_names_only() -> None:
    plan = plan_for({"ntp": {"local-clock": {"stratum": "10", "disabled": False}, "trusted-keys": "1 2"}})
    assert [(c.action, c.path, c.before, c.after) for c in plan.changes] == [
        ("set", ("ntp", "local-clock"), {"stratum": 12}, {"stratum": 10})
    ]


def test_both_forms_of_a_table_mean_the_same() -> None:
    as_list = plan_for({"network": {"ports": [{"object-id": "lan0", "link-mode": "fd-100mbit"}]}})
    as_mapping = plan_for({"network": {"ports": {"lan0": {"link-mode": "fd-100mbit"}}}})
    assert as_list == as_mapping
    assert as_list.changes[0].path == ("network", "ports", "lan0")


def test_the_network_goes_last() -> None:
    plan = plan_for({"network": {"hostname": "x"}, "ntp": {"local-clock": {"stratum": 1}}})
    assert [c.path[0] for c in plan.changes] == ["ntp", "network"]


def test_a_new_item_is_an_error_or_a_creation_by_policy() -> None:
    desired = {"network": {"ports": {"lan2": {"link-mode": "auto", "bonding-group": "3"}}}}
    with pytest.raises(LantimeError, match=r"no such item \(did you mean lan1 or lan0\?\)"):
        plan_for(desired)
    (change,) = plan_for(desired, PlanPolicy(missing="create")).changes
    assert (change.action, change.path, change.before) == (
        "create",
        ("network", "ports", "lan2"),
        None,
    )
    assert change.after == {"link-mode": "auto", "bonding-group": 3}


def test_an_empty_list_can_be_an_empty_table() -> None:
    desired = {"ntp": {"external-servers": {"1": {"address": "192.0.2.1"}}}}
    with pytest.raises(LantimeError, match="no such item"):
        plan_for(desired, PlanPolicy(missing="fail"))
    for policy in (PlanPolicy(), PlanPolicy(missing="create"), PlanPolicy(state="overridden", missing="fail")):
        assert plan_for(desired, policy).changes[0].action == "create"


def test_every_problem_is_reported_at_once() -> None:
    with pytest.raises(LantimeError) as caught:
        plan_for(
            {
                "ntp": {"local-clok": {}, "local-clock": {"stratum": "high"}},
                "network": "x",
                "snmp": {"contact": {}},
            }
        )
    message = str(caught.value)
    assert "4 parts" in message
    assert "ntp/local-clok: the device has no such name (did you mean local-clock?)" in message
    assert "ntp/local-clock/stratum: the device has a number here" in message
    assert len(caught.value.extra["problems"]) == 4


def test_duplicates_are_refused_on_either_side_unless_nothing_would_change() -> None:
    twice = {"t": {"rows": [{"object-id": "a", "v": 1}, {"object-id": "a", "v": 2}]}}
    for device, desired in (
        (twice, {"t": {"rows": {"a": {"v": 1}}}}),
        ({"t": {"rows": [{"object-id": "a", "v": 1}]}}, twice),
    ):
        with pytest.raises(LantimeError) as caught:
            plan_for(desired, device=device)
        assert caught.value.code == "duplicate_object_id"
    assert plan_for(twice, device=twice).changes == ()


def test_a_set_secret_is_kept_an_unset_one_written() -> None:
    desired = {"snmp": {"read-community": "new1", "write-community": "new2"}}
    plan = plan_for(desired)
    assert plan.secrets_kept == (("snmp", "read-community"),)
    assert plan.changes[0].after == {"write-community": "new2"}
    again = plan_for(desired, PlanPolicy(rewrite_secrets=True))
    assert again.changes[0].after == {"read-community": "new1", "write-community": "new2"}
    for text in (str(render_operations(again)), str(render_diff(again, "ts1"))):
        assert "new1" not in text
        assert "new2" not in text


def test_a_mask_read_back_is_never_written() -> None:
    assert plan_for({"snmp": {"read-community": "****"}}, PlanPolicy(rewrite_secrets=True)).changes == ()


def test_a_secret_that_the_device_reports_in_clear_is_compared_and_masked() -> None:
    device = {"snmp": {"read-community": "public"}}
    assert plan_for({"snmp": {"read-community": "public"}}, device=device).changes == ()
    plan = plan_for({"snmp": {"read-community": "private"}}, device=device)
    assert "private" not in str(render_operations(plan)) + str(render_diff(plan, "ts1"))
    assert "public" not in str(render_operations(plan)) + str(render_diff(plan, "ts1"))


def test_a_secret_deep_in_a_list_of_a_new_item_is_masked() -> None:
    rows = [{"name": "a", "password": "canary"}]
    plan = plan_for({"ntp": {"external-servers": {"1": {"address": "b", "rows": rows}}}}, PlanPolicy(missing="create"))
    assert plan.changes[0].after["rows"] == rows
    assert plan.secrets == {("ntp", "external-servers", "1", "rows")}
    operations = render_operations(plan)
    assert operations[0]["after"] == {"address": "b", "rows": MASK}
    assert "canary" not in str(operations) + str(render_diff(plan, "ts1"))


def test_the_diff_lists_each_menu_and_its_leaves() -> None:
    diff = render_diff(plan_for({"ntp": {"local-clock": {"stratum": 10}}, "network": {"hostname": "ts2"}}), "ts1")
    assert diff["before"] == 'network:\n  hostname: "ts1"\nntp/local-clock:\n  stratum: 12\n'
    assert diff["after"] == 'network:\n  hostname: "ts2"\nntp/local-clock:\n  stratum: 10\n'


NAMES = st.sampled_from(["mode", "rate", "label", "link-mode", "stratum"])
SCALARS = st.booleans() | st.integers(0, 20) | st.sampled_from(["on", "off", "auto", "", "7", "text"])
LISTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)


def _items(object_id: str, depth: int) -> st.SearchStrategy[t.Any]:
    return menus(depth).map(lambda menu: {"object-id": object_id, **menu})


def menus(depth: int) -> st.SearchStrategy[t.Any]:
    leaf = SCALARS | LISTS
    if depth == 0:
        return st.dictionaries(NAMES, leaf, min_size=1, max_size=4)
    table = st.lists(st.sampled_from(["a1", "a2", "a3"]), unique=True, max_size=3).flatmap(
        lambda ids: st.tuples(*[_items(object_id, depth - 1) for object_id in ids]).map(list)
    )
    below = menus(depth - 1) | table
    return st.dictionaries(NAMES, leaf | below, min_size=1, max_size=4)


DEVICES = st.dictionaries(st.sampled_from(["ntp", "network", "snmp"]), menus(2), min_size=1)


@st.composite
def device_and_desired(draw: st.DrawFn) -> tuple[t.Any, t.Any]:
    """A device, and a desired tree that names some of its leaves with values that may fit."""
    device = draw(DEVICES)
    tree = canonical(device).value
    wanted: dict[str, t.Any] = {}
    for path, value in leaves(tree):
        if draw(st.booleans()):
            node = wanted
            for name in path[:-1]:
                node = node.setdefault(name, {})
            node[path[-1]] = draw(LISTS if isinstance(value, list) else st.just(value) | SCALARS)
    return device, wanted


def planned(device: t.Any, wanted: t.Any, policy: PlanPolicy = PlanPolicy()) -> Plan | None:  # noqa: B008
    try:
        return make_plan(canonical(device), canonical(wanted), policy)
    except LantimeError as error:
        if error.code not in {"wrong_type", "unknown_name"}:
            raise
        return None


@given(DEVICES)
def test_a_device_is_what_it_is(device: t.Any) -> None:
    plan = planned(device, device)
    assert plan is not None
    assert plan.changes == ()


@given(device_and_desired())
def test_after_a_plan_nothing_is_left_to_do(pair: tuple[t.Any, t.Any]) -> None:
    device, wanted = pair
    plan = planned(device, wanted)
    if plan is not None:
        again = planned(applied(device, plan), wanted)
        assert again is not None
        assert again.changes == ()


@given(device_and_desired())
def test_nothing_outside_the_plan_changes(pair: tuple[t.Any, t.Any]) -> None:
    device, wanted = pair
    plan = planned(device, wanted)
    if plan is None:
        return
    paths, before, after = changed_leaves(plan.changes)
    old, new = dict(leaves(canonical(device).value)), dict(leaves(applied(device, plan)))
    assert set(old) == set(new)
    assert {path for path in old if old[path] is not new[path] and old[path] != new[path]} <= set(paths)
    assert all(is_same(old[path], before[path]) and is_same(new[path], after[path]) for path in paths)


@given(device_and_desired())
def test_the_plan_is_minimal(pair: tuple[t.Any, t.Any]) -> None:
    device, wanted = pair
    plan = planned(device, wanted)
    for change in plan.changes if plan else ():
        rest = Plan(tuple(c for c in plan.changes if c is not change), ()) if plan else Plan((), ())
        left = planned(applied(device, rest), wanted)
        assert left is not None
        assert left.changes != ()
        for name, value in change.after.items():
            reported = value_at(canonical(device).value, (*change.path, name))
            assert not is_same(value, reported)


@given(device_and_desired(), st.randoms(use_true_random=False))
def test_the_order_of_tables_and_unknown_members_change_no_plan(pair: tuple[t.Any, t.Any], random: t.Any) -> None:
    device, wanted = pair

    def shuffled(node: t.Any) -> t.Any:
        if isinstance(node, dict):
            return {
                **{k: shuffled(v) for k, v in node.items()},
                "member-of-a-later-firmware": {"x": 1},
            }
        if isinstance(node, list) and any(isinstance(i, dict) for i in node):
            items = [shuffled(i) for i in node]
            random.shuffle(items)
            return items
        return node

    assert planned(device, wanted) == planned({k: shuffled(v) for k, v in device.items()}, wanted)


@given(device_and_desired())
def test_a_plan_takes_the_types_of_the_device(pair: tuple[t.Any, t.Any]) -> None:
    device, wanted = pair
    tree = canonical(device).value

    def kind(path: Path, value: t.Any) -> None:
        reported = value_at(tree, path)
        try:
            assert is_same(coerce(value, reported), value)
        except MismatchError:  # pragma: no cover
            pytest.fail(f"{path}: {value!r} does not fit {reported!r}")

    plan = planned(device, wanted)
    for change in plan.changes if plan else ():
        for name, value in change.after.items():
            kind((*change.path, name), value)


def test_a_mask_in_a_new_item_is_never_written() -> None:
    item = {"link-mode": "auto", "community": "****"}
    desired = {"network": {"ports": {"lan7": item}}, "ntp": {"new-password": "********"}}
    plan = plan_for(desired, PlanPolicy(missing="create"))
    assert [(c.action, c.after) for c in plan.changes] == [("create", {"link-mode": "auto"})]
    assert set(plan.secrets_needed) == {("network", "ports", "lan7", "community"), ("ntp", "new-password")}
    assert plan.secrets_kept == ()


@pytest.mark.parametrize(
    ("policy", "desired", "needed"),
    [
        (
            PlanPolicy(state="overridden"),
            {"ntp": {"external-servers": {"1": {"psk": "***"}}}},
            ["ntp/external-servers/1/psk"],
        ),
        (
            PlanPolicy(missing="create"),
            {"ntp": {"external-servers": {"1": {"psk": "***"}}}},
            ["ntp/external-servers/1/psk"],
        ),
        (PlanPolicy(missing="create"), {"new": {"a": {"psk": "***"}, "b": 1}}, ["new/a/psk"]),
        (PlanPolicy(missing="create"), {"ntp": {"new": ["***", "x"]}}, ["ntp/new"]),
        (
            PlanPolicy(missing="create"),
            {"network": {"ports": {"lan7": {"rows": [{"psk": "***"}]}}}},
            ["network/ports/lan7/rows"],
        ),
        (
            PlanPolicy(missing="create"),
            {"network": {"ports": {"lan7": {"in": {"psk": "***"}}}}},
            ["network/ports/lan7/in/psk"],
        ),
        (PlanPolicy(), {"lists": {"servers": ["***", "b"]}}, ["lists/servers"]),
        (PlanPolicy(), {"snmp": {"read-community": "***", "write-community": "***"}}, []),
    ],
)
def test_a_mask_of_what_the_device_does_not_have_is_needed(
    policy: PlanPolicy, desired: dict[str, t.Any], needed: list[str]
) -> None:
    plan = plan_for(desired, policy)
    assert ["/".join(path) for path in plan.secrets_needed] == needed
    assert "***" not in str([change.after for change in plan.changes])


def test_a_list_with_masks_that_is_as_the_device_shows_it_is_kept() -> None:
    device = {"lists": {"keys": ["****", "a"]}}
    plan = plan_for({"lists": {"keys": ["********", "a"]}}, device=device)
    assert (plan.changes, plan.secrets_kept, plan.secrets_needed) == ((), (("lists", "keys"),), ())


def test_a_mask_in_a_free_slot_of_a_fixed_table_is_needed() -> None:
    device = {"users": {"table": [{"object-id": "1", "name": "", "password": ""}, {"object-id": "2", "name": "x"}]}}
    desired = {"users": {"table": {"1": {"name": "bob", "password": "****"}}}}
    assert plan_for(desired, device=device).secrets_needed == ()
    plan = plan_for(desired, PlanPolicy(fixed_slots=True), device)
    assert plan.secrets_needed == (("users", "table", "1", "password"),)
    nothing = {"users": {"table": {"1": {"name": "", "password": "****"}}}}
    assert plan_for(nothing, PlanPolicy(fixed_slots=True), device).secrets_needed == ()


@pytest.mark.parametrize(
    "keys",
    [
        {"7": {"type": "SHA1", "key": "canary"}},
        {"7": {"type": "SHA1", "value": "canary", "authPw": "canary"}},
        {"7": {"inner": {"md5": "canary"}, "rows": [{"userPassword": "canary"}]}},
    ],
)
@pytest.mark.parametrize("there", [[], [{"object-id": "1", "type": "MD5", "key": "canary-1"}]])
def test_values_of_keys_are_in_no_result_and_no_difference(keys: t.Any, there: t.Any) -> None:
    device = {"ntp": {"symmetric-keys": there, "external-servers": [{"object-id": "1", "key": 1}]}}
    desired = {"ntp": {"symmetric-keys": keys, "external-servers": {"1": {"key": 7}}}}
    plan = plan_for(desired, PlanPolicy(state="overridden", missing="create"), device)
    shown = f"{render_operations(plan)} {render_diff(plan, 'ts1')} {render_diff(plan, 'ts1', canonical(device).value)}"
    assert "canary" not in shown
    assert "key: 7" in render_diff(plan, "ts1")["after"]


NUMBERS = [math.nan, math.inf, -math.inf, float("1e999")]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "desired",
    [
        lambda n: {"ntp": {"local-clock": {"stratum": n}}},
        lambda n: {"ntp": {"trusted-keys": n}},
        lambda n: {"lists": {"servers": ["a", n]}},
        lambda n: {"network": {"ports": {"lan7": {"mtu": n}}}},
        lambda n: {"network": {"ports": {"lan7": {"rows": [{"a": [n]}]}}}},
        lambda n: {"ntp": {"new": {"a": n}}},
        lambda n: {"snmp": {"read-community": n}},
    ],
)
@pytest.mark.parametrize("state", ["merged", "overridden"])
def test_numbers_that_json_does_not_have_are_refused(number: float, desired: t.Any, state: str) -> None:
    with pytest.raises(LantimeError) as caught:
        plan_for(desired(number), PlanPolicy(state=state, missing="create"))
    assert caught.value.code == "wrong_type"
    ignored = PlanPolicy(state=state, missing="create", ignore=("ntp", "lists", "network", "snmp"))
    assert plan_for(desired(number), ignored).changes == ()


@pytest.mark.parametrize("number", ["1e999", "-1e999", 10**400, -(10**400)])
@pytest.mark.parametrize("current", [12, 0.5, "17"])
def test_numbers_too_large_for_a_device_are_refused(number: t.Any, current: t.Any) -> None:
    if isinstance(number, str) and isinstance(current, str):
        return  # a text for a text
    with pytest.raises(LantimeError) as caught:
        plan_for({"a": {"value": number}}, device={"a": {"value": current}})
    assert caught.value.code == "wrong_type"


TABLES: dict[str, t.Any] = {
    "ntp": {"servers": [{"object-id": "1", "address": "a", "community": "****"}], "keys": [3, 1, 2]},
}


def test_ignored_paths_and_unordered_lists_are_no_changes() -> None:
    desired = canonical({"ntp": {"keys": [1, 2, 3], "servers": {"1": {"address": "b"}}}})
    policy = PlanPolicy(ignore=("ntp/servers/*/address",), unordered=("ntp/keys",))
    assert make_plan(canonical(TABLES), desired, policy).changes == ()
    assert len(make_plan(canonical(TABLES), desired, PlanPolicy()).changes) == 2


def test_overridden_keeps_the_items_of_tables_that_cannot_grow_and_reaches_the_tables_below_them() -> None:
    slots = [
        {
            "object-id": "io1",
            "name": "",
            "module": {
                "outputs": [{"object-id": "out1", "signal": "pps"}, {"object-id": "out2", "signal": "pps"}],
                "ptp": {"instances": [{"object-id": "ptp1", "mode": "a"}, {"object-id": "ptp2", "mode": "a"}]},
            },
        },
        {"object-id": "io2", "name": "kept"},
    ]
    device = {"chassis0": {"slots": slots}, "network": DEVICE["network"]}
    module = {"outputs": {"out2": {"signal": "10mhz"}}, "ptp": {"instances": {"ptp1": {"mode": "b"}}}}
    desired = {
        "chassis0": {"slots": {"io1": {"module": module}}},
        "network": {"ports": {"lan0": {"link-mode": "fd-100mbit"}}},
    }
    plan = plan_for(desired, PlanPolicy(state="overridden"), device)
    below = ("chassis0", "slots", "io1", "module")
    assert [(change.action, change.path) for change in plan.changes] == [
        ("set", (*below, "outputs", "out2")),
        ("set", (*below, "ptp", "instances", "ptp1")),
        ("delete", (*below, "ptp", "instances", "ptp2")),
        ("set", ("network", "ports", "lan0")),
    ]


def test_overridden_removes_and_adds_deleted_only_removes() -> None:
    desired = canonical({"ntp": {"servers": {"2": {"address": "b"}}}})
    made = make_plan(canonical(TABLES), desired, PlanPolicy(state="overridden"))
    assert [(c.action, c.path[-1]) for c in made.changes] == [("create", "2"), ("delete", "1")]
    empty = make_plan(canonical(TABLES), canonical({"ntp": {"servers": []}}), PlanPolicy(state="overridden"))
    assert [(c.action, c.path[-1]) for c in empty.changes] == [("delete", "1")]
    both = canonical({"ntp": {"servers": {"1": {"address": "a"}, "9": None}}})
    gone = make_plan(canonical(TABLES), both, PlanPolicy(state="deleted"))
    assert [(c.action, c.path[-1]) for c in gone.changes] == [("delete", "1")]
    with pytest.raises(LantimeError, match="only items of tables"):
        make_plan(canonical(TABLES), canonical({"ntp": {"keys": []}}), PlanPolicy(state="deleted"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Zürich", '"Zürich"'),
        ("東京 中文", '"東京 中文"'),
        ("a\u202eb\x1b[2J\x9b\u2066", '"a\\u202eb\\u001b[2J\\u009b\\u2066"'),
        ('line\nbreak\ttab "quoted"', '"line\\nbreak\\ttab \\"quoted\\""'),
        ("\ud800\u200b\u00a0", '"\\ud800\\u200b\\u00a0"'),
        (["Köln", "\u2028"], '["Köln", "\\u2028"]'),
    ],
)
def test_a_difference_shows_text_and_escapes_what_is_invisible(text: t.Any, line: str) -> None:
    name = "servers" if isinstance(text, list) else "contact"
    menu = "lists" if isinstance(text, list) else "snmp"
    diff = render_diff(plan_for({menu: {name: text}}), "ts1")
    assert diff["after"] == f"{menu}:\n  {name}: {line}\n"
