# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes: one device, one connection, TLS, credentials, deadlines, retries, the log of HTTP sessions.

This file is private to meinberg.lantime and may change without notice.
"""

from __future__ import annotations

import base64
import datetime
import email.utils
import os
import random
import re
import ssl
import time
import typing as t
from urllib.parse import quote

from .._base.errors import LantimeError
from .._base.sanitize import printable
from .._base.version import VERSION
from .._tree.paths import is_name
from . import transport
from .proxy import proxy_for
from .settings import Settings
from .transport_errors import transport_error

if transport.IMPORT_ERROR is None:
    from requests import PreparedRequest
    from requests.structures import CaseInsensitiveDict

MAX_BODY_BYTES = 8 * 1024 * 1024
USER_AGENT = f"meinberg.lantime/{VERSION} (ansible)"

_RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
_RETRIED_FAULTS = frozenset({"disconnected", "incomplete"})
_EFFECT_UNKNOWN = frozenset({"timeout_read", "timeout_total", "disconnected", "incomplete", "protocol"})
_BACKOFF_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 10.0
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,252})")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.\-]{1,32})?")


class Answer(t.NamedTuple):
    """An HTTP answer. content_type is lower case and without parameters; body is as sent."""

    status: int
    content_type: str
    body: bytes
    location: str | None


def tls_context_of(settings: Settings) -> ssl.SSLContext:
    """The TLS context that the settings ask for; one for all clients of this process with the same four settings of trust.

    Raises LantimeError C(tls_files).
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


def url_path(segments: t.Sequence[str], raw: bool = False) -> str:
    """C(/api/...) from names and object-ids, each one a path segment of its own.

    Raises LantimeError C(hostile_name) for a segment that could mean anything else than a child of the one before.
    """
    for segment in segments:
        if not is_name(segment):
            raise LantimeError("hostile_name", f'"{printable(segment, 60)}" is not usable as a name or object-id')
    path = "/api/" + "/".join(quote(segment, safe="") for segment in segments)
    return path + "?raw" if raw else path


class Client:
    """One keep-alive session with one device; at most one request in flight. Close it after use.

    connected: called on each new connection before a request leaves; what it raises is raised by the request.
    """

    def __init__(self, settings: Settings, connected: transport.Connected | None = None) -> None:
        self.settings = settings
        self.http_sessions: list[dict[str, t.Any]] = []
        self.writes_sent = 0
        self._authorization = self._initial_authorization()
        if transport.IMPORT_ERROR is not None:
            raise LantimeError("requests_missing", "the Python library requests is missing", host=settings.host)
        self._base = self._base_url()
        self._budget = transport.Budget()
        self._proxies = self._find_proxies()
        self._adapter = self._open_adapter(connected)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._adapter.close()

    def reconnect(self) -> None:
        """Drop the connection, so that the next request proves that the device still takes new ones."""
        self._adapter.close()

    def use_authorization(self, value: str | None) -> None:
        """The Authorization header of all requests that follow."""
        self._authorization = value

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        timeout: float | None = None,
        authorization: str | None = None,
    ) -> Answer:
        """Send a request and read the whole answer, whatever its status.

        path: from url_path().  timeout: seconds for all attempts together; request_timeout if not given.
        A GET is tried C(retries) times more after a broken connection, 429 or 5xx; anything else is sent once.
        Raises LantimeError for every way not to get an answer; C(effect_unknown) is set if a write had left by then.
        """
        total = self.settings.request_timeout if timeout is None else timeout
        read = self.settings.read_timeout if timeout is None else timeout
        self._budget.start(total, read)
        attempts = self.settings.retries + 1 if method == "GET" else 1
        attempt = 1
        while True:
            wait: float | None = None
            try:
                answer, retry_after = self._once(method, path, body, attempt, authorization)
                if answer.status not in _RETRIED_STATUS or attempt >= attempts:
                    return answer
                wait = _parse_retry_after(retry_after)
                if wait is not None and wait > _LONGEST_WAIT_SECONDS:
                    return answer
            except LantimeError as error:
                if error.code not in _RETRIED_FAULTS or attempt >= attempts:
                    raise
            if wait is None:
                wait = random.uniform(0, min(_LONGEST_WAIT_SECONDS, _BACKOFF_SECONDS * 2**attempt))
            if wait >= self._budget.left():
                raise LantimeError(
                    "timeout_total",
                    f"{method} {path} got no usable answer in {attempt} attempts within {total:g} s",
                    host=self.settings.host,
                    path=path,
                )
            time.sleep(wait)
            attempt += 1

    def _once(
        self, method: str, path: str, body: bytes | None, attempt: int, authorization: str | None
    ) -> tuple[Answer, str | None]:
        if method != "GET":
            self.writes_sent += 1
        started = datetime.datetime.now(datetime.timezone.utc)
        clock = time.monotonic()
        status: int | None = None
        size = 0
        code: str | None = None
        try:
            connect = max(0.001, min(self.settings.connect_timeout, self._budget.left()))
            response = self._adapter.send(
                self._prepared(method, path, body, authorization or self._authorization),
                stream=True,
                verify=self.settings.validate_certs and self.settings.tls_fingerprint is None,
                proxies=self._proxies,
                timeout=(connect, self.settings.read_timeout),
            )
            with response:
                status = response.status_code
                content = self._read_body(response, path)
                size = len(content)
                content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                answer = Answer(status, content_type, content, response.headers.get("Location"))
                return answer, response.headers.get("Retry-After")
        except LantimeError as known:
            code = known.code
            known.host = known.host or self.settings.host
            known.path = known.path or path
            raise
        except Exception as exc:
            fault = transport_error(exc, self.settings, self._budget.spent(), f"{method} {path}")
            code = fault.code
            fault.host, fault.path = self.settings.host, path
            fault.effect_unknown = method != "GET" and code in _EFFECT_UNKNOWN
            # The chain below holds the prepared request, and with it the credentials.
            raise fault from None
        finally:
            self._log(method, path, status, attempt, len(body or b""), size, started, clock, code)

    def _prepared(self, method: str, path: str, body: bytes | None, authorization: str | None) -> PreparedRequest:
        """A request as it stands. A requests.Session would follow redirects, keep cookies and read .netrc, and costs more."""
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if authorization is not None:
            headers["Authorization"] = authorization
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method != "GET":
            headers["Content-Length"] = str(len(body or b""))
        prepared = PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, self._base + path, body
        prepared.headers = CaseInsensitiveDict(headers)
        return prepared

    def _read_body(self, response: t.Any, path: str) -> bytes:
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            raise LantimeError("encoding", f"the answer is encoded as {printable(encoding, 20)}")
        announced = response.headers.get("Content-Length", "")
        chunks: list[bytes] = []
        size = 0
        for chunk in response.raw.stream(65536, decode_content=False):
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                raise LantimeError("too_large", f"the answer to {path} is larger than {MAX_BODY_BYTES} bytes")
            chunks.append(chunk)
        if announced.isdigit() and size < int(announced):
            raise LantimeError("incomplete", f"the answer ended after {size} of {announced} bytes")
        return b"".join(chunks)

    def _log(
        self,
        method: str,
        path: str,
        status: int | None,
        attempt: int,
        sent: int,
        received: int,
        started: datetime.datetime,
        clock: float,
        code: str | None,
    ) -> None:
        if not self.settings.http_log:
            return
        round_trip = time.monotonic() - clock
        ended = started + datetime.timedelta(seconds=round_trip)
        self.http_sessions.append(
            {
                "method": method,
                "path": path,
                "status": status,
                "error": code,
                "attempt": attempt,
                "request_bytes": sent,
                "response_bytes": received,
                "request_time": _iso(started),
                "response_time": _iso(ended),
                "round_trip_ms": round(round_trip * 1000, 3),
            }
        )
        del self.http_sessions[: -max(1, self.settings.http_log_max)]

    def _initial_authorization(self) -> str | None:
        s = self.settings
        if s.token is not None:
            return None
        if not s.username or s.password is None:
            raise LantimeError(
                "option",
                "there are no credentials for the device",
                host=s.host,
                hint="set lantime_username and lantime_password (or ansible_user and ansible_password, "
                "LANTIME_USERNAME and LANTIME_PASSWORD), or lantime_token",
            )
        return None if s.auth == "token" else self.basic_authorization()

    def basic_authorization(self) -> str:
        pair = f"{self.settings.username}:{self.settings.password}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")

    def _base_url(self) -> str:
        s = self.settings
        bare = s.host[1:-1] if s.host.startswith("[") and s.host.endswith("]") else s.host
        if ":" in bare and _IPV6.fullmatch(bare):
            name = f"[{bare}]"
        elif _HOST.fullmatch(bare):
            name = bare
        else:
            shown = "the value of host" if "@" in s.host else f'"{printable(s.host, 60)}"'
            raise LantimeError(
                "option",
                f"{shown} is neither a host name nor an address",
                hint="give the bare name or address; port, user and password have options of their own",
            )
        return f"{'https' if s.use_tls else 'http'}://{name}:{s.port}"

    def _find_proxies(self) -> dict[str, str]:
        s = self.settings
        scheme = "https" if s.use_tls else "http"
        proxy = proxy_for(scheme, s.host, s.port, os.environ) if s.use_proxy else None
        return {scheme: proxy} if proxy else {}

    def _open_adapter(self, connected: transport.Connected | None) -> transport.Adapter:
        s = self.settings
        pin = None if s.tls_fingerprint is None else transport.plain_fingerprint(s.tls_fingerprint)
        if pin is not None and not re.fullmatch(r"[0-9a-f]{64}", pin):
            raise LantimeError(
                "option",
                "tls_fingerprint is not a SHA-256 fingerprint of 64 hexadecimal digits",
                host=s.host,
            )
        context = tls_context_of(s) if s.use_tls else None
        return transport.Adapter(self._budget, context, pin, connected)


def _iso(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _parse_retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header (seconds or HTTP date), never negative; None if it says nothing."""
    if value is None:
        return None
    text = value.strip()
    if text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, (moment - datetime.datetime.now(datetime.timezone.utc)).total_seconds())
