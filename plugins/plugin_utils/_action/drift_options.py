# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of lantime_drift from variables of the host, which are those of the role drift_check."""

from __future__ import annotations

import typing as t

from .host_variables import HostVariables
from .role_options import COMPARISON_OPTIONS, complete_golden, complete_options, is_on

_ROLE = "drift_check"


def complete_drift_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments with what variables give in addition. Raises LantimeError."""
    named = {"inventory_name": host.name, **arguments}
    has_golden = any(arguments.get(name) is not None for name in ("config", "modules"))
    # A task that names its own golden configuration is never one of the consensus.
    if not has_golden and host.get("drift_check_mode") == "consensus":
        named.setdefault("compare", False)
    if not is_on(host, "drift_check_facts"):
        named.setdefault("gather_subset", [])
    completed = complete_options(named, host, _ROLE, (*COMPARISON_OPTIONS, "accepted", "fail_on", "group"))
    return complete_golden(completed, host, _ROLE)
