# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses changes that would cut off the access of the task, or that the option restrict does not allow. Pure."""

from __future__ import annotations

import typing as t

from .._tree.canonical import leaves, value_at
from .._tree.changes import Change
from .._tree.paths import Path, is_covered
from .planner import Plan, raise_problems

_ADDRESS_NAMES = ("address", "ipv4-address", "ipv6-address")
_LEVEL_NAMES = ("level", "user-level", "group", "role")
_DISABLED = (False, 0, "0", "off", "no", "disabled", "false")

Problem = tuple[str, Path, str]


class Access(t.NamedTuple):
    """How the task reaches the device."""

    host: str
    use_tls: bool
    username: str | None


def check_safety(plan: Plan, current: t.Any, access: Access, restrict: t.Sequence[str] | None) -> None:
    """Raise LantimeError with the code protected or restricted for the changes that are refused."""
    problems: list[Problem] = []
    for change in plan.changes:
        problems += _check_restriction(change, restrict) if restrict is not None else []
        problems += _check_own_user(change, access)
        problems += _check_own_service(change, current, access)
    if problems:
        raise_problems(problems)


def _check_restriction(change: Change, restrict: t.Sequence[str]) -> list[Problem]:
    touched = [path for path, dummy in leaves(change.after or change.before or {}, change.path)]
    return [
        ("restricted", path, "restrict does not allow this to change")
        for path in touched or [change.path]
        if not is_covered(path, restrict)
    ]


def _check_own_user(change: Change, access: Access) -> list[Problem]:
    path = change.path
    if "users" not in path[:-1] or path[-1] != access.username:
        return []
    if change.action == "delete":
        return [("protected", path, "the task is logged in as this user")]
    return [
        ("protected", (*path, name), "the task is logged in as this user")
        for name in change.after
        if change.action == "set" and name in _LEVEL_NAMES
    ]


def _check_own_service(change: Change, current: t.Any, access: Access) -> list[Problem]:
    if change.action == "create":  # the task cannot be connected through what does not exist yet
        return []
    service = "https" if access.use_tls else "http"
    problems: list[Problem] = []
    if change.action == "delete" and access.host in _addresses(change.before or {}):
        problems.append(("protected", change.path, "the task is connected through this address"))
    for path, value in leaves(change.after, change.path):
        off = value in _DISABLED and value is not None
        if off and path[-1] in ("rest-api", "enable-rest-api"):
            problems.append(("protected", path, "the task uses the REST API"))
        elif off and path[-1] == service and "services" in path and _is_own_interface(path, current, access):
            problems.append(("protected", path, f"the task is connected through {service} here"))
    return problems


def _is_own_interface(path: Path, current: t.Any, access: Access) -> bool:
    """Whether the interface of a service may be the one that the task uses.

    That is the interface with the address that the task connects to; if no interface has it (a host name, a translated
    address), it may be any of them.
    """
    table = path[: path.index("services") - 1]
    interface = path[path.index("services") - 1]
    try:
        interfaces = value_at(current, table)
    except KeyError:
        return True
    if not isinstance(interfaces, dict):
        return True
    holders = {name for name, item in interfaces.items() if access.host in _addresses(item)}
    return interface in holders or not holders


def _addresses(item: t.Any) -> set[str]:
    return {str(value).partition("/")[0] for path, value in leaves(item) if path and path[-1] in _ADDRESS_NAMES}
