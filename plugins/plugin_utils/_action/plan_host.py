# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of a host in the inventory, for its plan file."""

from __future__ import annotations

import typing as t

from ...module_utils._base.plain import to_plain


def plan_params(_params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], _templar: t.Any) -> dict[str, t.Any]:
    """The parameter inventory_hostname; None for a delegated task, whose device may be that of another host."""
    name = None if variables.get("ansible_delegated_vars") else to_plain(variables.get("inventory_hostname"))
    return {"inventory_hostname": name}
