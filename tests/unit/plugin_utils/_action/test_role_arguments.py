# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role, as each host of a play has them."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleUndefinedVariable

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.role_arguments import (
    RoleNames,
    collect_arguments,
)

Tree = dict[str, t.Any]


class Templar:
    """Stands for the templates of Ansible: each of them is undefined."""

    def copy_with_new_env(self, **_variables: Tree) -> Templar:
        return self

    def template(self, value: t.Any) -> t.Any:
        if "{{" in str(value):
            raise AnsibleUndefinedVariable("'site' is undefined")
        return value


class HostVars(dict[str, Tree]):
    def raw_get(self, host: str) -> Tree:
        return self[host]


def test_a_variable_that_cannot_be_evaluated_does_not_hide_where_the_report_is_written() -> None:
    names = ["lantime_golden_config", "drift_check_report_dir"]
    hostvars = HostVars(ts1={"lantime_golden_config": {"snmp": {"location": "{{ site }}"}}}, ts2={})
    variables = {"ansible_play_hosts_all": ["ts1", "ts2"], "hostvars": hostvars, "drift_check_report_dir": "reports"}
    broken, valid = collect_arguments(RoleNames(names, (), {}), variables, Templar())
    assert (broken.hosts, broken.values) == (["ts1"], {"drift_check_report_dir": "reports"})
    assert broken.problem == "lantime_golden_config cannot be evaluated: 'site' is undefined"
    assert (valid.hosts, valid.values, valid.problem) == (["ts2"], {"drift_check_report_dir": "reports"}, None)


def test_what_the_play_or_the_role_gives_precedes_the_variables_of_hosts() -> None:
    names = ["state", "missing", "facts"]
    hostvars = HostVars(ts1={"state": "of the group"}, ts2={"state": "of the group", "missing": "own", "facts": False})
    variables = {
        "ansible_play_hosts_all": ["ts1", "ts2"],
        "hostvars": hostvars,
        "inventory_hostname": "ts1",
        "state": "of the role",
        "missing": "items",
        "facts": "of the play",
    }
    defaults = {"state": "merged", "missing": "items", "facts": True}
    collected = {
        tuple(each.hosts): each.values
        for each in collect_arguments(RoleNames(names, (), defaults), variables, Templar())
    }
    given = {"state": "of the role", "facts": "of the play"}
    assert collected == {("ts1",): {**given, "missing": "items"}, ("ts2",): {**given, "missing": "own"}}


def test_what_only_the_host_of_the_task_has_is_no_variable_of_another_host() -> None:
    hostvars = HostVars(ts1={"plan": "write"}, ts2={})
    variables = {
        "ansible_play_hosts_all": ["ts1", "ts2"],
        "hostvars": hostvars,
        "inventory_hostname": "ts1",
        "plan": "write",
    }
    first, second = collect_arguments(RoleNames(["plan"], (), {"plan": "none"}), variables, Templar())
    assert (first.hosts, first.values) == (["ts1"], {"plan": "write"})
    assert (second.hosts, second.values) == (["ts2"], {"plan": "none"})


def test_an_empty_text_is_kept_where_it_is_no_value() -> None:
    """Such as the value of a variable that a CI system does not have; without an error, a default would be taken."""
    hostvars = HostVars(ts1={"plan": "", "directory": "", "state": None})
    variables = {"ansible_play_hosts_all": ["ts1"], "hostvars": hostvars, "inventory_hostname": "ts1"}
    names = RoleNames(["plan", "directory", "state"], (), {}, never_empty=("plan", "state"))
    (only,) = collect_arguments(names, variables, Templar())
    assert only.values == {"plan": ""}
