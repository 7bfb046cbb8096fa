# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one simulated fleet for each test process, reset before every test."""

from __future__ import annotations

import collections
import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, frozen_fleet

DEVICES = {"ts1": "m600-7.10", "ts2": "m600-7.10", "old": "m300-7.06", "ims": "m3000-7.10"}


# make test runs the first of so many cases of a parametrized test (points of a crash, forms of writing), evenly
# spread over all of them; make thorough runs every second of the others, and make long the rest.
CASES_PER_SAMPLE = {
    "test_confirm_window": 4,
    "test_crash": 5,
    "test_outcome": 7,
    "test_probe_crash": 13,
    "test_rollback_secrets": 2,
    "test_states": 3,
    "test_swap": 3,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    numbers: collections.Counter[tuple[str, str]] = collections.Counter()
    for item in items:
        if not isinstance(item, pytest.Function) or item.path.parent != Path(__file__).parent:
            continue
        key = (item.path.stem, item.originalname)
        sample, place = divmod(numbers[key], CASES_PER_SAMPLE.get(item.path.stem, 1))
        if place:
            item.add_marker("thorough" if (sample + place) % 2 else "long")
        numbers[key] += 1


@pytest.fixture(scope="session")
def shared_fleet() -> t.Iterator[SharedFleet]:
    with frozen_fleet(DEVICES) as fleet:
        yield fleet


@pytest.fixture
def fleet(shared_fleet: SharedFleet) -> SharedFleet:
    """The fleet in its first state, with empty ledgers and without faults."""
    return shared_fleet.reset()


@pytest.fixture(autouse=True)
def no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it wrote, so no test needs fsync."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def device(fleet: SharedFleet) -> t.Any:
    return fleet["ts1"]


@pytest.fixture(autouse=True)
def own_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default directory of journals is another one for each test: some leave a journal there."""
    monkeypatch.setenv("ANSIBLE_HOME", str(tmp_path / "ansible"))
