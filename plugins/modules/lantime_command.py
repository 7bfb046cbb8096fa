#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_command
short_description: Run a command of a Meinberg LANTIME time server
version_added: 1.1.0
description:
  - Sends a global command of the REST API with parameters, and can wait until the device is as it should be afterwards.
  - For settings use M(meinberg.lantime.lantime_config), which knows what is there already; for saving and rolling back
    M(meinberg.lantime.lantime_changes).
  - A command is sent once. If its answer does not come within O(command_timeout) or is lost, the task fails with the error code C(state_unknown)
    and says what the device shows then.
  - Of the commands, C(write) is documented by the vendor. The URLs of C(diff), C(read) and C(reboot) are assumed, see
    C(docs/assumptions.md), and can be set with C(command_form) in O(dialect).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
attributes:
  check_mode:
    support: partial
    details:
      - With O(method=PUT) nothing is sent but a GET of the number of pending changes. What a command would do is not known, so the
        result follows O(changed_when).
      - With O(method=GET) the module does the same as without check mode.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - A command is sent each time.
options:
  command:
    description:
      - Name of the command. C(get-token) is refused, as it would show a token.
    type: str
    required: true
  parameters:
    description:
      - Parameters of the command. Results do not show them. Values of those whose name says that they are secret are masked in
        what the device answers too.
    type: dict
    default: {}
  method:
    description:
      - V(GET) only reads and takes no O(parameters).
      - For C(diff), C(read) and C(reboot), V(PUT) stands for whichever form C(command_form) in O(dialect) names.
    type: str
    choices: [PUT, GET]
    default: PUT
  wait_for:
    description:
      - What to wait for after the command. All conditions must hold at the same time.
      - A node that is not there and a device that does not answer are waited through, so that a restart can be waited for. As a device may still answer
        for a moment after it took the command, ask for something that only the restart brings about, such as a short uptime.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the node below O(wait_for[].tree), names and C(object-id) separated by slashes.
        type: str
        required: true
      tree:
        description: Which tree the path belongs to.
        type: str
        choices: [status, config]
        default: status
      value:
        description: What the node is compared with. Required unless O(wait_for[].compare) is V(exists) or V(absent).
        type: raw
      compare:
        description:
          - V(equals) and V(not_equals) compare in the type that the device shows, V(at_least) and V(at_most) compare numbers.
          - V(matches) looks for a regular expression anywhere in the text.
          - V(exists) and V(absent) take no value, and are the only ones that can be asked of a secret.
        type: str
        choices: [equals, not_equals, matches, at_least, at_most, exists, absent]
        default: equals
  timeout:
    description: Seconds to wait for O(wait_for), from 0 to 86400. The command itself has O(command_timeout).
    type: float
    default: 60.0
  interval:
    description: Seconds between two looks, from 0.05 to 3600.
    type: float
    default: 2.0
  changed_when:
    description:
      - When to report a change. V(pending) reports one if the number of pending changes is another one than before.
      - If it is not given, V(always) with O(method=PUT) and V(never) with O(method=GET).
    type: str
    choices: [always, never, pending]
  config_root:
    description:
      - Name of the configuration root of the API. If it is not given, C(config) is used, and the device is asked for its name if that is not there.
    type: str
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

- name: Restart, and wait until the clock is synchronized again
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
"""

RETURN = r"""
command:
  description: The command.
  returned: success, and failure after the first request
  type: str
  sample: write
answer:
  description: What the device answered (C(data)), secrets masked, control characters escaped, bounded. V(null) if it answered nothing.
  returned: success, and failure after the first request
  type: raw
  sample: {object-id: write}
answer_truncated:
  description: Whether something of the answer was left out.
  returned: success, and failure after the first request
  type: bool
  sample: false
waited:
  description: The conditions as they were seen last. Empty if nothing was waited for.
  returned: success, and failure after the first request
  type: list
  elements: dict
  contains:
    condition: {description: "C(tree), C(path), C(compare) and C(value).", type: dict, returned: always}
    value: {description: What the device showed; V(null) if there was nothing., type: raw, returned: always, sample: synchronized}
    met: {description: Whether the condition held., type: bool, returned: always, sample: true}
    attempts: {description: How often it was looked at., type: int, returned: always, sample: 3}
pending_changes:
  description: Number of unsaved changes by the device's own count, after the task; V(null) if the device did not tell.
  returned: success, and failure after the first request
  type: int
  sample: 0
operations:
  description: What was done.
  returned: success, and failure after the first request
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always, sample: 1}
    handler: {description: Always V(device)., type: str, returned: always, sample: device}
    action: {description: Always V(command)., type: str, returned: always, sample: command}
    path: {description: The command., type: str, returned: always, sample: write}
    before: {description: C(pending_changes) before it., type: dict, returned: always, sample: {pending_changes: 3}}
    after: {description: C(pending_changes) after it., type: dict, returned: always, sample: {pending_changes: 0}}
    state: {description: "V(succeeded), V(failed), or V(skipped) in check mode.", type: str, returned: always, sample: succeeded}
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

from ..module_utils._jobs import lantime_command
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_command.SPEC, lantime_command.run)


if __name__ == "__main__":
    main()
