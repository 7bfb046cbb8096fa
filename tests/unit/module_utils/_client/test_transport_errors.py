# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions of the transport: each rule of the table, its code and what it says."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.module_utils._client.transport_errors import (
    TRANSPORT_RULES,
    TransportFailure,
    exception_chain,
    matching_rule,
    transport_error,
)

SETTINGS = Settings("ts1", port=8443, connect_timeout=2.5, read_timeout=7.0)


def named(name: str, *args: t.Any) -> Exception:
    """An exception of a type that requests or urllib3 define."""
    return t.cast("Exception", type(name, (Exception,), {})(*args))


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, "failed")
    error.reason = reason
    return error


def verify(message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "failed")
    error.verify_message = message
    return error


def invalid_chunk(line: bytes) -> Exception:
    error = type("InvalidChunkLength", (http.client.IncompleteRead,), {})(b"")
    error.length = line
    return t.cast("Exception", error)


# Exception, whether the deadline is spent, code, what it says.
CASES: list[tuple[Exception, bool, str, str]] = [
    (named("ConnectTimeoutError"), False, "timeout_connect", "no connection to port 8443 within 2.5 s"),
    (named("ConnectTimeout", TimeoutError()), True, "timeout_connect", "no connection to port 8443"),
    (named("ProxyError", socket.gaierror(-2, "x")), False, "unresolved", "the name of the proxy cannot be resolved"),
    (named("ProxyError", named("NameResolutionError")), False, "unresolved", "the name of the proxy"),
    (socket.gaierror(-2, "x"), False, "unresolved", "the host name cannot be resolved"),
    (named("MaxRetryError", named("NameResolutionError")), False, "unresolved", "the host name cannot be resolved"),
    *(
        (named("ProxyError", OSError(f"Tunnel connection failed: {status} x")), False, "no_route", f"(HTTP {status})")
        for status in (500, 502, 503, 504)
    ),
    *(
        (named("ProxyError", OSError(f"Tunnel connection failed: {status}")), False, "proxy", "did not forward")
        for status in (400, 403, 407, 501)
    ),
    (named("ProxyError", ConnectionRefusedError(errno.ECONNREFUSED, "x")), False, "proxy", "did not forward"),
    (named("InvalidProxyURL"), False, "proxy", "did not forward"),
    (ConnectionRefusedError(errno.ECONNREFUSED, "x"), False, "refused", "the connection to port 8443 was refused"),
    (OSError(errno.EHOSTUNREACH, "x"), False, "no_route", "no route to the device"),
    (
        named("SSLError", verify("expired")),
        False,
        "tls_verify",
        "the certificate of the device was not accepted: expired",
    ),
    (
        tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"),
        False,
        "tls_protocol",
        "handshake failed: tlsv13 alert certificate required",
    ),
    (tls("WRONG_VERSION_NUMBER"), False, "tls_protocol", "the TLS handshake failed: wrong version number"),
    (named("SSLError"), False, "tls_protocol", "the TLS handshake failed: no details"),
    (TimeoutError(), True, "timeout_total", "GET /api/status was not answered in full before the deadline"),
    (TimeoutError(), False, "timeout_read", "GET /api/status was not answered within 7 s"),
    (named("ReadTimeoutError"), False, "timeout_read", "not answered within 7 s"),
    (
        named("ProtocolError", http.client.IncompleteRead(b"")),
        False,
        "incomplete",
        "the answer to GET /api/status ended",
    ),
    (invalid_chunk(b"zz\r\n"), False, "protocol", "GET /api/status has a chunk without a valid size"),
    (invalid_chunk(b""), False, "incomplete", "the answer to GET /api/status ended"),
    (http.client.RemoteDisconnected("x"), False, "disconnected", "the connection broke during GET /api/status"),
    (
        named("ProtocolError", ConnectionResetError(errno.ECONNRESET, "x")),
        False,
        "disconnected",
        "the connection broke",
    ),
    (http.client.BadStatusLine("x"), False, "protocol", "the answer to GET /api/status is not valid HTTP"),
    (named("InvalidChunkLength"), False, "protocol", "is not valid HTTP"),
    (OSError("x"), False, "disconnected", "GET /api/status failed (OSError)"),
    (KeyError("{secret}"), False, "internal", "GET /api/status failed with KeyError"),
]


@pytest.mark.parametrize(("exc", "spent", "code", "what"), CASES)
def test_each_exception_has_its_code_and_message(exc: Exception, spent: bool, code: str, what: str) -> None:
    error = transport_error(exc, SETTINGS, spent, "GET /api/status")
    assert error.code == code
    assert what in error.what


def test_the_cases_reach_every_rule() -> None:
    reached = {matching_rule(TransportFailure(exception_chain(exc), spent)) for exc, spent, _code, _what in CASES}
    assert reached == set(TRANSPORT_RULES)


@pytest.mark.parametrize("rule", TRANSPORT_RULES)
def test_a_hint_of_a_rule_replaces_the_remedy_of_its_code(rule: t.Any) -> None:
    exc, spent = next(
        (exc, spent)
        for exc, spent, _code, _what in CASES
        if matching_rule(TransportFailure(exception_chain(exc), spent)) is rule
    )
    remedy = LantimeError(rule.code, "x").hint
    assert transport_error(exc, SETTINGS, spent, "GET /").hint == (rule.hint or remedy)


def test_an_error_of_the_collection_keeps_code_and_hint() -> None:
    own = LantimeError("tls_pin", "another certificate", hint="compare the certificates")
    error = transport_error(named("ConnectionError", named("MaxRetryError", own)), SETTINGS, False, "GET /")
    assert (error.code, error.what, error.hint) == (own.code, own.what, own.hint)


def test_a_chain_of_exceptions_that_refer_to_each_other_ends() -> None:
    first, second = KeyError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert exception_chain(first) == (first, second)


EARLIER: list[BaseException] = [
    LantimeError("rejected", "what failed before", hint="what to do about it"),
    TimeoutError(),
    ConnectionRefusedError(errno.ECONNREFUSED, "x"),
    ssl.SSLError(1, "failed"),
]


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda e: type(e).__name__)
def test_an_exception_that_is_being_handled_is_no_cause(earlier: BaseException) -> None:
    """For example a connection that breaks while a refused change is rolled back."""
    caught: Exception | None = None
    try:
        raise earlier
    except BaseException:
        try:
            try:
                raise ConnectionResetError(errno.ECONNRESET, "x")
            except OSError as exc:
                raise named("ProtocolError", "broken") from exc
        except Exception as exc:
            caught = exc
    assert caught is not None
    assert earlier in exception_chain(caught)
    assert earlier not in exception_chain(caught, earlier)
    error = transport_error(caught, SETTINGS, False, "PUT /api/config/snmp", earlier)
    assert (error.code, error.what) == ("disconnected", "the connection broke during PUT /api/config/snmp")
