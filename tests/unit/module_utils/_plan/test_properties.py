# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of plans, of rolling them back, and of a transaction under any few faults.

Property 16, that merging two desired files is associative, has no function to be tested on: files are merged by Ansible
before the collection sees them.
"""

from __future__ import annotations

import copy
import typing as t

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import Dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.deadline import Deadline
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.render import render_diff, render_operations
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.rollback import rollback_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.execute import execute
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.journal import Journal
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.sections import SectionReader
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.settings import WriteRules
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.transaction import Transaction
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.coerce import MismatchError, coerce, is_same
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.redaction import Redactor
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.module_utils._plan.plans import (
    AREAS,
    DEVICES,
    UNKNOWN,
    VALUES,
    WISHES,
    Tree,
    applied,
    apply_to,
    cases,
    flat,
    wanted_for,
)

Case = tuple[Tree, Tree, str]

many = settings(max_examples=examples(500), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def planned(device: Tree, wanted: Tree, state: str, **policy: t.Any) -> Plan:
    return make_plan(canonical(device), canonical(wanted), PlanPolicy(state, missing="create", **policy))


def essence(plan: Plan) -> list[t.Any]:
    """A plan without its order."""
    return sorted(((c.action, c.path, c.after) for c in plan.changes), key=repr)


@many
@given(DEVICES, st.sampled_from(["merged", "overridden"]))
def test_1_a_device_is_what_it_is(device: Tree, state: str) -> None:
    assert planned(device, device, state).changes == ()


@many
@given(cases())
def test_2_3_after_a_plan_nothing_is_left_to_do(case: Case) -> None:
    device, wanted, state = case
    after = applied(device, planned(device, wanted, state).changes)
    again = planned(after, wanted, state)
    assert again.changes == ()
    assert applied(after, again.changes) == after


@many
@given(cases())
def test_4_5_a_plan_touches_what_is_wanted_and_nothing_else(case: Case) -> None:
    device, wanted, state = case
    plan = planned(device, wanted, state)
    before, after = flat(device), flat(applied(device, plan.changes))
    named = set(flat(canonical(wanted).value))
    for path in set(before) | set(after):
        if path in before and path in after and type(before[path]) is type(after[path]) and before[path] == after[path]:
            continue
        change = next(
            c
            for c in plan.changes
            if (c.action == "set" and path[:-1] == c.path and path[-1] in c.after)
            or (c.action != "set" and path[: len(c.path)] == c.path)
        )
        if change.action == "delete":
            items = canonical(_at(wanted, change.path[:-1])).value
            assert (change.path[-1] in items) is (state == "deleted")
        elif change.action == "set":
            assert path in named


def _at(tree: t.Any, path: tuple[str, ...]) -> t.Any:
    for name in path:
        tree = tree[name]
    return tree


@many
@given(cases(), st.randoms(use_true_random=False))
def test_6_the_order_of_items_means_nothing(case: Case, random: t.Any) -> None:
    device, wanted, state = case
    plan = planned(device, wanted, state)

    def shuffled(node: t.Any) -> t.Any:
        if isinstance(node, dict):
            return {name: shuffled(value) for name, value in node.items()}
        if isinstance(node, list) and node and isinstance(node[0], dict):
            return random.sample([shuffled(item) for item in node], len(node))
        return node

    for other in (
        planned(shuffled(device), wanted, state),
        planned(device, shuffled(wanted), state),
    ):
        assert essence(other) == essence(plan)


@many
@given(cases(), st.data(), st.booleans())
def test_7_the_way_back_leads_back_from_everywhere(case: Case, data: st.DataObject, just_sent: bool) -> None:
    """From after the whole plan, and from after a part of it, of a change too."""
    device, wanted, state = case
    plan = planned(device, wanted, state)
    done = data.draw(st.integers(0, len(plan.changes)))
    now = applied(device, plan.changes[:done])
    if done < len(plan.changes) and plan.changes[done].action == "set":
        change = plan.changes[done]
        names = data.draw(st.lists(st.sampled_from(sorted(change.after)), unique=True))
        apply_to(now, change._replace(after={name: change.after[name] for name in names}))
    undo = rollback_plan(plan.changes, canonical(now).value, plan.secrets, just_sent)
    assert undo.foreign == ()
    restored, former = flat(applied(now, undo.changes)), flat(device)
    lost = set(undo.lost)
    assert {p: v for p, v in restored.items() if p not in lost} == {p: v for p, v in former.items() if p not in lost}
    assert all(path[-1] == "password" for path in lost)


@many
@given(cases())
def test_8_check_mode_predicts_the_difference(case: Case) -> None:
    device, wanted, state = case
    plan = planned(device, wanted, state)
    after = canonical(applied(device, plan.changes)).value
    assert render_diff(plan, "device") == render_diff(plan, "device", after)


@many
@given(cases())
def test_9_a_plan_is_minimal(case: Case) -> None:
    device, wanted, state = case
    changes = planned(device, wanted, state).changes
    for number, change in enumerate(changes):
        rest = [*changes[:number], *changes[number + 1 :]]
        assert planned(applied(device, rest), wanted, state).changes
        for name in change.after if change.action == "set" else ():
            after = {n: v for n, v in change.after.items() if n != name}
            less = [*changes[:number], change._replace(after=after), *changes[number + 1 :]]
            assert planned(applied(device, less), wanted, state).changes


@many
@given(cases())
def test_10_members_of_a_later_firmware_change_no_plan(case: Case) -> None:
    device, wanted, state = case

    def newer(node: t.Any) -> t.Any:
        if isinstance(node, dict):
            return {**{name: newer(value) for name, value in node.items()}, UNKNOWN: {"x": ["y"]}}
        if isinstance(node, list):
            return [newer(item) for item in node]
        return node

    newer_device = {area: newer(content) for area, content in device.items()}
    plan = planned(newer_device, wanted, state)
    assert essence(plan) == essence(planned(device, wanted, state))
    after = applied(newer_device, plan.changes)
    assert all(after[area][UNKNOWN] == {"x": ["y"]} for area in newer_device)


@many
@given(DEVICES)
def test_11_the_canonical_form_is_idempotent_and_keeps_lists(device: Tree) -> None:
    once = canonical(device)
    assert canonical(once.value).value == once.value
    for area, content in device.items():
        assert once.value[area].get("servers") == content.get("servers")
        assert [i["object-id"] for i in content["table"]] == list(once.value[area]["table"])


@many
@given(st.sampled_from(sorted(VALUES)), st.data())
def test_11_coercion_is_idempotent(name: str, data: st.DataObject) -> None:
    current, wish = data.draw(VALUES[name]), data.draw(WISHES[name])
    try:
        once = coerce(wish, current)
    except MismatchError:
        assume(False)
    assert is_same(coerce(once, current), once)
    assert is_same(coerce(wish, once), once)


@many
@given(st.lists(st.integers(), min_size=2, max_size=4, unique=True), st.randoms(use_true_random=False))
def test_11_the_order_of_a_list_counts_unless_configured_otherwise(items: list[int], random: t.Any) -> None:
    other = random.sample(items, len(items))
    device, wanted = {"ntp": {"list": items}}, {"ntp": {"list": other}}
    assert bool(planned(device, wanted, "merged").changes) is (items != other)
    assert planned(device, wanted, "merged", unordered=("ntp/list",)).changes == ()


@many
@given(cases(), st.sampled_from(AREAS))
def test_15_plans_of_different_sections_commute(case: Case, area: str) -> None:
    device, wanted, state = case
    one = {name: value for name, value in wanted.items() if name == area}
    two = {name: value for name, value in wanted.items() if name != area}

    def brought(tree: Tree, *wishes: Tree) -> Tree:
        for wish in wishes:
            tree = applied(tree, planned(tree, wish, state).changes)
        return tree

    together = applied(device, planned(device, wanted, state).changes)
    assert flat(brought(device, one, two)) == flat(brought(device, two, one)) == flat(together)


# -- 14: any few faults


class Memory(Journal):
    """A journal that is kept in memory: what is on disk is tested elsewhere."""

    def __init__(self) -> None:
        self.record = None

    def write(self, record: t.Any) -> None:
        self.record = record

    def close(self) -> None:
        self.record = None


class FakeApi:
    """A device that has a fault for each of the next changes: see FAULTS."""

    class _Client:
        class settings:  # noqa: N801
            host = "device"

        redactor = Redactor()
        deadline = Deadline()

        def reconnect(self) -> None:
            pass

    def __init__(self, device: Tree, faults: list[str]) -> None:
        self.device = copy.deepcopy(device)
        self.faults = list(faults)
        self.client = self._Client()
        self.identity = None
        self.identity_failure = None
        self.pending_changes = None
        self.is_shown_late = False
        self.dialect = Dialect()
        self.config_root = ("config",)

    def config_node(self, path: tuple[str, ...]) -> t.Any:
        return copy.deepcopy(self.device[path[0]])

    known_config_node = config_node

    def confirm_identity(self) -> None:
        pass

    def activate(self) -> None:
        pass

    def apply(self, change: Change, _menu: t.Any) -> None:
        fault = self.faults.pop(0) if self.faults else "none"
        if fault in ("none", "lost-after"):
            apply_to(self.device, change)
        elif fault == "half" and len(change.after) > 1 and change.action == "set":
            name = next(iter(change.after))
            apply_to(self.device, change._replace(after={name: change.after[name]}))
        if fault == "refused":
            raise LantimeError("rejected", "refused")
        if fault in ("lost-after", "lost-before", "half"):
            raise LantimeError("disconnected", "lost", effect_unknown=True)


# none and ignored are answered with success; ignored, refused and lost-before have no effect, half has a part of it.
FAULTS = ["none", "ignored", "refused", "lost-before", "lost-after", "half"]


def begun(api: t.Any, journal: Journal, wanted: Tree, state: str) -> tuple[Transaction, t.Any]:
    """A transaction that brings a device to a desired tree, and the sections that it was planned from."""
    reader = SectionReader(api, grace=0.0)
    current = reader.read(wanted)
    plan = make_plan(current, canonical(wanted), PlanPolicy(state, missing="create"))
    return Transaction(reader, journal, WriteRules(grace=0.0), plan, tuple(wanted)), current


@many
@given(cases(), st.lists(st.sampled_from(FAULTS), min_size=1, max_size=5))
def test_14_no_third_state_goes_unreported(case: Case, faults: list[str]) -> None:
    device, wanted, state = case
    assume(wanted)
    api: t.Any = FakeApi(device, faults)
    journal = Memory()
    transaction, current = begun(api, journal, wanted, state)
    plan = transaction.plan
    operations = render_operations(plan)
    former, desired = flat(device), flat(applied(device, plan.changes))
    failure: dict[str, t.Any] = {}
    try:
        execute(transaction, current, operations, [])
    except LantimeError as error:
        failure = {**error.extra, "code": error.code}
    end = flat(api.device)
    if not failure:
        assert end == desired
        assert {o["state"] for o in operations} <= {"succeeded"}
    elif failure["rollback"]["state"] in ("rolled_back", "not_needed"):
        assert end == former
        assert failure["changed"] is False
        assert journal.record is None
    else:
        assert failure["rollback"]["state"] == "rollback_failed"
        assert failure["code"] in ("rollback_failed", "state_unknown")
        assert failure["changed"] is True
        assert journal.record is not None


@many
@given(st.data())
def test_14_without_faults_every_plan_succeeds(data: st.DataObject) -> None:
    device = data.draw(DEVICES)
    state = data.draw(st.sampled_from(["merged", "overridden", "deleted"]))
    wanted = data.draw(wanted_for(device, state))
    api: t.Any = FakeApi(device, [])
    transaction, current = begun(api, Memory(), wanted, state)
    execute(transaction, current, render_operations(transaction.plan), [])
    assert flat(api.device) == flat(applied(device, transaction.plan.changes))


def test_the_model_refuses_what_a_device_would() -> None:
    device = {"ntp": {"table": [{"object-id": "i1", "label": "one"}]}}
    item = ("ntp", "table", "i1")
    with pytest.raises(AssertionError):
        applied(device, [Change("create", item, None, {})])
    assert applied(device, [Change("delete", item, {}, {})]) == {"ntp": {"table": []}}
