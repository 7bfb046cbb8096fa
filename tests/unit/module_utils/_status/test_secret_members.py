# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of the status tree whose names say that they are secret: facts have their names, but never their values."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._status.facts import ALL_SUBSETS, gather_facts
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.secrets import MASK
from ansible_collections.meinberg.lantime.tests.devices import status_envelopes
from ansible_collections.meinberg.lantime.tests.simulator.faults import with_members

ENVELOPES = status_envelopes()
MEMBERS = {"shared-key": "canary-1", "nested": {"password": "canary-2"}, "psk": ["canary-3"], "apiKey": "canary-4"}
NODES = [
    {"object-id": "n1", "auth-key": "canary-5", "address": "192.0.2.1"},
    {"object-id": "n2", "community": "canary-6"},
]


def facts_of(envelope: t.Any) -> t.Any:
    return gather_facts(envelope, ALL_SUBSETS)["ansible_lantime"]


@pytest.mark.parametrize("profile", sorted(ENVELOPES))
def test_no_secret_member_of_any_object_is_shown(profile: str) -> None:
    envelope = copy.deepcopy(ENVELOPES[profile])
    with_members(envelope["data"], MEMBERS)
    text = json.dumps(facts_of(envelope))
    assert "shared-key" in text
    assert "canary" not in text


@pytest.mark.parametrize("is_list", [True, False])
@pytest.mark.parametrize(("parent", "table"), [("syncmon", "nodes"), ("syncteam", "members")])
def test_items_that_are_passed_on_have_their_secrets_masked(parent: str, table: str, is_list: bool) -> None:
    envelope = copy.deepcopy(ENVELOPES["m600-7.10"])
    items: t.Any = NODES if is_list else {node["object-id"]: node for node in NODES}
    envelope["data"].setdefault(parent, {})[table] = items
    first, second = facts_of(envelope)[parent][table]
    if parent == "syncmon":
        assert (first["address"], first["details"]) == ("192.0.2.1", {"auth_key": MASK})
        assert second["details"] == {"community": MASK}
    else:
        assert first == {"object-id": "n1", "auth-key": MASK, "address": "192.0.2.1"}
        assert second == {"object-id": "n2", "community": MASK}


@pytest.mark.parametrize("profile", sorted(ENVELOPES))
def test_the_facts_of_a_healthy_device_hold_no_mask(profile: str) -> None:
    assert MASK not in json.dumps(facts_of(ENVELOPES[profile]))
