# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of a host in the inventory and the item of a loop, for a plan file."""

from __future__ import annotations

import typing as t

from ...module_utils._base.plain import to_plain


def plan_params(_params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], _templar: t.Any) -> dict[str, t.Any]:
    """The parameters inventory_hostname and loop_item, either of them None if there is none.

    A delegated task has no inventory_hostname, as its device may be that of another host.
    """
    name = None if variables.get("ansible_delegated_vars") else to_plain(variables.get("inventory_hostname"))
    loop_var = variables.get("ansible_loop_var")
    item = None if loop_var is None else repr(to_plain(variables.get(loop_var)))
    return {"inventory_hostname": name, "loop_item": item}
