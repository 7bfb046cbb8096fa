# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_validate
short_description: Check a golden configuration without a device
version_added: 2.0.0
description:
  - Plans a golden configuration against recordings of M(meinberg.lantime.lantime_record) and backups of M(meinberg.lantime.lantime_backup), with the
    code that M(meinberg.lantime.lantime_config) plans with.
  - Finds unknown names, with similar ones, values of wrong types, masks in place of secrets of new items, and rules that contradict each other
    or fit no module. Values that only the device itself refuses are found if O(refusals) has them.
  - The task contacts no device, needs no credentials and runs on the controller.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
  - meinberg.lantime.desired
  - meinberg.lantime.secrets
attributes:
  action:
    support: full
    details:
      - The module consists of its action plugin only. C(delegate_to) takes V(localhost) or the host itself, and C(lantime_execution) has no effect.
  async:
    support: none
  bypass_host_loop:
    support: none
  check_mode:
    support: full
    details:
      - This action does not change anything.
  diff_mode:
    support: N/A
    details:
      - This action does not change anything.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
    details:
      - This action does not change anything.
  platform:
    support: full
    platforms: posix
options:
  against:
    description:
      - Paths of recordings and backups on the controller. Of a directory, all files with the ending C(.json) are read.
      - The configuration must fit each of them.
    type: list
    elements: path
    required: true
  refusals:
    description:
      - Registered results of M(meinberg.lantime.lantime_config) that failed because a device refused a value, or a setting that is read-only.
        To set the same value, or any value of the read-only setting, is a problem with the code C(rejected), in any item of the same table. A backup
        does not show which tables have fixed items, so that there the item must be the same.
      - Results without such a refusal are ignored.
    type: list
    elements: dict
    default: []
  ignore_paths:
    description: Patterns of paths that are not checked.
    type: list
    elements: str
    default: []
  unordered_lists:
    description: Patterns of lists of values whose order is irrelevant.
    type: list
    elements: str
    default: []
notes:
  - Options that the task does not give come from the same variables as those of M(meinberg.lantime.lantime_drift), so that what is compared at night is
    what is checked here.
  - A recording says which modules are fitted, and which tokens an enum has, as far as they were seen. A backup says neither.
  - Object-ids that the owner of the device chose, such as names of users, are replaced in an anonymized recording. An item of such a table
    that is part of the golden configuration then counts as new.
seealso:
  - module: meinberg.lantime.lantime_drift
  - module: meinberg.lantime.lantime_record
  - ref: ansible_collections.meinberg.lantime.docsite.golden
    description: Golden configurations, and how to validate them in CI.
"""

EXAMPLES = r"""
- name: Check the golden configuration of each host against its recording
  meinberg.lantime.lantime_validate:
    against: ["recordings/{{ inventory_hostname }}.json"]

- name: Check that one configuration fits all recorded devices
  meinberg.lantime.lantime_validate:
    against: [recordings]
    config:
      ntp:
        local-clock: {stratum: 12}
    modules:
      - families: [HPS]
        config: {module: {ptp: {network: {dscp: 24}}}}
"""

RETURN = r"""
valid:
  description: Whether the configuration fits all files.
  returned: success, and failure with the code C(invalid)
  type: bool
files:
  description: One entry for each file, in the order of O(against).
  returned: success, and failure with the code C(invalid)
  type: list
  elements: dict
  contains:
    file: {description: Path of the file., type: str, returned: always, sample: recordings/ts1.json}
    kind: {description: "V(recording) or V(backup); V(null) if the file cannot be used.", type: str, returned: always, sample: recording}
    model: {description: Model of the device., type: str, returned: always, sample: M600}
    firmware: {description: Firmware of the device., type: str, returned: always, sample: "7.10.008"}
    valid: {description: Whether the configuration fits the file., type: bool, returned: always}
    problems:
      description: What does not fit, with code, path and message.
      type: list
      elements: dict
      returned: always
      sample: [{code: unknown_name, path: ntp/local-clok, message: "the device has no such name (did you mean local-clock?)"}]
    notes:
      description: What may be wrong, such as a token of an enum that was not seen on the device.
      type: list
      elements: str
      returned: always
    operations:
      description:
        - What M(meinberg.lantime.lantime_config) would do with a device that is as the file says. Empty if there are problems.
        - In an anonymized recording, the present values are replaced ones.
      type: list
      elements: dict
      returned: always
      sample: [{id: 1, handler: ntp, action: set, path: ntp/local-clock, before: {stratum: 12}, after: {stratum: 10}}]
not_applicable:
  description: Rules that apply to no module of a recording, and what a device does not have and is left out, with C(file) and the reason.
  returned: success, and failure with the code C(invalid)
  type: list
  elements: dict
  sample: [{file: recordings/ts1.json, rule: 2, conditions: families FDM, reason: the device has no such module}]
modules_resolved:
  description: Rules that apply to modules, with C(file).
  returned: success, and failure with the code C(invalid)
  type: list
  elements: dict
  sample: [{file: recordings/ts1.json, rule: 1, conditions: families HPS, modules: [{path: chassis0/slots/io1, family: HPS, model: hps100}]}]
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
