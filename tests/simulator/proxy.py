# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy for tests: it connects as asked, or refuses in one of several ways, and keeps what it was asked for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any

_REPLIES = {
    "407": b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
    "garbage": b"\x00\x01 no proxy here\r\n\r\n",
    "closes": b"",
    "403": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
}
KINDS = ("tunnel", *_REPLIES)


class Route(dict[str, tuple[str, int]]):
    """The names of a proxy that does not reach a device for some connections. reached: how many it reaches before."""

    def __init__(self, device: Any, failures: int, reached: int = 0) -> None:
        super().__init__()
        self._address = (device.host, device.port)
        self._failing = range(reached, reached + failures)
        self._connections = 0

    def get(self, _key: str, _default: object = None) -> Any:
        self._connections += 1
        return None if self._connections - 1 in self._failing else self._address


class Proxy:
    """An HTTP proxy on loopback while the context is open.

    kind: "tunnel" connects as asked; the others refuse each request.  requests: the request lines, in order.
    heads: the requests with all of their headers.  names: address and port by "name:port"; the proxy knows no others then.
    kind and names can be set while the context is open.
    """

    def __init__(self, kind: str = "tunnel", names: Mapping[str, tuple[str, int]] | None = None) -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown kind of a proxy: {kind!r}; known: {', '.join(KINDS)}")
        self.kind = kind
        self.names = names
        self.heads: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.address}"

    @property
    def requests(self) -> list[str]:
        return [head.partition("\r\n")[0] for head in self.heads]

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, dummy = self._listener.accept()
                self._open.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in head:
                part = client.recv(65536)
                if not part:
                    return
                head += part
            self.heads.append(head.decode("latin-1"))
            if self.kind != "tunnel":
                client.sendall(_REPLIES[self.kind])
                client.close()
                return
            address = self._address(head.split()[1].decode())
            if address is None:
                client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                client.close()
                return
            device = socket.create_connection(address, 5)
            self._open.append(device)
            device.settimeout(None)
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_copy, args=(device, client), daemon=True).start()
            _copy(client, device)

    def _address(self, target: str) -> tuple[str, int] | None:
        if self.names is not None:
            return self.names.get(target)
        host, dummy, port = target.rpartition(":")
        return host.strip("[]"), int(port)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
