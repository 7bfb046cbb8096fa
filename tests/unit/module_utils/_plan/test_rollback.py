# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a plan stands on a device, and what undoes it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.rollback import unfinished_leaves
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change

ITEM = ("snmp", "table", "i3")
SECRET = (*ITEM, "below", "password")


@pytest.mark.parametrize("content", [{}, {"below": {}}, {"below": {"password": ""}}])
def test_an_item_that_the_device_did_not_create_is_unfinished(content: dict[str, t.Any]) -> None:
    change = Change("create", ITEM, None, content)
    secrets = frozenset({SECRET})
    assert [d.path for d in unfinished_leaves([change], {"snmp": {"table": {}}}, secrets)] == [ITEM]
    assert unfinished_leaves([change], {"snmp": {"table": {"i3": content}}}, secrets) == []
