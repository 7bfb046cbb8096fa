# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module is implemented by the action plugin of its name and runs on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_report
short_description: Write a report on a fleet of Meinberg LANTIME time servers as JSON, JUnit, Markdown, SARIF, HTML and OpenMetrics
version_added: 1.2.0
description:
  - Combines the results of other modules for many hosts into one report and writes it in up to six formats.
  - Takes registered results as they are. O(results_from) names the variables, and the results are recognized by their members.
  - The task contacts no device. It runs on the controller, usually once in a play (C(run_once)).
  - The JSON report is complete (see R(Reports, ansible_collections.meinberg.lantime.docsite.report)), and the other formats are
    rendered from it. Use O(inputs) to merge reports of several runs, for example the slices of one job.
  - A host that could not be checked never counts as clean. This applies to a host in O(expected) without a record, to a record with an error,
    to a record without a result for each of O(checks), and to a record with a section that could not be compared.
  - The content of the report never makes the task fail. Use RV(exit_code) and RV(summary) for that.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ansible.builtin.action_common_attributes.flow
attributes:
  action:
    support: full
    details:
      - The module consists of its action plugin only. C(delegate_to) takes V(localhost) or the host itself, and C(lantime_execution) has no effect.
  async:
    support: none
  bypass_host_loop:
    support: none
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - The difference lists each file whose content differs with its size and checksum.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
    details:
      - A report is no change of a host, so RV(ignore:changed) is always V(false). RV(written) lists the files whose content differs.
      - The time of the report does not count as a difference. Set O(generated) to get files that are identical to the last byte.
  platform:
    support: full
    platforms: posix
options:
  hosts:
    description:
      - Records of the hosts, one for each host, for example RV(meinberg.lantime.lantime_drift#module:entry).
      - If a host has several records, the worst one counts and the task warns.
      - Ansible templates the whole list before the task starts. For many hosts use O(results_from), which avoids this.
    type: list
    elements: dict
    default: []
  results_from:
    description:
      - Names of registered variables. The results that the hosts in O(expected) have in them are part of the report.
      - Results of all modules of this collection are recognized by their members, as well as failed, skipped and unreachable results of any module.
        Each failed task is a failure of the host, except for drift and for health checks.
      - The drift of all comparisons counts. Of several tasks that check the health, the last one counts, with all items of its loop.
      - A comparison that was registered for another host, by C(run_once) or C(delegate_to), does not count, and this host is not checked.
      - The results are read from the variables of the hosts and are not templated.
    type: list
    elements: str
    default: []
    version_added: 2.0.0
  results:
    description:
      - Results as in O(results_from), by name of the host. A value is one result or a list of them.
    type: dict
    default: {}
    version_added: 2.0.0
  drifts:
    description:
      - Drift of hosts, by name of the host, as P(meinberg.lantime.consensus#filter) returns it. It is added to the results of these hosts.
    type: dict
    default: {}
    version_added: 2.0.0
  group_from:
    description:
      - Name of a variable with the group of each host in O(results_from). The variable of the host counts, or else that of the task,
        whose templates are evaluated with the variables of the host.
    type: str
    version_added: 2.0.0
  groups:
    description:
      - Groups of hosts in O(results) or O(results_from), by name of the host.
    type: dict
    default: {}
    version_added: 2.0.0
  expected:
    description:
      - Names of all hosts that should have been checked. A host without a record is reported as not checked.
      - With O(plans), the names of all hosts that should have a plan.
      - If O(results_from) is given, defaults to all hosts of the play.
    type: list
    elements: str
    default: []
  invalid:
    description:
      - What is wrong with the arguments of a run that ended before its first request.
      - If it is set, the report has the outcome V(invalid) and contains the hosts in O(expected) as not checked. Records and O(inputs) are ignored.
    type: str
    version_added: 2.0.0
  inputs:
    description:
      - Paths of JSON reports of other runs to merge into this report, for example of the slices of a job.
      - If several reports contain the same host, the latest result counts. If two results have the same time, the worse one counts.
        A host without a result never replaces one with a result.
    type: list
    elements: path
    default: []
  plans:
    description:
      - Directory of plan files, as O(meinberg.lantime.lantime_config#module:plan_dest) and the role P(meinberg.lantime.fleet_config#role) write
        them, named by the host with the suffix C(.plan.json).
      - If it is set, a page for the review of these plans is written instead of a report, in the formats V(json), V(markdown) and V(html)
        as far as O(formats) has them. See R(the guide, ansible_collections.meinberg.lantime.docsite.plans).
      - Changes that are the same on several devices are listed once, those with an impact on timing first. A plan that cannot be used and a host in
        O(expected) without a plan never count as a device without a change.
      - Options with results, groups and O(inputs) cannot be used with it.
    type: path
    version_added: 2.0.0
  dest:
    description:
      - Directory of the files. It is created if it does not exist.
    type: path
    required: true
  formats:
    description:
      - Formats to write. The files are named O(basename) with the suffixes C(.json), C(.xml) (JUnit), C(.md), C(.sarif), C(.html) and
        C(.prom) (OpenMetrics).
      - V(openmetrics) (since 2.0.0) is for the textfile collector of node_exporter, see
        R(Metrics in a dashboard, ansible_collections.meinberg.lantime.docsite.dashboard). It is not written by default.
    type: list
    elements: str
    choices: [json, junit, markdown, sarif, html, openmetrics]
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
      - Time of the report, for example V(2026-02-11T22:05:07Z). Defaults to the time at which the task runs.
      - Accepted drift expires by this time.
    type: str
  golden_file:
    description:
      - Path of the desired state in its repository. SARIF viewers show the findings at this file.
    type: str
  checks:
    description:
      - Results that a record must contain for its host to count as checked.
      - Defaults to V(drift), V(health) and V(change) as far as any record contains them, otherwise to V(facts).
      - V(change) is the result of a module that changes a device (since 2.0.0).
      - With V(drift), what M(meinberg.lantime.lantime_config) would change according to a result of check mode counts as drift.
    type: list
    elements: str
    choices: [drift, health, change, facts]
  fail_on:
    description:
      - Findings that set RV(exit_code) to 2. Hosts that could not be checked always do.
      - With V(security) instead of V(drift), only differences of the class C(security) do.
    type: list
    elements: str
    choices: [drift, security, unhealthy]
    default: [drift, unhealthy]
notes:
  - The task output does not show the records and results.
  - Values of settings whose names indicate a secret are masked, even if a record contains them in clear text.
seealso:
  - module: meinberg.lantime.lantime_verdict
  - ref: ansible_collections.meinberg.lantime.docsite.report
    description: States, formats and merging of reports.
"""

EXAMPLES = r"""
- name: Gather facts
  meinberg.lantime.lantime_facts:
    gather_subset: [min, sync, receiver, ntp, firmware]
  register: gathered
  ignore_errors: true
  ignore_unreachable: true

- name: Write one report for the whole play
  meinberg.lantime.lantime_report:
    results_from: [gathered]
    dest: "{{ playbook_dir }}/reports"
  run_once: true
  delegate_to: localhost
  register: report

- name: Write the facts of one device as an HTML page
  meinberg.lantime.lantime_report:
    hosts:
      - host: ts1.example.com
        facts: "{{ gathered.ansible_facts }}"
    dest: reports
    formats: [html]

- name: Write the page for the review of the plans of all devices
  meinberg.lantime.lantime_report:
    plans: lantime-plans
    expected: "{{ groups['lantime'] }}"
    dest: reports
    basename: plans

- name: Merge the reports of two slices
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
written:
  description: Formats whose file did not exist or whose content differs, apart from the time of the report.
  returned: success
  type: list
  elements: str
  sample: [json, html]
  version_added: 2.0.0
plans:
  description: Number of hosts on the page for the review, in total and by the state of their plan.
  returned: success with O(plans)
  type: dict
  version_added: 2.0.0
  contains:
    hosts: {description: All hosts; the sum of the four states that follow., type: int, returned: always, sample: 50}
    broken: {description: Hosts with a file that is not a plan that can be used., type: int, returned: always, sample: 0}
    missing: {description: Hosts in O(expected) without a plan., type: int, returned: always, sample: 1}
    changed: {description: Hosts that would be changed., type: int, returned: always, sample: 12}
    empty: {description: Hosts that need no change., type: int, returned: always, sample: 37}
    timing: {description: Hosts with a change that may affect the time that they provide., type: int, returned: always, sample: 2}
outcome:
  description:
    - The worst that was found.
    - V(invalid) if O(invalid) is set.
    - V(unreachable) if a host is unreachable.
    - V(failed) if a host failed, was not checked or only in part, or is not healthy (if O(fail_on) has V(unhealthy)), or if there is no host.
    - Otherwise V(drift) (whatever O(fail_on) says) or V(clean).
  returned: success without O(plans)
  type: str
  sample: drift
  version_added: 2.0.0
summary:
  description: Number of hosts in the report, in total and by state. A number is V(null) if no host was checked for it.
  returned: success without O(plans)
  type: dict
  contains:
    hosts: {description: All hosts; the sum of the six states that follow., type: int, returned: always, sample: 50}
    clean:
      description: Hosts whose configuration was compared and does not differ; V(null) if none was compared.
      type: int
      returned: always
      sample: 45
    checked:
      description: Hosts that were checked and whose configuration was not compared.
      type: int
      returned: always
      sample: 0
      version_added: 2.0.0
    drift: {description: Hosts that differ; V(null) if the configuration of none was compared., type: int, returned: always, sample: 2}
    not_checked: {description: Hosts without a result or with a part of it missing., type: int, returned: always, sample: 1}
    failed: {description: Hosts on which a task failed., type: int, returned: always, sample: 1}
    unreachable: {description: Hosts that could not be reached., type: int, returned: always, sample: 1}
    unhealthy:
      description: Hosts that are not healthy, in whatever state; V(null) if the health of none was checked.
      type: int
      returned: always
      sample: 3
    incomplete: {description: Hosts that were checked only in part., type: int, returned: always, sample: 0}
exit_code:
  description:
    - Exit code with the meanings of C(ansible-playbook). It is 4 if a host is unreachable.
    - Otherwise it is 2 if a host failed, was not checked completely, differs or is not healthy (see O(fail_on)), or if the report has no host.
    - Otherwise it is 0.
    - With O(plans), it is 2 if a plan is missing or cannot be used, if several plans are of one device, or if there is no plan, and otherwise 0.
  returned: success
  type: int
  sample: 4
states:
  description: State of each host; with O(plans), the state V(broken), V(missing), V(changes) or V(empty) of its plan.
  returned: success
  type: dict
  sample: {ts1: clean, ts2: drift}
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
