# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of the environment."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.proxy import (
    checked_proxy,
    is_bypassed,
    proxy_for,
    with_both_spellings,
)


@pytest.mark.parametrize(
    ("host", "no_proxy", "direct"),
    [
        ("ts1.example.com", "example.com", True),
        ("ts1.example.com", ".example.com", True),
        ("ts1.example.com", "*.example.com", True),
        ("ts1.example.com", "other.org, TS1.EXAMPLE.COM", True),
        ("ts1.example.com", "example.com:443", True),
        ("ts1.example.com", "example.com:8443", False),
        ("badexample.com", "example.com", False),
        ("192.0.2.7", "192.0.2.0/24", True),
        ("192.0.2.7", "192.0.2.7:443", True),
        ("192.0.2.7", "192.0.3.0/24", False),
        ("192.0.2.7", "2.7", False),
        ("2001:db8::7", "2001:db8::/32", True),
        ("[2001:db8::7]", "2001:db8::/32", True),
        ("2001:db8::7", "[2001:db8::7]:443", True),
        ("2001:db9::7", "2001:db8::/32", False),
        ("ts1", "*", True),
        ("ts1", "", False),
    ],
)
def test_no_proxy(host: str, no_proxy: str, direct: bool) -> None:
    assert is_bypassed(host, 443, no_proxy) is direct


def test_the_environment_names_a_proxy_by_scheme() -> None:
    environment = {"https_proxy": "http://p:3128", "HTTP_PROXY": "q:3128", "no_proxy": "ts9"}
    assert proxy_for("https", "ts1", 443, environment) == "http://p:3128"
    assert proxy_for("http", "ts1", 80, environment) == "http://q:3128"
    assert proxy_for("https", "ts9", 443, environment) is None
    assert proxy_for("https", "ts1", 443, {}) is None


def test_clear_text_http_goes_through_no_proxy() -> None:
    environment = {"http_proxy": "http://user:canary@p:3128", "https_proxy": "p:3128", "no_proxy": "ts9"}
    with pytest.raises(LantimeError) as caught:
        checked_proxy("http", "ts1", 80, environment)
    assert caught.value.code == "proxy"
    assert "canary" not in str(caught.value)
    assert checked_proxy("http", "ts9", 80, environment) is None
    assert checked_proxy("https", "ts1", 443, environment) == "http://p:3128"


def test_a_task_replaces_both_spellings_of_a_proxy_variable() -> None:
    assert with_both_spellings({"HTTPS_PROXY": "p", "OTHER": "x"}) == {
        "HTTPS_PROXY": "p",
        "https_proxy": "p",
        "OTHER": "x",
    }
    for play, task in (("no_proxy", "NO_PROXY"), ("NO_PROXY", "no_proxy")):
        assert with_both_spellings({play: "play", task: "task"}) == {"no_proxy": "task", "NO_PROXY": "task"}
    assert with_both_spellings({"https_proxy": ""}) == {"https_proxy": "", "HTTPS_PROXY": ""}


@pytest.mark.parametrize("name", ["https_proxy", "http_proxy", "all_proxy", "no_proxy"])
def test_every_variable_of_a_task_has_both_spellings(name: str) -> None:
    for given in (name, name.upper()):
        completed = with_both_spellings({given: "value", "OTHER": "kept"})
        assert completed == {name: "value", name.upper(): "value", "OTHER": "kept"}
