# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices for health tests: answers of the simulator's profiles, with changes."""

from __future__ import annotations

import functools
import json
import typing as t
from datetime import datetime, timedelta

from ansible_collections.meinberg.lantime.plugins.module_utils._health import evaluate
from ansible_collections.meinberg.lantime.plugins.module_utils._health import policy as _health_policy
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.tests.devices import offline_device
from ansible_collections.meinberg.lantime.tests.simulator.profiles import Identity, load_profile

NOW = datetime(2026, 5, 4, 3, 2, 1)
GONE: t.Any = object()
"""A change to this value removes the member or item."""

Tree = dict[str, t.Any]


def before(**span: float) -> str:
    """A time so long before NOW, in the zone-less form of the device's."""
    return (NOW - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%S")


def envelope(profile: str = "m600-7.10") -> Tree:
    """A healthy device of a profile, as a tree of its own."""
    tree: Tree = json.loads(_healthy_answer(profile))
    return tree


@functools.cache
def _healthy_answer(profile: str) -> str:
    made = load_profile(profile)
    identity = Identity("ts1", "example.com", "001234500001", 1, 4711, NOW)
    answer = {
        "system-information": {
            "API Version": f"LANTIME REST API V{made.api}",
            "version": made.firmware,
            "serial-number": identity.serial,
            "hostname": identity.hostname,
            "time-stamp": before(),
            "model": made.model,
        },
        "data": made.status(identity),
        "changes": {"pending-changes": 0},
        "links": {"self": "https://localhost/api/status"},
    }
    return json.dumps(answer)


def change(tree: Tree, path: str, value: t.Any) -> None:
    """Change one member, by its path below the status node; items of lists by object-id. Below `/` is the envelope."""
    node: t.Any = tree if path.startswith("/") else tree["data"]
    names = [name for name in path.split("/") if name]
    for name in names[:-1]:
        node = _child(node, name)
    if isinstance(node, list):
        place = next((n for n, item in enumerate(node) if item["object-id"] == names[-1]), None)
        if value is GONE:
            assert place is not None
            del node[place]
        elif place is None:
            node.append({"object-id": names[-1], **value})
        else:
            node[place] = {"object-id": names[-1], **value}
    elif value is GONE:
        del node[names[-1]]
    else:
        node[names[-1]] = value


def _child(node: t.Any, name: str) -> t.Any:
    if isinstance(node, list):
        return next(item for item in node if item["object-id"] == name)
    return node[name]


def trigger(tree: Tree, name: str, state: int, when: str = "", kind: str = "error") -> None:
    """Set an event, which is added if the profile does not have it."""
    events = tree["data"]["notification"]["events"]
    result = next((event for event in events if event["object-id"] == name), None)
    if result is None:
        result = {"object-id": name, "type": kind}
        events.append(result)
    result.update({"triggered": state, "last-triggered": when or before(hours=5)})


def configuration(profile: str, changes: t.Mapping[str, t.Any]) -> Tree:
    """The canonical configuration of a device of a profile, with changes by path; GONE removes a member or an item."""
    tree: Tree = json.loads(_configuration(profile))
    for path, value in changes.items():
        *names, last = path.split("/")
        node = tree
        for name in names:
            node = node[name]
        if value is GONE:
            del node[last]
        else:
            node[last] = value
    return tree


@functools.cache
def _configuration(profile: str) -> str:
    return json.dumps(canonical(offline_device(profile).running()).value)


def checks_of(
    tree: t.Any, now: str | None = None, configuration: Tree | None = None, **policy: t.Any
) -> dict[str, Tree]:
    """The checks by name."""
    checks = evaluate.evaluate(tree, _health_policy.make_policy(**policy), now, configuration)
    return {check["name"]: check for check in checks}
