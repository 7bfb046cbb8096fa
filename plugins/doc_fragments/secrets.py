# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the option secrets as a list of patterns."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  secrets:
    description:
      - Patterns of paths that hold secrets, in addition to values that the device masks and names that indicate a secret, such as
        password, passphrase, community, secret or token.
      - Secret values are excluded from results, differences, journals and backup files.
    type: list
    elements: str
    default: []
    version_added: 1.1.0
"""
