# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of a plan file: what a task would do on one device, as JSON with a checksum. Pure.

docs/plan.schema.json describes the format, docs/docsite/rst/plans.rst explains it.
"""

from __future__ import annotations

import hashlib
import json
import math
import typing as t

from .._base.sanitize import disarm_names, printable
from .._tree.canonical import leaves
from .._tree.changes import Change
from .._tree.paths import Path, path_of, text_of
from .._tree.secrets import contains_mask
from .planner import Plan
from .render import render_operations

PLAN_KIND = "meinberg.lantime plan"
PLAN_FORMAT = 1
MAX_PLAN_BYTES = 16 * 1024 * 1024

UNFINISHED = ("partial", "applied_unsaved")
"""Verdicts on a change that an earlier task has not finished."""

# An answer of a device has at most 64 levels, and a plan holds parts of it.
_MAX_DEPTH = 80
# Any longer integer is beyond the range of floats, in which numbers are compared.
_MAX_DIGITS = 300
_ACTIONS = ("set", "create", "delete")
_OPTIONAL_TEXTS = ("inventory_hostname", "unfinished")
_DEVICE_TEXTS = ("model", "serial_number", "hostname", "firmware", "api_version")

Operation = dict[str, t.Any]


class PlanError(ValueError):
    """A text that is no usable plan. The message is a clause such as "it is not JSON"."""


class PlannedSave(t.NamedTuple):
    """What a task saves after its operations. A package is saved as a whole, with the unsaved changes of other clients in it.

    packages: what would be saved; empty if nothing would be.  pending_changes: unsaved changes that the device counts before the
    first operation; None if it does not say.
    """

    packages: tuple[str, ...] = ()
    pending_changes: int | None = None


class PlanDocument(t.NamedTuple):
    """What a plan file says.

    made_at: ISO 8601, UTC.  host: the address to which the task connected.  device: as in results.  operations: as in results,
    without state.  secrets: paths of the secrets that would be written.  golden_files: names that the task was given.
    inventory_hostname: None if the task did not know it.  unfinished: the verdict on a change of an earlier task that is active
    in part, or not saved; None without one.  save: what would be saved after the operations.  The other members are those of the
    result.
    """

    collection_version: str
    made_at: str
    golden_files: tuple[str, ...]
    host: str
    device: dict[str, t.Any]
    operations: tuple[Operation, ...] = ()
    secrets: tuple[str, ...] = ()
    secrets_kept: tuple[str, ...] = ()
    not_applicable: tuple[dict[str, t.Any], ...] = ()
    modules_resolved: tuple[dict[str, t.Any], ...] = ()
    inventory_hostname: str | None = None
    unfinished: str | None = None
    save: PlannedSave = PlannedSave()

    @property
    def changes(self) -> tuple[Change, ...]:
        """The operations as changes; secrets are masks."""
        return tuple(Change(o["action"], path_of(o["path"]), o["before"], o["after"]) for o in self.operations)

    @property
    def secret_leaves(self) -> frozenset[Path]:
        """Paths of the leaves whose values the file does not hold."""
        masks = (
            path
            for change in self.changes
            for side in (change.before, change.after)
            for path, value in leaves(side or {}, change.path)
            if contains_mask(value)
        )
        return frozenset([*masks, *map(path_of, self.secrets)])


def planned_operations(plan: Plan) -> tuple[Operation, ...]:
    """The operations of a plan as a file holds them."""
    return tuple(
        disarm_names({name: value for name, value in each.items() if name != "state"})
        for each in render_operations(plan)
    )


def written_secrets(plan: Plan) -> tuple[str, ...]:
    """Paths of the secrets that a plan writes, in the order of its changes."""
    paths = (path for change in plan.changes for path, dummy in leaves(change.after, change.path))
    return tuple(dict.fromkeys(text_of(path) for path in paths if path in plan.secrets))


# -- writing


def encode_plan(document: PlanDocument) -> bytes:
    """The content of a plan file. It is ASCII, so that no control character of a device reaches a terminal with it."""
    members = _members_of(document)
    content = {**members, "checksum": _checksum(members)}
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode("ascii")


def _members_of(document: PlanDocument) -> dict[str, t.Any]:
    members: dict[str, t.Any] = {
        "format": PLAN_FORMAT,
        "kind": PLAN_KIND,
        "collection_version": document.collection_version,
        "made_at": document.made_at,
        "golden_files": list(document.golden_files),
        "host": document.host,
        "device": document.device,
        "operations": list(document.operations),
        "save": {
            "packages": list(document.save.packages),
            "pending_changes": document.save.pending_changes,
        },
        "secrets": list(document.secrets),
        "secrets_kept": list(document.secrets_kept),
        "not_applicable": disarm_names(list(document.not_applicable)),
    }
    for name in _OPTIONAL_TEXTS:
        value = getattr(document, name)
        if value is not None:
            members[name] = value
    if document.modules_resolved:
        members["modules_resolved"] = disarm_names(list(document.modules_resolved))
    return members


def _checksum(members: dict[str, t.Any]) -> str:
    text = json.dumps(members, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


# -- reading


def parse_plan(content: bytes) -> PlanDocument:
    """A plan from the content of a file. Raises PlanError for anything that encode_plan() does not return."""
    members = _parse_members(content)
    if members.get("kind") != PLAN_KIND:
        raise PlanError("it is not a plan of meinberg.lantime")
    _check_format(members.get("format"))
    claimed = members.pop("checksum", None)
    if claimed != _checksum(members):
        raise PlanError("its checksum does not match its content, so it was edited or cut")
    _check_members(members)
    tuples = {name: tuple(value) for name, value in members.items() if isinstance(value, list)}
    texts = {name: members[name] for name in ("collection_version", "made_at", "host", "device")}
    save = PlannedSave(tuple(members["save"]["packages"]), members["save"]["pending_changes"])
    return PlanDocument(**{**texts, **tuples, **{name: members.get(name) for name in _OPTIONAL_TEXTS}, "save": save})


def _parse_members(content: bytes) -> dict[str, t.Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanError("it is not UTF-8 text") from None
    try:
        value = json.loads(
            text, object_pairs_hook=_make_object, parse_int=_parse_integer, parse_constant=_refuse_constant
        )
        _check_bounds(value)
    except json.JSONDecodeError:
        raise PlanError("it is not JSON, or it was cut") from None
    except RecursionError:
        raise PlanError(f"it is nested deeper than {_MAX_DEPTH} levels") from None
    if not isinstance(value, dict):
        raise PlanError("it is not a plan of meinberg.lantime")
    return value


def _make_object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise PlanError("it has a name twice in one object")
    return members


def _parse_integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise PlanError(f"it has a number of more than {_MAX_DIGITS} digits")
    return int(text)


def _refuse_constant(name: str) -> t.NoReturn:
    raise PlanError(f"it holds {name}, which is no number")


def _check_bounds(value: t.Any) -> None:
    """Raise PlanError for what no device sends: deeply nested values, and numbers beyond the range of floats."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH:
            raise PlanError(f"it is nested deeper than {_MAX_DEPTH} levels")
        if not all(math.isfinite(item) for item in level if isinstance(item, float)):
            raise PlanError("it holds a number that is too large")
        containers = [item for item in level if isinstance(item, (dict, list))]
        level = [inner for item in containers for inner in (item.values() if isinstance(item, dict) else item)]


def _check_format(value: t.Any) -> None:
    if not _is_integer(value) or value < 1:
        raise PlanError("it does not say its format")
    if value > PLAN_FORMAT:
        number = printable(value, 20)
        raise PlanError(f"its format is {number}, and this version of the collection reads {PLAN_FORMAT} only")


# -- types of members


def _is_text(value: t.Any) -> bool:
    return isinstance(value, str)


def _is_integer(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list_of(check: t.Callable[[t.Any], bool]) -> t.Callable[[t.Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _is_menu(value: t.Any) -> bool:
    return isinstance(value, dict)


def _is_device(value: t.Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {*_DEVICE_TEXTS, "api_generation"}
        and all(value[name] is None or isinstance(value[name], str) for name in _DEVICE_TEXTS)
        and (value["api_generation"] is None or _is_integer(value["api_generation"]))
    )


def _is_save(value: t.Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"packages", "pending_changes"}
        and _is_list_of(_is_text)(value["packages"])
        and (
            value["pending_changes"] is None
            or (_is_integer(value["pending_changes"]) and value["pending_changes"] >= 0)
        )
    )


def _is_operation(value: t.Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) - {"impact"} == {"id", "handler", "action", "path", "before", "after"}
        and _is_integer(value["id"])
        and all(isinstance(value.get(name, ""), str) for name in ("handler", "path", "impact"))
        and value["action"] in _ACTIONS
        and bool(path_of(value["path"]))
        and (value["before"] is None or isinstance(value["before"], dict))
        and isinstance(value["after"], dict)
    )


_REQUIRED: dict[str, t.Callable[[t.Any], bool]] = {
    "format": lambda dummy: True,
    "kind": _is_text,
    "collection_version": _is_text,
    "made_at": _is_text,
    "golden_files": _is_list_of(_is_text),
    "host": _is_text,
    "device": _is_device,
    "operations": _is_list_of(_is_operation),
    "save": _is_save,
    "secrets": _is_list_of(_is_text),
    "secrets_kept": _is_list_of(_is_text),
    "not_applicable": _is_list_of(_is_menu),
}
_OPTIONAL: dict[str, t.Callable[[t.Any], bool]] = {
    "inventory_hostname": _is_text,
    "unfinished": lambda value: value in UNFINISHED,
    "modules_resolved": _is_list_of(_is_menu),
}


def _check_members(members: dict[str, t.Any]) -> None:
    known = {**_REQUIRED, **_OPTIONAL}
    for name in members:
        if name not in known:
            raise PlanError(f'it has the unknown member "{printable(name, 40)}"')
    for name, check in known.items():
        if name not in members:
            if name in _REQUIRED:
                raise PlanError(f"it has no member {name}")
        elif not check(members[name]):
            raise PlanError(f"its member {name} has not the form of a plan")
