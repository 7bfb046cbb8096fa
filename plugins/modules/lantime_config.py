#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_config
short_description: Configure a Meinberg LANTIME time server
version_added: 1.0.0
description:
  - Compares a desired configuration with the device's and writes only what differs.
  - One task takes a whole tree. Each first-level part of it is read with one request, each menu that differs is written with one request,
    then the parts are read again over a new connection, and only if they show what was desired is the configuration saved. If anything
    fails before that, what was written is undone, and the result says whether that succeeded.
  - The device is the authority on its names and types. A name that it does not have is an error with the nearest names, values are taken in the
    type that the device shows, and what would have to be guessed is an error that says what to quote.
  - The write side of the API is not documented by the vendor. What is assumed stands in C(docs/assumptions.md).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.connection
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(update_secrets=always), secrets are written each time, as they cannot be compared.
      - With O(save=always), the configuration is saved each time.
options:
  config:
    description:
      - The desired configuration, from the root of the device's configuration tree. Only what is named is looked at.
      - Items of tables are named by their C(object-id), either as a mapping from C(object-id) to item or as a list of items with
        an C(object-id) member.
      - A value of asterisks, as secrets read back, stands for "as it is".
    type: dict
    required: true
  state:
    description:
      - V(merged) brings the named values to what is desired and leaves everything else alone.
      - V(overridden) does the same, and tables that are named become exactly what is given; items that are not named go away.
      - V(deleted) removes the named items of tables. The content of an item does not matter, unless it names tables inside the item.
    type: str
    choices: [merged, overridden, deleted]
    default: merged
  missing:
    description:
      - What to do with a name or table item that the device does not have. V(fail) says which names are near; nothing is written.
      - V(create) adds it. With O(state=overridden), items of tables are added in any case.
    type: str
    choices: [fail, create]
    default: fail
  restrict:
    version_added: 1.1.0
    description:
      - Patterns of paths that the task may change; a change beyond them is an error, and nothing is written.
      - In all patterns of paths V(*) and V(?) stand for characters of one name, and a menu stands for everything in it.
    type: list
    elements: str
  ignore_paths:
    version_added: 1.1.0
    description: Patterns of paths that are left alone, even if O(config) names them.
    type: list
    elements: str
    default: []
  unordered_lists:
    version_added: 1.1.0
    description: Patterns of lists of values whose order means nothing. In all other lists the order counts.
    type: list
    elements: str
    default: []
  secrets:
    version_added: 1.1.0
    description:
      - Patterns of paths that hold secrets, beyond those that the device masks and those whose name says so (password, passphrase,
        community, secret, token and the like). Their values appear in no result, difference or journal.
    type: list
    elements: str
    default: []
  update_secrets:
    description:
      - Secrets read back masked and cannot be compared.
      - V(on_create) writes a secret only where none is set, V(always) each time.
      - V(on_change) writes it where it differs from what was last written from here. For that a keyed fingerprint is kept beside the journal.
    type: str
    choices: [on_create, always, on_change]
    default: on_create
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
    version_added: 1.1.0
    description:
      - What to do if the device has unsaved changes of somebody else before the first write. V(fail) writes nothing.
    type: str
    choices: [warn, fail, ignore]
    default: warn
  verify:
    version_added: 1.1.0
    description: Whether to read the configuration back over a new connection before it is saved. Without it nothing is known of the outcome.
    type: bool
    default: true
  verify_grace:
    version_added: 1.1.0
    description: Seconds for which a device may be away, or may show old values, after a write.
    type: float
    default: 5.0
  rollback:
    version_added: 1.1.0
    description:
      - Whether to restore what was changed if a later write or the verification fails. The result says in RV(rollback) how that ended.
    type: bool
    default: true
  health_gate:
    version_added: 1.1.0
    description:
      - What must hold after the change for it to stay. With V(sync), clocks, receivers and antennas must be no worse off than before, or
        be so again within O(verify_grace) seconds; otherwise the change is rolled back. It costs two more requests.
      - What V(sync) looks at are the checks C(time_synchronized), C(antenna), C(receiver), C(reference_clock_responding) and
        C(reference_clock_synchronized) of M(meinberg.lantime.lantime_health).
    type: str
    choices: [none, sync]
    default: none
  journal_path:
    version_added: 1.1.0
    description:
      - Directory of the journals. A journal is written before the first write to a device and removed when the change has come to its end;
        without it nothing is written. It holds no secret values.
      - If it is not given, C(lantime) in the home of Ansible (E(ANSIBLE_HOME), else C(~/.ansible)) is used.
    type: path
  on_interrupted:
    version_added: 1.1.0
    description:
      - What to do if an earlier run died while it changed this device.
      - V(resume) finishes and saves what it had begun, then goes on. V(revert) restores the former state and ends there. V(fail) refuses.
      - If somebody else changed the same settings since then, all of them refuse.
    type: str
    choices: [resume, revert, fail]
    default: resume
  backup:
    version_added: 1.1.0
    description: Whether to write the whole configuration to a file before the first write, as M(meinberg.lantime.lantime_backup) does.
    type: bool
    default: false
  backup_options:
    version_added: 1.1.0
    description: Where to write that file.
    type: dict
    suboptions:
      dir_path:
        description: Directory; C(backup) in the current directory if it is not given.
        type: path
      filename:
        description: Name; made of host name, serial number and time if it is not given.
        type: str
  config_root:
    description:
      - Name of the configuration root of the API. If it is not given, C(config) is used, and the device is asked for its name if that is not there.
    type: str
seealso:
  - module: meinberg.lantime.lantime_config_info
"""

EXAMPLES = r"""
- name: Name servers, SNMP contact and an NTP server
  meinberg.lantime.lantime_config:
    config:
      network:
        nameserver1: 192.0.2.53
      snmp:
        contact: time@example.com
      ntp:
        external-servers:
          "1":
            address: 192.0.2.123
            minpoll: 6

- name: What would a golden configuration change
  meinberg.lantime.lantime_config:
    config: "{{ lantime_golden_config }}"
  check_mode: true
  diff: true

- name: Exactly these NTP servers, and no other
  meinberg.lantime.lantime_config:
    state: overridden
    restrict: [ntp/external-servers]
    config:
      ntp:
        external-servers:
          "1": {address: 192.0.2.123}
          "2": {address: 192.0.2.124}

- name: A new syslog server, active until the next restart
  meinberg.lantime.lantime_config:
    config:
      notification:
        syslog:
          servers: 192.0.2.14
    save: never
"""

RETURN = r"""
operations:
  description: What was done or would be done, in order. After a failure it shows what is active on the device and what is not.
  returned: success, and failure after the first write
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
  returned: success
  type: list
  elements: str
  sample: [network, ntp]
config_root:
  description: Root of the configuration in the API.
  returned: success
  type: str
  sample: config
secrets_kept:
  description: Secrets that are set on the device and were left as they are.
  returned: success
  type: list
  elements: str
also_changed:
  description: Paths in the touched sections that changed at the same time although nobody asked for it here.
  returned: if something was changed
  type: list
  elements: str
saved:
  description: Whether the configuration was saved as startup configuration.
  returned: success
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
  description: The backup file.
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

from ..module_utils._jobs import lantime_config
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_config.SPEC, lantime_config.run)


if __name__ == "__main__":
    main()
