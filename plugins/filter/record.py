# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.record."""

from __future__ import annotations

DOCUMENTATION = r"""
name: record
short_description: What was found out about a host, as one entry of a fleet report
version_added: 1.2.0
description:
  - Puts the results of several tasks of a host together for M(meinberg.lantime.lantime_report) and M(meinberg.lantime.lantime_verdict).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
options:
  _input:
    description: Name of the host in the inventory.
    type: str
    required: true
  group:
    description: Group that the report shows the host in.
    type: str
  facts:
    description: The registered result of M(meinberg.lantime.lantime_facts).
    type: dict
  health:
    description: The registered result of M(meinberg.lantime.lantime_health). That a device is not healthy is no error of the record.
    type: dict
  drift:
    description: What P(meinberg.lantime.drift#filter) or P(meinberg.lantime.consensus#filter) gives for the host.
    type: dict
  results:
    description: Registered results of further tasks whose failure is the host's.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Read
  meinberg.lantime.lantime_facts:
    gather_subset: [sync, receiver, ntp, firmware]
  register: read
  ignore_errors: true
  ignore_unreachable: true

- name: Note what was found
  ansible.builtin.set_fact:
    found: "{{ inventory_hostname | meinberg.lantime.record(facts=read) }}"
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
        - V(null), or C(kind) (V(unreachable), V(failed) or V(not_checked)), C(code) (of C(docs/errors.md) or V(null)) and C(message).
      type: dict
"""

import typing as t

from ..module_utils._base.plain import plain
from ..module_utils._drift.records import make_record
from ..plugin_utils._filter.arguments import run_filter


def record(
    host: str,
    group: str | None = None,
    facts: t.Any = None,
    health: t.Any = None,
    drift: t.Any = None,
    results: t.Any = (),
) -> t.Any:
    def made() -> dict[str, t.Any]:
        found, judged, compared = plain(facts), plain(health), plain(drift)
        further = plain(results or [])
        if not all(isinstance(r or {}, dict) for r in (found, judged, compared, *further)):
            raise ValueError("facts, health, drift and each of results are mappings")
        return make_record(str(host), plain(group), found, judged, compared, further)

    return run_filter("record", made)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"record": record}
