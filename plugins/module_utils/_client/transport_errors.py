# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Translates exceptions of sockets, TLS, urllib3 and requests into one LantimeError each.

The libraries wrap the same fault differently from version to version, so the whole chain of an exception is searched
for its root cause instead of trusting the outermost type.
"""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
import typing as t

from .._base.errors import LantimeError

if t.TYPE_CHECKING:
    from .settings import Settings

# The URL of the device is checked before, so an invalid URL is that of the proxy.
_PROXY_FAULTS = (
    "ProxyError",
    "ProxySchemeUnknown",
    "InvalidProxyURL",
    "InvalidSchema",
    "InvalidURL",
    "LocationParseError",
    "LocationValueError",
)
_UNREACHABLE_ERRNO = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)
_BROKEN_ERRNO = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED})
_CLIENT_CERTIFICATE_REASONS = ("certificate required", "bad certificate", "handshake failure")
# What http.client raises if a proxy refuses CONNECT, and the statuses of one that has tried and did not reach the device.
_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})\b")
_UNREACHED_STATUS = frozenset({"500", "502", "503", "504"})
_MAX_LINKS = 50


class TransportFailure(t.NamedTuple):
    """An exception of the transport with all exceptions that it was raised from, outermost first."""

    links: tuple[BaseException, ...]
    deadline_spent: bool = False

    def is_a(self, *types: type[BaseException]) -> bool:
        return any(isinstance(link, types) for link in self.links)

    def is_named(self, *names: str) -> bool:
        """Whether a type has one of these names; those of requests and urllib3 are not imported for this."""
        return any(type(link).__name__ in names for link in self.links)

    def has_errno(self, numbers: t.Container[int | None]) -> bool:
        return any(isinstance(link, OSError) and link.errno in numbers for link in self.links)

    def is_timeout(self) -> bool:
        return self.is_a(TimeoutError, socket.timeout) or self.is_named("ReadTimeoutError", "ReadTimeout")

    def is_tls(self) -> bool:
        return self.is_a(ssl.SSLError, ssl.CertificateError) or self.is_named("SSLError")

    def has_invalid_chunk(self) -> bool:
        """Whether the device sent something else than the size of a chunk. If it sent nothing, the answer ended too early."""
        return any(
            type(e).__name__ == "InvalidChunkLength" and bool(getattr(e, "length", b"").strip()) for e in self.links
        )

    def tunnel_status(self) -> str:
        """The status with which the proxy refused to connect to the device; empty if it did not."""
        matches = (_TUNNEL_REFUSED.match(str(link)) for link in self.links if isinstance(link, OSError))
        return next((match.group(1) for match in matches if match), "")

    def verify_message(self) -> str:
        return next((e.verify_message for e in self.links if isinstance(e, ssl.SSLCertVerificationError)), "no details")

    def tls_reason(self) -> str:
        # An SSLError has a reason only if OpenSSL gave one.
        reasons = [getattr(link, "reason", None) for link in self.links if isinstance(link, ssl.SSLError)]
        return next((str(r) for r in reasons if r), "no details").replace("_", " ").lower()


class TransportRule(t.NamedTuple):
    """One row of TRANSPORT_RULES.

    what: a format string; its fields are request, port, connect_timeout, read_timeout, tunnel_status, verify_message,
    tls_reason and exception.  hint: replaces the remedy of the code.
    """

    code: str
    applies: t.Callable[[TransportFailure], bool]
    what: str
    hint: str | None = None


# The first rule that applies decides.
TRANSPORT_RULES = (
    TransportRule(
        "timeout_connect",
        lambda f: f.is_named("ConnectTimeoutError", "ConnectTimeout"),
        "no connection to port {port} within {connect_timeout:g} s",
    ),
    TransportRule(
        "unresolved",
        lambda f: f.is_named("ProxyError") and (f.is_a(socket.gaierror) or f.is_named("NameResolutionError")),
        "the name of the proxy cannot be resolved",
        "check https_proxy, http_proxy and all_proxy in the environment, or set use_proxy to false",
    ),
    TransportRule(
        "unresolved",
        lambda f: f.is_a(socket.gaierror) or f.is_named("NameResolutionError"),
        "the host name cannot be resolved",
    ),
    TransportRule(
        "no_route",
        lambda f: f.tunnel_status() in _UNREACHED_STATUS,
        "the proxy named in the environment did not reach the device (HTTP {tunnel_status})",
        "check that the device is up, and that the proxy can reach it; or set use_proxy to false to connect directly",
    ),
    TransportRule(
        "proxy",
        lambda f: f.is_named(*_PROXY_FAULTS),
        "the proxy named in the environment did not forward the request",
    ),
    TransportRule(
        "refused",
        lambda f: f.is_a(ConnectionRefusedError),
        "the connection to port {port} was refused",
    ),
    TransportRule(
        "no_route",
        lambda f: f.has_errno(_UNREACHABLE_ERRNO),
        "the network has no route to the device",
    ),
    TransportRule(
        "tls_verify",
        lambda f: f.is_a(ssl.SSLCertVerificationError),
        "the certificate of the device was not accepted: {verify_message}",
    ),
    TransportRule(
        "tls_protocol",
        lambda f: f.is_tls() and any(reason in f.tls_reason() for reason in _CLIENT_CERTIFICATE_REASONS),
        "the TLS handshake failed: {tls_reason}",
        "set client_cert and client_key if the device requires a client certificate; else check port and use_tls",
    ),
    TransportRule(
        "tls_protocol",
        lambda f: f.is_tls(),
        "the TLS handshake failed: {tls_reason}",
    ),
    TransportRule(
        "timeout_total",
        lambda f: f.is_timeout() and f.deadline_spent,
        "{request} was not answered in full before the deadline",
    ),
    TransportRule(
        "timeout_read",
        lambda f: f.is_timeout(),
        "{request} was not answered within {read_timeout:g} s",
    ),
    TransportRule(
        "protocol",
        lambda f: f.has_invalid_chunk(),
        "the answer to {request} has a chunk without a valid size",
    ),
    TransportRule(
        "incomplete",
        lambda f: f.is_a(http.client.IncompleteRead) or f.is_named("IncompleteRead"),
        "the answer to {request} ended too early",
    ),
    TransportRule(
        "disconnected",
        lambda f: f.is_a(http.client.RemoteDisconnected) or f.has_errno(_BROKEN_ERRNO),
        "the connection broke during {request}",
    ),
    TransportRule(
        "protocol",
        lambda f: (
            f.is_a(http.client.HTTPException)
            or f.is_named(
                "ProtocolError", "InvalidChunkLength", "HeaderParsingError", "ChunkedEncodingError", "InvalidHeader"
            )
        ),
        "the answer to {request} is not valid HTTP",
    ),
    TransportRule("disconnected", lambda f: isinstance(f.links[0], OSError), "{request} failed ({exception})"),
    TransportRule("internal", lambda dummy: True, "{request} failed with {exception}"),
)


def exception_chain(exc: BaseException, handled: BaseException | None = None) -> tuple[BaseException, ...]:
    """An exception and all that it was raised from or holds, outermost first.

    handled: the exception that was being handled before, for example during a rollback. Python links it to every new one,
    but it is not a cause of them.
    """
    links: list[BaseException] = []
    waiting: list[object] = [exc]
    while waiting and len(links) < _MAX_LINKS:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or any(current is link for link in (handled, *links)):
            continue
        links.append(current)
        waiting += [current.__cause__, current.__context__, getattr(current, "reason", None)]
        waiting += list(current.args)
    return tuple(links)


def failure_of_connection(exc: BaseException) -> BaseException:
    """The exception of a connection that was open, which the libraries call a fault of the proxy if there is one."""
    links = exception_chain(exc)
    if not any(type(link).__name__ == "ProxyError" for link in links):
        return exc
    causes = (link for link in links if isinstance(link, (OSError, http.client.HTTPException)))
    return next((link for link in causes if type(link).__name__ != "ProxyError"), exc)


def matching_rule(failure: TransportFailure) -> TransportRule:
    """The first of TRANSPORT_RULES that applies; the last one always does."""
    return next(rule for rule in TRANSPORT_RULES if rule.applies(failure))


def transport_error(
    exc: BaseException, settings: Settings, deadline_spent: bool, request: str, handled: BaseException | None = None
) -> LantimeError:
    """The LantimeError for an exception of the transport.

    request: method and path, such as "GET /api/status".  handled: as in exception_chain().
    """
    failure = TransportFailure(exception_chain(exc, handled), deadline_spent)
    own = next((link for link in failure.links if isinstance(link, LantimeError)), None)
    if own is not None:
        return LantimeError(own.code, own.what, hint=own.hint)
    rule = matching_rule(failure)
    what = rule.what.format(
        request=request,
        port=settings.port,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        tunnel_status=failure.tunnel_status(),
        verify_message=failure.verify_message(),
        tls_reason=failure.tls_reason(),
        exception=type(exc).__name__,
    )
    return LantimeError(rule.code, what, hint=rule.hint)
