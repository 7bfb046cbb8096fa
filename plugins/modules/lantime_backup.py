#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_backup
short_description: Save and restore the configuration of a Meinberg LANTIME time server
version_added: 1.1.0
description:
  - With O(state=saved), reads the whole running configuration of a device with one request and writes it to a file. The file names model, serial
    number and firmware of the device, has a checksum, and says what it does not contain.
  - With O(state=restored), compares such a file with the device and writes only what differs, in the same way as
    M(meinberg.lantime.lantime_config) does, with verification, roll back and saving.
  - A backup holds what the REST API shows. Secrets, certificates and private keys are not in it, so it does not replace the device's own
    backup file. Secrets that are set on the device stay as they are.
  - The write side of the API is not documented by the vendor. What is assumed stands in C(docs/assumptions.md).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
attributes:
  check_mode:
    support: full
    details:
      - With O(state=saved), no file is written.
  diff_mode:
    support: partial
    details:
      - With O(state=restored) only.
  idempotent:
    support: partial
    details:
      - With O(state=saved) and without a file name of the user's, each run writes a file, as the name that is made holds the time.
      - With O(save=always), the configuration is saved on the device each time.
options:
  state:
    description:
      - V(saved) writes the file if there is none of its name or if it holds another configuration, and leaves it alone otherwise. A file of that
        name that is no usable backup, or that of another device, is an error.
      - V(restored) brings the device to what the file holds.
    type: str
    choices: [saved, restored]
    default: saved
  path:
    description:
      - The file. Required with O(state=restored). With O(state=saved), in place of O(dir_path) and O(filename).
      - All files are on the controller, unless the task runs as a module on another machine (see the notes); then they are there. Relative paths begin
        at the current directory of C(ansible-playbook), or of the module there.
    type: path
  dir_path:
    description: Directory to save to; C(backup) in the current directory if neither it nor O(path) is given. It is made if it is not there.
    type: path
  filename:
    description:
      - Name to save as, without directory; made of host name, serial number and time if neither it nor O(path) is given.
      - Name files by what tells devices apart, for example by the inventory name.
    type: str
  force:
    description:
      - With O(state=restored), whether to restore the backup of another device (serial number or model), for one that takes its place.
      - With O(state=saved), whether to replace a file that is no usable backup or that of another device.
    type: bool
    default: false
  restore_state:
    description:
      - V(overridden) makes tables exactly what the file holds; items that were added since the backup go away.
      - V(merged) keeps them. Items that were removed since the backup come back in both cases.
      - What is outside of tables is brought to what the file holds in both cases, and names that the file does not hold are left alone.
    type: str
    choices: [merged, overridden]
    default: overridden
  missing:
    description:
      - What to do with names in the file that the device does not have, for example after a firmware update. V(fail) lists them, and nothing is written.
      - V(ignore) leaves them out and lists them in RV(ignored).
    type: str
    choices: [fail, ignore]
    default: fail
  restrict:
    description:
      - Patterns of paths that the task may change; a change beyond them is an error, and nothing is written.
      - In all patterns of paths V(*) and V(?) stand for characters of one name, and a menu stands for everything in it.
    type: list
    elements: str
  ignore_paths:
    description:
      - Patterns of paths that are not restored.
      - A device refuses to have read-only values written, such as hardware addresses or addresses got by DHCP. They do no harm as long as they are as
        they were, since only what differs is written. If they have changed by themselves, if the file is that of another device, or if they are
        part of a table item that has to be added again, they have to be named here, for example V(network/ports/*/mac-address).
    type: list
    elements: str
    default: []
  unordered_lists:
    description: Patterns of lists of values whose order means nothing. In all other lists the order counts.
    type: list
    elements: str
    default: []
  secrets:
    description:
      - Patterns of paths that hold secrets, beyond those that the device masks and those whose name says so (password, passphrase,
        community, secret, token and the like). Their values appear in no file, result, difference or journal.
    type: list
    elements: str
    default: []
  save:
    description:
      - Whether to save the running configuration as startup configuration after the change has been verified.
      - V(changed) saves if something was changed, V(always) in any case, V(never) leaves the change to be lost at the next restart, unless the
        device is set to activate changes as startup configuration by itself.
    type: str
    choices: [changed, always, never]
    default: changed
  save_package:
    description:
      - Package to save, for example V(ntp), or V(all). If it is not given, the packages that hold the changed settings are saved,
        so that unsaved changes of others in other packages are not.
    type: str
  pending:
    description:
      - What to do if the device has unsaved changes of somebody else before the first write. V(fail) writes nothing.
    type: str
    choices: [warn, fail, ignore]
    default: warn
  verify:
    description: Whether to read the configuration back over a new connection before it is saved. Without it nothing is known of the outcome.
    type: bool
    default: true
  verify_grace:
    description: Seconds for which a device may be away, or may show old values, after a write.
    type: float
    default: 5.0
  rollback:
    description:
      - Whether to restore what was changed if a later write or the verification fails. The result says in RV(rollback) how that ended.
    type: bool
    default: true
  health_gate:
    description:
      - What must hold after the change for it to stay. With V(sync), clocks, receivers and antennas must be no worse off than before, or
        be so again within O(verify_grace) seconds; otherwise the change is rolled back. It costs two more requests.
      - What V(sync) looks at are the checks C(time_synchronized), C(antenna), C(receiver), C(reference_clock_responding) and
        C(reference_clock_synchronized) of M(meinberg.lantime.lantime_health).
    type: str
    choices: [none, sync]
    default: none
  journal_path:
    description:
      - Directory of the journals. A journal is written before the first write to a device and removed when the change has come to its end;
        without it nothing is written. It holds no secret values.
      - If it is not given, C(lantime) in the home of Ansible (E(ANSIBLE_HOME), else C(~/.ansible)) is used.
    type: path
  on_interrupted:
    description:
      - What to do if an earlier run died while it changed this device.
      - V(resume) finishes and saves what it had begun, then goes on. V(revert) restores the former state and ends there. V(fail) refuses.
      - If somebody else changed the same settings since then, all of them refuse.
    type: str
    choices: [resume, revert, fail]
    default: resume
  backup:
    description:
      - Whether to write the whole configuration to another file before the first write, so that what is restored can be undone.
        Without meaning with O(state=saved).
    type: bool
    default: false
  backup_options:
    description: Where to write that file.
    type: dict
    suboptions:
      dir_path:
        description: Directory; C(backup) in the current directory if it is not given.
        type: path
      filename:
        description: Name; made of host name, serial number and time if it is not given. It cannot be the file that is restored.
        type: str
  config_root:
    description:
      - Name of the configuration root of the API. If it is not given, C(config) is used, and the device is asked for its name if that is not there.
    type: str
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_config_info
"""

EXAMPLES = r"""
- name: One file for each device, written only when the configuration changed
  meinberg.lantime.lantime_backup:
    dir_path: backups
    filename: "{{ inventory_hostname }}.json"

- name: What changed since the backup
  meinberg.lantime.lantime_backup:
    state: restored
    path: "backups/{{ inventory_hostname }}.json"
  check_mode: true
  diff: true

- name: Back to the backup
  meinberg.lantime.lantime_backup:
    state: restored
    path: "backups/{{ inventory_hostname }}.json"

- name: The configuration of a device on the one that takes its place
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
  description: The backup file.
  returned: success
  type: str
  sample: backups/ts1.json
sha256:
  description: Checksum in the file. It is the same for the same configuration of the same device with the same firmware.
  returned: success
  type: str
created:
  description: When the file was written, or would be in check mode; of a file that is left alone, when it was.
  returned: success
  type: str
  sample: "2026-02-11T22:05:07Z"
not_contained:
  description: What the file does not contain.
  returned: success
  type: list
  elements: str
secrets_missing:
  description: Secrets that were set when the backup was taken and are not set on the device. They have to be set by other means.
  returned: success with O(state=restored)
  type: list
  elements: str
  sample: [notification/snmp/trap-receivers/0/community]
ignored:
  description: Names in the file that the device does not have.
  returned: success with O(state=restored)
  type: list
  elements: str
problems:
  description: Each name that does not fit the device, with its code, path and message.
  returned: on failure, if there are several or if they are missing names
  type: list
  elements: dict
operations:
  description: What was done or would be done, in order. After a failure it shows what is active on the device and what is not.
  returned: success with O(state=restored), and failure after the first write
  type: list
  elements: dict
  contains:
    id: {description: Number of the operation., type: int, returned: always}
    handler: {description: Section or slot that answers for it., type: str, returned: always, sample: ntp}
    action: {description: "V(set), V(create) or V(delete).", type: str, returned: always}
    path: {description: Menu or item., type: str, returned: always, sample: ntp/local-clock}
    before: {description: Present values of the names that change; V(null) for a new item., type: dict, returned: always, sample: {stratum: 12}}
    after: {description: Values of these names after the change., type: dict, returned: always, sample: {stratum: 10}}
    state:
      description: V(waiting), V(processing), V(succeeded), V(failed), V(rolled_back) or V(skipped).
      type: str
      returned: always
sections:
  description: First-level parts of the configuration that were read.
  returned: success with O(state=restored)
  type: list
  elements: str
  sample: [network, ntp]
config_root:
  description: Root of the configuration in the API.
  returned: success with O(state=restored)
  type: str
  sample: config
secrets_kept:
  description: Secrets that are set on the device and were left as they are.
  returned: success with O(state=restored)
  type: list
  elements: str
also_changed:
  description: Paths in the touched sections that changed at the same time although nobody asked for it here.
  returned: if something was changed
  type: list
  elements: str
saved:
  description: Whether the configuration was saved as startup configuration.
  returned: success with O(state=restored)
  type: bool
saved_packages:
  description: Packages that were saved.
  returned: if something was saved
  type: list
  elements: str
  sample: [ntp]
pending_changes:
  description: Number of unsaved changes by the device's own count, after the task.
  returned: success
  type: int
  sample: 0
rollback:
  description: How undoing a failed change ended.
  returned: on failure after the journal was written
  type: dict
  contains:
    state:
      description: >-
        V(not_needed) if reading back shows that nothing was changed, V(rolled_back) if the former state was restored and verified,
        V(rollback_failed) if it was not, V(off) if O(rollback=false).
      type: str
      returned: always
    remaining: {description: What differs from the former state., type: list, elements: dict, returned: always}
recovery:
  description: What an interrupted run had left behind, and what was done about it.
  returned: if there was a journal of one
  type: dict
  sample: {id: 8f14e45fceea167a5a36dedd4bea2543, phase: writing, verdict: partial, action: resumed, foreign: []}
autosave:
  description: >-
    Whether the device saves changes by itself, as far as the number of its pending changes tells: V(yes), V(no) or V(unknown). If it does, only
    undoing brings the old state back, not a restart.
  returned: if something was changed
  type: str
learned:
  description: What the client learned about the device's API, in the form of O(dialect).
  returned: if it learned something
  type: dict
backup_path:
  description: The file that the configuration was written to before the first write.
  returned: if O(backup=true) and something was changed
  type: str
remaining:
  description: Settings that do not show what was desired after the change.
  returned: if the verification failed
  type: list
  elements: dict
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

from ..module_utils._jobs import lantime_backup
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_backup.SPEC, lantime_backup.run)


if __name__ == "__main__":
    main()
