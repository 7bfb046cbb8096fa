# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did on a device, for its entry in a report: the change of its configuration, and the HTTP sessions."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._base.sanitize import printable
from .._tree import values
from .._tree.paths import path_of
from .bounded import MAX_MESSAGE, MAX_PATH, bounded_text, count_or_none, known_or, list_items, normalize_value

# planned: what check mode would change.  not_changed: the task was skipped, for example because of the health of the ring.
# unknown: the result does not say whether anything changed.
CHANGE_STATES = ("planned", "unchanged", "changed", "failed", "not_changed", "unknown")
OPERATION_STATES = ("waiting", "processing", "succeeded", "failed", "rolled_back", "skipped")
OPERATION_ACTIONS = ("set", "create", "delete", "command")
ROLLBACK_STATES = ("not_needed", "rolled_back", "rollback_failed", "off")

PLAN_DIFFERENCE_KINDS = ("device", "operation", "order", "secret", "save")

MAX_OPERATIONS = 500
MAX_PLAN_DIFFERENCES = 50
MAX_HANDLERS = 100
MAX_SESSIONS = 100
_MAX_LISTED = 200

_Node = t.Mapping[str, t.Any]


def extract_change(result: object) -> dict[str, t.Any] | None:
    """What the result of a module that changes devices says about the change; None if it says nothing."""
    source = values.mapping(result)
    operations = source.get("operations")
    if not source or (source.get("unreachable") and not operations):
        return None
    rollback = values.mapping(source.get("rollback"))
    remaining = rollback.get("remaining")
    return {
        **source,
        "state": _state_of(source),
        "rollback": {**rollback, "remaining": len(remaining) if isinstance(remaining, list) else None}
        if rollback
        else None,
    }


def _state_of(result: _Node) -> str:
    if result.get("plan_difference") and not result.get("changed") and not result.get("operations"):
        return "not_changed"
    if result.get("failed") or result.get("unreachable"):
        return "failed"
    if result.get("skipped"):
        return "not_changed"
    if result.get("changed") is False:
        return "unchanged"
    if result.get("changed") is not True:
        return "unknown"
    states = [values.at(operation, "state") for operation in list_items(result.get("operations"))]
    return "planned" if states and all(state == "waiting" for state in states) else "changed"


def normalize_change(draft: object) -> dict[str, t.Any] | None:
    """A change with exactly the documented members."""
    source = values.mapping(draft)
    if not source:
        return None
    given = [item for item in list_items(source.get("operations")) if isinstance(item, Mapping)]
    already = count_or_none(source.get("operations_omitted")) or 0
    rollback = values.mapping(source.get("rollback"))
    return {
        "state": known_or(source.get("state"), CHANGE_STATES, "unknown"),
        "operations": [_normalize_operation(item) for item in given[:MAX_OPERATIONS]],
        "operations_omitted": already + max(0, len(given) - MAX_OPERATIONS),
        "handlers": _count_handlers(given, source.get("handlers")),
        "saved": values.boolean(source.get("saved")),
        "saved_packages": _list_texts(source.get("saved_packages")),
        "pending_changes": count_or_none(source.get("pending_changes")),
        "rollback": {
            "state": known_or(rollback.get("state"), ROLLBACK_STATES, "rollback_failed"),
            "remaining": count_or_none(rollback.get("remaining")),
        }
        if rollback
        else None,
        "backup_path": bounded_text(source.get("backup_path"), MAX_PATH),
        "also_changed": _list_texts(source.get("also_changed")),
        "not_applicable": normalize_not_applicable(source.get("not_applicable")),
        "plan_difference": [
            _normalize_plan_difference(item)
            for item in list_items(source.get("plan_difference"))[:MAX_PLAN_DIFFERENCES]
            if isinstance(item, Mapping)
        ],
    }


def _normalize_plan_difference(source: _Node) -> dict[str, t.Any]:
    kind = known_or(source.get("kind"), PLAN_DIFFERENCE_KINDS, "operation")
    path = printable(source.get("path") or "", MAX_PATH)
    # Of a secret, the value is its path.
    at = () if kind == "secret" else path_of(path)
    return {"kind": kind, "path": path, **{n: normalize_value(source.get(n), at) for n in ("reviewed", "current")}}


def _list_texts(value: object) -> list[str]:
    return [printable(item, MAX_PATH) for item in list_items(value)[:_MAX_LISTED] if isinstance(item, str)]


def _normalize_operation(source: _Node) -> dict[str, t.Any]:
    path = printable(source.get("path") or "", MAX_PATH)
    at = path_of(path)
    return {
        "id": count_or_none(source.get("id")),
        "handler": _handler_of(source),
        "action": known_or(source.get("action"), OPERATION_ACTIONS, "set"),
        "path": path,
        "before": normalize_value(source.get("before"), at),
        "after": normalize_value(source.get("after"), at),
        # An operation whose state is not known may have been sent.
        "state": known_or(source.get("state"), OPERATION_STATES, "processing"),
        "impact": bounded_text(source.get("impact")),
    }


def _handler_of(operation: _Node) -> str:
    return bounded_text(operation.get("handler")) or "?"


def _count_handlers(operations: t.Sequence[_Node], counted: object) -> list[dict[str, t.Any]]:
    """The number of operations of each handler by state. counted: the same of an entry that omits operations."""
    counts: dict[str, dict[str, int]] = {}
    for item in list_items(counted)[:MAX_HANDLERS]:
        if isinstance(item, Mapping):
            given = {state: count_or_none(item.get(state)) or 0 for state in OPERATION_STATES}
            counts.setdefault(_handler_of(item), given)
    listed: dict[str, dict[str, int]] = {}
    for operation in operations:
        row = listed.setdefault(_handler_of(operation), dict.fromkeys(OPERATION_STATES, 0))
        row[known_or(operation.get("state"), OPERATION_STATES, "processing")] += 1
    for handler, row in listed.items():
        former = counts.get(handler, {})
        counts[handler] = {state: max(row[state], former.get(state, 0)) for state in OPERATION_STATES}
    ordered = sorted(counts.items(), key=lambda pair: values.natural_key(pair[0]))
    return [{"handler": handler, **row} for handler, row in ordered[:MAX_HANDLERS]]


def normalize_not_applicable(value: object) -> list[dict[str, str | None]]:
    """Names, items and rules for modules that do not apply to the device, each with path and reason."""
    return [
        {"path": _subject_of(item), "reason": bounded_text(item.get("reason"), MAX_MESSAGE)}
        for item in list_items(value)[:_MAX_LISTED]
        if isinstance(item, Mapping)
    ]


def _subject_of(item: _Node) -> str:
    if item.get("rule") is None:
        return printable(item.get("path") or "", MAX_PATH) or "?"
    conditions = f" ({item['conditions']})" if item.get("conditions") else ""
    return printable(f"rule {item['rule']}{conditions}", MAX_PATH)


def normalize_sessions(value: object) -> list[dict[str, t.Any]] | None:
    """The latest HTTP sessions of the host; None if they were not logged."""
    if not isinstance(value, list):
        return None
    return [_normalize_session(item) for item in value[-MAX_SESSIONS:] if isinstance(item, Mapping)]


def _normalize_session(source: _Node) -> dict[str, t.Any]:
    round_trip = values.number(source.get("round_trip_ms"))
    return {
        "method": bounded_text(source.get("method"), 20),
        "path": printable(source.get("path") or "", MAX_PATH),
        "status": count_or_none(source.get("status")),
        "error": bounded_text(source.get("error")),
        "attempt": count_or_none(source.get("attempt")),
        "response_bytes": count_or_none(source.get("response_bytes")),
        "request_time": bounded_text(source.get("request_time"), 40),
        "round_trip_ms": round_trip if round_trip is not None and 0 <= round_trip < 1e9 else None,
    }
