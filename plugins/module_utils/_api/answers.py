# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the envelope out of an answer with a status of 2xx, and raises an error for an answer that holds none."""

from __future__ import annotations

from .._base.errors import LantimeError
from .._client.answer import Answer
from .envelope import Envelope, NotJsonError, TooLargeError, open_envelope, parse_json

_WEB_PAGES = ("text/html", "application/xhtml+xml")


def envelope_with_data(host: str, url: str, answer: Answer) -> Envelope:
    """The envelope in the answer to a GET. Raises LantimeError api_disabled, content or rejected."""
    if answer.content_type in _WEB_PAGES or answer.body.lstrip()[:1] == b"<":
        kind = answer.redactor.quote(answer.content_type, 60) or "no content type"
        raise _unusable("api_disabled", f"the answer is a web page ({kind}) instead of JSON", host, url, answer)
    try:
        value = parse_json(answer.body)
    except NotJsonError as exc:
        code = "too_large" if isinstance(exc, TooLargeError) else "content"
        raise _unusable(code, f"the answer cannot be used: {exc}", host, url, answer) from None
    envelope = open_envelope(value)
    if envelope is None:
        raise _unusable("api_disabled", "the answer is JSON, but not from a LANTIME", host, url, answer)
    if envelope.error is not None or "data" not in envelope.raw:
        raise LantimeError(
            "rejected",
            f"GET was answered with {answer.status} and an error instead of data",
            host=host,
            path=url,
            http_status=answer.status,
            device_message=error_message(answer, envelope),
        )
    return envelope


def envelope_of_write(host: str, url: str, method: str, answer: Answer) -> Envelope | None:
    """The envelope in the answer to a write, or None without one. Raises LantimeError rejected for an error in it (A9)."""
    if not answer.body.strip():
        return None
    try:
        envelope = open_envelope(parse_json(answer.body))
    except NotJsonError:
        return None
    if envelope is not None and envelope.error is not None:
        raise LantimeError(
            "rejected",
            f"{method} was answered with {answer.status} and an error",
            host=host,
            path=url,
            http_status=answer.status,
            device_message=error_message(answer, envelope),
            effect_unknown=True,
        )
    return envelope


def error_message(answer: Answer, envelope: Envelope | None) -> str | None:
    """The error that an envelope reports, without secrets."""
    if envelope is None or envelope.error is None:
        return None
    return answer.redactor.quote(envelope.error)


def _unusable(code: str, what: str, host: str, url: str, answer: Answer) -> LantimeError:
    return LantimeError(code, what, host=host, path=url, http_status=answer.status)
