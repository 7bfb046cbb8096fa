# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations of many peers, equal but for what belongs to each alone, and deviations planted in them."""

from __future__ import annotations

import copy
import functools
import random
import typing as t

from ansible_collections.meinberg.lantime.plugins.module_utils._drift.rules import is_identity
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.aliases import canonical_event
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import text_of
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.schema import Leaf, Menu
from ansible_collections.meinberg.lantime.tests.simulator.tree import leaves

Tree = dict[str, t.Any]
Path = tuple[str, ...]

GENERATIONS = ("m300-7.06", "m400-7.08", "m600-7.10", "m3000-7.10")
SLOTS = frozenset({"esi1", "io5", "int1"})
ORDERED = ("ntp", "reference-order")
TABLES = (
    ("ntp", "external-servers"),
    ("notification", "snmp", "trap-receivers"),
    ("security", "users"),
)


class Planted(t.NamedTuple):
    host: str
    path: str
    op: str


@functools.cache
def running(profile: str, index: int) -> Tree:
    """The running configuration that a simulated device of a profile starts with, canonical, secrets masked."""
    return t.cast("Tree", canonical(offline_device(profile, index).running(clear=False)).value)


def peer(profile: str, index: int, rng: random.Random) -> Tree:
    """A device of a fleet that is configured alike, with a name, addresses and a place of its own."""
    tree = copy.deepcopy(running(profile, index))
    tree["network"]["ipv4-gateway"] = f"198.51.100.{rng.randrange(4)}"
    tree["network"]["nameserver1"] = "192.0.2.53"
    tree["network"]["interfaces"]["vif0"]["ipv4"]["address"] = f"198.51.100.{index}"
    tree["snmp"]["location"] = f"site {rng.randrange(5)}"
    tree["ntp"]["external-servers"] = {
        str(n): {"address": f"192.0.2.{n}", "key": 0, "minpoll": 6, "iburst": True} for n in (1, 2, 3)
    }
    tree["notification"]["snmp"]["trap-receivers"] = {
        str(n): {"address": f"192.0.2.1{n}", "version": "v3", "community": "********"} for n in (0, 1)
    }
    tree["security"]["users"]["monitor"] = {"level": "info", "password": "********"}
    # Few slots, because each one is compared with those of all peers.
    tree["chassis0"]["slots"] = {
        name: tree["chassis0"]["slots"][name] for name in sorted(SLOTS & set(tree["chassis0"]["slots"]))
    }
    # A table without items is an array.
    tree["syncmon"]["nodes"] = tree["syncmon"]["nodes"] or {}
    tree["ntp"]["reference-order"] = ["clk1", "clk2", "external"]
    return tree


def peers(profiles: t.Sequence[str], count: int, rng: random.Random) -> dict[str, Tree]:
    return {f"ts{i:03d}": peer(profiles[i % len(profiles)], i, rng) for i in range(count)}


def kinds(profiles: t.Sequence[str], count: int) -> dict[str, str]:
    return {f"ts{i:03d}": profiles[i % len(profiles)] for i in range(count)}


def spelled(path: Path) -> str:
    return text_of([canonical_event(name) for name in path])


def plant(kind: str, host: str, tree: Tree, rng: random.Random) -> Planted:
    """Make one deviation in a tree. kind: setting, switch, item-added, item-removed or order."""
    if kind == "order":
        tree[ORDERED[0]][ORDERED[1]].reverse()
        return Planted(host, text_of(ORDERED), "replace")
    if kind.startswith("item"):
        table = rng.choice(TABLES)
        node = functools.reduce(lambda menu, name: menu[name], table, tree)
        name = "9" if kind == "item-added" else rng.choice(sorted(node))
        if kind == "item-added":
            node[name] = dict(rng.choice(list(node.values())))
        else:
            del node[name]
        return Planted(host, text_of((*table, name)), "remove" if kind == "item-added" else "add")
    path, leaf = rng.choice([(p, x) for p, x in settable(tree) if (x.kind == "switch") == (kind == "switch")])
    menu = functools.reduce(lambda node, name: node[name], path[:-1], tree)
    menu[path[-1]] = other_value(leaf, menu[path[-1]], rng)
    return Planted(host, spelled(path), "replace")


def schema_of(tree: Tree) -> Menu:
    """The schema of the profile with the modules whose settings a tree has."""
    slots = {name: set(slot.get("module", ())) for name, slot in tree["chassis0"]["slots"].items()}
    shown = {profile: running(profile, 0)["chassis0"]["slots"] for profile in GENERATIONS}
    return next(
        offline_device(profile).config.root
        for profile in GENERATIONS
        if all(set(shown[profile].get(name, {}).get("module", ())) == members for name, members in slots.items())
    )


def settable(tree: Tree) -> list[tuple[Path, Leaf]]:
    """The settings of a tree by the simulator's schema that can be written, are no secret and not one device's own."""
    return [
        (path, leaf)
        for path, leaf, dummy in leaves(schema_of(tree), tree)
        if not leaf.read_only and not leaf.secret and not is_identity(path) and _there(tree, path)
    ]


def _there(tree: t.Any, path: Path) -> bool:
    for name in path:
        if not isinstance(tree, dict) or name not in tree:
            return False
        tree = tree[name]
    return True


def other_value(leaf: Leaf, value: t.Any, rng: random.Random) -> t.Any:
    if leaf.kind == "switch":
        return not value
    if leaf.kind == "enum":
        return rng.choice([token for token in leaf.tokens if token != value])
    if leaf.kind == "float":
        return leaf.high if value != leaf.high else leaf.low
    if leaf.kind == "set":
        return value[1:] or ["ntp-sync"]
    if leaf.kind == "number":
        near = [
            leaf.low,
            leaf.high,
            *leaf.choices,
            *(rng.randint(int(leaf.low), int(leaf.high)) for dummy in range(3)),
        ]
        return rng.choice([number for number in near if number != value])
    return f"{value}x{rng.randrange(1000)}"
