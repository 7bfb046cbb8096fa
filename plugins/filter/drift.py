# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.drift."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift
short_description: Compare a device with its golden configuration
version_added: 1.2.0
description:
  - Turns the result of M(meinberg.lantime.lantime_config) in check mode into a list of differences by path, with class, severity and
    matching acceptances.
  - Secrets are always masked. Names are spelled as in LTOS 7.10, whatever the firmware of the device.
deprecated:
  removed_in: 3.0.0
  why: M(meinberg.lantime.lantime_drift) compares the device itself, without a task of M(meinberg.lantime.lantime_config) in check mode.
  alternative: Use M(meinberg.lantime.lantime_drift).
author:
  - meinberg.lantime contributors (@meinberg-lantime)
positional: golden
extends_documentation_fragment:
  - meinberg.lantime.drift
options:
  _input:
    description:
      - Registered result of M(meinberg.lantime.lantime_config) in check mode.
      - A result that is not a prediction, for example of a failed task, gives RV(_value.state=not_checked).
    type: dict
    required: true
  golden:
    description: The tree that was compared. Its top-level names are the sections if the task failed.
    type: dict
  host:
    description: Name of the device in the inventory, for O(accepted).
    type: str
    default: ""
  optional:
    description:
      - Patterns of paths that a device need not have, as O(meinberg.lantime.lantime_config#module:optional_paths).
      - A section of which the device has only such settings, and none of them, is not part of RV(_value.sections).
    type: list
    elements: str
    default: []
    version_added: 2.0.0
seealso:
  - plugin: meinberg.lantime.consensus
    plugin_type: filter
  - ref: ansible_collections.meinberg.lantime.docsite.drift
    description: Drift checks of a fleet.
"""

EXAMPLES = r"""
- name: Compare with the golden configuration
  meinberg.lantime.lantime_config:
    config: "{{ lantime_golden_config }}"
  check_mode: true
  register: compared

- name: Show which settings differ
  ansible.builtin.debug:
    msg: "{{ (compared | meinberg.lantime.drift(lantime_golden_config)).differences | map(attribute='path') | list }}"
"""

RETURN = r"""
_value:
  description: Drift of the device.
  type: dict
  contains:
    mode: {description: V(golden)., type: str}
    state: {description: "V(clean), V(drift) or V(not_checked). A device with accepted differences only is clean.", type: str}
    sections:
      description: Top-level parts of the configuration, each with C(name), C(state) (also V(accepted)) and C(reason).
      type: list
      elements: dict
    differences:
      description:
        - Differences, one for each setting and one for each item of a table that only one side has.
      type: list
      elements: dict
      contains:
        section: {description: Top-level part of the configuration., type: str, sample: ntp}
        path: {description: Path of the setting or item., type: str, sample: ntp/local-clock/stratum}
        op: {description: "V(add) for what the device lacks, V(remove) for what it has in addition, V(replace) for another value.", type: str}
        before: {description: Value of the device., type: raw, sample: 3}
        after: {description: Desired value., type: raw, sample: 12}
        class: {description: V(config) or V(security)., type: str}
        severity: {description: "V(error), V(warning) or V(note).", type: str}
        accepted: {description: C(until) and C(reason) of the valid acceptance; V(null) without one., type: dict}
        expired: {description: C(until) and C(reason) of an expired acceptance; V(null) without one., type: dict}
        peers: {description: V(null)., type: dict}
    not_compared:
      description:
        - Settings that could not be compared, each with C(path) and C(reason).
        - These are secrets, and settings that the device does not have (C(not_applicable) in the result of
          M(meinberg.lantime.lantime_config)). If nothing of a section was compared, its state is V(not_checked).
      type: list
      elements: dict
    not_applicable:
      description:
        - Those of C(not_compared) that do not apply to the device, each with C(path) and C(reason). These are settings that it does not have and
          that O(optional) covers, and rules for modules that apply to none of its modules.
      type: list
      elements: dict
      version_added: 2.0.0
"""

import typing as t

from ..module_utils._base.plain import refuse_repeated_names, to_plain
from ..module_utils._drift.comparison import compare_with_golden
from ..plugin_utils._filter.arguments import build_policy, run_filter, warn_of_removal


# The parameters are the options of the filter.
def drift(
    result: t.Any,
    golden: t.Any = None,
    host: str = "",
    accepted: t.Any = None,
    ignore: t.Any = None,
    secrets: t.Any = None,
    today: str | None = None,
    optional: t.Any = None,
) -> t.Any:
    def compute() -> dict[str, t.Any]:
        given = to_plain(result)
        if not isinstance(given, dict):
            raise ValueError("the input must be the registered result of lantime_config")
        refuse_repeated_names(golden)
        policy = build_policy(accepted, ignore, secrets, today, optional)
        return compare_with_golden(given, to_plain(golden), str(host), policy)

    warn_of_removal("drift", "Use the module meinberg.lantime.lantime_drift.")
    return run_filter("drift", compute)


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drift": drift}
