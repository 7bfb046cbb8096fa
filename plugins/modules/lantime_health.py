#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_health
short_description: Check the health of Meinberg LANTIME time servers
version_added: 1.2.0
description:
  - Evaluates one status response of the device with named checks, whose thresholds depend on the use of the time. The task fails if a
    check does. It can wait until the device is healthy.
  - An event of the device counts only while it is triggered. A check without data from the device is V(unknown), which never counts
    as V(ok).
  - Ages are measured by the clock of the device, so a wrong clock of the controller does not cause alarms.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.attributes.info
  - meinberg.lantime.connection
options:
  profile:
    description: Use of the time. It determines the thresholds.
    type: str
    choices: [telecom, finance, broadcast, power, it]
    default: it
  thresholds:
    description:
      - Thresholds that override those of O(profile), by name.
      - Names are V(sync_grace), V(warm_up), V(quality_warning), V(quality_critical), V(holdover_budget), V(satellites_warning),
        V(satellites_critical), V(position_tolerance), V(leap_file_warning), V(stratum_warning), V(stratum_critical), V(offset_warning),
        V(offset_critical), V(temperature_warning), V(temperature_critical), V(ban_window), V(storage_warning), V(storage_error),
        V(memory_free_warning), V(cpu_load_warning), V(firmware_minimum), V(change_window), V(reboot_window), V(status_age_warning),
        V(assumed_severity), V(correlation_warning), V(correlation_error), V(field_strength_warning), V(source_offset_warning),
        V(unicast_clients_warning), V(syncmon_stratum_warning) and V(syncmon_age_warning).
      - With C(assumed_severity=warning), the default, a finding from a module's member that no public source shows is a warning at most.
        With C(assumed_severity=full), it keeps its severity.
    type: dict
    default: {}
  include:
    description:
      - Names or groups of the checks to run. If not set, all checks run.
      - Groups are V(sync), V(reference), V(leap), V(ntp), V(fleet), V(hardware), V(security) and V(system).
    type: list
    elements: str
  skip:
    description:
      - Names or groups of checks to skip.
      - They are part of the result with the state V(skipped), unless O(return_passed=false).
    type: list
    elements: str
    default: []
  expected:
    description: Expected equipment and settings of the device.
    type: dict
    default: {}
    suboptions:
      ports:
        description:
          - Network ports that must have a link.
          - If not set, a missing link is reported as V(info), because unused ports have none.
        type: list
        elements: str
      power_supplies:
        description:
          - Number of power supplies that must have power.
          - Set it to find a dead power supply, because it may report the same as an empty bay.
        type: int
        aliases: [psus]
      fans:
        description: Number of fans that must run.
        type: int
      receivers:
        description: Slots that must contain a receiver.
        type: list
        elements: str
      modules:
        description:
          - Slots that must contain a module, as a list.
          - Since version 2.0.0 also as a mapping from slots to the expected C(family), C(model), C(serial_number) and C(revision), each optional.
          - Slots of additional chassis have the chassis as a prefix, for example V(chassis1/io1).
        type: raw
      position:
        description: Position of the antenna.
        type: dict
        suboptions:
          latitude:
            description: Latitude in degrees, north is positive.
            type: float
            required: true
          longitude:
            description: Longitude in degrees, east is positive.
            type: float
            required: true
      leap_second:
        description:
          - Whether a leap second should be announced.
          - Use the same value for all servers to detect a server that disagrees.
        type: bool
      tai_offset:
        description: Offset of TAI from UTC in seconds.
        type: int
      ptp:
        description:
          - Grandmasters that PTP instances must follow, for the check C(ptp_grandmaster).
          - An entry is about all instances for which its members other than C(grandmaster) apply. Instances that are switched off are not checked.
        type: list
        elements: dict
        version_added: 2.0.0
        suboptions:
          grandmaster:
            description: Identity of the grandmaster, 16 hexadecimal digits with or without separators. Quote it, because YAML reads some of them as numbers.
            type: str
            required: true
          slot:
            description: Slot of the PTP card.
            type: str
          instance:
            description: Name of the instance, for example V(ptp1).
            type: str
          domain:
            description: Domain number of the instance.
            type: int
  baseline:
    description:
      - Result of M(meinberg.lantime.lantime_module_info) for all modules of the device, its list C(modules), or the path of a JSON file with
        either, on the host that runs the task.
      - Its populated slots are expected as in O(expected.modules), whose members override those of the baseline. Modules that are pulled,
        exchanged, moved or added, and older revisions are findings.
    type: raw
    version_added: 2.0.0
  config:
    description:
      - Whether to read the configuration too, with a second request for each poll.
      - The checks C(simulation_mode) and C(module_settings) need it. Others use it to know the mode of PTP instances, the limits of
        SyncMon nodes, the preferred clock of a switch card, and the configured quality levels of telecom outputs.
    type: bool
    default: false
    version_added: 2.0.0
  config_root:
    description:
      - Name of the configuration root of the API. Used with O(config=true) only.
      - If not set, C(config) is used. If the device does not have it, the name is read from the device.
    type: str
    version_added: 2.0.0
  fail_on:
    description:
      - Lowest severity at which the device is unhealthy and the task fails.
      - With V(never), the task does not fail, and a device with V(warning) or a higher severity is unhealthy.
      - A device that does not report whether it is synchronized is always unhealthy.
    type: str
    choices: [warning, error, critical, never]
    default: error
  no_worse_than:
    description:
      - Registered result of this module before a change. The task then fails only for checks that are worse than in it, and O(wait) ends as soon as
        none is worse.
      - A check is worse if its severity is higher than before, or if it has a finding on another port, module or reference than before.
        RV(healthy) is independent of it.
    type: dict
    version_added: 2.0.0
  ignore_unhealthy:
    description:
      - Whether the task succeeds for a device that is unhealthy or worse than before. RV(healthy) and RV(worse) say so.
      - Use it with M(meinberg.lantime.lantime_verdict), which sets the final status of the host. A device that could not be checked still fails.
    type: bool
    default: false
    version_added: 2.0.0
  return_passed:
    description:
      - Whether RV(checks) includes the checks with the state V(ok) or V(skipped).
      - The result of a failed task never includes them. RV(counts) contains their number in both cases.
    type: bool
    default: true
    version_added: 2.0.0
  gather_subset:
    description:
      - Facts to return in C(ansible_facts), as O(meinberg.lantime.lantime_facts#module:gather_subset) without V(config).
      - They come from the status that was evaluated last, without a further request. With an empty list no facts are returned.
    type: list
    elements: str
    default: []
    version_added: 2.0.0
  wait:
    description:
      - Whether to poll the device until it is healthy.
      - An unreachable device, for example during a restart, is polled again. Refused credentials are not retried.
      - The grace periods V(sync_grace) and V(warm_up) in O(thresholds) do not apply while waiting.
    type: bool
    default: false
  wait_timeout:
    description:
      - Timeout in seconds for O(wait), from 0 to 86400.
      - O(task_timeout) must be longer.
    type: float
    default: 600.0
  wait_interval:
    description:
      - Polling interval in seconds, from 0.05 to 3600.
      - The connection is kept open between polls for intervals of up to 5 seconds.
    type: float
    default: 10.0
notes:
  - Each poll needs one request, or two if O(config=true).
seealso:
  - module: meinberg.lantime.lantime_facts
  - module: meinberg.lantime.lantime_config
  - ref: ansible_collections.meinberg.lantime.docsite.health
    description: All checks with severities, thresholds and remedies.
  - ref: ansible_collections.meinberg.lantime.docsite.alarms
    description: Health checks of a fleet, and how they become alarms.
"""

EXAMPLES = r"""
- name: Fail if a device is unhealthy
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

- name: Wait until the device is synchronized
  meinberg.lantime.lantime_health:
    include: [sync, ntp]
    fail_on: warning
    wait: true
    wait_timeout: 1800
    task_timeout: 1900

- name: Collect findings without failing
  meinberg.lantime.lantime_health:
    fail_on: never
    thresholds:
      satellites_warning: 8
      firmware_minimum: "7.10.008"
  register: health

- name: Record the modules
  meinberg.lantime.lantime_module_info:
  register: modules

- name: Create the directory of the baselines
  ansible.builtin.file:
    path: baseline
    state: directory
    mode: "0700"
  run_once: true
  delegate_to: localhost

- name: Save the modules as a baseline
  ansible.builtin.copy:
    content: "{{ modules | ansible.builtin.to_nice_json }}"
    dest: "baseline/{{ inventory_hostname }}.json"
    mode: "0600"
  delegate_to: localhost

- name: Find pulled, exchanged, moved and added modules
  meinberg.lantime.lantime_health:
    include: [modules, module_identity]
    baseline: "baseline/{{ inventory_hostname }}.json"
    fail_on: warning

- name: Check settings of modules and the grandmaster of a PTP domain
  meinberg.lantime.lantime_health:
    config: true
    expected:
      ptp:
        - slot: io1
          domain: 24
          grandmaster: "00:11:22:ff:fe:33:44:55"

- name: Check the model and the revision of single modules
  meinberg.lantime.lantime_health:
    include: [modules, module_identity]
    expected:
      modules:
        clk1: {family: GNS, model: gns182}
        io5: {family: FDM, revision: v1.08}

- name: Show the findings
  ansible.builtin.debug:
    msg: "{{ health.checks | rejectattr('state', 'in', ['ok', 'skipped']) | map(attribute='message') }}"
"""

RETURN = r"""
ansible_facts:
  description: Facts of O(gather_subset), as M(meinberg.lantime.lantime_facts) returns them.
  returned: when the device answered, if O(gather_subset) is not empty
  type: dict
  sample: {ansible_net_model: M600}
  version_added: 2.0.0
healthy:
  description:
    - Whether all checks are below the severity of O(fail_on), and the device reports whether it is synchronized.
    - If it is V(false), the task fails with the error code C(unhealthy), unless O(fail_on=never) or O(ignore_unhealthy=true).
  returned: success, and failure because of checks
  type: bool
  sample: true
worse:
  description: Names of the checks that are worse than in O(no_worse_than), and for which the task fails unless O(fail_on=never).
  returned: if O(no_worse_than) is given, on success and failure because of checks
  type: list
  elements: str
  sample: []
  version_added: 2.0.0
worst:
  description: Highest state of all checks. The states in ascending order are V(ok), V(info), V(unknown), V(warning), V(error) and V(critical).
  returned: success, and failure because of checks
  type: str
  sample: warning
profile:
  description: Value of O(profile).
  returned: success, and failure because of checks
  type: str
  sample: it
checks:
  description:
    - Result of each check.
    - After a failure, or with O(return_passed=false), without the checks that passed or were skipped.
  returned: success, and failure because of checks
  type: list
  elements: dict
  contains:
    name: {description: Name of the check., type: str, returned: always, sample: time_synchronized}
    state:
      description:
        - V(ok), V(info), V(warning), V(error) or V(critical).
        - V(skipped) if the task skips the check or the check does not apply to the device.
        - V(unknown) if the device does not report the required data.
      type: str
      returned: always
      sample: ok
    value: {description: Value that was checked; V(null) if there is no single value., type: raw, returned: always, sample: 100}
    limit: {description: Threshold that decided the state., type: raw, returned: always, sample: 100000}
    unit: {description: Unit of value and limit., type: str, returned: always, sample: ns}
    subject: {description: "Part of the device, for example a slot or a port.", type: str, returned: always, sample: clk1}
    since:
      description: Start of the condition in ISO 8601 format in UTC, if the device reports it.
      type: str
      returned: always
      sample: "2026-02-11T21:53:08Z"
    message: {description: Result in one sentence., type: str, returned: always, sample: The clock is synchronized to clk1-gps.}
    remedy: {description: Recommended action; V(null) without a finding., type: str, returned: always}
    findings:
      description:
        - Findings of the check, worst first, at most 64. RV(checks[].message) sums them up.
        - Empty for a single finding that is not about a module or a SyncMon node, since the other members describe it.
      type: list
      elements: dict
      returned: always
      contains:
        state: {description: "V(info), V(unknown), V(warning), V(error) or V(critical).", type: str, returned: always, sample: warning}
        message: {description: Finding in one sentence., type: str, returned: always}
        value: {description: Value that was checked., type: raw, returned: always}
        limit: {description: Threshold that decided the state., type: raw, returned: always}
        subject: {description: Part of the device., type: str, returned: always, sample: io3/out2}
        slot: {description: Slot of the module; V(null) if the finding is not about a module., type: str, returned: always, sample: io3}
        family: {description: Family of the module., type: str, returned: always, sample: BPE}
        object: {description: "Part of the module or name of a SyncMon node.", type: str, returned: always, sample: out2}
        certainty:
          description: How certain it is that the members exist and mean this, V(CONFIRMED), V(INFERRED) or V(ASSUMPTION).
          type: str
          returned: always
          sample: ASSUMPTION
        since: {description: Start of the condition., type: str, returned: always}
counts:
  description: Number of checks in each state, including the checks that RV(checks) leaves out.
  returned: success, and failure because of checks
  type: dict
  sample: {ok: 40, info: 0, warning: 1, error: 0, critical: 0, skipped: 10, unknown: 0}
waited_seconds:
  description: Seconds between the first and the last poll.
  returned: success, and failure because of checks or because the device is unreachable
  type: float
  sample: 0.0
device:
  description: Identity of the device that answered. The serial number distinguishes devices that exchange addresses.
  returned: success, and failure because of checks
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

from ..module_utils._jobs import lantime_health
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_health.SPEC, lantime_health.run)


if __name__ == "__main__":
    main()
