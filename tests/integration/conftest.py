# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one simulated fleet for each test process, reset before every test."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet, host_variables
from ansible_collections.meinberg.lantime.tests.integration.controller import Controller
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace

DEVICES = {"ts706": "m300-7.06", "ts708": "m400-7.08", "ts710": "m600-7.10", "ims": "m3000-7.10"}
# A worker takes whole files. These take longest, and one that begins last would keep the others waiting.
LONGEST_FILES = (
    "test_entry_points",
    "test_fleet_playbooks",
    "test_config_states",
    "test_config",
    "test_fleet_plans",
    "test_plays",
    "test_adopt",
    "test_backup",
    "test_entry_point_rows",
    "test_budget",
    "test_review_guide",
    "test_fleet_outcomes",
    "test_fleet_windows",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: number for number, name in enumerate(LONGEST_FILES)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.fixture(autouse=True)
def own_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default directory of journals is another one for each test: devices of several processes have the same serial numbers."""
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible"))


@pytest.fixture(scope="session")
def shared_fleet() -> t.Iterator[SharedFleet]:
    with frozen_fleet(DEVICES) as fleet:
        yield fleet


@pytest.fixture
def fleet(shared_fleet: SharedFleet) -> SharedFleet:
    """The fleet in its first state, with empty ledgers."""
    return shared_fleet.reset()


@pytest.fixture
def controller(fleet: SharedFleet, tmp_path: Path) -> Controller:
    return Controller(tmp_path, {device.name: host_variables(device) for device in fleet})


@pytest.fixture
def workspace(fleet: SharedFleet, tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, fleet["ts710"].ca)
