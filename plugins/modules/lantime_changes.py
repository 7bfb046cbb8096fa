#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_changes
short_description: Show, save or roll back unsaved changes of a Meinberg LANTIME time server
version_added: 1.1.0
description:
  - A change to a LANTIME is active at once, and lost at the next restart until it is saved as startup configuration. The device counts what is
    not saved. This module shows the count, saves what is pending, or goes back to what was saved.
  - The count is that of the whole device, so changes of other people are shown, saved and rolled back too.
  - Whether a command did what it should is decided by the count, read again over a new connection, never by the answer to the command. If the
    answer is lost or the device goes on working after it, the count is read until O(command_timeout) is over. No command is sent twice.
  - Saving is documented by the vendor. The URLs of the commands that list and roll back changes are assumed, see C(docs/assumptions.md),
    and can be set with C(command_form) in O(dialect).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
attributes:
  check_mode:
    support: full
    details:
      - Only GET requests are sent. A device that wants another request for listing its changes is not asked for the list.
  diff_mode:
    support: full
    details:
      - Shows the number of pending changes before and after.
  idempotent:
    support: partial
    details:
      - With O(force=true) the configuration is saved each time.
      - With a O(package), the command is sent as long as anything is pending on the device, in that package or in another one.
options:
  state:
    description:
      - V(shown) changes nothing.
      - V(committed) saves the running configuration as startup configuration if anything is pending.
      - V(rolled_back) loads the saved configuration if anything is pending, so that unsaved changes are lost.
    type: str
    choices: [shown, committed, rolled_back]
    default: shown
  package:
    description:
      - Package to list, save or roll back, for example V(ntp), or V(all).
      - As the count does not tell packages apart, success can be verified for V(all) only. For a package, a count that stays the same
        is a warning.
    type: str
    default: all
  force:
    description: With O(state=committed), save even if the device shows no pending changes. Has no effect with other states.
    type: bool
    default: false
  config_root:
    description:
      - Name of the configuration root of the API. If it is not given, C(config) is used.
      - It is needed for RV(autosave), and for commands with C(command_form=menu-action) in O(dialect).
    type: str
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_command
"""

EXAMPLES = r"""
- name: What is not saved
  meinberg.lantime.lantime_changes:
  register: changes

- name: Nobody has left unsaved changes
  ansible.builtin.assert:
    that: changes.pending_changes == 0

- name: Save everything
  meinberg.lantime.lantime_changes:
    state: committed

- name: Back to the saved NTP settings
  meinberg.lantime.lantime_changes:
    state: rolled_back
    package: ntp
"""

RETURN = r"""
state:
  description: The O(state) that was asked for.
  returned: success, and failure after the first request
  type: str
  sample: committed
package:
  description: The O(package) that was asked for.
  returned: success, and failure after the first request
  type: str
  sample: all
pending_before:
  description: Number of unsaved changes of the device before the task. The unit is not known; only zero and not zero mean something.
  returned: success, and failure after the first request
  type: int
  sample: 3
pending_changes:
  description:
    - The same after the task, in check mode as it is expected to be.
    - V(null) if it is not known, as in check mode with a O(package).
  returned: success, and failure after the first request
  type: int
  sample: 0
diff:
  description:
    - What the device lists as unsaved, before the task changes anything. For people; nothing is decided by it, and its form is not known.
    - Secrets are masked, control characters are escaped, and long lists are cut.
    - V(null) if the device does not offer the command (a warning says so), if there was nothing to save or roll back, and in check mode unless the
      device lists its changes with a GET. In diff mode, C(before) and C(after) with the number of pending changes are added.
  returned: success, and failure after the first request
  type: dict
  contains:
    form: {description: "V(text), V(lines), V(objects), V(count) or V(empty).", type: str, returned: if the device lists its changes}
    text: {description: The list as one text., type: str, returned: if C(form) is V(text), sample: "ntp/local-clock/stratum: 12 -> 10"}
    lines: {description: The list as lines., type: list, elements: str, returned: if C(form) is V(lines)}
    objects: {description: The list as objects., type: list, elements: raw, returned: if C(form) is V(objects)}
    count: {description: A number only., type: float, returned: if C(form) is V(count)}
    truncated: {description: Whether something was left out., type: bool, returned: if the device lists its changes}
autosave:
  description:
    - Whether the device saves changes by itself, V(on) or V(off), or V(unknown) if its switch is not found.
    - With V(on), changes may be saved before they are seen here, and cannot be rolled back any more.
  returned: success, and failure after the first request
  type: str
  sample: "off"
operations:
  description: What was done or would be done.
  returned: success, and failure after the first request
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always, sample: 1}
    handler: {description: The package., type: str, returned: always, sample: all}
    action: {description: Always V(command)., type: str, returned: always, sample: command}
    path: {description: "The command, V(write) to save and V(read) to roll back.", type: str, returned: always, sample: write}
    before: {description: C(pending_changes) before it., type: dict, returned: always, sample: {pending_changes: 3}}
    after: {description: C(pending_changes) after it., type: dict, returned: always, sample: {pending_changes: 0}}
    state: {description: "V(waiting) in check mode, V(succeeded) or V(failed).", type: str, returned: always, sample: succeeded}
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

from ..module_utils._jobs import lantime_changes
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_changes.SPEC, lantime_changes.run)


if __name__ == "__main__":
    main()
