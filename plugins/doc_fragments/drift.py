# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that the filters for drift share."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
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
  ignore:
    description: Patterns of paths that are not compared.
    type: list
    elements: str
    default: []
  secrets:
    description: Patterns of paths with secret values. Values whose name indicates a secret are always masked.
    type: list
    elements: str
    default: []
  today:
    description: Day for which O(accepted) is evaluated. Defaults to the present day in UTC.
    type: str
"""
