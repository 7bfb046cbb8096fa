#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_backup
short_description: Back up and restore the configuration of Meinberg LANTIME time servers
version_added: 1.1.0
description:
  - With O(state=saved), reads the running configuration of the device with one request and writes it to a file. The file contains the
    model, serial number and firmware of the device, a checksum, and a list of what it does not contain.
  - With O(state=restored), compares such a file with the device and writes the differences only, in the same way as
    M(meinberg.lantime.lantime_config), with verification, rollback and saving.
  - A backup contains what the REST API returns. Secrets, certificates and private keys are not included, so it does not replace the
    backup file of the device. Secrets that are set on the device are kept. A table item that the device does not have and that contains a
    secret is restored only if O(secrets) contains its value.
  - The vendor does not document how to write through the API. The collection relies on
    R(assumptions, ansible_collections.meinberg.lantime.docsite.assumptions).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.config_root
  - meinberg.lantime.connection
  - meinberg.lantime.writing
attributes:
  check_mode:
    support: full
    details:
      - With O(state=saved), no file is written.
  diff_mode:
    support: partial
    details:
      - Only with O(state=restored).
  idempotent:
    support: partial
    details:
      - With O(state=saved) and without O(path) or O(filename), each run writes a new file, because its name contains the time.
      - With O(save=always), the configuration is saved on the device each time.
options:
  state:
    description:
      - V(saved) writes the file if it does not exist or contains another configuration.
      - V(restored) restores the configuration in the file.
    type: str
    choices: [saved, restored]
    default: saved
  path:
    description:
      - Path of the file.
      - Required with O(state=restored). With O(state=saved), it replaces O(dir_path) and O(filename).
      - The file is on the controller, or on the machine that runs the task as a regular module. Relative paths start at the
        current directory.
    type: path
  dir_path:
    description:
      - Directory to save to. It is created if it does not exist.
      - If neither this option nor O(path) is set, C(backup) in the current directory is used.
    type: path
  filename:
    description:
      - Name of the file in O(dir_path).
      - If neither this option nor O(path) is set, the name consists of host name, serial number and time.
      - Use a name that is unique for each device, for example the inventory name.
    type: str
  force:
    description:
      - With O(state=restored), whether to restore the backup of a device with another serial number or model, for example after a
        replacement.
      - With O(state=saved), whether to replace a file that is not a valid backup or the backup of another device. Without it, such a file
        is an error.
    type: bool
    default: false
  restore_state:
    description:
      - V(overridden) removes table items that were added since the backup. V(merged) keeps them.
      - Both add table items that were removed since the backup, and restore all other values that the file contains.
      - Names that the file does not contain are left unchanged.
    type: str
    choices: [merged, overridden]
    default: overridden
  missing:
    description:
      - What to do with names in the file that the device does not have, for example after a firmware update.
      - V(fail) lists them and stops before anything is written.
      - V(ignore) skips them and lists them in RV(ignored).
    type: str
    choices: [fail, ignore]
    default: fail
  ignore_paths:
    description:
      - Patterns of paths that are not restored.
      - The device refuses writes to read-only values, such as hardware addresses or addresses assigned by DHCP. Add their paths, for example
        V(network/ports/*/mac-address), if these values have changed, if the backup is from another device, or if they are part of a table
        item that must be added again.
    type: list
    elements: str
    default: []
  secrets:
    description:
      - A list of patterns of paths that hold secrets, in addition to values that the device masks and names that indicate a secret, such as
        password, passphrase, community, secret or token. Secret values are excluded from results, differences, journals and backup files.
      - Or a dictionary from path to value. Each path holds a secret as in the list. With O(state=restored), the value is written if the file
        contains this secret and it is not set on the device, for example the password of a user that the device does not have.
      - An empty value means that the value is not known. A secret that is set on the device and masked is kept.
    type: raw
    default: []
    version_added: 1.1.0
  skip_items_with_secrets:
    description:
      - What to do with table items that the device does not have and that contain a secret whose value is not in O(secrets), such as users
        with a password.
      - V(false) fails with the code C(secret_needed) before anything is written, and lists the paths of these secrets.
      - V(true) restores everything else, and lists these items in RV(skipped_items).
    type: bool
    default: false
    version_added: 2.0.0
  backup:
    description:
      - Whether to write the whole configuration to another file before the first write, so that the restore can be reverted.
      - The name of that file must differ from the file that is restored.
      - Ignored with O(state=saved).
    type: bool
    default: false
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_config_info
  - ref: ansible_collections.meinberg.lantime.docsite.transactions
    description: Steps and guarantees of a change, and recovery after an interruption.
"""

EXAMPLES = r"""
- name: Back up each device to one file
  meinberg.lantime.lantime_backup:
    dir_path: backups
    filename: "{{ inventory_hostname }}.json"

- name: Show the changes since the backup
  meinberg.lantime.lantime_backup:
    state: restored
    path: "backups/{{ inventory_hostname }}.json"
  check_mode: true
  diff: true

- name: Restore the backup
  meinberg.lantime.lantime_backup:
    state: restored
    path: "backups/{{ inventory_hostname }}.json"

- name: Restore the backup with the password of a user that the device does not have
  meinberg.lantime.lantime_backup:
    state: restored
    path: backups/ts1.json
    secrets:
      security/users/operator/password: "{{ vault_operator_password }}"

- name: Restore the backup of a device to its replacement
  meinberg.lantime.lantime_backup:
    state: restored
    path: backups/ts1.json
    force: true
    ignore_paths:
      - network/ports/*/mac-address
      - network/interfaces/*/mac-address
      - network/interfaces/*/ipv4/dhcp-*
"""

RETURN = r"""
path:
  description: Path of the backup file.
  returned: success
  type: str
  sample: backups/ts1.json
sha256:
  description: Checksum of the backup. It is equal for equal configurations of one device with the same firmware.
  returned: success
  type: str
created:
  description:
    - Time at which the file was written, or would be written in check mode.
    - If the file is up to date, the time at which it was written earlier.
  returned: success
  type: str
  sample: "2026-02-11T22:05:07Z"
not_contained:
  description: Parts of the configuration that the file does not contain.
  returned: success
  type: list
  elements: str
secrets_missing:
  description: Paths of secrets that were set at the time of the backup and are not set on the device. They must be set by other means.
  returned: success with O(state=restored)
  type: list
  elements: str
  sample: [notification/snmp/trap-receivers/0/community]
skipped_items:
  description: Table items that were not restored because they contain a secret whose value is not known, with O(skip_items_with_secrets=true).
  returned: success with O(state=restored)
  type: list
  elements: str
  sample: [security/users/operator]
  version_added: 2.0.0
ignored:
  description: Names in the file that the device does not have, with O(missing=ignore).
  returned: success with O(state=restored)
  type: list
  elements: str
problems:
  description: All names and values that the device cannot accept, with code, path and message.
  returned: on failure, if there are several problems or missing names
  type: list
  elements: dict
predicted:
  description:
    - What the task would do if the masked secrets of new items were known, with RV(operations), RV(sections) and RV(secrets_kept).
    - RV(problems) lists the paths of these secrets.
  returned: on failure with the code C(secret_needed)
  type: dict
  version_added: 2.0.0
operations:
  description:
    - Operations that were executed or would be executed, in order.
    - After a failure, RV(operations[].state) tells which of them are active on the device.
  returned: success with O(state=restored), and failure after the first write
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always, sample: 1}
    handler: {description: Section or slot of the operation., type: str, returned: always, sample: ntp}
    action: {description: "V(set), V(create) or V(delete).", type: str, returned: always, sample: set}
    path: {description: Path of the menu or item., type: str, returned: always, sample: ntp/local-clock}
    before:
      description: Values before the change of all settings that change; V(null) for a new item.
      type: dict
      returned: always
      sample: {stratum: 12}
    after: {description: Values of these settings after the change., type: dict, returned: always, sample: {stratum: 10}}
    state:
      description: V(waiting), V(processing), V(succeeded), V(failed), V(rolled_back) or V(skipped).
      type: str
      returned: always
      sample: succeeded
    impact:
      description:
        - V(timing) for settings of a module below C(antenna), C(inputs), C(mrs), C(outputs), C(ptp) or C(synthesizer).
        - It is assumed that such a change may step a clock or interrupt a signal.
      type: str
      returned: for these settings
      sample: timing
      version_added: 2.0.0
sections:
  description: First-level parts of the configuration that were read.
  returned: success with O(state=restored)
  type: list
  elements: str
  sample: [network, ntp]
config_root:
  description: Root of the configuration tree in the API.
  returned: success with O(state=restored)
  type: str
  sample: config
secrets_kept:
  description: Paths of secrets that are set on the device and were kept unchanged.
  returned: success with O(state=restored)
  type: list
  elements: str
also_changed:
  description: Paths in the changed sections that changed at the same time from another source.
  returned: if something was changed
  type: list
  elements: str
saved:
  description: Whether the configuration was saved as startup configuration; V(null) if that is unknown.
  returned: success with O(state=restored), and failure after the first write
  type: bool
  sample: true
saved_packages:
  description: Packages that were saved.
  returned: if something was saved
  type: list
  elements: str
  sample: [ntp]
pending_changes:
  description:
    - Number of unsaved changes on the device after the task, as the device counts them.
    - V(null) if the device does not report it.
  returned: success
  type: int
  sample: 0
rollback:
  description: Outcome of the rollback after a failed change.
  returned: on failure after the journal was written
  type: dict
  contains:
    state:
      description:
        - V(not_needed) if the configuration that was read back is unchanged.
        - V(rolled_back) if the former configuration was restored and verified.
        - V(rollback_failed) if it could not be restored.
        - V(off) if O(rollback=false).
      type: str
      returned: always
    remaining: {description: Remaining differences from the former configuration., type: list, elements: dict, returned: always}
recovery:
  description: State of the device after an interrupted task, and the action that was taken.
  returned: if the journal of an interrupted task exists
  type: dict
  sample: {id: 8f14e45fceea167a5a36dedd4bea2543, phase: writing, verdict: partial, action: resumed, foreign: []}
confirm:
  description:
    - Outcome of the confirm window.
    - In check mode, C(state) is the expected one, and nothing is watched.
  returned: with O(state=restored), if O(confirm_window) is above 0, or an unconfirmed change was found
  type: dict
  contains:
    state:
      description:
        - V(confirmed) if the device was watched for the window and not in worse health than before the change. Then the change is saved, unless
          O(save=never).
        - V(waiting) if the window is left to a later task. The change is active and not saved.
        - V(reverted) if the device got worse or unreachable, and has its former configuration again.
        - V(failed) if it got worse or unreachable, and was not rolled back or not completely. See RV(rollback).
        - V(not_needed) if nothing was changed.
      type: str
      returned: always
      sample: confirmed
    window: {description: Length of the window in seconds., type: float, returned: always, sample: 600.0}
    until: {description: "Time on the controller when the window ends; V(null) unless C(state) is V(waiting).", type: str, returned: always}
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
autosave:
  description:
    - Whether the device saves changes by itself, V(yes), V(no) or V(unknown), derived from its number of pending changes.
    - If it does, a restart does not restore the former configuration.
  returned: if something was changed
  type: str
learned:
  description: API behavior of the device that was detected during the task, in the format of O(dialect).
  returned: if something was detected
  type: dict
backup_path:
  description: Path of the file that O(backup=true) wrote before the first write.
  returned: if O(backup=true) and something was changed
  type: str
remaining:
  description: Settings that differ from the desired configuration after the change.
  returned: if the verification failed
  type: list
  elements: dict
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

from ..module_utils._jobs import lantime_backup
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_backup.SPEC, lantime_backup.run)


if __name__ == "__main__":
    main()
