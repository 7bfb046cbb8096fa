# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer that parses replays as recorded, or is refused with one sentence that names the member."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.device import Device
from ansible_collections.meinberg.lantime.tests.simulator.fleet import make_identity
from ansible_collections.meinberg.lantime.tests.simulator.incidents import KINDS, IncidentError
from ansible_collections.meinberg.lantime.tests.simulator.profiles import PROFILE_NAMES, load_profile
from ansible_collections.meinberg.lantime.tests.simulator.recorded import BadRecordingError
from ansible_collections.meinberg.lantime.tests.simulator.recording import load_recording, replay
from ansible_collections.meinberg.lantime.tests.simulator.routes import Request, respond
from ansible_collections.meinberg.lantime.tests.simulator.shapes import set_aside
from ansible_collections.meinberg.lantime.tests.simulator.tests.mutations import mutate
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client

Tree = dict[str, Any]

_SENTENCE = re.compile(r"(?:data|system-information)[/ ].{8,200}")
_USER = "Basic " + base64.b64encode(b"root:simulated-root-1").decode()


def answer_of(profile: str) -> Tree:
    """A recording of our own making."""
    made = load_profile(profile)
    identity = make_identity(DeviceSpec("ts1", profile, hostname="a", domain="b.example"), made, 0)
    return {
        "system-information": {
            "API Version": f"LANTIME REST API V{made.api}",
            "version": made.firmware,
            "serial-number": identity.serial,
            "hostname": "a.b.example",
            "time-stamp": "2026-01-02T03:04:05",
            "model": made.model,
        },
        "data": json.loads(json.dumps(made.status(identity))),
        "changes": {"pending-changes": 0},
        "links": {"self": "https://localhost/api/status"},
    }


def device_of(recorded: Any, freeze: bool = True) -> Device:
    profile = replay(recorded, "own.json")
    spec = DeviceSpec("recording", "recording:own.json")
    return Device(spec, profile, make_identity(spec, profile, 0), freeze)


def get(device: Device, path: str, raw: bool = False) -> Any:
    return ask(device, "GET", path, raw=raw)


def ask(device: Device, method: str, path: str, body: Any = None, raw: bool = False) -> Any:
    segments = tuple(path.strip("/").split("/"))
    sent = b"" if body is None else json.dumps(body).encode()
    answer = respond(device, Request(method, path, segments, raw, _USER, sent))
    assert answer.status == 200, (path, answer)
    return json.loads(answer.body)


def changed(path: str, value: Any) -> Tree:
    """The recording of an M600 with another value at a path; `...` removes the member."""
    answer = answer_of("m600-7.10")
    *parents, name = path.split("/")
    node: Any = answer
    for step in parents:
        node = node[int(step)] if isinstance(node, list) else node[step]
    place: Any = int(name) if isinstance(node, list) else name
    if value is ...:
        del node[place]
    else:
        node[place] = value
    return answer


REPLAYED: tuple[tuple[str, Any], ...] = (
    ("data/network/ports", None),
    ("data/notification/events/3/object-id", ...),
    ("data/services/network/ftp", "stopped"),
    ("data/system/uptime", None),
    ("changes", ...),
    ("links", ...),
    ("links", None),
    ("data/object-id", ...),
    ("data/network", None),
    ("data/system/storage/1", "tmpfs"),
    ("data/chassis0/slots/2/module/grc", "grc180"),
    ("data/chassis0/slots/2/module/satellites/position-x", "n/a"),
    ("data/ntp/0/status-sys-event-counter", "1"),
    ("data/system/memory", "0 kB total memory, 0 kB free (0 %)"),
    ("data/notification/events/1/object-id", "normal-operation"),
    ("system-information/hostname", None),
    ("system-information/serial-number", 30111006950),
    ("system-information/version", ...),
    ("system-information/model", 600),
    ("system-information/board", "added by a newer firmware"),
)
REFUSED: tuple[tuple[str, Any, str], ...] = (
    ("data", None, "data is no object"),
    ("data/object-id", "system", "data/object-id is 'system'"),
    ("system-information", [], "system-information is no object"),
    ("system-information/time-stamp", "yesterday", "system-information/time-stamp is 'yesterday'"),
    ("system-information/API Version", "unknown", "system-information/API Version holds no version"),
)


@pytest.mark.parametrize(("path", "value"), REPLAYED)
def test_parts_in_another_form_are_replayed_unchanged(path: str, value: Any) -> None:
    recorded = changed(path, value)
    shown = get(device_of(recorded), "/api/status")
    assert shown["data"] == {"object-id": "status", **recorded["data"]}
    assert shown["system-information"] == recorded["system-information"]
    exercise(device_of(recorded, freeze=False), random.Random(path))


@pytest.mark.parametrize(("path", "value", "sentence"), REFUSED)
def test_a_refusal_names_the_member(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(BadRecordingError) as refused:
        replay(changed(path, value), "own.json")
    assert sentence in str(refused.value)


def test_what_is_missing_in_both_places_is_refused() -> None:
    recorded = changed("system-information/model", ...)
    del recorded["data"]["chassis0"]
    with pytest.raises(BadRecordingError, match="system-information/model is missing, and data/chassis0/model too"):
        replay(recorded, "own.json")
    nested: Any = []
    for dummy in range(200):
        nested = [nested]
    with pytest.raises(BadRecordingError, match="nested deeper than 64"):
        replay(changed("data/system/new", nested), "own.json")


def test_an_answer_of_the_root_is_replayed_over_a_socket(tmp_path: Path) -> None:
    recorded = answer_of("m600-7.10")
    status = {name: value for name, value in recorded["data"].items() if name != "object-id"}
    recorded["data"] = {"object-id": "main-menu", "status": status, "network": {}}
    file = tmp_path / "root.json"
    file.write_text("\ufeff" + json.dumps(recorded), encoding="utf-8")
    assert load_recording(file).serial == recorded["system-information"]["serial-number"]
    with Fleet([DeviceSpec("r", f"recording:{file}")], freeze=True) as fleet:
        client = Client(fleet["r"], "info")
        assert client.data("/status") == {"object-id": "status", **status}
        assert client.data("")["status"] == status
        client.close()


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_the_profiles_have_known_forms_only(profile: str) -> None:
    status = answer_of(profile)["data"]
    assert set_aside(status) == (status, [])


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_real_recordings_have_known_forms_only(file: Path) -> None:
    status = json.loads(file.read_text(encoding="utf-8"))["data"]
    assert set_aside(status)[1] == []


def test_the_past_of_a_moving_recording_ends_now() -> None:
    recorded = answer_of("m600-7.10")
    events = {event["object-id"]: event for event in recorded["data"]["notification"]["events"]}
    events["ntp-not-sync"]["last-triggered"] = "2026-01-01T20:22:20"
    events["ntp-stopped"]["last-triggered"] = "on Monday"
    device = device_of(recorded, freeze=False)
    shown = {event["object-id"]: event["last-triggered"] for event in device.status()["notification"]["events"]}
    span = datetime.fromisoformat("2026-01-02T03:04:05") - datetime.fromisoformat("2026-01-01T20:22:20")
    ago = device.now().replace(tzinfo=None) - datetime.fromisoformat(shown["ntp-not-sync"])
    assert abs(ago - span) < timedelta(seconds=30)
    assert (shown["ntp-stopped"], shown["antenna-faulty"]) == ("on Monday", "never")
    system, original = device.status()["system"], recorded["data"]["system"]
    for name in ("last-update-started", "last-update-ended"):
        assert system["firmware"]["update"][name] != original["firmware"]["update"][name]
    position = datetime.strptime(system["last-position-update"], "%Y.%m.%d %H:%M:%S")
    assert position != datetime.strptime(original["last-position-update"], "%Y.%m.%d %H:%M:%S")
    frozen = device_of(recorded).status()
    assert frozen["notification"] == recorded["data"]["notification"]


def test_a_clock_that_never_had_a_position_keeps_its_time() -> None:
    device = device_of(answer_of("m300-7.06"), freeze=False)
    assert device.status()["system"]["last-position-update"] == "1970-01-01 00:00:00"


def exercise(device: Device, source: random.Random) -> None:
    """Everything that computes with the status tree."""
    get(device, "/api", raw=True)
    get(device, "/api/config")
    device.choose({"time_zone": source.choice(("utc", "local")), "list_get": source.choice(("named", "map"))})
    for kind in source.sample(sorted(set(KINDS) - {"faillock"}), 4):
        with contextlib.suppress(IncidentError):
            device.incidents.raise_(kind, {"after": source.choice((0, 20))})
    device.advance(source.choice((1, 100, 5000)))
    device.foreign_change("network/interfaces/vif9", {"ipv4": {"dhcp": True}})
    name = source.choice(list(get(device, "/api/status")["data"]))
    if name not in ("object-id", "") and "/" not in name:
        get(device, f"/api/status/{name}")
    device.incidents.clear()
    device.reboot()
    get(device, "/api/status")


def replay_mutations(count: int, seed: int, every: int) -> int:
    """Replays so many mutated recordings, each with one answer, and one of `every` with all that computes with it.

    Returns the number of refused ones.
    """
    source = random.Random(seed)
    bases = [json.loads(file.read_text(encoding="utf-8")) for file in RECORDINGS]
    bases += [answer_of(profile) for profile in ("m600-7.10", "m300-7.06", "m600-7.10", "m300-7.06", "m1000-7.10")]
    refused: list[str] = []
    for number in range(count):
        recorded = mutate(source.choice(bases), source)
        try:
            device = device_of(recorded, freeze=number % 2 == 0)
        except BadRecordingError as error:
            refused.append(str(error))
            continue
        shown = get(device, "/api/status")["data"]
        if device.freeze:
            assert shown == {"object-id": "status", **recorded["data"]}, number
        if number % every == 0 or number % every == 5:
            exercise(device, source)
    assert [text for text in refused if not _SENTENCE.fullmatch(text)] == []
    return len(refused)


def test_mutated_recordings_replay_or_are_refused() -> None:
    assert 8 < replay_mutations(800, seed=1, every=20) < 160


@pytest.mark.long
def test_many_mutated_recordings_replay_or_are_refused() -> None:
    assert 200 < replay_mutations(25000, seed=2, every=4) < 5000
