#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_report
short_description: Report on a fleet of Meinberg LANTIME time servers as JSON, JUnit, Markdown, SARIF and HTML
version_added: 1.2.0
description:
  - Unites what other modules found on many hosts into one report, and writes it in up to five formats. No device is asked, so that the task runs
    once, on the controller.
  - The JSON report holds everything (C(docs/report.md), C(docs/report.schema.json)); the other formats are made of it. Reports of several runs, for instance
    of the slices of one job, are united with O(inputs).
  - A host that could not be checked never counts as clean. That is a host of O(expected) without a record, a record with an error, one without a result
    of all O(checks), and one of which a section could not be compared.
  - The task does not fail because of what is in the report. RV(exit_code) and RV(summary) are there for this.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
attributes:
  check_mode:
    description: Can run in check mode and return the status it would have after a run, without changing anything.
    support: full
  diff_mode:
    description: Returns details on what has changed (or would change in check mode) when run in diff mode.
    support: full
    details:
      - The difference names each file with its size and checksum.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
    details:
      - The time of the report itself does not count as a change. Where nothing else differs, the files get the new time and RV(ignore:changed) is V(false).
        Give O(generated) for files that are the same to the last byte.
  platform:
    description: Target platforms.
    support: full
    platforms: posix
options:
  hosts:
    description:
      - What was found, one record a host.
      - If several records are of one host, the worst one counts, with a warning.
    type: list
    elements: dict
    default: []
  expected:
    description:
      - Names of all hosts that should have been checked. Those without a record are in the report as not checked.
    type: list
    elements: str
    default: []
  inputs:
    description:
      - JSON reports of earlier runs to be united with this one, for instance of the slices of a job.
      - Of a host that stands in several, the result that was made last counts. Of results made at the same time it is the worse one.
        A host without any result never takes the place of one with a result.
    type: list
    elements: path
    default: []
  dest:
    description:
      - Directory of the files. It is made if it does not exist.
    type: path
    required: true
  formats:
    description:
      - What to write. The files are named O(basename) with the suffixes C(.json), C(.xml) (JUnit), C(.md), C(.sarif) and C(.html).
    type: list
    elements: str
    choices: [json, junit, markdown, sarif, html]
    default: [json, junit, markdown, sarif, html]
  basename:
    description:
      - Name of the files without suffix.
    type: str
    default: report
  title:
    description:
      - Heading of the report.
    type: str
    default: LANTIME fleet
  generated:
    description:
      - Time of the report, for instance V(2026-02-11T22:05:07Z). Without it, the time of the task.
      - It also decides whether accepted drift has expired.
    type: str
  golden_file:
    description:
      - Path of the desired state in its repository. SARIF needs it to show findings beside that file.
    type: str
  checks:
    description:
      - What a record must hold for its host to count as checked.
      - Without it, V(drift) and V(health) if any record holds them, else V(facts).
    type: list
    elements: str
    choices: [drift, health, facts]
  fail_on:
    description:
      - What makes RV(exit_code) 2. Hosts that could not be checked do in any case.
    type: list
    elements: str
    choices: [drift, unhealthy]
    default: [drift, unhealthy]
notes:
  - The records are not shown in the output of the task.
  - Values of settings whose names tell that they are secrets are masked, also if a record holds them in clear text.
seealso:
  - module: meinberg.lantime.lantime_facts
  - module: meinberg.lantime.lantime_config
"""

EXAMPLES = r"""
- name: One report of the whole play
  meinberg.lantime.lantime_report:
    hosts: "{{ ansible_play_hosts_all | map('extract', hostvars) | selectattr('lantime_record', 'defined') | map(attribute='lantime_record') }}"
    expected: "{{ ansible_play_hosts_all }}"
    dest: "{{ playbook_dir }}/reports"
    golden_file: golden/time-servers.yml
  run_once: true
  delegate_to: localhost
  register: report

- name: Facts of one device as a page
  meinberg.lantime.lantime_report:
    hosts:
      - host: ts1.example.com
        facts: "{{ gathered.ansible_facts }}"
    dest: reports
    formats: [html]

- name: Unite the reports of two slices
  meinberg.lantime.lantime_report:
    inputs: [slice1/report.json, slice2/report.json]
    expected: "{{ groups['lantime'] }}"
    dest: reports
"""

RETURN = r"""
reports:
  description: Path of the file of each format.
  returned: success
  type: dict
  sample: {json: /srv/reports/report.json, html: /srv/reports/report.html}
summary:
  description: How many hosts the report has, and how many of them are in which state.
  returned: success
  type: dict
  contains:
    hosts: {description: All hosts; the sum of the five states that follow., type: int, returned: always, sample: 50}
    clean: {description: Checked without a difference., type: int, returned: always, sample: 45}
    drift: {description: Differing., type: int, returned: always, sample: 2}
    not_checked: {description: Without a result or with a part of it missing., type: int, returned: always, sample: 1}
    failed: {description: Failed., type: int, returned: always, sample: 1}
    unreachable: {description: Unreachable., type: int, returned: always, sample: 1}
    unhealthy: {description: "Not healthy, whatever their state.", type: int, returned: always, sample: 3}
    incomplete: {description: "Differing, with a part that could not be checked.", type: int, returned: always, sample: 0}
exit_code:
  description:
    - By the meanings of C(ansible-playbook). 4 if a host is unreachable; else 2 if a host differs or is not healthy (see O(fail_on)), failed or
      was not checked, or if there is no host at all; else 0.
  returned: success
  type: int
  sample: 4
states:
  description: The state of each host.
  returned: success
  type: dict
  sample: {ts1: clean, ts2: drift}
error:
  description: What failed, for programs. The codes are explained in C(docs/errors.md).
  returned: on failure
  type: dict
  contains:
    code: {description: One of a closed list., type: str, returned: always, sample: report}
    path: {description: Not used by this module., type: str, returned: always}
    http_status: {description: Not used by this module., type: int, returned: always}
    device_message: {description: Not used by this module., type: str, returned: always}
    hint: {description: What to do about it., type: str, returned: always}
"""

from ..module_utils._jobs import lantime_report
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_report.SPEC, lantime_report.run)


if __name__ == "__main__":
    main()
