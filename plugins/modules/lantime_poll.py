# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_poll
short_description: Run a module on many Meinberg LANTIME time servers at the same time
version_added: 2.0.0
description:
  - Asks all hosts of a play in one task with C(run_once), by threads of one process. For large fleets this takes a fraction of the time that a task for
    each host takes.
  - Each host is asked with its own variables, as a task of the host itself has them, and the result of each host is that of O(module).
  - The result of one host does not make the task fail. M(meinberg.lantime.lantime_report) and M(meinberg.lantime.lantime_verdict) take the registered result
    by C(results_from), each host with its own part.
  - With O(module=lantime_changes), changes that wait for their confirmation are watched on all devices at the same time, and saved or rolled back.
    Many devices then take one confirm window. The other modules read only.
  - The keywords of a task apply to all hosts together. C(when), C(throttle), C(delegate_to), C(ignore_errors) and C(loop) cannot be used for a single
    host, and results do not appear in the output of Ansible host by host. Facts are not stored as facts of the hosts.
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
      - Only GET requests are sent.
  diff_mode:
    support: none
    details:
      - Differences are part of the result of each host.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
  platform:
    support: full
    platforms: posix
options:
  module:
    description:
      - Module to run, without the name of the collection.
      - V(lantime_changes) requires C(state=confirmed) in O(options). Each device is watched from the beginning, in a thread of its own.
      - V(lantime_changes) was added in version 2.0.0.
    type: str
    choices: [lantime_changes, lantime_drift, lantime_facts, lantime_health]
    required: true
  options:
    description:
      - Options of O(module) that are the same for all hosts.
      - All others come from the variables of each host, as in a task of that module. This includes connection options, and the golden
        configuration of M(meinberg.lantime.lantime_drift). C(module_defaults) of O(module) are not used.
      - The option O(meinberg.lantime.lantime_health#module:return_passed) is V(false) unless it is given here.
    type: dict
    default: {}
  hosts:
    description: Names of hosts in the inventory. Defaults to the hosts of the play, with C(serial) to those of the batch.
    type: list
    elements: str
  waiting_from:
    description:
      - With O(module=lantime_changes), name of the variable with the registered result of M(meinberg.lantime.lantime_config) or
        M(meinberg.lantime.lantime_backup) of each host. Only the hosts whose change waits for its confirmation are asked.
      - All of these hosts are watched until the last of their windows closes, but no host for longer than the length of its window from the beginning
        of this task.
      - In a loop, the result of the last item whose change waits counts. If no host has the variable, the task fails.
      - If the journal no longer holds the change of such a host, for example because C(journal_path) differs, its result is C(conflict).
    type: str
    version_added: 2.0.0
  workers:
    description:
      - Number of devices that are asked in parallel.
      - With O(module=lantime_changes), all devices are watched at the same time, and this is the number of GET requests in parallel.
    type: int
    default: 32
  deadline:
    description:
      - Timeout in seconds for all devices together. Devices that are not done by then are unreachable. Defaults to V(300).
      - With O(module=lantime_changes), there is none by default, as C(task_timeout) of each host ends its watch. A deadline is at least 70 seconds, as 65 are
        kept for a rollback. A window that does not fit into the rest is not begun, and its change is left unconfirmed (C(option)).
    type: float
  max_auth_failures:
    description:
      - Number of devices that may refuse the same credentials, while no device has accepted them. After that, these credentials are not tried
        on further devices. This prevents a wrong password from locking accounts on all devices. V(0) disables the limit.
      - This is also the number of parallel logins until a device accepts the credentials.
    type: int
    default: 3
notes:
  - A task without C(run_once), or with a strategy that ignores it, is refused if the play has several hosts, because each of them would ask all
    hosts.
seealso:
  - module: meinberg.lantime.lantime_changes
  - module: meinberg.lantime.lantime_drift
  - module: meinberg.lantime.lantime_health
  - module: meinberg.lantime.lantime_report
  - module: meinberg.lantime.lantime_verdict
  - ref: ansible_collections.meinberg.lantime.docsite.performance
    description: What it costs to check many devices.
"""

EXAMPLES = r"""
- name: Compare all devices with the golden configuration
  hosts: lantime
  gather_facts: false
  tasks:
    - name: Compare all devices
      meinberg.lantime.lantime_poll:
        module: lantime_drift
      run_once: true
      register: compared

    - name: Write the report
      meinberg.lantime.lantime_report:
        results_from: [compared]
        dest: reports
      run_once: true
      delegate_to: localhost

    - name: Set the final status of each host
      meinberg.lantime.lantime_verdict:
        results_from: [compared]
      when: inventory_hostname in compared.not_clean

- name: Check the health
  hosts: lantime
  gather_facts: false
  tasks:
    - name: Check the health of two devices
      meinberg.lantime.lantime_poll:
        module: lantime_health
        options:
          profile: telecom
          gather_subset: [min, sync]
        hosts: [ts1, ts2]
      run_once: true

- name: Change all devices, and watch them for ten minutes before the change is saved
  hosts: lantime
  gather_facts: false
  tasks:
    - name: Change each device
      meinberg.lantime.lantime_config:
        config: {snmp: {contact: time@example.com}}
        health_gate: sync
        confirm_window: 600
        confirm_later: true
      register: changed
      ignore_errors: true
      ignore_unreachable: true

    - name: Watch all devices together, then save
      meinberg.lantime.lantime_poll:
        module: lantime_changes
        options: {state: confirmed}
        waiting_from: changed
      run_once: true
      register: confirmed

    - name: Set the final status of each host
      meinberg.lantime.lantime_verdict:
        results_from: [changed, confirmed]
"""

RETURN = r"""
polled:
  description: Result of O(module) by name of the host.
  returned: success
  type: dict
  sample: {ts1: {changed: false, verdict: clean}, ts2: {changed: false, unreachable: true, msg: "ts2: the connection was refused"}}
counts:
  description: Number of results.
  returned: success
  type: dict
  contains:
    ok: {description: Results that are neither failed nor unreachable., type: int, returned: always, sample: 198}
    failed: {description: "Failed results, also those of drift and of devices that are not healthy.", type: int, returned: always, sample: 1}
    unreachable: {description: Results of devices that could not be reached., type: int, returned: always, sample: 1}
not_clean:
  description: Names of the hosts that failed, are unreachable, differ, are not healthy or could not be compared.
  returned: success
  type: list
  elements: str
  sample: [ts2]
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
