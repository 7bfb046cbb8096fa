# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one simulated fleet for each test process, set back before every test."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve()
for _place in (str(_HERE.parents[2]), str(_HERE.parent)):
    if _place not in sys.path:
        sys.path.insert(0, _place)

from harness import Controller, collections_path, host_variables

from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

DEVICES = {
    "ts706": "m300-7.06",
    "ts708": "m400-7.08",
    "ts710": "m600-7.10",
    "ims": "m3000-7.10",
}


@pytest.fixture(scope="session")
def shared_fleet() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec(n, profile, autosave=False) for n, profile in DEVICES.items()], freeze=True) as fleet:
        yield fleet


@pytest.fixture(scope="session")
def snapshots(shared_fleet: Fleet) -> dict[str, t.Any]:
    return {name: shared_fleet[name].snapshot() for name in DEVICES}


@pytest.fixture
def fleet(shared_fleet: Fleet, snapshots: dict[str, t.Any]) -> Fleet:
    """The fleet in its first state, with empty ledgers."""
    for name, snapshot in snapshots.items():
        device = shared_fleet[name]
        device.restore(snapshot)
        device.clear_faults()
        device.ledger.clear()
    return shared_fleet


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("controller")


@pytest.fixture
def controller(fleet: Fleet, scratch: Path, tmp_path: Path) -> Controller:
    hosts = {name: host_variables(fleet[name]) for name in DEVICES}
    return Controller(tmp_path, collections_path(scratch), hosts)
