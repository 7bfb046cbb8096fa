# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pure: the forms of requests and bodies that a device may expect (A2, A3, A7), and the content of nodes."""

from __future__ import annotations

import re
import typing as t

from .._tree.canonical import Tree, leaves
from .._tree.changes import Change
from .._tree.coerce import SWITCH_WORDS
from .._tree.paths import Path, text_of
from .._tree.secrets import is_secret

_NUMERIC_TEXT = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SWITCH_TEXTS = frozenset(word for pair in SWITCH_WORDS for word in pair)


class WireRequest(t.NamedTuple):
    """A request to be sent. path: names below /api.  body: None for a request without one."""

    method: str
    path: Path
    body: t.Any


# -- bodies (A3)


def menu_body(names: dict[str, t.Any], form: str) -> t.Any:
    """The body that carries names and values for a menu or an item."""
    return {form: names} if form in ("value", "data", "parameters") else names


def object_body(name: str, value: t.Any, form: str) -> t.Any:
    """The body that carries one value for the object or list of this name."""
    if form == "bare":
        return value
    if form == "value":
        return {"value": value}
    return {form: {name: value}} if form in ("data", "parameters") else {name: value}


def object_request(path: Path, value: t.Any, root: Path, target: str, form: str) -> WireRequest:
    """The request that changes one object. target: any value of A2; menus get a body of just that name."""
    place = (*root, *path)
    if target == "command":
        parameters = {"path": "/" + text_of(place), "value": value}
        return WireRequest("PUT", ("set",), {"parameters": parameters})
    if target in ("menu", "patch-menu"):
        method = "PATCH" if target == "patch-menu" else "PUT"
        return WireRequest(method, place[:-1], menu_body({path[-1]: value}, form))
    method = "POST" if target == "post-object" else "PUT"
    return WireRequest(method, place, object_body(path[-1], value, form))


# -- content of nodes


def to_wire(value: t.Any, at: Path, tables: t.AbstractSet[Path]) -> t.Any:
    """A canonical value in the form of a GET: tables as arrays whose items have an object-id."""
    if not isinstance(value, dict):
        return value
    members = {name: to_wire(item, (*at, name), tables) for name, item in value.items()}
    if at in tables:
        return [{"object-id": name, **item} for name, item in members.items()]
    return members


def secrets_in(value: t.Any, at: Path) -> dict[Path, t.Any]:
    """Every secret below a value with what the device shows for it, in lists too."""
    if isinstance(value, dict):
        return {p: v for n, i in value.items() for p, v in secrets_in(i, (*at, n)).items()}
    if isinstance(value, list):
        return {p: v for n, i in enumerate(value) for p, v in secrets_in(i, (*at, str(n))).items()}
    return {at: value} if is_secret(at, value) else {}


def drop_paths(value: t.Any, at: Path, left_out: t.Container[Path]) -> t.Any:
    """A copy without the members at some paths."""
    if not isinstance(value, dict):
        return value
    return {
        name: drop_paths(item, (*at, name), left_out) for name, item in value.items() if (*at, name) not in left_out
    }


def merge_values(value: t.Any, above: t.Any) -> t.Any:
    """A copy of a canonical value with another one merged into it, name by name."""
    if not isinstance(value, dict) or not isinstance(above, dict):
        return above
    return {**value, **{n: merge_values(value[n], v) if n in value else v for n, v in above.items()}}


def replay_changes(tree: Tree, at: Path, changes: t.Iterable[Change]) -> Tree:
    """The content of a node once changes have taken effect that it does not show yet."""
    value, tables = tree.value, set(tree.tables)
    for change in changes:
        if change.action == "delete" and change.path[: len(at)] == at and change.path != at:
            value = drop_paths(value, at, {change.path})
            continue
        if change.action == "create":
            tables.add(change.path[:-1])
        above: t.Any = change.after
        for name in reversed(change.path[len(at) :]):
            above = {name: above}
        if change.path[: len(at)] == at:
            value = merge_values({} if value == [] else value, above)
    return Tree(value, frozenset(tables), tree.ambiguous)


def clearable_texts(item: t.Any, at: Path) -> dict[Path, str]:
    """The leaves that clearing an item sets to empty text: texts and set secrets, but no switch, number or enum.

    item: the item as read with raw, so that an enum is a number.
    """
    return {
        path: value
        for path, value in leaves(item, at)
        if isinstance(value, str)
        and value
        and (is_secret(path, value) or not (value.lower() in _SWITCH_TEXTS or _NUMERIC_TEXT.fullmatch(value)))
    }


def sibling_tables(tree: Tree, item: Path) -> set[Path]:
    """Paths of the tables in an item that has the form of the other items of its table."""
    depth = len(item)
    return {(*item, *path[depth:]) for path in tree.tables if len(path) > depth}
