# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of simulated devices in one event loop, in a thread of its own or in the foreground."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import threading
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, TypeVar

from .control import Control
from .device import Device
from .handle import DeviceHandle
from .http import DeviceServer
from .options import DeviceSpec
from .profiles import Identity, Profile, load_profile
from .recording import load_recording
from .tls import Authority

T = TypeVar("T")

RECORDING = "recording:"
_START_SECONDS = 120.0


class Fleet:
    """Devices that answer while the context is open.

    `with Fleet([DeviceSpec("ts1", "m600-7.10")]) as fleet: fleet["ts1"].url`. `profiles`: further ones, which specs name.
    """

    def __init__(
        self,
        specs: Iterable[DeviceSpec],
        *,
        freeze: bool = False,
        listen: str = "127.0.0.1",
        address_per_device: bool = False,
        port: int = 0,
        control_port: int | None = None,
        directory: str | Path | None = None,
        profiles: Iterable[Profile] = (),
    ) -> None:
        self.specs = list(specs)
        twice = [name for name, n in Counter(s.name for s in self.specs).items() if n > 1]
        if twice:
            raise ValueError(f"device name used twice: {', '.join(twice)}")
        self.freeze = freeze
        self.listen = listen
        self.address_per_device = address_per_device
        self.port = port
        self.control_port = control_port
        self.directory = Path(directory) if directory is not None else None
        self.authority = Authority()
        self.devices: dict[str, Device] = {}
        self.handles: dict[str, DeviceHandle] = {}
        self.control: Control | None = None
        self._servers: dict[str, DeviceServer] = {}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._profiles = {profile.name: profile for profile in profiles}

    # Life in the caller's loop

    async def open(self) -> None:
        """Makes and starts every device; on failure nothing stays open."""
        self._loop = asyncio.get_running_loop()
        if self.directory is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="lantime-simulator-")
            self.directory = Path(self._temporary.name)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ca.write_bytes(self.authority.pem)
        try:
            for index, spec in enumerate(self.specs):
                await self._start(index, spec)
            if self.control_port is not None:
                self.control = Control(self, self.control_port)
                await self.control.start()
        except BaseException:
            await self.close()
            raise

    async def _start(self, index: int, spec: DeviceSpec) -> None:
        profile = self._profile(spec.profile)
        identity = make_identity(spec, profile, index)
        device = Device(spec, profile, identity, self.freeze)
        address = spec.fixed["address"] or self.listen
        if self.address_per_device and not spec.fixed["address"]:
            address = loopback_address(index)
        port = spec.fixed["port"]
        if not port and self.address_per_device:
            port = self.port
        server = DeviceServer(device, address, port, self.authority, self.devices)
        await server.start()
        if self.address_per_device and not self.port:
            self.port = server.port
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
        self.devices[spec.name] = device
        self._servers[spec.name] = server
        self.handles[spec.name] = DeviceHandle(self, device, server, host, self.ca)

    def _profile(self, name: str) -> Profile:
        if name not in self._profiles:
            if name.startswith(RECORDING):
                self._profiles[name] = load_recording(Path(name[len(RECORDING) :]))
            else:
                self._profiles[name] = load_profile(name)
        return self._profiles[name]

    async def close(self) -> None:
        if self.control is not None:
            await self.control.stop()
        await asyncio.gather(*(server.stop() for server in self._servers.values()))
        self._servers.clear()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None
            self.directory = None

    # Life in a thread

    def __enter__(self) -> Fleet:
        ready: list[BaseException | None] = []
        started = threading.Event()
        loop = asyncio.new_event_loop()

        def run() -> None:
            asyncio.set_event_loop(loop)
            try:
                loop.run_until_complete(self.open())
                ready.append(None)
            except BaseException as error:
                ready.append(error)
            finally:
                started.set()
            if ready[0] is None:
                loop.run_forever()
                loop.run_until_complete(self.close())
            _cancel_all(loop)
            loop.close()

        self._thread = threading.Thread(target=run, name="lantime-simulator", daemon=True)
        self._thread.start()
        if not started.wait(_START_SECONDS):
            raise TimeoutError("the simulator did not start in time")
        if ready[0] is not None:
            self._thread.join()
            raise ready[0]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def __getitem__(self, name: str) -> DeviceHandle:
        return self.handles[name]

    def __iter__(self) -> Iterator[DeviceHandle]:
        return iter(self.handles.values())

    def __len__(self) -> int:
        return len(self.handles)

    # Calls into the loop

    def call(self, function: Callable[[], T]) -> T:
        """Runs a function in the loop's thread and returns what it returns."""

        async def play() -> T:
            return function()

        return self._wait(play())

    def _wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        if threading.current_thread() is self._thread:
            raise RuntimeError("the fleet's own thread cannot wait for itself")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def choose_in_loop(self, device: Device, choices: Mapping[str, object]) -> None:
        device.choose(choices)
        await self._servers[device.name].settled()

    def choose(self, device: Device, choices: Mapping[str, object]) -> None:
        self._wait(self.choose_in_loop(device, choices))

    def restore(self, device: Device, snapshot: dict[str, Any] | None) -> None:
        async def play() -> None:
            device.restore(snapshot)
            await self._servers[device.name].settled()

        self._wait(play())

    # What others need to know

    @property
    def ca(self) -> Path:
        assert self.directory is not None
        return self.directory / "ca.pem"

    @property
    def control_url(self) -> str:
        return self.control.url if self.control is not None else ""

    def ready(self) -> dict[str, Any]:
        """The content of ready.json."""
        return {
            "control": self.control_url,
            "ca": str(self.ca.resolve()),
            "devices": {
                name: {
                    "host": handle.host,
                    "port": handle.port,
                    "url": handle.url,
                    "tls": handle.tls,
                    "fingerprint": handle.fingerprint,
                    "profile": handle.profile,
                    "serial": handle.serial,
                    "hostname": self.devices[name].hostname,
                    "model": handle.model,
                    "firmware": handle.firmware,
                    "api": handle.api,
                    "users": handle.users,
                }
                for name, handle in self.handles.items()
            },
        }

    def assumptions(self) -> dict[str, list[dict[str, str]]]:
        """What no public source shows, for each profile in use."""
        return {
            name: [{"path": path, "remark": remark} for path, remark in profile.assumptions]
            for name, profile in self._profiles.items()
        }


def make_identity(spec: DeviceSpec, profile: Profile, index: int) -> Identity:
    """Names and numbers of one device, the same for the same name at every start."""
    digest = hashlib.sha256(spec.name.encode()).digest()
    seed = int.from_bytes(digest[:4], "big")
    serial = spec.fixed["serial"] or profile.serial or f"0{seed % 10**11:011d}"
    hostname, domain = spec.fixed["hostname"], spec.fixed["domain"]
    if not hostname:
        hostname, dummy, recorded_domain = (profile.hostname or spec.name).partition(".")
        if not profile.hostname:
            hostname, recorded_domain = spec.name, ""
        domain = domain or recorded_domain
    made = profile.recorded_at or datetime.now(timezone.utc)
    return Identity(hostname, domain, serial, index, seed, made)


def loopback_address(index: int) -> str:
    """An address of its own for every device, from 127.16.0.1 on."""
    return f"127.{16 + index // 64516 % 200}.{index // 254 % 254}.{index % 254 + 1}"


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
