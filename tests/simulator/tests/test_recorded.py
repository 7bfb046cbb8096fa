# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole recording: the configuration and the forms of the answers are played as recorded, and the configuration can be written."""

from __future__ import annotations

import base64
import contextlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.meinberg.lantime.tests.paths import RECORDINGS
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.cli import main
from ansible_collections.meinberg.lantime.tests.simulator.device import Device
from ansible_collections.meinberg.lantime.tests.simulator.recorded import BadRecordingError
from ansible_collections.meinberg.lantime.tests.simulator.recording import load_recording, replay
from ansible_collections.meinberg.lantime.tests.simulator.refusal import RefusedError
from ansible_collections.meinberg.lantime.tests.simulator.routes import Request, respond
from ansible_collections.meinberg.lantime.tests.simulator.tests.mutations import mutate
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client
from ansible_collections.meinberg.lantime.tests.simulator.tests.test_replay import device_of, exercise, get
from ansible_collections.meinberg.lantime.tests.simulator.tree import UnknownPathError

Tree = dict[str, Any]

USER = "Basic " + base64.b64encode(b"root:simulated-root-1").decode()
NOWHERE = "/nowhere-at-all"
# Configurations in forms that no profile has.
FOREIGN: Tree = {
    "ntp-service": {
        "servers": [
            {"object-id": "first", "host": "192.0.2.1", "mode": "client", "weight": 2, "limits": {"offset": 0.5}},
            {"object-id": "second", "host": "192.0.2.2", "mode": "peer", "weight": 1, "secret-key": "********"},
        ],
        "enabled": "on",
        "stratum": 3,
    },
    "lists": {"empty": [], "numbers": [1, 2], "nested": [[1], {"x": None}], "tokens": ["a", "b"]},
    "network": {"hostname": 17, "interfaces": "none", "ports": {"lan0": {"speed": None}}},
    "security": {"users": {"admin": {"level": "admin"}}},
    "system": {"activate-changes-as-startup": "never"},
    "nothing": None,
}


def record(device: DeviceHandle, samples: dict[str, str], root: str = "config") -> Tree:
    """A recording of our own making, from answers over a socket. samples: paths by purpose."""
    client = Client(device, "root")
    wanted = [("root", "/", False), ("status", "/status", False), ("status", "/status", True)]
    wanted += [("configuration", f"/{root}", raw) for raw in (False, True)]
    wanted += [(purpose, path, False) for purpose, path in samples.items()]
    wanted.append(("unknown_path", f"/{root}{NOWHERE}", False))
    answers = []
    for purpose, path, raw in wanted:
        answer = client.get(path + ("?raw" if raw else ""))
        entry: Tree = {"purpose": purpose, "path": f"/api{path}", "raw": raw, "status": answer.status_code}
        entry["content_type"] = answer.headers["Content-Type"]
        if "json" in entry["content_type"]:
            answers.append({**entry, "padded": answer.text != answer.text.strip(), "body": answer.json()})
        else:
            answers.append({**entry, "text": answer.text})
    client.close()
    return {"format": "meinberg.lantime.recording", "version": 1, "config_root": root, "answers": answers}


def with_config(config: Tree, raw: Any = None) -> Tree:
    """The recording of an M600 with another configuration."""
    with Fleet([DeviceSpec("own", "m600-7.10")], freeze=True) as fleet:
        recorded = record(fleet["own"], {})
    return replace_config(recorded, config, raw)


def replace_config(recorded: Tree, config: Tree, raw: Any = None) -> Tree:
    for answer in recorded["answers"]:
        if answer["purpose"] == "configuration":
            shown = config if raw is None or not answer["raw"] else raw
            answer["body"]["data"] = {"object-id": "config", **json.loads(json.dumps(shown))}
        elif answer["purpose"] == "root":
            answer["body"]["data"]["config"] = config
    return recorded


@pytest.fixture(scope="module")
def own() -> Tree:
    with Fleet([DeviceSpec("own", "m600-7.10", hostname="a", domain="b.example")], freeze=True) as fleet:
        fleet["own"].change("snmp/location", "rack 7")
        fleet["own"].change("security/users/jane", {"level": "info", "password": "something"})
        return record(fleet["own"], {})


def saved(file: Path, recorded: Tree) -> Path:
    file.write_text(json.dumps(recorded), encoding="utf-8")
    return file


FORMS: tuple[dict[str, str], ...] = (
    {},
    {"scalar_get": "bare", "list_get": "map", "item_get": "wrapped", "root_get": "names", "padding": "newlines"},
    {"config_root": "settings", "scalar_get": "value", "list_get": "bare", "request_error": "plain"},
    {"scalar_get": "with-id", "root_get": "status-only", "request_error": "all-200", "secret_get": "absent"},
    {"switch_form": "enabled-disabled", "request_error": "html", "secret_get": "hash"},
    {"switch_form": "strings", "request_error": "500", "secret_get": "clear"},
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: ",".join(form.values()) or "default")
@pytest.mark.parametrize("profile", ["m600-7.10", "m3000-7.10"])
def test_every_answer_is_played_as_recorded(profile: str, form: dict[str, str], tmp_path: Path) -> None:
    root = form.get("config_root", "config")
    samples = {
        "scalar": f"/{root}/snmp/location",
        "list": f"/{root}/network/ports",
        "item": f"/{root}/network/ports/lan0",
    }
    with Fleet([DeviceSpec("source", profile, **form)], freeze=True) as fleet:
        recorded = record(fleet["source"], samples, root)
    with Fleet([DeviceSpec("replay", f"recording:{saved(tmp_path / 'r.json', recorded)}")], freeze=True) as fleet:
        assert record(fleet["replay"], samples, root) == recorded


def test_the_configuration_is_written_and_shows_in_the_status(own: Tree, tmp_path: Path) -> None:
    file = saved(tmp_path / "own.json", own)
    with Fleet([DeviceSpec("r", f"recording:{file}", autosave=False)]) as fleet:
        device, client = fleet["r"], Client(fleet["r"], "root")
        assert client.data("/config/snmp/location") == {"location": "rack 7"}
        assert client.put("/config/snmp/location", {"location": "rack 8"}).status_code == 200
        assert client.put("/config/network/ports/lan0/link-mode", {"link-mode": "faster"}).status_code == 400
        assert client.put("/config/network/ports/lan0/mac-address", {"mac-address": "x"}).status_code == 400
        assert client.put("/config/network/hostname", {"hostname": "c"}).status_code == 200
        assert client.put("/config/network/interfaces/vif1/ipv4/address", {"address": "192.0.2.9"}).status_code == 200
        assert client.put("/config/security/users/joe", {"level": "admin", "password": "x y"}).status_code == 200
        assert client.ask("DELETE", "/config/security/users/jane").status_code == 200
        answer = client.get("/status").json()
        assert answer["system-information"]["hostname"] == "c.b.example"
        shown = {item["object-id"]: item for item in answer["data"]["network"]["interfaces"]}
        assert shown["vif1"]["addresses"][0]["address"] == "192.0.2.9"
        assert device.pending > 0
        assert client.put("/write", {"parameters": {"package": "all"}}).status_code == 200
        assert device.pending == 0
        device.reboot()
        assert client.data("/config/snmp/location") == {"location": "rack 8"}
        users = {user["object-id"] for user in client.data("/config/security/users")["users"]}
        assert users == {"admin", "info", "root", "joe"}
        client.close()


def test_a_foreign_configuration_is_played_and_written(tmp_path: Path) -> None:
    raw = json.loads(json.dumps(FOREIGN))
    raw["ntp-service"]["servers"][0]["mode"], raw["ntp-service"]["servers"][1]["mode"] = 0, 4
    recorded = with_config(FOREIGN, raw)
    file = saved(tmp_path / "foreign.json", recorded)
    with Fleet([DeviceSpec("r", f"recording:{file}", autosave=False)], freeze=True) as fleet:
        device, client = fleet["r"], Client(fleet["r"], "root")
        assert client.data("/config") == {"object-id": "config", **FOREIGN}
        assert client.data("/config?raw") == {"object-id": "config", **raw}
        servers = "/config/ntp-service/servers"
        assert client.put(f"{servers}/first/mode", {"mode": 4}).status_code == 200
        assert client.data(f"{servers}/first")["mode"] == "peer"
        assert client.put(f"{servers}/first/weight", {"weight": "heavy"}).status_code == 400
        assert client.put(f"{servers}/first/weight", {"weight": True}).status_code == 400
        assert client.put(f"{servers}/first/limits/offset", {"offset": 1}).status_code == 200
        assert client.put(f"{servers}/first/nothing", {"nothing": 1}).status_code == 404
        assert client.put(f"{servers}/third", {"host": "192.0.2.3"}).status_code == 200
        third = {"object-id": "third", "host": "192.0.2.3", "weight": 0, "limits": {"offset": 0.0}, "secret-key": ""}
        assert client.data(f"{servers}/third") == {**third, "mode": "client"}
        assert client.put(f"{servers}/second/secret-key", {"secret-key": "new"}).status_code == 200
        assert client.data(f"{servers}/second")["secret-key"] == "********"
        assert client.ask("DELETE", f"{servers}/first").status_code == 200
        assert client.put("/config/lists/tokens", {"tokens": ["b"]}).status_code == 200
        assert client.put("/config/lists/tokens", {"tokens": "b"}).status_code == 400
        assert device.pending > 0
        assert client.put("/read", {"parameters": {"package": "all"}}).status_code == 200
        loaded = client.data("/config")
        loaded["ntp-service"]["servers"].sort(key=lambda item: item["object-id"])
        assert loaded == {"object-id": "config", **FOREIGN}
        client.close()


def test_users_of_a_recording_log_in_with_the_passwords_of_the_simulator(own: Tree, tmp_path: Path) -> None:
    file = saved(tmp_path / "own.json", own)
    spec = DeviceSpec("r", f"recording:{file}", password_admin="other", hostname="given", scalar_get="bare")
    with Fleet([spec], freeze=True) as fleet:
        for user in ("admin", "info", "root"):
            client = Client(fleet["r"], user)
            assert client.get("/status").status_code == 200
            client.close()
        client = Client(fleet["r"], "admin")
        assert client.data("/config/network/hostname") == "given"
        assert client.get("/status").json()["system-information"]["hostname"] == "given.b.example"
        client.session.auth = ("jane", "")
        assert client.get("/status").status_code == 401
        client.close()


def test_unsaved_changes_are_counted_as_recorded(own: Tree, tmp_path: Path) -> None:
    counted = json.loads(json.dumps(own))
    for answer in counted["answers"]:
        answer["body"]["changes"] = {"pending-changes": 3}
    for count, expected in ((3, {"pending-changes": 3}), (None, None)):
        if count is None:
            for answer in counted["answers"]:
                del answer["body"]["changes"]
        with Fleet([DeviceSpec("r", f"recording:{saved(tmp_path / 'c.json', counted)}")], freeze=True) as fleet:
            client = Client(fleet["r"])
            assert client.get("/config").json().get("changes") == expected
            client.close()


def _format(recorded: Tree) -> None:
    recorded["format"] = "meinberg.lantime.backup"


def _version(recorded: Tree) -> None:
    recorded["version"] = 2


def _no_version(recorded: Tree) -> None:
    del recorded["version"]


def _answers(recorded: Tree) -> None:
    recorded["answers"] = {"status": {}}


def _no_status(recorded: Tree) -> None:
    recorded["answers"] = [answer for answer in recorded["answers"] if answer["purpose"] != "status"]


def _no_configuration(recorded: Tree) -> None:
    recorded["answers"] = [answer for answer in recorded["answers"] if answer["purpose"] != "configuration"]


def _root(recorded: Tree) -> None:
    recorded["config_root"] = "a/b"


REFUSED: tuple[tuple[Callable[[Tree], None], str], ...] = (
    (_format, "format is 'meinberg.lantime.backup', not 'meinberg.lantime.recording'"),
    (_version, "version is 2; this simulator plays version 1"),
    (_no_version, "version is missing or no number"),
    (_answers, "answers is missing or no list of objects"),
    (_no_status, "answers holds no answer of GET /api/status"),
    (_no_configuration, "answers holds no configuration"),
    (_root, "config_root is 'a/b', which is no name below /api"),
)


@pytest.mark.parametrize(("change", "sentence"), REFUSED)
def test_a_recording_that_cannot_be_played_is_refused_with_one_sentence(
    own: Tree, change: Callable[[Tree], None], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = json.loads(json.dumps(own))
    change(recorded)
    file = saved(tmp_path / "bad.json", recorded)
    with pytest.raises(BadRecordingError) as refused:
        load_recording(file)
    assert str(refused.value) == f"{file}: {sentence}"
    assert main(["--device", f"ts1=recording:{file}"]) == 2
    assert capsys.readouterr().err.strip().endswith(sentence)


def test_a_truncated_recording_is_refused_with_one_sentence(own: Tree, tmp_path: Path) -> None:
    file = tmp_path / "cut.json"
    file.write_text(json.dumps(own)[:5000], encoding="utf-8")
    with pytest.raises(BadRecordingError, match=r"cut\.json: not JSON, or truncated"):
        load_recording(file)


def test_a_recording_without_configuration_gets_one_of_a_near_profile(own: Tree) -> None:
    recorded = {**own, "config_root": None, "answers": own["answers"][1:3]}
    device = device_of(recorded)
    assert get(device, "/api/status")["data"] == recorded["answers"][0]["body"]["data"]
    assert "network" in get(device, "/api/config")["data"]


def config_of(recorded: Tree) -> Tree:
    data: Tree = next(a["body"]["data"] for a in recorded["answers"] if a["purpose"] == "configuration")
    return {name: value for name, value in data.items() if name != "object-id"}


def put(device: Device, path: str, body: Tree) -> int:
    segments = tuple(path.strip("/").split("/"))
    return respond(device, Request("PUT", path, segments, False, USER, json.dumps(body).encode())).status


def test_mutated_configurations_are_played_exactly(own: Tree) -> None:
    """The configuration has any form; everything that computes with it goes on."""
    source = random.Random(3)
    for number in range(100):
        config = mutate({"config": config_of(own), "more": {"x": [1]}}, source).get("config")
        if not isinstance(config, dict) or "object-id" in config:
            continue
        recorded = replace_config(json.loads(json.dumps(own)), config)
        device = device_of(recorded)
        shown = get(device, "/api/config")["data"]
        assert shown == json.loads(json.dumps({"object-id": "config", **config})), number
        if number % 4 == 0:
            assert put(device, "/api/config/snmp/contact", {"contact": "x"}) in (200, 400, 404), number
            assert put(device, "/api/config/network/hostname", {"hostname": "x"}) in (200, 400, 404, 405), number
            with contextlib.suppress(UnknownPathError, RefusedError):
                exercise(device, source)
            device.choose({"list_add": "fixed-slots"})
            get(device, "/api/config")


def test_check_recording_reports_what_looks_personal(
    own: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path / "own.json", own)
    assert main(["--check-recording", str(file)]) == 1
    printed = capsys.readouterr().out
    for words in (
        "looks like a serial number",
        "looks like a hardware address",
        "looks like an address",
        "snmp/location: 'rack 7' looks like a description",
        "snmp/contact: 'operations' looks like a contact",
        "/object-id: 'jane' looks like a user",
        "system/position: '48.137154, 11.576124' looks like a position",
        "satellites/latitude: '48.137154' looks like a position",
        "places look personal",
    ):
        assert words in printed
    assert main(["--check-recording", str(tmp_path / "none.json")]) == 2


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_check_recording_reads_a_status_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check-recording", str(file)]) == 1
    assert "chassis0/serial-number" in capsys.readouterr().out
    assert replay(json.loads(file.read_text(encoding="utf-8")), "r").recorded is None
