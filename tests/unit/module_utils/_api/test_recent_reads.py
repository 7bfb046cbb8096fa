# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes that were read since the latest write."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.recent_reads import RecentReads

NTP = {"stratum": 3, "servers": [{"object-id": "1", "address": "a"}, {"object-id": 2}], "empty": {}, "none": []}


@pytest.mark.parametrize(
    ("path", "node"),
    [
        (("ntp",), NTP),
        (("ntp", "stratum"), 3),
        (("ntp", "servers", "1"), {"object-id": "1", "address": "a"}),
        (("ntp", "servers", "2"), {"object-id": 2}),
        (("ntp", "servers", "3"), None),
        (("ntp", "stratum", "x"), None),
        (("ntp", "empty"), None),
        (("ntp", "none"), None),
        (("snmp",), None),
        ((), None),
    ],
)
def test_a_node_is_part_of_what_was_read(path: tuple[str, ...], node: t.Any) -> None:
    reads = RecentReads()
    reads.remember(("ntp",), False, NTP)
    assert reads.find(path, False) == node
    assert reads.find(path, True) is None
    reads.forget()
    assert reads.find(path, False) is None


def test_the_latest_read_counts() -> None:
    reads = RecentReads()
    reads.remember(("ntp",), False, {"stratum": 3, "scale": "utc"})
    reads.remember((), False, {"ntp": {"stratum": 4}})
    assert reads.find(("ntp", "stratum"), False) == 4
    assert reads.find(("ntp", "scale"), False) == "utc"
    reads.remember(("ntp",), False, {"stratum": 5})
    assert reads.find(("ntp", "stratum"), False) == 5


def test_an_item_that_a_table_holds_twice_is_not_used() -> None:
    reads = RecentReads()
    reads.remember(("t",), False, [{"object-id": "1", "a": 1}, {"object-id": "1", "a": 2}])
    assert reads.find(("t", "1"), False) is None
