# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: which requests go wrong, and how."""

from __future__ import annotations

import json
import socket
import ssl
import time
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client, named
from ansible_collections.meinberg.lantime.tests.simulator.wire import FORMS

PATH = "/config/snmp/location"
BODY = {"location": "hall 3"}


def test_a_status(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("status", status=503, headers={"Retry-After": "7"}, body={"why": "busy"})
    answer = admin.put(PATH, BODY)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "7"
    assert answer.json() == {"why": "busy"}
    assert box.pending == 0
    assert box.ledger[-1]["status"] == 503
    box.clear_faults()
    assert admin.put(PATH, BODY).status_code == 200


def test_method_path_nth_and_times(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("status", status=500, method="GET", path="/api/config", nth=2, times=2)
    assert admin.get("/status/rest-api").status_code == 200
    assert admin.put(PATH, BODY).status_code == 200
    assert [admin.get(PATH).status_code for dummy in range(4)] == [200, 500, 500, 200]


def test_the_nth_request_alone(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("status", status=500, nth=2)
    assert [admin.get(PATH).status_code for dummy in range(3)] == [200, 500, 200]


def test_so_many_times(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("status", status=500, times=2)
    assert [admin.get(PATH).status_code for dummy in range(3)] == [500, 500, 200]


def test_delay_and_latency(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("delay", seconds=0.15, times=1)
    assert admin.get(PATH).elapsed.total_seconds() >= 0.15
    box.set_dialect(latency_ms=150)
    assert admin.get(PATH).elapsed.total_seconds() >= 0.15


def test_closed_before_the_answer(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("close-before-answer", method="PUT")
    with pytest.raises(requests.ConnectionError):
        admin.put(PATH, BODY)
    assert box.pending == 0
    assert box.ledger[-1]["status"] is None


def test_closed_after_the_effect(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("close-after-effect", method="PUT")
    with pytest.raises(requests.ConnectionError):
        admin.put(PATH, BODY)
    assert named(box, "snmp/location") == "hall 3"


def test_closed_after_the_answer(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("close-after-answer", nth=1)
    assert [admin.get(PATH).status_code for dummy in range(3)] == [200, 200, 200]
    first, second, third = (entry["connection"] for entry in box.ledger)
    assert first != second == third


def test_another_device_answers_on_new_connections(box: DeviceHandle, auto: DeviceHandle, admin: Client) -> None:
    def serial_number() -> str:
        return str(admin.get("/status/rest-api").json()["system-information"]["serial-number"])

    box.add_fault("swap", device=auto.name, nth=2)
    box.add_fault("close-after-answer", nth=3)
    assert [serial_number() for dummy in range(4)] == [box.serial] * 3 + [auto.serial]
    assert len(auto.ledger) == 1
    box.clear_faults()
    assert serial_number() == auto.serial
    admin.close()
    assert serial_number() == box.serial


def test_login_page(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("login-page")
    answer = admin.get(PATH)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html"
    assert "<form" in answer.text


def test_truncated(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("truncated", keep=0.4)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        admin.get("/status")
    entry = box.ledger[-1]
    assert 0 < entry["bytes_out"] < 12000


def test_drip(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("drip", bytes=40, interval=0.03)
    begun = time.monotonic()
    answer = admin.get(PATH)
    assert answer.json()["data"] == {"location": "rack 1"}
    assert time.monotonic() - begun > 0.03 * (len(answer.content) // 40)


def test_a_slow_answer_takes_effect_at_once(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("slow-answers", seconds=0.3, nth=1)
    begun = time.monotonic()
    answer = admin.put(PATH, BODY, stream=True)
    assert named(box, "snmp/location") == "hall 3"
    assert time.monotonic() - begun < 0.3
    assert answer.json()["data"] is not None
    assert time.monotonic() - begun >= 0.3


def test_endless(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("endless", limit=50000000)
    size = 0
    with admin.get(PATH, stream=True) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        for chunk in answer.iter_content(65536):
            size += len(chunk)
            if size > 2000000:
                break
    assert size > 2000000


def test_gzip(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("gzip")
    answer = admin.get(PATH, headers={"Accept-Encoding": "identity"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json()["data"] == {"location": "rack 1"}


@pytest.mark.parametrize("form", ["json", "text", "redirect", "headers", "envelope"])
def test_reflection(box: DeviceHandle, admin: Client, form: str) -> None:
    box.add_fault("reflect", status=307 if form == "redirect" else 400, form=form, what="body")
    answer = admin.put(PATH, BODY)
    assert "hall" in (answer.headers["Location"] if form in ("redirect", "headers") else answer.text)
    box.clear_faults()
    box.add_fault("reflect", what="authorization")
    assert f"admin:{box.users['admin']}" in admin.get(PATH).json()["error"]
    assert box.pending == 0


def test_interim_answers(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("interim", statuses="100 100")
    assert admin.put(PATH, BODY).status_code == 200
    assert box.pending == 1


def test_redirect(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("redirect", location="http://192.0.2.9/", status=307)
    answer = admin.put(PATH, BODY)
    assert (answer.status_code, answer.headers["Location"]) == (307, "http://192.0.2.9/")
    assert box.pending == 0


def test_garbage(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("garbage")
    answer = admin.get(PATH)
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


@pytest.mark.parametrize("object_id", ["../users", "a/b", "", "%2e%2e", "x" * 10000])
def test_hostile_object_id(box: DeviceHandle, admin: Client, object_id: str) -> None:
    box.add_fault("hostile-id", object_id=object_id)
    ports = admin.data("/config/network/ports")["ports"]
    assert [port["object-id"] for port in ports] == ["lan0", "lan1", object_id]
    assert len(named(box, "network/ports")) == 2


def test_an_error_after_the_effect(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("error-after-effect", method="PUT", status=503)
    assert admin.put(PATH, BODY).status_code == 503
    assert named(box, "snmp/location") == "hall 3"


def test_members_added_and_missing(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("added-members", members={"x": {"y": 1}}, path="/api/config/snmp")
    data = admin.data("/config/snmp")
    assert data["x"] == data["v3"]["x"] == {"y": 1}
    box.clear_faults()
    box.add_fault("missing-member", name="user-name")
    assert "user-name" not in admin.data("/config/snmp")["v3"]
    assert "user-name" in box.running()["snmp"]["v3"]


def test_api_off(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("api-off", times=1)
    assert [admin.get(PATH).status_code for dummy in range(2)] == [404, 200]


def test_no_answer(box: DeviceHandle) -> None:
    box.add_fault("no-answer")
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.put(
            f"{box.url}/api{PATH}", json=BODY, auth=("admin", box.users["admin"]), verify=box.ca, timeout=(5, 0.2)
        )
    assert box.pending == 0


def test_another_encoding(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("encoded", encoding="utf-16", content_type="text/plain")
    answer = admin.get(PATH)
    assert answer.headers["Content-Type"] == "text/plain"
    assert json.loads(answer.content.decode("utf-16"))["data"] == {"location": "rack 1"}


def raw_answer(box: DeviceHandle) -> bytes:
    """All bytes of an answer to a PUT."""
    prepared = requests.Request("PUT", box.url, auth=("admin", box.users["admin"])).prepare()
    body = json.dumps(BODY)
    lines = [f"PUT /api{PATH} HTTP/1.1", "Host: ts", f"Authorization: {prepared.headers['Authorization']}"]
    text = "\r\n".join([*lines, "Content-Type: application/json", f"Content-Length: {len(body)}", "", body])
    context = ssl.create_default_context(cafile=box.ca)
    received = b""
    with (
        socket.create_connection((box.host, box.port), 5) as plain,
        context.wrap_socket(plain, server_hostname="box") as secured,
    ):
        secured.sendall(text.encode())
        while part := secured.recv(65536):
            received += part
    return received


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_is_no_valid_http(box: DeviceHandle, form: str) -> None:
    box.add_fault("wire", form=form)
    answer = raw_answer(box)
    assert answer.startswith(b"SSH" if form == "not-http" else b"HTTP/1.1 200 OK")
    assert named(box, "snmp/location") == "hall 3"
    head = answer.partition(b"\r\n\r\n")[0]
    assert (b"\r\n\r\n" in answer) is (form not in ("headers-endless", "not-http"))
    assert (b"Transfer-Encoding" in head) is form.startswith("chunk")
    assert head.count(b"Content-Length") == {"length-twice": 2}.get(
        form, int(form.startswith(("length", "two", "extra")) or form == "headers-drip")
    )
    assert (len(answer) > 1000000) is (form in ("chunk-extension", "header-line", "headers-endless"))


def test_connections_are_closed_unannounced(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("keep-alive", requests=2)
    # That the device has just closed a connection may not show yet: such a GET is sent again.
    admin.session.mount("https://", HTTPAdapter(max_retries=Retry(total=1, read=1)))
    answers = [admin.get(PATH) for dummy in range(5)]
    assert all(answer.status_code == 200 and "Connection" not in answer.headers for answer in answers)
    one, two, three, four, five = (entry["connection"] for entry in box.ledger)
    assert one == two < three == four < five


def test_idle_connections_are_closed(box: DeviceHandle, admin: Client) -> None:
    box.add_fault("keep-alive", seconds=0.05)
    for wait in (0.0, 0.2, 0.0):
        time.sleep(wait)
        admin.get(PATH)
    one, two, three = (entry["connection"] for entry in box.ledger)
    assert one < two == three


@pytest.mark.parametrize(
    ("kind", "members", "word"),
    [
        ("no-such-fault", {}, "unknown fault"),
        ("delay", {"second": 1}, "unknown member"),
        ("delay", {"seconds": "long"}, "cannot be"),
        ("status", {"nth": "first"}, "cannot be"),
        ("status", {"headers": []}, "cannot be"),
        ("wire", {"form": "no-such-form"}, "form cannot be"),
    ],
)
def test_a_fault_that_makes_no_sense(box: DeviceHandle, kind: str, members: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        box.add_fault(kind, **members)
