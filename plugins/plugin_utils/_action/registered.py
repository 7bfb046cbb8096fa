# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registered results of hosts, which actions read by the names of the variables.

As an argument the results of all hosts would be templated, copied and validated as a whole.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ...module_utils._base.plain import to_plain
from ...module_utils._base.suggest import suggest_names
from ...module_utils._drift.records import own_result, record_from_results
from .host_variables import HostVariables, raw_variables


def report_params(params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], templar: t.Any) -> dict[str, t.Any]:
    """The parameters expected, results and groups as results_from and group_from give them, and the limit of the run.

    variables: those of the task.
    """
    return {"limit": _find_limit(variables), **_collect_results(params, variables, templar)}


def _find_limit(variables: t.Mapping[str, t.Any]) -> str | None:
    """The pattern of the option --limit; None without one, and if the play has all hosts of the inventory."""
    limit = to_plain(variables.get("ansible_limit"))
    known = to_plain((variables.get("groups") or {}).get("all") or [])
    left_out = set(known) - set(to_plain(variables.get("ansible_play_hosts_all") or []))
    return limit if limit and left_out and isinstance(limit, str) else None


def _collect_results(
    params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], templar: t.Any
) -> dict[str, t.Any]:
    names, group_name = params["results_from"], params["group_from"]
    if not names:
        return {}
    expected = params["expected"] or to_plain(variables.get("ansible_play_hosts_all") or [])
    results: dict[str, t.Any] = {}
    groups: dict[str, t.Any] = {}
    hostvars: t.Any = variables.get("hostvars") or {}
    for host in expected:
        known = raw_variables(hostvars, host)
        results[host] = registered_results(known, names, host, hostvars)
        if group_name is not None:
            # The variables of the task include those of the play and of the role.
            given = known if group_name in known else {**known, group_name: variables.get(group_name)}
            own = HostVariables(host, given, templar.copy_with_new_env(available_variables=given))
            groups[host] = own.get(group_name)
    return {"expected": expected, "results": {**results, **params["results"]}, "groups": {**groups, **params["groups"]}}


def verdict_params(
    params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], _templar: t.Any = None
) -> dict[str, t.Any]:
    """The parameter record as results_from gives it. variables: those of the task."""
    if not params["results_from"]:
        return {}
    host = str(variables.get("inventory_hostname"))
    results = registered_results(variables, params["results_from"], host, variables.get("hostvars") or {})
    return {"record": record_from_results(host, results, drift=params["drift"])}


def registered_results(
    variables: t.Mapping[str, t.Any], names: t.Iterable[str], host: str, hosts: t.Container[str]
) -> list[dict[str, t.Any]]:
    """The results of a host in these variables, plain and never templated; without those that are not set or no results.

    hosts: all hosts of the inventory.
    """
    own = (own_result(variables.get(name), host, hosts) for name in names)
    return [to_plain(result) for result in own if isinstance(result, Mapping)]


def check_registered(names: t.Sequence[str], hosts: t.Iterable[t.Mapping[str, t.Any]]) -> None:
    """Raise ValueError if no host has a variable of these names although there are registered results. hosts: variables of each host."""
    variables = list(hosts)
    if not names or any(name in known for known in variables for name in names):
        return
    registered = {name for known in variables for name, value in known.items() if _is_registered(value)}
    if registered:
        suggested = suggest_names(names[0], sorted(registered))
        raise ValueError(f"results_from: no host has a variable {' or '.join(map(str, names))}{suggested}")


def _is_registered(value: object) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("changed"), bool)
