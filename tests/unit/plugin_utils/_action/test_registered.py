# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lantime_report reads from the variables of its task beside the registered results."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.plugin_utils._action.registered import report_params

PARAMS: dict[str, t.Any] = {"results_from": [], "group_from": None}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ansible_limit": "a", "ansible_play_hosts_all": ["a"], "groups": {"all": ["a", "b"]}}, "a"),
        ({"ansible_limit": "lantime", "ansible_play_hosts_all": ["a", "b"], "groups": {"all": ["a", "b"]}}, None),
        ({"ansible_limit": "", "ansible_play_hosts_all": ["a"], "groups": {"all": ["a", "b"]}}, None),
        # A play of a group is no run with a limit.
        ({"ansible_play_hosts_all": ["a"], "groups": {"all": ["a", "b"]}}, None),
        ({}, None),
    ],
)
def test_a_limit_counts_if_it_leaves_out_a_host(variables: dict[str, t.Any], expected: str | None) -> None:
    assert report_params(PARAMS, variables, None) == {"limit": expected}
