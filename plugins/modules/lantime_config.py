#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_config
short_description: Manage the configuration of Meinberg LANTIME time servers
version_added: 1.0.0
description:
  - Compares a desired configuration with the configuration of the device and writes the differences only.
  - One task manages the whole configuration tree. Each first-level part of the tree is read with one request, and each menu that differs
    is written with one request.
  - After the last write the parts are read again over a new connection. The configuration is saved only if it matches the desired
    configuration. Otherwise the change is rolled back, and the result contains the outcome of the rollback.
  - Names and types are those of the device. An unknown name is an error that suggests similar names, unless O(missing) or
    O(optional_paths) says otherwise. Values are converted to the type that the device uses. An ambiguous value is an error that tells
    which value to quote.
  - The vendor does not document how to write through the API. The collection relies on
    R(assumptions, ansible_collections.meinberg.lantime.docsite.assumptions).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.config_root
  - meinberg.lantime.connection
  - meinberg.lantime.writing
  - meinberg.lantime.secrets
  - meinberg.lantime.desired
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(update_secrets=always), secrets are written each time because the device masks them.
      - With O(save=always), the configuration is saved each time.
options:
  update_secrets:
    description:
      - When to write secrets. The device masks them, so they cannot be compared.
      - V(on_create) writes a secret only if none is set on the device.
      - V(always) writes it each time.
      - V(on_change) writes it if it differs from the secret that was last written from this controller. A keyed fingerprint of
        each secret is stored in O(journal_path) for this purpose.
    type: str
    choices: [on_create, always, on_change]
    default: on_create
  plan_dest:
    description:
      - Path of a file to which the task writes its plan, also in check mode and also if nothing is to be changed. The file holds the device,
        the operations in order with the values before and after, and the paths of secrets, but no secret value. Only its owner can read it.
      - Writing the file is not a change. In a real run it is written before the first write to the device, and a task that cannot write it
        fails.
      - A plan that an earlier task left at this path is removed before the device is asked. If the task fails before its plan is complete,
        for example with C(secret_needed), C(protected) or C(restricted), no plan is left. Another file at this path, and the plan of
        another host, are never replaced.
      - The file is on the controller, or on the machine that runs the task as a regular module. Relative paths start at the current
        directory. Directories are created.
    type: path
    version_added: 2.0.0
  plan_src:
    description:
      - Path of a reviewed plan that an earlier task wrote to its O(plan_dest). The desired configuration is still that of O(config)
        and O(modules). The file is compared, not executed.
      - The task plans anew, and writes only if serial number, model, firmware, all operations in order with the values before and after,
        the paths of the secrets to write, and the packages to save are those of the file, and if a save would not include more unsaved changes of other
        clients than the file counts (see O(pending)). Otherwise it fails with the code C(plan_changed), and nothing is written.
        Check mode fails in the same way.
      - If the plan has been applied before and the device shows its result, the task succeeds without a change.
      - The file is read and checked before the device is asked. See R(plans, ansible_collections.meinberg.lantime.docsite.plans) for
        what is compared.
    type: path
    version_added: 2.0.0
  plan_golden_files:
    description: Names of the files from which O(config) was made, recorded in the plan as they are given.
    type: list
    elements: str
    default: []
    version_added: 2.0.0
seealso:
  - module: meinberg.lantime.lantime_config_info
  - module: meinberg.lantime.lantime_module_info
  - module: meinberg.lantime.lantime_changes
  - ref: ansible_collections.meinberg.lantime.docsite.golden
    description: Golden configurations with overlays and rules for modules.
  - ref: ansible_collections.meinberg.lantime.docsite.rollout
    description: Rollout to a fleet in rings.
  - ref: ansible_collections.meinberg.lantime.docsite.transactions
    description: Steps and guarantees of a change, and recovery after an interruption.
  - ref: ansible_collections.meinberg.lantime.docsite.settings
    description: What can be configured, as far as it is assumed.
  - ref: ansible_collections.meinberg.lantime.docsite.modules
    description: All module families, with a page for each that has settings and a complete example.
  - ref: ansible_collections.meinberg.lantime.docsite.plans
    description: Plan files, their format, and what of them is compared.
"""

EXAMPLES = r"""
- name: Configure name server, SNMP contact and an NTP server
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

- name: Show the differences from a golden configuration
  meinberg.lantime.lantime_config:
    config: "{{ lantime_golden_config }}"
  check_mode: true
  diff: true

- name: Replace all NTP servers
  meinberg.lantime.lantime_config:
    state: overridden
    restrict: [ntp/external-servers]
    config:
      ntp:
        external-servers:
          "1": {address: 192.0.2.123}
          "2": {address: 192.0.2.124}

- name: Configure modules by what they are
  meinberg.lantime.lantime_config:
    modules:
      - families: [GPS, GNS, GRC]
        config: {module: {antenna: {cable-length: 45}}}
      - families: [GNS]
        firmware: ">=7.10"
        config:
          module:
            mrs:
              priority0: {settings: {id: {type: gps, instance: 0}}}
              priority1: {settings: {id: {type: ptp-ieee1588, instance: 0}, bias: 2.0e-07}}
      - families: [HPS]
        config: {module: {ptp: {network: {dscp: 24}}}}
      - families: [HPS]
        slots: [io1]
        config: {module: {ptp: {network: {dscp: 46}}}}
        override: true

- name: Write the plan of a change for a review
  meinberg.lantime.lantime_config:
    config: "{{ lantime_golden_config }}"
    plan_dest: "plans/{{ inventory_hostname }}.plan.json"
  check_mode: true

- name: Apply the change if it is still what was reviewed
  meinberg.lantime.lantime_config:
    config: "{{ lantime_golden_config }}"
    plan_src: "plans/{{ inventory_hostname }}.plan.json"

- name: Set a syslog server until the next restart
  meinberg.lantime.lantime_config:
    config:
      notification:
        syslog:
          servers: 192.0.2.14
    save: never
"""

RETURN = r"""
problems:
  description: All names, values, secrets and contradictions between rules that the device cannot accept, with code, path and message.
  returned: on failure, if there are several problems or missing secrets
  type: list
  elements: dict
  version_added: 2.0.0
predicted:
  description:
    - What the task would do if the masked secrets of new items were known, with RV(operations), RV(sections), RV(secrets_kept),
      RV(not_applicable) and RV(modules_resolved).
    - RV(problems) lists the paths of these secrets.
  returned: on failure with the code C(secret_needed)
  type: dict
  version_added: 2.0.0
operations:
  description:
    - Operations that were executed or would be executed, in order.
    - After a failure, RV(operations[].state) tells which of them are active on the device.
  returned: success, and failure after the first write
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
  returned: success
  type: list
  elements: str
  sample: [network, ntp]
config_root:
  description: Root of the configuration tree in the API.
  returned: success
  type: str
  sample: config
secrets_kept:
  description: Paths of secrets that are set on the device and were kept unchanged.
  returned: success
  type: list
  elements: str
not_applicable:
  description:
    - Rules in O(modules) that apply to no module of the device.
    - Names and items that the device does not have and that were left out, because of O(missing=ignore) or O(optional_paths).
  returned: success
  type: list
  elements: dict
  contains:
    rule: {description: "Number of the rule, from 1.", type: int, returned: for a rule, sample: 2}
    conditions: {description: Conditions of the rule., type: str, returned: for a rule, sample: families FDM; firmware >=7.10}
    path: {description: Path of the name or item., type: str, returned: for a name or item, sample: ntp/nts}
    reason: {description: Why it was left out., type: str, returned: always}
  version_added: 2.0.0
modules_resolved:
  description: Rules in O(modules) that apply to modules of the device, in order.
  returned: success, if O(modules) is given
  type: list
  elements: dict
  contains:
    rule: {description: "Number of the rule, from 1.", type: int, returned: always, sample: 1}
    conditions: {description: Conditions of the rule., type: str, returned: always, sample: families HPS; slots io*}
    modules:
      description: Modules to which the rule applies.
      type: list
      elements: dict
      returned: always
      contains:
        path: {description: Path of the slot., type: str, returned: always, sample: chassis0/slots/io1}
        family: {description: Family of the module; V(null) if it is unknown., type: str, returned: always, sample: HPS}
        model: {description: Model of the module., type: str, returned: always, sample: hps100}
    config:
      description: Desired configuration below each of these paths, with secrets masked and tables as mappings.
      type: dict
      returned: always
      sample: {module: {ptp: {network: {dscp: 24}}}}
    replaced: {description: Paths whose former desired value the rule replaced., type: list, elements: str, returned: always}
  version_added: 2.0.0
also_changed:
  description: Paths in the changed sections that changed at the same time from another source.
  returned: if something was changed
  type: list
  elements: str
saved:
  description: Whether the configuration was saved as startup configuration; V(null) if that is unknown.
  returned: success, and failure after the first write
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
  returned: if O(confirm_window) is above 0, or an unconfirmed change was found
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
plan_path:
  description: Path of the plan that the task wrote.
  returned: if O(plan_dest) is given, after success, and after a failure if the plan was written before it
  type: str
  sample: plans/ts1.plan.json
  version_added: 2.0.0
plan_difference:
  description:
    - Differences of the reviewed plan from what the task found, of the device first, then of the operations, of the secrets, and of what
      would be saved.
    - At most 50 are listed, and a large value is shortened to a text.
  returned: on failure with the code C(plan_changed)
  type: list
  elements: dict
  contains:
    kind:
      description: V(device), V(operation), V(order) if the same operations have another order, V(secret), or V(save).
      type: str
      returned: always
      sample: operation
    path:
      description:
        - Path of the menu, item or secret.
        - For V(device) the member of RV(device) that differs. For V(save) V(packages) or V(pending_changes). For V(order) empty.
      type: str
      returned: always
      sample: ntp/local-clock
    reviewed:
      description:
        - What the reviewed plan says. Of an operation its action, and the values before and after that differ.
        - V(null) if it does not have the operation or secret, or if the number of pending changes is not known.
      type: raw
      returned: always
      sample: {action: set, before: {stratum: 12}, after: {}}
    current: {description: The same by now., type: raw, returned: always, sample: {action: set, before: {stratum: 11}, after: {}}}
  version_added: 2.0.0
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

from ..module_utils._jobs import lantime_config
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_config.SPEC, lantime_config.run)


if __name__ == "__main__":
    main()
