# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.overlay."""

from __future__ import annotations

DOCUMENTATION = r"""
name: overlay
short_description: Merge golden configuration trees
version_added: 1.2.0
description:
  - Merges desired trees, for example one for the fleet, one for each group and one for a host. A later tree wins.
  - Menus are merged by name, tables by item (both forms of a table may be mixed), and lists of scalars are replaced.
  - Rules for modules, as in O(meinberg.lantime.lantime_config#module:modules), can be in a tree as the list C(modules). They are appended
    to those of the former trees, and are no part of the configuration (since 2.0.0).
  - Unlike with P(ansible.builtin.combine#filter), it is an error if a name is a menu in one tree and a value in another.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
options:
  _input:
    description: The trees, from the most general to the most specific.
    type: list
    elements: dict
    required: true
seealso:
  - module: meinberg.lantime.lantime_config
  - ref: ansible_collections.meinberg.lantime.docsite.golden
    description: Golden configurations with overlays.
"""

EXAMPLES = r"""
- name: Merge the golden tree of the fleet with that of one hall
  meinberg.lantime.lantime_config:
    config: "{{ [lantime_golden_config, lantime_hall] | meinberg.lantime.overlay }}"
  vars:
    lantime_hall:
      snmp: {location: hall 2}

- name: Merge trees with rules for modules
  meinberg.lantime.lantime_config:
    config: "{{ golden | dict2items | rejectattr('key', 'eq', 'modules') | items2dict }}"
    modules: "{{ golden.modules | default([]) }}"
  vars:
    golden: "{{ [lantime_golden_config, lantime_hall] | meinberg.lantime.overlay }}"
    lantime_hall:
      modules:
        - families: [GPS, GNS]
          config: {module: {antenna: {cable-length: 45}}}
"""

RETURN = r"""
_value:
  description: The merged tree, with tables as mappings. If a tree has rules for modules, the list C(modules) contains all of them.
  type: dict
  sample: {ntp: {local-clock: {stratum: 12}}, snmp: {contact: time@example.com, location: hall 2}}
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ..module_utils._drift import layers as _layers


def overlay(trees: t.Any) -> t.Any:
    if not isinstance(trees, (list, tuple)):
        raise AnsibleFilterError("meinberg.lantime.overlay: the input must be a list of trees")
    try:
        return _layers.merge_layers(list(trees))
    except ValueError as exc:
        raise AnsibleFilterError(f"meinberg.lantime.overlay: {exc}") from None


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"overlay": overlay}
