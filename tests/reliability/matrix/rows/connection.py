# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults 1 to 13: reaching the device, and TLS."""

from __future__ import annotations

import contextlib
import socket
import typing as t

from ansible_collections.meinberg.lantime.tests.reliability.matrix.model import (
    LAST,
    OLD,
    Bench,
    Check,
    Row,
    Tree,
    all_of,
    dialect,
    exactly,
    fault,
    options,
    requests,
    same,
    says,
)
from ansible_collections.meinberg.lantime.tests.simulator.tls import Authority

CONNECT: Tree = {"connect_timeout": 0.3, "retries": 3}
READ: Tree = {"read_timeout": 1.0, "request_timeout": 3.0, "retries": 0, "verify_grace": 0.2}


@contextlib.contextmanager
def full_backlog() -> t.Iterator[int]:
    """A port whose listener accepts no connection any more: the kernel drops further SYN packets."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for dummy in range(3):
            peer = stack.enter_context(socket.socket())
            peer.setblocking(False)
            peer.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def black_hole(bench: Bench) -> None:
    bench.options["port"] = bench.stack.enter_context(full_backlog())


def other_authority(bench: Bench) -> None:
    path = bench.directory / "other-ca.pem"
    path.write_bytes(Authority().pem)
    bench.options["ca_path"] = str(path)


def pinned(bench: Bench) -> None:
    bench.device.set_dialect(cert="self-signed")
    bench.options.update(tls_fingerprint=bench.device.fingerprint, ca_path=None)


def shows_both_fingerprints(bench: Bench, result: Tree) -> None:
    assert bench.device.fingerprint in result["msg"]
    assert "ab" * 32 in result["msg"]


def shows_the_presented_fingerprint(bench: Bench, result: Tree) -> None:
    assert bench.device.fingerprint in result["msg"]


def unreachable(_bench: Bench, result: Tree) -> None:
    assert result["unreachable"] is True
    assert "failed" not in result


def refused_certificate(kind: str, *texts: str) -> Row:
    each = all_of(requests(0), shows_the_presented_fingerprint, says(*texts))
    return Row(
        {"wrong-name": 10}.get(kind, 9), kind.replace("-", " "), dialect(cert=kind), each=each, **same("tls_verify")
    )


def no_credentials(*texts: str) -> Check:
    return all_of(requests(0), says(*texts))


ROWS = [
    Row(1, "name", options(host="nowhere.invalid"), each=all_of(requests(0), unreachable), **same("unresolved")),
    Row(2, "closed port", options(port=1), each=all_of(requests(0), unreachable), **same("refused")),
    Row(3, "full backlog", black_hole, options=CONNECT, each=unreachable, seconds=0.6, **same("timeout_connect")),
    Row(4, "GET", fault("no-answer"), options=READ, each=unreachable, seconds=1.5, **same("timeout_read")),
    Row(
        4,
        "PUT",
        fault("no-answer", method="PUT", path=LAST),
        ("timeout_read",),
        end=OLD,
        options=READ,
        # The former value is written too: the first write may take effect late.
        also=exactly(2, LAST),
        timed=True,
    ),
    Row(
        5,
        "no byte",
        dialect(cert="silent"),
        options=CONNECT,
        each=all_of(unreachable, says("TLS handshake")),
        seconds=0.6,
        **same("timeout_connect"),
    ),
    Row(6, "other CA", other_authority, each=requests(0), **same("tls_verify")),
    Row(7, "pinned", pinned),
    Row(
        8,
        "other pin",
        options(tls_fingerprint="ab" * 32),
        each=all_of(requests(0), shows_both_fingerprints),
        **same("tls_pin"),
    ),
    refused_certificate("expired", "expired", "valid from", "clock of the controller"),
    refused_certificate("not-yet-valid", "not yet valid", "valid from", "clock of the controller"),
    refused_certificate("wrong-name", "127.0.0.1"),
    Row(11, "TLS 1.0 only", dialect(cert="tls-1.0"), each=no_credentials("TLS"), **same("tls_protocol")),
    Row(11, "weak key", dialect(cert="weak-key"), each=no_credentials("too weak"), **same("tls_verify")),
    Row(
        12,
        "none given",
        dialect(cert="client-certificate"),
        each=no_credentials("client_cert", "certificate required"),
        **same("tls_protocol"),
    ),
    Row(13, "HTTP on the port of HTTPS", dialect(cert="plain"), each=requests(0), **same("tls_protocol")),
    Row(13, "HTTPS on the port of HTTP", options(use_tls=False), each=requests(0), **same("disconnected", "protocol")),
]
