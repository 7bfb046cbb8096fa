# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.consensus."""

from __future__ import annotations

DOCUMENTATION = r"""
name: consensus
short_description: Compare devices with the majority of their peers
version_added: 1.2.0
description:
  - Compares the configurations of many devices with each other, without a golden configuration.
  - A setting deviates if at least the share O(threshold) of the other devices agree on a value, this device has another value, and more
    devices have theirs. The same applies to a setting or an item of a table that only the others have, or that only this device has.
  - Values are compared among devices of one model and API generation if there are at least three of them, otherwise among all devices of the
    group that have the setting. Whether a setting exists is only compared within a model and API generation.
  - Names, addresses, serial numbers and locations belong to one device alone and are not compared. Settings on which the other devices do
    not agree, and those that cannot be read, are listed in C(not_compared).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.drift
options:
  _input:
    description:
      - Registered results of M(meinberg.lantime.lantime_config_info) for the whole configuration tree, or of M(meinberg.lantime.lantime_drift)
        with O(meinberg.lantime.lantime_drift#module:compare=false), by host.
      - With O(name), a list of names of hosts.
      - A device without a configuration, for example because its task failed, gets the state V(not_checked) and does not count as a peer.
    type: raw
    required: true
  hostvars:
    description: The variable C(hostvars) of Ansible, with O(name).
    type: dict
    version_added: 2.0.0
  name:
    description:
      - Names of the variables in which each host has its registered result, or in which M(meinberg.lantime.lantime_poll) has those of all hosts. The last
        one that is set counts. Large results are then not templated.
    type: raw
    version_added: 2.0.0
  groups:
    description:
      - Group of each host, by host. Devices are compared within their group. Hosts that are not named form one group.
      - Without it, RV(meinberg.lantime.lantime_drift#module:entry.group) of the results.
    type: dict
  threshold:
    description: Share of the other devices that must agree, above 0.5 and at most 1. Defaults to 0.66.
    type: float
  unordered:
    description: Patterns of lists of values whose order has no meaning.
    type: list
    elements: str
    default: []
seealso:
  - plugin: meinberg.lantime.drift
    plugin_type: filter
  - ref: ansible_collections.meinberg.lantime.docsite.drift
    description: Drift checks without a golden configuration.
"""

EXAMPLES = r"""
- name: Read the configuration
  meinberg.lantime.lantime_config_info:
  register: configuration

- name: Compare the devices with each other
  ansible.builtin.set_fact:
    drifts: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'configuration'))) | meinberg.lantime.consensus }}"
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - Drift of each host, with the members that P(meinberg.lantime.drift#filter) returns and C(mode=consensus). C(after) of a difference is the
      value of the majority, and C(peers) is the number of other devices that agree on it.
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
from collections.abc import Mapping

from ..module_utils._base.plain import to_plain
from ..module_utils._drift.records import own_result
from ..plugin_utils._action.host_variables import raw_variables
from ..plugin_utils._consensus.consensus import DEFAULT_THRESHOLD, ConsensusRules, compare_results
from ..plugin_utils._filter.arguments import build_policy, parse_patterns, run_filter


def registered(hosts: list[str], hostvars: t.Any, names: list[str]) -> dict[str, t.Any]:
    """The results of hosts in registered variables."""
    return {host: to_plain(_last_result(raw_variables(hostvars, host), names, host, hostvars)) for host in hosts}


def _last_result(variables: t.Mapping[str, t.Any], names: list[str], host: str, hosts: t.Container[str]) -> t.Any:
    found = [own_result(variables.get(name), host, hosts) for name in names]
    results = [each for each in found if isinstance(each, Mapping) and not each.get("skipped")]
    return results[-1] if results else None


def groups_of(results: dict[str, t.Any]) -> dict[str, t.Any]:
    """The groups that lantime_drift has put into its results."""
    entries = {host: result.get("entry") for host, result in results.items() if isinstance(result, dict)}
    return {host: entry["group"] for host, entry in entries.items() if isinstance(entry, dict) and entry.get("group")}


# The parameters are the options of the filter.
def consensus(
    results: t.Any,
    groups: t.Any = None,
    threshold: float | None = None,
    unordered: t.Any = None,
    accepted: t.Any = None,
    ignore: t.Any = None,
    secrets: t.Any = None,
    today: str | None = None,
    hostvars: t.Any = None,
    name: t.Any = None,
) -> t.Any:
    def compute() -> dict[str, t.Any]:
        given = (
            to_plain(results)
            if name is None
            else registered(
                to_plain(list(results)), hostvars, [name] if isinstance(name, str) else to_plain(list(name))
            )
        )
        if not isinstance(given, dict):
            raise ValueError("the input must be a mapping of hosts to results of lantime_config_info")
        policy = build_policy(accepted, ignore, secrets, today)
        share = DEFAULT_THRESHOLD if threshold is None else float(threshold)
        return compare_results(
            given,
            groups_of(given) if groups is None else to_plain(groups),
            ConsensusRules(policy, share, parse_patterns(unordered)),
        )

    return run_filter("consensus", compute)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"consensus": consensus}
