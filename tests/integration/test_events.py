# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source lantime_events against simulated devices, with the queue that ansible-rulebook would hand to it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events import observation, watch
from ansible_collections.meinberg.lantime.tests.integration.event_queue import (
    MAIN,
    EventQueue,
    run_async,
    set_event,
    source_arguments,
    time_at,
)
from ansible_collections.meinberg.lantime.tests.simulator import Fleet

PATH = "/api/status/notification"
FAULTY = "antenna-faulty"
NAMES = ("ts706", "ts708", "ts710", "ims")


def flap(fleet: Fleet, name: str, second: int) -> None:
    """Produce a system-reboot event, which is over at once."""
    set_event(fleet, name, "system-reboot", 0, second)


@pytest.mark.parametrize("name", NAMES)
def test_raised_repeated_cleared_and_gone_by(fleet: Fleet, name: str) -> None:
    async def story() -> None:
        async with EventQueue(source_arguments(fleet, name, initial="active")) as rules:
            await rules.wait_for_first_poll(fleet, name)
            set_event(fleet, name, FAULTY, 1, 1)
            raised = await rules.next()
            assert (raised["kind"], raised["event"], raised["time"]) == (
                "event_raised",
                FAULTY,
                time_at(1),
            )
            assert (raised["host"], raised["type"], raised["severity"]) == (
                name,
                "error",
                "critical",
            )
            assert raised["device"] == {
                "serial_number": fleet[name].serial,
                "hostname": name,
                "model": fleet[name].model,
                "firmware": fleet[name].firmware.replace("fw_", ""),
            }
            set_event(fleet, name, FAULTY, 1, 2)
            assert await rules.kinds(1) == [("event_repeated", FAULTY)]
            set_event(fleet, name, FAULTY, 0, 2)
            assert await rules.kinds(1) == [("event_cleared", FAULTY)]
            set_event(fleet, name, FAULTY, 0, 3)
            occurred = await rules.next()
            assert (occurred["kind"], occurred["time"]) == ("event_occurred", time_at(3))
            set_event(fleet, name, "device-configuration-changed", 0, 4)
            assert await rules.kinds(1) == [("event_occurred", "device-configuration-changed")]
        ledger = fleet[name].ledger
        assert ledger.writes == 0
        assert {entry["path"] for entry in ledger} == {PATH}
        assert (ledger.handshakes, ledger.max_in_flight) == (1, 1)

    run_async(story())


def test_old_spellings_have_the_names_of_today(fleet: Fleet) -> None:
    async def story() -> None:
        async with EventQueue(source_arguments(fleet, "ts706", initial="active")) as rules:
            await rules.wait_for_first_poll(fleet, "ts706")
            set_event(fleet, "ts706", "leap-second-announced", 1, 1)
            assert await rules.kinds(1) == [("event_raised", "leapsecond-announced")]

    run_async(story())


def test_a_clearing_has_the_time_of_what_cleared_it(fleet: Fleet) -> None:
    async def story() -> None:
        async with EventQueue(source_arguments(fleet, "ts710", initial="active")) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            set_event(fleet, "ts710", FAULTY, 1, 1)
            assert await rules.kinds(1) == [("event_raised", FAULTY)]
            device = fleet.devices["ts710"]
            both = {FAULTY: (0, device.events[FAULTY][1])}
            set_event(fleet, "ts706", "antenna-reconnect", 1, 9)
            both["antenna-reconnect"] = fleet.devices["ts706"].events["antenna-reconnect"]
            fleet.call(lambda: device.events.update(both))
            cleared = await rules.next()
            assert (cleared["kind"], cleared["time"]) == ("event_cleared", time_at(9))

    run_async(story())


def test_only_what_is_wanted_is_reported(fleet: Fleet) -> None:
    events = {
        "include": ["antenna-*", "ntp-*", "system-*"],
        "exclude": ["antenna-r*"],
        "types": ["error", "action"],
    }
    unwanted = ("antenna-reconnect", "ntp-sync", "network-link-down", "low-system-resources")

    async def story() -> None:
        set_event(fleet, "ts710", FAULTY, 1, 1)
        args = source_arguments(fleet, "ts710", initial="active", events=events)
        async with EventQueue(args) as rules:
            assert await rules.kinds(1) == [("event_raised", FAULTY)]
            for name in unwanted:
                set_event(fleet, "ts710", name, 0, 99)
            flap(fleet, "ts710", 99)
            assert await rules.kinds(1) == [("event_occurred", "system-reboot")]

    run_async(story())


# -- lost and back


def test_a_device_that_stops_is_lost_once_and_shows_what_happened_meanwhile(fleet: Fleet) -> None:
    async def story() -> None:
        args = source_arguments(fleet, "ts710", "ts708", initial="active", backoff_max=0.05)
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710", "ts708")
            fleet["ts710"].set_dialect(api_off="refused", rest_api=False)
            lost = await rules.next()
            assert (lost["kind"], lost["host"]) == ("device_lost", "ts710")
            assert lost["error"]["code"] in ("refused", "disconnected")
            for second in range(1, 6):
                flap(fleet, "ts708", second)
                assert (await rules.next())["host"] == "ts708"
            set_event(fleet, "ts710", FAULTY, 1, 1)
            fleet["ts710"].set_dialect(rest_api=True)
            assert await rules.kinds(2) == [("device_back", None), ("event_raised", FAULTY)]

    run_async(story())


def test_a_restart_of_the_web_service_is_no_loss(fleet: Fleet) -> None:
    async def story() -> None:
        args = source_arguments(fleet, "ts710", initial="active", retries=3)
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            for second in range(1, 4):
                fleet["ts710"].restart_web()
                flap(fleet, "ts710", second)
                assert await rules.kinds(1) == [("event_occurred", "system-reboot")]

    run_async(story())


def test_single_polls_that_fail_are_no_loss(fleet: Fleet) -> None:
    async def story() -> None:
        async with EventQueue(source_arguments(fleet, "ts710", initial="active")) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            for second in range(1, 6):
                fleet["ts710"].add_fault("status", status=500, times=1)
                flap(fleet, "ts710", second)
                assert await rules.kinds(1) == [("event_occurred", "system-reboot")]
        answers = [entry["status"] for entry in fleet["ts710"].ledger]
        assert answers.count(500) == 5

    run_async(story())


def test_a_token_that_dies_with_the_web_service_is_renewed(fleet: Fleet) -> None:
    async def story() -> None:
        args = source_arguments(fleet, "ts710", initial="active", auth="token", retries=3)
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            fleet["ts710"].restart_web()
            flap(fleet, "ts710", 1)
            assert await rules.kinds(1) == [("event_occurred", "system-reboot")]
        assert [e["path"] for e in fleet["ts710"].ledger].count("/api/get-token") == 2

    run_async(story())


@pytest.mark.parametrize(
    ("fault", "members", "code"),
    [
        ("garbage", {}, "content"),
        ("truncated", {}, "incomplete"),
        ("gzip", {}, "encoding"),
        ("endless", {"limit": 9 * 1024 * 1024}, "too_large"),
        ("status", {"status": 500}, "server_error"),
        ("close-before-answer", {}, "disconnected"),
    ],
)
def test_an_answer_that_cannot_be_used_makes_a_device_lost_until_a_good_one(
    fleet: Fleet, fault: str, members: dict[str, t.Any], code: str
) -> None:
    async def story() -> None:
        args = source_arguments(fleet, "ts710", initial="active", backoff_max=0.05)
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            fleet["ts710"].add_fault(fault, **members)
            lost = await rules.next()
            assert (lost["kind"], lost["error"]["code"]) == ("device_lost", code)
            fleet["ts710"].clear_faults()
            assert await rules.kinds(1) == [("device_back", None)]

    run_async(story())


def test_a_slow_device_keeps_nobody_waiting(fleet: Fleet) -> None:
    async def story() -> None:
        args = source_arguments(fleet, "ts710", "ts706", initial="active")
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710", "ts706")
            fleet["ts706"].add_fault("delay", seconds=5.0)
            for second in range(1, 11):
                flap(fleet, "ts710", second)
                assert (await rules.next())["host"] == "ts710"
            assert fleet["ts706"].ledger.max_in_flight == 1

    run_async(story())


def test_another_device_and_another_firmware_at_an_address(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    device = fleet.devices["ts710"]

    async def story() -> None:
        args = source_arguments(fleet, "ts710", initial="active")
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            newer = dataclasses.replace(device.profile, firmware="fw_7.12.001")
            monkeypatch.setattr(device, "profile", newer)
            upgraded = await rules.next()
            assert upgraded["kind"] == "firmware_changed"
            assert upgraded["device"]["firmware"] == "7.12.001"
            monkeypatch.setattr(device, "identity", device.identity._replace(serial="4711"))
            swapped = await rules.next()
            assert (swapped["kind"], swapped["device"]["serial_number"]) == (
                "identity_changed",
                "4711",
            )
            assert swapped["previous"]["device"]["serial_number"] == fleet["ts710"].serial
            await rules.wait_for_first_poll(fleet, "ts710")

    run_async(story())


# -- what devices send


def test_hostile_events_are_left_out(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        fleet["ts710"].add_fault("hostile-id", object_id="{{ lookup('pipe', 'id') }}")
        async with EventQueue(source_arguments(fleet, "ts710", initial="active")) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            fleet["ts710"].clear_faults()
            fleet["ts710"].add_fault("hostile-id", object_id="{% x %}")
            flap(fleet, "ts710", 1)
            assert await rules.kinds(1) == [("event_occurred", "system-reboot")]

    run_async(story())
    assert "no usable name or are too many: 1" in caplog.text
    assert "lookup" not in caplog.text


def test_hostile_texts_lose_their_brackets(fleet: Fleet) -> None:
    async def story() -> None:
        async with EventQueue(source_arguments(fleet, "ts710", initial="active")) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")
            fleet["ts710"].add_fault("added-members", members={"type": "{{ 7*7 }}" * 99})
            flap(fleet, "ts710", 1)
            event = await rules.next()
            assert event["type"].startswith("(( 7*7 ))")
            assert len(event["type"]) <= 40
            fleet["ts710"].clear_faults()
            fleet["ts710"].add_fault("status", status=400, body={"error": "{{ 7*7 }}"})
            lost = await rules.next()
            assert "(( 7*7 ))" in lost["error"]["message"]

    run_async(story())


def test_an_error_of_our_own_loses_one_device_and_shows_nothing_it_sent(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(envelope: t.Any) -> t.Any:
        if envelope.identity.serial_number == fleet["ts706"].serial:
            raise ValueError(str(envelope))
        return observation.observe(envelope)

    monkeypatch.setattr(watch, "observe", stumble)

    async def story() -> None:
        args = source_arguments(fleet, "ts710", "ts706", initial="active")
        async with EventQueue(args) as rules:
            events: dict[str, t.Any] = {}
            while set(events) != {"ts710", "ts706"}:
                event = await rules.next()
                events[event["host"]] = event
            assert events["ts706"]["error"]["code"] == "internal"
            assert fleet["ts706"].serial not in json.dumps(events["ts706"])
            assert events["ts710"]["initial"]

    run_async(story())
    assert fleet["ts706"].serial not in caplog.text


# -- credentials


@pytest.mark.parametrize("form", ["401-403", "401-both", "403-both", "login-redirect", "login-page", "hidden"])
def test_a_wrong_password_is_tried_once(fleet: Fleet, form: str) -> None:
    fleet["ts706"].set_dialect(auth_error=form)

    async def story() -> None:
        args = source_arguments(fleet, "ts710", "ts706", initial="active", lost_after=1)
        args["hosts"][1]["password"] = "wr0ng"
        async with EventQueue(args) as rules:
            seen: dict[str, t.Any] = {}
            while set(seen) != {"ts710", "ts706"}:
                event = await rules.next()
                seen[event["host"]] = event
            kind = "device_lost" if form.startswith("login") else "auth_failed"
            assert (seen["ts706"]["kind"], seen["ts706"]["device"]) == (kind, None)
            for second in range(1, 21):
                flap(fleet, "ts710", second)
                while (event := await rules.next())["initial"]:
                    pass
                assert event["host"] == "ts710"

    run_async(story())
    assert len(fleet["ts706"].ledger) == 1
    assert len(fleet["ts710"].ledger) >= 20


def test_more_attempts_if_the_user_says_so(fleet: Fleet) -> None:
    async def story() -> None:
        args = source_arguments(fleet, "ts710", password="wr0ng", auth_failures=3)
        async with EventQueue(args) as rules:
            assert await rules.kinds(1) == [("auth_failed", None)]

    run_async(story())
    assert len(fleet["ts710"].ledger) == 3


def test_restarts_with_a_wrong_password_spare_the_account(fleet: Fleet, tmp_path: Path) -> None:
    args = source_arguments(fleet, "ts710", "ts706", state_path=str(tmp_path / "state"), initial="active")
    args["hosts"][0]["password"] = "wr0ng"

    async def first() -> None:
        async with EventQueue(args) as rules:
            hosts: set[str] = set()
            while hosts != {"ts710", "ts706"}:
                hosts.add((await rules.next())["host"])

    async def again(start: int) -> None:
        async with EventQueue(args) as rules:
            for second in range(start, start + 5):
                flap(fleet, "ts706", second)
                while (event := await rules.next())["event"] != "system-reboot":
                    assert event["initial"]

    run_async(first())
    for number in range(1, 5):
        run_async(again(number * 10))
    assert len(fleet["ts710"].ledger) == 2


def test_a_right_password_after_a_restart_brings_the_device_back(fleet: Fleet, tmp_path: Path) -> None:
    args = source_arguments(fleet, "ts710", state_path=str(tmp_path / "state"))

    async def wrong() -> None:
        async with EventQueue({**args, "password": "wr0ng"}) as rules:
            assert await rules.kinds(1) == [("auth_failed", None)]

    async def right() -> None:
        async with EventQueue(args) as rules:
            back = await rules.next()
            assert (back["kind"], back["previous"]["state"]) == ("device_back", "auth_failed")

    run_async(wrong())
    run_async(right())


def test_a_wrong_password_is_tried_on_three_devices_of_four(fleet: Fleet) -> None:
    async def story() -> None:
        async with EventQueue(source_arguments(fleet, *NAMES, password="wr0ng")) as rules:
            events = [await rules.next() for dummy in NAMES]
            assert {event["kind"] for event in events} == {"auth_failed"}
            assert {event["host"] for event in events} == set(NAMES)
            assert sum("not asked" in event["error"]["message"] for event in events) == 1

    run_async(story())
    assert sum(len(fleet[name].ledger) for name in NAMES) == 3


# -- restarts


def test_a_restart_shows_only_what_happened_meanwhile(fleet: Fleet, tmp_path: Path) -> None:
    path = tmp_path / "state"
    args = source_arguments(fleet, "ts710", "ts706", initial="active", state_path=str(path))

    async def first() -> None:
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710", "ts706")
            set_event(fleet, "ts710", FAULTY, 1, 1)
            assert await rules.kinds(1) == [("event_raised", FAULTY)]

    async def second() -> None:
        async with EventQueue(args) as rules:
            cleared = await rules.next()
            assert (cleared["kind"], cleared["event"], cleared["host"]) == (
                "event_cleared",
                FAULTY,
                "ts710",
            )
            flap(fleet, "ts706", 1)
            assert (await rules.next())["host"] == "ts706"
            flap(fleet, "ts710", 1)
            assert await rules.kinds(1) == [("event_occurred", "system-reboot")]

    run_async(first())
    set_event(fleet, "ts710", FAULTY, 0, 1)
    run_async(second())


def test_a_crash_before_the_state_is_saved_shows_the_same_once_more(fleet: Fleet, tmp_path: Path) -> None:
    path = tmp_path / "state"
    args = source_arguments(fleet, "ts710", initial="active", state_path=str(path))
    ids = []

    async def first() -> None:
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710")

    async def again() -> None:
        async with EventQueue(args) as rules:
            event = await rules.next()
            assert event["kind"] == "event_raised"
            ids.append(event["id"])

    run_async(first())
    before = path.read_bytes()
    set_event(fleet, "ts710", FAULTY, 1, 1)
    run_async(again())
    path.write_bytes(before)
    run_async(again())
    assert ids[0] == ids[1]


def test_the_state_file_holds_no_secret(fleet: Fleet, tmp_path: Path) -> None:
    path = tmp_path / "state"

    async def story() -> None:
        args = source_arguments(fleet, "ts710", "ts708", initial="active", state_path=str(path))
        args["hosts"][1].update(auth="token")
        async with EventQueue(args) as rules:
            await rules.wait_for_first_poll(fleet, "ts710", "ts708")
            fleet["ts710"].add_fault("status", status=401)
            assert await rules.kinds(1) == [("auth_failed", None)]

    run_async(story())
    text = path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(text)["devices"]["ts710"]["state"] == "auth_failed"
    for secret in fleet["ts710"].users.values():
        assert secret not in text
    for word in ("password", "token", "Basic", "Bearer", "simulated"):
        assert word not in text


# -- source_arguments


@pytest.mark.parametrize(
    "wrong",
    [
        {"intervall": 3},
        {"hosts": []},
        {"password": None},
        {"ca_path": "nowhere.pem"},
        {"state_path": "nowhere/state"},
        {"tls_fingerprint": "ab"},
    ],
)
def test_arguments_that_cannot_be_end_the_source_before_any_device_is_asked(
    fleet: Fleet, wrong: dict[str, t.Any]
) -> None:
    args = {**source_arguments(fleet, "ts710"), **wrong}
    with pytest.raises(LantimeError) as caught:
        asyncio.run(asyncio.wait_for(MAIN(asyncio.Queue(), args), 20))
    assert caught.value.code in ("option", "tls_files")
    assert len(fleet["ts710"].ledger) == 0
