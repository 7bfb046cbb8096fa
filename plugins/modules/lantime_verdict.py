#!/usr/bin/python
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lantime_verdict
short_description: End a host as what was found out about it says
version_added: 1.2.0
description:
  - Fails for a host whose record says that it differs, is not healthy or could not be checked, and is unreachable for one that was.
  - The roles of this collection go on after failures, so that the report is written for all hosts. This task comes after the report and gives
    each host, and with them C(ansible-playbook), the end that belongs to it. No device is asked.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
attributes:
  check_mode:
    description: Can run in check mode and return the status it would have after a run, without changing anything.
    support: full
  diff_mode:
    description: Returns details on what has changed (or would change in check mode) when run in diff mode.
    support: N/A
    details:
      - Nothing is changed.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
    support: full
  platform:
    description: Target platforms.
    support: full
    platforms: posix
options:
  record:
    description:
      - The record of the host, as P(meinberg.lantime.record#filter) makes it.
    type: dict
    required: true
  fail_on:
    description:
      - Which differences make the host fail. With V(security), only those of the class C(security) do.
      - A host that could not be checked, or is not healthy, fails in any case.
    type: str
    choices: [drift, security, never]
    default: drift
seealso:
  - module: meinberg.lantime.lantime_report
"""

EXAMPLES = r"""
- name: End as found
  meinberg.lantime.lantime_verdict:
    record: "{{ found }}"
"""

RETURN = r"""
verdict:
  description: V(clean), V(drift), V(unhealthy), V(failed), V(not_checked) or V(unreachable).
  returned: always
  type: str
  sample: drift
msg:
  description: Why, in one sentence.
  returned: always
  type: str
  sample: "1 setting differs: ntp/local-clock/stratum"
"""

from ..module_utils._jobs import lantime_verdict
from ..module_utils._jobs.runner import run_packaged


def main() -> None:
    run_packaged(lantime_verdict.SPEC, lantime_verdict.run)


if __name__ == "__main__":
    main()
