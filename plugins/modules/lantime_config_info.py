#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_config_info
short_description: Read configuration or status of Meinberg LANTIME time servers
version_added: 1.0.0
description:
  - Returns a node of the configuration or status tree, from the whole tree to a single value, in the form that
    M(meinberg.lantime.lantime_config) accepts.
  - Tables are returned as mappings from C(object-id) to item. Secrets are masked.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.config_root
  - meinberg.lantime.connection
options:
  path:
    description:
      - Path of the node, consisting of names and C(object-id) separated by slashes.
      - If empty, the whole tree is returned.
    type: str
    default: ""
  tree:
    description: Tree that contains the node.
    type: str
    choices: [config, status]
    default: config
seealso:
  - module: meinberg.lantime.lantime_config
"""

EXAMPLES = r"""
- name: Read the NTP settings
  meinberg.lantime.lantime_config_info:
    path: ntp
  register: ntp

- name: Configure another device with the same NTP settings
  meinberg.lantime.lantime_config:
    config: "{{ ntp.config }}"
  delegate_to: localhost
  vars:
    lantime_host: ts2.example.com

- name: Read the speed of a network port
  meinberg.lantime.lantime_config_info:
    tree: status
    path: network/ports/lan0/speed
"""

RETURN = r"""
value:
  description: The node.
  returned: success
  type: raw
  sample: {local-clock: {stratum: 12, disabled: false}}
config:
  description: The node within its parent menus, starting at the root, as O(meinberg.lantime.lantime_config#module:config) accepts it.
  returned: if O(tree=config)
  type: dict
  sample: {ntp: {local-clock: {stratum: 12, disabled: false}}}
status:
  description: The node within its parent menus, starting at the root of the status tree.
  returned: if O(tree=status)
  type: dict
path:
  description: Path that was read.
  returned: success
  type: str
  sample: ntp
pending_changes:
  description:
    - Number of unsaved changes on the device after the task, as the device counts them.
    - V(null) if the device does not report it.
  returned: success
  type: int
  sample: 0
device:
  description: Identity of the device that answered. The serial number distinguishes devices that exchange addresses.
  returned: success
  type: dict
  sample: {model: M600, serial_number: "0123456789", hostname: ts1.example.com, firmware: "7.10.008", api_version: 20.05.013, api_generation: 20}
http_sessions:
  description:
    - Latest requests of the task, oldest first.
    - Headers and bodies are not included.
  returned: if O(http_log=true), after success and failure
  type: list
  elements: dict
  sample:
    - {method: GET, path: /api/status, status: 200, error: null, attempt: 1, request_bytes: 0, response_bytes: 31161,
       request_time: "2026-02-11T22:05:07.011Z", response_time: "2026-02-11T22:05:07.203Z", round_trip_ms: 192.4}
error:
  description: Details of the failure in machine-readable form.
  returned: on failure
  type: dict
  contains:
    code:
      description: One of the R(error codes, ansible_collections.meinberg.lantime.docsite.errors).
      type: str
      returned: always
      sample: auth_failed
    path: {description: "Path in the API or in the configuration tree, or path of a file.", type: str, returned: always, sample: /api/status}
    http_status: {description: HTTP status of the response; V(null) without a response., type: int, returned: always, sample: 401}
    device_message: {description: "Message of the device, truncated.", type: str, returned: always}
    hint: {description: Recommended action., type: str, returned: always}
"""

from ..module_utils._jobs import lantime_config_info
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_config_info.SPEC, lantime_config_info.run)


if __name__ == "__main__":
    main()
