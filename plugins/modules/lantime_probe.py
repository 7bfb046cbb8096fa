#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_probe
short_description: Detect undocumented API behavior of Meinberg LANTIME time servers
version_added: 1.1.0
description:
  - The vendor does not document where the configuration tree is and how to write it. The collection relies on
    R(assumptions, ansible_collections.meinberg.lantime.docsite.assumptions).
  - This module tests these assumptions on a device and returns RV(dialect), which all other modules accept as O(dialect).
  - Without O(writable_path), only GET requests are sent, and one request for a token with O(probe_token=true).
  - With O(writable_path), the module changes a text with one request form after the other until a change takes effect. It then restores
    the text and compares the whole configuration with its former state.
  - Nothing is saved as startup configuration. A device that saves changes by itself also saves the restored text.
  - The former values are written to a journal before each write. If the task is interrupted, the next task that writes to the device restores
    them, whatever module it runs.
  - The module writes only to menus that it can restore, which are menus without tables, lists and secrets that are set.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
  - meinberg.lantime.journal
attributes:
  check_mode:
    support: full
    details:
      - Only reads in check mode. With O(writable_path), the findings are limited to what reads can detect.
  diff_mode:
    support: N/A
    details:
      - The configuration is restored.
  idempotent:
    support: full
    details:
      - The configuration is restored. RV(ignore:changed) is V(true) only if O(writable_path) could not be restored, or if values were
        restored that an interrupted task had changed.
options:
  writable_path:
    description:
      - Path of a text in the configuration that is safe to change, used to test writes.
      - Secrets, switches, numbers and enums are refused, and so are settings that the management of the device can depend on, such as
        host names, addresses and everything in C(network).
      - A text in a menu without tables and secrets allows all tests. C(snmp/location) is in a menu with secrets, so writes to the menu are not
        tested with it.
    type: str
  writable_path2:
    description: Path of another such text in the same menu, used to test whether a menu accepts several names at once.
    type: str
  effect_timeout:
    description: Time in seconds to wait for an accepted change to take effect, for each request form.
    type: float
    default: 5.0
  anonymous:
    description: Whether to send one GET request without credentials. It cannot lock an account.
    type: bool
    default: false
  probe_token:
    description:
      - Whether to request a token with O(username) and O(password) and to send it with up to two GET requests.
      - The device can count the request as a login, and a refused token as a failed login.
    type: bool
    default: false
  config_root:
    description:
      - Name of the configuration root of the API.
      - If not set, the module searches for it.
    type: str
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_config_info
  - ref: ansible_collections.meinberg.lantime.docsite.assumptions
    description: What the collection assumes about the API.
"""

EXAMPLES = r"""
- name: Detect the API behavior without writing
  meinberg.lantime.lantime_probe:
    anonymous: true
  register: probe

- name: Detect how the device accepts writes
  meinberg.lantime.lantime_probe:
    writable_path: notification/wall-display/display1/serial-number
  register: probe

- name: Configure the device with the detected behavior
  meinberg.lantime.lantime_config:
    config:
      snmp: {contact: time@example.com}
    dialect: "{{ probe.dialect }}"

- name: List the assumptions that remain untested
  ansible.builtin.debug:
    msg: "{{ probe.findings | selectattr('mark', 'eq', 'not observed') | map(attribute='key') }}"
"""

RETURN = r"""
dialect:
  description:
    - Detected API behavior, as the option O(dialect) of all modules accepts it.
    - Keys without a result are omitted.
  returned: when the device answered
  type: dict
  sample: {config_root: config, root_get: full, scalar_get: named, set_target: object, set_body: named}
operations:
  description: Writes of the test in order, including those that restored the configuration.
  returned: when the device answered; empty without O(writable_path) and in check mode
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always}
    handler: {description: Section of the operation., type: str, returned: always, sample: snmp}
    action: {description: V(set)., type: str, returned: always}
    path: {description: Path of the menu., type: str, returned: always, sample: snmp}
    before: {description: Values before the test., type: dict, returned: always}
    after: {description: Values that were written., type: dict, returned: always}
    state:
      description: V(succeeded) if the device accepted the write, V(failed) if it refused it, V(processing) if it did not respond.
      type: str
      returned: always
findings:
  description: Result for each assumption that was tested.
  returned: when the device answered
  type: list
  elements: dict
  contains:
    id:
      description: Number of the R(assumption, ansible_collections.meinberg.lantime.docsite.assumptions); empty if it has none.
      type: str
      returned: always
      sample: A2
    key: {description: Key of the assumption., type: str, returned: always, sample: set_target}
    value: {description: Detected value; V(unknown) without a result., type: raw, returned: always, sample: object}
    evidence: {description: Observation that led to the value., type: str, returned: always, sample: a change of snmp/location in this form took effect}
    mark: {description: V(observed) or V(not observed)., type: str, returned: always, sample: observed}
restored:
  description: Whether the configuration is the same as before the test; V(null) if nothing was written.
  returned: when the device answered
  type: bool
  sample: true
saved:
  description: Whether the configuration was saved as startup configuration; V(null) if that is unknown.
  returned: when the device answered
  type: bool
  sample: true
recovery:
  description: State of the device after an interrupted task, and the action that was taken.
  returned: if the journal of an interrupted task exists
  type: dict
  sample: {id: 8f14e45fceea167a5a36dedd4bea2543, phase: writing, verdict: partial, action: resumed, foreign: []}
config_root:
  description: Path of the configuration root below C(/api). Empty if the sections of the configuration are directly below C(/api).
  returned: when the device answered
  type: str
  sample: config
requests:
  description: Number of requests that were sent.
  returned: when the device answered
  type: int
  sample: 12
device:
  description: Identity of the device that answered. The serial number distinguishes devices that exchange addresses.
  returned: when the device answered
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

from ..module_utils._jobs import lantime_probe
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_probe.SPEC, lantime_probe.run)


if __name__ == "__main__":
    main()
