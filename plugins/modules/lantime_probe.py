#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_probe
short_description: Find out how the REST API of a Meinberg LANTIME time server behaves
version_added: 1.1.0
description:
  - The vendor does not publish where the configuration tree stands and how it is written. C(docs/assumptions.md) lists what this
    collection assumes instead. This module asks a device, and returns what it found as RV(dialect), which all other modules take as
    their option O(dialect).
  - Unless O(writable_path) is given, nothing but GET requests are sent (and one request for a token with O(probe_token=true)).
  - With O(writable_path), a text is changed in one form after the other, in the order of C(docs/assumptions.md), until the device shows the
    change. Then everything is set back, and the whole configuration is compared with what it was before.
  - Nothing is ever saved as startup configuration. A device that saves changes by itself saves the setting back, too.
  - Menus are only written to if they could be set back, that is if they hold no table, no list and no secret that is set.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
attributes:
  check_mode:
    support: full
    details:
      - Only reads in check mode. With O(writable_path), what can be told without writing is still told.
  diff_mode:
    support: N/A
    details:
      - Leaves the device as it was.
  idempotent:
    support: full
    details:
      - Leaves the device as it was. RV(ignore:changed) is V(true) only if O(writable_path) could not be set back.
options:
  writable_path:
    description:
      - Path of a text in the configuration that nobody depends on, to try writing with.
      - Secrets, switches, numbers, enums, and all that the management of the device may depend on by its name (such as host names, addresses
        and all of C(network)) are refused.
      - A text in a menu without tables and secrets tells most. C(snmp/location) shares its menu with secrets, so that writing to the menu is not
        tried with it.
    type: str
  writable_path2:
    description:
      - Another such text in the same menu. With it, the module finds out whether a menu takes several names at once.
    type: str
  effect_timeout:
    description: Seconds to wait for a change that the device took without showing it. This is waited for each form that is tried.
    type: float
    default: 5.0
  anonymous:
    description:
      - Whether to send one GET without credentials. It cannot lock out anybody.
    type: bool
    default: false
  probe_token:
    description:
      - Whether to ask for a token with O(username) and O(password), and to send it with up to two GET requests.
      - The device may count this as log-in, and a token that it does not take as a failed one.
    type: bool
    default: false
  config_root:
    description:
      - Name of the configuration root of the API. If it is not given, it is searched.
    type: str
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_config_info
"""

EXAMPLES = r"""
- name: Ask without changing anything
  meinberg.lantime.lantime_probe:
    anonymous: true
  register: probe

- name: Learn the form of writing too
  meinberg.lantime.lantime_probe:
    writable_path: notification/wall-display/display1/serial-number
  register: probe

- name: Use what was found
  meinberg.lantime.lantime_config:
    config:
      snmp: {contact: time@example.com}
    dialect: "{{ probe.dialect }}"

- name: Show what is still open
  ansible.builtin.debug:
    msg: "{{ probe.findings | selectattr('mark', 'eq', 'not observed') | map(attribute='key') }}"
"""

RETURN = r"""
dialect:
  description:
    - What was found, as the option O(dialect) of all modules takes it. Keys that stayed open are missing.
  returned: when the device answered
  type: dict
  sample: {config_root: config, root_get: full, scalar_get: named, set_target: object, set_body: named}
operations:
  description: The writes of the trial, in order, those that put everything back included.
  returned: when the device answered; empty without O(writable_path) and in check mode
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always}
    handler: {description: Section that answers for it., type: str, returned: always, sample: snmp}
    action: {description: V(set)., type: str, returned: always}
    path: {description: Menu., type: str, returned: always, sample: snmp}
    before: {description: Values before the probe., type: dict, returned: always}
    after: {description: Values that were written., type: dict, returned: always}
    state:
      description: V(succeeded) if the device took the write, V(failed) if it refused it, V(processing) if it did not answer.
      type: str
      returned: always
findings:
  description: Every question that was looked at.
  returned: when the device answered
  type: list
  elements: dict
  contains:
    id: {description: Number of the question in C(docs/assumptions.md); empty if it has none., type: str, returned: always, sample: A2}
    key: {description: Name of the question., type: str, returned: always, sample: set_target}
    value: {description: What was found; V(unknown) if it stayed open., type: raw, returned: always, sample: object}
    evidence: {description: What was seen., type: str, returned: always, sample: a change of snmp/location in this form took effect}
    mark: {description: V(observed) or V(not observed)., type: str, returned: always, sample: observed}
restored:
  description: Whether the configuration is as it was before; V(null) if nothing was sent to change it.
  returned: when the device answered
  type: bool
  sample: true
config_root:
  description: Path of the configuration root below C(/api); empty if the areas stand directly there.
  returned: when the device answered
  type: str
  sample: config
requests:
  description: Number of requests made.
  returned: when the device answered
  type: int
  sample: 12
device:
  description: Who answered. The serial number tells devices apart that swap addresses.
  returned: when the device answered
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

from ..module_utils._jobs import lantime_probe
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_probe.SPEC, lantime_probe.run)


if __name__ == "__main__":
    main()
