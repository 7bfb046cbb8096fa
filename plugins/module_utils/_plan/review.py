# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares a reviewed plan with what a task would do now. Pure."""

from __future__ import annotations

import json
import typing as t

from .._base.sanitize import format_json, printable
from .._tree.coerce import is_same
from .._tree.paths import Path, path_of
from .._tree.secrets import SecretRules, mask_secrets
from .document import Operation, PlanDocument, PlannedSave, planned_operations, written_secrets
from .planner import Plan
from .rollback import AFTER, UNCLEAR, change_state, unfinished_leaves

MAX_DIFFERENCES = 50

# What identifies the device of a plan, in the order in which differences are reported.
_IDENTITY = ("serial_number", "model", "firmware")
# The same for a device that does not report a serial number.
_IDENTITY_BY_NAME = ("hostname", "model", "firmware")
_MAX_VALUE_LENGTH = 500
_MAX_SHOWN_LENGTH = 60
_SENTENCES = 3


class PlanDifference(t.NamedTuple):
    """One difference of a reviewed plan from what holds now.

    kind: device, operation, order, secret or save.  path: a member of the device's identity or of the save, or a path of the
    configuration.
    reviewed, current: of an operation its action and the values that differ; None on the side that does not have it.
    """

    kind: str
    path: str
    reviewed: t.Any
    current: t.Any

    def as_dict(self) -> dict[str, t.Any]:
        sides = {"reviewed": _bounded(self.reviewed), "current": _bounded(self.current)}
        return {"kind": self.kind, "path": printable(self.path), **sides}

    def __str__(self) -> str:
        if self.kind == "order":
            return "the operations have another order"
        if self.kind == "save":
            return _describe_save(self)
        path = printable(self.path, 120)
        if self.reviewed is None or self.current is None:
            what = f"the secret {path}" if self.kind == "secret" else path
            return f"{what} was not to be changed" if self.reviewed is None else f"{what} would no longer be changed"
        if self.reviewed["action"] != self.current["action"]:
            return f"{path} was to be changed with {self.reviewed['action']}, now with {self.current['action']}"
        return _describe_values(path, self.reviewed, self.current)


def device_differences(reviewed: PlanDocument, device: t.Mapping[str, t.Any]) -> list[PlanDifference]:
    """Differences of the device that answers from the one of a plan. device: as in results."""
    has_serial = reviewed.device.get("serial_number") or device.get("serial_number")
    return [
        PlanDifference("device", name, reviewed.device.get(name), device.get(name))
        for name in (_IDENTITY if has_serial else _IDENTITY_BY_NAME)
        if reviewed.device.get(name) != device.get(name)
    ]


def plan_differences(reviewed: PlanDocument, plan: Plan, secrets: t.Sequence[str] = ()) -> list[PlanDifference]:
    """Differences of a plan from a reviewed one; none if both write the same. secrets: patterns of paths with secret values."""
    current = planned_operations(plan)
    rules = SecretRules(paths=plan.secrets, patterns=secrets)
    differences = [
        _masked(PlanDifference("operation", path, *_values_that_differ(old, new)), rules)
        for path, old, new in _pairs(reviewed.operations, current)
        if not _is_same_operation(old, new)
    ]
    if not differences and not _is_same_sequence(reviewed.operations, current):
        paths = [[o["path"] for o in operations] for operations in (reviewed.operations, current)]
        differences.append(PlanDifference("order", "", *paths))
    old_names, new_names = set(reviewed.secrets), set(written_secrets(plan))
    for name in sorted(old_names ^ new_names):
        sides = (name, None) if name in old_names else (None, name)
        differences.append(PlanDifference("secret", name, *sides))
    return differences


def package_differences(reviewed: PlannedSave, current: PlannedSave) -> list[PlanDifference]:
    """The difference if a task would save other packages than was reviewed."""
    if reviewed.packages == current.packages:
        return []
    return [PlanDifference("save", "packages", list(reviewed.packages), list(current.packages))]


def pending_differences(reviewed: PlannedSave, current: PlannedSave) -> list[PlanDifference]:
    """The difference if a save would include more unsaved changes of other clients than was reviewed.

    The device counts them without naming them, so a number that is not larger is no difference. Of an unknown number in the
    plan, the reviewer has seen that it is unknown.
    """
    was, now = reviewed.pending_changes, current.pending_changes
    if not current.packages or was is None or (now is not None and now <= was):
        return []
    return [PlanDifference("save", "pending_changes", was, now)]


def describe_differences(differences: t.Sequence[PlanDifference]) -> str:
    """The first differences as a clause."""
    listed = "; ".join(str(each) for each in differences[:_SENTENCES])
    more = len(differences) - _SENTENCES
    return f"{listed}; and {more} more" if more > 0 else listed


def is_applied(reviewed: PlanDocument, current: dict[str, t.Any]) -> bool:
    """Whether a device shows the result of every operation of a plan. current: the sections that were read.

    Of a secret, only its presence shows.
    """
    changes, secrets = reviewed.changes, reviewed.secret_leaves
    return (
        all(change.path[0] in current for change in changes)
        and change_state(changes, current, secrets) in (AFTER, UNCLEAR)
        and not unfinished_leaves(changes, current, secrets)
    )


def is_rest_of(reviewed: PlanDocument, plan: Plan) -> bool:
    """Whether a plan writes nothing but what a reviewed plan writes."""
    known = {(o["action"], o["path"]): o["after"] for o in reviewed.operations}
    return all(
        (o["action"], o["path"]) in known and _is_part(o["after"], known[o["action"], o["path"]])
        for o in planned_operations(plan)
    )


def _is_part(part: dict[str, t.Any], whole: dict[str, t.Any]) -> bool:
    return all(name in whole and _is_equal(value, whole[name]) for name, value in part.items())


def _is_equal(one: t.Any, other: t.Any) -> bool:
    """Whether two values of a device are equal; numbers are compared by value, so that 1 equals 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    try:
        return is_same(one, other)
    except OverflowError:  # an integer beyond the range of floats
        return False


def _is_same_operation(one: Operation | None, other: Operation | None) -> bool:
    if one is None or other is None:
        return False
    names = ("action", "impact")
    return all(one.get(name) == other.get(name) for name in names) and all(
        _is_equal(one[side], other[side]) for side in ("before", "after")
    )


def _is_same_sequence(one: t.Sequence[Operation], other: t.Sequence[Operation]) -> bool:
    return len(one) == len(other) and all(
        first["path"] == second["path"] and _is_same_operation(first, second) for first, second in zip(one, other)
    )


def _pairs(
    reviewed: t.Sequence[Operation], current: t.Sequence[Operation]
) -> t.Iterator[tuple[str, Operation | None, Operation | None]]:
    old, new = ({o["path"]: o for o in operations} for operations in (reviewed, current))
    for path in dict.fromkeys([*old, *new]):
        yield path, old.get(path), new.get(path)


def _values_that_differ(old: Operation | None, new: Operation | None) -> tuple[t.Any, t.Any]:
    """The action and the values of both operations; of the same action only the values that differ."""
    if old is None or new is None or old["action"] != new["action"]:
        return _whole(old), _whole(new)
    left: dict[str, t.Any] = {"action": old["action"]}
    right: dict[str, t.Any] = {"action": new["action"]}
    for side in ("before", "after"):
        first, second = old[side] or {}, new[side] or {}
        names = [
            name
            for name in dict.fromkeys([*first, *second])
            if name not in first or name not in second or not _is_equal(first[name], second[name])
        ]
        left[side] = {name: first[name] for name in names if name in first}
        right[side] = {name: second[name] for name in names if name in second}
    if old.get("impact") != new.get("impact"):
        left["impact"], right["impact"] = old.get("impact"), new.get("impact")
    return left, right


def _whole(operation: Operation | None) -> dict[str, t.Any] | None:
    return None if operation is None else {name: operation[name] for name in ("action", "before", "after")}


def _masked(difference: PlanDifference, rules: SecretRules) -> PlanDifference:
    """A difference without values that are secret by now; the file may hold them from a task with other options."""
    at: Path = path_of(difference.path)
    if difference.reviewed is None:
        return difference
    masked = {side: mask_secrets(difference.reviewed[side], at, rules) for side in ("before", "after")}
    return difference._replace(reviewed={**difference.reviewed, **masked})


def _describe_values(path: str, reviewed: t.Any, current: t.Any) -> str:
    """The first value that differs, for operations of the same action."""
    for side, was, now in (("before", "was", "is"), ("after", "was to become", "would become")):
        for name in dict.fromkeys([*reviewed[side], *current[side]]):
            leaf = f"{path}/{printable(name, 60)}"
            if (name in reviewed["after"]) != (name in current["after"]):
                return f"{leaf} " + (
                    "would no longer be changed" if name in reviewed["after"] else "was not to be changed"
                )
            old, new = (_shown(values[side], name) for values in (reviewed, current))
            return f"{leaf} {was} {old} and {now} {new} now"
    old, new = (_describe_impact(operation.get("impact")) for operation in (reviewed, current))
    return f"{path} had {old} and has {new} now"


def _describe_impact(impact: str | None) -> str:
    return "no impact" if impact is None else f"an impact on {printable(impact, 60)}"


def _describe_save(difference: PlanDifference) -> str:
    reviewed, current = difference.reviewed, difference.current
    if difference.path == "packages":
        old, new = (printable(", ".join(each) or "none", _MAX_SHOWN_LENGTH) for each in (reviewed, current))
        return f"the packages to be saved were {old} and are {new} now"
    now = "an unknown number" if current is None else current
    return f"the save would include the unsaved changes of the device, which were {reviewed} and are {now} now"


def _shown(values: t.Mapping[str, t.Any], name: str) -> str:
    return format_json(values[name], _MAX_SHOWN_LENGTH) if name in values else "not set"


def _bounded(value: t.Any) -> t.Any:
    """A value for a result; a large one as the beginning of its JSON text."""
    return value if len(json.dumps(value)) <= _MAX_VALUE_LENGTH else format_json(value, _MAX_VALUE_LENGTH)
