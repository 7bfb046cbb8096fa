# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy for tests."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.meinberg.lantime.tests.simulator import DeviceHandle
from ansible_collections.meinberg.lantime.tests.simulator.proxy import KINDS, Proxy
from ansible_collections.meinberg.lantime.tests.simulator.tests.support import Client


@pytest.mark.parametrize("kind", KINDS)
def test_a_proxy(box: DeviceHandle, kind: str) -> None:
    client = Client(box)
    with Proxy(kind) as proxy:
        client.session.proxies = {"https": proxy.url}
        if kind == "tunnel":
            assert client.get("/status/rest-api").status_code == 200
        else:
            with pytest.raises(requests.RequestException):
                client.get("/status/rest-api")
        assert proxy.requests == [f"CONNECT {box.host}:{box.port} HTTP/1.{proxy.requests[0][-1]}"]
    client.close()
    assert len(box.ledger) == int(kind == "tunnel")


def test_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match="tunnel"):
        Proxy("socks")
