# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that are not accepted: what the error says of them, and the fingerprint that a user takes from it."""

from __future__ import annotations

import datetime
import re
import socket
import time
import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.certificates import (
    normalize_fingerprint,
    validity,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import Client
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.tests.devices import connection_options
from ansible_collections.meinberg.lantime.tests.simulator import DeviceSpec, Fleet

KINDS = ("self-signed", "expired", "not-yet-valid", "wrong-name")
HEX = "00ab" * 16
COLONS = ":".join(re.findall("..", HEX.upper()))


@pytest.fixture(scope="module")
def fleet() -> t.Iterator[Fleet]:
    with Fleet([DeviceSpec(kind, "m600-7.10", cert=kind) for kind in KINDS]) as started:
        yield started


def error_of(**options: t.Any) -> LantimeError:
    with pytest.raises(LantimeError) as caught, Client(Settings(**options)) as client:
        client.request("GET", "/api/status")
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_the_error_shows_the_fingerprint_that_pins_the_certificate(fleet: Fleet, kind: str) -> None:
    device = fleet[kind]
    device.ledger.clear()
    error = error_of(**connection_options(device))
    assert error.code == "tls_verify"
    assert device.fingerprint in str(error)
    assert len(device.ledger) == 0
    with Client(Settings(**connection_options(device), tls_fingerprint=device.fingerprint)) as client:
        assert client.request("GET", "/api/status").status == 200


@pytest.mark.parametrize(("kind", "first", "last"), [("expired", -30, -1), ("not-yet-valid", 1, 30)])
def test_the_dates_of_a_certificate_are_shown_with_the_clock(fleet: Fleet, kind: str, first: int, last: int) -> None:
    error = error_of(**connection_options(fleet[kind]))
    now = datetime.datetime.now(datetime.timezone.utc)
    days = [(now + datetime.timedelta(days=day)).strftime("%Y-%m-%d") for day in (first, last)]
    assert re.search(f"valid from {days[0]}T[0-9:]+Z to {days[1]}T[0-9:]+Z", error.what)
    assert f"check the clock of the controller, which shows {now:%Y-%m-%dT}" in error.hint


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "SOCKS5h://user:canary@127.0.0.1:1", "ftp://127.0.0.1"])
def test_only_http_proxies_are_used(fleet: Fleet, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = error_of(**{**connection_options(fleet["expired"]), "use_proxy": True})
    assert error.code == "proxy"
    assert "only http and https are supported" in error.what
    assert "canary" not in str(error)


def test_a_stalled_handshake_is_a_timeout_of_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        error = error_of(
            host="127.0.0.1",
            port=listener.getsockname()[1],
            username="admin",
            password="canary",
            use_proxy=False,
            connect_timeout=0.4,
            read_timeout=3.0,
            retries=0,
        )
    assert error.code == "timeout_connect"
    assert error.what == "the TLS handshake was not complete within 0.4 s"
    assert time.monotonic() - started < 1.4


@pytest.mark.parametrize("token", ["abc\r\nX: y", "abc\n", "tökén", "a\x00b", "a\u202eb"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    error = error_of(host="127.0.0.1", token=token)
    assert error.code == "option"
    assert "abc" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        HEX,
        HEX.upper(),
        COLONS,
        f"SHA256:{HEX}",
        f"sha256={COLONS}",
        f"SHA256 Fingerprint={COLONS}",
        f"sha256 Fingerprint={COLONS}\n",
        f"SHA-256 Fingerprint: {COLONS}",
        f"  sha256fingerprint = {COLONS.replace(':', ' ')}",
    ],
)
def test_a_fingerprint_is_taken_as_tools_print_it(text: str) -> None:
    assert normalize_fingerprint(text) == HEX


@pytest.mark.parametrize("text", ["", "SHA1 Fingerprint=" + COLONS, f"sha512:{HEX}", "fingerprint", HEX[:-1]])
def test_anything_else_is_no_fingerprint(text: str) -> None:
    assert not re.fullmatch("[0-9a-f]{64}", normalize_fingerprint(text))


@pytest.mark.parametrize(
    "certificate",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x85\x01\x01\x01\x01\x01",
        b"\x30\x03\x30\x01\x02",
        b"x" * 500,
        b"\x30\x84\xff\xff\xff\xff\x00",
    ],
)
def test_a_certificate_that_cannot_be_read_has_no_dates(certificate: bytes) -> None:
    assert validity(certificate) is None
