# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/health.md, from the table of checks."""

from __future__ import annotations

import textwrap

from ansible_collections.meinberg.lantime.plugins.module_utils._health.check import GROUPS, Check
from ansible_collections.meinberg.lantime.plugins.module_utils._health.limits import (
    CHECK_LIMITS,
    HOLDOVER_FACTOR_OF_OTHERS,
    HOLDOVER_FACTORS,
    LIMITS_BY_NAME,
    PROFILES,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import CHECKS


def page() -> str:
    factors = ", ".join(f"{name} {factor:g}" for name, factor in HOLDOVER_FACTORS.items())
    lines = [
        "# Health",
        "",
        f"The module `meinberg.lantime.lantime_health` judges one answer of the device by {len(CHECKS)} checks. Each check has one of these states:",
        "",
        "- `ok`;",
        "- `info`, `warning`, `error` or `critical`: a finding. One of `info` is no alarm;",
        "- `unknown`: the device does not say. It is worse than `info`, never counts as `ok`, and makes no alarm, but that a device which",
        "  does not say whether it is synchronised is not healthy;",
        "- `skipped`: the task skips the check, or the device has nothing to which it applies.",
        "",
        "An event of the device counts only while it is triggered: `triggered: 0` with a date says that something was, not that it is.",
        "Ages are measured by the device's own clock.",
        "",
        "*Certainty* says how sure it is that the fields are there and mean what the check takes them for: CONFIRMED by recordings or by",
        "the vendor, INFERRED from them, or an ASSUMPTION.",
        "",
        "## Thresholds",
        "",
        "Defaults by the option `profile`; the option `thresholds` overrides single ones. Their values are a choice of this collection.",
        "",
        f"| threshold | unit | finding if | {' | '.join(PROFILES)} |",
        f"|---|---|---|{'---|' * len(PROFILES)}",
    ]
    for limit in CHECK_LIMITS:
        meaning = limit.meaning.replace("O(wait)", "`wait`")
        values = " | ".join(f"{value}" for value in limit.defaults)
        lines.append(f"| `{limit.name}` | {limit.unit or ''} | {meaning} | {values} |")
    lines += [
        "",
        f"`holdover_budget` is multiplied by what the oscillator is worth: {factors},",
        f"others {HOLDOVER_FACTOR_OF_OTHERS:g}. The factors are an ASSUMPTION. A budget given in `thresholds` counts as it is.",
    ]
    for group, title in GROUPS.items():
        lines += ["", f"## {title} (`{group}`)"]
        for check in CHECKS:
            if check.group == group:
                lines += _entry(check)
    return "\n".join(lines) + "\n"


def _entry(check: Check) -> list[str]:
    points = [
        f"severity: {', '.join(check.levels)}",
        f"ok if {check.summary}",
        f"looks at: {check.source}",
        f"certainty: {check.confidence}",
    ]
    if check.limits:
        shown = (f"`{n}` ({_defaults(LIMITS_BY_NAME[n].defaults)})" for n in check.limits)
        points.append(f"thresholds: {', '.join(shown)}")
    if check.expects:
        points.append(f"expectation: {', '.join(f'`expected.{name}`' for name in check.expects)}")
    points.append(f"remedy: {check.remedy[:1].lower()}{check.remedy[1:]}")
    lines = ["", f"### {check.name}", ""]
    for point in points:
        lines += textwrap.wrap(point, 130, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
    return lines


def _defaults(values: tuple[object, ...]) -> str:
    if len(set(values)) == 1:
        return f"{values[0]}"
    return "; ".join(f"{profile} {value}" for profile, value in zip(PROFILES, values))
