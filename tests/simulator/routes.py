# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request to an answer: which URL means what, and who may."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from . import change, commands
from .answers import LOGIN_PAGE, Answer, api_off, encode, envelope, html, refusal
from .auth import NOBODY, READER, Caller
from .device import Device
from .refusal import RefusedError
from .tree import MISSING, UnknownPathError, find
from .view import config_data, root_data, status_data, visible

BODY_MAX = 1048576


@dataclass
class Request:
    """One request as the device sees it; `segments` are the decoded parts of the path."""

    method: str
    path: str
    segments: tuple[str, ...]
    raw: bool = False
    authorization: str | None = None
    body: bytes = b""
    oversized: bool = False
    caller: Caller = field(default=NOBODY)

    @property
    def is_write(self) -> bool:
        return self.method in ("PUT", "POST", "PATCH", "DELETE")

    def json(self) -> Any:
        """The parsed body; MISSING when there is none."""
        if self.oversized:
            raise RefusedError("too-large", f"the body is larger than {BODY_MAX} bytes")
        if not self.body.strip():
            return MISSING
        try:
            return json.loads(self.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise RefusedError("body", "the body is not JSON") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def respond(device: Device, request: Request) -> Answer:
    """Plays one request against the device's state."""
    device.settle()
    if request.segments[:1] != ("api",):
        return html(200, LOGIN_PAGE) if not request.segments else html(404, b"not found\n")
    if not device.options["rest_api"]:
        return api_off(device)
    try:
        answer = _route(device, request)
    except RefusedError as refused:
        answer = refusal(device, refused, request.is_write)
    except UnknownPathError as unknown:
        answer = refusal(device, RefusedError("path", f"unknown path {unknown}"), request.is_write)
    answer.user = request.caller.name
    return answer


def _route(device: Device, request: Request) -> Answer:
    path = request.segments[1:]
    if path == ("get-token",):
        return commands.get_token(device, request)
    request.caller = _caller(device, request)
    if not path:
        _only_get(request)
        if device.recorded is not None and not device.recorded.has_root:
            raise UnknownPathError("")
        return _answer(device, request, root_data(device, request.raw))
    if path[0] == "status":
        _only_get(request)
        return _answer(device, request, status_data(device, path[1:], request.raw))
    command = commands.find_command(device, path)
    if command is not None:
        return commands.run(device, request, command)
    inside = _below_config_root(device, path)
    if request.method == "GET":
        place = find(device.config.root, visible(device), inside)
        return _answer(device, request, config_data(device, place, request.raw))
    if not request.is_write:
        raise RefusedError("method", f"{request.method} is not allowed", "GET, PUT")
    return change.change(device, request, inside)


def _caller(device: Device, request: Request) -> Caller:
    anonymous = device.dialect["anonymous"] == "read" and request.method == "GET"
    if anonymous and not request.authorization:
        return READER
    return device.accounts.authenticate(request.authorization, device.has_tokens)


def _only_get(request: Request) -> None:
    if request.method != "GET":
        raise RefusedError("method", f"{request.method} is not allowed here", "GET")


def _answer(device: Device, request: Request, data: Any) -> Answer:
    shown = envelope(device, request.path, data, request.caller.name)
    return Answer(200, encode(device, shown))


def _below_config_root(device: Device, path: tuple[str, ...]) -> tuple[str, ...]:
    name = device.dialect["config_root"]
    if name == "none":
        if path[0] not in device.config.root.children:
            raise UnknownPathError("/".join(path))
        return path
    if path[0] != name:
        raise UnknownPathError("/".join(path))
    return path[1:]
