# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan -> the device: write, read back, save. Success is what the device shows afterwards, never what it answered.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._coerce import (
    MismatchError,
    coerce,
    same,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._dialect import package_of
from ansible_collections.meinberg.lantime.plugins.module_utils._errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._ltos import Ltos
from ansible_collections.meinberg.lantime.plugins.module_utils._plan import (
    Change,
    Plan,
    changed_leaves,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._tree import (
    MASK,
    Path,
    Tree,
    canonical,
    is_secret,
    leaves,
    text_of,
    value_at,
)

Operations = list[dict[str, t.Any]]


def read_sections(api: Ltos, sections: t.Sequence[str]) -> Tree:
    """The named first-level parts of the configuration, canonical, one GET each."""
    value: dict[str, t.Any] = {}
    tables: set[Path] = set()
    ambiguous: set[Path] = set()
    for name in sections:
        tree = canonical(api.config_node((name,)), (name,))
        value[name] = tree.value
        tables |= tree.tables
        ambiguous |= tree.ambiguous
    return Tree(value, frozenset(tables), frozenset(ambiguous))


def write(api: Ltos, plan: Plan, operations: Operations, current: Tree) -> None:
    """Send the changes in order, keeping C(state) of each operation true; stop at the first that fails.

    Raises LantimeError that names the operation and what is active on the device by then.
    """
    for number, change in enumerate(plan.changes):
        operation = operations[number]
        operation["state"] = "processing"
        try:
            api.apply(change, _menu(current, change.path))
        except LantimeError as error:
            settled = _settle(api, change) if error.effect_unknown else False
            if settled is True:
                operation["state"] = "succeeded"
                continue
            operation["state"] = "failed"
            for later in operations[number + 1 :]:
                later["state"] = "skipped"
            raise _stopped(error, settled, number, operations) from None
        operation["state"] = "succeeded"


def _menu(current: Tree, path: Path) -> dict[str, t.Any]:
    try:
        found = value_at(current.value, path)
    except KeyError:
        return {}
    return found if isinstance(found, dict) else {}


def _settle(api: Ltos, change: Change) -> bool | None:
    """Whether a write without an answer took effect, by reading back; None if the device cannot be read."""
    api.client.reconnect()
    try:
        shown = read_sections(api, change.path[:1])
    except LantimeError:
        return None
    return not _differences(shown.value, leaves(change.after, change.path))


def _stopped(
    error: LantimeError, settled: bool | None, number: int, operations: Operations
) -> LantimeError:
    done = sum(1 for operation in operations if operation["state"] == "succeeded")
    where = f"operation {number + 1} of {len(operations)} ({operations[number]['path']})"
    if settled is None:
        code, state = "state_unknown", f"whether {where} took effect is unknown"
    else:
        code, state = error.code, f"{where} was not executed"
    rest = (
        f"{done} before it {'is' if done == 1 else 'are'} active in the running configuration"
        if done
        else "nothing before it was changed"
    )
    return LantimeError(
        code,
        f"{error.what}; {state}, {rest}, the startup configuration was not saved",
        host=error.host,
        path=error.path,
        http_status=error.http_status,
        device_message=error.device_message,
        hint=None if code != error.code else error.hint,
        extra={"operations": operations, "changed": bool(done) or settled is None, "saved": False},
    )


def verify(api: Ltos, plan: Plan, operations: Operations, sections: t.Sequence[str]) -> Tree:
    """Read the sections over a new connection; every planned leaf must show what was planned.

    Raises LantimeError C(not_applied) with what is still different.
    """
    api.client.reconnect()
    shown = read_sections(api, sections)
    paths, _before, after = changed_leaves(plan)
    remaining = _differences(shown.value, ((path, after[path]) for path in paths))
    if not remaining:
        return shown
    missed = {text_of(path) for path in remaining}
    for operation in operations:
        names = {f"{operation['path']}/{name}" for name in operation["after"]}
        if any(m == n or m.startswith(n + "/") for m in missed for n in names):
            operation["state"] = "failed"
    raise LantimeError(
        "not_applied",
        f"after the change {len(remaining)} of {len(paths)} settings show another value: {', '.join(sorted(missed)[:5])}",
        host=api.client.settings.host,
        path=sorted(missed)[0],
        extra={
            "operations": operations,
            "changed": True,
            "saved": False,
            "remaining": [
                {"path": text_of(path), "wanted": wanted, "shown": seen}
                for path, (wanted, seen) in remaining.items()
            ],
        },
    )


def _differences(
    shown: t.Any, wanted: t.Iterable[tuple[Path, t.Any]]
) -> dict[Path, tuple[t.Any, t.Any]]:
    found: dict[Path, tuple[t.Any, t.Any]] = {}
    for path, value in wanted:
        try:
            seen = value_at(shown, path)
        except KeyError:
            found[path] = (MASK if is_secret(path, value) else value, None)
            continue
        if is_secret(path, seen):
            # A secret cannot be compared; all that shows is whether there is one.
            if (value in ("", None)) != (seen in ("", None)):
                found[path] = (MASK, MASK)
            continue
        try:
            equal = same(coerce(value, seen), seen)
        except MismatchError:
            equal = False
        if not equal:
            found[path] = (value, seen)
    return found


def also_changed(before: Tree, after: Tree, plan: Plan) -> list[str]:
    """Paths in the touched sections that changed although the plan does not name them."""
    planned, _before, _after = changed_leaves(plan)
    created = [change.path for change in plan.changes if change.action == "create"]
    old, new = dict(leaves(before.value)), dict(leaves(after.value))
    others = [
        path
        for path in sorted(set(old) | set(new))
        if path not in planned
        and not any(path[: len(c)] == c for c in created)
        and not (path in old and path in new and same(old[path], new[path]))
    ]
    return [text_of(path) for path in others if old.get(path) != new.get(path)]


def packages(plan: Plan, api: Ltos, given: str | None) -> list[str]:
    """Packages of the configuration database to save for a plan, in the order of its changes."""
    if given is not None:
        return [given]
    found = list(dict.fromkeys(package_of(change.path, api.dialect) for change in plan.changes))
    return ["all"] if "all" in found else found


def save(api: Ltos, names: t.Sequence[str]) -> int | None:
    """Save packages as startup configuration; the number of pending changes by the last answer, if it tells.

    Raises LantimeError C(save_failed).
    """
    pending: int | None = None
    for name in names:
        try:
            envelope = api.save(name)
        except LantimeError as error:
            raise LantimeError(
                "save_failed",
                f"saving the package {name} failed: {error.what}",
                host=error.host,
                path=error.path,
                http_status=error.http_status,
                device_message=error.device_message,
            ) from None
        if envelope is not None:
            pending = envelope.pending_changes
    return pending
