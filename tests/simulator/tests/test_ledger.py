# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger: every request, counts, and no secret."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client


@pytest.fixture
def fresh(box: DeviceHandle) -> Iterator[Client]:
    """A client whose connection is counted by the test."""
    client = Client(box)
    yield client
    client.close()


def test_an_entry(box: DeviceHandle, fresh: Client) -> None:
    answer = fresh.put("/config/snmp/location?x=1", {"location": "hall 3"})
    entry = box.ledger[-1]
    assert entry["method"] == "PUT"
    assert entry["path"] == "/api/config/snmp/location"
    assert entry["query"] == "x=1"
    assert entry["status"] == 200
    assert entry["user"] == "admin"
    assert entry["body"] == {"location": "hall 3"}
    assert entry["write"] is True
    assert entry["bytes_in"] > len('{"location": "hall 3"}')
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
    assert entry["bytes_out"] == len("HTTP/1.1 200 OK\r\n") + head + 2 + len(answer.content)
    assert 0 < entry["duration"] < 5
    assert entry["started"] > 1700000000


def test_counts(box: DeviceHandle, fresh: Client) -> None:
    fresh.get("/status/rest-api")
    fresh.get("/config/snmp")
    fresh.put("/config/snmp/location", {"location": "hall 3"})
    fresh.ask("PUT", "/write")
    fresh.ask("PUT", "/diff")
    fresh.ask("PUT", "/get-token")
    fresh.ask("DELETE", "/config/snmp/location")
    ledger = box.ledger
    assert (ledger.gets, ledger.writes, len(ledger)) == (2, 3, 7)
    numbers = [entry["n"] for entry in ledger]
    assert numbers == sorted(set(numbers))
    ledger.clear()
    assert ledger == []
    assert (box.ledger.gets, box.ledger.writes, box.ledger.handshakes) == (0, 0, 0)


def test_connections_and_handshakes(box: DeviceHandle) -> None:
    first, second = Client(box), Client(box)
    first.get("/status/rest-api")
    first.get("/status/rest-api")
    second.get("/status/rest-api")
    connections = [entry["connection"] for entry in box.ledger]
    assert connections[0] == connections[1] != connections[2]
    assert box.ledger.handshakes == 2
    first.close()
    second.close()


def test_plain_http_counts_connections(fleet: Fleet) -> None:
    device = fleet["plain"]
    client = Client(device)
    assert device.url.startswith("http://")
    assert client.get("/status").status_code == 200
    assert device.ledger.handshakes == 1
    device.restore()
    client.close()


def test_requests_at_the_same_time(box: DeviceHandle) -> None:
    box.set_dialect(latency_ms=150)
    together = threading.Barrier(4)

    def ask() -> int:
        client = Client(box)
        together.wait(5)
        try:
            return client.get("/status/rest-api").status_code
        finally:
            client.close()

    with ThreadPoolExecutor(4) as pool:
        assert [f.result() for f in [pool.submit(ask) for dummy in range(4)]] == [200] * 4
    assert box.ledger.max_in_flight > 1
    box.clear_ledger()
    assert box.ledger.max_in_flight == 0


def test_no_secret_is_kept(box: DeviceHandle, root: Client) -> None:
    canary = "canary-5ecret"
    root.put("/config/snmp/read-community", {"read-community": canary})
    root.put("/config/snmp", {"v3": {"auth-passphrase": canary}, "write-community": canary})
    root.put("/config/security/users/admin", {"password": canary})
    root.put("/config/notification/snmp/trap-receivers/r", {"community": canary})
    box.set_dialect(set_body="bare")
    root.put("/config/snmp/read-community", canary)
    box.set_dialect(set_body="value", set_target="command")
    root.put("/config/snmp/read-community", {"value": canary})
    root.put("/set", {"parameters": {"path": "/config/snmp/v3/priv-passphrase", "value": canary}})
    root.ask("PUT", "/config/snmp", data=f'{{"read-community": "{canary}"')
    text = str(list(box.ledger))
    assert len(box.ledger) == 8
    assert canary not in text
    for password in box.users.values():
        assert password not in text
        assert base64.b64encode(f"root:{password}".encode()).decode() not in text
    assert "<hidden>" in text
    assert box.running()["snmp"]["v3"]["priv-passphrase"] == canary


def test_refused_log_ins_are_entered_with_their_user(box: DeviceHandle) -> None:
    client = Client(box, "nobody")
    assert client.get("/status").status_code == 401
    assert (box.ledger[-1]["user"], box.ledger[-1]["status"]) == ("nobody", 401)
    client.close()
