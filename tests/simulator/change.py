# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of the configuration over REST: which method on which node, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .answers import Answer, success
from .device import Device
from .edit import Editor, count_objects, unwrap
from .families.rules import Change, broken_rule
from .refusal import RefusedError
from .schema import Leaf, Menu, Table
from .tree import MISSING, Path, Place, Tree, UnknownPathError, clone, differences, find
from .view import config_data

if TYPE_CHECKING:
    from .auth import Caller
    from .routes import Request

_USERS = ("security", "users")
_SLOTS = ("chassis0", "slots")


def change(device: Device, request: Request, path: Path) -> Answer:
    """PUT, POST, PATCH or DELETE on a configuration node."""
    require_level(device, request.caller)
    tree: Tree = clone(device.config.candidate)
    editor = Editor(device.config.root, tree, device.dialect)
    try:
        place = find(device.config.root, tree, path)
    except UnknownPathError:
        _create(device, request, editor, path)
    else:
        if request.method == "DELETE":
            _delete(device, editor, place)
            path = path[:-1]
        elif request.method == "PUT":
            _put(device, request, editor, place)
        elif request.method == "PATCH":
            _patch(device, request, editor, place)
        else:
            path = _post(device, request, editor, place)
    commit(device, request.caller, tree)
    return changed_answer(device, request, path)


def changed_answer(device: Device, request: Request, path: Path) -> Answer:
    """The answer after a change of `path`, with the node as a GET would show it."""
    form = device.dialect["put_answer"]
    data: Any = MISSING
    if form in ("envelope", "error-in-200"):
        try:
            data = config_data(device, find(device.config.root, device.config.running, path))
        except UnknownPathError:
            data = MISSING
    return success(device, request.path, data, request.caller.name)


def require_level(device: Device, caller: Caller, level: str = "") -> None:
    """Refuses a caller who may not write (O11)."""
    wanted = device.dialect["write_level"]
    if wanted == "any":
        return
    if not caller.may(level or wanted):
        raise RefusedError("level", f"level {level or wanted} is needed")


def commit(device: Device, caller: Caller, tree: Tree) -> None:
    """Hands an edited tree to the configuration; users need level super."""
    changed = differences(device.config.candidate, tree)
    _require_rules(device, tree)
    if any(path[:2] == _USERS for path, dummy, dummy in changed):
        require_level(device, caller, "super")
    if not changed:
        if device.dialect["noop_put"] == "counts":
            device.config.equal_put()
        return
    device.config.commit(tree, caller.name)


def _require_rules(device: Device, tree: Tree) -> None:
    """Refuses what a module that is fitted does not take, or a module that is not fitted."""
    for path, dummy, dummy in differences(device.config.candidate, tree):
        if path[3:4] == ("module",) and path[:2] == _SLOTS and path[2] in device.pulled():
            raise UnknownPathError("/".join(path[:4]))
    made = Change(device.model.of(device.config.candidate), device.model.of(tree), device.clock_slots)
    text = broken_rule(made, bool(device.options["strict_rules"]))
    if text:
        raise RefusedError("value", text)


def _body(request: Request) -> Any:
    body = request.json()
    if body is MISSING:
        raise RefusedError("body", "the body is missing")
    return body


def _put(device: Device, request: Request, editor: Editor, place: Place) -> None:
    target, form = device.dialect["set_target"], device.dialect["set_body"]
    name = place.path[-1] if place.path else ""
    if isinstance(place.node, Leaf):
        if target != "object":
            raise RefusedError("method", "PUT is not allowed on an object", "GET")
        editor.set_leaf(place.path, place.node, unwrap(_body(request), form, place.node, name))
        return
    if isinstance(place.node, Table):
        if "put-list" not in (device.dialect["list_add"], device.dialect["list_remove"]):
            raise RefusedError("method", "PUT is not allowed on a list", "GET")
        value = unwrap(_body(request), form, place.node, name)
        editor.set_table(place.path, place.node, value)
        return
    # A body of names is as good for several objects of a menu as for one; other forms are not.
    on_menu = target == "menu" or (target == "object" and form not in ("value", "bare"))
    adds = place.table is not None and device.dialect["list_add"] == "put-item"
    if not on_menu and not (adds and request.json() in (MISSING, {})):
        raise RefusedError("method", "PUT is not allowed on a menu", "GET")
    body = request.json()
    if body is MISSING and adds:
        return
    _set_menu(device, editor, place, unwrap(_body(request), form, place.node, name))


def _set_menu(device: Device, editor: Editor, place: Place, value: Any) -> None:
    assert isinstance(place.node, Menu)
    if device.options["menu_put_refused"] and count_objects(value) > 1:
        raise RefusedError("value", "only one object at a time")
    if value == {} and place.table is not None:
        return
    editor.set_menu(place.path, place.node, value)


def _create(device: Device, request: Request, editor: Editor, path: Path) -> None:
    parent = find(editor.root, editor.tree, path[:-1])
    if not isinstance(parent.node, Table):
        raise UnknownPathError("/".join(path))
    allowed = device.dialect["list_add"] == "put-item" and parent.node.rule.grows
    if request.method != "PUT" or not allowed:
        raise UnknownPathError("/".join(path))
    editor.add_item(path[:-1], parent.node, path[-1])
    place = find(editor.root, editor.tree, path)
    body = request.json()
    if body is MISSING or body == {}:
        return
    assert isinstance(place.node, Menu)
    value = unwrap(body, device.dialect["set_body"], place.node, path[-1])
    editor.set_menu(path, place.node, value)


def _delete(device: Device, editor: Editor, place: Place) -> None:
    if device.dialect["list_remove"] != "delete-item" or not isinstance(place.table, Table):
        raise RefusedError("method", "DELETE is not allowed here", "GET")
    editor.remove_item(place.path, place.table)


def _patch(device: Device, request: Request, editor: Editor, place: Place) -> None:
    if device.dialect["set_target"] != "patch-menu" or not isinstance(place.node, Menu):
        raise RefusedError("method", "PATCH is not allowed here", "GET")
    form, name = device.dialect["set_body"], place.path[-1] if place.path else ""
    _set_menu(device, editor, place, unwrap(_body(request), form, place.node, name))


def _post(device: Device, request: Request, editor: Editor, place: Place) -> Path:
    form = device.dialect["set_body"]
    if isinstance(place.node, Leaf) and device.dialect["set_target"] == "post-object":
        value = unwrap(_body(request), form, place.node, place.path[-1])
        editor.set_leaf(place.path, place.node, value)
        return place.path
    if isinstance(place.node, Table) and device.dialect["list_add"] == "post-list":
        item = unwrap(_body(request), form, place.node.item, "")
        object_id = item.get("object-id") if isinstance(item, dict) else None
        if not isinstance(object_id, str):
            raise RefusedError("value", "object-id is missing")
        editor.add_item(place.path, place.node, object_id)
        path = (*place.path, object_id)
        editor.set_menu(path, place.node.item_menu(object_id), item)
        return path
    raise RefusedError("method", "POST is not allowed here", "GET")
