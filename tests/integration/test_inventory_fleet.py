# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time of the inventory for a fleet in which some devices are dead, slow or refuse the credentials."""

from __future__ import annotations

import dataclasses
import time
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import Dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._client.parallel import spread_order
from ansible_collections.meinberg.lantime.plugins.module_utils._client.refused_logins import RefusedLogins
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.polling import (
    PollLimits,
    PollTarget,
    poll,
)
from ansible_collections.meinberg.lantime.tests.benchmark.black_hole import BlackHole
from ansible_collections.meinberg.lantime.tests.devices import connection_options
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

KINDS = ("dead", "slow", "refusing")


class Case(t.NamedTuple):
    """devices: number of all; a tenth of them of each of KINDS.  slow: seconds until a slow device answers."""

    devices: int
    slow: float
    connect_timeout: float


CASES = [
    pytest.param(Case(40, 1.5, 2.0), id="40"),
    pytest.param(Case(200, 3.0, 5.0), id="200", marks=pytest.mark.thorough),
]


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return t.cast("Case", request.param)


@pytest.fixture(scope="module")
def fleet(case: Case) -> t.Iterator[Fleet]:
    names = [f"ts{number:03d}" for number in range(case.devices)]
    with Fleet([DeviceSpec(name, "m600-7.10") for name in names], freeze=True) as fleet:
        yield fleet


def kinds_of(case: Case, order: str) -> list[str]:
    """The kind of each device: one kind after the other at the start of the list, or mixed."""
    tenth = case.devices // 10
    if order == "mixed":
        return [dict(enumerate(KINDS)).get(number % 10, "healthy") for number in range(case.devices)]
    first = ("slow", "refusing", "dead") if order == "slow first" else ("dead", "refusing", "slow")
    kinds = [kind for kind in first for dummy in range(tenth)]
    return kinds + ["healthy"] * (case.devices - len(kinds))


@pytest.mark.parametrize(
    "order",
    ["mixed", "slow first", "dead first"],
)
def test_slow_dead_and_refusing_devices_do_not_hold_up_each_other(
    case: Case, fleet: Fleet, order: str, tmp_path: Path
) -> None:
    devices, kinds = list(fleet), kinds_of(case, order)
    targets = []
    with ExitStack() as stack:
        for device, kind in zip(devices, kinds):
            device.clear_faults()
            device.ledger.clear()
            options = {**connection_options(device, "info"), "connect_timeout": case.connect_timeout, "retries": 0}
            if kind == "slow":
                device.add_fault("delay", seconds=case.slow)
            elif kind == "refusing":
                device.add_fault("status", status=401)
            elif kind == "dead":
                options["port"] = stack.enter_context(BlackHole()).port
            targets.append(PollTarget(Settings(**options), Dialect()))
        healthy = [target for target, kind in zip(targets, kinds) if kind == "healthy"]
        started = time.monotonic()
        assert {result.status for result in poll(healthy, PollLimits(100, 60, 3))} == {"ok"}
        # On a busy machine a healthy device is not at once with its answer.
        without = time.monotonic() - started
        started = time.monotonic()
        results = poll(targets, PollLimits(100, 60, 3), RefusedLogins(tmp_path))
        took = time.monotonic() - started
    expected = {"healthy": "ok", "slow": "ok", "refusing": "auth_failed", "dead": "unreachable"}
    assert [result.status for result in results] == [expected[kind] for kind in kinds]
    assert took < 1.5 * case.slow + max(case.connect_timeout, 2 * without)
    refused = [sum(entry["status"] == 401 for entry in device.ledger) for device in devices]
    assert refused == [int(kind == "refusing") for kind in kinds]


def test_the_next_poll_of_a_run_spares_the_devices_that_refused(fleet: Fleet, tmp_path: Path) -> None:
    devices = list(fleet)[:12]
    for number, device in enumerate(devices):
        device.clear_faults()
        device.ledger.clear()
        if number % 2:
            device.add_fault("status", status=401)
    logins = RefusedLogins(tmp_path)
    settings = [Settings(**{**connection_options(device, "info"), "retries": 0}) for device in devices]
    for dummy in range(3):
        results = poll([PollTarget(each, Dialect()) for each in settings], PollLimits(1, 60, 3), logins)
        assert [result.status for result in results] == ["ok", "auth_failed"] * 6
    assert [len(device.ledger) for device in devices] == [3, 1] * 6
    wrong = [PollTarget(dataclasses.replace(each, password="wrong"), Dialect()) for each in settings]
    for dummy in range(3):
        results = poll(wrong, PollLimits(100, 60, 3), logins)
        assert {result.status for result in results} == {"auth_failed"}
    assert sum(len(device.ledger) for device in devices) == 24 + 3


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 10, 24, 40, 200, 1024])
def test_each_device_has_one_place_in_the_order(count: int) -> None:
    assert sorted(spread_order(count)) == list(range(count))
