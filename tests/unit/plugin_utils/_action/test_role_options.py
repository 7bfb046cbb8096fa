# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that tasks of the roles take from the variables of the role."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import (
    lantime_config,
    lantime_drift,
    lantime_health,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.drift_options import complete_drift_options
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.host_variables import HostVariables
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.role_arguments import (
    RoleNames,
    check_strategy,
    collect_arguments,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.role_options import (
    complete_config_options,
    complete_health_options,
    complete_verdict_options,
)
from ansible_collections.meinberg.lantime.tests.paths import ROOT

Tree = dict[str, t.Any]


class _Templar:
    """Stands for the templates of Ansible where no variable holds one, and refuses those that are not expected."""

    def copy_with_new_env(self, **_variables: t.Any) -> _Templar:
        return self

    def template(self, value: t.Any) -> t.Any:
        assert "{" not in str(value) or isinstance(value, (dict, list)), value
        return value


def host(role: str | None, **variables: t.Any) -> HostVariables:
    named = {} if role is None else {"ansible_role_name": f"meinberg.lantime.{role}"}
    return HostVariables("ts1", {"group_names": [], **named, **variables}, _Templar())


def defaults(role: str) -> Tree:
    path = ROOT / "roles" / role / "defaults" / "main.yml"
    values: Tree = yaml.safe_load(path.read_text("utf-8"))
    return {name: value for name, value in values.items() if "{" not in str(value) or value == {}}


COMPLETED = [
    ("fleet_config", complete_config_options, lantime_config),
    ("fleet_config", complete_health_options, lantime_health),
    ("health_check", complete_health_options, lantime_health),
    ("drift_check", complete_drift_options, lantime_drift),
]


@pytest.mark.parametrize("window", [0, 0.0, "0", "0.0"])
def test_without_a_window_a_change_is_saved_at_once(window: t.Any) -> None:
    completed = complete_config_options({"config": {}}, host("fleet_config", fleet_config_confirm_window=window))
    assert not {"confirm_window", "confirm_later", "health_gate"} & set(completed)


def test_with_a_window_a_change_waits_for_the_other_devices() -> None:
    completed = complete_config_options({"config": {}}, host("fleet_config", fleet_config_confirm_window="600"))
    expected = {"confirm_window": "600", "confirm_later": True, "health_gate": "sync"}
    assert {name: completed[name] for name in expected} == expected


@pytest.mark.parametrize(("role", "complete", "module"), COMPLETED)
def test_each_variable_of_a_role_with_the_name_of_an_option_is_that_option(
    role: str, complete: t.Any, module: t.Any
) -> None:
    """A variable that no task reads would have no effect, and the role would not say so."""
    renamed = {"optional": "optional_paths", "ignore": "ignore_paths", "unordered": "unordered_lists"}
    named = {name[len(role) + 1 :]: name for name in defaults(role)}
    options = {renamed.get(short, short): name for short, name in named.items()}
    common = {option: name for option, name in options.items() if option in module.SPEC.options}
    values = {name: f"value of {option}" for option, name in common.items()}
    task = {"wait": True} if role == "fleet_config" else {}
    completed = complete(task, host(role, **{**defaults(role), **values, "lantime_golden_config": {"ntp": {}}}))
    assert {option: completed.get(option) for option in common} == {option: f"value of {option}" for option in common}


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("write", {"plan_dest": "plans/ts1.plan.json", "plan_golden_files": ["golden.yml"]}),
        ("apply", {"plan_src": "plans/ts1.plan.json", "plan_golden_files": ["golden.yml"]}),
        ("none", {}),
        (None, {}),
    ],
)
def test_the_plan_file_of_a_host(use: str | None, expected: Tree) -> None:
    variables = {
        "fleet_config_plan": use,
        "fleet_config_plan_dir": "plans",
        "fleet_config_golden_files": ["golden.yml"],
    }
    completed = complete_config_options({"config": {"a": 1}}, host("fleet_config", **variables))
    assert completed == {"config": {"a": 1}, **expected}
    assert complete_config_options({"config": {"a": 1}}, host(None, **variables)) == {"config": {"a": 1}}


def test_a_host_whose_name_cannot_be_that_of_a_file_has_no_plan() -> None:
    variables = {"ansible_role_name": "meinberg.lantime.fleet_config", "fleet_config_plan": "apply"}
    for name, directory in (("../ts1", "plans"), ("ts1", "")):
        own = HostVariables(name, {**variables, "fleet_config_plan_dir": directory}, _Templar())
        with pytest.raises(LantimeError, match="there can be no plan") as caught:
            complete_config_options({"config": {"a": 1}}, own)
        assert caught.value.code == "option"


def test_a_task_outside_the_roles_takes_nothing_from_their_variables() -> None:
    variables: Tree = {
        "fleet_config_state": "overridden",
        "fleet_config_config": {"a": 1},
        "health_check_profile": "it",
    }
    for role in (None, "drift_check"):
        assert complete_config_options({"config": {"b": 2}}, host(role, **variables)) == {"config": {"b": 2}}
        assert complete_health_options({"skip": ["fans"]}, host(role, **variables)) == {"skip": ["fans"]}
    assert complete_verdict_options({}, host(None, drift_check_fail_on="never")) == {}


GATES = [
    ({"fleet_config_gate": ["before"], "fleet_config_gate_mode": "absolute"}, False),
    ({"fleet_config_gate": ["after"], "fleet_config_gate_mode": "no_worse"}, True),
    ({"fleet_config_gate": [], "fleet_config_gate_mode": "absolute"}, True),
]


@pytest.mark.parametrize(("variables", "is_ignored"), GATES)
def test_when_the_health_decides_on_the_end_of_a_rollout(variables: Tree, is_ignored: bool) -> None:
    assert complete_verdict_options({}, host("fleet_config", **variables)) == {"ignore_health": is_ignored}


def test_the_parts_of_a_golden_configuration_are_independent() -> None:
    golden: Tree = {"lantime_golden_config": {"ntp": {"a": 1}}, "lantime_golden_modules": [{"families": ["GPS"]}]}
    rules = [{"families": ["GPS"]}]
    both = complete_config_options({}, host("fleet_config", **golden))
    assert (both["config"], both["modules"]) == ({"ntp": {"a": 1}}, rules)
    own = complete_config_options({}, host("fleet_config", **golden, fleet_config_config={"snmp": {}}))
    assert (own["config"], own["modules"]) == ({"snmp": {}}, rules)
    given = complete_config_options({"config": {"b": 2}}, host("fleet_config", **golden))
    assert (given["config"], "modules" in given) == ({"b": 2}, False)


def test_layers_that_do_not_fit_name_the_host() -> None:
    variables: Tree = {"lantime_golden_config": {"ntp": 1}, "lantime_golden_overlays": {"ts1": {"ntp": {"a": 1}}}}
    with pytest.raises(LantimeError) as error:
        complete_config_options({}, host("fleet_config", **variables))
    assert error.value.code == "option"
    assert "ntp" in error.value.what


class _HostVars(dict[str, Tree]):
    def raw_get(self, name: str) -> Tree:
        return self[name]


def test_hosts_with_the_same_values_are_evaluated_once() -> None:
    shared = ["snmp"]
    hostvars = _HostVars({f"ts{n}": {"drift_check_ignore": shared} for n in range(100)})
    hostvars["ts7"] = {"drift_check_ignore": shared, "drift_check_threshold": 2}
    variables = {"ansible_play_hosts_all": list(hostvars), "hostvars": hostvars, "drift_check_mode": "golden"}
    names = ["drift_check_ignore", "drift_check_threshold", "drift_check_mode"]
    first, other = collect_arguments(RoleNames(names, (), {}), variables, _Templar())
    assert (len(first.hosts), other.hosts) == (99, ["ts7"])
    assert first.values == {"drift_check_ignore": ["snmp"], "drift_check_mode": "golden"}
    assert other.values["drift_check_threshold"] == 2


TREES = [
    ({"ntp": {"contact": "{{ site }}"}}, {"": None}),
    ({}, {}),
    ("{{ golden }}", "{{ golden }}"),
    ([{"families": ["GPS"]}, "{{ rule }}"], [{"": None}, {"": None}]),
    (["GPS"], ["GPS"]),
    ("golden.yml", "golden.yml"),
]


@pytest.mark.parametrize(("value", "form"), TREES)
def test_a_golden_configuration_is_not_templated_to_check_its_form(value: t.Any, form: t.Any) -> None:
    name = "lantime_golden_config"
    hostvars = _HostVars({"ts1": {name: value}})
    variables = {"ansible_play_hosts_all": ["ts1"], "hostvars": hostvars}
    (only,) = collect_arguments(RoleNames([name], [name], {}), variables, _Templar())
    assert only.values == {"lantime_golden_config": form}


class _Node:
    def __init__(self, **members: t.Any) -> None:
        self.__dict__.update(members)


STRATEGIES = {
    "linear": True,
    "ansible.builtin.linear": True,
    "mitogen_linear": True,
    "debug": True,
    "free": False,
    "ansible.builtin.free": False,
    "host_pinned": False,
}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_which_strategies_a_role_takes(strategy: str) -> None:
    task = _Node(_parent=_Node(_play=_Node(strategy=strategy)))
    if STRATEGIES[strategy]:
        check_strategy(task)
        return
    with pytest.raises(LantimeError, match=f"the strategy {strategy} does not run a task on all hosts"):
        check_strategy(task)


def test_a_task_that_does_not_say_its_play_is_not_refused() -> None:
    check_strategy(_Node())
