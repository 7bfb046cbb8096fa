# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one simulated fleet for each test process, reset before every test."""

from __future__ import annotations

import os
import sys
import typing as t
from pathlib import Path

import pytest
from hypothesis import settings

_HERE = Path(__file__).resolve()
for _place in (str(_HERE.parents[2]), str(_HERE.parents[1] / "integration"), str(_HERE.parent)):
    if _place not in sys.path:
        sys.path.insert(0, _place)

from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

DEVICES = {"ts1": "m600-7.10", "ts2": "m600-7.10", "old": "m300-7.06", "ims": "m3000-7.10"}


@pytest.fixture(scope="session")
def shared_fleet() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec(n, profile, autosave=False) for n, profile in DEVICES.items()], freeze=True) as fleet:
        yield fleet


@pytest.fixture(scope="session")
def snapshots(shared_fleet: Fleet) -> dict[str, t.Any]:
    return {name: shared_fleet[name].snapshot() for name in DEVICES}


@pytest.fixture
def fleet(shared_fleet: Fleet, snapshots: dict[str, t.Any]) -> Fleet:
    """The fleet in its initial state, with empty ledgers and without faults."""
    for name, snapshot in snapshots.items():
        shared_fleet[name].restore(snapshot)
    return shared_fleet


@pytest.fixture(autouse=True)
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it wrote, so no test needs fsync."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def device(fleet: Fleet) -> t.Any:
    return fleet["ts1"]


# The same examples in every run, so that a failure is caused by the change under test; HYPOTHESIS_PROFILE=search generates
# new ones.
settings.register_profile("repeat", derandomize=True)
settings.register_profile("search", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))
