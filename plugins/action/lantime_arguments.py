# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action meinberg.lantime.lantime_arguments, which runs on the controller only."""

from __future__ import annotations

import typing as t

from ..module_utils._base.errors import LantimeError
from ..module_utils._base.plain import to_plain
from ..plugin_utils._action.controller import ControllerAction
from ..plugin_utils._action.role_arguments import RoleNames, check_strategy, collect_arguments
from ..plugin_utils._report.arguments import (
    SPEC,
    RoleArguments,
    further_variables,
    read_defaults,
    read_specification,
    run,
    tree_variables,
)


def _is_never_empty(option: t.Mapping[str, t.Any]) -> bool:
    return option["type"] in ("bool", "int", "float") or (option["type"] == "str" and "choices" in option)


def _collect(params: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any], templar: t.Any) -> dict[str, t.Any]:
    role = params["role"]
    options = read_specification(role)
    never_empty = [name for name, option in options.items() if _is_never_empty(option)]
    names = RoleNames([*options, *further_variables(role)], tree_variables(role), read_defaults(role), never_empty)
    collected = collect_arguments(names, variables, templar)
    ring = to_plain(variables.get("ansible_play_batch") or [])
    return {"arguments": [RoleArguments(*each) for each in collected], "ring": ring}


class ActionModule(ControllerAction):
    spec = SPEC
    job = run
    late_params = _collect

    def _late_params(self, params: t.Mapping[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        # The tasks of the role have it from the play, as this one has.
        return {**super()._late_params(params, variables), "keyword_timeout": float(self._task.timeout or 0)}

    def _refusal(self, variables: dict[str, t.Any]) -> LantimeError | None:
        try:
            check_strategy(self._task)
        except LantimeError as error:
            return error
        return super()._refusal(variables)
