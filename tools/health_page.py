# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/docsite/rst/health.rst, from the table of checks."""

from __future__ import annotations

import textwrap

from ansible_collections.meinberg.lantime.plugins.module_utils._health.check import GROUPS, Check
from ansible_collections.meinberg.lantime.plugins.module_utils._health.leaf_rules import RULES_BY_CHECK, LeafRule
from ansible_collections.meinberg.lantime.plugins.module_utils._health.limits import (
    CHECK_LIMITS,
    HOLDOVER_FACTOR_OF_OTHERS,
    HOLDOVER_FACTORS,
    LIMITS_BY_NAME,
    PROFILES,
    CheckLimit,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import HEALTH_CHECKS
from ansible_collections.meinberg.lantime.tools import rst

_STATES = (
    "- `ok`",
    "- `info`, `warning`, `error` or `critical`: a finding. A finding of `info` is not an alarm.",
    "- `unknown`: the device does not report it. It is worse than `info`, never counts as `ok`, and is not an alarm, except that a",
    "  device which does not report whether it is synchronized is not healthy.",
    "- `skipped`: the task skips the check, or it does not apply to the device.",
    "",
    "An event of the device counts only while it is triggered: `triggered: 0` with a date is a past event. Ages are measured by the",
    "device's own clock.",
    "",
    "*Certainty* says how sure it is that the fields exist and have the meaning that the check relies on: CONFIRMED by recordings or",
    "by the vendor, INFERRED from them, or an ASSUMPTION.",
    "",
    "No public source shows the status of most plug-in modules. A finding from a module's member whose name is an ASSUMPTION is therefore a",
    "`warning` at most, unless the threshold `assumed_severity` is `full`. A member that the module does not report is not checked,",
    "unless it is CONFIRMED for this family; one that is reported in an unknown form is `unknown`. A finding that only follows from another",
    "one, such as a relay that shows the error of a clock or a reference whose input has no signal, is `info`. `findings` of a check",
    "lists all findings with slot, family, object and certainty.",
    "",
)


def page() -> str:
    factors = ", ".join(f"{name} {factor:g}" for name, factor in HOLDOVER_FACTORS.items())
    lines = [
        f"The module ``meinberg.lantime.lantime_health`` runs {len(HEALTH_CHECKS)} checks on one answer of the device. With the option ``config``,",
        "the configuration is read as well, which some checks need. Each check has one of these states:",
        "",
        *map(rst.inline, _STATES),
        *rst.heading("Thresholds"),
        "The option ``profile`` selects the defaults; the option ``thresholds`` overrides single values. The defaults are a choice of this",
        "collection.",
        "",
        *rst.table(("threshold", "unit", "finding if", *PROFILES), map(_limit, CHECK_LIMITS)),
        f"``holdover_budget`` is multiplied by a factor for the oscillator: {factors}, others {HOLDOVER_FACTOR_OF_OTHERS:g}.",
        "The factors are an ASSUMPTION. A budget given in ``thresholds`` is used unchanged.",
        "",
    ]
    for group, title in GROUPS.items():
        lines += rst.heading(f"{title} (`{group}`)")
        for check in HEALTH_CHECKS:
            if check.group == group:
                lines += _entry(check)
    return rst.page("health", "Health checks", lines)


def _limit(limit: CheckLimit) -> tuple[str, ...]:
    meaning = limit.meaning.replace("O(wait)", "`wait`")
    return (f"`{limit.name}`", limit.unit or "", meaning, *(f"{value}" for value in limit.defaults))


def _entry(check: Check) -> list[str]:
    points = [
        f"severity: {', '.join(check.levels)}",
        f"ok if {check.summary}",
        f"source: {check.source}",
        f"certainty: {check.confidence}",
    ]
    if check.limits:
        names = (f"`{n}` ({_defaults(LIMITS_BY_NAME[n].defaults)})" for n in check.limits)
        points.append(f"thresholds: {', '.join(names)}")
    if check.expects:
        points.append(f"expectation: {', '.join(f'`expected.{name}`' for name in check.expects)}")
    points.append(f"remedy: {check.remedy[:1].lower()}{check.remedy[1:]}")
    lines = rst.heading(check.name, 2)
    for point in points:
        lines += textwrap.wrap(
            rst.inline(point), 130, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
        )
    rules = RULES_BY_CHECK.get(check.name, ())
    return [
        *lines,
        "",
        *(rst.table(("member", "families", "severity", "certainty", "finding"), map(_rule, rules)) if rules else ()),
    ]


def _rule(rule: LeafRule) -> tuple[str, ...]:
    severities = [f"{level} (`{name}`)" for name, level in rule.limits] or [rule.level]
    certainty = "; ".join((rule.certainty, *(f"CONFIRMED for {family}" for family in rule.confirmed)))
    leaf = f"`{rule.leaf.split()[0]}`"
    return (leaf, " ".join(rule.families) or "all", ", ".join(severities), certainty, rule.message)


def _defaults(values: tuple[object, ...]) -> str:
    if len(set(values)) == 1:
        return f"{values[0]}"
    return "; ".join(f"{profile} {value}" for profile, value in zip(PROFILES, values))
