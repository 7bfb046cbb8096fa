# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests with credentials: basic authentication, a given token, or a token fetched from the device (A15, O5, O6)."""

from __future__ import annotations

import json
import typing as t

from .._base.errors import LantimeError
from .._client.answer import Answer
from .._client.session import Client, ConnectionReplacedError
from .dialect import Dialect
from .envelope import NotJsonError, parse_json
from .http_errors import ABSENT_CODES, http_error
from .url_path import url_path

_MAX_TOKEN_LENGTH = 4096
_TOKEN_URL = url_path(("get-token",))


class Login:
    """Sends requests with the credentials of a client's settings.

    requests: number of requests made; what the client repeats does not count.
    Once the device has refused the credentials, its answer stands for all further requests, which are not sent.
    """

    def __init__(self, client: Client, dialect: Dialect) -> None:
        self.requests = 0
        self._client = client
        self._dialect = dialect
        self._own_header: str | None = None
        self._refusal: Answer | None = None

    def send(
        self,
        method: str,
        url: str,
        body: bytes | None,
        timeout: float | None = None,
        connection: int | None = None,
    ) -> Answer:
        """Send one request; a token that was fetched here and is refused is renewed once, over the same connection.

        connection: see Client.request().
        """
        self._authorize()
        answer = self._request(method, url, body, timeout=timeout, connection=connection)
        if answer.status == 401 and self._own_header is not None and self._refusal is None:
            self._fetch_token(connection)
            answer = self._request(method, url, body, timeout=timeout, connection=connection)
        if answer.status == 401:
            self._refusal = answer
        return answer

    def allow_retry(self) -> None:
        """Let the next request be sent although the credentials were refused."""
        self._refusal = None

    def _authorize(self) -> None:
        settings = self._client.settings
        if settings.token is not None:
            self._client.use_authorization(self._token_header(settings.token))
        elif settings.auth == "token" and self._own_header is None:
            self._fetch_token()

    def _fetch_token(self, connection: int | None = None) -> None:
        settings = self._client.settings
        answer = self._exchange_credentials(connection)
        if answer.status == 401:
            self._refusal = answer
        if not 200 <= answer.status < 300:
            error = http_error(settings.host, "PUT", _TOKEN_URL, answer, with_token=settings.token is not None)
            if error.code in ABSENT_CODES:
                error = error.with_context(hint="tokens need LTOS 7.08 or newer: set auth to basic")
            raise error
        self._own_header = self._token_header(_token_of(answer, settings.host))
        self._client.use_authorization(self._own_header)

    def _exchange_credentials(self, connection: int | None) -> Answer:
        settings = self._client.settings
        credentials = {"username": settings.username, "password": settings.password}
        header, body = None, None
        if self._dialect.token_request == "basic":
            header = self._client.basic_authorization()
        else:
            members = credentials if self._dialect.token_request == "json" else {"parameters": credentials}
            body = json.dumps(members, allow_nan=False).encode("utf-8")
        self._client.use_authorization(None)
        try:
            return self._request("PUT", _TOKEN_URL, body, authorization=header, connection=connection)
        except ConnectionReplacedError:
            self._client.use_authorization(self._own_header)
            raise
        except LantimeError as error:
            # The exchange changes nothing, whether it arrived or not.
            error.effect_unknown = False
            raise

    def _request(self, method: str, url: str, body: bytes | None, **options: t.Any) -> Answer:
        if self._refusal is not None:
            return self._refusal
        self.requests += 1
        return self._client.request(method, url, body, **options)

    def _token_header(self, token: str) -> str:
        return token if self._dialect.token_use == "raw-header" else f"Bearer {token}"


def _token_of(answer: Answer, host: str) -> str:
    try:
        value = parse_json(answer.body)
    except NotJsonError:
        value = None
    for holder in (value, value.get("data") if isinstance(value, dict) else None):
        token = holder.get("token") if isinstance(holder, dict) else None
        if isinstance(token, str) and token.isascii() and token.isprintable() and 0 < len(token) <= _MAX_TOKEN_LENGTH:
            return token
    raise LantimeError(
        "content",
        "the answer holds no token",
        host=host,
        path=_TOKEN_URL,
        http_status=answer.status,
        hint="set auth to basic",
    )
