# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`data` of an answer: the root, nodes of the status tree, nodes of the configuration."""

from __future__ import annotations

from typing import Any

from .device import Device
from .families.adjust import slots_of
from .schema import Leaf, Menu, Table
from .tree import MISSING, Place, Tree, UnknownPathError
from .values import render, render_item

ROOT_ID = "main-menu"


def visible(device: Device) -> Tree:
    """The running configuration less the settings of modules that are pulled."""
    running: Tree = device.config.running
    pulled = device.pulled()
    fitted = slots_of(running) if pulled else {}
    if not fitted:
        return running
    slots = {
        slot: {name: value for name, value in item.items() if name != "module" or slot not in pulled}
        for slot, item in fitted.items()
    }
    return {**running, "chassis0": {**running["chassis0"], "slots": slots}}


def root_data(device: Device, raw: bool) -> dict[str, Any]:
    """`data` of the root: status, and the configuration in the form of O4."""
    data: dict[str, Any] = {"object-id": ROOT_ID}
    status = device.status(raw)
    data["status"] = {name: item for name, item in status.items() if name != "object-id"}
    form = device.dialect["root_get"]
    if form == "status-only":
        return data
    content: dict[str, Any] = render(device.config.root, visible(device), device.dialect, raw, device.serial)
    name = device.dialect["config_root"]
    areas = content if name == "none" else {name: content}
    data.update({key: {} for key in areas} if form == "names" else areas)
    if device.recorded is not None and device.recorded.root is not None:
        # What else the device showed at its root.
        return {**device.recorded.root, **data}
    return data


def status_data(device: Device, path: tuple[str, ...], raw: bool) -> Any:
    """`data` of a node below /api/status, in the forms of O1 to O3."""
    value: Any = device.status(raw)
    item = False
    for name in path:
        item = False
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list):
            value = _item(value, name, path)
            item = True
        else:
            raise UnknownPathError("/".join(("status", *path)))
    name = path[-1] if path else "status"
    if isinstance(value, dict):
        if item:
            return _as_item(device, name, value)
        return {"object-id": name, **value}
    if isinstance(value, list):
        return _as_list(device, name, value)
    return _as_scalar(device, name, value)


def _item(items: list[Any], object_id: str, path: tuple[str, ...]) -> Any:
    for item in items:
        if isinstance(item, dict) and item.get("object-id") == object_id:
            return item
    raise UnknownPathError("/".join(("status", *path)))


def config_data(device: Device, place: Place, raw: bool = False) -> Any:
    """`data` of a configuration node, in the forms of O1 to O3."""
    rules, salt = device.dialect, device.serial
    name = place.path[-1] if place.path else rules["config_root"]
    if isinstance(place.node, Leaf):
        shown = render(place.node, place.value, rules, raw, salt)
        if shown is MISSING:
            raise UnknownPathError("/".join(place.path))
        return _as_scalar(device, name, shown)
    if isinstance(place.node, Table):
        return _as_list(device, name, render(place.node, place.value, rules, raw, salt))
    assert isinstance(place.node, Menu)
    if place.table is not None:
        item = render_item(place.node, name, place.value, rules, raw, salt)
        return _as_item(device, name, item)
    return {"object-id": name, **render(place.node, place.value, rules, raw, salt)}


def _as_scalar(device: Device, name: str, value: Any) -> Any:
    form = device.dialect["scalar_get"]
    if form == "bare":
        return value
    if form == "value":
        return {"value": value}
    if form == "with-id":
        return {"object-id": name, name: value}
    return {name: value}


def _as_list(device: Device, name: str, items: list[Any]) -> Any:
    form = device.dialect["list_get"]
    if form == "bare":
        return items
    if form == "map" and all(isinstance(item, dict) and isinstance(item.get("object-id"), str) for item in items):
        return {item["object-id"]: item for item in items}
    return {"object-id": name, name: items}


def _as_item(device: Device, name: str, item: dict[str, Any]) -> Any:
    return {name: item} if device.dialect["item_get"] == "wrapped" else item
