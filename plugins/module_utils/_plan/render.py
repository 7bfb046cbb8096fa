# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: a plan as results and differences show it, secrets masked.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import json
import typing as t

from .._base.sanitize import printable
from .._tree.canonical import value_at
from .._tree.changes import changed_leaves
from .._tree.coerce import MismatchError, coerce, same, same_members
from .._tree.paths import Path, text_of
from .._tree.secrets import MASK, is_mask, masked
from .planner import Plan


def handler_of(path: Path) -> str:
    """The section or slot that answers for a path: C(clk1) for C(chassis0/slots/clk1/...), else the first name."""
    if len(path) >= 3 and path[1] == "slots":
        return path[2]
    return path[0] if path else "root"


def operations(plan: Plan) -> list[dict[str, t.Any]]:
    """The plan as the result shows it, secrets masked; C(state) starts as C(waiting)."""
    return [
        {
            "id": number,
            "handler": handler_of(change.path),
            "action": change.action,
            "path": text_of(change.path),
            "before": None if change.before is None else masked(change.before, change.path, plan.secrets),
            "after": masked(change.after, change.path, plan.secrets),
            "state": "waiting",
        }
        for number, change in enumerate(plan.changes, 1)
    ]


def diff(plan: Plan, name: str, reread: t.Any = None) -> dict[str, str]:
    """The difference as Ansible prints it: the path of each menu that changes, and below it a line for each leaf.

    name: what the two headers call the device.
    reread: the configuration as the device shows it after the change; without it the values of the plan stand for it.
    """
    paths, before, after = changed_leaves(plan.changes)
    shown = {path: after[path] if reread is None else _seen(reread, path, after[path], plan.secrets) for path in paths}
    return {
        "before_header": f"{name}, running configuration",
        "after_header": f"{name}, desired configuration",
        "before": _lines(before, {}, plan.secrets),
        "after": _lines(shown, before, plan.secrets),
    }


def _lines(values: dict[Path, t.Any], former: dict[Path, t.Any], secrets: frozenset[Path]) -> str:
    lines: list[str] = []
    menu: Path | None = None
    for path in sorted(values, key=lambda p: (p[:-1], p[-1])):
        if path[:-1] != menu:
            menu = path[:-1]
            lines.append(f"{printable(text_of(menu))}:")
        value = masked(values[path], path, secrets)
        again = " (written again)" if path in secrets and is_mask(former.get(path)) else ""
        text = json.dumps(value, ensure_ascii=True, sort_keys=True) if value != MASK else MASK + again
        lines.append(f"  {printable(path[-1])}: {text}")
    return "".join(line + "\n" for line in lines)


def _seen(reread: t.Any, path: Path, planned: t.Any, secrets: frozenset[Path]) -> t.Any:
    """What the device shows at a path; in the spelling of the plan where both mean the same."""
    try:
        shown = value_at(reread, path)
    except KeyError:
        return None
    if path in secrets:
        return planned if shown not in ("", None) else shown
    try:
        return planned if same(coerce(planned, shown), shown) or same_members(planned, shown) else shown
    except MismatchError:
        return shown
