# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client against a socket on loopback: retries, Retry-After, bounds, the log of HTTP sessions."""

from __future__ import annotations

import contextlib
import email.utils
import socket
import subprocess
import sys
import threading
import time
import types
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client import answer as answer_module
from ansible_collections.meinberg.lantime.plugins.module_utils._client import session
from ansible_collections.meinberg.lantime.plugins.module_utils._client.host import url_host
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings


class ScriptedServer:
    """Answers each request with the next of some byte strings and closes the connection after it."""

    def __init__(self, *answers: bytes) -> None:
        self.requests: list[str] = []
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self._answers:
            with contextlib.suppress(OSError):
                connection, _address = self._listener.accept()
                with connection, connection.makefile("rb") as lines:
                    self.requests.append(lines.readline().decode().split(" HTTP/")[0])
                    while lines.readline().strip():
                        pass
                    connection.sendall(answer)

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._listener.close()

    def client(self, **more: t.Any) -> Client:
        options = {"use_tls": False, "use_proxy": False, "username": "admin", "password": "canary", "http_log": True}
        return Client(Settings("127.0.0.1", port=self.port, **{**options, **more}))


def http(status: int, body: bytes = b"{}", **headers: str) -> bytes:
    lines = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n".encode() + body


def error_of(client: Client) -> LantimeError:
    with pytest.raises(LantimeError) as caught:
        client.request("GET", "/api/status")
    return caught.value


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, which are not waited for."""
    noted: list[float] = []
    monkeypatch.setattr(session, "time", types.SimpleNamespace(monotonic=time.monotonic, sleep=noted.append))
    return noted


CHUNKED = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
BROKEN = (http(429), http(500), http(502), http(503), http(504), b"", http(200, b"{", Content_Length="9"))


@pytest.mark.parametrize("first", BROKEN)
def test_a_get_is_repeated_after_a_passing_fault(first: bytes, pauses: list[float]) -> None:
    with ScriptedServer(first, http(200)) as server, server.client() as client:
        assert client.request("GET", "/api/status").status == 200
        assert [entry["attempt"] for entry in client.http_sessions] == [1, 2]
    assert server.requests == ["GET /api/status"] * 2
    assert len(pauses) == 1
    assert 0 <= pauses[0] <= 0.5


@pytest.mark.parametrize("status", [200, 400, 401, 404, 501])
def test_other_answers_are_returned_at_once(status: int, pauses: list[float]) -> None:
    with ScriptedServer(http(status)) as server, server.client() as client:
        assert client.request("GET", "/api/status").status == status
    assert pauses == []


def test_a_get_is_repeated_no_more_than_retries_allow(pauses: list[float]) -> None:
    with ScriptedServer(*[http(503)] * 3) as server, server.client(retries=2) as client:
        assert client.request("GET", "/api/status").status == 503
    with ScriptedServer(b"", b"") as server, server.client(retries=1) as client, pytest.raises(LantimeError) as caught:
        client.request("GET", "/api/status")
    assert caught.value.code == "disconnected"
    assert (caught.value.host, caught.value.path) == ("127.0.0.1", "/api/status")
    assert len(pauses) == 3


@pytest.mark.parametrize("earlier", [LantimeError("rejected", "what failed before"), TimeoutError()])
def test_a_fault_during_the_handling_of_another_one_has_its_own_cause(earlier: Exception, pauses: list[float]) -> None:
    with ScriptedServer(b"", b"", http(200)) as server, server.client() as client:
        try:
            raise earlier
        except (LantimeError, TimeoutError):
            with pytest.raises(LantimeError) as caught:
                client.request("PUT", "/api/config", b"{}")
            assert (caught.value.code, caught.value.effect_unknown) == ("disconnected", True)
            assert "what failed before" not in str(caught.value)
            assert client.request("GET", "/api/config").status == 200
    assert len(pauses) == 1


def test_a_write_is_sent_once_and_its_effect_unknown_if_no_answer_comes(pauses: list[float]) -> None:
    with ScriptedServer(http(503), b"") as server, server.client() as client:
        assert client.request("PUT", "/api/write", b"{}").status == 503
        with pytest.raises(LantimeError) as caught:
            client.request("PUT", "/api/write", b"{}")
    assert caught.value.effect_unknown
    assert server.requests == ["PUT /api/write"] * 2
    assert pauses == []


def test_a_write_that_found_no_connection_has_no_effect() -> None:
    with ScriptedServer() as server:
        client = server.client()
    with client, pytest.raises(LantimeError) as caught:
        client.request("PUT", "/api/write", b"{}")
    assert caught.value.code == "refused"
    assert not caught.value.effect_unknown


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("²".encode().decode("latin-1"), 0, 0.5),
        ("0", 0, 0),
        (" 3 ", 3, 3),
        ("soon", 0, 0.5),
        ("-1", 0, 0.5),
    ],
)
def test_retry_after_sets_the_pause(value: str, low: float, high: float, pauses: list[float]) -> None:
    with ScriptedServer(http(503, Retry_After=value), http(200)) as server, server.client() as client:
        assert client.request("GET", "/api/status").status == 200
    assert low <= pauses[0] <= high


INTERIM = (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 X\r\nA: b\r\n\r\n", b"HTTP/1.1 103 X\r\nLink: x\r\n\r\n")


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("interim", [*INTERIM, b"".join(INTERIM)])
def test_interim_answers_are_skipped(interim: bytes, method: str) -> None:
    with ScriptedServer(interim + http(200, b"real")) as server, server.client() as client:
        answer = client.request(method, "/api/status")
    assert (answer.status, answer.body) == (200, b"real")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (http(200, b"x" * 101), "too_large"),
        (http(200, b"x", X="y" * 65_500), "too_large"),
        (http(200, b"x", Content_Encoding="gzip"), "encoding"),
        (b"HTTP/1.1 101 X\r\n\r\n", "protocol"),
        (b"HTTP/1.1 103 X\r\n\r\n", "disconnected"),
        (CHUNKED + b"-5\r\n", "protocol"),
        (http(200, b"x", Content_Length="x"), "protocol"),
    ],
)
def test_a_write_with_an_unusable_answer_may_have_taken_effect(
    answer: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_module, "MAX_BODY_BYTES", 100)
    with ScriptedServer(answer) as server, server.client() as client, pytest.raises(LantimeError) as caught:
        client.request("PUT", "/api/config", b"{}")
    assert (caught.value.code, caught.value.effect_unknown) == (code, True)


def test_a_connection_with_more_than_the_answer_is_not_used_again() -> None:
    first = b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}" + http(200, b"stale")
    with ScriptedServer(first, http(200, b"fresh")) as server, server.client() as client:
        assert client.request("GET", "/api/a").body == b"{}"
        assert client.request("GET", "/api/b").body == b"fresh"


def test_retry_after_may_be_a_date(pauses: list[float]) -> None:
    past, soon = (email.utils.formatdate(time.time() + seconds, usegmt=True) for seconds in (-3600, 8))
    answers = (http(503, Retry_After=past), http(503, Retry_After=soon), http(200))
    with ScriptedServer(*answers) as server, server.client() as client:
        assert client.request("GET", "/api/status").status == 200
    assert pauses[0] == 0
    assert 0 < pauses[1] <= 8


@pytest.mark.parametrize("value", ["11", "9" * 20, "9" * 5000])
def test_a_long_retry_after_is_not_waited_for(value: str, pauses: list[float]) -> None:
    with ScriptedServer(http(503, Retry_After=value)) as server, server.client() as client:
        assert client.request("GET", "/api/status").status == 503
    assert pauses == []


def test_no_pause_exceeds_the_time_of_the_request(pauses: list[float]) -> None:
    with ScriptedServer(http(503, Retry_After="9")) as server, server.client(request_timeout=5.0) as client:
        error = error_of(client)
    assert error.code == "timeout_total"
    assert "1 attempts within 5 s" in error.what
    assert pauses == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (http(200, b"x" * 101), "too_large"),
        (http(200, b"x" * 100), None),
        (http(200, b"x", Content_Encoding="gzip"), "encoding"),
        (http(200, b"x", Content_Encoding=" Identity "), None),
        (http(200, b"x", Content_Length="2"), "incomplete"),
        (b"SSH-2.0-OpenSSH\r\n", "protocol"),
        (http(200, b"x", **{f"X-{n}": "y" * 65_000 for n in range(95)}), "too_large"),
        (http(200, b"x", X="y" * 65_500), "too_large"),
        (http(200, b"x", **{f"X-{n}": "y" * 600 for n in range(90)}), None),
        (
            http(103, b"", **{f"X-{n}": "y" * 600 for n in range(60)}).replace(b"Content", b"X") * 2 + http(200),
            "too_large",
        ),
        (http(200, b"x", Content_Length="9" * 5000), "protocol"),
        (http(200, b"x", Content_Length="²²").decode().encode("latin-1"), "protocol"),
        (http(200, b"x", Content_Length="-1"), "protocol"),
        (http(200, b"x", Content_Length="1, 1"), None),
        (http(200, b"x", Content_Length="1, 2"), "protocol"),
        (CHUNKED + b"-1\r\n" + b"x" * 50, "protocol"),
        (CHUNKED + b"-5\r\n" + b"x" * 50, "protocol"),
        (CHUNKED + b"zz\r\n" + b"x" * 50, "protocol"),
        (CHUNKED + b"1;" + b"x" * 2000 + b"\r\nx\r\n0\r\n\r\n", "protocol"),
        (CHUNKED + b"1;name=value\r\nx\r\n0\r\n\r\n", None),
        (b"HTTP/1.1 101 X\r\n\r\n" + http(200), "protocol"),
    ],
)
def test_bounds_of_an_answer(answer: bytes, code: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_module, "MAX_BODY_BYTES", 100)
    with ScriptedServer(answer) as server, server.client(retries=0) as client:
        if code is None:
            assert client.request("GET", "/api/status").status == 200
        else:
            assert error_of(client).code == code
            assert client.http_sessions[0]["error"] == code


def test_the_log_keeps_the_latest_entries_without_credentials() -> None:
    with ScriptedServer(*[http(200)] * 3) as server, server.client(http_log_max=2) as client:
        for path in ("/api/a", "/api/b", "/api/c"):
            client.request("GET", path)
        assert [entry["path"] for entry in client.http_sessions] == ["/api/b", "/api/c"]
        assert client.http_sessions[0]["response_bytes"] == 2
        assert "canary" not in str(client.http_sessions)


def test_without_http_log_nothing_is_kept() -> None:
    with ScriptedServer(http(200)) as server, server.client(http_log=False) as client:
        client.request("GET", "/api/status")
        assert client.http_sessions == []


@pytest.mark.parametrize(
    "host",
    [
        *("https://ts1", "ts1:443", "ts1/api", "a b", "", "[::1", "::1%", "ts1\r\nX: y"),
        *("127.0.0.1:443", "1:2", "[::1]:443", ":::", "12345::", "::1/128", "127.0.0.1%lo"),
    ],
)
def test_a_host_is_a_name_or_an_address(host: str) -> None:
    with pytest.raises(LantimeError, match="option") as caught:
        Client(Settings(host, username="admin", password="x"))
    assert "neither a host name nor an address" in caught.value.what


@pytest.mark.parametrize("host", ["fe80::1%eth0", "[fe80::1%eth0]", "fe80::1%25eth0"])
def test_an_address_with_a_zone_id_is_refused(host: str) -> None:
    with pytest.raises(LantimeError, match="set host to an address") as caught:
        Client(Settings(host, username="admin", password="x"))
    assert (caught.value.code, "zone id, which is not supported" in caught.value.what) == ("option", True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("::1", "[::1]"), ("[2001:DB8::7]", "[2001:DB8::7]"), ("::ffff:192.0.2.1", "[::ffff:192.0.2.1]")],
)
def test_an_ipv6_address_has_brackets_in_the_url(host: str, expected: str) -> None:
    assert url_host(host) == expected


def test_a_password_in_the_host_is_not_repeated() -> None:
    with pytest.raises(LantimeError) as caught:
        Client(Settings("admin:canary@ts1", username="admin", password="x"))
    assert "canary" not in str(caught.value.what)


@pytest.mark.parametrize(
    "missing",
    [{"username": None}, {"username": ""}, {"password": None}, {"password": ""}, {"password": "", "token": ""}],
)
def test_credentials_are_required(missing: dict[str, t.Any]) -> None:
    with pytest.raises(LantimeError) as caught:
        Client(Settings("ts1", **{"username": "admin", "password": "x", **missing}))
    assert caught.value.code == "option"
    assert "no credentials" in caught.value.what


WITHOUT_REQUESTS = """
import sys

sys.modules["requests"] = None
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings

try:
    Client(Settings("ts1.example.com", username="reader", password="canary"))
except Exception as exc:
    print(exc.code, exc)
"""


def test_without_requests_the_message_names_the_interpreter_that_needs_it() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_REQUESTS], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(
        f"requests_missing ts1.example.com: the Python library requests is missing in {sys.executable}; install requests"
    )
