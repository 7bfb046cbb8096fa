# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lantime_health: evaluation with one request through both entry points, failure by severity, waiting for health."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._health.registry import HEALTH_CHECKS
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_health
from ansible_collections.meinberg.lantime.tests.devices import host_variables, run_in_process
from ansible_collections.meinberg.lantime.tests.integration.controller import (
    ENTRY_POINTS,
    Controller,
    Tasks,
    each_entry_point,
)
from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

NAME = "meinberg.lantime.lantime_health"
COMPARED = ("changed", "healthy", "worst", "profile", "checks", "counts", "waited_seconds", "device")
M600_RECORDINGS = [path for path in RECORDINGS if path.name == "m600-7.10.008.json"]


def job(device: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return run_in_process(device, lantime_health, user="info", **options).result


def by_name(result: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    return {check["name"]: check for check in result["checks"]}


def alarms(result: dict[str, t.Any]) -> dict[str, str]:
    serious = ("warning", "error", "critical")
    return {c["name"]: c["state"] for c in result["checks"] if c["state"] in serious}


def answer(device: t.Any, **changes: t.Any) -> str:
    """An answer of GET /api/status with events triggered, or with `clock` as the state of its clock."""
    status = device.status()
    for event in status["notification"]["events"]:
        if event["object-id"] in changes.get("events", ()):
            event.update({"triggered": 1, "last-triggered": "2026-02-01T00:00:00"})
    if "clock" in changes:
        status["system"]["sync-status"]["clock-status"]["clock"] = changes["clock"]
    information = {"serial-number": device.serial, "model": device.model}
    whole = {"system-information": information, "data": status, "changes": {"pending-changes": 0}}
    return json.dumps(whole)


def sicken(device: t.Any, *, nth: int = 1, times: int = 100_000, **changes: t.Any) -> None:
    """Let the device answer so from the nth request on."""
    body = answer(device, **changes)
    headers = {"Content-Type": "application/json"}
    device.add_fault("status", status=200, path="/api/status", body=body, headers=headers, nth=nth, times=times)


@contextlib.contextmanager
def after_looks(device: t.Any, looks: int, happen: t.Callable[[], None]) -> t.Iterator[None]:
    """Does something to the device from another thread when so many requests have come."""
    over = threading.Event()

    def watch() -> None:
        while device.ledger.gets < looks and not over.wait(0.02):
            pass
        if not over.is_set():
            happen()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@each_entry_point
def test_healthy_devices_with_one_request(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    outcomes = []
    for check in (False, True):
        for device in fleet:
            device.ledger.clear()
        run = controller.play({NAME: {}}, entry_point=entry_point, check=check)
        assert run.code == 0, run.output
        found = {r.host: {name: r.result[name] for name in COMPARED} for r in run.results}
        outcomes.append(found)
        for device in fleet:
            ledger = device.ledger
            assert (ledger.gets, ledger.writes, ledger.handshakes) == (1, 0, 1)
            assert ledger[0]["path"] == "/api/status"
    assert all(found == outcomes[0] for found in outcomes)
    for result in outcomes[0].values():
        assert (result["changed"], result["healthy"], result["profile"]) == (False, True, "it")
        assert (result["worst"], result["waited_seconds"]) == ("warning", 0.0)
        assert [check["name"] for check in result["checks"]] == [check.name for check in HEALTH_CHECKS]
        assert alarms(result) == {"certificate_self_signed": "warning"}
        assert sum(result["counts"].values()) == len(HEALTH_CHECKS)
        assert result["counts"]["warning"] == 1
        assert result["device"]["serial_number"]


@pytest.mark.parametrize(
    "events", [[], ["ntp-stopped", "antenna-faulty", "refclock-1-not-responding", "network-link-down"]]
)
def test_checks_that_passed_are_left_out_but_counted(fleet: Fleet, events: list[str]) -> None:
    device = fleet["ts710"]
    sicken(device, events=events)
    complete, short = (job(device, fail_on="never", return_passed=passed) for passed in (True, False))
    assert short["checks"] == [check for check in complete["checks"] if check["state"] not in ("ok", "skipped")]
    assert short["counts"] == complete["counts"]
    assert sum(short["counts"].values()) == len(complete["checks"]) == len(HEALTH_CHECKS)
    failed = job(device, fail_on="warning")
    assert (failed["checks"], failed["counts"]) == (short["checks"], short["counts"])
    assert len(failed["msg"]) < 500


@each_entry_point
def test_it_fails_at_the_chosen_severity_with_the_findings_alone(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    tasks: Tasks = [
        {NAME: {"fail_on": level}, "ignore_errors": True} for level in ("never", "critical", "error", "warning")
    ]
    device = fleet["ts710"]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert [entry.outcome for entry in run.results] == ["ok", "ok", "ok", "failed"], run.output
    never, critical, error, warning = run.of("ts710")
    assert [r["healthy"] for r in (never, critical, error, warning)] == [False, True, True, False]
    assert warning["error"]["code"] == "unhealthy"
    assert "certificate_self_signed (warning)" in warning["msg"]
    assert "pin this one" in warning["error"]["hint"]
    assert warning["changed"] is False
    for member in ("counts", "worst", "profile", "device"):
        assert warning[member] == never[member]
    assert warning["checks"] == [check for check in never["checks"] if check["state"] not in ("ok", "skipped")]
    sicken(device, events=["refclock-1-not-responding", "https-certificate-expired"])
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert [entry.outcome for entry in run.results] == ["ok", "failed", "failed", "failed"]
    sick = run.of("ts710")[1]
    assert sick["worst"] == "critical"
    assert "reference_clock_responding (critical), certificate_expired (critical)" in sick["msg"]
    assert by_name(sick)["certificate_expired"]["since"] == "2026-02-01T00:00:00Z"
    assert len(json.dumps(sick)) < 3500, "Ansible prints all of it"
    skipping = {"skip": ["reference_clock_responding", "security"]}
    run = controller.play({NAME: skipping}, "ts710", entry_point=entry_point)
    assert run.code == 0, run.output
    assert run.only["healthy"] is True
    assert controller.play({NAME: {}}, "ts710", entry_point=entry_point).code == 2


@each_entry_point
def test_what_is_expected_is_held_against_the_device(controller: Controller, entry_point: str) -> None:
    expected = {"ports": ["lan0", "lan3"], "psus": 2, "receivers": ["clk1"], "tai_offset": 38}
    run = controller.play({NAME: {"expected": expected}}, "ts710", entry_point=entry_point)
    found = by_name(run.only)
    assert alarms(run.only) == {
        "certificate_self_signed": "warning",
        "network_ports": "error",
        "power_supplies": "critical",
        "tai_offset": "error",
    }
    assert found["network_ports"]["subject"] == "lan3"
    assert (found["power_supplies"]["value"], found["power_supplies"]["limit"]) == (1, 2)
    strict = {"thresholds": {"satellites_warning": 99, "firmware_minimum": "7.11"}}
    run = controller.play({NAME: {**strict, "include": ["satellites", "system"]}}, "ts710", entry_point=entry_point)
    assert alarms(run.only) == {"satellites": "warning", "firmware_floor": "warning"}


@each_entry_point
def test_wrong_arguments_are_refused_before_anything_is_asked(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    wrong: list[dict[str, t.Any]] = [
        {"profile": "telekom"},
        {"thresholds": {"satelites_warning": 3}},
        {"thresholds": {"satellites_warning": "few"}},
        {"include": ["antena"]},
        {"skip": ["everything"]},
        {"expected": {"port": ["lan0"]}},
        {"expected": {"position": {"latitude": 100, "longitude": 0}}},
        {"fail_on": "info"},
        {"wait": True, "wait_interval": 0},
        {"wait_timeout": -1},
    ]
    tasks = [{NAME: options, "ignore_errors": True} for options in wrong]
    run = controller.play(tasks, "ts710", entry_point=entry_point)
    assert [r["error"]["code"] for r in run.of("ts710")] == ["option"] * len(wrong), run.output
    assert "did you mean satellites_warning" in run.of("ts710")[1]["msg"]
    assert "did you mean antenna" in run.of("ts710")[3]["msg"]
    assert list(fleet["ts710"].ledger) == []


@each_entry_point
def test_it_waits_until_the_device_is_healthy(controller: Controller, fleet: Fleet, entry_point: str) -> None:
    device = fleet["ts710"]
    sicken(device, clock="not-synchronized")
    options = {"wait": True, "wait_interval": 0.2, "wait_timeout": 60, "include": ["sync"]}
    with after_looks(device, 3, device.clear_faults):
        run = controller.play({NAME: options}, "ts710", entry_point=entry_point)
    assert run.code == 0, run.output
    assert run.only["healthy"] is True
    assert run.only["waited_seconds"] >= 0.4
    assert device.ledger.gets >= 4
    assert (device.ledger.handshakes, device.ledger.writes) == (1, 0)


def test_a_device_that_restarts_meanwhile_is_waited_for(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(reboot_seconds=0.6)
    sicken(device, clock="holdover")

    def restart() -> None:
        device.clear_faults()
        device.reboot()

    options = {"wait": True, "wait_interval": 0.2, "wait_timeout": 60, "include": ["sync", "system"]}
    options["fail_on"] = "warning"
    with after_looks(device, 2, restart):
        run = controller.play({NAME: {**options, "http_log": True}}, "ts710")
    assert run.code == 0, run.output
    assert by_name(run.only)["recent_reboot"]["state"] == "info"
    # While it was away, there were looks without an answer.
    assert any(request["status"] in (None, 503) for request in run.only["http_sessions"])
    assert run.only["waited_seconds"] >= 0.4


def test_a_cold_device_is_not_taken_for_a_healthy_one_while_waiting(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.reboot()
    device.ledger.clear()
    sicken(device, clock="not-synchronized")
    once = job(device, include=["sync"])
    assert by_name(once)["time_synchronized"]["state"] == "warning"
    assert once["healthy"] is True
    waiting = job(device, include=["sync"], wait=True, wait_timeout=0.3, wait_interval=0.1)
    assert waiting["error"]["code"] == "unhealthy"
    assert waiting["worst"] == "critical"


def test_the_last_result_is_reported_when_the_time_is_over(fleet: Fleet) -> None:
    device = fleet["ts710"]
    sicken(device, events=["antenna-faulty"])
    result = job(device, wait=True, wait_timeout=0.5, wait_interval=0.2)
    assert result["error"]["code"] == "unhealthy"
    assert 0.4 <= result["waited_seconds"] < 5
    assert f"after {result['waited_seconds']:g} s of waiting" in result["msg"]
    assert alarms(result) == {"antenna": "critical", "certificate_self_signed": "warning"}
    polls = device.ledger.gets
    assert 2 <= polls <= 4
    never = job(device, wait=True, wait_timeout=0, fail_on="never")
    assert (never["healthy"], never["waited_seconds"]) == (False, 0.0)
    assert device.ledger.gets == polls + 1


def test_a_long_pause_does_not_hold_a_connection(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    device = fleet["ts710"]
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    for interval, handshakes in ((5.0, 1), (5.5, 3)):
        device.restore()
        sicken(device, events=["antenna-faulty"], times=2)
        result = job(device, wait=True, wait_interval=interval)
        assert result["healthy"] is True
        assert (device.ledger.gets, device.ledger.handshakes) == (3, handshakes)
        assert pauses == [interval, interval]
        pauses.clear()


@each_entry_point
@pytest.mark.parametrize("waiting", [{}, {"wait": True, "wait_timeout": 0.5, "wait_interval": 0.1}])
def test_a_device_that_stays_away_is_unreachable(
    controller: Controller, entry_point: str, waiting: dict[str, t.Any]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        run = controller.play({NAME: {"port": port, **waiting}}, "ts710", entry_point=entry_point)
    assert run.code == 4, run.output
    assert run.results[0].outcome == "unreachable"
    assert run.only["error"]["code"] == "refused"
    assert "checks" not in run.only
    if waiting:
        assert run.only["waited_seconds"] >= 0.4


@each_entry_point
def test_refused_credentials_are_not_tried_again_while_waiting(
    controller: Controller, fleet: Fleet, entry_point: str
) -> None:
    device = fleet["ts710"]
    waiting = {"wait": True, "wait_interval": 0.1, "wait_timeout": 30}
    run = controller.play({NAME: {**waiting, "password": "wrong"}}, "ts710", entry_point=entry_point)
    assert run.code == 2
    assert run.only["error"]["code"] == "auth_failed"
    assert [entry["status"] for entry in device.ledger] == [401]
    device.ledger.clear()
    device.add_fault("status", status=401, path="/api/status", nth=2, times=100)
    sicken(device, clock="holdover")
    run = controller.play({NAME: {**waiting, "fail_on": "warning"}}, "ts710", entry_point=entry_point)
    assert run.only["error"]["code"] == "auth_failed"
    assert [entry["status"] for entry in device.ledger] == [200, 401]


def test_what_a_device_sends_is_shown_and_never_executed(controller: Controller, fleet: Fleet) -> None:
    device = fleet["ts710"]
    whole = json.loads(answer(device))
    hostile = "{{ 6 * 7 }}\x1b[31m\u202e"
    whole["data"]["notification"]["events"].append({"object-id": hostile, "type": "critical", "triggered": 1})
    whole["data"]["system"]["sync-status"]["clock-status"]["clock"] = "{{ lookup('env', 'HOME') }}"
    headers = {"Content-Type": "application/json"}
    device.add_fault("status", status=200, path="/api", body=json.dumps(whole), headers=headers)
    show = {"msg": "{{ health.checks | map(attribute='message') | join(' ') }}"}
    tasks: Tasks = [
        {NAME: {"fail_on": "never"}, "register": "health"},
        {"ansible.builtin.debug": show},
    ]
    for entry_point in ENTRY_POINTS:
        run = controller.play(tasks, "ts710", entry_point=entry_point)
        assert run.code == 0, run.output
        shown = run.results[1].result["msg"]
        assert r"The event {{ 6 * 7 }}\x1b[31m\u202e is triggered." in shown
        assert "The clock is {{ lookup('env', 'HOME') }}." in shown
        assert "\x1b" not in json.dumps(run.results[0].result)
        assert by_name(run.results[0].result)["notification_events"]["state"] == "critical"


def test_the_level_info_is_enough(controller: Controller, fleet: Fleet) -> None:
    variables = {"ts710": host_variables(fleet["ts710"], "info")}
    assert controller.play({NAME: {}}, "ts710", variables=variables).code == 0
    assert {entry["user"] for entry in fleet["ts710"].ledger} == {"info"}


@pytest.mark.parametrize("recording", M600_RECORDINGS, ids=lambda path: path.stem)
def test_a_recorded_device_has_a_bad_certificate_and_is_well_otherwise(controller: Controller, recording: Path) -> None:
    with Fleet([DeviceSpec("recorded", f"recording:{recording}")], freeze=True) as fleet:
        variables = {"recorded": host_variables(fleet["recorded"], "info")}
        run = controller.play({NAME: {}}, "recorded", variables=variables)
    assert run.code == 2
    assert alarms(run.only) == {
        "certificate_expired": "critical",
        "certificate_self_signed": "warning",
    }
