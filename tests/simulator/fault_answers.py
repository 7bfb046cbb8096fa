# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that a fault sends in place of those of the device, or makes of them."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from .answers import Answer, api_off, html
from .device import Device
from .faults import Fault, with_hostile_id, with_members, without_member


def answer_before(device: Device, fault: Fault, authorization: str, sent: bytes) -> Answer:
    """The answer of a fault with which the request has no effect."""
    if fault.kind == "status":
        body = fault["body"]
        text = body if isinstance(body, str) else json.dumps(body)
        kind = "text/plain" if isinstance(body, str) else "application/json"
        headers = {str(name): str(value) for name, value in fault["headers"].items()}
        return Answer(int(fault["status"]), text.encode(), kind, headers)
    if fault.kind == "login-page":
        return html(200)
    if fault.kind == "redirect":
        return html(int(fault["status"]), b"", Location=str(fault["location"]))
    if fault.kind == "reflect":
        return _reflection(fault, authorization, sent)
    if fault.kind == "garbage":
        return Answer(200, str(fault["body"]).encode())
    if fault.kind == "api-off":
        return api_off(device)
    if fault.kind == "no-answer":
        return Answer(action="hang")
    return Answer(200, b"[")


def _reflection(fault: Fault, authorization: str, body: bytes) -> Answer:
    """An answer that repeats the credentials, the body of the request, or both; the form says where."""
    scheme, dummy, value = authorization.partition(" ")
    clear = base64.b64decode(value).decode() if scheme == "Basic" else value
    parts = {"authorization": [authorization, clear], "body": [body.decode()]}
    echoed = [part for name in parts if fault["what"] in (name, "both") for part in parts[name]]
    status = int(fault["status"])
    if fault["form"] == "redirect":
        names = ".".join(quote(part, safe="") for part in echoed)
        return html(status, b"", Location=f"https://{names}.example/api")
    if fault["form"] == "text":
        return Answer(status, "\n".join(echoed).encode(), "text/plain")
    if fault["form"] == "headers":
        value = quote(" ".join(echoed), safe=' :"{}=')
        headers = ("Retry-After", "WWW-Authenticate", "Location", "Allow", "Content-Encoding", "X-Echo")
        return Answer(status, b"{}", value, dict.fromkeys(headers, value))
    message: dict[str, Any] = {"error": "refused: " + " ".join(echoed)}
    if fault["form"] == "envelope":
        identity = ("API Version", "version", "serial-number", "hostname", "model")
        message["system-information"] = dict.fromkeys(identity, " ".join(echoed))
        message["data"] = {echoed[-1]: {"object-id": echoed[-1]}}
    return Answer(status, json.dumps(message).encode())


def reshaped(body: bytes, fault: Fault) -> bytes:
    """An answer whose data are not what the device has."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), (dict, list)):
        return body
    if fault.kind == "hostile-id":
        with_hostile_id(answer["data"], str(fault["object-id"]))
    elif fault.kind == "added-members":
        with_members(answer["data"], fault["members"])
    else:
        without_member(answer["data"], str(fault["name"]))
    return json.dumps(answer).encode()
