# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport over sockets: headers of requests, time limits, reuse of connections, TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._base.version import VERSION
from ansible_collections.meinberg.lantime.plugins.module_utils._client import session, transport
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client, ConnectionReplacedError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.module_utils._client.transport import Budget, tls_context
from ansible_collections.meinberg.lantime.tests.devices import SharedFleet, connection_options
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class KeepingServer:
    """Accepts connections and answers every request on them; keeps the heads and bodies of the requests."""

    def __init__(self, answer: bytes = OK, pause: float = 0.0, piece: int = 0) -> None:
        self.heads: list[list[str]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._answer, self._pause, self._piece = answer, pause, piece or max(1, len(answer))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._answer_all, args=(connection,), daemon=True).start()

    def _answer_all(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            while line := lines.readline():
                head = [line.decode().strip()]
                while text := lines.readline().decode().strip():
                    head.append(text)
                size = next((int(text.split(":")[1]) for text in head if text.startswith("Content-Length:")), 0)
                self.bodies.append(lines.read(size))
                self.heads.append(head)
                for start in range(0, len(self._answer), self._piece):
                    connection.sendall(self._answer[start : start + self._piece])
                    time.sleep(self._pause)

    def __enter__(self) -> KeepingServer:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._listener.close()

    def client(self, **more: t.Any) -> Client:
        options = {"use_tls": False, "use_proxy": False, "username": "admin", "password": "secret", **more}
        return Client(Settings("127.0.0.1", port=self.port, **options))


def code_of(client: Client, **more: t.Any) -> str:
    with pytest.raises(LantimeError) as caught:
        client.request("GET", "/api/status", **more)
    return caught.value.code


# -- headers

COMMON = [
    "Accept-Encoding: identity",
    "Accept: application/json",
    "Authorization: Basic YWRtaW46c2VjcmV0",
    f"User-Agent: meinberg.lantime/{VERSION} (ansible)",
]


@pytest.mark.parametrize(
    ("method", "body", "more"),
    [
        ("GET", None, []),
        ("PUT", '{"a": "é"}'.encode(), ["Content-Length: 11", "Content-Type: application/json"]),
        ("PUT", None, ["Content-Length: 0"]),
        ("POST", b"[]", ["Content-Length: 2", "Content-Type: application/json"]),
        ("PATCH", b"{}", ["Content-Length: 2", "Content-Type: application/json"]),
        ("DELETE", None, ["Content-Length: 0"]),
    ],
)
def test_a_request_has_these_headers_and_no_others(method: str, body: bytes | None, more: list[str]) -> None:
    with KeepingServer() as server, server.client() as client:
        client.request(method, "/api/a%2Fb?raw", body)
        ((line, *headers),) = server.heads
        assert line == f"{method} /api/a%2Fb?raw HTTP/1.1"
        assert sorted(headers) == sorted([*COMMON, f"Host: 127.0.0.1:{server.port}", *more])
        assert server.bodies == [body or b""]


def test_another_authorization_is_for_one_request_or_for_all_that_follow() -> None:
    with KeepingServer() as server, server.client() as client:
        client.request("GET", "/api/a", authorization="Bearer one")
        client.request("GET", "/api/b")
        client.use_authorization("Bearer two")
        client.request("GET", "/api/c")
        client.use_authorization(None)
        client.request("GET", "/api/d")
        found = [[text for text in head if text.startswith("Authorization")] for head in server.heads]
    assert found == [["Authorization: Bearer one"], [COMMON[2]], ["Authorization: Bearer two"], []]


def test_neither_cookies_nor_redirects_are_followed() -> None:
    answer = b"HTTP/1.1 302 X\r\nLocation: /login\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    with KeepingServer(answer) as server, server.client() as client:
        first = client.request("GET", "/api/a")
        client.request("GET", "/api/b")
        assert (first.status, first.location) == (302, "/login")
        assert [head[0].split()[1] for head in server.heads] == ["/api/a", "/api/b"]
        assert not any(text.startswith("Cookie") for text in server.heads[1])


# -- connections


def test_a_connection_is_kept_until_it_is_dropped() -> None:
    with KeepingServer() as server, server.client() as client:
        client.request("GET", "/api/a")
        client.request("GET", "/api/b")
        assert (server.connections, client.connections) == (1, 1)
        client.reconnect()
        client.request("GET", "/api/c")
        assert (server.connections, client.connections) == (2, 2)


def test_a_request_for_a_connection_that_is_gone_is_not_sent() -> None:
    with KeepingServer() as server, server.client() as client:
        client.request("GET", "/api/a")
        client.request("PUT", "/api/b", b"{}", connection=1)
        client.reconnect()
        with pytest.raises(ConnectionReplacedError):
            client.request("PUT", "/api/c", b"{}", connection=1)
        assert [head[0].split()[1] for head in server.heads] == ["/api/a", "/api/b"]
        client.request("GET", "/api/a")
        client.request("PUT", "/api/c", b"{}", connection=client.connections)
        assert server.heads[-1][0].split()[1] == "/api/c"


def test_what_a_new_connection_raises_is_raised_by_the_request() -> None:
    def refuse() -> None:
        raise LantimeError("option", "not this one")

    with KeepingServer() as server:
        settings = Settings("127.0.0.1", port=server.port, use_tls=False, use_proxy=False, username="a", password="b")
        with Client(settings, refuse) as client:
            assert code_of(client) == "option"
        assert server.heads == []


# -- time


@pytest.mark.parametrize(("left", "read_timeout", "expected"), [(10.0, 3.0, 3.0), (2.0, 3.0, 2.0), (0.5, 0.4, 0.4)])
def test_a_read_takes_no_longer_than_the_request_may(
    left: float, read_timeout: float, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(transport, "time", types.SimpleNamespace(monotonic=lambda: now[0]))
    budget = Budget()
    budget.start(10.0, read_timeout)
    now[0] += 10.0 - left
    assert budget.next_read() == pytest.approx(expected)
    assert not budget.spent()


@pytest.mark.parametrize("late", [0.0, 1.0])
def test_no_read_starts_after_the_time_of_the_request(late: float, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(transport, "time", types.SimpleNamespace(monotonic=lambda: now[0]))
    budget = Budget()
    budget.start(10.0, 3.0)
    now[0] += 10.0 + late
    assert budget.spent()
    with pytest.raises(TimeoutError):
        budget.next_read()


@pytest.mark.parametrize(
    "answer",
    [OK, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"HTTP/1.1 100 X\r\n\r\n" + OK],
)
def test_an_answer_byte_by_byte_ends_with_the_time_of_the_request(answer: bytes) -> None:
    with KeepingServer(answer, pause=0.05, piece=1) as server, server.client(request_timeout=0.3) as client:
        begun = time.monotonic()
        assert code_of(client) == "timeout_total"
        assert 0.25 <= time.monotonic() - begun < 5


def test_silence_is_limited_by_the_read_timeout() -> None:
    with KeepingServer(b"") as server, server.client(read_timeout=0.15, request_timeout=20.0) as client:
        assert code_of(client) == "timeout_read"


def test_a_timeout_of_the_request_itself_replaces_both() -> None:
    with KeepingServer(b"") as server, server.client(read_timeout=0.1, request_timeout=0.1) as client:
        begun = time.monotonic()
        assert code_of(client, timeout=0.4) == "timeout_total"
        assert time.monotonic() - begun >= 0.35


# -- TLS


def test_the_context_refuses_old_protocols_and_compression() -> None:
    context = tls_context(True, None, None, None)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_NO_COMPRESSION
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_without_verification_no_certificate_is_checked() -> None:
    context = tls_context(False, None, None, None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_NONE, False)


@pytest.fixture(scope="module")
def fleet() -> t.Iterator[SharedFleet]:
    specs = [DeviceSpec(kind, "m600-7.10", cert=kind) for kind in ("ca", "self-signed", "expired", "wrong-name")]
    with SharedFleet(specs, freeze=True) as started:
        yield started


TRUSTED, UNTRUSTED = None, "tls_verify"


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("ca", {}, TRUSTED),
        ("ca", {"ca_path": None}, UNTRUSTED),
        ("self-signed", {}, UNTRUSTED),
        ("expired", {}, UNTRUSTED),
        ("wrong-name", {}, UNTRUSTED),
        ("self-signed", {"validate_certs": False}, TRUSTED),
        ("wrong-name", {"validate_certs": False}, TRUSTED),
        ("self-signed", {"tls_fingerprint": "own"}, TRUSTED),
        ("expired", {"tls_fingerprint": "own"}, TRUSTED),
        ("ca", {"tls_fingerprint": "0" * 64}, "tls_pin"),
        ("ca", {"tls_fingerprint": "0" * 64, "validate_certs": False}, "tls_pin"),
    ],
)
def test_which_certificates_are_accepted(
    kind: str, options: dict[str, t.Any], code: str | None, fleet: SharedFleet
) -> None:
    device = fleet.reset()[kind]
    given = {**connection_options(device), "retries": 0, **options}
    if given.get("tls_fingerprint") == "own":
        given["tls_fingerprint"] = device.fingerprint
    with Client(Settings(**given)) as client:
        if code is None:
            assert client.request("GET", "/api/status/rest-api").status == 200
        else:
            assert code_of(client) == code
            assert len(device.ledger) == 0


# -- writes

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "timeout_read"),
        (CHUNKED + b"zz\r\n", "protocol"),
        (b"garbage\r\n\r\n", "protocol"),
        (OK.replace(b"OK", b"OK\r\nContent-Encoding: gzip"), "encoding"),
    ],
)
def test_a_write_whose_answer_cannot_be_used_may_have_an_effect(answer: bytes, code: str) -> None:
    with KeepingServer(answer) as server, server.client(read_timeout=0.2) as client:
        with pytest.raises(LantimeError) as caught:
            client.request("PUT", "/api/a", b"{}")
        assert (caught.value.code, caught.value.effect_unknown) == (code, True)
        assert len(server.heads) == 1
        client.reconnect()
        with pytest.raises(LantimeError) as caught:
            client.request("GET", "/api/a")
        assert not caught.value.effect_unknown


@pytest.mark.parametrize(
    ("fault", "options", "code"),
    [
        (("close-after-effect", {}), {}, "disconnected"),
        (("truncated", {}), {}, "incomplete"),
        (("delay", {"seconds": 1}), {"read_timeout": 0.2}, "timeout_read"),
        (("delay", {"seconds": 1}), {"request_timeout": 0.2}, "timeout_total"),
        (("endless", {"limit": 3_000_000}), {}, "too_large"),
    ],
)
def test_a_write_without_a_whole_answer_may_have_an_effect(
    fault: tuple[str, dict[str, t.Any]], options: dict[str, t.Any], code: str, fleet: SharedFleet
) -> None:
    device = fleet.reset()["ca"]
    device.add_fault(fault[0], **fault[1])
    with Client(Settings(**{**connection_options(device), **options})) as client, pytest.raises(LantimeError) as caught:
        client.request("PUT", "/api/config/snmp/contact", b'{"contact": "noc"}')
    assert (caught.value.code, caught.value.effect_unknown) == (code, True)
    assert [entry["method"] for entry in device.ledger] == ["PUT"]


def test_an_unexpected_error_while_a_write_is_sent_leaves_its_effect_unknown(
    fleet: SharedFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise KeyError("canary")

    monkeypatch.setattr(session, "read_answer", fail)
    with Client(Settings(**connection_options(fleet.reset()["ca"]))) as client, pytest.raises(LantimeError) as caught:
        client.request("PUT", "/api/config/snmp/contact", b'{"contact": "noc"}')
    assert (caught.value.code, caught.value.effect_unknown) == ("internal", True)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "code"),
    [({"port": 1}, "refused"), ({"ca_path": None}, "tls_verify"), ({"tls_fingerprint": "0" * 64}, "tls_pin")],
)
def test_a_write_that_was_not_sent_has_no_effect(options: dict[str, t.Any], code: str, fleet: SharedFleet) -> None:
    device = fleet.reset()["ca"]
    with Client(Settings(**{**connection_options(device), **options})) as client, pytest.raises(LantimeError) as caught:
        client.request("PUT", "/api/config/snmp/contact", b'{"contact": "noc"}')
    assert (caught.value.code, caught.value.effect_unknown) == (code, False)
    assert len(device.ledger) == 0
