# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.consensus."""

from __future__ import annotations

DOCUMENTATION = r"""
name: consensus
short_description: How devices differ from the majority of their peers
version_added: 1.2.0
description:
  - Compares the configurations of many devices with each other, without a golden configuration.
  - A setting deviates where at least the share O(threshold) of the other devices agree on a value, this device has another one, and more
    devices hold theirs. Likewise an item of a table or a setting that they have and it has not, or the reverse.
  - Values are compared among devices of one model and API generation where there are at least three of them, else among all of the group that
    have the setting. Whether something is there at all is only compared within a model and API generation.
  - Names, addresses, serial numbers and places belong to one device alone and are not compared. What the others do not agree on and what cannot
    be read is not judged but listed in C(not_compared).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
options:
  _input:
    description:
      - The registered results of M(meinberg.lantime.lantime_config_info) for the whole configuration tree, by host.
      - A device whose result is no configuration, such as that of a failed task, gives V(not_checked) and has no say.
    type: dict
    required: true
  groups:
    description: Group of each host, by host. Only devices of one group are compared with each other. Hosts that are not named are one group.
    type: dict
    default: {}
  threshold:
    description: Share of the other devices that must agree, above 0.5 and at most 1. 0.66 if it is not given.
    type: float
  unordered:
    description: Patterns of lists of values whose order means nothing.
    type: list
    elements: str
    default: []
  accepted:
    description: Differences that are accepted, as in P(meinberg.lantime.drift#filter).
    type: list
    elements: dict
    default: []
  ignore:
    description: Patterns of paths that are not compared.
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
  - plugin: meinberg.lantime.drift
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read
  meinberg.lantime.lantime_config_info:
  register: read

- name: Who is not like the others
  ansible.builtin.set_fact:
    drifts: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'read'))) | meinberg.lantime.consensus }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - The drift of each host, as P(meinberg.lantime.drift#filter) gives it, with C(mode=consensus). C(after) of a difference is what the majority
      has, and C(peers) says how many of the others agree on it.
  type: dict
  sample:
    ts1:
      mode: consensus
      state: drift
      differences:
        - {section: ntp, path: ntp/local-clock/stratum, op: replace, before: 3, after: 12, class: config, severity: error,
           accepted: null, expired: null, peers: {agree: 48, of: 49}}
"""

import typing as t

from ..module_utils._base.plain import plain
from ..plugin_utils._consensus.consensus import DEFAULT_THRESHOLD, ConsensusRules, compare_results
from ..plugin_utils._filter.arguments import build_policy, parse_patterns, run_filter


def consensus(
    results: t.Any,
    groups: t.Any = None,
    threshold: float | None = None,
    unordered: t.Any = None,
    accepted: t.Any = None,
    ignore: t.Any = None,
    secrets: t.Any = None,
    today: str | None = None,
) -> t.Any:
    def made() -> dict[str, t.Any]:
        given = plain(results)
        if not isinstance(given, dict):
            raise ValueError("the input is a mapping of hosts to results of lantime_config_info")
        policy = build_policy(accepted, ignore, secrets, today)
        share = DEFAULT_THRESHOLD if threshold is None else float(threshold)
        return compare_results(given, plain(groups or {}), ConsensusRules(policy, share, parse_patterns(unordered)))

    return run_filter("consensus", made)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"consensus": consensus}
