# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: what the device has and what the user wants -> the least number of changes.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import difflib
import json
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._coerce import (
    MismatchError,
    coerce,
    describe,
    same,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._errors import (
    LantimeError,
    printable,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import (
    MASK,
    Path,
    Tree,
    is_mask,
    is_name,
    is_secret,
    leaves,
    text_of,
    value_at,
)

_MAX_PROBLEMS = 10
# What carries the connection to the device goes last, so that everything else is in place if it breaks.
_LAST = ("network",)


class Change(t.NamedTuple):
    """One menu or item to write: C(after) holds just the names that change, C(before) their present values.

    action: C(set) for a menu or an item that exists, C(create) for a new item of a table (before is None).
    """

    action: str
    path: Path
    before: dict[str, t.Any] | None
    after: dict[str, t.Any]


class Plan(t.NamedTuple):
    """changes: in the order in which they are to be written. secrets_kept: paths of set secrets that were left alone."""

    changes: tuple[Change, ...]
    secrets_kept: tuple[Path, ...]


class Policy(t.NamedTuple):
    """create: whether names and items that the device does not have are added. rewrite_secrets: whether secrets that are set already are written again."""

    create: bool = False
    rewrite_secrets: bool = False


def merged(current: Tree, desired: Tree, policy: Policy) -> Plan:
    """The changes that bring the named values, and nothing else, to what is desired.

    current: the touched part of the device's configuration, canonical, from the root of the configuration.
    desired: the same for the user's tree.  Raises LantimeError with every problem found, not only the first one.
    """
    search = _Search(current, desired, policy)
    search.menu((), current.value, desired.value)
    if search.problems:
        _raise(search.problems)
    order = sorted(search.changes, key=lambda c: (c.path[:1] == _LAST, c.action != "create"))
    return Plan(tuple(order), tuple(search.secrets_kept))


class _Search:
    def __init__(self, current: Tree, desired: Tree, policy: Policy) -> None:
        self.tables = current.tables
        self.unclear = current.ambiguous
        self.unclear_desired = desired.ambiguous
        self.policy = policy
        self.changes: list[Change] = []
        self.secrets_kept: list[Path] = []
        self.problems: list[tuple[str, Path, str]] = []

    def menu(self, at: Path, current: dict[str, t.Any], desired: dict[str, t.Any]) -> None:
        before: dict[str, t.Any] = {}
        after: dict[str, t.Any] = {}
        slot = len(self.changes)
        for name, wanted in desired.items():
            path = (*at, name)
            if not is_name(name):
                self.problems.append(
                    ("hostile_name", path, "this cannot be a name or object-id in a path")
                )
            elif path in self.unclear or path in self.unclear_desired:
                if name in current and same(wanted, current[name]):
                    continue
                whose = "the device's table" if path in self.unclear else "your table"
                self.problems.append(
                    ("duplicate_object_id", path, f"{whose} has an item twice or without object-id")
                )
            elif name not in current:
                self._missing(at, name, wanted, current, after)
            elif isinstance(wanted, dict):
                self._descend(path, current[name], wanted)
            elif isinstance(current[name], dict):
                kind = "table" if path in self.tables else "menu"
                self.problems.append(
                    ("wrong_type", path, f"the device has a {kind} here, not {describe(wanted)}")
                )
            else:
                self._leaf(path, current[name], wanted, before, after)
        if after:
            self.changes.insert(slot, Change("set", at, before, after))

    def _descend(self, path: Path, current: t.Any, wanted: dict[str, t.Any]) -> None:
        if isinstance(current, dict):
            self.menu(path, current, wanted)
        elif current == []:  # an empty table and an empty list look the same
            for name, item in wanted.items():
                self._missing(path, name, item, {}, {}, table=True)
        else:
            self.problems.append(
                ("wrong_type", path, "the device has a single value here, not a menu")
            )

    def _leaf(
        self,
        path: Path,
        current: t.Any,
        wanted: t.Any,
        before: dict[str, t.Any],
        after: dict[str, t.Any],
    ) -> None:
        if is_secret(path, current):
            if is_mask(wanted) or (is_mask(current) and not self.policy.rewrite_secrets):
                self.secrets_kept.append(path)
                return
            if is_mask(current):
                before[path[-1]], after[path[-1]] = current, wanted
                return
        try:
            value = coerce(wanted, current)
        except MismatchError as mismatch:
            self.problems.append(("wrong_type", path, str(mismatch)))
            return
        if not same(value, current):
            before[path[-1]], after[path[-1]] = current, value

    def _missing(
        self, at: Path, name: str, wanted: t.Any, current: dict[str, t.Any], after: dict[str, t.Any],
        table: bool = False,
    ) -> None:  # fmt: skip
        path = (*at, name)
        is_item = table or at in self.tables
        if not self.policy.create:
            near = difflib.get_close_matches(name, list(current), n=3, cutoff=0.5)
            names = ", ".join(printable(n, 40) for n in near or sorted(current)[:5])
            known = f" ({'nearest' if near else 'there are'}: {names})" if names else ""
            kind = "item" if is_item else "name"
            self.problems.append(("unknown_name", path, f"the device has no such {kind}{known}"))
        elif is_item:
            if isinstance(wanted, dict):
                like = next((v for v in current.values() if isinstance(v, dict)), {})
                self.changes.append(Change("create", path, None, self._like(path, wanted, like)))
            else:
                self.problems.append(
                    ("wrong_type", path, f"an item of a table is a mapping, not {describe(wanted)}")
                )
        else:
            after[name] = wanted

    def _like(self, at: Path, wanted: dict[str, t.Any], item: dict[str, t.Any]) -> dict[str, t.Any]:
        """A new item in the types that another item of the table shows."""
        made: dict[str, t.Any] = {}
        for name, value in wanted.items():
            path, example = (*at, name), item.get(name)
            if isinstance(value, dict):
                made[name] = self._like(path, value, example if isinstance(example, dict) else {})
            elif name not in item or isinstance(example, dict) or is_secret(path, example):
                made[name] = value
            else:
                try:
                    made[name] = coerce(value, example)
                except MismatchError as mismatch:
                    self.problems.append(("wrong_type", path, str(mismatch)))
        return made


def _raise(problems: list[tuple[str, Path, str]]) -> t.NoReturn:
    code, path, what = problems[0]
    shown = [f"{text_of(p)}: {w}" for dummy, p, w in problems[:_MAX_PROBLEMS]]
    if len(problems) == 1:
        raise LantimeError(code, what, path=text_of(path))
    more = len(problems) - len(shown)
    text = "; ".join(shown) + (f"; and {more} more" if more else "")
    raise LantimeError(
        code,
        f"{len(problems)} parts of the desired configuration do not fit the device: {text}",
        hint="correct them all; nothing was written",
        extra={"problems": [{"code": c, "path": text_of(p), "message": w} for c, p, w in problems]},
    )


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
            "before": None if change.before is None else _shown(change.path, change.before),
            "after": _shown(change.path, change.after),
            "state": "waiting",
        }
        for number, change in enumerate(plan.changes, 1)
    ]


def _shown(at: Path, names: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: _shown_value((*at, name), value) for name, value in names.items()}


def _shown_value(path: Path, value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return _shown(path, value)
    return MASK if value not in ("", None) and is_secret(path, value) else value


def changed_leaves(plan: Plan) -> tuple[tuple[Path, ...], dict[Path, t.Any], dict[Path, t.Any]]:
    """Paths of all leaves that the plan changes, in its order, and their values before and after."""
    paths: list[Path] = []
    before: dict[Path, t.Any] = {}
    after: dict[Path, t.Any] = {}
    for change in plan.changes:
        for path, value in leaves(change.after, change.path):
            paths.append(path)
            after[path] = value
        for path, value in leaves(change.before or {}, change.path):
            before[path] = value
    return tuple(paths), before, after


def diff(plan: Plan, name: str, reread: t.Any = None) -> dict[str, str]:
    """The difference as Ansible prints it: the path of each menu that changes, and below it a line for each leaf.

    name: what the two headers call the device.
    reread: the configuration as the device shows it after the change; without it the values of the plan stand for it.
    """
    paths, before, after = changed_leaves(plan)
    shown = {
        path: after[path] if reread is None else _seen(reread, path, after[path]) for path in paths
    }
    return {
        "before_header": f"{name}, running configuration",
        "after_header": f"{name}, desired configuration",
        "before": _lines(before, {}),
        "after": _lines(shown, before),
    }


def _lines(values: dict[Path, t.Any], former: dict[Path, t.Any]) -> str:
    lines: list[str] = []
    menu: Path | None = None
    for path in sorted(values, key=lambda p: (p[:-1], p[-1])):
        if path[:-1] != menu:
            menu = path[:-1]
            lines.append(f"{printable(text_of(menu))}:")
        value = values[path]
        if value not in ("", None) and is_secret(path, value):
            text = MASK + (" (written again)" if is_mask(former.get(path)) else "")
        else:
            text = json.dumps(value, ensure_ascii=True, sort_keys=True)
        lines.append(f"  {printable(path[-1])}: {text}")
    return "".join(line + "\n" for line in lines)


def _seen(reread: t.Any, path: Path, planned: t.Any) -> t.Any:
    """What the device shows at a path; in the spelling of the plan where both mean the same."""
    try:
        shown = value_at(reread, path)
    except KeyError:
        return None
    if is_secret(path, shown):
        return planned if shown not in ("", None) else shown
    try:
        return planned if same(coerce(planned, shown), shown) else shown
    except MismatchError:
        return shown
