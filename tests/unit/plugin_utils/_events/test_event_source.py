# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source without a device: its arguments and their documentation, its memory, its care for credentials."""

from __future__ import annotations

import ast
import asyncio
import datetime
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.meinberg.lantime.plugins.doc_fragments import connection
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client import options as options_module
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import OPTION_LIMITS, Settings
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.gate import (
    WINDOW_SECONDS,
    Gate,
    Gates,
    noted,
    seconds_to_wait,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.memory import Memory
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.observation import Identity
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.options import (
    CONNECTION,
    EVENT_OPTIONS,
    OWN,
    Wanted,
    read_options,
)
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.states import DeviceState, Latch
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.watch import seconds_to_next

ROOT = Path(__file__).parents[4]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "lantime_events.py"
CANARY = "c4n4ry-4711"
Args = dict[str, t.Any]


def constant(name: str) -> t.Any:
    """A YAML text that stands in the source file."""
    for node in ast.parse(SOURCE.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise KeyError(name)


def options(**args: t.Any) -> t.Any:
    return read_options({"hosts": ["ts1"], "username": "u", "password": "p", **args}, {})


def error_of(args: Args, environ: t.Mapping[str, str] | None = None) -> str:
    with pytest.raises(LantimeError) as caught:
        read_options(args, environ or {})
    assert caught.value.code == "option"
    return str(caught.value)


# -- documentation


def documented(entry: Args) -> tuple[t.Any, t.Any, t.Any]:
    return entry["type"], entry.get("default"), entry.get("choices")


def test_documented_arguments_are_those_that_are_read() -> None:
    described = constant("DOCUMENTATION")["options"]
    assert list(described) == [*OWN, *CONNECTION]
    for name, option in {**OWN, **CONNECTION}.items():
        wanted = (option.kind, option.default, list(option.choices) or None)
        assert documented(described[name]) == wanted, name
    suboptions = described["events"]["suboptions"]
    assert list(suboptions) == list(EVENT_OPTIONS)
    for name, option in EVENT_OPTIONS.items():
        assert documented(suboptions[name]) == (option.kind, list(option.default), None)


def test_connection_options_are_those_of_the_modules() -> None:
    fragment = yaml.safe_load(connection.ModuleDocFragment.DOCUMENTATION)["options"]
    described = constant("DOCUMENTATION")["options"]
    assert set(CONNECTION) == set(options_module.CONNECTION) - {
        "host",
        "command_timeout",
        "http_log",
        "http_log_max",
    }
    for name, option in CONNECTION.items():
        assert documented(described[name]) == documented(fragment[name]), name
        limits = OPTION_LIMITS.get(name)
        assert option.bounds == limits, name


def test_the_examples_of_source_and_page_can_be_read() -> None:
    (example,) = constant("EXAMPLES")
    found = read_options(example["meinberg.lantime.lantime_events"], {})
    assert [target.name for target in found.targets] == ["ts1.example.com", "ts2"]
    page = (ROOT / "docs" / "events.md").read_text("utf-8")
    for name in (*OWN, *EVENT_OPTIONS):
        assert f"`{name}`" in page, name


# -- arguments


def test_entries_of_hosts() -> None:
    entry = {"name": "north", "host": "192.0.2.1", "port": "8443", "password": "q", "use_tls": "no"}
    found = options(hosts=[entry, "ts2"], port=444, dialect={"token_use": "raw-header"})
    north, other = found.targets
    assert (north.name, other.name) == ("north", "ts2")
    assert north.settings == Settings(host="192.0.2.1", port=8443, username="u", password="q", use_tls=False)
    assert other.settings == Settings(host="ts2", port=444, username="u", password="p")
    assert other.dialect.token_use == "raw-header"
    assert [target.name for target in options(hosts="ts1, ts2").targets] == ["ts1", "ts2"]


def test_an_argument_comes_before_the_environment_and_that_before_the_default() -> None:
    environ = {"LANTIME_PASSWORD": "e", "LANTIME_PORT": "99", "LANTIME_USE_PROXY": "false"}
    (target,) = read_options({"hosts": ["a"], "port": 7, "username": "u"}, environ).targets
    assert target.settings == Settings(host="a", port=7, username="u", password="e", use_proxy=False)


def test_what_a_template_made_text_is_read_by_its_type() -> None:
    found = options(interval="2.5", lost_after="3", workers=4.0, events='{"types": ["error"]}')
    assert (found.interval, found.lost_after, found.workers) == (2.5, 3, 4)
    assert found.wanted == Wanted(types=("error",))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, "hosts names no device"),
        ({"hosts": []}, "hosts names no device"),
        ({"hosts": [7]}, "neither a name nor a mapping"),
        ({"hosts": [{"port": 7}]}, "has no host"),
        ({"hosts": ["a", {"host": "b", "name": "a"}]}, "has a twice"),
        ({"hosts": ["a"], "intervall": 3}, "did you mean interval"),
        ({"hosts": [{"host": "a", "interval": 3}]}, "hosts: interval"),
        ({"hosts": ["a"], "interval": 0}, "interval must be from 0.01 to 86400"),
        ({"hosts": ["a"], "interval": "soon"}, "interval is not of the type float"),
        ({"hosts": ["a"], "port": 70000}, "port must be from 1 to 65535"),
        ({"hosts": ["a"], "initial": "all"}, "initial must be one of none, active"),
        ({"hosts": ["a"], "events": {"kinds": []}}, "events.kinds"),
        ({"hosts": ["a"], "events": {"include": [7]}}, "events.include"),
        ({"hosts": ["a"], "dialect": {"set_body": "x"}}, "dialect.set_body"),
    ],
)
def test_arguments_that_cannot_be(args: Args, words: str) -> None:
    assert words in error_of(args)


def test_no_message_shows_a_credential() -> None:
    for args in (
        {"password": [CANARY]},
        {"token": {"x": CANARY}},
        {"hosts": [{"host": "a", "password": [CANARY]}]},
        {"port": CANARY},
        {"auth": CANARY},
    ):
        assert CANARY not in error_of({"hosts": ["a"], **args})
    assert CANARY not in repr(options(password=CANARY))


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        ({}, True),
        ({"include": ["antenna-*"]}, True),
        ({"include": ["ntp-*"]}, False),
        ({"exclude": ["*-faulty"]}, False),
        ({"types": ["error"]}, True),
        ({"types": ["critical"]}, False),
        ({"severities": ["critical"]}, True),
        ({"severities": ["info"]}, False),
    ],
)
def test_which_events_are_wanted(given: Args, passes: bool) -> None:
    wanted = options(events=given).wanted
    assert wanted.passes("antenna-faulty", "error", "critical") is passes
    assert Wanted(types=("error",)).passes("x", None, None) is False


# -- memory

FULL = DeviceState(
    "lost",
    "2026-02-11T22:05:07.000Z",
    4,
    Identity("1", "ts1", None, "7.10.008"),
    {"ntp-not-sync": Latch(True, "2026-02-11T07:48:26Z", 2, "error"), "x": Latch(False)},
    ("2026-02-11T22:05:07.000Z",),
)


def test_a_memory_survives_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    memory = Memory(str(path), ["ts1", "ts2"])
    assert memory.devices == {"ts1": DeviceState(), "ts2": DeviceState()}
    memory.devices["ts1"] = FULL
    old = os.umask(0)
    try:
        memory.save(memory.text())
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]
    assert Memory(str(path), ["ts1", "ts3"]).devices == {"ts1": FULL, "ts3": DeviceState()}


def test_a_memory_does_not_follow_what_lies_in_its_way(tmp_path: Path) -> None:
    path, victim = tmp_path / "state.json", tmp_path / "victim"
    victim.write_text("mine", "utf-8")
    (tmp_path / "state.json.new").symlink_to(victim)
    memory = Memory(str(path), ["ts1"])
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
def test_a_file_of_somebody_elses_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content, "utf-8")
    with pytest.raises(LantimeError) as caught:
        Memory(str(path), ["a"])
    assert "is no state file of lantime_events" in str(caught.value)
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
    memory = Memory(str(path), ["ts1"])
    memory.devices["ts1"] = FULL
    content = json.loads(memory.text())
    content["devices"]["ts1"][member] = value
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(LantimeError):
        Memory(str(path), ["ts1"])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path / "nowhere" / "state.json"), ["a"])
    with pytest.raises(LantimeError) as caught:
        memory.save(memory.text())
    assert "nowhere/state.json cannot be written" in str(caught.value)


# -- credentials


def test_a_restart_spares_an_account_that_was_refused_twice() -> None:
    now = datetime.datetime(2026, 2, 11, 12, 0, 0, tzinfo=datetime.timezone.utc)
    at = "2026-02-11T11:{:02d}:00.000Z".format
    assert seconds_to_wait((), 1, now) == 0
    assert seconds_to_wait((at(59),), 1, now) == 0
    assert seconds_to_wait((at(55), at(59)), 1, now) == WINDOW_SECONDS - 300
    assert seconds_to_wait((at(40), at(59)), 1, now) == 0
    assert seconds_to_wait((at(50), at(55), at(59)), 3, now) == WINDOW_SECONDS - 600
    assert seconds_to_wait(("no time", at(59)), 1, now) == 0
    future = "2027-01-01T00:00:00.000Z"
    assert seconds_to_wait((future, future), 1, now) == WINDOW_SECONDS


def test_the_list_of_refusals_is_bounded() -> None:
    times: tuple[str, ...] = ()
    for number in range(50):
        times = noted(times, str(number))
    assert times == tuple(str(number) for number in range(40, 50))


def play_gate(answers: list[str]) -> tuple[list[str], int]:
    """Devices that all want in at once: what each one saw, and how many were in at the same time."""
    gate = Gate()
    most = inside = 0

    async def device(answer: str) -> str:
        nonlocal most, inside
        if not await gate.enter():
            return "kept out"
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        gate.leave(answer == "accepted", answer == "refused")
        return answer

    async def all_of_them() -> list[str]:
        return await asyncio.wait_for(asyncio.gather(*map(device, answers)), 10)

    return asyncio.run(all_of_them()), most


def test_wrong_credentials_are_tried_on_three_devices_only() -> None:
    seen, most = play_gate(["refused"] * 200)
    assert (seen.count("refused"), seen.count("kept out"), most) == (3, 197, 3)


def test_dead_devices_do_not_shut_the_gate() -> None:
    seen, dummy = play_gate(["dead"] * 50 + ["refused"] * 2 + ["dead"] * 50 + ["accepted"] * 100)
    assert seen.count("kept out") == 0


def test_once_accepted_all_devices_are_asked_at_the_same_time() -> None:
    seen, most = play_gate(["accepted"] + ["refused"] * 50)
    assert seen.count("refused") == 50
    assert most > 40


def test_each_pair_of_user_and_password_has_a_gate() -> None:
    gates = Gates()
    one = gates.of(Settings("a", username="u", password="p"))
    assert gates.of(Settings("b", username="u", password="p")) is one
    assert gates.of(Settings("b", username="u", password="q")) is not one


# -- pauses


def test_pauses_double_once_a_device_is_lost() -> None:
    found = options(interval=30, backoff_max=600, jitter=0)
    pauses = [seconds_to_next(found, failures, False, 0.3) for failures in range(9)]
    assert pauses == [30, 30, 60, 120, 240, 480, 600, 600, 600]
    assert seconds_to_next(found, 10**6, False, 0.0) == 600
    assert seconds_to_next(options(interval=900, backoff_max=60), 5, False, 0.0) == 900


@given(
    st.floats(0.01, 86400),
    st.floats(0, 1),
    st.floats(0.01, 86400),
    st.integers(0, 10**6),
    st.booleans(),
    st.floats(-1, 1),
)
def test_pauses_keep_within_their_bounds(
    interval: float, jitter: float, longest: float, failures: int, refused: bool, luck: float
) -> None:
    found = options(interval=interval, jitter=jitter, backoff_max=longest)
    pause = seconds_to_next(found, failures, refused, luck)
    assert 0 <= pause <= (1 + jitter) * max(interval, longest, WINDOW_SECONDS if refused else 0)
    if refused:
        assert pause >= WINDOW_SECONDS
    else:
        assert pause >= (1 - jitter) * interval * 0.999


# -- import


@pytest.mark.parametrize("place", ["ansible_collections/meinberg/lantime", "checkout"])
def test_the_source_finds_its_collection_wherever_it_lies(tmp_path: Path, place: str) -> None:
    """As ansible-rulebook runs it: by path, in a Python that knows neither ansible_collections nor ansible."""
    home = tmp_path / place
    home.mkdir(parents=True)
    for part in ("plugins", "extensions"):
        (home / part).symlink_to(ROOT / part)
    program = f"""
import asyncio, runpy, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name == "ansible" or name.startswith("ansible."):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refuse())
found = runpy.run_path({str(home / SOURCE.relative_to(ROOT))!r})
try:
    asyncio.run(found["main"](asyncio.Queue(), {{"hosts": []}}))
except Exception as error:
    watch = sys.modules["ansible_collections.meinberg.lantime.plugins.plugin_utils._events.watch"]
    print(type(error).__name__, error, watch.__file__)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "LantimeError lantime_events: hosts names no device" in done.stdout
    assert done.stdout.strip().endswith(str(home / "plugins/plugin_utils/_events/watch.py"))
