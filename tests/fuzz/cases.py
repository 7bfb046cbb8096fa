# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of the fuzz test: a seed and a number decide target, device, answers and mutations; a case is the same in every run."""

from __future__ import annotations

import functools
import json
import random
import re
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS

from ..simulator import DeviceSpec
from ..simulator.device import Device
from ..simulator.fleet import make_identity
from ..simulator.profiles import load_profile
from .exchange import Connect, answer_of, connections_in_memory
from .mutations import RawAnswer, mutate, places_in
from .targets import PASSWORD, TARGETS, Address, Outcome

PROFILES = ("m600-7.10", "m300-7.06", "m400-7.08", "m3000-7.10")
MOST_MEGABYTES = 20.0
_MOST_SECONDS = 20.0
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# config_info returns values that can be written back, so only what acts through JSON is escaped there.
_CONTROL_BEYOND_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_EXACT_TARGETS = ("config_info", "schema", "status_info", "facts")


class Memory:
    """The peak of the memory of this process since an answer was sent; unknown where Linux does not tell it."""

    _STATUS = Path("/proc/self/status")
    _RESET = Path("/proc/self/clear_refs")

    def __init__(self) -> None:
        self._first: int | None = None
        self._peak = 0

    def start(self) -> None:
        """Note the memory before an answer is read."""
        self._update()
        try:
            self._RESET.write_text("5")
        except OSError:
            return
        if self._first is None:
            self._first = self._peak = _kilobytes(self._STATUS, "VmRSS")

    def _update(self) -> None:
        if self._first is not None:
            self._peak = max(self._peak, _kilobytes(self._STATUS, "VmHWM"))

    def growth_megabytes(self) -> float | None:
        self._update()
        return None if self._first is None else (self._peak - self._first) / 1024


def _kilobytes(path: Path, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", path.read_text("utf-8"))
    assert found is not None
    return int(found[1])


def resident_megabytes() -> float:
    return _kilobytes(Path("/proc/self/status"), "VmRSS") / 1024


class Case(NamedTuple):
    """What a case did. problem: None if the outcome is as it must be. megabytes: None if unknown."""

    number: int
    target: str
    profile: str
    mutations: list[str]
    code: str | None
    problem: str | None
    megabytes: float | None
    seconds: float

    def describe(self, seed: int) -> str:
        """The problem and the command that replays the case."""
        return (
            f"{self.target} of {self.profile}: {self.problem}\n  mutations: {'; '.join(self.mutations)}\n"
            f'  replay: make fuzz FUZZ="--seed {seed} --only {self.number}"'
        )


@functools.cache
def _device(profile: str) -> Device:
    spec = DeviceSpec("ts1", profile, password_admin=PASSWORD)
    loaded = load_profile(profile)
    return Device(spec, loaded, make_identity(spec, loaded, 0), freeze=True)


class _MutatingDevice:
    """A device whose answers are mutated: all of them, or one."""

    def __init__(self, rng: random.Random, device: Device, memory: Memory, only: int | None) -> None:
        self._rng = rng
        self._device = device
        self._memory = memory
        self._only = only
        self._count = 0
        self.log: list[str] = []
        self.error: Exception | None = None

    def exchange(self, request: bytes) -> bytes:
        """The answer to a request. An error of the simulator or of a mutation is kept: the client would report it as its own."""
        try:
            raw = self._answer(request)
        except Exception as exc:
            self.error = exc
            raise
        self._memory.start()
        return raw

    def _answer(self, request: bytes) -> bytes:
        self._count += 1
        answer: RawAnswer = answer_of(self._device, request)
        if self._only in (None, self._count):
            mutate(self._rng, answer)
            self.log += answer.log
        return answer.as_bytes()


def run_case(seed: int, number: int, connect: Connect = connections_in_memory) -> Case:
    """Run a case. connect: how the device is reached."""
    rng = random.Random(f"{seed}/{number}")
    name, profile = rng.choice(sorted(TARGETS)), rng.choice(PROFILES)
    memory, simulated = Memory(), _device(profile)
    device = _MutatingDevice(rng, simulated, memory, rng.choice((None, 1, 1, 2, 3, 4, 6, 9, 12)))
    started = time.monotonic()
    outcome: Outcome | None = None
    with connect(device.exchange) as (host, port):
        try:
            outcome = TARGETS[name](Address(host, port, simulated))
            problem = problem_of(name, outcome)
        except Exception:
            problem = traceback.format_exc(limit=-4)
    if device.error is not None:
        raise device.error
    seconds, megabytes = time.monotonic() - started, memory.growth_megabytes()
    if problem is None and megabytes is not None and megabytes >= MOST_MEGABYTES:
        problem = f"memory grew by {megabytes:.1f} MB"
    if problem is None and seconds > _MOST_SECONDS:
        problem = f"it took {seconds:.1f} s"
    code = None if outcome is None else outcome.code
    return Case(number, name, profile, device.log, code, problem, megabytes, seconds)


def problem_of(target: str, outcome: Outcome) -> str | None:
    """What is wrong with an outcome: an error without a code, control characters, or credentials."""
    if outcome.code is not None and (outcome.code not in KINDS or outcome.code == "internal"):
        return f"code {outcome.code}: {outcome.shown}"[:2000]
    try:
        text = json.dumps(outcome.shown, allow_nan=False)
    except (TypeError, ValueError) as exc:
        return f"a result that is no JSON: {exc}"
    forbidden = _CONTROL_BEYOND_JSON if target in _EXACT_TARGETS else _CONTROL_CHARACTERS
    for shown in texts_in(outcome.shown):
        found = forbidden.search(shown)
        if found is not None:
            return f"control character {found[0]!r} in {shown[:200]!r}"
    for word in (PASSWORD, "Traceback"):
        if word in text:
            return f"{word} in the result"
    if any(name.startswith("__ansible") for name in _names_in(outcome.shown)):
        return "a name that has a meaning to Ansible"
    return None


def texts_in(value: Any) -> Iterator[str]:
    """Each text and each name in JSON data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield str(name)
            yield from texts_in(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from texts_in(member)


def _names_in(value: Any) -> Iterator[str]:
    for holder, name in places_in(value):
        if isinstance(holder, dict):
            yield str(name)


def _unchanged_answer(device: Device, request: bytes) -> bytes:
    return answer_of(device, request).as_bytes()


def warm_up() -> None:
    """Load what the first use of each target loads, so that it does not count as memory of an answer."""
    for profile in PROFILES:
        device = _device(profile)
        with connections_in_memory(functools.partial(_unchanged_answer, device)) as (
            host,
            port,
        ):
            for target in TARGETS.values():
                outcome = target(Address(host, port, device))
                assert outcome.code is None, outcome
