# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan -> the device: journal, write, verify, roll back, save.

Success is what the device shows afterwards, never what it answered. The configuration is saved only after it has been
verified, so that until then a restart of the device brings the old state back.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import time
import typing as t

from .._api.device import Device
from .._base.errors import KINDS, LantimeError
from .._plan.planner import Plan
from .._plan.rollback import BEFORE, UNCLEAR, Difference, equal, leaf_states, project, rollback_plan, unfinished_leaves
from .._tree.canonical import Tree, canonical, leaves, value_at
from .._tree.changes import Change, changed_leaves
from .._tree.paths import Path, text_of
from .._tree.secrets import is_mask
from .journal import Journal, new_record

Operations = list[dict[str, t.Any]]

FORMER_SECRET = "the former secret"

_SHORTEST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 1.0


class WriteRules(t.NamedTuple):
    """grace: seconds for which a device may be away or show old values after a write.  verify: whether to read back.
    rollback: whether to undo what was done before a failure.
    """

    grace: float = 5.0
    verify: bool = True
    rollback: bool = True


def read_sections(api: Device, sections: t.Iterable[str]) -> Tree:
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


def execute(
    api: Device,
    journal: Journal,
    plan: Plan,
    current: Tree,
    operations: Operations,
    packages: t.Sequence[str],
    rules: WriteRules,
    gate: t.Callable[[], None] | None = None,
) -> Tree:
    """Write a plan and verify it; on failure undo it. The journal is left open for save().

    current: what the plan was made from.  gate: called after verification; it raises LantimeError if the change must not
    stay.  Returns the touched sections as the device shows them afterwards.
    Raises LantimeError that says in which state the device is; C(extra) holds operations and rollback.
    """
    identity = _who(api)
    journal.write(new_record(identity, api.config_root, plan.changes, plan.secrets, packages, _pending(api)))
    sections = list(current.value)
    try:
        _check_unchanged(api, plan, sections, identity)
    except LantimeError:
        journal.close()
        raise
    try:
        _write(api, journal, plan, operations, current, rules)
        api.activate()
        shown = verify(api, plan.changes, plan.secrets, sections, rules) if rules.verify else current
        if gate is not None:
            gate()
        return shown
    except LantimeError as error:
        raise undo(api, journal, plan, operations, error, rules) from None


def _who(api: Device) -> dict[str, t.Any]:
    identity = api.identity
    return {
        "host": api.client.settings.host,
        "model": identity.model if identity else None,
        "serial_number": identity.serial_number if identity else None,
        "firmware": identity.firmware if identity else None,
    }


def _check_unchanged(api: Device, plan: Plan, sections: list[str], identity: dict[str, t.Any]) -> None:
    now = read_sections(api, sections)
    if _who(api) != identity:
        raise LantimeError(
            "conflict",
            "another device or another firmware answers than a moment ago; nothing was written",
            host=api.client.settings.host,
        )
    for change in plan.changes:
        for path, state in leaf_states(change, now.value, plan.secrets).items():
            if state not in (BEFORE, UNCLEAR):
                raise LantimeError(
                    "conflict",
                    "somebody else changed this between reading and writing; nothing was written",
                    host=api.client.settings.host,
                    path=text_of(path),
                )


def _write(api: Device, journal: Journal, plan: Plan, operations: Operations, current: Tree, rules: WriteRules) -> None:
    for number, change in enumerate(plan.changes):
        operation = operations[number]
        operation["state"] = "processing"
        journal.mark(number, "processing")
        try:
            send_change(api, change, current, plan.secrets, rules)
        except LantimeError as error:
            operation["state"] = "failed"
            for later in operations[number + 1 :]:
                later["state"] = "skipped"
            where = f"operation {number + 1} of {len(operations)} ({operation['path']})"
            error.what = f"{error.what}; {where} failed"
            raise
        operation["state"] = "succeeded"
        journal.mark(number, "succeeded")


def send_change(api: Device, change: Change, current: Tree, secrets: frozenset[Path], rules: WriteRules) -> None:
    """Send one change. A lost answer is settled by reading back; a change is never sent twice."""
    try:
        api.apply(change, _menu(current, change.path))
    except LantimeError as error:
        if not error.effect_unknown:
            raise
        api.client.reconnect()
        shown = read_patiently(api, change.path[:1], rules)
        # Of a secret that was set before and is set now, nobody can tell whether it is the new one.
        rewritten = any(path in secrets and is_mask(value) for path, value in leaves(change.before or {}, change.path))
        if rewritten or unfinished_leaves([change], shown.value, secrets):
            raise


def _menu(current: Tree, path: Path) -> dict[str, t.Any]:
    try:
        found = value_at(current.value, path)
    except KeyError:
        return {}
    return found if isinstance(found, dict) else {}


def pauses(seconds: float) -> t.Iterator[None]:
    """At once, then again and again with growing pauses until the time is over."""
    end = time.monotonic() + seconds
    pause = _SHORTEST_WAIT_SECONDS
    while True:
        yield
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_WAIT_SECONDS)


def read_patiently(api: Device, sections: t.Iterable[str], rules: WriteRules) -> Tree:
    """Sections of a device that may be away for a while after a write."""
    names = list(sections)
    failure: LantimeError | None = None
    for _pause in pauses(rules.grace):
        try:
            return read_sections(api, names)
        except LantimeError as error:
            if not KINDS[error.code].unreachable and error.code not in (
                "busy",
                "server_error",
                "incomplete",
            ):
                raise
            failure = error
    raise failure or LantimeError("internal", "nothing was read")


def verify(
    api: Device,
    changes: t.Sequence[Change],
    secrets: frozenset[Path],
    sections: list[str],
    rules: WriteRules,
) -> Tree:
    """Read the sections over a new connection until they show what the changes want; C(not_applied) if they never do."""
    api.client.reconnect()
    for _pause in pauses(rules.grace):
        shown = read_patiently(api, sections, rules)
        left = unfinished_leaves(changes, shown.value, secrets)
        if not left:
            return shown
    total = len(changed_leaves(changes)[0]) + sum(c.action == "delete" for c in changes)
    raise LantimeError(
        "not_applied",
        f"after the change {len(left)} of {total} settings show another value: "
        + ", ".join(text_of(d.path) for d in left[:5]),
        host=api.client.settings.host,
        path=text_of(left[0].path),
        extra={"remaining": [d.as_dict() for d in left]},
    )


def undo(
    api: Device,
    journal: Journal,
    plan: Plan,
    operations: Operations,
    error: LantimeError,
    rules: WriteRules,
) -> LantimeError:
    """Undo what was sent of a plan, verify it, and return the error that tells all of it."""
    sent = [c for c, o in zip(plan.changes, operations) if o["state"] not in ("waiting", "skipped")]
    extra = {**error.extra, "operations": operations, "saved": False}
    if not rules.rollback:
        journal.close()
        done = sum(o["state"] == "succeeded" for o in operations)
        extra.update(changed=done > 0 or error.effect_unknown, rollback={"state": "off", "remaining": []})
        return _told(
            error,
            f"{done} operations are active in the running configuration (rollback is off)",
            extra,
        )
    try:
        remaining, undone = revert(api, journal, sent, plan.secrets, rules, just_sent=True)
    except LantimeError as cause:
        extra.update(
            changed=True,
            rollback={"state": "rollback_failed", "remaining": [], "reason": str(cause)},
        )
        return _told(
            error,
            f"rolling back failed too ({cause.what}), so the running configuration is in an unknown state",
            extra,
            code="state_unknown",
        )
    if remaining:
        extra.update(
            changed=True,
            rollback={"state": "rollback_failed", "remaining": [d.as_dict() for d in remaining]},
        )
        names = ", ".join(text_of(d.path) for d in remaining[:5])
        return _told(error, f"rolling back did not restore {names}", extra, code="rollback_failed")
    for operation in operations:
        if operation["state"] == "succeeded":
            operation["state"] = "rolled_back"
    journal.close()
    extra.update(
        changed=False,
        rollback={"state": "rolled_back" if undone else "not_needed", "remaining": []},
    )
    state = "everything was rolled back, and the device shows its former configuration"
    return _told(error, state if undone else "nothing was changed, as reading back shows", extra)


def _told(error: LantimeError, state: str, extra: dict[str, t.Any], code: str | None = None) -> LantimeError:
    return LantimeError(
        code or error.code,
        f"{error.what}; {state}; the startup configuration was not touched",
        host=error.host,
        path=error.path,
        http_status=error.http_status,
        device_message=error.device_message,
        hint=error.hint if code is None else None,
        extra=extra,
    )


def revert(
    api: Device,
    journal: Journal,
    changes: t.Sequence[Change],
    secrets: frozenset[Path],
    rules: WriteRules,
    just_sent: bool,
) -> tuple[list[Difference], bool]:
    """Bring the device back to before these changes, as far as nobody else changed the same.

    Returns what still differs from the former state (of secrets: that it is unknown), and whether anything was written.
    """
    if not changes:
        return [], False
    journal.enter("rolling_back")
    sections = list(dict.fromkeys(change.path[0] for change in changes))
    api.client.reconnect()
    former_count = journal.record.pending if journal.record else 0
    now = read_patiently(api, sections, rules)
    # What was sent and is not shown yet would take effect after the former state was seen.
    there = project(changes, now.value, secrets) if api.shows_late else now.value
    back = rollback_plan(changes, there, secrets, just_sent)
    for change in back.changes:
        try:
            send_change(api, change, now, secrets, rules)
        except LantimeError as error:
            if error.effect_unknown:
                raise
    if back.changes:
        api.activate()
    remaining: list[Difference] = []
    for _pause in pauses(rules.grace if back.changes else 0):
        shown = read_patiently(api, sections, rules) if back.changes else now
        remaining = _not_restored(changes, shown.value, secrets, back.lost)
        if not remaining and not (api.shows_late and _pending(api) > former_count):
            break
    return remaining, bool(back.changes)


def _pending(api: Device) -> int:
    return (api.identity.pending_changes if api.identity else None) or 0


def _not_restored(
    changes: t.Sequence[Change], now: t.Any, secrets: frozenset[Path], lost: t.Sequence[Path]
) -> list[Difference]:
    found = [Difference(path, FORMER_SECRET, "unknown") for path in lost]
    for change in changes:
        former = dict(leaves(change.before or {}, change.path))
        for path, state in leaf_states(change, now, secrets).items():
            if state not in (BEFORE, UNCLEAR):
                try:
                    shown = value_at(now, path)
                except KeyError:
                    shown = None
                wanted = former.get(path, "there" if change.action == "delete" else None)
                found.append(Difference(path, wanted, shown))
    return found


def also_changed(before: Tree, after: Tree, plan: Plan) -> list[str]:
    """Paths in the touched sections that changed although the plan does not name them."""
    planned = set(changed_leaves(plan.changes)[0])
    items = [change.path for change in plan.changes if change.action != "set"]
    old, new = dict(leaves(before.value)), dict(leaves(after.value))
    return [
        text_of(path)
        for path in sorted(set(old) | set(new))
        if path not in planned
        and not any(path[: len(item)] == item for item in items)
        and not (path in old and path in new and equal(old[path], new[path]))
    ]
