# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport below HTTP: sockets with a deadline, TLS contexts, certificate pinning.

urllib3, which requests uses, limits the time of single reads only. Here every read is limited by what is left for the
whole request, so that neither a slow header nor a slow body exceeds it.
"""

from __future__ import annotations

import functools
import hmac
import http.client
import io
import socket
import ssl
import time
import traceback
import typing as t
from pathlib import Path

from .._base.errors import LantimeError
from .certificates import certificate_fingerprint, presented_certificate, untrusted_certificate

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    IMPORT_ERROR = None
except ImportError:  # reported by the client
    IMPORT_ERROR = traceback.format_exc()
    HTTPAdapter = HTTPConnection = HTTPSConnection = object  # type: ignore[misc,assignment]

MAX_HEADER_BYTES = 64 * 1024
_MAX_CHUNK_LINE = 1024

OnConnect = t.Callable[[], None]


class Budget:
    """The time limit of the current request of a client, by the monotonic clock.

    has_surplus: the device sent more than its answers since the flag was cleared.
    is_connected: the latest connection reached the device, so that a later fault is not one of the way to it.
    """

    def __init__(self) -> None:
        self._end = 0.0
        self._read_timeout = 0.0
        self.has_surplus = False
        self.is_connected = False

    def start(self, total: float, read_timeout: float) -> None:
        self._end = time.monotonic() + total
        self._read_timeout = read_timeout

    def left(self) -> float:
        return self._end - time.monotonic()

    def spent(self) -> bool:
        return self.left() <= 0

    def next_read(self) -> float:
        """Seconds that the next read may take."""
        left = self.left()
        if left <= 0:
            raise TimeoutError("deadline")
        return min(left, self._read_timeout)


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, budget: Budget) -> None:
        super().__init__()
        self._sock = sock
        self._file: t.Any = sock.makefile("rb", buffering=0)
        self._budget = budget
        self.received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        self._sock.settimeout(self._budget.next_read())
        count: int | None = self._file.readinto(buffer)
        self.received += count or 0
        return count

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class _BoundedReader(io.BufferedReader):
    """What a response is read from: status line and headers are bounded in total, other lines one by one."""

    def __init__(self, raw: _TimedReader, budget: Budget) -> None:
        super().__init__(raw)
        self._timed = raw
        self._budget = budget
        self._consumed = 0
        self._header_bytes_left: int | None = MAX_HEADER_BYTES

    def end_headers(self) -> None:
        self._header_bytes_left = None

    def readline(self, size: int | None = -1) -> bytes:
        limit = _MAX_CHUNK_LINE if self._header_bytes_left is None else self._header_bytes_left
        line = super().readline(limit + 1 if size is None or size < 0 else min(size, limit + 1))
        self._consumed += len(line)
        if self._header_bytes_left is not None:
            self._header_bytes_left -= len(line)
            if self._header_bytes_left < 0:
                raise LantimeError("too_large", f"the headers of the answer exceed {MAX_HEADER_BYTES} bytes")
        elif len(line) > limit:
            raise http.client.HTTPException("a line between chunks is too long")
        return line

    def read(self, size: int | None = -1) -> bytes:
        # The size of a chunk can be negative, which would mean everything.
        if size is None or size < 0:
            raise http.client.HTTPException("a chunk has no valid size")
        data = super().read(size)
        self._consumed += len(data or b"")
        return data

    def readinto(self, buffer: t.Any) -> int:
        count = super().readinto(buffer)
        self._consumed += count or 0
        return count

    def read1(self, size: int = -1) -> bytes:
        data = super().read1(size)
        self._consumed += len(data)
        return data

    def close(self) -> None:
        if not self.closed and self._timed.received > self._consumed:
            self._budget.has_surplus = True
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: t.Any, budget: Budget, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = self._reader = _BoundedReader(_TimedReader(sock, budget), budget)

    def begin(self) -> None:
        """Read status line and headers of the answer; interim answers (1xx) before it are skipped."""
        while True:
            super().begin()
            if self.status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                raise http.client.HTTPException("the answer switches to another protocol")
            if self.status >= http.HTTPStatus.OK:
                break
            # begin() reads nothing if there are headers already.
            self.headers = self.msg = None  # type: ignore[assignment]
        self._reader.end_headers()


class _PlainConnection(HTTPConnection):
    def __init__(self, *args: t.Any, budget: Budget, on_connect: OnConnect | None, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = functools.partial(_TimedResponse, budget=budget)  # type: ignore[assignment]
        self._on_connect = on_connect

    def connect(self) -> None:
        super().connect()
        if self._on_connect is not None:
            self._on_connect()


class _TlsConnection(HTTPSConnection):
    def __init__(
        self,
        *args: t.Any,
        budget: Budget,
        pin: str | None,
        on_connect: OnConnect | None,
        **kwargs: t.Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = functools.partial(_TimedResponse, budget=budget)  # type: ignore[assignment]
        self._budget = budget
        self._pin = pin
        self._on_connect = on_connect

    def connect(self) -> None:
        self._budget.is_connected = False
        try:
            super().connect()
        except ssl.SSLCertVerificationError as exc:
            raise untrusted_certificate(exc, self._presented_certificate()) from None
        except (TimeoutError, socket.timeout):
            if self._budget.spent():
                raise
            # A connection that is not established has another exception.
            stage = "the proxy did not connect, or the TLS handshake" if self.proxy is not None else "the TLS handshake"
            raise LantimeError("timeout_connect", f"{stage} was not complete within {self.timeout:g} s") from None
        except http.client.HTTPException:
            # Only a proxy is asked anything before the first request.
            raise LantimeError("proxy", "the proxy did not answer CONNECT with valid HTTP") from None
        # The job warns once; urllib3 would warn on each request.
        self.is_verified = True
        self._budget.is_connected = True
        if self._pin is not None:
            self._check_pin(self._pin)
        if self._on_connect is not None:
            self._on_connect()

    def _presented_certificate(self) -> bytes | None:
        if self.proxy is not None:
            return None
        return presented_certificate(
            (self.host.strip("[]"), self.port), self.host.strip("[]"), float(self.timeout or 1)
        )

    def _check_pin(self, pin: str) -> None:
        sock = t.cast("ssl.SSLSocket", self.sock)
        presented = certificate_fingerprint(sock.getpeercert(binary_form=True) or b"")
        if not hmac.compare_digest(presented, pin):
            self.close()
            raise LantimeError(
                "tls_pin",
                f"the certificate has the SHA-256 fingerprint {presented}, tls_fingerprint is {pin}",
            )


class Adapter(HTTPAdapter):
    """An adapter of requests whose pools hold the connections above and which loads no CA bundle of its own.

    on_connect: called on each new connection after the TLS handshake and before a request is sent.
    """

    def __init__(
        self,
        budget: Budget,
        context: ssl.SSLContext | None,
        pin: str | None,
        on_connect: OnConnect | None = None,
    ) -> None:
        self._budget = budget
        self._context = context
        self._pin = pin
        self._on_connect = on_connect
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def _pool_classes(self) -> dict[str, t.Any]:
        def plain(*args: t.Any, **kwargs: t.Any) -> t.Any:
            pool = HTTPConnectionPool(*args, **kwargs)
            pool.ConnectionCls = functools.partial(  # type: ignore[assignment]
                _PlainConnection, budget=self._budget, on_connect=self._on_connect
            )
            return pool

        def tls(*args: t.Any, **kwargs: t.Any) -> t.Any:
            pool = HTTPSConnectionPool(*args, **kwargs)
            pool.ConnectionCls = functools.partial(  # type: ignore[assignment]
                _TlsConnection, budget=self._budget, pin=self._pin, on_connect=self._on_connect
            )
            return pool

        return {"http": plain, "https": tls}

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes()

    def proxy_manager_for(self, proxy: str, **kwargs: t.Any) -> t.Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = self._pool_classes()
        return manager

    def cert_verify(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Do nothing: the SSL context holds the trust, and requests would load the bundle of certifi here."""


@functools.lru_cache(maxsize=64)
def tls_context(verify: bool, ca_path: str | None, client_cert: str | None, client_key: str | None) -> ssl.SSLContext:
    """A client context for TLS 1.2 and newer; trusts ca_path (a file or a directory of hashed certificates), else the system's store.

    Raises OSError or ssl.SSLError if a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif ca_path is None:
        context.load_default_certs()
    else:
        directory = Path(ca_path).is_dir()
        context.load_verify_locations(cafile=None if directory else ca_path, capath=ca_path if directory else None)
    if client_cert is not None:
        # An encrypted key would ask on the terminal; an empty password makes it an error instead.
        context.load_cert_chain(client_cert, client_key, password="")
    return context
