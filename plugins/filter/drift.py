# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.drift."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift
short_description: How a device differs from its golden configuration
version_added: 1.2.0
description:
  - Turns the result of M(meinberg.lantime.lantime_config) in check mode into a list of differences by path, with class, severity and the
    acceptances that cover them.
  - Secrets are shown as asterisks, whatever they came as. Names are spelled as LTOS 7.10 does, whatever the device has.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
positional: golden
options:
  _input:
    description:
      - The registered result of M(meinberg.lantime.lantime_config) in check mode.
      - A result that is no prediction, such as that of a failed task, gives RV(_value.state=not_checked).
    type: dict
    required: true
  golden:
    description: The tree that was compared. Names the sections if the task failed.
    type: dict
  host:
    description: Name of the device in the inventory, for O(accepted).
    type: str
    default: ""
  accepted:
    description:
      - Differences that are accepted, each with the day until which that holds.
      - When the day is over the difference is drift again, and says that it was accepted.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Pattern of paths. V(*) and V(?) stand for characters of one name, and a menu stands for everything in it.
        type: str
        required: true
      host:
        description: Pattern of names in the inventory.
        type: str
        default: "*"
      until:
        description: Last day (UTC) on which it holds, such as V(2026-12-31).
        type: str
        required: true
      reason:
        description: Why it is accepted.
        type: str
        required: true
  ignore:
    description: Patterns of paths that are no drift.
    type: list
    elements: str
    default: []
  secrets:
    description: Patterns of paths whose values are not shown, beyond those whose name says so.
    type: list
    elements: str
    default: []
  today:
    description: The day that O(accepted) is judged by; today in UTC if it is not given.
    type: str
seealso:
  - plugin: meinberg.lantime.consensus
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Compare
  meinberg.lantime.lantime_config:
    config: "{{ lantime_golden_config }}"
  check_mode: true
  register: compared

- name: What differs
  ansible.builtin.debug:
    msg: "{{ (compared | meinberg.lantime.drift(lantime_golden_config)).differences | map(attribute='path') | list }}"
"""

RETURN = r"""
_value:
  description: The drift.
  type: dict
  contains:
    mode: {description: V(golden)., type: str}
    state: {description: "V(clean), V(drift) or V(not_checked). Accepted differences are clean.", type: str}
    sections:
      description: First-level parts of the configuration, each with C(name), C(state) (also V(accepted)) and C(reason).
      type: list
      elements: dict
    differences:
      description:
        - One for each setting, and one for each item of a table that comes or goes.
      type: list
      elements: dict
      contains:
        section: {description: First-level part of the configuration., type: str, sample: ntp}
        path: {description: Where., type: str, sample: ntp/local-clock/stratum}
        op: {description: "V(add) for what the device lacks, V(remove) for what it has beyond, V(replace) for another value.", type: str}
        before: {description: What the device has., type: raw, sample: 3}
        after: {description: What it should have., type: raw, sample: 12}
        class: {description: V(config) or V(security)., type: str}
        severity: {description: "V(error), V(warning) or V(note).", type: str}
        accepted: {description: C(until) and C(reason) of the acceptance that holds; V(null) if none does., type: dict}
        expired: {description: The same of one that held until now., type: dict}
        peers: {description: V(null)., type: dict}
    not_compared:
      description: Settings that could not be compared, each with C(path) and C(reason).
      type: list
      elements: dict
"""

import typing as t

from ..module_utils._base.plain import plain
from ..module_utils._drift.comparison import compare_with_golden
from ..plugin_utils._filter.arguments import build_policy, run_filter


def drift(
    result: t.Any,
    golden: t.Any = None,
    host: str = "",
    accepted: t.Any = None,
    ignore: t.Any = None,
    secrets: t.Any = None,
    today: str | None = None,
) -> t.Any:
    def made() -> dict[str, t.Any]:
        given = plain(result)
        if not isinstance(given, dict):
            raise ValueError("the input is the registered result of lantime_config")
        policy = build_policy(accepted, ignore, secrets, today)
        return compare_with_golden(given, plain(golden), str(host), policy)

    return run_filter("drift", made)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drift": drift}
