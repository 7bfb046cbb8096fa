# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies, dialects, addresses."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import (
    CHOICES,
    Dialect,
    make_dialect,
    package_of,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.proxy import bypassed, proxy_for
from ansible_collections.meinberg.lantime.plugins.module_utils._client.session import url_path
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings


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
    assert bypassed(host, 443, no_proxy) is direct


def test_the_environment_names_a_proxy_by_scheme() -> None:
    environment = {"https_proxy": "http://p:3128", "HTTP_PROXY": "q:3128", "no_proxy": "ts9"}
    assert proxy_for("https", "ts1", 443, environment) == "http://p:3128"
    assert proxy_for("http", "ts1", 80, environment) == "http://q:3128"
    assert proxy_for("https", "ts9", 443, environment) is None
    assert proxy_for("https", "ts1", 443, {}) is None


def test_the_dialect_table_has_every_open_question_once() -> None:
    assert [c.id for c in CHOICES] == [f"A{n}" for n in range(1, 20)] + [f"O{n}" for n in range(1, 15)]
    assert len({c.key for c in CHOICES}) == len(CHOICES)
    assert all(len(set(c.values)) == len(c.values) > 1 for c in CHOICES)


def test_the_record_starts_with_the_defaults_of_the_table() -> None:
    acting = {c.key: c.default for c in CHOICES if c.acts}
    assert {k: v for k, v in Dialect()._asdict().items() if k != "given"} == acting


def test_a_dialect_takes_known_keys_and_values_only() -> None:
    made = make_dialect({"set_target": "menu", "put_answer": "204"})
    assert made.set_target == "menu"
    assert made.given == {"set_target", "put_answer"}
    with pytest.raises(ValueError, match="did you mean set_target"):
        make_dialect({"set_taget": "menu"})
    with pytest.raises(ValueError, match="one of object, menu"):
        make_dialect({"set_target": "both"})


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("network/hostname", "network"),
        ("notification/snmp/trap-receivers/0", "snmp"),
        ("notification/syslog", "system"),
        ("security/ssh", "ssh"),
        ("security/users/guest", "system"),
        ("security/lock-front-panel", "all"),
        ("chassis0/slots/io1/module/ptp", "ptp2"),
        ("chassis0/slots/clk1", "ims"),
        ("invented", "all"),
    ],
)
def test_packages_by_area(path: str, package: str) -> None:
    assert package_of(path.split("/"), Dialect()) == package
    assert package_of(path.split("/"), Dialect(package_map="all")) == "all"


@pytest.mark.parametrize(
    "segment",
    [
        "",
        ".",
        "..",
        "a/b",
        "%2e%2e",
        "../users",
        "a b",
        "a?b",
        "a#b",
        "a\\b",
        "\u202ea",
        "a\r\nb",
        "x" * 10_000,
        "{{ 7 }}",
    ],
)
def test_a_hostile_segment_never_becomes_part_of_a_path(segment: str) -> None:
    with pytest.raises(LantimeError) as caught:
        url_path(("config", "ports", segment))
    assert caught.value.code == "hostile_name"
    assert len(str(caught.value)) < 400


def test_paths_of_the_api() -> None:
    assert url_path(()) == "/api/"
    assert url_path(("status", "ntp", "ref_1"), raw=True) == "/api/status/ntp/ref_1?raw"
    assert url_path(("config", "notification", "events", "faillock:-user-banned")) == (
        "/api/config/notification/events/faillock%3A-user-banned"
    )


def test_settings_never_show_credentials() -> None:
    settings = Settings("ts1", username="root", password="s3cret", token="t0ken")
    for text in (repr(settings), str(settings), f"{settings}"):
        assert "s3cret" not in text
        assert "t0ken" not in text
