# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The golden configuration of a task that compares and never writes, from options that it shares with lantime_config."""

from __future__ import annotations

import typing as t

from .._base.errors import LantimeError
from .._plan.module_rules import ModuleRule, parse_rules
from .._plan.planner import PlanPolicy, check_numbers
from .._tree.canonical import Tree, canonical
from .lantime_config import SPEC as CONFIG_SPEC

_OPTION_NAMES = (
    "config",
    "modules",
    "state",
    "missing",
    "optional_paths",
    "ignore_paths",
    "unordered_lists",
    "secrets",
)

GOLDEN_OPTIONS = {name: CONFIG_SPEC.options[name] for name in _OPTION_NAMES}


class Golden(t.NamedTuple):
    """A golden configuration: a tree, rules of modules, and how they are compared with a device."""

    tree: Tree
    rules: tuple[ModuleRule, ...]
    policy: PlanPolicy

    def require(self, purpose: str) -> None:
        """Raise LantimeError if it is empty."""
        if not self.tree.value and not self.rules:
            hint = "give config or modules, or set lantime_golden_config for this host"
            raise LantimeError("option", f"there is no golden configuration to {purpose}", hint=hint)


def parse_golden(params: t.Mapping[str, t.Any]) -> Golden:
    """The golden configuration in the parameters of a task. Raises LantimeError."""
    rules = parse_rules(params["modules"] or ())
    tree = canonical(params["config"] or {})
    check_numbers(tree.value, params["ignore_paths"])
    policy = PlanPolicy(
        state=params["state"],
        missing=params["missing"],
        secrets=tuple(params["secrets"]),
        ignore=tuple(params["ignore_paths"]),
        unordered=tuple(params["unordered_lists"]),
        optional=tuple(params["optional_paths"]),
    )
    return Golden(tree, rules, policy)
