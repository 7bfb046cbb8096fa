# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lantime_adopt takes from the variables of the hosts: their results, groups, and connection."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.errors import AnsibleError

from ...module_utils._base.plain import to_plain
from .host_variables import HostVariables, raw_variables
from .registered import registered_results

# Connection options that an inventory may hold: no credentials, and no proxy, whose URL can hold some.
_CONNECTION = ("host", "port", "use_tls", "validate_certs", "ca_path", "tls_fingerprint", "use_proxy")


def adopt_params(params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], templar: t.Any) -> dict[str, t.Any]:
    """The parameters hosts, results, members and connection. variables: those of the task."""
    hosts = params["hosts"] or to_plain(variables.get("ansible_play_hosts_all") or [])
    hostvars: t.Any = variables.get("hostvars") or {}
    results: dict[str, t.Any] = {}
    connection: dict[str, t.Any] = {}
    for host in hosts:
        known = raw_variables(hostvars, host)
        results[host] = registered_results(known, params["results_from"], host, hostvars)
        own = HostVariables(host, known, templar.copy_with_new_env(available_variables=known))
        connection[host] = _connection_variables(own)
    return {
        "hosts": hosts,
        "results": results,
        "members": to_plain(variables.get("groups") or {}),
        "connection": connection,
    }


def _connection_variables(host: HostVariables) -> dict[str, t.Any]:
    """Variables that reach the device. Without those whose templates cannot be evaluated, which have failed in the tasks that read."""
    found: dict[str, t.Any] = {}
    for name in _CONNECTION:
        with contextlib.suppress(AnsibleError):
            value = host.get(f"lantime_{name}")
            if value is None and name == "host":
                value = host.own_address()
            if value is not None:
                found[f"lantime_{name}"] = value
    return found
