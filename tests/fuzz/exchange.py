# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections to a simulated device without a network: the client's own sockets, HTTP parser and bounds read bytes from memory."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Callable
from unittest import mock
from urllib.parse import unquote

from urllib3.connection import HTTPConnection

from ..simulator.device import Device
from ..simulator.routes import Request, respond
from .mutations import RawAnswer

# From a raw request to the bytes of its answer.
Exchange = Callable[[bytes], bytes]
# From an exchange to host and port at which it is reached while the context is open.
Connect = Callable[[Exchange], AbstractContextManager[tuple[str, int]]]


class _Stream(io.RawIOBase):
    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class MemorySocket:
    """What a client needs of a socket. The device has sent everything and closed once the answer to a request was read."""

    def __init__(self, exchange: Exchange, idle: socket.socket) -> None:
        self._exchange = exchange
        self._idle = idle
        self._sent = b""
        self._received = io.BytesIO()

    def sendall(self, data: bytes) -> None:
        self._sent += bytes(data)
        if _is_complete(self._sent):
            self._received = io.BytesIO(self._received.read() + self._exchange(self._sent))
            self._sent = b""

    def makefile(self, *_args: Any, **_more: Any) -> _Stream:
        # Each response reads on where the former one ended.
        return _Stream(self._received.read)

    def fileno(self) -> int:
        """Of a socket on which nothing arrives: the connection looks alive."""
        return self._idle.fileno()

    def settimeout(self, _seconds: float | None) -> None:
        return None

    def close(self) -> None:
        return None

    def shutdown(self, _how: int) -> None:
        return None


def answer_of(device: Device, raw: bytes) -> RawAnswer:
    """The answer of a simulated device to a raw request."""
    head, _end, body = raw.partition(b"\r\n\r\n")
    line, *header_lines = head.decode("latin-1").split("\r\n")
    method, target = line.split(" ")[:2]
    path, dummy, query = target.partition("?")
    headers = {name.lower(): value.strip() for name, _colon, value in (text.partition(":") for text in header_lines)}
    segments = tuple(unquote(part) for part in path.strip("/").split("/"))
    request = Request(method, path, segments, "raw" in query, headers.get("authorization"), body)
    answer = respond(device, request)
    shown = [("Content-Type", answer.content_type), *answer.headers.items()]
    return RawAnswer(answer.status, shown, answer.body)


@contextlib.contextmanager
def connections_in_memory(exchange: Exchange) -> Iterator[tuple[str, int]]:
    """Every connection without TLS that the process opens reaches this exchange."""
    idle, other = socket.socketpair()
    opened = mock.patch.object(HTTPConnection, "_new_conn", side_effect=lambda: MemorySocket(exchange, idle))
    with idle, other, opened:
        yield "192.0.2.1", 80


@contextlib.contextmanager
def connections_by_socket(exchange: Exchange) -> Iterator[tuple[str, int]]:
    """A server on loopback that closes each connection after one answer."""

    def serve() -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            with contextlib.suppress(OSError), connection:
                request = _read_request(connection)
                if _is_complete(request):
                    # The client need not find out that the connection is closed.
                    connection.sendall(exchange(request).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[:2]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while not _is_complete(received):
        data = connection.recv(65536)
        if not data:
            break
        received += data
    return received


def _is_complete(request: bytes) -> bool:
    """Whether these bytes are a whole request."""
    head, end, body = request.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(end) and len(body) >= (int(lengths[0].partition(b":")[2]) if lengths else 0)
