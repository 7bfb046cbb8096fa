# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the option for journals of the modules that complete an interrupted rollback first."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  journal_path:
    description:
      - Directory of the journals. Use the same directory for all tasks of a controller.
      - If an earlier task was interrupted while it restored former values, this task restores them before it writes. RV(recovery) contains the
        outcome.
      - The journal of a change that M(meinberg.lantime.lantime_config) can complete is left to that module. A task that saves fails with
        C(interrupted) if such a change waits for its confirmation.
      - If not set, the directory C(lantime) in E(ANSIBLE_HOME) is used. The default of E(ANSIBLE_HOME) is C(~/.ansible).
    type: path
    version_added: 2.0.0
"""
