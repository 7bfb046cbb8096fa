# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_verdict
short_description: Set the final status of a host from its results
version_added: 1.2.0
description:
  - Fails for a host whose results say that it differs, is not healthy or could not be checked. Reports a host as unreachable if its results do.
  - The roles of this collection continue after failures, so that the report covers all hosts. This task follows the report and gives each host, and
    with it C(ansible-playbook), its final status.
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
  record:
    description:
      - Record of the host, for example RV(meinberg.lantime.lantime_drift#module:entry).
      - Either O(record) or O(results_from) is required.
    type: dict
  results_from:
    description:
      - Names of variables with registered results of the host, as O(meinberg.lantime.lantime_report#module:results_from).
    type: list
    elements: str
    version_added: 2.0.0
  drift:
    description:
      - Drift of the host from P(meinberg.lantime.consensus#filter), which is added to the results in O(results_from).
    type: dict
    version_added: 2.0.0
  fail_on:
    description:
      - Differences that make the host fail. V(security) limits them to differences of class C(security).
      - A host that could not be checked or is not healthy always fails.
    type: str
    choices: [drift, security, never]
    default: drift
  ignore_health:
    description:
      - Whether a device that is not healthy is no failure of the host. One that could not be checked still is.
    type: bool
    default: false
    version_added: 2.0.0
seealso:
  - module: meinberg.lantime.lantime_report
  - module: meinberg.lantime.lantime_drift
  - ref: ansible_collections.meinberg.lantime.docsite.fleet
    description: Exit codes, and plays of your own.
"""

EXAMPLES = r"""
- name: Check the health
  meinberg.lantime.lantime_health:
  register: health
  ignore_errors: true
  ignore_unreachable: true

- name: Fail if the device is not healthy or could not be checked
  meinberg.lantime.lantime_verdict:
    results_from: [health]
"""

RETURN = r"""
verdict:
  description: V(clean), V(drift), V(unhealthy), V(failed), V(not_checked) or V(unreachable).
  returned: always
  type: str
  sample: drift
msg:
  description: Reason for the verdict, one sentence.
  returned: always
  type: str
  sample: "1 setting differs: ntp/local-clock/stratum"
"""
