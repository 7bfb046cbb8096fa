# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes below HTTP: sockets with a deadline, TLS with our own trust, a certificate pin.

urllib3 (which requests stands on) times single reads only. Here every read is bounded by what is left of the whole
request, so that neither a dripping header nor a dripping body outlives it.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import functools
import hashlib
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

try:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    IMPORT_ERROR = None
except ImportError:  # said to the user by the client
    IMPORT_ERROR = traceback.format_exc()
    HTTPAdapter = HTTPConnection = HTTPSConnection = object  # type: ignore[misc,assignment]

Connected = t.Callable[[], None]


class Budget:
    """How long a request may still take, in seconds of the monotonic clock. One for each client: one request at a time."""

    def __init__(self) -> None:
        self._end = 0.0
        self._read_timeout = 0.0

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

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        self._sock.settimeout(self._budget.next_read())
        count: int | None = self._file.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: t.Any, budget: Budget, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_TimedReader(sock, budget))


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate in DER form, as lower-case hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def plain_fingerprint(text: str) -> str:
    """A fingerprint as users write it (colons, blanks, capitals, a C(sha256:) prefix) as lower-case hexadecimal."""
    lowered = text.strip().lower()
    if lowered.startswith("sha256"):
        lowered = lowered[len("sha256") :]
    return "".join(c for c in lowered if c not in ": -=")


class _PlainConnection(HTTPConnection):
    def __init__(self, *args: t.Any, budget: Budget, connected: Connected | None, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = functools.partial(_TimedResponse, budget=budget)  # type: ignore[assignment]
        self._connected = connected

    def connect(self) -> None:
        super().connect()
        if self._connected is not None:
            self._connected()


class _TlsConnection(HTTPSConnection):
    def __init__(
        self,
        *args: t.Any,
        budget: Budget,
        pin: str | None,
        connected: Connected | None,
        **kwargs: t.Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = functools.partial(_TimedResponse, budget=budget)  # type: ignore[assignment]
        self._pin = pin
        self._connected = connected

    def connect(self) -> None:
        super().connect()
        # The task warns in its own words; urllib3 would warn again on each request.
        self.is_verified = True
        if self._pin is not None:
            self._check_pin(self._pin)
        if self._connected is not None:
            self._connected()

    def _check_pin(self, pin: str) -> None:
        sock = t.cast("ssl.SSLSocket", self.sock)
        seen = fingerprint(sock.getpeercert(binary_form=True) or b"")
        if not hmac.compare_digest(seen, pin):
            self.close()
            raise LantimeError(
                "tls_pin",
                f"the certificate has the SHA-256 fingerprint {seen}, tls_fingerprint is {pin}",
            )


class Adapter(HTTPAdapter):
    """Puts our connections into requests' pools and keeps requests from loading a CA bundle of its own.

    connected: called on each new connection once the device has proved who it is and before a request leaves.
    """

    def __init__(
        self,
        budget: Budget,
        context: ssl.SSLContext | None,
        pin: str | None,
        connected: Connected | None = None,
    ) -> None:
        self._budget = budget
        self._context = context
        self._pin = pin
        self._connected = connected
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def _pool_classes(self) -> dict[str, t.Any]:
        def plain(*args: t.Any, **kwargs: t.Any) -> t.Any:
            pool = HTTPConnectionPool(*args, **kwargs)
            pool.ConnectionCls = functools.partial(  # type: ignore[assignment]
                _PlainConnection, budget=self._budget, connected=self._connected
            )
            return pool

        def tls(*args: t.Any, **kwargs: t.Any) -> t.Any:
            pool = HTTPSConnectionPool(*args, **kwargs)
            pool.ConnectionCls = functools.partial(  # type: ignore[assignment]
                _TlsConnection, budget=self._budget, pin=self._pin, connected=self._connected
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
        """Trust is settled in the SSL context; requests would load certifi's bundle here."""


@functools.lru_cache(maxsize=64)
def tls_context(verify: bool, ca_path: str | None, client_cert: str | None, client_key: str | None) -> ssl.SSLContext:
    """A client context for TLS 1.2 and newer that trusts C(ca_path) (a file or a directory of hashed certificates) or, without it, the system's store.

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
