# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one device is to be: the desired tree with its rules for modules, without what the device lacks."""

from __future__ import annotations

import typing as t

from .._api.envelope import Envelope
from .._hardware.slots import read_slots
from .._plan.module_rules import AppliedRule, ModuleRule, ResolvedRules, resolve_rules
from .._plan.planner import Plan, PlanPolicy
from .._plan.render import render_applied_rules, render_rules_not_applicable
from .._tree.canonical import Tree
from .._tree.paths import Path, text_of
from .sections import SectionReader


class Target(t.NamedTuple):
    """A desired tree for one device.

    whole: with what the rules add.  tree: the same without the sections that the device lacks.  absent: those sections, with
    the reason to leave them out.  rules: None if there are none.
    """

    whole: Tree
    tree: Tree
    absent: tuple[tuple[Path, str], ...] = ()
    rules: ResolvedRules | None = None

    @property
    def applied_rules(self) -> tuple[AppliedRule, ...]:
        return () if self.rules is None else self.rules.applied

    def not_applicable(self, plan: Plan) -> list[dict[str, t.Any]]:
        """Rules that apply to no module, and what the device does not have, as a result shows them."""
        rules = () if self.rules is None else self.rules.not_applicable
        return [
            *render_rules_not_applicable(rules),
            *({"path": text_of(path), "reason": reason} for path, reason in (*self.absent, *plan.not_applicable)),
        ]

    def modules_resolved(self, secrets: t.Sequence[str]) -> dict[str, t.Any]:
        """The member of a result with the rules that apply; empty without rules. secrets: patterns of paths."""
        return {} if self.rules is None else {"modules_resolved": render_applied_rules(self.rules.applied, secrets)}


def find_target(
    reader: SectionReader,
    desired: Tree,
    policy: PlanPolicy,
    rules: t.Sequence[ModuleRule] = (),
    envelope: Envelope | None = None,
) -> Target:
    """Resolve the rules and read the sections of a desired tree.

    envelope: the status if the task has read it; otherwise one request reads it if there are rules.  Raises LantimeError for a
    section that the device lacks and must have.
    """
    resolved = ResolvedRules(desired)
    if rules:
        status = reader.api.status() if envelope is None else envelope
        firmware = None if status.identity is None else status.identity.firmware
        resolved = resolve_rules(rules, desired, read_slots(status.raw), firmware, policy.secrets)
    whole = resolved.tree
    reasons = {name: policy.for_missing.reason_to_skip((name,)) for name in whole.value}
    optional = {name: reason for name, reason in reasons.items() if reason is not None}
    absent = reader.read_existing(whole.value, optional)
    present = {name: value for name, value in whole.value.items() if name not in absent}
    listed = tuple(((name,), optional[name]) for name in absent)
    return Target(whole, whole._replace(value=present), listed, resolved if rules else None)
