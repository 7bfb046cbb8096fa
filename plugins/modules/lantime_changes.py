#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_changes
short_description: Show, save or roll back unsaved changes of Meinberg LANTIME time servers
version_added: 1.1.0
description:
  - A change on a LANTIME is active immediately. It is lost at the next restart unless it is saved as startup configuration. The device counts
    its unsaved changes.
  - This module returns the number of unsaved changes, saves them, or restores the saved configuration. It also confirms a change that waits
    for its confirmation.
  - The device has one count for all users. Changes of other users are shown, saved and rolled back too.
  - After a command, the count is read again over a new connection and decides whether the command succeeded. If the response is
    lost or the device continues to work after it, the count is polled until O(command_timeout) has elapsed. No command is sent twice.
  - The vendor documents how to save. The URLs for listing and rolling back changes are
    R(assumptions, ansible_collections.meinberg.lantime.docsite.assumptions), which the key C(command_form) of O(dialect) can change.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
  - meinberg.lantime.journal
attributes:
  check_mode:
    support: full
    details:
      - Only GET requests are sent. If the device lists its changes in response to another method, RV(diff) is V(null).
  diff_mode:
    support: full
    details:
      - Shows the number of pending changes before and after.
  idempotent:
    support: partial
    details:
      - With O(force=true), the configuration is saved each time.
      - With a O(package) other than V(all), the command is sent while any package has pending changes.
options:
  state:
    description:
      - V(shown) returns the unsaved changes and changes nothing.
      - V(committed) saves the running configuration as startup configuration if there are unsaved changes.
      - V(rolled_back) loads the saved configuration if there are unsaved changes, which are lost.
      - V(confirmed) watches a change that M(meinberg.lantime.lantime_config) or M(meinberg.lantime.lantime_backup) made with C(confirm_later=true)
        for the rest of its confirm window, then saves it. If the device is in worse health than before the change, or unreachable, for longer
        than the C(verify_grace) of that task, the change is rolled back and the task fails. If the window has passed, one check decides.
        Without such a change, nothing is done. A rollback that an earlier task could not complete is completed.
      - V(committed) fails with C(interrupted) if such a change waits for its confirmation.
      - V(confirmed) was added in version 2.0.0.
    type: str
    choices: [shown, committed, rolled_back, confirmed]
    default: shown
  package:
    description:
      - Package to list, save or roll back, for example V(ntp), or V(all). Ignored with O(state=confirmed).
      - The count does not distinguish packages, so success can be verified for V(all) only. For another package, an unchanged count is a
        warning.
    type: str
    default: all
  force:
    description:
      - With O(state=committed), whether to save even if the device reports no unsaved changes.
      - Ignored with other values of O(state).
    type: bool
    default: false
  on_interrupted:
    description:
      - What to do with O(state=confirmed) if an earlier task was interrupted while it made, watched or confirmed a change with a confirm window.
      - V(resume) completes the change, watches it for a whole window, and saves it.
      - V(revert) restores the former configuration.
      - V(fail) fails.
      - A change that was left to this task by C(confirm_later=true) is not interrupted.
    type: str
    choices: [resume, revert, fail]
    default: resume
    version_added: 2.0.0
  config_root:
    description:
      - Name of the configuration root of the API. If not set, C(config) is used.
      - Required to read RV(autosave), and to send commands with C(command_form=menu-action) in O(dialect).
    type: str
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_command
  - ref: ansible_collections.meinberg.lantime.docsite.transactions
    description: Steps and guarantees of a change, and recovery after an interruption.
"""

EXAMPLES = r"""
- name: Read the unsaved changes
  meinberg.lantime.lantime_changes:
  register: changes

- name: Fail on unsaved changes
  ansible.builtin.assert:
    that: changes.pending_changes == 0

- name: Save all changes
  meinberg.lantime.lantime_changes:
    state: committed

- name: Watch and save a change that waits for its confirmation
  meinberg.lantime.lantime_changes:
    state: confirmed

- name: Restore the saved NTP settings
  meinberg.lantime.lantime_changes:
    state: rolled_back
    package: ntp
"""

RETURN = r"""
state:
  description: Value of O(state).
  returned: success, and failure after the first request
  type: str
  sample: committed
package:
  description: Value of O(package).
  returned: success, and failure after the first request
  type: str
  sample: all
pending_before:
  description:
    - Number of unsaved changes on the device before the task.
    - The unit is unknown. Only zero and other values can be distinguished.
  returned: success, and failure after the first request
  type: int
  sample: 3
pending_changes:
  description:
    - Number of unsaved changes on the device after the task. In check mode, the expected number.
    - V(null) if it is unknown, for example in check mode with a O(package) other than V(all).
  returned: success, and failure after the first request
  type: int
  sample: 0
diff:
  description:
    - Unsaved changes as listed by the device before the task changes anything. The format is undocumented, and the module does not evaluate it.
    - Secrets are masked, control characters are escaped, and long lists are truncated.
    - V(null) if the device does not support the command, if there was nothing to save or roll back, and in check mode unless the
      device lists its changes in response to a GET request. A missing command adds a warning.
    - In diff mode, C(before) and C(after) contain the number of pending changes.
  returned: success, and failure after the first request
  type: dict
  contains:
    form: {description: "V(text), V(lines), V(objects), V(count) or V(empty).", type: str, returned: if the device lists its changes}
    text: {description: The list as one text., type: str, returned: if C(form) is V(text), sample: "ntp/local-clock/stratum: 12 -> 10"}
    lines: {description: The list as lines., type: list, elements: str, returned: if C(form) is V(lines)}
    objects: {description: The list as objects., type: list, elements: raw, returned: if C(form) is V(objects)}
    count: {description: Number of changes., type: float, returned: if C(form) is V(count)}
    truncated: {description: Whether the list was truncated., type: bool, returned: if the device lists its changes}
autosave:
  description:
    - Whether the device saves changes by itself, V(on) or V(off), or V(unknown) if it has no such setting.
    - With V(on), changes can be saved before this module reads them, and can then not be rolled back.
  returned: success, and failure after the first request
  type: str
  sample: "off"
operations:
  description:
    - Commands that were sent or would be sent.
    - If a change was rolled back in its confirm window, the operations of that change, as in M(meinberg.lantime.lantime_config).
  returned: success, and failure after the first request
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always, sample: 1}
    handler: {description: The package., type: str, returned: always, sample: all}
    action: {description: Always V(command)., type: str, returned: always, sample: command}
    path: {description: "The command, V(write) to save and V(read) to roll back.", type: str, returned: always, sample: write}
    before: {description: C(pending_changes) before the command., type: dict, returned: always, sample: {pending_changes: 3}}
    after: {description: C(pending_changes) after the command., type: dict, returned: always, sample: {pending_changes: 0}}
    state: {description: "V(waiting) in check mode, V(succeeded) or V(failed).", type: str, returned: always, sample: succeeded}
saved:
  description: Whether the configuration was saved as startup configuration; V(null) if that is unknown.
  returned: success, and failure after the command was sent
  type: bool
  sample: true
confirm:
  description:
    - Outcome of the confirm window.
    - In check mode, C(state) is the expected one, and nothing is watched.
  returned: with O(state=confirmed), after a failure only if the device was watched
  type: dict
  contains:
    state:
      description:
        - V(confirmed) if the device was watched for the window and not in worse health than before the change. Then the change is saved, unless
          the task that made it has set C(save=never).
        - V(waiting) if the window is left to a later task. The change is active and not saved.
        - V(reverted) if the device got worse or unreachable, and has its former configuration again.
        - V(failed) if it got worse or unreachable, and was not rolled back or not completely. C(rollback) contains the differences.
        - V(not_needed) if no change waits for its confirmation.
      type: str
      returned: always
      sample: confirmed
    window: {description: Length of the window in seconds., type: float, returned: always, sample: 600.0}
    until: {description: "In check mode, time on the controller when the window ends; else V(null).", type: str, returned: always}
    watched_seconds: {description: Seconds for which the task watched the device., type: float, returned: always, sample: 600.2}
    checks: {description: "Number of checks, each over a new connection.", type: int, returned: always, sample: 120}
    startup:
      description:
        - The startup configuration in the window. V(untouched) if only a save changes it, V(written) if the device saves changes by itself or
          another client has saved, V(unknown) if the device does not show whether it does.
        - V(null) if there was no window.
      type: str
      returned: always
      sample: untouched
  version_added: 2.0.0
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

from ..module_utils._jobs import lantime_changes
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_changes.SPEC, lantime_changes.run)


if __name__ == "__main__":
    main()
