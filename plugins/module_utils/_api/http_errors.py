# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Translates answers with a status outside 2xx into LantimeErrors."""

from __future__ import annotations

from urllib.parse import urlsplit

from .._base.errors import LantimeError
from .._client.answer import Answer
from .answers import error_message
from .envelope import NotJsonError, open_envelope, parse_json

_CODE_BY_STATUS = {
    400: "rejected",
    401: "auth_failed",
    403: "forbidden",
    404: "not_found",
    405: "method_refused",
    407: "proxy",
    408: "busy",
    409: "conflict",
    412: "conflict",
    421: "api_disabled",
    422: "rejected",
    423: "conflict",
    425: "busy",
    429: "busy",
    501: "method_refused",
    503: "busy",
}
# A device may report an unknown path with any of these (A11).
ABSENT_CODES = frozenset({"not_found", "rejected", "method_refused"})


def http_error(host: str, method: str, url: str, answer: Answer, with_token: bool) -> LantimeError:
    """The error for a refused request. url: its path, with the query. with_token: whether the user gave a token."""
    status = answer.status
    code = _CODE_BY_STATUS.get(status, "server_error" if status >= 500 else "rejected")
    hint = None
    what = f"{method} was refused with HTTP {status}"
    message = message_of(answer)
    if 300 <= status < 400:
        code, message = "redirect", None
        target = _host_of(answer.location)
        what = f"{method} was answered with a redirect (HTTP {status})" + (
            f" to the host {answer.redactor.quote(target, 60)}" if target else ""
        )
    elif url.partition("?")[0] == "/api/status" and status in (403, 404) and message is None:
        code = "api_disabled"
    elif code == "auth_failed":
        credential = "token" if with_token else "user name or password"
        what = f"the device refused the {credential} (HTTP 401)"
    elif code == "not_found" and method != "GET":
        hint = "the device's API differs from the assumed one: set dialect"
    return LantimeError(
        code,
        what,
        host=host,
        path=url,
        http_status=status,
        device_message=message,
        hint=hint,
        effect_unknown=method != "GET" and status >= 500,
    )


def _host_of(location: str | None) -> str | None:
    try:
        return urlsplit(location or "").hostname
    except ValueError:
        return None


def message_of(answer: Answer) -> str | None:
    """The message of the device in a refusal, if it sent one, without secrets; None for a web page."""
    if answer.content_type == "text/html" or answer.body.lstrip()[:1] == b"<":
        return None
    try:
        envelope = open_envelope(parse_json(answer.body))
    except NotJsonError:
        return answer.redactor.quote(answer.body.decode("utf-8", "replace").strip()) or None
    return error_message(answer, envelope)
