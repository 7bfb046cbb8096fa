# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source lantime_events: polls devices and puts the changes of their state into a queue.

The event loop is never blocked: requests and files are left to threads, one request at a time for each device.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import random
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ...module_utils._api.device import Device
from ...module_utils._base.errors import LantimeError
from ...module_utils._base.times import format_utc, utc_now
from ...module_utils._client.login_limiter import (
    LOCKOUT_WINDOW_SECONDS,
    POSSIBLE_REFUSAL_CODES,
    REFUSAL_CODES,
    LimiterByCredentials,
    LoginAttempt,
    LoginLimiter,
    lockout_wait,
    with_refusal,
)
from ...module_utils._client.session import Client
from .memory import EventMemory
from .observation import NOTIFICATION_PATH, Observation, observe, severity_of
from .options import EventTarget, SourceOptions, read_options
from .states import DeviceState, StateChange, apply_observation, as_event, mark_auth_failed, mark_lost

LOGGER = logging.getLogger("meinberg.lantime.lantime_events")


class EventQueue(t.Protocol):
    """The queue that ansible-rulebook passes to a source."""

    async def put(self, item: t.Any) -> None:
        """Add an event."""


async def watch(queue: EventQueue, args: t.Mapping[str, t.Any]) -> None:
    """Run the source until it is cancelled, also when no device is left to be polled.

    ansible-rulebook ends all rules when a source returns.  Raises LantimeError with the code option, tls_files or
    requests_missing for invalid arguments, before any device is asked.
    """
    options = read_options(args, os.environ)
    for caution in options.cautions:
        LOGGER.warning("%s", caution)
    memory = EventMemory(options.state_path, [target.name for target in options.targets])
    await asyncio.to_thread(memory.save, memory.text())
    devices = await asyncio.to_thread(lambda: [_DeviceConnection(target) for target in options.targets])
    pool = ThreadPoolExecutor(min(options.workers, len(devices)), "lantime_events")
    writer = _MemoryWriter(memory)
    source = _Source(options, queue, writer, pool)
    limiters = LimiterByCredentials()
    watchers = [_DeviceWatcher(source, device, limiters.limiter_for(device.target.settings)) for device in devices]
    tasks = [asyncio.ensure_future(run) for run in (writer.run(), *(watcher.run() for watcher in watchers))]
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


class _Poll(t.NamedTuple):
    """The result of one poll: an observation or an error, or neither if it was cancelled.

    is_rejected: whether the device was not asked, as other devices refused the same credentials.
    """

    observation: Observation | None = None
    error: LantimeError | None = None
    is_rejected: bool = False

    @property
    def is_refused(self) -> bool:
        return self.error is not None and self.error.code in REFUSAL_CODES

    @property
    def may_be_refused(self) -> bool:
        return self.error is not None and self.error.code in POSSIBLE_REFUSAL_CODES


class _DeviceConnection:
    """The connection to one device, kept from poll to poll."""

    def __init__(self, target: EventTarget) -> None:
        self.target = target
        settings = target.settings
        if not settings.use_tls:
            LOGGER.warning("%s: credentials are sent in clear text, because use_tls is false", target.name)
        elif not settings.validate_certs and settings.tls_fingerprint is None:
            LOGGER.warning(
                "%s: the identity of the device is not verified, because validate_certs is false", target.name
            )
        self._client = Client(settings)
        self._api = Device(self._client, target.dialect)

    def close(self) -> None:
        self._client.close()

    def poll(self) -> _Poll:
        """Send one GET; blocks. Never raises: what one device sends must not stop the polling of the others."""
        self._api.allow_login()
        try:
            return _Poll(observe(self._api.get(NOTIFICATION_PATH)))
        except LantimeError as error:
            return _Poll(error=error)
        except Exception as exc:
            # The traceback may hold what the device sent.
            host = self.target.settings.host
            return _Poll(error=LantimeError("internal", type(exc).__name__, host=host))


class _MemoryWriter:
    """Writes the memory to disk when it changed, after the events about it are in the queue: none can be lost."""

    def __init__(self, memory: EventMemory) -> None:
        self.memory = memory
        self._changed = asyncio.Event()

    def update(self, name: str, device: DeviceState) -> None:
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


class _Source(t.NamedTuple):
    """What all watchers of a source share."""

    options: SourceOptions
    queue: EventQueue
    writer: _MemoryWriter
    pool: ThreadPoolExecutor


class _DeviceWatcher:
    """Polls one device and reports its changes."""

    def __init__(self, source: _Source, device: _DeviceConnection, limiter: LoginLimiter) -> None:
        self.name = device.target.name
        self._source = source
        self._device = device
        self._limiter = limiter
        self._failures = 0
        self._refusals = 0
        self._has_warned_of_skipped = False

    async def run(self) -> None:
        """Poll until the credentials are refused for good."""
        options = self._source.options
        refusals = self._source.writer.memory.devices[self.name].refusals
        await asyncio.sleep(lockout_wait(refusals, options.auth_failures, utc_now()))
        while True:
            poll = await self._poll()
            await self._report(poll)
            if poll.is_rejected or self._refusals >= options.auth_failures:
                return
            jitter = random.uniform(-1, 1)
            await asyncio.sleep(seconds_to_next(options, self._failures, poll.may_be_refused, jitter))

    async def _poll(self) -> _Poll:
        login = LoginAttempt(self._limiter)
        try:
            await _start_login(login)
        except LantimeError as error:
            return _Poll(error=error.with_context(host=self._device.target.settings.host), is_rejected=True)
        poll = _Poll()
        try:
            loop = asyncio.get_running_loop()
            poll = await loop.run_in_executor(self._source.pool, self._device.poll)
        finally:
            login.finish(True if poll.observation is not None else False if poll.is_refused else None)
        return poll

    async def _report(self, poll: _Poll) -> None:
        """Put the changes of a poll into the queue, then remember the new state."""
        moment = format_utc(utc_now(), milliseconds=True)
        device, changes = self._apply(poll, moment)
        for change in changes:
            if self._is_wanted(change):
                await self._source.queue.put(as_event(change, self.name, moment))
        self._source.writer.update(self.name, device)

    def _apply(self, poll: _Poll, moment: str) -> tuple[DeviceState, list[StateChange]]:
        options = self._source.options
        device = self._source.writer.memory.devices[self.name]
        if poll.observation is not None:
            self._failures = self._refusals = 0
            self._warn_of_skipped(poll.observation)
            return apply_observation(self.name, device, poll.observation, moment, options.initial == "active")
        if poll.error is None:
            return device, []
        if poll.is_rejected:
            return mark_auth_failed(self.name, device, poll.error, moment)
        self._failures += 1
        if poll.is_refused:
            self._refusals += 1
            device = device._replace(refusals=with_refusal(device.refusals, moment))
            if self._refusals >= options.auth_failures:
                return mark_auth_failed(self.name, device, poll.error, moment)
        elif self._failures >= options.lost_after or poll.may_be_refused:
            return mark_lost(self.name, device, poll.error, moment)
        return device, []

    def _is_wanted(self, change: StateChange) -> bool:
        event = change.event
        return event is None or self._source.options.event_filter.matches(event, change.type, severity_of(event))

    def _warn_of_skipped(self, observation: Observation) -> None:
        if observation.skipped and not self._has_warned_of_skipped:
            self._has_warned_of_skipped = True
            LOGGER.warning(
                "%s: events ignored, because they have no usable name or are too many: %d",
                self.name,
                observation.skipped,
            )


async def _start_login(login: LoginAttempt) -> None:
    """Wait until the login may start. Raises LantimeError if the login limiter rejects it."""
    loop = asyncio.get_running_loop()
    while True:
        changed = asyncio.Event()
        # Another thread may report the result of a login.
        wait = login.try_start(functools.partial(loop.call_soon_threadsafe, changed.set))
        if wait is None:
            return
        await changed.wait()


def seconds_to_next(options: SourceOptions, failures: int, may_be_refused: bool, jitter: float) -> float:
    """The pause before the next poll of a device: the interval, doubled with each failure once the device is lost.

    failures: polls in a row without a usable response.  may_be_refused: whether the reason of the last one may be that the
    device refused the credentials.  jitter: from -1 to 1.
    """
    doublings = min(30, max(0, failures - options.lost_after + 1))
    seconds = min(options.interval * 2.0**doublings, max(options.interval, options.backoff_max))
    if may_be_refused:
        # Slowly enough for a lockout to forget the last attempt.
        return max(seconds, LOCKOUT_WINDOW_SECONDS) * (1 + options.jitter * abs(jitter))
    return seconds * (1 + options.jitter * jitter)
