# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables and groups of a device."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given

from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import CONNECTION_OPTIONS
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import variables
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._inventory.inventory_cases import JSON


@given(JSON)
def test_any_answer_has_all_variables_and_proper_groups(answer: t.Any) -> None:
    envelope = answer if isinstance(answer, dict) else {"data": answer}
    identity, state = variables.describe_device(envelope)
    assert tuple(identity) == variables.IDENTITY_VARIABLES
    assert tuple(state) == variables.STATE_VARIABLES
    names = variables.group_names(identity, state, "lantime_", variables.GROUP_CATEGORIES)
    assert all(name.isidentifier() and name.isascii() for name in names)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("M600", "m600"),
        ("7.10", "7_10"),
        ("ocxo-hq", "ocxo_hq"),
        ("GNS-UC", "gns_uc"),
        (1, "1"),
        ("{{ 7 * 7 }}", "7_7"),
        ("../../etc", "etc"),
        ("a" * 999, "a" * 64),
        ("\u202e\x00", ""),
        ("überall", "berall"),
    ],
)
def test_values_in_names_of_groups(token: object, expected: str) -> None:
    assert variables.group_suffix(token) == expected


@pytest.mark.parametrize(
    ("leap", "announced", "expected"),
    [
        (0, False, ["leap_none"]),
        (1, None, ["leap_pending"]),
        (2, False, ["leap_pending"]),
        (3, True, ["leap_alarm"]),
        (0, True, ["leap_pending"]),
        (None, True, ["leap_pending"]),
        (None, False, []),
    ],
)
def test_leap_seconds(leap: int | None, announced: bool | None, expected: list[str]) -> None:
    state = {"leap_indicator": leap, "leap_second_announced": announced}
    assert variables.group_names(None, state, "", variables.GROUP_CATEGORIES) == expected


def test_what_a_device_lists_is_bounded() -> None:
    events = [{"object-id": f"event-{n}", "triggered": True, "type": "error"} for n in range(5000)]
    slots = [
        {"object-id": f"clk{n}", "module": {"info": {"model": f"gps{n}"}, "gps": {"antenna": {}}}} for n in range(500)
    ]
    tree = {"notification": {"events": events}, "chassis0": {"slots": slots}}
    identity, state = variables.describe_device({"data": {"status": tree}})
    names = variables.group_names(identity, state, "", variables.GROUP_CATEGORIES)
    assert len(state["active_events"]) == len(identity["receivers"]) == 64
    assert len(identity["modules"]) == 64
    assert len(names) < 200


def test_no_variable_has_the_name_of_a_connection_option() -> None:
    names = {*variables.IDENTITY_VARIABLES, *variables.STATE_VARIABLES, "status", "problem", "last_seen"}
    assert not names & {*CONNECTION_OPTIONS, "execution"}
