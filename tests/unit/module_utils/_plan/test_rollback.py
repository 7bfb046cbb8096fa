# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a plan stands on a device, and what undoes it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.rollback import (
    AFTER,
    BEFORE,
    FOREIGN,
    MIXED,
    change_state,
    remaining_changes,
    rollback_plan,
    unfinished_leaves,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

ITEM = ("snmp", "table", "i3")
SECRET = (*ITEM, "below", "password")


@pytest.mark.parametrize("content", [{}, {"below": {}}, {"below": {"password": ""}}])
def test_an_item_that_the_device_did_not_create_is_unfinished(content: dict[str, t.Any]) -> None:
    change = Change("create", ITEM, None, content)
    secrets = frozenset({SECRET})
    assert [d.path for d in unfinished_leaves([change], {"snmp": {"table": {}}}, secrets)] == [ITEM]
    assert unfinished_leaves([change], {"snmp": {"table": {"i3": content}}}, secrets) == []


DEVICE: dict[str, t.Any] = {
    "security": {"users": [{"object-id": "ansible", "level": "admin"}, {"object-id": "guest", "level": "info"}]},
    "ntp": {"servers": [{"object-id": "1", "address": "a", "community": "****"}]},
}
COMMUNITY = ("ntp", "servers", "1", "community")
CHANGES = (
    Change(
        "set", ("ntp", "servers", "1"), {"address": "a", "community": "****"}, {"address": "b", "community": "canary"}
    ),
    Change("create", ("ntp", "servers", "2"), None, {"address": "c"}),
    Change("delete", ("security", "users", "guest"), {"level": "info"}, {}),
)


def test_the_state_of_changes_and_their_rollback_plan() -> None:
    secrets = frozenset({COMMUNITY})
    before = canonical(DEVICE).value
    assert change_state(CHANGES, before, secrets) == BEFORE
    assert rollback_plan(CHANGES, before, secrets, True).changes == ()
    after = canonical(DEVICE).value
    after["ntp"]["servers"]["1"]["address"] = "b"
    assert change_state(CHANGES, after, secrets) == MIXED
    assert [c.action for c in remaining_changes(CHANGES, after, secrets)] == ["create", "delete"]
    after["ntp"]["servers"]["2"] = {"address": "c", "filled-by-device": 1}
    del after["security"]["users"]["guest"]
    assert change_state(CHANGES, after, secrets) == AFTER
    assert unfinished_leaves(CHANGES, after, secrets) == []
    plan = rollback_plan(CHANGES, after, secrets, False)
    assert [(c.action, c.path[-1]) for c in plan.changes] == [
        ("create", "guest"),
        ("delete", "2"),
        ("set", "1"),
    ]
    assert plan.changes[2].after == {"address": "a"}
    assert plan.lost == (COMMUNITY,)
    after["ntp"]["servers"]["1"]["address"] = "somebody's"
    assert change_state(CHANGES, after, secrets) == FOREIGN
    assert rollback_plan(CHANGES, after, secrets, False).foreign == (("ntp", "servers", "1", "address"),)
    assert rollback_plan(CHANGES, after, secrets, True).foreign == ()
