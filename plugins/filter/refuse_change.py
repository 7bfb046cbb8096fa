# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.refuse_change."""

from __future__ import annotations

DOCUMENTATION = r"""
name: refuse_change
short_description: Decide whether the devices of a ring may be changed
version_added: 2.0.0
description:
  - Reads the health of several devices before a change and decides for all of them together.
  - The role P(meinberg.lantime.fleet_config#role) uses it once in each ring.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
positional: hostvars, name
options:
  _input:
    description: Names of the hosts that are considered, for example of all hosts of the play. A host without a result is left out.
    type: list
    elements: str
    required: true
  hostvars:
    description: The variable C(hostvars) of Ansible.
    type: dict
    required: true
  name:
    description: Name of the variable with the registered result of M(meinberg.lantime.lantime_health) of each host.
    type: str
    required: true
  mode:
    description:
      - With V(no_worse), a device keeps the ring from being changed if it could not be checked, or if the state of its check
        C(time_synchronized) is V(critical) or V(unknown).
      - With V(absolute), also if the task that checked its health failed.
    type: str
    choices: [no_worse, absolute]
    default: no_worse
  required:
    description: Names of hosts that keep the ring from being changed if they have no result.
    type: list
    elements: str
    default: []
  prediction:
    description:
      - Whether the result is for check mode. It then has C(failed_hosts), the hosts that keep their ring from being changed, and counts for these only.
    type: bool
    default: false
seealso:
  - ref: ansible_collections.meinberg.lantime.docsite.rollout
    description: Health gates of a rollout.
"""

EXAMPLES = r"""
- name: Check the health before the change
  meinberg.lantime.lantime_health:
  register: before
  ignore_errors: true
  ignore_unreachable: true

- name: Decide whether the devices may be changed
  ansible.builtin.set_fact:
    refused: "{{ ansible_play_hosts_all | meinberg.lantime.refuse_change(hostvars, 'before', required=ansible_play_batch) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - Empty if the devices may be changed. Otherwise C(failed), C(msg) with the devices and the reasons, and C(error), as the result of a failed task,
      which M(meinberg.lantime.lantime_report) and M(meinberg.lantime.lantime_verdict) take.
  type: dict
  sample: {}
"""

import typing as t

from ..module_utils._base.plain import to_plain
from ..module_utils._health.gate import refuse_change as _refuse_change
from ..plugin_utils._action.host_variables import raw_variables
from ..plugin_utils._filter.arguments import run_filter


# The parameters are the options of the filter.
def refuse_change(
    hosts: t.Any,
    hostvars: t.Any,
    name: str,
    mode: str = "no_worse",
    required: t.Any = (),
    prediction: bool = False,
) -> t.Any:
    def compute() -> dict[str, t.Any]:
        needed = set(to_plain(list(required)))
        known = {host: raw_variables(hostvars, host) for host in to_plain(list(hosts))}
        results = {host: to_plain(given.get(name)) for host, given in known.items() if name in given or host in needed}
        return _refuse_change(results, str(mode), bool(prediction))

    return run_filter("refuse_change", compute)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"refuse_change": refuse_change}
