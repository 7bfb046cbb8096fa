# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source in an event loop, with a queue as ansible-rulebook provides it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import importlib.util
import typing as t

import jsonschema

from ansible_collections.meinberg.lantime.tests.paths import EVENT_SCHEMA, EVENT_SOURCE, read_json

VALIDATOR = jsonschema.Draft202012Validator(read_json(EVENT_SCHEMA))
EVENT_TIMEOUT_SECONDS = 20.0
ALARMING = ("warning", "error", "critical")

Event = dict[str, t.Any]


def load_main() -> t.Any:
    """main() of the source, which lies outside any package."""
    spec = importlib.util.spec_from_file_location("lantime_events", EVENT_SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


MAIN = load_main()


def source_arguments(fleet: t.Any, *names: str, **more: t.Any) -> dict[str, t.Any]:
    """Arguments of the source for devices of a fleet, polled almost without a pause."""
    one = fleet[names[0]]
    return {
        "hosts": [{"name": n, "host": fleet[n].host, "port": fleet[n].port} for n in names],
        "username": "info",
        "password": one.users["info"],
        "ca_path": one.ca,
        "use_proxy": False,
        "interval": 0.02,
        "retries": 0,
        **more,
    }


def set_event(fleet: t.Any, name: str, event: str, triggered: int, second: int) -> None:
    """Set counter and time of an event of a device."""
    moment = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc)
    entry = (triggered, moment + datetime.timedelta(seconds=second))
    fleet.call(lambda: fleet.devices[name].events.__setitem__(event, entry))


def time_at(second: int) -> str:
    """The time of set_event() as events have it."""
    return f"2027-01-01T00:{second // 60:02d}:{second % 60:02d}Z"


class EventQueue:
    """The queue of a source that runs as long as the context is open."""

    def __init__(self, args: dict[str, t.Any]) -> None:
        self._args = args
        # ansible-rulebook's own queue holds one event.
        self.queue: asyncio.Queue[t.Any] = asyncio.Queue(1)

    async def __aenter__(self) -> EventQueue:
        self._task = asyncio.create_task(MAIN(self.queue, self._args))
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def next(self) -> Event:
        """The next event; raises the error of a source that ended."""
        waiting = asyncio.ensure_future(self.queue.get())
        done, dummy = await asyncio.wait(
            {waiting, self._task}, timeout=EVENT_TIMEOUT_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if waiting not in done:
            waiting.cancel()
            if self._task in done:
                self._task.result()
            raise AssertionError("no event in time")
        item = waiting.result()
        VALIDATOR.validate(item)
        event: Event = item["lantime"]
        return event

    async def kinds(self, count: int) -> list[tuple[str, str | None]]:
        return [(e["kind"], e["event"]) for e in [await self.next() for dummy in range(count)]]

    async def wait_for_first_poll(self, fleet: t.Any, *names: str) -> None:
        """Receive the active events of the first poll of each device; the source needs initial: active."""
        expected = sorted(
            (name, event["object-id"])
            for name in names
            for event in fleet[name].status()["notification"]["events"]
            if event["triggered"] and event["type"] in ALARMING
        )
        assert {name for name, dummy in expected} == set(names)
        events = [await self.next() for dummy in expected]
        assert sorted((e["host"], e["event"]) for e in events) == expected
        assert all(e["initial"] for e in events)


def run_async(test: t.Coroutine[t.Any, t.Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 120))
