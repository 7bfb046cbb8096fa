# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Incidents in any order, with time, changes and reboots between them: the tree stays consistent and recovers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.searches import examples
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.check import check_status
from ansible_collections.meinberg.lantime.tests.simulator.incidents import KINDS, IncidentError
from ansible_collections.meinberg.lantime.tests.simulator.tests.consistency import (
    contradictions,
    module,
    without_memory,
)
from ansible_collections.meinberg.lantime.tests.simulator.tests.test_recording import synthetic

PROFILES = ("m300-7.06", "m600-7.10", "m1000-7.10", "m3000-7.10", "m4000-7.10")

_SLOTS = ("", "clk1", "clk2", "clk1,clk2")


def raising(kind: str, after: int, lasts: int, slot: str) -> tuple[Any, ...]:
    own = {"slot": slot} if "slot" in KINDS[kind].members else {}
    return "raise", kind, {"after": after, "lasts": lasts, **own}


_RAISED = st.builds(
    raising,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from((0, 0, 0, 30, 4000)),
    st.sampled_from((0, 0, 50, 5000)),
    st.sampled_from(_SLOTS),
)
_STEPS = st.one_of(
    _RAISED,
    _RAISED,
    st.tuples(st.just("clear"), st.sampled_from([None, *sorted(KINDS)])),
    st.tuples(st.just("advance"), st.sampled_from((0, 1, 45, 900, 20000))),
    st.tuples(st.just("trust"), st.sampled_from((0, 600, 86400))),
    st.tuples(st.just("local"), st.booleans()),
    st.tuples(st.just("reboot")),
)


@pytest.fixture(scope="module")
def still() -> Iterator[Fleet]:
    specs = [DeviceSpec(name, name) for name in PROFILES]
    with Fleet(specs, freeze=True) as fleet:
        yield fleet


def play(device: DeviceHandle, step: tuple[Any, ...]) -> None:
    word, *rest = step
    if word == "raise":
        # A device may not have it, or have it already.
        with contextlib.suppress(IncidentError):
            device.raise_incident(rest[0], **rest[1])
    elif word == "clear":
        device.clear_incidents(rest[0])
    elif word == "advance":
        device.advance(rest[0])
    elif word == "trust":
        device.change("ntp/trust-time", rest[0])
    elif word == "local":
        device.change("ntp/local-clock/disabled", rest[0])
    else:
        device.reboot()


@settings(deadline=None, max_examples=examples(60))
@given(profile=st.sampled_from(PROFILES), steps=st.lists(_STEPS, max_size=12))
def test_any_sequence(still: Fleet, profile: str, steps: list[tuple[Any, ...]]) -> None:
    device = still[profile]
    device.restore()
    for step in steps:
        play(device, step)
        # What is cached is as old as the incident; a change of the trust time shows nowhere in it.
        if not any(item["kind"] == "stale-status" for item in device.incidents):
            broken = [str(item["members"]["slot"]) for item in device.incidents if item["kind"] == "module-fault"]
            assert contradictions(device.status(), ",".join(broken).split(",")) == [], step
    device.clear_incidents()
    after = device.status()
    assert contradictions(after) == []
    assert check_status(after) == []
    passed = sum(step[1] for step in steps if step[0] == "advance")
    device.restore()
    device.advance(passed)
    untouched = without_memory(device.status())
    # An event of a configuration change is an action, and so is a reboot: neither stays triggered.
    assert without_memory(after) == untouched


def test_incidents_of_recorded_devices(tmp_path: Any) -> None:
    for file in [synthetic(tmp_path / "own.json"), *RECORDINGS]:
        with Fleet([DeviceSpec("r", f"recording:{file}")], freeze=True) as fleet:
            device = fleet["r"]
            raised = []
            for kind in KINDS:
                try:
                    device.raise_incident(kind)
                except IncidentError:
                    continue
                raised.append(kind)
                if kind in ("holdover", "antenna-fault", "cold-start", "ntp-stopped"):
                    device.advance(30)
                    wrong = check_status(device.status())
                    # The synthetic recording has a member that is in no table.
                    assert [line for line in wrong if "new-member" not in line] == []
                device.restore()
            assert {"holdover", "antenna-fault", "gnss-jamming", "ntp-stopped"} <= set(raised)
            device.raise_incident("antenna-fault")
            device.advance(3600)
            status = device.status()
            assert status["system"]["sync-status"]["clock-status"]["clock"] == "holdover"
            assert module(status, "clk1")["grc"]["antenna"]["connected"] is False
            device.restore()
            assert device.incidents == []
