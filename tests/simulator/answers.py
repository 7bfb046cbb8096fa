# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of a device: envelopes, refusals, and the forms that both take (A9 to A12, O7, O12)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable

from . import movement
from .device import Device
from .refusal import RefusedError
from .tree import MISSING

LOGIN_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>LANTIME login</title></head>"
    b'<body><form method="post" action="/cgi-bin/login">'
    b'<input name="user"><input name="password" type="password"></form></body></html>\n'
)
_REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_STATUS = {
    "path": 404,
    "method": 405,
    "value": 400,
    "member": 400,
    "read-only": 400,
    "body": 400,
    "too-large": 413,
    "auth": 401,
    "level": 403,
}


@dataclass
class Answer:
    """What goes out. `action` drop closes without an answer, hang never answers."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    action: str = ""
    wait: float = 0.0
    after: Callable[[], None] | None = None
    user: str = ""


def html(status: int, body: bytes = LOGIN_PAGE, **headers: str) -> Answer:
    return Answer(status, body, "text/html", {k.replace("_", "-"): v for k, v in headers.items()})


def encode(device: Device, value: Any) -> bytes:
    # Half a surrogate pair of a recording becomes the escape that it has in JSON.
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return b"\r\n\n" + text + b"\n\n" if device.dialect["padding"] == "newlines" else text


def envelope(device: Device, path: str, data: Any = MISSING, user: str = "") -> dict[str, Any]:
    """The envelope around `data`; without `data` when it is MISSING."""
    whole: dict[str, Any] = {"system-information": system_information(device)}
    if data is not MISSING:
        whole["data"] = data
    if device.options["changes_counted"]:
        whole["changes"] = {"pending-changes": device.config.pending_count(user)}
    whole["links"] = {"self": f"{device.profile.link_scheme}://localhost{path}"}
    return whole


def system_information(device: Device) -> dict[str, Any]:
    """The head of an answer; that of a recording as recorded, but for what has changed since."""
    shown = {
        "API Version": f"LANTIME REST API V{device.profile.api}",
        "version": device.profile.firmware,
        "serial-number": device.serial,
        "hostname": device.hostname,
        "time-stamp": movement.iso(device.local(device.now())),
        "model": device.profile.model,
    }
    recorded = device.profile.information
    if recorded is None:
        return shown
    given = device.spec.fixed
    changed = {
        "serial-number": given["serial"] != "",
        "hostname": f"{given['hostname']}{given['domain']}" != "" or device.hostname != device.made_hostname,
        "time-stamp": "time-stamp" in recorded and device.local(device.now()) != device.profile.recorded_at,
    }
    return {**recorded, **{name: shown[name] for name, is_changed in changed.items() if is_changed}}


def success(device: Device, path: str, data: Any, user: str) -> Answer:
    """The answer to a change that was taken, in the form of A9."""
    form = device.dialect["put_answer"]
    if form == "empty":
        return Answer(200, b"")
    if form == "204":
        return Answer(204, b"")
    shown = data if form in ("envelope", "error-in-200") else MISSING
    status = 202 if form == "202" else 200
    return Answer(status, encode(device, envelope(device, path, shown, user)))


def _error_body(device: Device, message: str) -> bytes:
    return encode(device, {"system-information": system_information(device), "error": message})


def refusal(device: Device, refused: RefusedError, write: bool) -> Answer:
    """The answer to a refused request, in the device's form."""
    if refused.kind == "auth":
        return _auth_error(device, refused)
    if refused.kind == "banned":
        return _banned(device)
    if refused.kind == "level":
        return _level_error(device, refused)
    if refused.kind == "locked":
        return Answer(device.options["lock_status"], _error_body(device, refused.message))
    if write and device.dialect["put_answer"] == "error-in-200":
        return Answer(200, _error_body(device, refused.message))
    return _request_error(device, refused)


def _request_error(device: Device, refused: RefusedError) -> Answer:
    form = device.dialect["request_error"]
    recorded = _recorded_refusal(device, refused, form)
    if recorded is not None:
        return recorded
    status = _STATUS[refused.kind]
    if form == "all-400":
        status = 400
    elif form == "all-200":
        status = 200
    elif form == "500" and status == 405:
        status = 501
    elif form == "500" and status == 400:
        status = 500
    headers = {"Allow": refused.allow} if status == 405 and refused.allow else {}
    if form == "plain":
        return Answer(status, refused.message.encode() + b"\n", "text/plain", headers)
    if form == "html":
        page = f"<html><body><h1>{status}</h1></body></html>\n"
        return Answer(status, page.encode(), "text/html", headers)
    return Answer(status, _error_body(device, refused.message), headers=headers)


def _recorded_refusal(device: Device, refused: RefusedError, form: str) -> Answer | None:
    """The recorded answer to an unknown path, while the device keeps the form in which it was recorded."""
    recorded = device.recorded
    if recorded is None or recorded.unknown is None or refused.kind != "path":
        return None
    unknown = recorded.unknown
    if form != recorded.dialect.get("request_error"):
        return None
    if unknown.body is None:
        return Answer(unknown.status, unknown.text.encode("utf-8", "backslashreplace"), unknown.content_type)
    body = unknown.body
    if isinstance(body, dict) and isinstance(body.get("system-information"), dict):
        body = {**body, "system-information": system_information(device)}
    return Answer(unknown.status, encode(device, body), unknown.content_type)


def _auth_error(device: Device, refused: RefusedError) -> Answer:
    form = device.dialect["auth_error"]
    if form == "login-redirect":
        return html(302, b"", Location="/cgi-bin/login")
    if form == "login-page":
        return html(200)
    status = 403 if form == "403-both" else 401
    return _plain_error(status, refused.message)


def _plain_error(status: int, message: str) -> Answer:
    headers = {"WWW-Authenticate": 'Basic realm="LANTIME"'} if status == 401 else {}
    return Answer(status, json.dumps({"error": message}).encode(), headers=headers)


def _level_error(device: Device, refused: RefusedError) -> Answer:
    form = device.dialect["auth_error"]
    if form == "hidden":
        return _request_error(device, RefusedError("path", "unknown path"))
    return _plain_error(401 if form == "401-both" else 403, refused.message)


def _banned(device: Device) -> Answer:
    form = device.dialect["banned_answer"]
    if form == "drop":
        return Answer(action="drop")
    if form == "timeout":
        return Answer(action="hang")
    if form == "429":
        answer = _plain_error(429, "too many failed log-ins")
        answer.headers["Retry-After"] = str(device.options["retry_after"])
        return answer
    if form == "403":
        return _plain_error(403, "user is locked out")
    return _auth_error(device, RefusedError("auth", "wrong user name or password"))


def api_off(device: Device) -> Answer:
    """What a device says while its REST API is switched off (O7)."""
    form = device.dialect["api_off"]
    if form == "login-page":
        return html(200)
    if form == "redirect":
        return html(302, b"", Location="/")
    if form == "refused":
        return Answer(action="drop")
    status = int(form)
    page = f"<html><body><h1>{status} {_REASONS[status]}</h1></body></html>\n"
    return html(status, page.encode())
