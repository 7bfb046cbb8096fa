#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_drift
short_description: Compare Meinberg LANTIME time servers with a golden configuration
version_added: 2.0.0
description:
  - Compares the configuration of the device with a golden configuration and fails on drift. Nothing is ever written to the device, in check mode
    or not.
  - The comparison is that of M(meinberg.lantime.lantime_config), with the same names, types and rules for modules.
  - Differences can be accepted until a day. Secrets are masked, so they are not compared but listed in RV(not_compared).
  - If an earlier task of M(meinberg.lantime.lantime_config) was interrupted and left its journal, the device is not compared and the task fails with the
    code C(interrupted). The change is neither resumed nor reverted.
  - RV(entry) is a record for M(meinberg.lantime.lantime_report), with facts that are read over the same connection.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
extends_documentation_fragment:
  - meinberg.lantime.attributes
  - meinberg.lantime.config_root
  - meinberg.lantime.connection
  - meinberg.lantime.desired
  - meinberg.lantime.secrets
attributes:
  check_mode:
    support: full
    details:
      - This action does not change anything.
  diff_mode:
    support: full
    details:
      - The difference shows what M(meinberg.lantime.lantime_config) would change, including accepted differences.
  idempotent:
    support: full
    details:
      - This action does not change anything.
options:
  ignore_paths:
    description: Patterns of paths that are not compared.
    type: list
    elements: str
    default: []
  unordered_lists:
    description:
      - Patterns of lists of values whose order is irrelevant.
      - In all other lists the order is significant.
    type: list
    elements: str
    default: []
  accepted:
    description:
      - Differences that are accepted, each until a day.
      - After that day the difference counts as drift again, and the result shows the expired acceptance.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Pattern of paths. V(*) and V(?) match characters of one name. A menu includes everything below it.
        type: str
        required: true
      host:
        description: Pattern of names in the inventory.
        type: str
        default: "*"
      until:
        description: Last day (UTC) of the acceptance, for example V(2026-12-31).
        type: str
        required: true
      reason:
        description: Why the difference is accepted.
        type: str
        required: true
  today:
    description: Day for which O(accepted) is evaluated. Defaults to the present day in UTC.
    type: str
  inventory_name:
    description:
      - Name of the device in O(accepted) and RV(entry).
      - Defaults to the name in the inventory, or to O(host) if the module is not run by its action plugin.
    type: str
  group:
    description:
      - Group of the device in RV(entry.group), for the report and for P(meinberg.lantime.consensus#filter).
      - Without it, the variable C(drift_check_group).
    type: str
  gather_subset:
    description:
      - Facts to put into RV(entry), as O(meinberg.lantime.lantime_facts#module:gather_subset) without V(config). Only those that a report shows
        are returned; M(meinberg.lantime.lantime_facts) returns all.
      - The status is read with one request, which also serves O(modules). With an empty list no facts are gathered.
    type: list
    elements: str
    default: [min, sync, receiver, ntp, firmware]
  fail_on:
    description:
      - Differences that make the task fail. V(security) limits them to differences of class C(security).
      - The task always fails if a part of the golden configuration could not be compared.
    type: str
    choices: [drift, security, never]
    default: drift
  compare:
    description:
      - Whether to compare. With V(false), the task returns the whole configuration in RV(value), to compare many devices with each other by
        P(meinberg.lantime.consensus#filter). Without the result of that comparison, the device counts as not checked.
      - Defaults to V(false) if the variable C(drift_check_mode) is V(consensus) and the task gives neither O(config) nor O(modules).
    type: bool
    default: true
  journal_path:
    description:
      - Directory of the journals. Use the same directory for all tasks of a controller.
      - If not set, the directory C(lantime) in E(ANSIBLE_HOME) is used. The default of E(ANSIBLE_HOME) is C(~/.ansible).
    type: path
notes:
  - If the task gives neither O(config) nor O(modules), they come from the variables C(drift_check_config) and C(drift_check_modules) of the host. If
    neither is set, they come from C(lantime_golden_config) and C(lantime_golden_modules), merged with C(lantime_golden_overlays) of the groups of
    the host and of the host itself as the role P(meinberg.lantime.drift_check#role) describes it.
  - The options O(state), O(missing), O(optional_paths), O(ignore_paths), O(unordered_lists), O(secrets), O(accepted) and O(fail_on) that the task does
    not give come from C(drift_check_state), C(drift_check_missing), C(drift_check_optional), C(drift_check_ignore), C(drift_check_unordered),
    C(drift_check_secrets), C(drift_check_accepted) and C(drift_check_fail_on), if these are set.
  - These variables are read on the controller by the action plugin, also if the module is then run on another machine.
seealso:
  - module: meinberg.lantime.lantime_config
  - module: meinberg.lantime.lantime_report
  - module: meinberg.lantime.lantime_verdict
  - ref: ansible_collections.meinberg.lantime.docsite.drift
    description: Drift checks of a fleet.
"""

EXAMPLES = r"""
- name: Compare with the golden configuration in lantime_golden_config
  meinberg.lantime.lantime_drift:

- name: Compare a part, and accept a difference for some time
  meinberg.lantime.lantime_drift:
    config:
      ntp:
        local-clock: {stratum: 12}
      snmp:
        contact: operations
    accepted:
      - {path: ntp/local-clock/stratum, until: "2027-06-30", reason: "CHG-1234"}

- name: Fail only on differences that concern security
  meinberg.lantime.lantime_drift:
    config: "{{ lantime_golden_config }}"
    fail_on: security
  register: compared
  ignore_errors: true
  ignore_unreachable: true

- name: Write the report
  meinberg.lantime.lantime_report:
    results_from: [compared]
    dest: reports
  run_once: true
  delegate_to: localhost
"""

RETURN = r"""
verdict:
  description:
    - V(clean) without differences that count. V(drift) if the device differs, whatever O(fail_on) is.
    - V(not_checked) if nothing differs, but a part could not be compared.
  returned: success, and failure because of the comparison, unless O(compare=false)
  type: str
  sample: drift
drift:
  description: Differences that are not accepted, one for each setting and one for each item of a table that only one side has.
  returned: success, and failure because of the comparison, unless O(compare=false)
  type: list
  elements: dict
  contains:
    section: {description: Top-level part of the configuration., type: str, returned: always, sample: ntp}
    path: {description: "Path of the setting or item, in the spelling of LTOS 7.10.", type: str, returned: always, sample: ntp/local-clock/stratum}
    op:
      description: V(add) for what the device lacks, V(remove) for what it has in addition, V(replace) for another value.
      type: str
      returned: always
      sample: replace
    before: {description: Value of the device., type: raw, returned: always, sample: 3}
    after: {description: Desired value., type: raw, returned: always, sample: 12}
    class: {description: V(config) or V(security)., type: str, returned: always, sample: config}
    severity: {description: "V(error), V(warning) or V(note).", type: str, returned: always, sample: error}
    accepted: {description: C(until) and C(reason) of the valid acceptance; V(null) without one., type: dict, returned: always}
    expired: {description: C(until) and C(reason) of an expired acceptance; V(null) without one., type: dict, returned: always}
    peers: {description: V(null)., type: dict, returned: always}
accepted:
  description: Accepted differences, with the members of RV(drift).
  returned: success, and failure because of the comparison, unless O(compare=false)
  type: list
  elements: dict
not_compared:
  description: Secrets, and all settings that the device does not have.
  returned: success, and failure because of the comparison, unless O(compare=false)
  type: list
  elements: dict
  contains:
    path: {description: Path of the setting., type: str, returned: always, sample: snmp/read-community}
    reason: {description: Why it was not compared., type: str, returned: always, sample: a secret cannot be read}
not_applicable:
  description:
    - Rules in O(modules) that apply to no module of the device.
    - Names and items that the device does not have and that were left out, because of O(missing=ignore) or O(optional_paths).
  returned: success, and failure because of the comparison, unless O(compare=false)
  type: list
  elements: dict
  contains:
    rule: {description: "Number of the rule, from 1.", type: int, returned: for a rule, sample: 2}
    conditions: {description: Conditions of the rule., type: str, returned: for a rule, sample: families FDM; firmware >=7.10}
    path: {description: Path of the name or item., type: str, returned: for a name or item, sample: ntp/nts}
    reason: {description: Why it was left out., type: str, returned: always}
modules_resolved:
  description: Rules in O(modules) that apply to modules of the device, in order.
  returned: success, and failure because of the comparison, if O(modules) is given
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
      sample: {module: {ptp: {domain-number: 24}}}
    replaced: {description: Paths whose former desired value the rule replaced., type: list, elements: str, returned: always}
entry:
  description: Record of the device for O(meinberg.lantime.lantime_report#module:hosts) and O(meinberg.lantime.lantime_verdict#module:record).
  returned: success, and failure because of the comparison
  type: dict
  contains:
    host: {description: "Name of the device, as O(inventory_name).", type: str, returned: always, sample: ts1}
    group: {description: Group of the device; V(null) without one., type: str, returned: always, sample: berlin}
    facts:
      description: Facts of O(gather_subset) that a report shows, as M(meinberg.lantime.lantime_facts) returns them.
      type: dict
      returned: unless O(gather_subset) is empty
    drift:
      description: Drift of the device, with the members that P(meinberg.lantime.drift#filter) returns.
      type: dict
      returned: unless O(compare=false)
    error: {description: "V(null), or C(kind), C(code) and C(message) if the device was not compared.", type: dict, returned: unless O(compare=false)}
value:
  description: The whole configuration with secrets masked and tables as mappings.
  returned: success, if O(compare=false)
  type: dict
device:
  description: Identity of the device that answered. The serial number distinguishes devices that exchange addresses.
  returned: success, and failure because of the comparison
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

from ..module_utils._jobs import lantime_drift
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_drift.SPEC, lantime_drift.run)


if __name__ == "__main__":
    main()
