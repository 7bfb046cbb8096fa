# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.record."""

from __future__ import annotations

DOCUMENTATION = r"""
name: record
short_description: Combine results of a host into its record for a fleet report
version_added: 1.2.0
description:
  - Combines the results of several tasks of a host into a record for M(meinberg.lantime.lantime_report) and M(meinberg.lantime.lantime_verdict).
deprecated:
  removed_in: 3.0.0
  why: M(meinberg.lantime.lantime_report) and M(meinberg.lantime.lantime_verdict) take registered results as they are.
  alternative: Use O(meinberg.lantime.lantime_report#module:results_from) and O(meinberg.lantime.lantime_verdict#module:results_from).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
options:
  _input:
    description: Name of the host in the inventory.
    type: str
    required: true
  group:
    description: Group of the host in the report.
    type: str
  facts:
    description: The registered result of M(meinberg.lantime.lantime_facts).
    type: dict
  health:
    description: The registered result of M(meinberg.lantime.lantime_health). A device that is not healthy is not an error of the record.
    type: dict
  drift:
    description: Drift of the host, from P(meinberg.lantime.drift#filter) or P(meinberg.lantime.consensus#filter).
    type: dict
  results:
    description: Registered results of further tasks. If one of them failed, the record has an error.
    type: list
    elements: dict
    default: []
seealso:
  - ref: ansible_collections.meinberg.lantime.docsite.report
    description: Records and the states of hosts.
"""

EXAMPLES = r"""
- name: Read facts
  meinberg.lantime.lantime_facts:
    gather_subset: [sync, receiver, ntp, firmware]
  register: facts
  ignore_errors: true
  ignore_unreachable: true

- name: Create the record
  ansible.builtin.set_fact:
    lantime_record: "{{ inventory_hostname | meinberg.lantime.record(facts=facts) }}"
"""

RETURN = r"""
_value:
  description: The record.
  type: dict
  contains:
    host: {description: Name in the inventory., type: str}
    group: {description: Group in the report., type: str}
    facts: {description: The facts., type: dict, returned: if they were read}
    health: {description: The health., type: dict, returned: if it was checked}
    drift: {description: The drift., type: dict, returned: if it is known}
    error:
      description:
        - V(null), or C(kind) (V(unreachable), V(failed) or V(not_checked)), C(code) (one of the
          R(error codes, ansible_collections.meinberg.lantime.docsite.errors), or V(null)) and C(message).
      type: dict
"""

import typing as t

from ..module_utils._base.plain import to_plain
from ..module_utils._drift.records import make_record
from ..plugin_utils._filter.arguments import run_filter, warn_of_removal


# The parameters are the options of the filter.
def record(
    host: str,
    group: str | None = None,
    facts: t.Any = None,
    health: t.Any = None,
    drift: t.Any = None,
    results: t.Any = (),
) -> t.Any:
    def compute() -> dict[str, t.Any]:
        task_results = to_plain(facts), to_plain(health), to_plain(drift)
        further = to_plain(results or [])
        if not all(isinstance(r or {}, dict) for r in (*task_results, *further)):
            raise ValueError("facts, health, drift and each of results must be mappings")
        return make_record(str(host), to_plain(group), *task_results, further)

    warn_of_removal(
        "record", "Use the option results_from of meinberg.lantime.lantime_report and meinberg.lantime.lantime_verdict."
    )
    return run_filter("record", compute)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"record": record}
