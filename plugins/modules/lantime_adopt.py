# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_adopt
short_description: Write an inventory with a golden configuration from a running fleet
version_added: 2.0.0
description:
  - Takes registered results of M(meinberg.lantime.lantime_config_info) and M(meinberg.lantime.lantime_module_info) of many hosts and writes the files
    of an inventory. What all devices share is in C(group_vars/all), what a group shares in the files of the group, and the rest in C(host_vars).
  - Settings of modules become rules by family where several devices agree. Secrets become placeholders in comments.
  - Before anything is written, each device is planned against the files, with the code that M(meinberg.lantime.lantime_config) plans with. If a
    device would be changed, nothing is written.
  - The task contacts no device. It runs on the controller, usually once in a play (C(run_once)).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
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
  diff_mode:
    support: full
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
    details:
      - The second run needs O(update=true), because the directory is not empty.
  platform:
    support: full
    platforms: posix
options:
  results_from:
    description:
      - Names of registered variables with the results of M(meinberg.lantime.lantime_config_info) for the whole tree and of
        M(meinberg.lantime.lantime_module_info).
      - A host with a failed result, or without one of the two, is not adopted.
    type: list
    elements: str
    required: true
  hosts:
    description: Names of the hosts. Defaults to all hosts of the play.
    type: list
    elements: str
    default: []
  dest:
    description:
      - Directory of the inventory. It is written beside its final place and renamed, so that it is complete or not there.
      - A directory with files in it is refused unless O(update) is V(true).
    type: path
    required: true
  update:
    description:
      - Replace the files that were adopted before, and remove those of hosts and groups that have no settings of their own any more.
      - Other files are left as they are, and so are the files of hosts that could not be read. If a file cannot be written, those that were
        written before are restored.
      - The hosts of the former run must be part of this one, because what all share would be that of some of them otherwise.
    type: bool
    default: false
  groups:
    description:
      - Groups of the inventory whose shared settings get a file of their own, in the order in which they are merged.
      - If empty, groups are proposed by model and firmware, and by settings in which the fleet falls into the same parts.
    type: list
    elements: str
    default: []
  ignore_paths:
    description: Patterns of paths that are left out.
    type: list
    elements: str
    default: []
  secrets:
    description: Patterns of paths that hold secrets, in addition to those whose name indicates a secret.
    type: list
    elements: str
    default: []
  report_dir:
    description: Directory of the report, which is written as JSON and Markdown. Not written if not set.
    type: path
  basename:
    description: Name of the files of the report without suffix.
    type: str
    default: adopt
notes:
  - Texts of devices that look like templates are written with the tag C(!unsafe), so that Ansible does not evaluate them.
seealso:
  - module: meinberg.lantime.lantime_drift
  - plugin: meinberg.lantime.overlay
    plugin_type: filter
  - ref: ansible_collections.meinberg.lantime.docsite.adopt
    description: How to adopt a fleet, and what the files contain.
"""

EXAMPLES = r"""
- name: Read the configuration
  meinberg.lantime.lantime_config_info:
  register: config

- name: Read the modules
  meinberg.lantime.lantime_module_info:
  register: modules

- name: Write an inventory of the fleet
  meinberg.lantime.lantime_adopt:
    results_from: [config, modules]
    dest: inventory
    groups: [berlin, munich]
    report_dir: reports
  run_once: true
  delegate_to: localhost
"""

RETURN = r"""
dest:
  description: Directory of the inventory.
  returned: success
  type: str
  sample: inventory
written:
  description: Files below RV(dest) that were written, replaced or removed, or would be in check mode.
  returned: success
  type: list
  elements: str
  sample: [group_vars/all/lantime_golden.yml, lantime_hosts.yml]
reports:
  description: Paths of the files of the report.
  returned: success
  type: list
  elements: str
  sample: [reports/adopt.json, reports/adopt.md]
adopted:
  description: Hosts that were adopted.
  returned: success
  type: list
  elements: str
  sample: [ts1, ts2, ts3]
not_adopted:
  description: Hosts that were not adopted, with the reason.
  returned: success
  type: dict
  sample: {ts4: "The device answered without its configuration."}
groups:
  description: Adopted hosts of each group that has an overlay.
  returned: success
  type: dict
  sample: {berlin: [ts1, ts2]}
deviations:
  description: Deviations from the majority, the most severe first. They are part of the inventory and candidates for a decision.
  returned: success
  type: list
  elements: dict
  contains:
    host: {description: Name of the host., type: str, returned: always, sample: ts2}
    path: {description: Path of the setting., type: str, returned: always, sample: ntp/local-clock/stratum}
    kind:
      description: V(value) for another value, V(absent) for what only this device lacks, V(additional) for what only this device has.
      type: str
      returned: always
      sample: value
    value: {description: Value of this device., type: raw, returned: always, sample: 3}
    majority: {description: Value of the majority., type: raw, returned: always, sample: 12}
    layer: {description: Group in which the majority is., type: str, returned: always, sample: berlin}
    peers:
      description: How many of the other devices (or modules) of the group agree.
      type: dict
      returned: always
      sample: {agree: 3, of: 3}
    class: {description: "V(security) or V(config).", type: str, returned: always, sample: config}
    severity: {description: "V(error), V(warning) or V(note).", type: str, returned: always, sample: error}
left_out:
  description: Patterns of the settings that are not part of the inventory, by reason. Long lists are cut.
  returned: success
  type: dict
  sample: {is set by the hardware or the network: [network/ports/*/mac-address]}
lines:
  description: Number of lines.
  returned: success
  type: dict
  contains:
    devices: {description: Lines of the configurations that were read., type: int, returned: always, sample: 8700}
    files: {description: Lines of the files of the inventory., type: int, returned: always, sample: 900}
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
