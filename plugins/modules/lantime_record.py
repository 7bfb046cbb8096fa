#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_record
short_description: Record what a Meinberg LANTIME time server answers
version_added: 2.0.0
description:
  - Writes the answers of a device to one file. It contains the root of the API, the status, the configuration, both with and without C(?raw),
    one scalar, one list and one list item of each, and the answer to an unknown path, with size and duration of each answer.
  - The simulator of the collection answers as the recording does. See R(recordings, ansible_collections.meinberg.lantime.docsite.recordings).
  - By default, personal values are replaced, so that the file can be given to others. Names, types, lengths of lists and tokens of the
    firmware remain. Text whose origin is not known is replaced.
  - Only sends GET requests, except for the request for a token with O(auth=token). Any error leaves the file as it was.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.config_root
  - meinberg.lantime.connection
attributes:
  check_mode:
    support: full
    details:
      - The device is read and the summary is returned, but no file is written.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - Each run writes the file, because the answers contain times.
options:
  dest:
    description:
      - Path of the file, which is readable by its owner only. Use one file for each device.
      - The file is on the controller, or on the machine that runs the task as a regular module. Relative paths start at the
        current directory. Directories are created.
      - An existing recording is replaced.
    type: path
    required: true
  force:
    description: Whether to replace an existing file that is not a recording.
    type: bool
    default: false
  anonymize:
    description:
      - Whether to replace serial numbers, host names, addresses, positions, contacts, users, descriptions, certificates and all text that is
        not known to come from the firmware. Equal values are replaced with equal ones.
      - Secrets are never recorded, whatever this option says.
    type: bool
    default: true
  anonymize_key:
    description:
      - Key of at least 16 characters from which the replacements are derived, so that a value is replaced with the same one in the recordings
        of several devices. An IPv4 address may differ if two addresses of a device would be replaced with the same one.
      - Whoever has the key can test guesses of a value, so keep it secret. It is not part of the file.
      - If not set, a random key is used once.
    type: str
seealso:
  - module: meinberg.lantime.lantime_backup
    description: A backup restores a configuration; a recording does not.
  - module: meinberg.lantime.lantime_probe
  - ref: ansible_collections.meinberg.lantime.docsite.recordings
    description: How to record a device, check the file and send it.
"""

EXAMPLES = r"""
- name: Record each device
  meinberg.lantime.lantime_record:
    dest: "recordings/{{ inventory_hostname }}.json"

- name: Record a fleet with the same replacements in all files
  meinberg.lantime.lantime_record:
    dest: "recordings/{{ inventory_hostname }}.json"
    anonymize_key: "{{ vault_anonymize_key }}"
"""

RETURN = r"""
recording_path:
  description: Path of the file.
  returned: success
  type: str
  sample: recordings/ts1.json
anonymized:
  description: Whether personal values were replaced.
  returned: success
  type: bool
replaced:
  description: Number of different values that were replaced, by kind.
  returned: success
  type: dict
  contains:
    address: {description: IP addresses., type: int, returned: always, sample: 7}
    certificate: {description: "Certificates, public keys and fingerprints.", type: int, returned: always}
    contact: {description: Mail addresses and other contacts., type: int, returned: always, sample: 1}
    description: {description: "Labels, locations and descriptions.", type: int, returned: always, sample: 2}
    free_text: {description: Other text that is not known to come from the firmware., type: int, returned: always}
    host_name: {description: Names of hosts and domains., type: int, returned: always, sample: 3}
    mac_address: {description: Hardware addresses and clock identities., type: int, returned: always, sample: 2}
    position: {description: Coordinates., type: int, returned: always, sample: 7}
    secret: {description: Secrets that the device shows in clear text or as hash., type: int, returned: always}
    serial_number: {description: Serial numbers., type: int, returned: always, sample: 2}
    user: {description: "Names of users, except those that every device has.", type: int, returned: always, sample: 1}
requests:
  description: Number of requests that were sent.
  returned: success
  type: int
  sample: 12
config_root:
  description: Root of the configuration tree in the API.
  returned: success
  type: str
  sample: config
pending_changes:
  description:
    - Number of unsaved changes on the device after the task, as the device counts them.
    - V(null) if the device does not report it.
  returned: success
  type: int
  sample: 0
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

from ..module_utils._jobs import lantime_record
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_record.SPEC, lantime_record.run)


if __name__ == "__main__":
    main()
