#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_config_info
short_description: Show any part of the configuration or status of a Meinberg LANTIME time server
version_added: 1.0.0
description:
  - Returns a node of the device's own tree, from the whole tree down to a single value, in the form that M(meinberg.lantime.lantime_config) takes.
  - Tables are mappings from the C(object-id) of an item to the item. Secrets are masked, whatever the device shows.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.connection
options:
  path:
    description: Path of the node, names and C(object-id) separated by slashes. Empty for the whole tree.
    type: str
    default: ""
  tree:
    description: Which tree the path belongs to.
    type: str
    choices: [config, status]
    default: config
  config_root:
    description:
      - Name of the configuration root of the API. If it is not given, C(config) is used, and the device is asked for its name if that is not there.
      - The name is an assumption, see C(docs/assumptions.md).
    type: str
seealso:
  - module: meinberg.lantime.lantime_config
"""

EXAMPLES = r"""
- name: NTP settings
  meinberg.lantime.lantime_config_info:
    path: ntp
  register: ntp

- name: Give them to another device
  meinberg.lantime.lantime_config:
    config: "{{ ntp.config }}"
  delegate_to: localhost
  vars:
    lantime_host: ts2.example.com

- name: Speed of a port, from the status tree
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
  description: The node below as many menus as O(path) has names, as O(meinberg.lantime.lantime_config#module:config) takes it.
  returned: if O(tree=config)
  type: dict
  sample: {ntp: {local-clock: {stratum: 12, disabled: false}}}
status:
  description: The same for the status tree.
  returned: if O(tree=status)
  type: dict
path:
  description: The path that was read.
  returned: success
  type: str
  sample: ntp
pending_changes:
  description: Number of unsaved changes by the device's own count.
  returned: success
  type: int
  sample: 0
device:
  description: Who answered. The serial number tells devices apart that swap addresses.
  returned: success
  type: dict
  sample: {model: M600, serial_number: "0123456789", hostname: ts1.example.com, firmware: "7.10.008", api_version: 20.05.013, api_generation: 20}
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

from ..module_utils._jobs import lantime_config_info
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_config_info.SPEC, lantime_config_info.run)


if __name__ == "__main__":
    main()
