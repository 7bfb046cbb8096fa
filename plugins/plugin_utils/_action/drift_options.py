# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of lantime_drift from variables of the host.

Only what a task does not give is read, so that a golden configuration is templated once a host at most, and not at all if it has
no templates.
"""

from __future__ import annotations

import typing as t

from ...module_utils._base.errors import LantimeError
from ...module_utils._base.plain import RepeatedNameError
from ...module_utils._drift.layers import layers_of_host, merge_layers, split_rules
from ...module_utils._tree.canonical import repeated_name_error
from .host_variables import HostVariables

OPTION_VARIABLES = {
    "state": "drift_check_state",
    "missing": "drift_check_missing",
    "optional_paths": "drift_check_optional",
    "ignore_paths": "drift_check_ignore",
    "unordered_lists": "drift_check_unordered",
    "secrets": "drift_check_secrets",
    "accepted": "drift_check_accepted",
    "fail_on": "drift_check_fail_on",
    "group": "drift_check_group",
}
_GOLDEN_VARIABLES = {"config": "drift_check_config", "modules": "drift_check_modules"}


def complete_drift_options(arguments: dict[str, t.Any], host: HostVariables) -> dict[str, t.Any]:
    """The arguments with what variables give in addition. Raises LantimeError."""
    completed = {"inventory_name": host.name, **arguments}
    for option, variable in OPTION_VARIABLES.items():
        if completed.get(option) is None and (value := host.get(variable)) is not None:
            completed[option] = value
    if any(completed.get(option) is not None for option in _GOLDEN_VARIABLES):
        return completed
    try:
        return {**completed, **_golden_options(host)}
    except RepeatedNameError as exc:
        raise repeated_name_error(exc.path).with_context(host=str(host.name or "")) from None
    except ValueError as exc:
        raise LantimeError("option", str(exc), host=str(host.name or "")) from None


def _golden_options(host: HostVariables) -> dict[str, t.Any]:
    """The options config and modules: from their own variables, or else from the golden configuration with its overlays."""
    own = {option: value for option, name in _GOLDEN_VARIABLES.items() if (value := host.tree(name)) is not None}
    if own:
        return own
    golden, rules, overlays = (host.tree(f"lantime_golden_{name}") for name in ("config", "modules", "overlays"))
    layers = layers_of_host(golden, rules, overlays, host.groups, host.name)
    tree, merged_rules = split_rules(merge_layers(layers))
    return {name: value for name, value in (("config", tree), ("modules", merged_rules)) if value}
