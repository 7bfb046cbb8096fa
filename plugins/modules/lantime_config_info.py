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
  schema:
    description:
      - Whether to describe each path of the configuration below O(path) in RV(schema), with its type and with values of the device as examples.
      - No further requests are sent. Requires O(tree=config).
    type: bool
    default: false
    version_added: 2.0.0
  refusals:
    description:
      - Registered results of M(meinberg.lantime.lantime_config) that failed because a device refused a value. RV(schema) says which values were
        refused, and which settings are read-only according to the device.
      - Results without such a refusal are ignored. Ignored unless O(schema=true).
    type: list
    elements: dict
    default: []
    version_added: 2.0.0
seealso:
  - module: meinberg.lantime.lantime_config
  - plugin: meinberg.lantime.json_schema
    plugin_type: filter
  - ref: ansible_collections.meinberg.lantime.docsite.editor
    description: Completion and marked errors from what devices have.
"""

EXAMPLES = r"""
- name: Read the NTP settings
  meinberg.lantime.lantime_config_info:
    path: ntp
  register: ntp

- name: Configure another device with the same NTP settings
  meinberg.lantime.lantime_config:
    config: "{{ ntp.config }}"
  delegate_to: ts2

- name: Describe what can be configured
  meinberg.lantime.lantime_config_info:
    schema: true
  register: described

- name: Show the tables that can grow
  ansible.builtin.debug:
    msg: "{{ described.schema | selectattr('can_grow', 'eq', true) | map(attribute='path') }}"

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
schema:
  description:
    - The paths of the configuration, sorted. Items of tables are combined into one path with V(*) in place of the C(object-id).
    - It describes what the device has, not everything that it accepts.
  returned: if O(schema=true)
  type: list
  elements: dict
  contains:
    path: {description: "Path, starting at the root of the configuration.", type: str, returned: always, sample: network/ports/*/link-mode}
    type:
      description:
        - V(bool), V(int), V(float), V(str), V(list) or V(table). V(menu) is a menu without names.
        - V(unknown) is a setting without a value. V(mixed) means that the types of the items differ.
      type: str
      returned: always
      sample: str
    elements: {description: Type of the values of a list., type: str, returned: always}
    can_grow:
      description: Whether items can be added to the table. This is an assumption. V(null) if it is no table.
      type: bool
      returned: always
    object_ids: {description: "C(object-id) of the items of a table.", type: list, elements: str, returned: always, sample: [lan0, lan1]}
    secret: {description: Whether the setting is a secret., type: bool, returned: always, sample: false}
    read_only: {description: V(true) if a refusal proves that the setting is read-only. V(null) if it is unknown., type: bool, returned: always}
    refused: {description: Values that a device refused., type: list, elements: raw, returned: always, sample: []}
    examples: {description: "Up to nine values of the device, without secrets and long texts.", type: list, elements: raw, returned: always, sample: [auto]}
    all_examples: {description: Whether the device has no other values of this path., type: bool, returned: always, sample: true}
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
    device_message: {description: "Message of the device, truncated.", type: str, returned: always, sample: wrong user name or password}
    hint: {description: Recommended action., type: str, returned: always, sample: "check username, password or token"}
"""

from ..module_utils._jobs import lantime_config_info
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_config_info.SPEC, lantime_config_info.run)


if __name__ == "__main__":
    main()
