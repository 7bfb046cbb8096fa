# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.failing_hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: failing_hosts
short_description: Select the hosts that are not clean
version_added: 2.0.0
description:
  - Selects the hosts for which M(meinberg.lantime.lantime_verdict) with the default values of its options can fail, from their registered results.
  - With it, a play can set the final status of these hosts only, which saves a task for each of the others.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
positional: hostvars, results_from
options:
  _input:
    description: Names of hosts. Hosts without any of the results are left out.
    type: list
    elements: str
    required: true
  hostvars:
    description: The variable C(hostvars) of Ansible. In the C(hosts) of a play, it is not defined with C(--syntax-check).
    type: dict
    required: true
  results_from:
    description:
      - Names of registered variables, as O(meinberg.lantime.lantime_verdict#module:results_from).
      - If no host has any of them, although tasks have registered other results, the filter fails and suggests similar names.
    type: list
    elements: str
    required: true
seealso:
  - module: meinberg.lantime.lantime_verdict
  - ref: ansible_collections.meinberg.lantime.docsite.fleet
    description: The playbooks that use it.
"""

EXAMPLES = r"""
- name: Check the health
  hosts: lantime
  gather_facts: false
  tasks:
    - name: Check the health
      meinberg.lantime.lantime_health:
      register: health
      ignore_errors: true
      ignore_unreachable: true

- name: Set the final status of the hosts that are not clean
  hosts: "{{ groups['lantime'] | meinberg.lantime.failing_hosts(hostvars | default({}), ['health']) }}"
  gather_facts: false
  tasks:
    - name: Set the final status of the host
      meinberg.lantime.lantime_verdict:
        results_from: [health]
"""

RETURN = r"""
_value:
  description:
    - The names of the hosts that are not clean, in the order of the input.
    - A name that Ansible would split into several patterns, such as one with a space or the zone of an IPv6 address, is a regular expression
      that matches this name only.
  type: list
  elements: str
  sample: [ts2, ts5]
"""

import re
import typing as t

from ansible.inventory.manager import split_host_pattern

from ..module_utils._base.plain import to_plain
from ..plugin_utils._action.host_variables import raw_variables
from ..plugin_utils._action.registered import check_registered
from ..plugin_utils._filter.arguments import run_filter
from ..plugin_utils._report.verdict import select_failing


def failing_hosts(hosts: t.Any, hostvars: t.Any, results_from: t.Any) -> t.Any:
    def compute() -> list[str]:
        names = to_plain(list(results_from))
        listed = to_plain(list(hosts))
        known = {host: raw_variables(hostvars, host) for host in listed}
        check_registered(names, known.values())
        failing = select_failing(
            {host: [given[n] for n in names if n in given] for host, given in known.items()}, hostvars
        )
        return [_as_pattern(host) for host in failing]

    return run_filter("failing_hosts", compute)


def _as_pattern(host: str) -> str:
    """A pattern for the keyword hosts that matches this host."""
    if split_host_pattern(host) == [host]:
        return host
    escaped = re.sub("[^0-9A-Za-z_-]", lambda match: f"\\U{ord(match[0]):08x}", host)
    return f"~^{escaped}$"


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"failing_hosts": failing_hosts}
