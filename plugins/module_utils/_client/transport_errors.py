# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions of sockets, TLS, urllib3 and requests -> one error code each.

The libraries wrap the same fault differently from version to version, so the whole chain of an exception is searched
for its root instead of trusting the outermost type.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import typing as t

from .._base.errors import LantimeError

if t.TYPE_CHECKING:
    from .settings import Settings

_UNREACHABLE_ERRNO = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)
_BROKEN_ERRNO = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED})


def chain(exc: BaseException) -> list[BaseException]:
    """An exception and all that it stands on, outermost first."""
    found: list[BaseException] = []
    waiting: list[object] = [exc]
    while waiting and len(found) < 50:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or any(current is seen for seen in found):
            continue
        found.append(current)
        waiting += [current.__cause__, current.__context__, getattr(current, "reason", None)]
        waiting += list(current.args)
    return found


def transport_error(exc: BaseException, settings: Settings, deadline_spent: bool, request: str) -> LantimeError:
    """The LantimeError that stands for an exception of the transport. request: C("GET /api/status")."""
    links = chain(exc)
    names = {type(link).__name__ for link in links}

    def first(*kinds: type[BaseException]) -> t.Any:
        return next((link for link in links if isinstance(link, kinds)), None)

    own = first(LantimeError)
    if own is not None:
        return LantimeError(own.code, own.what, hint=own.hint)
    numbers = {link.errno for link in links if isinstance(link, OSError)}

    if "ConnectTimeoutError" in names or "ConnectTimeout" in names:
        return LantimeError(
            "timeout_connect",
            f"no connection to port {settings.port} within {settings.connect_timeout:g} s",
        )
    if first(socket.gaierror) is not None or "NameResolutionError" in names:
        what = "the name of the proxy" if "ProxyError" in names else "the host name"
        return LantimeError("unresolved", f"{what} cannot be resolved")
    if "ProxyError" in names or "ProxySchemeUnknown" in names or "InvalidProxyURL" in names:
        return LantimeError("proxy", "the proxy named by the environment did not let the request through")
    if first(ConnectionRefusedError) is not None:
        return LantimeError("refused", f"the connection to port {settings.port} was refused")
    if numbers & _UNREACHABLE_ERRNO:
        return LantimeError("no_route", "the network has no route to the device")
    verify = first(ssl.SSLCertVerificationError)
    if verify is not None:
        return LantimeError("tls_verify", f"the certificate of the device was not accepted: {verify.verify_message}")
    if first(ssl.SSLError, ssl.CertificateError) is not None or "SSLError" in names:
        tls = first(ssl.SSLError)
        reason = str(getattr(tls, "reason", None) or "no details").replace("_", " ").lower()
        if "certificate required" in reason or "bad certificate" in reason or "handshake failure" in reason:
            reason += "; the device may want a client certificate (client_cert)"
        return LantimeError("tls_protocol", f"the TLS handshake failed: {reason}")
    if first(TimeoutError, socket.timeout) is not None or "ReadTimeoutError" in names or "ReadTimeout" in names:
        if deadline_spent:
            return LantimeError("timeout_total", f"{request} was not answered in full before the deadline")
        return LantimeError("timeout_read", f"{request} was not answered within {settings.read_timeout:g} s")
    if "IncompleteRead" in names or first(http.client.IncompleteRead) is not None:
        return LantimeError("incomplete", f"the answer to {request} ended too early")
    if first(http.client.RemoteDisconnected) is not None or numbers & _BROKEN_ERRNO:
        return LantimeError("disconnected", f"the connection broke during {request}")
    if first(http.client.HTTPException) is not None or names & {
        "ProtocolError",
        "InvalidChunkLength",
        "HeaderParsingError",
        "ChunkedEncodingError",
        "InvalidHeader",
    }:
        return LantimeError("protocol", f"the answer to {request} is not proper HTTP")
    if isinstance(exc, OSError):
        return LantimeError("disconnected", f"{request} failed ({type(exc).__name__})")
    return LantimeError("internal", f"{request} failed with {type(exc).__name__}")
