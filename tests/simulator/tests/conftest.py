# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet for the whole session; every test gets its devices as they were at the start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, Clients

SPECS = (
    ("box", "m600-7.10", {"autosave": False, "autosave_delay": 0}),
    ("auto", "m600-7.10", {"autosave_delay": 0}),
    ("old", "m300-7.06", {"autosave": False}),
    ("mid", "m400-7.08", {"autosave": False}),
    ("big", "m3000-7.10", {"autosave": False}),
    ("plain", "m600-7.10", {"tls": False}),
)


@pytest.fixture(scope="session")
def fleet() -> Iterator[Fleet]:
    with Fleet([DeviceSpec(name, profile, **options) for name, profile, options in SPECS], control_port=0) as started:
        yield started


@pytest.fixture(scope="session")
def clients() -> Iterator[Clients]:
    made = Clients()
    yield made
    made.close()


@pytest.fixture
def box(fleet: Fleet) -> Iterator[DeviceHandle]:
    """M600 on 7.10 that saves nothing by itself."""
    yield fleet["box"]
    fleet["box"].restore()


@pytest.fixture
def auto(fleet: Fleet) -> Iterator[DeviceHandle]:
    """M600 on 7.10 that saves every change at once by itself."""
    yield fleet["auto"]
    fleet["auto"].restore()


@pytest.fixture
def old(fleet: Fleet) -> Iterator[DeviceHandle]:
    """M300 on 7.06."""
    yield fleet["old"]
    fleet["old"].restore()


@pytest.fixture
def mid(fleet: Fleet) -> Iterator[DeviceHandle]:
    """M400 on 7.08."""
    yield fleet["mid"]
    fleet["mid"].restore()


@pytest.fixture
def big(fleet: Fleet) -> Iterator[DeviceHandle]:
    """M3000 on 7.10."""
    yield fleet["big"]
    fleet["big"].restore()


@pytest.fixture
def admin(box: DeviceHandle, clients: Clients) -> Client:
    """Level admin on `box`."""
    return clients.of(box)


@pytest.fixture
def root(box: DeviceHandle, clients: Clients) -> Client:
    """Level super on `box`."""
    return clients.of(box, "root")


@pytest.fixture(scope="session")
def still() -> Iterator[Fleet]:
    """Frozen devices: only `advance` moves them."""
    specs = [DeviceSpec(name, name, autosave=False) for name in PROFILE_NAMES]
    with Fleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture(params=PROFILE_NAMES)
def device(request: pytest.FixtureRequest, still: Fleet) -> DeviceHandle:
    still[request.param].restore()
    return still[request.param]


@pytest.fixture
def m3000(still: Fleet) -> DeviceHandle:
    still["m3000-7.10"].restore()
    return still["m3000-7.10"]


@pytest.fixture
def m600(still: Fleet) -> DeviceHandle:
    still["m600-7.10"].restore()
    return still["m600-7.10"]
