#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_command
short_description: Run a command on Meinberg LANTIME time servers
version_added: 1.1.0
description:
  - Sends a global command of the REST API with parameters, and can wait for conditions afterwards.
  - Use M(meinberg.lantime.lantime_config) to change settings, and M(meinberg.lantime.lantime_changes) to save or roll back changes.
  - A command is sent once. If the response is lost or does not arrive within O(command_timeout), the task fails with the error code
    C(state_unknown) and reports the state of the device.
  - The vendor documents the command C(write). The URLs of C(diff), C(read) and C(reboot) are
    R(assumptions, ansible_collections.meinberg.lantime.docsite.assumptions), which the key C(command_form) of O(dialect) can change.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.config_root
  - meinberg.lantime.connection
  - meinberg.lantime.journal
attributes:
  check_mode:
    support: partial
    details:
      - With O(method=PUT), only the number of pending changes is read. The effect of a command cannot be predicted, so the result
        follows O(changed_when).
      - With O(method=GET), check mode makes no difference.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - The command is sent each time.
options:
  command:
    description:
      - Name of the command.
      - C(get-token) is refused because its response contains a token.
    type: str
    required: true
  parameters:
    description:
      - Parameters of the command. They are not part of the result.
      - Values of parameters whose name indicates a secret are also masked in the response of the device.
    type: dict
    default: {}
  method:
    description:
      - HTTP method of the command.
      - V(GET) only reads and takes no O(parameters).
      - For C(diff), C(read) and C(reboot), V(PUT) sends the request that C(command_form) in O(dialect) defines.
    type: str
    choices: [PUT, GET]
    default: PUT
  wait_for:
    description:
      - Conditions to wait for after the command. All of them must be met at the same time.
      - A missing node and an unreachable device count as not met, so the task can wait for a restart. A device can still respond
        shortly after the command. Use a condition that only the restart fulfills, such as a short uptime.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the node in O(wait_for[].tree), consisting of names and C(object-id) separated by slashes.
        type: str
        required: true
      tree:
        description: Tree that contains the node.
        type: str
        choices: [status, config]
        default: status
      value:
        description: Value to compare the node with. Required unless O(wait_for[].compare) is V(exists) or V(absent).
        type: raw
      compare:
        description:
          - V(equals) and V(not_equals) compare in the type that the device uses. V(at_least) and V(at_most) compare numbers.
          - V(matches) searches the text for a regular expression.
          - V(exists) and V(absent) take no value. They are the only comparisons that are allowed for secrets.
        type: str
        choices: [equals, not_equals, matches, at_least, at_most, exists, absent]
        default: equals
  timeout:
    description:
      - Timeout in seconds for O(wait_for), from 0 to 86400.
      - The command itself is limited by O(command_timeout). O(task_timeout) must be longer than both together.
    type: float
    default: 60.0
  interval:
    description: Polling interval in seconds, from 0.05 to 3600.
    type: float
    default: 2.0
  changed_when:
    description:
      - When to report a change. V(pending) reports one if the number of pending changes has changed.
      - If not set, V(always) with O(method=PUT) and V(never) with O(method=GET).
    type: str
    choices: [always, never, pending]
seealso:
  - module: meinberg.lantime.lantime_changes
  - module: meinberg.lantime.lantime_config
"""

EXAMPLES = r"""
- name: Save the NTP settings as startup configuration
  meinberg.lantime.lantime_command:
    command: write
    parameters:
      package: ntp
    changed_when: pending

- name: Restart the device and wait until its clock is synchronized
  meinberg.lantime.lantime_command:
    command: reboot
    wait_for:
      - path: system/uptime
        compare: at_most
        value: 600
      - path: system/sync-status/clock-status/clock
        value: synchronized
    timeout: 900
    interval: 10
    task_timeout: 1000
"""

RETURN = r"""
command:
  description: Value of O(command).
  returned: success, and failure after the first request
  type: str
  sample: write
answer:
  description:
    - Response of the device (C(data)). Secrets are masked, control characters are escaped, and long responses are truncated.
    - V(null) if the response is empty.
  returned: success, and failure after the first request
  type: raw
  sample: {object-id: write}
answer_truncated:
  description: Whether the response was truncated.
  returned: success, and failure after the first request
  type: bool
  sample: false
waited:
  description: State of all conditions at the last poll.
  returned: success, and failure after the first request
  type: list
  elements: dict
  contains:
    condition: {description: "C(tree), C(path), C(compare) and C(value).", type: dict, returned: always}
    value: {description: Value of the node; V(null) if it does not exist., type: raw, returned: always, sample: synchronized}
    met: {description: Whether the condition was met., type: bool, returned: always, sample: true}
    attempts: {description: Number of polls., type: int, returned: always, sample: 3}
pending_changes:
  description:
    - Number of unsaved changes on the device after the task, as the device counts them.
    - V(null) if the device does not report it.
  returned: success, and failure after the first request
  type: int
  sample: 0
operations:
  description: The command that was sent.
  returned: success, and failure after the first request
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always, sample: 1}
    handler: {description: Always V(device)., type: str, returned: always, sample: device}
    action: {description: Always V(command)., type: str, returned: always, sample: command}
    path: {description: The command., type: str, returned: always, sample: write}
    before: {description: C(pending_changes) before the command., type: dict, returned: always, sample: {pending_changes: 3}}
    after: {description: C(pending_changes) after the command., type: dict, returned: always, sample: {pending_changes: 0}}
    state: {description: "V(succeeded), V(failed), or V(skipped) in check mode.", type: str, returned: always, sample: succeeded}
saved:
  description: Whether the configuration was saved as startup configuration; V(null) if that is unknown.
  returned: failure after the command was sent
  type: bool
  sample: true
recovery:
  description: State of the device after an interrupted task, and the action that was taken.
  returned: if the journal of an interrupted task exists
  type: dict
  sample: {id: 8f14e45fceea167a5a36dedd4bea2543, phase: writing, verdict: partial, action: resumed, foreign: []}
device:
  description: Identity of the device that answered. The serial number distinguishes devices that exchange addresses.
  returned: success
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

from ..module_utils._jobs import lantime_command
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_command.SPEC, lantime_command.run)


if __name__ == "__main__":
    main()
