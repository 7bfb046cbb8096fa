# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads answers: bounded in size, complete, and not encoded."""

from __future__ import annotations

import re
import typing as t

from .._base.errors import LantimeError
from .._tree.redaction import Redactor
from . import transport

if transport.IMPORT_ERROR is None:
    from requests import Response

MAX_BODY_BYTES = 2 * 1024 * 1024
# Digits of other scripts and thousands of them are numbers to str.isdigit() only.
_CONTENT_LENGTH = re.compile(r"[0-9]{1,15}")


class Answer(t.NamedTuple):
    """An HTTP answer. content_type is lower case and without parameters; body is unchanged.

    redactor: every text of the answer that is shown passes its quote().
    """

    status: int
    content_type: str
    body: bytes
    location: str | None
    retry_after: str | None = None
    redactor: Redactor = Redactor()


def read_answer(response: Response, path: str, redactor: Redactor) -> Answer:
    """The whole answer. Raises LantimeError encoding, too_large or incomplete."""
    headers = response.headers
    encoding = headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise LantimeError("encoding", f"the answer is encoded as {redactor.quote(encoding, 20)}")
    chunks: list[bytes] = []
    size = 0
    for chunk in response.raw.stream(65536, decode_content=False):
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise LantimeError("too_large", f"the answer to {path} is larger than {MAX_BODY_BYTES} bytes")
        chunks.append(chunk)
    announced = _announced_size(headers.get("Content-Length"))
    if announced is not None and size < announced:
        raise LantimeError("incomplete", f"the answer ended after {size} of {announced} bytes")
    content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(
        response.status_code,
        content_type,
        b"".join(chunks),
        headers.get("Location"),
        headers.get("Retry-After"),
        redactor,
    )


def _announced_size(header: str | None) -> int | None:
    """The size in a Content-Length header. Raises LantimeError protocol for anything but one number of bytes."""
    if header is None:
        return None
    sizes = {text.strip() for text in header.split(",")}
    if len(sizes) != 1 or not _CONTENT_LENGTH.fullmatch(min(sizes)):
        raise LantimeError("protocol", "the answer announces no valid Content-Length")
    return int(sizes.pop())
