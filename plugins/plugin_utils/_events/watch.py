# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Polls devices for ever and puts their changes of state into a queue: the event source C(lantime_events).

The event loop is never blocked: requests and files are left to threads, one request at a time for each device.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import os
import random
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ...module_utils._api.device import Device
from ...module_utils._base.errors import LantimeError
from ...module_utils._client.session import Client
from . import states
from .gate import MAYBE_REFUSED, REFUSED, WINDOW_SECONDS, Gate, Gates, noted, seconds_to_wait
from .memory import Memory
from .observation import PATH, Observation, observe, severity_of
from .options import EventTarget, Options, read_options

LOGGER = logging.getLogger("meinberg.lantime.lantime_events")


class Queue(t.Protocol):
    """What ansible-rulebook hands to a source."""

    async def put(self, item: t.Any) -> None: ...


async def watch(queue: Queue, args: t.Mapping[str, t.Any]) -> None:
    """The main() of the source; runs until it is cancelled, also when nothing is left to be polled.

    ansible-rulebook ends all rules when a source returns.  Raises LantimeError C(option), C(tls_files) or
    C(requests_missing) for arguments that cannot be, before any device is asked.
    """
    options = read_options(args, os.environ)
    memory = Memory(options.state_path, [target.name for target in options.targets])
    await asyncio.to_thread(memory.save, memory.text())
    devices = await asyncio.to_thread(lambda: [_Device(target) for target in options.targets])
    keeper = _Keeper(memory)
    gates = Gates()
    pool = ThreadPoolExecutor(min(options.workers, len(devices)), "lantime_events")
    watchers = [_Watcher(device, gates.of(device.target.settings), options, keeper, queue, pool) for device in devices]
    tasks = [asyncio.ensure_future(run) for run in (keeper.run(), *(w.run() for w in watchers))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        pool.shutdown(wait=False, cancel_futures=True)
        for device in devices:
            device.close()
        memory.save(memory.text())


class _Outcome(t.NamedTuple):
    """What came of one poll: a sighting or an error."""

    sight: Observation | None
    error: LantimeError | None

    @property
    def refused(self) -> bool:
        return self.error is not None and self.error.code in REFUSED

    @property
    def maybe_refused(self) -> bool:
        return self.error is not None and self.error.code in MAYBE_REFUSED


class _Device:
    """The connection to one device, kept from poll to poll."""

    def __init__(self, target: EventTarget) -> None:
        self.target = target
        settings = target.settings
        if not settings.use_tls:
            LOGGER.warning("%s: credentials travel in clear text, as use_tls is false", target.name)
        elif not settings.validate_certs and settings.tls_fingerprint is None:
            LOGGER.warning("%s: nothing proves that the device is the right one", target.name)
        self._client = Client(settings)
        self._api = Device(self._client, target.dialect)

    def close(self) -> None:
        self._client.close()

    def poll(self) -> _Outcome:
        """One GET; blocks. Never raises: what one device sends must not end the watch over the others."""
        try:
            return _Outcome(observe(self._api.get(PATH)), None)
        except LantimeError as error:
            return _Outcome(None, error)
        except Exception as exc:
            # The traceback may hold what the device sent.
            host = self.target.settings.host
            return _Outcome(None, LantimeError("internal", type(exc).__name__, host=host))


class _Keeper:
    """Writes the memory to disk when it changed, after the events about it are in the queue: none can be lost."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._changed = asyncio.Event()

    def note(self, name: str, device: states.DeviceState) -> None:
        if self.memory.devices[name] != device:
            self.memory.devices[name] = device
            self._changed.set()

    async def run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await asyncio.to_thread(self.memory.save, self.memory.text())
            except LantimeError as error:
                LOGGER.error("%s", error)


class _Watcher:
    """The life of one device."""

    def __init__(
        self,
        device: _Device,
        gate: Gate,
        options: Options,
        keeper: _Keeper,
        queue: Queue,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.name = device.target.name
        self._device = device
        self._gate = gate
        self._options = options
        self._keeper = keeper
        self._queue = queue
        self._pool = pool
        self._failures = 0
        self._refusals = 0
        self._told_left_out = False

    async def run(self) -> None:
        """Until the credentials are refused for good."""
        remembered = self._keeper.memory.devices[self.name].refused
        await asyncio.sleep(seconds_to_wait(remembered, self._options.auth_failures, _now()))
        wanted = True
        while wanted:
            outcome = await self._poll()
            wanted = await self._take(outcome)
            if wanted:
                maybe_refused = outcome is not None and outcome.maybe_refused
                luck = random.uniform(-1, 1)
                await asyncio.sleep(seconds_to_next(self._options, self._failures, maybe_refused, luck))

    async def _poll(self) -> _Outcome | None:
        """None if the device was not asked, as other devices refused the same credentials."""
        if not await self._gate.enter():
            return None
        outcome = _Outcome(None, None)
        try:
            loop = asyncio.get_running_loop()
            outcome = await loop.run_in_executor(self._pool, self._device.poll)
        finally:
            self._gate.leave(outcome.sight is not None, outcome.refused)
        return outcome

    async def _take(self, outcome: _Outcome | None) -> bool:
        """Tell what an outcome changes, then remember it. Whether to go on."""
        device = self._keeper.memory.devices[self.name]
        moment = _iso(_now())
        changes: list[states.StateChange] = []
        wanted = True
        if outcome is None:
            error = LantimeError(
                "auth_failed",
                "not asked, as other devices refused the same credentials",
                host=self._device.target.settings.host,
            )
            device, changes = states.refused(self.name, device, error, moment)
            wanted = False
        elif outcome.sight is not None:
            self._failures = self._refusals = 0
            self._tell_left_out(outcome.sight)
            initial = self._options.initial == "active"
            device, changes = states.seen(self.name, device, outcome.sight, moment, initial)
        elif outcome.error is not None and outcome.refused:
            self._failures += 1
            self._refusals += 1
            device = device._replace(refused=noted(device.refused, moment))
            wanted = self._refusals < self._options.auth_failures
            if not wanted:
                device, changes = states.refused(self.name, device, outcome.error, moment)
        elif outcome.error is not None:
            self._failures += 1
            if self._failures >= self._options.lost_after or outcome.maybe_refused:
                device, changes = states.lost(self.name, device, outcome.error, moment)
        for change in changes:
            if self._passes(change):
                await self._queue.put(states.as_event(change, self.name, moment))
        self._keeper.note(self.name, device)
        return wanted

    def _passes(self, change: states.StateChange) -> bool:
        return change.event is None or self._options.wanted.passes(change.event, change.type, severity_of(change.event))

    def _tell_left_out(self, sight: Observation) -> None:
        if sight.left_out and not self._told_left_out:
            self._told_left_out = True
            LOGGER.warning("%s: %d events have no usable name or are too many", self.name, sight.left_out)


def seconds_to_next(options: Options, failures: int, maybe_refused: bool, luck: float) -> float:
    """The pause before the next poll of a device: the interval, doubled with each failure since the device is lost.

    failures: polls in a row without a usable answer.  maybe_refused: whether a refusal of the credentials may stand behind
    the last one.  luck: from -1 to 1.
    """
    doublings = min(30, max(0, failures - options.lost_after + 1))
    seconds = min(options.interval * 2.0**doublings, max(options.interval, options.backoff_max))
    if maybe_refused:
        # Slowly enough for a lock-out to forget the last attempt.
        return max(seconds, WINDOW_SECONDS) * (1 + options.jitter * abs(luck))
    return seconds * (1 + options.jitter * luck)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _iso(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
