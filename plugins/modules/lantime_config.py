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
    then the parts are read again over a new connection, and only if they show what was desired is the configuration saved.
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
    description: V(merged) brings the named values to what is desired and leaves everything else alone.
    type: str
    choices: [merged]
    default: merged
  missing:
    description:
      - What to do with a name or table item that the device does not have. V(fail) says which names are near; nothing is written.
      - V(create) adds it.
    type: str
    choices: [fail, create]
    default: fail
  update_secrets:
    description:
      - Secrets (passwords, passphrases, communities) read back masked and cannot be compared.
      - V(on_create) writes a secret only where none is set, V(always) each time.
    type: str
    choices: [on_create, always]
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
    action: {description: V(set) or V(create)., type: str, returned: always}
    path: {description: Menu or item., type: str, returned: always, sample: ntp/local-clock}
    before: {description: Present values of the names that change; V(null) for a new item., type: dict, returned: always, sample: {stratum: 12}}
    after: {description: Values of these names after the change., type: dict, returned: always, sample: {stratum: 10}}
    state: {description: "V(waiting), V(processing), V(succeeded), V(failed) or V(skipped).", type: str, returned: always}
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

from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_config
from ansible_collections.meinberg.lantime.plugins.module_utils._task import run_packaged


def main() -> None:
    run_packaged(lantime_config.SPEC, lantime_config.run)


if __name__ == "__main__":
    main()
