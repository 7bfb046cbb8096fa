# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Embedding: many devices, certificates, addresses, snapshots, timing."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from typing import Any

import pytest
import requests

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle, DeviceSpec, Fleet
from ansible_collections.meinberg.lantime.tests.simulator.fleet import loopback_address
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client


def status_code(device: DeviceHandle, verify: Any = None) -> int:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = device.ca if verify is None else verify
        session.auth = ("info", device.users["info"])
        return session.get(f"{device.url}/api/status/rest-api", timeout=10).status_code


@pytest.mark.thorough
def test_a_hundred_devices() -> None:
    begun = time.monotonic()
    specs = [DeviceSpec(f"ts{number}", "m600-7.10") for number in range(100)]
    with Fleet(specs) as fleet:
        started = time.monotonic() - begun
        assert len({device.port for device in fleet}) == 100
        assert [status_code(fleet[f"ts{number}"]) for number in (0, 50, 99)] == [200] * 3
    assert started < 10


def test_five_devices_start_at_once() -> None:
    begun = time.monotonic()
    with Fleet([DeviceSpec(f"ts{n}", "m3000-7.10") for n in range(5)]) as fleet:
        assert time.monotonic() - begun < 2
        assert len(fleet) == 5


def test_nothing_listens_afterwards() -> None:
    with Fleet([DeviceSpec("ts", "m600-7.10")]) as fleet:
        device = fleet["ts"]
        assert status_code(device) == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((device.host, device.port), 1)


def test_an_address_for_every_device() -> None:
    specs = [DeviceSpec(f"ts{number}", "m600-7.10") for number in range(3)]
    with Fleet(specs, address_per_device=True) as fleet:
        assert [device.host for device in fleet] == ["127.16.0.1", "127.16.0.2", "127.16.0.3"]
        assert len({device.port for device in fleet}) == 1
        assert [status_code(device) for device in fleet] == [200] * 3


def test_loopback_addresses_do_not_repeat() -> None:
    addresses = [loopback_address(index) for index in range(70000)]
    assert len(set(addresses)) == 70000
    assert not {address for address in addresses if address.endswith((".0", ".255"))}


def test_certificates() -> None:
    kinds = ("ca", "self-signed", "expired", "wrong-name")
    specs = [DeviceSpec(kind, "m600-7.10", cert=kind) for kind in kinds]
    with Fleet(specs) as fleet:
        for kind in kinds:
            device = fleet[kind]
            pem = ssl.get_server_certificate((device.host, device.port))
            der = ssl.PEM_cert_to_DER_cert(pem)
            assert hashlib.sha256(der).hexdigest() == device.fingerprint
        assert status_code(fleet["ca"]) == 200
        for kind, word in (
            ("self-signed", "self.signed"),
            ("expired", "expired"),
            ("wrong-name", "doesn't match|not valid for"),
        ):
            with pytest.raises(requests.exceptions.SSLError, match=word):
                status_code(fleet[kind])


def test_certificates_change_while_a_device_runs() -> None:
    with Fleet([DeviceSpec("ts", "m600-7.10")]) as fleet:
        device = fleet["ts"]
        former = device.fingerprint
        for kind, word in (
            ("not-yet-valid", "not yet valid"),
            ("weak-key", "too weak"),
            ("tls-1.0", "(?i)version"),
            ("client-certificate", "(?i)certificate required|handshake failure"),
            ("plain", "(?i)record layer|wrong version|http request"),
        ):
            device.set_dialect(cert=kind)
            with pytest.raises(requests.exceptions.SSLError, match=word):
                status_code(device)
            assert len(device.ledger) == 0
        device.set_dialect(cert="silent")
        with socket.create_connection((device.host, device.port), 5) as plain:
            plain.settimeout(0.1)
            with pytest.raises(TimeoutError):
                plain.recv(1)
        device.set_dialect(cert="self-signed")
        pem = ssl.get_server_certificate((device.host, device.port))
        assert hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() == device.fingerprint != former
        device.restore()
        assert status_code(device) == 200
        with pytest.raises(ValueError, match="cert"):
            device.set_dialect(cert="gold")


def test_a_name_resolves_to_the_certificate(box: DeviceHandle) -> None:
    context = ssl.create_default_context(cafile=box.ca)
    with (
        socket.create_connection((box.host, box.port), 5) as plain,
        context.wrap_socket(plain, server_hostname="box") as secured,
    ):
        assert secured.version() in ("TLSv1.2", "TLSv1.3")


def test_passwords_and_identity_can_be_chosen() -> None:
    spec = DeviceSpec("ts", "m600-7.10", serial="42", hostname="clock", domain="example.org", password_info="x y")
    with Fleet([spec]) as fleet:
        device = fleet["ts"]
        assert (device.serial, device.hostname) == ("42", "clock.example.org")
        assert device.users["info"] == "x y"
        assert status_code(device) == 200


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"unheard_of": 1}, "unheard_of"),
        ({"autosave": "perhaps"}, "autosave"),
        ({"port": "many"}, "port"),
        ({"set_body": "other"}, "set_body"),
        ({"cert": "gold"}, "cert"),
        ({"password_guest": "x"}, "guest"),
    ],
)
def test_bad_options(options: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        DeviceSpec("ts", "m600-7.10", **options)


def test_a_fleet_that_cannot_start_says_why() -> None:
    with pytest.raises(ValueError, match="unknown profile"), Fleet([DeviceSpec("a", "b")]):
        pass
    with pytest.raises(ValueError, match="used twice: a"):
        Fleet([DeviceSpec("a", "m600-7.10"), DeviceSpec("a", "m600-7.10")])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        spec = DeviceSpec("a", "m600-7.10", port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"), Fleet([spec]):
            pass


def test_snapshot_and_restore(box: DeviceHandle, admin: Client) -> None:
    start = box.running()
    box.change("snmp/location", "first")
    box.set_dialect(set_body="bare", latency_ms=1)
    kept = box.snapshot()
    admin.put("/config/snmp/location", "second")
    box.set_dialect(set_body="data", rest_api=False, api_off="refused")
    box.add_fault("garbage")
    box.restore(kept)
    assert admin.data("/config/snmp/location") == {"location": "first"}
    assert box.dialect["set_body"] == "bare"
    assert len(box.ledger) == 1
    box.restore()
    assert box.running() == start
    assert box.dialect["set_body"] == "named"


def test_an_unknown_choice_changes_nothing(box: DeviceHandle) -> None:
    before = box.dialect
    with pytest.raises(ValueError, match="unknown value 'x'"):
        box.set_dialect(set_body="bare", menu_put="x")
    with pytest.raises(ValueError, match="unknown dialect key"):
        box.set_dialect(unheard_of=1)
    assert box.dialect == before


def test_foreign_changes_are_checked(box: DeviceHandle) -> None:
    before = box.running()
    for path, value in (("snmp/retries", "x"), ("snmp/unheard-of", 1), ("network/ports/lan9", {})):
        with pytest.raises(Exception, match=r".+"):
            box.change(path, value)
    assert box.running() == before


def test_what_is_handed_out_is_a_copy(box: DeviceHandle) -> None:
    box.running()["snmp"]["location"] = "x"
    box.status()["system"]["storage"].clear()
    assert box.running()["snmp"]["location"] == "rack 1"
    assert box.status()["system"]["storage"]


def test_header_and_body_come_in_one_packet(fleet: Fleet) -> None:
    device = fleet["plain"]
    head = f"GET /api/status/rest-api HTTP/1.1\r\nHost: {device.host}\r\n\r\n".encode()
    with socket.create_connection((device.host, device.port), 5) as connection:
        for dummy in range(20):
            connection.sendall(head)
            received = connection.recv(65536)
            assert received.startswith(b"HTTP/1.1 401 ")
            assert received.endswith(b"}")
    device.restore()


def test_a_kept_connection_is_fast(admin: Client) -> None:
    admin.get("/status/rest-api")
    begun = time.monotonic()
    for dummy in range(25):
        admin.get("/status/rest-api")
    # Nagle's algorithm against delayed acknowledgements would cost 40 ms a request.
    assert (time.monotonic() - begun) / 25 < 0.03
