# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Effects of the options of lantime_arguments, and samples of its return values."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import arguments as lantime_arguments
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report.arguments import (
    RoleArguments,
    read_specification,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.option_rig import (
    Bench,
    Effect,
    Effects,
    Observation,
    Prepare,
    Tree,
    see_code,
)
from ansible_collections.meinberg.lantime.tests.unit.module_utils._jobs.return_rig import Matching, Sample

GOLDEN: Tree = {"lantime_golden_config": {"ntp": {}}}
# A variable of each role that is invalid.
WRONG: dict[str, Tree] = {
    "drift_check": {"drift_check_threshold": 0.5},
    "fleet_config": {"fleet_config_thresholds": {"satelites_warning": 8}},
    "health_check": {"health_check_profile": "space"},
}


def give(values: Tree) -> Prepare:
    """The variables that two hosts have, as the action collects them."""

    def prepare(bench: Bench) -> None:
        def collect(params: Tree) -> Tree:
            known = read_specification(params["role"])
            own = {name: value for name, value in {**GOLDEN, **values}.items() if name in known}
            return {"arguments": [RoleArguments(["ts1", "ts2"], own)]}

        bench.late_params = collect

    return prepare


def see_message(seen: Observation) -> t.Any:
    return seen.code and next((name for name in WRONG if f"of the role {name} are" in seen.result["msg"]), None)


def arguments_effects() -> Effects:
    roles = list(WRONG)
    return {
        f"role={role}": [
            Effect({"role": role}, {"role": roles[number - 1]}, see_code, "option", give(WRONG[role])),
            Effect({"role": role}, {"role": roles[number - 1]}, see_message, role, give(WRONG[role])),
        ]
        for number, role in enumerate(roles)
    }


def arguments_samples() -> list[Sample]:
    error: Tree = {
        "code": "option",
        "path": None,
        "http_status": None,
        "device_message": None,
        "hint": "correct these variables",
    }
    message = Matching(
        "the arguments of the role drift_check are invalid: .* 0.5 .ts1 and 1 more host.; nothing was .*"
    )
    return [
        Sample(lantime_arguments, {"role": "drift_check"}, {"changed": False, "hosts": 2}, give({})),
        Sample(
            lantime_arguments, {"role": "drift_check"}, {"msg": message, "error": error}, give(WRONG["drift_check"])
        ),
    ]
