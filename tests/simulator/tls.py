# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates: one CA for a fleet, one certificate for each device, good or bad on purpose."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import ssl
import tempfile
import warnings
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,60}[A-Za-z0-9])?")
# Kinds of the option cert with which a client that requires TLS 1.2 and has no certificate fails in the handshake.
REFUSED_HANDSHAKES = frozenset({"tls-1.0", "client-certificate"})
_WRONG_NAME = "somebody-else.invalid"


class RefusedHandshake(asyncio.Protocol):
    """A server that refuses handshakes as OpenSSL does: it sends the alert, and the client closes.

    The server of asyncio closes without the alert. A handshake that succeeds is not answered.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._incoming.write(data)
        with contextlib.suppress(ssl.SSLError):
            self._tls.do_handshake()
        self._transport.write(self._outgoing.read())


class Authority:
    """The fleet's own CA."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="LANTIME simulator")
        self.pem: bytes = self._ca.cert_pem.bytes()

    def context(self, kind: str, address: str, name: str) -> tuple[ssl.SSLContext, str]:
        """A server context with a certificate of this kind, and its SHA-256 fingerprint in hex."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if kind in ("tls-1.0", "weak-key"):
            # OpenSSL offers neither unless its security level is 0.
            context.set_ciphers("ALL:@SECLEVEL=0")
        if kind == "tls-1.0":
            _allow_tls_1_0_only(context)
        if kind == "client-certificate":
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=self.pem.decode())
        # A certificate has no zone of an IPv6 address.
        names = list(dict.fromkeys((address.partition("%")[0], "localhost", "127.0.0.1", "::1")))
        if _HOST_NAME.fullmatch(name) and name not in names:
            names.append(name)
        if kind == "self-signed":
            certificate = _self_signed(context, names, ec.generate_private_key(ec.SECP256R1()))
        elif kind == "weak-key":
            certificate = _self_signed(context, names, rsa.generate_private_key(65537, 1024))
        else:
            leaf = self._issue(kind, names)
            leaf.configure_cert(context)
            certificate = leaf.cert_chain_pems[0].bytes()
        der = ssl.PEM_cert_to_DER_cert(certificate.decode())
        return context, hashlib.sha256(der).hexdigest()

    def _issue(self, kind: str, names: list[str]) -> trustme.LeafCert:
        if kind == "wrong-name":
            return self._ca.issue_cert(_WRONG_NAME)
        if kind == "expired":
            now = datetime.now(timezone.utc)
            return self._ca.issue_cert(*names, not_before=now - timedelta(days=30), not_after=now - timedelta(days=1))
        if kind == "not-yet-valid":
            now = datetime.now(timezone.utc)
            return self._ca.issue_cert(*names, not_before=now + timedelta(days=1), not_after=now + timedelta(days=30))
        return self._ca.issue_cert(*names)


def _allow_tls_1_0_only(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1


def _self_signed(
    context: ssl.SSLContext, names: list[str], key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[-1][:64])])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName([_general(n) for n in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with tempfile.TemporaryDirectory(prefix="lantime-simulator-") as directory:
        path = Path(directory) / "chain.pem"
        path.touch(0o600)
        path.write_bytes(private + pem)
        context.load_cert_chain(path)
    return pem


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
