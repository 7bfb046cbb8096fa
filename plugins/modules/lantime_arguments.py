# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_arguments
short_description: Check the variables of a role for all hosts of a play
version_added: 2.0.0
description:
  - Checks the variables that all hosts of the play have for a role of this collection, before the first request to a device. The roles use it in
    a task that runs once.
  - If a variable is invalid, the task fails with one message, and a report with the outcome V(invalid) is written, unless Ansible runs in check mode.
  - For the role V(fleet_config), it also checks the plan files, and fails with the code C(plan_invalid) if one cannot be used. If plans are to be
    written, the former plans of the hosts in the batch are removed, also in check mode, so that no host keeps one that is out of date (since 2.0.0).
  - Fails also if the strategy of the play does not run each task on all hosts before the next one, as C(free) and C(host_pinned).
  - The task contacts no device and runs on the controller.
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
    details:
      - This action writes nothing but the report on invalid variables, and removes nothing but former plans.
  diff_mode:
    support: none
    details:
      - This action writes nothing but the report on invalid variables.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
    details:
      - This action writes nothing but the report on invalid variables.
  platform:
    support: full
    platforms: posix
options:
  role:
    description: Name of the role, without the collection.
    type: str
    choices: [drift_check, fleet_config, health_check]
    required: true
seealso:
  - module: meinberg.lantime.lantime_report
  - ref: ansible_collections.meinberg.lantime.docsite.fleet
    description: The playbooks that use it.
"""

EXAMPLES = r"""
- name: Check the arguments
  meinberg.lantime.lantime_arguments:
    role: drift_check
  run_once: true
"""

RETURN = r"""
hosts:
  description: Number of hosts whose variables were checked.
  returned: success
  type: int
  sample: 200
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
