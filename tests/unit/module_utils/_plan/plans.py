# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated devices, desired trees for them, and a model of a device to which a plan is applied.

A device has the form of a GET: a table is an array of objects with object-id. Nothing here uses the collection's own code to apply
or to compare.
"""

from __future__ import annotations

import copy
import typing as t

from hypothesis import strategies as st

MASK = "****"
UNKNOWN = "member-of-a-later-firmware"

Tree = dict[str, t.Any]
Path = tuple[str, ...]

# Values of a leaf by its name.
VALUES: dict[str, st.SearchStrategy[t.Any]] = {
    "enabled": st.booleans(),
    "count": st.integers(0, 9),
    "label": st.sampled_from(["", "one", "two", "three"]),
    "mode": st.sampled_from(["enabled", "disabled"]),
    "servers": st.lists(st.sampled_from(["a", "b", "c"]), max_size=3),
    "password": st.sampled_from(["", MASK]),
}
# What a user may write for it.
WISHES: dict[str, st.SearchStrategy[t.Any]] = {
    "enabled": st.booleans() | st.sampled_from(["yes", "off", 0, 1]),
    "count": st.integers(0, 9) | st.sampled_from(["3", "7", 5.0]),
    "label": VALUES["label"],
    "mode": VALUES["mode"] | st.booleans(),
    "servers": VALUES["servers"],
    "password": st.sampled_from(["", MASK, "new-1", "new-2"]),
}
_MAYBE = {name: st.just("left out") | wishes for name, wishes in WISHES.items()}
IDS = ["i1", "i2", "i3", "i4"]
AREAS = ["ntp", "snmp", "network"]


LEAVES = st.fixed_dictionaries({"count": VALUES["count"]}, optional={n: v for n, v in VALUES.items() if n != "count"})
SHAPES = [("label", "count"), ("enabled", "password", "label"), ("mode",), ("servers", "password")]


def _items(shape: tuple[str, ...], below: tuple[str, ...]) -> st.SearchStrategy[list[Tree]]:
    inner = st.fixed_dictionaries({name: VALUES[name] for name in below})
    item = st.fixed_dictionaries({**{name: VALUES[name] for name in shape}, "below": inner})
    by_id = st.dictionaries(st.sampled_from(IDS), item, max_size=3)
    return by_id.map(lambda items: [{"object-id": i, **content} for i, content in items.items()])


# Items of one shape, each with a menu below it.
TABLES = st.one_of(*[_items(shape, below) for shape, below in zip(SHAPES, [*SHAPES[1:], ()])])


AREA = st.tuples(LEAVES, LEAVES, TABLES).map(lambda parts: {**parts[0], "menu": parts[1], "table": parts[2]})
DEVICES = st.dictionaries(st.sampled_from(AREAS), AREA, min_size=1, max_size=2)


@st.composite
def _wanted_menu(draw: st.DrawFn, menu: Tree) -> Tree:
    wanted: Tree = {}
    for name, value in menu.items():
        if isinstance(value, dict):
            wanted[name] = draw(_wanted_menu(value))
        elif name in WISHES:
            wish = draw(_MAYBE[name])
            if wish != "left out":
                wanted[name] = wish
    return wanted


@st.composite
def _wanted_table(draw: st.DrawFn, table: list[Tree], state: str) -> t.Any:
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=3))
    present = {item["object-id"]: item for item in table}
    shape = next(iter(present.values()), {"label": "", "below": {}})
    items = {
        i: {} if state == "deleted" and draw(st.booleans()) else draw(_wanted_menu(present.get(i, shape))) for i in ids
    }
    if state == "deleted":
        items = {i: {k: v for k, v in item.items() if k != "below"} for i, item in items.items()}
    if draw(st.booleans()):
        return [{"object-id": i, **item} for i, item in items.items()]
    return items


@st.composite
def wanted_for(draw: st.DrawFn, device: Tree, state: str) -> Tree:
    """A desired tree that names some of what a device has, and items that it does not have."""
    wanted: Tree = {}
    for area, content in device.items():
        if not draw(st.booleans()):
            continue
        named = {} if state == "deleted" else draw(_wanted_menu({k: v for k, v in content.items() if k != "table"}))
        if draw(st.booleans()):
            named["table"] = draw(_wanted_table(content["table"], state))
        wanted[area] = named
    return wanted


@st.composite
def cases(draw: st.DrawFn) -> tuple[Tree, Tree, str]:
    """A device, a desired tree, and the state that is meant."""
    state = draw(st.sampled_from(["merged", "overridden", "deleted"]))
    device = draw(DEVICES)
    return device, draw(wanted_for(device, state)), state


# -- the model


def _menu_at(tree: t.Any, path: Path) -> t.Any:
    for name in path:
        tree = next(item for item in tree if item["object-id"] == name) if isinstance(tree, list) else tree[name]
    return tree


def _as_reported(value: t.Any, name: str) -> t.Any:
    """A value as the device reports it."""
    if isinstance(value, dict):
        return {inner: _as_reported(v, inner) for inner, v in value.items()}
    return MASK if name == "password" and value else copy.deepcopy(value)


def applied(device: Tree, changes: t.Iterable[t.Any]) -> Tree:
    """A device after changes."""
    tree = copy.deepcopy(device)
    for change in changes:
        apply_to(tree, change)
    return tree


def apply_to(tree: Tree, change: t.Any) -> None:
    """Apply one change in place."""
    if change.action == "set":
        _menu_at(tree, change.path).update(_as_reported(change.after, ""))
        return
    table = _menu_at(tree, change.path[:-1])
    if change.action == "create":
        assert all(item["object-id"] != change.path[-1] for item in table)
        table.append({"object-id": change.path[-1], **_as_reported(change.after, "")})
    else:
        table.remove(_menu_at(tree, change.path))


def flat(node: t.Any, at: Path = ()) -> dict[Path, t.Any]:
    """Every leaf of a device by its path; an item without leaves has its own path."""
    if isinstance(node, dict):
        leaf_values = {
            p: v for name, inner in node.items() if name != "object-id" for p, v in flat(inner, (*at, name)).items()
        }
        return {**leaf_values, **({at: {}} if "object-id" in node else {})}
    if isinstance(node, list) and at[-1] == "table":
        return {p: v for item in node for p, v in flat(item, (*at, item["object-id"])).items()}
    return {at: node}
