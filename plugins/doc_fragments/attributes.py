# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the attributes of modules."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the device.
  diff_mode:
    description: Returns details on what has changed, or would change in check mode, when run in diff mode.
  idempotent:
    description: When run twice in a row outside check mode with the same arguments, the second run does not report a change.
  platform:
    description: Platforms that the module supports.
    support: full
    platforms: lantime
  action_group:
    description: Use C(group/meinberg.lantime.lantime) in C(module_defaults) to set defaults for this module.
    support: full
    membership: [meinberg.lantime.lantime]
"""

    # For modules that only read.
    INFO = r"""
attributes:
  check_mode:
    support: full
    details:
      - This action does not change anything.
  diff_mode:
    support: N/A
    details:
      - This action does not change anything.
  idempotent:
    support: full
    details:
      - This action does not change anything.
"""

    FACTS = r"""
attributes:
  facts:
    description: Returns an C(ansible_facts) dictionary that updates the facts of the host.
    support: full
"""
