# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are no valid HTTP, or that no client can read to their end: the bytes on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable

_LARGE = 1024 * 1024
_STATUS_LINE = b"HTTP/1.1 200 OK\r\nServer: LANTIME-simulator\r\nContent-Type: application/json\r\n"


def _chunked(*parts: bytes) -> bytes:
    return _STATUS_LINE + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts)


def _measured(body: bytes, *lengths: int) -> bytes:
    """An answer with any number of announced lengths, whatever the length of its body."""
    return _STATUS_LINE + b"".join(b"Content-Length: %d\r\n" % length for length in lengths) + b"\r\n" + body


def _endless_headers() -> Iterator[bytes]:
    yield _STATUS_LINE
    for number in range(16):
        yield b"X-%08d: \r\n" % number * (_LARGE // 16 // 14)


_FORMS: dict[str, Callable[[bytes], bytes]] = {
    "chunk-size": lambda body: _chunked(b"size\r\n", body),
    "chunk-negative": lambda body: _chunked(b"-5\r\n", body),
    "chunk-extension": lambda body: _chunked(b"%x;" % len(body), b"x" * _LARGE, b"\r\n", body, b"\r\n0\r\n\r\n"),
    "chunk-bomb": lambda body: _chunked(b"ffffffffffffffff\r\n", body),
    "chunk-short": lambda body: _chunked(b"%x\r\n" % len(body), body[: len(body) // 2]),
    "length-smaller": lambda body: _measured(body, len(body) - 5),
    "length-larger": lambda body: _measured(body, len(body) + 5),
    "length-twice": lambda body: _measured(body, len(body), len(body) + 5),
    "length-negative": lambda body: _measured(body, -len(body)),
    "two-documents": lambda body: _measured(body * 2, len(body) * 2),
    "extra-bytes": lambda body: _measured(body + b"}", len(body) + 1),
    "header-line": lambda body: _STATUS_LINE + b"X-Long: " + b"x" * _LARGE + b"\r\n\r\n" + body,
    "not-http": lambda body: b"SSH-2.0-OpenSSH_9.6\r\n" + body,
}

FORMS = (*_FORMS, "headers-endless", "headers-drip")


def parts_of(form: str, body: bytes) -> Iterator[bytes]:
    """The parts of an answer on the wire. body: what the device would answer. ValueError for an unknown form."""
    if form == "headers-endless":
        yield from _endless_headers()
    elif form == "headers-drip":
        head = _measured(body, len(body))
        yield from (head[at : at + 1] for at in range(len(head)))
    elif form in _FORMS:
        yield _FORMS[form](body)
    else:
        raise ValueError(f"unknown form of an answer: {form!r}; known: {', '.join(FORMS)}")
