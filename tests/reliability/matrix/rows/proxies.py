# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 14 to 22: redirects, proxies, netrc."""

from __future__ import annotations

import typing as t

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    FIRST,
    LAST,
    OLD,
    Bench,
    Check,
    Row,
    Setup,
    Tree,
    all_of,
    exactly,
    other_untouched,
    requests,
    same,
    says,
)
from ansible_collections.meinberg.lantime.tests.reliability.rig import CANARY
from ansible_collections.meinberg.lantime.tests.simulator.proxy import Proxy


def redirect(status: int, to: str, **match: t.Any) -> Setup:
    """A redirect to the other device ("other"), to it without TLS ("http"), or to the same place ("itself")."""

    def setup(bench: Bench) -> None:
        places = {
            "other": f"{bench.other.url}/api/status",
            "http": f"http://{bench.other.host}:{bench.other.port}/api/status",
            "itself": f"{bench.device.url}{FIRST}",
        }
        bench.device.add_fault("redirect", location=places[to], status=status, **match)

    return setup


def redirected_put(number: int, status: int, case: str) -> Row:
    return Row(
        number,
        case,
        redirect(status, "other", method="PUT", path=LAST),
        ("redirect",),
        end=OLD,
        also=all_of(other_untouched, exactly(1, LAST)),
    )


def proxied(kind: str = "tunnel", variable: str = "https_proxy", **environment: str) -> Setup:
    """A proxy in the environment of the task; bench.proxy keeps what it is asked for."""

    def setup(bench: Bench) -> None:
        proxy = bench.stack.enter_context(Proxy(kind))
        bench.proxy = proxy  # type: ignore[attr-defined]
        bench.options["use_proxy"] = True
        bench.environment.update({variable: f"http://{CANARY}:{CANARY}@{proxy.address}", **environment})

    return setup


def asked_proxy(only_connect: bool) -> Check:
    """The proxy was asked to connect, and for nothing else; or it was not asked at all."""

    def check(bench: Bench, _result: Tree) -> None:
        heads = bench.proxy.heads  # type: ignore[attr-defined]
        assert bool(heads) is only_connect
        assert all(head.startswith(f"CONNECT {bench.device.host}:{bench.device.port} ") for head in heads)
        # The credentials of the proxy go to it, those of the device do not.
        assert all("\r\nAuthorization" not in head for head in heads)

    return check


def direct(bench: Bench) -> None:
    proxied()(bench)
    bench.options["use_proxy"] = False


def in_clear_text(bench: Bench) -> None:
    proxied(variable="http_proxy")(bench)
    bench.device.set_dialect(cert="plain")
    bench.options["use_tls"] = False


def by_name(bench: Bench) -> None:
    proxied(no_proxy="example.org,.localhost")(bench)
    bench.options["host"] = "localhost"


def over_ipv6(bench: Bench) -> None:
    proxied(no_proxy="fe80::/10,::1/128,127.0.0.2/32")(bench)
    bench.device.set_dialect(moved_to=second_address())
    bench.options["host"] = second_address()


def second_address() -> str:
    """The loopback address of IPv6, or a second one of IPv4 on a controller without IPv6."""
    import socket

    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return "127.0.0.2"
    return "::1"


def netrc(bench: Bench) -> None:
    path = bench.directory / ".netrc"
    path.write_text(f"machine {bench.device.host} login info password wrong\n", encoding="utf-8")
    path.chmod(0o600)
    bench.environment.update(NETRC=str(path), HOME=str(bench.directory))


def one_user(bench: Bench, _result: Tree) -> None:
    assert {entry["user"] for entry in bench.device.ledger} == {"admin"}


ROWS = [
    Row(14, "GET", redirect(302, "other"), each=all_of(other_untouched, requests(1)), **same("redirect")),
    Row(15, "GET", redirect(302, "http"), each=all_of(other_untouched, requests(1)), **same("redirect")),
    redirected_put(16, 307, "PUT"),
    redirected_put(17, 302, "PUT"),
    Row(18, "GET", redirect(302, "itself"), each=requests(1), **same("redirect")),
    Row(19, "over TLS", proxied(), each=asked_proxy(True)),
    Row(19, "use_proxy is false", direct, each=asked_proxy(False)),
    Row(
        19,
        "clear text",
        in_clear_text,
        each=all_of(asked_proxy(False), requests(0), says("clear-text")),
        **same("proxy"),
    ),
    Row(20, "CIDR", proxied(no_proxy="10.0.0.0/8,127.0.0.0/8"), each=asked_proxy(False)),
    Row(20, "suffix", by_name, each=asked_proxy(False)),
    Row(20, "IPv6", over_ipv6, each=asked_proxy(False)),
    Row(21, "407", proxied("407"), each=all_of(asked_proxy(True), requests(0)), **same("proxy")),
    Row(21, "no answer", proxied("closes"), each=all_of(asked_proxy(True), requests(0)), **same("proxy")),
    Row(21, "garbage", proxied("garbage"), each=all_of(asked_proxy(True), requests(0)), **same("proxy")),
    Row(22, "netrc", netrc, each=one_user),
]
