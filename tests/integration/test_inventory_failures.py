# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin with devices that are dead, slow, strange, or do not know the password."""

from __future__ import annotations

import dataclasses
import time
import typing as t
from contextlib import ExitStack
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import Dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.polling import (
    PollLimits,
    PollResult,
    PollTarget,
    poll,
)
from ansible_collections.meinberg.lantime.tests.benchmark.black_hole import BlackHole
from ansible_collections.meinberg.lantime.tests.devices import connection_options
from ansible_collections.meinberg.lantime.tests.integration.inventory_runs import Workspace, host_entries
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

pytestmark = pytest.mark.thorough

CREDENTIALS = {"username": "info", "password": "simulated-info-1"}
WRONG = {"username": "info", "password": "wrong"}
CONNECT_TIMEOUT = 2.0


@pytest.fixture(scope="module")
def many() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec(f"ts{n:02d}", "m600-7.10") for n in range(24)], freeze=True) as fleet:
        yield fleet


@pytest.fixture
def crowd(many: Fleet) -> Fleet:
    for device in many:
        device.restore()
        device.clear_faults()
        device.ledger.clear()
    return many


def target(device: t.Any, **more: t.Any) -> PollTarget:
    base = {
        **connection_options(device, "info"),
        "retries": 0,
        "connect_timeout": CONNECT_TIMEOUT,
        **CREDENTIALS,
    }
    return PollTarget(Settings(**{**base, **more}), Dialect())


def statuses(results: list[PollResult]) -> list[tuple[str, str | None]]:
    return [(result.status, result.problem) for result in results]


def refusals(fleet: Fleet) -> int:
    return sum(entry["status"] == 401 for device in fleet for entry in device.ledger)


def requests(fleet: Fleet) -> int:
    return sum(len(device.ledger) for device in fleet)


def test_twenty_dead_devices_cost_one_connect_timeout(crowd: Fleet) -> None:
    alive = [target(device) for device in crowd]
    started = time.monotonic()
    assert {result.status for result in poll(alive, PollLimits(100, 60, 3))} == {"ok"}
    without = time.monotonic() - started
    with ExitStack() as stack:
        holes = [stack.enter_context(BlackHole()) for dummy in range(20)]
        dead = [alive[0]._replace(settings=dataclasses.replace(alive[0].settings, port=h.port)) for h in holes]
        started = time.monotonic()
        results = poll(dead + alive, PollLimits(100, 60, 3))
        took = time.monotonic() - started
    assert statuses(results[:20]) == [("unreachable", "timeout_connect")] * 20
    assert {result.status for result in results[20:]} == {"ok"}
    assert took < without + 1.5 * CONNECT_TIMEOUT


def test_the_deadline_is_for_all_together(crowd: Fleet) -> None:
    quick, silent = target(crowd["ts00"]), target(crowd["ts01"], connect_timeout=60.0)
    crowd["ts01"].set_dialect(latency_ms=20000)
    with BlackHole() as hole:
        dead = silent._replace(settings=dataclasses.replace(silent.settings, port=hole.port))
        started = time.monotonic()
        results = poll([dead, silent, quick, dead, dead], PollLimits(3, 2.0, 3))
        took = time.monotonic() - started
    assert took < 4
    assert results[2].status == "ok"
    late = [result for n, result in enumerate(results) if n != 2]
    assert {result.status for result in late} == {"unreachable"}
    assert {result.problem for result in late} <= {"timeout_total", "timeout_connect"}


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_a_wrong_password_is_tried_on_few_devices_only(crowd: Fleet, limit: int) -> None:
    results = poll([target(d, password="wrong", connect_timeout=20.0) for d in crowd], PollLimits(100, 60, limit))
    assert refusals(crowd) == requests(crowd) == limit
    tried = [result for result in results if result.problem == "auth_failed"]
    assert len(tried) == limit
    assert statuses(results).count(("auth_failed", "not_tried")) == len(crowd) - limit


def test_no_run_after_run_locks_the_fleet(crowd: Fleet, workspace: Workspace) -> None:
    ca = next(iter(crowd)).ca
    cached: dict[str, t.Any] = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": "cache",
    }
    workspace.write(hosts=host_entries(crowd), **{**WRONG, **cached, "ca_path": ca})
    for dummy in range(6):
        found = workspace.run()
        assert len(found.group("lantime_auth_failed")) == len(crowd)
    assert refusals(crowd) == 3


def test_accounts_are_locked_on_no_more_devices_than_that(crowd: Fleet, workspace: Workspace) -> None:
    for device in crowd:
        device.set_dialect(lockout_attempts=1)
    config = {"hosts": host_entries(crowd), "ca_path": next(iter(crowd)).ca}
    tried = workspace.listing(**{**WRONG, **config}).hosts
    locked = {name for name, variables in tried.items() if variables["lantime_problem"] == "auth_failed"}
    after = workspace.listing(**{**CREDENTIALS, **config}, max_auth_failures=0)
    assert set(after.group("lantime_auth_failed")) == locked
    assert len(locked) == 3
    assert len(after.group("lantime_sync_synchronized")) == len(crowd) - 3


def test_no_limit_if_the_user_says_so(crowd: Fleet) -> None:
    results = poll([target(d, password="wrong") for d in crowd], PollLimits(8, 60, 0))
    assert statuses(results) == [("auth_failed", "auth_failed")] * len(crowd)
    assert refusals(crowd) == len(crowd)


def test_single_refusals_do_not_stop_the_others(crowd: Fleet) -> None:
    strangers = {"ts05", "ts11", "ts17"}
    targets = [target(d, **({"password": "wrong"} if d.name in strangers else {})) for d in crowd]
    results = poll(targets, PollLimits(1, 60, 3))
    found = {device.name: result.status for device, result in zip(crowd, results)}
    assert {name for name, status in found.items() if status == "auth_failed"} == strangers
    assert set(found.values()) == {"ok", "auth_failed"}


def test_silent_devices_hold_up_the_others_for_one_connect_timeout_only(crowd: Fleet) -> None:
    silent = [target(device, read_timeout=30.0) for device in list(crowd)[:3]]
    for device in list(crowd)[:3]:
        device.set_dialect(latency_ms=8000)
    started = time.monotonic()
    results = poll(silent + [target(device) for device in list(crowd)[3:]], PollLimits(100, 5.0, 3))
    assert time.monotonic() - started < 8
    assert {result.status for result in results[3:]} == {"ok"}
    assert {result.status for result in results[:3]} == {"unreachable"}


def test_the_groups_and_the_lines_say_what_is_wrong(fleet: Fleet, workspace: Workspace) -> None:
    fleet["ts706"].set_dialect(rest_api="off", api_off="refused")
    fleet["ts708"].add_fault("login-page")
    with Fleet([DeviceSpec("self", "m600-7.10", cert="self-signed")]) as other:
        found = workspace.listing(
            hosts=[
                *host_entries([fleet["ts706"], fleet["ts708"], fleet["ts710"], *other]),
                {**host_entries([fleet["ims"]])[0], "password": "wrong"},
            ],
            **CREDENTIALS,
        )
    assert found.group("lantime") == ["ts706", "ts708", "ts710", "self", "ims"]
    assert found.group("lantime_unreachable") == ["ts706"]
    assert found.group("lantime_not_lantime") == ["ts708"]
    assert found.group("lantime_untrusted") == ["self"]
    assert found.group("lantime_auth_failed") == ["ims"]
    assert found.group("lantime_sync_synchronized") == ["ts710"]
    problems = {name: variables["lantime_problem"] for name, variables in found.hosts.items()}
    assert problems == {
        "ts706": "refused",
        "ts708": "api_disabled",
        "ts710": None,
        "self": "tls_verify",
        "ims": "auth_failed",
    }
    for line in (
        "1 of 5 devices could not be reached: ts706 (refused).",
        "1 of 5 devices presented a certificate that is not trusted: self (tls_verify).",
        "1 of 5 devices did not answer as a LANTIME with its REST API enabled: ts708 (api_disabled).",
        "1 of 5 devices refused the credentials: ims.",
    ):
        assert line in found.messages
    assert found.messages.count("[WARNING]") == 4


def test_one_line_for_many_that_refuse(crowd: Fleet, workspace: Workspace) -> None:
    found = workspace.listing(hosts=host_entries(crowd), **{**WRONG, "ca_path": next(iter(crowd)).ca})
    assert found.messages.count("[WARNING]") == 1
    assert "3 of 24 devices refused the credentials: " in found.messages
    assert "21 others were skipped after 3 refused logins in a row (max_auth_failures)" in found.messages
    assert "wrong" not in found.messages


def test_the_same_device_under_two_names(fleet: Fleet, workspace: Workspace) -> None:
    device = fleet["ts710"]
    twice = [{**host_entries([device])[0], "name": name} for name in ("old-name", "new-name")]
    found = workspace.listing(hosts=twice, **CREDENTIALS)
    assert (
        "The same device has more than one name in the inventory: "
        f"old-name and new-name (serial number {device.serial})." in found.messages
    )


def test_hostile_answers_become_statuses(crowd: Fleet) -> None:
    faults = {
        "garbage": ("not_lantime", "content"),
        "endless": ("not_lantime", "too_large"),
        "gzip": ("not_lantime", "encoding"),
        "truncated": ("unreachable", "incomplete"),
        "redirect": ("not_lantime", "redirect"),
        "close-before-answer": ("unreachable", "disconnected"),
    }
    hit = dict(zip(faults, crowd))
    for kind, device in hit.items():
        device.add_fault(kind)
    results = poll([target(device, connect_timeout=20.0) for device in crowd], PollLimits(100, 60, 3))
    assert dict(zip(faults, statuses(results))) == faults
    assert {result.status for result in results[len(faults) :]} == {"ok"}


def test_options_that_no_device_can_be_blamed_for_end_it(crowd: Fleet, tmp_path: Path) -> None:
    missing = [target(device, ca_path=str(tmp_path / "none.pem")) for device in crowd]
    with pytest.raises(LantimeError) as caught:
        poll(missing, PollLimits(10, 60, 3))
    assert caught.value.code == "tls_files"
    assert requests(crowd) == 0
