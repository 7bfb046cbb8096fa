# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polling over sockets: results in the order of the targets, one deadline for all, errors that end the poll."""

from __future__ import annotations

import threading
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import Dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.parallel import spread_order
from ansible_collections.meinberg.lantime.plugins.module_utils._client.poll_logins import PollLogins
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory import polling
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.polling import (
    PollLimits,
    PollResult,
    PollTarget,
    poll,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._inventory.variables import describe_device
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, connection_options
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

COUNT = 6


@pytest.fixture(scope="module")
def started() -> t.Iterator[SharedFleet]:
    specs = [DeviceSpec(f"ts{number}", "m600-7.10", tls=False) for number in range(COUNT)]
    with SharedFleet(specs, freeze=True) as fleet:
        yield fleet


@pytest.fixture
def fleet(started: SharedFleet) -> SharedFleet:
    return started.reset()


def target(device: t.Any, **options: t.Any) -> PollTarget:
    given = {**connection_options(device), "use_tls": False, "ca_path": None, "retries": 0, **options}
    return PollTarget(Settings(**given), Dialect())


def poll_all(targets: t.Sequence[PollTarget], **limits: t.Any) -> list[PollResult]:
    return poll(targets, PollLimits(**{"workers": COUNT, "deadline": 20.0, "max_auth_failures": 3, **limits}))


def names_of(results: t.Sequence[PollResult]) -> list[t.Any]:
    return [result.identity["hostname"] if result.identity else result.problem for result in results]


@pytest.mark.parametrize("workers", [1, 2, COUNT, 100])
def test_results_are_in_the_order_of_the_targets(workers: int, fleet: SharedFleet) -> None:
    devices = [*fleet]
    # The first answers come last.
    for number, device in enumerate(devices):
        device.set_dialect(latency_ms=5 * (COUNT - number))
    results = poll_all([target(device) for device in devices], workers=workers)
    assert names_of(results) == [device.name for device in devices]
    assert {result.status for result in results} == {"ok"}
    assert {result.problem for result in results} == {None}
    assert all(result.state is not None and result.state["synchronized"] is True for result in results)
    assert [len(device.ledger) for device in devices] == [1] * COUNT
    assert all(entry["path"] == "/api/status" for device in devices for entry in device.ledger)


def test_no_more_devices_are_polled_at_once_than_there_are_workers(
    fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    start = threading.Thread.start

    def note(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", note)
    poll_all([target(device) for device in fleet], workers=2)
    assert started == ["lantime-poll"] * 2


def test_nothing_is_polled_without_targets() -> None:
    assert poll_all([]) == []


def test_a_device_that_does_not_answer_by_the_deadline_is_unreachable(fleet: SharedFleet) -> None:
    fleet["ts0"].add_fault("delay", seconds=30)
    begun = time.monotonic()
    results = poll_all([target(device) for device in fleet], deadline=1.5)
    assert time.monotonic() - begun < 10
    assert results[0] == PollResult("unreachable", "timeout_total")
    assert [result.status for result in results[1:]] == ["ok"] * (COUNT - 1)


def test_after_the_deadline_no_device_is_asked(fleet: SharedFleet) -> None:
    results = poll_all([target(device) for device in fleet], deadline=0.0)
    assert results == [PollResult("unreachable", "timeout_total")] * COUNT
    assert [len(device.ledger) for device in fleet] == [0] * COUNT


def test_a_thread_that_starts_after_the_deadline_asks_nothing(
    fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = []
    monkeypatch.setattr(polling, "Client", lambda *arguments: clients.append(arguments))
    targets = [target(fleet["ts0"])]
    logins = PollLogins(3, None, 1.0, time.monotonic())
    logins.open_limiters(each.settings for each in targets)
    poller = polling._Poller(targets, logins, time.monotonic() - 0.001)
    assert poller.poll(0) == PollResult("unreachable", "timeout_total")
    assert clients == []


def test_the_request_ends_at_the_deadline(fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts: list[float] = []

    def make_client(settings: Settings, *more: t.Any) -> Client:
        timeouts.append(settings.request_timeout)
        return Client(settings, *more)

    monkeypatch.setattr(polling, "Client", make_client)
    poll_all([target(fleet["ts0"]), target(fleet["ts1"], request_timeout=2.0)], deadline=5.0)
    assert 0 < max(timeouts) <= 5.0
    assert min(timeouts) == 2.0


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "status", "status": 401}, PollResult("auth_failed", "auth_failed")),
        ({"kind": "status", "status": 403, "body": "no"}, PollResult("auth_failed", "forbidden")),
        ({"kind": "status", "status": 500}, PollResult("unreachable", "server_error")),
        ({"kind": "close-before-answer"}, PollResult("unreachable", "disconnected")),
        ({"kind": "login-page"}, PollResult("not_lantime", "api_disabled")),
        ({"kind": "garbage"}, PollResult("not_lantime", "content")),
        ({"kind": "redirect"}, PollResult("not_lantime", "redirect")),
        ({"kind": "api-off"}, PollResult("not_lantime", "api_disabled")),
    ],
)
def test_each_failure_has_its_status(fault: dict[str, t.Any], expected: PollResult, fleet: SharedFleet) -> None:
    members = dict(fault)
    fleet["ts1"].add_fault(members.pop("kind"), **members)
    results = poll_all([target(fleet["ts0"]), target(fleet["ts1"])])
    assert [results[0].status, results[1]] == ["ok", expected]


def test_an_error_of_the_options_ends_the_poll(fleet: SharedFleet) -> None:
    targets = [target(fleet["ts0"]), target(fleet["ts1"], username="")]
    with pytest.raises(LantimeError) as caught:
        poll_all(targets)
    assert caught.value.code == "option"


def test_an_unusable_certificate_ends_the_poll_before_any_request() -> None:
    # Devices of its own: a thread that an earlier test did not wait for may still send a request to the shared ones.
    specs = [DeviceSpec(name, "m600-7.10", tls=False) for name in ("ts0", "ts1")]
    with SharedFleet(specs, freeze=True) as fleet:
        broken = target(fleet["ts1"], use_tls=True, ca_path="/nonexistent/ca.pem")
        with pytest.raises(LantimeError) as caught:
            poll_all([target(fleet["ts0"]), broken], workers=1)
        assert caught.value.code == "tls_files"
        assert len(fleet["ts0"].ledger) == 0


def test_an_error_in_the_collection_concerns_one_device(fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_for_one(status: t.Any) -> t.Any:
        if status["system-information"]["hostname"].startswith("ts1"):
            raise KeyError("canary")
        return describe_device(status)

    monkeypatch.setattr(polling, "describe_device", fail_for_one)
    results = poll_all([target(device) for device in fleet])
    assert results[1] == PollResult("unreachable", "internal")
    assert [result.status for result in results].count("ok") == COUNT - 1


def test_refused_credentials_are_tried_on_few_devices(fleet: SharedFleet) -> None:
    results = poll_all([target(device, password="not-the-password") for device in fleet], max_auth_failures=2)
    assert {result.status for result in results} == {"auth_failed"}
    assert [result.problem for result in results].count("auth_failed") == 2
    assert sum(len(device.ledger) for device in fleet) == 2


@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 100, 101, 255])
def test_the_order_of_a_poll_holds_every_number_once(count: int) -> None:
    order = [*spread_order(count)]
    assert sorted(order) == [*range(count)]
    distances = [abs(left - right) for left, right in zip(order, order[1:])]
    assert count < 5 or min(distances) > 1
