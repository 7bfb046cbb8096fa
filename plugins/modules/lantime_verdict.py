# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_verdict
short_description: Set the final status of a host from its record
version_added: 1.2.0
description:
  - Fails for a host whose record says that it differs, is not healthy or could not be checked. Reports a host as unreachable if its record does.
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
      - Record of the host, as P(meinberg.lantime.record#filter) creates it.
    type: dict
    required: true
  fail_on:
    description:
      - Differences that make the host fail. V(security) limits them to differences of class C(security).
      - A host that could not be checked or is not healthy always fails.
    type: str
    choices: [drift, security, never]
    default: drift
seealso:
  - module: meinberg.lantime.lantime_report
  - plugin: meinberg.lantime.record
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Fail on drift, faults and hosts that could not be checked
  meinberg.lantime.lantime_verdict:
    record: "{{ lantime_record }}"
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
