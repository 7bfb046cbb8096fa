# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The headers of requests that have a body, as a small web server checks them before the API sees the request."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .answers import Answer, html

# DELETE has no body, and needs no length.
_WITH_BODY = frozenset({"PUT", "POST", "PATCH"})
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")


def header_refusal(method: str, headers: Mapping[str, str], body: bytes, port: int) -> Answer | None:
    """The answer to a write with unusable headers; None if they are usable.

    400: no Host, or that of another port.  411: no Content-Length.  415: a body that is not announced as JSON.
    """
    if method not in (*_WITH_BODY, "DELETE"):
        return None
    if not _names_port(headers.get("Host", ""), port):
        return html(400, b"Bad Request\n")
    if method in _WITH_BODY and not headers.get("Content-Length", "").isdecimal():
        return html(411, b"Length Required\n")
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        return html(415, b"Unsupported Media Type\n")
    return None


def _names_port(host: str, port: int) -> bool:
    match = _HOST.fullmatch(host)
    return match is not None and int(match[1] or port) == port
