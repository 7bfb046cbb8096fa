# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a role for all hosts of a play, and the strategy of the play."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.errors import AnsibleError

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import to_plain
from ...module_utils._base.sanitize import printable
from .host_variables import HostVariables, has_template, raw_variables
from .play import strategy_of


class HostArguments(t.NamedTuple):
    """Variables of a role that these hosts have in common. problem: why they cannot be evaluated."""

    hosts: list[str]
    values: dict[str, t.Any]
    problem: str | None = None


class RoleNames(t.NamedTuple):
    """The names of the variables of a role, and the defaults of the role.

    trees: names of variables with whole configurations, of which the form alone is returned: the task of each host templates
    them anyway.  never_empty: names of variables in which an empty text is a mistake, which is returned as it is.
    """

    all: list[str]
    trees: t.Collection[str]
    defaults: t.Mapping[str, t.Any]
    never_empty: t.Collection[str] = ()


def collect_arguments(names: RoleNames, variables: t.Mapping[str, t.Any], templar: t.Any) -> list[HostArguments]:
    """The variables with these names, for each different set of values. variables: those of the task."""
    hosts = to_plain(variables.get("ansible_play_hosts_all") or [])
    hostvars: t.Any = variables.get("hostvars") or {}
    preceding = _preceding_variables(names, variables, hostvars)
    defaults = _defaults_of_others(names, variables, hostvars)
    groups: dict[t.Any, HostArguments] = {}
    for host in hosts:
        known = {**raw_variables(hostvars, host), **preceding}
        # Values of groups are the same objects for all of their hosts.
        own = tuple((name, id(known[name])) for name in names.all if name in known)
        is_template = any(has_template(known[name]) for name, dummy in own if name not in names.trees)
        key = (own, host if is_template else None)
        if key in groups:
            groups[key].hosts.append(host)
        else:
            groups[key] = _evaluate(
                host, names, {**variables, **defaults, **known, "inventory_hostname": host}, templar
            )
    return list(groups.values())


def _preceding_variables(names: RoleNames, variables: t.Mapping[str, t.Any], hostvars: t.Any) -> dict[str, t.Any]:
    """Those of the task that precede the variables of hosts: parameters of the role, variables of the play."""
    known = raw_variables(hostvars, str(variables.get("inventory_hostname")))
    # What the host of the task has not itself is a default of the role, or has been given by the play or the role.
    given = {name: variables[name] for name in names.all if name in variables}
    return {name: value for name, value in given.items() if value != known.get(name, names.defaults.get(name))}


def _defaults_of_others(names: RoleNames, variables: t.Mapping[str, t.Any], hostvars: t.Any) -> dict[str, t.Any]:
    """The defaults of what the host of the task has itself, which is no variable of another host.

    A default with a template is left out: Ansible templates only what it has read itself.
    """
    own = raw_variables(hostvars, str(variables.get("inventory_hostname")))
    return {
        name: names.defaults.get(name)
        for name in names.all
        if name in own and not has_template(names.defaults.get(name))
    }


def _evaluate(host: str, names: RoleNames, variables: dict[str, t.Any], templar: t.Any) -> HostArguments:
    own = HostVariables(host, variables, templar.copy_with_new_env(available_variables=variables))
    values: dict[str, t.Any] = {}
    problem = None
    for name in names.all:
        try:
            value = _form_of(variables.get(name)) if name in names.trees else own.get(name)
            if value is None and name in names.never_empty and own.is_empty(name):
                value = ""
        except AnsibleError as exc:
            # The others say where the report on it is to be.
            problem = problem or f"{name} cannot be evaluated: {printable(exc, 300)}"
            continue
        if value is not None:
            values[name] = value
    return HostArguments([host], values, problem)


def _form_of(value: t.Any) -> t.Any:
    """A mapping or list without its content; other values, also templates of the whole value, as they are."""
    if isinstance(value, Mapping):
        return {"": None} if value else {}
    if isinstance(value, (list, tuple)):
        return [{"": None} if has_template(item) else _form_of(item) for item in value]
    return str(value) if isinstance(value, str) else value


def check_strategy(task: t.Any) -> None:
    """Raise LantimeError if the strategy of the play does not run a task on all hosts before the next task."""
    strategy = strategy_of(task)
    if strategy is None or strategy.rpartition(".")[2].endswith(("linear", "debug")):
        return
    raise LantimeError(
        "option",
        f"the strategy {printable(strategy, 60)} does not run a task on all hosts before the next one, which this role needs; "
        "nothing was sent to a device",
        hint="set strategy: ansible.builtin.linear in the play",
    )
