# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate of a change: clocks that are worse off after it than before."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import BY_NAME
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction import health_gate
from ansible_collections.meinberg.lantime.tests.unit.module_utils._health.health_rig import (
    Tree,
    change,
    envelope,
    trigger,
)

CLOCK = "system/sync-status/clock-status/clock"
GRC = "chassis0/slots/clk1/module/grc"


class Device:
    """An API whose status is one tree after the other, the last one for ever; counts the looks."""

    def __init__(self, *trees: Tree) -> None:
        self.trees = list(trees)
        self.looks = 0
        self.client: t.Any = self
        self.settings: t.Any = self
        self.host = "ts1"
        self.raw: Tree = {}

    def status(self) -> Device:
        self.looks += 1
        self.raw = self.trees.pop(0) if len(self.trees) > 1 else self.trees[0]
        return self


def tree(changes: dict[str, t.Any] | None = None, *events: str) -> Tree:
    made = envelope()
    for path, value in (changes or {}).items():
        change(made, path, value)
    for event in events:
        trigger(made, event, 1)
    return made


def ask(*trees: Tree, grace: float = 0.0) -> Device:
    device = Device(*trees)
    health_gate.SyncGate(t.cast("t.Any", device)).check_for(grace)
    return device


HOLDOVER = {CLOCK: "holdover"}
LOST = {CLOCK: "not-synchronized"}
TRACKING = {f"{GRC}/receiver/synchronized": False, f"{GRC}/receiver-status": "tracking"}


def test_the_checks_of_the_gate_are_checks() -> None:
    assert set(health_gate.SYNC_CHECKS) <= set(BY_NAME)
    assert len(set(health_gate.SYNC_CHECKS)) == len(health_gate.SYNC_CHECKS)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (tree(), tree(HOLDOVER), "time_synchronized was synchronized before the change and is holdover after it"),
        (
            tree(HOLDOVER),
            tree(LOST),
            "time_synchronized was holdover before the change and is not-synchronized after it",
        ),
        (tree(), tree({CLOCK: None}), "time_synchronized was synchronized before the change and is unknown after it"),
        (
            tree(LOST),
            tree({**LOST, f"{GRC}/antenna/connected": False}),
            "antenna was connected before the change and is disconnected after it",
        ),
        (tree(), tree(TRACKING), "receiver was synchronized before the change and is tracking after it"),
        (
            tree(),
            tree({}, "refclock-1-not-responding"),
            "reference_clock_responding was ok before the change and is critical after it",
        ),
        (tree({"system/uptime": 5.0}), tree({"system/uptime": 6.0, **LOST}), "is not-synchronized after it"),
    ],
)
def test_worse_than_before_is_refused(before: Tree, after: Tree, said: str) -> None:
    with pytest.raises(LantimeError) as caught:
        ask(before, after)
    assert caught.value.code == "health"
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (tree(), tree()),
        (tree(LOST), tree(LOST)),
        (tree(LOST), tree(HOLDOVER)),
        (tree(HOLDOVER), tree(HOLDOVER)),
        (tree(HOLDOVER, "antenna-faulty"), tree()),
        # A clock that loses its reference costs holdover and nothing more as long as its budget lasts; that is not the gate's.
        (tree(HOLDOVER), tree({**HOLDOVER, "system/sync-status/holdover-status/time-elapsed": 10**7})),
        # NTP starts anew after a change of its settings.
        (tree(), tree({"ntp/sys/leap": 3, "ntp/sys/stratum": 16}, "ntp-not-sync")),
        (tree(), tree({"chassis0/slots/pwr1/module/power-available": False})),
    ],
)
def test_as_good_as_before_passes(before: Tree, after: Tree) -> None:
    assert ask(before, after).looks == 2


def test_a_clock_that_comes_back_within_the_time_of_grace_passes() -> None:
    assert ask(tree(), tree(LOST), tree(), grace=5.0).looks == 3


def test_a_journaled_baseline_replaces_the_look_before_the_change() -> None:
    former = health_gate.SyncGate(t.cast("t.Any", Device(tree()))).baseline
    device = Device(tree(LOST))
    with pytest.raises(LantimeError, match="time_synchronized was synchronized before the change"):
        health_gate.SyncGate(t.cast("t.Any", device), former).check()
    assert device.looks == 1
    health_gate.SyncGate(t.cast("t.Any", device), ()).check()
