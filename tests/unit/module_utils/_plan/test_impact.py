# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes may affect the time that a device provides."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._plan.impact import TIMING_MENUS, impact_of
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.changes import Change
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.paths import path_of

SLOT = "chassis0/slots/clk1"
CASES: list[tuple[str, str, t.Any, t.Any, str | None]] = [
    *(("set", f"{SLOT}/module/{name}", {"a": 1}, {"a": 2}, "timing") for name in sorted(TIMING_MENUS)),
    ("set", f"{SLOT}/module/gps/antenna", {"cable-length": 1}, {"cable-length": 2}, "timing"),
    ("set", f"{SLOT}/module/mrs/priority0/settings/id", {"type": "gps"}, {"type": "ptp"}, "timing"),
    ("create", f"{SLOT}/module/ptp/instances/ptp2", None, {}, "timing"),
    ("delete", f"{SLOT}/module/ptp/instances/ptp2", {}, {}, "timing"),
    ("create", f"{SLOT}/module/new", None, {"outputs": {"o1": {"signal": "pps"}}}, "timing"),
    ("delete", f"{SLOT}/module/new", {"outputs": {"o1": {"signal": "pps"}}}, {}, "timing"),
    ("set", SLOT, {"name": ""}, {"name": "ptp"}, None),
    ("set", "chassis0/slots/ptp", {"name": ""}, {"name": "a"}, None),
    ("set", f"{SLOT}/module/serial", {"mode": 1}, {"mode": 2}, None),
    ("set", "ptp", {"a": 1}, {"a": 2}, None),
    ("set", "network/ports/outputs", {"a": 1}, {"a": 2}, None),
]


@pytest.mark.parametrize(("action", "path", "before", "after", "expected"), CASES)
def test_changes_below_menus_for_time_and_signals_of_a_module_have_an_impact(
    action: str, path: str, before: t.Any, after: t.Any, expected: str | None
) -> None:
    assert impact_of(Change(action, path_of(path), before, after)) == expected
