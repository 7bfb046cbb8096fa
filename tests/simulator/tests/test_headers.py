# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers of writes and the number of connections: what a small web server refuses before the API sees it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import ssl

import pytest

from ansible_collections.meinberg.lantime.tests.paths import PAGES
from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet

PATH = "/api/config/snmp/location"
BODY = b'{"location": "room 7"}'
USABLE = {"Content-Length": str(len(BODY)), "Content-Type": "application/json", "Host": "ts1"}


def open_connection(device: DeviceHandle) -> http.client.HTTPSConnection:
    context = ssl.create_default_context(cafile=str(device.ca))
    return http.client.HTTPSConnection(device.host, device.port, timeout=10, context=context)


def send(
    device: DeviceHandle, method: str, headers: dict[str, str | None], body: bytes = BODY, path: str = PATH
) -> int:
    """The status of a request that has these headers only. None removes a usable one."""
    pair = f"admin:{device.users['admin']}".encode()
    sent = {**USABLE, **headers, "Authorization": "Basic " + base64.b64encode(pair).decode()}
    with contextlib.closing(open_connection(device)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        return connection.getresponse().status


def is_answered(connection: http.client.HTTPSConnection) -> bool:
    try:
        connection.request("GET", "/")
        return bool(connection.getresponse().read())
    except (ConnectionError, ssl.SSLError):
        return False


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "Application/JSON; charset=utf-8"},
        {"Host": "ts1.example.com"},
        {"Host": "[::1]"},
    ],
)
def test_usable_headers_are_accepted(headers: dict[str, str | None], box: DeviceHandle) -> None:
    assert send(box, "PUT", headers) == 200
    assert box.running()["snmp"]["location"] == "room 7"


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": None}, 400),
        ({"Host": "ts1:1"}, 400),
        ({"Host": "https://ts1"}, 400),
        ({"Content-Length": None, "Transfer-Encoding": "chunked"}, 411),
        ({"Content-Type": None}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_unusable_headers_are_refused(
    method: str, headers: dict[str, str | None], status: int, box: DeviceHandle
) -> None:
    before = box.running()
    body = b"16\r\n" + BODY + b"\r\n0\r\n\r\n" if "Transfer-Encoding" in headers else BODY
    assert send(box, method, headers, body) == status
    assert box.running() == before


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 411), ({"Content-Length": "0"}, 400), ({"Content-Length": "21"}, 400)]
)
def test_a_length_that_is_missing_or_too_small_is_refused(
    headers: dict[str, str], status: int, box: DeviceHandle
) -> None:
    before = box.running()
    assert send(box, "PUT", {"Content-Length": None, **headers}, BODY if headers else b"") == status
    assert box.running() == before


def test_a_get_and_a_delete_need_a_host_only(box: DeviceHandle) -> None:
    host: dict[str, str | None] = {**dict.fromkeys(USABLE), "Host": "ts1"}
    assert send(box, "GET", host, b"") == 200
    assert send(box, "DELETE", host, b"", f"{PATH}/nothing") == 404
    assert send(box, "DELETE", {**host, "Host": "ts1:1"}, b"", f"{PATH}/nothing") == 400


@pytest.mark.parametrize("limit", [1, 2])
def test_connections_beyond_the_limit_are_closed(limit: int) -> None:
    with Fleet([DeviceSpec("ts1", "m600-7.10", max_connections=limit)]) as fleet, contextlib.ExitStack() as stack:
        device = fleet["ts1"]
        connections = [stack.enter_context(contextlib.closing(open_connection(device))) for dummy in range(limit + 1)]
        assert [is_answered(connection) for connection in connections] == [True] * limit + [False]
        assert is_answered(connections[0])


def test_the_guide_names_the_refusals() -> None:
    page = (PAGES / "simulator.rst").read_text(encoding="utf-8")
    for text in (
        "400",
        "411",
        "415",
        "``max_connections``",
        "``Content-Length``",
        "``Content-Type: application/json``",
    ):
        assert text in page
