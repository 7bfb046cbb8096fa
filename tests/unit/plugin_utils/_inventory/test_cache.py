# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache of the inventory: which entries are recent enough, and what is stored."""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given

from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import cache, variables
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.cache import CacheEntry, MaximumAges
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._inventory.inventory_cases import JSON

AGES = MaximumAges(identity=1000.0, state=60.0, with_state=True)


def entry(**more: t.Any) -> CacheEntry:
    base = {
        "identity": {"model": "M600"},
        "identity_time": 5000.0,
        "state": {"stratum": 1},
        "state_time": 5000.0,
        "polled_at": 5000.0,
    }
    return CacheEntry(**{**base, **more})


@pytest.mark.parametrize(
    ("known", "ages", "now", "is_discovered", "expected"),
    [
        (None, AGES, 5000, False, False),
        (entry(), AGES, 5059, False, True),
        (entry(), AGES, 5061, False, False),
        (entry(), AGES._replace(with_state=False), 5999, False, True),
        (entry(), AGES._replace(with_state=False), 6001, False, False),
        (entry(), AGES._replace(state=9000), 6001, False, False),
        (entry(), AGES, 4999, False, False),
        (entry(state=None), AGES, 5001, False, False),
        (entry(status="unreachable", state=None), AGES, 5059, False, True),
        (entry(status="unreachable", state=None), AGES, 5061, False, False),
        (entry(status="unreachable", identity=None), AGES, 5999, True, True),
        (entry(status="unreachable", identity=None), AGES, 6001, True, False),
        (entry(status="unreachable"), AGES, 5061, True, False),
        (entry(status="auth_failed", identity=None), AGES, 5061, True, False),
        (entry(), AGES._replace(state=0.0), 5000, False, False),
    ],
)
def test_when_an_entry_is_usable(
    known: CacheEntry | None, ages: MaximumAges, now: float, is_discovered: bool, expected: bool
) -> None:
    assert cache.is_usable(known, ages, float(now), is_discovered) is expected


def test_entries_survive_the_cache() -> None:
    entries = {
        "a|443": entry(),
        "b|443": CacheEntry(status="auth_failed", problem="not_tried", polled_at=1.5),
    }
    assert cache.load_entries(json.loads(json.dumps(cache.dump_entries(entries)))) == entries


def test_the_stored_form_is_that_of_the_releases() -> None:
    stored = {
        "form": 1,
        "devices": {
            "ts1|443": {
                "identity": {"model": "M600"},
                "identity_time": 5.0,
                "state": None,
                "state_time": None,
                "outcome": "auth_failed",
                "problem": "not_tried",
                "asked": 6.5,
            }
        },
    }
    entries = cache.load_entries(stored)
    assert entries == {"ts1|443": CacheEntry({"model": "M600"}, 5.0, None, None, "auth_failed", "not_tried", 6.5)}
    assert cache.dump_entries(entries) == stored


@given(JSON)
def test_any_document_is_read_as_a_cache(document: t.Any) -> None:
    for wrapped in (
        document,
        {"form": 1, "devices": document},
        {"form": 1, "devices": {"a": document}},
    ):
        for found in cache.load_entries(wrapped).values():
            assert cache.is_usable(found, AGES, 1.0, False) in (True, False)
            variables.group_names(found.identity, found.state, "x_", variables.GROUP_CATEGORIES)
