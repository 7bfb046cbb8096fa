# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of lantime_drift that the task does not give come from variables of the host."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.drift_options import complete_drift_options
from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.host_variables import HostVariables

Tree = dict[str, t.Any]

ACCEPTED = [{"path": "snmp", "until": "2026-12-31", "reason": "x"}]
VARIABLES: Tree = {
    "state": "overridden",
    "missing": "create",
    "optional_paths": ["ntp/nts"],
    "ignore_paths": ["network"],
    "unordered_lists": ["snmp/list"],
    "secrets": ["snmp/contact"],
    "accepted": ACCEPTED,
    "fail_on": "security",
}
NAMES = {"optional_paths": "optional", "ignore_paths": "ignore", "unordered_lists": "unordered"}


def variables_of_role() -> Tree:
    return {f"drift_check_{NAMES.get(option, option)}": value for option, value in VARIABLES.items()}


def complete(given: Tree, **variables: t.Any) -> Tree:
    """What the options become. A text in braces is a template, which gives the text without them in capitals."""

    def template(value: t.Any) -> t.Any:
        if isinstance(value, dict):
            return {name: template(item) for name, item in value.items()}
        return value.strip("{} ").upper() if isinstance(value, str) and value.startswith("{{") else value

    host = HostVariables("ts1", {"group_names": ["core"], **variables}, types.SimpleNamespace(template=template))
    return complete_drift_options(given, host)


def test_each_variable_gives_its_option() -> None:
    completed = complete({"config": {"a": 1}}, **variables_of_role())
    assert completed == {"inventory_name": "ts1", "config": {"a": 1}, **VARIABLES}


@pytest.mark.parametrize("option", VARIABLES)
def test_what_the_task_gives_counts(option: str) -> None:
    assert complete({"config": {}, option: "own"}, **variables_of_role())[option] == "own"


def test_the_task_can_name_the_host() -> None:
    assert complete({"config": {}, "inventory_name": "other"})["inventory_name"] == "other"


GOLDEN: Tree = {
    "lantime_golden_config": {"snmp": {"contact": "{{ noc }}", "location": "low"}, "modules": [{"config": {"n": 1}}]},
    "lantime_golden_modules": [{"config": {"n": 0}}],
    "lantime_golden_overlays": {
        "ts1": {"snmp": {"location": "host"}},
        "core": {"snmp": {"location": "group"}, "ntp": {"x": 1}},
        "edge": {"snmp": {"retries": 9}},
        "all": {"ntp": {"y": 2}, "modules": [{"config": {"n": 2}}]},
    },
}


def test_the_golden_configuration_has_the_overlays_of_the_host() -> None:
    completed = complete({}, **GOLDEN)
    assert completed["config"] == {"snmp": {"contact": "NOC", "location": "host"}, "ntp": {"x": 1, "y": 2}}
    assert [rule["config"]["n"] for rule in completed["modules"]] == [0, 1, 2]


@pytest.mark.parametrize("given", [{"config": {"a": 1}}, {"modules": [{"config": {}}]}, {"config": {}}])
def test_the_golden_configuration_does_not_mix_with_that_of_the_task(given: Tree) -> None:
    assert complete(given, **GOLDEN) == {"inventory_name": "ts1", **given}


def test_the_variables_of_the_role_replace_the_golden_configuration() -> None:
    own: Tree = {"drift_check_config": {"a": "{{ b }}"}, "drift_check_modules": [{"config": {}}]}
    completed = complete({}, **GOLDEN, **own)
    assert (completed["config"], completed["modules"]) == ({"a": "B"}, [{"config": {}}])


def test_without_a_golden_configuration_none_is_made_up() -> None:
    assert complete({}) == {"inventory_name": "ts1"}


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"lantime_golden_config": {1: "a", "1": "b"}}, "duplicate_object_id"),
        ({"lantime_golden_config": {"ntp": {"x": {1: {}, "1": {}}}}}, "duplicate_object_id"),
        ({"lantime_golden_config": "text"}, "option"),
        ({"lantime_golden_overlays": ["a"]}, "option"),
        ({"lantime_golden_config": {"ntp": 1}, "lantime_golden_overlays": {"all": {"ntp": {"x": 1}}}}, "option"),
    ],
)
def test_golden_configurations_that_cannot_be_used(variables: Tree, code: str) -> None:
    with pytest.raises(LantimeError) as caught:
        complete({}, **variables)
    assert caught.value.code == code


@pytest.mark.parametrize("given", [{"config": {"a": 1}}, {"modules": [{"config": {"a": 1}}]}])
def test_a_task_with_its_own_golden_configuration_compares_with_it_whatever_the_mode(given: Tree) -> None:
    assert "compare" not in complete(given, drift_check_mode="consensus")
    assert complete({}, drift_check_mode="consensus")["compare"] is False
    assert complete({**given, "compare": False})["compare"] is False


def test_a_golden_configuration_that_is_no_mapping_is_named() -> None:
    with pytest.raises(LantimeError, match="lantime_golden_config is not a mapping"):
        complete({}, lantime_golden_config=["ntp"])
