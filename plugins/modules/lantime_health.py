#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_health
short_description: Check the health of a Meinberg LANTIME time server
version_added: 1.2.0
description:
  - Judges one answer of the device by named checks with thresholds for its kind of use, and fails if something is wrong. It can wait until
    all is well.
  - C(docs/health.md) lists all checks with their severities, thresholds and remedies.
  - An event of the device counts only while it is triggered. What the device does not say is V(unknown), which never counts as V(ok).
  - Ages are measured by the device's own clock, so that a wrong clock of the controller makes no alarm.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.connection
options:
  profile:
    description:
      - What the time is used for. It decides the thresholds.
    type: str
    choices: [telecom, finance, broadcast, power, it]
    default: it
  thresholds:
    description:
      - Thresholds that differ from those of O(profile), by name.
      - Names are V(sync_grace), V(warm_up), V(quality_warning), V(quality_critical), V(holdover_budget), V(satellites_warning),
        V(satellites_critical), V(position_tolerance), V(leap_file_warning), V(stratum_warning), V(stratum_critical), V(offset_warning),
        V(offset_critical), V(temperature_warning), V(temperature_critical), V(ban_window), V(storage_warning), V(storage_error),
        V(memory_free_warning), V(cpu_load_warning), V(firmware_minimum), V(change_window), V(reboot_window) and V(status_age_warning).
    type: dict
    default: {}
  include:
    description:
      - Checks to make, by name or by group. All are made if it is not given.
      - Groups are V(sync), V(reference), V(leap), V(ntp), V(fleet), V(hardware), V(security) and V(system).
    type: list
    elements: str
  skip:
    description:
      - Checks not to make, by name or by group. They stand in the result with the state V(skipped).
    type: list
    elements: str
    default: []
  expected:
    description:
      - What the device should have.
    type: dict
    default: {}
    suboptions:
      ports:
        description:
          - Network ports that must have a link. Without it, a missing link is a piece of information only, as unused ports have none.
        type: list
        elements: str
      power_supplies:
        description:
          - Number of power supplies that must have power.
        type: int
        aliases: [psus]
      fans:
        description:
          - Number of fans that must turn.
        type: int
      receivers:
        description:
          - Slots that must have a receiver.
        type: list
        elements: str
      modules:
        description:
          - Slots that must have a module.
        type: list
        elements: str
      position:
        description:
          - Where the antenna stands.
        type: dict
        suboptions:
          latitude:
            description: Degrees, positive to the north.
            type: float
            required: true
          longitude:
            description: Degrees, positive to the east.
            type: float
            required: true
      leap_second:
        description:
          - Whether a leap second should be announced. Set it to the same for all servers, so that the one that disagrees is found.
        type: bool
      tai_offset:
        description:
          - Offset of TAI to UTC in seconds.
        type: int
  fail_on:
    description:
      - The mildest severity at which the device is not healthy and the task fails.
      - With V(never) the task does not fail, and a device with a V(warning) or worse is not healthy.
      - A device that does not report whether it is synchronized is not healthy either.
    type: str
    choices: [warning, error, critical, never]
    default: error
  wait:
    description:
      - Whether to look again and again until the device is healthy.
      - A device that does not answer meanwhile, as it restarts, is waited for. Refused credentials are not tried again.
      - Meanwhile there is no grace for a device that has only just restarted or lost its reference, see V(sync_grace) in O(thresholds).
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait, from 0 to 86400.
    type: float
    default: 600.0
  wait_interval:
    description:
      - Seconds between two looks, from 0.05 to 3600. The connection is kept over pauses of up to 5 seconds.
    type: float
    default: 10.0
notes:
  - One look costs one request.
seealso:
  - module: meinberg.lantime.lantime_facts
  - module: meinberg.lantime.lantime_config
"""

EXAMPLES = r"""
- name: Fail if something is wrong
  meinberg.lantime.lantime_health:
    profile: finance
    skip: [certificate_self_signed]
    expected:
      ports: [lan0, lan1]
      power_supplies: 2
      receivers: [clk1, clk2]

- name: Restart the device
  meinberg.lantime.lantime_command:
    command: reboot

- name: Go on when it has the time again
  meinberg.lantime.lantime_health:
    include: [sync, ntp]
    fail_on: warning
    wait: true
    wait_timeout: 1800

- name: Collect findings without failing
  meinberg.lantime.lantime_health:
    fail_on: never
    thresholds:
      satellites_warning: 8
      firmware_minimum: "7.10.008"
  register: health

- name: Show what is wrong
  ansible.builtin.debug:
    msg: "{{ health.checks | rejectattr('state', 'in', ['ok', 'skipped']) | map(attribute='message') }}"
"""

RETURN = r"""
healthy:
  description: Whether nothing is at or above O(fail_on), and the device reports whether it is synchronized.
  returned: success, and failure because of checks
  type: bool
  sample: true
worst:
  description: The worst state of all checks, of V(ok), V(info), V(unknown), V(warning), V(error) and V(critical), mildest first.
  returned: success, and failure because of checks
  type: str
  sample: warning
profile:
  description: The O(profile) used.
  returned: success, and failure because of checks
  type: str
  sample: it
checks:
  description: One entry for each check, in the order of C(docs/health.md).
  returned: success, and failure because of checks
  type: list
  elements: dict
  contains:
    name: {description: Name of the check., type: str, returned: always, sample: time_synchronized}
    state:
      description:
        - V(ok), V(info), V(warning), V(error) or V(critical); V(skipped) if the task or the equipment of the device makes it pointless;
          V(unknown) if the device does not say.
      type: str
      returned: always
      sample: ok
    value: {description: What was seen; V(null) if it is no single value., type: raw, returned: always, sample: 100}
    limit: {description: "The threshold that it was held against; of several, the one that decided.", type: raw, returned: always, sample: 100000}
    unit: {description: Unit of value and limit., type: str, returned: always, sample: ns}
    subject: {description: "The part of the device that it is about, such as a slot or a port.", type: str, returned: always, sample: clk1}
    since: {description: "Since when, if the device says so (ISO 8601, UTC).", type: str, returned: always, sample: "2026-02-11T21:53:08Z"}
    message: {description: One sentence for people., type: str, returned: always, sample: The clock is synchronized to clk1-gps.}
    remedy: {description: What to do; V(null) unless there is a finding., type: str, returned: always}
counts:
  description: Number of checks in each state.
  returned: success, and failure because of checks
  type: dict
  sample: {ok: 40, info: 0, warning: 1, error: 0, critical: 0, skipped: 10, unknown: 0}
waited_seconds:
  description: Seconds from the first look to the last one.
  returned: success, and failure because of checks or of a device that stayed away
  type: float
  sample: 0.0
device:
  description: Who answered. The serial number tells devices apart that swap addresses.
  returned: success, and failure because of checks
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
    code: {description: "One of a closed list; V(unhealthy) if checks made the task fail.", type: str, returned: always, sample: unhealthy}
    path: {description: Path of the API or of the configuration tree., type: str, returned: always, sample: /api/status}
    http_status: {description: Status of the answer; V(null) if there was none., type: int, returned: always, sample: 401}
    device_message: {description: "The device's own words, bounded.", type: str, returned: always}
    hint: {description: What to do about it., type: str, returned: always}
"""

from ..module_utils._jobs import lantime_health
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_health.SPEC, lantime_health.run)


if __name__ == "__main__":
    main()
