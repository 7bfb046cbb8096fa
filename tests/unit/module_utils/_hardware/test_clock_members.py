# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member of the state of a clock and of a long-wave receiver."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware.clock_state import parse_clock
from ansible_collections.meinberg.lantime.plugins.module_utils._status import facts
from ansible_collections.meinberg.lantime.tests.unit.module_utils._status.whole_status import whole

PCPS = {
    "freer": "free_running",
    "dl-enb": "daylight_saving",
    "syncd": "synchronized",
    "dl-ann": "daylight_saving_change_announced",
    "utc": "utc",
    "ls-ann": "leap_second_announced",
    "iftm": "if_time_mode",
    "invt": "invalid_time",
}


@pytest.mark.parametrize(
    ("token", "is_warmed_up"),
    [("warmed-up", True), ("not-warmed-up", False), ("cold", None), ("", None), (None, None), (1, None)],
)
def test_each_token_of_an_oscillator(token: object, is_warmed_up: bool | None) -> None:
    clock = parse_clock({"clock-status": {"oscillator": token}})
    assert clock is not None
    assert clock["oscillator_warmed_up"] is is_warmed_up
    status = whole()
    status["data"]["system"]["sync-status"]["clock-status"]["oscillator"] = token
    gathered = facts.gather_facts(status, facts.resolve_subsets(["sync"]))
    assert gathered["ansible_lantime"]["sync"]["oscillator_warmed_up"] is is_warmed_up


@pytest.mark.parametrize(
    ("token", "is_synchronized"),
    [("synchronized", True), ("not-synchronized", False), ("holdover", False), (None, None)],
)
def test_each_token_of_a_clock(token: str | None, is_synchronized: bool | None) -> None:
    clock = parse_clock({"clock-status": {"clock": token}})
    assert clock is not None
    assert (clock["state"], clock["synchronized"]) == (token, is_synchronized)


@pytest.mark.parametrize(("member", "name"), PCPS.items())
def test_each_flag_of_a_long_wave_receiver(member: str, name: str) -> None:
    status = whole()
    flags = next(
        slot["module"]["dcf77"]["pcps"]
        for slot in status["data"]["chassis0"]["slots"]
        if "dcf77" in slot.get("module", {})
    )
    flags.update(dict.fromkeys(PCPS, False), **{member: True})
    gathered = facts.gather_facts(status, facts.resolve_subsets(["receiver"]))
    (shown,) = [each["dcf77"]["pcps"] for each in gathered["ansible_lantime"]["receiver"] if each["dcf77"]]
    assert {flag: shown[flag] for flag in PCPS.values()} == {**dict.fromkeys(PCPS.values(), False), name: True}
