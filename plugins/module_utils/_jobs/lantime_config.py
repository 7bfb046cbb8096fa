# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job of meinberg.lantime.lantime_config: bring the configuration to a desired state."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._plan.module_rules import ModuleRule, parse_rules
from .._plan.planner import check_numbers
from .._transaction.configure import configure_device
from .._transaction.plan_files import PLAN_OPTIONS, open_plan_files
from .._transaction.settings import WRITE_OPTIONS, TaskMode, write_settings
from .._tree.canonical import Tree, canonical
from .context import JobContext
from .runner import Spec

_RULE: dict[str, dict[str, t.Any]] = {
    "families": {"type": "list", "elements": "str"},
    "models": {"type": "list", "elements": "str"},
    "slots": {"type": "list", "elements": "str"},
    "firmware": {"type": "str"},
    "config": {"type": "dict", "required": True, "no_log": True},
    "when_absent": {"type": "str", "default": "ignore", "choices": ["ignore", "fail"]},
    "override": {"type": "bool", "default": False},
}

SPEC = Spec(
    options={
        "config": {"type": "dict", "no_log": True},
        "modules": {"type": "list", "elements": "dict", "options": _RULE},
        "state": {
            "type": "str",
            "default": "merged",
            "choices": ["merged", "overridden", "deleted"],
        },
        "missing": {"type": "str", "default": "items", "choices": ["items", "fail", "create", "ignore"]},
        "optional_paths": {"type": "list", "elements": "str", "default": []},
        "restrict": {"type": "list", "elements": "str"},
        "ignore_paths": {"type": "list", "elements": "str", "default": []},
        "unordered_lists": {"type": "list", "elements": "str", "default": []},
        "secrets": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "update_secrets": {
            "type": "str",
            "default": "on_create",
            "choices": ["on_create", "always", "on_change"],
            "no_log": False,
        },
        **PLAN_OPTIONS,
        **WRITE_OPTIONS,
    },
    config_options=("config", "modules"),
    rules={"required_one_of": [("config", "modules")]},
)


def run(context: JobContext) -> dict[str, t.Any]:
    # Before anything else can end the task: no plan of an earlier task remains, and no request precedes a broken one.
    plans = open_plan_files(context.params)
    rules = parse_rules(context.params["modules"] or ())
    desired = _desired_tree(context, rules)
    mode = TaskMode(context.check_mode, context.diff, context.warn, context.warn_at_once)
    settings = write_settings(context.params)._replace(plans=plans)
    with context.open() as api:
        settings.confirm.check(settings.rules.grace, api.client.deadline)
        return configure_device(api, desired, settings, mode, rules)


def _desired_tree(context: JobContext, rules: tuple[ModuleRule, ...]) -> Tree:
    desired = canonical(context.params["config"] or {})
    if not desired.value and not rules:
        raise LantimeError(
            "option", "config is empty", hint="give the settings of this host in config, or leave the host out"
        )
    check_numbers(desired.value, context.params["ignore_paths"])
    return desired
