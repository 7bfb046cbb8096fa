# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How polls change the state of a device: single cases, whole lives, hostile responses."""

from __future__ import annotations

import datetime
import json
import typing as t

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.memory import (
    device_from_document,
    device_to_document,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import (
    MAX_EVENTS,
    NotificationEvent,
    Observation,
    ObservedIdentity,
    observe,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.states import (
    DEVICE_KINDS,
    EVENT_KINDS,
    DeviceState,
    mark_auth_failed,
    mark_lost,
)
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.unit.plugin_utils._events.event_cases import (
    ME,
    NOW,
    SCHEMA,
    T1,
    T2,
    T3,
    as_valid_events,
    envelope,
    item,
    known_device,
    observe_device,
)

BAD, GOOD = "refclock-1-not-sync", "refclock-1-sync"


def observed(raised: bool | None, last: str | None, name: str = BAD) -> Observation:
    return Observation(ME, {name: NotificationEvent(raised, last, "error")})


def test_the_schema_is_valid_and_has_all_kinds() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    kinds = SCHEMA["properties"]["lantime"]["properties"]["kind"]["enum"]
    assert kinds == [*EVENT_KINDS, *DEVICE_KINDS]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ((False, None), (False, None), []),
        ((False, T1), (False, T1), []),
        ((True, T1), (True, T1), []),
        ((False, None), (True, T1), ["event_raised"]),
        ((False, T1), (True, T2), ["event_raised"]),
        ((False, T1), (True, T1), ["event_raised"]),
        ((False, None), (True, None), ["event_raised"]),
        ((True, T1), (False, T1), ["event_cleared"]),
        ((True, None), (False, None), ["event_cleared"]),
        ((False, None), (False, T1), ["event_occurred"]),
        ((False, T1), (False, T2), ["event_occurred"]),
        ((False, T2), (False, T1), ["event_occurred"]),
        ((True, T1), (True, T2), ["event_repeated"]),
        ((True, T1), (False, T2), ["event_repeated", "event_cleared"]),
        # The device shows nothing that can be read: what was, stays.
        ((True, T1), (None, T2), []),
        ((False, T1), (None, None), []),
        # A date that went away says nothing.
        ((False, T1), (False, None), []),
    ],
)
def test_each_step_of_a_latch(
    before: tuple[bool, str | None], after: tuple[bool | None, str | None], kinds: list[str]
) -> None:
    device, found = observe_device(known_device(observed(*before)), observed(*after))
    assert [event["kind"] for event in found] == kinds
    again, nothing = observe_device(device, observed(*after))
    assert (again, nothing) == (device, [])


def test_members_of_an_event() -> None:
    device, (raised,) = observe_device(known_device(observed(False, T1)), observed(True, T2))
    assert raised == {
        "id": raised["id"],
        "kind": "event_raised",
        "host": "ts1",
        "device": ME._asdict(),
        "event": BAD,
        "type": "error",
        "severity": "critical",
        "state": "raised",
        "previous": {"state": "cleared", "time": T1, "device": None},
        "time": T2,
        "observed": NOW,
        "initial": False,
        "error": None,
    }
    assert observe_device(known_device(observed(False, T1)), observed(True, T2))[1] == [raised]
    dummy, (cleared,) = observe_device(device, observed(False, T2))
    assert cleared["previous"] == {"state": "raised", "time": T2, "device": None}
    assert cleared["time"] is None


def test_a_clearing_has_the_time_of_the_event_that_clears() -> None:
    before = Observation(ME, {BAD: NotificationEvent(True, T1, "error"), GOOD: NotificationEvent(False, None, "info")})
    after = Observation(ME, {BAD: NotificationEvent(False, T1, "error"), GOOD: NotificationEvent(True, T2, "info")})
    dummy, found = observe_device(known_device(before), after)
    assert [(e["kind"], e["event"], e["time"]) for e in found] == [
        ("event_cleared", BAD, T2),
        ("event_raised", GOOD, T2),
    ]


def test_raises_in_one_second_and_under_a_clock_that_was_set_back_have_ids_of_their_own() -> None:
    device, ids = known_device(observed(False, T2)), set()
    for raised, last in [(True, T2), (False, T2), (True, T2), (True, T1), (True, T2), (True, None)]:
        device, found = observe_device(device, observed(raised, last))
        ids |= {event["id"] for event in found}
    assert len(ids) == 5


def test_first_poll() -> None:
    observation = Observation(
        ME,
        {
            "ntp-sync": NotificationEvent(True, T1, "info"),
            "antenna-faulty": NotificationEvent(True, T2, "error"),
            "system-reboot": NotificationEvent(False, T3, "action"),
            "ntp-stopped": NotificationEvent(False, T3, "critical"),
        },
    )
    assert observe_device(DeviceState(), observation)[1] == []
    device, (event,) = observe_device(DeviceState(), observation, initial=True)
    assert (event["event"], event["initial"], event["time"]) == ("antenna-faulty", True, T2)
    assert event["previous"]["state"] == "unknown"
    assert observe_device(device, observation, initial=True)[1] == []


@pytest.mark.parametrize(
    ("kind", "is_reported"),
    [("critical", True), ("error", True), ("warning", True), ("info", False), ("action", False), (None, False)],
)
def test_which_types_of_events_are_reported_at_the_first_poll(kind: str | None, is_reported: bool) -> None:
    observation = Observation(ME, {BAD: NotificationEvent(True, T1, kind)})
    device, found = observe_device(DeviceState(), observation, initial=True)
    assert [event["event"] for event in found] == [BAD] * is_reported
    # Later it is no news, and without initial it never was.
    assert observe_device(device, observation, initial=True)[1] == []
    assert observe_device(DeviceState(), observation)[1] == []


def test_an_event_that_a_known_device_lists_for_the_first_time() -> None:
    device = known_device(observed(False, None))
    device, found = observe_device(device, observed(False, T1, "auto-update-failed"))
    assert found == []
    assert observe_device(device, observed(True, T2, "fan-down"))[1][0]["kind"] == "event_raised"


def test_events_that_are_left_out_of_an_answer_are_remembered() -> None:
    device = known_device(observed(True, T1))
    for observation in (Observation(ME, {}), observed(False, None, "ntp-stopped")):
        device, found = observe_device(device, observation)
        assert found == []
    assert [e["kind"] for e in observe_device(device, observed(False, T1))[1]] == ["event_cleared"]


def test_another_device_at_the_address_starts_anew() -> None:
    other = ObservedIdentity("999", "ts1", "M300", "7.06.014")
    device, found = observe_device(
        known_device(observed(True, T1)), Observation(other, {BAD: NotificationEvent(True, T2, "error")})
    )
    (changed,) = found
    assert (changed["kind"], changed["device"], changed["previous"]["device"]) == (
        "identity_changed",
        other._asdict(),
        ME._asdict(),
    )
    back, events_of_back = observe_device(device, observed(True, T1), initial=True)
    assert [e["kind"] for e in events_of_back] == ["identity_changed", "event_raised"]
    assert events_of_back[0]["id"] != changed["id"]
    assert back.identity == ME


def test_another_firmware_is_reported_and_clears_what_it_does_not_have() -> None:
    device = known_device(
        Observation(ME, {BAD: NotificationEvent(True, T1, "error"), "x-old": NotificationEvent(True, T1, "warning")})
    )
    upgraded = ME._replace(firmware="7.12.001")
    device, found = observe_device(device, Observation(upgraded, {}))
    assert [e["kind"] for e in found] == ["firmware_changed"]
    again = ME._replace(firmware="7.12.002")
    device, found = observe_device(device, Observation(again, {BAD: NotificationEvent(True, T1, "error")}))
    assert [(e["kind"], e["event"]) for e in found] == [
        ("firmware_changed", None),
        ("event_cleared", "x-old"),
    ]
    assert found[0]["previous"]["device"]["firmware"] == "7.12.001"


def test_an_answer_without_identity_changes_none() -> None:
    device, found = observe_device(known_device(observed(False, T1)), Observation(ObservedIdentity(), {}))
    assert found == []
    assert device.identity == ME


def test_lost_and_back_are_reported_once_with_what_happened_meanwhile() -> None:
    error = LantimeError("refused", "nobody {{ there }}", host="ts1")
    device, first = mark_lost("ts1", known_device(observed(False, T1)), error, "2026-02-11T22:06:00.000Z")
    (gone,) = as_valid_events(first)
    assert (gone["kind"], gone["error"]["code"]) == ("device_lost", "refused")
    assert "((" in gone["error"]["message"]
    assert gone["previous"] == {"state": "up", "time": NOW, "device": None}
    assert mark_lost("ts1", device, error, NOW) == (device, [])
    device, found = observe_device(device, observed(True, T2))
    assert [e["kind"] for e in found] == ["device_back", "event_raised"]
    assert found[0]["previous"] == {
        "state": "lost",
        "time": "2026-02-11T22:06:00.000Z",
        "device": None,
    }
    dummy, second = mark_lost("ts1", device, error, NOW)
    assert second[0].id != gone["id"]


def test_refused_credentials_are_reported_once_and_end_with_an_answer() -> None:
    error = LantimeError("auth_failed", "no", host="ts1")
    device, changes = mark_auth_failed("ts1", DeviceState(refusals=(NOW,)), error, NOW)
    (event,) = as_valid_events(changes)
    assert (event["kind"], event["device"], event["previous"]["state"]) == (
        "auth_failed",
        None,
        "unknown",
    )
    assert mark_auth_failed("ts1", device, error, NOW) == (device, [])
    device, found = observe_device(device, observed(True, T1))
    assert [e["kind"] for e in found] == ["device_back"]
    assert device.refusals == ()


# -- whole lives

NAMES = ("ntp-not-sync", "system-reboot", "made-up")
EPOCH = datetime.datetime(2026, 2, 11)

happening = st.one_of(
    st.tuples(st.just("raise"), st.sampled_from(NAMES)),
    st.tuples(st.just("clear"), st.sampled_from(NAMES)),
    st.tuples(st.just("pass"), st.sampled_from([1, 1, 7, 600, -3])),
    st.tuples(st.just("poll"), st.sampled_from(["", "restart", "crash"])),
    st.tuples(st.just("gone"), st.none()),
)
# Half of what happens is followed by a poll at once, in the same second.
lives = st.lists(st.tuples(happening, st.booleans()), max_size=50).map(
    lambda steps: [step for first, polled in steps for step in ([first, ("poll", "")] if polled else [first])]
)


class SimulatedEvents:
    """A device as far as its events go."""

    def __init__(self) -> None:
        self.seconds = 0
        self.events: dict[str, tuple[bool, str | None]] = dict.fromkeys(NAMES, (False, None))

    def happen(self, what: str, value: t.Any) -> None:
        if what == "pass":
            self.seconds += value
        elif what == "raise":
            moment = EPOCH + datetime.timedelta(seconds=self.seconds)
            self.events[value] = (value != "system-reboot", moment.isoformat() + "Z")
        elif what == "clear":
            self.events[value] = (False, self.events[value][1])

    def observation(self) -> Observation:
        return Observation(
            ME, {n: NotificationEvent(raised, last, "error") for n, (raised, last) in self.events.items()}
        )


@given(lives)
@settings(max_examples=examples(200), deadline=None)
def test_no_change_is_lost_repeated_or_invented(life: list[tuple[str, t.Any]]) -> None:
    simulated = SimulatedEvents()
    device = known_device(simulated.observation())
    before = dict(simulated.events)
    reported = dict.fromkeys(NAMES, False)
    ids: set[str] = set()
    away = False
    for what, value in [*life, ("poll", "")]:
        simulated.happen(what, value)
        if what == "gone":
            device, changes = mark_lost("ts1", device, LantimeError("refused", "x"), NOW)
            found = as_valid_events(changes)
            assert len(found) == (not away)
            away = True
        elif what == "poll":
            if value == "restart":
                device = device_from_document(json.loads(json.dumps(device_to_document(device))))
            if value == "crash":
                # The memory of this poll is not on disk yet: it is emitted again, with the same ids.
                assert observe_device(device, simulated.observation()) == observe_device(
                    device, simulated.observation()
                )
            device, found = observe_device(device, simulated.observation())
            assert [e["kind"] for e in found if e["event"] is None] == ["device_back"] * away
            away = False
            for name in NAMES:
                kinds = [e["kind"] for e in found if e["event"] == name]
                was, now = before[name], simulated.events[name]
                raises = [kind for kind in kinds if kind != "event_cleared"]
                assert len(raises) == ((now[0] and not was[0]) or now[1] != was[1])
                assert kinds.count("event_cleared") == (was[0] and not now[0])
                reported[name] = next(
                    (e["state"] == "raised" for e in reversed(found) if e["event"] == name),
                    reported[name],
                )
                assert reported[name] == now[0]
            before = dict(simulated.events)
            assert observe_device(device, simulated.observation())[1] == []
        else:
            found = []
        new = [e["id"] for e in found]
        assert len(set(new)) == len(new)
        assert not ids & set(new)
        ids |= set(new)


@given(lives)
@settings(max_examples=examples(100), deadline=None)
def test_two_sources_that_poll_together_report_the_same_ids(life: list[tuple[str, t.Any]]) -> None:
    simulated = SimulatedEvents()
    early = known_device(simulated.observation())
    late = None
    for what, value in life:
        simulated.happen(what, value if what != "pass" else abs(value) + 1)
        if what == "raise":
            simulated.happen("pass", 1)
        if what == "poll":
            early, first = observe_device(early, simulated.observation())
            if late is not None:
                late, second = observe_device(late, simulated.observation())
                assert [e["id"] for e in second] == [e["id"] for e in first]
            else:
                late = known_device(simulated.observation())


def test_texts_of_a_device_are_harmless_and_bounded() -> None:
    evil = "{{ lookup('pipe', 'id') }}\n{% x %}" + "y" * 5000
    observation = observe(
        envelope([{**item("ntp-not-sync"), "type": evil}], serial_number=evil, hostname=evil, model=evil)
    )
    device = known_device(Observation(observation.identity, {"ntp-not-sync": NotificationEvent(False, None, "error")}))
    (event,) = observe_device(device, observation)[1]
    text = json.dumps({k: v for k, v in event.items() if k not in ("previous", "device")})
    assert "{{" not in text
    assert "{%" not in text
    assert all("{" not in value and len(value) <= 100 for value in event["device"].values())


def test_a_flood_of_events_is_bounded() -> None:
    observation = observe(envelope([item(f"e{n}") for n in range(5000)]))
    assert len(observation.events) == MAX_EVENTS
    assert observation.skipped == 5000 - MAX_EVENTS
    device = known_device(observation)
    for turn in range(5):
        flood = observe(envelope([item(f"f{turn}-{n}") for n in range(300)]))
        device, dummy = observe_device(device, flood)
    assert len(device.events) == MAX_EVENTS


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)
tables = st.lists(
    st.fixed_dictionaries(
        {
            "object-id": st.sampled_from(["ntp-not-sync", "{{x}}", "b"]) | json_values,
            "type": st.sampled_from(["error", "{{x}}"]) | json_values,
            "triggered": st.sampled_from([0, 1, "1", True]) | json_values,
            "last-triggered": st.sampled_from(["never", T1]) | json_values,
        }
    ),
    max_size=6,
)


@given(st.lists(tables | json_values, max_size=4), st.text(max_size=300))
@settings(max_examples=examples(150), deadline=None)
def test_whatever_devices_send_makes_valid_events(answers: list[t.Any], text: str) -> None:
    device = DeviceState()
    for table in answers:
        observation = observe(envelope(table, hostname=text, firmware=text))
        device, dummy = observe_device(device, observation, initial=True)
        assert device_from_document(json.loads(json.dumps(device_to_document(device)))) == device
