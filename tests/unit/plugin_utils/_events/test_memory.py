# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of an event source: what it stores, and which files it refuses."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.memory import EventMemory
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import ObservedIdentity
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.states import DeviceState, EventState

FULL = DeviceState(
    "lost",
    "2026-02-11T22:05:07.000Z",
    4,
    ObservedIdentity("1", "ts1", None, "7.10.008"),
    {"ntp-not-sync": EventState(True, "2026-02-11T07:48:26Z", 2, "error"), "x": EventState(False)},
    ("2026-02-11T22:05:07.000Z",),
)


def test_a_memory_survives_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    memory = EventMemory(str(path), ["ts1", "ts2"])
    assert memory.devices == {"ts1": DeviceState(), "ts2": DeviceState()}
    memory.devices["ts1"] = FULL
    old = os.umask(0)
    try:
        memory.save(memory.text())
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]
    assert EventMemory(str(path), ["ts1", "ts3"]).devices == {"ts1": FULL, "ts3": DeviceState()}


def test_the_stored_form_is_that_of_the_releases(tmp_path: Path) -> None:
    memory = EventMemory(None, ["ts1"])
    memory.devices["ts1"] = FULL
    stored = {
        "format": "meinberg.lantime.lantime_events/1",
        "devices": {
            "ts1": {
                "state": "lost",
                "since": "2026-02-11T22:05:07.000Z",
                "changes": 4,
                "identity": {"serial_number": "1", "hostname": "ts1", "model": None, "firmware": "7.10.008"},
                "events": {"ntp-not-sync": [True, "2026-02-11T07:48:26Z", 2, "error"], "x": [False, None, 0, None]},
                "refused": ["2026-02-11T22:05:07.000Z"],
            }
        },
    }
    assert json.loads(memory.text()) == stored
    path = tmp_path / "state.json"
    path.write_text(json.dumps(stored), "utf-8")
    assert EventMemory(str(path), ["ts1"]).devices == {"ts1": FULL}


def test_a_memory_does_not_follow_a_link_in_its_way(tmp_path: Path) -> None:
    path, victim = tmp_path / "state.json", tmp_path / "victim"
    victim.write_text("mine", "utf-8")
    (tmp_path / "state.json.new").symlink_to(victim)
    memory = EventMemory(str(path), ["ts1"])
    memory.save(memory.text())
    assert victim.read_text("utf-8") == "mine"
    assert not path.is_symlink()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "7",
        '{"format": "other", "devices": {}}',
        "[" * 5000,
        '{"format": "meinberg.lantime.lantime_events/1", "devices": {"a": {"state": "up"}}}',
        '{"format": "meinberg.lantime.lantime_events/1", "devices": {"a": 7}}',
    ],
)
def test_a_file_of_another_format_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content, "utf-8")
    with pytest.raises(LantimeError) as caught:
        EventMemory(str(path), ["a"])
    assert "is not a state file of lantime_events" in str(caught.value)
    assert path.read_text("utf-8") == content


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("state", "asleep"),
        ("since", 7),
        ("changes", True),
        ("changes", "1"),
        ("identity", []),
        ("events", {"a": [1, None, 0, None]}),
        ("events", {"a": [True]}),
        ("events", {"a": None}),
        ("events", {f"e{n}": [True, None, 0, None] for n in range(1000)}),
        ("refused", None),
    ],
)
def test_a_memory_with_a_wrong_member_is_refused(tmp_path: Path, member: str, value: t.Any) -> None:
    path = tmp_path / "state.json"
    memory = EventMemory(str(path), ["ts1"])
    memory.devices["ts1"] = FULL
    content = json.loads(memory.text())
    content["devices"]["ts1"][member] = value
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(LantimeError):
        EventMemory(str(path), ["ts1"])


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    memory = EventMemory(str(tmp_path / "nowhere" / "state.json"), ["a"])
    with pytest.raises(LantimeError) as caught:
        memory.save(memory.text())
    assert "nowhere/state.json cannot be written" in str(caught.value)
