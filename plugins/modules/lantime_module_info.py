#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_module_info
short_description: Show slots and plug-in modules of a Meinberg LANTIME time server
version_added: 1.0.0
description:
  - Returns each slot of the chassis with the module in it (power supply, clock, CPU, IMS input, output and network modules), its family, model,
    serial number, revision and sensors, and everything that the module itself tells.
  - The vendor publishes the status members of few modules. What a module sends is therefore always returned whole, whether the collection knows it or not.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.connection
options:
  slots:
    description: Only these slots, by C(object-id). V(*) and V(?) match any characters and one character.
    type: list
    elements: str
  families:
    description: Only modules of these families, for example V(GPS), V(HPS) or V(PSU). Case does not matter.
    type: list
    elements: str
  models:
    description: Only modules of these models, for example V(grc180) or V(gns18*). Case does not matter.
    type: list
    elements: str
  populated:
    description: Only slots with a module (V(true)) or without (V(false)).
    type: bool
seealso:
  - module: meinberg.lantime.lantime_facts
"""

EXAMPLES = r"""
- name: All modules
  meinberg.lantime.lantime_module_info:
    populated: true
  register: lantime

- name: Serial number of each clock
  meinberg.lantime.lantime_module_info:
    slots: ["clk*"]
    populated: true
  register: clocks

- name: Show them
  ansible.builtin.debug:
    msg: "{{ clocks.modules | items2dict(key_name='slot', value_name='serial_number') }}"
"""

RETURN = r"""
modules:
  description: The slots, in natural order of their names.
  returned: success
  type: list
  elements: dict
  contains:
    chassis: {description: Chassis that holds the slot., type: str, returned: always, sample: chassis0}
    slot: {description: The slot's C(object-id)., type: str, returned: always, sample: clk1}
    slot_type: {description: Kind of slot., type: str, returned: always, sample: clk}
    position: {description: Position in the chassis as the device gives it., type: str, returned: always, sample: "0,2,1"}
    orientation: {description: Orientation of the slot., type: str, returned: always, sample: vertical}
    populated: {description: Whether there is a module., type: bool, returned: always}
    family: {description: Family of the module; V(null) if the model is not known., type: str, returned: always, sample: GRC}
    model: {description: Model., type: str, returned: always, sample: grc180}
    serial_number: {description: Serial number., type: str, returned: always, sample: "029811038330"}
    software_revision: {description: Revision of the module's own software., type: str, returned: always, sample: v2.16}
    firmware_image: {description: Image that the module runs., type: str, returned: always}
    sensors: {description: "Temperatures in °C; V(null) where the device shows 0.0, its way of saying that there is no sensor.", type: dict, returned: always}
    sync: {description: State of the clock and its oscillator; V(null) for modules without., type: dict, returned: always}
    status: {description: "Everything that the module sends, as it is.", type: dict, returned: always}
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

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_module_info
from ansible_collections.meinberg.lantime.plugins.module_utils._task import run_packaged


def main() -> None:
    run_packaged(lantime_module_info.SPEC, lantime_module_info.run)


if __name__ == "__main__":
    main()
