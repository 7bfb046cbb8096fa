# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client against sockets: trust, environment, redirects, deadlines, retries, tokens, the log of HTTP sessions."""

from __future__ import annotations

import http.server
import json
import os
import threading
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.device import Device
from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import make_dialect
from ansible_collections.meinberg.lantime.plugins.module_utils._api.url_path import url_path
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.answer import Answer
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.tests.devices import connection_options
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

STATUS = url_path(("status",))


@pytest.fixture(scope="module")
def certificates() -> t.Iterator[Fleet]:
    names = ("self-signed", "expired", "wrong-name")
    with Fleet([DeviceSpec(n, "m600-7.10", cert=n) for n in names]) as fleet:
        yield fleet


def settings(device: t.Any, **more: t.Any) -> Settings:
    return Settings(**{**connection_options(device), **more})


def get(device: t.Any, **more: t.Any) -> Answer:
    with Client(settings(device, **more)) as client:
        return client.request("GET", STATUS)


def error_of(device: t.Any, method: str = "GET", **more: t.Any) -> LantimeError:
    with pytest.raises(LantimeError) as caught, Client(settings(device, **more)) as client:
        client.request(method, STATUS)
    return caught.value


@pytest.mark.parametrize(
    ("name", "reason"),
    [("self-signed", "self"), ("expired", "expired"), ("wrong-name", "not valid for")],
)
def test_bad_certificates_are_refused_before_anything_is_sent(certificates: Fleet, name: str, reason: str) -> None:
    device = certificates[name]
    device.ledger.clear()
    error = error_of(device)
    assert error.code == "tls_verify"
    assert reason in str(error)
    assert len(device.ledger) == 0


@pytest.mark.parametrize("name", ["self-signed", "expired", "wrong-name"])
def test_a_pin_takes_the_place_of_chain_name_and_date(certificates: Fleet, name: str) -> None:
    device = certificates[name]
    pin = ":".join(device.fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()
    assert get(device, tls_fingerprint=pin).status == 200
    assert get(device, tls_fingerprint="sha256:" + device.fingerprint).status == 200
    device.ledger.clear()
    error = error_of(device, tls_fingerprint="ab" * 32)
    assert error.code == "tls_pin"
    assert device.fingerprint in str(error)
    assert len(device.ledger) == 0


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_ca_variables_of_the_environment_do_not_override_options(
    fleet: Fleet, certificates: Fleet, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(certificates["self-signed"].ca))
    assert get(fleet["ts710"]).status == 200
    assert get(fleet["ts710"], validate_certs=False, ca_path=None).status == 200
    monkeypatch.setenv(name, fleet["ts710"].ca)
    error = error_of(fleet["ts710"], ca_path=str(certificates["self-signed"].ca))
    assert error.code == "tls_verify"


def test_netrc_is_not_read(fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = fleet["ts710"]
    (tmp_path / ".netrc").write_text(f"machine {device.host} login info password wrong\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert get(device).status == 200
    assert {entry["user"] for entry in device.ledger} == {"admin"}


class _Listener:
    """A plain HTTP server that notes what it is asked; a proxy or the target of a redirect."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                listener.seen.append(f"{self.command} {self.path} {self.headers.get('Authorization')}")
                self.send_response(407)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_PUT = do_CONNECT = answer  # noqa: N815

            def log_message(self, *args: t.Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> _Listener:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_the_proxy_of_the_environment_is_used_or_bypassed_as_configured(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = fleet["ts710"]
    for name in [n for n in os.environ if n.lower() in ("no_proxy", "https_proxy", "all_proxy")]:
        monkeypatch.delenv(name)
    with _Listener() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert get(device, use_proxy=False).status == 200
        assert proxy.seen == []
        assert error_of(device, use_proxy=True).code == "proxy"
        assert proxy.seen == [f"CONNECT {device.host}:{device.port} None"]
        monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
        assert get(device, use_proxy=True).status == 200
        assert len(proxy.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_redirect_is_followed(fleet: Fleet, method: str, status: int) -> None:
    device = fleet["ts710"]
    with _Listener() as target:
        device.add_fault("redirect", location=f"{target.url}/api/status", status=status)
        with Client(settings(device)) as client:
            api = Device(client, make_dialect(None))
            with pytest.raises(LantimeError) as caught:
                api.status() if method == "GET" else api.command("write", {})
        assert caught.value.code == "redirect"
        assert target.seen == []
    assert len(device.ledger) == 1


def test_the_deadline_holds_under_a_dripping_body(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("drip", bytes=1, interval=0.1)
    started = time.monotonic()
    error = error_of(device, request_timeout=1.0, read_timeout=5.0)
    assert error.code == "timeout_total"
    assert time.monotonic() - started < 2.0


def test_the_deadline_holds_under_a_dripping_header() -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        peer, _address = listener.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.1):
                try:
                    peer.sendall(b"x")
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    started = time.monotonic()
    plain = Settings(
        "127.0.0.1",
        listener.getsockname()[1],
        use_tls=False,
        username="u",
        password="p",
        use_proxy=False,
        request_timeout=1.0,
    )
    with pytest.raises(LantimeError) as caught, Client(plain) as client:
        client.request("GET", STATUS)
    stop.set()
    listener.close()
    assert caught.value.code == "timeout_total"
    assert time.monotonic() - started < 2.0


def test_a_connection_that_is_never_accepted_ends_with_the_connect_timeout() -> None:
    import socket

    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _n in range(3):
            peer = socket.socket()
            peer.setblocking(False)
            peer.connect_ex(full.getsockname())
            waiting.append(peer)
        started = time.monotonic()
        plain = Settings(
            "127.0.0.1",
            full.getsockname()[1],
            use_tls=False,
            username="u",
            password="p",
            use_proxy=False,
            connect_timeout=0.5,
        )
        with pytest.raises(LantimeError) as caught, Client(plain) as client:
            client.request("GET", STATUS)
        for peer in waiting:
            peer.close()
    assert caught.value.code == "timeout_connect"
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "close-before-answer"}])
def test_a_get_is_tried_again_a_put_never(fleet: Fleet, fault: dict[str, t.Any]) -> None:
    device = fleet["ts710"]
    device.add_fault(**fault, times=2)
    assert get(device, retries=3).status == 200
    assert len(device.ledger) == 3
    device.clear_faults()
    device.ledger.clear()
    device.add_fault(**fault, times=2)
    with Client(settings(device, retries=3)) as client:
        try:
            assert client.request("PUT", url_path(("config", "ntp")), b"{}").status == 503
        except LantimeError as error:
            assert error.effect_unknown  # noqa: PT017
    assert len(device.ledger) == 1


@pytest.mark.parametrize("value", ["0", "-5", "1", "Thu, 01 Jan 2015 00:00:00 GMT", "soon"])
def test_retry_after_is_honoured_within_bounds(fleet: Fleet, value: str) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=429, headers={"Retry-After": value}, times=1)
    started = time.monotonic()
    assert get(device).status == 200
    assert (1 if value == "1" else 0) <= time.monotonic() - started < 3


def test_a_huge_retry_after_is_not_waited_for(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=429, headers={"Retry-After": "86400"})
    started = time.monotonic()
    assert get(device).status == 429
    assert time.monotonic() - started < 1
    assert len(device.ledger) == 1


def test_one_handshake_for_many_requests_and_one_after_a_closed_connection(fleet: Fleet) -> None:
    device = fleet["ts710"]
    with Client(settings(device)) as client:
        for _n in range(5):
            client.request("GET", STATUS)
        assert device.ledger.handshakes == 1
        device.restart_web()
        assert client.request("GET", STATUS).status == 200
    assert device.ledger.handshakes == 2
    assert device.ledger.max_in_flight == 1


def test_a_token_is_fetched_used_and_renewed_once(fleet: Fleet) -> None:
    device = fleet["ts710"]
    with Client(settings(device, auth="token")) as client:
        api = Device(client, make_dialect(None))
        api.status()
        api.status()
        device.restart_web()
        api.status()
    asked = [entry["path"] for entry in device.ledger]
    assert asked.count("/api/get-token") == 2
    assert [entry["status"] for entry in device.ledger].count(401) == 1


@pytest.mark.parametrize(
    "choices",
    [
        {"token_request": "json"},
        {"token_request": "parameters"},
        {"token_answer": "enveloped"},
        {"token_use": "raw-header"},
        {"token_use": "single"},
    ],
)
def test_forms_of_tokens(fleet: Fleet, choices: dict[str, str]) -> None:
    device = fleet["ts710"]
    device.set_dialect(**choices)
    with Client(settings(device, auth="token")) as client:
        assert Device(client, make_dialect(choices)).status().identity.model == device.model


def test_an_old_firmware_says_that_tokens_need_a_newer_one(fleet: Fleet) -> None:
    with (
        Client(settings(fleet["ts706"], auth="token")) as client,
        pytest.raises(LantimeError, match=r"7\.08"),
    ):
        Device(client, make_dialect(None)).status()


def test_the_log_of_http_sessions_is_bounded_and_holds_no_credentials(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("status", status=503, times=1)
    with Client(settings(device, http_log=True, http_log_max=3)) as client:
        for _n in range(4):
            client.request("GET", STATUS)
        log = client.http_sessions
    assert [entry["status"] for entry in log] == [200, 200, 200]
    assert set(log[0]) == {
        "method",
        "path",
        "status",
        "error",
        "attempt",
        "request_bytes",
        "response_bytes",
        "request_time",
        "response_time",
        "round_trip_ms",
    }
    assert log[0]["response_bytes"] == device.ledger[-1]["bytes_out"] or log[0]["response_bytes"] > 1000
    assert device.users["admin"] not in json.dumps(log)
    with Client(settings(device)) as client:
        client.request("GET", STATUS)
        assert client.http_sessions == []


READING = (
    [{"scalar_get": value} for value in ("named", "value", "bare", "with-id")]
    + [{"list_get": value} for value in ("named", "bare", "map")]
    + [
        {"item_get": "item"},
        {"item_get": "wrapped"},
        {"root_get": "full"},
        {"root_get": "names"},
        {"padding": "newlines"},
    ]
)


@pytest.mark.parametrize("choices", READING, ids=lambda c: "-".join([*c, *c.values()]))
def test_every_form_of_reading_is_understood_without_a_dialect(fleet: Fleet, choices: dict[str, str]) -> None:
    device = fleet["ts710"]
    device.set_dialect(config_root="settings", **choices)
    with Client(settings(device)) as client:
        api = Device(client, make_dialect(None))
        assert api.node(("status", "network", "ports", "lan0", "speed")) == "1000"
        item = api.node(("status", "network", "ports", "lan0"))
        assert item["speed"] == "1000"
        ports = api.node(("status", "network", "ports"))
        named = ports if isinstance(ports, dict) else {p["object-id"]: p for p in ports}
        assert named["lan0"]["speed"] == "1000"
        assert api.config_node(("ntp", "local-clock", "stratum")) == 12
        assert api.config_root == ("settings",)


@pytest.mark.parametrize("root", ["config", "configuration", "cfg", "setup", "none"])
def test_the_configuration_root_is_found(fleet: Fleet, root: str) -> None:
    device = fleet["ts710"]
    device.set_dialect(config_root=root)
    with Client(settings(device)) as client:
        api = Device(client, make_dialect(None))
        assert api.config_node(("ntp",))["local-clock"]["stratum"] == 12
        device.ledger.clear()
        api.config_node(("snmp",))
        assert device.ledger.gets == 1
    device.set_dialect(root_get="status-only")
    with Client(settings(device)) as client:
        api = Device(client, make_dialect(None), None if root == "config" else root)
        assert "local-clock" in api.config_node(("ntp",))


def test_a_root_that_cannot_be_found_says_so(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.set_dialect(config_root="setup", root_get="status-only")
    with Client(settings(device)) as client, pytest.raises(LantimeError) as caught:
        Device(client, make_dialect(None)).config_node(("ntp",))
    assert caught.value.code == "root_unknown"
    assert "config_root" in str(caught.value)


def test_reads_of_many_clients_take_turns_and_writes_do_not_wait(fleet: Fleet) -> None:
    device = fleet["ts710"]
    device.add_fault("delay", seconds=0.1)
    slots = threading.BoundedSemaphore(1)

    def ask(method: str) -> None:
        with Client(settings(device), read_slots=slots) as client:
            client.request(method, url_path(("config", "snmp", "contact")), None if method == "GET" else b'"x"')

    def ask_together(method: str) -> int:
        device.ledger.clear()
        threads = [threading.Thread(target=ask, args=(method,)) for dummy in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return device.ledger.max_in_flight

    assert ask_together("GET") == 1
    with slots:
        assert ask_together("PUT") >= 1
