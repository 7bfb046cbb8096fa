# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One device on the network: aiohttp's low-level server around `routes.respond`."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gzip
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from .answers import Answer
from .auth import peek_user
from .device import Device
from .fault_answers import answer_before, reshaped
from .faults import BEFORE, Fault
from .headers import header_refusal
from .routes import Request, respond
from .tls import REFUSED_HANDSHAKES, Authority, RefusedHandshake
from .wire import parts_of

_LOGGER = logging.getLogger("tests.simulator")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False
_SERVER = "LANTIME-simulator"
_HANG_SECONDS = 300.0
_SLOW_PIECES = 20
_RESHAPED = frozenset({"hostile-id", "added-members", "missing-member"})


class _Server(web.Server):
    """Numbers the connections and counts the finished handshakes of one device."""

    def __init__(self, owner: DeviceServer) -> None:
        super().__init__(owner.handle, access_log=None, logger=_LOGGER)
        self._owner = owner
        self.numbers: dict[Any, int] = {}
        self.lost: dict[Any, asyncio.Event] = {}
        self.devices: dict[Any, Device] = {}
        self._next = 1

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self.numbers[handler] = self._next
        self.lost[handler] = asyncio.Event()
        self._next += 1
        self.devices[handler] = self._owner.reached()
        self.devices[handler].ledger.handshakes += 1
        if self._owner.away or self._owner.is_full(len(self.numbers)):
            transport.abort()

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.numbers.pop(handler, None)
        self.devices.pop(handler, None)
        lost = self.lost.pop(handler, None)
        if lost is not None:
            lost.set()

    def close_all(self) -> None:
        """Closes every connection after what is already written."""
        for transport in list(self._connections.values()):
            transport.close()


class DeviceServer:
    """Listens for one device; `port` is the real one after `start`.

    fleet: all devices by name, for the fault swap.
    """

    def __init__(self, device: Device, host: str, port: int, authority: Authority, fleet: Mapping[str, Device]) -> None:
        self.device = device
        self.fleet = fleet
        self.host = host
        self.port = port
        self.fingerprint = ""
        self._authority = authority
        self._listening = "", ""
        self._http: _Server | None = None
        self._listener: asyncio.AbstractServer | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        device.on_reboot = self._close_connections
        device.on_listen_change = self._listen_as_wanted

    @property
    def away(self) -> bool:
        return self.device.ticks() < self.device.away_until

    def is_full(self, connections: int) -> bool:
        """Whether more connections are open than the device accepts."""
        limit: int = self.device.options["max_connections"]
        return 0 < limit < connections

    def reached(self) -> Device:
        """The device that a new connection reaches."""
        return self.fleet.get(self.device.faults.swapped_for, self.device)

    async def start(self) -> None:
        self._http = _Server(self)
        await self._listen()
        self._listening = self.device.listening
        if self.device.refusing:
            await self._stop_listening()

    async def _listen(self) -> None:
        """Opens the listening socket as the device wants it now."""
        assert self._http is not None
        loop = asyncio.get_running_loop()
        kind, moved_to = self.device.listening
        address = moved_to or self.host
        context = None
        if kind not in ("", "silent", "plain"):
            context, self.fingerprint = self._authority.context(kind, address, self.device.name)
        factory: Callable[[], asyncio.BaseProtocol] = self._http
        if kind == "silent":
            factory = asyncio.Protocol
        elif kind in REFUSED_HANDSHAKES and context is not None:
            factory, context = functools.partial(RefusedHandshake, context), None
        self._listener = await loop.create_server(factory, address, self.port, ssl=context, backlog=128)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._close_connections()

    async def stop(self) -> None:
        await self._stop_listening()
        if self._http is not None:
            await self._http.shutdown(0.1)

    def _close_connections(self) -> None:
        if self._http is not None:
            self._http.close_all()

    def _listen_as_wanted(self) -> None:
        """Opens or closes the listening socket; a task, as the device's methods do not wait."""
        if self._http is None:
            return
        if self.device.listening == self._listening:
            return
        self._listening = self.device.listening
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self._close_connections()
        if not self.device.refusing:
            task = asyncio.get_running_loop().create_task(self._listen())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Waits until an opened socket listens."""
        if self._tasks:
            await asyncio.gather(*self._tasks)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Plays one HTTP request, with the ledger, the faults and the device's latency."""
        assert self._http is not None
        device = self._http.devices.get(request.protocol, self.device)
        started = time.time()
        begun = time.perf_counter()
        oversized, body = False, b""
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            oversized = True
        authorization = request.headers.get("Authorization")
        path, dummy, query = request.raw_path.partition("?")
        entry = device.ledger.begin(
            request.method,
            path,
            query,
            peek_user(authorization),
            self._http.numbers.get(request.protocol, 0),
            _bytes_in(request, body),
            body,
            started,
        )
        try:
            wait, fault = device.faults.match(request.method, path)
            wait += device.options["latency_ms"] / 1000.0
            if wait > 0:
                await asyncio.sleep(wait)
            if self.away:
                self._drop(request)
            if fault is not None and fault.kind in BEFORE:
                answer = answer_before(device, fault, authorization or "", body)
            else:
                answer = header_refusal(request.method, request.headers, body, self.port) or respond(
                    device,
                    Request(
                        request.method,
                        path,
                        _segments(path),
                        "raw" in request.rel_url.query,
                        authorization,
                        body,
                        oversized,
                    ),
                )
            entry["user"] = answer.user or entry["user"]
            if answer.wait > 0:
                await asyncio.sleep(answer.wait)
            return await self._send(request, answer, fault, entry, begun)
        finally:
            device.ledger.in_flight -= 1
            if entry["duration"] is None:
                entry["duration"] = time.perf_counter() - begun

    def _drop(self, request: web.BaseRequest) -> None:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError

    async def _send(
        self,
        request: web.BaseRequest,
        answer: Answer,
        fault: Fault | None,
        entry: dict[str, Any],
        begun: float,
    ) -> web.StreamResponse:
        kind = fault.kind if fault is not None else ""
        if answer.action == "drop" or kind in ("close-before-answer", "close-after-effect"):
            if answer.after is not None:
                answer.after()
            self._drop(request)
        if answer.action == "hang":
            assert self._http is not None
            lost = self._http.lost.get(request.protocol)
            if lost is not None:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(lost.wait(), _HANG_SECONDS)
            self._drop(request)
        if kind in _RESHAPED and fault is not None:
            answer.body = reshaped(answer.body, fault)
        if kind == "error-after-effect" and fault is not None:
            answer = Answer(int(fault["status"]), b"", "text/plain")
        if kind == "gzip":
            answer.body = gzip.compress(answer.body)
            answer.headers["Content-Encoding"] = "gzip"
        if kind == "encoded" and fault is not None:
            answer.body = answer.body.decode().encode(str(fault["encoding"]))
            answer.content_type = str(fault["content-type"])
        headers = {"Server": _SERVER, **answer.headers}
        if answer.body or answer.status not in (204, 304):
            headers["Content-Type"] = answer.content_type
        entry["status"] = answer.status
        if kind in ("truncated", "drip", "slow-answers", "endless") and fault is not None:
            return await self._stream(request, answer, fault, headers, entry)
        if kind == "wire" and fault is not None:
            await self._write_parts(request, answer, fault)
        if kind == "interim" and fault is not None and request.transport is not None:
            for status in str(fault["statuses"]).split():
                request.transport.write(f"HTTP/1.1 {status} Interim\r\nLink: </api>\r\n\r\n".encode())
        response = web.Response(status=answer.status, body=answer.body, headers=headers)
        if kind == "close-after-answer":
            response.force_close()
        await response.prepare(request)
        entry["bytes_out"] = _bytes_out(response, len(answer.body))
        entry["duration"] = time.perf_counter() - begun
        await response.write_eof()
        if answer.after is not None:
            answer.after()
        if kind == "keep-alive" and fault is not None:
            self._close_idle(request, fault, entry)
        return response

    def _close_idle(self, request: web.BaseRequest, fault: Fault, entry: dict[str, Any]) -> None:
        """Closes a connection after its last request, unannounced, unless another one arrives before."""
        entries = self.device.ledger.entries
        connection = entry["connection"]

        def close() -> None:
            last = [other for other in entries if other["connection"] == connection][-1:]
            if last == [entry] and request.transport is not None:
                request.transport.close()

        if sum(other["connection"] == connection for other in entries) >= fault["requests"]:
            if fault["seconds"]:
                asyncio.get_running_loop().call_later(float(fault["seconds"]), close)
            else:
                close()

    async def _write_parts(self, request: web.BaseRequest, answer: Answer, fault: Fault) -> None:
        """Writes an answer that is no valid HTTP and closes the connection."""
        if answer.after is not None:
            answer.after()
        for part in parts_of(str(fault["form"]), answer.body):
            if request.transport is None or request.transport.is_closing():
                break
            request.transport.write(part)
            if fault["interval"]:
                await asyncio.sleep(float(fault["interval"]))
        if request.transport is not None:
            request.transport.close()
        raise ConnectionResetError

    async def _stream(
        self,
        request: web.BaseRequest,
        answer: Answer,
        fault: Fault,
        headers: dict[str, str],
        entry: dict[str, Any],
    ) -> web.StreamResponse:
        """Answers that do not come as one whole."""
        response = web.StreamResponse(status=answer.status, headers=headers)
        if fault.kind != "endless":
            response.content_length = len(answer.body)
        if fault.kind == "slow-answers" and not answer.body:
            await asyncio.sleep(fault["seconds"])
        await response.prepare(request)
        entry["bytes_out"] = _bytes_out(response, 0)
        if fault.kind == "truncated":
            part = answer.body[: max(1, int(len(answer.body) * fault["keep"]))]
            await response.write(part)
            entry["bytes_out"] += len(part)
            if request.transport is not None:
                request.transport.close()
            raise ConnectionResetError
        if fault.kind == "drip":
            size = max(1, int(fault["bytes"]))
            for start in range(0, len(answer.body), size):
                await response.write(answer.body[start : start + size])
                entry["bytes_out"] += min(size, len(answer.body) - start)
                await asyncio.sleep(fault["interval"])
        elif fault.kind == "slow-answers":
            size = -(-len(answer.body) // _SLOW_PIECES) or 1
            for start in range(0, len(answer.body), size):
                await asyncio.sleep(fault["seconds"] / _SLOW_PIECES)
                await response.write(answer.body[start : start + size])
                entry["bytes_out"] += min(size, len(answer.body) - start)
        else:
            chunk = b'{"object-id": "' + b"x" * 65500 + b'"},'
            while entry["bytes_out"] < fault["limit"]:
                await response.write(chunk)
                entry["bytes_out"] += len(chunk)
        await response.write_eof()
        return response


def _segments(path: str) -> tuple[str, ...]:
    """Decoded parts of a path; one slash at the end means the same node."""
    parts = path.split("/")[1:]
    if parts and parts[-1] == "":
        parts.pop()
    return tuple(unquote(part) for part in parts)


def _bytes_in(request: web.BaseRequest, body: bytes) -> int:
    """Size of the request's line, headers and body on the wire."""
    line = len(request.method) + len(request.raw_path) + len(" HTTP/1.1 \r\n")
    return line + sum(len(k) + len(v) + 4 for k, v in request.raw_headers) + 2 + len(body)


def _bytes_out(response: web.StreamResponse, body: int) -> int:
    reason = HTTPStatus(response.status).phrase if response.status < 600 else ""
    line = len(f"HTTP/1.1 {response.status} {reason}\r\n")
    return line + sum(len(k) + len(v) + 4 for k, v in response.headers.items()) + 2 + body
