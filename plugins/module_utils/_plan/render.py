# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders a plan for results and diffs, with secrets masked. Pure."""

from __future__ import annotations

import typing as t

from .._base.sanitize import format_json, printable
from .._tree.canonical import value_at
from .._tree.changes import changed_leaves
from .._tree.coerce import MismatchError, coerce, has_same_members, is_same
from .._tree.paths import Path, text_of
from .._tree.secrets import MASK, SecretRules, is_mask, mask_secrets
from .impact import TIMING, impact_of, is_timing
from .module_rules import AppliedRule, ModuleRule, slot_path
from .planner import Plan


def handler_of(path: Path) -> str:
    """The section or slot that a path belongs to: clk1 for chassis0/slots/clk1/..., else the first name."""
    if len(path) >= 3 and path[1] == "slots":
        return path[2]
    return path[0] if path else "root"


def render_operations(plan: Plan) -> list[dict[str, t.Any]]:
    """The operations of a result; all of them are waiting."""
    rules = SecretRules(paths=plan.secrets)
    return [
        {
            "id": number,
            "handler": handler_of(change.path),
            "action": change.action,
            "path": text_of(change.path),
            "before": mask_secrets(change.before, change.path, rules),
            "after": mask_secrets(change.after, change.path, rules),
            "state": "waiting",
            **({} if (impact := impact_of(change)) is None else {"impact": impact}),
        }
        for number, change in enumerate(plan.changes, 1)
    ]


def render_applied_rules(applied: t.Iterable[AppliedRule], secrets: t.Sequence[str]) -> list[dict[str, t.Any]]:
    """Rules for modules as a result shows them: what each sets, and where. secrets: patterns of paths with secret values."""
    entries: list[dict[str, t.Any]] = []
    for each in applied:
        config = each.rule.config.value
        for slot in each.slots:
            config = mask_secrets(config, slot_path(slot), SecretRules(patterns=secrets))
        entries.append(
            {
                "rule": each.rule.number,
                "conditions": each.rule.conditions,
                "modules": [
                    {"path": text_of(slot_path(slot)), "family": slot["family"], "model": slot["model"]}
                    for slot in each.slots
                ],
                "config": config,
                "replaced": [text_of(path) for path in each.replaced],
            }
        )
    return entries


def render_rules_not_applicable(rules: t.Iterable[tuple[ModuleRule, str]]) -> list[dict[str, t.Any]]:
    """Rules for modules that apply to no module, as a result shows them."""
    return [{"rule": rule.number, "conditions": rule.conditions, "reason": reason} for rule, reason in rules]


def render_diff(plan: Plan, name: str, reread: t.Any = None, applied: t.Iterable[AppliedRule] = ()) -> dict[str, str]:
    """The diff that Ansible prints: the path of each menu that changes, with its impact, followed by a line for each leaf.

    name: of the device, for the headers.  reread: the configuration after the change; without it, the values of the plan are
    shown.  applied: rules for modules, for the header.
    """
    paths, before, after = changed_leaves(plan.changes)
    result = {
        path: after[path] if reread is None else _value_after(reread, path, after[path], plan.secrets) for path in paths
    }
    return {
        "before_header": f"{name}, running configuration",
        "after_header": f"{name}, desired configuration{_rules_header(applied)}",
        "before": _diff_lines(before, {}, plan.secrets),
        "after": _diff_lines(result, before, plan.secrets),
    }


def _rules_header(applied: t.Iterable[AppliedRule]) -> str:
    """The slots to which each rule applies, as ` (rule 1: clk1, clk2; rule 3: io1)`."""
    texts = [
        f"rule {each.rule.number}: {', '.join(printable(slot['slot']) for slot in each.slots)}" for each in applied
    ]
    return f" ({'; '.join(texts)})" if texts else ""


def _diff_lines(values: dict[Path, t.Any], former: dict[Path, t.Any], secrets: frozenset[Path]) -> str:
    lines: list[str] = []
    menu: Path | None = None
    for path in sorted(values, key=lambda p: (p[:-1], p[-1])):
        if path[:-1] != menu:
            menu = path[:-1]
            impact = f" (impact: {TIMING})" if is_timing(menu) else ""
            lines.append(f"{printable(text_of(menu))}:{impact}")
        value = mask_secrets(values[path], path, SecretRules(paths=secrets))
        again = " (written again)" if path in secrets and is_mask(former.get(path)) else ""
        text = format_json(value) if value != MASK else MASK + again
        lines.append(f"  {printable(path[-1])}: {text}")
    return "".join(line + "\n" for line in lines)


def _value_after(reread: t.Any, path: Path, planned: t.Any, secrets: frozenset[Path]) -> t.Any:
    """The device's value at a path, in the spelling of the plan where both mean the same."""
    try:
        current = value_at(reread, path)
    except KeyError:
        return None
    if path in secrets:
        return planned if current not in ("", None) else current
    try:
        is_planned = is_same(coerce(planned, current), current) or has_same_members(planned, current)
    except MismatchError:
        return current
    return planned if is_planned else current
