#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_facts
short_description: Gather facts of a Meinberg LANTIME time server
version_added: 1.0.0
description:
  - Reads the status tree of the device with one request and returns typed facts. C(ansible_net_*) holds what network devices have in
    common, C(ansible_lantime) the rest.
  - Names of facts are in snake case with SI units in the name, times are ISO 8601 in UTC, and V(null) stands for the device's many ways
    of saying nothing. Values that the collection does not know are kept as the device sends them.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.attributes.facts
  - meinberg.lantime.connection
options:
  gather_subset:
    description:
      - Which facts to gather. The order does not matter, and a name with V(!) in front wins over one without.
      - V(min) (identity, versions, pending changes) is always gathered unless V(!min) is named.
      - V(all) is everything but V(config), which costs one more request and can be large.
      - Possible values are V(min), V(system), V(sync), V(receiver), V(ntp), V(network), V(services), V(notification), V(chassis),
        V(storage), V(firmware), V(syncmon), V(syncteam), V(config), V(all), and each of them with V(!) in front.
    type: list
    elements: str
    default: [min]
  config_root:
    description: Name of the configuration root of the API, if it is not to be found automatically. Used for V(config) only.
    type: str
seealso:
  - module: meinberg.lantime.lantime_module_info
  - module: meinberg.lantime.lantime_config_info
"""

EXAMPLES = r"""
- name: Identity and versions
  meinberg.lantime.lantime_facts:

- name: Is the clock synchronised, and how well
  meinberg.lantime.lantime_facts:
    gather_subset: [sync, receiver, ntp]

- name: Fail where the time is not good enough
  ansible.builtin.assert:
    that:
      - ansible_lantime.sync.synchronized
      - ansible_lantime.sync.estimated_quality_ns <= 100

- name: Everything but the chassis
  meinberg.lantime.lantime_facts:
    gather_subset: [all, "!chassis"]
"""

RETURN = r"""
ansible_facts:
  description: The facts.
  returned: success
  type: dict
  contains:
    ansible_net_model: {description: Model., type: str, returned: always, sample: M600}
    ansible_net_serialnum: {description: Serial number., type: str, returned: always, sample: "0123456789"}
    ansible_net_version: {description: LTOS version that runs., type: str, returned: always, sample: "7.10.008"}
    ansible_net_hostname: {description: Host name., type: str, returned: always, sample: ts1.example.com}
    ansible_net_system: {description: Operating system., type: str, returned: always, sample: ltos}
    ansible_net_api: {description: Kind of API that was used., type: str, returned: always, sample: rest}
    ansible_net_gather_subset: {description: Subsets that were gathered., type: list, elements: str, returned: always}
    ansible_net_all_ipv4_addresses: {description: IPv4 addresses., type: list, elements: str, returned: if the subset V(network) is gathered}
    ansible_net_all_ipv6_addresses: {description: IPv6 addresses., type: list, elements: str, returned: if the subset V(network) is gathered}
    ansible_net_interfaces: {description: Interfaces by name., type: dict, returned: if the subset V(network) is gathered}
    ansible_lantime:
      description: Facts of the time server, one member for each subset.
      type: dict
      returned: always
      sample:
        min: {model: M600, serial_number: "0123456789", api_generation: 20, api_supported: true, pending_changes: 0}
        sync: {state: synchronized, synchronized: true, reference: clk1-gps, estimated_quality_seconds: 1.0e-07, oscillator_type: ocxo-lq}
http_sessions:
  description: The latest requests of the task, oldest first. Headers and bodies are never part of it.
  returned: if O(http_log=true), after success and failure
  type: list
  elements: dict
  sample:
    - {method: GET, path: /api/status, status: 200, error: null, attempt: 1, request_bytes: 0, response_bytes: 31161,
       request_time: "2026-02-11T22:05:07.011Z", response_time: "2026-02-11T22:05:07.203Z", round_trip_ms: 192.4}
error:
  description: What failed, for programs. The codes are explained in C(docs/errors.md).
  returned: on failure
  type: dict
  contains:
    code: {description: One of a closed list., type: str, returned: always, sample: auth_failed}
    path: {description: Path of the API or of the configuration tree., type: str, returned: always, sample: /api/status}
    http_status: {description: Status of the answer; V(null) if there was none., type: int, returned: always, sample: 401}
    device_message: {description: "The device's own words, bounded.", type: str, returned: always}
    hint: {description: What to do about it., type: str, returned: always}
"""

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_facts
from ansible_collections.meinberg.lantime.plugins.module_utils._task import run_packaged


def main() -> None:
    run_packaged(lantime_facts.SPEC, lantime_facts.run, for_gathering=True)


if __name__ == "__main__":
    main()
