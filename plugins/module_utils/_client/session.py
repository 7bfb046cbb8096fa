# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client of one device: connection, TLS, credentials, deadlines, retries, the log of HTTP sessions."""

from __future__ import annotations

import base64
import contextlib
import datetime
import email.utils
import json
import os
import random
import re
import ssl
import sys
import time
import typing as t
from urllib.parse import unquote

from .._base.errors import LantimeError
from .._base.times import format_utc, utc_now
from .._base.version import VERSION
from .._tree.redaction import Redactor
from . import transport
from .answer import Answer, read_answer
from .certificates import normalize_fingerprint
from .deadline import Deadline
from .host import url_host
from .proxy import checked_proxy
from .settings import Settings
from .transport_errors import failure_of_connection, transport_error

if transport.IMPORT_ERROR is None:
    from requests import PreparedRequest, Response
    from requests.structures import CaseInsensitiveDict

USER_AGENT = f"meinberg.lantime/{VERSION} (ansible)"

ReadSlots = contextlib.AbstractContextManager[t.Any]
"""What a GET request holds until it is answered, such as a semaphore that is shared by many clients."""

_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
_RETRIED_FAULTS = frozenset({"disconnected", "incomplete"})
_TIMEOUTS = frozenset({"timeout_connect", "timeout_read", "timeout_total"})
_EFFECT_UNKNOWN = frozenset(
    {"timeout_read", "timeout_total", "disconnected", "incomplete", "protocol", "too_large", "encoding", "internal"}
)
_BACKOFF_SECONDS = 0.25
_LONGEST_RETRY_PAUSE_SECONDS = 10.0


class ConnectionReplacedError(Exception):
    """The connection for which a request was meant is closed; the request was not sent."""


class _Request(t.NamedTuple):
    """A request to be sent. authorization: replaces the header of the client.  connection: see Client.request()."""

    method: str
    path: str
    body: bytes | None
    authorization: str | None
    connection: int | None = None


class _SessionEntry:
    """One attempt of a request, for the log of HTTP sessions."""

    def __init__(self, request: _Request, attempt: int) -> None:
        self.status: int | None = None
        self.error: str | None = None
        self.response_bytes = 0
        self._request = request
        self._attempt = attempt
        self._started = utc_now()
        self._clock = time.monotonic()

    def as_dict(self) -> dict[str, t.Any]:
        """The entry of a result; the response time is now."""
        round_trip = time.monotonic() - self._clock
        ended = self._started + datetime.timedelta(seconds=round_trip)
        return {
            "method": self._request.method,
            "path": self._request.path,
            "status": self.status,
            "error": self.error,
            "attempt": self._attempt,
            "request_bytes": len(self._request.body or b""),
            "response_bytes": self.response_bytes,
            "request_time": format_utc(self._started, milliseconds=True),
            "response_time": format_utc(ended, milliseconds=True),
            "round_trip_ms": round(round_trip * 1000, 3),
        }


def tls_context_of(settings: Settings) -> ssl.SSLContext:
    """The TLS context for these settings, shared by all clients of the process with the same trust and client certificate.

    Raises LantimeError tls_files.
    """
    s = settings
    try:
        return transport.tls_context(
            s.validate_certs and s.tls_fingerprint is None, s.ca_path, s.client_cert, s.client_key
        )
    except (OSError, ssl.SSLError, ValueError) as exc:
        raise LantimeError(
            "tls_files",
            f"ca_path, client_cert or client_key cannot be used ({type(exc).__name__})",
            host=s.host,
        ) from None


class Client:
    """One keep-alive session with one device; at most one request in flight. Close it after use.

    connections: number of connections opened.
    redactor: the credentials and all secrets that were sent, to be removed from texts of the device.
    on_connect: called on each new connection before a request is sent; what it raises is raised by the request.
    deadline: the time limit of the task, none by default.  read_slots: limits the GET requests of many clients at the same time.
    """

    def __init__(
        self,
        settings: Settings,
        on_connect: transport.OnConnect | None = None,
        deadline: Deadline | None = None,
        read_slots: ReadSlots | None = None,
    ) -> None:
        self.settings = settings
        self.deadline = deadline or Deadline()
        self.http_sessions: list[dict[str, t.Any]] = []
        self.redactor = Redactor()
        self.redactor.add(settings.password, settings.token)
        self.connections = 0
        self._on_connect = on_connect
        self._read_slots: ReadSlots = read_slots or contextlib.nullcontext()
        self._required_connection: int | None = None
        self._authorization = self._initial_authorization()
        self._redact_authorization(self._authorization)
        if transport.IMPORT_ERROR is not None:
            message = f"the Python library requests is missing in {sys.executable}"
            raise LantimeError("requests_missing", message, host=settings.host)
        self._base = self._base_url()
        self._budget = transport.Budget()
        self._proxies = self._find_proxies()
        self._adapter = self._open_adapter(self._connected)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._adapter.close()

    def reconnect(self) -> None:
        """Drop the connection, so that the next request opens a new one."""
        self._budget.has_surplus = False
        self._adapter.close()

    def use_authorization(self, value: str | None) -> None:
        """Set the Authorization header of all requests that follow."""
        self._authorization = value
        self._redact_authorization(value)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        timeout: float | None = None,
        authorization: str | None = None,
        connection: int | None = None,
    ) -> Answer:
        """Send a request and read the whole answer, whatever its status.

        path: of the URL, quoted.  timeout: seconds for all attempts together, instead of request_timeout.
        connection: the value of connections that the request needs; ConnectionReplacedError is raised if a new one would be
        opened.
        A GET is repeated up to retries times after a broken connection, 429 or 5xx; anything else is sent once.
        Raises LantimeError if there is no answer; effect_unknown is set if a write was sent by then.
        """
        request = _Request(method, path, body, authorization, connection)
        # A write is not held up by the reads of other clients.
        with self._read_slots if method == "GET" else contextlib.nullcontext():
            return self._send(request, timeout)

    def _send(self, request: _Request, timeout: float | None) -> Answer:
        method, path = request.method, request.path
        if self.deadline.is_over:
            raise self._task_timeout(f"{method} was not sent", path)
        total = self.settings.request_timeout if timeout is None else timeout
        read_timeout = self.settings.read_timeout if timeout is None else timeout
        self._budget.start(min(total, self.deadline.left()), read_timeout)
        attempts = self.settings.retries + 1 if method == "GET" else 1
        attempt = 1
        while True:
            try:
                answer = self._send_once(request, attempt)
                pause = _retry_pause(answer.retry_after, attempt)
                if answer.status not in _RETRIED_STATUS or attempt >= attempts or pause > _LONGEST_RETRY_PAUSE_SECONDS:
                    return answer
            except LantimeError as error:
                if error.code not in _RETRIED_FAULTS or attempt >= attempts:
                    raise
                pause = _retry_pause(None, attempt)
            if pause >= self._budget.left():
                what = f"{method} {path} got no usable answer in {attempt} attempts"
                if pause >= self.deadline.left():
                    raise self._task_timeout(what, path)
                raise LantimeError("timeout_total", f"{what} within {total:g} s", host=self.settings.host, path=path)
            time.sleep(pause)
            attempt += 1

    def _send_once(self, request: _Request, attempt: int) -> Answer:
        handled = sys.exc_info()[1]
        entry = _SessionEntry(request, attempt)
        self._redact_request(request)
        self._required_connection = request.connection
        try:
            with self._open_response(request) as response:
                entry.status = response.status_code
                answer = read_answer(response, request.path, self.redactor)
            entry.response_bytes = len(answer.body)
            if self._budget.has_surplus:
                self.reconnect()
            return answer
        except ConnectionReplacedError:
            entry.error = "disconnected"
            raise
        except LantimeError as error:
            self.reconnect()
            fault = self._fault(error, request)
            entry.error = fault.code
            raise fault from None
        except Exception as exc:
            self.reconnect()
            what = f"{request.method} {request.path}"
            cause = failure_of_connection(exc) if self._budget.is_connected else exc
            fault = self._fault(transport_error(cause, self.settings, self._budget.spent(), what, handled), request)
            entry.error = fault.code
            # The chain below holds the prepared request, and with it the credentials.
            raise fault from None
        finally:
            if self.settings.http_log:
                self.http_sessions.append(entry.as_dict())
                del self.http_sessions[: -max(1, self.settings.http_log_max)]

    def _connected(self) -> None:
        if self._on_connect is not None:
            self._on_connect()
        self.connections += 1
        if self._required_connection not in (None, self.connections):
            raise ConnectionReplacedError

    def _open_response(self, request: _Request) -> Response:
        connect = max(0.001, min(self.settings.connect_timeout, self._budget.left()))
        return self._adapter.send(
            self._prepare(request),
            stream=True,
            verify=self.settings.validate_certs and self.settings.tls_fingerprint is None,
            proxies=self._proxies,
            timeout=(connect, self.settings.read_timeout),
        )

    def _redact_authorization(self, header: str | None) -> None:
        """Keep the value of an Authorization header out of messages, with and without its scheme."""
        if header:
            self.redactor.add(header.partition(" ")[2] or header)

    def _redact_request(self, request: _Request) -> None:
        """Keep the secrets of a request out of messages."""
        self._redact_authorization(request.authorization)
        if request.body:
            # The first name is a command or a section, never a secret.
            names = [unquote(name) for name in request.path.partition("?")[0].split("/")[3:]]
            with contextlib.suppress(ValueError):
                self.redactor.add_from_request(names, json.loads(request.body))

    def _fault(self, error: LantimeError, request: _Request) -> LantimeError:
        """The error of an attempt, complete: its effect, its place, and whether the limit of the task is the cause."""
        is_unknown = request.method != "GET" and error.code in _EFFECT_UNKNOWN
        if error.code in _TIMEOUTS and self.deadline.is_over:
            error = self._task_timeout(f"{request.method} was not answered in time", request.path)
        error.effect_unknown = is_unknown
        return error.with_context(host=self.settings.host, path=request.path)

    def _task_timeout(self, what: str, path: str) -> LantimeError:
        return self.deadline.error(what).with_context(host=self.settings.host, path=path)

    def _prepare(self, request: _Request) -> PreparedRequest:
        """The request as it is sent. A requests.Session would follow redirects, keep cookies, read .netrc, and be slower."""
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        authorization = request.authorization or self._authorization
        if authorization is not None:
            headers["Authorization"] = authorization
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        if request.method != "GET":
            headers["Content-Length"] = str(len(request.body or b""))
        prepared = PreparedRequest()
        prepared.method, prepared.url, prepared.body = request.method, self._base + request.path, request.body
        prepared.headers = CaseInsensitiveDict(headers)
        return prepared

    def _initial_authorization(self) -> str | None:
        s = self.settings
        if s.token:
            if not s.token.isascii() or not s.token.isprintable():
                raise LantimeError(
                    "option",
                    "token holds characters that no token has, such as a line end",
                    host=s.host,
                    hint="check how the token is read; a file often ends with a line end",
                )
            return None
        if not s.username or not s.password:
            raise LantimeError(
                "option",
                "no credentials are given for the device",
                host=s.host,
                hint="set lantime_username and lantime_password (or ansible_user and ansible_password, "
                "LANTIME_USERNAME and LANTIME_PASSWORD), or lantime_token",
            )
        return None if s.auth == "token" else self.basic_authorization()

    def basic_authorization(self) -> str:
        pair = f"{self.settings.username}:{self.settings.password}".encode("utf-8", "surrogateescape")
        return "Basic " + base64.b64encode(pair).decode("ascii")

    def _base_url(self) -> str:
        s = self.settings
        return f"{'https' if s.use_tls else 'http'}://{url_host(s.host)}:{s.port}"

    def _find_proxies(self) -> dict[str, str]:
        s = self.settings
        scheme = "https" if s.use_tls else "http"
        proxy = checked_proxy(scheme, s.host, s.port, os.environ) if s.use_proxy else None
        return {scheme: proxy} if proxy else {}

    def _open_adapter(self, on_connect: transport.OnConnect | None) -> transport.Adapter:
        s = self.settings
        pin = None if s.tls_fingerprint is None else normalize_fingerprint(s.tls_fingerprint)
        if pin is not None and not re.fullmatch(r"[0-9a-f]{64}", pin):
            raise LantimeError(
                "option",
                "tls_fingerprint is not a SHA-256 fingerprint of 64 hexadecimal digits",
                host=s.host,
            )
        context = tls_context_of(s) if s.use_tls else None
        return transport.Adapter(self._budget, context, pin, on_connect)


def _retry_pause(retry_after: str | None, attempt: int) -> float:
    """Seconds to wait before the next attempt: by the Retry-After header, else a random time that grows."""
    seconds = _parse_retry_after(retry_after)
    if seconds is not None:
        return seconds
    return random.uniform(0, min(_LONGEST_RETRY_PAUSE_SECONDS, _BACKOFF_SECONDS * 2**attempt))


def _parse_retry_after(value: str | None) -> float | None:
    """Seconds in a Retry-After header (seconds or HTTP date), never negative; None without a usable value."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, (moment - utc_now()).total_seconds())
